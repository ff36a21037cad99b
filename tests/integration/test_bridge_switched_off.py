#!/usr/bin/python3
"""The MPPT bridge: chargers that are switched off: by the bridge, which switches them on again, or by their user."""

import signal

import harness
from bridge_case import CHARGER, BridgeTest
from harness import BusClient


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
                self.assertEqual(set(self.values("/Mode", name)), {4})
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

    def test_a_switch_off_that_was_refused_is_not_ours(self):
        self.do("battery('ttyB', 0.0); c = charger('ttyO1', **{'/Mgmt/Connection': 'VE.Can'}); c.result = 2")
        bridge = self.bridge(use_mode="yes")
        bridge.process.wait_for_line("refused with 2")
        self.do("c.user_switches(4); c.result = 0; services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 9.0)")
        bridge.process.wait_for_line("charging is allowed")
        with self.start(BusClient, self.bus) as client:
            client.wait_s(6)  # the pause, and a cycle
        self.assertEqual(set(self.values("/Mode")), {4})

    def test_a_charger_that_cannot_be_given_back_is_named(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1', **{'/Mgmt/Connection': 'VE.Can'})")
        self.bridge(use_mode="yes").process.wait_for_line("switched off")
        self.wait_for_write("/Mode", "4")
        self.do(f"services['{CHARGER}ttyO1'].stop()")
        release = self.bridge("--release")
        self.assertEqual(release.process.wait(), 1)
        self.assertIn("HQttyO1 was switched off by the bridge and cannot be reached", "\n".join(release.process.lines))
        self.assertEqual(release.switched_off(), ["HQttyO1"], "a later start can do it")


if __name__ == "__main__":
    harness.main()
