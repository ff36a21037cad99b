"""How many instructions the driver itself executes for a poll, counted by valgrind: the same on a busy machine as on an idle
one. With a simulated board with many cells."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import harness

POLLS = 20

# Figure, unit, limit, key in the JSON output.
FIGURES = [
    ("instructions of a poll while values change", "1000", 450, "instructions_changing_k"),
    ("instructions of a poll while nothing changes", "1000", 100, "instructions_constant_k"),
]


def counted(directory):
    """The instructions of the newest dump in `directory`."""
    newest = max(directory.glob("dump.*.*"), key=lambda file: int(file.suffix[1:]))
    return int(re.search(r"^(?:summary|totals): (\d+)", newest.read_text(), re.M).group(1))


def of_a_poll(bus, board, *options):
    """Instructions of the process between two polls, on average over some."""
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        simulator = harness.Simulator(*board.options, *board.measured, *options, family=board.family)
        client = harness.BusClient(bus, "com.victronenergy.battery.ttyTEST")
        valgrind = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={directory}/dump.%p", os.environ["DBUS_BMS"]]
        daemon = harness.Daemon(bus, simulator.tty, family=board.family, program=valgrind)

        def polls():
            return simulator.state()["polls"]

        def pass_polls(count):
            until = polls() + count
            client.wait_until(lambda: client.wait_s(0.2) or polls() >= until, f"{count} polls", 600)

        try:
            client.wait_for(lambda items: items["/Soc"].value is not None, limit_s=120)
            pass_polls(12)  # the daemon gives start-up memory back, and averages are known
            subprocess.run(["callgrind_control", "--zero", str(daemon.pid)], check=True, stdout=subprocess.DEVNULL)
            before = polls()
            pass_polls(POLLS)
            subprocess.run(["callgrind_control", "--dump", str(daemon.pid)], check=True, stdout=subprocess.DEVNULL)
            if keep := os.environ.get("BENCH_KEEP_DUMPS"):
                shutil.copytree(directory, Path(keep), dirs_exist_ok=True)
            return counted(directory) / (polls() - before)
        finally:
            daemon.stop()
            client.stop()
            simulator.stop()


def measure_board(board):
    bus = harness.PrivateBus()
    settings = harness.Settings(bus)
    try:
        return {"instructions_changing_k": round(of_a_poll(bus, board, "--drift") / 1000, 1),
                "instructions_constant_k": round(of_a_poll(bus, board) / 1000, 1)}
    finally:
        settings.stop()
        bus.stop()
