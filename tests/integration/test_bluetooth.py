"""Boards without a cable: several in one process by a stand-in for BlueZ, lost and found in every way that is known."""

import signal

import bluetooth_cases
from bluez import ADAPTER
from bluez_case import OnAir
from harness import Daemon, Simulator, main

JBD = "A4:C1:37:00:00:01"
STRANGER = "C8:47:80:00:00:09"
FAILED = "org.bluez.Error.Failed"


class Shared(OnAir, bluetooth_cases.Cases):
    pass


class Together(OnAir):
    def test_four_boards_of_three_families_in_one_process(self):
        boards = [self.board(0), self.board(1), self.board(2, family="daly"), self.board(3, family="ant")]
        daemon = self.run_boards(*boards)
        clients = [self.client_of(board) for board in boards]
        for number, (board, client) in enumerate(zip(boards, clients)):
            self.show(board, client, 3 + number)
            self.assertEqual(client.get("/Mgmt/Connection"), board.address)
        self.assertEqual(len({client.wait_for_name() for client in clients}), 4, "each has a connection of its own")
        self.assertEqual(len({client.get("/DeviceInstance") for client in clients}), 4)
        self.assertEqual(self.bluez.calls("StartDiscovery"), [], "boards that are known need no scan")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.bluez.connected(), [], "each is free again")

    def test_the_family_is_found_out(self):
        boards = [self.board(0), self.board(1, family="daly"), self.board(2, family="ant")]
        sections = "".join(f"[battery {board.address}]\n" for board in boards)
        self.start(Daemon, self.bus, "--bluetooth", "--config", self.config_file(sections), family=None)
        for board in boards:
            self.show(board, self.client_of(board), 4)

    def test_beside_a_serial_port(self):
        board = self.board()
        wired = self.start(Simulator, name="ttyJBD", family="jbd")
        config = self.config_file(f"[battery {board.address.lower()}]\nbms = jbd\n[battery ttyJBD]\nbms = jbd\n")
        self.start(Daemon, self.bus, wired.tty, "--bluetooth", "--config", config, family=None)
        self.show(board, self.client_of(board), 5)

    def test_one_that_is_away_does_not_hold_up_the_others(self):
        there, away = self.board(0), self.board(1)
        away.set("near", "off")
        self.run_boards(away, there)
        client = self.client_of(there)
        self.show(there, client, 5)
        away.set("near", "on")
        self.show(away, self.client_of(away), 6)
        there.drop()
        self.show(there, client, 7)

    def test_without_a_board_it_says_what_is_missing(self):
        daemon = self.start(Daemon, self.bus, "--bluetooth", family=None)
        self.assertEqual(daemon.wait(), 2)
        self.assertIn("[battery A4:C1:37:00:00:23]", "\n".join(daemon.log))


class Scanning(OnAir):
    def test_a_board_that_nobody_has_been_connected_with_is_found_by_a_scan(self):
        self.bluez.command("board", STRANGER, "somebody")
        board, _daemon, _client = self.one(known=None)
        self.bluez.wait_for_call("StopDiscovery", "hci0")
        self.assertEqual(self.bluez.calls("Connect"), [board.address], "nobody else is connected")

    def test_a_scan_that_others_prevent_is_said_and_what_they_find_is_used(self):
        self.bluez.command("fail", "hci0", "StartDiscovery", "org.bluez.Error.InProgress", "Operation already in progress",
                           -1)
        board = self.board(known=None)
        daemon = self.run_boards(board)
        daemon.wait_for_log("another program scans on this adapter")
        self.bluez.command("know", board.address, "hci0")
        self.show(board, self.client_of(board), 4)

    def test_an_adapter_that_is_off_is_said_and_waited_for(self):
        self.bluez.command("power", "hci0", "off")
        board = self.board()
        daemon = self.run_boards(board)
        daemon.wait_for_log("the Bluetooth adapter hci0 is switched off", limit_s=60)
        self.bluez.command("power", "hci0", "on")
        self.show(board, self.client_of(board), 4)

    def test_others_are_never_touched(self):
        self.bluez.command("board", STRANGER, "somebody")
        self.bluez.command("know", STRANGER, "hci0")
        board, daemon, client = self.one()
        board.set("ghost", "on")
        board.drop()
        self.show(board, client, 4)
        daemon.stop()
        for method in ("Connect", "Disconnect", "RemoveDevice"):
            self.assertNotIn(STRANGER, self.bluez.calls(method))
        self.assertEqual(self.bluez.calls("Set"), [], "adapters are never switched")


class LostAndFound(OnAir):
    def test_a_short_loss_is_no_alarm(self):
        board, daemon, client = self.one()
        before = len(client.changes)
        for number in range(3):
            mark = len(daemon.log)
            board.drop()
            daemon.wait_for_log("is back", mark)
            self.show(board, client, 4 + number)
        for change in client.changes[before:]:
            self.assertFalse((change.items.get("/Alarms/BmsCable") or (0,))[0], "an alarm for a short loss")
            self.assertNotEqual((change.items.get("/Info/MaxChargeCurrent") or (1,))[0], 0)
        self.assertEqual(client.get("/Info/Link/LossesPerDay"), 3)

    def test_bluez_comes_after_the_start(self):
        board = self.board()
        self.bluez.command("bluez-off")
        daemon = self.run_boards(board)
        daemon.wait_for_log("BlueZ does not run", limit_s=60)
        self.bluez.command("bluez-on")
        self.show(board, self.client_of(board), 4)

    def test_the_adapter_comes_back_under_another_number(self):
        boards = [self.board(0), self.board(1, family="daly")]
        daemon = self.run_boards(*boards, more=f"[bluetooth]\nadapter = {ADAPTER}\n")
        clients = [self.client_of(board) for board in boards]
        for board, client in zip(boards, clients):
            self.show(board, client, 3)
        self.bluez.command("unplug", "hci0")
        daemon.wait_for_log(f"the Bluetooth adapter {ADAPTER} is not there", limit_s=60)
        self.bluez.command("adapter", "hci2", "00:00:00:00:00:99")
        self.bluez.command("adapter", "hci1", ADAPTER)
        for board, client in zip(boards, clients):
            self.show(board, client, 5)

    def test_a_connection_of_an_earlier_life_is_used(self):
        board, daemon, _client = self.one()
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        self.assertEqual(self.bluez.connected(), [board.address])
        mark = self.bluez.mark()
        self.run_boards(board)
        self.show(board, self.client_of(board), 6)
        self.assertEqual(self.bluez.calls("Connect", mark), [])

    def test_a_board_that_falls_silent_is_connected_anew(self):
        board, _daemon, client = self.one()
        mark = self.bluez.mark()
        board.set("deaf_to", "all")
        client.wait_for_value("/Info/MaxChargeCurrent", 0)
        self.bluez.wait_for_call("Disconnect", board.address, mark, limit_s=90)
        self.bluez.wait_for_call("Connect", board.address, mark, limit_s=90)
        board.set("deaf_to", "")
        self.show(board, client, 5)


class Faults(OnAir):
    # What a call is refused with, and what the log says of it.
    ROWS = (
        ("Connect", FAILED, "le-connection-abort-by-local", "it is not reached"),
        ("Connect", FAILED, "Software caused connection abort", "it is not reached"),
        ("Connect", FAILED, "le-connection-abort-by-remote", "the board hung up at once"),
        ("Connect", FAILED, "br-connection-canceled", "another program called the connection off"),
        ("Connect", FAILED, "le-connection-refused", "the board refused the connection"),
        ("Connect", FAILED, "le-connection-busy", "the adapter is busy"),
        ("Connect", "org.bluez.Error.NotReady", "Resource Not Ready", "the adapter is switched off"),
        ("Connect", "org.freedesktop.DBus.Error.UnknownObject", "gone", "not known to BlueZ any more"),
        ("StartNotify", "org.bluez.Error.NotPermitted", "Notify acquired", "another program has its notifications"),
        ("StartNotify", FAILED, "Operation failed with ATT error: 0x80", "the connection cannot be used"),
        ("WriteValue", FAILED, "Not connected", "the connection was lost"),
        ("WriteValue", FAILED, "Failed to initiate write", "the connection cannot be used"),
    )

    def test_each_error_is_named_and_overcome(self):
        board, daemon, client = self.one()
        for number, (method, error, text, said) in enumerate(self.ROWS):
            with self.subTest(error=text, at=method):
                mark = len(daemon.log)
                board.fail(method, error, text)
                if method != "WriteValue":
                    board.drop()
                daemon.wait_for_log(said, mark)
                self.show(board, client, 10 + number)

    def test_a_connection_that_another_client_is_making_is_waited_for(self):
        board, _daemon, client = self.one()
        mark = self.bluez.mark()
        board.fail("Connect", FAILED, "Operation already in progress")
        board.drop()
        self.bluez.wait_for_call("Connect", board.address, mark)
        self.bluez.command("come-up", board.address)
        self.show(board, client, 4)
        self.assertEqual(self.bluez.calls("Connect"), [board.address] * 2)

    def test_an_adapter_without_room_is_said(self):
        board = self.board()
        board.fail("Connect", FAILED, "le-connection-concurrent-connection-limit")
        self.run_boards(board).wait_for_log("no room for another connection; a second adapter helps")

    def test_a_board_that_wants_to_be_paired_is_said_and_not_pressed(self):
        board = self.board()
        board.fail("StartNotify", "org.bluez.Error.NotAuthorized", "Not Authorized", -1)
        daemon = self.run_boards(board)
        daemon.wait_for_log(f"bluetoothctl pair {board.address}")

    def test_notifications_in_the_hands_of_a_ghost_are_freed_by_forgetting_the_board(self):
        board, daemon, client = self.one()
        board.set("ghost", "on")
        mark = self.bluez.mark()
        board.drop()
        daemon.wait_for_log("starting over")
        self.show(board, client, 4)
        self.assertEqual(self.bluez.calls("RemoveDevice", mark), ["hci0"])

    def test_services_that_are_resolved_before_they_are_there(self):
        board = self.board()
        board.set("late_s", "1.5")
        self.run_boards(board)
        self.show(board, self.client_of(board), 4)

    def test_a_board_that_never_says_what_it_has_is_disconnected(self):
        board = self.board()
        board.set("resolves", "off")
        daemon = self.run_boards(board)
        daemon.wait_for_log("does not say what services it has", limit_s=60)
        board.set("resolves", "on")
        self.show(board, self.client_of(board), 4)
        self.assertIn(board.address, self.bluez.calls("Disconnect"))

    def test_a_board_that_takes_only_writes_with_response(self):
        board = self.board()
        board.set("deaf_to", "command")
        daemon = self.run_boards(board)
        daemon.wait_for_log("written to with response now")
        self.show(board, self.client_of(board), 4)


if __name__ == "__main__":
    main()
