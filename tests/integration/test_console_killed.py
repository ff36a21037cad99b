"""A console or a driver that is killed at any step of a batch: the next one leaves factory mode before anything else, and
nothing has been written that nobody can bring back."""

import json
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from console_case import ConsoleCase, wait_until
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, main

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
        self.directory.joinpath("config.ini").touch()
        board = self.start(TimedSimulator)
        self.ask("get", "cell_count", port=board.tty)  # remembers where the board is
        return board

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


class TheDriver(KilledCase):
    def run_driver(self):
        daemon = self.start(Daemon, self.bus, self.board.tty, "--config", self.directory / "config.ini")
        self.client.wait_for_name()
        return daemon

    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.directory = self.bus.directory
        self.start(Settings, self.bus)
        self.directory.joinpath("config.ini").write_text("[default]\nwrites = parameters\n")
        self.board = self.start(TimedSimulator)
        self.client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        self.original = self.board.registers()

    def request(self, values):
        """Asks, and does not wait for the answer."""
        stream = socket.socket(socket.AF_UNIX)
        self.addCleanup(stream.close)
        stream.settimeout(60)
        stream.connect(str(self.directory / "run/ttyTEST.sock"))
        settings = [{"name": name, "value": value} for name, value in values.items()]
        stream.sendall(json.dumps({"verb": "set", "settings": settings}).encode() + b"\n")
        return stream.makefile("r")

    def orders_done(self):
        """Answers that are not those of polls."""
        return [one for one in self.board.answered if one not in ("03", "04", "05", "A2", "AA")]

    def test_killed_at_any_step(self):
        daemon = self.run_driver()
        before = len(self.orders_done())
        answer = json.loads(self.request(BATCH).readline())
        self.assertTrue(answer["ok"], answer)
        wait_until(lambda: self.board.registers("saved") == BATCH, "what was set is saved")
        steps = len(self.orders_done()) - before
        self.assertGreaterEqual(steps, 8)
        json.loads(self.request(self.original).readline())
        wait_until(lambda: self.board.registers("saved") == self.original, "what was there is back")
        for step in range(1, steps + 1):
            with self.subTest(step=step):
                before = len(self.orders_done())
                orders = len(self.board.state()["writes"])
                reader = self.request(BATCH)
                wait_until(lambda: len(self.orders_done()) >= before + step, f"step {step}")
                daemon.stop(signal.SIGKILL)
                self.check_left_as_it_must_be(self.board, self.original)
                self.assertIn(reader.readline()[:1], ("", "{"))
                daemon = self.run_driver()
                wait_until(lambda: not self.board.state()["factory_mode"], "end of factory mode")
                wait_until(lambda: not list(self.directory.glob("run/*.mode")), "end of the note")
                written = [one["register"] for one in self.board.state()["writes"][orders:]]
                for number in REGISTERS.values():
                    self.assertLessEqual(written.count(number), 1, "carried out twice, or late")
                answer = json.loads(self.request(self.original).readline())
                self.assertTrue(answer["ok"], answer)
                wait_until(lambda: not self.board.state()["factory_mode"], "end of factory mode")
                self.assertEqual(self.board.registers(), self.original)

    def test_a_console_learns_that_its_driver_is_gone(self):
        daemon = self.run_driver()
        before = len(self.orders_done())
        process = subprocess.Popen(self.command("get", "--all", port=self.board.tty), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        wait_until(lambda: len(self.orders_done()) > before + 3, "a batch")
        daemon.stop(signal.SIGKILL)
        told = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 3, told)
        self.assertIn("gone away", told)
        self.ask("list", port=self.board.tty)  # over the port now
        self.check_left_by_now(self.board)


if __name__ == "__main__":
    main()
