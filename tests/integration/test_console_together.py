"""Several consoles at one board, and a driver that has no time yet: whoever comes second waits, says so to whoever looks,
and is told in the end. However many orders come, polls go on."""

import fcntl
import json
import os
import pty
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from console_case import ConsoleCase, DriverCase, wait_until
from harness import Simulator, main
from test_console_killed import TimedSimulator

PATIENT = ("--wait", "120")


class Watched:
    """A console whose questions and progress somebody looks at."""

    def __init__(self, command):
        self.screen, terminal = pty.openpty()
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal, text=True)
        os.close(terminal)
        self.seen = ""

    def wait_to_see(self, text):
        while text not in self.seen:
            try:
                self.seen += os.read(self.screen, 4096).decode(errors="replace")
            except OSError:
                raise AssertionError(f"ended with {self.process.wait()} without {text!r}: {self.seen}") from None

    def end(self):
        """The exit code, when it has ended by itself."""
        reader = threading.Thread(target=self._drain, daemon=True)
        reader.start()
        out = self.process.communicate(timeout=120)[0]
        reader.join()
        return self.process.returncode, out

    def _drain(self):
        try:
            while piece := os.read(self.screen, 4096):
                self.seen += piece.decode(errors="replace")
        except OSError:
            pass

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        os.close(self.screen)


class WithoutADriver(ConsoleCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dbus-bms-together-")
        self.addCleanup(folder.cleanup)
        self.directory = Path(folder.name)
        self.directory.joinpath("config.ini").touch()
        self.board = self.start(Simulator)

    def occupy(self):
        """Has the port as another console has it."""
        port = os.open(self.board.tty, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        fcntl.flock(port, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return port

    def test_the_second_console_waits_for_the_port(self):
        port = self.occupy()
        second = self.start(Watched, self.command("get", "cell_count", *PATIENT, port=self.board.tty))
        second.wait_to_see("waiting: ")
        self.assertIn("in use", second.seen)
        os.close(port)
        code, out = second.end()
        self.assertEqual(code, 0, second.seen)
        self.assertIn("cell_count", out)

    def test_its_patience_ends(self):
        port = self.occupy()
        self.addCleanup(os.close, port)
        self.assertEqual(self.ask("get", "cell_count", "--wait", "0", port=self.board.tty, code=4), "")
        answer = self.ask_json("get", "cell_count", "--wait", "1", port=self.board.tty, code=4)
        self.assertEqual(answer["error"]["kind"], "busy")

    def test_two_at_once_are_both_served(self):
        both = [subprocess.Popen(self.command("set", f"{name}={value}", "--yes", *PATIENT, port=self.board.tty),
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
                for name, value in (("cell_overvoltage", 3.6), ("cell_undervoltage", 2.6))]
        for process in both:
            said = process.communicate(timeout=240)[0]
            self.assertEqual(process.returncode, 0, said)
        saved = dict(self.board.state()["saved"])
        self.assertEqual((saved[0x24], saved[0x26]), (3600, 2600))


class WithADriver(DriverCase):
    def setUp(self):
        self.put_on_bus(TimedSimulator)
        self.path = self.directory / "run/ttyTEST.sock"

    def stream(self):
        stream = socket.socket(socket.AF_UNIX)
        self.addCleanup(stream.close)
        stream.settimeout(120)
        stream.connect(str(self.path))
        return stream

    def test_a_console_waits_for_a_driver_that_looks_for_its_board(self):
        self.board.command("silence on")
        self.run_driver(found=False)
        wait_until(self.path.exists, "socket")
        told = subprocess.run(self.command("get", "cell_count", "--wait", "0", port=self.board.tty), text=True,
                              capture_output=True, timeout=120)
        self.assertEqual(told.returncode, 4, told)
        self.assertIn("still looking for a board", told.stderr)
        patient = self.start(Watched, self.command("get", "cell_count", *PATIENT, port=self.board.tty))
        patient.wait_to_see("waiting: the driver is still looking for a board")
        self.board.command("silence off")
        code, out = patient.end()
        self.assertEqual(code, 0, patient.seen)
        self.assertIn("cell_count", out)

    def test_the_second_console_waits_for_the_first(self):
        self.run_driver()
        names = [one["name"] for one in self.ask_json("list", port=self.board.tty)["parameters"]]
        first = self.stream()
        first.sendall(json.dumps({"verb": "get", "names": names * 4, "progress": True}).encode() + b"\n")
        reader = first.makefile("r")
        reader.readline()  # it has begun
        impatient = self.ask_json("get", "cell_count", "--wait", "0", port=self.board.tty, code=4)
        self.assertEqual(impatient["error"]["kind"], "busy")
        second = self.start(Watched, self.command("set", "cell_overvoltage=3.6", "--yes", *PATIENT, port=self.board.tty))
        second.wait_to_see("waiting: another request")
        answer = {}
        while "results" not in answer:
            answer = json.loads(reader.readline())
        self.assertEqual(len(answer["results"]), 4 * len(names))
        code, _ = second.end()
        self.assertEqual(code, 0, second.seen)
        wait_until(lambda: dict(self.board.state()["saved"])[0x24] == 3600, "what was set is saved")

    def test_one_client_too_many_waits(self):
        self.run_driver()
        four = [self.stream() for _ in range(4)]
        for one in four:
            one.sendall(b'{"verb":"identify"}\n')
            self.assertIn(b'"ok":true', one.recv(65536))
        told = self.ask_json("get", "cell_count", "--wait", "0", port=self.board.tty, code=4)
        self.assertEqual(told["error"]["kind"], "busy")
        fifth = self.start(Watched, self.command("get", "cell_count", *PATIENT, port=self.board.tty))
        fifth.wait_to_see("waiting: too many others")
        four[0].close()
        code, _ = fifth.end()
        self.assertEqual(code, 0, fifth.seen)

    def test_a_thousand_orders(self):
        """Each of four clients orders as fast as it is answered. What was taken has reached the board once, what was not
        never; and after a second of orders there was a poll."""
        self.run_driver()
        before = len(self.board.answered)
        outcomes = {}
        refusals = set()

        def order(client):
            stream = self.stream()
            reader = stream.makefile("r")
            for number in range(250):
                wish = {"verb": "get", "names": ["cell_count"]}
                value = round(3.3 + client * 0.025 + number * 0.0001, 3)
                if number % 10 == 0:
                    wish = {"verb": "set", "settings": [{"name": "cell_overvoltage_release", "value": value}]}
                stream.sendall(json.dumps(wish).encode() + b"\n")
                answer = json.loads(reader.readline())
                if number % 10 == 0:
                    outcomes[value] = answer["ok"]
                if not answer["ok"]:
                    refusals.add(answer["refused"]["kind"])

        clients = [threading.Thread(target=order, args=(number,)) for number in range(4)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        wait_until(lambda: not self.board.state()["factory_mode"], "end of factory mode")
        self.check_polls(self.board.answered[before:])
        self.assertEqual((len(outcomes), refusals), (100, {"busy"}))
        frames = [one["frame"] for one in self.board.state()["writes"] if one["register"] == 0x25]
        written = [int(frame[8:12], 16) / 1000 for frame in frames]
        done = sorted(value for value, ok in outcomes.items() if ok)
        self.assertEqual(sorted(written), done)
        self.assertGreater(len(done), 0)
        self.assertLess(len(done), 100, "some must have been turned away")
        self.board.command("set current 7")
        self.client.wait_for_value("/Dc/0/Current", 7)
        self.assertFalse(list(self.directory.glob("run/*.mode")))

    def check_polls(self, answers):
        """On this line no more than 30 questions are answered in a second, by which a poll comes, nor during the order
        that has begun by then."""
        waited = 0
        most = 0
        for question in answers:
            waited = 0 if question == "03" else waited + 1
            most = max(most, waited)
        self.assertLessEqual(most, 35)
        self.assertGreater(answers.count("03"), 3)


if __name__ == "__main__":
    main()
