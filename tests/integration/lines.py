"""The other end of a line, without a simulator."""

import os
import select
import threading
import time
import tty

from harness import LIMIT_S


class Talker:
    """A device that says something again and again, whether anybody listens or not. `tty` is its other end."""

    def __init__(self, message, every_s=1.0):
        self.descriptor, other = os.openpty()
        tty.setraw(other)
        self.tty = os.ttyname(other)
        self._other = other
        self.heard = b""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._talk, args=(message, every_s), daemon=True)
        self._thread.start()

    def _talk(self, message, every_s):
        due = time.monotonic()
        while not self._over.is_set():
            if select.select([self.descriptor], [], [], max(0.0, min(0.05, due - time.monotonic())))[0]:
                self.heard += os.read(self.descriptor, 4096)
            if time.monotonic() >= due:
                os.write(self.descriptor, message)
                due += every_s

    def stop(self):
        self._over.set()
        self._thread.join()
        os.close(self.descriptor)
        os.close(self._other)


class RawLine:
    """The other end of a simulated line, for frames made by hand."""

    def __init__(self, tty):
        self.descriptor = os.open(tty, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    def stop(self):
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def write(self, data):
        os.write(self.descriptor, data)

    def read(self, count, limit_s=LIMIT_S):
        """At least `count` bytes if they come in time; else what came. An end of file ends it."""
        data = b""
        deadline = time.monotonic() + limit_s
        while len(data) < count and select.select([self.descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            try:
                chunk = os.read(self.descriptor, 4096)
            except OSError:
                break
            if not chunk:
                break
            data += chunk
        return data
