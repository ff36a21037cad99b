#!/usr/bin/python3
"""Every script is killed at each of its steps and then called again: what ran before must still be there in between, and
everything must be right in the end. BMS_WHOLE=1 takes every step; otherwise some of them are enough for every day."""

import os

from gx import APP, tree_of, wait_until
from harness import main
from package_case import PackageCase

# What changes anything. In front of the real ones these count, and at one of the steps they end everything.
CHANGING = ("chmod", "chown", "cp", "ln", "mkdir", "mount", "mv", "rm", "rmdir", "svc", "sync", "udevadm", "umount")
STEP = """#!/bin/sh
count=$(($(cat /run/steps/count) + 1))
echo $count >/run/steps/count
if [ $count = "$(cat /run/steps/last)" ]; then kill -9 -"$(cat /run/steps/group)"; fi
exec /bin/NAME "$@"
"""
WHOLE = "BMS_WHOLE" in os.environ


class Interrupted(PackageCase):
    def setUp(self):
        super().setUp()
        self.gx = self.device()
        self.gx.must("mkdir", "-p", "/run/steps/bin")
        for name in CHANGING:
            self.gx.shell(f"cat >/run/steps/bin/{name} <<'END'\n{STEP.replace('NAME', name)}END\nchmod 755 /run/steps/bin/{name}")

    def killed_at(self, step, command):
        """Runs it until this step. Whether it came that far; 0 is no step, so it runs to its end."""
        self.gx.must("sh", "-c", f"echo 0 >/run/steps/count; echo {step} >/run/steps/last")
        done = self.gx.shell("PATH=/run/steps/bin:$PATH setsid sh -c "
                             f"'echo $$ >/run/steps/group; exec {command}' </dev/null >/run/steps/said 2>&1")
        if done.returncode not in (0, -9):
            raise AssertionError(f"{command} ended with {done.returncode}: " + self.gx.run("cat", "/run/steps/said").stdout)
        return done.returncode == -9

    def at_each_step(self, command, begin, between, end):
        """`begin` makes the state before, `between` looks at what an interruption has left, `end` at the outcome."""
        begin()
        self.assertFalse(self.killed_at(0, command))
        end()
        steps = int(self.gx.must("cat", "/run/steps/count"))
        self.assertGreater(steps, 5)
        stride = 1 if WHOLE else max(1, steps // 5)
        # How often it waits is not always the same, so the last ones may not come.
        for step in range(1, steps - 1, stride):
            with self.subTest(command=command, step=step, of=steps):
                begin()
                self.assertTrue(self.killed_at(step, command))
                between()
                self.assertFalse(self.killed_at(0, command))
                end()

    def usable(self):
        self.assertIn(self.gx.must(f"{APP}/dbus-bms", "--version").strip(), ("dbus-bms 9.1.0", "dbus-bms 9.2.0"))

    def wait_for_serial_starter(self):
        wait_until(lambda: self.gx.pid("serial-starter"), "that serial-starter runs")

    def test_an_update(self):
        old, new = self.gx.put(self.archive), self.gx.put(self.another("9.2.0"))

        self.gx.must(f"{old}/install")
        self.gx.script("enable")

        def begin():
            self.gx.must("sh", "-c", f"cd {APP}; rm -rf versions/9.2.0 previous trial; ln -sfn versions/9.1.0 current")

        def end():
            self.assertEqual(self.gx.must(f"{APP}/dbus-bms", "--version"), "dbus-bms 9.2.0\n")
            self.assertEqual(self.gx.must("cat", f"{APP}/previous/version"), "v9.1.0\n")
            self.assertFalse((self.gx.data / "apps/dbus-bms/trial").exists())
            self.assertIn("v9.2.0", self.gx.must("cat", f"{APP}/current/version"))

        self.at_each_step(f"{new}/install", begin, self.usable, end)

    def test_going_back(self):
        old, new = self.gx.put(self.archive), self.gx.put(self.another("9.2.0"))
        self.gx.must(f"{old}/install")
        self.gx.must(f"{new}/install")

        def begin():
            self.gx.must("sh", "-c", f"cd {APP}; rm -f left; ln -sfn versions/9.1.0 previous; ln -sfn versions/9.2.0 current")

        def link(name):
            return self.gx.must("readlink", f"{APP}/{name}").strip()

        def end():
            self.assertEqual((link("current"), link("previous")), ("versions/9.1.0", "versions/9.2.0"))

        begin()
        self.assertFalse(self.killed_at(0, f"{APP}/current/rollback"))
        # Up to the step that completes it; after that it is done, and the next one goes forth again.
        for step in range(1, int(self.gx.must("cat", "/run/steps/count"))):
            with self.subTest(step=step):
                begin()
                self.assertTrue(self.killed_at(step, f"{APP}/current/rollback"))
                self.usable()
                if link("previous") != "versions/9.2.0":
                    self.assertFalse(self.killed_at(0, f"{APP}/current/rollback"))
                end()

    def test_enable_disable_and_removal(self):
        unpacked = self.gx.put(self.archive)
        self.gx.must(f"{unpacked}/install")
        installed = tree_of(self.gx.data, without=["log", "unpacked", "apps/dbus-bms/made"])
        self.gx.script("enable")
        enabled = tree_of(self.gx.data, without=["log", "unpacked", "apps/dbus-bms/made"])

        def is_enabled():
            self.assertEqual(tree_of(self.gx.data, without=["log", "unpacked", "apps/dbus-bms/made"]), enabled)
            self.wait_for_serial_starter()
            self.assertIn("dbus-bms", self.gx.must("ls", "/opt/victronenergy/service-templates").split())
            self.assertEqual(self.gx.must("mount").count("/opt/victronenergy/service-templates"), 1)

        def is_disabled():
            self.assertEqual(tree_of(self.gx.data, without=["log", "unpacked", "apps/dbus-bms/made"]), installed)
            self.wait_for_serial_starter()
            self.assertNotIn("dbus-bms", self.gx.must("ls", "/opt/victronenergy/service-templates").split())
            self.assertNotIn("dbus-bms-bridge", self.gx.must("ls", "/service"))

        def nothing():
            """An interruption may leave serial-starter stopped, and must not do so after the next try."""

        self.at_each_step(f"{APP}/current/disable", lambda: self.gx.script("enable"), nothing, is_disabled)
        self.at_each_step(f"{APP}/current/enable", lambda: self.gx.script("disable"), nothing, is_enabled)


if __name__ == "__main__":
    main()
