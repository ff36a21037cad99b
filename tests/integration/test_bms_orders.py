"""What a BMS is told over D-Bus: the switches that automations know, and the object /Control."""

import json

import dbus

from boards import BOARDS
from console_case import wait_until
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main

CONTROL = "com.github.dbusbms.Control1"
SWITCHES = {"charge": "/Settings/ForceChargingOff", "discharge": "/Settings/ForceDischargingOff"}


class OrdersCase(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.settings = self.start(Settings, self.bus)

    def permitted(self, name, writes, *options):
        """(simulator, daemon, client) of a board on which `writes` permits what it does."""
        board = BOARDS[name]
        config = self.config_file(f"[default]\nwrites = {writes}\n")
        simulator = self.start(Simulator, *board.options, *options, family=board.family)
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        daemon = self.start(Daemon, self.bus, simulator.tty, "--config", config, family=board.family)
        client.wait_for(lambda items: "/Soc" in items and items["/Soc"].value is not None, "a valid /Soc")
        return simulator, daemon, client


class Switches(OrdersCase):
    def test_fets_are_switched_by_the_lock_of_the_board_and_shown_as_it_shows_them(self):
        for name in ("jbd", "daly", "daly_d2", "ant", "ant_old"):
            with self.subTest(name):
                simulator, daemon, client = self.permitted(name, "switches")
                for which, path in list(SWITCHES.items())[:2 if name == "jbd" else 1]:  # each waits for a while
                    other = next(each for each in SWITCHES if each != which)
                    self.assertEqual(client.get(path), 0)
                    self.assertEqual(client.set(path, 1), 0)
                    client.wait_for_value(path, 1)
                    self.assertEqual(simulator.state()["fets"], {which: False, other: True})
                    self.assertEqual(client.get("/Info/LastOrder"), f"{which} FET off")
                    client.wait_for(lambda items: items["/Info/LastOrderOutcome"].value.startswith("done"))
                    client.wait_for_value({"charge": "/Info/MaxChargeCurrent",
                                           "discharge": "/Info/MaxDischargeCurrent"}[which], 0)
                    self.assertEqual(client.set(path, 0), 0)  # waits for some seconds, as the same was just ordered
                    client.wait_for_value(path, 0)
                    self.assertEqual(simulator.state()["fets"], {which: True, other: True})
                daemon.stop()
                simulator.stop()

    def test_a_protection_is_shown_and_never_becomes_a_lock(self):
        simulator, _, client = self.permitted("jbd", "switches")
        simulator.command("protect cell_overvoltage")
        client.wait_for_value("/Settings/ForceChargingOff", 1)
        self.assertEqual(client.set("/Settings/ForceDischargingOff", 1), 0)
        client.wait_for_value("/Settings/ForceDischargingOff", 1)
        simulator.command("unprotect cell_overvoltage")
        client.wait_for_value("/Settings/ForceChargingOff", 0)
        self.assertEqual(simulator.state()["fets"], {"charge": True, "discharge": False})

    def test_the_balancer_is_known_once_it_has_been_switched(self):
        simulator, _, client = self.permitted("jbd", "switches")
        self.assertIsNone(client.get("/Settings/TurnBalancingOff"))
        self.assertIsNone(client.get("/Io/AllowToBalance"))
        self.assertEqual(client.set("/Settings/TurnBalancingOff", 1), 0)
        client.wait_for(lambda items: (items["/Settings/TurnBalancingOff"].value, items["/Io/AllowToBalance"].value) == (1, 0))
        self.assertFalse(simulator.state()["factory_mode"])

    def test_a_soc_is_prepared_and_applied(self):
        simulator, _, client = self.permitted("daly", "switches", "--soc", "50")
        self.assertEqual(client.set("/Settings/ResetSocToApply", 1), 2, "nothing is prepared")
        self.assertEqual(client.set("/Settings/ResetSocTo", 75.0), 0)
        self.assertEqual(client.get("/Settings/ResetSocTo"), 75)
        self.assertEqual(client.set("/Settings/ResetSocToApply", 1), 0)
        client.wait_for_value("/Info/LastOrderOutcome", "done")
        self.assertEqual(simulator.state()["soc_pct"], 75)

    def test_without_permission_or_without_a_switch_there_is_nothing_to_write(self):
        paths = [*SWITCHES.values(), "/Settings/TurnBalancingOff", "/Settings/ResetSocTo", "/Settings/ResetSocToApply",
                 "/Io/AllowToBalance"]
        for name, writes in (("jbd", "limits"), ("jbd", "no"), ("chargery", "parameters"), ("jbd_up", "limits")):
            with self.subTest(f"{name} {writes}"):
                simulator, daemon, client = self.permitted(name, writes)
                self.assertFalse([path for path in paths if path in client.items])
                daemon.stop()
                simulator.stop()


class ControlObject(OrdersCase):
    def ask(self, client, method, *arguments, signature=""):
        return json.loads(client.call("/Control", method, *arguments, signature=signature, interface=CONTROL))

    def test_a_board_is_read_and_set(self):
        simulator, daemon, client = self.permitted("jbd", "parameters")
        who = self.ask(client, "Identify")["board"]
        self.assertEqual((who["family"], who["place"]), ("jbd", "ttyTEST"))
        rows = {row["name"]: row for row in self.ask(client, "List")["parameters"]}
        self.assertTrue(rows["cell_overvoltage"]["writable"])
        self.assertLess(rows["cell_overvoltage"]["min"], 3.6)
        got = self.ask(client, "Get", ["cell_overvoltage", "cell_undervoltage"], signature="as")["results"]
        self.assertEqual([one["name"] for one in got], ["cell_overvoltage", "cell_undervoltage"])
        before = got[0]["after"]
        looked = self.ask(client, "Set", {"cell_overvoltage": 3.6}, {}, True, signature="a{sd}a{sd}b")
        self.assertEqual((looked["results"][0]["before"], looked["results"][0]["wanted"]), (before, 3.6))
        done = self.ask(client, "Set", {"cell_overvoltage": 3.6}, {"cell_overvoltage": before}, False,
                        signature="a{sd}a{sd}b")
        self.assertEqual(done["results"][0]["after"], 3.6)
        daemon.wait_for_log(r"set cell_overvoltage from .* to 3.6 by user \d+, process \d+, :1\.\d+ on D-Bus")
        refused = self.ask(client, "Set", {"cell_overvoltage": 3.5}, {"cell_overvoltage": before}, False,
                           signature="a{sd}a{sd}b")
        self.assertIn("refused", refused)
        wait_until(lambda: not simulator.state()["factory_mode"], "leaving the factory mode")  # with the next poll
        self.assertEqual(simulator.state()["factory_count"]["saved"], 1)

    def test_a_board_is_switched_and_told_its_soc(self):
        simulator, _, client = self.permitted("daly", "switches", "--soc", "50")
        self.assertNotIn("error", self.ask(client, "Switch", "charge", False, signature="sb")["results"][0])
        self.assertFalse(simulator.state()["fets"]["charge"])
        self.assertNotIn("error", self.ask(client, "SetSoc", 75.0, signature="d")["results"][0])
        self.assertEqual(simulator.state()["soc_pct"], 75)
        with self.assertRaises(dbus.DBusException):
            self.ask(client, "Switch", "everything", False, signature="sb")

    def test_it_is_told_apart_from_items(self):
        _, _, client = self.permitted("jbd", "limits")
        self.assertFalse([path for path in client.items if path.startswith("/Control")])
        xml = client.call("/Control", "Introspect", interface="org.freedesktop.DBus.Introspectable")
        self.assertIn(CONTROL, xml)
        self.assertNotIn("BusItem", xml)
        with self.assertRaises(dbus.DBusException):
            client.call("/Control", "SetValue", 1, signature="v")
        refused = self.ask(client, "Set", {"cell_overvoltage": 3.6}, {}, False, signature="a{sd}a{sd}b")
        self.assertIn("writes = parameters", json.dumps(refused["refused"]))

    def test_progress_reaches_the_caller_alone_and_polls_go_on(self):
        simulator, _, client = self.permitted("jbd", "limits")
        heard = {"caller": [], "other": []}
        other = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        for name, each in (("caller", client), ("other", other)):
            each.connection.add_signal_receiver(lambda *numbers, to=heard[name]: to.append(tuple(map(int, numbers))),
                                                "Progress", CONTROL)
        names = ["cell_overvoltage", "cell_undervoltage"] * 60
        polls = simulator.state()["polls"]
        got = self.ask(client, "Get", names, signature="as")
        self.assertEqual(len(got["results"]), len(names))
        self.assertGreater(simulator.state()["polls"], polls)
        client.wait_until(lambda: heard["caller"], "progress")
        self.assertEqual(heard["caller"][-1][1], len(names))
        self.assertEqual(heard["other"], [])

    def test_more_than_any_table_has_is_refused(self):
        _, _, client = self.permitted("jbd", "limits")
        for names in (["x"] * 257, ["y" * 121]):
            with self.assertRaises(dbus.DBusException):
                self.ask(client, "Get", names, signature="as")
        self.assertIn("refused", self.ask(client, "Get", ["no_such_parameter"], signature="as"))

    def test_the_driver_ends_while_a_call_waits(self):
        _, daemon, client = self.permitted("jbd", "limits")
        answers, progress = [], []
        client.connection.add_signal_receiver(lambda *numbers: progress.append(numbers), "Progress", CONTROL)
        client.connection.call_async(client.service, "/Control", CONTROL, "Get", "as",
                                     (["cell_overvoltage", "cell_undervoltage"] * 50,), lambda *_: answers.append("answer"),
                                     lambda error: answers.append("error"))
        client.wait_until(lambda: progress, "the call to have begun")
        self.assertEqual(daemon.stop(), 0)
        client.wait_until(lambda: answers, "an end of the call")
        self.assertEqual(answers, ["error"])


if __name__ == "__main__":
    main()
