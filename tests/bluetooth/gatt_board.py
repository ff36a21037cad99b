#!/usr/bin/python3
"""A board's Bluetooth module on an adapter of this machine: advertises, offers the family's service, and carries bytes
between it and the terminal of a simulator. Needs a real BlueZ. Prints "ready" when it advertises."""

import argparse
import os
import sys
import tty
from pathlib import Path

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "integration"))
from bluez_boards import LAYOUTS  # noqa: E402
from bluez_objects import ADAPTER, CHARACTERISTIC, MANAGER, PROPERTIES, SERVICE, uuid  # noqa: E402

ADVERTISEMENT = "org.bluez.LEAdvertisement1"


class Exported(dbus.service.Object):
    """An object with the properties of one interface."""

    def __init__(self, bus, path, interface, properties):
        super().__init__(bus, path)
        self.path, self.interface = path, interface
        self.properties = dbus.Dictionary(properties, signature="sv")

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, _interface):
        return self.properties

    @dbus.service.signal(PROPERTIES, signature="sa{sv}as")
    def PropertiesChanged(self, interface, changed, invalidated):
        pass

    @dbus.service.method(ADVERTISEMENT)
    def Release(self):
        pass


class Characteristic(Exported):
    def __init__(self, bus, path, service, short, flags, board):
        super().__init__(bus, path, CHARACTERISTIC, {
            "Service": dbus.ObjectPath(service), "UUID": uuid(short), "Flags": dbus.Array(flags, signature="s")})
        self.board = board

    @dbus.service.method(CHARACTERISTIC, in_signature="aya{sv}")
    def WriteValue(self, value, _options):
        os.write(self.board.tty, bytes(value))

    @dbus.service.method(CHARACTERISTIC)
    def StartNotify(self):
        self.board.subscribed = True

    @dbus.service.method(CHARACTERISTIC)
    def StopNotify(self):
        self.board.subscribed = False

    def notify(self, piece):
        self.PropertiesChanged(CHARACTERISTIC, {"Value": dbus.Array(piece, signature="y")}, [])


class Board(dbus.service.Object):
    """The root of the objects, which BlueZ asks for them."""

    def __init__(self, bus, options):
        super().__init__(bus, "/board")
        self.chunk, self.subscribed = options.chunk, False
        self.tty = os.open(options.tty, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.tty)
        GLib.io_add_watch(self.tty, GLib.IO_IN, self._carry)
        number, notifies, written, flags = LAYOUTS[options.family]
        service = Exported(bus, "/board/service", SERVICE, {"UUID": uuid(number), "Primary": True})
        own_flags = flags if notifies == written else ["notify", "read"]
        self.out = Characteristic(bus, "/board/service/out", service.path, notifies, own_flags, self)
        self.objects = [service, self.out]
        if notifies != written:
            self.objects.append(Characteristic(bus, "/board/service/in", service.path, written, flags, self))

    @dbus.service.method(MANAGER, out_signature="a{oa{sa{sv}}}")
    def GetManagedObjects(self):
        return {each.path: {each.interface: each.properties} for each in self.objects}

    def _carry(self, descriptor, _condition):
        answer = os.read(descriptor, 4096)
        for start in range(0, len(answer) if self.subscribed else 0, self.chunk):
            self.out.notify(answer[start:start + self.chunk])
        return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--adapter", required=True, help="hci1")
    parser.add_argument("--family", choices=LAYOUTS, default="jbd")
    parser.add_argument("--tty", required=True)
    parser.add_argument("--chunk", type=int, default=20, help="bytes in one notification")
    options = parser.parse_args()
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus, loop = dbus.SystemBus(), GLib.MainLoop()
    board = Board(bus, options)
    advertisement = Exported(bus, "/board/advertisement", ADVERTISEMENT, {
        "Type": "peripheral", "LocalName": f"{options.family}-{options.adapter}",
        "ServiceUUIDs": dbus.Array([uuid(LAYOUTS[options.family][0])], signature="s")})
    adapter = bus.get_object("org.bluez", "/org/bluez/" + options.adapter)
    dbus.Interface(adapter, PROPERTIES).Set(ADAPTER, "Powered", True)

    def failed(error):
        print("failed", error, flush=True)
        loop.quit()

    def advertise():
        dbus.Interface(adapter, "org.bluez.LEAdvertisingManager1").RegisterAdvertisement(
            advertisement.path, {}, reply_handler=lambda: print("ready", flush=True), error_handler=failed)

    dbus.Interface(adapter, "org.bluez.GattManager1").RegisterApplication("/board", {}, reply_handler=advertise,
                                                                          error_handler=failed)
    loop.run()
    return board


if __name__ == "__main__":
    main()
