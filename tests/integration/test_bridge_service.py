#!/usr/bin/python3
"""The MPPT bridge: how the bridge runs: its ends, its modes, and what others see of it."""

import os
import signal
import subprocess

import harness
from bridge_case import BridgeTest
from harness import BusClient
from unread_log import UnreadLog


class Running(BridgeTest):
    def test_a_clean_stop_never_leaves_a_permission(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        self.assertEqual(bridge.stop(), 0)
        self.assertEqual(self.values("/Link/ChargeCurrent")[-1], 0)
        self.assertIn("error 67", "\n".join(bridge.process.lines))

    def test_a_machine_that_is_too_busy_is_reported(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        bridge = self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        bridge.process.send_signal(signal.SIGSTOP)
        with self.start(BusClient, self.bus) as client:
            client.wait_s(11)
        bridge.process.send_signal(signal.SIGCONT)
        bridge.process.wait_for_line(r"1\d s between two cycles")

    def test_a_dry_run_says_once_what_it_would_switch(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1', **{'/Mgmt/Connection': 'VE.Can'})")
        bridge = self.bridge("--dry-run", use_mode="yes")
        bridge.process.wait_for_line("ttyO1: would write Mode 4")
        for current in (21.0, 22.0, 23.0):
            self.do(f"services['com.victronenergy.battery.ttyB'].say('/Dc/0/Current', {current})")
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 20.0)")
        bridge.process.wait_for_line("waiting 5 s")
        self.assertEqual(len([line for line in bridge.process.lines if "would write Mode" in line]), 1)
        self.assertFalse([line for line in self.fakes.process.lines if line.startswith("written")])

    def test_a_dry_run_writes_nothing(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        bridge = self.bridge("--dry-run")
        bridge.process.wait_for_line("ttyO1: would write NetworkMode 9 and ChargeCurrent 0 A")
        self.assertEqual(self.values("/Link/ChargeCurrent"), [])

    def test_not_enabled(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        bridge = self.bridge(enabled="no")
        bridge.process.wait_for_line("not enabled")
        with self.start(BusClient, self.bus) as client:
            client.wait_s(2)
        self.assertFalse([line for line in self.fakes.process.lines if line.startswith("written")])
        self.assertEqual(bridge.stop(), 0)

    def test_classic(self):
        self.do("battery('ttyB', 7.0); charger('ttyO1')")
        self.bridge(mode="classic", batteries="ttyB")
        self.wait_for_write("/Link/ChargeCurrent", "200.0")
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 0.0)")
        self.wait_for_write("/Link/ChargeCurrent", "0.0")
        self.do("services['com.victronenergy.battery.ttyB'].stop()")
        self.wait_until_nothing_is_written("/Link/ChargeCurrent")


class Visible(BridgeTest):
    def test_what_others_see(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1'); Service('com.victronenergy.multi.ttyX', {})")
        bridge = self.bridge()
        client = self.client()
        client.wait_for_value("/Chargers/1/ChargeCurrent", 0.0)
        items = client.items
        self.assertEqual(items["/Bridge/Allow"].value, 0)
        self.assertEqual(items["/Bridge/Reason"].value, "ttyB allows no charging (CCL 0)")
        self.assertEqual(items["/Chargers/1/Name"].value, "ttyO1")
        self.assertEqual(items["/Chargers/1/Way"].value, "link")
        self.assertEqual((items["/State"].value, items["/Alarm"].value), (8, 0))
        bridge.process.wait_for_line("multi.ttyX may charge the battery, too")

    def test_watch(self):
        self.do("battery('ttyB', 0.0); charger('ttyO1')")
        self.bridge()
        self.client().wait_for_value("/Chargers/1/ChargeCurrent", 0.0)
        shown = subprocess.run([os.environ["DBUS_BMS"], "watch", "bridge", "--once"], env=self.bus.env, capture_output=True, text=True, check=True)
        for words in ("NOT ALLOWED", "ttyB allows no charging (CCL 0)", "told 0.0 A"):
            self.assertIn(words, shown.stdout)

    def test_nothing_is_said_while_nothing_changes(self):
        self.do("battery('ttyB'); charger('ttyO1')")
        self.bridge()
        client = self.client()
        client.wait_for_value("/Bridge/Allow", 1)
        client.wait_until_quiet(7)

    def test_a_log_that_nobody_reads_ends_the_process(self):
        """Chargers would go on hearing nothing new, and nobody would know."""
        self.do("battery('ttyB'); charger('ttyO1')")
        log = self.start(UnreadLog)
        config = self.config_file("[bridge]\nenabled = yes\n")
        bridge = subprocess.Popen([os.environ["DBUS_BMS"], "bridge", "--config", config, "--state-dir", self.bus.directory / "state"],
                                  stdout=log.write_end, env=self.bus.env)
        self.addCleanup(bridge.wait)
        self.addCleanup(bridge.kill)
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        log.fill()
        self.do("services['com.victronenergy.battery.ttyB'].say('/Info/MaxChargeCurrent', 0.0)")  # gives it something to log
        self.assertEqual(bridge.wait(60), 3)


if __name__ == "__main__":
    harness.main()
