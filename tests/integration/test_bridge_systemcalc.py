#!/usr/bin/python3
"""The MPPT bridge: somebody else writes what chargers may do, or begins to."""

import harness
from bridge_case import BridgeTest


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
        self.wait_until_nothing_is_written("/Link/ChargeCurrent")

    def test_systemcalc_that_has_only_just_come_is_given_time_to_begin(self):
        """It says that it writes only when it does, up to 3 s later."""
        self.do("system(0, 0); battery('ttyB'); charger('ttyO1')")
        self.bridge(use_mode="yes")
        client = self.client()
        client.wait_s(1)
        self.do("services['com.victronenergy.system'].say('/Control/SolarChargeCurrent', 1); services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 0.0)")
        self.wait_for_write("/Mode", "4")
        self.assertEqual(self.values("/Link/ChargeCurrent") + self.values("/Link/NetworkMode"), [])

    def test_dvcc_is_turned_on_while_we_write(self):
        self.do("system(0, 0); battery('ttyB', 0.0); charger('ttyO1')")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "0.0")
        self.do("services['com.victronenergy.system'].say('/Control/Dvcc', 1)")
        bridge.process.wait_for_line("its limit is not written any more")
        self.wait_until_nothing_is_written("/Link/ChargeCurrent")


if __name__ == "__main__":
    harness.main()
