#!/usr/bin/python3
"""S9 for the MPPT bridge: what others on the bus send, or do not read, costs little memory and delays no 0 A."""

import time

import harness
import memory
from bridge_case import BATTERY, BRIDGE, CHARGER, SYSTEM, BridgeTest, limit
from raw_client import RawClient
from storm import LEFT_KB, Storm, check_memory, settled_kb


class Storms(BridgeTest):
    def quiet_bridge(self, **config):
        """A bridge that allows charging, and has given back what its start needed."""
        self.do("battery('ttyB'); charger('ttyO1')")
        self.process = self.bridge(**config).process
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        self.watcher = self.client()
        self.before_kb = settled_kb(self.process, self.watcher)
        self.watch = memory.Watch(self.process.pid)

    def check_no_is_heard(self):
        """Within the storm."""
        start = self.seen
        began = time.monotonic()
        self.do(limit(0.0))
        heard_after_s = self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start) - began
        print(f"\n  0 A was told after {heard_after_s:.2f} s", end=" ", flush=True)

    def check_afterwards(self, lines=60, left_kb=LEFT_KB):
        self.watcher.wait_until(lambda: not self.watcher.items["/Bridge/Allow"].value)
        check_memory(self, self.process, self.watcher, self.before_kb, self.watch, left_kb)
        self.assertLess(len(self.process.lines), lines)

    def test_clients_that_do_not_read(self):
        self.quiet_bridge()
        storms = [self.start(Storm, self.bus, BRIDGE, "items", "tree", "introspect", "texts"),
                  self.start(Storm, self.bus, BRIDGE, "ping", "unknown", "refused"),
                  self.start(Storm, self.bus, BRIDGE, "items", reads="1000")]
        for storm in storms[:2]:
            storm.process.wait_for_line("^sent ")
        self.check_no_is_heard()
        self.assertEqual(self.watcher.get("/Bridge/Allow"), 0)  # who reads is answered
        for storm in storms:
            storm.stop()
        self.check_afterwards()

    def test_names_that_come_and_go(self):
        self.quiet_bridge()
        other = self.start(RawClient, self.bus.address)
        for number in range(1500):
            for service_class in (BATTERY, CHARGER, "com.victronenergy.vebus."):
                other.own(f"{service_class}x{number}")
                other.release(f"{service_class}x{number}")
        for number in range(1500):  # and some that stay
            other.own(f"{BATTERY}y{number}")
            other.own(f"{CHARGER}y{number}")
        self.check_no_is_heard()
        self.process.wait_for_line("only 48 chargers can be controlled")
        other.stop()
        self.process.wait_for_line("has left the bus")
        self.check_afterwards(lines=700, left_kb=1536)  # of those that stayed a trace is left

    def test_a_charger_that_comes_and_goes(self):
        self.quiet_bridge()
        start = len(self.process.lines)
        other = self.start(RawClient, self.bus.address)
        for _ in range(2000):
            other.own(f"{CHARGER}ttyO7")
            other.release(f"{CHARGER}ttyO7")
        self.check_no_is_heard()
        self.assertLess(len(self.process.lines) - start, 40)
        self.check_afterwards()

    def test_a_battery_that_says_yes_and_no_by_turns(self):
        self.quiet_bridge()
        start, seen = len(self.process.lines), self.seen
        self.do("b = services['com.victronenergy.battery.ttyB']\nfor n in range(3000): b.say('/Info/MaxChargeCurrent', 50.0 * (n % 2))")
        self.do(limit(0.0))
        self.watcher.wait_until(lambda: self.watcher.items["/Bridge/Allow"].value == 0)
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=seen)
        self.assertNotIn(35, self.values("/Link/ChargeCurrent", start=seen), "a permission has to last")
        self.assertLess(len(self.values("/Link/ChargeCurrent", start=seen)), 300)
        self.assertLess(len(self.process.lines) - start, 60)
        self.check_afterwards(lines=120)

    def test_systemcalc_that_comes_and_goes(self):
        self.quiet_bridge()
        other = self.start(RawClient, self.bus.address)
        for _ in range(1000):
            other.own(SYSTEM)
            other.release(SYSTEM)
        self.check_no_is_heard()
        self.check_afterwards()

    def test_words_from_the_bus_do_not_steer_the_terminal(self):
        self.do("battery('ttyB'); charger('ttyO1', **{'/Mgmt/Connection': 'VE.Direct\\x1b[2J\\x9b31m\\ninfo: all is well', '/Serial': '\\x9b'})")
        bridge = self.bridge()
        line = bridge.process.wait_for_line("ttyO1: a charger, connected by .*").group(0)
        self.assertIn("VE.Direct?[2J??31m?info: all is well", line)
        self.assertTrue(line.isprintable(), line)

    def test_limits_that_no_charger_can_have(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        for value in ("1e308", "float('inf')", "-1e308", "1001.0", "float('nan')"):
            with self.subTest(value):
                start = self.seen
                self.do(f"services['com.victronenergy.solarcharger.ttyO1'].say('/Settings/ChargeCurrentLimit', {value})")
                self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)
                self.do("services['com.victronenergy.solarcharger.ttyO1'].say('/Settings/ChargeCurrentLimit', 200.0)")
                self.wait_for_write("/Link/ChargeCurrent", "200.0", start=start)
        self.assertEqual(set(self.values("/Link/ChargeCurrent")), {0, 35, 200})
        self.assertEqual(bridge.stop(), 0)


if __name__ == "__main__":
    harness.main()
