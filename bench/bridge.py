"""What the MPPT bridge costs with four chargers and four batteries of this project, and how soon chargers hear of a CCL
of 0."""

import os
import statistics
import tempfile
import threading
import time

import harness
from bridge_case import BATTERY, CHARGER, FAKES, Bridge
from measure import cpu_ns, floor_ms_per_s, private_kb, wake_ups
from obedient import Obedient

SETTLING_S = 15  # start-up memory is given back after 10
PAIRS = 4

# Figure, unit, limit, key in the JSON output.
FIGURES = [
    ("CCL 0 to the last charger, median", "ms", 200, "reaction_ms"),
    ("CCL 0 to the last charger, largest", "ms", 200, "reaction_largest_ms"),
    ("CPU while nothing changes", "ms/s", 0.05, "cpu_constant_ms_per_s"),
    ("  wake-ups", "1/s", None, "wake_ups_per_s"),
    ("  CPU of a process that only wakes up", "ms/s", None, "cpu_floor_ms_per_s"),
    ("CPU while all currents change each second", "ms/s", None, "cpu_changing_ms_per_s"),
    ("private memory", "kB", 2500, "private_kb"),
]

# Everybody says another current each second.
CHANGING = r"""
def change(n=[0]):
    n[0] += 1
    for service in services.values(): service.say("/Dc/0/Current", 20.0 + n[0] % 3)
    return True
"""


class Heartbeats:
    """Those of the batteries, once a second."""

    def __init__(self, directory):
        directory.mkdir(parents=True)
        self.files = [open(directory / f"tty{n}", "wb", buffering=0) for n in range(PAIRS)]
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.beat, daemon=True)
        self.thread.start()

    def beat(self):
        while not self.over.wait(1):
            for file in self.files:
                os.pwrite(file.fileno(), b"%015d\n" % int(time.monotonic() * 1000), 0)

    def stop(self):
        self.over.set()
        self.thread.join()
        for file in self.files:
            file.close()


def reaction_s(fakes, client):
    """From the signal of a battery to the write on the last of the chargers."""
    start = len(fakes.process.lines)
    fakes.do(f"services['{BATTERY}tty0'].say('/Info/MaxChargeCurrent', 0.0)")
    said = float(fakes.process.wait_for_line(r"^said .*/Info/MaxChargeCurrent 0.0 (\S+)$", start).group(1))
    heard = [float(fakes.process.wait_for_line(rf"^written {CHARGER}ttyO{n} /Link/ChargeCurrent 0.0 (\S+)$", start).group(1))
             for n in range(PAIRS)]
    again = len(fakes.process.lines)
    fakes.do(f"services['{BATTERY}tty0'].say('/Info/MaxChargeCurrent', 50.0)")
    fakes.process.wait_for_line(rf"^written {CHARGER}ttyO{PAIRS - 1} /Link/ChargeCurrent 35.0", again)
    client.wait_s(3)
    return max(heard) - said


def watched(pid, client, seconds):
    """CPU time in ms and wake-ups, per second."""
    cpu, wakes = cpu_ns(pid), wake_ups(pid)
    client.wait_s(seconds)
    return (cpu_ns(pid) - cpu) / 1e6 / seconds, (wake_ups(pid) - wakes) / seconds


def measure_bridge(seconds):
    bus = harness.PrivateBus()
    fakes = Obedient(bus, FAKES + CHANGING)
    heartbeats = Heartbeats(bus.directory / "run" / "heartbeat")
    for n in range(PAIRS):
        fakes.do(f"battery('tty{n}', items={{'/Info/LastReadingAge': 0.5}}); charger('ttyO{n}')")
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as config:
        config.write("[bridge]\nenabled = yes\nallow_after = 5\n")
        config.flush()
        bridge = Bridge(bus, config.name)
        client = harness.BusClient(bus)
        try:
            client.wait_s(SETTLING_S)
            reactions = [reaction_s(fakes, client) for _ in range(5)]
            client.wait_s(10)
            pid = bridge.process.pid
            constant, wakes = watched(pid, client, seconds)
            floor = floor_ms_per_s(wakes, min(seconds, 20))
            fakes.do("GLib.timeout_add(1000, change)")
            changing, _ = watched(pid, client, min(seconds, 30))
            memory = private_kb(pid)
        finally:
            client.stop()
            bridge.stop()
            heartbeats.stop()
            fakes.stop()
            bus.stop()
    return {
        "reaction_ms": round(statistics.median(reactions) * 1000, 1),
        "reaction_largest_ms": round(max(reactions) * 1000, 1),
        "cpu_constant_ms_per_s": round(constant, 3),
        "wake_ups_per_s": round(wakes, 2),
        "cpu_floor_ms_per_s": round(floor, 3),
        "cpu_changing_ms_per_s": round(changing, 3),
        "private_kb": memory,
    }
