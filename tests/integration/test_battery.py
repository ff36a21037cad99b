"""The battery on the bus: a simulated board, the real daemon, a real dbus-daemon, an independent client."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile

from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main

CVL, CCL, DCL = "/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"


def value(items, path):
    return items[path].value


class Appears(TestCase):
    def test_every_value_is_the_boards(self):
        simulator, _, client = self.battery("--cells", "16", "--soc", "63", "--serial", "A1B2C3")
        truth, items = simulator.state(), client.items
        self.assertAlmostEqual(value(items, "/Dc/0/Voltage"), truth["voltage_v"], 2)
        self.assertAlmostEqual(value(items, "/Dc/0/Current"), truth["current_a"], 2)
        self.assertEqual(value(items, "/Soc"), truth["soc_pct"])
        self.assertEqual([value(items, f"/Voltages/Cell{n}") for n in range(1, 17)], truth["cells_v"])
        self.assertEqual([value(items, f"/Battery/1/Cell/{n}/Voltage") for n in range(1, 17)], truth["cells_v"])
        self.assertEqual(value(items, "/System/MaxCellVoltage"), max(truth["cells_v"]))
        self.assertEqual(value(items, "/System/NrOfCellsPerBattery"), 16)
        self.assertEqual(value(items, "/Capacity"), round(truth["remaining_ah"], 1))
        self.assertEqual(value(items, "/Connected"), 1)
        self.assertEqual(value(items, "/State"), 9)
        self.assertEqual(value(items, "/ProductId"), 0xBAB5)
        self.assertEqual(items["/ProductId"].text, "0xBAB5")
        self.assertEqual(value(items, "/Mgmt/Connection"), simulator.tty)
        self.assertGreater(value(items, CVL), truth["voltage_v"])
        self.assertLessEqual(value(items, CVL), 16 * 3.45)

    def test_everything_a_consumer_keys_on_is_there_with_the_name(self):
        _, _, client = self.battery()
        # The client scanned once, when the name appeared; nothing may be missing or invalid then.
        for path in ("/DeviceInstance", "/ProductName", "/Mgmt/Connection", "/Connected", "/Soc", CVL, CCL, DCL):
            self.assertIsNotNone(value(client.items, path), path)

    def test_sends_one_signal_per_poll_and_none_without_change(self):
        simulator, _, client = self.battery("--drift", daemon_options=("--interval", "0.5"))
        polls, signals = simulator.state()["polls"], len(client.changes)
        client.wait_until(lambda: len(client.changes) >= signals + 6, "six changes")
        # The poll that was under way at first was counted already; its signal was not.
        self.assertLessEqual(len(client.changes) - signals, simulator.state()["polls"] - polls + 1)
        for change in client.changes:
            self.assertTrue(change.items)

    def test_a_constant_battery_is_quiet(self):
        simulator, _, client = self.battery("--cells", "4", daemon_options=("--interval", "0.2"))
        client.wait_for(lambda items: value(items, "/History/MinimumVoltage") is not None)
        signals, polls = len(client.changes), simulator.state()["polls"]
        client.wait_until(lambda: client.wait_s(0.3) or simulator.state()["polls"] > polls + 5, "more polls")
        self.assertEqual(len(client.changes), signals)

    def test_the_age_of_the_reading_is_told_to_who_asks_and_never_announced(self):
        simulator, _, client = self.battery()
        client.wait_until(lambda: client.get("/Info/LastReadingAge") < 1, "a new reading")
        simulator.process.send_signal(signal.SIGSTOP)
        client.wait_until(lambda: client.wait_s(0.3) or client.get("/Info/LastReadingAge") > 3, "an old reading")
        self.assertFalse([change for change in client.changes if "/Info/LastReadingAge" in change.items])

    def test_a_slow_poll_is_not_taken_for_a_hang(self):
        _, daemon, client = self.battery("--drift", daemon_options=("--interval", "17"))
        client.wait_for_change(limit_s=60)
        client.wait_for_change(limit_s=60)
        self.assertIsNone(daemon.returncode)

    def test_a_protection_raises_its_alarm_and_stops_charging(self):
        simulator, _, client = self.battery()
        simulator.command("protect cell_overvoltage")
        client.wait_for_value("/Alarms/HighCellVoltage", 2)
        self.assertEqual(value(client.items, CCL), 0)
        self.assertEqual(value(client.items, "/Io/AllowToCharge"), 0)
        self.assertGreater(value(client.items, DCL), 0)
        simulator.command("unprotect cell_overvoltage")
        client.wait_for_value("/Alarms/HighCellVoltage", 0, limit_s=60)
        client.wait_for(lambda items: value(items, CCL) > 0)
        self.assertLessEqual(value(client.items, CCL), 0.05 * 50 + 0.5)

    def test_the_log_is_quiet_and_level_first(self):
        _, daemon, client = self.battery("--drift", daemon_options=("--interval", "0.2"))
        daemon.wait_for_log("on the bus as")
        before = len(daemon.log)
        client.wait_until(lambda: len(client.changes) > 10, "ten changes")
        self.assertEqual(len(daemon.log), before, "no line per poll")
        for line in daemon.log:
            self.assertRegex(line, r"^(info|warning|error|critical): \S")


class SettingsOnTheBus(TestCase):
    def test_two_batteries_never_share_an_instance(self):
        _, _, first = self.battery("--serial", "ONE", name="ttyONE")
        _, _, second = self.battery("--serial", "TWO", name="ttyTWO")
        self.assertNotEqual(first.get("/DeviceInstance"), second.get("/DeviceInstance"))

    def test_not_even_two_with_the_same_identity(self):
        _, _, first = self.battery("--serial", "SAME", name="ttyONE")
        _, daemon, second = self.battery("--serial", "SAME", name="ttyTWO")
        self.assertNotEqual(first.get("/DeviceInstance"), second.get("/DeviceInstance"))
        daemon.wait_for_log("another battery is known as")

    def test_instance_and_name_are_kept_over_restarts_of_everything(self):
        _, other, _ = self.battery("--serial", "OTHER", name="ttyOTHER")
        simulator, daemon, client = self.battery("--serial", "MINE")
        instance = client.get("/DeviceInstance")
        self.assertEqual(client.set("/CustomName", "House"), 0)
        client.wait_for_value("/CustomName", "House")
        stored = client.call("/Settings/Devices/jbd_MINE/CustomName", "GetValue", service="com.victronenergy.settings")
        self.assertEqual(stored, "House")
        other.stop()
        daemon.stop()
        client.wait_for_no_name()
        self.settings.restart()
        self.start(Daemon, self.bus, simulator.tty)
        client.wait_for(lambda items: True)
        self.assertEqual(client.get("/DeviceInstance"), instance)
        self.assertEqual(client.get("/CustomName"), "House")

    def test_a_restart_of_the_settings_is_survived(self):
        simulator, daemon, client = self.battery("--drift")
        self.settings.restart()
        client.wait_for_change()
        self.assertEqual(client.set("/CustomName", "after"), 0)
        client.wait_for_value("/CustomName", "after")
        self.assertIsNone(daemon.returncode)

    def test_waits_for_settings_that_hang(self):
        self.bus = self.start(PrivateBus)
        settings = self.start(Settings, self.bus)
        settings.process.send_signal(signal.SIGSTOP)
        simulator = self.start(Simulator)
        daemon = self.start(Daemon, self.bus, simulator.tty)
        daemon.wait_for_log("trying again")
        daemon.wait_for_log("warning: no answer from com.victronenergy.settings for 30 s", limit_s=60)
        settings.process.send_signal(signal.SIGCONT)
        daemon.wait_for_log("on the bus as .*, instance 1$")
        self.assertIsNone(daemon.returncode)

    def test_waits_for_settings_that_come_later(self):
        self.bus = self.start(PrivateBus)
        simulator = self.start(Simulator)
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        daemon = self.start(Daemon, self.bus, simulator.tty)
        daemon.wait_for_log("found")
        client.catch_up()
        self.assertEqual(client.items, {})
        self.start(Settings, self.bus)
        client.wait_for(lambda items: value(items, "/Soc") is not None)


class Captures(TestCase):
    def test_a_replay_publishes_what_was_published(self):
        directory = self.enterContext(tempfile.TemporaryDirectory())
        capture = os.path.join(directory, "capture.jsonl")
        _, daemon, client = self.battery("--drift", daemon_options=("--capture", capture))
        client.wait_until(lambda: len(client.changes) >= 5, "five changes")
        daemon.stop()
        published = [change.items["/Dc/0/Current"].value for change in client.changes if "/Dc/0/Current" in change.items]
        played = subprocess.run([os.environ["DBUS_BMS"], "replay", capture], capture_output=True, text=True, check=True)
        lines = [json.loads(line) for line in played.stdout.splitlines()]
        currents = [line["items"]["/Dc/0/Current"] for line in lines]
        replayed = [now for before, now in zip([None] + currents, currents) if now != before]
        # The client came to the bus a moment after the first value.
        self.assertEqual(replayed[-len(published):], published)

    def test_a_capture_on_a_full_disk_is_told_once_and_goes_on_when_there_is_room(self):
        disk = tempfile.mkdtemp()
        self.addCleanup(os.rmdir, disk)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=False, capture_output=True).returncode:
            self.skipTest("a disk that is full needs a mount; CaptureFileTest does with less")
        self.addCleanup(subprocess.run, ["umount", "--lazy", disk], check=True)
        capture, ballast = os.path.join(disk, "capture.jsonl"), os.path.join(disk, "ballast")
        with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(1024))
        _, daemon, client = self.battery("--drift", daemon_options=("--capture", capture))
        daemon.wait_for_log(r"^error: the capture .* cannot be written: No space left on device$")
        for _ in range(3):
            client.wait_for_change()
        self.assertEqual(sum("cannot be written" in line for line in daemon.log), 1, daemon.log)
        os.unlink(ballast)
        daemon.wait_for_log(r"the capture .* goes on, [0-9]+ lines are missing$")
        client.wait_for_change()
        daemon.stop()
        played = subprocess.run([os.environ["DBUS_BMS"], "replay", "--bms", "jbd", capture], capture_output=True, text=True, check=True)
        self.assertIn("/Soc", played.stdout)

    def test_a_capture_can_be_decoded(self):
        directory = self.enterContext(tempfile.TemporaryDirectory())
        capture = os.path.join(directory, "capture.jsonl")
        _, daemon, client = self.battery("--cells", "5", daemon_options=("--capture", capture))
        daemon.stop()
        with open(capture, encoding="ascii") as recorded:
            decoded = subprocess.run([os.environ["DBUS_BMS"], "decode", "jbd"], stdin=recorded, capture_output=True,
                                     text=True, check=True)
        facts = [json.loads(line) for line in decoded.stdout.splitlines()]
        self.assertEqual({len(fact["cells_v"]) for fact in facts if "cells_v" in fact}, {5})


if __name__ == "__main__":
    main()
