"""`dbus-bms scan` by a stand-in for BlueZ: what is near, what config.ini needs for it, and why nothing can be found."""

import json
import os
import re
import select
import signal
import subprocess
import time

from bluez import Bluez
from harness import LIMIT_S, Failed, PrivateBus, TestCase, main

JBD, DALY, ANT, JK, WATCH = (f"A4:C1:37:00:00:{number}" for number in ("01", "02", "03", "04", "05"))
ELSEWHERE = "02:11:22:33:44:55"


class LiveScan:
    """A scan on a terminal of its own."""

    def __init__(self, bus, *options, config="/dev/null"):
        self.screen, terminal = os.openpty()
        command = [os.environ["DBUS_BMS"], "scan", "--seconds", "600", "--config", config, *options]
        self.process = subprocess.Popen(command, env=bus.env | {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "200"},
                                        stdin=subprocess.DEVNULL, stdout=terminal, stderr=subprocess.DEVNULL)
        os.close(terminal)
        self.seen = ""

    def wait_for(self, pattern):
        """Reads on until this has been written since the last time."""
        end = time.monotonic() + LIMIT_S
        while not (found := re.search(pattern, self.seen)):
            if not select.select([self.screen], [], [], max(0, end - time.monotonic()))[0] or not self._read():
                raise Failed(f"{pattern!r} did not come; seen: {self.seen!r}")
        self.seen = self.seen[found.end():]
        return found

    def _read(self):
        try:
            piece = os.read(self.screen, 65536)
        except OSError:  # nobody has the other end any more
            return False
        self.seen += piece.decode()
        return bool(piece)

    def end(self):
        """What is printed after the terminal was given back, and the exit code."""
        self.process.send_signal(signal.SIGINT)
        while self._read():
            pass
        return self.seen.rsplit("\x1b[?1049l", 1)[-1].replace("\r\n", "\n"), self.process.wait(LIMIT_S)

    def stop(self):
        self.process.kill()
        self.process.wait()
        os.close(self.screen)


class Scan(TestCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.bluez = self.start(Bluez, self.bus)

    def near(self, address, family, name):
        self.bluez.command("board", address, family, "", name)

    def all_near(self):
        self.near(JBD, "jbd", "Shed")
        self.near(ELSEWHERE, "daly", "Boat #2")
        self.near(ANT, "ant", "ANT-BLE24BLUB-0001")
        self.near(JK, "ant", "JK-B2A24S15P")
        self.near(WATCH, "telephone", "Phone")

    def found(self, *options, seconds="6"):
        done = subprocess.run([os.environ["DBUS_BMS"], "scan", "--seconds", seconds, *options], env=self.bus.env,
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def test_what_is_near_in_json(self):
        self.all_near()
        self.bluez.command("set", ELSEWHERE, "rssi", -86)
        code, text = self.found("--json", "--config", "/dev/null")
        self.assertEqual(code, 0)
        said = json.loads(text)
        self.assertEqual(said["problem"], "")
        self.assertEqual(said["other_devices"], 1)
        boards = {board["address"]: board for board in said["boards"]}
        self.assertEqual(list(boards), [JBD, ANT, ELSEWHERE, JK], "what is certain first, another make last")
        self.assertEqual([boards[each]["certainty"] for each in boards], ["certain", "certain", "maybe", "maybe"])
        self.assertEqual([boards[each]["families"][0] for each in boards], ["jbd", "ant", "daly", "ant"])
        self.assertEqual(boards[JK]["look_alike"], "JK")
        self.assertEqual((boards[ELSEWHERE]["rssi_dbm"], boards[ELSEWHERE]["signal"]), (-86, "weak"))
        self.assertEqual((boards[JBD]["name"], boards[JBD]["signal"]), ("Shed", "strong"))
        self.assertEqual(self.bluez.calls("Connect"), [], "nothing is connected")
        self.bluez.wait_for_call("StartDiscovery", "hci0")

    def test_the_lines_for_config_ini_can_be_used(self):
        self.all_near()
        scan = self.start(LiveScan, self.bus)
        for name in ("Shed", "Boat #2", "ANT-BLE24", "JK-B2A24S15P", "and 1 device"):
            scan.wait_for("(?s).*" + re.escape(name))
            scan.seen = ""
            self.bluez.command("set", JBD, "rssi", -60 - len(name))  # something to draw again
        printed, code = scan.end()
        self.assertEqual(code, 0)
        self.assertNotIn(JK + "]", printed)
        sections = printed.split("For config.ini", 1)[1].split("\n", 1)[1]
        self.assertIn(f"[battery {JBD}]\nbms = jbd\n", sections)
        self.assertIn(f"#[battery {ELSEWHERE}]", sections)
        for text, boards in ((sections, 2), (sections.replace("#[", "["), 3)):
            file = self.config_file(text)
            checked = subprocess.run([os.environ["DBUS_BMS"], "config", "check", file], capture_output=True, text=True, check=False)
            self.assertEqual((checked.returncode, checked.stdout.split(" in ")[-1]), (0, f"{boards} sections\n"), checked.stdout)

    def test_what_is_configured_is_marked_and_what_is_away_is_named(self):
        self.near(JBD, "jbd", "Shed")
        config = self.config_file(f"[battery {JBD.lower()}]\nname = x\n[battery {DALY}]\nname = y\n")
        scan = self.start(LiveScan, self.bus, config=config)
        scan.wait_for("Shed[^\n]*\r?\n[^\n]*it is configured")
        printed, code = scan.end()
        self.assertEqual(code, 0)
        self.assertRegex(printed, DALY + " +not seen\n.*phone")
        self.assertNotIn("For config.ini", printed)

    def test_why_nothing_can_be_found(self):
        self.near(JBD, "jbd", "Shed")
        self.bluez.command("power", "hci0", "off")
        scan = self.start(LiveScan, self.bus)
        scan.wait_for("hci0 is switched off")
        self.bluez.command("unplug", "hci0")
        scan.wait_for("there is no Bluetooth adapter")
        self.bluez.command("bluez-off")
        scan.wait_for("BlueZ does not run")
        printed, code = scan.end()
        self.assertEqual(code, 1)
        self.assertIn("BlueZ does not run", printed)

    def test_it_goes_on_when_the_adapter_is_switched_on(self):
        self.near(JBD, "jbd", "Shed")
        self.bluez.command("power", "hci0", "off")
        scan = self.start(LiveScan, self.bus)
        scan.wait_for("hci0 is switched off")
        self.bluez.command("power", "hci0", "on")
        scan.wait_for("Shed")
        printed, code = scan.end()
        self.assertNotIn("switched off", printed)
        self.assertEqual(code, 0)

    def test_an_adapter_in_the_hands_of_somebody_else(self):
        self.bluez.command("fail", "hci0", "StartDiscovery", "org.bluez.Error.InProgress", "Operation already in progress", -1)
        scan = self.start(LiveScan, self.bus)
        self.bluez.wait_for_call("StartDiscovery", "hci0")
        scan.wait_for("(?i)somebody|another|in use|progress")
        self.assertEqual(scan.end()[1], 1)

    def test_the_adapter_that_is_asked_for(self):
        other = "00:1A:7D:DA:71:14"
        self.bluez.command("adapter", "hci1", other)
        self.near(JBD, "jbd", "Shed")
        scan = self.start(LiveScan, self.bus, "--adapter", other.lower())
        self.bluez.wait_for_call("StartDiscovery", "hci1")
        scan.wait_for("Shed")
        self.assertEqual(self.bluez.calls("StartDiscovery"), ["hci1"])
        scan.end()
        away = self.start(LiveScan, self.bus, config=self.config_file("[bluetooth]\nadapter = 00-1A-7D-DA-71-15\n"))
        away.wait_for("00:1A:7D:DA:71:15 is not there")

    def test_nothing_is_near(self):
        self.near(WATCH, "telephone", "Phone")
        scan = self.start(LiveScan, self.bus)
        scan.wait_for("and 1 device")
        printed, code = scan.end()
        self.assertEqual(code, 1)
        self.assertIn("no battery seen", printed)
        self.assertNotIn("Phone", printed)

    def test_names_do_not_steer_the_terminal(self):
        self.near(JBD, "jbd", "\x1b[31mred\x07")
        scan = self.start(LiveScan, self.bus)
        scan.wait_for("31mred")
        printed, _ = scan.end()
        self.assertIn("?[31mred", printed.replace(" ", ""))
        self.assertNotIn("\x1b[31m", printed)

    def test_without_a_bus(self):
        done = subprocess.run([os.environ["DBUS_BMS"], "scan", "--seconds", "1", "--config", "/dev/null"],
                              env=os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere", "DBUS_SESSION_BUS_ADDRESS": ""},
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("no D-Bus", done.stderr)


if __name__ == "__main__":
    main()
