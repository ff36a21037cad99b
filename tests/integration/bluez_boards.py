"""Boards on the air for the stand-in of org.bluez: a simulator behind each, and what an adapter knows of it."""

import os
import tty

import dbus
from gi.repository import GLib

from bluez_objects import CHARACTERISTIC, DEVICE, SERVICE, Refusal, failed, uuid

OUT_OF_REACH_S = 40.0  # so long BlueZ waits for a board that does not advertise

# Service, what notifies, what is written; and the flags of the latter.
LAYOUTS = {
    "jbd": ("ff00", "ff01", "ff02", ["write-without-response", "write", "read"]),
    "daly": ("fff0", "fff1", "fff2", ["write-without-response", "write", "read"]),
    "ant": ("ffe0", "ffe1", "ffe1", ["write-without-response", "notify", "read"]),
}


def module_frame(command, payload):
    body = bytes([command, len(payload), *payload])
    return b"\xff\xaa" + body + bytes([sum(body) & 0xFF])


class Lock:
    """What a module of JBD since 2023 does with what it is sent until it has heard its password. Written from captures,
    and not from our own side of it."""

    NEEDED, RANDOM, PASSWORD = 0x15, 0x17, 0x18

    def __init__(self, address, password):
        self.address, self.password = bytes.fromhex(address.replace(":", "")), password.encode()
        self.open = False
        self.random = 0x37

    def answer(self, data):
        """To a frame for the module; empty: it swallows it."""
        if data[:2] != b"\xff\xaa":
            return b""
        command, payload = data[2], data[4:-1]
        if command == self.NEEDED:
            return module_frame(command, b"\x00")
        if command == self.RANDOM:
            self.random = (self.random + 0x5D) & 0xFF
            return module_frame(command, bytes([self.random]))
        if command != self.PASSWORD:
            return b""
        hidden = bytes(((one ^ other) + self.random) & 0xFF for one, other in zip(self.address, self.password))
        self.open = payload == hidden
        return module_frame(command, b"\x00" if self.open else b"\x01")


class Board:
    """A module on the air, and the simulator behind it."""

    def __init__(self, address, family, terminal, name):
        self.address, self.family, self.name = address.upper(), family, name
        self.near = True
        self.rssi = -60
        self.advertises_service = True
        self.chunk = 20           # bytes in one notification
        self.deaf_to = ""         # type of writes that are lost; "all": it accepts and stays silent
        self.late_s = 0.0         # from ServicesResolved to the objects
        self.resolves = True
        self.ghost = False        # notifications are in the hands of somebody who has gone, until the device is removed
        self.hangs_up_after_s = 0.0
        self.out_of_reach_s = OUT_OF_REACH_S
        self.mtu = 23
        self.password = ""        # that its module wants; empty: it wants none
        self.lock = None          # since it was connected
        self.heard = lambda piece: None  # whoever is connected
        self.tty = os.open(terminal, os.O_RDWR | os.O_NOCTTY) if terminal else None
        if self.tty is not None:
            tty.setraw(self.tty)
            GLib.io_add_watch(self.tty, GLib.IO_IN, self._read)

    @property
    def layout(self):
        return LAYOUTS[self.family]

    def _read(self, descriptor, _condition):
        try:
            answer = os.read(descriptor, 4096)
        except OSError:
            return False
        for start in range(0, len(answer), self.chunk):
            self.heard(answer[start:start + self.chunk])
        return True

    def take(self, data, kind):
        if self.password:
            self.lock = self.lock or Lock(self.address, self.password)
            if not self.lock.open:
                answer = self.lock.answer(data)
                if answer:
                    self.heard(answer)
                return
        if self.tty is not None and self.deaf_to not in ("all", kind):
            os.write(self.tty, data)

    def properties(self):
        shown = {"Address": self.address, "AddressType": "public", "Name": self.name, "Alias": self.name}
        if self.family in LAYOUTS and self.advertises_service:
            shown["UUIDs"] = dbus.Array([uuid(self.layout[0])], signature="s")
        return shown


class Link:
    """A device object of one adapter: what BlueZ knows of a board there."""

    def __init__(self, bluez, adapter, board, temporary):
        self.bluez, self.adapter, self.board, self.temporary = bluez, adapter, board, temporary
        self.path = f"{adapter}/dev_{board.address.replace(':', '_')}"
        self.connecting = []  # calls that wait
        self.subscribed = set()
        self.hang_up = None
        bluez.tree.add(self.path, DEVICE, {
            **board.properties(), "Adapter": dbus.ObjectPath(adapter), "Paired": False, "Connected": False,
            "ServicesResolved": False, **({"RSSI": dbus.Int16(board.rssi)} if board.near and temporary else {})})

    @property
    def connected(self):
        return bool(self.bluez.tree.get(self.path, DEVICE, "Connected"))

    def connect(self, call):
        if self.connected:
            return self.bluez.reply(call)
        if self.connecting:
            raise failed("Operation already in progress")
        self.connecting.append(call)
        self.temporary = False
        GLib.timeout_add(int(self.board.out_of_reach_s * 1000), self._give_up, call)
        self.came_near()
        return None

    def came_near(self):
        if self.board.near and self.connecting:
            GLib.timeout_add(30, self._come_up_for_calls)

    def _come_up_for_calls(self):
        if self.connecting and self.board.near and self.path in self.bluez.tree.objects:
            self.come_up()
        return False

    def come_up(self):
        """The connection is there, whoever wanted it."""
        self.bluez.tree.change(self.path, DEVICE, {"Connected": True})
        for call in self.connecting:
            self.bluez.reply(call)
        self.connecting = []
        self.board.heard = self._notify
        if self.board.hangs_up_after_s:
            self.hang_up = GLib.timeout_add(int(self.board.hangs_up_after_s * 1000), self._hang_up)
        if self.board.resolves:
            GLib.timeout_add(30, self._resolve)

    def _hang_up(self):
        self.hang_up = None
        self.drop()
        return False

    def _give_up(self, call):
        if call in self.connecting:
            self.connecting.remove(call)
            self.bluez.refuse(call, failed("le-connection-abort-by-local"))
        return False

    def _resolve(self):
        if self.connected:
            late = int(self.board.late_s * 1000)
            if not late:
                self._export()
            self.bluez.tree.change(self.path, DEVICE, {"ServicesResolved": True})
            if late:
                GLib.timeout_add(late, self._export)
        return False

    def _export(self):
        if not self.connected or self.bluez.tree.below(self.path):
            return False  # a database that is known stays
        service, notifies, written, flags = self.board.layout
        base = self.path + "/service0010"
        self.bluez.tree.add(base, SERVICE, {"UUID": uuid(service), "Device": dbus.ObjectPath(self.path), "Primary": True})
        ends = [(notifies, flags)] if notifies == written else [(notifies, ["notify", "read"]), (written, flags)]
        for number, (short, own_flags) in enumerate(ends):
            self.bluez.tree.add(f"{base}/char{0x11 + 4 * number:04x}", CHARACTERISTIC, {
                "UUID": uuid(short), "Service": dbus.ObjectPath(base), "Flags": dbus.Array(own_flags, signature="s"),
                "Notifying": False, "MTU": dbus.UInt16(self.board.mtu)})
        return False

    def _notify(self, piece):
        path = self._characteristic(self.board.layout[1])
        if self.connected and self.subscribed and path:
            self.bluez.tree.announce(path, CHARACTERISTIC, {"Value": dbus.Array(piece, signature="y")})

    def _characteristic(self, short):
        objects = self.bluez.tree.objects
        return next((path for path in self.bluez.tree.below(self.path)
                     if objects[path].get(CHARACTERISTIC, {}).get("UUID") == uuid(short)), None)

    def start_notify(self, call):
        if not self.connected:
            raise failed("Not connected")
        if self.board.ghost:
            raise Refusal("org.bluez.Error.NotPermitted", "Notify acquired")
        self.subscribed.add(call.get_sender())
        self.bluez.tree.change(str(call.get_path()), CHARACTERISTIC, {"Notifying": True})

    def stop_notify(self, call):
        self.subscribed.discard(call.get_sender())

    def write(self, data, kind):
        if not self.connected:
            raise failed("Not connected")
        if kind == "command" and len(data) > self.board.mtu - 3:
            raise failed("Failed to initiate write")
        self.board.take(data, kind)

    def drop(self):
        """The connection ends, whoever wanted it to."""
        self.board.lock = None
        for call in self.connecting:
            self.bluez.refuse(call, failed("br-connection-canceled"))
        self.connecting = []
        self.subscribed = set()
        if self.hang_up:
            GLib.source_remove(self.hang_up)
            self.hang_up = None
        if self.connected:
            self.bluez.tree.change(self.path, DEVICE, {"ServicesResolved": False, "Connected": False})

    def remove(self):
        self.drop()
        self.board.ghost = False
        for path in sorted(self.bluez.tree.below(self.path), reverse=True) + [self.path]:
            self.bluez.tree.remove(path)
