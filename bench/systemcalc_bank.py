#!/usr/bin/python3
"""A bank beside the real systemcalc and localsettings: who is the BMS, and what becomes of it when somebody ends.

  bench/systemcalc_bank.py SYSTEMCALC LOCALSETTINGS

SYSTEMCALC and LOCALSETTINGS are checkouts of dbus-systemcalc-py and localsettings that run on this machine, velib_python
included. The packs are simulated boards with a driver each. Takes about two minutes; prints what came of each situation,
and ends with 1 if one of them was not as it must be."""

import argparse
import os
import signal
import sys

import measure  # noqa: F401  makes the modules below known
from harness import Daemon, Process, Simulator
from real_system import SYSTEM, RealSystem

BANK = "com.victronenergy.battery.House"
PACKS = ("ttyONE", "ttyTWO")


class BankedSystem(RealSystem):
    def __init__(self, programs):
        super().__init__(programs, 1)
        self.config = self.bus.directory / "bank.ini"
        self.config.write_text(f"[bank House]\nmembers = {', '.join(PACKS)}\nmin_members = 1\n")
        for name in PACKS:
            self.add(Simulator("--cells", "16", "--serial", name, name=name))
        simulators = self.running[-len(PACKS):]
        self.drivers = [self.add(Daemon(self.bus, each.tty, "--config", self.config)) for each in simulators]
        self.start_bank()

    def start_bank(self):
        self.bank = self.add(Process("bank", [os.environ["DBUS_BMS"], "bank", "--config", self.config, "--state-dir",
                                              self.bus.directory / "state", "--run-dir", self.bus.directory / "run"],
                                     env=self.bus.env, output="both"))

    def system(self, path):
        return self.value(SYSTEM, path)

    def expect(self, what, condition, within_s=60, log=()):
        super().expect(what, condition, within_s, log or self.bank.lines)


def story(s):
    s.expect("the bank is the BMS", lambda: s.system("/ActiveBmsService") == BANK)
    s.expect("there is no other one to choose", lambda: len(s.system("/AvailableBmsServices") or []) == 1)
    s.expect("its packs are seen as batteries", lambda: len(s.system("/Batteries") or []) == 1 + len(PACKS))
    s.expect("DVCC is on", lambda: s.system("/Control/Dvcc") == 1)
    s.stays("nobody complains of several batteries", lambda: s.system("/Dvcc/Alarms/MultipleBatteries") == 0, 10)

    s.drivers[1].stop(signal.SIGKILL)
    s.expect("a driver of a pack is killed: the bank goes on with the other", lambda: s.value(BANK, "/System/NrOfModulesOnline") == 1)
    s.stays("it stays the BMS", lambda: s.system("/ActiveBmsService") == BANK, 5)

    s.calculating.stop(signal.SIGKILL)
    s.start_systemcalc()
    s.expect("systemcalc is started anew: the bank is the BMS", lambda: s.system("/ActiveBmsService") == BANK)

    s.bank.stop(signal.SIGKILL)
    s.expect("the bank is killed: there is no BMS", lambda: s.system("/ActiveBmsService") is None)
    s.stays("none of its packs becomes one", lambda: s.system("/ActiveBmsService") is None, 10)

    s.start_bank()
    s.expect("it is started anew: it is the BMS again", lambda: s.system("/ActiveBmsService") == BANK)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("systemcalc", help="checkout of dbus-systemcalc-py")
    parser.add_argument("localsettings", help="checkout of localsettings")
    programs = parser.parse_args()
    if "DBUS_BMS" not in os.environ:
        measure.build()
    system = BankedSystem(programs)
    try:
        story(system)
    finally:
        failed = system.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
