"""Storms of messages, and what they may cost."""

import signal
import sys

import memory
from harness import HERE, Process

MOST_KB = 8 * 1024
LEFT_KB = 512


class Storm:
    """A process of its own that sends without end."""

    def __init__(self, bus, service, *calls, reads="never"):
        self.process = Process("storm", [sys.executable, "-B", HERE / "raw_client.py", bus.address, reads, service, *calls],
                               output="both")
        self.process.wait_for_line("^ready$")

    def stop(self):
        return self.process.stop(signal.SIGKILL)


GIVEN_BACK_S = 14  # the program gives back what its start needed after 10


def settled_kb(process, client):
    """The private memory that is left when that of the start has been given back, and what is always used has been used."""
    client.wait_s(GIVEN_BACK_S)
    return memory.private_kb(process.pid)


def check_memory(test, process, client, before_kb, watch, left_kb=LEFT_KB):
    """After a storm: what it took at most, and what is left."""
    watch.stop()
    print(f"\n  private memory {before_kb} kB, in the storm at most {watch.highest_kb} kB", end=" ", flush=True)
    if not memory.CAN_BE_JUDGED:
        print("(not judged: a build with sanitizers)", end=" ", flush=True)
        return
    test.assertLess(watch.highest_kb, MOST_KB)
    client.wait_until(lambda: client.wait_s(0.1) or memory.private_kb(process.pid) < before_kb + left_kb,
                      f"private memory of {before_kb} kB as before, not {memory.private_kb(process.pid)} kB,")
