#!/usr/bin/python3
"""The page for the GX screen, without the screen: what stands in its sources, and its pages as they are shipped, shown by
Debian's Qt with a stand-in for the screen's components. Pictures of them lie in build/gui.
  pages.py [--pictures FOLDER]   where they are to lie instead"""

import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MAKER = ROOT / "package/build/gui"
PICTURES = ROOT / "build/gui"
RUNNER = "/usr/lib/qt6/bin/qmltestrunner"
LINTER = "/usr/lib/qt6/bin/qmllint"
LUPDATE = "/usr/lib/qt6/bin/lupdate"
LANGUAGES = ["en", "de", "es", "fr", "nl"]

loader = importlib.machinery.SourceFileLoader("gui_maker", str(MAKER))
maker = importlib.util.module_from_spec(importlib.util.spec_from_loader("gui_maker", loader))
loader.exec_module(maker)

PAGES = {path.name: path.read_text() for path in sorted(maker.SOURCES.glob("*.qml"))}


def texts_of(language):
    """Of each id its source and its translation."""
    tree = ElementTree.parse(maker.SOURCES / f"{maker.NAME}_{language}.ts")
    return {each.get("id"): (each.findtext("source"), each.find("translation")) for each in tree.iter("message")}


def table_paths(document):
    """What a page for people says that there is: with <n> for numbers."""
    return set(re.findall(r"^\| `(/[^`]*)`", (ROOT / "docs" / document).read_text(), re.MULTILINE))


# What has several of a kind is asked for below a node.
NODES = {"uid": "", "serviceUid": "", "pack.node": "/Battery/<n>", "charger.node": "/Chargers/<n>"}


def named_paths():
    """What the pages ask for: a text after + is a path, and a number after it is <n>."""
    found = set()
    for page in PAGES.values():
        for node, path, number in re.findall(r'(uid|serviceUid|\w+\.node) \+ "(/[^"]*)"( \+ \()?', page):
            found.add(NODES[node] + path + ("<n>" if number else ""))
    return found - {"/Battery/<n>", "/Chargers/<n>"}


def bridge_paths():
    """Of the bridge, by its tables."""
    source = (ROOT / "src/bridge/bridge_items.cpp").read_text()
    leaves = re.search(r"charger_leaves\{(.*?)\}", source, re.DOTALL)[1]
    return set(re.findall(r'Fact\{"(/[^"]+)"', source)) | {f"/Chargers/<n>/{leaf}" for leaf in re.findall(r'"(\w+)"', leaves)}


# What a bank tells of its packs; its stock paths are those of any battery with several.
BANK = {f"/Battery/<n>/{leaf}" for leaf in ("Name", "Soc", "Voltage", "Current", "ChargeLimit", "DischargeLimit", "Standing")}
BANK |= {"/Bank/LowestCell", "/Bank/HighestCell", "/Settings/Exclude/<n>", "/Member/Limit/ChargeCurrent", "/Member/Limit/ChargeVoltage"}


class Sources(unittest.TestCase):
    def test_every_path_is_in_the_tables_of_the_driver(self):
        known = table_paths("dbus-paths.md") | bridge_paths() | BANK | {"/Settings/Bluetooth/Release"}
        # One battery of several, and one of several errors.
        known |= {path.replace("<n>", "1") for path in known}
        named = named_paths()
        self.assertGreater(len(named), 60)
        self.assertEqual(named - known, set())

    def test_every_path_that_is_written_can_be(self):
        writable = set(re.findall(r"^\| `(/[^`]*)` W", (ROOT / "docs/dbus-paths.md").read_text(), re.MULTILINE))
        shown = set(re.findall(r'"(/Settings/\w+)"', PAGES["DbusBms_PageControl.qml"]))
        self.assertGreater(len(shown), 10)
        self.assertEqual(shown - writable, set())
        self.assertIn("/CellMonitor/Alerts/Acknowledge", writable)

    def test_every_text_is_there_in_every_language(self):
        used = set(re.findall(r'qsTrId\("(\w+)"\)', "".join(PAGES.values())))
        self.assertGreater(len(used), 80)
        english = texts_of("en")
        self.assertEqual(set(english), used)
        for language in LANGUAGES:
            texts = texts_of(language)
            self.assertEqual(set(texts), used, language)
            for name, (source, translation) in texts.items():
                with self.subTest(language=language, text=name):
                    self.assertEqual(source, english[name][0])
                    self.assertIsNone(translation.get("type"), "it is unfinished")
                    self.assertTrue(translation.text)
                    for mark in ("%1", "%2", "%3", "%4", "%5"):
                        self.assertEqual(mark in translation.text, mark in source)
                    self.assertEqual(translation.text.count("\n"), source.count("\n"))
                    # What the screen would take for markup.
                    self.assertNotIn("<", translation.text)
            same = [name for name, (source, translation) in texts.items() if source == translation.text]
            if language != "en":
                self.assertLess(len(same), 8, f"{language}: {same}")

    def test_the_sources_of_the_texts_are_what_the_pages_say(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, page in PAGES.items():
                (Path(folder) / name).write_text(page)
            made = Path(folder) / "all.ts"
            subprocess.run([LUPDATE, "-silent", folder, "-ts", made], check=True)
            said = {each.get("id"): each.findtext("source") for each in ElementTree.parse(made).iter("message")}
        self.assertEqual({name: source for name, (source, _) in texts_of("en").items()}, said)

    def test_every_code_of_the_driver_has_a_text(self):
        limits = (ROOT / "include/bms/limits.hpp").read_text()
        reasons = int(re.search(r"limit_reason_count = (\d+)", limits)[1])
        alarms = re.findall(r'\{Alarm::\w+, "[^"]*", "(\w+)"', (ROOT / "include/bms/alarm.hpp").read_text())
        causes = re.search(r"enum class AlarmCause.*?\};", (ROOT / "include/bms/alarm.hpp").read_text(), re.DOTALL)[0].count(" = ")
        states = re.search(r"enum class ChargeState.*?\};", limits, re.DOTALL)[0].count("///<")
        words = PAGES["DbusBms_Words.qml"]
        self.assertEqual(re.findall(r'^\t\t"(\w+)",?$', words, re.MULTILINE), alarms)
        standings = re.findall(r'"([^"]+)"', re.search(r"constexpr std::string_view names\[\] = \{(.*?)\}",
                                                        (ROOT / "src/bank/findings.hpp").read_text(), re.DOTALL)[1])
        self.assertEqual(set(re.findall(r'"([^"]+)"', re.search(r"standingNames: \[(.*?)\]", words)[1])), set(standings))
        in_qml = re.search(r"property var causes: \[(.*?)\]\n", words, re.DOTALL)[1]
        self.assertEqual(len(re.findall(r"[\w.]+\[\d+\]|alarmText\(|\"\",", in_qml)), causes)
        for language in LANGUAGES:
            texts = texts_of(language)
            for name, count in {"reasons": reasons, "alarms": len(alarms), "states": states, "levels": 3, "standings": len(standings)}.items():
                lines = texts["dbusbms_" + name][1].text.split("\n")
                self.assertEqual(len(lines), count, f"{language}: {name}")
                self.assertTrue(all(line.strip() for line in lines))

    def test_every_error_of_the_driver_is_shown_as_its_alarms(self):
        header = (ROOT / "include/bms/alarm.hpp").read_text()
        name_of = dict(re.findall(r'\{Alarm::(\w+), "[^"]*", "(\w+)"', header))
        switch = re.search(r"error_code\(Alarm alarm\) \{(.*?)\n\}", (ROOT / "src/battery/last_errors.cpp").read_text(), re.DOTALL)[1]
        meant = {code: {name_of[alarm] for alarm in re.findall(r"Alarm::(\w+)", cases)}
                 for cases, code in re.findall(r"((?:case Alarm::\w+:\s*)+)return (\d+);", switch)}
        table = re.search(r"errorAlarms: \(\{(.*?)\}\)", PAGES["DbusBms_Words.qml"], re.DOTALL)[1]
        shown = {code: set(re.findall(r'"(\w+)"', names)) for code, names in re.findall(r"(\d+): \[(.*?)\]", table)}
        self.assertEqual(shown.keys(), meant.keys())
        for code, alarms in shown.items():
            self.assertTrue(alarms and alarms <= meant[code], code)

    def test_the_driver_says_of_a_silent_sensor_what_the_page_waits_for(self):
        awaited = re.search(r'driversWords\.value\.endsWith\("([^"]+)"\)', PAGES["DbusBms_PageBattery.qml"])[1]
        said = re.findall(r'"([^"]*)"', (ROOT / "src/charge/temperature_sources.cpp").read_text())
        self.assertEqual(sum(text.endswith(awaited) for text in said), 2)

    def test_product_id_is_that_of_the_driver(self):
        driver = re.search(r"product_id = (0x\w+)", (ROOT / "src/items/battery_paths.hpp").read_text())[1]
        bridge = re.search(r"/ProductId\", count, std::int32_t\{(0x\w+)\}", (ROOT / "src/bridge/bridge_items.cpp").read_text())[1]
        self.assertEqual(maker.PRODUCT, driver)
        self.assertIn(f"=== {driver} ", PAGES["DbusBms_PageSettings.qml"])
        self.assertIn(f"=== {bridge} ", PAGES["DbusBms_PageSettings.qml"])

    def test_colours_are_those_of_the_scheme(self):
        for name, page in PAGES.items():
            self.assertEqual(re.findall(r'color: "|"#[0-9a-f]{6}"', page), [], name)

    def test_whatever_writes_may_be_used_by_a_user(self):
        for name, page in PAGES.items():
            for kind in re.findall(r"\b(ListSwitch|ListSpinBox|ListButton|ListRadioButtonGroup) \{.*?(?=\n\t*\}\n)", page, re.DOTALL):
                block = page[page.index(kind + " {"):]
                self.assertIn("writeAccessLevel: VenusOS.User_AccessType_User", block, f"{kind} in {name}")


class Shipped(unittest.TestCase):
    def test_the_same_sources_give_the_same_file(self):
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("one.json", "other.json")]
            for file in files:
                subprocess.run([MAKER, file, "1.2.3"], check=True, capture_output=True)
            self.assertEqual(files[0].read_bytes(), files[1].read_bytes())
            self.assertLessEqual(files[0].stat().st_size, maker.MOST_BYTES)
            found = json.loads(files[0].read_text())
        self.assertEqual((found["name"], found["version"], found["minRequiredVersion"]), ("DbusBms", "1.2.3", maker.OLDEST))
        self.assertEqual([each["type"] for each in found["integrations"]], [1, 2])
        self.assertEqual(found["integrations"][1]["productId"], "0xBAB5")
        self.assertEqual(len(found["translations"]), len(LANGUAGES))


    def test_other_contents_have_another_date(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.qml"
            dates = []
            for content in ("Item { }", "Item { x: 1 }", "Item { }"):
                page.write_text(content)
                dates.append(maker.date_of([("page.qml", page)]))
        self.assertEqual(dates[0], dates[2])
        self.assertNotEqual(dates[0], dates[1])
        self.assertTrue(all(0 < date < 2**31 for date in dates))


class Shown(unittest.TestCase):
    """The pages as they are shipped: without comments, and with all texts in one."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="dbus-bms-gui-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        (cls.folder / "pages").mkdir()
        (cls.folder / "pictures").mkdir()
        for name, page in PAGES.items():
            (cls.folder / "pages" / name).write_text(maker.with_places(maker.without_comments(page)))
        for language in LANGUAGES:
            maker.compile_texts(language, cls.folder / f"{language}.ts", cls.folder / f"{language}.qm")
        for path in HERE.glob("*.qml"):
            shutil.copy(path, cls.folder)

    def run_tests(self, name, language="en"):
        environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software", LC_ALL="C.UTF-8")
        done = subprocess.run([RUNNER, "-import", HERE / "stub", "-translation", self.folder / f"{language}.qm",
                               "-input", self.folder / name], cwd=self.folder, env=environment, capture_output=True, text=True, errors="replace",
                              timeout=120)
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, said)
        passed = int(re.search(r"Totals: (\d+) passed, 0 failed, 0 skipped", said)[1])
        self.assertGreater(passed, 2, said)
        # A page that is wrong in a place that no test looks at says so here.
        self.assertEqual([line for line in said.splitlines() if re.search(r"\.qml:\d+", line)], [], said)
        return passed

    def test_battery(self):
        self.assertGreater(self.run_tests("tst_battery.qml"), 40)

    def test_control(self):
        self.run_tests("tst_control.qml")

    def test_bank(self):
        self.run_tests("tst_bank.qml")

    def test_settings(self):
        self.run_tests("tst_settings.qml")

    def test_other_languages(self):
        for language in LANGUAGES:
            (self.folder / "tst_language.qml").write_text((HERE / "tst_language.qml").read_text().replace("LANGUAGE", language))
            self.run_tests("tst_language.qml", language)

    def test_the_linter_finds_nothing(self):
        done = subprocess.run([LINTER, "--unqualified", "disable", "-I", HERE / "stub", *sorted(maker.SOURCES.glob("*.qml"))],
                              capture_output=True, text=True)
        said = done.stdout + done.stderr
        # Whatever stands there besides is about the linter's own files.
        self.assertEqual(re.findall(r"^(?:Warning|Error|Info): .*\.qml:\d+.*", said, re.MULTILINE), [], said)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(PICTURES, ignore_errors=True)
        shutil.copytree(cls.folder / "pictures", PICTURES)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pictures"]:
        PICTURES = Path(sys.argv[2]).resolve()
        del sys.argv[1:3]
    unittest.main()
