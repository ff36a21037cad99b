"""What tests of a broker begin with: Debian's mosquitto, a simulated board, the daemon, and D-Bus beside it."""

from broker import Broker, Subscriber
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase


class MqttCase(TestCase):
    family = "jbd"

    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        self.simulator = self.start(Simulator, family=self.family)
        self.client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")

    def run_with(self, broker_port, *lines):
        config = self.config_file(f"[mqtt]\nhost = 127.0.0.1\nport = {broker_port}\ninterval = 1\nheartbeat = 5\n"
                                  + "".join(line + "\n" for line in lines))
        self.config = config
        return self.start(Daemon, self.bus, self.simulator.tty, "--config", config, family=self.family)

    def with_broker(self, *lines):
        self.broker = self.start(Broker)
        self.subscriber = self.start(Subscriber, self.broker)
        return self.run_with(self.broker.port, *lines)

    def order(self, name, payload, *options):
        """The answer to a command."""
        seen = self.subscriber.count()
        self.broker.publish(self.prefix + name, payload, *options)
        return self.subscriber.wait_for_json("/command/result", lambda answer: answer["name"] == name, seen)

    def begin(self, *lines):
        daemon = self.with_broker(*lines)
        self.subscriber.wait_for("/state")
        self.prefix = self.topic_of("/state").removesuffix("state") + "command/"
        self.client.wait_for(lambda items: "/Settings/MaxChargeCurrent" in items)
        return daemon

    def battery_lives(self, current):
        """D-Bus shows what the board measures, whatever the broker does."""
        self.simulator.command(f"set current {current}")
        self.client.wait_for(lambda items: items.get("/Dc/0/Current") and items["/Dc/0/Current"].value == current)

    def topic_of(self, end):
        return next(message["topic"] for message in self.subscriber.messages if message["topic"].endswith(end))
