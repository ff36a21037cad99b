"""Boards whose module wants a password before it lets anything through: with the right one, a wrong one, and none."""

from bluez_case import OnAir
from harness import Daemon, main

PASSWORD = "482915"


class Password(OnAir):
    def locked(self, number=0):
        board = self.board(number)
        board.set("password", PASSWORD)
        return board

    def run_with(self, text):
        return self.start(Daemon, self.bus, "--bluetooth", "--config", self.config_file(text), family=None)

    def test_with_the_right_one_it_is_a_battery_like_any_other(self):
        board = self.locked()
        daemon = self.run_boards(board, own=f"password = {PASSWORD}\n")
        client = self.client_of(board)
        self.show(board, client, 4)
        mark = len(daemon.log)
        board.drop()
        daemon.wait_for_log("is back", mark)
        self.show(board, client, 5)
        self.assertNotIn(PASSWORD, "\n".join(daemon.log))

    def test_the_family_is_found_out_behind_it(self):
        board = self.locked()
        self.run_with(f"[battery {board.address}]\npassword = {PASSWORD}\n")
        self.show(board, self.client_of(board), 4)

    def test_one_that_is_not_needed_does_no_harm(self):
        board = self.board()
        self.run_boards(board, own=f"password = {PASSWORD}\n")
        self.show(board, self.client_of(board), 4)

    def test_a_wrong_one_is_said_once_and_not_tried_again_and_again(self):
        board, other = self.locked(0), self.board(1)
        daemon = self.run_with(f"[battery {board.address}]\nbms = jbd\npassword = 111111\n"
                               f"[battery {other.address}]\nbms = jbd\n")
        daemon.wait_for_log(rf"refuses the password of the configuration.*\[battery {board.address}\]")
        mark = self.bluez.mark()
        client = self.client_of(other)
        for current in range(3, 9):
            self.show(other, client, current)
        self.assertEqual(len([line for line in daemon.log if "refuses the password" in line]), 1)
        self.assertNotIn(board.address, self.bluez.calls("Connect", mark))
        self.assertNotIn("111111", "\n".join(daemon.log))

    def test_without_one_it_is_said_what_to_write_where(self):
        board = self.locked()
        daemon = self.run_boards(board)
        daemon.wait_for_log(rf"wants the password of its app.*`password = \.\.\.`.*\[battery {board.address}\]", limit_s=60)

    def test_without_one_and_without_a_family_as_well(self):
        board = self.locked()
        daemon = self.run_with(f"[battery {board.address}]\n")
        daemon.wait_for_log("wants the password of its app", limit_s=90)


if __name__ == "__main__":
    main()
