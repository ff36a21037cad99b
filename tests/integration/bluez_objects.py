"""The objects that the stand-in for org.bluez shows, and their signals."""

import dbus
import dbus.lowlevel

ADAPTER, DEVICE = "org.bluez.Adapter1", "org.bluez.Device1"
SERVICE, CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"
MANAGER, PROPERTIES = "org.freedesktop.DBus.ObjectManager", "org.freedesktop.DBus.Properties"


def uuid(short):
    return f"0000{short}-0000-1000-8000-00805f9b34fb"


class Refusal(Exception):
    """Answered with a D-Bus error of this name."""

    def __init__(self, name, text):
        super().__init__(f"{name}: {text}")
        self.name, self.text = name, text


def failed(text):
    return Refusal("org.bluez.Error.Failed", text)


class Tree:
    """Objects by path, their interfaces by name, and the properties of these. Every change is told to the bus."""

    def __init__(self, connection):
        self.connection = connection
        self.objects = {}

    def _send(self, path, interface, member, signature, *values):
        message = dbus.lowlevel.SignalMessage(path, interface, member)
        message.append(*values, signature=signature)
        self.connection.send_message(message)

    def managed(self):
        shown = {dbus.ObjectPath(path): {name: dbus.Dictionary(properties, signature="sv")
                                         for name, properties in interfaces.items()}
                 for path, interfaces in self.objects.items()}
        return dbus.Dictionary(shown, signature="oa{sa{sv}}")

    def add(self, path, interface, properties):
        self.objects.setdefault(path, {})[interface] = dict(properties)
        self._send("/", MANAGER, "InterfacesAdded", "oa{sa{sv}}", dbus.ObjectPath(path),
                   {interface: dbus.Dictionary(properties, signature="sv")})

    def remove(self, path):
        interfaces = self.objects.pop(path)
        self._send("/", MANAGER, "InterfacesRemoved", "oas", dbus.ObjectPath(path), list(interfaces))

    def change(self, path, interface, properties):
        self.objects[path][interface].update(properties)
        self.announce(path, interface, properties)

    def announce(self, path, interface, properties):
        """A change of what nobody keeps."""
        self._send(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", interface,
                   dbus.Dictionary(properties, signature="sv"), dbus.Array([], signature="s"))

    def get(self, path, interface, name):
        return self.objects.get(path, {}).get(interface, {}).get(name)

    def below(self, path):
        return [each for each in self.objects if each.startswith(path + "/")]
