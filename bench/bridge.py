#!/usr/bin/python3
"""What the MPPT bridge costs with four chargers and four batteries that say nothing new, and how soon a charger hears of a
CCL of 0. Needs a release build (tools/bench makes one), or DBUS_BMS in the environment."""

import argparse
import importlib.machinery
import importlib.util
import os
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "integration"))
os.environ.setdefault("DBUS_BMS", str(ROOT / "build" / "release" / "dbus-bms"))

import harness  # noqa: E402
import bridge_case as test_bridge  # noqa: E402

SETTLING_S = 15  # start-up memory is given back after 10

# tools/bench has no suffix, so it is not found as a module.
_loader = importlib.machinery.SourceFileLoader("bench", str(ROOT / "tools" / "bench"))
bench = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench", _loader))
_loader.exec_module(bench)


def configuration():
    with tempfile.NamedTemporaryFile("w", suffix=".ini", delete=False) as file:
        file.write("[bridge]\nenabled = yes\nallow_after = 5\n")
    return file.name


def reaction_s(fakes, client):
    """From the signal of a battery to the write on the last of the chargers."""
    start = len(fakes.process.lines)
    fakes.do(f"services['{test_bridge.BATTERY}tty0'].say('/Info/MaxChargeCurrent', 0.0)")
    said = float(fakes.process.wait_for_line(r"^said .*/Info/MaxChargeCurrent 0.0 (\S+)$", start).group(1))
    heard = [float(fakes.process.wait_for_line(rf"^written {test_bridge.CHARGER}ttyO{n} /Link/ChargeCurrent 0.0 (\S+)$", start).group(1))
             for n in range(4)]
    again = len(fakes.process.lines)
    fakes.do(f"services['{test_bridge.BATTERY}tty0'].say('/Info/MaxChargeCurrent', 50.0)")
    fakes.process.wait_for_line(rf"^written {test_bridge.CHARGER}ttyO3 /Link/ChargeCurrent 35.0", again)
    client.wait_s(3)
    return max(heard) - said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long it is watched [60]")
    options = parser.parse_args()
    bus = harness.PrivateBus()
    fakes = test_bridge.Obedient(bus, test_bridge.FAKES)
    for n in range(4):
        fakes.do(f"battery('tty{n}', items={{'/Info/LastReadingAge': 0.5}}); charger('ttyO{n}')")
    config = configuration()
    bridge = test_bridge.Bridge(bus, config)
    client = harness.BusClient(bus)
    try:
        client.wait_s(SETTLING_S)
        reactions = [reaction_s(fakes, client) for _ in range(5)]
        client.wait_s(5)
        pid = bridge.process.pid
        cpu, wakes = bench.cpu_ns(pid), bench.wake_ups(pid)
        client.wait_s(options.seconds)
        cpu, wakes = bench.cpu_ns(pid) - cpu, bench.wake_ups(pid) - wakes
        floor = bench.floor_ms_per_s(wakes / options.seconds, min(options.seconds, 20))
        print(f"CCL 0 to the last charger   {statistics.median(reactions) * 1000:8.1f} ms    at most 200, largest {max(reactions) * 1000:.1f}")
        print(f"CPU, nothing changes        {cpu / 1e6 / options.seconds:8.3f} ms/s  at most 0.05")
        print(f"  wake-ups                  {wakes / options.seconds:8.2f} 1/s")
        print(f"  a process that only wakes {floor:8.3f} ms/s")
        print(f"private memory              {bench.private_kb(pid):8d} kB    at most 2500")
    finally:
        client.stop()
        bridge.stop()
        fakes.stop()
        bus.stop()
        os.unlink(config)


if __name__ == "__main__":
    main()
