"""The daemon end to end: a simulated board on a pseudo-terminal, a real dbus-daemon, an independent client."""

import fcntl
import json
import os
import signal
import subprocess
import tempfile
import unittest

from harness import BusClient, Daemon, PrivateBus, Process, Settings, Simulator, TestCase, main

CVL, CCL, DCL = "/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"
QUICK_STAGES = "[default]\nstale_after = 3\nrelease_after = 10\n"


def value(items, path):
    return items[path].value


def config_file(test, text):
    file = tempfile.NamedTemporaryFile("w", suffix=".ini", delete=False)
    test.addCleanup(os.unlink, file.name)
    with file:
        file.write(text)
    return file.name


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
        self.assertAlmostEqual(value(items, CVL), 16 * 3.45)

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
        client.wait_for_value("/Alarms/BmsCable", 0)
        signals, polls = len(client.changes), simulator.state()["polls"]
        client.wait_s(2)
        self.assertGreater(simulator.state()["polls"], polls)
        self.assertEqual(len(client.changes), signals)

    def test_a_protection_raises_its_alarm_and_stops_charging(self):
        simulator, _, client = self.battery()
        simulator.command("protect cell_overvoltage")
        client.wait_for_value("/Alarms/HighCellVoltage", 2)
        self.assertEqual(value(client.items, CCL), 0)
        self.assertEqual(value(client.items, "/Io/AllowToCharge"), 0)
        self.assertGreater(value(client.items, DCL), 0)
        simulator.command("unprotect cell_overvoltage")
        client.wait_for_value("/Alarms/HighCellVoltage", 0)
        client.wait_for(lambda items: value(items, CCL) > 0)
        self.assertLessEqual(value(client.items, CCL), 0.05 * 50 + 0.5)

    def test_the_log_is_quiet_and_level_first(self):
        _, daemon, client = self.battery("--drift", daemon_options=("--interval", "0.2"))
        before = len(daemon.log)
        client.wait_until(lambda: len(client.changes) > 10, "ten changes")
        self.assertEqual(len(daemon.log), before, "no line per poll")
        for line in daemon.log:
            self.assertRegex(line, r"^(info|warning|error|critical): \S")


class DamagedLines(TestCase):
    """S1: no value on D-Bus ever comes from a frame that failed a check, or that damage has made."""

    def check_only_the_truth_is_published(self, *faults, cycles=12):
        simulator, _, client = self.battery("--cells", "16", "--seed", "5",
                                            daemon_options=("--interval", "0.2"))
        truth = {path: item.value for path, item in client.items.items()}
        cells = simulator.state()["cells_v"]
        self.assertEqual([truth[f"/Voltages/Cell{n}"] for n in range(1, 17)], cells)
        for fault in faults:
            simulator.command(fault)
        asked = simulator.state()["polls"]
        while simulator.state()["polls"] < asked + cycles * 6:
            client.wait_s(0.5)
        # While the line is bad values may go stale, never wrong.
        limits = (CVL, CCL, DCL, "/Alarms/BmsCable", "/State")
        for change in client.changes:
            for path, item in change.items.items():
                if item.value is not None and not path.startswith(("/Info/", "/Io/", "/System/NrOfModules")) \
                        and path not in limits and path in truth and truth[path] is not None:
                    self.assertEqual(item.value, truth[path], path)

    def test_flipped_bits(self):
        self.check_only_the_truth_is_published("fault flip 0.01")

    def test_replaced_lost_and_invented_bytes(self):
        self.check_only_the_truth_is_published("fault damage 0.004", "fault drop 0.003", "fault insert 0.003")

    def test_a_line_that_echoes(self):
        simulator, _, client = self.battery("--drift")
        simulator.command("fault echo on")
        client.wait_until(lambda: len(client.changes) >= 3, "three changes")
        self.assertEqual(value(client.items, "/Alarms/BmsCable"), 0)

    def test_answers_that_come_too_late(self):
        simulator, _, client = self.battery("--drift")
        simulator.command("fault late 600")
        client.wait_until(lambda: len(client.changes) >= 3, "three changes")
        self.assertEqual(value(client.items, "/Alarms/BmsCable"), 0)

    def test_a_board_that_sleeps_at_first(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        simulator = self.start(Simulator)
        simulator.command("fault sleep")
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        self.start(Daemon, self.bus, simulator.tty)
        client.wait_for(lambda items: value(items, "/Soc") is not None)


class LostAndFound(TestCase):
    """S3, S4 and S5 on the bus."""

    def check_limits_always_make_sense(self, client):
        state = {}
        for change in client.changes:
            state.update({path: item.value for path, item in change.items.items()})
            if state.get(CVL, client.items[CVL].value) is not None and CVL in state:
                self.assertGreater(state[CVL], 0)
                for path in (CCL, DCL):
                    self.assertTrue(path not in state or state[path] is not None, f"{path} invalid while CVL is valid")
            for path, each in change.items.items():
                if isinstance(each.value, float):
                    self.assertTrue(abs(each.value) < 1e9, path)

    def test_the_stages_of_a_silent_bms(self):
        simulator, _, client = self.battery(daemon_options=("--config", config_file(self, QUICK_STAGES)))
        simulator.command("fault silence on")
        client.wait_for_value("/Alarms/BmsCable", 1)
        items = client.items
        self.assertEqual(value(items, CCL), 0)
        self.assertIsNone(value(items, "/Dc/0/Voltage"))
        self.assertIsNone(value(items, "/Voltages/Cell1"))
        self.assertIsNotNone(value(items, "/Soc"))
        self.assertGreater(value(items, DCL), 0)
        self.assertEqual(value(items, "/State"), 9)

        client.wait_for_value("/Alarms/BmsCable", 2)
        self.assertEqual((value(items := client.items, CCL), value(items, DCL)), (0, 0))
        self.assertIsNotNone(value(items, CVL))
        self.assertEqual(value(items, "/State"), 10)

        client.wait_for_value(CVL, None)
        last = client.changes[-1].items
        self.assertEqual([path for path in last if path in (CVL, CCL, DCL)], [CVL, CCL, DCL], "CVL goes first")
        self.assertEqual(value(client.items, "/Connected"), 1)
        self.assertEqual(value(client.items, "/ErrorCode"), 0)

        simulator.command("fault clear")
        client.wait_for_value("/Alarms/BmsCable", 0)
        self.assertIsNotNone(value(client.items, "/Dc/0/Voltage"))
        self.assertLessEqual(value(client.items, CCL), 0.05 * 50)
        self.check_limits_always_make_sense(client)
        self.assertEqual(len([owner for owner in client.owners if owner]), 1, "the service stayed on the bus")

    def test_a_bms_that_stops_in_the_middle(self):
        simulator, _, client = self.battery(daemon_options=("--config", config_file(self, QUICK_STAGES)))
        simulator.process.send_signal(signal.SIGSTOP)
        client.wait_for_value("/Alarms/BmsCable", 1)
        self.assertEqual(value(client.items, CCL), 0)
        simulator.process.send_signal(signal.SIGCONT)
        client.wait_for_value("/Alarms/BmsCable", 0)

    def test_unplugged_and_plugged_in_again(self):
        simulator, daemon, client = self.battery("--drift")
        simulator.command("unplug")
        daemon.wait_for_log("waiting for the port")
        seen = len(client.changes)
        simulator.command("plug")
        daemon.wait_for_log("is back")
        client.wait_until(lambda: len(client.changes) > seen, "a reading after the return")
        self.assertEqual(value(client.items, "/Alarms/BmsCable"), 0)
        self.assertEqual(len(client.owners), 1 + client.owners.count(""), "the name was kept")

    def test_another_board_on_the_same_port_is_not_taken_for_the_first(self):
        simulator, daemon, client = self.battery("--serial", "FIRST")
        tty, directory = simulator.tty, os.path.dirname(simulator.tty)
        simulator.command("unplug")
        daemon.wait_for_log("waiting for the port")
        os.makedirs(directory, exist_ok=True)
        second = self.start(Simulator, "--serial", "SECOND", directory=directory)
        self.assertEqual(second.tty, tty)
        daemon.wait_for_log("another BMS")
        self.assertEqual(daemon.wait(), 1)
        client.wait_for_no_name()

    def test_a_restart_shows_nothing_old(self):
        simulator, daemon, client = self.battery("--soc", "80")
        daemon.stop(signal.SIGKILL)
        client.wait_for_no_name()
        simulator.command("set soc 40")
        self.start(Daemon, self.bus, simulator.tty)
        client.wait_for(lambda items: True)
        self.assertEqual(value(client.items, "/Soc"), 40)
        for change in client.changes:
            self.assertNotIn(80, [item.value for path, item in change.items.items() if path == "/Soc"][1:])

    def test_nothing_appears_before_a_complete_poll(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        simulator = self.start(Simulator)
        simulator.command("fault truncate 30")  # the short cell frame comes whole, the basic one never does
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        daemon = self.start(Daemon, self.bus, simulator.tty)
        self.assertEqual(daemon.wait(), 1)
        self.assertEqual([owner for owner in client.owners if owner], [])


class Hangs(TestCase):
    """S6: a process that hangs does not keep its permissions."""

    def test_a_log_that_nobody_reads_ends_the_process(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        simulator = self.start(Simulator)
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        read_end, write_end = os.pipe()
        self.addCleanup(os.close, read_end)
        self.addCleanup(os.close, write_end)
        daemon = subprocess.Popen([os.environ["DBUS_BMS"], "run", simulator.tty], stdout=write_end, env=self.bus.env)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        client.wait_for(lambda items: True)
        filler = os.dup(write_end)
        flags = fcntl.fcntl(filler, fcntl.F_GETFL)
        fcntl.fcntl(filler, fcntl.F_SETFL, flags | os.O_NONBLOCK)
        try:
            while True:
                os.write(filler, b"x" * 512)
        except BlockingIOError:
            pass
        # The two ends share their flags: the daemon's writes must block again.
        fcntl.fcntl(filler, fcntl.F_SETFL, flags)
        os.close(filler)
        simulator.command("fault silence on")  # gives the daemon something to write
        client.wait_for_no_name(limit_s=60)
        self.assertEqual(daemon.wait(30), 3)


class Ends(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)

    def run_to_end(self, tty, *options, env=None):
        return self.start(Daemon, self.bus, tty, *options, env=env).wait()

    def test_stopped_as_asked(self):
        simulator = self.start(Simulator)
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon = self.start(Daemon, self.bus, simulator.tty)
            daemon.wait_for_log("on the bus as")
            self.assertEqual(daemon.stop(number), 0)

    def test_no_device(self):
        silent = self.start(Simulator)
        silent.command("fault silence on")
        self.assertEqual(self.run_to_end(silent.tty), 1)
        self.assertEqual(self.run_to_end("/nonexistent/ttyUSB9"), 1)

    def test_configuration(self):
        simulator = self.start(Simulator)
        daemon = self.start(Daemon, self.bus, simulator.tty, "--config", config_file(self, "[default]\nfoo = 1\n"))
        self.assertEqual(daemon.wait(), 2)
        daemon.wait_for_log(r"\.ini:2: there is no option \"foo\"")
        self.assertEqual(self.run_to_end(simulator.tty, "--config", "/nonexistent.ini"), 2)
        self.assertEqual(self.run_to_end(simulator.tty, "--bms", "tesla"), 2)
        self.assertEqual(self.run_to_end(simulator.tty, "--interval", "soon"), 2)
        self.assertEqual(self.run_to_end(simulator.tty, "--no-such-option"), 2)

    def test_no_bus_and_lost_bus(self):
        simulator = self.start(Simulator)
        self.assertEqual(self.run_to_end(simulator.tty, env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}), 3)
        daemon = self.start(Daemon, self.bus, simulator.tty)
        daemon.wait_for_log("on the bus as")
        self.bus.process.stop()
        self.assertEqual(daemon.wait(), 3)

    def test_help_everywhere(self):
        for words in ([], ["run"], ["decode"], ["watch"], ["replay"]):
            shown = subprocess.run([os.environ["DBUS_BMS"], *words, "--help"], capture_output=True, text=True, check=True)
            self.assertIn("Usage", shown.stdout)


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

    def test_waits_for_settings_that_come_later(self):
        self.bus = self.start(PrivateBus)
        simulator = self.start(Simulator)
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        daemon = self.start(Daemon, self.bus, simulator.tty)
        daemon.wait_for_log("found")
        self.assertEqual(client.items, {})
        self.start(Settings, self.bus)
        client.wait_for(lambda items: value(items, "/Soc") is not None)


class Captures(TestCase):
    def test_a_replay_publishes_what_was_published(self):
        directory = self.enterContext(tempfile.TemporaryDirectory()) if hasattr(self, "enterContext") else tempfile.mkdtemp()
        capture = os.path.join(directory, "capture.jsonl")
        _, daemon, client = self.battery("--drift", daemon_options=("--capture", capture))
        client.wait_until(lambda: len(client.changes) >= 5, "five changes")
        daemon.stop()
        published = [change.items["/Dc/0/Current"].value for change in client.changes if "/Dc/0/Current" in change.items]
        played = subprocess.run([os.environ["DBUS_BMS"], "replay", capture], capture_output=True, text=True, check=True)
        lines = [json.loads(line) for line in played.stdout.splitlines()]
        replayed = [line["items"]["/Dc/0/Current"] for line in lines if "/Dc/0/Current" in line["items"]]
        # The client came to the bus a moment after the first value.
        self.assertEqual(replayed[-len(published):], published)

    def test_a_capture_can_be_decoded(self):
        directory = tempfile.mkdtemp()
        capture = os.path.join(directory, "capture.jsonl")
        _, daemon, client = self.battery("--cells", "5", daemon_options=("--capture", capture))
        daemon.stop()
        with open(capture, encoding="ascii") as recorded:
            decoded = subprocess.run([os.environ["DBUS_BMS"], "decode", "jbd"], stdin=recorded, capture_output=True,
                                     text=True, check=True)
        facts = [json.loads(line) for line in decoded.stdout.splitlines()]
        self.assertEqual(len(facts[1]["cells_v"]), 5)


if __name__ == "__main__":
    main()
