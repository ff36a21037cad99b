"""When the machine did not let anybody run in time."""

import threading
import time

STEP_S = 0.02
LATE_S = 0.1  # what programs on a busy machine bear


class Stalls:
    """A thread that wants to run every few milliseconds, and notes when it could not. What others did not do in such a
    time is not their fault. `seen`: starts and ends, by time.monotonic(). To be used in a `with`."""

    def __init__(self):
        self.seen = []
        self._over = threading.Event()

    def __enter__(self):
        self._over.clear()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _watch(self):
        before = time.monotonic()
        while not self._over.wait(STEP_S):
            now = time.monotonic()
            if now - before > STEP_S + LATE_S:
                self.seen.append((before, now))
            before = now
