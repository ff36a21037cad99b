"""How many instructions the driver itself executes for a poll: the same on a busy machine as on an idle one. With a simulated
board with many cells."""

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


class Valgrind:
    """Counts those of this machine's program."""

    def __init__(self, directory):
        self._directory = directory
        self.program = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={directory}/dump.%p", os.environ["DBUS_BMS"]]

    def begin(self, pid):
        subprocess.run(["callgrind_control", "--zero", str(pid)], check=True, stdout=subprocess.DEVNULL)

    def counted(self, pid):
        """Since `begin`."""
        subprocess.run(["callgrind_control", "--dump", str(pid)], check=True, stdout=subprocess.DEVNULL)
        if keep := os.environ.get("BENCH_KEEP_DUMPS"):
            shutil.copytree(self._directory, Path(keep), dirs_exist_ok=True)
        newest = max(self._directory.glob("dump.*.*"), key=lambda file: int(file.suffix[1:]))
        return int(re.search(r"^(?:summary|totals): (\d+)", newest.read_text(), re.M).group(1))


def of_a_poll(bus, board, counter, *options):
    """Instructions of the process between two polls, on average over some."""
    simulator = harness.Simulator(*board.options, *board.measured, *options, family=board.family)
    client = harness.BusClient(bus, "com.victronenergy.battery.ttyTEST")
    daemon = harness.Daemon(bus, simulator.tty, family=board.family, program=counter.program)

    def polls():
        return simulator.state()["polls"]

    def pass_polls(count):
        until = polls() + count
        client.wait_until(lambda: client.wait_s(0.2) or polls() >= until, f"{count} polls", 600)

    try:
        client.wait_for(lambda items: items.get("/Soc") and items["/Soc"].value is not None, limit_s=120)
        pass_polls(12)  # the daemon gives start-up memory back, and averages are known
        counter.begin(daemon.pid)
        before = polls()
        pass_polls(POLLS)
        return counter.counted(daemon.pid) / (polls() - before)
    finally:
        daemon.stop()
        client.stop()
        simulator.stop()


def measure_board(board, counter=Valgrind):
    """Counts with a `counter` made for a directory of its own."""
    bus = harness.PrivateBus()
    settings = harness.Settings(bus)
    try:
        found = {}
        for name, options in (("instructions_changing_k", ["--drift"]), ("instructions_constant_k", [])):
            with tempfile.TemporaryDirectory() as directory:
                of_this = counter(Path(directory))
                found[name] = round(of_a_poll(bus, board, of_this, *options) / 1000, 1)
                found.update(getattr(of_this, "also", {}))
        return found
    finally:
        settings.stop()
        bus.stop()
