"""A console that is killed at any step of a batch: the next one leaves factory mode before anything else, and nothing has
been written that nobody can bring back."""

import json
import subprocess
import tempfile
from pathlib import Path

from console_case import ConsoleCase, wait_until
from harness import Simulator, main

BATCH = {"cell_overvoltage": 3.6, "cell_overvoltage_release": 3.4}
REGISTERS = {"cell_overvoltage": 0x24, "cell_overvoltage_release": 0x25}


class TimedSimulator(Simulator):
    """Says when it has answered what."""

    def __init__(self, *options, **others):
        super().__init__("--timestamps", *options, **others)

    @property
    def answered(self):
        """The registers of all answers so far."""
        return [line.split()[1] for line in list(self.process.lines) if line.startswith("sent ")]

    def registers(self, which="registers"):
        """In volts."""
        raw = dict(self.state()[which])
        return {name: raw[number] / 1000 for name, number in REGISTERS.items()}

    def orders(self, which):
        """The frames that have written a parameter."""
        return [one["frame"] for one in self.state()["writes"] if one["register"] == REGISTERS[which]]


class KilledCase(ConsoleCase):
    def check_left_as_it_must_be(self, board, original):
        """What a process that was killed may leave behind."""
        state = board.state()
        notes = list(self.directory.glob("run/*.mode"))
        if state["factory_mode"]:
            self.assertTrue(notes, "in factory mode, and nobody knows")
        if board.registers() != original:
            undo = [json.loads(file.read_text()) for file in self.directory.glob("state/undo-*.json")]
            kept = [{name: one["parameters"][name]["value"] for name in BATCH} for one in undo]
            self.assertIn(original, kept, "changed, and nobody can tell what it was")

    def check_left_by_now(self, board):
        self.assertFalse(board.state()["factory_mode"])
        self.assertFalse(list(self.directory.glob("run/*.mode")))

    def check_orders(self, board):
        """Each has been given once, or again at once because its answer was lost."""
        for name in BATCH:
            self.assertLessEqual(len(set(board.orders(name))), 1)
            self.assertLessEqual(len(board.orders(name)), 1, "nothing is lost on this line")
        self.assertLessEqual(board.state()["factory_count"]["saved"], 1)


class TheConsole(KilledCase):
    def begin(self):
        folder = tempfile.TemporaryDirectory(prefix="dbus-bms-killed-")
        self.addCleanup(folder.cleanup)
        self.directory = Path(folder.name)
        self.directory.joinpath("config.ini").write_text("[default]\nbms = jbd\n")  # so that nobody has to look for it
        return self.start(TimedSimulator)

    def set_command(self, board):
        return self.command("set", *(f"{name}={value}" for name, value in BATCH.items()), "--yes", port=board.tty)

    def steps(self):
        """How many answers a whole batch takes."""
        board = self.begin()
        before = len(board.answered)
        subprocess.run(self.set_command(board), check=True, capture_output=True)
        self.assertEqual(board.registers("saved"), BATCH)
        steps = board.answered[before:]
        self.assertEqual(steps.count("00"), 2, "looking and setting are a session each")
        return len(steps)

    def test_killed_at_any_step(self):
        for step in range(1, self.steps() + 1):
            with self.subTest(step=step):
                board = self.begin()
                original = board.registers()
                before = len(board.answered)
                process = subprocess.Popen(self.set_command(board), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                wait_until(lambda: len(board.answered) >= before + step or process.poll() is not None, "step")
                process.kill()
                process.wait()
                self.check_left_as_it_must_be(board, original)
                self.ask("list", port=board.tty)
                self.check_left_by_now(board)
                self.check_orders(board)
                board.stop()


if __name__ == "__main__":
    main()
