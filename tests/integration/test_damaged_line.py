"""S1: no value on D-Bus ever comes from a frame that failed a check, or that damage has made."""

from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main

CVL, CCL, DCL = "/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"


def value(items, path):
    return items[path].value


class DamagedLines(TestCase):
    """S1: no value on D-Bus ever comes from a frame that failed a check, or that damage has made."""

    def check_only_the_truth_is_published(self, *faults, cycles=12, board=(), daemon=()):
        simulator, _, client = self.battery("--cells", "16", "--seed", "5", *board,
                                            daemon_options=("--interval", "0.2", *daemon))
        truth = {path: item.value for path, item in client.items.items()}
        cells = simulator.state()["cells_v"]
        self.assertEqual([truth[f"/Voltages/Cell{n}"] for n in range(1, 17)], cells)
        for fault in faults:
            simulator.command(fault)
        asked = simulator.state()["polls"]
        while simulator.state()["polls"] < asked + cycles * 6:
            client.wait_s(0.5)
        # While the line is bad values may go stale, never wrong.
        limits = (CVL, CCL, DCL, "/Alarms/BmsCable", "/State")
        for change in client.changes:
            for path, item in change.items.items():
                if item.value is not None and not path.startswith(("/Info/", "/Io/", "/System/NrOfModules")) \
                        and path not in limits and path in truth and truth[path] is not None:
                    self.assertEqual(item.value, truth[path], path)

    def test_flipped_bits(self):
        self.check_only_the_truth_is_published("fault flip 0.01")

    def test_flipped_bits_of_other_dialects(self):
        self.check_only_the_truth_is_published("fault flip 0.01", board=("--dialect", "up"))

    # With an address of a single bit, one error can turn the one way to sum into the other.
    def test_flipped_bits_where_two_ways_to_sum_are_taken(self):
        self.check_only_the_truth_is_published("fault flip 0.01", board=("--dialect", "addressed", "--address", "1"),
                                               daemon=("--address", "1"))

    def test_replaced_lost_and_invented_bytes(self):
        self.check_only_the_truth_is_published("fault damage 0.004", "fault drop 0.003", "fault insert 0.003")

    def test_a_line_that_echoes(self):
        simulator, _, client = self.battery("--drift")
        simulator.command("fault echo on")
        client.wait_until(lambda: len(client.changes) >= 3, "three changes")
        self.assertEqual(value(client.items, "/Alarms/BmsCable"), 0)

    def test_answers_that_come_too_late(self):
        simulator, _, client = self.battery("--drift")
        simulator.command("fault late 600")
        client.wait_until(lambda: len(client.changes) >= 3, "three changes")
        self.assertEqual(value(client.items, "/Alarms/BmsCable"), 0)

    def test_a_board_that_sleeps_at_first(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        simulator = self.start(Simulator)
        simulator.command("fault sleep")
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        self.start(Daemon, self.bus, simulator.tty)
        client.wait_for(lambda items: value(items, "/Soc") is not None)


if __name__ == "__main__":
    main()
