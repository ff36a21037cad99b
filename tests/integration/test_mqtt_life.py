"""Batteries that come, change and go at a broker: what Home Assistant is told of them, and what it is told to forget."""

import json
import signal

from broker import Broker, Subscriber
from harness import Daemon, NoBus, Simulator, TestCase, main

GRACE_S = 90  # three times what the driver waits before it forgets a board


class Life(TestCase):
    def setUp(self):
        self.machine = self.start(NoBus)
        self.broker = self.start(Broker)
        self.subscriber = self.start(Subscriber, self.broker)
        self.config = self.config_file(f"[mqtt]\nhost = 127.0.0.1\nport = {self.broker.port}\ninterval = 1\n"
                                       "heartbeat = 5\n")

    def board(self, *options, name="ttyTEST"):
        return self.start(Simulator, *options, directory=str(self.machine.directory), name=name)

    def run_on(self, *boards):
        return self.start(Daemon, self.machine, boards[0].tty, *[board.tty for board in boards[1:]], "--config", self.config)

    def wait_for(self, battery, topic, predicate=lambda values: True, start=0, **limits):
        return self.subscriber.wait_for_json(f"{battery}/{topic}", predicate, start, **limits)

    def held(self):
        """What a late subscriber finds."""
        late = Subscriber(self.broker)
        try:
            return {message["topic"]: message["payload"] for message in late.messages if message["retain"]}
        finally:
            late.stop()

    def documents(self, battery, start=0):
        """The discovery documents of one battery since then, as texts."""
        return [message.get("payload", "") for message in self.subscriber.messages[start:]
                if message["topic"] == f"homeassistant/device/{battery}/config"]


class Several(Life):
    def test_each_battery_of_a_process_is_a_device_of_its_own(self):
        first = self.board("--serial", "ONE")
        second = self.board("--serial", "TWO", name="ttyTWO")
        daemon = self.run_on(first, second)
        for battery, board, current in (("jbd_one", first, 3), ("jbd_two", second, -4)):
            board.command(f"set current {current}")
            self.wait_for(battery, "state", lambda values, wanted=current: values["current"] == wanted)
            self.subscriber.wait_for(f"{battery}/availability", lambda payload: payload == "online")
        documents = {battery: self.wait_for(battery, "config") for battery in ("jbd_one", "jbd_two")}
        ids = [part["uniq_id"] for document in documents.values() for part in document["cmps"].values()]
        self.assertEqual(len(ids), len(set(ids)))
        # One of them goes, the other stays, and the first comes back as what it was.
        seen = self.subscriber.count()
        second.command("unplug")
        self.subscriber.wait_for("jbd_two/availability", lambda payload: payload == "offline", seen)
        first.command("set current 5")
        self.wait_for("jbd_one", "state", lambda values: values["current"] == 5, seen)
        second.command("plug")
        self.subscriber.wait_for("jbd_two/availability", lambda payload: payload == "online", seen)
        availability = [message["payload"] for message in self.subscriber.messages[seen:]
                        if message["topic"].endswith("jbd_one/availability")]
        self.assertEqual(availability, [])
        self.assertEqual(daemon.stop(), 0)
        held = self.held()
        self.assertEqual([held["dbus-bms/jbd_one/availability"], held["dbus-bms/jbd_two/availability"]], ["offline"] * 2)

    def test_two_boards_that_call_themselves_the_same_are_told_apart(self):
        first, second = self.board("--serial", "ONE"), self.board("--serial", "ONE", name="ttyTWO")
        first.command("set current 3")
        second.command("set current -4")
        daemon = self.run_on(first, second)
        daemon.wait_for_log("another battery is known as")
        for current in (3, -4):
            self.subscriber.wait_for_json("/state", lambda values, wanted=current: values["current"] == wanted)
        topics = {message["topic"] for message in self.subscriber.messages if message["topic"].endswith("/state")}
        self.assertEqual(len(topics), 2, topics)


class Cells(Life):
    """A pack that has been built anew behind the same board."""

    def cells_of(self, document):
        return sorted(name for name in document["cmps"] if name.startswith("cell_") and name[5:].isdigit())

    def check_new_pack(self, seen):
        """16 cells have become 14: two entities are taken back by their names, then are no more spoken of."""
        self.wait_for("jbd_one", "cells", lambda cells: len(cells["v"]) == 14, seen)
        last = self.wait_for("jbd_one", "config", lambda document: len(self.cells_of(document)) == 14, seen)
        farewell, newest = (json.loads(text) for text in self.documents("jbd_one", seen)[-2:])
        self.assertEqual(newest, last)
        gone = set(farewell["cmps"]) - set(newest["cmps"])
        self.assertLessEqual({"cell_15", "cell_16"}, gone)
        for name in gone:
            self.assertEqual(list(farewell["cmps"][name]), ["p"])
        self.assertEqual(json.loads(self.held()["dbus-bms/jbd_one/info"])["cells"], 14)

    def test_while_the_driver_runs(self):
        """Nobody believes that until the driver starts anew, as its log says."""
        board = self.board("--serial", "ONE")
        daemon = self.run_on(board)
        self.wait_for("jbd_one", "cells", lambda cells: len(cells["v"]) == 16)
        self.wait_for("jbd_one", "config", lambda document: len(self.cells_of(document)) == 16)
        seen = self.subscriber.count()
        board.stop()
        self.board("--serial", "ONE", "--cells", "14")
        daemon.wait_for_log("the number of cells changed from 16 to 14; restart")
        self.subscriber.wait_for("jbd_one/availability", lambda payload: payload == "offline", seen)
        self.assertEqual(daemon.stop(), 0)
        seen = self.subscriber.count()
        self.run_on(board)
        self.check_new_pack(seen)

    def test_while_it_does_not(self):
        board = self.board("--serial", "ONE")
        daemon = self.run_on(board)
        self.wait_for("jbd_one", "config", lambda document: len(self.cells_of(document)) == 16)
        self.wait_for("jbd_one", "state")
        daemon.stop()
        board.stop()
        seen = self.subscriber.count()
        self.board("--serial", "ONE", "--cells", "14")
        daemon = self.run_on(board)
        self.check_new_pack(seen)
        # From then on the document is the same whenever the driver starts.
        before = self.documents("jbd_one")[-1]
        for end in (signal.SIGTERM, signal.SIGKILL):
            daemon.stop(end)
            seen = self.subscriber.count()
            daemon = self.run_on(board)
            self.wait_for("jbd_one", "state", start=seen)
            self.assertEqual(self.documents("jbd_one", seen)[:1], [before])


class Exchanged(Life):
    def is_forgotten(self, battery, start):
        self.subscriber.wait_for(f"device/{battery}/config", lambda payload: payload in ("", None), start, GRACE_S)
        self.subscriber.wait_for(f"{battery}/info", lambda payload: payload in ("", None), start)
        self.subscriber.wait_for(f"{battery}/availability", lambda payload: payload in ("", None), start)
        self.assertFalse([topic for topic in self.held() if battery in topic])

    def test_a_board_in_the_place_of_another_makes_that_forgotten(self):
        board = self.board("--serial", "ONE")
        daemon = self.run_on(board)
        self.wait_for("jbd_one", "config")
        self.wait_for("jbd_one", "state")
        board.stop()
        seen = self.subscriber.count()
        self.board("--serial", "TWO")
        # The only line of a process ends with its board; who watches over the program starts it anew.
        self.assertEqual(daemon.wait(), 1)
        again = self.run_on(board)
        self.wait_for("jbd_two", "config", start=seen)
        self.is_forgotten("jbd_one", seen)
        again.wait_for_log("jbd_one is forgotten at the broker")
        self.assertIn("homeassistant/device/jbd_two/config", self.held())

    def test_a_board_that_only_went_elsewhere_is_kept(self):
        first, second = self.board("--serial", "ONE"), self.board("--serial", "TWO", name="ttyTWO")
        daemon = self.run_on(first, second)
        for battery in ("jbd_one", "jbd_two"):
            self.wait_for(battery, "config")
            self.wait_for(battery, "state")
        daemon.stop()
        first.stop()
        second.stop()
        seen = self.subscriber.count()
        swapped = [self.board("--serial", "TWO"), self.board("--serial", "ONE", name="ttyTWO"),
                   self.board("--serial", "THREE", name="ttyLAST")]
        # A third one comes after these, and shows when the time is over in which boards would have been forgotten.
        swapped[2].command("fault silence on")
        (self.machine.directory / "state").mkdir(exist_ok=True)
        files = list((self.machine.directory / "state").glob("mqtt-*.topics"))
        self.assertEqual(len(files), 1)
        files[0].write_text(files[0].read_text() + "#ttyLAST jbd_gone\nhomeassistant/device/jbd_gone/config\n"
                            "dbus-bms/jbd_gone/info\ndbus-bms/jbd_gone/availability\n")
        for topic in ("homeassistant/device/jbd_gone/config", "dbus-bms/jbd_gone/info", "dbus-bms/jbd_gone/availability"):
            self.broker.publish(topic, "here", "-r")
        self.run_on(*swapped)
        for battery in ("jbd_one", "jbd_two"):
            self.wait_for(battery, "state", start=seen)
        swapped[2].command("fault silence off")
        self.is_forgotten("jbd_gone", seen)
        held = self.held()
        for battery in ("jbd_one", "jbd_two", "jbd_three"):
            self.assertIn(f"homeassistant/device/{battery}/config", held)


if __name__ == "__main__":
    main()
