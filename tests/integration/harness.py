"""What the integration tests start and talk to: a private bus, the settings stand-in, the simulator, the daemon, and an
independent D-Bus client. Every wait ends at its event; the limits are generous and only end a test that has failed."""

import collections
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

HERE = Path(__file__).resolve().parent
LIMIT_S = 90.0
BUS_ITEM = "com.victronenergy.BusItem"


class Failed(AssertionError):
    """Something that had to happen did not."""


class Process:
    """A child whose output is collected line by line in a thread."""

    def __init__(self, name, command, env=None, stdin=None, output="stdout"):
        self.name = name
        self.lines, self.times = [], []
        self._changed = threading.Condition()
        self._ended = False
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT if output == "both" else None}
        self.child = subprocess.Popen([str(part) for part in command], env=env, stdin=stdin, text=True, bufsize=1,
                                      errors="replace", **streams)
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()

    def _collect(self):
        for line in self.child.stdout:
            with self._changed:
                self.times.append(time.monotonic())
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def pid(self):
        return self.child.pid

    @property
    def returncode(self):
        return self.child.poll()

    def wait_for_line(self, pattern, start=0, limit_s=LIMIT_S):
        """The match of the first line from number `start` on that `pattern` is found in."""
        expression = re.compile(pattern)
        deadline = time.monotonic() + limit_s
        seen = start
        with self._changed:
            while True:
                for line in self.lines[seen:]:
                    if match := expression.search(line):
                        return match
                seen = len(self.lines)
                if self._ended or not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    break
        end = f"ended with {self.child.wait()}" if self._ended else f"within {limit_s} s"
        raise Failed(f"{self.name}: no line with {pattern!r} ({end}); it wrote:\n" + "\n".join(self.lines[-40:]))

    def wait(self, limit_s=LIMIT_S):
        """The exit code."""
        try:
            code = self.child.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} still runs after {limit_s} s; it wrote:\n" + "\n".join(self.lines[-40:])) from None
        self._reader.join(LIMIT_S)
        return code

    def send_signal(self, number):
        self.child.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        """Ends the process if it still runs, by force if need be. The exit code."""
        if self.returncode is None:
            self.send_signal(signal.SIGCONT)
            self.send_signal(number)
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()
        code = self.wait()
        self.child.stdout.close()
        if self.child.stdin:
            with contextlib.suppress(OSError):
                self.child.stdin.close()
        return code


class PrivateBus:
    """A dbus-daemon of our own. `env` is what a program needs to find it. `config`: its configuration, instead of that of
    a session."""

    def __init__(self, config=None):
        self.directory = Path(tempfile.mkdtemp(prefix="dbus-bms-test-"))
        kind = "--session"
        if config:
            file = self.directory / "bus.conf"
            file.write_text(config)
            kind = f"--config-file={file}"
        self.process = Process("dbus-daemon", [
            "dbus-daemon", kind, "--nofork", "--nopidfile", "--print-address=1",
            f"--address=unix:path={self.directory}/bus"], output="both")
        self.address = self.process.wait_for_line(r"^unix:.*").group(0)
        self.env = dict(os.environ, DBUS_SESSION_BUS_ADDRESS=self.address)

    def stop(self):
        self.process.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


class NoBus:
    """A machine without D-Bus, for whatever takes a PrivateBus."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix="dbus-bms-test-"))
        self.env = dict(os.environ, DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")

    def stop(self):
        shutil.rmtree(self.directory, ignore_errors=True)


class Simulator:
    """A simulated BMS. `tty` is the link that stays when it is unplugged and plugged in again."""

    def __init__(self, *options, family="jbd", directory=None, name="ttyTEST"):
        self._own_directory = None if directory else tempfile.mkdtemp(prefix="bms-sim-")
        self.tty = os.path.join(directory or self._own_directory, name)
        self.process = Process("bms-sim", [os.environ["BMS_SIM"], family, "--control", "--link", self.tty, *options],
                               stdin=subprocess.PIPE)
        self.process.wait_for_line(r"^ready ")

    def command(self, text):
        """Gives a command and waits until it is done. The line it printed, if any."""
        start = len(self.process.lines)
        self.process.child.stdin.write(text + "\n")
        self.process.child.stdin.flush()
        answer = self.process.wait_for_line(r"^(ok$|error:.*)", start).group(0)
        if answer != "ok":
            raise Failed(f"bms-sim refused {text!r}: {answer}")
        printed = [line for line in self.process.lines[start:] if re.match(r"[{]|ready ", line)]
        return printed[-1] if printed else ""

    def state(self):
        """All true values, as a dictionary."""
        return json.loads(self.command("state"))

    def stop(self):
        code = self.process.stop()
        if self._own_directory:
            shutil.rmtree(self._own_directory, ignore_errors=True)
        return code


class Settings:
    """The stand-in for com.victronenergy.settings; keeps what it is given in `file` over restarts."""

    def __init__(self, bus, file=None):
        self.bus = bus
        self.file = str(file or bus.directory / "settings.json")
        self.process = None
        self.start()

    def start(self):
        self.process = Process("settings", [sys.executable, "-B", HERE / "settings_standin.py", "--file", self.file],
                               env=self.bus.env, output="both")
        with BusClient(self.bus) as client:
            client.wait_for_name("com.victronenergy.settings")

    def stop(self):
        return self.process.stop()

    def restart(self):
        self.stop()
        self.start()


class Daemon:
    """`dbus-bms run TTY`, with every log line. `family` None: it has to find out."""

    def __init__(self, bus, tty, *options, env=None, program=None, family="jbd"):
        chosen = ["--bms", family] if family else []
        if "--config" not in options:  # nor does it depend on a file of this machine
            bus.directory.joinpath("config.ini").touch()
            chosen += ["--config", bus.directory / "config.ini"]
        command = [*(program or [os.environ["DBUS_BMS"]]), "run", tty, "--state-dir", bus.directory / "state",
                   "--run-dir", bus.directory / "run", *chosen, *options]
        self.service = "com.victronenergy.battery." + os.path.basename(tty)
        self.started_at = time.monotonic()
        self.process = Process("dbus-bms", command, env=dict(bus.env, **(env or {})), output="both")

    @property
    def log(self):
        return self.process.lines

    @property
    def pid(self):
        return self.process.pid

    @property
    def returncode(self):
        return self.process.returncode

    def wait_for_log(self, pattern, start=0, limit_s=LIMIT_S):
        return self.process.wait_for_line(pattern, start, limit_s)

    def wait(self, limit_s=LIMIT_S):
        return self.process.wait(limit_s)

    def send_signal(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        return self.process.stop(number)


Change = collections.namedtuple("Change", "at items")
Item = collections.namedtuple("Item", "value text")


def plain(value):
    """A D-Bus value as Python's own; the invalid value is None."""
    if isinstance(value, dbus.Array):
        return [plain(each) for each in value] if value else None
    if isinstance(value, (dbus.Boolean, dbus.Byte)):
        return int(value)
    if isinstance(value, dbus.Dictionary):
        return {str(key): plain(each) for key, each in value.items()}
    for kind, native in ((str, str), (float, float), (int, int)):
        if isinstance(value, kind):
            return native(value)
    return value


def item_of(entry):
    return Item(plain(entry["Value"]), plain(entry.get("Text")))


class BusClient:
    """A consumer as Venus OS has them: scans a service when its name appears, then follows ItemsChanged.

    `items` maps paths to Item(value, text) and is empty while the service is not there. `changes` is every signal, with
    the time of CLOCK_MONOTONIC at which it was handled. Signals are handled while one of the waits runs."""

    def __init__(self, bus, service=None):
        dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
        self.connection = dbus.bus.BusConnection(bus.address)
        self.connection.set_exit_on_disconnect(False)
        self.service = service
        self.items = {}
        self.changes = []
        self.owners = []
        self._context = GLib.MainContext.default()
        if service:
            self.connection.add_signal_receiver(self._items_changed, "ItemsChanged", BUS_ITEM, service, "/")
            self.connection.watch_name_owner(service, self._owner_changed)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.connection.close()

    def _owner_changed(self, owner):
        self.owners.append(str(owner))
        self.items = {}
        if owner:
            self.connection.call_async(owner, "/", BUS_ITEM, "GetItems", "", (), self._scanned, self._scan_failed)

    def _scanned(self, items):
        self.items = {str(path): item_of(entry) for path, entry in items.items()}

    def _scan_failed(self, error):
        # The owner may be gone again; anything else is shown by the wait that follows.
        self.items = {}
        self.scan_error = error

    def _items_changed(self, items):
        changed = {str(path): item_of(entry) for path, entry in items.items()}
        self.changes.append(Change(time.monotonic(), changed))
        self.items.update(changed)

    def wait_until(self, predicate, what="the expected event", limit_s=LIMIT_S):
        """Handles what comes from the bus until `predicate()` holds; its result."""
        deadline = time.monotonic() + limit_s
        # Not everything that is waited for comes from the bus.
        tick = GLib.timeout_add(200, lambda: True)
        try:
            while not (result := predicate()):
                if time.monotonic() > deadline:
                    raise Failed(f"{what} did not happen within {limit_s} s; {self._shown()}")
                self._context.iteration(True)
            return result
        finally:
            GLib.source_remove(tick)

    def _shown(self):
        values = "\n".join(f"  {path} = {item.value!r}" for path, item in sorted(self.items.items()))
        return f"{self.service}:\n{values}" if self.items else f"{self.service} is not on the bus"

    def wait_for(self, predicate, what="the expected values", limit_s=LIMIT_S):
        """Waits until `predicate(items)` holds for a service that was scanned; the items then."""
        self.wait_until(lambda: self.items and predicate(self.items), what, limit_s)
        return self.items

    def wait_for_value(self, path, value, limit_s=LIMIT_S):
        """Waits until `path` has this value (None: invalid)."""
        return self.wait_for(lambda items: path in items and items[path].value == value, f"{path} = {value!r}", limit_s)

    def wait_for_change(self, limit_s=LIMIT_S):
        """The next ItemsChanged that has not been handled yet."""
        seen = len(self.changes)
        self.wait_until(lambda: len(self.changes) > seen, "a change", limit_s)
        return self.changes[seen]

    def wait_for_name(self, name=None, limit_s=LIMIT_S):
        """Waits until somebody owns the name; that owner's unique name."""
        name = name or self.service
        owner = []
        watch = self.connection.watch_name_owner(name, lambda unique: owner.append(str(unique)))
        try:
            self.wait_until(lambda: owner and owner[-1], f"the name {name}", limit_s)
            return owner[-1]
        finally:
            watch.cancel()

    def wait_for_no_name(self, limit_s=LIMIT_S):
        self.wait_until(lambda: self.owners and not self.owners[-1], f"the end of {self.service}", limit_s)

    def catch_up(self):
        """Handles everything that has been on the bus until now: an answer cannot overtake it."""
        self.call("/org/freedesktop/DBus", "GetId", interface="org.freedesktop.DBus", service="org.freedesktop.DBus")

    def wait_s(self, seconds):
        """Follows the bus for this long, to see what comes in it."""
        over = []
        GLib.timeout_add(int(seconds * 1000), lambda: over.append(True) and False)
        while not over:
            self._context.iteration(True)

    def wait_until_quiet(self, seconds):
        """Waits until nothing has changed for this long."""
        def quiet():
            before = len(self.changes)
            self.wait_s(seconds)
            return len(self.changes) == before
        self.wait_until(quiet, f"{seconds} s without a change")

    def call(self, path, method, *arguments, signature="", interface=BUS_ITEM, service=None):
        """Calls and waits for the answer, as D-Bus types. Errors are dbus.DBusException."""
        outcome = []
        self.connection.call_async(service or self.service, path, interface, method, signature, arguments,
                                   lambda *values: outcome.append((values, None)),
                                   lambda error: outcome.append(((), error)))
        self.wait_until(lambda: outcome, f"an answer to {method} on {path}")
        values, error = outcome[0]
        if error:
            raise error
        return values[0] if len(values) == 1 else values

    def get(self, path):
        return plain(self.call(path, "GetValue"))

    def set(self, path, value):
        """The return code of SetValue."""
        return int(self.call(path, "SetValue", value, signature="v"))


class TestCase(unittest.TestCase):
    """Starts things that end with the test, last started first ended."""

    def start(self, kind, *arguments, **options):
        thing = kind(*arguments, **options)
        self.addCleanup(thing.stop)
        return thing

    def config_file(self, text):
        """The path of a configuration file with this content."""
        with tempfile.NamedTemporaryFile("w", suffix=".ini", delete=False) as file:
            file.write(text)
        self.addCleanup(os.unlink, file.name)
        return file.name

    def battery(self, *simulator_options, daemon_options=(), name="ttyTEST", family="jbd"):
        """A bus with settings, a simulated BMS, the daemon on it and a client that sees it: (simulator, daemon, client)."""
        if not hasattr(self, "bus"):
            self.bus = self.start(PrivateBus)
            self.settings = self.start(Settings, self.bus)
        simulator = self.start(Simulator, *simulator_options, name=name, family=family)
        client = self.start(BusClient, self.bus, "com.victronenergy.battery." + name)
        daemon = self.start(Daemon, self.bus, simulator.tty, *daemon_options, family=family)
        client.wait_for(lambda items: "/Soc" in items and items["/Soc"].value is not None, "a valid /Soc")
        return simulator, daemon, client


def main():
    unittest.main(verbosity=2)
