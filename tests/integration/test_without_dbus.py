"""A machine without D-Bus: a broker is enough, and what the owner has changed is kept all the same."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time

from broker import Broker, Subscriber
from harness import LIMIT_S, BusClient, Daemon, Failed, NoBus, PrivateBus, Settings, Simulator, TestCase, main


class WithoutBus(TestCase):
    family = "jbd"

    def setUp(self):
        self.machine = self.start(NoBus)
        self.broker = self.start(Broker)
        self.subscriber = self.start(Subscriber, self.broker)
        self.simulator = self.start(Simulator, family=self.family)

    def configured(self, text=""):
        return self.config_file(f"[default]\n{text}[mqtt]\nport = {self.broker.port}\ninterval = 1\nheartbeat = 5\n"
                                "commands = all\n")

    def run_driver(self, *options, config="", wait=True):
        seen = self.subscriber.count()
        daemon = self.start(Daemon, self.machine, self.simulator.tty, "--config", self.configured(config),
                            "--mqtt-host", "127.0.0.1", *options, family=self.family)
        if wait:
            self.subscriber.wait_for("/state", start=seen)
        return daemon

    def order(self, name, payload):
        topic = next(m["topic"] for m in self.subscriber.messages if m["topic"].endswith("/state"))
        seen = self.subscriber.count()
        self.broker.publish(topic.removesuffix("state") + "command/" + name, payload)
        return self.subscriber.wait_for_json("/command/result", lambda answer: answer["name"] == name, seen)


class Outlets(WithoutBus):
    """What is configured decides where a battery is seen."""

    def test_the_only_thing_needed_is_a_broker(self):
        daemon = self.run_driver()
        said = [line for line in daemon.log if "without D-Bus" in line]
        self.assertEqual(len(said), 1, daemon.log)
        self.simulator.command("set current 12.3")
        self.subscriber.wait_for_json("/state", lambda values: values["current"] == 12.3)
        self.assertEqual(daemon.stop(), 0)
        self.subscriber.wait_for("/status", lambda payload: payload == "offline")

    def test_a_bus_without_localsettings_is_none(self):
        bus = self.start(PrivateBus)
        daemon = self.start(Daemon, bus, self.simulator.tty, "--config", self.configured(), "--mqtt-host", "127.0.0.1")
        self.subscriber.wait_for("/state")
        daemon.wait_for_log(r"without D-Bus \(com.victronenergy.settings is not on the bus\)")

    def test_with_localsettings_it_is_on_both(self):
        bus = self.start(PrivateBus)
        self.start(Settings, bus)
        client = self.start(BusClient, bus, "com.victronenergy.battery.ttyTEST")
        daemon = self.start(Daemon, bus, self.simulator.tty, "--config", self.configured(), "--mqtt-host", "127.0.0.1")
        self.subscriber.wait_for("/state")
        client.wait_for_name()
        self.assertFalse([line for line in daemon.log if "without D-Bus" in line])

    def test_no_means_no_although_there_is_a_bus(self):
        bus = self.start(PrivateBus)
        self.start(Settings, bus)
        for options, config in ((("--dbus", "no"), ""), ((), "dbus = no\n")):
            with self.subTest(options=options):
                seen = self.subscriber.count()
                daemon = self.start(Daemon, bus, self.simulator.tty, "--config", self.configured(config),
                                    "--mqtt-host", "127.0.0.1", *options)
                self.subscriber.wait_for("/state", start=seen)
                self.assertFalse([line for line in daemon.log if "on the bus as" in line])
                daemon.stop()

    def test_yes_needs_one(self):
        daemon = self.run_driver("--dbus", "yes", wait=False)
        self.assertEqual(daemon.wait(), 3)
        self.assertTrue([line for line in daemon.log if "is needed" in line], daemon.log)

    def test_without_a_broker_it_says_that_one_is_enough(self):
        daemon = self.start(Daemon, self.machine, self.simulator.tty)
        self.assertEqual(daemon.wait(), 3)
        said = [line for line in daemon.log if "critical" in line]
        self.assertEqual(len(said), 1, daemon.log)
        self.assertRegex(said[0], r"no bus: Failed .*is needed: .* name a broker: host of .mqtt. in config.ini, or --mqtt-host HOST; see docs/mqtt.md")
        self.assertNotIn("org.freedesktop", said[0])

    def test_a_broker_that_cannot_be_one_is_a_fault_of_the_configuration(self):
        self.machine.directory.joinpath("config.ini").write_text("[mqtt]\nhost = x:1883\n")
        daemon = self.start(Daemon, self.machine, self.simulator.tty)
        self.assertEqual(daemon.wait(), 2)
        self.assertTrue([line for line in daemon.log if "the port is an option of its own" in line], daemon.log)
        self.assertTrue([line for line in daemon.log if "cannot be used, see above" in line], daemon.log)

    def test_a_run_directory_that_cannot_be_made_is_said_in_plain_words(self):
        self.machine.directory.joinpath("run").write_text("")
        daemon = self.start(Daemon, self.machine, self.simulator.tty)
        daemon.wait()
        said = [line for line in daemon.log if "nobody can ask by hand" in line]
        self.assertEqual(len(said), 1, daemon.log)
        self.assertRegex(said[0], r"ttyTEST\.sock cannot be made: Not a directory; .*--run-dir names another directory$")

    def test_a_bank_needs_a_bus(self):
        config = self.configured("\n[bank big]\nmembers = a, b\n\n")
        directories = ("--state-dir", f"{self.machine.directory}/state", "--run-dir", f"{self.machine.directory}/run")
        done = subprocess.run([os.environ["DBUS_BMS"], "bank", "--config", config, *directories],
                              env=self.machine.env, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("a bank needs D-Bus, also where [mqtt] names a broker: Failed", done.stdout)
        self.assertNotIn("org.freedesktop", done.stdout)

    def test_seen_nowhere_is_a_mistake(self):
        daemon = self.start(Daemon, self.machine, self.simulator.tty, "--dbus", "no")
        self.assertEqual(daemon.wait(), 2)
        self.assertTrue([line for line in daemon.log if "seen nowhere" in line], daemon.log)

    def test_another_driver_with_the_same_board_takes_another_name(self):
        self.run_driver()
        twin = self.start(Simulator, name="ttyTWIN")
        seen = self.subscriber.count()
        daemon = self.start(Daemon, self.machine, twin.tty, "--config", self.configured(), "--mqtt-host", "127.0.0.1")
        daemon.wait_for_log("another battery is known as")
        self.subscriber.wait_for("_ttytwin/state", start=seen)


class Owner(WithoutBus):
    """What the owner has changed is in force after every restart, however the program has ended."""

    def settings(self, start=0):
        return self.subscriber.wait_for_json("/state", start=start)["settings"]

    def test_settings_outlive_restarts(self):
        for end in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(end=end):
                daemon = self.run_driver()
                current = 20 if end == signal.SIGTERM else 21
                self.assertTrue(self.order("max_charge_current", str(current))["ok"])
                self.assertTrue(self.order("charge_blocked", "ON")["ok"])
                daemon.stop(end)
                seen = self.subscriber.count()
                again = self.run_driver()
                kept = self.settings(seen)
                self.assertEqual([kept["max_charge_current"], kept["charge_blocked"]], [current, 1])
                self.assertTrue(self.order("charge_blocked", "OFF")["ok"])
                self.subscriber.wait_for_json("/state", lambda values: values["settings"]["charge_blocked"] == 0, seen)
                again.stop()

    def test_the_state_of_charge_outlives_one(self):
        daemon = self.run_driver(config="soc_source = own\n")
        self.assertTrue(self.order("soc", "33")["ok"])
        self.subscriber.wait_for_json("/state", lambda values: values["soc"] == 33)
        daemon.stop()
        seen = self.subscriber.count()
        self.run_driver(config="soc_source = own\n")
        self.assertAlmostEqual(self.subscriber.wait_for_json("/state", start=seen)["soc"], 33, delta=0.5)

    def test_what_is_configured_cannot_be_exceeded(self):
        daemon = self.run_driver(config="max_charge_current = 60\n")
        self.assertTrue(self.order("max_charge_current", "50")["ok"])
        daemon.stop()
        seen = self.subscriber.count()
        daemon = self.run_driver(config="max_charge_current = 10\n")
        self.assertEqual(self.settings(seen)["max_charge_current"], 10)
        daemon.stop()
        seen = self.subscriber.count()
        self.run_driver(config="max_charge_current = 60\n")
        self.assertEqual(self.settings(seen)["max_charge_current"], 50)


class Fets(WithoutBus):
    """The FETs of a board, by way of the same orders as on D-Bus."""

    def outcome(self, name, seen):
        """The second answer: what the BMS has done."""
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            answers = [json.loads(m["payload"]) for m in self.subscriber.messages[seen:]
                       if m["topic"].endswith("/command/result")]
            answers = [answer for answer in answers if answer["name"] == name]
            if len(answers) > 1:
                return answers[1]
            time.sleep(0.05)
        raise Failed(f"{name} is not answered a second time")

    def test_are_switched_and_answered_twice(self):
        self.run_driver(config="writes = switches\n")
        self.assertIn("set_charge_fet", self.subscriber.wait_for_json("/config")["cmps"])
        for payload, closed in (("OFF", 0), ("ON", 1)):
            seen = self.subscriber.count()
            self.assertTrue(self.order("charge_fet", payload)["ok"])
            self.assertTrue(self.outcome("charge_fet", seen)["ok"])
            self.subscriber.wait_for_json("/state", lambda values, wanted=closed: values["charge_fet"] == wanted, seen)
        self.assertEqual(self.subscriber.wait_for_json("/state")["discharge_fet"], 1)

    def test_are_not_there_unless_writes_permits_it(self):
        self.run_driver(config="writes = limits\n")
        self.assertNotIn("set_charge_fet", self.subscriber.wait_for_json("/config")["cmps"])
        for fet in ("charge_fet", "discharge_fet"):
            answer = self.order(fet, "OFF")
            self.assertFalse(answer["ok"])
            self.assertIn("writes", answer["error"])
        self.assertEqual(self.subscriber.wait_for_json("/state")["charge_fet"], 1)

    def test_anything_but_on_and_off_is_refused(self):
        self.run_driver(config="writes = switches\n")
        for payload in ("2", "-1", "0.5", "off", "toggle"):
            self.assertFalse(self.order("discharge_fet", payload)["ok"], payload)
        self.assertEqual(self.subscriber.wait_for_json("/state")["discharge_fet"], 1)


class Watched(WithoutBus):
    """`watch` asks the driver itself."""

    def watch(self, *words, code=0):
        done = subprocess.run([os.environ["DBUS_BMS"], "watch", *words, "--run-dir", f"{self.machine.directory}/run"],
                              env=dict(self.machine.env, LC_ALL="C.UTF-8"), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_shows_what_the_driver_knows(self):
        self.run_driver()
        self.simulator.command("set soc 42")
        self.subscriber.wait_for_json("/state", lambda values: values["soc"] == 42)
        for words in ([], ["ttyTEST"], ["com.victronenergy.battery.ttyTEST"]):
            shown = self.watch("--once", *words)
            self.assertRegex(shown, r"42(\.0)? %")
            self.assertIn("ttyTEST", shown)
            self.assertIn("Cells", shown)

    def test_says_what_is_not_there(self):
        alone = self.watch("--once", code=3)
        self.assertIn("no bus", alone)
        self.assertIn(f"no driver is running either (looked in {self.machine.directory}/run)", alone)
        self.run_driver()
        self.assertIn("no battery is called 'ttyOTHER'; there are ttyTEST (", self.watch("--once", "ttyOTHER", code=1))

    def test_waits_for_a_board_that_is_looked_for(self):
        self.simulator.command("fault silence on")
        daemon = self.run_driver(wait=False)
        daemon.wait_for_log("looking for")
        self.assertIn("still looking", self.watch("--once", "--wait", "1", code=1))

    def test_is_live_and_survives_the_driver(self):
        daemon = self.run_driver()
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        watch = subprocess.Popen([os.environ["DBUS_BMS"], "watch", "--run-dir", f"{self.machine.directory}/run"],
                                 env=dict(self.machine.env, LC_ALL="C.UTF-8", TERM="xterm", NO_COLOR="1"),
                                 stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        self.addCleanup(watch.kill)
        seen = b""

        def until(pattern):
            nonlocal seen
            deadline = time.monotonic() + LIMIT_S
            while not re.search(pattern, seen):
                self.assertLess(time.monotonic(), deadline, seen[-2000:])
                self.assertIsNone(watch.poll(), seen[-2000:])
                if select.select([master], [], [], 0.2)[0]:
                    seen += os.read(master, 65536)
            seen = b""

        until(rb"ttyTEST")
        self.simulator.command("set soc 43")
        until(rb"43(\.0)? %")
        daemon.stop()
        until(rb"(?i)gone|left|waiting")
        self.run_driver()
        until(rb"43(\.0)? %")
        watch.send_signal(signal.SIGTERM)
        self.assertEqual(watch.wait(LIMIT_S), 0)


if __name__ == "__main__":
    main()
