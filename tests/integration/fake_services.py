"""Services on the bus that are not what they seem: a program that does what it is told (see obedient.py)."""

# In a process of their own, each with a connection of its own. Python on standard input, one line each.
FAKE_SERVICES = r'''
import sys, time
import dbus, dbus.bus, dbus.lowlevel, dbus.mainloop.glib
from gi.repository import GLib

BUS_ITEM = "com.victronenergy.BusItem"
NOTHING = dbus.Array([], signature="i", variant_level=1)
HANDLED = dbus.lowlevel.HANDLER_RESULT_HANDLED
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
services = {}

def wire(value): return NOTHING if value is None else value
def native(value):
    if isinstance(value, dbus.Array): return None
    for kind in (str, float, int):
        if isinstance(value, kind): return kind(value)

class Service:
    """`result`: SetValue's answer; `deaf`: what is written changes nothing; `silent`: no answer at all, or "late": when it
    is silent no more, or "error": nothing but errors; `by_property`: says things as older libraries do; `read_at`: the
    time of a battery's newest reading, None: just now. All that happens is printed, with its time."""
    def __init__(self, name, items, **state):
        self.name, self.items = name, dict(items)
        self.result, self.deaf, self.silent, self.by_property, self.read_at = 0, False, False, False, None
        self.present, self.kept = False, []
        services[name] = self
        self.start(**state)
    def note(self, what, key, value): print(what, self.name, key, value, time.monotonic(), flush=True)
    def value(self, path): return self.items[path](self) if callable(self.items[path]) else self.items[path]
    def start(self, **state):
        self.bus = dbus.bus.BusConnection(dbus.bus.BusConnection.TYPE_SESSION)
        self.bus.set_exit_on_disconnect(False)
        self.bus.add_message_filter(self.answer)
        for path in self.items: self.note("said", path, self.value(path))
        self.become(**state, present=True)
        assert self.bus.request_name(self.name, dbus.bus.NAME_FLAG_DO_NOT_QUEUE) == 1
    def stop(self):
        self.become(present=False)
        self.bus.close()
        self.kept.clear()
    def flip(self): self.stop() if self.present else self.start()
    def become(self, **state):
        for key, value in state.items():
            self.note("became", key, value)
            setattr(self, key, value)
        while self.kept and not self.silent: self.handle(self.kept.pop(0))
    def change(self, path, value):
        """Without a word."""
        self.note("changed", path, value)
        self.items[path] = value
    def put(self, path, value):
        """Says it if anybody can hear it."""
        if self.present: self.say(path, value)
        else: self.items[path] = value
    def say(self, path, value): self.tell({path: value})
    def tell(self, values):
        """All of them at once."""
        self.items.update(values)
        for path, value in values.items(): self.note("said", path, value)
        entries = {path: dbus.Dictionary({"Value": wire(value), "Text": str(value)}, signature="sv") for path, value in values.items()}
        for path, entry in entries.items() if self.by_property else (("/", entries),):
            signal = dbus.lowlevel.SignalMessage(path, BUS_ITEM, "PropertiesChanged" if self.by_property else "ItemsChanged")
            if self.by_property: signal.append(entry, signature="a{sv}")
            else: signal.append(dbus.Dictionary(entry, signature="sa{sv}"), signature="a{sa{sv}}")
            self.bus.send_message(signal)
        self.bus.flush()
    def take(self, path, value):
        """What was written."""
        self.say(path, value)
    def answer(self, bus, message):
        if message.get_interface() != BUS_ITEM or message.get_type() != 1: return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        if message.get_member() == "SetValue": self.note("written", message.get_path(), native(message.get_args_list()[0]))
        if self.silent == "error": bus.send_message(dbus.lowlevel.ErrorMessage(message, "org.freedesktop.DBus.Error.Failed", "not now"))
        elif self.silent == "late": self.kept.append(message)
        elif not self.silent: self.handle(message)
        return HANDLED
    def handle(self, message):
        method, path = str(message.get_member()), str(message.get_path())
        reply = dbus.lowlevel.MethodReturnMessage(message)
        if method == "GetItems":
            items = {p: dbus.Dictionary({"Value": wire(self.value(p)), "Text": str(self.value(p))}, signature="sv") for p in self.items}
            reply.append(dbus.Dictionary(items, signature="sa{sv}"), signature="a{sa{sv}}")
        elif path not in self.items:
            reply = dbus.lowlevel.ErrorMessage(message, "org.freedesktop.DBus.Error.UnknownObject", "not here")
        elif method == "GetValue":
            reply.append(wire(self.value(path)), signature="v")
        elif method == "SetValue":
            reply.append(dbus.Int32(self.result), signature="i")
        if not message.get_no_reply(): self.bus.send_message(reply)
        if method == "SetValue" and path in self.items and self.result == 0 and not self.deaf:
            value = native(message.get_args_list()[0])
            if value != self.items[path]: self.take(path, value)

def age(service):
    """Of the newest reading, in s. What is no time is said as it is."""
    if service.read_at is None: return 0.3
    return time.monotonic() - service.read_at if isinstance(service.read_at, float) else service.read_at
'''
