"""Several BMSs with addresses on one RS485 line: each is a battery of its own, and none depends on another."""

from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main

# Families with addresses, and the options that put three boards at 1, 2 and 3.
LINES = {
    "daly": ["--boards", "3"],
    "jbd_up": ["--boards", "3", "--dialect", "up"],
    "jbd_addressed": ["--boards", "3", "--dialect", "addressed", "--address", "1"],
    "rec": ["--boards", "3", "--address", "1"],
}


def family_of(line):
    return line.split("_")[0]


class SharedLine(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)

    def line(self, family, addresses=(1, 2, 3), config=None):
        """(simulator, daemon, {address: client}) of a line with three boards."""
        simulator = self.start(Simulator, *LINES[family], family=family_of(family))
        for number, current in ((1, 10), (2, 20), (3, -30)):
            simulator.command(f"on {number} set current {current}")
        clients = {address: self.start(BusClient, self.bus, f"com.victronenergy.battery.ttyTEST_{address}")
                   for address in addresses}
        options = ["--config", self.config_file(config)] if config else ["--address", ",".join(map(str, addresses))]
        daemon = self.start(Daemon, self.bus, simulator.tty, *options, family=family_of(family))
        return simulator, daemon, clients

    def test_each_board_is_a_battery_of_its_own(self):
        for family in LINES:
            with self.subTest(family):
                simulator, daemon, clients = self.line(family)
                for address, current in ((1, 10), (2, 20), (3, -30)):
                    clients[address].wait_for(lambda items, current=current: items["/Dc/0/Current"].value == current)
                owners = {client.wait_for_name() for client in clients.values()}
                self.assertEqual(len(owners), 3, "each has a connection of its own")
                instances = {client.get("/DeviceInstance") for client in clients.values()}
                self.assertEqual(len(instances), 3)
                names = {client.get("/ProductName") for client in clients.values()}
                self.assertEqual(len(names), 3, "the user can tell them apart")
                daemon.stop()
                simulator.stop()

    def test_a_capacity_that_comes_after_the_first_reading_moves_no_soc_and_repairs_the_limits(self):
        # A Daly reports its capacity some polls after the rest, the second and third board of a line later still.
        config = """
[battery ttyTEST]
bms = daly
address = 1-3
max_charge_current = 0.5C
"""
        simulator = self.start(Simulator, "--boards", "3", "--soc", "60", "--capacity", "100", family="daly")
        for number in (1, 2, 3):
            simulator.command(f"on {number} set current 0")
        clients = [self.start(BusClient, self.bus, f"com.victronenergy.battery.ttyTEST_{address}")
                   for address in (1, 2, 3)]
        self.start(Daemon, self.bus, simulator.tty, "--config", self.config_file(config), family="daly")
        for current in range(1, 9):  # for so many polls at least
            for number, client in enumerate(clients, 1):
                simulator.command(f"on {number} set current {current}")
                client.wait_for(lambda items, current=current: items["/Dc/0/Current"].value == current)
        for client in clients:
            client.wait_for(lambda items: items["/Settings/MaxChargeCurrent"].value == 50)
            client.wait_for(lambda items: items["/Info/MaxChargeCurrent"].value >= 2, "a limit that rises", limit_s=60)
            shown = [change.items["/Soc"].value for change in client.changes if "/Soc" in change.items]
            self.assertEqual(set(shown) - {60}, set())
            self.assertEqual(client.get("/Soc"), 60)
            self.assertEqual(client.get("/Alarms/LowSoc"), 0)
            self.assertEqual(client.get("/Info/ConfigurationFaults"), 0)
            self.assertEqual(client.call("/Settings/MaxChargeCurrent", "GetMax"), 50)
            self.assertEqual(client.set("/Settings/MaxChargeCurrent", 40), 0)

    def test_a_silent_board_stops_none_of_the_others(self):
        for family in LINES:
            with self.subTest(family):
                simulator, daemon, clients = self.line(family)
                for client in clients.values():
                    client.wait_for(lambda items: items["/Soc"].value is not None)
                simulator.command("on 2 silence on")
                clients[2].wait_for_value("/System/NrOfModulesOnline", 0)
                self.assertEqual(clients[2].get("/Info/MaxChargeCurrent"), 0)
                for number, current in ((1, 11), (3, -33)):
                    simulator.command(f"on {number} set current {current}")
                    clients[number].wait_for_value("/Dc/0/Current", current)
                    self.assertEqual(clients[number].get("/System/NrOfModulesOnline"), 1)
                simulator.command("on 2 silence off")
                clients[2].wait_for_value("/System/NrOfModulesOnline", 1)
                daemon.stop()
                simulator.stop()

    def test_a_board_that_is_not_there_at_the_start_comes_later(self):
        for family in LINES:
            with self.subTest(family):
                simulator = self.start(Simulator, *LINES[family], family=family_of(family))
                simulator.command("on 1 silence on")
                clients = {address: self.start(BusClient, self.bus, f"com.victronenergy.battery.ttyTEST_{address}")
                           for address in (1, 2)}
                daemon = self.start(Daemon, self.bus, simulator.tty, "--address", "1,2", family=family_of(family))
                clients[2].wait_for(lambda items: items["/Soc"].value is not None)
                self.assertEqual(clients[1].owners[-1:], [""], "nothing is shown of a board that was never heard")
                simulator.command("on 1 silence off")
                clients[1].wait_for(lambda items: items["/Soc"].value is not None)
                daemon.stop()
                simulator.stop()

    def test_addresses_can_be_configured_and_each_battery_has_its_section(self):
        config = """
[battery ttyTEST]
bms = rec
address = 1, 3
max_charge_current = 25
[battery ttyTEST_3]
max_charge_current = 15
"""
        _, _, clients = self.line("rec", addresses=(1, 3), config=config)
        clients[1].wait_for_value("/Info/MaxChargeCurrent", 25)
        clients[3].wait_for_value("/Info/MaxChargeCurrent", 15)

    def test_an_address_that_no_board_can_have_is_a_usage_error(self):
        simulator = self.start(Simulator)
        self.assertEqual(self.start(Daemon, self.bus, simulator.tty, "--address", "99").wait(), 2)


if __name__ == "__main__":
    main()
