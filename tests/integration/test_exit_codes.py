"""How the daemon ends, and what it says."""

import os
import signal
import subprocess

from harness import Daemon, PrivateBus, Settings, Simulator, TestCase, main


class Ends(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)

    def run_to_end(self, tty, *options, env=None):
        return self.start(Daemon, self.bus, tty, *options, env=env).wait()

    def test_stopped_as_asked(self):
        simulator = self.start(Simulator)
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon = self.start(Daemon, self.bus, simulator.tty)
            daemon.wait_for_log("on the bus as")
            self.assertEqual(daemon.stop(number), 0)

    def test_no_device(self):
        silent = self.start(Simulator)
        silent.command("fault silence on")
        self.assertEqual(self.run_to_end(silent.tty), 1)
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


if __name__ == "__main__":
    main()
