#!/usr/bin/python3
"""The MPPT bridge: what batteries allow, and that chargers hear of it."""

import signal
import time

import harness
from bridge_case import BridgeTest, limit


class Limits(BridgeTest):
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
        start = self.assert_told_at_once(limit(0.0), limit(50.0))
        self.wait_for_write("/Link/ChargeCurrent", "0.0", "ttyO2", start)
        first = self.seen
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=first)
        self.wait_for_write("/Link/NetworkMode", "9", start=first)

    def test_what_is_no_limit_is_zero(self):
        """Each with a bridge of its own, the first permission of which need not wait."""
        self.do("battery('ttyB'); charger('ttyO1')")
        for value in ("None", "float('nan')", "-5.0", "'words'", "0"):
            with self.subTest(value):
                start = self.seen
                bridge = self.bridge()
                self.wait_for_write("/Link/ChargeCurrent", "35.0", start=start)
                start = self.seen
                self.do(limit(value))
                self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)
                self.assertNotIn(35, self.values("/Link/ChargeCurrent", start=start))
                bridge.stop(signal.SIGKILL)
                self.do(limit(50.0))

    def test_it_comes_back_only_after_a_while(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        bridge = self.bridge()
        self.do(limit(5.0))
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.seen
        began = time.monotonic()
        self.do("b = services['com.victronenergy.battery.ttyB']; b.say('/Info/MaxChargeCurrent', 0.0); b.say('/Info/MaxChargeCurrent', 5.0)")
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)
        self.assertGreater(self.wait_for_write("/Link/ChargeCurrent", "35.0", start=start) - began, 5)
        bridge.process.wait_for_line("waiting 5 s")

    def test_several_batteries_and_a_shunt(self):
        self.do("battery('ttyA'); battery('ttyB'); charger('ttyO1')")
        self.do("Service('com.victronenergy.battery.ttyShunt', {'/Connected': 1, '/Soc': 50.0, '/Info/MaxChargeCurrent': None})")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        start = self.seen
        self.do(limit(0.0))
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


if __name__ == "__main__":
    harness.main()
