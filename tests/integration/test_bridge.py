#!/usr/bin/python3
"""The MPPT bridge against fake batteries, chargers and systemcalc on a real bus. Each test is one thing that can happen."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import harness
from harness import BusClient, Obedient, PrivateBus, Process

BATTERY = "com.victronenergy.battery."
CHARGER = "com.victronenergy.solarcharger."
SYSTEM = "com.victronenergy.system"
BRIDGE = "com.victronenergy.digitalinput.mppt_bridge"

# Services in a process of their own, each with a connection of its own. Python on standard input, one line each.
FAKES = r'''
import sys, time
import dbus, dbus.bus, dbus.lowlevel, dbus.mainloop.glib
from gi.repository import GLib

BUS_ITEM = "com.victronenergy.BusItem"
NOTHING = dbus.Array([], signature="i", variant_level=1)
HANDLED = dbus.lowlevel.HANDLER_RESULT_HANDLED
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
services = {}

def wire(value): return NOTHING if value is None else value
def native(value):
    if isinstance(value, dbus.Array): return None
    for kind in (str, float, int):
        if isinstance(value, kind): return kind(value)

class Service:
    """`result`: SetValue's answer; `deaf`: what is written changes nothing; `silent`: no answer at all."""
    def __init__(self, name, items):
        self.name, self.items = name, dict(items)
        self.result, self.deaf, self.silent, self.slow = 0, False, False, 0
        self.start()
        services[name] = self
    def start(self):
        self.bus = dbus.bus.BusConnection(dbus.bus.BusConnection.TYPE_SESSION)
        self.bus.set_exit_on_disconnect(False)
        self.bus.add_message_filter(self.answer)
        assert self.bus.request_name(self.name, dbus.bus.NAME_FLAG_DO_NOT_QUEUE) == 1
    def stop(self): self.bus.close()
    def say(self, path, value):
        self.items[path] = value
        print("said", self.name, path, value, time.monotonic(), flush=True)
        signal = dbus.lowlevel.SignalMessage("/", BUS_ITEM, "ItemsChanged")
        entry = dbus.Dictionary({"Value": wire(value), "Text": str(value)}, signature="sv")
        signal.append(dbus.Dictionary({path: entry}, signature="sa{sv}"), signature="a{sa{sv}}")
        self.bus.send_message(signal); self.bus.flush()
    def take(self, path, value):
        self.say(path, value)
        if path in ("/Link/ChargeCurrent", "/Mode"):
            self.say("/Dc/0/Current", 0.0 if self.items["/Mode"] == 4 else min(30.0, 30.0 if self.items["/Link/ChargeCurrent"] is None else self.items["/Link/ChargeCurrent"]))
    def answer(self, bus, message):
        if message.get_interface() != BUS_ITEM or message.get_type() != 1: return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        if self.silent: return HANDLED
        method, path = str(message.get_member()), str(message.get_path())
        reply = dbus.lowlevel.MethodReturnMessage(message)
        if method == "GetItems":
            items = {p: dbus.Dictionary({"Value": wire(v), "Text": str(v)}, signature="sv") for p, v in self.items.items()}
            reply.append(dbus.Dictionary(items, signature="sa{sv}"), signature="a{sa{sv}}")
        elif path not in self.items:
            reply = dbus.lowlevel.ErrorMessage(message, "org.freedesktop.DBus.Error.UnknownObject", "not here")
        elif method == "GetValue":
            reply.append(wire(self.items[path]), signature="v")
        elif method == "SetValue":
            value = native(message.get_args_list()[0])
            print("written", self.name, path, value, time.monotonic(), flush=True)
            reply.append(dbus.Int32(self.result), signature="i")
            if not message.get_no_reply(): bus.send_message(reply)
            if self.result == 0 and not self.deaf and value != self.items[path]: self.take(path, value)
            return HANDLED
        bus.send_message(reply)
        return HANDLED

def battery(name, ccl=50.0, **more):
    return Service("com.victronenergy.battery." + name, {"/Info/MaxChargeCurrent": ccl, "/Connected": 1, "/Dc/0/Current": 20.0,
        "/Alarms/BmsCable": 0, "/DeviceInstance": 5, **{k: v for k, v in more.get("items", {}).items()}})

def charger(name, **items):
    return Service("com.victronenergy.solarcharger." + name, {"/Mgmt/Connection": "VE.Direct", "/Link/NetworkMode": None,
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
'''


class Bridge:
    def __init__(self, bus, config, *options):
        self.state = bus.directory / "state"
        self.process = Process("bridge", [os.environ["DBUS_BMS"], "bridge", "--config", config, "--state-dir", self.state, *options],
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
        lines = {"enabled": "yes", "interval": 3, "allow_after": 5, "withdraw_after": 5, "escalate_after": 5, "mode_pause": 5, **config}
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


class NobodyElseWrites(BridgeTest):
    def test_the_chargers_own_limit_or_nothing(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        order = [line.split()[2] for line in self.fakes.process.lines if line.startswith("written")]
        self.assertEqual(order[:2], ["/Link/NetworkMode", "/Link/ChargeCurrent"])
        self.assertEqual(set(self.values("/Link/NetworkMode")), {9})
        self.assertEqual(set(self.values("/Link/ChargeCurrent")), {35})

    def test_zero_is_told_at_once_and_repeated(self):
        self.do("battery('ttyB'); charger('ttyO1'); charger('ttyO2')")
        self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0", "ttyO2")
        start = self.seen
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 0.0)")
        said = float(self.fakes.process.wait_for_line(r"^said .*MaxChargeCurrent 0.0 (\S+)", start).group(1))
        for name in ("ttyO1", "ttyO2"):
            self.assertLess(self.wait_for_write("/Link/ChargeCurrent", "0.0", name, start) - said, 0.2)
        first = self.seen
        again = self.wait_for_write("/Link/ChargeCurrent", "0.0", start=first)
        self.assertLess(again - said, 6)
        self.wait_for_write("/Link/NetworkMode", "9", start=first)

    def test_what_is_no_limit_is_zero(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        self.bridge(allow_after=5)
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        for value in ("None", "float('nan')", "-5.0", "'words'", "0"):
            start = self.seen
            self.do(f"services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', {value})")
            self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)
            self.assertNotIn(35, self.values("/Link/ChargeCurrent", start=start))
            self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 50.0)")
            self.wait_for_write("/Link/ChargeCurrent", "35.0", start=start)

    def test_it_comes_back_only_after_a_while(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        bridge = self.bridge()
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 5.0)")
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.seen
        began = time.monotonic()
        self.do("b = services['com.victronenergy.battery.ttyB']; b.say('/Info/MaxChargeCurrent', 0.0); b.say('/Info/MaxChargeCurrent', 5.0)")
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)
        self.assertGreater(self.wait_for_write("/Link/ChargeCurrent", "35.0", start=start) - began, 5)
        bridge.process.wait_for_line("waiting 5 s")

    def test_a_battery_that_leaves(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.seen
        began = time.monotonic()
        self.do("services['com.victronenergy.battery.ttyB'].stop()")
        self.assertLess(self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start) - began, 0.5)
        with self.start(BusClient, self.bus, BRIDGE) as client:
            client.wait_s(9)
            quiet = self.seen
            client.wait_s(4)
        self.assertEqual(self.writes("/Link/ChargeCurrent", start=quiet), [], "nothing, so that error 67 is seen")
        self.assertEqual(set(self.values("/Link/ChargeCurrent", start=start)), {0})
        self.do("battery('ttyB')")
        self.wait_for_write("/Link/ChargeCurrent", "35.0", start=quiet)

    def test_a_battery_that_hangs(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        bridge = self.bridge(stale_after=6)
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.seen
        began = time.monotonic()
        self.do("services['com.victronenergy.battery.ttyB'].silent = True")
        self.assertLess(self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start) - began, 7)
        bridge.process.wait_for_line("ttyB has been silent for more than 6 s")
        self.do("services['com.victronenergy.battery.ttyB'].silent = False")
        self.wait_for_write("/Link/ChargeCurrent", "35.0", start=start)

    def test_a_battery_of_ours_whose_readings_are_old(self):
        self.do("battery('ttyB', items={'/Info/LastReadingAge': 1.0}); charger('ttyO1')")
        self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.seen
        self.do("b = services['com.victronenergy.battery.ttyB']; b.items['/Info/LastReadingAge'] = 60.0; b.say('/Dc/0/Current', 21.0)")
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)

    def test_several_batteries_and_a_shunt(self):
        self.do("battery('ttyA'); battery('ttyB'); charger('ttyO1')")
        self.do("Service('com.victronenergy.battery.ttyShunt', {'/Connected': 1, '/Soc': 50.0, '/Info/MaxChargeCurrent': None})")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.seen
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 0.0)")
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)
        bridge.process.wait_for_line("ttyB allows no charging")

    def test_a_configured_battery_that_is_not_there(self):
        self.do("battery('ttyA'); charger('ttyO1')")
        bridge = self.bridge(batteries="ttyA, ttyB")
        bridge.process.wait_for_line("not allowed: ttyB is not on the bus")
        self.wait_for_write("/Link/ChargeCurrent", "0.0")
        self.assertNotIn(35, self.values("/Link/ChargeCurrent"))
        start = self.seen
        self.do("battery('ttyB')")
        self.wait_for_write("/Link/ChargeCurrent", "35.0", start=start)

    def test_batteries_by_instance(self):
        self.do("battery('ttyA', items={'/DeviceInstance': 3}); battery('ttyB', 0.0, items={'/DeviceInstance': 4}); charger('ttyO1')")
        self.bridge(batteries="3")
        self.wait_for_write("/Link/ChargeCurrent", "35.0")

    def test_a_new_charger_is_told_at_once(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        self.bridge(interval=5)
        self.wait_for_write("/Link/ChargeCurrent", "0.0")
        began = time.monotonic()
        self.do("charger('ttyO2')")
        self.assertLess(self.wait_for_write("/Link/ChargeCurrent", "0.0", "ttyO2") - began, 1)

    def test_a_charger_that_hangs_delays_nobody(self):
        self.do("battery('ttyB'); charger('ttyO1'); charger('ttyO2')")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0", "ttyO2")
        client = self.client()
        self.do("services['com.victronenergy.solarcharger.ttyO1'].silent = True")
        start = self.seen
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 0.0)")
        said = float(self.fakes.process.wait_for_line(r"^said .*MaxChargeCurrent 0.0 (\S+)", start).group(1))
        self.assertLess(self.wait_for_write("/Link/ChargeCurrent", "0.0", "ttyO2", start) - said, 0.2)
        bridge.process.wait_for_line(r"error: ttyO1: .*no answer \(3 times\)")
        client.wait_for_value("/Alarm", 2)
        self.assertIn("ttyO1", client.items["/CustomName"].value)
        self.do("services['com.victronenergy.solarcharger.ttyO1'].silent = False")
        client.wait_for_value("/Alarm", 0)

    def test_a_charger_that_refuses(self):
        self.do("battery('ttyB', 0.0); c = charger('ttyO1'); c.result = 2")
        bridge = self.bridge()
        bridge.process.wait_for_line(r"ttyO1: .*refused with 2 \(3 times\)")
        self.client().wait_for_value("/Alarm", 2)

    def test_a_charger_that_only_says_yes(self):
        self.do("battery('ttyB', 0.0); c = charger('ttyO1', **{'/Link/ChargeCurrent': 20.0}); c.deaf = True")
        bridge = self.bridge()
        bridge.process.wait_for_line(r"ttyO1: .*charge current 0: afterwards it is 20")
        self.client().wait_for_value("/Alarm", 2)

    def test_a_clean_stop_never_leaves_a_permission(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        self.assertEqual(bridge.stop(), 0)
        self.assertEqual(self.values("/Link/ChargeCurrent")[-1], 0)
        self.assertIn("error 67", "\n".join(bridge.process.lines))

    def test_after_a_crash_nothing_is_allowed_before_a_fresh_value(self):
        self.do("b = battery('ttyB'); charger('ttyO1')")
        self.bridge().stop(signal.SIGKILL)
        self.do("b.silent = True")
        start = self.seen
        began = time.monotonic()
        self.bridge()
        self.assertLess(self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start) - began, 10)
        self.assertNotIn(35, self.values("/Link/ChargeCurrent", start=start))

    def test_a_dry_run_writes_nothing(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        bridge = self.bridge("--dry-run")
        bridge.process.wait_for_line("ttyO1: would write NetworkMode 9 and ChargeCurrent 0 A")
        self.assertEqual(self.values("/Link/ChargeCurrent"), [])

    def test_not_enabled(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        bridge = self.bridge(enabled="no")
        bridge.process.wait_for_line("not enabled")
        with self.start(BusClient, self.bus) as client:
            client.wait_s(2)
        self.assertFalse([line for line in self.fakes.process.lines if line.startswith("written")])
        self.assertEqual(bridge.stop(), 0)

    def test_classic(self):
        self.do("battery('ttyB', 7.0); charger('ttyO1')")
        self.bridge(mode="classic", batteries="ttyB")
        self.wait_for_write("/Link/ChargeCurrent", "200.0")
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 0.0)")
        self.wait_for_write("/Link/ChargeCurrent", "0.0")
        self.do("services['com.victronenergy.battery.ttyB'].stop()")
        with self.start(BusClient, self.bus) as client:
            client.wait_s(1)
            start = self.seen
            client.wait_s(4)
        self.assertEqual(self.writes("/Link/ChargeCurrent", start=start), [])


class SomebodyElseWrites(BridgeTest):
    def test_dvcc_off_and_systemcalc_writes_the_full_limit(self):
        """Only /Mode can win, and /Link is not touched."""
        self.do("system(0, 1); battery('ttyB', 0.0); charger('ttyO1', **{'/Link/NetworkMode': 9, '/Link/ChargeCurrent': 35.0}); overwrite('ttyO1', 35.0)")
        bridge = self.bridge(use_mode="yes")
        self.wait_for_write("/Mode", "4")
        self.assertEqual(bridge.switched_off(), ["HQttyO1"])
        start = self.seen
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 20.0)")
        self.wait_for_write("/Mode", "1", start=start)
        bridge.process.wait_for_line("ttyO1: is on again")
        self.assertEqual(bridge.switched_off(), [])
        self.assertEqual(self.values("/Link/ChargeCurrent") + self.values("/Link/NetworkMode"), [])

    def test_the_same_without_leave_to_switch_off_raises_an_alarm(self):
        self.do("system(0, 1); battery('ttyB', 0.0); charger('ttyO1'); overwrite('ttyO1', 35.0)")
        bridge = self.bridge()
        bridge.process.wait_for_line("turn DVCC on")
        self.client().wait_for_value("/Alarm", 2)
        self.assertEqual(self.values("/Mode") + self.values("/Link/ChargeCurrent"), [])

    def test_somebody_overwrites_and_no_flag_says_so(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1'); overwrite('ttyO1', 35.0)")
        bridge = self.bridge(use_mode="yes")
        bridge.process.wait_for_line("another program keeps overwriting")
        self.wait_for_write("/Mode", "4")
        start = self.seen
        with self.start(BusClient, self.bus) as client:
            client.wait_s(4)
        self.assertEqual(self.values("/Link/ChargeCurrent", start=start), [])

    def test_dvcc_on_and_the_chargers_obey(self):
        self.do("system(1, 1); battery('ttyB', 0.0, items={'/Dc/0/Current': 0.1}); charger('ttyO1', **{'/Link/ChargeCurrent': 0.0, '/Dc/0/Current': 8.0}); overwrite('ttyO1', 0.0)")
        bridge = self.bridge(use_mode="yes")
        client = self.client()
        client.wait_s(12)
        self.assertFalse([line for line in self.fakes.process.lines if line.startswith("written")], "they feed loads")
        self.assertEqual(client.items["/Chargers/1/Way"].value, "supervised")
        start = self.seen
        self.do("services['com.victronenergy.battery.ttyB'].say('/Dc/0/Current', 7.0)")
        self.wait_for_write("/Mode", "4", start=start)
        bridge.stop()
        self.assertEqual(self.values("/Link/ChargeCurrent") + self.values("/Link/NetworkMode"), [])

    def test_dvcc_is_turned_on_while_we_write(self):
        self.do("system(0, 0); battery('ttyB', 0.0); charger('ttyO1')")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "0.0")
        self.do("services['com.victronenergy.system'].say('/Control/Dvcc', 1)")
        bridge.process.wait_for_line("its limit is not written any more")
        start = self.seen
        with self.start(BusClient, self.bus) as client:
            client.wait_s(4)
        self.assertEqual(self.values("/Link/ChargeCurrent", start=start), [])

    def test_pv_disable_before_mode(self):
        self.do("system(1, 1, **{'/Pv/Disable': 0}); battery('ttyB', 0.0); charger('ttyO1')")
        self.bridge(use_mode="yes")
        self.fakes.process.wait_for_line(rf"^written {SYSTEM} /Pv/Disable 1 ")
        self.assertEqual(self.values("/Mode"), [])
        self.wait_for_write("/Mode", "4")
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 9.0)")
        self.fakes.process.wait_for_line(rf"^written {SYSTEM} /Pv/Disable 0 ")

    def test_with_dvcc_a_battery_that_is_killed(self):
        self.do("system(1, 1); battery('ttyB'); charger('ttyO1')")
        self.bridge(use_mode="yes")
        self.client()
        self.do("services['com.victronenergy.battery.ttyB'].stop()")
        self.wait_for_write("/Mode", "4")


class SwitchedOff(BridgeTest):
    def test_what_the_user_switched_off_stays_off(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1', **{'/Mgmt/Connection': 'VE.Can', '/Mode': 4}); charger('ttyO2', **{'/Mgmt/Connection': 'VE.Can'})")
        bridge = self.bridge(use_mode="yes")
        self.wait_for_write("/Mode", "4", "ttyO2")
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 9.0)")
        self.wait_for_write("/Mode", "1", "ttyO2")
        bridge.process.wait_for_line("ttyO2: is on again")
        self.assertEqual(self.values("/Mode", "ttyO1"), [])

    def test_it_is_remembered_over_a_crash_and_a_stop_changes_nothing(self):
        for end in (signal.SIGKILL, signal.SIGTERM):
            with self.subTest(end):
                name = f"tty{end}"
                self.do(f"battery('ttyB', 0.0); charger('{name}', **{{'/Mgmt/Connection': 'VE.Can'}})")
                bridge = self.bridge(use_mode="yes")
                self.wait_for_write("/Mode", "4", name)
                bridge.stop(end)
                self.assertEqual(self.values("/Mode", name), [4])
                self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 9.0)")
                again = self.bridge(use_mode="yes")
                self.wait_for_write("/Mode", "1", name)
                again.process.wait_for_line("is on again")
                again.stop()
                self.do(f"services['com.victronenergy.battery.ttyB'].stop(); services['{CHARGER}{name}'].stop()")

    def test_when_it_is_not_enabled_any_more_ours_is_given_back(self):
        for options, config in ((["--release"], {}), ([], {"enabled": "no"})):
            with self.subTest(options):
                start = self.seen
                self.do("battery('ttyB', 0.0); charger('ttyO1', **{'/Mgmt/Connection': 'VE.Can'})")
                bridge = self.bridge(use_mode="yes")
                self.wait_for_write("/Mode", "4", start=start)
                bridge.stop()
                other = self.bridge(*options, **config)
                self.wait_for_write("/Mode", "1", start=start)
                other.process.wait_for_line("is on again")
                if options:
                    self.assertEqual(other.process.wait(), 0)
                other.stop()
                self.assertEqual(other.switched_off(), [])
                self.do("services['com.victronenergy.battery.ttyB'].stop(); services['com.victronenergy.solarcharger.ttyO1'].stop()")


class Visible(BridgeTest):
    def test_what_others_see(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1'); Service('com.victronenergy.multi.ttyX', {})")
        bridge = self.bridge()
        client = self.client()
        client.wait_for_value("/Chargers/1/ChargeCurrent", 0.0)
        items = client.items
        self.assertEqual(items["/Bridge/Allow"].value, 0)
        self.assertEqual(items["/Bridge/Reason"].value, "ttyB allows no charging (CCL 0)")
        self.assertEqual(items["/Chargers/1/Name"].value, "ttyO1")
        self.assertEqual(items["/Chargers/1/Way"].value, "link")
        self.assertEqual((items["/State"].value, items["/Alarm"].value), (8, 0))
        bridge.process.wait_for_line("multi.ttyX may charge the battery, too")

    def test_watch(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        self.bridge()
        self.client().wait_for_value("/Chargers/1/ChargeCurrent", 0.0)
        shown = subprocess.run([os.environ["DBUS_BMS"], "watch", "bridge", "--once"], env=self.bus.env, capture_output=True, text=True, check=True)
        for words in ("NOT ALLOWED", "ttyB allows no charging (CCL 0)", "told 0.0 A"):
            self.assertIn(words, shown.stdout)

    def test_nothing_is_said_while_nothing_changes(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        self.bridge()
        client = self.client()
        client.wait_for_value("/Bridge/Allow", 1)
        client.wait_s(4)
        seen = len(client.changes)
        client.wait_s(7)
        self.assertEqual(len(client.changes), seen)


if __name__ == "__main__":
    harness.main()
