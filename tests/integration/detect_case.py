"""What the tests of `dbus-bms detect` have in common."""

import json
import os
import subprocess

from harness import PrivateBus, TestCase


class Detect(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)

    def detect(self, tty, *options):
        """(exit code, what it said) of `dbus-bms detect --json`."""
        done = subprocess.run([os.environ["DBUS_BMS"], "detect", tty, "--json", "--state-dir", self.bus.directory / "s",
                               *options], capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, json.loads(done.stdout)
