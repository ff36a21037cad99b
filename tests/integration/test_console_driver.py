"""Reading and setting boards by hand through the running driver."""

import os
import stat

from console_case import DriverCase
from harness import main


class ThroughTheDriver(DriverCase):
    def test_what_the_port_says_the_driver_says(self):
        for name, which in (("jbd", ("--group", "cell_limits,identity,hardware")), ("daly_d2", ("--all",))):
            with self.subTest(name):
                self.run_on(name)
                through = self.ask_json("get", *which, port=self.tty)
                self.assertEqual(through["through"], "driver")
                values = {one["name"]: one["value"] for one in through["results"] if one["ok"]}
                self.assertEqual(self.daemon.stop(), 0)
                steady = self.ask_json("list", port=self.tty)["parameters"]
                moving = {one["name"] for one in steady if one["group"] in ("measurements", "counters", "clock", "capacity")}
                got = self.ask_json("get", *which, port=self.tty)
                self.assertEqual(got["through"], "port")
                direct = {one["name"]: one["value"] for one in got["results"] if one["ok"]}
                self.assertGreater(len(direct), 8)
                self.assertEqual({name: value for name, value in values.items() if name not in moving},
                                 {name: value for name, value in direct.items() if name not in moving})

    def test_set_is_logged_and_polls_go_on(self):
        self.run_on("jbd")
        self.ask("set", "cell_overvoltage=3.6", "cell_overvoltage_release=3.4", "--yes", port=self.tty)
        self.daemon.wait_for_log(r"by hand: set cell_overvoltage from \S+ to 3.6 by user \d+, process \d+; read back 3.6")
        self.board.command("set current 7")
        self.client.wait_for_value("/Dc/0/Current", 7)
        self.assertFalse(self.board.state()["factory_mode"])
        self.assertEqual(self.board.state()["factory_count"]["saved"], 1, "one batch, one save")

    def test_permission_is_the_drivers(self):
        self.run_on("jbd", writes="limits")
        self.ask("set", "cell_overvoltage=3.6", "--yes", port=self.tty, code=5)
        self.ask("switch", "charge", "off", "--yes", port=self.tty, code=5)
        self.assertTrue(self.board.state()["fets"]["charge"])
        self.ask("get", "cell_overvoltage", port=self.tty)

    def test_switches_may_be_permitted_alone(self):
        self.run_on("jbd", writes="switches")
        self.ask("set", "cell_overvoltage=3.6", "--yes", port=self.tty, code=5)
        self.ask("switch", "charge", "off", "--yes", port=self.tty)
        self.assertFalse(self.board.state()["fets"]["charge"])

    def test_no_keeps_the_drivers_own_settings_as_well(self):
        self.run_on("jbd", writes="no")
        self.assertNotEqual(self.client.set("/Settings/MaxChargeCurrent", 5.0), 0)

    def test_the_socket_is_for_owner_and_group(self):
        self.run_on("jbd")
        mode = os.stat(self.directory / "run/ttyTEST.sock").st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o660)
        self.assertEqual(self.daemon.stop(), 0)
        self.assertFalse((self.directory / "run/ttyTEST.sock").exists())


if __name__ == "__main__":
    main()
