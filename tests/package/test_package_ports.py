#!/usr/bin/python3
"""Which port is whose, on a model of a GX device with other packages beside us; and what is refused."""

import tarfile

import gx as model
from gx import APP, STOCK_CONF, wait_until
from harness import main
from package_case import PackageCase

OTHER = """service sbattery dbus-serialbattery
alias default gps:vedirect:sbattery
alias rs485 cgwacs:fzsonick:imt:modbus:sbattery
"""
# Another battery driver that takes a port and stays.
OTHER_DRIVER = """#!/bin/sh
exec 2>&1
set -- TTY
. /opt/victronenergy/serial-starter/run-service.sh
app=/bin/sleep
start 100000
"""


class Ports(PackageCase):
    def enabled(self, **release):
        gx = self.device(**release)
        self.install(gx)
        gx.script("enable")
        return gx

    def drop_in(self, gx, name, text):
        folder = gx.data / "conf/serial-starter.d"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    def lists(self, gx):
        aliases = gx.aliases()
        return aliases["default"], aliases["rs485"]

    def test_lists_of_other_packages_add_up(self):
        gx = self.device()
        self.drop_in(gx, "dbus-serialbattery.conf", OTHER)
        self.drop_in(gx, "other.conf", "service pylon dbus-pylon\r\nalias default gps:vedirect:pylon:nobody\r\n")
        self.install(gx)
        gx.script("enable")
        self.assertEqual(self.lists(gx), (["gps", "vedirect", "sbattery", "pylon", "dbusbms"],
                                          ["cgwacs", "fzsonick", "imt", "modbus", "sbattery", "dbusbms"]))
        # One that comes later and would have the last word loses it at the next start.
        self.drop_in(gx, "zzz-last.conf", "service last dbus-last\nalias default gps:vedirect:last\n")
        self.assertNotIn("dbusbms", self.lists(gx)[0])
        self.assertIn("another package has the last word", gx.script("status"))
        gx.power_off()
        gx.boot()
        self.assertEqual(self.lists(gx)[0], ["gps", "vedirect", "sbattery", "pylon", "last", "dbusbms"])
        # One that goes leaves nothing that would lock a port for ever.
        (gx.data / "conf/serial-starter.d/dbus-serialbattery.conf").unlink()
        text = "".join(file.read_text() for file in (gx.data / "conf/serial-starter.d").glob("*.conf"))
        self.assertIn("service sbattery dbus-serialbattery", text)
        gx.power_off()
        gx.boot()
        self.assertEqual(self.lists(gx)[0], ["gps", "vedirect", "pylon", "last", "dbusbms"])
        gx.script("disable")
        self.assertEqual(sorted(file.name for file in (gx.data / "conf/serial-starter.d").iterdir()), ["other.conf", "zzz-last.conf"])

    def test_dbus_serialbattery_beside_us(self):
        conf = STOCK_CONF.replace("alias default gps:vedirect", "service sbattery dbus-serialbattery\nalias default sbattery")
        gx = self.device(boot=False, conf=conf)
        template = gx.root / "opt/victronenergy/service-templates/dbus-serialbattery"
        template.mkdir()
        (template / "run").write_text(OTHER_DRIVER)
        (template / "run").chmod(0o755)
        (template / "down").write_text("")
        theirs = gx.data / "apps/dbus-serialbattery"
        theirs.mkdir(parents=True)
        (theirs / "config.ini").write_text("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 77.0\n")
        self.drop_in(gx, "dbus-serialbattery.conf", "alias default sbattery:gps\n")
        self.battery(gx)
        gx.boot()
        wait_until(lambda: gx.pid("dbus-serialbattery.ttyUSB0"), "the other driver")
        pid = gx.pid("dbus-serialbattery.ttyUSB0")
        said = self.install(gx)
        self.assertIn("dbus-serialbattery is installed in /data/apps/dbus-serialbattery and has ttyUSB0", said)
        gx.script("enable")
        # It keeps what it has, and we wait for our turn.
        self.assertEqual(gx.pid("dbus-serialbattery.ttyUSB0"), pid)
        self.assertIsNone(gx.pid("dbus-bms.ttyUSB0"))
        self.assertIn("dbus-serialbattery", gx.script("status"))

        gx.script("enable", "--take-over")
        client = self.wait_for_battery(gx)
        client.wait_for_value("/Info/MaxChargeCurrent", 77.0)
        self.assertIsNone(gx.pid("dbus-serialbattery.ttyUSB0"))
        self.assertNotIn("sbattery", self.lists(gx)[0])
        self.assertIn("max_charge_current = 77", (gx.data / "apps/dbus-bms/config.ini").read_text())

    def test_a_port_that_is_ours_for_good_and_one_that_is_not(self):
        gx = self.device()
        # The stock rule names programs for this kind of adapter.
        self.battery(gx, ID_MODEL="FT232R_USB_UART", ID_SERIAL_SHORT="A50285BI", ID_USB_INTERFACE_NUM="00")
        self.install(gx)
        gx.script("enable")
        said = gx.script("pin", "/dev/ttyUSB0")
        self.assertIn("ttyUSB0 is ours from now on, by its ID_SERIAL_SHORT A50285BI", said)
        self.wait_for_battery(gx)
        # Nobody else is tried: serial-starter is out of it.
        self.assertEqual(gx.shell("ls /dev/serial-starter").stdout, "")
        gx.power_off()
        gx.boot()
        client = self.wait_for_battery(gx)
        self.assertEqual(gx.probes(), [])

        said = gx.script("spare", "ttyUSB0")
        self.assertIn("ttyUSB0 is left to cgwacs:fzsonick:imt:modbus:gps:vedirect", said)
        client.wait_for_no_name()
        wait_until(lambda: "vedirect-interface ttyUSB0" in gx.probes(), "the others have their turns")
        # What others say of it is asked anew at each start, and a rule counts for what is plugged in already.
        self.drop_in(gx, "other.conf", "service pylon dbus-pylon\nalias default gps:vedirect:pylon\n")
        gx.power_off()
        gx.boot()
        self.assertIn("VE_SERVICE=cgwacs:fzsonick:imt:modbus:gps:vedirect:pylon\n", gx.must("cat", "/run/udev/ttyUSB0"))
        (gx.data / "conf/serial-starter.d/other.conf").unlink()
        gx.script("spare", "--undo", "ttyUSB0")
        self.wait_for_battery(gx)
        gx.script("disable")
        self.assertEqual(gx.must("mount").count("/etc/udev/rules.d"), 0)

    def test_adapters_that_cannot_be_told_apart(self):
        gx = self.enabled()
        for tty in ("ttyUSB0", "ttyUSB1"):
            self.battery(gx, tty, ID_SERIAL_SHORT="0001")
        self.assertIn("ttyUSB0 is ours from now on, by its ID_PATH platform-usb-0:0:1.0", gx.script("pin", "ttyUSB0"))
        self.wait_for_battery(gx)
        self.assertNotIn("VE_SERVICE", gx.must("cat", "/run/udev/ttyUSB1"))
        for tty in ("ttyUSB2", "ttyUSB3"):
            self.battery(gx, tty, ID_SERIAL_SHORT="A50285BI")
        done = gx.run(f"{APP}/current/spare", "ttyUSB2")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ttyUSB2 and ttyUSB3 cannot be told apart", done.stderr)

    def test_a_driver_without_a_lock_ends_before_another_one_begins(self):
        gx = self.enabled()
        self.battery(gx)
        gx.script("pin", "ttyUSB0")
        self.wait_for_battery(gx)
        # As after a change of the configuration.
        pid = gx.pid("dbus-bms.ttyUSB0")
        gx.must("svc", "-t", "/service/dbus-bms.ttyUSB0")
        wait_until(lambda: gx.pid("dbus-bms.ttyUSB0") not in (None, pid), "the driver is back")
        gx.must("rm", "-f", "/run/lock/serial-starter/ttyUSB0")
        gx.script("spare", "ttyUSB0")
        self.assertIsNone(gx.pid("dbus-bms.ttyUSB0"))

    def test_no_port_stays_locked_by_nobody(self):
        gx = self.device()
        self.install(gx)
        # A driver that has given its lock back and is about to end, while serial-starter, about to end as well, has taken it.
        run = "#!/bin/sh\nbefore=$(svstat /service/serial-starter)\nwhile [ \"${before%)*}\" = \"$(svstat /service/serial-starter | sed 's/).*//')\" ]; do sleep 0.1; done\n"
        ends = run + "until svstat /service/serial-starter | grep -q ': up '; do sleep 0.1; done\nsvc -d /service/driver.ttyUSB0\n"
        stays = "#!/bin/sh\nexec sleep 10000\n"
        for tty, text in (("ttyUSB0", ends), ("ttyUSB1", stays)):
            gx.must("mkdir", "-p", f"/run/driver.{tty}", "/run/lock/serial-starter")
            gx.shell(f"cat >/run/driver.{tty}/run <<'END'\n{text}END\nchmod 755 /run/driver.{tty}/run; ln -s /run/driver.{tty} /service/driver.{tty}")
        for tty in ("ttyUSB0", "ttyUSB1", "ttyUSB2"):
            gx.must("ln", "-s", "999999", f"/run/lock/serial-starter/{tty}")
        wait_until(lambda: gx.pid("driver.ttyUSB0") and gx.pid("driver.ttyUSB1"), "two drivers")
        gx.script("enable")
        self.assertEqual(gx.must("ls", "/run/lock/serial-starter"), "ttyUSB1\n")

    def test_what_pin_refuses(self):
        gx = self.enabled()
        for words, said in (([], "usage: pin"), (["ttyUSB7"], "there is no /dev/ttyUSB7"), (["../etc"], "expected a port")):
            done = gx.run(f"{APP}/current/pin", *words)
            self.assertEqual(done.returncode, 1)
            self.assertIn(said, done.stderr)
        self.battery(gx, ID_PATH="*", ID_SERIAL_SHORT="")
        done = gx.run(f"{APP}/current/pin", "ttyUSB0")
        self.assertIn("cannot stand in a rule", done.stderr)


class Refusals(PackageCase):
    def refused(self, said, **release):
        gx = self.device(**release)
        before = model.tree_of(gx.data, without=["unpacked"])
        done = gx.run(gx.put(self.archive) + "/install")
        self.assertEqual(done.returncode, 1)
        self.assertIn(said, done.stderr)
        self.assertEqual(model.tree_of(gx.data, without=["unpacked"]), before)

    def test_releases(self):
        for version, found in (("v3.55", "found v3.55"), ("v3.60~18", "found v3.60~18"), ("v2.94-large-21", "found v2.94-large-21"),
                               ("nonsense", 'found "nonsense"')):
            with self.subTest(version=version):
                self.refused(found, version=version)

    def test_another_processor(self):
        self.refused("expected a system for armhf or aarch64", loader=None)

    def test_hooks_of_others_stay_as_they_are(self):
        gx = self.device()
        self.install(gx)
        hook = gx.data / "rcS.local"
        hook.write_bytes(b"#!/bin/bash\necho theirs >/run/theirs")
        hook.chmod(0o640)
        (gx.data / "rc.local").write_text("")
        before = {name: (path.read_bytes(), path.stat().st_mode) for name in ("rcS.local", "rc.local") for path in [gx.data / name]}
        for _ in range(2):
            gx.script("enable")
        lines = hook.read_text().splitlines()
        self.assertEqual(lines[:2], ["#!/bin/bash", "echo theirs >/run/theirs"])
        self.assertEqual(len(lines), 3)
        self.assertEqual(hook.stat().st_mode & 0o111, 0o111)
        gx.script("disable")
        after = {name: (path.read_bytes().rstrip(b"\n"), path.stat().st_mode) for name in before for path in [gx.data / name]}
        self.assertEqual(after["rcS.local"], before["rcS.local"])

    def test_a_full_data_partition(self):
        gx = self.device()
        unpacked = gx.put(self.archive)
        gx.must("mkdir", "/data/apps", "/run/small")
        for small in ("/data/apps", "/run/small"):
            gx.must("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small)
        # What is asked is how much is free below /data.
        gx.shell("printf '#!/bin/sh\\nexec /bin/df -kP /run/small\\n' >/run/small/df; chmod 755 /run/small/df")
        done = gx.shell(f"PATH=/run/small:$PATH {unpacked}/install")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"expected \d+ kB of free space on /data, found 10\d\d\. ")
        # And where the answer was wrong, the disk says so itself.
        done = gx.run(f"{unpacked}/install")
        self.assertEqual(done.returncode, 1)
        self.assertIn("is /data full?", done.stderr)
        self.assertEqual(gx.must("ls", "-A", "/data/apps"), "")

    def test_too_little_space_costs_nothing(self):
        gx = self.device()
        third = gx.put(self.another("9.3.0"))
        gx.must("mkdir", "/run/small")
        # As much as a test says is free.
        gx.shell("printf '#!/bin/sh\\necho\\necho none 0 0 $(cat /run/small/free)\\n' >/run/small/df; chmod 755 /run/small/df; echo 100 >/run/small/free")
        install = f"PATH=/run/small:$PATH {third}/install"
        self.assertEqual(gx.shell(install).returncode, 1)
        self.assertFalse((gx.data / "apps").exists())
        self.install(gx)
        gx.script("enable")
        self.install(gx, self.another("9.2.0"))
        versions = gx.data / "apps/dbus-bms/versions"
        # The one before would not free enough.
        self.assertEqual(gx.shell(install).returncode, 1)
        self.assertEqual(sorted(path.name for path in versions.iterdir()), ["9.1.0", "9.2.0"])
        gx.shell("echo 2000 >/run/small/free")
        done = gx.shell(install)
        self.assertIn("the one before the present one is removed", done.stdout)


class Stick(PackageCase):
    def test_a_stick_that_stays_in(self):
        gx = self.device(boot=False)
        self.battery(gx)
        rc = self.shared / "rc"
        rc.mkdir(exist_ok=True)
        for name in ("pre-hook.sh", "post-hook.sh"):
            text = (model.ROOT / "package/stick" / name).read_text()
            (rc / name).write_text(text.replace("version=\n", "version=9.1.0\n"))
        with tarfile.open(gx.media / "venus-data.tar.gz", "w:gz", compresslevel=1) as archive:
            archive.add(rc, "rc")
            archive.add(self.archive, "dbus-bms-from-stick")
        # Nobody has to do anything: it is there after the start.
        gx.boot()
        self.wait_for_battery(gx)
        self.assertEqual([file.name for file in gx.media.iterdir()], ["installed-dbus-bms.tar.gz"])
        self.assertFalse((gx.data / "dbus-bms-from-stick").exists())
        # A stick that cannot be written to comes again and again, and changes nothing.
        (gx.media / "installed-dbus-bms.tar.gz").rename(gx.media / "venus-data.tar.gz")

        def installed():
            return {name: what for name, what in model.tree_of(gx.data / "apps").items() if "/lived" not in name}

        before = installed()
        gx.power_off()
        gx.boot()
        self.assertIn("installed already; the stick can be taken out", gx.must("cat", "/run/update-data.log"))
        self.assertEqual(installed(), before)
        self.wait_for_battery(gx)
        # Where the power went before it was put to work, that is done now.
        gx.script("disable")
        gx.power_off()
        (gx.data / "dbus-bms-from-stick").mkdir()
        gx.boot()
        self.wait_for_battery(gx)
        self.assertFalse((gx.data / "dbus-bms-from-stick").exists())
        # And where a hook has to be mended first, that is tried again, too.
        (gx.media / "installed-dbus-bms.tar.gz").rename(gx.media / "venus-data.tar.gz")
        gx.script("uninstall", "--yes")
        hook = gx.data / "rcS.local"
        hook.write_bytes(b"#!/bin/sh\r\n")
        for _ in range(2):
            gx.power_off()
            gx.boot()
            self.assertIn("the lines of /data/rcS.local end as on Windows", gx.must("cat", "/run/update-data.log"))
        hook.write_bytes(b"#!/bin/sh\n")
        gx.power_off()
        gx.boot()
        self.wait_for_battery(gx)
        self.assertEqual([file.name for file in gx.media.iterdir()], ["installed-dbus-bms.tar.gz"])


if __name__ == "__main__":
    main()
