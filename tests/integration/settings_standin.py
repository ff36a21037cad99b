#!/usr/bin/python3
"""A stand-in for com.victronenergy.settings of Venus OS, as far as device services use it: AddSettings, RemoveSettings,
GetValue, GetText, SetValue, GetMin, GetMax, GetDefault, GetItems, PropertiesChanged, and one VRM instance per device.
With --file it keeps its settings over restarts."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

NAME = "com.victronenergy.settings"
SETTINGS = "com.victronenergy.Settings"
BUS_ITEM = "com.victronenergy.BusItem"
ROOT = "/Settings"
DEVICES = "/Settings/Devices/"

OK, FAILED = 0, -1
UNDERSCORE, NO_TYPE, NO_PATH, OTHER_TYPE, BAD_DEFAULT, OUT_OF_RANGE, IS_GROUP, OUTSIDE = range(-2, -10, -1)

NATIVE = {"i": int, "f": float, "s": str}
INVALID = dbus.Array([], signature="i", variant_level=1)


def type_of(value):
    """The setting type that a default asks for; None: not a type for settings."""
    if isinstance(value, (dbus.Int32, dbus.Int64)):
        return "i"
    if isinstance(value, dbus.Double):
        return "f"
    return "s" if isinstance(value, dbus.String) else None


def converted(kind, value):
    """`value` as the setting's type, None when it cannot be."""
    try:
        return None if value is None else NATIVE[kind](value)
    except (TypeError, ValueError):
        return None


def on_bus(kind, value):
    """`value` as D-Bus type of a setting."""
    if kind == "f":
        return dbus.Double(value, variant_level=1)
    if kind == "s":
        return dbus.String(value, variant_level=1)
    return (dbus.Int32 if -2**31 <= value < 2**31 else dbus.Int64)(value, variant_level=1)


def class_and_instance(value):
    """("battery", 1) of "battery:1"; None for everything else."""
    device_class, colon, number = str(value).partition(":")
    try:
        return (device_class, int(number)) if colon else None
    except ValueError:
        return None


class Setting:
    def __init__(self, kind, value, default=None, low=None, high=None):
        self.kind, self.value, self.default, self.low, self.high = kind, value, default, low, high

    def allows(self, value):
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def properties(self):
        entries = {"Value": self.value, "Default": self.default, "Min": self.low, "Max": self.high}
        known = {name: on_bus(self.kind, entry) for name, entry in entries.items() if entry is not None}
        return dbus.Dictionary({**known, "Text": dbus.String(self.value, variant_level=1)}, signature="sv")


class Store:
    """The settings by path. `announce(path, properties)` hears of every change."""

    def __init__(self, file, announce):
        self.file = Path(file) if file else None
        self.announce = announce
        self.settings = {}
        if self.file and self.file.exists():
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            self.settings = {path: Setting(**attributes) for path, attributes in kept.items()}

    def _save(self):
        if not self.file:
            return
        text = json.dumps({path: vars(setting) for path, setting in self.settings.items()}, indent=1)
        scratch = self.file.with_name(self.file.name + ".new")
        scratch.write_text(text, encoding="utf-8")
        os.replace(scratch, self.file)

    def below(self, node):
        prefix = node.rstrip("/") + "/"
        return {path: setting for path, setting in self.settings.items() if path.startswith(prefix)}

    def exists(self, path):
        return path in ("/", ROOT) or path in self.settings or bool(self.below(path))

    def _is_instance(self, path):
        return path.startswith(DEVICES) and path.endswith("/ClassAndVrmInstance") and path.count("/") == 4

    def _fitting(self, path, value):
        """The value that the setting will get: for a VRM instance, the next one that no other device has."""
        if not self._is_instance(path):
            return value
        wanted = class_and_instance(value)
        if not wanted:
            return None
        device_class, number = wanted
        taken = {str(other.value) for name, other in self.settings.items() if name != path and self._is_instance(name)}
        while f"{device_class}:{number}" in taken:
            number += 1
        return f"{device_class}:{number}"

    def _put(self, path, value, whole=False):
        setting = self.settings[path]
        setting.value = value
        self._save()
        properties = setting.properties()
        if not whole:
            properties = {name: properties[name] for name in ("Value", "Text")}
        self.announce(path, properties)

    def set(self, path, value):
        setting = self.settings[path]
        value = converted(setting.kind, value)
        if value is None or not setting.allows(value):
            return FAILED
        if value == setting.value:
            return OK
        value = self._fitting(path, value)
        if value is None:
            return FAILED
        self._put(path, value)
        return OK

    def add(self, path, kind, default, low, high):
        """An error number."""
        if "/_" in path:
            return UNDERSCORE
        default = converted(kind, default)
        if default is None or (self._is_instance(path) and not class_and_instance(default)):
            return BAD_DEFAULT
        low, high = (None, None) if kind == "s" else (converted(kind, low), converted(kind, high))
        if low == 0 and high == 0:
            low = high = None
        candidate = Setting(kind, default, default, low, high)
        if not candidate.allows(default):
            return OUT_OF_RANGE
        if not path.startswith(ROOT + "/"):
            return OUTSIDE
        present = self.settings.get(path)
        if present is None:
            if self.below(path):
                return IS_GROUP
            candidate.value = self._fitting(path, default)
        elif present.kind != kind:
            return OTHER_TYPE
        elif (present.default, present.low, present.high) == (default, low, high):
            return OK
        else:
            candidate.value = present.value
        self.settings[path] = candidate
        self._put(path, candidate.value, whole=True)
        return OK

    def remove(self, path):
        if self.settings.pop(path, None) is None:
            return FAILED
        self._save()
        self.announce(path, {"Value": INVALID, "Text": dbus.String("", variant_level=1)})
        return OK


class Refusal(Exception):
    """Answered with a D-Bus error of this name."""


class Server:
    """Answers calls from the store. Objects come and go with the settings, so calls are taken from the connection as
    messages, not from objects that are exported one by one."""

    def __init__(self, connection, file):
        self.connection = connection
        self.store = Store(file, self._announce)
        connection.add_message_filter(self._on_message)

    def _announce(self, path, properties):
        signal_message = dbus.lowlevel.SignalMessage(path, BUS_ITEM, "PropertiesChanged")
        signal_message.append(properties, signature="a{sv}")
        self.connection.send_message(signal_message)

    def _on_message(self, _connection, message):
        if not isinstance(message, dbus.lowlevel.MethodCallMessage):
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        if message.get_interface() not in (None, SETTINGS, BUS_ITEM):
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        try:
            signature, value = self._answer(str(message.get_path()), message.get_member(), message.get_args_list())
            reply = dbus.lowlevel.MethodReturnMessage(message)
            reply.append(value, signature=signature)
        except Refusal as refusal:
            reply = dbus.lowlevel.ErrorMessage(message, f"org.freedesktop.DBus.Error.{refusal}", "not here")
        if not message.get_no_reply():
            self.connection.send_message(reply)
        return dbus.lowlevel.HANDLER_RESULT_HANDLED

    def _answer(self, path, member, arguments):
        """(signature, value) of the reply."""
        if not self.store.exists(path):
            raise Refusal("UnknownObject")
        answers = self._setting_methods(path) if path in self.store.settings else self._group_methods(path)
        if member not in answers:
            raise Refusal("UnknownMethod")
        signature, function = answers[member]
        try:
            return signature, function(*arguments)
        except TypeError as error:
            raise Refusal("InvalidArgs") from error

    def _setting_methods(self, path):
        setting = self.store.settings[path]

        def limit(value):
            return dbus.Int32(0, variant_level=1) if value is None else on_bus(setting.kind, value)

        return {
            "GetValue": ("v", lambda: on_bus(setting.kind, setting.value)),
            "GetText": ("s", lambda: str(setting.value)),
            "SetValue": ("i", lambda value: self.store.set(path, value)),
            "GetDefault": ("v", lambda: limit(setting.default)),
            "GetMin": ("v", lambda: limit(setting.low)),
            "GetMax": ("v", lambda: limit(setting.high)),
        }

    def _group_methods(self, path):
        start = len(path.rstrip("/")) + 1
        below = self.store.below(path)
        methods = {
            "GetValue": ("v", lambda: dbus.Dictionary(
                {name[start:]: on_bus(each.kind, each.value) for name, each in below.items()},
                signature="sv", variant_level=1)),
            "GetText": ("v", lambda: dbus.Dictionary(
                {name[start:]: str(each.value) for name, each in below.items()}, signature="ss", variant_level=1)),
            "AddSettings": ("aa{sv}", lambda wishes: [self._add(path, wish) for wish in wishes]),
            "RemoveSettings": ("ai", lambda names: [self.store.remove(self._absolute(path, name)) for name in names]),
        }
        if path == "/":
            methods["GetItems"] = ("a{sa{sv}}", lambda: dbus.Dictionary(
                {name: each.properties() for name, each in below.items()}, signature="sa{sv}"))
        return methods

    @staticmethod
    def _absolute(group, path):
        return f"{group.rstrip('/')}/{str(path).lstrip('/')}"

    def _add(self, group, wish):
        given = wish.get("path")
        answer = {} if given is None else {"path": given}
        if not isinstance(given, dbus.String):
            answer["error"] = dbus.Int32(NO_PATH)
            return dbus.Dictionary(answer, signature="sv")
        kind = type_of(wish.get("default"))
        path = self._absolute(group, given)
        if kind is None:
            error = NO_TYPE
        elif group == "/" and not given.startswith(ROOT + "/"):
            error = OUTSIDE if "/_" not in given else UNDERSCORE
        else:
            error = self.store.add(path, kind, wish["default"], wish.get("min"), wish.get("max"))
        answer["error"] = dbus.Int32(error)
        if error == OK:
            setting = self.store.settings[path]
            answer["value"] = on_bus(setting.kind, setting.value)
        return dbus.Dictionary(answer, signature="sv")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--file", help="where the settings are kept; without it they are forgotten at the end")
    arguments = options.parse_args()

    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    on_session_bus = "DBUS_SESSION_BUS_ADDRESS" in os.environ
    connection = dbus.bus.BusConnection(dbus.bus.BUS_SESSION if on_session_bus else dbus.bus.BUS_SYSTEM)
    _server = Server(connection, arguments.file)
    taken = connection.request_name(NAME, dbus.bus.NAME_FLAG_DO_NOT_QUEUE)
    if taken != dbus.bus.REQUEST_NAME_REPLY_PRIMARY_OWNER:
        sys.exit(f"{NAME} is on the bus already")

    loop = GLib.MainLoop()
    for number in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, loop.quit)
    loop.run()


if __name__ == "__main__":
    main()
