"""A battery at a broker: Debian's mosquitto, a simulated JBD board, the daemon, and D-Bus beside it."""

import json
import os
import stat
import subprocess
import unittest
from pathlib import Path

from broker import Broker, Subscriber, free_port
from certificates import Certificates
from harness import Daemon, PrivateBus, Settings, Simulator, TestCase, main
from mqtt_case import MqttCase

BATTERY = "dbus-bms/jbd_"

# What the state says, and where D-Bus says the same.
SAME = {"voltage": "/Dc/0/Voltage", "current": "/Dc/0/Current", "power": "/Dc/0/Power", "soc": "/Soc",
        "remaining_ah": "/Capacity", "capacity_ah": "/InstalledCapacity", "consumed_ah": "/ConsumedAmphours",
        "cell_min": "/System/MinCellVoltage", "cell_max": "/System/MaxCellVoltage", "cell_diff": "/Voltages/Diff",
        "temperature_1": "/System/Temperature1", "cycles": "/History/ChargeCycles", "cvl": "/Info/MaxChargeVoltage",
        "ccl": "/Info/MaxChargeCurrent", "dcl": "/Info/MaxDischargeCurrent", "charge_allowed": "/Io/AllowToCharge",
        "discharge_allowed": "/Io/AllowToDischarge", "charge_reason": "/Info/ChargeLimitation"}


class Values(MqttCase):
    def test_are_those_of_dbus_to_the_last_digit(self):
        self.with_broker()
        self.battery_lives(12.3)
        state = self.subscriber.wait_for_json("/state", lambda values: values["current"] == 12.3)
        self.assertTrue(self.topic_of("/state").startswith(BATTERY), self.topic_of("/state"))

        def agree():
            self.client.catch_up()
            shown = {key: self.client.items[path].value for key, path in SAME.items()}
            newest = json.loads([m for m in self.subscriber.messages if m["topic"].endswith("/state")][-1]["payload"])
            return {key: newest[key] for key in SAME} == shown
        self.client.wait_until(agree, "the same values at the broker and on D-Bus", 60)
        for name in ("HighCellVoltage", "LowSoc", "BmsCable"):
            self.assertIn(f"/Alarms/{name}", self.client.items)
        self.assertEqual(state["alarms"]["bms_cable"], self.client.items["/Alarms/BmsCable"].value)
        cells = self.subscriber.wait_for_json("/cells")
        count = self.client.items["/System/NrOfCellsPerBattery"].value
        self.assertEqual([len(cells["v"]), len(cells["balancing"])], [count, count])

        def cells_agree():
            self.client.catch_up()
            newest = json.loads([m for m in self.subscriber.messages if m["topic"].endswith("/cells")][-1]["payload"])
            return newest["v"] == [self.client.items[f"/Voltages/Cell{n}"].value for n in range(1, count + 1)]
        self.client.wait_until(cells_agree, "the same cells at the broker and on D-Bus", 60)

    def test_nothing_but_what_is_to_last_is_retained(self):
        self.with_broker()
        for end in ("/state", "/cells", "/info", "/availability", "/config", "/status"):
            self.subscriber.wait_for(end)
        late = self.start(Subscriber, self.broker)
        late.wait_for("/state")
        retained = {message["topic"].rsplit("/", 1)[1] for message in late.messages if message["retain"]}
        self.assertEqual(retained, {"info", "availability", "config", "status"})

    def test_come_again_and_again_though_nothing_changes(self):
        self.with_broker()
        self.subscriber.wait_for("/state")
        for end in ("/state", "/cells"):
            seen = self.subscriber.count()
            self.subscriber.wait_for(end, start=seen)

    def test_a_silent_board_is_offline_and_comes_back(self):
        self.with_broker()
        self.subscriber.wait_for("/availability", lambda payload: payload == "online")
        self.simulator.command("fault silence on")
        self.subscriber.wait_for("/availability", lambda payload: payload == "offline")
        seen = self.subscriber.count()
        self.simulator.command("fault silence off")
        self.subscriber.wait_for("/availability", lambda payload: payload == "online", seen)

    def test_a_killed_process_is_offline_and_one_that_stops_is_too(self):
        daemon = self.with_broker()
        self.subscriber.wait_for("/status", lambda payload: payload == "online")
        self.subscriber.wait_for("/state")
        daemon.stop(9)
        self.subscriber.wait_for("/status", lambda payload: payload == "offline")
        seen = self.subscriber.count()
        again = self.start(Daemon, self.bus, self.simulator.tty, "--config", self.config)
        self.subscriber.wait_for("/status", lambda payload: payload == "online", seen)
        self.subscriber.wait_for("/state", start=seen)
        seen = self.subscriber.count()
        self.assertEqual(again.stop(), 0)
        self.subscriber.wait_for("/status", lambda payload: payload == "offline", seen)


class Discovery(MqttCase):
    def test_is_the_same_after_a_restart_and_comes_again_at_a_birth(self):
        daemon = self.with_broker("commands = limits")
        first = self.subscriber.wait_for("/config")
        document = json.loads(first)
        self.assertIn("soc", document["cmps"])
        self.assertIn("set_max_charge_current", document["cmps"])
        self.subscriber.wait_for("/state")
        seen = self.subscriber.count()
        self.broker.publish("homeassistant/status", "online")
        self.assertEqual(self.subscriber.wait_for("/config", start=seen), first)
        self.subscriber.wait_for("/state", start=seen)
        daemon.stop()
        seen = self.subscriber.count()
        self.start(Daemon, self.bus, self.simulator.tty, "--config", self.config)
        self.subscriber.wait_for("/cells", start=seen)
        configs = [m["payload"] for m in self.subscriber.messages[seen:] if m["topic"].endswith("/config")]
        self.assertEqual(configs[-1], first)

    def test_what_the_broker_holds_is_removed(self):
        daemon = self.with_broker()
        for end in ("/state", "/info", "/availability", "/config", "/status"):
            self.subscriber.wait_for(end)
        command = [os.environ["DBUS_BMS"], "mqtt", "--remove", "--config", self.config,
                   "--state-dir", str(self.bus.directory / "state"), "--run-dir", str(self.bus.directory / "run")]
        too_early = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(too_early.returncode, 0, too_early.stdout + too_early.stderr)
        self.assertIn("drivers that send to the broker run on ttyTEST; end them", too_early.stderr)
        daemon.stop()
        seen = self.subscriber.count()
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertNotIn("drivers", done.stderr)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for end in ("/info", "/availability", "/config", "/status"):
            self.subscriber.wait_for(end, lambda payload: payload in ("", None), seen)
        late = self.start(Subscriber, self.broker)
        self.assertEqual([message for message in late.messages if message["retain"]], [])
        self.assertIn("nothing is known", subprocess.run(command, capture_output=True, text=True, timeout=60).stdout)


class BrokerTroubles(MqttCase):
    def test_one_that_comes_later_and_goes_and_comes_again(self):
        port = free_port()
        daemon = self.run_with(port)
        self.battery_lives(1)
        daemon.wait_for_log("no connection to the broker")
        self.broker = self.start(Broker, port=port)
        for current in (2, 3, 4):
            subscriber = self.start(Subscriber, self.broker)
            subscriber.wait_for_json("/state", lambda values, wanted=current - 1: values["current"] == wanted)
            subscriber.wait_for("/config")
            self.broker.end()
            self.battery_lives(current)
            self.broker.begin()
        subscriber = self.start(Subscriber, self.broker)
        subscriber.wait_for_json("/state", lambda values: values["current"] == 4)
        self.assertEqual(daemon.stop(), 0)

    def test_one_that_stops_reading_delays_nothing(self):
        daemon = self.with_broker()
        self.subscriber.wait_for("/state")
        self.broker.process.send_signal(19)  # SIGSTOP
        for current in (5, 6, 7):
            self.battery_lives(current)
        self.broker.process.send_signal(18)
        self.subscriber.wait_for_json("/state", lambda values: values["current"] == 7)
        self.assertEqual(daemon.stop(), 0)

    def password_file(self, text, mode=0o640):
        path = Path(self.config_file(text))
        path.chmod(mode)
        return path

    def guarded_broker(self):
        store = self.config_file("")
        os.chmod(store, stat.S_IRUSR | stat.S_IWUSR)
        subprocess.run(["mosquitto_passwd", "-b", store, "battery", "sesame-open"], check=True)
        self.broker = self.start(Broker, f"password_file {store}")

    def test_a_wrong_password_is_said_once_and_never_shown(self):
        self.guarded_broker()
        daemon = self.run_with(self.broker.port, "user = battery", f"password_file = {self.password_file('sesame-shut')}")
        daemon.wait_for_log("no connection to the broker .*: user or password is wrong")
        self.battery_lives(8)
        self.assertFalse([line for line in daemon.log if "sesame" in line])

    def test_the_right_password(self):
        self.guarded_broker()
        self.subscriber = self.start(Subscriber, self.broker, "-u", "battery", "-P", "sesame-open")
        daemon = self.run_with(self.broker.port, "user = battery", f"password_file = {self.password_file('sesame-open')}")
        self.subscriber.wait_for("/state")
        self.assertFalse([line for line in daemon.log if "sesame" in line])

    def test_a_password_that_everybody_can_read_is_not_used(self):
        self.guarded_broker()
        file = self.password_file("sesame-open", 0o644)
        daemon = self.run_with(self.broker.port, "user = battery", f"password_file = {file}")
        daemon.wait_for_log("others may read or change it; expected a mode of 0640")
        self.battery_lives(9)


class Tls(MqttCase):
    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates()
        cls.addClassCleanup(cls.certificates.stop)
        cls.directory = cls.certificates.directory
        cls.certificates.authority("right")
        cls.certificates.authority("wrong")
        cls.certificates.server("server", "right", days=30)
        cls.certificates.server("expired", "right", days=-1)

    def secure_broker(self, name="server"):
        self.broker = self.start(Broker, *self.certificates.lines_for_broker(name, "right"))

    def run_with_tls(self, *lines):
        return self.run_with(self.broker.port, "tls = yes", *lines)

    def test_the_right_authority(self):
        self.secure_broker()
        self.subscriber = None
        daemon = self.run_with_tls(f"ca_file = {self.directory}/right.crt")
        daemon.wait_for_log("connected to the broker")
        subscriber = self.start(Subscriber, self.broker, "--cafile", f"{self.directory}/right.crt")
        subscriber.wait_for("/state")
        subscriber.wait_for("/config")
        self.battery_lives(11)
        subscriber.wait_for_json("/state", lambda values: values["current"] == 11)

    def refused(self, *lines):
        daemon = self.run_with_tls(*lines)
        daemon.wait_for_log("no connection to the broker .*certificate verify failed|no connection to the broker .*TLS")
        self.battery_lives(12)
        self.assertFalse([line for line in daemon.log if "connected to the broker" in line])

    def test_the_wrong_authority(self):
        self.secure_broker()
        self.refused(f"ca_file = {self.directory}/wrong.crt")

    def test_nobody_vouches_for_it(self):
        self.secure_broker()
        self.refused()

    def test_an_expired_certificate(self):
        self.secure_broker("expired")
        self.refused(f"ca_file = {self.directory}/right.crt")

    def test_a_broker_that_speaks_no_tls(self):
        self.broker = self.start(Broker)
        daemon = self.run_with_tls(f"ca_file = {self.directory}/right.crt")
        daemon.wait_for_log("no connection to the broker")
        self.battery_lives(13)


class Commands(MqttCase):
    def test_limits_are_changed_as_by_dbus(self):
        self.begin("commands = limits")
        self.assertTrue(self.order("max_charge_current", "20.5")["ok"])
        self.client.wait_for_value("/Settings/MaxChargeCurrent", 20.5)
        self.subscriber.wait_for_json("/state", lambda values: values["settings"]["max_charge_current"] == 20.5)
        self.client.wait_for(lambda items: items["/Info/MaxChargeCurrent"].value <= 20.5)
        self.assertTrue(self.order("charge_blocked", "ON")["ok"])
        self.client.wait_for_value("/Info/MaxChargeCurrent", 0)
        self.assertTrue(self.order("charge_blocked", "0")["ok"])
        self.client.wait_for(lambda items: items["/Info/MaxChargeCurrent"].value > 0)
        self.assertIn("it needs commands = all", self.order("soc", "50")["error"])
        self.assertRegex(self.order("max_charge_current", "5000")["error"], r"^expected from 0 to [\d.]+ A, found 5000$")
        self.assertIn('found "20A"', self.order("max_charge_current", "20A")["error"])

    def test_none_are_obeyed_unless_somebody_permits_it(self):
        self.begin()
        seen = self.subscriber.count()
        before = self.client.get("/Settings/MaxChargeCurrent")
        self.broker.publish(self.prefix + "max_charge_current", "1")
        self.subscriber.wait_for("/state", start=seen)
        self.subscriber.wait_for("/cells", start=seen)
        self.assertEqual(self.client.get("/Settings/MaxChargeCurrent"), before)
        self.assertFalse([m for m in self.subscriber.messages if m["topic"].endswith("/result")])

    def test_what_was_retained_is_dropped(self):
        daemon = self.begin("commands = all")
        before = self.client.get("/Settings/MaxChargeCurrent")
        daemon.stop()
        self.broker.publish(self.prefix + "max_charge_current", "1", "-r")
        seen = self.subscriber.count()
        self.start(Daemon, self.bus, self.simulator.tty, "--config", self.config)
        answer = self.subscriber.wait_for_json("/command/result", start=seen)
        self.assertEqual([answer["name"], answer["ok"]], ["max_charge_current", False])
        self.assertIn("retained", answer["error"])
        self.client.wait_for(lambda items: "/Settings/MaxChargeCurrent" in items)
        self.assertEqual(self.client.get("/Settings/MaxChargeCurrent"), before)

    def test_what_is_no_command_changes_nothing(self):
        daemon = self.begin("commands = all")
        before = {path: self.client.get(path) for path in self.client.items if path.startswith("/Settings/")}
        for payload in ("nan", "inf", "-inf", "0x10", "1e1", "12 A", " 12", "1;2", "-1", "1e999", "on", "{}", "9" * 65,
                        "9" * 5000, "99999"):
            self.broker.publish(self.prefix + "max_charge_current", payload)
        self.broker.publish(self.prefix + "max_charge_current", "")
        for name in ("nothing", "max_charge_current/x", "Soc", "../soc"):
            self.broker.publish(self.prefix + name, "1")
        # An allowed one is obeyed all the same, once it is its turn.
        self.client.wait_until(lambda: self.order("full_charge_days", "7")["ok"], "a command that is obeyed")
        self.client.wait_for_value("/Settings/FullChargeDays", 7)
        after = {path: self.client.get(path) for path in before}
        before["/Settings/FullChargeDays"] = 7
        before["/Settings/Soc"] = after["/Settings/Soc"]
        self.assertEqual(after, before)
        self.assertLess(len([line for line in daemon.log if "refused" in line]), 40)

    def test_a_flood_of_commands_neither_stops_the_polls_nor_fills_the_log(self):
        daemon = self.begin("commands = all")
        flood = "\n".join(str(number % 40) for number in range(10000)) + "\n"
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker.port), "-l", "-t",
                        self.prefix + "max_charge_current"], input=flood, text=True, check=True, timeout=60)
        self.battery_lives(14)
        self.assertLess(len(daemon.log), 200)
        self.assertEqual(daemon.stop(), 0)


class Orders(MqttCase):
    family = "daly"

    def test_one_to_the_board_is_answered_again_when_it_is_done(self):
        self.begin("commands = all")
        seen = self.subscriber.count()
        self.assertTrue(self.order("soc", "64")["ok"], "it was taken")
        self.client.wait_for(lambda items: items["/Info/LastOrderOutcome"].value == "done")
        self.client.wait_until(lambda: len([message for message in self.subscriber.messages[seen:]
                                            if message["topic"].endswith("/result")]) == 2, "a second answer")
        self.subscriber.wait_for_json("/state", lambda values: values["soc"] == 64, seen)


class Families(TestCase):
    """Every family is shown: its document is one for Home Assistant, and everything in it has a value or may get one."""

    def test_each_of_them(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        for family in ("jbd", "daly", "ant", "chargery", "rec"):
            with self.subTest(family=family):
                broker = self.start(Broker)
                subscriber = self.start(Subscriber, broker)
                simulator = self.start(Simulator, family=family, name=f"tty{family}")
                config = self.config_file(f"[mqtt]\nhost = 127.0.0.1\nport = {broker.port}\ninterval = 1\n")
                daemon = self.start(Daemon, self.bus, simulator.tty, "--config", config, family=family)
                subscriber.wait_for("/cells", limit_s=60)
                state = subscriber.wait_for_json("/state")
                document = subscriber.wait_for_json("/config")
                ids = [part["uniq_id"] for part in document["cmps"].values()]
                self.assertEqual(len(ids), len(set(ids)))
                self.assertTrue(all(each.startswith("dbus-bms_" + family) for each in ids), ids[0])
                for key in ("voltage", "current", "soc", "cell_min", "cvl", "charge_mode", "contact"):
                    self.assertIsNotNone(state[key], key)
                    self.assertIn(key, document["cmps"])
                for name, part in document["cmps"].items():
                    # A number has a state class, unless it only counts things.
                    if "unit_of_meas" in part:
                        self.assertIn(part["stat_cla"], ("measurement", "total_increasing"), name)
                    if part.get("dev_cla") == "enum":
                        self.assertIn(state[name], part["ops"] + [None], name)
                self.assertEqual(daemon.stop(), 0)


class WithoutBroker(unittest.TestCase):
    def test_nothing_of_libmosquitto_is_loaded(self):
        """Who configures no broker does not even need the library."""
        linked = subprocess.run(["ldd", os.environ["DBUS_BMS"]], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("mosquitto", linked)


if __name__ == "__main__":
    main()
