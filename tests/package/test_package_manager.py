#!/usr/bin/python3
"""Our part of PackageManager, of SetupHelper: it unpacks the archive into /data, and calls our setup from time to time."""

from gx import APP, seal
from harness import main
from package_case import PackageCase

# What is known of SetupHelper, when nobody is at the keyboard. What fails after its own checks becomes an UNINSTALL.
HELPERS = """
case $1 in
  install) scriptAction=INSTALL ;;
  uninstall) scriptAction=UNINSTALL ;;
  *) scriptAction=NONE ;;
esac
code=0
packageFolder=$(cd "$(dirname "$0")" && pwd)
if [ -f "$packageFolder/optionsRequired" ]; then exit 251; fi
standardActionPrompt() { scriptAction=INSTALL; }
setInstallFailed() {
  code=$1
  echo "$2" >&2
  if [ $scriptAction = INSTALL ]; then scriptAction=UNINSTALL; fi
}
endScript() {
  if [ $scriptAction = INSTALL ]; then cp "$packageFolder/version" /run/installedVersion; else rm -f /run/installedVersion; fi
  exit $code
}
"""


class Manager(PackageCase):
    def setUp(self):
        super().setUp()
        self.gx = self.device()
        helpers = self.gx.data / "SetupHelper/HelperResources"
        helpers.mkdir(parents=True)
        (helpers / "IncludeHelpers").write_text(HELPERS)

    def unpack(self, archive):
        self.gx.must("rm", "-rf", "/data/DbusBms")
        self.gx.must("mv", self.gx.put(archive), "/data/DbusBms")

    def test_it_installs_and_disables(self):
        self.battery(self.gx)
        self.unpack(self.archive)
        self.assertEqual(self.gx.must("cat", "/data/DbusBms/firstCompatibleVersion"), "v3.60\n")
        self.gx.must("/data/DbusBms/setup", "install", "runFromPm")
        self.assertEqual(self.gx.must("cat", "/run/installedVersion"), "v9.1.0\n")
        self.wait_for_battery(self.gx)
        pid = self.gx.pid("dbus-bms.ttyUSB0")
        # After an update of the firmware it does so again.
        self.gx.must("/data/DbusBms/setup", "install", "runFromPm")
        self.assertEqual(self.gx.pid("dbus-bms.ttyUSB0"), pid)
        self.gx.must("/data/DbusBms/setup", "uninstall", "runFromPm")
        self.assertIsNone(self.gx.pid("dbus-bms.ttyUSB0"))
        self.assertTrue((self.gx.data / "apps/dbus-bms/current").exists())

    def test_an_update_that_is_refused_leaves_what_runs(self):
        self.battery(self.gx)
        self.unpack(self.archive)
        self.gx.must("/data/DbusBms/setup", "install", "runFromPm")
        self.wait_for_battery(self.gx)
        pid = self.gx.pid("dbus-bms.ttyUSB0")
        bad = self.another("9.2.0")
        (bad / "bin/dbus-bms.armhf").write_text("#!/bin/sh\nexit 132\n")
        seal(bad)
        self.unpack(bad)
        done = self.gx.run("/data/DbusBms/setup", "install", "runFromPm")
        self.assertEqual(done.returncode, 255)
        self.assertIn("does not start on this device", done.stderr)
        self.assertEqual((self.gx.version(), self.gx.pid("dbus-bms.ttyUSB0")), ("v9.1.0", pid))
        self.assertIn("rc.local early", self.gx.must("cat", "/data/rcS.local"))
        self.assertTrue(self.gx.run(f"{APP}/current/status").stdout)


if __name__ == "__main__":
    main()
