"""A driver that is killed at any step of a batch that was asked for by hand: the next one leaves factory mode, and carries
nothing out twice or late."""

import json
import signal
import socket
import subprocess

from console_case import DriverCase, wait_until
from harness import main
from test_console_killed import BATCH, REGISTERS, KilledCase, TimedSimulator


class TheDriver(KilledCase, DriverCase):
    def setUp(self):
        self.put_on_bus(TimedSimulator)
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
