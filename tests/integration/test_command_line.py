#!/usr/bin/python3
"""What both programs say of themselves, and what they answer to words that they do not understand."""

import os
import re
import subprocess
import tempfile
import unittest

import harness

PROGRAMS = {"dbus-bms": os.environ["DBUS_BMS"], "bms-sim": os.environ["BMS_SIM"]}
GENERIC = {"TEXT", "FLOAT", "INT", "UINT", "ENUM", "BOOLEAN"}


def run(program, *words):
    return subprocess.run([PROGRAMS[program], *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def section(text, name):
    """The lines below a heading of --help, each with what is continued in the next."""
    found = re.search(rf"^{name}:\n((?:  .*\n)+)", text, re.MULTILINE)
    lines = re.sub(r"\n {20,}", "  ", found.group(1)).splitlines() if found else []
    return [re.split(r" {2,}", line.strip(), maxsplit=1) for line in lines]


def commands(program, *words):
    """Every command there is, by the words that lead to it, with its help."""
    text = run(program, *words, "--help").stdout
    yield words, text
    for name, *_ in section(text, "Subcommands"):
        yield from commands(program, *words, name)


class Output(unittest.TestCase):
    def test_what_is_printed_and_gets_nowhere_is_no_success(self):
        frame = '{"request": null, "response": "00"}\n'
        frames = {"decode jbd": frame, "config show": "", "config schema": "", "--help": "", "replay --help": "", "--version": ""}
        for words, given in frames.items():
            with self.subTest(words), open("/dev/full", "w") as full:
                sound = subprocess.run([PROGRAMS["dbus-bms"], *words.split()], input=given, capture_output=True, text=True)
                if sound.returncode != 0:
                    continue  # there is no such command
                result = subprocess.run([PROGRAMS["dbus-bms"], *words.split()], input=given, stdout=full,
                                        stderr=subprocess.PIPE, text=True)
                self.assertEqual(result.returncode, 3)
                self.assertIn("could not be written", result.stderr)


class Help(unittest.TestCase):
    def test_every_command_says_what_it_is_and_gives_an_example(self):
        for program, least in (("dbus-bms", 12), ("bms-sim", 6)):
            all_commands = list(commands(program))
            self.assertGreaterEqual(len(all_commands), least)
            for words, text in all_commands:
                self.assertRegex(text, r"^[A-Z].{10,}\n", words)
                self.assertIn(f"Usage: {' '.join([program, *words])}", text)
                self.assertRegex(text, rf"(?m)^(Examples?:\n  {program} |Example: {program} )", words)
                for line in section(text, "Subcommands"):
                    self.assertEqual(len(line), 2, (words, line))

    def test_every_option_has_a_word_for_what_it_takes_and_a_description(self):
        for program in PROGRAMS:
            for words, text in commands(program):
                for line in section(text, "Options") + section(text, "Positionals"):
                    self.assertEqual(len(line), 2, (program, words, line))
                    self.assertFalse(GENERIC & set(re.split(r"[ =:]", line[0])), (program, words, line))
                    self.assertTrue(line[0].isprintable(), line)

    def test_the_simulator_names_its_commands(self):
        everything = run("bms-sim", "--help").stdout
        for family in ("jbd", "daly", "ant", "chargery", "rec"):
            text = run("bms-sim", family, "--help").stdout
            own = re.search(rf"^Commands that only {family} has:\n((?:  .*\n)+)", text, re.MULTILINE).group(0)
            self.assertIn(own, everything)
            for written in ("set soc <%>", "fault silence on|off", "charge|discharge <A>", "unplug", "at SECONDS"):
                self.assertIn(written, text)

    def test_what_help_names_is_understood_and_nothing_else_is(self):
        """The verbs in --help are those that a refusal names, and each of them is one."""
        for family in ("jbd", "daly", "ant", "chargery", "rec"):
            simulator = harness.Simulator(family=family)
            self.addCleanup(simulator.stop)
            text = run("bms-sim", family, "--help").stdout
            listed = {verb for line in re.findall(r"^  ([a-z|]+)(?= |$)", text[text.index("Commands of every board"):], re.MULTILINE)
                      for verb in line.split("|")}
            with self.assertRaises(harness.Failed) as refused:
                simulator.command("nonsense")
            named = str(refused.exception).split("a command: ")[1].replace("|", ", ").split(", ")
            self.assertEqual(set(named), listed, family)
            for verb in listed - {"quit", "state", "plug", "unplug", "restart"}:
                with self.assertRaises(harness.Failed, msg=verb) as refused:
                    simulator.command(verb)
                self.assertNotIn("a command: ", str(refused.exception))


class Misunderstandings(unittest.TestCase):
    def check(self, program, line, *told):
        done = run(program, *line.split())
        self.assertEqual(done.returncode, 2, line)
        self.assertEqual(done.stdout, "", line)
        for part in told:
            self.assertIn(part, done.stderr, line)
        self.assertRegex(done.stderr, rf'(?m)^{program}.*: .*\nSee "{program}.* --help"\.$', line)

    def test_commands(self):
        self.check("dbus-bms", "foo", 'there is no command "foo"; the commands are run, detect')
        self.check("dbus-bms", "wathc", 'there is no command "wathc"; did you mean "watch"?')
        self.check("dbus-bms", "", "a command is missing")
        self.check("dbus-bms", "config chek", 'there is no command "chek"; did you mean "check"?')
        self.check("bms-sim", "foo", 'there is no command "foo"; the commands are jbd, daly')
        self.check("bms-sim", "dayl", 'there is no command "dayl"; did you mean "daly"?')
        self.check("bms-sim", "", "a command is missing")

    def test_options(self):
        self.check("dbus-bms", "run ttyX --captrue x", 'there is no option "--captrue"; did you mean "--capture"?')
        self.check("bms-sim", "jbd --celsl 4", 'there is no option "--celsl"; did you mean "--cells"?')

    def test_values(self):
        for line in ("watch --wait -1", "watch --wait nan", "watch --wait inf", "run x --interval 0", "run x --interval nan",
                     "run x --interval soon"):
            self.check("dbus-bms", line, "expected a number from", "(s)", f'found "{line.split()[-1]}"')
        self.check("dbus-bms", "run x --address x", 'expected addresses from 0 to 127, as in 1,2,5-8, found "x"')
        self.check("dbus-bms", "detect x --bms tesla", 'expected one of jbd, daly, ant, chargery, rec, found "tesla"')
        for line in ("jbd --cells 0", "jbd --cells 4.5", "jbd --ntc -1", "jbd --soc nan", "jbd --capacity inf", "jbd --baud 9e9",
                     "daly --address 17", "chargery --charge-end nan", "rec --units 0", "ant --permission 6", "jbd --latency x"):
            self.check("bms-sim", line, "expected a ", "number from", f'found "{line.split()[-1]}"')
        self.check("bms-sim", "daly --dialect a6", "expected one of a5, a5-bluetooth, d2, p81, found \"a6\"; did you mean \"a5\"?")
        self.check("bms-sim", "chargery --board 12", "expected one of 8, 16, 24, found \"12\"")
        self.check("bms-sim", "jbd --firmware 8", "expected <0..15>.<0..15>, found \"8\"")
        self.check("bms-sim", "jbd --barcode " + "x" * 32, "expected at most 31 characters")

    def test_files(self):
        for line in ("replay /nonexistent/x", "config check /nonexistent/x", "config show /nonexistent/x", "config import /nonexistent/x",
                     "run x --config /nonexistent/x", "detect x --config /nonexistent/x", "bridge --config /nonexistent/x",
                     "replay /dev/null --config /nonexistent/x", "control --config /nonexistent/x"):
            self.check("dbus-bms", line, 'expected a file that can be read, found "/nonexistent/x": No such file or directory')
        self.check("dbus-bms", "replay /tmp", 'found "/tmp": Is a directory')
        self.check("dbus-bms", "config import x y", 'found "x": No such file or directory')

    def test_the_command_line_of_another_driver(self):
        self.check("dbus-bms", "config import --btbattery A4:C1:37:00:00", "expected MAC or MAC:/path/to/config.ini, where MAC is ",
                   'found "A4:C1:37:00:00"')
        self.check("dbus-bms", "config import --btbattery -- -x A4:C1:37:00:00:0A", 'found the option "-x"', "leave it out")
        self.check("dbus-bms", "config import A4:C1:37:00:00:0A", "No such file or directory", "there is --btbattery")
        done = run("dbus-bms", "config", "import", "--btbattery", "-p", "A4:C1:37:00:00:0A:/nonexistent/x", "a4:c1:37:00:00:0b")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn('its file "/nonexistent/x" is not there; max_charge_current and max_discharge_current of [default] count', done.stderr)
        self.assertIn("\n[bank btbattery]\nmode = parallel\nmembers = A4:C1:37:00:00:0A, A4:C1:37:00:00:0B\n", done.stdout)
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as config:
            config.write(done.stdout)
            config.flush()
            self.assertEqual(run("dbus-bms", "config", "check", config.name).stdout, "no faults, 4 options in 3 sections\n")
        self.check("bms-sim", "jbd --script /nonexistent/x", 'found "/nonexistent/x": No such file or directory')


if __name__ == "__main__":
    harness.main()
