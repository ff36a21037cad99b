#!/usr/bin/python3
"""The life of an installation on a model of a GX device, from the archive to nothing left of it."""

from gx import APP, tree_of, wait_until
from package_case import PackageCase
from harness import BusClient, main


class Life(PackageCase):
    def test_from_the_archive_to_nothing_left(self):
        gx = self.device(boot=False)
        gx.writable = True
        untouched = gx.changes()
        gx.boot()
        self.battery(gx)
        before = tree_of(gx.data, without=["log"])
        said = self.install(gx)
        self.assertIn("now put it to work", said)
        said = gx.script("enable")
        self.assertIn("serial-starter looks for batteries now", said)
        self.assertEqual(gx.aliases()["default"], ["gps", "vedirect", "dbusbms"])
        self.assertEqual(gx.aliases()["rs485"], ["cgwacs", "fzsonick", "imt", "modbus", "dbusbms"])
        self.wait_for_battery(gx)
        # The others have their turns.
        self.assertIn("vedirect-interface ttyUSB0", gx.probes())
        pid = gx.pid("dbus-bms.ttyUSB0")
        # As much memory as Venus gives its own services.
        self.assertRegex(gx.must("cat", f"/proc/{pid}/limits"), r"Max address space +99999744 ")

        # Again: nothing changes, and nothing is stopped.
        after = tree_of(gx.data, without=["log", "var", "dbus-bms"])
        gx.script("enable")
        self.assertEqual(tree_of(gx.data, without=["log", "var", "dbus-bms"]), after)
        self.assertEqual(gx.pid("dbus-bms.ttyUSB0"), pid)
        self.assertIn("installed already", self.install(gx))
        self.assertEqual(gx.pid("dbus-bms.ttyUSB0"), pid)

        # A start: the board is known now, so it comes first.
        gx.power_off()
        gx.boot()
        self.wait_for_battery(gx)
        self.assertEqual(gx.probes(), [])
        self.assertIsNotNone(gx.pid("dbus-bms-bridge"))
        # Nothing is in memory for boards on the air until one is named.
        self.assertEqual(gx.must("cat", f"/proc/{gx.pid('dbus-bms-bluetooth')}/comm").strip(), "sleep")
        config = gx.data / "apps/dbus-bms/config.ini"
        config.write_text("[battery a4:c1:37:00:00:23]\nbms = jbd\n")
        gx.must("svc", "-t", "/service/dbus-bms-bluetooth")
        wait_until(lambda: "BlueZ does not run" in gx.log("dbus-bms-bluetooth"), "a service that waits for BlueZ")
        config.unlink()
        gx.must("svc", "-t", "/service/dbus-bms-bluetooth")

        # Another firmware, in which nothing of ours is.
        gx.power_off()
        self.assertEqual(gx.changes(), untouched)
        gx.update_firmware(version="v3.80~21-large-30")
        untouched = gx.changes()
        gx.boot()
        self.wait_for_battery(gx)
        said = gx.script("status")
        self.assertIn("v3.80~21-large-30", said)
        self.assertIn("batteries   1 believed", said)
        self.assertIn("battery    com.victronenergy.battery.ttyUSB0", said)

        # Out and in again.
        client = self.wait_for_battery(gx)
        gx.pull_out("ttyUSB0")
        gx.must("svc", "-d", "/service/dbus-bms.ttyUSB0")
        client.wait_for_no_name()
        self.battery(gx)
        self.wait_for_battery(gx)

        gx.script("disable")
        self.wait_for_no_battery()
        self.assertNotIn("dbus-bms", gx.must("ls", "/service"))
        self.assertEqual(gx.run("mount").stdout.count("service-templates"), 0)
        self.assertNotIn("dbusbms", str(gx.aliases()))
        self.assertIsNotNone(gx.pid("serial-starter"))

        gx.must(f"{APP}/current/uninstall", "--yes")
        gx.shell("rm -rf /data/unpacked")
        left = tree_of(gx.data, without=["log"])
        for written_by_others in ("var/lib/serial-starter/ttyUSB0",):
            left.pop(written_by_others, None)
        expected = {name: what for name, what in tree_of(gx.data, without=["log"]).items() if name in ("conf", "var", "var/lib", "var/lib/serial-starter")}
        self.assertEqual(left, {**before, **expected})
        self.assertEqual(list(gx.data.glob("log/dbus-bms*")), [])
        self.assertEqual(gx.changes(), untouched)

    def wait_for_no_battery(self):
        client = self.start(BusClient, self.bus)
        wait_until(lambda: "com.victronenergy.battery.ttyUSB0" not in client.connection.list_names(), "the end of the battery")


if __name__ == "__main__":
    main()
