"""S3 to S6 on the bus: a BMS that falls silent, comes back, is another one; a daemon that restarts or hangs."""

import os
import signal
import subprocess
import time

from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main
from unread_log import UnreadLog

CVL, CCL, DCL = "/Info/MaxChargeVoltage", "/Info/MaxChargeCurrent", "/Info/MaxDischargeCurrent"
QUICK_STAGES = "[default]\nstale_after = 3\nrelease_after = 10\n"


def value(items, path):
    return items[path].value


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
        simulator, _, client = self.battery(daemon_options=("--config", self.config_file(QUICK_STAGES)))
        simulator.command("fault silence on")
        client.wait_for_value("/Alarms/BmsCable", 1)
        items = client.items
        self.assertEqual(value(items, CCL), 0)
        self.assertIsNone(value(items, "/Dc/0/Voltage"))
        self.assertIsNone(value(items, "/Voltages/Cell1"))
        self.assertIsNotNone(value(items, "/Soc"))
        self.assertGreater(value(items, DCL), 0)
        self.assertEqual(value(items, "/State"), 10, "the screen draws invalid values as 0")
        self.assertEqual(value(items, "/ConnectionInformation"), "BMS does not answer; no charging")

        client.wait_for_value("/Alarms/BmsCable", 2)
        self.assertEqual((value(items := client.items, CCL), value(items, DCL)), (0, 0))
        self.assertIsNotNone(value(items, CVL))
        self.assertEqual(value(items, "/State"), 10)

        client.wait_for_value(CVL, None)
        last = client.changes[-1].items
        self.assertEqual([path for path in last if path in (CVL, CCL, DCL)], [CVL, CCL, DCL], "CVL goes first")
        self.assertEqual(value(client.items, "/Connected"), 1)
        self.assertIsNone(value(client.items, "/ErrorCode"))

        simulator.command("fault clear")
        client.wait_for_value("/Alarms/BmsCable", 0)
        self.assertIsNotNone(value(client.items, "/Dc/0/Voltage"))
        self.assertLessEqual(value(client.items, CCL), 0.05 * 50)
        self.check_limits_always_make_sense(client)
        self.assertEqual(len([owner for owner in client.owners if owner]), 1, "the service stayed on the bus")

    def test_an_outage_is_one_alarm_that_rises_and_ends_with_contact(self):
        simulator, daemon, client = self.battery(daemon_options=("--config", self.config_file(QUICK_STAGES)))
        simulator.command("fault silence on")
        client.wait_for_value(CVL, None)
        simulator.command("fault clear")
        client.wait_for_value("/State", 14)
        self.assertEqual(value(client.items, "/Alarms/BmsCable"), 2, "not believed yet")
        client.wait_for_value("/State", 9)
        daemon.wait_for_log("contact is steady again")
        returned = next(change.items for change in reversed(client.changes) if "/State" in change.items)
        self.assertEqual(returned["/Alarms/BmsCable"].value, 0, "in the same signal")
        client.wait_for(lambda items: value(items, CCL) > 0.05 * 50, "limits that rise")
        self.assertEqual(self.values(client, "/Alarms/BmsCable"), [1, 2, 0])
        self.assertEqual(self.values(client, "/State"), [10, 14, 9])
        self.assertEqual(value(client.items, "/Diagnostics/LastErrors/1/Error"), 32)
        self.assertLess(abs(value(client.items, "/Diagnostics/LastErrors/1/Time") - time.time()), 600)
        self.assertIsNone(value(client.items, "/Diagnostics/LastErrors/2/Error"))

    def test_an_alarm_that_the_bms_withdrew_in_the_outage_is_over(self):
        simulator, _, client = self.battery(daemon_options=("--config", self.config_file(QUICK_STAGES)))
        simulator.command("protect cell_overvoltage")
        client.wait_for_value("/Alarms/HighCellVoltage", 2)
        simulator.command("fault silence on")
        client.wait_for_value("/Alarms/HighCellVoltage", None)
        simulator.command("unprotect cell_overvoltage")
        simulator.command("fault clear")
        client.wait_for_value("/State", 9)
        self.assertEqual(self.values(client, "/Alarms/HighCellVoltage"), [2, None, 0])

    def test_an_alarm_that_outlasts_the_outage_is_there_at_once(self):
        simulator, daemon, client = self.battery(daemon_options=("--config", self.config_file(QUICK_STAGES)))
        simulator.command("protect cell_overvoltage")
        client.wait_for_value("/Alarms/HighCellVoltage", 2)
        simulator.command("fault silence on")
        client.wait_for_value("/Alarms/HighCellVoltage", None)
        simulator.command("fault clear")
        client.wait_for_value("/State", 9)
        self.assertEqual(self.values(client, "/Alarms/HighCellVoltage"), [2, None, 2])
        # A restart: Venus OS has forgotten it with the service, and hears of it with the first values.
        daemon.stop()
        client.wait_for_no_name()
        self.start(Daemon, self.bus, simulator.tty, "--config", self.config_file(QUICK_STAGES))
        client.wait_for(lambda items: True)
        self.assertEqual(value(client.items, "/Alarms/HighCellVoltage"), 2)

    def values(self, client, path):
        """What a path became, one after the other."""
        return [change.items[path].value for change in client.changes if path in change.items]

    def test_each_outage_is_told_with_its_reason_and_its_own_count(self):
        simulator, daemon, client = self.battery(daemon_options=("--config", self.config_file(QUICK_STAGES)))
        reason = r"\(silent: asked for register 0x0[34]: not one byte came"
        for outage in range(2):
            seen = len(daemon.log)
            simulator.command("fault silence on")
            daemon.wait_for_log(r"does not answer: .*" + reason, seen)
            daemon.wait_for_log(r"^warning: no reading \(silent\): .*not one byte came$", seen)
            polls = daemon.wait_for_log("is lost: neither .*" + reason + r"; ([0-9]+) polls? without a reading\)$", seen)
            self.assertLess(int(polls.group(1)), 10, f"those of outage {outage} alone")
            simulator.command("fault clear")
            daemon.wait_for_log("the BMS answers again, limits rise slowly .*without a reading", seen)
            client.wait_for_value("/Alarms/BmsCable", 0)

    def test_a_bms_that_stops_in_the_middle(self):
        simulator, _, client = self.battery(daemon_options=("--config", self.config_file(QUICK_STAGES)))
        simulator.process.send_signal(signal.SIGSTOP)
        client.wait_for_value("/Alarms/BmsCable", 1)
        self.assertEqual(value(client.items, CCL), 0)
        simulator.process.send_signal(signal.SIGCONT)
        client.wait_for_value("/Alarms/BmsCable", 0)

    def test_slow_polls_are_no_silence_wherever_they_are_asked_for(self):
        config = self.config_file("[default]\nstale_after = 3\n")
        _, daemon, client = self.battery(daemon_options=("--config", config, "--interval", "5"))
        client.wait_s(6)
        self.assertEqual(client.get("/Alarms/BmsCable"), 0)
        self.assertFalse(any("does not answer" in line for line in daemon.log), daemon.log)

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
        self.assertNotIn("Bad file descriptor", "\n".join(daemon.log), "what is wrong with the port is said")

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
        seen = len(client.changes)
        self.start(Daemon, self.bus, simulator.tty)
        client.wait_for(lambda items: True)
        self.assertEqual(value(client.items, "/Soc"), 40)
        client.wait_s(1.5)
        published = [change.items["/Soc"].value for change in client.changes[seen:] if "/Soc" in change.items]
        self.assertNotIn(80, published)

    def test_nothing_appears_before_a_complete_poll(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        simulator = self.start(Simulator)
        simulator.command("fault truncate 30")  # the short cell frame comes whole, the basic one never does
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        daemon = self.start(Daemon, self.bus, simulator.tty)
        daemon.wait_for_log("only damaged answers came .*truncated.*; it is tried again until a JBD BMS answers")
        client.catch_up()
        self.assertEqual([owner for owner in client.owners if owner], [])


class Hangs(TestCase):
    """S6: a process that hangs does not keep its permissions."""

    def test_a_log_that_nobody_reads_ends_the_process(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        simulator = self.start(Simulator)
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        log = self.start(UnreadLog)
        config = self.config_file("")
        daemon = subprocess.Popen([os.environ["DBUS_BMS"], "run", simulator.tty, "--config", config, "--state-dir",
                                   self.bus.directory / "state", "--run-dir", self.bus.directory / "run"],
                                  stdout=log.write_end, env=self.bus.env)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        client.wait_for(lambda items: True)
        log.fill()
        simulator.command("fault silence on")  # gives the daemon something to write
        client.wait_for_no_name(limit_s=60)
        self.assertEqual(daemon.wait(30), 3)

    def test_a_stopped_process_ends_as_soon_as_it_goes_on(self):
        """Nothing in a process that is stopped can end it, so what it has said stays until then (README says so)."""
        _, daemon, client = self.battery()
        granted = value(client.items, CCL)
        self.assertGreater(granted, 0)
        daemon.send_signal(signal.SIGSTOP)
        self.wait_for_pending(signal.SIGALRM, daemon.pid)
        client.catch_up()
        self.assertEqual(value(client.items, CCL), granted)
        self.assertTrue(client.owners[-1], "its name is there")
        seen = len(client.changes)
        daemon.send_signal(signal.SIGCONT)
        client.wait_for_no_name()
        self.assertEqual(daemon.wait(), 3)
        self.assertFalse([change for change in client.changes[seen:] if CCL in change.items], "it grants nothing any more")

    def wait_for_pending(self, number, pid):
        """Waits until the signal is there and the process, which is stopped, has not taken it."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                pending = next(line for line in status if line.startswith("ShdPnd:")).split()[1]
            if int(pending, 16) >> (number - 1) & 1:
                return
            time.sleep(0.1)
        self.fail("the watchdog's signal did not come")


if __name__ == "__main__":
    main()
