#!/usr/bin/python3
"""The MPPT bridge beside the real systemcalc and localsettings: who wins, and whether anybody fights.

  bench/systemcalc.py SYSTEMCALC LOCALSETTINGS

SYSTEMCALC and LOCALSETTINGS are checkouts of dbus-systemcalc-py and localsettings that run on this machine, velib_python
included. Two fake chargers have all that a real one has; a third is systemcalc's own dummy, which has no /Mode. Takes
about four minutes; prints what came of each situation, and ends with 1 if one of them was not as it must be."""

import argparse
import sys
import tempfile

import measure  # noqa: F401  makes the modules below known
from bridge_case import BATTERY, CHARGER, FAKES, SYSTEM, Bridge
from harness import Process
from obedient import Obedient
from real_system import RealSystem

CONFIG = "[bridge]\nenabled = yes\nuse_mode = yes\nallow_after = 10\nescalate_after = 10\nmode_pause = 10\n"

BATTERY_ITEMS = {"/Info/MaxChargeVoltage": 55.2, "/Info/MaxDischargeCurrent": 50.0, "/Info/BatteryLowVoltage": 44.0, "/Soc": 50.0,
                 "/Dc/0/Voltage": 53.0, "/Dc/0/Power": 100.0, "/ProductId": 0xBAB5, "/ProductName": "battery", "/Serial": "B",
                 "/CustomName": "", "/Mgmt/Connection": "serial", "/Mgmt/ProcessName": "dbus-bms"}
CHARGER_ITEMS = {"/Connected": 1, "/Dc/0/Voltage": 53.0, "/Link/ChargeVoltage": None, "/Link/NetworkStatus": 4, "/Pv/V": 80.0,
                 "/Yield/Power": 1000.0, "/ProductName": "MPPT", "/CustomName": "", "/Mgmt/ProcessName": "vedirect-dbus"}


class Situation(RealSystem):
    """A system of its own, with chargers and a battery."""

    def __init__(self, programs, dvcc):
        super().__init__(programs, dvcc)
        self.fakes = self.add(Obedient(self.bus, FAKES))
        self.add(Process("dummy", [*self.python, programs.systemcalc + "/scripts/dummysolarcharger.py", "-n", CHARGER + "dummy"],
                         env=self.env, output="both"))
        for n in (1, 2):
            self.fakes.do(f"charger('ttyO{n}', **{dict(CHARGER_ITEMS, **{'/DeviceInstance': n})!r})")
        self.fakes.do(f"battery('ttyB', 20.0, items={BATTERY_ITEMS!r})")
        with tempfile.NamedTemporaryFile("w", suffix=".ini", delete=False) as config:
            config.write(CONFIG)
        self.bridge = self.add(Bridge(self.bus, config.name))
        self.expect("the bridge lets chargers charge", lambda: "charging is allowed" in self.log)

    def say(self, path, value):
        self.fakes.do(f"services['{BATTERY}ttyB'].say('{path}', {value!r})")

    @property
    def log(self):
        return "\n".join(self.bridge.process.lines)

    def charger(self, path, n=1):
        return self.value(f"{CHARGER}ttyO{n}", path)

    def expect(self, what, condition, within_s=60, log=()):
        super().expect(what, condition, within_s, log or self.bridge.process.lines)


def dvcc_off(situation):
    s = situation
    s.expect("systemcalc writes the chargers' full limit", lambda: s.value(SYSTEM, "/Control/SolarChargeCurrent") == 1 and s.charger("/Link/ChargeCurrent") == 35)
    s.say("/Info/MaxChargeCurrent", 0.0)
    s.expect("CCL 0: both chargers end at 0 A through /Mode", lambda: all(s.charger("/Mode", n) == 4 and s.charger("/Dc/0/Current", n) == 0 for n in (1, 2)))
    s.stays("nobody switches them on", lambda: s.charger("/Mode") == 4)
    s.expect("the dummy, which has no /Mode, raises an alarm", lambda: "dummy: cannot be stopped" in s.log and "it has no /Mode" in s.log)
    s.say("/Info/MaxChargeCurrent", 20.0)
    s.expect("CCL 20: both are on again", lambda: all(s.charger("/Mode", n) == 1 for n in (1, 2)))
    s.fakes.do(f"services['{CHARGER}ttyO2'].take('/Mode', 4)")
    s.say("/Info/MaxChargeCurrent", 0.0)
    s.expect("a user has switched off the second; CCL 0: the first is off as well", lambda: s.charger("/Mode") == 4)
    s.say("/Info/MaxChargeCurrent", 20.0)
    s.expect("CCL 20: the first is on again", lambda: s.charger("/Mode") == 1)
    s.stays("the second stays off", lambda: s.charger("/Mode", 2) == 4)
    s.fakes.do(f"services['{CHARGER}ttyO2'].take('/Mode', 1); services['{BATTERY}ttyB'].stop()")
    s.expect("the battery is killed: the chargers end without permission", lambda: all(s.charger("/Dc/0/Current", n) == 0 for n in (1, 2)))


def dvcc_on(situation):
    s = situation
    s.expect("systemcalc follows the battery", lambda: s.value(SYSTEM, "/Control/Dvcc") == 1 and s.value(SYSTEM, "/ActiveBmsService") == BATTERY + "ttyB")
    s.say("/Info/MaxChargeCurrent", 0.0)
    s.say("/Dc/0/Current", 0.0)
    s.expect("CCL 0: systemcalc leads both to 0 A", lambda: all(s.charger("/Dc/0/Current", n) < 1 for n in (1, 2)))
    s.stays("nothing fights: /Mode stays 1", lambda: s.charger("/Mode") == 1, 25)
    s.expect("the bridge only supervises", lambda: "ttyO1: charge current" not in s.log and "switched off" not in s.log)
    s.say("/Info/MaxChargeCurrent", 20.0)
    s.expect("CCL 20: systemcalc lets them have it again",
             lambda: sum(s.value(CHARGER + name, "/Link/ChargeCurrent") for name in ("ttyO1", "ttyO2", "dummy")) >= 20)
    s.say("/Dc/0/Current", 15.0)
    s.fakes.do(f"services['{BATTERY}ttyB'].stop()")
    s.expect("the battery is killed: all PV is stopped, or the chargers are off",
             lambda: all(s.charger("/Dc/0/Current", n) == 0 or s.charger("/Mode", n) == 4 for n in (1, 2)), 90)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("systemcalc", help="checkout of dbus-systemcalc-py")
    parser.add_argument("localsettings", help="checkout of localsettings")
    programs = parser.parse_args()
    measure.build()
    failed = []
    for dvcc, story in ((0, dvcc_off), (1, dvcc_on)):
        print(f"DVCC {'on' if dvcc else 'off'}")
        situation = Situation(programs, dvcc)
        try:
            story(situation)
        finally:
            failed += situation.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
