"""The simulator itself, asked with frames made by hand: a test that trusts it must know that it does what it says."""

import collections
import os
import struct
import tempfile
import time
from pathlib import Path

import harness
from harness import Simulator
from lines import RawLine

READ, WRITE = 0xA5, 0x5A
BASIC, CELLS, NAME, COUNTERS, PARAMETERS = 0x03, 0x04, 0x05, 0xAA, 0xFA
DONE, UNKNOWN, NOT_ALLOWED = 0x00, 0x80, 0x81
ENTER, LEAVE, LEAVE_AND_SAVE = (0x00, b"\x56\x78"), (0x01, b"\x00\x00"), (0x01, b"\x28\x28")
QUIET_S = 0.4  # longer than any answer takes here: what has not come by then does not come

Reply = collections.namedtuple("Reply", "register status payload")


def frame(direction, register, payload=b""):
    body = bytes([register, len(payload)]) + payload
    return b"\xDD" + bytes([direction]) + body + struct.pack(">H", -sum(body) & 0xFFFF) + b"\x77"


class SimulatorTest(harness.TestCase):
    def connect(self, *options):
        self.sim = self.start(Simulator, *(options if "--baud" in options else ("--baud", "115200", *options)))
        self.line = self.start(RawLine, self.sim.tty)
        self.received = b""

    def exchange(self, register, payload=b"", direction=READ):
        self.line.write(frame(direction, register, payload))
        return self.receive()

    def receive(self, limit_s=harness.LIMIT_S):
        """The next answer; what came after it is kept."""
        self.received += self.line.read(4 - len(self.received), limit_s)
        self.assertGreaterEqual(len(self.received), 4, "no answer")
        size = self.received[3] + 7
        self.received += self.line.read(size - len(self.received))
        data, self.received = self.received[:size], self.received[size:]
        self.assertEqual(len(data), size)
        self.assertEqual((data[0], data[-1]), (0xDD, 0x77))
        self.assertEqual(struct.unpack(">H", data[-3:-1])[0], -sum(data[2:-3]) & 0xFFFF)
        return Reply(data[1], data[2], data[4:-3])

    def write(self, register, payload):
        return self.exchange(register, payload, WRITE)

    def assert_silent(self, data):
        self.line.write(data)
        self.assertEqual(self.line.read(1, QUIET_S), b"")


class Registers(SimulatorTest):
    def test_basic_information_says_what_the_pack_has(self):
        self.connect("--cells", "20", "--ntc", "3", "--firmware", "4.4", "--capacity", "560", "--soc", "75")
        for command in ("set voltage 66", "set cell 18 3.501", "set current -12.34", "set temperature 2 -30.5",
                        "set cycles 7", "protect cell_overvoltage", "lock discharge"):
            self.sim.command(command)
        reply = self.exchange(BASIC)
        self.assertEqual((reply.register, reply.status, len(reply.payload)), (BASIC, DONE, 23 + 6))
        voltage, current, remaining, nominal, cycles, date, low, high, protection = struct.unpack(
            ">HhHHHHHHH", reply.payload[:18])
        state = self.sim.state()
        self.assertEqual(voltage / 100, state["voltage_v"])
        self.assertAlmostEqual(sum(state["cells_v"]), state["voltage_v"], delta=0.006)
        self.assertEqual((current, remaining, nominal, cycles), (-1234, 42000, 56000, 7))
        self.assertEqual((date & 31, date >> 5 & 15, 2000 + (date >> 9)), (28, 3, 2022))
        self.assertEqual((low, high), (0, 2), "cell 18 is bit 1 of the second word")
        self.assertEqual(protection, 1 << 0 | 1 << 12)
        self.assertEqual(tuple(reply.payload[18:23]), (0x44, 75, 0, 20, 3))
        self.assertEqual(struct.unpack(">HHH", reply.payload[23:])[1], 2731 - 305)
        self.assertEqual(state["protection"], ["cell_overvoltage", "software_lock"])
        self.assertEqual(state["balancing"], [18])
        self.assertEqual(state["polls"], 1)

    def test_cells(self):
        self.connect("--cells", "32")
        self.sim.command("set cell 32 0")
        self.sim.command("set cell 1 3.651")
        cells = struct.unpack(">32H", self.exchange(CELLS).payload)
        self.assertEqual((cells[0], cells[31]), (3651, 0))
        self.assertEqual([cell / 1000 for cell in cells], self.sim.state()["cells_v"])

    def test_tail_of_newer_firmware(self):
        self.connect("--tail", "--ntc", "1", "--capacity", "100", "--soc", "50")
        payload = self.exchange(BASIC).payload
        self.assertEqual(len(payload), 0x22)
        self.assertEqual(struct.unpack(">BHHHH", payload[25:]), (0, 0, 10000, 5000, 0))

    def test_high_current_unit(self):
        self.connect("--high-current", "--capacity", "2000", "--soc", "50")
        self.sim.command("set current -400")
        payload = self.exchange(BASIC).payload
        self.assertEqual(struct.unpack(">hHH", payload[2:8]), (-4000, 10000, 20000))
        self.assertEqual(payload[20], 0x83)

    def test_name_and_counters(self):
        self.connect("--model", "JBD-TEST")
        self.assertEqual(self.exchange(NAME).payload, b"JBD-TEST")
        self.sim.command("protect short_circuit")
        self.sim.command("protect short_circuit")
        counters = struct.unpack(">12H", self.exchange(COUNTERS).payload)
        self.assertEqual((counters[0], counters[11]), (1, 1))

    def test_extended_parameters(self):
        self.connect("--barcode", "B123", "--seed", "5")
        reply = self.exchange(PARAMETERS, b"\x00\xAA\x06")
        self.assertEqual((reply.status, reply.payload[:3], len(reply.payload)), (DONE, b"\x00\xAA\x06", 15))
        self.assertEqual(self.exchange(PARAMETERS, b"\x00\x58\x10").payload[3:8], b"\x04B123")
        self.assertEqual(self.exchange(PARAMETERS, b"\x00\x00\x01").payload[3:], struct.pack(">H", 28000))
        self.assertEqual(self.exchange(PARAMETERS, b"\x00\xB0\x60").status, UNKNOWN)

    def test_extended_parameters_can_be_missing(self):
        self.connect("--no-extended-parameters")
        self.assertEqual(self.exchange(PARAMETERS, b"\x00\xAA\x06").status, UNKNOWN)
        self.connect("--extended-parameters", "silent")
        self.assert_silent(frame(READ, PARAMETERS, b"\x00\xAA\x06"))

    def test_settings_need_factory_mode(self):
        self.connect("--barcode", "XYZ")
        for register in (0x10, 0x2D, 0x47, 0xA0, 0xA2):
            self.assertEqual(self.exchange(register).status, NOT_ALLOWED)
        self.assertEqual(self.write(0x2D, b"\x00\x02").status, NOT_ALLOWED)
        self.assertEqual(self.write(0x00, b"\x12\x34").status, NOT_ALLOWED)
        self.assertEqual(self.write(*ENTER).status, DONE)
        self.assertTrue(self.sim.state()["factory_mode"])
        self.assertEqual(self.exchange(0x24).payload, struct.pack(">H", 3650))
        self.assertEqual(self.exchange(0xA2).payload, b"\x03XYZ")
        self.assertEqual(self.write(0x2D, b"\x00\x02").status, DONE)
        self.assertEqual(self.exchange(0x2D).payload, b"\x00\x02")
        self.assertEqual(self.exchange(BASIC).status, DONE)
        self.assertEqual(self.write(*LEAVE).status, DONE)
        self.assertEqual(self.exchange(0x24).status, NOT_ALLOWED)

    def test_what_is_not_saved_is_lost_with_power(self):
        self.connect()
        for leaving, kept in ((b"\x00\x00", 3650), (b"\x28\x28", 3600)):
            self.write(*ENTER)
            self.assertEqual(self.write(0x24, struct.pack(">H", 3600)).status, DONE)
            self.write(0x01, leaving)
            self.sim.command("restart")
            self.write(*ENTER)
            self.assertEqual(self.exchange(0x24).payload, struct.pack(">H", kept))
        self.assertEqual(self.sim.state()["factory_count"], {"entered": 4, "left": 2, "saved": 1})

    def test_saving_clears_the_counters(self):
        self.connect()
        self.sim.command("protect cell_overvoltage")
        self.write(*ENTER)
        self.write(*LEAVE_AND_SAVE)
        self.assertEqual(set(self.exchange(COUNTERS).payload), {0})

    def test_mosfet_lock(self):
        self.connect()
        for mask, fets in ((1, 2), (2, 1), (3, 0), (0, 3)):
            reply = self.write(0xE1, bytes([0, mask]))
            self.assertEqual((reply.status, reply.payload), (DONE, b""))
            payload = self.exchange(BASIC).payload
            self.assertEqual(payload[20] & 3, fets)
            self.assertEqual(payload[16] >> 4 & 1, int(mask != 0))
        self.assertEqual(self.write(0xE1, b"\x00\x04").status, UNKNOWN)
        self.assertEqual([each["frame"] for each in self.sim.state()["writes"]][0], "DD5AE1020001FF1C77")

    def test_protection_opens_a_fet_without_lock(self):
        self.connect()
        self.sim.command("protect cell_overvoltage")
        payload = self.exchange(BASIC).payload
        self.assertEqual((payload[20] & 3, payload[16:18]), (2, b"\x00\x01"))
        self.sim.command("unprotect cell_overvoltage")
        self.assertEqual(self.exchange(BASIC).payload[20] & 3, 3)

    def test_mosfet_control_in_factory_mode_only(self):
        self.connect("--mosfet", "factory")
        self.assertEqual(self.write(0xE1, b"\x00\x01").status, NOT_ALLOWED)
        self.write(*ENTER)
        self.assertEqual(self.write(0xE1, b"\x00\x01").status, DONE)

    def test_unknown_registers_are_refused(self):
        self.connect()
        self.assertEqual(self.exchange(0x99), Reply(0x99, UNKNOWN, b""))
        self.assertEqual(self.write(0xE3, b"\x00\x00"), Reply(0xE3, UNKNOWN, b""))

    def test_damaged_questions_are_not_answered(self):
        self.connect()
        good = frame(READ, BASIC)
        self.assert_silent(good[:-2] + b"\x00\x77")
        self.assert_silent(good[:-1] + b"\x78")
        self.assert_silent(b"\x7E\x7E" + good[:3])
        self.assertEqual(self.exchange(BASIC).status, DONE, "the half question is forgotten")

    def test_drift_changes_every_poll(self):
        self.connect("--drift")
        answers = [self.exchange(BASIC).payload for _ in range(20)]
        self.assertTrue(all(a != b for a, b in zip(answers, answers[1:])))

    def test_nothing_changes_without_drift(self):
        self.connect()
        self.assertEqual(len({self.exchange(BASIC).payload for _ in range(5)}), 1)


class Electrics(SimulatorTest):
    def test_charging_and_discharging(self):
        self.connect("--capacity", "1", "--soc", "50")
        rest = self.sim.state()
        self.sim.command("charge 200")
        charging = self.sim.state()
        self.assertEqual(charging["current_a"], 200)
        self.assertGreater(charging["voltage_v"], rest["voltage_v"])
        deadline = time.monotonic() + harness.LIMIT_S
        while self.sim.state()["soc_pct"] <= rest["soc_pct"]:
            self.assertLess(time.monotonic(), deadline, "the state of charge does not rise")
        self.sim.command("discharge 50")
        self.assertEqual(self.sim.state()["current_a"], -50)

    def test_an_open_fet_stops_the_current_of_its_direction(self):
        self.connect()
        self.sim.command("charge 20")
        self.sim.command("protect cell_overvoltage")
        self.assertEqual(self.sim.state()["current_a"], 0)
        self.sim.command("discharge 20")
        self.assertEqual(self.sim.state()["current_a"], -20)

    def test_misreported_voltage(self):
        self.connect()
        self.sim.command("misreport voltage 12.5")
        self.assertEqual(struct.unpack(">H", self.exchange(BASIC).payload[:2])[0], 1250)
        self.sim.command("misreport off")
        self.assertGreater(struct.unpack(">H", self.exchange(BASIC).payload[:2])[0], 4800)


class Line(SimulatorTest):
    def test_bytes_leave_at_the_speed_of_the_line(self):
        self.connect("--latency", "0", "--baud", "9600", "--cells", "32", "--timestamps")
        began = time.monotonic()
        self.exchange(CELLS)
        took_s = time.monotonic() - began
        self.assertGreaterEqual(took_s, (7 + 71) * 10 / 9600)
        sent = float(self.sim.process.wait_for_line(r"^sent 04 (.*)").group(1))
        self.assertTrue(began < sent < time.monotonic())

    def test_chunks(self):
        self.connect("--latency", "0", "--baud", "300", "--chunk", "8")
        self.line.write(frame(READ, CELLS))
        self.assertEqual(len(self.line.read(1)), 8, "the first eight bytes come alone")

    def test_the_port_can_be_closed_and_opened_again(self):
        self.connect()
        for _ in range(3):
            self.assertEqual(self.exchange(BASIC).status, DONE)
            self.line.stop()
            self.line = self.start(RawLine, self.sim.tty)

    def test_unplug_and_plug(self):
        self.connect()
        self.sim.command("unplug")
        self.assertFalse(os.path.lexists(self.sim.tty))
        self.assertEqual(self.line.read(1), b"", "hung up")
        self.line.stop()
        ready = self.sim.command("plug")
        self.assertEqual(ready.split()[1], os.readlink(self.sim.tty))
        self.line = self.start(RawLine, self.sim.tty)
        self.assertEqual(self.exchange(BASIC).status, DONE)

    def test_the_link_is_replaced_and_removed(self):
        with tempfile.TemporaryDirectory() as directory:
            link = Path(directory, "ttyTEST")
            link.symlink_to("/nowhere")
            simulator = self.start(Simulator, directory=directory)
            self.assertTrue(os.readlink(link).startswith("/dev/pts/"))
            self.assertEqual(simulator.process.stop(), 0)
            self.assertEqual(os.listdir(directory), [])


class Faults(SimulatorTest):
    def answers(self, count):
        """What comes back for `count` questions, each awaited until it is complete or the line is quiet."""
        received = []
        for _ in range(count):
            self.line.write(frame(READ, CELLS))
            received.append(self.line.read(39, QUIET_S))
        return received

    def test_silence(self):
        self.connect()
        self.sim.command("fault silence on")
        self.assert_silent(frame(READ, BASIC))
        self.sim.command("fault silence off")
        self.assertEqual(self.exchange(BASIC).status, DONE)

    def test_sleep_swallows_one_question(self):
        self.connect()
        self.sim.command("fault sleep")
        self.assert_silent(frame(READ, BASIC))
        self.assertEqual(self.exchange(BASIC).status, DONE)

    def test_echo_comes_first(self):
        self.connect()
        self.sim.command("fault echo on")
        question = frame(READ, BASIC)
        self.line.write(question)
        self.assertEqual(self.line.read(7)[:7], question)

    def test_truncate(self):
        self.connect()
        self.sim.command("fault truncate 5")
        self.line.write(frame(READ, BASIC))
        self.assertEqual(len(self.line.read(6, QUIET_S)), 5)
        self.sim.command("fault truncate off")
        self.assertEqual(self.exchange(BASIC).status, DONE)

    def test_late_answers_keep_their_order(self):
        self.connect()
        self.sim.command("fault late 300")
        began = time.monotonic()
        for register in (BASIC, CELLS, NAME):
            self.line.write(frame(READ, register))
        self.assertEqual([self.receive().register for _ in range(3)], [BASIC, CELLS, NAME])
        self.assertGreaterEqual(time.monotonic() - began, 0.3)

    def test_flip_turns_single_bits_over(self):
        self.connect()
        clean = self.answers(1)[0]
        self.sim.command("fault flip 0.005")
        distances = [sum((a ^ b).bit_count() for a, b in zip(clean, each)) for each in self.answers(100) if each]
        self.assertIn(0, distances)
        self.assertIn(1, distances)
        self.assertLess(max(distances), 6)

    def test_damage_replaces_bytes(self):
        self.connect()
        clean = self.answers(1)[0]
        self.sim.command("fault damage 0.02")
        damaged = [each for each in self.answers(40) if each and each != clean]
        self.assertTrue(damaged)
        self.assertTrue(any(sum((a ^ b).bit_count() for a, b in zip(clean, each)) > 1 for each in damaged))

    def test_drop_and_insert_change_the_length(self):
        self.connect()
        self.sim.command("fault drop 0.05")
        self.assertTrue(any(0 < len(each) < 39 for each in self.answers(12)))
        self.sim.command("fault clear")
        self.sim.command("fault insert 0.05")
        self.assertTrue(any(len(each) > 39 for each in self.answers(12)))
        self.sim.command("fault clear")
        self.line.read(1000, QUIET_S)
        self.assertEqual(self.exchange(CELLS).status, DONE)

    def test_the_same_seed_brings_the_same_damage(self):
        received = []
        for seed in (3, 3, 4):
            self.connect("--seed", str(seed))
            self.sim.command("fault echo on")
            self.sim.command("fault flip 0.05")
            self.line.write(b"\x00" * 200)
            received.append(self.line.read(200))
        self.assertEqual(received[0], received[1])
        self.assertNotEqual(received[0], received[2])


class Commands(SimulatorTest):
    def test_wrong_commands_say_what_was_expected(self):
        self.connect("--cells", "4", "--ntc", "1")
        for text, expected in (("nonsense", "a command"), ("set cell 5 3.3", "set voltage"), ("set soc 101", "set"),
                               ("set temperature 2 20", "set"), ("charge -5", "charge <A"), ("fault flip 2", "fault"),
                               ("protect fire", "cell_overvoltage"), ("set soc nan", "set soc"), ("lock x", "lock")):
            with self.assertRaisesRegex(harness.Failed, "error: expected .*" + expected, msg=text):
                self.sim.command(text)
        self.assertEqual(self.exchange(BASIC).status, DONE)

    def test_quit(self):
        self.connect()
        self.sim.command("quit")
        self.assertEqual(self.sim.process.wait(), 0)

    def test_end_of_input_is_the_end(self):
        self.connect()
        self.sim.process.child.stdin.close()
        self.assertEqual(self.sim.process.wait(), 0)

    def script(self, text):
        file = tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False)
        self.addCleanup(os.unlink, file.name)
        with file:
            file.write(text)
        return file.name

    def test_script(self):
        self.connect("--script", self.script("# what happens\nset soc 42\nat 0.2 set current 7 # later\nstate\n"))
        state = self.sim.process.wait_for_line(r'^\{.*"current_a":7\.0').string
        self.assertIn('"soc_pct":42', state)

    def test_a_wrong_script_is_refused_at_once(self):
        for text in ("set soc 10\nset soc much\n", "set soc 10\nat 5 state\nat 2 state\nquit\n"):
            process = harness.Process("bms-sim", [os.environ["BMS_SIM"], "jbd", "--script", self.script(text)],
                                      output="both")
            self.addCleanup(process.stop)
            self.assertEqual(process.wait(), 2)
            self.assertRegex("\n".join(process.lines), r"line [23]: ")


if __name__ == "__main__":
    harness.main()
