#!/usr/bin/python3
"""The MPPT bridge: batteries that leave, hang, or go on with old readings."""

import signal

import harness
from bridge_case import BridgeTest, limit


class LostBatteries(BridgeTest):
    def test_a_battery_that_leaves(self):
        self.do("b = battery('ttyB'); charger('ttyO1')")
        self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.assert_told_at_once("b.stop()", "b.start()")
        quiet = self.wait_until_nothing_is_written("/Link/ChargeCurrent")  # so that error 67 is seen
        self.assertEqual(set(self.values("/Link/ChargeCurrent", start=start)), {0})
        self.do("battery('ttyB')")
        self.wait_for_write("/Link/ChargeCurrent", "35.0", start=quiet)

    def test_a_battery_that_hangs(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        bridge = self.bridge(stale_after=6)
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.seen
        self.do("services['com.victronenergy.battery.ttyB'].silent = True")
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)
        bridge.process.wait_for_line("ttyB has been silent for more than 6 s")
        self.do("services['com.victronenergy.battery.ttyB'].silent = False")
        self.wait_for_write("/Link/ChargeCurrent", "35.0", start=start)

    def test_somebody_who_hangs_at_the_start_delays_no_other(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        self.bridge(batteries="ttyB")
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        self.do("Service('com.victronenergy.battery.ttyShunt', {'/Connected': 1}, silent=True)")
        self.assert_told_at_once(limit(0.0), limit(50.0))

    def test_a_battery_of_ours_whose_readings_are_old(self):
        self.do("battery('ttyB', items={'/Info/LastReadingAge': 1.0}); charger('ttyO1')")
        self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.seen
        self.do("b = services['com.victronenergy.battery.ttyB']; b.items['/Info/LastReadingAge'] = 60.0; b.say('/Dc/0/Current', 21.0)")
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)

    def test_after_a_crash_nothing_is_allowed_before_a_fresh_value(self):
        self.do("b = battery('ttyB'); charger('ttyO1')")
        self.bridge().stop(signal.SIGKILL)
        self.do("b.silent = True")
        start = self.seen
        self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)
        self.assertNotIn(35, self.values("/Link/ChargeCurrent", start=start))

    def test_with_dvcc_a_battery_that_is_killed(self):
        self.do("system(1, 1); battery('ttyB'); charger('ttyO1')")
        self.bridge(use_mode="yes")
        self.client().wait_for_value("/Bridge/Allow", 1)
        self.do("services['com.victronenergy.battery.ttyB'].stop()")
        self.wait_for_write("/Mode", "4")


if __name__ == "__main__":
    harness.main()
