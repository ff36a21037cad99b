#!/usr/bin/python3
"""The cases of boards on the air against the real BlueZ. To be run as root inside a machine whose kernel has Bluetooth:
see tests/machine/run."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
import bluetooth_cases  # noqa: E402
from device import wait_until  # noqa: E402
from harness import main  # noqa: E402
from test_bluetooth_losses import LOSSES, SETTLED, open_files  # noqa: E402
from real import RealBluez, RealBoard  # noqa: E402


class Real(bluetooth_cases.OnAir, bluetooth_cases.Cases):
    LIMIT_S = 180  # the processor is an emulated one

    def make_bluez(self):
        return self.start(RealBluez, self.bus)

    def board(self, number=0, *options, **kind):
        return self.start(RealBoard, self.bluez, number, *options, **kind)

    def test_fifty_losses(self):
        board, daemon, client = self.one()
        self.assertEqual(daemon.stop(), 0)
        client.wait_for_no_name()
        wait_until(lambda: not self.bluez.connected(), "it is free again", self.LIMIT_S)
        began = time.monotonic()
        daemon = self.run_boards(board)
        client.wait_for(lambda items: items.get("/Soc") and items["/Soc"].value is not None, "a valid /Soc", self.LIMIT_S)
        print(f"from the start to a valid /Soc, the board being known: {time.monotonic() - began:.1f} s", flush=True)
        files = 0
        for loss in range(1, LOSSES + 1):
            board.drop()
            client.wait_for_value("/Info/Link/LossesPerDay", loss, self.LIMIT_S)
            self.show(board, client, 3 + loss % 20)
            if loss == SETTLED:
                files = open_files(daemon.pid)
        self.assertLessEqual(open_files(daemon.pid), files)
        self.assertEqual(self.bluez.connected(), [board.address])


if __name__ == "__main__":
    main()
