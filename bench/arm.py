"""What the program for 32-bit GX devices costs, on an emulated Cortex-A8: needs build/gx from tools/package gx."""

import re
import subprocess
from pathlib import Path

from instructions import FIGURES as INSTRUCTIONS
from measure import ROOT

TRIPLE = "arm-linux-gnueabihf"
PROGRAM = ROOT / "build/gx/armhf/stage/bin/dbus-bms.armhf"
# Where the emulator has the memory of the program, all of it: apart from its own.
BASE = 0x1_0000_0000
SIZE = 0x1_0000_0000
# Every process of a device has these in common.
SHARED = ("libc.so.6", "libm.so.6", "ld-linux-armhf.so.3")

FIGURES = [*((name, unit, None, key) for name, unit, _, key in INSTRUCTIONS), ("private memory", "kB", 2500, "private_kb")]


def private_kb(pid):
    """What the emulated program has to itself, of its own program and libraries as well."""
    total = 0
    for mapping in re.split(r"^(?=[0-9a-f]+-[0-9a-f]+ )", Path(f"/proc/{pid}/smaps").read_text(), flags=re.M):
        begin = re.match(r"([0-9a-f]+)-", mapping)
        if not begin or not BASE <= int(begin.group(1), 16) < BASE + SIZE or mapping.splitlines()[0].endswith(SHARED):
            continue
        total += sum(int(kb) for kb in re.findall(r"^Private_(?:Clean|Dirty): +(\d+) kB", mapping, re.M))
    return total


class Emulator:
    """Counts the instructions of the emulated program."""

    def __init__(self, directory):
        self._counter = directory / "count"
        plugin, shim = directory / "count.so", directory / "ioctl.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", plugin, ROOT / "bench/count_instructions.c"], check=True)
        subprocess.run([f"{TRIPLE}-gcc", "-shared", "-fPIC", "-O1", "-o", shim, ROOT / "tests/package/target_ioctl.c"], check=True)
        self.program = ["qemu-arm", "-cpu", "cortex-a8", "-B", hex(BASE), "-L", f"/usr/{TRIPLE}", "-plugin",
                        f"{plugin},into={self._counter}", "-E", f"LD_PRELOAD={shim}", PROGRAM]
        self.also = {}

    def _count(self):
        return int.from_bytes(self._counter.read_bytes(), "little")

    def begin(self, _pid):
        self._before = self._count()

    def counted(self, pid):
        """Since `begin`; what else can be seen then is in `also`."""
        self.also["private_kb"] = private_kb(pid)
        return self._count() - self._before
