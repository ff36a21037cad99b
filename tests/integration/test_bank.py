#!/usr/bin/python3
"""A bank of real daemons over simulated boards: one battery on the bus, as long as enough of its packs are heard."""

import os
import signal
from pathlib import Path

import harness
from broker import Broker, Subscriber
from bank_case import Bank
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator


class BankTest(harness.TestCase):
    def bank(self, mode, count, extra="", run="run"):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        names = [f"ttyT{number}" for number in range(count)]
        config = self.config = self.config_file(f"[bank House]\nmode = {mode}\nmembers = {', '.join(names)}\n{extra}")
        self.client = self.start(BusClient, self.bus, "com.victronenergy.battery.House")
        self.process = self.start(Bank, self.bus, config, run)
        self.packs, self.simulators = [], []
        for name in names:
            self.simulators.append(self.start(Simulator, "--serial", "SIM" + name, name=name))
            self.packs.append(self.start(Daemon, self.bus, self.simulators[-1].tty, "--config", config))
        self.client.wait_for(lambda items: items.get("/Soc") and items["/Soc"].value is not None, "a valid /Soc")
        return self.client

    def test_two_in_parallel(self):
        client = self.bank("parallel", 2)
        items = client.wait_for(lambda all_items: (all_items["/Info/MaxChargeCurrent"].value or 0) > 0, "CCL")
        self.assertEqual(items["/System/NrOfBatteries"].value, 2)
        self.assertEqual(items["/System/BatteriesParallel"].value, 2)
        self.assertEqual(items["/System/BatteriesSeries"].value, 1)
        self.assertEqual([items[f"/Battery/{n}/Name"].value for n in (1, 2)], ["ttyT0", "ttyT1"])
        pack = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyT0")
        shown = pack.wait_for(lambda all_items: "/Member/Name" in all_items, "/Member/Name")
        self.assertEqual(shown["/Member/Name"].value, "ttyT0")
        for path in ("/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent"):
            self.assertNotIn(path, shown)
        self.assertAlmostEqual(items["/InstalledCapacity"].value, 2 * shown["/InstalledCapacity"].value)

    def sheets_in_use(self):
        """Of which packs the bank reads the sheet in memory."""
        sheets = self.bus.directory / "run" / "sheet"
        links = [os.readlink(each) for each in Path(f"/proc/{self.process.process.pid}/fd").iterdir()]
        return sorted(link.removeprefix(f"{sheets}/") for link in links if link.startswith(str(sheets)))

    def test_what_packs_say_is_read_from_their_sheets(self):
        client = self.bank("parallel", 2)
        client.wait_for_value("/System/NrOfModulesOnline", 2)
        self.assertEqual(self.sheets_in_use(), ["ttyT0", "ttyT1"])
        self.assertEqual(client.items["/Battery/2/Serial"].value, "SIMttyT1")
        self.simulators[1].command("set cell 3 3.41")
        client.wait_for(lambda items: (items["/Battery/2/Cell/3/Voltage"].value or 0) > 3.39, "another voltage")
        # A driver that is started anew writes a new one.
        self.packs[1].stop(signal.SIGKILL)
        client.wait_for_value("/Battery/2/Standing", "silent")
        self.packs[1] = self.start(Daemon, self.bus, self.simulators[1].tty, "--config", self.config)
        client.wait_for_value("/Battery/2/Standing", "in use")
        self.assertEqual(self.sheets_in_use(), ["ttyT0", "ttyT1"])

    def test_where_no_sheet_can_be_seen_their_signals_are_followed(self):
        client = self.bank("parallel", 2, run="elsewhere")
        client.wait_for_value("/System/NrOfModulesOnline", 2)
        self.assertEqual(self.sheets_in_use(), [])
        client.wait_for(lambda items: (items["/Info/MaxChargeCurrent"].value or 0) > 0, "CCL")
        self.packs[1].stop(signal.SIGKILL)
        client.wait_for_value("/Battery/2/Standing", "silent")
        self.packs[1] = self.start(Daemon, self.bus, self.simulators[1].tty, "--config", self.config)
        client.wait_for_value("/Battery/2/Standing", "in use")

    def test_a_pack_that_hangs_is_a_pack_that_is_lost(self):
        client = self.bank("parallel", 2)
        client.wait_for_value("/System/NrOfModulesOnline", 2)
        self.packs[1].send_signal(signal.SIGSTOP)
        # Both of two are needed, so nothing may be charged.
        client.wait_for_value("/Info/MaxChargeCurrent", 0)
        client.wait_for_value("/Battery/2/Standing", "silent")
        self.packs[1].send_signal(signal.SIGCONT)

    def test_three_in_series_are_never_a_sum_of_two(self):
        client = self.bank("series", 3)
        items = client.wait_for_value("/System/BatteriesSeries", 3)
        voltage_v = items["/Dc/0/Voltage"].value
        self.assertAlmostEqual(voltage_v, sum(items[f"/Battery/{n}/Voltage"].value for n in (1, 2, 3)), delta=0.3)
        start = len(client.changes)
        self.packs[0].stop(signal.SIGKILL)
        client.wait_for_value("/Dc/0/Voltage", None)
        self.assertEqual(client.items["/Info/MaxChargeCurrent"].value, 0)
        for change in client.changes[start:]:
            value = change.items["/Dc/0/Voltage"].value if "/Dc/0/Voltage" in change.items else None
            self.assertTrue(value is None or abs(value - voltage_v) < 1, value)

    def test_an_owner_takes_a_pack_out_and_puts_it_back(self):
        client = self.bank("parallel", 2)
        client.wait_for_value("/System/NrOfModulesOnline", 2)
        self.assertEqual(client.set("/Settings/Exclude/2", 1), 0)
        client.wait_for_value("/Battery/2/Standing", "excluded")
        self.packs[1].stop()
        self.process.process.stop(signal.SIGKILL)
        client.wait_for_no_name()
        self.process = self.start(Bank, self.bus, self.config)
        items = client.wait_for(lambda all_items: (all_items.get("/Info/MaxChargeCurrent") and
                                                   all_items["/Info/MaxChargeCurrent"].value or 0) > 0, "one pack is enough")
        self.assertEqual(items["/Settings/Exclude/2"].value, 1)
        self.assertEqual(items["/Alarms/BmsCable"].value or 0, 0)
        self.assertEqual(client.set("/Settings/Exclude/2", 0), 0)
        client.wait_for_value("/Info/MaxChargeCurrent", 0)  # both of two are needed again

    def test_one_board_under_two_names_is_no_bank(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        config = self.config_file("[bank House]\nmembers = ttyT0, ttyT1\n")
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.House")
        bank = self.start(Bank, self.bus, config)
        for name in ("ttyT0", "ttyT1"):
            simulator = self.start(Simulator, "--serial", "SAME1", name=name)
            self.start(Daemon, self.bus, simulator.tty, "--config", config)
        bank.wait_for_log(r"ttyT0 \(ttyT0\) and ttyT1 \(ttyT1\) have the same serial number SAME1")
        items = client.wait_for(lambda all_items: "/ErrorCode" in all_items and all_items["/ErrorCode"].value == 4, "a refusal")
        self.assertEqual([items[path].value for path in ("/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent")], [0, 0])

    def test_a_broker_has_it_as_one_more_battery(self):
        broker = self.start(Broker)
        subscriber = self.start(Subscriber, broker)
        self.bank("parallel", 2, f"[mqtt]\nhost = 127.0.0.1\nport = {broker.port}\n")
        state = subscriber.wait_for_json("bank_house/state", lambda said: said.get("soc") is not None)
        self.assertGreater(state["voltage"], 10)

    def test_without_the_bank_there_is_no_bms(self):
        client = self.bank("parallel", 2)
        self.process.process.stop(signal.SIGKILL)
        client.wait_for_no_name()


if __name__ == "__main__":
    harness.main()
