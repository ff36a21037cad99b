"""What all measurements need: the release build, what a process costs, and how that is shown."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build" / "release"
sys.path.insert(0, str(ROOT / "tests" / "integration"))


def build(packages="build", targets=("dbus-bms", "bms-sim")):
    """Dependencies for building, or for more than that, and the release build; what they print goes to standard error."""
    script = ('. "$1/tools/common.sh"; "$root/tools/install-dependencies" "$2" && '
              'build release BMS_TESTS=OFF -- "${@:3}"')
    subprocess.run(["bash", "-c", script, "bench", ROOT, packages, *targets], check=True, stdout=sys.stderr)
    os.environ.update(DBUS_BMS=str(PROGRAMS / "dbus-bms"), BMS_SIM=str(PROGRAMS / "sim" / "bms-sim"))


def cpu_ns(pid):
    """Time that all threads have spent on a processor."""
    return sum(int(task.joinpath("schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir())


def wake_ups(pid):
    """How often the process has waited for something."""
    return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M).group(1))


def context_switches(pid):
    """How often the processor was given up, or taken away."""
    status = Path(f"/proc/{pid}/status").read_text()
    return sum(int(number) for number in re.findall(r"^(?:non)?voluntary_ctxt_switches:\s+(\d+)", status, re.M))


def floor_ms_per_s(wakes_per_s, seconds):
    """What waking up costs on this machine: CPU time of a process that does it as often and does nothing else."""
    idler = subprocess.Popen(["perl", "-e", f"select(undef, undef, undef, {1 / wakes_per_s}) while 1"])
    try:
        time.sleep(1)
        cpu, began = cpu_ns(idler.pid), time.monotonic()
        time.sleep(seconds)
        return (cpu_ns(idler.pid) - cpu) / 1e6 / (time.monotonic() - began)
    finally:
        idler.kill()
        idler.wait()


def private_kb(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(kb) for kb in re.findall(r"^Private_(?:Clean|Dirty): +(\d+) kB", text, re.MULTILINE))


def print_table(rows, figures):
    """`rows`: figure, unit, limit and key; `figures`: values by key, for each column by its name."""
    columns = list(figures)
    width = max(12, 2 + max(map(len, columns)))
    print(f"{'':44}" + "".join(f"{column:>{width}}" for column in columns) + f"{'limit':>10}")
    for name, unit, limit, key in rows:
        over = [column for column in columns if limit is not None and figures[column][key] > limit]
        print(f"{name:44}" + "".join(f"{figures[column][key]:>{width}g}" for column in columns)
              + f"{'' if limit is None else f'{limit:g}':>10} {unit}" + (f"  over: {', '.join(over)}" if over else ""))
