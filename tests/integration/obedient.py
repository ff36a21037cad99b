"""A Python program on the bus that does what it is told."""

import subprocess
import sys

from harness import Process

# The end of a program that does what it is told: each line on its standard input is Python, answered by "done".
# Unbuffered, because a second line that came along would wait in a buffer, unseen by the loop.
OBEY = r'''
from gi.repository import GLib
loop = GLib.MainLoop()
lines = open(0, "rb", 0)

def obey(source, condition):
    line = lines.readline().decode()
    if not line: loop.quit(); return False
    exec(line, globals())
    print("done", flush=True)
    return True

GLib.io_add_watch(lines.fileno(), GLib.IO_IN | GLib.IO_HUP, obey)
print("ready", flush=True)
loop.run()
'''


class Obedient:
    """A Python program on the bus that does what it is told, line by line."""

    def __init__(self, bus, program, *arguments):
        self.process = Process("obedient", [sys.executable, "-B", "-c", program + OBEY, *arguments], env=bus.env,
                               stdin=subprocess.PIPE, output="both")
        self.process.wait_for_line("^ready$")

    def do(self, line):
        start = len(self.process.lines)
        self.process.child.stdin.write(line + "\n")
        self.process.child.stdin.flush()
        self.process.wait_for_line("^done$", start)

    def stop(self):
        return self.process.stop()
