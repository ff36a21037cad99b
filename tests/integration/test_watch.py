"""`dbus-bms watch` on a private bus, against a small battery of its own: once, live on a pseudo-terminal, and in the
cases where there is nothing to show."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import unittest

from harness import PrivateBus

DBUS_BMS = os.environ["DBUS_BMS"]
SERVICE = "com.victronenergy.battery.test"
PATIENCE_S = 20

# The battery runs in a process of its own, so that it can die. It takes commands on standard input, one a line:
# "items PATH VALUE" announces by ItemsChanged, "leaf PATH VALUE" by PropertiesChanged; an empty value is invalid.
BATTERY = r'''
import sys
import dbus, dbus.mainloop.glib, dbus.service
from gi.repository import GLib

name, style = sys.argv[1:3]
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(dbus.bus.BusConnection.TYPE_SESSION)
BUS_ITEM = "com.victronenergy.BusItem"
NOTHING = dbus.Array([], signature="i", variant_level=1)
items = {
    "/ProductName": "Dummy \x1b[31mbattery", "/Mgmt/Connection": "test", "/DeviceInstance": 3, "/Connected": 1,
    "/Soc": 55.5, "/Dc/0/Voltage": 13.25, "/Dc/0/Current": NOTHING, "/Alarms/LowVoltage": 0,
    "/Voltages/Cell1": 3.301, "/Voltages/Cell2": 3.322, "/Voltages/Cell3": NOTHING, "/Voltages/Cell4": 3.31,
    "/Settings/MaxChargeCurrent": 50.0,
}

defaults = {"/Settings/MaxChargeCurrent": 50.0}

def announced(path):
    return dbus.Dictionary({"Value": items[path], "Text": str(items[path])}, signature="sv")

def described(path):
    default = {"Default": defaults[path]} if path in defaults else {}
    return dbus.Dictionary({**announced(path), **default}, signature="sv")

class Leaf(dbus.service.Object):
    @dbus.service.signal(BUS_ITEM, signature="a{sv}")
    def PropertiesChanged(self, changes): pass

class Old(dbus.service.Object):
    @dbus.service.method(BUS_ITEM, out_signature="v")
    def GetValue(self):
        return dbus.Dictionary({path[1:]: value for path, value in items.items()}, signature="sv", variant_level=1)
    @dbus.service.signal(BUS_ITEM, signature="a{sa{sv}}")
    def ItemsChanged(self, changes): pass

class New(Old):
    @dbus.service.method(BUS_ITEM, out_signature="a{sa{sv}}")
    def GetItems(self):
        return {path: described(path) for path in items}

root = {"new": New, "old": Old}[style](bus, "/")
leaves = {}

def command(source, condition):
    line = commands.readline().decode()
    if not line: loop.quit(); return False
    how, path, value = line.rstrip("\n").split(" ", 2)
    try: items[path] = float(value) if value else NOTHING
    except ValueError: items[path] = value
    if how == "items": root.ItemsChanged({path: announced(path)})
    else:
        if path not in leaves: leaves[path] = Leaf(bus, path)
        leaves[path].PropertiesChanged(announced(path))
    return True

owned = dbus.service.BusName(name, bus, do_not_queue=True)
# Unbuffered: a second line that came along would wait in the buffer, unseen by the loop.
commands = open(0, "rb", 0)
GLib.io_add_watch(commands.fileno(), GLib.IO_IN | GLib.IO_HUP, command)
loop = GLib.MainLoop()
print("ready", flush=True)
loop.run()
'''


class Battery:
    """The dummy, on the bus when the constructor returns."""

    def __init__(self, environment, name=SERVICE, style="new"):
        self.process = subprocess.Popen([sys.executable, "-c", BATTERY, name, style], env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == "ready\n"

    def say(self, how, path, value):
        self.process.stdin.write(f"{how} {path} {value}\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Terminal:
    """The program on a pseudo-terminal, with everything it has written so far."""

    def __init__(self, arguments, environment):
        self.process_id, self.fd = pty.fork()
        if self.process_id == 0:
            os.execve(arguments[0], arguments, {**environment, "TERM": "xterm"})
        self.written = ""

    def read(self, timeout_s):
        """What it writes next; empty when it has ended."""
        ready, _, _ = select.select([self.fd], [], [], max(0.0, timeout_s))
        if not ready:
            raise AssertionError(f"nothing more came; on screen: {self.written!r}")
        try:
            return os.read(self.fd, 65536).decode(errors="replace")
        except OSError:
            return ""  # a terminal whose last user has left reads as an error

    def wait_for(self, pattern):
        """Reads until `pattern` has been written after what was waited for last; returns what came before it."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := re.search(pattern, self.written)):
            chunk = self.read(deadline - time.monotonic())
            if not chunk:
                raise AssertionError(f"ended without {pattern!r}: {self.written!r}")
            self.written += chunk
        before, self.written = self.written[:found.end()], self.written[found.end():]
        return before

    def wait_for_end(self):
        """Its exit code and the rest of what it wrote."""
        while chunk := self.read(PATIENCE_S):
            self.written += chunk
        _, status = os.waitpid(self.process_id, 0)
        self.process_id = None
        return os.waitstatus_to_exitcode(status), self.written

    def end(self, signal_number):
        os.kill(self.process_id, signal_number)
        return self.wait_for_end()

    def clean_up(self):
        if self.process_id:
            os.kill(self.process_id, signal.SIGKILL)
            os.waitpid(self.process_id, 0)
        os.close(self.fd)


class WatchTest(unittest.TestCase):
    def setUp(self):
        self.bus = PrivateBus()
        self.addCleanup(self.bus.stop)
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "DBUS_SESSION_BUS_ADDRESS": self.bus.address}

    def battery(self, **options):
        battery = Battery(self.environment, **options)
        self.addCleanup(battery.stop)
        return battery

    def once(self, *arguments, **environment):
        return subprocess.run([DBUS_BMS, "watch", "--once", *arguments], env={**self.environment, **environment},
                              capture_output=True, text=True, timeout=PATIENCE_S)

    def live(self, *arguments, **environment):
        terminal = Terminal([DBUS_BMS, "watch", *arguments], {**self.environment, **environment})
        self.addCleanup(terminal.clean_up)
        return terminal

    def check_view(self, text):
        self.assertRegex(text, r"(?m)^ Dummy \[31mbattery +--$")
        self.assertIn("com.victronenergy.battery.test  test  instance 3", text)
        self.assertRegex(text, r"SoC +█+[▏▎▍▌▋▊▉]?░+ +55\.5 %")
        self.assertRegex(text, r"Voltage +13\.25 V +Current +--")
        self.assertRegex(text, r"Alarms +none")
        self.assertIn("lowest 3.301 V (1)  highest 3.322 V (2)  spread 21 mV  sum --", text)
        self.assertNotIn("\x1b", text)

    def test_once_shows_everything_and_ends(self):
        self.battery()
        result = self.once("test")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.check_view(result.stdout)

    def test_a_service_without_GetItems(self):
        self.battery(style="old")
        result = self.once()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.check_view(result.stdout)

    def test_once_says_when_nobody_can_have_seen_it(self):
        self.battery()
        with open("/dev/full", "w") as full:
            result = subprocess.run([DBUS_BMS, "watch", "--once", "test"], env=self.environment, stdout=full,
                                    stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S)
        self.assertEqual((result.returncode, result.stderr), (3, "dbus-bms: what was printed could not be written\n"))

    def test_ascii_where_the_locale_says_so(self):
        self.battery()
        self.assertTrue(self.once("test", LC_ALL="C").stdout.isascii())
        self.assertTrue(self.once("test", "--ascii").stdout.isascii())

    def test_no_such_service(self):
        result = self.once("ttyUSB7", "--wait", "0")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("ttyUSB7", result.stderr)

    def test_waits_for_a_service_that_comes_later(self):
        watch = subprocess.Popen([DBUS_BMS, "watch", "--once", "--wait", str(PATIENCE_S)], env=self.environment,
                                 stdout=subprocess.PIPE, text=True)
        self.addCleanup(watch.stdout.close)
        self.battery()
        self.check_view(watch.communicate(timeout=PATIENCE_S)[0])
        self.assertEqual(watch.returncode, 0)

    def test_asks_for_one_when_several_fit(self):
        self.battery()
        self.battery(name="com.victronenergy.battery.other")
        result = self.once()
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("com.victronenergy.battery.other\n  com.victronenergy.battery.test", result.stderr)
        self.assertEqual(self.once("test").returncode, 0)

    def test_live_follows_both_kinds_of_signals(self):
        battery = self.battery()
        terminal = self.live("test")
        terminal.wait_for(r"55\.5 %")
        battery.say("items", "/Soc", "56.5")
        terminal.wait_for(r"56\.5 %")
        battery.say("leaf", "/Dc/0/Current", "-7.25")
        terminal.wait_for(r"-7\.25 A  discharging")
        battery.say("leaf", "/Dc/0/Current", "")
        terminal.wait_for(r"Current\x1b\[0m +--")
        battery.say("items", "/Alarms/BmsCable", "2")
        terminal.wait_for("BMS LOST")
        battery.say("items", "/Info/Alarms", "Low voltage (11.20 V)")
        battery.say("items", "/Alarms/LowVoltage", "1")
        terminal.wait_for(r"Low voltage\x1b\[0m \(11\.20 V\)")
        battery.say("items", "/Settings/MaxChargeCurrent", "20")
        terminal.wait_for(r" 20\.0 A\x1b\[2m \(configured 50\.0 A\)")
        battery.say("items", "/Info/ChargeMode", "a\x1b[2Jb")
        terminal.wait_for(r"a\[2Jb")
        exit_code, rest = terminal.end(signal.SIGTERM)
        self.assertEqual(exit_code, 0)
        self.assertIn("\x1b[?25h\x1b[?1049l", rest)  # cursor and screen given back

    def test_live_sees_the_service_go_and_come(self):
        battery = self.battery()
        terminal = self.live("test", NO_COLOR="1")
        terminal.wait_for(r"55\.5 %")
        battery.stop()
        self.assertNotIn("%", terminal.wait_for("gone, waiting").split("\x1b[H")[-1])
        self.battery()
        terminal.wait_for(r"55\.5 %")
        exit_code, rest = terminal.end(signal.SIGINT)
        self.assertEqual(exit_code, 0)
        self.assertNotRegex(rest, r"\x1b\[[0-9;]*m")

    def test_gives_the_terminal_back_while_it_is_stopped(self):
        self.battery()
        terminal = self.live("test")
        terminal.wait_for(r"55\.5 %")
        os.kill(terminal.process_id, signal.SIGTSTP)
        terminal.wait_for(r"\x1b\[\?1049l")
        _, status = os.waitpid(terminal.process_id, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status))
        os.kill(terminal.process_id, signal.SIGCONT)
        terminal.wait_for(r"\x1b\[\?1049h")
        terminal.wait_for(r"55\.5 %")
        self.assertEqual(terminal.end(signal.SIGTERM)[0], 0)

    def test_a_bus_that_dies(self):
        self.battery()
        terminal = self.live("test")
        terminal.wait_for(r"55\.5 %")
        self.bus.process.send_signal(signal.SIGKILL)
        before = terminal.wait_for("lost the bus")
        self.assertIn("\x1b[?1049l", before)  # said on the ordinary screen
        self.assertEqual(terminal.wait_for_end()[0], 3)


if __name__ == "__main__":
    unittest.main()
