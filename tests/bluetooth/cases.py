#!/usr/bin/python3
"""The cases of boards on the air against the real BlueZ. To be run as root inside a machine whose kernel has Bluetooth:
see tests/machine/run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
import bluetooth_cases  # noqa: E402
from harness import main  # noqa: E402
from real import RealBluez, RealBoard  # noqa: E402


class Real(bluetooth_cases.OnAir, bluetooth_cases.Cases):
    LIMIT_S = 180  # the processor is an emulated one

    def make_bluez(self):
        return self.start(RealBluez, self.bus)

    def board(self, number=0, *options, **kind):
        return self.start(RealBoard, self.bluez, number, *options, **kind)


if __name__ == "__main__":
    main()
