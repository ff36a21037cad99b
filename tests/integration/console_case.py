"""What tests of the console start and ask: `dbus-bms get`, `set` and the others, as a person or a script would."""

import json
import os
import socket
import subprocess
import time

from harness import LIMIT_S, Failed, TestCase


def wait_until(predicate, what):
    """Looks again and again, since nobody tells."""
    deadline = time.monotonic() + LIMIT_S
    while not predicate():
        if time.monotonic() > deadline:
            raise Failed(f"no {what} within {LIMIT_S} s")


class Line:
    """A client of the driver's socket that speaks as it likes."""

    def __init__(self, path):
        self.stream = socket.socket(socket.AF_UNIX)
        self.stream.settimeout(60)
        self.stream.connect(str(path))
        self.reader = self.stream.makefile("r")

    def stop(self):
        self.stream.close()

    def ask(self, line):
        self.stream.sendall((line if isinstance(line, str) else json.dumps(line)).encode() + b"\n")
        return json.loads(self.reader.readline())


class ConsoleCase(TestCase):
    """`directory` holds what the console and the driver keep; set by the test."""

    def command(self, verb, *words, port):
        return [os.environ["DBUS_BMS"], verb, *map(str, words), "--port", port, "--run-dir", f"{self.directory}/run",
                "--state-dir", f"{self.directory}/state", "--config", f"{self.directory}/config.ini"]

    def ask(self, verb, *words, port, code=0):
        """What the verb prints, which must end with this code."""
        done = subprocess.run(self.command(verb, *words, port=port), capture_output=True, text=True, timeout=300,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, f"{verb} {words}: {done.stdout}{done.stderr}")
        return done.stdout

    def ask_json(self, verb, *words, port, code=0):
        return json.loads(self.ask(verb, *words, "--json", port=port, code=code))

    def values(self, *names, port):
        """The values of these parameters; of all that can be read if none is named."""
        got = self.ask_json("get", *(names or ["--all"]), port=port)
        return {one["name"]: one["value"] for one in got["results"] if one["ok"]}
