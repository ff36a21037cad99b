#!/usr/bin/python3
"""What has been seen of the cells of a bank: of all its packs, and never what cannot be."""

import os
import subprocess

import harness
from bank_case import BATTERY, Bank, BankTest, VOLTAGE
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator

MONITOR = "/CellMonitor/"
COUNT, LATEST, CODE = MONITOR + "Alerts/Count", MONITOR + "Alerts/Latest", MONITOR + "Alerts/LatestCode"
WEAKEST, STRONGEST = MONITOR + "WeakestCell", MONITOR + "StrongestCell"
LOWEST, HIGHEST, MEAN, SPREAD = (f"{MONITOR}Statistics/{which}" for which in ("MinVoltage", "MaxVoltage", "AvgVoltage", "MaxSpread"))


def monitor(lowest, highest, mean, spread, weakest, strongest, count=0, code=None):
    values = {LOWEST: lowest, HIGHEST: highest, MEAN: mean, SPREAD: spread, WEAKEST: weakest, STRONGEST: strongest, COUNT: count, CODE: code,
              MONITOR + "Alerts/Acknowledge": 0}
    return {path.removeprefix("/").replace("/", "__"): value for path, value in values.items()}


class CellsOfFakePacks(BankTest):
    def test_what_packs_say_is_that_of_their_bank(self):
        self.pack("ttyA1", "A1", **monitor(3.20, 3.45, 3.30, 0.040, "C2 12 mV", "C3 -5 mV", 1, "1:1:4:2871:0:0:1764430000"))
        self.pack("ttyA2", "A2", **monitor(3.15, 3.40, 3.36, 0.030, "C7 23 mV", "C1 -9 mV", 2, "0:0:9:75:1:0:1764430001"))
        # Of another driver nothing of this is read.
        self.pack("A3", **monitor(1.0, 9.0, 2.0, 5.0, "C9 99 mV", "C9 -99 mV", 40, "2:2:7:3700:1:0:1864430000"))
        self.banks(House="A1, A2, A3")
        house = self.charged("House")
        shown = {LOWEST: 3.15, HIGHEST: 3.45, SPREAD: 0.04, WEAKEST: "B2C7 23 mV", STRONGEST: "B2C1 -9 mV", COUNT: 3,
                 LATEST: "info: cells apart 75 mV, B2C9", CODE: "0:0:9:75:1:0:1764430001:2", MONITOR + "Trend": None}
        for path, value in shown.items():
            house.wait_for_value(path, value)
        self.assertAlmostEqual(house.value(MEAN), 3.33, delta=0.001)
        with self.subTest("acknowledged"):
            self.say("ttyA1", COUNT, 0)
            house.wait_for_value(COUNT, 2)
            self.assertEqual(house.set(MONITOR + "Alerts/Acknowledge", 1), 0)
            # That has nothing to acknowledge is not written to, nor is another driver.
            self.fakes.process.wait_for_line(rf"^written {BATTERY}ttyA2 {MONITOR}Alerts/Acknowledge 1 ")
            self.say("ttyA2", COUNT, 0)
            house.wait_for_value(COUNT, 0)
            self.assertFalse([line for line in self.fakes.process.lines
                              if line.startswith((f"written {BATTERY}ttyA1 ", f"written {BATTERY}A3 "))])
            self.assertEqual(house.get(MONITOR + "Alerts/Acknowledge"), 0)
        with self.subTest("what cannot be"):
            for lie in ("float('nan')", "float('inf')", "-1e300", "'words'", "'C' * 10000", "10000", "None", "'C7 23 mV'"):
                self.do("ttyA2", f"s.tell({{path: {lie} for path in s.items if path.startswith('{MONITOR}')}})")
                self.pass_a_second(House="ttyA1")
                weakest = "B2C7 23 mV" if lie == "'C7 23 mV'" else "B1C2 12 mV"
                self.assertEqual([house.value(path) for path in (LOWEST, WEAKEST, COUNT, LATEST)],
                                 [3.2, weakest, 0, "warning: B1C4 too low, 2.871 V"], lie)
            self.do("ttyA2", "s.confess()")
            house.wait_for_value(LOWEST, 3.15)
        with self.subTest("silent"):
            # What was seen stays true, as long as its driver is there.
            self.do("ttyA2", "s.become(hanging=True)")
            house.wait_for_value("/Battery/2/Standing", "silent")
            self.assertEqual([house.value(path) for path in (LOWEST, WEAKEST, COUNT)], [3.15, "B2C7 23 mV", 2])
            self.do("ttyA2", "s.stop()")
            house.wait_for_value(WEAKEST, "B1C2 12 mV")
            self.assertEqual([house.value(path) for path in (LOWEST, COUNT)], [3.2, 0])
            self.do("ttyA2", "s.start(hanging=False)")
            house.wait_for_value(WEAKEST, "B2C7 23 mV")
        with self.subTest("out for service"):
            self.assertEqual(house.set("/Settings/Exclude/2", 1), 0)
            house.wait_for_value("/Battery/2/Standing", "excluded")
            self.assertEqual([house.value(path) for path in (LOWEST, WEAKEST, COUNT)], [3.2, "B1C2 12 mV", 0])


class CellsOfRealPacks(harness.TestCase):
    def cells(self, *words, exit_code=0):
        ran = subprocess.run([os.environ["DBUS_BMS"], "cells", "--state-dir", self.bus.directory / "state", "--run-dir",
                              self.bus.directory / "run", *words], capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, exit_code, ran.stderr)
        return ran.stdout + ran.stderr

    def test_an_event_is_seen_and_acknowledged(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        config = self.config_file("[bank House]\nmembers = JBD:ONE, JBD:TWO, JBD:THREE\n")
        house = self.start(BusClient, self.bus, BATTERY + "House")
        self.start(Bank, self.bus, config)
        boards, drivers = [], []
        for name, serial in (("ttyT0", "ONE"), ("ttyT1", "TWO")):
            boards.append(self.start(Simulator, "--cells", "4", "--serial", serial, name=name))
            drivers.append(self.start(Daemon, self.bus, boards[-1].tty, "--config", config, "--interval", "0.5"))
        house.wait_for(lambda items: VOLTAGE in items and items[VOLTAGE].value, "the bank")
        self.assertEqual(house.items[COUNT].value, 0)
        boards[1].command("set cell 3 3.75")
        house.wait_for(lambda items: items[COUNT].value, "an event")
        house.wait_for(lambda items: "B2C3 too high" in (items[LATEST].value or ""), "the cell that is too high")
        pack = self.start(BusClient, self.bus, BATTERY + "ttyT1")
        pack.wait_for(lambda items: COUNT in items and items[COUNT].value, "its own count")
        boards[1].command("set cell 3 3.3")
        pack.wait_for(lambda items: items["/Alarms/HighCellVoltage"].value == 0, "no alarm")
        self.assertEqual(house.set(MONITOR + "Alerts/Acknowledge", 1), 0)
        pack.wait_for_value(COUNT, 0)
        house.wait_for_value(COUNT, 0)
        for driver in drivers:
            driver.stop()
        shown = self.cells("House")
        self.assertRegex(shown, r"(?s)^jbd_ONE, 4 cells, .*\njbd_TWO, 4 cells, .*cell too high")
        self.assertIn("a battery called JBD:THREE", shown)
        refused = self.cells("House", "--json", exit_code=2)
        self.assertRegex(refused, r"(?s)House is a bank.*jbd_ONE\n +jbd_TWO\n$")
        self.assertTrue(self.cells("TWO").startswith("jbd_TWO, 4 cells, "))


if __name__ == "__main__":
    harness.main()
