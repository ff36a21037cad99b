#!/usr/bin/python3
"""Numbers of other services, as a battery follows them: services that come late, change, lie, fall silent, go and come
back."""

import harness
from harness import BusClient, PrivateBus, Settings
from obedient import Obedient
from test_busitem import Host

SHUNT = "com.victronenergy.battery.ttyS5"
SYSTEM = "com.victronenergy.system"

# The other service, in a process of its own so that it can die. It takes Python on standard input, one line each:
# `say(path, value)` announces by PropertiesChanged, `tell(path, value)` by ItemsChanged, `items[path] = value` not at
# all, `raw(member, signature, value, path)` sends a signal as it is.
OTHER = r'''
import sys
import dbus, dbus.bus, dbus.lowlevel, dbus.mainloop.glib
from gi.repository import GLib

BUS_ITEM = "com.victronenergy.BusItem"
NOTHING = dbus.Array([], signature="i", variant_level=1)
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(dbus.bus.BusConnection.TYPE_SESSION)
items, silent = {}, []

def answer(_, message):
    if message.get_member() != "GetValue":
        return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
    path = str(message.get_path())
    print("asked", path, flush=True)
    if silent:
        return dbus.lowlevel.HANDLER_RESULT_HANDLED
    if path in items:
        reply = dbus.lowlevel.MethodReturnMessage(message)
        reply.append(items[path], signature="v")
    else:
        reply = dbus.lowlevel.ErrorMessage(message, "org.freedesktop.DBus.Error.UnknownObject", "not here")
    bus.send_message(reply)
    return dbus.lowlevel.HANDLER_RESULT_HANDLED

def raw(member, signature, value, path):
    signal = dbus.lowlevel.SignalMessage(path, BUS_ITEM, member)
    signal.append(value, signature=signature)
    bus.send_message(signal)
    bus.flush()

def changes(value):
    return dbus.Dictionary({"Text": "x", "Value": value}, signature="sv")

def say(path, value):
    items[path] = value
    raw("PropertiesChanged", "a{sv}", changes(value), path)

def tell(path, value):
    items[path] = value
    others = {"/Other": changes(1), "/Another": changes("x")}
    raw("ItemsChanged", "a{sa{sv}}", {**others, path: changes(value)}, "/")

bus.add_message_filter(answer)
exec(sys.argv[2])
assert bus.request_name(sys.argv[1], dbus.bus.NAME_FLAG_DO_NOT_QUEUE) == dbus.bus.REQUEST_NAME_REPLY_PRIMARY_OWNER
'''


class RemoteItems(harness.TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        self.host = self.start(Host, self.bus, "ttyS5x", "S1")
        self.host.registered()
        self.seen = 0

    def other(self, name=SHUNT, prepare="pass"):
        return self.start(Obedient, self.bus, OTHER, name, prepare)

    def follow(self, service="ttyS5", path="/Soc"):
        self.host.tell(f"follow {service} {path}")

    def expect(self, value, path="/Soc"):
        """The next change that is heard of is this one."""
        lines = self.host.process.lines
        self.host.process.wait_for_line("^remote ", self.seen)
        self.seen = next(n for n in range(self.seen, len(lines)) if lines[n].startswith("remote ")) + 1
        self.assertEqual(lines[self.seen - 1], f"remote {path} {value}")

    def test_a_service_that_is_there(self):
        self.other(prepare="items['/Soc'] = 71.5")
        self.follow()
        self.expect("71.5")

    def test_a_service_that_comes_changes_goes_and_returns(self):
        self.follow(SHUNT)
        other = self.other(prepare="items['/Soc'] = 71.5")
        self.expect("71.5")
        other.do("say('/Soc', 72.0)")
        self.expect("72")
        other.do("tell('/Soc', dbus.Int32(73))")
        self.expect("73")
        other.do("say('/Soc', NOTHING)")
        self.expect("none")
        other.do("tell('/Soc', 74.0)")
        self.expect("74")
        other.stop()
        self.expect("none")
        self.other(prepare="items['/Soc'] = 75.0")
        self.expect("75")

    def test_it_is_asked_once(self):
        other = self.other(prepare="items['/Soc'] = 71.5")
        self.follow()
        self.expect("71.5")
        other.do("say('/Soc', 72.0)")
        self.expect("72")
        self.assertEqual(other.process.lines.count("asked /Soc"), 1)

    def test_a_path_that_comes_later(self):
        other = self.other()
        self.follow()
        other.process.wait_for_line("^asked /Soc$")
        other.do("tell('/Soc', 71.5)")
        self.expect("71.5")

    def test_what_is_no_number_is_no_value(self):
        other = self.other(prepare="items['/Soc'] = 'full'")
        self.follow()
        other.process.wait_for_line("^asked /Soc$")
        lies = ("dbus.String('50')", "dbus.Double('nan')", "dbus.Double('inf')", "NOTHING", "dbus.Struct((1, 2))",
                "dbus.Array([50.0])", "dbus.Dictionary({'Value': 50.0}, signature='sv')", "dbus.String('9' * 100000)",
                "dbus.Double(50.0, variant_level=2)")
        for number, lie in enumerate(lies):
            how = "say" if number % 2 else "tell"
            with self.subTest(lie=lie):
                other.do(f"{how}('/Soc', dbus.Double({number}))")
                self.expect(number)
                other.do(f"{how}('/Soc', {lie})")
                self.expect("none")

    def test_every_type_of_number(self):
        other = self.other()
        self.follow()
        for number, kind in enumerate(("Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Double"), 1):
            other.do(f"say('/Soc', dbus.{kind}({number}))")
            self.expect(number)

    def test_signals_of_another_shape_change_nothing(self):
        other = self.other(prepare="items['/Soc'] = 71.5")
        self.follow()
        self.expect("71.5")
        for line in ("raw('ItemsChanged', 's', '/Soc', '/')", "raw('ItemsChanged', 'a{sv}', {'/Soc': 1.0}, '/')",
                     "raw('ItemsChanged', 'a{ss}', {'/Soc': '1'}, '/')", "raw('PropertiesChanged', 'd', 1.0, '/Soc')",
                     "raw('PropertiesChanged', 'a{ss}', {'Value': '1'}, '/Soc')",
                     "raw('PropertiesChanged', 'a{sv}', {'Text': '1'}, '/Soc')",
                     "raw('ItemsChanged', 'a{sa{sv}}', {'/Soc': {'Text': '1'}, '/Other': {'Value': 1.0}}, '/')",
                     "raw('PropertiesChanged', 'a{sv}', changes(1.0), '/Other')",
                     "raw('ItemsChanged', 'a{sa{sv}}', {'/Soc': changes(1.0)}, '/Other')"):
            other.do(line)
        other.do("say('/Soc', 72.0)")
        self.expect("72")

    def test_a_service_that_does_not_answer_holds_nothing_up(self):
        other = self.other(prepare="silent.append(1)")
        self.follow()
        other.process.wait_for_line("^asked /Soc$")
        with BusClient(self.bus, "com.victronenergy.battery.ttyS5x") as client:
            client.wait_for(lambda items: "/Soc" in items)
        other.do("silent.clear(); items['/Soc'] = 71.5")
        self.expect("71.5")  # it is asked again

    def test_two_paths_of_two_services_are_not_mixed_up(self):
        shunt = self.other(prepare="items.update({'/Soc': 1.0, '/Dc/0/Current': -2.0})")
        system = self.other(SYSTEM, "items.update({'/Soc': 3.0, '/Control/ActiveSocLimit': 10})")
        self.follow(path="/Soc")
        self.expect("1")
        self.follow(path="/Dc/0/Current")
        self.expect("-2", "/Dc/0/Current")
        self.follow(SYSTEM, "/Control/ActiveSocLimit")
        self.expect("10", "/Control/ActiveSocLimit")
        system.do("say('/Soc', 4.0)")
        system.do("tell('/Control/ActiveSocLimit', 15.0)")
        self.expect("15", "/Control/ActiveSocLimit")
        shunt.do("tell('/Dc/0/Current', -3.0)")
        self.expect("-3", "/Dc/0/Current")
        system.stop()
        self.expect("none", "/Control/ActiveSocLimit")

    def test_a_battery_does_not_follow_itself(self):
        self.follow("ttyS5x")
        self.host.process.wait_for_line("is this battery itself")

    def test_of_two_that_fit_the_other_takes_over(self):
        first = self.other("com.victronenergy.battery.a_ttyS5", "items['/Soc'] = 1.0")
        self.follow()
        self.expect("1")
        second = self.other("com.victronenergy.battery.b_ttyS5", "items['/Soc'] = 2.0")
        second.do("say('/Soc', 3.0)")
        first.stop()
        self.expect("none")
        self.expect("3")


if __name__ == "__main__":
    harness.main()
