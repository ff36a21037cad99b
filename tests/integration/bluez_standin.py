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

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

from bluez_boards import Board, Link
from bluez_objects import ADAPTER, DEVICE, Refusal, Tree, failed

DISCOVERY_S = 0.3      # from one advertisement of a board to the next
TEMPORARY_S = 30.0     # so long a device is remembered that was only seen


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
            GLib.timeout_add(int(fault.delay_s * 1000), lambda: self.refuse(call, fault.refusal) and False)
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

    def _on_Get(self, call, path, interface, name):
        value = self.tree.get(path, str(interface), str(name))
        if value is None:
            raise Refusal("org.freedesktop.DBus.Error.InvalidArgs", f"No such property '{name}'")
        self.reply(call, "v", value)

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

    def come_up(self, address):
        """Another client connects it."""
        for link in self.bluez.links_of(address.upper()):
            link.come_up()

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
