"""What tests of the console start and ask: `dbus-bms get`, `set` and the others, as a person or a script would."""

import json
import os
import socket
import subprocess
import time

from boards import BOARDS
from harness import LIMIT_S, BusClient, Daemon, Failed, PrivateBus, Settings, Simulator, TestCase


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


class DriverCase(ConsoleCase):
    """A board with a driver on it."""

    def put_on_bus(self, board, writes="parameters", config=""):
        """A bus that is ready for the driver of a board that can be started, and a client that waits for it."""
        self.bus = self.start(PrivateBus)
        self.directory = self.bus.directory
        self.start(Settings, self.bus)
        self.directory.joinpath("config.ini").write_text(f"[default]\nwrites = {writes}\n{config}")
        self.board = self.start(board)
        self.tty = self.board.tty
        self.client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")

    def run_driver(self, family="jbd", found=True):
        """`found`: waits until the driver has found the board."""
        self.daemon = self.start(Daemon, self.bus, self.tty, "--config", self.directory / "config.ini", family=family)
        if found:
            self.client.wait_for_name()
        return self.daemon

    def run_on(self, name, *options, **configured):
        """The driver on the board of that name, alone: what ran on another has ended."""
        self.doCleanups()
        kind = BOARDS[name]
        self.put_on_bus(lambda: Simulator(*kind.options, *options, family=kind.family), **configured)
        self.run_driver(kind.family)
