#!/usr/bin/python3
"""The MPPT bridge and a real battery of this program: its heartbeat is heard, and nobody is asked."""

import shutil
import signal

import harness
from bridge_case import FAKES, BridgeTest
from obedient import Obedient

# A charger, and somebody who hears every question on the bus.
LISTENER = FAKES + r'''
listener = dbus.bus.BusConnection(dbus.bus.BusConnection.TYPE_SESSION)
monitoring = dbus.Interface(listener.get_object("org.freedesktop.DBus", "/org/freedesktop/DBus"), "org.freedesktop.DBus.Monitoring")
monitoring.BecomeMonitor(dbus.Array(["type='method_call',interface='com.victronenergy.BusItem',member='GetValue'"], signature="s"), dbus.UInt32(0))
def hear(connection, message):
    if message.get_member() == "GetValue": print("asked", message.get_path(), flush=True)
    return HANDLED
listener.add_message_filter(hear)
'''


class Heartbeat(BridgeTest):
    def setUp(self):
        _, self.battery_daemon, _ = self.battery()
        self.fakes = self.start(Obedient, self.bus, LISTENER)
        self.do = self.fakes.do
        self.do("charger('ttyO1')")

    def test_a_real_battery_is_never_asked_and_its_hanging_is_noticed(self):
        bridge = self.bridge(stale_after=6)
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        for _ in range(2):  # rounds
            self.wait_for_write("/Link/ChargeCurrent", "35.0", start=self.seen)
        questions = [line for line in self.fakes.process.lines if line.startswith("asked /Info")]
        self.assertEqual(questions, [])
        start = self.seen
        self.battery_daemon.send_signal(signal.SIGSTOP)
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)
        bridge.process.wait_for_line("ttyTEST has been silent for more than 6 s")
        self.battery_daemon.send_signal(signal.SIGCONT)
        self.wait_for_write("/Link/ChargeCurrent", "35.0", start=start)

    def test_without_its_heartbeat_it_is_asked_for_the_age_of_its_reading(self):
        shutil.rmtree(self.bus.directory / "run" / "heartbeat")
        self.bridge()
        self.wait_for_write("/Link/ChargeCurrent", "35.0")
        self.fakes.process.wait_for_line("^asked /Info/LastReadingAge")
        start = self.seen
        self.battery_daemon.send_signal(signal.SIGKILL)
        self.wait_for_write("/Link/ChargeCurrent", "0.0", start=start)


if __name__ == "__main__":
    harness.main()
