"""What a broker and its clients may do to a driver: go and come, flood, order nonsense. BMS_WHOLE=1 does so for as long as
an owner would; otherwise a little of it is enough for every day."""

import json
import os
import random
import subprocess
import time

import memory
from broker import Subscriber
from harness import main
from mqtt_case import MqttCase

WHOLE = "BMS_WHOLE" in os.environ
BROKER_RESTARTS = 20 if WHOLE else 3
FLOOD_S = 600 if WHOLE else 5
FLOOD_BYTES_PER_S = 1_000_000
HOSTILE_COMMANDS = 10_000 if WHOLE else 500
STEADY_POLLS = 600 if WHOLE else 10
LEAK_KB = 1024

NAMES = ["max_charge_current", "max_discharge_current", "absorption_cell_voltage", "float_cell_voltage", "charge_blocked",
         "discharge_blocked", "full_charge_days", "soc_source", "soc", "clear_history", "charge_fet", "discharge_fet"]
# Nothing of this is a value of any of them.
NONSENSE = ["nan", "-inf", "0x10", "1e1", "12 A", " 1", "1;2", "-1", "on", "{}", "[1]", "null", "true", "9" * 25, "9" * 3000,
            "99999", "-0.5", "1.5.5", "\u0661", "'; drop", "$(reboot)", "\x1b[31m"]


class Storms(MqttCase):
    def check_memory(self, daemon, before_kb):
        if memory.CAN_BE_JUDGED:
            self.assertLess(memory.private_kb(daemon.pid), before_kb + LEAK_KB)

    def test_values_are_the_same_on_both_sides_poll_by_poll(self):
        self.begin()
        for poll in range(STEADY_POLLS):
            current = round(1 + poll % 50 / 10, 1)
            seen = self.subscriber.count()
            self.simulator.command(f"set current {current}")
            state = self.subscriber.wait_for_json("/state", lambda values, wanted=current: values["current"] == wanted, seen)
            self.client.wait_for(lambda items, wanted=current: items["/Dc/0/Current"].value == wanted)
            self.assertEqual(state["voltage"], self.client.items["/Dc/0/Voltage"].value)

    def test_a_broker_that_is_killed_again_and_again(self):
        daemon = self.begin()
        before = memory.private_kb(daemon.pid)
        for restart in range(BROKER_RESTARTS):
            self.broker.end()
            self.battery_lives(restart % 40 + 1)
            self.broker.begin()
            subscriber = self.start(Subscriber, self.broker)
            for end in ("/config", "/info", "/availability", "/cells"):
                subscriber.wait_for(end, limit_s=60)
            subscriber.wait_for_json("/state", lambda values, wanted=restart % 40 + 1: values["current"] == wanted)
            subscriber.stop()
        self.check_memory(daemon, before)
        self.assertEqual(daemon.stop(), 0)

    def test_a_flood_of_messages_of_others(self):
        """What is not for the driver costs it nothing; what is, below its own commands, is dropped."""
        daemon = self.begin("commands = all")
        before = memory.private_kb(daemon.pid)
        payload = "9" * 10_000
        for topic in ("somebody/else", self.prefix + "max_charge_current"):
            flood = subprocess.Popen(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker.port), "-l", "-t", topic],
                                     stdin=subprocess.PIPE, text=True)
            end = time.monotonic() + FLOOD_S / 2
            current = 0
            while time.monotonic() < end:
                for _ in range(FLOOD_BYTES_PER_S // len(payload)):
                    flood.stdin.write(payload + "\n")
                flood.stdin.flush()
                current = current % 40 + 1
                self.battery_lives(current)
            flood.stdin.close()
            self.assertEqual(flood.wait(60), 0)
        self.check_memory(daemon, before)
        self.assertLess(len(daemon.log), 450)  # of which 400 are the most that pass the log at once
        self.assertEqual(daemon.stop(), 0)

    def test_hostile_commands_change_nothing(self):
        chance = random.Random(1)
        daemon = self.begin("commands = all", "[default]", "writes = switches")
        paths = [path for path in self.client.items if path.startswith("/Settings/") and path != "/Settings/Soc"]
        before = {path: self.client.get(path) for path in paths}
        history = {path: item.value for path, item in self.client.items.items() if path.startswith("/History/")}
        tried = 0
        while tried < HOSTILE_COMMANDS:
            name = chance.choice([*NAMES, "../soc", "nothing", "soc/x", "x" * 300])
            batch = "\n".join(chance.choice(NONSENSE) for _ in range(50)) + "\n"
            subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.broker.port), "-l", "-t", self.prefix + name],
                           input=batch, text=True, check=True, timeout=60)
            tried += 50
        self.battery_lives(17)
        # One that is meant is obeyed as soon as it is its turn.
        self.client.wait_until(lambda: self.order("full_charge_days", "7")["ok"], "a command that is obeyed", 60)
        self.client.wait_for_value("/Settings/FullChargeDays", 7)
        after = {path: self.client.get(path) for path in paths}
        before["/Settings/FullChargeDays"] = 7
        self.assertEqual(after, before)
        for path in ("/History/ChargeCycles", "/History/DeepestDischarge"):
            self.assertEqual(self.client.items[path].value, history[path])
        answers = [json.loads(message["payload"]) for message in self.subscriber.messages
                   if message["topic"].endswith("/result")]
        self.assertEqual({answer["name"] for answer in answers if answer["ok"]}, {"full_charge_days"})
        self.assertLess(len(daemon.log), 200)
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    main()
