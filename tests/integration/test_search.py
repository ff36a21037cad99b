"""What a search does while nobody answers: it waits, says what it does, and leaves other devices alone."""

import concurrent.futures
import os
import subprocess

from boards import BOARDS
from detect_case import Detect
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main
from lines import Talker
from talkers import TALKERS


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
                                stdout="terminal", env=dict(bus.env, TERM="xterm"))
        self.assertRegex(seen, r"(?m)^\r\x1b\[K[0-9]{2}:[0-9]{2}:[0-9]{2} info: .*looking for a BMS")
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
