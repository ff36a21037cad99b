"""A log that nobody reads: the pipe behind a program's standard output, until it is full."""

import fcntl
import os


class UnreadLog:
    def __init__(self):
        self.read_end, self.write_end = os.pipe()

    def fill(self):
        """From now on whoever writes has to wait."""
        filler = os.dup(self.write_end)
        flags = fcntl.fcntl(filler, fcntl.F_GETFL)
        fcntl.fcntl(filler, fcntl.F_SETFL, flags | os.O_NONBLOCK)
        try:
            while True:
                os.write(filler, b"x" * 512)
        except BlockingIOError:
            pass
        # Both descriptors share their flags, and the program's writes must block again.
        fcntl.fcntl(filler, fcntl.F_SETFL, flags)
        os.close(filler)

    def stop(self):
        os.close(self.read_end)
        os.close(self.write_end)
