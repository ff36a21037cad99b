#!/usr/bin/python3
"""The hooks in /data belong to other packages as well: nothing of theirs may change, whatever happens."""

from gx import APP
from harness import main
from package_case import PackageCase


class Hooks(PackageCase):
    def setUp(self):
        super().setUp()
        self.gx = self.device()
        self.install(self.gx)

    def full(self):
        """From now on /data is another one, as it is now, without space for anything."""
        self.gx.must("sh", "-c", "mkdir /run/full && mount -t tmpfs -o size=24m tmpfs /run/full && cp -a /data/. /run/full && "
                                 "mount -o bind /run/full /data")
        self.gx.shell("cat /dev/zero >/data/filling")

    def write(self, name, content, mode=0o755):
        (self.gx.data / name).write_bytes(content)
        (self.gx.data / name).chmod(mode)

    def test_removal_from_a_full_data_partition_loses_no_line(self):
        self.write("rcS.local", b"#!/bin/sh\necho theirs\n")
        self.gx.script("enable")
        before = self.gx.must("cat", "/data/rcS.local")
        self.full()
        done = self.gx.run(f"{APP}/current/disable")
        self.assertEqual(self.gx.must("cat", "/data/rcS.local"), before)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/data/rcS.local could not be written and stays as it was; is /data full?", done.stdout)
        self.assertNotIn("rcS.local.dbus-bms", self.gx.must("ls", "/data"))
        self.gx.must("rm", "/data/filling")
        self.gx.script("disable")
        self.assertEqual(self.gx.must("cat", "/data/rcS.local"), "#!/bin/sh\necho theirs\n")

    def test_enabling_on_a_full_data_partition_loses_no_line(self):
        self.write("rcS.local", b"#!/bin/sh\necho theirs\n")
        self.gx.script("enable")
        self.gx.script("disable")
        self.full()
        done = self.gx.run(f"{APP}/current/enable")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.gx.must("cat", "/data/rcS.local"), "#!/bin/sh\necho theirs\n")

    def test_a_line_after_which_nothing_is_carried_out(self):
        for end in (b"exit 0\n", b"exit", b"exec /data/other"):
            with self.subTest(end=end):
                content = b"#!/bin/sh\nif false; then\n  exit 1\nfi\n" + end
                self.write("rcS.local", content)
                self.gx.script("enable")
                lines = (self.gx.data / "rcS.local").read_bytes().splitlines()
                self.assertEqual(lines[-1], end.strip())
                self.assertIn(b"rc.local early", lines[-2])
                self.gx.script("disable")
                self.assertEqual((self.gx.data / "rcS.local").read_bytes(), content)

    def test_removal_gives_back_the_same_bytes(self):
        for content in (b"", b"#!/bin/sh", b"#!/bin/sh\n", b"#!/bin/sh\necho theirs", b"echo theirs\n\n"):
            for mode in (0o755, 0o640):
                with self.subTest(content=content, mode=oct(mode)):
                    self.write("rcS.local", content, mode)
                    self.gx.script("enable")
                    self.gx.script("disable")
                    self.assertEqual((self.gx.data / "rcS.local").read_bytes(), content)
                    self.assertEqual((self.gx.data / "rcS.local").stat().st_mode & 0o777, mode)
        self.assertFalse((self.gx.data / "rc.local").exists())

    def test_uninstall_from_a_full_data_partition(self):
        content = "#!/bin/sh\necho theirs\n"
        self.write("rcS.local", content.encode())
        self.gx.script("enable")
        self.full()
        self.gx.must(f"{APP}/current/uninstall", "--yes")
        self.assertEqual(self.gx.must("cat", "/data/rcS.local"), content)
        self.assertNotEqual(self.gx.run("test", "-e", "/data/apps").returncode, 0)

    def test_uninstall_spares_what_is_still_bound(self):
        self.gx.script("enable")
        self.gx.shell("mkdir /run/no; printf '#!/bin/sh\\nexit 1\\n' >/run/no/umount; chmod 755 /run/no/umount")
        done = self.gx.shell(f"PATH=/run/no:$PATH {APP}/current/uninstall --yes")
        self.assertEqual(done.returncode, 1)
        self.assertIn("still in use; restart the device", done.stderr)
        self.assertIn("gps-dbus", self.gx.must("ls", "/opt/victronenergy/service-templates"))
        self.gx.power_off()
        self.gx.boot()
        self.gx.must(f"{APP}/current/uninstall", "--yes")

    def test_a_removal_that_is_killed_at_the_deed_is_done_the_next_time(self):
        self.gx.script("enable")
        self.gx.shell("mkdir /run/no; printf '#!/bin/sh\\nkill -9 $PPID\\n' >/run/no/rmdir; chmod 755 /run/no/rmdir")
        self.gx.shell(f"PATH=/run/no:$PATH {APP}/current/disable")
        self.assertTrue((self.gx.data / "conf/serial-starter.d").exists())
        self.gx.script("disable")
        self.assertFalse((self.gx.data / "conf/serial-starter.d").exists())


if __name__ == "__main__":
    main()
