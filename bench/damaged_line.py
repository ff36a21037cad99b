#!/usr/bin/python3
"""What a damaged line does to the battery on the bus: bits are flipped in both directions, and every value that is
published is compared with what the simulated board really measures.

  bench/damaged_line.py [--board jbd] [--values both] [--minutes 10] [--damage 0.01]

Prints how many values were published, how many of them were false, and the longest time without a new reading. The
release build must be there (tools/bench makes it)."""

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "integration"))
os.environ.setdefault("DBUS_BMS", str(ROOT / "build/release/dbus-bms"))
os.environ.setdefault("BMS_SIM", str(ROOT / "build/release/sim/bms-sim"))

from boards import BOARDS  # noqa: E402
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator  # noqa: E402

LEARNING_S = 60
SLACK = 0.5  # of the band that a value moved in while the line was clean


def number(value):
    return isinstance(value, (int, float)) and value is not None


class Truth:
    """The band in which each value moves on a clean line, a little widened; texts and flags are what they were."""

    def __init__(self):
        self.seen = {}

    def learn(self, items):
        for path, item in items.items():
            if item.value is not None:
                self.seen.setdefault(path, []).append(item.value)

    def allows(self, path, value):
        values = self.seen.get(path)
        if value is None or values is None or not all(number(each) for each in values):
            return True
        low, high = min(values), max(values)
        slack = (high - low) * SLACK
        return low - slack <= value <= high + slack


# Not read from the board: what follows from the age of the last reading, and what is computed from several values (the
# lowest of many cells is another one when each cell is the middle of three readings).
OURS = ("/Info/", "/Io/", "/Alarms/BmsCable", "/State", "/System/", "/TimeToGo", "/Voltages/Diff", "/Voltages/Sum")


def changes_of_contact(changes):
    """How often the BMS was thought lost, or found again."""
    return sum("/System/NrOfModulesOnline" in change.items for change in changes)


def measure(options, drift):
    bus = PrivateBus()
    settings = Settings(bus)
    board = BOARDS[options.board]
    simulator = Simulator(*board.options, *(["--drift"] if drift else []), "--seed", "3", family=board.family)
    daemon = Daemon(bus, simulator.tty, family=board.family)
    client = BusClient(bus, daemon.service)
    truth = Truth()
    try:
        client.wait_for(lambda items: True)
        truth.learn(client.items)
        client.wait_s(LEARNING_S)
        for change in client.changes:
            truth.learn(change.items)
        began, first = time.monotonic(), len(client.changes)
        simulator.command(f"fault flip {options.damage}")
        client.wait_s(options.minutes * 60)
        changes = client.changes[first:]
        false = [(path, item.value) for change in changes for path, item in change.items.items()
                 if not path.startswith(OURS) and not truth.allows(path, item.value)]
        moments = [began, *(change.at for change in changes), time.monotonic()]
        gap = max(later - earlier for earlier, later in zip(moments, moments[1:]))
        print(f"{options.board}, {'changing' if drift else 'constant'} values, {options.minutes} min, {options.damage:.1%} of bytes damaged: "
              f"{sum(len(change.items) for change in changes)} values published, {len(false)} false"
              + (f", longest gap {gap:.1f} s, {len(changes)} signals" if drift else "")
              + f", {changes_of_contact(changes)} changes of contact")
        for path, value in false[:10]:
            print(f"  false: {path} = {value}")
        return not false
    finally:
        for thing in (client, daemon, simulator, settings, bus):
            thing.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--board", choices=sorted(BOARDS), default="jbd")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--damage", type=float, default=0.01)
    parser.add_argument("--values", choices=("changing", "constant", "both"), default="both")
    options = parser.parse_args()
    kinds = {"changing": [True], "constant": [False], "both": [True, False]}
    good = [measure(options, drift) for drift in kinds[options.values]]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
