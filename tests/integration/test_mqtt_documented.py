"""What docs/mqtt.md names is at the broker, and what the topics of other programs are to a dashboard: real mosquitto,
simulated boards, the daemon."""

import re
from pathlib import Path

from broker import Broker, Subscriber
from harness import Daemon, PrivateBus, Settings, Simulator, TestCase, main

PAGE = (Path(__file__).resolve().parents[2] / "docs/mqtt.md").read_text()


def chapter(title):
    """The text from this heading to the next one of its rank."""
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S).group(1)


def quoted(text, pattern):
    """What stands in `...` and is such a thing."""
    return [word for word in re.findall(r"`([^`\n]+)`", text) if re.fullmatch(pattern, word)]


def as_first(topic):
    """A topic of each of several is documented by the first of them."""
    return re.sub(r"(?<=[a-z/])\d+(?=/|$)", "1", topic) if not re.search(r"temp[12]$", topic) else topic


class BrokerCase(TestCase):
    def begin(self, *lines, family="jbd", options=(), boards=1):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        self.broker = self.start(Broker)
        self.subscriber = self.start(Subscriber, self.broker)
        self.simulators = [self.start(Simulator, *options, family=family, name=f"ttyTEST{number}")
                           for number in range(boards)]
        config = self.config_file(f"[default]\nwrites = switches\n[mqtt]\nhost = 127.0.0.1\nport = {self.broker.port}\ninterval = 1\nheartbeat = 5\n"
                                  + "".join(line + "\n" for line in lines))
        return self.start(Daemon, self.bus, *[simulator.tty for simulator in self.simulators], "--config", config,
                          family=family)

    def published(self):
        return {message["topic"]: message.get("payload", "") for message in self.subscriber.messages}


class Documented(BrokerCase):
    def example(self, *lines):
        """The battery of the examples, and its discovery document."""
        self.begin(*lines, options=("--barcode", "DEMO0001"))
        self.subscriber.wait_for("/cells")
        return self.subscriber.wait_for_json("/config")

    def test_every_topic(self):
        self.example("commands = all")
        prefix = "dbus-bms/jbd_demo0001/"
        seen = self.subscriber.count()
        self.broker.publish(prefix + "command/nothing", "1")
        self.subscriber.wait_for("/command/result", start=seen)
        came = set(self.published())
        client = next(topic for topic in came if topic.endswith("/status")).split("/")[1]
        named = quoted(chapter("Topics"), r"(dbus-bms|homeassistant)/\S+")
        self.assertGreaterEqual(len(named), 8)
        for topic in named:
            full = topic.replace("<id>", "jbd_demo0001").replace("<client>", client).replace("<name>", "nothing")
            self.assertIn(full, came, topic)

    def test_every_entity(self):
        document = self.example()
        names = {part["name"] for part in document["cmps"].values()}
        wanted = quoted(chapter("Home Assistant"), r"[A-Z][a-z]+( [a-z]+)+|Power")
        self.assertGreaterEqual(len(wanted), 4)
        for name in wanted:
            self.assertIn(name, names)

    def test_the_energies_of_the_dashboard_only_grow(self):
        document = self.example()
        for key in ("charged_kwh", "discharged_kwh"):
            self.assertEqual([document["cmps"][key][option] for option in ("dev_cla", "stat_cla", "unit_of_meas")],
                             ["energy", "total_increasing", "kWh"])

    def test_every_value_that_evcc_takes(self):
        self.example()
        taken = re.findall(r"topic: (\S+)\n\s+jq: \.(\w+)", chapter("evcc"))
        self.assertGreaterEqual(len(taken), 2)
        for topic, key in taken:
            values = self.subscriber.wait_for_json(topic, lambda values, key=key: values[key] is not None)
            self.assertIsInstance(values[key], (int, float), key)
        # evcc gives a value up that is older than that.
        for timeout in re.findall(r"timeout: (\d+)s", chapter("evcc")):
            self.assertGreater(int(timeout), 2 * 25, "more than two heartbeats")

    def test_every_command(self):
        document = self.example("commands = all")
        offered = {name.removeprefix("set_") for name in document["cmps"] if name.startswith("set_")}
        table = "\n".join(line for line in chapter("Commands").splitlines() if line.startswith("| `") and "`commands`" not in line)
        named = set(quoted(table, r"[a-z_]+")) - {"no", "limits", "all"}
        self.assertEqual(named, offered)


class Aliases(BrokerCase):
    """Of those of chargery.py and REC-BMSManager, the page names all that come and none that do not."""

    def check(self, beginning, last):
        for end in last:
            self.subscriber.wait_for(end)
        came = {as_first(topic) for topic in self.published() if topic.startswith(beginning)}
        named = set(quoted(chapter("In the place of another program"), beginning + r"\S+"))
        self.assertEqual(came, named)

    def test_those_of_chargery_py(self):
        self.begin("aliases = chargery", family="chargery", options=("--cells", "8"))
        self.subscriber.wait_for("chargerybms/modeint", lambda payload: payload == "2")
        self.simulators[0].command("set current 12.5")
        self.check("chargerybms/", ("cellimped8", "currentimped"))
        self.subscriber.wait_for("chargerybms/current", lambda payload: payload == "12.5")
        self.subscriber.wait_for("chargerybms/modename", lambda payload: payload == "Charge")
        self.assertFalse([message for message in self.subscriber.messages
                          if message["topic"].startswith("chargerybms/") and message["retain"]])

    def test_those_of_rec(self):
        self.begin("aliases = rec", family="rec")
        self.check("battery/", ("cell/4/ohms", "bms/1", "Amp_Hours_since_last_charge"))
        self.assertRegex(self.published()["battery/cell/1/ohms"], r"^0\.\d{10}$")
        self.assertLess(float(self.published()["battery/status/State_of_Charge"]), 1.0001)

    def test_they_are_those_of_one_battery(self):
        daemon = self.begin("aliases = chargery", boards=2)
        daemon.wait_for_log("another battery fills those topics")
        first, second = self.simulators
        first.command("set current 11")
        second.command("set current 22")
        states = {}

        def both_seen(values):
            states[values["current"]] = values
            return {11, 22} <= set(states)
        self.subscriber.wait_for_json("/state", both_seen)
        seen = self.subscriber.count()
        # Everything has come again by the second of these.
        for _ in range(2):
            self.subscriber.wait_for("chargerybms/soc", start=seen)
            seen = self.subscriber.count()
        shown = {message["payload"] for message in self.subscriber.messages
                 if message["topic"] == "chargerybms/current"} & {"11.0", "22.0"}
        self.assertEqual(len(shown), 1, shown)

    def test_a_silent_board_fills_nothing(self):
        self.begin("aliases = chargery")
        self.subscriber.wait_for("chargerybms/soc")
        self.simulators[0].command("fault silence on")
        self.subscriber.wait_for("/availability", lambda payload: payload == "offline")
        seen = self.subscriber.count()
        # Two heartbeats of everything else.
        for _ in range(2):
            after = self.subscriber.count()
            self.subscriber.wait_for("/state", start=after)
        self.assertFalse([message for message in self.subscriber.messages[seen:]
                          if message["topic"].startswith("chargerybms/")])


class RemainingEnergy(BrokerCase):
    def test_is_shown_where_the_board_measures_it(self):
        self.begin(family="chargery", options=("--cells", "8"))
        state = self.subscriber.wait_for_json("/state", lambda values: values["remaining_kwh"] is not None)
        self.assertGreater(state["remaining_kwh"], 0.1)
        document = self.subscriber.wait_for_json("/config", lambda document: "remaining_kwh" in document["cmps"])
        self.assertEqual(document["cmps"]["remaining_kwh"]["dev_cla"], "energy_storage")


if __name__ == "__main__":
    main()
