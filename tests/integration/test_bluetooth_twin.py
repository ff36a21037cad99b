"""A board that is read by its cable and by Bluetooth at once: said to its owner, where he looks, until it is over."""

from bluez_case import OnAir
from harness import Daemon, Simulator, main

TROUBLE = "/Info/Link/Trouble"
SAID = "a board with the same serial number TWIN0001 is read at "


class Twin(OnAir):
    def wired(self, serial="TWIN0001"):
        return self.start(Simulator, "--barcode", serial, name="ttyJBD")

    def on_air(self, serial="TWIN0001"):
        return self.board(0, "--barcode", serial)

    def run_wired(self, simulator):
        return self.start(Daemon, self.bus, simulator.tty)

    def test_in_two_processes_whichever_came_first(self):
        board, wired = self.on_air(), self.wired()
        by_air = self.run_boards(board)
        client = self.client_of(board)
        self.show(board, client, 3)
        self.assertIsNone(client.get(TROUBLE))
        by_cable = self.run_wired(wired)
        by_cable.wait_for_log(SAID + board.name)
        by_air.wait_for_log(SAID + "ttyJBD", limit_s=60)
        client.wait_for(lambda items: items[TROUBLE].value and SAID + "ttyJBD" in items[TROUBLE].value, "the trouble")
        self.assertIn(f"[battery {board.address}]", client.get(TROUBLE))
        by_cable.stop()
        by_air.wait_for_log("read in one way alone now", limit_s=60)
        client.wait_for_value(TROUBLE, None)

    def test_in_one_process(self):
        board, wired = self.on_air(), self.wired()
        config = self.config_file(f"[battery {board.address}]\nbms = jbd\n[battery ttyJBD]\nbms = jbd\n")
        self.start(Daemon, self.bus, wired.tty, "--bluetooth", "--config", config, family=None)
        client = self.client_of(board)
        client.wait_for(lambda items: items.get(TROUBLE) and items[TROUBLE].value, "the trouble", 60)

    def test_one_that_was_killed_is_no_twin(self):
        board, wired = self.on_air(), self.wired()
        by_cable = self.run_wired(wired)
        by_cable.wait_for_log("on the bus as")
        by_cable.process.child.kill()
        by_cable.wait()
        self.run_boards(board)
        client = self.client_of(board)
        self.show(board, client, 3)
        self.assertIsNone(client.get(TROUBLE))

    def test_another_number_is_another_board(self):
        board, wired = self.on_air(), self.wired("OTHER001")
        by_cable = self.run_wired(wired)
        by_cable.wait_for_log("on the bus as")
        self.run_boards(board)
        client = self.client_of(board)
        self.show(board, client, 3)
        self.assertIsNone(client.get(TROUBLE))


if __name__ == "__main__":
    main()
