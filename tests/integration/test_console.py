"""Reading and setting boards by hand over a port without a driver. What every parameter of every board does is tried
without a port, in the unit tests."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

from boards import BOARDS
from console_case import ConsoleCase, wait_until
from harness import Simulator, main

WITHOUT_PARAMETERS = ("jbd_addressed", "chargery")


class OverThePort(ConsoleCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dbus-bms-console-")
        self.addCleanup(folder.cleanup)
        self.directory = Path(folder.name)
        self.directory.joinpath("config.ini").touch()

    def board(self, name, *options):
        board = BOARDS[name]
        # How a board is found is tried elsewhere.
        self.directory.joinpath("config.ini").write_text(f"[default]\nbms = {board.family}\n")
        return self.start(Simulator, *board.options, *options, family=board.family)

    def test_all_that_there_is_is_read(self):
        board = self.board("ant")
        listed = [one["name"] for one in self.ask_json("list", port=board.tty)["parameters"]]
        got = self.ask_json("get", "--all", port=board.tty)
        self.assertEqual([one["name"] for one in got["results"]], listed)
        self.assertTrue(all(one["ok"] for one in got["results"]), got)
        self.assertEqual(got["through"], "port")

    def test_a_board_that_is_silent_about_some_is_asked_for_the_rest(self):
        board = self.board("daly")
        names = [one["name"] for one in self.ask_json("list", port=board.tty)["parameters"]][:12]
        got = self.ask_json("get", *names, port=board.tty, code=4)
        self.assertEqual([one["name"] for one in got["results"]], names)
        self.assertGreaterEqual(sum(one["ok"] for one in got["results"]), 9, got)

    def test_a_rack_is_asked_at_its_port(self):
        board = self.board("jbd_up", "--boards", "2")
        self.directory.joinpath("config.ini").write_text("[default]\nbms = jbd\naddress = 1-2\n")
        got = self.ask_json("get", "--all", "--battery", "ttyTEST_1", port=board.tty)
        self.assertTrue(all(one["ok"] for one in got["results"]), got)
        values = {one["name"]: one["value"] for one in got["results"]}
        self.assertEqual((values["balance_start"], values["board_date"]), (3.4, "17.04.2025"))
        behind = self.ask_json("get", "--all", "--battery", "ttyTEST_2", port=board.tty, code=4)
        self.assertFalse(any(one["ok"] for one in behind["results"]), behind)
        self.assertEqual(board.state()["writes"], [])

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
        before = board.state()["registers"]
        self.ask("set", "cell_overvoltage=9", "--yes", port=board.tty, code=2)
        self.ask("set", "cell_overvoltage=3.6", "cell_undervoltage=9", "--yes", port=board.tty, code=2)
        self.ask("set", "cell_overvoltag=3.6", "--yes", port=board.tty, code=2)
        self.ask("set", "cell_overvoltage=3.6", port=board.tty, code=5)
        self.ask("set", "cell_overvoltage=3.6", "--if-was", "3.111", "--yes", port=board.tty, code=2)
        self.ask("set", "cell_overvoltage=3.6", "--dry-run", port=board.tty)
        self.assertEqual(board.state()["registers"], before)
        self.assertEqual(board.state()["factory_count"]["saved"], 0)

    def test_a_backup_is_equal_to_its_board_and_restores_it(self):
        board = self.board("ant")
        file = self.directory / "backup.json"
        self.ask("backup", "-o", file, port=board.tty)
        self.ask("diff", file, "live", port=board.tty)
        writes = board.state()["writes"]
        self.ask("restore", file, "--write", "--yes", port=board.tty)
        self.assertEqual(board.state()["writes"], writes, "there was nothing to restore")
        self.ask("set", "cell_overvoltage=3.6", "--yes", port=board.tty)
        self.ask("diff", file, "live", port=board.tty, code=4)
        self.ask("restore", file, "--write", "--yes", port=board.tty)
        self.ask("diff", file, "live", port=board.tty)

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


if __name__ == "__main__":
    main()
