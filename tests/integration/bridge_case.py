"""What the tests of the MPPT bridge share: fake batteries, chargers and systemcalc on a real bus, and the bridge among them."""

import json
import os
import re
import signal
from pathlib import Path

import harness
from fake_services import FAKE_SERVICES
from harness import BusClient, PrivateBus, Process
from obedient import Obedient

BATTERY = "com.victronenergy.battery."
CHARGER = "com.victronenergy.solarcharger."
SYSTEM = "com.victronenergy.system"
BRIDGE = "com.victronenergy.digitalinput.mppt_bridge"

INTERVAL_S = 3  # the bridge's cycle


def limit(value, name="ttyB"):
    """Has a battery say its charge limit."""
    return f"services['{BATTERY}{name}'].say('/Info/MaxChargeCurrent', {value})"


# Batteries, chargers and systemcalc.
FAKES = FAKE_SERVICES + r'''
def battery(name, ccl=50.0, **more):
    return Service("com.victronenergy.battery." + name, {"/Info/MaxChargeCurrent": ccl, "/Connected": 1, "/Dc/0/Current": 20.0,
        "/Alarms/BmsCable": 0, "/DeviceInstance": 5, **{k: v for k, v in more.get("items", {}).items()}})

class Charger(Service):
    def take(self, path, value):
        super().take(path, value)
        if path in ("/Link/ChargeCurrent", "/Mode"):
            self.say("/Dc/0/Current", 0.0 if self.items["/Mode"] == 4 else min(30.0, 30.0 if self.items["/Link/ChargeCurrent"] is None else self.items["/Link/ChargeCurrent"]))
    def user_switches(self, mode):
        if not self.present or self.items["/Mode"] == mode: return
        self.note("user", "/Mode", mode)
        self.take("/Mode", mode)

def charger(name, **items):
    return Charger("com.victronenergy.solarcharger." + name, {"/Mgmt/Connection": "VE.Direct", "/Link/NetworkMode": None,
        "/Link/ChargeCurrent": None, "/Settings/ChargeCurrentLimit": 35.0, "/Settings/BmsPresent": 0, "/Mode": 1, "/State": 3,
        "/Dc/0/Current": 30.0, "/Serial": "HQ" + name, "/ProductId": 0xA056, "/FirmwareVersion": 0x161, "/ErrorCode": 0, **items})

def system(dvcc=0, writes=0, **items):
    return Service("com.victronenergy.system", {"/Control/Dvcc": dvcc, "/Control/SolarChargeCurrent": writes, **items})

def overwrite(name, current):
    """As systemcalc: every 3 s."""
    service = services["com.victronenergy.solarcharger." + name]
    def again():
        service.say("/Link/NetworkMode", 9); service.say("/Link/ChargeCurrent", current)
        return True
    GLib.timeout_add(3000, again)

def chatter(service):
    """It says something every second as long as it can."""
    def again():
        if service.present and not service.silent: service.say("/Dc/0/Current", service.items["/Dc/0/Current"])
        return True
    GLib.timeout_add(1000, again)
'''


class Bridge:
    def __init__(self, bus, config, *options):
        self.state = bus.directory / "state"
        self.process = Process("bridge", [os.environ["DBUS_BMS"], "bridge", "--config", config, "--state-dir", self.state,
                                          "--run-dir", bus.directory / "run", *options],
                               env=bus.env, output="both")

    def switched_off(self):
        file = Path(self.state) / "bridge.json"
        return json.loads(file.read_text())["switched_off"] if file.exists() else []

    def stop(self, number=signal.SIGTERM):
        return self.process.stop(number)


class BridgeTest(harness.TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.fakes = self.start(Obedient, self.bus, FAKES)
        self.do = self.fakes.do

    def bridge(self, *options, **config):
        lines = {"enabled": "yes", "interval": INTERVAL_S, "allow_after": 5, "withdraw_after": 5, "escalate_after": 5, "mode_pause": 5, **config}
        file = self.config_file("[bridge]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items()))
        return self.start(Bridge, self.bus, file, *options)

    @property
    def seen(self):
        return len(self.fakes.process.lines)

    def writes(self, path, name="ttyO1", start=0):
        """What was written: values and times."""
        pattern = re.compile(rf"^written {re.escape(CHARGER + name)} {path} (\S+) (\S+)$")
        return [(float(m.group(1)), float(m.group(2))) for line in list(self.fakes.process.lines)[start:] if (m := pattern.match(line))]

    def values(self, path, name="ttyO1", start=0):
        return [value for value, _ in self.writes(path, name, start)]

    def wait_for_write(self, path, value, name="ttyO1", start=0, limit_s=20):
        """The time of the first such write."""
        match = self.fakes.process.wait_for_line(rf"^written {re.escape(CHARGER + name)} {path} {value} (\S+)$", start, limit_s)
        return float(match.group(1))

    def assert_told_at_once(self, deed, undo, name="ttyO1", witness="ttyO1", told_before="35.0"):
        """What `deed` does makes the bridge write 0 A to the charger `name` without waiting for its next cycle. A cycle is
        seen at `witness`. A machine that was busy for a whole one has shown nothing, so there are several tries.
        How many lines there were before."""
        for _ in range(5):
            cycle = self.wait_for_write("/Link/ChargeCurrent", told_before, witness, start=self.seen)
            start = self.seen
            self.do(deed)
            if self.wait_for_write("/Link/ChargeCurrent", "0.0", name, start) - cycle < INTERVAL_S:
                return start
            self.do(undo)
        raise harness.Failed(f"{name} heard of it with the next cycle only, five times")

    def wait_until_nothing_is_written(self, path, quiet_s=4):
        """Waits until there was no such write for a while; how many lines there are then."""
        with BusClient(self.bus) as client:
            def quiet():
                before = len(self.values(path))
                client.wait_s(quiet_s)
                return len(self.values(path)) == before
            client.wait_until(quiet, f"{quiet_s} s without a write to {path}")
        return self.seen

    def client(self):
        client = self.start(BusClient, self.bus, BRIDGE)
        client.wait_for(lambda items: "/Bridge/Allow" in items, "the bridge's service")
        return client

    def never_written(self):
        """What no bridge may ever touch."""
        for line in self.fakes.process.lines:
            self.assertNotRegex(line, "^written .*(ChargeCurrentLimit|BmsPresent|ChargeVoltage)")

    def tearDown(self):
        self.never_written()
