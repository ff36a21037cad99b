"""The real BlueZ on emulated controllers, and boards that are GATT servers on some of them, with the face that the
stand-in has (bluez.py). For the inside of a machine of its own."""

import os
import subprocess
import sys
from pathlib import Path

import dbus

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
from bluez import USUAL_OPTIONS  # noqa: E402
from bluez_objects import ADAPTER, DEVICE, MANAGER, PROPERTIES  # noqa: E402
from harness import BusClient, Failed, Process, Simulator  # noqa: E402

BLUETOOTHD = "/usr/libexec/bluetooth/bluetoothd"


class RealBluez:
    """bluetoothd on the bus of the test. The emulator mixes up connections of one controller, so each board has a pair of
    them: one for itself, one by which it is read."""

    def __init__(self, bus, pairs=2):
        self.bus = bus
        self.env = dict(bus.env, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
        self.pairs, self.boards = pairs, []
        self.controllers = Process("btvirt", ["btvirt", "-L", f"-l{2 * pairs}"], output="both")
        self.client = BusClient(bus)
        self.daemon = None
        self.command("bluez-on")

    def stop(self):
        self.client.stop()
        self.daemon.stop()
        self.controllers.stop()

    def call(self, path, interface, method, *arguments, signature=""):
        return self.client.call(path, method, *arguments, signature=signature, interface=interface, service="org.bluez")

    def objects(self, interface):
        """{path: properties} of all that have it."""
        found = self.call("/", MANAGER, "GetManagedObjects")
        return {str(path): interfaces[interface] for path, interfaces in found.items() if interface in interfaces}

    def adapter_address(self, number):
        return str(self.objects(ADAPTER)[f"/org/bluez/hci{number}"]["Address"])

    def _switch_on(self, path):
        try:
            self.call(path, PROPERTIES, "Set", ADAPTER, "Powered", dbus.Boolean(True, variant_level=1), signature="ssv")
        except dbus.DBusException as problem:
            # It is being switched on already.
            if problem.get_dbus_name() != "org.bluez.Error.Busy":
                raise

    def _all_powered(self):
        try:
            adapters = self.objects(ADAPTER)
        except dbus.DBusException:
            return False
        for path in (path for path, each in adapters.items() if not each["Powered"]):
            self._switch_on(path)
        return len(adapters) == 2 * self.pairs and all(each["Powered"] for each in adapters.values())

    def command(self, what):
        if what == "bluez-on":
            log = os.environ.get("BLUETOOTHD_LOG", os.devnull)
            command = ["sh", "-c", f"exec {BLUETOOTHD} -n -d >>{log} 2>&1"]
            self.daemon = Process("bluetoothd", command, env=self.env)
            self.client.wait_until(self._all_powered, "adapters that are switched on", 120)
            for board in self.boards:
                board.set("near", "on")
        elif what == "bluez-off":
            self.daemon.child.kill()
            self.daemon.wait()
            for board in self.boards:
                board.end()
        else:
            raise Failed(f"the real BlueZ cannot be told to {what}")

    def connected(self):
        boards = {board.address for board in self.boards}
        return sorted(str(each["Address"]) for each in self.objects(DEVICE).values()
                      if each["Connected"] and str(each["Address"]) in boards)


class RealBoard:
    """A simulated board with an adapter of its own."""

    def __init__(self, bluez, number, *options, family="jbd"):
        self.bluez, self.family = bluez, family
        self.hci = f"hci{2 * number + 1}"
        self.simulator = Simulator(*USUAL_OPTIONS.get(family, ()), *options, family=family, name=f"ttyAIR{number}")
        self.address = bluez.adapter_address(2 * number + 1)
        self.adapter = bluez.adapter_address(2 * number)
        self.name = "ble_" + self.address.replace(":", "").lower()
        self.module = None
        bluez.boards.append(self)
        self.set("near", "on")

    def set(self, name, value):
        if name != "near":
            raise Failed(f"a real module has no {name}")
        if value == "on":
            self.module = Process(self.hci, [sys.executable, "-B", HERE / "gatt_board.py", "--adapter", self.hci,
                                             "--family", self.family, "--tty", self.simulator.tty],
                                  env=self.bluez.env, output="both")
            self.module.wait_for_line("^ready$", limit_s=120)
        else:
            self.end()
            self.bluez.call("/org/bluez/" + self.hci, PROPERTIES, "Set", ADAPTER, "Powered",
                            dbus.Boolean(False, variant_level=1), signature="ssv")

    def drop(self):
        """The board hangs up."""
        for path, device in self.bluez.objects(DEVICE).items():
            if path.startswith(f"/org/bluez/{self.hci}/") and device["Connected"]:
                self.bluez.call(path, DEVICE, "Disconnect")

    def client(self):
        return BusClient(self.bluez.bus, "com.victronenergy.battery." + self.name)

    def end(self):
        if self.module:
            self.module.stop()
            self.module = None

    def stop(self):
        self.end()
        self.simulator.stop()
        self.bluez.boards.remove(self)


def available():
    """Why this cannot run here; empty: it can."""
    missing = [each for each in ("btvirt", BLUETOOTHD) if subprocess.run(
        ["sh", "-c", f"command -v {each}"], stdout=subprocess.DEVNULL, check=False).returncode]
    return f"not installed: {', '.join(missing)}" if missing else ""
