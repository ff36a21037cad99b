"""The private memory of a process, as the kernel counts it."""

import os
import threading

# A build with sanitizers has a heap of its own, which says nothing about ours.
CAN_BE_JUDGED = "BMS_SANITIZED" not in os.environ


def private_kb(pid):
    """In kB; 0: the process has ended."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("Private_"))
    except (FileNotFoundError, ProcessLookupError):
        return 0


class Watch:
    """The least and the most that a process has had since this was made, looked at all the time."""

    def __init__(self, pid):
        self.pid = pid
        self.lowest_kb = self.highest_kb = private_kb(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self):
        while not self._over.wait(0.02):
            if kb := private_kb(self.pid):
                self.lowest_kb = min(self.lowest_kb, kb)
                self.highest_kb = max(self.highest_kb, kb)

    def stop(self):
        self._over.set()
        self._thread.join()
