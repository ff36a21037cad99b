"""What batteries by Bluetooth cost, with a stand-in for BlueZ and simulated boards behind it, each read once a second."""

import time

import harness
from bluez import AirBoard, Bluez
from measure import cpu_ns, private_kb

SETTLING_S = 15  # the daemon gives start-up memory back after 10
FURTHER = 3
LOSSES = 50
SETTLED = 10  # from this loss on nothing may grow

# Figure, unit, limit, key in the JSON output.
FIGURES = [
    ("launch to a valid /Soc, with a board that is known", "s", 8, "launch_s"),
    ("private memory with one board", "kB", 3200, "private_kb"),
    ("  more for each further one", "kB", 600, "further_kb"),
    (f"  more after {LOSSES} losses of its connection", "kB", 128, "growth_kb"),
    ("CPU with one board", "ms/s", None, "cpu_ms_per_s"),
    (f"CPU with {1 + FURTHER} boards", "ms/s", None, "cpu_of_all_ms_per_s"),
]


def growth_kb(bluez, board, daemon):
    """How much more memory the process has after its board was lost and found again and again."""
    kb = 0
    for loss in range(SETTLED + LOSSES):
        if loss == SETTLED:
            kb = private_kb(daemon.pid)
        mark = bluez.mark()
        board.drop()
        bluez.wait_for_call("StartNotify", board.address, mark)
    return max(0, private_kb(daemon.pid) - kb)


def running(count, seconds):
    """(seconds until all are valid, kB, ms/s, kB more after losses) of a process with so many JBD boards."""
    bus = harness.PrivateBus()
    settings = harness.Settings(bus)
    bluez = Bluez(bus)
    boards = [AirBoard(bluez, f"A4:C1:37:00:00:{number:02X}") for number in range(1, count + 1)]
    config = bus.directory / "config.ini"
    config.write_text("".join(f"[battery {board.address}]\nbms = jbd\n" for board in boards))
    clients = [board.client() for board in boards]
    daemon = harness.Daemon(bus, "--bluetooth", "--config", config, family=None)
    try:
        for client in clients:
            client.wait_for(lambda items: items.get("/Soc") and items["/Soc"].value is not None)
        launch_s = time.monotonic() - daemon.started_at
        for client in clients:
            client.stop()
        time.sleep(SETTLING_S)
        cpu, began = cpu_ns(daemon.pid), time.monotonic()
        time.sleep(seconds)
        cpu_ms_per_s = (cpu_ns(daemon.pid) - cpu) / 1e6 / (time.monotonic() - began)
        kb = private_kb(daemon.pid)
        return launch_s, kb, cpu_ms_per_s, growth_kb(bluez, boards[0], daemon) if count == 1 else None
    finally:
        daemon.stop()
        for part in (*boards, bluez, settings, bus):
            part.stop()


def measure_bluetooth(seconds):
    launch_s, one_kb, cpu, growth = running(1, seconds)
    _, all_kb, cpu_of_all, _ = running(1 + FURTHER, seconds)
    return {
        "launch_s": round(launch_s, 2),
        "private_kb": one_kb,
        "growth_kb": growth,
        "further_kb": round((all_kb - one_kb) / FURTHER),
        "cpu_ms_per_s": round(cpu, 3),
        "cpu_of_all_ms_per_s": round(cpu_of_all, 3),
    }
