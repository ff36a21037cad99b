"""How the program ends, and what it says: every end that nobody asked for is an error in the log."""

import fcntl
import os
import signal
import socket
import subprocess
import tempfile

from harness import BusClient, Daemon, PrivateBus, Process, Settings, Simulator, TestCase, main
from lines import Talker

ONLY_ERRORS = "[default]\nlog_level = error\n"
NMEA = b"$GPGLL,4916.45,N,12311.12,W,225444,A,*1D\r\n"


class Ends(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)

    def run_to_end(self, tty, *options, env=None, family="jbd"):
        return self.start(Daemon, self.bus, tty, *options, env=env, family=family).wait()

    def test_stopped_as_asked(self):
        simulator = self.start(Simulator)
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon = self.start(Daemon, self.bus, simulator.tty)
            daemon.wait_for_log("on the bus as")
            self.assertEqual(daemon.stop(number), 0)

    def test_no_device(self):
        silent = self.start(Simulator)
        silent.command("fault silence on")
        self.assertEqual(self.run_to_end(silent.tty, family=None), 1)
        self.assertEqual(self.run_to_end("/nonexistent/ttyUSB9"), 1)

    def test_configuration(self):
        simulator = self.start(Simulator)
        self.assertEqual(self.run_to_end(simulator.tty, "--bms", "tesla"), 2)
        self.assertEqual(self.run_to_end(simulator.tty, "--interval", "soon"), 2)
        self.assertEqual(self.run_to_end(simulator.tty, "--no-such-option"), 2)

    def test_no_bus_and_lost_bus(self):
        simulator = self.start(Simulator)
        self.assertEqual(self.run_to_end(simulator.tty, env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}), 3)
        daemon = self.start(Daemon, self.bus, simulator.tty)
        daemon.wait_for_log("on the bus as")
        self.bus.process.stop()
        self.assertEqual(daemon.wait(), 3)

    def test_help_everywhere(self):
        for words in ([], ["run"], ["decode"], ["watch"], ["replay"]):
            shown = subprocess.run([os.environ["DBUS_BMS"], *words, "--help"], capture_output=True, text=True, check=True)
            self.assertIn("Usage", shown.stdout)


class Sentences(TestCase):
    """With log_level = error, whatever ends a program is told."""

    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        self.config = self.config_file(ONLY_ERRORS)

    def run_daemon(self, tty, *options, family="jbd", env=None):
        return self.start(Daemon, self.bus, tty, "--config", self.config, *options, family=family, env=env)

    def start_program(self, *words, env=None):
        return self.start(Process, words[0], [os.environ["DBUS_BMS"], *words], env=dict(self.bus.env, **(env or {})),
                          output="both", stdin=subprocess.DEVNULL)

    def check(self, program, code, pattern):
        """`program` ends with `code`, and its last words are these."""
        process = getattr(program, "process", program)
        self.assertEqual(process.wait(), code, process.lines)
        self.assertRegex("\n".join(process.lines), pattern)

    def locked(self, tty):
        """Keeps the port as another program does."""
        descriptor = os.open(tty, os.O_RDWR | os.O_NOCTTY)
        self.addCleanup(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def test_of_run_without_a_device(self):
        silent = self.start(Simulator)
        silent.command("fault silence on")
        busy = self.start(Simulator)
        self.locked(busy.tty)
        talker = self.start(Talker, NMEA)
        running = [(self.run_daemon("/nonexistent/ttyUSB9"), "error: /nonexistent/ttyUSB9: No such file"),
                   (self.run_daemon("/nonexistent/ttyUSB9", family=None), "error: /nonexistent/ttyUSB9: No such file"),
                   (self.run_daemon("/dev/null"), "error: /dev/null: not a serial port"),
                   (self.run_daemon(busy.tty), "error: .* in use by another process"),
                   (self.run_daemon(busy.tty, family=None), "error: .* in use by another process"),
                   (self.run_daemon(talker.tty, family=None), "error: .*NMEA 0183 device talks on this line"),
                   (self.run_daemon(silent.tty, family=None), "error: .*nobody answers")]
        for daemon, words in running:
            with self.subTest(words):
                self.check(daemon, 1, words)

    def test_of_run_with_wrong_options(self):
        for options, words in ((("--bms", "tesla"), "jbd, daly"), (("--address", "77", "--bms", "jbd"), "address"),
                               (("--capture", "/nope/x"), "expected a file to record into: /nope/x .*No such file"),
                               (("--capture", "/tmp"), "expected a file to record into: /tmp is a directory"),
                               (("--interval", "soon"), "interval")):
            with self.subTest(options):
                self.check(self.run_daemon("/dev/null", *options, family=None), 2, words)

    def test_of_run_without_a_bus(self):
        nowhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        self.check(self.run_daemon(self.start(Simulator).tty, env=nowhere), 3, "(error|critical): .*bus")

    def test_of_run_that_loses_the_bus(self):
        daemon = self.run_daemon(self.start(Simulator).tty)
        self.bus_name("com.victronenergy.battery.ttyTEST")
        self.bus.process.stop()
        self.check(daemon, 3, "error: lost the bus")

    def test_of_run_beside_another_one(self):
        first = self.run_daemon(self.start(Simulator).tty)
        self.bus_name("com.victronenergy.battery.ttyTEST")
        second = self.run_daemon(self.start(Simulator, "--barcode", "OTHER").tty)
        self.check(second, 3, "error: .*ttyTEST is on the bus already")
        self.assertEqual(first.stop(), 0)

    def bus_name(self, name):
        with BusClient(self.bus) as client:
            client.wait_for_name(name)

    def test_of_the_bridge(self):
        config = self.config_file(ONLY_ERRORS + "[bridge]\nenabled = yes\n")
        nowhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        directories = ("--state-dir", self.bus.directory / "state", "--run-dir", self.bus.directory / "run")
        bridge = ("bridge", "--config", config, *directories)
        self.check(self.start_program(*bridge, env=nowhere), 3, "critical: no bus")
        first = self.start_program(*bridge)
        first.wait_for_line("on the bus as")
        self.check(self.start_program(*bridge), 3, "error: .* is on the bus already")
        (self.bus.directory / "state").mkdir(exist_ok=True)
        (self.bus.directory / "state" / "bridge.json").write_text('{"switched_off": ["HQ2212ABCDE"]}')
        self.check(self.start_program(*bridge, "--release"), 1, "error: HQ2212ABCDE was switched off .* cannot be reached")
        self.bus.process.stop()
        self.check(first, 3, "error: lost the bus")

    def test_of_detect(self):
        silent = self.start(Simulator)
        silent.command("fault silence on")
        busy = self.start(Simulator)
        self.locked(busy.tty)
        talker = self.start(Talker, NMEA)
        for words, code, said in ((("/nonexistent/ttyUSB9",), 1, "No such file"), (("/dev/null",), 1, "not a serial port"),
                                  ((busy.tty,), 1, "in use by another process"), ((talker.tty,), 1, "NMEA"),
                                  ((silent.tty, "--bms", "jbd"), 1, "nobody answers|not one byte"),
                                  ((silent.tty, "--bms", "acme"), 2, "jbd, daly"),
                                  ((silent.tty, "--bms", "ant", "--address", "3"), 2, "address")):
            with self.subTest(words):
                self.check(self.start_program("detect", *words, "--config", self.config), code, said)

    def test_of_the_rest(self):
        directory = tempfile.mkdtemp()
        self.addCleanup(subprocess.run, ["rm", "-r", directory], check=True)
        no_capture = os.path.join(directory, "capture.jsonl")
        with open(no_capture, "w", encoding="ascii") as file:
            file.write("hello\n")
        a_socket = os.path.join(directory, "socket")
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(a_socket)
        nowhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        for words, code, said, env in ((("replay", "/nonexistent"), 2, "/nonexistent", {}),
                                       (("replay", "/tmp", "--bms", "jbd"), 2, "cannot be read|directory", {}),
                                       (("replay", no_capture), 2, "line 1: expected", {}),
                                       (("decode", "acme"), 2, "jbd", {}),
                                       (("config", "check", "/nonexistent"), 2, "cannot be read|not there|No such", {}),
                                       (("config", "show", "/nonexistent"), 2, "cannot be read|not there|No such", {}),
                                       (("config", "import", "/nonexistent"), 2, "/nonexistent", {}),
                                       (("control", "--state", "/dev/null"), 2, "--state: /dev/null is a device", {}),
                                       (("control", "--state", a_socket), 2, "is a socket", {}),
                                       (("control", "--state", "/proc/nope/state"), 2, "cannot be written", {}),
                                       (("watch", "--once"), 3, "no bus", nowhere),
                                       (("watch", "--once", "--wait", "0"), 1, "no battery service on the bus", {}),
                                       ((), 2, "a command is missing", {}), (("foo",), 2, "no command \"foo\"", {})):
            with self.subTest(words):
                self.check(self.start(Process, "dbus-bms", [os.environ["DBUS_BMS"], *words], output="both",
                                      env=dict(self.bus.env, **env), stdin=subprocess.DEVNULL), code, said)
        self.assertTrue(os.path.exists("/dev/null") and not os.path.isfile("/dev/null"))


if __name__ == "__main__":
    main()
