"""What owners see of charge control, counting and memory: the real daemon on a simulated board, killed and started anew."""

import json
import os
import signal
import subprocess

from harness import Daemon, TestCase, main

CVL, CCL, DCL = "/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"
SETTINGS = "com.victronenergy.settings"


def value(items, path):
    return items[path].value


class Charge(TestCase):
    def config(self, text):
        return "--config", self.config_file(text)

    def start_again(self, simulator, client, *options):
        daemon = self.start(Daemon, self.bus, simulator.tty, *options)
        client.wait_for(lambda items: value(items, "/Soc") is not None)
        return daemon

    def memory_file(self, client):
        return self.bus.directory / "state" / "batteries" / ("jbd_" + value(client.items, "/Serial") + ".json")

    def test_a_full_cell_leads_the_limits_down_and_says_so(self):
        simulator, _, client = self.battery("--cells", "4", daemon_options=("--interval", "0.3"))
        self.assertEqual(value(client.items, CCL), 50)
        self.assertEqual(value(client.items, "/Info/ChargeLimitation"), "configured maximum")
        self.assertEqual(value(client.items, "/Info/ChargeMode").split(",")[0], "Bulk")
        self.assertEqual(value(client.items, "/Info/ChargeState"), 0)
        simulator.command("set cell 3 3.47")
        client.wait_for(lambda items: value(items, CCL) < 5)
        self.assertGreater(value(client.items, CCL), 0)
        client.wait_for(lambda items: value(items, "/Info/ChargeLimitation").startswith("highest cell 3.4"))
        simulator.command("set cell 3 3.56")
        client.wait_for_value(CCL, 0)
        self.assertEqual(value(client.items, "/Io/AllowToCharge"), 0)
        self.assertGreater(value(client.items, DCL), 0)

    def test_kill_9_loses_next_to_nothing(self):
        options = self.config("[default]\nsoc_source = own\n")
        simulator, daemon, client = self.battery("--soc", "63", "--serial", "KILLED", daemon_options=options)
        self.assertEqual(client.set("/Settings/Soc", 41.5), 0)
        client.wait_for_value("/Soc", 41.5)
        for _ in range(3):
            daemon.stop(signal.SIGKILL)
            client.wait_for_no_name()
            daemon = self.start_again(simulator, client, *options)
            self.assertAlmostEqual(value(client.items, "/Soc"), 41.5, delta=0.2)
        self.assertAlmostEqual(value(client.items, "/SocBms"), 63, delta=1)

    def test_a_corrupt_memory_is_kept_aside_and_reported(self):
        simulator, daemon, client = self.battery("--serial", "CORRUPT")
        file = self.memory_file(client)
        daemon.stop()
        client.wait_for_no_name()
        self.assertEqual(json.loads(file.read_text())["format"], 1)
        file.write_text("{ no")
        daemon = self.start_again(simulator, client)
        daemon.wait_for_log(r"error: .*CORRUPT.json cannot be read; kept as .*CORRUPT.json.corrupt")
        self.assertEqual((file.parent / (file.name + ".corrupt")).read_text(), "{ no")

    def test_a_faulty_configuration_costs_nobody_a_battery(self):
        faulty = "[default]\nmax_charge_current = 3O\nmax_discharge_current = 40\nfoo = 1\n"
        _, daemon, client = self.battery(daemon_options=self.config(faulty))
        daemon.wait_for_log(r"error: .*\.ini:2: .*max_charge_current")
        daemon.wait_for_log(r"error: .*\.ini:4: .*foo")
        self.assertEqual(value(client.items, "/Info/ConfigurationFaults"), 2)
        self.assertIn(":2:", value(client.items, "/Info/ConfigurationFault"))
        self.assertEqual(value(client.items, "/ErrorCode"), 119)
        self.assertEqual(value(client.items, CCL), 50)
        self.assertEqual(value(client.items, DCL), 40)

    def test_a_multiple_of_an_unknown_capacity_is_nothing_and_a_fault_says_so(self):
        options = self.config("[default]\nmax_charge_current = 0.5C\n")
        _, daemon, client = self.battery(daemon_options=options, family="chargery")
        client.wait_for(lambda items: value(items, "/Info/ConfigurationFaults") == 1, "a fault", limit_s=60)
        self.assertIn("set capacity", value(client.items, "/Info/ConfigurationFault"))
        self.assertEqual(value(client.items, "/ErrorCode"), 119)
        self.assertEqual(value(client.items, CCL), 0)
        self.assertEqual(value(client.items, DCL), 60)
        self.assertEqual(value(client.items, "/Info/ChargeLimitation"), "capacity unknown; set capacity")
        self.assertEqual(client.set("/Settings/MaxChargeCurrent", 1), 2)
        daemon.wait_for_log(r"warning: max_charge_current needs the capacity")

    def test_an_owner_changes_limits_at_once_and_for_good(self):
        options = self.config("[default]\nmax_charge_current = 80\nabsorption_cell_voltage = 3.45\n")
        simulator, daemon, client = self.battery("--serial", "OWNED", daemon_options=options)
        self.assertEqual(value(client.items, CCL), 80)
        self.assertEqual(client.set("/Settings/MaxChargeCurrent", 30), 0)
        client.wait_for_value(CCL, 30)
        self.assertEqual(client.set("/Settings/MaxChargeCurrent", 81), 2, "never more than is configured")
        self.assertEqual(client.set("/Settings/DischargeBlocked", 1), 0)
        client.wait_for_value(DCL, 0)
        client.wait_for_value("/Info/DischargeLimitation", "blocked by the user")
        stored = client.call("/Settings/Devices/jbd_OWNED/MaxChargeCurrent", "GetValue", service=SETTINGS)
        self.assertEqual(stored, 30)
        daemon.stop()
        client.wait_for_no_name()
        self.start_again(simulator, client, *options)
        client.wait_for_value("/Settings/MaxChargeCurrent", 30)
        self.assertLessEqual(value(client.items, CCL), 30)
        self.assertEqual(value(client.items, DCL), 0)
        client.call("/Settings/Devices/jbd_OWNED/DischargeBlocked", "SetValue", 0, signature="v", service=SETTINGS)
        client.wait_for_value("/Settings/DischargeBlocked", 0)
        client.wait_for(lambda items: value(items, "/Info/DischargeLimitation") != "blocked by the user")

    def test_the_switches_on_the_screen_are_the_settings(self):
        _, daemon, client = self.battery("--serial", "SWITCHED")
        setting = "/Settings/Devices/jbd_SWITCHED/DischargeBlocked"
        self.assertEqual(client.set("/SwitchableOutput/2/State", 0), 0)
        client.wait_for_value(DCL, 0)
        self.assertEqual(value(client.items, "/Settings/DischargeBlocked"), 1)
        self.assertEqual(value(client.items, "/SwitchableOutput/2/Status"), 0)
        self.assertEqual(value(client.items, "/ConnectionInformation"),
                         'Bulk; no discharging: "Discharging allowed" is off')
        self.assertEqual(value(client.items, "/Info/DischargeLimitationCode"), 5)
        client.wait_until(lambda: client.call(setting, "GetValue", service=SETTINGS) == 1, "a setting that is kept")
        client.call(setting, "SetValue", 0, signature="v", service=SETTINGS)
        client.wait_for_value("/SwitchableOutput/2/State", 1)
        self.assertEqual(client.set("/Settings/ChargeBlocked", 1), 0)
        client.wait_for_value("/SwitchableOutput/1/State", 0)
        client.wait_for_value("/Info/ChargeMode", "Blocked by the user")
        self.assertEqual(client.set("/SwitchableOutput/1/State", 1), 0)
        client.wait_for_value("/Settings/ChargeBlocked", 0)

    def test_mode_and_reason_agree_while_an_alarm_stops_charging(self):
        simulator, _, client = self.battery()
        simulator.command("protect cell_overvoltage")
        client.wait_for_value(CCL, 0)
        self.assertEqual(value(client.items, "/Info/ChargeMode"), "Bulk, no charging: high cell voltage")
        client.wait_for_value("/Alarms/HighCellVoltage", 2)
        self.assertRegex(value(client.items, "/Info/Alarms"), r"^High cell voltage \(cell \d+, \d\.\d\d V\)$")
        self.assertRegex(value(client.items, "/Info/AlarmCodes"), r"^HighCellVoltage:2:1:\d+$")

    def test_blocking_the_charge_is_a_state(self):
        _, _, client = self.battery()
        self.assertEqual(client.set("/Settings/ChargeBlocked", 1), 0)
        client.wait_for_value(CCL, 0)
        self.assertEqual(value(client.items, "/Info/ChargeState"), 5)
        self.assertEqual(client.set("/Settings/ChargeBlocked", 0), 0)
        client.wait_for_value("/Info/ChargeState", 0)

    def test_the_soc_of_a_bms_that_cannot_be_told_is_refused(self):
        _, daemon, client = self.battery()
        self.assertEqual(client.set("/Settings/Soc", 50), 2)
        daemon.wait_for_log("SoC of .* cannot be ordered: .*soc_source = own")
        self.assertIsNone(value(client.items, "/Settings/Soc"), "what cannot be set says so")
        self.assertEqual(client.set("/Settings/SocSource", 1), 0)
        client.wait_for(lambda items: value(items, "/Settings/Soc") == value(items, "/Soc"))

    def test_history_is_cleared_by_group_and_survives_a_restart(self):
        simulator, daemon, client = self.battery("--serial", "HISTORY")
        simulator.command("set cell 2 3.6")
        client.wait_for(lambda items: (value(items, "/History/MaximumCellVoltage") or 0) > 3.5)
        daemon.stop()
        client.wait_for_no_name()
        simulator.command("set cell 2 3.3")
        self.start_again(simulator, client)
        self.assertGreater(value(client.items, "/History/MaximumCellVoltage"), 3.5)
        self.assertEqual(value(client.items, "/History/CanBeCleared"), 1)
        self.assertEqual(client.set("/History/Clear", 8), 2)
        self.assertEqual(client.set("/History/Clear", 3), 0)
        client.wait_for(lambda items: (value(items, "/History/MaximumCellVoltage") or 4) < 3.4)

    def test_the_current_of_a_shunt_replaces_the_boards(self):
        shunt, _, _ = self.battery("--serial", "SHUNT", name="ttySHUNT")
        shunt.command("set current -7.5")
        options = self.config("[default]\nexternal_battery = ttySHUNT\ncurrent_source = external\n")
        _, _, client = self.battery("--serial", "MAIN", name="ttyMAIN", daemon_options=options)
        client.wait_for(lambda items: value(items, "/Dc/0/Current") == -7.5)

    def test_control_decides_as_the_daemon_does(self):
        simulator, _, client = self.battery("--cells", "4")
        truth = simulator.state()
        frame = {"dt_s": 1, "cells_v": truth["cells_v"], "current_a": truth["current_a"], "soc_pct": truth["soc_pct"],
                 "capacity_ah": 280, "temperatures_c": truth["temperatures_c"], "charge_fet": True,
                 "discharge_fet": True}
        played = subprocess.run([os.environ["DBUS_BMS"], "control"], input=json.dumps(frame) + "\n",
                                capture_output=True, text=True, check=True)
        answer = json.loads(played.stdout)
        self.assertEqual(answer["ccl_a"], value(client.items, CCL))
        self.assertEqual(answer["dcl_a"], value(client.items, DCL))
        self.assertAlmostEqual(answer["cvl_v"], value(client.items, CVL), delta=0.3)
        self.assertEqual(answer["soc_pct"], value(client.items, "/Soc"))


if __name__ == "__main__":
    main()
