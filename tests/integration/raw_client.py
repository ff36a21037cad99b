#!/usr/bin/python3
"""Clients of the bus that no library would make: they send without reading, or read slowly. As a program:
raw_client.py ADDRESS READS SERVICE CALL..., where READS is "never" or a number of bytes to read with every call, and each CALL
one of those below. The calls are sent in turn until the program is stopped."""

import os
import socket
import struct
import sys

METHOD_CALL, SIGNAL = 1, 4
NO_REPLY_EXPECTED = 1
BUS = "org.freedesktop.DBus"
BUS_ITEM = "com.victronenergy.BusItem"


def padded(data, alignment):
    return data + bytes(-len(data) % alignment)


def text(words):
    encoded = words.encode()
    return struct.pack("<I", len(encoded)) + encoded + b"\0"


def signature(types):
    return bytes([len(types)]) + types.encode() + b"\0"


def variant_of(kind, value):
    """The body of an argument of type v."""
    packed = {"i": lambda: struct.pack("<i", value), "d": lambda: struct.pack("<d", value), "s": lambda: text(value)}[kind]()
    return padded(signature(kind), 8 if kind == "d" else 4) + packed


def message(path, interface, member, destination="", types="", body=b"", kind=METHOD_CALL, flags=0):
    """All of a message, with the serial number 0."""
    fields = b""
    for code, sort, value in ((1, "o", path), (2, "s", interface), (3, "s", member), (6, "s", destination)):
        if value:
            fields = padded(fields, 8) + bytes([code]) + signature(sort) + text(value)
    if types:
        fields = padded(fields, 8) + bytes([8]) + signature("g") + signature(types)
    header = struct.pack("<BBBBIII", ord("l"), kind, flags, 1, len(body), 0, len(fields)) + fields
    return padded(header, 8) + body


def numbered(data, serial):
    """The same message with its serial number."""
    return data[:8] + struct.pack("<I", serial) + data[12:]


def call(path, member, destination, types="", body=b"", interface=BUS_ITEM, flags=0):
    return message(path, interface, member, destination, types, body, METHOD_CALL, flags)


# What is sent in a storm, by name.
CALLS = {
    "items": lambda to: call("/", "GetItems", to),
    "tree": lambda to: call("/", "GetValue", to),
    "texts": lambda to: call("/", "GetText", to),
    "introspect": lambda to: call("/", "Introspect", to, interface="org.freedesktop.DBus.Introspectable"),
    "ping": lambda to: call("/", "Ping", to, interface="org.freedesktop.DBus.Peer"),
    "unknown": lambda to: call("/no/such/path", "GetValue", to),
    "refused": lambda to: call("/Soc", "SetValue", to, "v", variant_of("d", 50.0)),
    "limit": lambda to: call("/Settings/MaxChargeCurrent", "SetValue", to, "v", variant_of("d", 20.0)),
    "other limit": lambda to: call("/Settings/MaxChargeCurrent", "SetValue", to, "v", variant_of("d", 21.0)),
    "large": lambda to: call("/CustomName", "SetValue", to, "v", variant_of("s", "x" * 30_000_000)),
}


class RawClient:
    """A connection to the bus, made by hand."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(address.split("path=")[1].split(",")[0])
        self.socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        self.socket.recv(200)
        self.socket.sendall(b"BEGIN\r\n")
        self.serial = 0
        self.send(call("/org/freedesktop/DBus", "Hello", BUS, interface=BUS))
        self.socket.recv(4096)

    def send(self, data):
        self.serial += 1
        self.socket.sendall(numbered(data, self.serial))

    def of_bus(self, member, types, body):
        self.send(call("/org/freedesktop/DBus", member, BUS, types, body, interface=BUS))

    def subscribe(self, rule):
        self.of_bus("AddMatch", "s", text(rule))

    def own(self, name):
        self.of_bus("RequestName", "su", padded(text(name), 4) + struct.pack("<I", 0))

    def release(self, name):
        self.of_bus("ReleaseName", "s", text(name))

    def stop(self):
        self.socket.close()


def main():
    address, reads, service, *names = sys.argv[1:]
    client = RawClient(address)
    calls = [CALLS[name](service) for name in names]
    print("ready", flush=True)
    while True:
        for data in calls:
            client.send(data)
            if reads != "never":
                client.socket.recv(int(reads))
        if client.serial % 1000 < len(calls):
            print("sent", client.serial, flush=True)


if __name__ == "__main__":
    main()
