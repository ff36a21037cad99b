"""Cases of boards on the air that the stand-in for BlueZ and the real one can both do."""

import signal

from device import wait_until
from harness import Daemon, PrivateBus, Settings, TestCase


class OnAir(TestCase):
    """A bus with settings and a BlueZ, which a subclass makes, as it makes boards."""

    LIMIT_S = 30

    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        self.bluez = self.make_bluez()

    def make_bluez(self):
        raise NotImplementedError

    def board(self, number=0, *options, family="jbd"):
        raise NotImplementedError

    def run_boards(self, *boards, own="", more="", options=()):
        """The daemon with these boards configured. `own`: for the section of each of them; `more`: whole sections."""
        sections = "".join(f"[battery {board.address}]\nbms = {board.family}\n{own}" +
                           (f"adapter = {board.adapter}\n" if board.adapter else "") for board in boards)
        return self.start(Daemon, self.bus, "--bluetooth", "--config", self.config_file(sections + more), *options,
                          family=None)

    def client_of(self, board):
        client = board.client()
        self.addCleanup(client.stop)
        return client

    def show(self, board, client, current):
        """A new current, and that the battery shows it."""
        board.simulator.command(f"set current {current}")
        client.wait_for_value("/Dc/0/Current", current, self.LIMIT_S)

    def one(self, *options, own="", **kind):
        """A board that is read: (board, daemon, client)."""
        board = self.board(0, *options, **kind)
        daemon = self.run_boards(board, own=own)
        client = self.client_of(board)
        self.show(board, client, 3)
        return board, daemon, client


class Cases:
    """To be mixed into a kind of OnAir."""

    def test_two_families_in_one_process(self):
        boards = [self.board(0), self.board(1, family="daly")]
        daemon = self.run_boards(*boards)
        clients = [self.client_of(board) for board in boards]
        for number, (board, client) in enumerate(zip(boards, clients)):
            self.show(board, client, 3 + number)
            self.assertEqual(client.get("/Mgmt/Connection"), board.address)
        self.assertEqual(daemon.stop(), 0)
        # BlueZ takes two seconds for it.
        wait_until(lambda: not self.bluez.connected(), "each is free again", self.LIMIT_S)

    def test_a_board_that_hangs_up_is_back(self):
        board, daemon, client = self.one()
        for number in range(3):
            mark = len(daemon.log)
            board.drop()
            daemon.wait_for_log("is back", mark, self.LIMIT_S)
            self.show(board, client, 4 + number)
        self.assertEqual(client.get("/Info/Link/LossesPerDay"), 3)

    def test_a_board_that_goes_away_ages_and_comes_back(self):
        board, _daemon, client = self.one()
        board.set("near", "off")
        client.wait_for_value("/Info/MaxChargeCurrent", 0, self.LIMIT_S)
        board.set("near", "on")
        client.wait_for(lambda items: items["/Info/MaxChargeCurrent"].value, limit_s=self.LIMIT_S)
        self.show(board, client, 5)
        self.assertGreater(client.get("/Info/Link/LongestGap"), 5)

    def test_bluez_goes_and_comes_back(self):
        board, daemon, client = self.one()
        self.bluez.command("bluez-off")
        daemon.wait_for_log("BlueZ has gone")
        self.bluez.command("bluez-on")
        self.show(board, client, 5)

    def test_a_connection_of_an_earlier_life_is_used(self):
        board, daemon, _client = self.one()
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        self.assertEqual(self.bluez.connected(), [board.address])
        self.run_boards(board)
        self.show(board, self.client_of(board), 6)
