#!/usr/bin/python3
"""A stand-in for org.bluez, as far as a central that reads battery boards uses it: adapters, devices, services and
characteristics with the signals of BlueZ, the boards behind them being simulators on terminals. What the real one was
seen to do is done here, and what it does rarely is done on command: see Commands. One command per line of the input,
words as in a shell; the answer is "ok" or "error: ...". Every call of a client is printed as "call METHOD WHERE"."""

import argparse
import os
import shlex
import signal
import sys
import tty

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

from bluez_objects import ADAPTER, CHARACTERISTIC, DEVICE, SERVICE, Refusal, Tree, failed, uuid

OUT_OF_REACH_S = 40.0  # so long BlueZ waits for a board that does not advertise
TEMPORARY_S = 30.0     # so long it remembers one that was only seen
DISCOVERY_S = 0.3      # from one advertisement of a board to the next

# Service, what notifies, what is written; and the flags of the latter.
LAYOUTS = {
    "jbd": ("ff00", "ff01", "ff02", ["write-without-response", "write", "read"]),
    "daly": ("fff0", "fff1", "fff2", ["write-without-response", "write", "read"]),
    "ant": ("ffe0", "ffe1", "ffe1", ["write-without-response", "notify", "read"]),
}


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
            GLib.timeout_add(30, self._come_up)

    def _come_up(self):
        if self.connecting and self.board.near and self.path in self.bluez.tree.objects:
            self.bluez.tree.change(self.path, DEVICE, {"Connected": True})
            for call in self.connecting:
                self.bluez.reply(call)
            self.connecting = []
            self.board.heard = self._notify
            if self.board.hangs_up_after_s:
                self.hang_up = GLib.timeout_add(int(self.board.hangs_up_after_s * 1000), self._hang_up)
            if self.board.resolves:
                GLib.timeout_add(30, self._resolve)
        return False

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


class Fault:
    """A call that fails, some times or (negative) always, at once or after a while."""

    def __init__(self, error, text, times, delay_s):
        self.refusal = Refusal(error, text)
        self.times, self.delay_s = times, delay_s


class World:
    """What outlives a bluetoothd: adapters that are plugged in, boards, and which of them it knows."""

    def __init__(self):
        self.adapters = {}  # "/org/bluez/hci0": [address, powered]
        self.boards = {}    # by address
        self.known = set()  # (adapter's address, board's address): permanent device objects
        self.faults = {}    # (where, method): Fault; where: an address or "hci0"


class BlueZ:
    """One life of the daemon, on a connection of its own."""

    def __init__(self, world):
        self.world = world
        self.links = {}     # by path
        self.sessions = {}  # adapter's path: clients that discover
        on_session_bus = "DBUS_SESSION_BUS_ADDRESS" in os.environ
        self.connection = dbus.bus.BusConnection(dbus.bus.BUS_SESSION if on_session_bus else dbus.bus.BUS_SYSTEM)
        self.connection.set_exit_on_disconnect(False)
        self.tree = Tree(self.connection)
        self.connection.add_message_filter(self._on_message)
        self.connection.add_signal_receiver(self._owner_changed, "NameOwnerChanged", "org.freedesktop.DBus")
        self.connection.request_name("org.bluez", dbus.bus.NAME_FLAG_DO_NOT_QUEUE)
        for path in world.adapters:
            self.add_adapter(path)
        self._advertising = GLib.timeout_add(int(DISCOVERY_S * 1000), self._advertise)

    def end(self):
        GLib.source_remove(self._advertising)
        for board in self.world.boards.values():
            board.heard = lambda piece: None
        self.connection.close()

    # ---- What is there ----

    def add_adapter(self, path):
        address, powered = self.world.adapters[path]
        self.sessions[path] = set()
        self.tree.add(path, ADAPTER, {"Address": address, "Name": "standin", "Powered": powered, "Discovering": False})
        for own, board in sorted(self.world.known):
            if own == address and board in self.world.boards:
                self.device(path, self.world.boards[board], temporary=False)

    def remove_adapter(self, path):
        for link in [link for link in self.links.values() if link.adapter == path]:
            link.remove()
            del self.links[link.path]
        self.tree.remove(path)
        del self.sessions[path]

    def device(self, adapter, board, temporary):
        link = Link(self, adapter, board, temporary)
        self.links[link.path] = link
        return link

    def links_of(self, address):
        return [link for link in self.links.values() if link.board.address == address]

    def _advertise(self):
        for path, clients in self.sessions.items():
            if clients:
                for board in self.world.boards.values():
                    self._hear(path, board)
        return True

    def _hear(self, path, board):
        present = next((link for link in self.links_of(board.address) if link.adapter == path), None)
        if not board.near or any(link.connected for link in self.links_of(board.address)):
            return
        if present:
            self.tree.change(present.path, DEVICE, {"RSSI": dbus.Int16(board.rssi)})
        else:
            link = self.device(path, board, temporary=True)
            GLib.timeout_add(int(TEMPORARY_S * 1000), self._forget, link)

    def _forget(self, link):
        if link.temporary and self.links.get(link.path) is link and not self.sessions.get(link.adapter):
            self._remove_link(link)
        return link.temporary and self.links.get(link.path) is link

    def _remove_link(self, link):
        link.remove()
        del self.links[link.path]
        self.world.known.discard((self.world.adapters[link.adapter][0], link.board.address))

    def _owner_changed(self, name, _old, new):
        if new or not name.startswith(":"):
            return
        for clients in self.sessions.values():
            clients.discard(name)
        for link in self.links.values():
            link.subscribed.discard(name)

    # ---- Calls ----

    def reply(self, call, signature="", *values):
        answer = dbus.lowlevel.MethodReturnMessage(call)
        answer.append(*values, signature=signature)
        self.connection.send_message(answer)

    def refuse(self, call, refusal):
        self.connection.send_message(dbus.lowlevel.ErrorMessage(call, refusal.name, refusal.text))

    def _on_message(self, _connection, message):
        if not isinstance(message, dbus.lowlevel.MethodCallMessage):
            return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
        try:
            self._answer(message, str(message.get_path()), message.get_member(), message.get_args_list())
        except Refusal as refusal:
            self.refuse(message, refusal)
        return dbus.lowlevel.HANDLER_RESULT_HANDLED

    def _answer(self, call, path, method, arguments):
        if path == "/" and method == "GetManagedObjects":
            return self.reply(call, "a{oa{sa{sv}}}", self.tree.managed())
        if path not in self.tree.objects:
            raise Refusal("org.freedesktop.DBus.Error.UnknownObject", f"Method \"{method}\" doesn't exist")
        where = next((link.board.address for link in self.links.values() if path.startswith(link.path)),
                     path.rsplit("/", 1)[-1])
        print(f"call {method} {where}", flush=True)
        fault = self.world.faults.get((where, method))
        if fault and fault.times:
            fault.times -= 1
            GLib.timeout_add(int(fault.delay_s * 1000), lambda: self.refuse(call, fault.refusal))
            return None
        return getattr(self, "_on_" + method, self._unknown)(call, path, *arguments)

    def _unknown(self, call, *_):
        raise Refusal("org.freedesktop.DBus.Error.UnknownMethod", f"no {call.get_member()} here")

    def _link_at(self, path):
        return next(link for link in self.links.values() if path.startswith(link.path))

    def _on_Connect(self, call, path):
        link = self._link_at(path)
        if not self.world.adapters[link.adapter][1]:
            raise Refusal("org.bluez.Error.NotReady", "Resource Not Ready")
        self.world.known.add((self.world.adapters[link.adapter][0], link.board.address))
        link.connect(call)

    def _on_Disconnect(self, call, path):
        self._link_at(path).drop()
        self.reply(call)

    def _on_StartNotify(self, call, path):
        self._link_at(path).start_notify(call)
        self.reply(call)

    def _on_StopNotify(self, call, path):
        self._link_at(path).stop_notify(call)
        self.reply(call)

    def _on_WriteValue(self, call, path, value, options):
        self._link_at(path).write(bytes(value), str(options.get("type", "request")))
        self.reply(call)

    def _on_SetDiscoveryFilter(self, call, _path, _filter):
        self.reply(call)

    def _on_StartDiscovery(self, call, path):
        if not self.world.adapters[path][1]:
            raise Refusal("org.bluez.Error.NotReady", "Resource Not Ready")
        if call.get_sender() in self.sessions[path]:
            raise Refusal("org.bluez.Error.InProgress", "Operation already in progress")
        self.sessions[path].add(call.get_sender())
        self.tree.change(path, ADAPTER, {"Discovering": True})
        self.reply(call)

    def _on_StopDiscovery(self, call, path):
        if call.get_sender() not in self.sessions[path]:
            raise failed("No discovery started")
        self.sessions[path].discard(call.get_sender())
        self.tree.change(path, ADAPTER, {"Discovering": bool(self.sessions[path])})
        self.reply(call)

    def _on_RemoveDevice(self, call, _path, device):
        if str(device) not in self.links:
            raise Refusal("org.bluez.Error.DoesNotExist", "Does Not Exist")
        self._remove_link(self.links[str(device)])
        self.reply(call)


class Commands:
    """What a test may command. ADDRESS is that of a board, HCI "hci0"."""

    def __init__(self):
        self.world = World()
        self.bluez = None

    def bluez_on(self):
        """The daemon runs."""
        self.bluez = BlueZ(self.world)

    def bluez_off(self):
        """It has gone, without a word: connections are lost, permanent devices and adapters are there the next time."""
        self.bluez.end()
        self.bluez = None

    def adapter(self, hci, address, powered="on"):
        """An adapter is plugged in."""
        path = f"/org/bluez/{hci}"
        self.world.adapters[path] = [address.upper(), powered == "on"]
        if self.bluez:
            self.bluez.add_adapter(path)

    def unplug(self, hci):
        path = f"/org/bluez/{hci}"
        if self.bluez:
            self.bluez.remove_adapter(path)
        del self.world.adapters[path]

    def power(self, hci, on):
        """Somebody switches an adapter on or off."""
        path = f"/org/bluez/{hci}"
        self.world.adapters[path][1] = on == "on"
        if on != "on":
            for link in self.bluez.links.values():
                if link.adapter == path:
                    link.drop()
        self.bluez.tree.change(path, ADAPTER, {"Powered": on == "on"})

    def board(self, address, family, terminal="", name=""):
        """A board is there. A family that no layout is known of: somebody else's device."""
        self.world.boards[address.upper()] = Board(address, family, terminal, name or f"{family}-{address[-2:]}")

    def know(self, address, hci):
        """BlueZ has been connected with it before, on this adapter."""
        path = f"/org/bluez/{hci}"
        self.world.known.add((self.world.adapters[path][0], address.upper()))
        if self.bluez:
            self.bluez.device(path, self.world.boards[address.upper()], temporary=False)

    def set(self, address, name, value):
        """An attribute of Board."""
        board = self.world.boards[address.upper()]
        kind = type(getattr(board, name))
        setattr(board, name, value == "on" if kind is bool else kind(value))
        if name == "near" and self.bluez:
            for link in self.bluez.links_of(board.address):
                link.came_near() if board.near else link.drop()

    def drop(self, address):
        """A board hangs up, or somebody else disconnects it."""
        for link in self.bluez.links_of(address.upper()):
            link.drop()

    def fail(self, where, method, error, text, times="1", delay_s="0"):
        """The next calls of this method are refused, at a board (ADDRESS) or an adapter (HCI)."""
        self.world.faults[(where.upper() if ":" in where else where, method)] = Fault(error, text, int(times), float(delay_s))

    def show(self):
        """Prints who is connected."""
        connected = sorted(link.board.address for link in self.bluez.links.values() if link.connected)
        print("connected", *connected, flush=True)

    def obey(self, line):
        words = shlex.split(line)
        try:
            getattr(self, words[0].replace("-", "_"))(*words[1:])
            print("ok", flush=True)
        except Exception as error:  # whatever it is, the test that commanded must hear of it
            print(f"error: {error!r}", flush=True)


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    commands = Commands()
    loop = GLib.MainLoop()

    def read(source, _condition):
        line = source.readline()
        if not line:
            loop.quit()
            return False
        commands.obey(line)
        return True

    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, read)
    for number in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, loop.quit)
    print("ready", flush=True)
    loop.run()


if __name__ == "__main__":
    main()
