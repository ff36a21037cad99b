"""Fifty connections that end: the board is back each time, what was measured before is never shown for longer than it
may be, and nothing of what the process holds grows."""

import os

import memory
from bluez_case import OnAir
from harness import main

LOSSES = 50
SETTLED = 5           # from this loss on nothing may grow
LONG_EVERY = 10       # now and then it is away for so long that its values are not true any more
STALE_AFTER_S = 3
SLACK_S = 2           # a value is withdrawn in this time, however busy the machine is
MOST_GROWTH_KB = 128


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Losses(OnAir):
    def away(self, board, client):
        """Out of reach until its values are withdrawn, which are looked at meanwhile; then it is near again."""
        board.set("near", "off")

        def withdrawn():
            age_s, voltage_v = client.get("/Info/LastReadingAge"), client.get("/Dc/0/Voltage")
            if voltage_v is not None:
                self.assertLess(age_s, STALE_AFTER_S + SLACK_S, "a value that is too old is shown")
            return voltage_v is None
        client.wait_until(withdrawn, "values that are withdrawn")
        self.assertEqual(client.get("/Info/MaxChargeCurrent"), 0)
        board.set("near", "on")

    def test_fifty_losses(self):
        board, daemon, client = self.one(own=f"stale_after = {STALE_AFTER_S}\npoll_interval = 0.2\n")
        files = kb = 0
        for loss in range(1, LOSSES + 1):
            mark = self.bluez.mark()  # the log leaves out what repeats itself
            if loss % LONG_EVERY == 0:
                self.away(board, client)
            else:
                board.drop()
            self.bluez.wait_for_call("StartNotify", board.address, mark)
            self.show(board, client, 3 + loss % 20)
            if loss == SETTLED:
                files, kb = open_files(daemon.pid), memory.private_kb(daemon.pid)
        self.assertEqual(client.get("/Info/Link/LossesPerDay"), LOSSES)
        self.assertLessEqual(open_files(daemon.pid), files)
        if memory.CAN_BE_JUDGED:
            self.assertLess(memory.private_kb(daemon.pid) - kb, MOST_GROWTH_KB)
        self.assertEqual(self.bluez.connected(), [board.address], "one connection, and no other")


if __name__ == "__main__":
    main()
