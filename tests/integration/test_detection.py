"""Which BMS is on the line: found without being told, and not taken for another one."""

import concurrent.futures
import json
import os
import subprocess
import termios

from boards import BOARDS, FAMILIES
from detect_case import Detect
from harness import Simulator, main


class Boards(Detect):
    def of_each_board(self, look):
        """What `look(name, board, simulator)` says of every board, all at the same time; it mostly waits."""
        simulators = {name: self.start(Simulator, "--speed-matters", *board.options, family=board.family,
                                       name="tty" + name) for name, board in BOARDS.items()}
        with concurrent.futures.ThreadPoolExecutor(len(BOARDS)) as pool:
            looks = {name: pool.submit(look, name, BOARDS[name], simulator) for name, simulator in simulators.items()}
        for name, simulator in simulators.items():
            self.assertEqual(simulator.state().get("writes", []), [], f"looking is no writing: {name}")
        return {name: each.result() for name, each in looks.items()}

    def test_each_is_found_cold_and_again_from_memory(self):
        found = self.of_each_board(lambda _name, _board, simulator: [self.detect(simulator.tty) for _ in range(2)])
        for name, (cold, again) in found.items():
            with self.subTest(name):
                for code, said in (cold, again):
                    self.assertEqual(code, 0, said)
                    self.assertEqual(said, said | BOARDS[name].expected)
                self.assertIn("cells", cold[1])

    def test_none_is_taken_for_another_and_none_is_written_to(self):
        found = self.of_each_board(lambda _name, board, simulator: {
            family: self.detect(simulator.tty, "--bms", family) for family in FAMILIES if family != board.family})
        for name, looked_for in found.items():
            for family, (code, said) in looked_for.items():
                with self.subTest(board=name, looked_for=family):
                    self.assertEqual((code, said["found"]), (1, False), said)

    def test_a_full_scan_finds_a_board_at_any_address(self):
        simulator = self.start(Simulator, "--speed-matters", "--address", "13", "--baud", "38400", family="rec")
        self.assertEqual(self.detect(simulator.tty, "--bms", "rec")[0], 1, "13 is no usual address")
        code, found = self.detect(simulator.tty, "--bms", "rec", "--address", "1-16")
        self.assertEqual((code, found.get("address"), found.get("baud")), (0, 13, 38400), found)

    def test_memory_of_another_board_is_no_hindrance(self):
        ports = self.bus.directory / "s" / "ports"
        ports.mkdir(parents=True)
        simulator = self.start(Simulator, name="ttyOTHER")
        for stored in ('{"bms": "daly", "dialect": "d2", "baud": 9600, "address": 0}', "not json", "{}", ""):
            with self.subTest(stored):
                (ports / "ttyOTHER.json").write_text(stored)
                code, found = self.detect(simulator.tty)
                self.assertEqual((code, found.get("bms")), (0, "jbd"), found)
        self.assertEqual(json.loads((ports / "ttyOTHER.json").read_text())["bms"], "jbd")

    def test_is_found_on_a_line_that_damages_frames(self):
        simulator = self.start(Simulator)
        simulator.command("fault flip 0.005")
        for _ in range(3):
            code, found = self.detect(simulator.tty)
            self.assertEqual((code, found.get("bms")), (0, "jbd"), found)

    def test_the_port_is_given_back_as_it_was(self):
        simulator = self.start(Simulator)
        descriptor = os.open(simulator.tty, os.O_RDWR | os.O_NOCTTY)
        try:
            before = termios.tcgetattr(descriptor)
            self.detect(simulator.tty)
            self.assertEqual(termios.tcgetattr(descriptor), before)
        finally:
            os.close(descriptor)


class SeveralBoards(Detect):
    LINES = {"daly": (["--boards", "3"], [1, 2, 3]), "rec": (["--boards", "3", "--address", "4"], [4, 5, 6])}

    def line(self, family):
        options, _ = self.LINES[family]
        return self.start(Simulator, "--speed-matters", *options, family=family, name="tty" + family)

    def boards(self, said):
        return [(board["bms"], board["address"]) for board in said["boards"]]

    def test_all_that_are_named_are_listed(self):
        for family, (_, addresses) in self.LINES.items():
            with self.subTest(family):
                simulator = self.line(family)
                wanted = ",".join(map(str, addresses))
                code, said = self.detect(simulator.tty, "--bms", family, "--address", wanted)
                self.assertEqual((code, said["bms"], said["address"]), (0, family, addresses[0]))
                self.assertEqual(self.boards(said), [(family, address) for address in addresses])
                self.assertEqual(said["silent_addresses"], [])
                self.assertTrue(all(board["cells"] for board in said["boards"]), said)

    def test_who_does_not_answer_is_told(self):
        simulator = self.line("daly")
        simulator.command("on 2 silence on")
        code, said = self.detect(simulator.tty, "--bms", "daly", "--address", "1-4")
        self.assertEqual((code, self.boards(said)), (0, [("daly", 1), ("daly", 3)]))
        self.assertEqual(said["silent_addresses"], [2, 4])

    def test_all_on_the_line_are_found_when_asked_for(self):
        lines = {family: self.line(family) for family in self.LINES}
        with concurrent.futures.ThreadPoolExecutor(len(lines)) as pool:
            looks = {family: pool.submit(self.detect, simulator.tty, "--bms", family, "--all-addresses")
                     for family, simulator in lines.items()}
        for family, look in looks.items():
            with self.subTest(family):
                code, said = look.result()
                addresses = self.LINES[family][1]
                self.assertEqual(code, 0, said)
                self.assertEqual(self.boards(said), [(family, address) for address in addresses])
                self.assertEqual(said["silent_addresses"], [one for one in range(1, 17) if one not in addresses])

    def test_a_family_without_addresses_is_found_as_ever(self):
        code, said = self.detect(self.start(Simulator).tty, "--bms", "jbd", "--all-addresses")
        self.assertEqual((code, said["bms"], "boards" in said), (0, "jbd", False))

    def test_people_get_a_list(self):
        simulator = self.line("daly")
        shown = subprocess.run([os.environ["DBUS_BMS"], "detect", simulator.tty, "--bms", "daly", "--address", "1-5",
                                "--config", "/dev/null", "--state-dir", self.bus.directory / "s"], capture_output=True, text=True, check=True)
        for address in (1, 2, 3):
            self.assertRegex(shown.stdout, rf"(?m)^found Daly at 9600 baud, dialect a5, address {address}$")
        self.assertRegex(shown.stdout, r"(?m)^no answer at address 4, 5$")
        self.assertNotIn("asking", shown.stderr)


if __name__ == "__main__":
    main()
