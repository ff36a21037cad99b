"""What the tests of banks share: fake packs of both kinds on a real bus, and the bank among them."""

import math
import os
import signal

import harness
from fake_services import FAKE_SERVICES
from harness import BusClient, PrivateBus, Process, Settings
from obedient import Obedient

BATTERY = "com.victronenergy.battery."
CVL, CCL, DCL = "/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"
VOLTAGE, CURRENT = "/Dc/0/Voltage", "/Dc/0/Current"
CELLS = 16

# Packs. `member`: what its bank calls a pack of ours; without it it is one of another driver, which says nothing of that.
FAKES = FAKE_SERVICES + r'''
class Pack(Service):
    """Gives a sign of life every second unless it is `hanging`: ours counts, of another one some value changes."""
    def __init__(self, name, items, ours):
        self.ours, self.hanging = ours, False
        super().__init__("com.victronenergy.battery." + name, items)
        self.truth = dict(self.items)
        GLib.timeout_add(1000, self.live)
    def live(self):
        if self.present and not self.hanging:
            if self.ours: self.say("/Info/FrameCounter", (self.items["/Info/FrameCounter"] + 1) % 1000)
            else: self.say("/Capacity", 50.1 if self.items["/Capacity"] == 50.0 else 50.0)
        return True
    def lie(self, value):
        """It says this of everything but of who it is."""
        self.tell({path: value for path in self.items if path not in ("/Member/Name", "/Serial", "/Info/FrameCounter", "/Connected")})
    def allow(self, current): self.say("/Member/Limit/ChargeCurrent" if self.ours else "/Info/MaxChargeCurrent", current)
    def confess(self): self.tell({path: value for path, value in self.truth.items() if path != "/Info/FrameCounter"})
    def cells_are(self, cell_v, cells=16): self.tell(cells_of(cell_v, cells))

def cells_of(cell_v, cells):
    return {"/Dc/0/Voltage": cell_v * cells, "/System/NrOfCellsPerBattery": cells, "/System/MinCellVoltage": cell_v,
        "/System/MaxCellVoltage": cell_v, **{f"/Voltages/Cell{n + 1}": cell_v if n < cells else None for n in range(16)}}

def pack(name, member=None, ccl=50.0, dcl=60.0, cvl=55.2, current=10.0, cell_v=3.3, cells=16, **items):
    values = {"/Connected": 1, "/Dc/0/Current": current, "/Soc": 50.0, "/InstalledCapacity": 100.0, "/Capacity": 50.0,
        "/History/ChargeCycles": 12, "/Dc/0/Temperature": 20.0, "/Serial": "", "/FirmwareVersion": "1.2", "/Balancing": 0,
        "/Alarms/HighCellVoltage": 0, "/Alarms/LowSoc": 0, "/Io/AllowToCharge": 1, "/Io/AllowToDischarge": 1, **cells_of(cell_v, cells)}
    if member:
        values |= {"/Member/Name": member, "/Member/Limit/ChargeVoltage": cvl, "/Member/Limit/ChargeCurrent": ccl, "/Info/FrameCounter": 1,
            "/Member/Limit/DischargeCurrent": dcl, "/Member/ChargeFet": 1, "/Member/DischargeFet": 1, "/Member/State": 0, "/Member/Resistance": None}
    else:
        values |= {"/Info/MaxChargeVoltage": cvl, "/Info/MaxChargeCurrent": ccl, "/Info/MaxDischargeCurrent": dcl}
    return Pack(name, values | {"/" + path.replace("__", "/"): value for path, value in items.items()}, bool(member))
'''


class Bank:
    """`dbus-bms bank`: every bank of the configuration."""

    def __init__(self, bus, config, run="run"):
        self.process = Process("bank", [os.environ["DBUS_BMS"], "bank", "--config", config, "--state-dir",
                                        bus.directory / "state", "--run-dir", bus.directory / run],
                               env=bus.env, output="both")

    @property
    def log(self):
        return self.process.lines

    def wait_for_log(self, pattern, start=0):
        return self.process.wait_for_line(pattern, start)

    def stop(self, number=signal.SIGTERM):
        return self.process.stop(number)


class SoundClient(BusClient):
    """Notes what no battery may ever show. `unsound`: that."""

    def __init__(self, bus, service):
        self.unsound = []
        super().__init__(bus, service)

    def _scanned(self, items):
        super()._scanned(items)
        self._judge()

    def _items_changed(self, items):
        super()._items_changed(items)
        self._judge()

    def _judge(self):
        numbers = {path: item.value for path, item in self.items.items() if isinstance(item.value, float)}
        self.unsound += [f"{path} = {value}" for path, value in numbers.items() if not math.isfinite(value) or abs(value) > 1e9]
        cvl, ccl, dcl = (self.value(path) for path in (CVL, CCL, DCL))
        if cvl is not None and (cvl < 1 or ccl is None or dcl is None):
            self.unsound.append(f"CVL {cvl} with CCL {ccl} and DCL {dcl}")
        if (ccl or 0) < 0 or (dcl or 0) < 0:
            self.unsound.append(f"CCL {ccl} and DCL {dcl}")

    def value(self, path):
        return self.items[path].value if path in self.items else None

    def seen(self, path, start=0):
        """What it has been since the change of number `start`, and when."""
        return [(change.at, change.items[path].value) for change in self.changes[start:] if path in change.items]


class BankTest(harness.TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.settings = self.start(Settings, self.bus)
        self.fakes = self.start(Obedient, self.bus, FAKES)
        self.clients = {}

    def do(self, name, deed):
        """What a pack does, in Python: `s` is its service."""
        self.fakes.do(f"s = services['{BATTERY}{name}']; {deed}")

    def say(self, name, path, value):
        self.do(name, f"s.say('{path}', {value})")

    def pack(self, name, member=None, **values):
        """A pack of ours: `member` is its name for the bank; of another driver: without."""
        self.fakes.do(f"pack({name!r}, {member!r}, **{values!r})")

    def ours(self, *names, **values):
        for name in names:
            self.pack("tty" + name, name, **values)

    def banks(self, **members):
        """A bank of each of these: what stands behind `members =`, and lines below it. The process."""
        self.config = self.config_file("".join(f"[bank {name}]\nmembers = {text}\n" for name, text in members.items()))
        self.clients.update({name: self.start(SoundClient, self.bus, BATTERY + name) for name in members})
        self.process = self.start(Bank, self.bus, self.config)
        return self.process

    def restarted(self):
        """The banks, killed and started again."""
        self.process.stop(signal.SIGKILL)
        for client in self.clients.values():
            if client.owners:
                client.wait_for_no_name()
        self.process = self.start(Bank, self.bus, self.config)
        return self.process

    def charged(self, bank):
        """Waits until the bank may be charged; its client."""
        client = self.clients[bank]
        client.wait_for(lambda items: (client.value(CCL) or 0) > 0, "CCL above 0")
        return client

    def pass_a_second(self, **packs):
        """Waits until each bank has seen what this pack of it says now, and with it all that was said before."""
        path = "/System/MaxCellTemperature"
        hotter = {bank: self.clients[bank].value(path) + 1 for bank in packs}
        for bank, name in packs.items():
            self.do(name, f"s.say('/Dc/0/Temperature', {hotter[bank]})")
        for bank, value in hotter.items():
            self.clients[bank].wait_for_value(path, value)

    def assert_logged(self, pattern):
        """It has been, or is on its way: what is on the bus may be seen before what is in the log."""
        self.process.wait_for_log(pattern)

    def tearDown(self):
        for name, client in self.clients.items():
            self.assertEqual(client.unsound, [], name)
