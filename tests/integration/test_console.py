"""Reading and setting boards by hand, through the running driver and over a port without one."""

import os
import signal
import stat
import subprocess
import tempfile
from pathlib import Path

from boards import BOARDS
from console_case import ConsoleCase, wait_until
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, main

WITH_PARAMETERS = ("jbd", "daly_p81", "daly_d2", "ant", "ant_old")
WITHOUT_PARAMETERS = ("jbd_up", "jbd_addressed", "chargery")


class OverThePort(ConsoleCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dbus-bms-console-")
        self.addCleanup(folder.cleanup)
        self.directory = Path(folder.name)
        self.directory.joinpath("config.ini").touch()

    def board(self, name, *options):
        board = BOARDS[name]
        return self.start(Simulator, *board.options, *options, family=board.family)

    def test_every_parameter_of_every_board_is_read(self):
        for name in WITH_PARAMETERS:
            with self.subTest(name):
                board = self.board(name)
                listed = [one["name"] for one in self.ask_json("list", port=board.tty)["parameters"]]
                got = self.ask_json("get", "--all", port=board.tty)
                self.assertEqual([one["name"] for one in got["results"]], listed)
                failed = [one for one in got["results"] if not one["ok"]]
                self.assertFalse([one for one in failed if one["error"]["kind"] not in ("status", "silent", "unsupported")],
                                 failed)
                self.assertLess(len(failed), len(listed) / 2, failed)
                self.assertEqual(got["through"], "port")

    def test_a_board_that_is_silent_about_some_is_asked_for_the_rest(self):
        for name, asked, answered in (("daly", 12, 9), ("rec_1q", 20, 18)):
            with self.subTest(name):
                board = self.board(name)
                names = [one["name"] for one in self.ask_json("list", port=board.tty)["parameters"]][:asked]
                got = self.ask_json("get", *names, port=board.tty, code=1)
                self.assertEqual([one["name"] for one in got["results"]], names)
                self.assertGreaterEqual(sum(one["ok"] for one in got["results"]), answered, got)

    def test_boards_without_parameters_say_so(self):
        for name in WITHOUT_PARAMETERS:
            with self.subTest(name):
                board = self.board(name)
                self.ask("get", "--all", port=board.tty, code=2)

    def test_a_number_is_set_read_back_and_undone(self):
        board = self.board("jbd")
        before = self.values("cell_overvoltage", port=board.tty)["cell_overvoltage"]
        done = self.ask_json("set", "cell_overvoltage=3.6", "--yes", port=board.tty)
        self.assertEqual((done["results"][0]["before"], done["results"][0]["after"]), (before, 3.6))
        self.assertEqual(self.values("cell_overvoltage", port=board.tty)["cell_overvoltage"], 3.6)
        self.assertFalse(board.state()["factory_mode"])
        self.assertEqual(board.state()["factory_count"]["saved"], 1)
        undo = done["undo_file"]
        self.assertTrue(os.path.exists(undo))
        self.ask("restore", undo, port=board.tty, code=4)  # a difference is shown, nothing is set
        self.ask("restore", undo, "--write", "--yes", port=board.tty)
        self.assertEqual(self.values("cell_overvoltage", port=board.tty)["cell_overvoltage"], before)

    def test_nothing_is_set_that_is_out_of_range_or_was_not_confirmed(self):
        board = self.board("jbd")
        before = self.values(port=board.tty)
        self.ask("set", "cell_overvoltage=9", "--yes", port=board.tty, code=2)
        self.ask("set", "cell_overvoltage=3.6", "cell_undervoltage=9", "--yes", port=board.tty, code=2)
        self.ask("set", "cell_overvoltag=3.6", "--yes", port=board.tty, code=2)
        self.ask("set", "cell_overvoltage=3.6", port=board.tty, code=5)
        self.ask("set", "cell_overvoltage=3.6", "--if-was", "3.111", "--yes", port=board.tty, code=2)
        self.ask("set", "cell_overvoltage=3.6", "--dry-run", port=board.tty)
        self.assertEqual(self.values(port=board.tty), before)

    def test_a_backup_is_equal_to_its_board_and_restores_another(self):
        board = self.board("jbd")
        file = self.directory / "backup.json"
        self.ask("backup", "-o", file, port=board.tty)
        self.ask("diff", file, "live", port=board.tty)
        self.ask("restore", file, "--write", "--yes", port=board.tty)
        self.ask("set", "cell_overvoltage=3.6", "--yes", port=board.tty)
        self.ask("diff", file, "live", port=board.tty, code=4)

    def test_switches(self):
        board = self.board("jbd")
        self.ask("switch", "charge", "off", "--yes", port=board.tty)
        self.assertFalse(board.state()["fets"]["charge"])
        self.ask("switch", "charge", "on", "--yes", port=board.tty)
        self.assertTrue(board.state()["fets"]["charge"])

    def test_a_console_that_is_killed_leaves_no_board_in_factory_mode(self):
        """Whoever opens the port next finds the note, and leaves before anything else."""
        board = self.board("jbd")
        self.ask("get", "cell_overvoltage", port=board.tty)  # remembers where the board is
        for _ in range(4):
            process = subprocess.Popen(self.command("get", "--all", "--json", port=board.tty), stdout=subprocess.DEVNULL)
            wait_until(lambda: board.state()["factory_mode"] or process.poll() is not None, "factory mode")
            process.kill()
            process.wait()
            self.assertTrue(board.state()["factory_mode"])
            self.assertTrue(list(self.directory.glob("run/*.mode")))
            self.ask("list", port=board.tty)
            self.assertFalse(board.state()["factory_mode"])
            self.assertFalse(list(self.directory.glob("run/*.mode")))

    def test_a_console_that_is_told_to_stop_ends_in_good_order(self):
        board = self.board("jbd")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = subprocess.Popen(self.command("get", "--all", "--json", port=board.tty), stdout=subprocess.DEVNULL)
            wait_until(lambda: board.state()["factory_mode"] or process.poll() is not None, "factory mode")
            process.send_signal(number)
            process.wait(60)
            self.assertFalse(board.state()["factory_mode"])
            self.assertFalse(list(self.directory.glob("run/*.mode")))

    def test_nobody_there(self):
        self.ask("get", "--all", port="/nonexistent/ttyUSB9", code=1)


class ThroughTheDriver(ConsoleCase):
    def run_on(self, name, writes="parameters", *options):
        self.bus = self.start(PrivateBus)
        self.directory = self.bus.directory
        self.start(Settings, self.bus)
        board = BOARDS[name]
        self.simulator = self.start(Simulator, *board.options, *options, family=board.family)
        self.client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        self.directory.joinpath("config.ini").write_text(f"[default]\nwrites = {writes}\n")
        self.daemon = self.start(Daemon, self.bus, self.simulator.tty, "--config", self.directory / "config.ini",
                                 family=board.family)
        self.client.wait_for_name()
        self.tty = self.simulator.tty

    def test_what_the_port_says_the_driver_says(self):
        for name in ("jbd", "daly_d2"):
            with self.subTest(name):
                self.run_on(name)
                through = self.ask_json("get", "--all", port=self.tty)
                self.assertEqual(through["through"], "driver")
                values = {one["name"]: one["value"] for one in through["results"] if one["ok"]}
                self.assertEqual(self.daemon.stop(), 0)
                steady = self.ask_json("list", port=self.tty)["parameters"]
                moving = {one["name"] for one in steady if one["group"] in ("measurements", "counters", "clock", "capacity")}
                direct = self.values(port=self.tty)
                self.assertEqual({name: value for name, value in values.items() if name not in moving},
                                 {name: value for name, value in direct.items() if name not in moving})

    def test_set_is_logged_and_polls_go_on(self):
        self.run_on("jbd")
        self.ask("set", "cell_overvoltage=3.6", "cell_overvoltage_release=3.4", "--yes", port=self.tty)
        self.daemon.wait_for_log(r"by hand: set cell_overvoltage from \S+ to 3.6 by user \d+, process \d+; read back 3.6")
        self.simulator.command("set current 7")
        self.client.wait_for_value("/Dc/0/Current", 7)
        self.assertFalse(self.simulator.state()["factory_mode"])
        self.assertEqual(self.simulator.state()["factory_count"]["saved"], 1, "one batch, one save")

    def test_permission_is_the_drivers(self):
        self.run_on("jbd", "limits")
        self.ask("set", "cell_overvoltage=3.6", "--yes", port=self.tty, code=5)
        self.ask("switch", "charge", "off", "--yes", port=self.tty, code=5)
        self.assertTrue(self.simulator.state()["fets"]["charge"])
        self.ask("get", "cell_overvoltage", port=self.tty)

    def test_switches_may_be_permitted_alone(self):
        self.run_on("jbd", "switches")
        self.ask("set", "cell_overvoltage=3.6", "--yes", port=self.tty, code=5)
        self.ask("switch", "charge", "off", "--yes", port=self.tty)
        self.assertFalse(self.simulator.state()["fets"]["charge"])

    def test_no_keeps_the_drivers_own_settings_as_well(self):
        self.run_on("jbd", "no")
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
