"""Which BMS is on the line: found without being told, not taken for another one, and other devices left alone."""

import concurrent.futures
import json
import os
import subprocess
import termios

from boards import BOARDS, FAMILIES
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main
from lines import Talker

def nmea(body):
    total = 0
    for character in body:
        total ^= ord(character)
    return f"${body}*{total:02X}\r\n".encode()


def modbus(frame):
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return bytes(frame) + crc.to_bytes(2, "little")


def ubx(group, number, payload):
    body = bytes([group, number]) + len(payload).to_bytes(2, "little") + payload
    first = second = 0
    for byte in body:
        first = (first + byte) % 256
        second = (second + first) % 256
    return b"\xb5\x62" + body + bytes([first, second])


def ve_bus(body):
    frame = bytes([len(body) + 1, 0xFF]) + body
    return frame + bytes([-sum(frame) % 256])


def telecom(body):
    return b"~" + body + b"%04X\r" % (-sum(body) % 65536)


TALKERS = {
    "nmea_gps": (nmea("GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,"), 1.0),
    "nmea_wind": (nmea("WIMWV,214.8,R,0.1,K,A"), 0.25),
    "ais": (b"!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n", 1.0),
    "vedirect_text": (b"\r\nPID\t0xA053\r\nFW\t159\r\nSER#\tHQ2132QABCD\r\nV\t13790\r\nI\t-10\r\nChecksum\t\x3f", 1.0),
    "vedirect_hex": (b":A0102000543\n", 0.3),
    "modbus_master": (modbus([1, 3, 0, 0, 0, 10]), 0.5),
    "modbus_meter_poll": (modbus([0x1E, 4, 0, 0x34, 0, 2]), 1.0),
    "mk3": (ve_bus(b"V\x24\xdb\x11\x00\x42"), 1.0),
    "ublox": (ubx(1, 7, bytes(92)), 1.0),
    "sml_meter": (bytes.fromhex("1B1B1B1B01010101" + "7605") + bytes(range(60)) + bytes.fromhex("1B1B1B1B1A00"), 1.0),
    "d0_meter": (b"/ISk5MT174-0001\r\n\r\n0-0:C.1.0*255(12345678)\r\n!\r\n", 1.0),
    "pylontech_master": (telecom(b"20024642E00202"), 1.0),
    "unknown_text": (b"temperature 21.5 humidity 40\n", 1.0),
    "unknown_binary": (bytes(range(200, 240)), 0.7),
}


class Detect(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)

    def detect(self, tty, *options):
        """(exit code, what it said) of `dbus-bms detect --json`."""
        done = subprocess.run([os.environ["DBUS_BMS"], "detect", tty, "--json", "--state-dir", self.bus.directory / "s",
                               *options], capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, json.loads(done.stdout)


class Boards(Detect):
    def of_each_board(self, look):
        """What `look(name, board, simulator)` says of every board, all at the same time; it mostly waits."""
        simulators = {name: self.start(Simulator, "--speed-matters", *board.options, family=board.family,
                                       name="tty" + name) for name, board in BOARDS.items()}
        with concurrent.futures.ThreadPoolExecutor(len(BOARDS)) as pool:
            looks = {name: pool.submit(look, name, BOARDS[name], simulator) for name, simulator in simulators.items()}
        for name, simulator in simulators.items():
            self.assertEqual(simulator.state().get("writes", []), [], f"looking is no writing: {name}")
        return {name: each.result() for name, each in looks.items()}

    def test_each_is_found_cold_and_again_from_memory(self):
        found = self.of_each_board(lambda _name, _board, simulator: [self.detect(simulator.tty) for _ in range(2)])
        for name, (cold, again) in found.items():
            with self.subTest(name):
                for code, said in (cold, again):
                    self.assertEqual(code, 0, said)
                    self.assertEqual(said, said | BOARDS[name].expected)
                self.assertIn("cells", cold[1])

    def test_none_is_taken_for_another_and_none_is_written_to(self):
        found = self.of_each_board(lambda _name, board, simulator: {
            family: self.detect(simulator.tty, "--bms", family) for family in FAMILIES if family != board.family})
        for name, looked_for in found.items():
            for family, (code, said) in looked_for.items():
                with self.subTest(board=name, looked_for=family):
                    self.assertEqual((code, said["found"]), (1, False), said)

    def test_a_full_scan_finds_a_board_at_any_address(self):
        simulator = self.start(Simulator, "--speed-matters", "--address", "13", "--baud", "38400", family="rec")
        self.assertEqual(self.detect(simulator.tty, "--bms", "rec")[0], 1, "13 is no usual address")
        code, found = self.detect(simulator.tty, "--bms", "rec", "--address", "1-16")
        self.assertEqual((code, found.get("address"), found.get("baud")), (0, 13, 38400), found)

    def test_memory_of_another_board_is_no_hindrance(self):
        ports = self.bus.directory / "s" / "ports"
        ports.mkdir(parents=True)
        simulator = self.start(Simulator, name="ttyOTHER")
        for stored in ('{"bms": "daly", "dialect": "d2", "baud": 9600, "address": 0}', "not json", "{}", ""):
            with self.subTest(stored):
                (ports / "ttyOTHER.json").write_text(stored)
                code, found = self.detect(simulator.tty)
                self.assertEqual((code, found.get("bms")), (0, "jbd"), found)
        self.assertEqual(json.loads((ports / "ttyOTHER.json").read_text())["bms"], "jbd")

    def test_is_found_on_a_line_that_damages_frames(self):
        simulator = self.start(Simulator)
        simulator.command("fault flip 0.005")
        for _ in range(3):
            code, found = self.detect(simulator.tty)
            self.assertEqual((code, found.get("bms")), (0, "jbd"), found)

    def test_the_port_is_given_back_as_it_was(self):
        simulator = self.start(Simulator)
        descriptor = os.open(simulator.tty, os.O_RDWR | os.O_NOCTTY)
        try:
            before = termios.tcgetattr(descriptor)
            self.detect(simulator.tty)
            self.assertEqual(termios.tcgetattr(descriptor), before)
        finally:
            os.close(descriptor)


class SeveralBoards(Detect):
    LINES = {"daly": (["--boards", "3"], [1, 2, 3]), "rec": (["--boards", "3", "--address", "4"], [4, 5, 6])}

    def line(self, family):
        options, _ = self.LINES[family]
        return self.start(Simulator, "--speed-matters", *options, family=family, name="tty" + family)

    def boards(self, said):
        return [(board["bms"], board["address"]) for board in said["boards"]]

    def test_all_that_are_named_are_listed(self):
        for family, (_, addresses) in self.LINES.items():
            with self.subTest(family):
                simulator = self.line(family)
                wanted = ",".join(map(str, addresses))
                code, said = self.detect(simulator.tty, "--bms", family, "--address", wanted)
                self.assertEqual((code, said["bms"], said["address"]), (0, family, addresses[0]))
                self.assertEqual(self.boards(said), [(family, address) for address in addresses])
                self.assertEqual(said["silent_addresses"], [])
                self.assertTrue(all(board["cells"] for board in said["boards"]), said)

    def test_who_does_not_answer_is_told(self):
        simulator = self.line("daly")
        simulator.command("on 2 silence on")
        code, said = self.detect(simulator.tty, "--bms", "daly", "--address", "1-4")
        self.assertEqual((code, self.boards(said)), (0, [("daly", 1), ("daly", 3)]))
        self.assertEqual(said["silent_addresses"], [2, 4])

    def test_all_on_the_line_are_found_when_asked_for(self):
        lines = {family: self.line(family) for family in self.LINES}
        with concurrent.futures.ThreadPoolExecutor(len(lines)) as pool:
            looks = {family: pool.submit(self.detect, simulator.tty, "--bms", family, "--all-addresses")
                     for family, simulator in lines.items()}
        for family, look in looks.items():
            with self.subTest(family):
                code, said = look.result()
                addresses = self.LINES[family][1]
                self.assertEqual(code, 0, said)
                self.assertEqual(self.boards(said), [(family, address) for address in addresses])
                self.assertEqual(said["silent_addresses"], [one for one in range(1, 17) if one not in addresses])

    def test_a_family_without_addresses_is_found_as_ever(self):
        code, said = self.detect(self.start(Simulator).tty, "--bms", "jbd", "--all-addresses")
        self.assertEqual((code, said["bms"], "boards" in said), (0, "jbd", False))

    def test_people_get_a_list(self):
        simulator = self.line("daly")
        shown = subprocess.run([os.environ["DBUS_BMS"], "detect", simulator.tty, "--bms", "daly", "--address", "1-5",
                                "--config", "/dev/null", "--state-dir", self.bus.directory / "s"], capture_output=True, text=True, check=True)
        for address in (1, 2, 3):
            self.assertRegex(shown.stdout, rf"(?m)^found Daly at 9600 baud, dialect a5, address {address}$")
        self.assertRegex(shown.stdout, r"(?m)^no answer at address 4, 5$")
        self.assertNotIn("asking", shown.stderr)


class Progress(TestCase):
    """What is said while a search goes on."""

    def silent_line(self):
        simulator = self.start(Simulator)
        simulator.command("fault silence on")
        return simulator.tty

    def on_terminal(self, *words, until=None, **streams):
        """What a program writes to a terminal; it is ended once `until` has been seen."""
        ours, theirs = os.openpty()
        self.addCleanup(os.close, ours)
        streams = {name: theirs if stream == "terminal" else stream for name, stream in streams.items()}
        with subprocess.Popen([os.environ["DBUS_BMS"], *words], **({"stdout": subprocess.DEVNULL} | streams)) as program:
            os.close(theirs)
            seen = b""
            while until is None or until not in seen:
                try:
                    seen += os.read(ours, 4096)
                except OSError:  # nobody has the other end any more
                    break
            program.terminate()
        return seen.decode()

    def test_detect_overwrites_one_line(self):
        seen = self.on_terminal("detect", self.silent_line(), "--state-dir", "", "--config", "/dev/null", stderr="terminal")
        for family in ("JBD at 9600 baud", "Daly at 9600 baud, dialect a5, address 1", "REC at 38400 baud"):
            self.assertIn("\rasking for " + family, seen)
        self.assertLessEqual(seen.count("\n"), 1, "which configuration is used, and nothing else")
        self.assertEqual(seen.rsplit("\r", 2)[1].strip(), "", "the line is taken away at the end")

    def test_detect_says_nothing_more_where_nobody_sees_it(self):
        done = subprocess.run([os.environ["DBUS_BMS"], "detect", self.silent_line(), "--state-dir", "", "--bms", "jbd", "--config", "/dev/null"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("asking", done.stderr)
        self.assertIn("Without --bms", done.stdout)

    def test_nobody_answers_says_what_may_help(self):
        done = subprocess.run([os.environ["DBUS_BMS"], "detect", self.silent_line(), "--state-dir", "", "--config", "/dev/null"],
                              capture_output=True, text=True, check=False)
        for word in ("wired", "awake", "--address", "--bms"):
            self.assertIn(word, done.stdout)

    def test_run_says_now_and_then_what_it_does(self):
        bus = self.start(PrivateBus)
        daemon = self.start(Daemon, bus, self.silent_line(), family=None)
        daemon.wait_for_log(r"^info: .*still looking, now (asking for|listening)")
        self.assertEqual(daemon.wait(), 1)
        self.assertLessEqual(sum("still looking" in line for line in daemon.log), 5)

    def test_run_on_a_terminal_has_times_and_one_line_that_is_overwritten(self):
        bus = self.start(PrivateBus)
        seen = self.on_terminal("run", self.silent_line(), "--state-dir", "", "--run-dir", "", "--config", "/dev/null", until=b"REC at",
                                stdout="terminal", env=bus.env)
        self.assertRegex(seen, r"(?m)^[0-9]{2}:[0-9]{2}:[0-9]{2} info: .*looking for a BMS")
        self.assertRegex(seen, r"\r[^\r\n]*: asking for JBD at 9600 baud \.\.\.")
        self.assertNotIn("still looking", seen)


class OtherDevices(Detect):
    def test_who_talks_is_left_alone(self):
        talkers = {name: self.start(Talker, message, every_s) for name, (message, every_s) in TALKERS.items()}
        with concurrent.futures.ThreadPoolExecutor(len(talkers)) as pool:
            looks = {name: pool.submit(self.detect, talker.tty) for name, talker in talkers.items()}
        for name, look in looks.items():
            with self.subTest(name):
                code, found = look.result()
                self.assertEqual((code, found.get("reason")), (1, "foreign"), found)
                self.assertEqual(talkers[name].heard, b"", "nothing may be sent to a device that talks")
                self.assertEqual("unknown" in name, "unknown device" in found["message"], found)

    def test_silence_is_no_battery(self):
        code, found = self.detect(self.start(Talker, b"", 3600).tty)
        self.assertEqual((code, found["reason"]), (1, "silent"))

    def test_a_port_that_is_not_there_is_an_error(self):
        code, found = self.detect("/dev/ttyNOTHERE")
        self.assertEqual((code, found["reason"]), (1, "link"))

    def test_a_family_that_is_not_there_is_a_usage_error(self):
        done = subprocess.run([os.environ["DBUS_BMS"], "detect", "/dev/null", "--bms", "acme"], capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("jbd", done.stderr)


class Waiting(TestCase):
    """A family that somebody has named is waited for."""

    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)

    def test_a_silent_one(self):
        for where, options in (("--bms", ()), ("config", ("--config", self.config_file("[battery ttyconfig]\nbms = jbd\n"))),
                               ("default", ("--config", self.config_file("[default]\nbms = jbd\n")))):
            with self.subTest(where):
                simulator = self.start(Simulator, "--barcode", where, name="tty" + where)
                simulator.command("fault silence on")
                client = self.start(BusClient, self.bus, "com.victronenergy.battery.tty" + where)
                daemon = self.start(Daemon, self.bus, simulator.tty, *options,
                                    family="jbd" if where == "--bms" else None)
                daemon.wait_for_log("warning: .* is tried again until a JBD BMS answers")
                simulator.command("fault clear")
                client.wait_for(lambda items: items["/Soc"].value is not None)

    def test_one_that_is_asked_in_several_ways(self):
        simulator = self.start(Simulator, *BOARDS["ant_old"].options, family="ant")
        simulator.command("fault silence on")
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        daemon = self.start(Daemon, self.bus, simulator.tty, family="ant")
        daemon.wait_for_log("warning: .*nobody answers; it is tried again until an ANT BMS answers")
        simulator.command("fault clear")
        client.wait_for(lambda items: items["/Soc"].value is not None)

    def test_on_a_line_that_damages_most_answers(self):
        # One bit in 160: of a frame of 60 bytes one in twenty is whole.
        for name in ("chargery", "ant_old", "jbd", "daly"):
            with self.subTest(name):
                simulator = self.start(Simulator, *BOARDS[name].options, family=BOARDS[name].family, name="tty" + name)
                simulator.command("fault flip 0.05")
                client = self.start(BusClient, self.bus, "com.victronenergy.battery.tty" + name)
                daemon = self.start(Daemon, self.bus, simulator.tty, family=BOARDS[name].family)
                daemon.wait_for_log(r"is tried again until|on the bus as")
                simulator.command("fault clear")
                client.wait_for(lambda items: items["/Soc"].value is not None)

    def test_but_not_a_port_that_is_not_there(self):
        self.assertEqual(self.start(Daemon, self.bus, "/dev/ttyNOTHERE").wait(), 1)


class Running(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)

    def test_the_daemon_finds_its_battery_by_itself(self):
        clients = {}
        for name, board in BOARDS.items():
            simulator = self.start(Simulator, "--speed-matters", *board.options, family=board.family, name="tty" + name)
            clients[name] = self.start(BusClient, self.bus, "com.victronenergy.battery.tty" + name)
            self.start(Daemon, self.bus, simulator.tty, family=None)
        for name, client in clients.items():
            with self.subTest(name):
                client.wait_for(lambda items: "/Soc" in items and items["/Soc"].value is not None, "a valid /Soc")

    def test_the_daemon_leaves_who_talks_alone(self):
        talker = self.start(Talker, *TALKERS["nmea_gps"])
        daemon = self.start(Daemon, self.bus, talker.tty, family=None)
        self.assertEqual(daemon.wait(), 1)
        self.assertTrue(any("NMEA" in line for line in daemon.log), daemon.log)


if __name__ == "__main__":
    main()
