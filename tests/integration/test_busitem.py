#!/usr/bin/python3
"""com.victronenergy.BusItem and localsettings, seen by an independent client: signatures, keys, error names, signals."""

import json
import math
import os
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

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

    def __init__(self, bus, tty="ttyTEST", serial="S1", *options):
        self.process = Process("busitem_host", [os.environ["BUSITEM_HOST"], tty, serial, *options], env=bus.env,
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


def plain_reply(client, path, method):
    return harness.plain(client.call(path, method))


class BusItemTest(harness.TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.settings = self.start(Settings, self.bus)

    def host(self, tty="ttyTEST", serial="S1", *options):
        host = self.start(Host, self.bus, tty, serial, *options)
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
                         {"Voltage", "Current", "Power", "Temperature", "MidVoltage", "MidVoltageDeviation"})

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


class UserSettings(BusItemTest):
    """What owners change at run time: checked, applied, kept in the settings, and taken from there."""

    def stored(self, name):
        """The settings' own item, seen by a client of theirs: (client, path)."""
        client = self.start(BusClient, self.bus, "com.victronenergy.settings")
        client.wait_for_name()
        return client, SETTING.format("test_S1", name)

    def follow(self, client, path):
        """All values that `path` of the settings takes from now on."""
        values = []
        client.connection.add_signal_receiver(lambda change: values.append(harness.plain(change.get("Value"))),
                                              "PropertiesChanged", BUS_ITEM, client.service, path)
        return values

    def test_read_as_configured_with_their_ranges(self):
        _, client = self.host()
        cases = (("MaxChargeCurrent", 50.0, 0.0, 50.0, 50.0), ("AbsorptionCellVoltage", 3.45, 3.278, 3.45, 3.45),
                 ("SocSource", 0, 0, 2, 0), ("ChargeBlocked", 0, 0, 1, 0), ("FullChargeDays", 30.0, 0.0, 365.0, 30.0))
        for name, *expected in cases:
            with self.subTest(name=name):
                answers = [self.reply(client, "/Settings/" + name, method)[1][0]
                           for method in ("GetValue", "GetMin", "GetMax", "GetDefault")]
                self.assertEqual(answers, expected)
        settings, path = self.stored("MaxChargeCurrent")
        self.assertEqual([plain_reply(settings, path, method) for method in ("GetValue", "GetMin", "GetMax")],
                         [-1.0, -1.0, 100000.0])

    def test_a_write_is_applied_shown_kept_and_lasts(self):
        host, client = self.host()
        self.assertEqual(client.set("/Settings/MaxChargeCurrent", dbus.Int32(20)), 0)
        client.wait_for_value("/Info/MaxChargeCurrent", 20.0)
        client.wait_for_value("/Settings/MaxChargeCurrent", 20.0)
        host.process.wait_for_line("^settings MaxChargeCurrent=20$")
        host.process.wait_for_line("/Settings/MaxChargeCurrent is now 20$")
        self.assertEqual(client.set("/Settings/ChargeBlocked", dbus.Boolean(True)), 0)
        host.process.wait_for_line("^settings MaxChargeCurrent=20 ChargeBlocked=1$")
        settings, path = self.stored("MaxChargeCurrent")
        self.assertEqual(settings.get(path), 20.0)
        self.assertEqual(settings.get(SETTING.format("test_S1", "ChargeBlocked")), 1)
        self.assertEqual(settings.get(SETTING.format("test_S1", "DischargeBlocked")), -1)
        host.stop()
        _, client = self.host()
        self.assertEqual(client.get("/Settings/MaxChargeCurrent"), 20.0)
        self.assertEqual(client.get("/Settings/ChargeBlocked"), 1)

    def test_what_is_no_such_number_is_refused_and_said_once(self):
        host, client = self.host()
        current = "/Settings/MaxChargeCurrent"
        cases = ((current, dbus.Double(50.1), 2), (current, dbus.Double(-1), 2), (current, dbus.Double("nan"), 2),
                 (current, dbus.Double("inf"), 2), (current, dbus.Double(1e300), 2), (current, dbus.String("20"), 1),
                 (current, dbus.String("9" * 100000), 1), (current, dbus.UInt64(2**64 - 1), 2),
                 (current, dbus.Array([1], "i"), 1), (current, dbus.Struct((1.0, 2)), 1),
                 ("/Settings/SocSource", dbus.Int32(3), 2), ("/Settings/SocSource", dbus.Double(1.5), 1),
                 ("/Settings/SocSource", dbus.Double("nan"), 1), ("/Settings/AbsorptionCellVoltage", dbus.Double(3.46), 2),
                 ("/Settings/Soc", dbus.Double(101), 2), ("/Settings/Soc", dbus.String("x" * 100000), 1),
                 ("/History/Clear", dbus.Int32(8), 2), ("/History/Clear", dbus.Int32(0), 2),
                 ("/Settings/HasTemperature", dbus.Int32(0), 1))
        there = {path: client.get(path) for path, _, _ in cases}
        for path, value, code in cases:
            with self.subTest(path=path, value=str(value)[:20]):
                before = len(host.process.lines)
                self.assertEqual(client.set(path, value), code)
                host.process.wait_for_line("Refused a write to " + path, before)
                host.tell("nothing")
                self.assertEqual(len([line for line in host.process.lines[before:] if "Refused" in line]), 1)
        # What is outside its range is answered by what is there.
        said = [(path, item.value) for change in client.changes for path, item in change.items.items()]
        self.assertEqual(said, [(path, there[path]) for path, value, code in cases if code == 2 and value != there[path]])
        self.assertFalse([line for line in host.process.lines if line.startswith(("settings", "soc", "clear"))])

    def test_the_configured_value_or_none_follows_the_configuration_again(self):
        _, client = self.host()
        settings, path = self.stored("MaxChargeCurrent")
        values = self.follow(settings, path)
        for back in (dbus.Double(50), dbus.Array([], "i")):
            self.assertEqual(client.set("/Settings/MaxChargeCurrent", 20.0), 0)
            settings.wait_until(lambda: values == [20.0])  # two wishes in quick succession may reach it as one
            self.assertEqual(client.set("/Settings/MaxChargeCurrent", back), 0)
            client.wait_for_value("/Settings/MaxChargeCurrent", 50.0)
            settings.wait_until(lambda: values and values[-1] == -1.0)
            self.assertEqual(values, [20.0, -1.0])
            values.clear()

    def test_a_change_in_the_settings_is_applied(self):
        host, client = self.host()
        settings, path = self.stored("FloatCellVoltage")
        self.assertEqual(settings.set(path, 3.3), 0)
        client.wait_for_value("/Settings/FloatCellVoltage", 3.3)
        host.process.wait_for_line("^settings FloatCellVoltage=3.3$")
        self.assertEqual(settings.set(path, 3.4), -1)  # more than is configured
        self.assertEqual(settings.set(path, 1.0), 0)
        client.wait_for_value("/Settings/FloatCellVoltage", 3.207)

    def test_a_lower_cap_holds_what_was_stored_under_a_higher_one(self):
        host, client = self.host("ttyTEST", "S1", "100")
        self.assertEqual(client.set("/Settings/MaxChargeCurrent", 80.0), 0)
        settings, path = self.stored("MaxChargeCurrent")
        settings.wait_until(lambda: settings.get(path) == 80.0)
        host.stop()
        host, client = self.host("ttyTEST", "S1", "30")
        self.assertEqual(client.get("/Settings/MaxChargeCurrent"), 30.0)
        self.assertEqual(plain_reply(client, "/Settings/MaxChargeCurrent", "GetMax"), 30.0)
        self.assertEqual(client.set("/Settings/ChargeBlocked", 1), 0)
        settings.wait_until(lambda: settings.get(SETTING.format("test_S1", "ChargeBlocked")) == 1)
        self.assertEqual(settings.get(path), 80.0)  # not touched, so a higher cap brings it back
        host.stop()
        _, client = self.host("ttyTEST", "S1", "90")
        self.assertEqual(client.get("/Settings/MaxChargeCurrent"), 80.0)

    def test_a_write_while_the_settings_are_away_is_brought_to_them_when_they_come(self):
        host, client = self.host()
        self.settings.stop()
        self.assertEqual(client.set("/Settings/MaxDischargeCurrent", 10.0), 0)
        self.assertEqual(client.set("/Settings/MaxDischargeCurrent", 11.0), 0)
        client.wait_for_value("/Settings/MaxDischargeCurrent", 11.0)
        host.process.wait_for_line("Waiting for com.victronenergy.settings")
        self.settings.start()
        settings, path = self.stored("MaxDischargeCurrent")
        values = self.follow(settings, path)
        settings.wait_until(lambda: 11.0 in values or plain_reply(settings, path, "GetValue") == 11.0)
        self.assertEqual(client.get("/Settings/MaxDischargeCurrent"), 11.0)

    def test_settings_that_were_lost_are_made_again(self):
        host, client = self.host()
        settings, path = self.stored("MaxChargeCurrent")
        self.assertEqual(client.set("/Settings/MaxChargeCurrent", 20.0), 0)
        settings.wait_until(lambda: settings.get(path) == 20.0)
        self.settings.stop()
        os.unlink(self.settings.file)
        start = len(host.process.lines)
        self.settings.start()
        host.process.wait_for_line("^settings$", start)
        client.wait_for_value("/Settings/MaxChargeCurrent", 50.0)

    def test_a_setting_of_another_type_is_no_obstacle(self):
        settings, path = self.stored("MaxChargeCurrent")
        folder, name = path.rsplit("/", 1)
        wish = dbus.Dictionary({"path": path, "default": "text"}, signature="sv")
        settings.call("/", "AddSettings", [wish], signature="aa{sv}", interface="com.victronenergy.Settings")
        host, client = self.host()
        host.process.wait_for_line(f"does not keep {folder}/{name}")
        self.assertEqual(client.set("/Settings/MaxChargeCurrent", 20.0), 0)
        client.wait_for_value("/Settings/MaxChargeCurrent", 20.0)

    def test_the_soc_set_by_hand_reads_back(self):
        host, client = self.host()
        self.assertEqual(client.get("/Settings/Soc"), 63.0)
        for soc in (50.0, 50.0):  # to say the same again is meant, too
            start = len(host.process.lines)
            self.assertEqual(client.set("/Settings/Soc", soc), 0)
            host.process.wait_for_line("^soc 50$", start)
        client.wait_for_value("/Soc", 50.0)
        host.tell("soc 51", "publish")
        client.wait_for_value("/Settings/Soc", 51.0)
        settings, path = self.stored("Soc")
        with self.assertRaises(dbus.DBusException):
            settings.get(path)

    def test_history_is_cleared_by_group(self):
        host, client = self.host()
        self.assertEqual(client.get("/History/CanBeCleared"), 1)
        for group in (1, 1, 7):
            start = len(host.process.lines)
            self.assertEqual(client.set("/History/Clear", group), 0)
            host.process.wait_for_line(f"^clear {group}$", start)
        self.assertEqual(client.get("/History/Clear"), 0)


class Signals(BusItemTest):
    def test_one_signal_for_all_changes_and_none_without(self):
        host, client = self.host()
        host.tell("publish", "soc 63.02", "publish", "soc 64", "cell 3.4", "publish", "publish", "soc 65", "publish")
        client.wait_for_value("/Soc", 65.0)
        self.assertEqual([set(change.items) for change in client.changes],
                         [{"/Soc", "/Settings/Soc", "/Voltages/Cell1"},
                          {"/Soc", "/Settings/Soc"}])
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
        host.tell("contact stale", "cable 1", "publish")
        client.wait_for_value("/Alarms/BmsCable", 1)
        self.assertIsNone(client.items["/Dc/0/Voltage"].value)
        self.assertEqual(client.items["/Soc"].value, 63.0)
        host.tell("contact lost", "cable 2", "cvl none", "publish")
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

    def stored(self, serial, **values):
        """What localsettings will have of a battery when it starts."""
        self.settings.stop()
        kept = json.loads(Path(self.settings.file).read_text()) if Path(self.settings.file).exists() else {}
        for name, value in values.items():
            kind = {str: "s", int: "i", float: "f"}[type(value)]
            kept[SETTING.format("test_" + serial, name)] = {"kind": kind, "value": value, "default": value, "low": None, "high": None}
        Path(self.settings.file).write_text(json.dumps(kept))
        self.settings.start()

    def test_whatever_is_stored_there_is_an_instance(self):
        for number, value in enumerate(("battery:-4", "battery:x", "battery:", "battery:99999999999", "solarcharger:3", "",
                                        "x" * 5000, 7, "battery:1\x1b[2J", "battery:1.5")):
            with self.subTest(str(value)[:20]):
                tty, serial = f"ttyI{number}", f"I{number}"
                self.stored(serial, ClassAndVrmInstance=value)
                host, client = self.host(tty, serial)
                self.assertEqual(client.get("/DeviceInstance"), 1)
                line = host.process.wait_for_line("ClassAndVrmInstance is .*; taking battery:1").group(0)
                self.assertTrue(line.isprintable(), line)
                if isinstance(value, str) and len(value) < 4096:
                    settings = self.start(BusClient, self.bus, "com.victronenergy.settings")
                    settings.wait_for_name()
                    self.assertEqual(settings.get(SETTING.format("test_" + serial, "ClassAndVrmInstance")), "battery:1")
                host.stop()
                self.stored(serial, ClassAndVrmInstance="vebus:1")

    def test_the_next_instance_that_nobody_has(self):
        self.stored("other", ClassAndVrmInstance="battery:1")
        self.stored("another", ClassAndVrmInstance="battery:2")
        self.stored("S1", ClassAndVrmInstance="battery:2")  # written by hand
        host, client = self.host()
        host.process.wait_for_line("'battery:2', which another device has; taking battery:3")
        self.assertEqual(client.get("/DeviceInstance"), 3)
        host.stop()
        host, client = self.host()
        self.assertEqual(client.get("/DeviceInstance"), 3)
        self.assertFalse([line for line in host.process.lines if "ClassAndVrmInstance" in line])

    def test_a_stored_name_is_cut_to_its_length(self):
        self.stored("S1", CustomName="ü" * 1000)
        host, client = self.host()
        self.assertEqual(client.get("/CustomName"), "ü" * 64)
        host.stop()
        self.stored("S1", CustomName="x" * 1_000_000)
        host, client = self.host()
        self.assertEqual(client.get("/CustomName"), "")

    def test_stored_numbers_that_mean_nothing_follow_the_configuration(self):
        for value in (math.nan, math.inf, -math.inf, 1e308, -7.0):
            with self.subTest(value):
                self.stored("S1", MaxChargeCurrent=value, FloatCellVoltage=value)
                host, client = self.host()
                self.assertEqual((client.get("/Settings/MaxChargeCurrent"), client.get("/Settings/FloatCellVoltage")), (50.0, 3.375))
                host.stop()

    def test_a_setting_that_is_removed_is_made_again_when_it_is_changed(self):
        host, client = self.host()
        settings = self.start(BusClient, self.bus, "com.victronenergy.settings")
        settings.wait_for_name()
        path = SETTING.format("test_S1", "MaxChargeCurrent")
        settings.call("/", "RemoveSettings", [path[1:]], signature="as", interface="com.victronenergy.Settings")
        self.assertEqual(client.get("/Settings/MaxChargeCurrent"), 50.0)
        self.assertEqual(client.set("/Settings/MaxChargeCurrent", 30.0), 0)
        settings.wait_until(lambda: self.value_of(settings, path) == 30.0)

    @staticmethod
    def value_of(client, path):
        """None: there is no such path."""
        try:
            return client.get(path)
        except dbus.DBusException:
            return None

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
