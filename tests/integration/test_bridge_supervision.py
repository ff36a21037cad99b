#!/usr/bin/python3
"""The MPPT bridge: DVCC is on: the bridge watches, and stops only chargers that go on charging."""

import harness
from bridge_case import BATTERY, SYSTEM, BridgeTest


class Supervision(BridgeTest):
    def test_dvcc_on_and_the_chargers_obey(self):
        self.do("system(1, 1); battery('ttyB', 0.0, items={'/Dc/0/Current': 0.1}); charger('ttyO1', **{'/Link/ChargeCurrent': 0.0, '/Dc/0/Current': 8.0}); overwrite('ttyO1', 0.0)")
        bridge = self.bridge(use_mode="yes")
        client = self.client()
        client.wait_s(9)
        self.assertFalse([line for line in self.fakes.process.lines if line.startswith("written")], "they feed loads")
        self.assertEqual(client.items["/Chargers/1/Way"].value, "supervised")
        start = self.seen
        self.do("services['com.victronenergy.battery.ttyB'].say('/Dc/0/Current', 7.0)")
        self.wait_for_write("/Mode", "4", start=start)
        bridge.stop()
        self.assertEqual(self.values("/Link/ChargeCurrent") + self.values("/Link/NetworkMode"), [])

    def test_systemcalc_follows_the_second_battery_when_the_first_is_lost(self):
        """Charging goes on by the second one's limits; the bridge stops it as long as the first is lost."""
        self.do("system(1, 1); battery('ttyA', 50.0); battery('ttyB', 40.0); charger('ttyO1', **{'/Link/ChargeCurrent': 40.0}); overwrite('ttyO1', 40.0)")
        self.bridge(use_mode="yes", batteries="ttyA, ttyB")
        client = self.client()
        client.wait_for_value("/Bridge/Allow", 1)
        start = self.seen
        lost = "; ".join(f"services['{BATTERY}ttyA'].say('{path}', {value})" for path, value in (
            ("/Info/MaxChargeCurrent", None), ("/Dc/0/Current", None), ("/Alarms/BmsCable", 2)))
        self.do(lost)
        client.wait_for_value("/Bridge/Reason", "ttyA has lost its BMS")
        self.wait_for_write("/Mode", "4", start=start)
        back = "; ".join(f"services['{BATTERY}ttyA'].say('{path}', {value})" for path, value in (
            ("/Dc/0/Current", 10.0), ("/Alarms/BmsCable", 0), ("/Info/MaxChargeCurrent", 50.0)))
        self.do(back)
        self.wait_for_write("/Mode", "1", start=start, limit_s=120)
        self.assertEqual(self.values("/Link/ChargeCurrent") + self.values("/Link/NetworkMode"), [])

    def test_pv_disable_before_mode(self):
        self.do("system(1, 1, **{'/Pv/Disable': 0}); battery('ttyB', 0.0); charger('ttyO1')")
        self.bridge(use_mode="yes")
        self.fakes.process.wait_for_line(rf"^written {SYSTEM} /Pv/Disable 1 ")
        self.assertEqual(self.values("/Mode"), [])
        self.wait_for_write("/Mode", "4")
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 9.0)")
        self.fakes.process.wait_for_line(rf"^written {SYSTEM} /Pv/Disable 0 ")


if __name__ == "__main__":
    harness.main()
