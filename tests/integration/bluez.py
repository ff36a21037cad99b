"""The stand-in for org.bluez as a test has it: an adapter, boards with simulators behind them, and commands."""

import subprocess
import sys

from harness import HERE, BusClient, Failed, Process, Simulator

ADAPTER = "00:1A:7D:DA:71:13"


# What boards with a module speak.
USUAL_OPTIONS = {"daly": ("--dialect", "d2")}


class Bluez:
    """org.bluez on a private bus, with the adapter hci0."""

    def __init__(self, bus, adapters=(("hci0", ADAPTER),)):
        self.bus = bus
        self.process = Process("bluez", [sys.executable, "-B", HERE / "bluez_standin.py"], env=bus.env,
                               stdin=subprocess.PIPE, output="both")
        self.process.wait_for_line(r"^ready$")
        for hci, address in adapters:
            self.command("adapter", hci, address)
        self.command("bluez-on")

    def stop(self):
        return self.process.stop()

    def command(self, *words):
        """Gives a command and waits until it is done; what it printed."""
        start = self.mark()
        self.process.child.stdin.write(" ".join(f"'{word}'" for word in words) + "\n")
        self.process.child.stdin.flush()
        answer = self.process.wait_for_line(r"^(ok$|error:.*)", start).group(0)
        if answer != "ok":
            raise Failed(f"the stand-in refused {words}: {answer}")
        return [line for line in self.process.lines[start:] if not line.startswith("call ")][0]

    def mark(self):
        """The number of the next line: a place from which wait_for_call looks on."""
        return len(self.process.lines)

    def calls(self, method, start=0):
        """Where this was called, in order."""
        words = [line.split() for line in self.process.lines[start:]]
        return [each[2] for each in words if each[:2] == ["call", method]]

    def wait_for_call(self, method, where, start=0, **limit):
        self.process.wait_for_line(f"^call {method} {where}$", start, **limit)

    def connected(self):
        return self.command("show").split()[1:]


class AirBoard:
    """A simulated board behind a Bluetooth module."""

    def __init__(self, bluez, address, *options, family="jbd", known="hci0"):
        self.bluez, self.address, self.family = bluez, address, family
        self.simulator = Simulator(*USUAL_OPTIONS.get(family, ()), *options, family=family, name="ttyAIR" + address[-2:])
        bluez.command("board", address, family, self.simulator.tty)
        if known:
            bluez.command("know", address, known)
        self.adapter = ""  # there is only one
        self.name = "ble_" + address.replace(":", "").lower()

    def set(self, name, value):
        self.bluez.command("set", self.address, name, value)

    def drop(self):
        self.bluez.command("drop", self.address)

    def fail(self, method, error, text, times=1, delay_s=0):
        self.bluez.command("fail", self.address, method, error, text, times, delay_s)

    def client(self):
        return BusClient(self.bluez.bus, "com.victronenergy.battery." + self.name)

    def stop(self):
        self.simulator.stop()
