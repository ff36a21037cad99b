"""A board that its owner leaves to a phone for a while, by an item or by the console, and how it comes back."""

import json
import os
import subprocess

from bluez_case import OnAir
from harness import main

RELEASE, STATE = "/Settings/Bluetooth/Release", "/Info/Link/State"
CABLE, CVL, CCL, VOLTAGE = "/Alarms/BmsCable", "/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent", "/Dc/0/Voltage"


class Console(OnAir):
    def console(self, *words, code=0):
        done = subprocess.run([os.environ["DBUS_BMS"], *words, "--run-dir", self.bus.directory / "run", "--config",
                               "/dev/null", "--json"], env=self.bus.env, capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)


class Release(Console):
    def give(self, board, client, minutes=10):
        """Leaves the board to others; where the stand-in has been called from then on."""
        mark = self.bluez.mark()
        self.assertEqual(client.set(RELEASE, minutes), 0)
        self.bluez.wait_for_call("Disconnect", board.address, mark)
        return mark

    def levels(self, client, since):
        return [change.items[CABLE].value for change in client.changes[since:] if CABLE in change.items]

    def test_it_is_free_until_it_is_taken_back(self):
        board, daemon, client = self.one()
        self.assertEqual(client.get(RELEASE), 0)
        self.assertEqual(client.get(STATE), "connected")
        mark = self.give(board, client)
        client.wait_for_value(RELEASE, 10)
        client.wait_for(lambda items: "left to a phone" in items[STATE].value)
        daemon.wait_for_log(r"left to a phone for 10 min \(D-Bus\)")
        client.wait_for_value(CCL, 0)
        client.wait_for_value(VOLTAGE, None)
        client.wait_for_value(CABLE, 1)
        self.assertEqual(self.bluez.calls("Connect", mark), [], "the phone has it")
        self.assertEqual(self.bluez.calls("StartDiscovery", mark), [])
        self.assertEqual(client.set(RELEASE, 0), 0)
        self.show(board, client, 5)
        client.wait_for_value(CABLE, 0)
        self.assertEqual(client.get(RELEASE), 0)
        self.assertEqual(client.get("/Info/Link/LossesPerDay"), 0, "it was no loss")
        self.assertIsNone(client.get("/Info/Link/LongestGap"))

    def test_it_is_taken_back_when_the_time_is_over(self):
        board, daemon, client = self.one()
        mark = self.give(board, client, 0.05)
        self.bluez.wait_for_call("Connect", board.address, mark)
        daemon.wait_for_log("is back")
        self.show(board, client, 5)
        client.wait_for_value(RELEASE, 0)

    def test_another_wish_counts_from_now_on(self):
        board, _daemon, client = self.one()
        mark = self.give(board, client, 60)
        client.wait_for_value(RELEASE, 60)
        self.assertEqual(client.set(RELEASE, 0.05), 0)
        self.bluez.wait_for_call("Connect", board.address, mark)
        self.show(board, client, 5)

    def test_control_is_given_up_as_at_any_silence_but_without_the_alarm(self):
        board, _daemon, client = self.one(own="stale_after = 3\nrelease_after = 10\n")
        since = len(client.changes)
        self.give(board, client)
        client.wait_for_value(CVL, None)
        for limit in (CCL, "/Info/MaxDischargeCurrent"):
            self.assertIsNone(client.get(limit))
        self.assertEqual(client.set(RELEASE, 0), 0)
        self.show(board, client, 5)
        client.wait_for_value(CABLE, 0)
        self.assertEqual(self.levels(client, since), [1, 0], "a warning that ends with contact")

    def test_a_board_that_is_away_is_not_waited_for_meanwhile(self):
        board, _daemon, client = self.one()
        board.set("near", "off")
        mark = self.bluez.mark()
        self.bluez.wait_for_call("Connect", board.address, mark)
        mark = self.give(board, client)
        board.set("near", "on")
        client.wait_for_value(VOLTAGE, None)
        self.assertEqual(self.bluez.calls("Connect", mark), [])
        self.assertEqual(client.set(RELEASE, 0), 0)
        self.show(board, client, 5)

    def test_more_than_an_hour_and_less_than_nothing_are_refused(self):
        _board, _daemon, client = self.one()
        for minutes in (61, -1, 1e9, "ten"):
            self.assertNotEqual(client.set(RELEASE, minutes), 0, minutes)
        self.assertEqual(client.get(STATE), "connected")

    def test_who_may_change_nothing_may_not(self):
        _board, _daemon, client = self.one(own="writes = no\n")
        self.assertNotEqual(client.set(RELEASE, 10), 0)
        self.assertEqual(self.console("release", code=5)["error"]["kind"], "forbidden")
        self.assertEqual(client.get(STATE), "connected")


class ByHand(Console):
    def test_the_console_leaves_one_of_two_to_a_phone_and_takes_it_back(self):
        boards = [self.board(0), self.board(1)]
        self.run_boards(*boards)
        clients = [self.client_of(board) for board in boards]
        for board, client in zip(boards, clients):
            self.show(board, client, 3)
        mark = self.bluez.mark()
        left = self.console("release", boards[1].address.lower(), "--minutes", "20")
        self.assertEqual(left["results"][0]["after"], 20)
        self.bluez.wait_for_call("Disconnect", boards[1].address, mark)
        clients[1].wait_for_value(RELEASE, 20)
        self.assertEqual(self.bluez.connected(), [boards[0].address])
        watched = subprocess.run([os.environ["DBUS_BMS"], "watch", boards[1].name, "--once"], env=self.bus.env,
                                 capture_output=True, text=True, timeout=60, check=True)
        self.assertIn("LEFT TO A PHONE", watched.stdout)
        self.console("release", boards[1].name, "--end")
        self.show(boards[1], clients[1], 5)
        self.assertEqual(clients[0].get("/Info/Link/LossesPerDay"), 0)

    def test_what_is_read_by_cable_cannot_be_left(self):
        _simulator, _daemon, client = self.battery(name="ttyWIRED")
        self.assertNotIn(RELEASE, client.items)
        self.assertEqual(self.console("release", code=4)["error"]["kind"], "unsupported")

    def test_an_address_that_nobody_reads_is_said(self):
        self.assertEqual(self.console("release", "A4:C1:37:00:00:0F", code=1)["error"]["kind"], "silent")


if __name__ == "__main__":
    main()
