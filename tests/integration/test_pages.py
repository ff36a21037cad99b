#!/usr/bin/python3
"""What the pages for owners tell to type exists, and they can be read in a narrow window."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
MANUAL = (ROOT / "docs/dbus-bms.1").read_text().replace("\\-", "-")  # a unit test keeps it what the program says
LONGEST = 120


def known():
    """The options of each command, by the words that lead to it; those of `dbus-bms` itself by no word."""
    options = {(): {"--version", "--help"}, ("completion",): set(), ("manual",): set()}
    for name, body in re.findall(r"^\.SS dbus-bms (.*?)\n(.*?)(?=^\.S[SH] |\Z)", MANUAL, re.M | re.S):
        options[tuple(name.split())] = set(re.findall(r"--[a-z-]+", "\n".join(re.findall(r"^\.B (-.*)$", body, re.M))))
    return options


KNOWN = known()


def code_of(page):
    """Lines of blocks, and what is quoted within a line; continued lines are one."""
    fenced = False
    for number, line in enumerate(page.read_text().replace("\\\n", " ").splitlines(), 1):
        fenced ^= line.startswith("```")
        if fenced or line.startswith("    "):
            yield number, line.strip()
        else:
            for quoted in re.findall(r"`([^`]+)`", line):
                yield number, quoted


def commands_in(line):
    """Each `dbus-bms ...` of a line up to what belongs to a shell, as words."""
    for call in re.findall(r"(?:^|[;&|(] *|sudo |exec |/)dbus-bms ([a-z-][^|;&<>#)]*)", line):
        yield call.split()


def fault_of(words):
    """Why nobody can type this; empty: it is right."""
    path = ()
    for word in words:
        if (*path, word) not in KNOWN:
            break
        path = (*path, word)
    if not path and not words[0].startswith("-"):
        return f"there is no command {words[0]!r}"
    for word in words[len(path):]:
        option = re.match(r"--[a-z-]+", word)
        if option and option.group() not in KNOWN[path] | {"--help"}:
            return f"dbus-bms {' '.join(path)} has no {option.group()}"
    return ""


class Pages(unittest.TestCase):
    def test_every_command_and_its_options_exist(self):
        found = 0
        for page in PAGES:
            for number, line in code_of(page):
                for words in commands_in(line):
                    found += 1
                    with self.subTest(page=page.name, line=number, command=" ".join(words)):
                        self.assertEqual(fault_of(words), "")
        self.assertGreater(found, 100, "commands are not recognised any more")

    def test_a_wrong_command_is_noticed(self):
        self.assertIn("no command 'detekt'", fault_of(["detekt", "ttyUSB0"]))
        self.assertIn("has no --bla", fault_of(["config", "check", "--bla"]))
        self.assertEqual(fault_of(["config", "check", "--help"]), "")

    def test_every_link_leads_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
                if not re.match(r"[a-z]+:", target):
                    with self.subTest(page=page.name, target=target):
                        self.assertTrue((page.parent / target).exists())

    def test_text_is_wrapped(self):
        for page in PAGES:
            inside = False
            for number, line in enumerate(page.read_text().splitlines(), 1):
                inside ^= line.startswith("```")
                # A row of a table and what is to be copied cannot be broken.
                if not inside and len(line) > LONGEST and not line.startswith(("|", "    ")):
                    self.fail(f"{page.name}:{number} has {len(line)} characters, expected at most {LONGEST}")


if __name__ == "__main__":
    unittest.main()
