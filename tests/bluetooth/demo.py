#!/usr/bin/python3
"""Batteries without a cable, with the real BlueZ, from the scan to the battery on the bus. To be run as root inside a
machine whose kernel has Bluetooth, by tools/demo --bluetooth. Goes on until the file END is there; with --once it ends
after the first complete view."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/integration"))
from harness import Daemon, PrivateBus, Settings  # noqa: E402
from real import RealBluez, RealBoard  # noqa: E402

LIMIT_S = 180  # the processor is an emulated one
BETWEEN_VIEWS_S = 15


class Demo:
    def __init__(self):
        self.things = []
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        self.bluez = self.start(RealBluez, self.bus)
        self.boards = [self.start(RealBoard, self.bluez, 0, "--cells", "16", "--ntc", "4", "--drift", "--repeat", "--script",
                                  ROOT / "tools/demo.script"),
                       self.start(RealBoard, self.bluez, 1, "--drift", family="daly")]
        self.config = self.bus.directory / "config.ini"
        self.daemon = None

    def start(self, kind, *arguments, **options):
        self.things.append(kind(*arguments, **options))
        return self.things[-1]

    def stop(self):
        for thing in reversed(self.things):
            thing.stop()

    def show(self, *words):
        """A command of the program as somebody would give it, and what it prints."""
        print("\n$ dbus-bms " + " ".join(words), flush=True)
        usual = ["--run-dir", self.bus.directory / "run"] if words[0] != "scan" else []
        subprocess.run([os.environ["DBUS_BMS"], *words, *usual], check=False,
                       env=dict(self.bus.env, DBUS_SYSTEM_BUS_ADDRESS=self.bus.address, COLUMNS="100", LC_ALL="C.UTF-8"))

    def run(self):
        self.show("scan", "--seconds", "8")
        self.config.write_text("".join(f"[battery {board.address}]\nbms = {board.family}\nadapter = {board.adapter}\n"
                                       for board in self.boards))
        print(f"\nconfig.ini:\n{self.config.read_text()}\n$ dbus-bms run --bluetooth &", flush=True)
        self.daemon = self.start(Daemon, self.bus, "--bluetooth", "--config", self.config, family=None)
        for board in self.boards:
            with board.client() as client:
                client.wait_for(lambda items: items.get("/Soc") and items["/Soc"].value is not None, "a battery", LIMIT_S)
        self.views()

    def views(self):
        for board in self.boards:
            self.show("watch", board.name, "--once")

    def lose(self):
        """The first board hangs up; what the driver says until it is back."""
        print("\nthe first board hangs up; the driver says:", flush=True)
        mark = len(self.daemon.log)
        self.boards[0].drop()
        self.daemon.wait_for_log("is back", mark, LIMIT_S)
        print("\n".join(self.daemon.log[mark:]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--until", type=Path, required=True, metavar="END")
    options = parser.parse_args()
    demo = Demo()
    try:
        demo.run()
        if not options.once:
            demo.lose()
        seen = time.monotonic()
        while not options.once and not options.until.exists():
            time.sleep(1)
            if time.monotonic() - seen > BETWEEN_VIEWS_S:
                demo.views()
                seen = time.monotonic()
    finally:
        demo.stop()


if __name__ == "__main__":
    main()
