#!/usr/bin/python3
"""A battery is called the same in every command, and whoever is called otherwise hears who is there."""

import json
import os
import subprocess

from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, TestCase, main

WHOLE_NAMES = ("ttyTEST", "/dev/ttyTEST", "com.victronenergy.battery.ttyTEST", "JBD:NAMED0001", "jbd_named0001", "NAMED0001", "garden HUT")
ENDS = ("D0001", "ttytest", "hut")


class Names(TestCase):
    def ask(self, command, *words, code=0):
        """What a command says, with both directories of the drivers where it takes them."""
        places = ["--run-dir", self.bus.directory / "run"]
        if command != "watch":
            places += ["--state-dir", self.bus.directory / "state"]
        ran = subprocess.run([os.environ["DBUS_BMS"], command, *places, *words], capture_output=True, text=True, check=False,
                             env=self.bus.env, timeout=120)
        self.assertEqual(ran.returncode, code, (command, words, ran.stdout + ran.stderr))
        return ran.stdout if code == 0 else ran.stderr

    def batteries(self):
        self.bus = self.start(PrivateBus)
        self.settings = self.start(Settings, self.bus)
        self.bus.directory.joinpath("config.ini").write_text("[battery ttyTEST]\nname = Garden hut\n")
        named = self.battery("--serial", "NAMED0001")
        other = self.battery(name="ttyOTHER", family="daly")
        return named, other

    def test_every_command_takes_every_name(self):
        (_, daemon, client), (_, other, other_client) = self.batteries()
        for name in WHOLE_NAMES:
            with self.subTest(name):
                self.assertIn("serial NAMED0001", self.ask("watch", name, "--once"))
                self.assertEqual(json.loads(self.ask("list", "--json", "--battery", name))["battery"], "jbd_NAMED0001")
        for name in ENDS:
            with self.subTest(name):
                self.assertIn("serial NAMED0001", self.ask("watch", name, "--once"))
        with self.subTest("the end of a name is not enough for what may change something"):
            self.assertIn("ttyTEST (jbd_NAMED0001, \"Garden hut\")", self.ask("list", "--battery", "D0001", code=1))
        with self.subTest("what it is called on the screen"):
            self.assertEqual(client.set("/CustomName", "House"), 0)
            client.wait_for_value("/CustomName", "House")
            self.assertIn("serial NAMED0001", self.ask("watch", "House", "--once"))
            self.assertEqual(json.loads(self.ask("list", "--json", "--battery", "House"))["battery"], "jbd_NAMED0001")
        with self.subTest("one is called so in the configuration, another one on the screen"):
            self.assertEqual(other_client.set("/CustomName", "Garden hut"), 0)
            other_client.wait_for_value("/CustomName", "Garden hut")
            self.assertIn("name one of them: ttyTEST, ttyOTHER", self.ask("list", "--battery", "Garden hut", code=2))
            self.assertEqual(other_client.set("/CustomName", ""), 0)
            other_client.wait_for_value("/CustomName", "")
        with self.subTest("nobody"):
            for command, *words in (("watch", "Shed", "--once", "--wait", "0.2"), ("list", "--battery", "House 2")):
                self.assertRegex(self.ask(command, *words, code=1), "ttyOTHER.*ttyTEST")
        with self.subTest("one of two"):
            for command, *words in (("watch", "--once"), ("list",)):
                self.assertRegex(self.ask(command, *words, code=2).replace("\n", " "), "ttyOTHER.*ttyTEST")
        for each, its_client in ((daemon, client), (other, other_client)):
            each.stop()
            its_client.wait_for_no_name()
        for name in (*WHOLE_NAMES[:-1], "D0001"):
            with self.subTest(f"cells {name}"):
                self.assertTrue(self.ask("cells", name).startswith("jbd_NAMED0001,"))
        self.assertTrue(self.ask("cells", "ttyOTHER").startswith("daly_"))
        self.assertIn("ttyTEST (jbd_NAMED0001)", self.ask("cells", "nosuch", code=1))

    def test_a_pack_that_is_silent_is_no_stranger(self):
        self.bus = self.start(PrivateBus)
        self.start(Settings, self.bus)
        simulator = self.start(Simulator, "--boards", "2", "--dialect", "up")
        simulator.command("on 2 silence on")
        client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST_1")
        self.start(Daemon, self.bus, simulator.tty, "--address", "1,2")
        client.wait_for_name()
        self.assertIn("ttyTEST_2 has not answered", self.ask("list", "--battery", "ttyTEST_2", code=1))
        self.assertIn("ttyTEST_2 has not answered", self.ask("watch", "ttyTEST_2", "--once", "--wait", "0.2", code=1))
        self.assertIn("no battery is called 'ttyTEST_3'", self.ask("list", "--battery", "ttyTEST_3", code=1))
        self.ask("list", "--battery", "ttyTEST_1")
        for words in ((), ("--battery", "ttyTEST")):
            with self.subTest("the one that has answered need not be the one that is meant", words=words):
                self.assertIn("name one of them: ttyTEST_1, ttyTEST_2", self.ask("list", *words, code=2))

    def test_without_a_driver_no_other_board_is_taken_for_it(self):
        self.bus = self.start(PrivateBus)
        simulator = self.start(Simulator, "--serial", "NAMED0001")
        for name in ("ttyTEST", "JBD:NAMED0001", "NAMED0001"):
            self.ask("list", "--port", simulator.tty, "--battery", name)
        self.assertIn("ttyTEST (jbd_NAMED0001)", self.ask("list", "--port", simulator.tty, "--battery", "JBD:OTHER", code=1))
        configuration = self.bus.directory / "config.ini"
        configuration.write_text("[battery JBD:NAMED0001]\nname = House\n")
        for name, code in (("House", 0), ("Shed", 1)):
            self.ask("list", "--port", simulator.tty, "--battery", name, "--config", configuration, code=code)

    def test_without_a_driver_the_port_alone_is_none_of_several(self):
        self.bus = self.start(PrivateBus)
        simulator = self.start(Simulator, "--boards", "2", "--dialect", "up")
        configuration = self.bus.directory / "config.ini"
        configuration.write_text("[default]\naddress = 1, 2\n")
        line = ("--port", simulator.tty, "--config", configuration)
        for words in ((), ("--battery", "ttyTEST")):
            with self.subTest(words=words):
                self.assertIn("ttyTEST_1, ttyTEST_2", self.ask("list", *line, *words, code=2))
        self.assertEqual(json.loads(self.ask("list", "--json", *line, "--battery", "ttyTEST_2"))["place"], "ttyTEST_2")

    def test_who_waits_meets_a_battery_by_its_serial_number(self):
        self.bus = self.start(PrivateBus)
        self.settings = self.start(Settings, self.bus)
        command = [os.environ["DBUS_BMS"], "watch", "NAMED0001", "--once", "--wait", "600", "--run-dir",
                   self.bus.directory / "nowhere"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self.bus.env) as waiting:
            self.battery("--serial", "NAMED0001")
            self.assertIn("serial NAMED0001", waiting.communicate(timeout=120)[0])


if __name__ == "__main__":
    main()
