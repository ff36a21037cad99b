#!/usr/bin/python3
"""The scripts that start the program on a GX device, run there as they are, under real daemontools, by both small shells:
what stands in config.ini has its effect on the bus."""

import os
import subprocess
import unittest

import device
import harness
from device import APP, ROOT, Device, wait_until
from harness import BusClient, PrivateBus, Settings, Simulator, TestCase

BATTERY = "com.victronenergy.battery.ttyTEST"
BRIDGE = "com.victronenergy.digitalinput.mppt_bridge"
CONFIG = """
[default]
max_charge_current = 33
max_discharge_current = 44
[bridge]
enabled = yes
batteries = ttyTEST
[battery A4-C1-37-00-00-23]
bms = jbd
"""


@unittest.skipUnless(device.can_be_made(), "only root can make mount namespaces")
class OnADevice(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)

    def device(self, shell="dash"):
        self.gx = self.start(Device, self.bus, shell)
        return self.gx

    def plug_in_a_battery(self):
        simulator = self.start(Simulator)
        self.gx.root.joinpath("dev/ttyTEST").symlink_to(os.readlink(simulator.tty))
        self.assertIn("dbusbms", self.gx.aliases()["default"])
        self.assertIn("dbusbms", self.gx.aliases()["rs485"])
        service = self.gx.add_port(self.gx.service_of("dbusbms"), "ttyTEST")
        # Nothing runs before serial-starter says so, whatever svscan finds.
        for part in ("", "/log"):
            self.assertIn(": down", self.gx.run("svstat", service + part).stdout)
        self.gx.run("svc", "-u", service + "/log")
        self.gx.run("svc", "-o", service)
        return service

    def boot(self):
        done = self.gx.boot()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))


class Scripts(OnADevice):
    def run_everything(self, shell):
        gx = self.device(shell)
        gx.write(APP + "/config.ini", CONFIG)
        self.boot()
        self.assertEqual(gx.run("/bin/sh", "-c", "ls /opt/victronenergy/service-templates").stdout.split(), ["dbus-bms", "gps"])
        self.boot()  # again, as after another package's installer

        bridge = self.start(BusClient, self.bus, BRIDGE)
        bridge.wait_for_name()
        gx.wait_for_log("dbus-bms-bridge", f"configuration: /{APP}/config.ini")

        gx.wait_for_log("dbus-bms-bluetooth", "BlueZ does not run")

        service = self.plug_in_a_battery()
        battery = self.start(BusClient, self.bus, BATTERY)
        battery.wait_for_value("/Info/MaxChargeCurrent", 33.0)
        battery.wait_for_value("/Info/MaxDischargeCurrent", 44.0)
        bridge.wait_for_value("/Batteries/1/Limit", 33.0)
        gx.wait_for_log("dbus-bms.ttyTEST", f"configuration: /{APP}/config.ini")
        self.assertRegex(gx.log("dbus-bms.ttyTEST"), r"(?m)^@4[0-9a-f]{23} info: ")
        self.assertTrue(gx.root.joinpath("run/dbus-bms/heartbeat/ttyTEST").exists())

        # The lock is the program's until it has ended, and given back then.
        lock = gx.root / "var/lock/serial-starter/ttyTEST"
        self.assertTrue(lock.is_symlink())
        gx.run("svc", "-d", service)
        battery.wait_for_no_name()
        wait_until(lambda: not lock.is_symlink(), "the lock is given back")
        gx.wait_for_log("dbus-bms.ttyTEST", "stopping on signal 15")
        self.assertTrue(list(gx.root.joinpath("data/dbus-bms").glob("*")))

    def test_dash(self):
        self.run_everything("dash")

    def test_busybox(self):
        self.run_everything("busybox")

    def test_nothing_is_shipped_that_this_does_not_run(self):
        shipped = subprocess.run(["git", "-C", ROOT, "ls-files", "service", "serial-starter.d", "rc.local"],
                                 capture_output=True, text=True).stdout.split()
        if not shipped:  # without git, what is there
            shipped = [str(file.relative_to(ROOT)) for folder in ("service", "serial-starter.d")
                       for file in (ROOT / folder).rglob("*") if file.is_file()] + ["rc.local"]
        self.assertEqual(sorted(shipped), [
            "rc.local",                          # boot()
            "serial-starter.d/dbus-bms.conf",    # service_of(), aliases()
            "service/dbus-bms-bank/log/run",
            "service/dbus-bms-bank/run",         # a bank is waited for
            "service/dbus-bms-bluetooth/log/run",
            "service/dbus-bms-bluetooth/run",    # it looks for BlueZ
            "service/dbus-bms-bridge/log/run",   # the bridge's log
            "service/dbus-bms-bridge/run",       # the bridge on the bus
            "service/dbus-bms/down",             # ": down" before svc -o
            "service/dbus-bms/log/down",
            "service/dbus-bms/log/run",          # the battery's log
            "service/dbus-bms/run",              # the battery on the bus
        ])

    def test_a_new_version_replaces_the_template(self):
        gx = self.device()
        self.boot()
        gx.write(APP + "/versions/0/service/dbus-bms/run", "#!/bin/sh\n# newer\n")
        self.boot()
        self.assertIn("newer", gx.run("cat", "/opt/victronenergy/service-templates/dbus-bms/run").stdout)

    def test_without_the_program_nothing_is_changed(self):
        gx = self.device()
        gx.root.joinpath(APP, "versions/0/bin/dbus-bms").unlink()
        self.boot()
        self.assertEqual(gx.run("ls", "/opt/victronenergy/service-templates").stdout.split(), ["gps"])
        self.assertEqual(list(gx.root.joinpath("service").iterdir()), [])

    def test_a_template_that_cannot_be_put_there_is_reported(self):
        gx = self.device()
        self.assertEqual(gx.run("mount", "-t", "tmpfs", "tmpfs", "/run").returncode, 0)
        self.assertEqual(gx.run("mount", "-o", "remount,ro", "/run").returncode, 0)
        done = gx.boot()
        self.assertEqual(done.returncode, 0)
        self.assertIn("could not be put into", done.stdout)


class Places(OnADevice):
    """Which file counts, for everything that reads one."""

    def setUp(self):
        super().setUp()
        self.device()

    def shown(self, *words):
        done = self.gx.dbus_bms("config", "show", *words)
        words = next(words for line in done.stdout.splitlines() if (words := line.split())[:1] == ["max_charge_current"])
        return done.stderr.strip(), " ".join(words[1:])

    def test_the_first_that_is_there(self):
        none = f"no configuration file (/{APP}/config.ini, /etc/dbus-bms/config.ini): everything has its default"
        self.assertEqual(self.shown(), (none, "50 A default"))
        self.gx.write("etc/dbus-bms/config.ini", "[default]\nmax_charge_current = 22\n")
        self.assertEqual(self.shown(), ("configuration: /etc/dbus-bms/config.ini",
                                        "22 A config.ini:2 [default]"))
        self.gx.write(APP + "/config.ini", "[default]\nmax_charge_current = 11\n")
        self.assertEqual(self.shown(), (f"configuration: /{APP}/config.ini", "11 A config.ini:2 [default]"))
        self.assertEqual(self.shown("/etc/dbus-bms/config.ini")[1], "22 A config.ini:2 [default]")

    def test_every_command_that_reads_one(self):
        self.gx.write("etc/dbus-bms/config.ini", "[default]\nmax_charge_current = 22\nbms = dayl\n")
        said = "/etc/dbus-bms/config.ini"
        for words in (("config", "check"), ("config", "show"), ("detect", "ttyNONE"), ("run", "ttyNONE"), ("bridge", "--release"),
                      ("replay", "/dev/null")):
            done = self.gx.dbus_bms(*words)
            self.assertIn(f"configuration: {said}", done.stdout + done.stderr, words)
            self.assertIn(f"{said}:3: ", done.stdout + done.stderr, words)
            done = self.gx.dbus_bms(*words, "--config", "/nonexistent/config.ini")
            self.assertEqual(done.returncode, 2, words)
            self.assertIn("found \"/nonexistent/config.ini\": No such file or directory", done.stderr)

    def test_what_is_no_file_keeps_nothing_from_running(self):
        os.mkfifo(self.gx.root / APP / "config.ini")
        self.assertIn("config.ini is no file", self.shown()[0])
        self.gx.root.joinpath(APP, "config.ini").unlink()
        self.gx.root.joinpath(APP, "config.ini").mkdir()
        shown = self.shown()
        self.assertIn("is a directory", shown[0])
        self.assertEqual(shown[1], "50 A default")

    def test_a_filter_depends_on_no_file_that_nobody_named(self):
        self.gx.write(APP + "/config.ini", "[default]\nmax_charge_current = 11\n")
        frame = '{"dt_s": 1, "cells_v": [3.3, 3.3, 3.3, 3.3], "soc_pct": 50, "capacity_ah": 100}'
        done = self.gx.run("/bin/sh", "-c", f"echo '{frame}' | /{APP}/dbus-bms control")
        self.assertIn('"ccl_a":50.0', done.stdout)
        done = self.gx.run("/bin/sh", "-c", f"echo '{frame}' | /{APP}/dbus-bms control --config /{APP}/config.ini")
        self.assertIn('"ccl_a":11.0', done.stdout)


if __name__ == "__main__":
    harness.main()
