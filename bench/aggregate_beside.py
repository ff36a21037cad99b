#!/usr/bin/python3
"""Our bank and dbus-aggregate-batteries on one bus, with the same four packs, all of whose values change each second: CPU,
memory and messages of both, and what they make of a pack that is lost.

  bench/aggregate_beside.py AGGREGATE [--seconds 60]

AGGREGATE is a checkout of dbus-aggregate-batteries with velib_python that runs on this machine; it is copied, not changed.
It keeps its state in a folder of its own below /data, which is made for it.
The packs are simulated boards, each read by a driver of ours that knows of no bank."""

import argparse
import os
import shutil
import sys
from pathlib import Path

import measure
from bank_case import BATTERY, Bank
from driver import Monitor
from harness import BusClient, Daemon, Failed, PrivateBus, Process, Settings, Simulator

PACKS = [f"ttyPACK{number}" for number in range(1, 5)]
OURS, THEIRS = BATTERY + "House", BATTERY + "aggregate"
SETTLING_S = 20

# It reads files of Venus OS only to log them.
STARTER = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
from functions import Functions
for fact in ("version", "image_type", "device_type"):
    setattr(Functions, "get_venus_os_" + fact, lambda: "none")
runpy.run_path(sys.argv[1] + "/dbus-aggregate-batteries.py", run_name="__main__")
"""


class Aggregate:
    """A copy of theirs, with a configuration of its own."""

    def __init__(self, bus, checkout):
        folder = Path(bus.directory) / "aggregate"
        shutil.copytree(checkout, folder, ignore=shutil.ignore_patterns(".git"))
        folder.joinpath("config.ini").write_text(
            "[DEFAULT]\nNR_OF_BATTERIES = 4\nNR_OF_CELLS_PER_BATTERY = 16\nNR_OF_MPPTS = 0\nCURRENT_FROM_VICTRON = False\n"
            "BATTERY_PRODUCT_NAME = BMS\n")
        Path("/data/apps/dbus-aggregate-batteries").mkdir(parents=True, exist_ok=True)
        self.process = Process("aggregate", ["/usr/bin/python3", "-B", "-c", STARTER, folder], env=bus.env,
                               output="both")

    def stop(self):
        self.process.stop()


def costs(pid, monitor, idle, seconds):
    cpu, seen = measure.cpu_ns(pid), len(monitor.times)
    idle.wait_s(seconds)
    return {"CPU, ms/s": (measure.cpu_ns(pid) - cpu) / 1e6 / seconds, "private memory, kB": measure.private_kb(pid),
            "messages, 1/s": (len(monitor.times) - seen) / seconds}


def shown(client):
    def value(path):
        item = client.items.get(path)
        return None if item is None else item.value
    return f"{value('/Dc/0/Voltage')} V, {value('/Dc/0/Current')} A, CCL {value('/Info/MaxChargeCurrent')} A"


def compare(options):
    bus = PrivateBus()
    parts = [bus, Settings(bus)]

    def start(part):
        parts.append(part)
        return part

    try:
        drivers = [start(Daemon(bus, start(Simulator("--cells", "16", "--drift", "--serial", name, name=name)).tty)) for name in PACKS]
        config = Path(bus.directory) / "bank.ini"
        config.write_text(f"[default]\nmax_charge_current = 100\n[bank House]\nmembers = {', '.join(PACKS)}\n")
        clients = {OURS: start(BusClient(bus, OURS)), THEIRS: start(BusClient(bus, THEIRS))}
        programs = {OURS: start(Bank(bus, config)).process, THEIRS: start(Aggregate(bus, options.aggregate)).process}
        monitors = {}
        for name, client in clients.items():
            try:
                client.wait_for(lambda items: items.get("/Soc") and items["/Soc"].value is not None, limit_s=90)
            except Failed:
                print("\n".join(programs[name].lines[-3:]))
                raise
            monitors[name] = Monitor(bus, client.wait_for_name())
        idle = start(BusClient(bus))
        idle.wait_s(SETTLING_S)
        for name in clients:
            print(f"{name}: {shown(clients[name])}")
            for what, number in costs(programs[name].pid, monitors[name], idle, options.seconds).items():
                print(f"  {what:24}{number:12.3f}")
        drivers[0].stop()
        idle.wait_s(40)
        print("a pack has left the bus, 40 s later:")
        for name, program in programs.items():
            there = f"is there, {shown(clients[name])}" if program.returncode is None else "has ended"
            print(f"  {name} {there}")
    finally:
        for part in reversed(parts):
            part.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("aggregate", help="checkout of dbus-aggregate-batteries")
    parser.add_argument("--seconds", type=float, default=60, help="how long each is watched [60]")
    options = parser.parse_args()
    if "DBUS_BMS" not in os.environ:
        measure.build()
    compare(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
