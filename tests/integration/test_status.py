#!/usr/bin/python3
"""`dbus-bms status`: what is on the page, and what is not."""

import json
import os
import subprocess

from harness import TestCase, main


class Status(TestCase):
    def status(self, *words, env=None):
        done = subprocess.run([os.environ["DBUS_BMS"], "status", "--run-dir", self.bus.directory / "run", "--log-dir",
                               self.bus.directory / "log", "--config", self.bus.directory / "config.ini", *words],
                              env=env or self.bus.env, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def setUp(self):
        _, self.daemon, self.client = self.battery("--barcode", "SECRET4711")
        self.bus.directory.joinpath("config.ini").write_text("[battery JBD:SECRET4711]\nmax_charge_curent = 5\n")
        log = self.bus.directory / "log" / "dbus-bms.ttyTEST"
        log.mkdir(parents=True)
        log.joinpath("current").write_text("@400000006b0b37c136b2c4fc info: JBD:SECRET4711 found\n"
                                           "@400000006b0b37c136b2c4fc warning: JBD:OTHER99 is not there\n"
                                           "@400000006b0b37c136b2c4fd error: lost SECRET4711\n")

    def test_what_is_on_the_page(self):
        page = self.status()
        for text in ("com.victronenergy.battery.ttyTEST", "dbus-bms", f"pid {self.daemon.pid}", "data of",
                     "config.ini:2: ", "max_charge_current", "error: lost ...", "warning: JBD:... is not there"):
            self.assertIn(text, page)
        self.assertNotIn("info:", page)
        self.assertRegex(page, r", CPU \d+\.\d s, memory \d+ MB, pid ")
        self.assertRegex(page, r", free \d+ MB\n")
        self.assertRegex(page, r" SoC \d+\.\d %, voltage \d+\.\d\d V, current -?\d+\.\d A\n")
        self.assertRegex(page, r" CVL \d+\.\d\d V, CCL \d+\.\d A, DCL \d+\.\d A")

    def test_serial_numbers_are_for_those_who_ask_for_them(self):
        for words in ((), ("--json",)):
            said = self.status(*words)
            self.assertNotIn("SECRET4711", said)
            self.assertNotIn("OTHER99", said)
        self.assertIn("SECRET4711", self.status("--full"))

    def test_the_same_for_programs(self):
        facts = json.loads(self.status("--json"))
        battery, = facts["batteries"]
        self.assertEqual(battery["soc_pct"], self.client.items["/Soc"].value)
        self.assertEqual([beat["battery"] for beat in facts["heartbeats"]], ["ttyTEST"])
        self.assertLess(facts["heartbeats"][0]["age_s"], 30)
        self.assertEqual(facts["complaints"][0]["time"], "2026-11-28 20:21:11")
        for process in facts["processes"]:
            self.assertRegex(str(process["cpu_s"]), r"^\d+\.\d{1,2}$")
        self.assertIn(self.daemon.pid, [process["pid"] for process in facts["processes"]])

    def test_without_a_bus(self):
        page = self.status(env=dict(os.environ, DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent"))
        self.assertIn("bus        ", page)
        self.assertIn("versions   dbus-bms", page)


if __name__ == "__main__":
    main()
