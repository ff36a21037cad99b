"""Tests with the stand-in for BlueZ: how they make it, and boards behind it."""

import bluetooth_cases
from bluez import AirBoard, Bluez


class OnAir(bluetooth_cases.OnAir):
    def make_bluez(self):
        return self.start(Bluez, self.bus)

    def board(self, number=0, *options, **kind):
        return self.start(AirBoard, self.bluez, f"A4:C1:37:00:00:0{number + 1}", *options, **kind)
