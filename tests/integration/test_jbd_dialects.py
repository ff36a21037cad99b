"""JBD boards that do not speak the plain protocol alone: the UP series, and boards with an address."""

import json
import os
import subprocess

from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main

CCL, DCL = "/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"


class UpSeries(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.settings = self.start(Settings, self.bus)

    def test_what_the_board_measures_is_what_the_bus_shows(self):
        simulator, _, client = self.battery("--dialect", "up", "--cells", "16", "--ntc", "4")
        truth = simulator.state()
        items = {path: item.value for path, item in client.items.items()}
        self.assertEqual([items[f"/Voltages/Cell{cell}"] for cell in range(1, 17)], truth["cells_v"])
        self.assertEqual(items["/Dc/0/Voltage"], truth["voltage_v"])
        self.assertAlmostEqual(items["/Soc"], truth["soc_pct"], delta=0.1)
        self.assertEqual(items["/Soh"], 100)
        self.assertTrue(items["/Serial"].startswith("UP16S020"), items["/Serial"])
        self.assertEqual(simulator.state()["writes"], [])

    def test_a_first_pack_is_allowed_its_own_part_of_what_all_are(self):
        simulator = self.start(Simulator, "--dialect", "up", "--boards", "2")
        simulator.command("on 1 limit discharge 30")
        simulator.command("on 2 limit discharge 40")
        clients = {address: self.start(BusClient, self.bus, f"com.victronenergy.battery.ttyTEST_{address}")
                   for address in (1, 2)}
        self.start(Daemon, self.bus, simulator.tty, "--address", "1,2")
        clients[1].wait_for_value(DCL, 30)
        clients[2].wait_for_value(DCL, 40)
        for client, limit in ((clients[1], 30), (clients[2], 40)):
            shown = [change.items[DCL].value for change in client.changes if DCL in change.items]
            self.assertLessEqual(max([limit] + [value for value in shown if value is not None]), limit,
                                 "never more, from the start")

    def test_a_pack_that_forbids_to_charge_is_obeyed(self):
        simulator, _, client = self.battery("--dialect", "up")
        client.wait_for(lambda items: items[CCL].value > 0 and items["/Io/AllowToCharge"].value == 1)
        simulator.command("limit charge 0")
        client.wait_for_value(CCL, 0)
        self.assertGreater(client.get(DCL), 0)
        simulator.command("limit charge 100")
        client.wait_for(lambda items: items[CCL].value > 0, "a limit that has been better for a minute", limit_s=120)
        simulator.command("protect cell_overvoltage")
        client.wait_for(lambda items: items[CCL].value == 0 and items["/Io/AllowToCharge"].value == 0)
        client.wait_for_value("/Alarms/HighCellVoltage", 2)
        self.assertEqual(client.get("/Io/AllowToDischarge"), 1)

    def test_the_state_of_charge_can_be_set_by_hand(self):
        simulator, daemon, client = self.battery("--dialect", "up", "--soc", "50")
        self.assertEqual(client.set("/Settings/Soc", 75.0), 0)
        daemon.wait_for_log("told SoC of .*: done")
        self.assertEqual(simulator.state()["soc_pct"], 75)
        self.assertEqual([write["register"] for write in simulator.state()["writes"]], [0x2006])
        client.wait_for(lambda items: abs(items["/Soc"].value - 75) < 0.5)

    def test_the_order_does_not_wait_for_the_next_poll_and_its_outcome_is_shown(self):
        simulator = self.start(Simulator, "--dialect", "up", "--soc", "50")
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        self.start(Daemon, self.bus, simulator.tty, "--interval", "60")
        client.wait_for(lambda items: items["/Soc"].value is not None)
        self.assertIsNone(client.get("/Info/LastOrderOutcome"))
        self.assertEqual(client.set("/Settings/Soc", 75.0), 0)
        client.wait_for_value("/Info/LastOrderOutcome", "done")
        self.assertEqual(client.get("/Info/LastOrder"), "SoC of 75.0 %")
        client.wait_for_value("/SocBms", 75.0)  # by the poll that follows at once
        outcomes = [change.items["/Info/LastOrderOutcome"].value for change in client.changes
                    if "/Info/LastOrderOutcome" in change.items]
        self.assertEqual(outcomes, ["waiting", "done"])

    def test_an_order_to_a_board_that_is_gone_is_answered_and_never_carried_out(self):
        simulator, daemon, client = self.battery("--dialect", "up", "--soc", "50")
        self.assertEqual(client.set("/Settings/Soc", 75.0), 0)
        client.wait_for_value("/Info/LastOrderOutcome", "done")
        self.assertEqual(client.set("/Settings/Soc", 20.0), 0)  # has to wait for some seconds
        simulator.command("unplug")
        client.wait_for(lambda items: items["/Info/LastOrderOutcome"].value.startswith("not done: "))
        self.assertEqual(client.set("/Settings/Soc", 30.0), 2)
        daemon.wait_for_log("SoC of .* cannot be ordered")
        simulator.command("plug")
        client.wait_for(lambda items: items["/Dc/0/Voltage"].value is not None)
        self.assertEqual([write["register"] for write in simulator.state()["writes"]], [0x2006])

    def test_a_pack_behind_another_is_known_by_its_address(self):
        simulator = self.start(Simulator, "--dialect", "up", "--boards", "2")
        clients = {address: self.start(BusClient, self.bus, f"com.victronenergy.battery.ttyTEST_{address}")
                   for address in (1, 2)}
        self.start(Daemon, self.bus, simulator.tty, "--address", "1,2")
        for client in clients.values():
            client.wait_for(lambda items: items["/Soc"].value is not None)
        self.assertTrue(clients[1].get("/Serial").startswith("UP16S020"))
        self.assertFalse(clients[2].get("/Serial"), "the pack's own serial number is that of its neighbour")


class UpRack(TestCase):
    """Three packs behind the port of the first, and what is left when one of them says nothing any more."""

    CURRENTS = {1: 12.5, 2: -7.25, 3: 30}

    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.settings = self.start(Settings, self.bus)
        self.capture = self.bus.directory / "capture.jsonl"
        self.simulator = self.start(Simulator, "--dialect", "up", "--boards", "3", "--cells", "16", "--ntc", "4")
        for address, current in self.CURRENTS.items():
            self.simulator.command(f"on {address} set current {current}")

    def program(self, *words, code=0, **options):
        done = subprocess.run([os.environ["DBUS_BMS"], *words], capture_output=True, text=True, timeout=60, check=False,
                              **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def recorded(self):
        """The rack on the bus, with what passed its line in a file; pack 2 is silent at the end."""
        clients = {address: self.start(BusClient, self.bus, f"com.victronenergy.battery.ttyTEST_{address}")
                   for address in self.CURRENTS}
        daemon = self.start(Daemon, self.bus, self.simulator.tty, "--address", "1-3", "--capture", self.capture)
        for address, current in self.CURRENTS.items():
            clients[address].wait_for_value("/Dc/0/Current", current)
        self.simulator.command("on 2 silence on")
        clients[2].wait_for_value("/System/NrOfModulesOnline", 0)
        return daemon, clients

    def test_one_silent_pack_is_blocked_alone_and_comes_back(self):
        daemon, clients = self.recorded()
        silent = clients[2]
        self.assertEqual((silent.get(CCL), silent.get("/Alarms/BmsCable")), (0, 1))
        self.assertIsNone(silent.get("/Dc/0/Current"))
        for address in (1, 3):
            self.simulator.command(f"on {address} set current {address + 40}")
            clients[address].wait_for_value("/Dc/0/Current", address + 40)
            self.assertGreater(clients[address].get(DCL), 0)
            self.assertEqual(clients[address].get("/Alarms/BmsCable"), 0)
        # The sum that the first pack tells is still its own part to that pack, whoever is silent.
        self.assertLessEqual(clients[1].get(DCL), 100)
        self.simulator.command("on 2 silence off")
        silent.wait_for_value("/Dc/0/Current", self.CURRENTS[2])
        silent.wait_for_value("/Alarms/BmsCable", 0)
        self.assertEqual(self.simulator.state()["writes"], [])
        self.assertIsNone(daemon.returncode)

    def test_a_recording_says_which_pack_said_what(self):
        daemon, _ = self.recorded()
        daemon.stop()
        with open(self.capture, encoding="ascii") as lines:
            facts = [json.loads(line) for line in self.program("decode", "jbd", stdin=lines).splitlines()]
        self.assertLessEqual(set(self.CURRENTS.values()), {fact.get("current_a") for fact in facts})
        self.assertIn([1, 2, 3], [fact.get("packs_online") for fact in facts])
        played = [json.loads(line) for line in self.program("replay", self.capture).splitlines()]
        for address, current in self.CURRENTS.items():
            of_this = [line["items"] for line in played if line["address"] == address]
            self.assertIn(current, [items["/Dc/0/Current"] for items in of_this])
            self.assertEqual(of_this[-1]["/System/NrOfModulesOnline"], 0 if address == 2 else 1)
        alone = self.program("replay", self.capture, "--table", "--address", "3").splitlines()
        self.assertEqual(alone[0], "address 3")
        self.assertNotIn("address 1", alone)
        self.program("replay", self.capture, "--address", "9", code=2)

    def test_a_recording_that_does_not_say_whose_it_is_is_recognized(self):
        daemon, _ = self.recorded()
        daemon.stop()
        bare = self.bus.directory / "bare.jsonl"
        with open(self.capture, encoding="ascii") as lines:
            bare.write_text("".join(line for line in lines if '"note"' not in line))
        self.program("replay", bare, code=2)  # which family it is has to be said
        played = [json.loads(line) for line in self.program("replay", bare, "--bms", "jbd").splitlines()]
        self.assertEqual({line["address"] for line in played}, set(self.CURRENTS))

    def test_a_search_says_which_packs_there_are(self):
        self.simulator.command("on 2 silence on")
        found = json.loads(self.program("detect", self.simulator.tty, "--json", "--bms", "jbd", "--address", "1-3",
                                        "--state-dir", self.bus.directory / "s"))
        self.assertEqual([(board["dialect"], board["address"]) for board in found["boards"]], [("up", 1), ("up", 3)])
        self.assertEqual(found["silent_addresses"], [2])
        alone = json.loads(self.program("detect", self.simulator.tty, "--json", "--bms", "jbd",
                                        "--state-dir", self.bus.directory / "s"))
        self.assertIn("3 packs answer through it (address = 1-3)", alone["why"])


class Addressed(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.settings = self.start(Settings, self.bus)

    def detect(self, tty, *options):
        done = subprocess.run([os.environ["DBUS_BMS"], "detect", tty, "--json", "--state-dir", self.bus.directory / "s",
                               *options], capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, json.loads(done.stdout)

    def test_either_checksum_is_taken(self):
        for options in ([], ["--sum-of-maker"]):
            with self.subTest(options):
                simulator = self.start(Simulator, "--dialect", "addressed", "--address", "3", *options)
                code, found = self.detect(simulator.tty, "--bms", "jbd", "--address", "3")
                self.assertEqual((code, found.get("dialect"), found.get("address")), (0, "addressed", 3), found)
                self.assertEqual(simulator.state()["writes"], [])

    def test_boards_from_0_on_share_a_line(self):
        simulator = self.start(Simulator, "--dialect", "addressed", "--boards", "3")
        for number, current in ((1, 10), (2, 20), (3, -30)):
            simulator.command(f"on {number} set current {current}")
        clients = [self.start(BusClient, self.bus, f"com.victronenergy.battery.ttyTEST_{address}")
                   for address in range(3)]
        self.start(Daemon, self.bus, simulator.tty, "--address", "0-2")
        for client, current in zip(clients, (10, 20, -30)):
            client.wait_for(lambda items, current=current: items["/Dc/0/Current"].value == current)

    def test_alarms_and_temperatures(self):
        simulator, _, client = self.battery("--dialect", "addressed", "--ntc", "3")
        for command, path, level in (("warn cell_difference", "/Alarms/CellImbalance", 1),
                                     ("protect mosfet_overtemperature", "/Alarms/HighInternalTemperature", 2)):
            simulator.command(command)
            client.wait_for_value(path, level)
        client.wait_for(lambda items: items["/Io/AllowToCharge"].value == 0)
        simulator.command("set temperature 2 150")
        client.wait_for(lambda items: items["/System/Temperature2"].value is None)
        self.assertIsNotNone(client.get("/System/Temperature1"))

    def test_a_board_without_an_address_is_one_battery_only(self):
        simulator = self.start(Simulator)
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST_0")
        daemon = self.start(Daemon, self.bus, simulator.tty, "--address", "0-2")
        client.wait_for(lambda items: items["/Soc"].value is not None)
        self.assertFalse(any("ttyTEST_1" in line for line in daemon.log), daemon.log)


if __name__ == "__main__":
    main()
