"""What owners of REC units have done with the PowerShell module REC-BMSManager, verb by verb with our commands, and whether
the table in docs/rec.md that says so is complete and true."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from boards import BOARDS
from console_case import ConsoleCase
from harness import Simulator, main

TABLE = Path(__file__).resolve().parents[2] / "docs" / "rec.md"

# The module's instructions by its categories.
CATEGORIES = {
    "Amperage": "IOFF IOJA",
    "BMS": "SWVR HWVR EAVC ODDC REFC",
    "Cell": "BVOL BMIN CMAX MAXH CMIN MINH CHAR CHIS RAZL",
    "Error": "VMAX VMIN",
    "Identification": "*IDN",
    "Information": "LCD1 LCD3 CELL PTEM RINT BTEM ERRO",
    "Pack": "CYCL CAPA CHEM",
    "SOC": "SOCH SOCS",
    "Temperature": "TMAX TMIN TBAL BMTH",
    "Victron": "CHAC DCHC SISN MAXC MAXD CLOW CANF",
}
INSTRUCTIONS = " ".join(CATEGORIES.values()).split()
ARRAYS = "LCD1 LCD3 CELL PTEM RINT BTEM ERRO".split()
STRINGS = "*IDN SWVR HWVR".split()
READ_ONLY = [*ARRAYS, *STRINGS, "REFC"]
COMMON = [*ARRAYS, *STRINGS, "CYCL", "CAPA", "CHEM"]
WORDS = ("Get-BMSParameter", "-Extra", "Set-BMSParameter", "Get-BMSInstructionList", "-Type Configurable", "-Type Range",
         "-Type String", "-Type Common", "-FullCommand", "-Verbose", "Send-MQTT", "Install-BMSMQTTService",
         "Update-BMSMQTTService", "Uninstall-BMSMQTTService", "$BMSInstructionSet.Config",
         *(f"`{category}`" for category in CATEGORIES))


def rows():
    """The table as pairs of what was typed there and what is typed here."""
    text = TABLE.read_text()
    table = text[text.index("| Module | Here"):]
    lines = table[:table.index("\n\n")].splitlines()[2:]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


class TheTable(unittest.TestCase):
    def listed(self, *options):
        return set(re.findall(r"^(\S{4}) ", self.shown("--family", "rec", *options), re.MULTILINE)) - {"NAME"}

    def shown(self, *options):
        return subprocess.run([os.environ["DBUS_BMS"], "list", *options], check=True, capture_output=True, text=True).stdout

    def test_no_verb_of_the_module_is_missing(self):
        there = " ".join(cell for cell, _ in rows()).replace("-Category ", "`")
        for word in WORDS:
            self.assertIn(word, there)

    def test_all_42_instructions_have_a_row(self):
        self.assertEqual(len(INSTRUCTIONS), 42)
        self.assertLessEqual(set(INSTRUCTIONS), self.listed())

    def test_each_category_is_in_the_groups_that_are_named(self):
        seen = set()
        for there, here in rows():
            if "-Category" not in there:
                continue
            categories = re.findall(r"`(?:-Category )?(\w+)`", there)
            groups = re.findall(r"`(?:--group )?([\w,]+)`", here)
            self.assertEqual(len(categories), len(groups), there)
            for category, group in zip(categories, groups):
                seen.add(category)
                self.assertLessEqual(set(CATEGORIES[category].split()), self.listed("--group", group), category)
        self.assertEqual(seen, set(CATEGORIES))

    def test_each_type_is_what_the_table_says(self):
        self.assertLessEqual(set(INSTRUCTIONS) - set(READ_ONLY), self.listed("--writable"))
        self.assertFalse(set(READ_ONLY) & self.listed("--writable"))
        self.assertLessEqual(set(COMMON), self.listed("--group", "identity,measurements,counters,capacity,hardware"))
        tables = json.loads(self.shown("--family", "rec", "--json"))["tables"]
        rows_of = {one["name"]: one for one in tables[0]["parameters"]}
        self.assertFalse([name for name in ARRAYS + STRINGS if "step" in rows_of[name]])
        self.assertFalse([name for name in set(INSTRUCTIONS) - set(ARRAYS + STRINGS) if "step" not in rows_of[name]])


class TheUnit(ConsoleCase):
    """A 1Q, which the module was made for."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dbus-bms-rec-")
        self.addCleanup(folder.cleanup)
        self.directory = Path(folder.name)
        self.directory.joinpath("config.ini").touch()
        board = BOARDS["rec_1q"]
        self.board = self.start(Simulator, "--baud", "115200", *board.options, family=board.family)

    def test_several_are_read_in_the_order_asked(self):
        got = self.ask_json("get", "CMAX", "CMIN", "*IDN", "LCD1", port=self.board.tty)
        self.assertEqual([one["name"] for one in got["results"]], ["CMAX", "CMIN", "*IDN", "LCD1"])
        settings = self.board.state()["settings"]
        self.assertEqual([one["value"] for one in got["results"][:2]], [settings["CMAX"], settings["CMIN"]])
        self.assertIn("1Q", got["results"][2]["value"])

    def test_each_instruction_of_the_module_is_read(self):
        got = self.ask_json("get", *INSTRUCTIONS, port=self.board.tty)
        self.assertEqual([one["name"] for one in got["results"] if not one["ok"]], [])
        settings = self.board.state()["settings"]
        for one in got["results"]:
            if one["name"] in settings:
                self.assertAlmostEqual(one["value"], settings[one["name"]], 4, one["name"])

    def test_what_is_dangerous_is_confirmed_by_its_name(self):
        """As the module does; nobody can type here, so that it is not written."""
        self.ask("set", "CMAX=3.6", port=self.board.tty, code=5)
        self.ask("set", "CMAX=3.6", "--yes", port=self.board.tty, code=5)
        self.assertEqual(self.board.state()["settings"]["CMAX"], 3.85)
        done = self.ask_json("set", "CMAX=3.6", "--yes=safety", port=self.board.tty)["results"][0]
        self.assertEqual((done["before"], done["wanted"], done["after"]), (3.85, 3.6, 3.6))
        self.assertAlmostEqual(self.board.state()["settings"]["CMAX"], 3.6, 6)

    def test_values_are_checked_against_the_library(self):
        writes = self.board.state()["writes"]
        for wrong in ("CMAX=4.4", "CMAX=1.9", "CHEM=6", "CAPA=5001", "MAXC=346", "MAXD=346", "SOCS=1.1", "REFC=5", "*IDN=1"):
            self.ask("set", wrong, "--yes=safety,calibration,communication", port=self.board.tty, code=2)
        self.assertEqual(self.board.state()["writes"], writes)

    def test_what_is_not_as_on_a_new_unit(self):
        """The module has no word for it."""
        self.board.command("set current 0")
        self.ask("set", "CMAX=3.6", "--yes=safety", port=self.board.tty)
        changed = self.ask_json("list", "--changed", "--group", "cell_limits", port=self.board.tty)
        self.assertEqual([(one["name"], one["value"], one["when_new"]) for one in changed["parameters"]],
                         [("CMAX", 3.6, 3.85)])
        self.ask("list", "--changed", "--family", "rec", port=self.board.tty, code=2)

    def test_the_state_of_charge(self):
        self.ask("soc", "80", port=self.board.tty)
        self.assertAlmostEqual(self.board.state()["soc_pct"], 80, 3)


if __name__ == "__main__":
    main()
