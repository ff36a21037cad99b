#!/usr/bin/python3
"""The service of the Debian package under systemd itself: a clean Debian 12 boots in a virtual machine whose serial port
is a simulated board. Needs dist/ from tools/package deb, BMS_SIM, and root."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))

import debian  # noqa: E402
from harness import Simulator  # noqa: E402

MACHINE = debian.ROOT / "tests/machine/run"

# What an owner does who has read README, and what he looks at.
OWNER = r"""
set -eu
sed -i 's/^#host =.*/host = localhost/' /etc/dbus-bms/config.ini
systemctl start mosquitto
systemctl enable --now dbus-bms@ttyS1
state() { mosquitto_sub -t 'dbus-bms/+/state' -C 1 -W 60; }
show() { systemctl show -P "$1" dbus-bms@ttyS1; }
state >/out/first
show ActiveState
echo "notified $(show NotifyAccess) $(show WatchdogUSec)"
echo "user $(ps -o user= -p "$(show MainPID)")"
before=$(show MainPID)
# Killed, it comes back by itself.
systemctl kill --signal=KILL dbus-bms@ttyS1
state >/out/second
[ "$(show MainPID)" != "$before" ]
echo "restarts $(show NRestarts)"
# Stopped in the middle of its life, it ends well and has kept what it knows.
systemctl stop dbus-bms@ttyS1
echo "result $(show Result) $(show ExecMainStatus)"
ls /var/lib/dbus-bms
stat -c '%U %a' /var/lib/dbus-bms
systemctl start dbus-bms@ttyS1
state >/out/third
systemctl stop 'dbus-bms@*'
journalctl --no-pager -o short -u dbus-bms@ttyS1 >/out/journal
"""


@unittest.skipUnless(subprocess.run(["which", "qemu-system-x86_64"], capture_output=True).returncode == 0,
                     "no virtual machine without qemu-system-x86")
class UnderSystemd(debian.DebianCase):
    more = ("systemd-sysv", "udev", "dbus", "mosquitto", "mosquitto-clients", "procps")

    def test_an_owner_who_has_read_the_readme(self):
        self.debian.install(debian.package())
        self.debian.path("etc/hosts").write_text("127.0.0.1 localhost\n")  # as the installer of Debian writes it
        simulator = Simulator("--cells", "8")
        self.addCleanup(simulator.stop)
        with tempfile.TemporaryDirectory() as out:
            done = subprocess.run([MACHINE, "--root", self.debian.root, "--system", "--serial", simulator.tty, out, OWNER],
                                  text=True, capture_output=True, timeout=600)
            told = {name: (Path(out) / name).read_text() if (Path(out) / name).exists() else None
                    for name in ("first", "second", "third", "journal", "console")}
        whole = done.stdout + done.stderr + str(told["journal"]) + str(told["console"])[-3000:]
        self.assertEqual(done.returncode, 0, whole)
        lines = done.stdout.splitlines()
        for line in ("active", "notified main 30s", "user dbus-bms", "restarts 1", "result success 0", "dbus-bms 750"):
            self.assertIn(line, lines, whole)
        for state in ("first", "second", "third"):
            self.assertIn('"voltage":26.', told[state], whole)
        self.assertNotIn("Operation not permitted", told["journal"])
        self.assertNotIn("Permission denied", told["journal"])
        self.assertNotRegex(told["console"], "(?i)seccomp")


if __name__ == "__main__":
    unittest.main(verbosity=2)
