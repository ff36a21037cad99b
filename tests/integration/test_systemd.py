"""What systemd hands over and wants to hear, by its documented protocol, without a systemd."""

import os
import socket
import subprocess
from pathlib import Path

from harness import LIMIT_S, Daemon, PrivateBus, Process, Settings, Simulator, TestCase, main


class Manager:
    """Where sd_notify() goes."""

    def __init__(self, directory):
        self.path = str(directory / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(LIMIT_S)

    def stop(self):
        self.socket.close()

    def next(self):
        return self.socket.recv(4096).decode()


class Systemd(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        self.simulator = self.start(Simulator)

    def test_hears_that_the_driver_begins_lives_and_ends(self):
        manager = self.start(Manager, self.bus.directory)
        daemon = self.start(Daemon, self.bus, self.simulator.tty,
                            env={"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "400000"})
        self.assertEqual(manager.next(), "READY=1")
        self.assertEqual([manager.next() for _ in range(4)], ["WATCHDOG=1"] * 4)
        daemon.wait_for_log("on the bus as")
        daemon.stop()
        said = manager.next()
        while said == "WATCHDOG=1":
            said = manager.next()
        self.assertEqual(said, "STOPPING=1")

    def test_hears_of_life_only_where_it_asks(self):
        manager = self.start(Manager, self.bus.directory)
        daemon = self.start(Daemon, self.bus, self.simulator.tty, env={"NOTIFY_SOCKET": manager.path})
        daemon.wait_for_log("on the bus as")
        daemon.stop()
        self.assertEqual([manager.next(), manager.next()], ["READY=1", "STOPPING=1"])

    def test_a_stopped_process_is_not_said_to_live(self):
        manager = self.start(Manager, self.bus.directory)
        daemon = self.start(Daemon, self.bus, self.simulator.tty,
                            env={"NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "400000"})
        daemon.wait_for_log("on the bus as")
        daemon.send_signal(19)
        manager.socket.settimeout(2)  # ten times as long as it would take
        with self.assertRaises(TimeoutError):
            while True:
                manager.next()
        daemon.send_signal(18)

    def test_its_directories_are_used(self):
        home = self.bus.directory
        for name in ("state", "run", "config"):
            (home / name).mkdir()
        (home / "config" / "config.ini").write_text("[default]\nname = By systemd\n")
        process = Process("dbus-bms", [os.environ["DBUS_BMS"], "run", self.simulator.tty, "--bms", "jbd"], output="both",
                          env=dict(self.bus.env, STATE_DIRECTORY=f"{home}/state:{home}/other",
                                   RUNTIME_DIRECTORY=f"{home}/run", CONFIGURATION_DIRECTORY=f"{home}/config"))
        self.addCleanup(process.stop)
        process.wait_for_line(f"configuration: {home}/config/config.ini")
        process.wait_for_line("on the bus as")
        self.assertTrue((home / "run" / "ttyTEST.sock").is_socket())
        process.stop()
        self.assertTrue(list((home / "state" / "batteries").glob("*.json")))
        self.assertFalse((home / "other").exists())

    def test_the_journal_gets_priorities_and_nobody_else(self):
        for is_journal in (True, False):
            with self.subTest(is_journal=is_journal):
                path = Path(self.config_file(""))
                with open(path, "w") as out:
                    found = os.fstat(out.fileno())
                    stream = f"{found.st_dev}:{found.st_ino}" if is_journal else "1:1"
                    process = subprocess.Popen([os.environ["DBUS_BMS"], "run", "/nonexistent/ttyUSB9"], stdout=out,
                                               env=dict(self.bus.env, JOURNAL_STREAM=stream))
                self.assertEqual(process.wait(LIMIT_S), 1)
                lines = path.read_text().splitlines()
                marks = ("<6>info: ", "<4>warning: ", "<3>error: ") if is_journal else ("info: ", "warning: ", "error: ")
                self.assertTrue(all(line.startswith(marks) for line in lines), lines)
                self.assertTrue([line for line in lines if line.startswith(marks[2])], lines)


if __name__ == "__main__":
    main()
