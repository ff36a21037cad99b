#!/usr/bin/python3
"""com.victronenergy.BusItem and localsettings, seen by an independent client: signatures, keys, error names, signals."""

import os
import subprocess
import xml.etree.ElementTree as ElementTree

import dbus
import dbus.lowlevel

import harness
from harness import BUS_ITEM, BusClient, PrivateBus, Process, Settings

UNKNOWN_METHOD = "org.freedesktop.DBus.Error.UnknownMethod"
UNKNOWN_OBJECT = "org.freedesktop.DBus.Error.UnknownObject"
INVALID_ARGS = "org.freedesktop.DBus.Error.InvalidArgs"
SETTING = "/Settings/Devices/{}/{}"


class Host:
    """The program that offers a battery without a BMS."""

    def __init__(self, bus, tty="ttyTEST", serial="S1"):
        self.process = Process("busitem_host", [os.environ["BUSITEM_HOST"], tty, serial], env=bus.env,
                               stdin=subprocess.PIPE, output="both")

    def registered(self):
        """The instance with which it is on the bus."""
        return int(self.process.wait_for_line(r"^registered (\d+)").group(1))

    def tell(self, *lines):
        for line in lines:
            start = len(self.process.lines)
            self.process.child.stdin.write(line + "\n")
            self.process.child.stdin.flush()
            self.process.wait_for_line(r"^ok$", start)

    def stop(self):
        return self.process.stop()


class BusItemTest(harness.TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.settings = self.start(Settings, self.bus)

    def host(self, tty="ttyTEST", serial="S1"):
        host = self.start(Host, self.bus, tty, serial)
        client = self.start(BusClient, self.bus, "com.victronenergy.battery." + tty)
        host.registered()
        client.wait_for(lambda items: "/Soc" in items)
        return host, client

    def reply(self, client, path, member, signature="", *arguments, interface=BUS_ITEM):
        """(signature, arguments) of a reply, or the name of the error."""
        message = dbus.lowlevel.MethodCallMessage(client.service, path, interface, member)
        message.append(*arguments, signature=signature)
        answers = []
        client.connection.send_message_with_reply(message, answers.append, require_main_loop=True)
        client.wait_until(lambda: answers)
        if isinstance(answers[0], dbus.lowlevel.ErrorMessage):
            return answers[0].get_error_name()
        return answers[0].get_signature(), answers[0].get_args_list()


class Methods(BusItemTest):
    def test_a_leaf_answers_value_and_text(self):
        _, client = self.host()
        signature, (value,) = self.reply(client, "/Dc/0/Voltage", "GetValue")
        self.assertEqual((signature, value), ("v", 13.2))
        self.assertIsInstance(value, dbus.Double)
        self.assertEqual(self.reply(client, "/Dc/0/Voltage", "GetText"), ("s", ["13.20V"]))
        _, (instance,) = self.reply(client, "/DeviceInstance", "GetValue")
        self.assertIsInstance(instance, dbus.Int32)
        self.assertEqual(self.reply(client, "/ProductId", "GetText"), ("s", ["0xBAB5"]))

    def test_unknown_is_an_empty_array_of_int32(self):
        _, client = self.host()
        signature, (value,) = self.reply(client, "/Soh", "GetValue")
        self.assertEqual((signature, str(value.signature), len(value)), ("v", "i", 0))
        self.assertEqual(self.reply(client, "/Soh", "GetText"), ("s", ["---"]))

    def test_nodes_answer_with_relative_keys(self):
        _, client = self.host()
        for node, key in (("/", "Dc/0/Voltage"), ("/Dc", "0/Voltage"), ("/Dc/0", "Voltage")):
            with self.subTest(node=node):
                signature, (tree,) = self.reply(client, node, "GetValue")
                self.assertEqual((signature, str(tree.signature), tree[key]), ("v", "sv", 13.2))
                self.assertEqual(tree.variant_level, 1)
                signature, (texts,) = self.reply(client, node, "GetText")
                self.assertEqual((signature, str(texts.signature), texts[key]), ("v", "ss", "13.20V"))
        self.assertEqual(set(self.reply(client, "/Dc/0", "GetValue")[1][0]),
                         {"Voltage", "Current", "Power", "Temperature"})

    def test_get_items_is_the_whole_service_with_absolute_keys(self):
        _, client = self.host()
        signature, (items,) = self.reply(client, "/", "GetItems")
        self.assertEqual(signature, "a{sa{sv}}")
        self.assertEqual({"/" + str(key) for key in self.reply(client, "/", "GetValue")[1][0]}, set(items))
        self.assertEqual((items["/Soc"]["Value"], items["/Soc"]["Text"]), (63.0, "63.0%"))
        self.assertEqual(set(items["/Soc"]), {"Value", "Text"})
        self.assertEqual({key: items["/Battery/Request/Id"][key] for key in ("Min", "Max", "Default")},
                         {"Min": 1, "Max": 1, "Default": 1})

    def test_what_does_not_exist_is_refused_by_its_name(self):
        _, client = self.host()
        self.assertEqual(self.reply(client, "/Nothing", "GetValue"), UNKNOWN_OBJECT)
        self.assertEqual(self.reply(client, "/Dc/0/Volt", "GetValue"), UNKNOWN_OBJECT)
        self.assertEqual(self.reply(client, "/Dc/0/Voltage/More", "GetValue"), UNKNOWN_OBJECT)
        self.assertEqual(self.reply(client, "/Dc", "GetItems"), UNKNOWN_METHOD)
        self.assertEqual(self.reply(client, "/Soc", "GetItems"), UNKNOWN_METHOD)
        self.assertEqual(self.reply(client, "/Dc", "SetValue", "v", 1), UNKNOWN_METHOD)
        self.assertEqual(self.reply(client, "/", "SetValue", "v", 1), UNKNOWN_METHOD)
        self.assertEqual(self.reply(client, "/Soc", "GetMin"), UNKNOWN_METHOD)
        self.assertEqual(self.reply(client, "/CustomName", "GetMax"), UNKNOWN_METHOD)
        self.assertEqual(self.reply(client, "/Soc", "GetAll", "s", "", interface="org.freedesktop.DBus.Properties"),
                         UNKNOWN_METHOD)
        self.assertEqual(self.reply(client, "/Soc", "GetValue", "s", "surplus"), INVALID_ARGS)
        self.assertEqual(self.reply(client, "/CustomName", "SetValue"), INVALID_ARGS)

    def test_calls_without_an_interface_are_answered(self):
        _, client = self.host()
        self.assertEqual(self.reply(client, "/Soc", "GetValue", interface=None), ("v", [63.0]))

    def test_limits_of_a_writable_number(self):
        _, client = self.host()
        for method in ("GetMin", "GetMax", "GetDefault"):
            self.assertEqual(self.reply(client, "/Battery/Request/Id", method), ("v", [1]))

    def test_every_object_can_be_introspected(self):
        _, client = self.host()

        def walk(path):
            _, (xml,) = self.reply(client, path, "Introspect", interface="org.freedesktop.DBus.Introspectable")
            node = ElementTree.fromstring(xml)
            self.assertIn(BUS_ITEM, [interface.get("name") for interface in node.findall("interface")])
            children = [child.get("name") for child in node.findall("node")]
            self.assertEqual(len(children), len(set(children)))
            return [path] if not children else [
                leaf for child in children for leaf in walk(path.rstrip("/") + "/" + child)]

        self.assertEqual(set(walk("/")), set(client.items))


class Writing(BusItemTest):
    def test_what_is_accepted_and_what_is_not(self):
        _, client = self.host()
        cases = (("/Soc", dbus.Double(50), 1), ("/Battery/Request/Id", dbus.String("1"), 1),
                 ("/Battery/Request/Id", dbus.Double(1.5), 1), ("/Battery/Request/Id", dbus.Int32(2), 2),
                 ("/Battery/Request/Id", dbus.Int64(2**40 + 1), 1), ("/Battery/Request/Id", dbus.Array([], "i"), 2),
                 ("/CustomName", dbus.Int32(1), 1), ("/CustomName", dbus.Array([], "i"), 2),
                 ("/CustomName", "x" * 129, 2), ("/CustomName", "a\nb", 2), ("/CustomName", dbus.Array([1], "i"), 1),
                 ("/CustomName", dbus.Struct((1, 2)), 1))
        for path, value, code in cases:
            with self.subTest(path=path, value=value):
                self.assertEqual(client.set(path, value), code)
        self.assertEqual(client.get("/CustomName"), "")
        self.assertEqual(client.get("/Battery/Request/Id"), 1)

    def test_every_type_of_number_can_mean_one(self):
        _, client = self.host()
        for kind in (dbus.Int16, dbus.UInt16, dbus.Int32, dbus.UInt32, dbus.Int64, dbus.UInt64, dbus.Byte, dbus.Boolean,
                     dbus.Double):
            with self.subTest(kind=kind):
                self.assertEqual(client.set("/Battery/Request/Id", kind(1)), 0)
        self.assertEqual(self.reply(client, "/Battery/Request/Id", "SetValue", "i", 1), ("i", [0]))
        self.assertEqual(client.changes, [])

    def test_the_custom_name_goes_into_the_settings_and_lasts(self):
        host, client = self.host()
        self.assertEqual(client.set("/CustomName", "Küche"), 0)
        client.wait_for_value("/CustomName", "Küche")
        self.assertEqual([set(change.items) for change in client.changes], [{"/CustomName"}])
        settings = self.start(BusClient, self.bus, "com.victronenergy.settings")
        settings.wait_for_name()
        self.assertEqual(settings.get(SETTING.format("test_S1", "CustomName")), "Küche")
        host.stop()
        _, client = self.host()
        self.assertEqual(client.get("/CustomName"), "Küche")

    def test_the_custom_name_follows_the_settings(self):
        _, client = self.host()
        client.service = "com.victronenergy.settings"
        self.assertEqual(client.set(SETTING.format("test_S1", "CustomName"), "Bug"), 0)
        client.wait_for_value("/CustomName", "Bug")


class Signals(BusItemTest):
    def test_one_signal_for_all_changes_and_none_without(self):
        host, client = self.host()
        host.tell("publish", "soc 63.02", "publish", "soc 64", "cell 3.4", "publish", "publish", "soc 65", "publish")
        client.wait_for_value("/Soc", 65.0)
        self.assertEqual([set(change.items) for change in client.changes],
                         [{"/Soc", "/Voltages/Cell1", "/Battery/1/Cell/1/Voltage"}, {"/Soc"}])
        self.assertEqual(client.items["/Voltages/Cell1"], harness.Item(3.4, "3.400V"))

    def test_the_voltage_limit_is_withdrawn_before_the_currents_and_granted_after_them(self):
        host, client = self.host()
        limits = ["/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"]
        host.tell("cvl none", "ccl none", "dcl none", "publish")
        client.wait_for_value("/Info/MaxDischargeCurrent", None)
        order = [path for path in client.changes[-1].items if path in limits]
        self.assertEqual(order, limits)
        host.tell("cvl 14.2", "ccl 1", "dcl 1", "publish")
        client.wait_for_value("/Info/MaxChargeVoltage", 14.2)
        order = [path for path in client.changes[-1].items if path in limits]
        self.assertEqual(order, limits[1:] + limits[:1])

    def test_a_silent_bms(self):
        host, client = self.host()
        host.tell("contact stale", "publish")
        client.wait_for_value("/Alarms/BmsCable", 1)
        self.assertIsNone(client.items["/Dc/0/Voltage"].value)
        self.assertEqual(client.items["/Soc"].value, 63.0)
        host.tell("contact lost", "cvl none", "publish")
        client.wait_for_value("/Alarms/BmsCable", 2)
        self.assertEqual((client.items["/State"].value, client.items["/Soc"].value), (10, None))


class Instances(BusItemTest):
    def test_every_battery_gets_an_instance_of_its_own_and_keeps_it(self):
        first, _ = self.host("ttyA", "A")
        _, client = self.host("ttyB", "B")
        self.assertEqual(client.get("/DeviceInstance"), 2)
        first.stop()
        _, client = self.host("ttyA", "A")
        self.assertEqual(client.get("/DeviceInstance"), 1)

    def test_two_with_the_same_serial_number_do_not_share_one(self):
        self.host("ttyA", "same")
        second, client = self.host("ttyB", "same")
        second.process.wait_for_line("claimed elsewhere")
        self.assertEqual(client.get("/DeviceInstance"), 2)

    def test_the_name_is_not_taken_before_the_settings_are_there(self):
        self.settings.stop()
        host = self.start(Host, self.bus)
        host.process.wait_for_line("Waiting for com.victronenergy.settings")
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        self.assertFalse(client.connection.name_has_owner(client.service))
        self.settings.start()
        self.assertEqual(host.registered(), 1)

    def test_a_restart_of_the_settings_is_survived(self):
        host, client = self.host()
        self.settings.stop()
        # While they are away, names are taken all the same, and brought to them when they come.
        self.assertEqual(client.set("/CustomName", "Later"), 0)
        host.process.wait_for_line("Waiting for com.victronenergy.settings")
        self.settings.start()
        settings = self.start(BusClient, self.bus, "com.victronenergy.settings")
        settings.wait_for_name()
        path = SETTING.format("test_S1", "CustomName")
        stored = []
        settings.connection.add_signal_receiver(lambda change: stored.append(change["Value"]), "PropertiesChanged",
                                                BUS_ITEM, settings.service, path)
        settings.wait_until(lambda: "Later" in stored or settings.get(path) == "Later")
        self.assertEqual(client.get("/CustomName"), "Later")

    def test_a_changed_instance_waits_for_the_next_start(self):
        host, client = self.host()
        settings = self.start(BusClient, self.bus, "com.victronenergy.settings")
        settings.wait_for_name()
        self.assertEqual(settings.set(SETTING.format("test_S1", "ClassAndVrmInstance"), "battery:7"), 0)
        host.process.wait_for_line("becomes 7 at the next start")
        self.assertEqual(client.get("/DeviceInstance"), 1)
        host.stop()
        _, client = self.host()
        self.assertEqual(client.get("/DeviceInstance"), 7)

    def test_a_name_that_is_taken_is_not_shared(self):
        self.host("ttyA", "A")
        second = self.start(Host, self.bus, "ttyA", "B")
        second.process.wait_for_line("^taken$")

    def test_the_end_of_the_bus_is_noticed(self):
        host, client = self.host()
        client.stop()
        self.bus.stop()
        host.process.wait_for_line("^lost ")


if __name__ == "__main__":
    harness.main()
