"""Several lines in one process: a JBD board on one, two Daly boards on another. Each line lives and ends by itself."""

import os

from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main

CONFIG = """
[battery ttyJBD]
bms = jbd
[battery ttyDALY]
bms = daly
address = 1, 2
"""

SERVICES = ("ttyJBD", "ttyDALY_1", "ttyDALY_2")


class Lines(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        self.jbd = self.start(Simulator, name="ttyJBD")
        self.daly = self.start(Simulator, "--boards", "2", family="daly", name="ttyDALY")
        self.clients = {name: self.start(BusClient, self.bus, "com.victronenergy.battery." + name)
                        for name in SERVICES}

    def both(self, *others):
        config = self.config_file(CONFIG)
        return self.start(Daemon, self.bus, self.jbd.tty, self.daly.tty, *others, "--config", config, family=None)

    def show(self, current):
        """A new current on every board, and that every battery shows it."""
        self.jbd.command(f"set current {current}")
        for number in (1, 2):
            self.daly.command(f"on {number} set current {current}")
        for client in self.clients.values():
            client.wait_for(lambda items: items["/Dc/0/Current"].value == current)

    def test_each_board_is_a_battery_of_its_own(self):
        daemon = self.both()
        self.show(3)
        owners = {client.wait_for_name() for client in self.clients.values()}
        self.assertEqual(len(owners), 3, "each has a connection of its own")
        self.assertEqual(len({client.get("/DeviceInstance") for client in self.clients.values()}), 3)
        daemon.wait_for_log("ttyJBD: found JBD")
        self.assertEqual(daemon.stop(), 0)

    def test_a_line_that_falls_silent_does_not_stop_the_other(self):
        self.both()
        self.show(3)
        self.jbd.command("fault silence on")
        self.clients["ttyJBD"].wait_for_value("/Info/MaxChargeCurrent", 0)
        for number, current in ((1, 5), (2, 6)):
            self.daly.command(f"on {number} set current {current}")
            self.clients[f"ttyDALY_{number}"].wait_for_value("/Dc/0/Current", current)
        self.assertGreater(self.clients["ttyDALY_1"].get("/Info/MaxChargeCurrent"), 0)

    def test_a_line_whose_device_is_not_there_ends_alone(self):
        daemon = self.both("/nonexistent/ttyUSB9")
        daemon.wait_for_log("error: /nonexistent/ttyUSB9: No such file")
        self.show(4)
        self.show(5)
        self.assertEqual(daemon.stop(), 0)

    def test_a_line_that_is_unplugged_does_not_stop_the_other(self):
        daemon = self.both()
        self.show(3)
        self.daly.command("unplug")
        daemon.wait_for_log("waiting for the port")
        self.jbd.command("set current 7")
        self.clients["ttyJBD"].wait_for_value("/Dc/0/Current", 7)
        self.daly.command("plug")
        self.show(8)

    def test_another_board_takes_the_place_of_the_first_while_the_other_line_goes_on(self):
        daemon = self.both()
        self.show(3)
        serial = self.clients["ttyJBD"].get("/Serial")
        directory = os.path.dirname(self.jbd.tty)
        self.jbd.command("unplug")
        daemon.wait_for_log("waiting for the port")
        os.makedirs(directory, exist_ok=True)
        self.jbd = self.start(Simulator, "--serial", "SECOND", name="ttyJBD", directory=directory)
        daemon.wait_for_log("another BMS is on ttyJBD now")
        self.clients["ttyJBD"].wait_for_no_name()
        self.show(4)
        self.assertEqual(self.clients["ttyJBD"].get("/Serial"), "SECOND")
        self.assertNotEqual(serial, "SECOND")
        self.assertEqual(daemon.stop(), 0)

    def test_the_process_ends_with_its_last_line(self):
        daemon = self.start(Daemon, self.bus, "/nonexistent/ttyUSB8", "/nonexistent/ttyUSB9")
        self.assertEqual(daemon.wait(), 1)

    def test_what_one_process_cannot_do_is_refused(self):
        for options, said in (((self.jbd.tty,), "named twice"),
                              ((self.daly.tty, "--capture", self.bus.directory / "x.jsonl"), "records one line")):
            with self.subTest(said):
                daemon = self.start(Daemon, self.bus, self.jbd.tty, *options)
                self.assertEqual(daemon.wait(), 2)
                self.assertIn(said, "\n".join(daemon.log))


if __name__ == "__main__":
    main()
