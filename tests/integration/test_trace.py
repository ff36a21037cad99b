"""What passes over the line, as `dbus-bms trace` and `--trace` show it: through the running driver and without one."""

import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from boards import BOARDS
from console_case import ConsoleCase, DriverCase, Line
from harness import Process, Simulator, main

# What a poll asks, and what its answer says.
POLLED = {
    "jbd": ("read register 0x03 (basic information)", "soc_pct"),
    "jbd_up": ("read registers 0x1000 to 0x10A0 (status of the pack)", "cells_v"),
    "jbd_addressed": ("read register 0x04 (cell voltages)", "cells_v"),
    "daly": ("read voltage, current and state of charge", "soc_pct"),
    "daly_p81": ("read 64 registers from 0x0000", None),
    "daly_d2": ("read 62 registers from 0x0000", None),
    "ant": ("read status", "soc_pct"),
    "ant_old": ("read status", "soc_pct"),
    "rec_1q": ("read LCD1?", None),
    "chargery": (None, "command"),
}
# That of ANT from the factory, in one frame and in the first of four.
PASSWORDS = ("31 32 33 34 35 36 37 38", "A5 A5 F1 31")


class Tracing(Process):
    def wait_for_frames(self, count):
        """Until so many have been shown."""
        for number in range(count):
            self.wait_for_line("", start=number)


class TraceCase(ConsoleCase):
    def tracing(self, *words):
        """A trace that goes on until it is told to end."""
        return self.start(Tracing, "trace", self.command("trace", "--json", *words, port=self.tty))

    def ended(self, trace):
        """What it has shown, once it has been told to end."""
        trace.send_signal(signal.SIGINT)
        self.assertEqual(trace.wait(), 0, trace.lines)
        return [json.loads(line) for line in trace.lines]

    def wait_for_a_poll(self, trace, name):
        """A question of a poll and its answer."""
        asks, fact = POLLED[name]
        if asks:
            trace.wait_for_line(json.dumps(asks).replace("(", r"\(").replace(")", r"\)").replace("?", r"\?"))
        if fact:
            trace.wait_for_line(f'"received".*"facts":.*"{fact}"')
        else:
            trace.wait_for_line('"received"')

    def told(self, verb, *words, code=0):
        """What a command writes to standard error."""
        done = subprocess.run(self.command(verb, *words, port=self.tty), capture_output=True, text=True, timeout=300,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr


class ThroughTheDriver(TraceCase, DriverCase):
    def test_polls_are_shown_of_a_board_that_is_asked_and_of_one_that_talks(self):
        for name in ("jbd", "chargery"):
            with self.subTest(name):
                self.run_on(name)
                trace = self.tracing()
                self.wait_for_a_poll(trace, name)
                shown = self.ended(trace)
                self.assertTrue(all(one["time_s"] >= -0.001 for one in shown), "nothing is kept of what was before")

    def test_a_recording_is_decoded_and_replayed_with_the_same_values(self):
        for name in POLLED:
            with self.subTest(name):
                self.run_on(name, config="poll_interval = 0.2\n")
                file = self.directory / "trace.jsonl"
                trace = self.tracing("-o", file)
                # What a board is only asked for now and then must be in it, too.
                trace.wait_for_frames(160 if name == "daly" else 50)
                self.ended(trace)
                decoded = subprocess.run([os.environ["DBUS_BMS"], "decode", BOARDS[name].family], capture_output=True,
                                         text=True, check=True, input=file.read_text()).stdout.splitlines()
                self.assertTrue(decoded)
                replayed = subprocess.run([os.environ["DBUS_BMS"], "replay", file], capture_output=True, text=True)
                self.assertEqual(replayed.returncode, 0, replayed.stderr)
                items = json.loads(replayed.stdout.splitlines()[-1])["items"]
                for path in ("/Soc", "/Dc/0/Voltage", "/Dc/0/Current", "/System/MinCellVoltage"):
                    self.assertEqual(items.get(path), self.client.get(path), path)

    def test_set_shows_that_factory_mode_is_entered_and_left(self):
        self.run_on("jbd")
        told = self.told("set", "cell_overvoltage=3.6", "--yes", "--trace")
        self.assertRegex(told, r"\+\d+\.\d{3} s → DD 5A 00 02 56 78 FF 30 77  enter factory mode\n")
        self.assertRegex(told, r"→ DD 5A 24 02 [0-9A-F ]+  write register 0x24 \(cell_overvoltage\)\n")
        self.assertRegex(told, r"→ DD 5A 01 02 28 28 FF AD 77  leave factory mode and save\n")
        self.assertRegex(told, r" s ← DD ")

    def test_a_dry_run_shows_how_the_mode_is_left_by_the_next_poll(self):
        self.run_on("jbd")
        told = self.told("set", "cell_overvoltage=3.6", "--dry-run", "--trace")
        self.assertIn("enter factory mode", told)
        self.assertRegex(told, r"→ DD 5A 01 02 00 00 FF FD 77  leave factory mode\n")

    def test_the_bytes_are_explained(self):
        self.run_on("jbd")
        told = self.told("get", "cell_overvoltage", "--trace", "--bytes")
        self.assertRegex(told, r"\n +0 +start +DD\n +1-2 +command +A5 24\n +3 +length +00\n"
                               r" +4-5 +checksum +FF DC  received FFDC, computed FFDC\n +6 +end +77\n")
        self.assertRegex(told, r"\n +means +\w+ = ")

    def test_what_was_before_is_shown_where_it_is_kept(self):
        self.run_on("jbd", config="trace_memory = yes\n")
        trace = self.tracing()
        self.wait_for_a_poll(trace, "jbd")
        trace.wait_for_line(r'"time_s":\d')
        shown = self.ended(trace)
        times = [one["time_s"] for one in shown]
        self.assertLess(times[0], -0.1)
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[-1], 0)
        only_new = self.tracing("--only-new")
        self.wait_for_a_poll(only_new, "jbd")
        self.assertTrue(all(one["time_s"] >= -0.001 for one in self.ended(only_new)))

    def test_a_trace_ends_by_itself(self):
        self.run_on("jbd")
        self.assertIn("→", self.ask("trace", "--seconds", "3", port=self.tty))

    def test_no_password_is_shown_or_recorded(self):
        for name in ("ant", "ant_old"):
            with self.subTest(name):
                self.run_on(name, "--permission", "0", config="trace_memory = yes\n")
                file = self.directory / "trace.jsonl"
                trace = self.tracing("-o", file)
                self.wait_for_a_poll(trace, name)
                told = self.told("switch", "charge", "off", "--yes", "--trace", "--bytes")
                self.assertFalse(self.board.state()["fets"]["charge"])
                self.assertIn("log in", told)
                self.assertIn("** **", told)
                self.assertIn("a password, not shown", told)
                trace.wait_for_line('"asks":"log in"')
                self.ended(trace)
                past = self.ask("trace", "--seconds", "1", port=self.tty)
                self.assertIn("log in", past)
                for text in (told, past, file.read_text(), "\n".join(trace.lines)):
                    for secret in PASSWORDS:
                        self.assertNotIn(secret, text)
                        self.assertNotIn(secret.replace(" ", ""), text)

    def test_a_third_trace_is_turned_away_and_others_are_heard(self):
        self.run_on("jbd")
        first, second = self.tracing(), self.tracing()
        for trace in (first, second):
            self.wait_for_a_poll(trace, "jbd")
        self.ask("trace", "--seconds", "1", port=self.tty, code=4)
        self.ask("get", "cell_overvoltage", port=self.tty)
        for trace in (first, second):
            self.ended(trace)
        self.ask("trace", "--seconds", "1", port=self.tty)

    def test_a_client_that_reads_nothing_delays_nobody(self):
        self.run_on("jbd")
        silent = self.start(Line, self.directory / "run/ttyTEST.sock")
        silent.stream.sendall(b'{"verb":"trace","past":true}\n')
        self.board.command("set current 7")
        self.client.wait_for_value("/Dc/0/Current", 7)
        self.ask("get", "cell_overvoltage", port=self.tty)
        silent.stream.sendall(b"enough\n")
        for line in silent.reader:
            if "trace" not in (answer := json.loads(line)):
                break
        self.assertTrue(answer["ok"])


class OverThePort(TraceCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dbus-bms-trace-")
        self.addCleanup(folder.cleanup)
        self.directory = Path(folder.name)
        self.directory.joinpath("config.ini").touch()

    def board(self, name, *options):
        board = BOARDS[name]
        simulator = self.start(Simulator, *board.options, *options, family=board.family)
        self.tty = simulator.tty
        return simulator

    def test_it_polls_by_itself_where_no_driver_runs(self):
        for name in ("jbd", "daly", "ant", "rec_1q", "chargery"):
            with self.subTest(name):
                self.board(name)
                trace = self.tracing()
                self.wait_for_a_poll(trace, name)
                trace.wait_for_frames(20)
                self.ended(trace)

    def test_set_shows_that_factory_mode_is_entered_and_left(self):
        board = self.board("jbd")
        told = self.told("set", "cell_overvoltage=3.6", "--yes", "--trace")
        self.assertIn("enter factory mode\n", told)
        self.assertIn("leave factory mode and save\n", told)
        self.assertFalse(board.state()["factory_mode"])


if __name__ == "__main__":
    main()
