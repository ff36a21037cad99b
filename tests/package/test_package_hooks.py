#!/usr/bin/python3
"""The hooks in /data belong to other packages as well: nothing of theirs may change, whatever happens."""

from gx import APP, tree_of
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

    def test_a_line_in_a_function_is_not_the_end(self):
        for first in (b"#!/bin/sh\n", b""):
            with self.subTest(first=first):
                content = first + b"fail() {\necho bad\nexit 1\n}\n[ -e /data ] || fail\n"
                self.write("rcS.local", content)
                self.gx.script("enable")
                lines = (self.gx.data / "rcS.local").read_bytes().splitlines()
                self.assertIn(b"rc.local early", lines[1 if first else 0])
                self.gx.script("disable")
                self.assertEqual((self.gx.data / "rcS.local").read_bytes(), content)

    def test_a_line_that_stands_behind_the_end_is_moved(self):
        self.write("rcS.local", b"#!/bin/sh\necho theirs\n")
        self.gx.script("enable")
        file = self.gx.data / "rcS.local"
        file.write_bytes(file.read_bytes().replace(b"echo theirs\n", b"echo theirs\nexit 0\n"))
        self.gx.script("enable")
        self.assertIn(b"rc.local early", file.read_bytes().splitlines()[-2])
        self.gx.script("disable")
        self.assertEqual(file.read_bytes(), b"#!/bin/sh\necho theirs\nexit 0\n")

    def test_no_line_of_ours_is_left(self):
        self.write("rcS.local", b"echo theirs\n")
        self.gx.script("enable")
        file = self.gx.data / "rcS.local"
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        self.gx.script("enable")
        self.gx.script("disable")
        self.assertEqual(file.read_bytes(), b"echo theirs\r\n")

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

    def test_lines_that_end_as_on_windows(self):
        for content in (b"echo theirs\r\n", b"echo theirs\r\nexit 0\r\n", b"#!/bin/sh\necho theirs\r\n", b"echo theirs\r", b"\r\n"):
            with self.subTest(content=content):
                self.write("rcS.local", content)
                self.write("rc.local", content)
                self.gx.script("enable")
                for name, when in (("rcS.local", b"early"), ("rc.local", b"late")):
                    ours = [line for line in (self.gx.data / name).read_bytes().split(b"\n") if APP.encode() in line]
                    self.assertEqual([line[-len(when):] for line in ours], [when])
                    self.assertTrue(ours[0].startswith(b"["))
                self.gx.script("disable")
                self.assertEqual((self.gx.data / "rcS.local").read_bytes(), content)
                self.assertEqual((self.gx.data / "rc.local").read_bytes(), content)

    def test_a_hook_that_was_edited_on_windows_is_left_without_our_line(self):
        self.write("rcS.local", b"echo theirs\n")
        self.gx.script("enable")
        for name in ("rcS.local", "rc.local"):
            file = self.gx.data / name
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        self.gx.script("disable")
        self.assertEqual((self.gx.data / "rcS.local").read_bytes(), b"echo theirs\r\n")
        self.assertFalse((self.gx.data / "rc.local").exists())

    def test_a_hook_that_cannot_be_ours_changes_nothing(self):
        def everything():
            return tree_of(self.gx.data), self.gx.must("ls", "-R", "/run/dbus-bms", "/service"), self.gx.must("mount")

        for name, make, said in (
                ("rc.local", lambda file: file.mkdir(), "expected a file, found a folder: /data/rc.local"),
                ("rc.local", lambda file: file.symlink_to("/data/nowhere/x"), "/data/rc.local leads nowhere"),
                ("rcS.local", lambda file: file.write_bytes(b"#!/bin/bash\r\necho theirs\r\n"), "sed -i 's/\\r$//' /data/rcS.local"),
                ("rc.local", lambda file: file.write_bytes(b"#!/usr/bin/python3\nprint(1)\n"), "expected a shell script, found another program: /data/rc.local"),
                ("conf/serial-starter.d", lambda file: file.write_bytes(b"old"), "expected a folder, found a file: /data/conf/serial-starter.d")):
            with self.subTest(said=said):
                file = self.gx.data / name
                make(file)
                before = everything()
                done = self.gx.run(f"{APP}/current/enable")
                self.assertEqual(done.returncode, 1)
                self.assertIn(said, done.stderr)
                self.assertIn("othing was changed", done.stderr)
                self.assertEqual(everything(), before)
                if file.is_dir():
                    file.rmdir()
                else:
                    file.unlink()

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
