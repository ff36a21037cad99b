#!/usr/bin/python3
"""Updates on a model of a GX device: whatever happens to one, the owner has his battery."""

import subprocess

from gx import wait_until
from harness import main
from package_case import PackageCase


class Updates(PackageCase):
    def running(self):
        """A device with a battery."""
        gx = self.device(boot=False)
        self.battery(gx)
        gx.boot()
        self.install(gx)
        gx.script("enable")
        return gx, self.wait_for_battery(gx)

    def test_a_better_version_and_back(self):
        gx, client = self.running()
        (gx.data / "apps/dbus-bms/config.ini").write_text("[default]\nmax_charge_current = 33\n")
        said = self.install(gx, self.another("9.2.0"))
        self.assertIn("version 9.2.0 is installed; before it was 9.1.0", said)
        self.assertIn("waiting for 1 batteries", said)
        self.assertNotIn("runs again", said)
        client.wait_for_value("/Info/MaxChargeCurrent", 33.0)
        self.assertEqual(gx.version(), "v9.2.0")
        self.assertFalse((gx.data / "apps/dbus-bms/trial").exists())

        gx.script("rollback")
        self.assertEqual(gx.version(), "v9.1.0")
        self.wait_for_battery(gx)
        gx.script("rollback")
        self.assertEqual(gx.version(), "v9.2.0")
        # A third one pushes the first one out.
        self.install(gx, self.another("9.3.0"))
        self.assertEqual(sorted(path.name for path in gx.data.glob("apps/dbus-bms/versions/*")), ["9.2.0", "9.3.0"])
        self.assertEqual((gx.data / "apps/dbus-bms/config.ini").read_text(), "[default]\nmax_charge_current = 33\n")

    def test_one_that_does_not_start_changes_nothing(self):
        gx, client = self.running()
        pid = gx.pid("dbus-bms.ttyUSB0")
        bad = self.another("9.2.0")
        (bad / "bin/dbus-bms.armhf").write_text("#!/bin/sh\necho Illegal instruction >&2\nexit 132\n")
        subprocess.run("sha256sum $(find . -type f ! -name contents) > contents", shell=True, cwd=bad, check=True)
        done = gx.run(gx.put(bad) + "/install")
        self.assertEqual(done.returncode, 1)
        self.assertIn("does not start on this device, so nothing was changed; it says: Illegal instruction", done.stderr)
        self.assertEqual((gx.version(), gx.pid("dbus-bms.ttyUSB0")), ("v9.1.0", pid))

    def test_a_damaged_archive_changes_nothing(self):
        gx, _ = self.running()
        bad = self.another("9.2.0")
        with (bad / "lib/armhf/libexample.so.1").open("r+b") as file:
            file.seek(1000)
            file.write(b"x")
        done = gx.run(gx.put(bad) + "/install")
        self.assertIn("is damaged or not complete", done.stderr)
        self.assertEqual(gx.version(), "v9.1.0")

    def test_one_that_loses_the_battery_is_left_again(self):
        gx, client = self.running()
        # What confirm waits for is shortened; nothing else about it.
        bad = self.another("9.2.0", extra="[ \"$1\" != run ] || exit 1")
        text = (bad / "install").read_text()
        (bad / "install").write_text(text.replace("confirm 120", "confirm 8"))
        subprocess.run("sha256sum $(find . -type f ! -name contents) > contents", shell=True, cwd=bad, check=True)
        said = self.install(gx, bad)
        self.assertIn("1 batteries were there before, and 0 came back within 8 s with version 9.2.0", said)
        self.assertIn("version 9.1.0 runs again", said)
        self.assertEqual(gx.version(), "v9.1.0")
        self.wait_for_battery(gx)

    def test_one_that_never_lives_is_left_after_three_starts(self):
        gx, _ = self.running()
        gx.power_off()
        gx.boot()
        self.wait_for_battery(gx)
        wait_until(lambda: (gx.data / "apps/dbus-bms/lived").exists(), "that the battery is remembered")
        unpacked = gx.put(self.another("9.2.0", extra="[ \"$1\" != run ] || exit 1"))
        gx.power_off()
        # As from a stick: before anything runs.
        (gx.data / "rcS.local").write_text((gx.data / "rcS.local").read_text() + f"[ -e /data/once ] || {{ touch /data/once; {unpacked}/install; }}\n")
        gx.boot()
        for start in range(4):
            self.assertEqual(gx.version(), "v9.2.0")
            gx.power_off()
            gx.boot()
        self.assertEqual(gx.version(), "v9.1.0")
        self.wait_for_battery(gx)

    def test_the_plug_is_pulled_right_after_the_switch(self):
        gx, _ = self.running()
        unpacked = gx.put(self.another("9.2.0"))
        # Its last word before it would start anything anew.
        gx.shell(f"sed -i 's|^\"$app/current/enable\" .*|echo switched; sleep 1000|' {unpacked}/install")
        gx.shell(f"cd {unpacked} && sha256sum $(find . -type f ! -name contents) >contents.new && mv contents.new contents")
        gx.shell(f"{unpacked}/install >/data/said 2>&1 &")
        wait_until(lambda: "switched" in (gx.data / "said").read_text(), "the switch")
        gx.power_off()
        gx.boot()
        self.wait_for_battery(gx)
        self.assertEqual(gx.version(), "v9.2.0")
        wait_until(lambda: not (gx.data / "apps/dbus-bms/trial").exists(), "that the new version has proved itself")


if __name__ == "__main__":
    main()
