#!/usr/bin/python3
"""The MPPT bridge: chargers that come, hang, refuse, or only say yes."""

import harness
from bridge_case import CHARGER, BridgeTest, limit


class Chargers(BridgeTest):
    def test_a_new_charger_is_told_at_once(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        self.bridge()
        self.assert_told_at_once("charger('ttyO2')", f"services['{CHARGER}ttyO2'].stop()", name="ttyO2", told_before="0.0")

    def test_a_charger_that_hangs_delays_nobody(self):
        self.do("battery('ttyB'); charger('ttyO1'); charger('ttyO2')")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0", "ttyO2")
        client = self.client()
        self.do("services['com.victronenergy.solarcharger.ttyO1'].silent = True")
        self.assert_told_at_once(limit(0.0), limit(50.0), name="ttyO2", witness="ttyO2")
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

    def test_a_charger_that_hangs_while_it_may_charge_is_missed_as_well(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        self.do("services['com.victronenergy.solarcharger.ttyO1'].silent = True")
        bridge.process.wait_for_line(r"error: ttyO1: .*no answer \(3 times\)", limit_s=60)


if __name__ == "__main__":
    harness.main()
