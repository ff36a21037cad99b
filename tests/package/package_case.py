"""What the tests of the package have in common: a device, our archive in several versions, and a battery to find."""

import shutil
import tempfile
import unittest
from pathlib import Path

import gx
from gx import Gx, make_archive, wait_until
from harness import BusClient, Failed, PrivateBus, Settings, Simulator, TestCase

BATTERY = "com.victronenergy.battery.ttyUSB0"


@unittest.skipUnless(gx.can_be_made(), "only root can make mount namespaces")
class PackageCase(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = Path(tempfile.mkdtemp(prefix="dbus-bms-archives-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared)
        cls.archive = make_archive(cls.shared / "dbus-bms-9.1.0", "9.1.0")

    def another(self, version, extra=""):
        folder = self.shared / f"dbus-bms-{version}"
        self.addCleanup(shutil.rmtree, folder)
        return make_archive(folder, version, extra)

    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)

    def device(self, boot=True, **release):
        device = self.start(Gx, self.bus, **release)
        if boot:
            device.boot()
        return device

    def battery(self, device, tty="ttyUSB0", **properties):
        """A simulated board on a port of the device."""
        simulator = self.start(Simulator)
        device.plug_in(tty, simulator.tty, **properties)
        return simulator

    def install(self, device, archive=None):
        return device.must(device.put(archive or self.archive) + "/install")

    def wait_for_battery(self, device, tty="ttyUSB0", limit_s=60):
        """Until it is on the bus with a charge limit; the client that sees it."""
        client = self.start(BusClient, self.bus, f"com.victronenergy.battery.{tty}")
        try:
            client.wait_for(lambda items: items.get("/Info/MaxChargeCurrent") and items["/Info/MaxChargeCurrent"].value,
                            "a charge limit", limit_s)
        except Failed as failed:
            raise Failed(f"{failed}\n{device.state()}") from None
        return client
