"""A mosquitto of our own on a port of its own, and a subscriber that follows everything on it."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from harness import LIMIT_S, Failed, Process


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """`lines`: more of its configuration. It can be stopped and started again on the same port."""

    def __init__(self, *lines, port=None):
        self.directory = Path(tempfile.mkdtemp(prefix="broker-"))
        self.port = port or free_port()
        self.lines = lines
        self.process = None
        self.begin()

    def begin(self):
        anonymous = "" if any("password_file" in line for line in self.lines) else "allow_anonymous true\n"
        file = self.directory / "mosquitto.conf"
        user = pwd.getpwuid(os.getuid()).pw_name
        file.write_text(f"user {user}\nlistener {self.port} 127.0.0.1\n{anonymous}" + "\n".join(self.lines) + "\n")
        self.process = Process("mosquitto", ["/usr/sbin/mosquitto", "-c", file], output="both")
        self.process.wait_for_line(r"mosquitto version .* running")

    def end(self, number=signal.SIGKILL):
        self.process.stop(number)

    def publish(self, topic, payload, *options):
        """Publishes, and waits until the broker has it."""
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1", "-t", topic,
                        *(["-m", payload] if payload else ["-n"]), *options], check=True, timeout=LIMIT_S)

    def stop(self):
        self.end()
        shutil.rmtree(self.directory, ignore_errors=True)


class Subscriber:
    """Follows all topics. `messages` is everything that came: topic, payload, retain."""

    def __init__(self, broker, *options):
        self.process = Process("mosquitto_sub", ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(broker.port), "-q", "1",
                                                 "-t", "#", "-F", "%j", *options], output="both")
        # What it publishes itself comes back when it has subscribed.
        deadline = time.monotonic() + LIMIT_S
        while not any('"here"' in line for line in list(self.process.lines)):
            if time.monotonic() > deadline:
                raise Failed("no message of our own within the limit:\n" + "\n".join(self.process.lines))
            broker.publish("here", "here", *options)

    @property
    def messages(self):
        parsed = (json.loads(line) for line in list(self.process.lines) if line.startswith("{"))
        return [message for message in parsed if message["topic"] != "here"]

    def wait_for(self, topic, predicate=lambda payload: True, start=0, limit_s=LIMIT_S):
        """The payload of the first message from number `start` on, for a topic with this end, that fits."""
        deadline = time.monotonic() + limit_s
        while True:
            for message in self.messages[start:]:
                if message["topic"].endswith(topic) and predicate(message.get("payload", "")):
                    return message.get("payload", "")
            if time.monotonic() > deadline:
                came = "\n".join(str(message) for message in self.messages[-20:])
                raise Failed(f"no fitting message for ...{topic} within {limit_s} s; there came:\n{came}")
            time.sleep(0.05)

    def wait_for_json(self, topic, predicate=lambda values: True, start=0, limit_s=LIMIT_S):
        return json.loads(self.wait_for(topic, lambda payload: predicate(json.loads(payload)), start, limit_s))

    def count(self):
        return len(self.messages)

    def stop(self):
        self.process.stop()
