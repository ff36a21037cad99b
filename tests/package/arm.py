#!/usr/bin/python3
"""The programs for GX devices as they are shipped, run by an emulator of their processors: of a Cortex-A8 for armhf, which
stops at what that cannot do. Needs build/gx from tools/package gx, and the programs of this machine beside them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/integration"))

from harness import BusClient, PrivateBus, Process, Settings, Simulator, TestCase, main  # noqa: E402

FRAMES = sorted((ROOT / "tests/frames").glob("*.json"))


class Arm:
    """What every processor has to show."""

    arch = triple = emulator = None

    @classmethod
    def setUpClass(cls):
        cls.stage = ROOT / "build/gx" / cls.arch / "stage"
        cls.work = Path(tempfile.mkdtemp(prefix="dbus-bms-arm-"))
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.shim = cls.work / "ioctl.so"
        subprocess.run([cls.triple + "-gcc", "-shared", "-fPIC", "-O1", "-o", cls.shim,
                        ROOT / "tests/package/target_ioctl.c"], check=True)

    def emulated(self, *words):
        """The libraries are those of the archive, found as on a device, and of the target only the C library."""
        return [*self.emulator, "-L", f"/usr/{self.triple}", "-E", f"LD_PRELOAD={self.shim}",
                self.stage / "bin" / f"dbus-bms.{self.arch}", *words]

    def test_only_the_libraries_of_the_archive_are_used(self):
        shown = subprocess.run([*self.emulator, "-L", f"/usr/{self.triple}", "-E", "LD_TRACE_LOADED_OBJECTS=1",
                                self.stage / "bin" / f"dbus-bms.{self.arch}"], capture_output=True, text=True).stdout
        for name in ("libsdbus-c++.so.1", "libsystemd.so.0", "libstdc++.so.6", "libgcc_s.so.1"):
            self.assertRegex(shown, rf"{name.replace('+', '[+]')} => \S*lib/{self.arch}/{name.replace('+', '[+]')} ")

    def test_all_frames(self):
        decoded = 0
        for file in FRAMES:
            frames = json.loads(file.read_text())
            family, cases = frames["protocol"], frames["cases"]
            if family == "ble":  # sessions of several families, with an answer for each exchange and each stream
                family, lines = "--bluetooth", json.dumps(frames)
                cases = [each for session in cases for each in [*session["exchanges"], *session.get("expect_stream", [])[:1]]]
            else:
                lines = "".join(json.dumps({key: each.get(key) for key in ("request", "response")}) + "\n" for each in cases)
            said = [subprocess.run([*command, "decode", family], input=lines, capture_output=True, text=True)
                    for command in (self.emulated(), [os.environ["DBUS_BMS"]])]
            with self.subTest(family=family):
                self.assertEqual(said[0].returncode, said[1].returncode, said[0].stderr)
                self.assertEqual(said[0].stdout.splitlines(), said[1].stdout.splitlines())
                self.assertEqual(len(said[0].stdout.splitlines()), len(cases))
            decoded += len(cases)
        self.assertGreater(decoded, 400)

    def test_a_battery_on_a_bus(self):
        bus = self.start(PrivateBus)
        self.start(Settings, bus)
        simulator = self.start(Simulator)
        bus.directory.joinpath("config.ini").touch()
        driver = self.start(lambda: Process("dbus-bms", self.emulated(
            "run", simulator.tty, "--state-dir", bus.directory / "state", "--run-dir", bus.directory / "run",
            "--config", bus.directory / "config.ini"), env=bus.env, output="both"))
        battery = self.start(BusClient, bus, "com.victronenergy.battery.ttyTEST")
        battery.wait_for(lambda items: items.get("/Soc") and items["/Soc"].value is not None, "its state of charge", 60)
        self.assertGreater(battery.items["/Info/MaxChargeCurrent"].value, 0)
        simulator.command("protect cell_overvoltage")
        battery.wait_for_value("/Info/MaxChargeCurrent", 0.0)
        driver.send_signal(15)
        self.assertEqual(driver.wait(), 0)
        battery.wait_for_no_name()


class Armhf(Arm, TestCase):
    arch, triple, emulator = "armhf", "arm-linux-gnueabihf", ["qemu-arm-static", "-cpu", "cortex-a8"]


class Aarch64(Arm, TestCase):
    arch, triple, emulator = "aarch64", "aarch64-linux-gnu", ["qemu-aarch64-static", "-cpu", "cortex-a53"]


if __name__ == "__main__":
    main()
