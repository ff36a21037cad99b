"""`dbus-bms config` as people and scripts call it: what is printed, where, and how it ends."""

import json
import os
import pathlib
import subprocess
import tempfile

from harness import TestCase, main


class ConfigCommands(TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def file(self, name, text):
        path = self.directory / name
        path.write_bytes(text.encode("latin-1"))
        return path

    def config(self, *words):
        return subprocess.run([os.environ["DBUS_BMS"], "config", *words], capture_output=True, text=True)

    def imported(self, text):
        """What import makes of a file; it has passed the check."""
        result = self.config("import", self.file("theirs.ini", text))
        checked = self.config("check", self.file("ours.ini", result.stdout))
        self.assertEqual(checked.returncode, 0, checked.stdout + result.stdout)
        return result

    def test_import_ends_with_0_when_nothing_needs_a_decision(self):
        result = self.imported("[DEFAULT]\nMAX_BATTERY_CHARGE_CURRENT = 80\nTELEMETRY = False\n")
        self.assertEqual(result.returncode, 0)
        self.assertIn("\nmax_charge_current = 80  # MAX_BATTERY_CHARGE_CURRENT\n", result.stdout)
        self.assertIn("1 option taken over, 0 questions to decide, 1 setting without meaning here", result.stderr)
        self.assertEqual((result.stdout + result.stderr).count("nothing is ever sent"), 1)

    def test_import_ends_with_4_when_something_needs_a_decision(self):
        result = self.imported("[DEFAULT]\nBMS_TYPE = LltJbd\nINVERT_CURRENT_MEASUREMENT = -1\nBATTERY_CAPACITY = 135\n")
        self.assertEqual(result.returncode, 4)
        self.assertNotIn("\ncapacity", result.stdout)
        self.assertNotIn("\ninvert_current", result.stdout)
        self.assertIn("bms = jbd", result.stdout)

    def test_import_ends_with_2_when_the_file_cannot_be_read(self):
        for path in (self.directory / "nobody.ini", self.directory):
            self.assertEqual(self.config("import", path).returncode, 2)

    def test_show_of_what_was_changed(self):
        path = self.file("config.ini", "[default]\nmax_charge_current = 100 A\npoll_interval = 1 s\n")
        shown = self.config("show", path, "--changed")
        self.assertEqual(shown.returncode, 0)
        self.assertRegex(shown.stdout, r"^Limits\n  max_charge_current  100 A  config.ini:2 \[default\]\n$")
        options = json.loads(self.config("show", path, "--changed", "--json").stdout)["options"]
        self.assertEqual([(one["option"], one["group"], one["default"]) for one in options],
                         [("max_charge_current", "Limits", "50")])
        self.assertGreater(len(json.loads(self.config("show", path, "--json").stdout)["options"]), 100)

    def test_a_name_that_is_not_utf_8_is_a_fault_that_can_be_printed(self):
        checked = self.config("check", self.file("config.ini", "[default]\nname = Br\xfccke\n"))
        self.assertEqual(checked.returncode, 2)
        self.assertIn("name = Br?cke: expected a text in UTF-8", checked.stdout)


if __name__ == "__main__":
    main()
