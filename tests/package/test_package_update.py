#!/usr/bin/python3
"""Updates on a model of a GX device: whatever happens to one, the owner has his battery."""

from gx import APP, seal, wait_until
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
        seal(bad)
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

    def test_a_list_without_its_end_changes_nothing(self):
        gx, _ = self.running()
        bad = self.another("9.2.0")
        lines = (bad / "contents").read_text().splitlines(keepends=True)
        for left in (lines[:-1], lines[:-2], lines[:5], lines[:5] + lines[6:]):
            with self.subTest(left=len(left)):
                (bad / "contents").write_text("".join(left))
                done = gx.run(gx.put(bad) + "/install")
                self.assertEqual(done.returncode, 1)
                self.assertIn("is damaged or not complete", done.stderr)
        self.assertEqual(gx.version(), "v9.1.0")

    def test_permissions_that_a_stick_has_lost(self):
        for mode in (0o644, 0o755):
            with self.subTest(mode=oct(mode)):
                gx = self.device()
                unpacked = gx.put(self.archive)
                gx.must("find", unpacked, "-type", "f", "-exec", "chmod", f"{mode:o}", "{}", "+")
                gx.must("sh", f"{unpacked}/install")
                gx.script("enable")
                wrong = gx.must("sh", "-c", f"cd {APP}/current/ && find . -type f -perm /111 | sort").split()
                self.assertEqual(wrong, ["./bin/dbus-bms.armhf", "./disable", "./enable", "./install", "./pin", "./rc.local", "./rollback",
                                         *(f"./service/{name}/{run}" for name in ("dbus-bms-bank", "dbus-bms-bluetooth", "dbus-bms-bridge", "dbus-bms") for run in ("log/run", "run")),
                                         "./setup", "./spare", "./status", "./uninstall"])
                gx.must("sh", f"{unpacked}/uninstall", "--yes")

    def test_one_that_loses_the_battery_is_left_again(self):
        gx, client = self.running()
        # What confirm waits for is shortened; nothing else about it.
        bad = self.another("9.2.0", extra="[ \"$1\" != run ] || exit 1")
        text = (bad / "install").read_text()
        (bad / "install").write_text(text.replace("confirm 120", "confirm 8"))
        seal(bad)
        done = gx.run(gx.put(bad) + "/install")
        self.assertEqual(done.returncode, 1)
        self.assertIn("1 batteries were there before, and 0 came back within 8 s with version 9.2.0", done.stdout)
        self.assertIn("version 9.1.0 runs again", done.stdout)
        self.assertEqual(gx.version(), "v9.1.0")
        self.wait_for_battery(gx)

    def test_who_goes_away_meanwhile_has_it_judged_all_the_same(self):
        gx, _ = self.running()
        bad = self.another("9.2.0", extra="[ \"$1\" != run ] || exit 1")
        text = (bad / "install").read_text()
        (bad / "install").write_text(text.replace("confirm 120", "confirm 8"))
        seal(bad)
        # Its output has an end before it has.
        gx.shell(f"{gx.put(bad)}/install 2>&1 | head -n 1")
        previous = gx.data / "apps/dbus-bms/previous"
        wait_until(lambda: previous.is_symlink() and str(previous.readlink()) == "versions/9.2.0", "that it is left again")
        self.wait_for_battery(gx)
        good = gx.put(self.another("9.3.0"))
        said = gx.data / "said"
        said.touch()
        gx.shell(f"{good}/install >/data/said 2>&1 & echo $! >/run/install")
        wait_until(lambda: "waiting for" in said.read_text(), "that it waits")
        gx.shell("kill -HUP $(cat /run/install)")
        wait_until(lambda: not (gx.data / "apps/dbus-bms/trial").exists(), "that it has proved itself")
        self.assertEqual(gx.version(), "v9.3.0")

    def test_one_whose_judge_was_killed_is_the_one_to_go_back_to(self):
        gx, _ = self.running()
        said = gx.data / "said"
        said.touch()
        gx.shell(f"{gx.put(self.another('9.2.0'))}/install >/data/said 2>&1 & echo $! >/run/install")
        wait_until(lambda: "waiting for" in said.read_text(), "that it waits")
        gx.shell("kill -9 $(cat /run/install)")
        (gx.data / "apps/dbus-bms/trial").write_text("1 1\n")  # also if it was too late
        self.wait_for_battery(gx)
        self.install(gx, self.another("9.3.0"))
        gx.script("rollback")
        self.assertEqual(gx.version(), "v9.2.0")

    def test_what_counts_soon_after_a_start_is_what_ran_before_it(self):
        gx, _ = self.running()
        app = gx.data / "apps/dbus-bms"
        gx.pull_out("ttyUSB0")
        gx.must("sh", "-c", "rm -f /run/dbus-bms/heartbeat/*")
        (app / "lived").write_text("1\n")
        unpacked = self.another("9.2.0")
        text = (unpacked / "install").read_text()
        (unpacked / "install").write_text(text.replace("confirm 120", "confirm 2"))
        seal(unpacked)
        place = gx.put(unpacked)
        gx.must("sh", "-c", "echo 599.0 1.0 >/run/uptime; mount -o bind /run/uptime /proc/uptime")
        self.assertEqual(gx.run(f"{place}/install").returncode, 1)
        self.assertEqual(gx.version(), "v9.1.0")
        gx.must("umount", "/proc/uptime")
        gx.must(f"{place}/install")
        self.assertEqual(gx.version(), "v9.2.0")

    def installed_at_a_start(self, gx):
        """A version that loses the battery, installed before anything runs, while it is being judged."""
        gx.power_off()
        gx.boot()
        self.wait_for_battery(gx)
        wait_until(lambda: (gx.data / "apps/dbus-bms/lived").exists(), "that the battery is remembered", 180)
        self.assertEqual((gx.data / "apps/dbus-bms/lived").read_text(), "1\n")
        bad = self.another("9.2.0", extra="[ \"$1\" != run ] || exit 1")
        text = (bad / "rc.local").read_text()
        (bad / "rc.local").write_text(text.replace("confirm 300", ": >/run/judging; confirm 20; : >/run/judged"))
        seal(bad)
        unpacked = gx.put(bad)
        gx.power_off()
        (gx.data / "rcS.local").write_text((gx.data / "rcS.local").read_text() + f"[ -e /data/once ] || {{ touch /data/once; {unpacked}/install; }}\n")
        gx.boot()
        wait_until(lambda: gx.run("test", "-e", "/run/judging").returncode == 0, "the judge")
        self.assertEqual(gx.version(), "v9.2.0")

    def judged(self, gx):
        wait_until(lambda: gx.run("test", "-e", "/run/judged").returncode == 0, "that it has been judged", 180)

    def test_one_that_loses_the_battery_at_a_start_is_left_again(self):
        gx, _ = self.running()
        self.installed_at_a_start(gx)
        # Somebody is at work meanwhile, and is waited for.
        gx.shell("sleep 25 >/dev/null 2>&1 & p=$!; ln -sn $p-$(sed 's/.*) //' /proc/$p/stat | cut -d ' ' -f 20) /run/dbus-bms/busy")
        self.judged(gx)
        self.assertEqual(gx.version(), "v9.1.0")
        self.wait_for_battery(gx)

    def test_the_owner_is_faster_than_the_judge(self):
        gx, _ = self.running()
        self.installed_at_a_start(gx)
        gx.script("rollback")
        self.assertEqual(gx.version(), "v9.1.0")
        gx.must("rm", "-rf", "/run/dbus-bms/heartbeat")
        gx.pull_out("ttyUSB0")
        self.judged(gx)
        self.assertEqual(gx.version(), "v9.1.0")

    def test_one_that_never_lives_is_left_after_three_starts(self):
        gx, _ = self.running()
        gx.power_off()
        gx.boot()
        self.wait_for_battery(gx)
        wait_until(lambda: (gx.data / "apps/dbus-bms/lived").exists(), "that the battery is remembered", 180)
        self.assertEqual((gx.data / "apps/dbus-bms/lived").read_text(), "1\n")
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

    def test_a_trial_of_which_a_power_cut_has_left_the_name(self):
        gx, _ = self.running()
        self.install(gx, self.another("9.2.0"))
        trial = gx.data / "apps/dbus-bms/trial"
        for content in ("", "x\n"):
            with self.subTest(content=content):
                gx.power_off()
                (gx.data / "apps/dbus-bms/lived").write_text("1\n")
                trial.write_text(content)
                gx.boot()
                self.assertEqual(gx.must("cat", "/run/rcS.log"), "")
                wait_until(lambda: not trial.exists(), "that the new version has proved itself", 60)
                self.assertEqual(gx.version(), "v9.2.0")

    def test_one_script_at_a_time(self):
        gx, _ = self.running()
        gx.shell("sleep 1000 >/dev/null 2>&1 & echo $! >/run/sleeper")
        pid = gx.must("cat", "/run/sleeper").strip()
        began = gx.must("cat", f"/proc/{pid}/stat").rsplit(")", 1)[1].split()[19]
        gx.must("ln", "-sn", f"{pid}-{began}", "/run/dbus-bms/busy")
        done = gx.run(f"{APP}/current/enable")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"another of these scripts is at work (process {pid})", done.stderr)
        # One that has ended, and whose number is another process's by now.
        for owner in (f"{pid}-{int(began) - 1}", "999999-1", "nonsense"):
            with self.subTest(owner=owner):
                gx.must("ln", "-sfn", owner, "/run/dbus-bms/busy")
                gx.script("enable")
                self.assertEqual(gx.run("readlink", "/run/dbus-bms/busy").stdout, "")

    def test_the_plug_is_pulled_right_after_the_switch(self):
        gx, _ = self.running()
        new = self.another("9.2.0")
        # Its last word before it would start anything anew.
        text = (new / "install").read_text()
        (new / "install").write_text(text.replace('"$app/current/enable" || exit\n', "echo switched; sleep 1000\n"))
        seal(new)
        unpacked = gx.put(new)
        gx.shell(f"{unpacked}/install >/data/said 2>&1 &")
        wait_until(lambda: "switched" in (gx.data / "said").read_text(), "the switch")
        gx.power_off()
        gx.boot()
        self.wait_for_battery(gx)
        self.assertEqual(gx.version(), "v9.2.0")
        wait_until(lambda: not (gx.data / "apps/dbus-bms/trial").exists(), "that the new version has proved itself")


if __name__ == "__main__":
    main()
