"""What a bank of four packs costs whose values change each second, each of them read by a driver of its own."""

import os
import time

import harness
from driver import Monitor
from measure import cpu_ns, floor_ms_per_s, private_kb, wake_ups

SETTLING_S = 15  # start-up memory is given back after 10
PACKS = [f"ttyPACK{number}" for number in range(1, 5)]

# Figure, unit, limit, key in the JSON output.
FIGURES = [
    ("launch to a valid /Soc", "s", None, "launch_s"),
    ("CPU while all values change", "ms/s", 0.5, "cpu_ms_per_s"),
    ("  wake-ups", "1/s", None, "wake_ups_per_s"),
    ("  CPU of a process that only wakes up", "ms/s", None, "cpu_floor_ms_per_s"),
    ("private memory", "kB", 2500, "private_kb"),
    ("D-Bus messages while all values change", "1/s", 1.1, "messages_per_s"),
]


def start_packs(bus, config):
    """Simulated boards and their drivers, all of them on the bus."""
    parts = []
    for name in PACKS:
        simulator = harness.Simulator("--cells", "16", "--drift", "--serial", name, name=name)
        parts += [simulator, harness.Daemon(bus, simulator.tty, "--config", config)]
    for name in PACKS:
        with harness.BusClient(bus, "com.victronenergy.battery." + name) as client:
            client.wait_for(lambda items: items.get("/Soc") and items["/Soc"].value is not None)
    return parts


def measure_bank(seconds):
    bus = harness.PrivateBus()
    parts = [bus, harness.Settings(bus)]
    try:
        config = bus.directory / "bank.ini"
        config.write_text(f"[bank House]\nmembers = {', '.join(PACKS)}\n")
        parts += start_packs(bus, config)
        client = harness.BusClient(bus, "com.victronenergy.battery.House")
        began = time.monotonic()
        bank = harness.Process("bank", [os.environ["DBUS_BMS"], "bank", "--config", config, "--state-dir",
                                        bus.directory / "state", "--run-dir", bus.directory / "run"],
                               env=bus.env, output="both")
        parts.append(bank)
        client.wait_for(lambda items: items.get("/Soc") and items["/Soc"].value is not None)
        launch_s = time.monotonic() - began
        monitor = Monitor(bus, client.wait_for_name())
        client.stop()
        idle = harness.BusClient(bus)  # follows no service
        parts.append(idle)
        idle.wait_s(SETTLING_S)
        cpu, wakes, seen, began = cpu_ns(bank.pid), wake_ups(bank.pid), len(monitor.times), time.monotonic()
        idle.wait_s(seconds)
        took_s = time.monotonic() - began
        cpu_ms, wakes = (cpu_ns(bank.pid) - cpu) / 1e6 / took_s, (wake_ups(bank.pid) - wakes) / took_s
        messages, memory = (len(monitor.times) - seen) / took_s, private_kb(bank.pid)
    finally:
        for part in reversed(parts):
            part.stop()
    return {
        "launch_s": round(launch_s, 2),
        "cpu_ms_per_s": round(cpu_ms, 3),
        "wake_ups_per_s": round(wakes, 2),
        "cpu_floor_ms_per_s": round(floor_ms_per_s(wakes, min(seconds, 20)), 3),
        "private_kb": memory,
        "messages_per_s": round(messages, 3),
    }
