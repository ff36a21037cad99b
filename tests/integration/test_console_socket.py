"""What a client of the driver's socket may send, leave unread or break off: the driver goes on, and others are heard."""

import json
import threading

from console_case import ConsoleCase, Line
from harness import BusClient, Daemon, PrivateBus, Settings, Simulator, main


class TheSocket(ConsoleCase):
    def setUp(self):
        self.bus = self.start(PrivateBus)
        self.directory = self.bus.directory
        self.start(Settings, self.bus)
        self.simulator = self.start(Simulator)
        self.client = self.start(BusClient, self.bus, "com.victronenergy.battery.ttyTEST")
        config = self.directory / "config.ini"
        config.write_text("[default]\nwrites = parameters\n")
        self.daemon = self.start(Daemon, self.bus, self.simulator.tty, "--config", config)
        self.client.wait_for_name()
        self.path = self.directory / "run/ttyTEST.sock"

    def line(self):
        return self.start(Line, self.path)

    def lives(self):
        self.simulator.command("set current 7")
        self.client.wait_for_value("/Dc/0/Current", 7)
        self.simulator.command("set current 3")
        self.client.wait_for_value("/Dc/0/Current", 3)

    def test_nonsense_is_refused_with_what_was_expected(self):
        line = self.line()
        for nonsense in ("", "{", "[]", "null", "[" * 5000, '{"verb":"format"}', '{"verb":"get"}', '{"verb":"get","names":[]}',
                         '{"verb":"get","names":[7]}', '{"verb":"set","settings":[{"name":"cell_overvoltage"}]}',
                         '{"verb":"set","settings":[{"name":"cell_overvoltage","value":"3.6"}]}',
                         '{"verb":"set","settings":[{"name":"cell_overvoltage","value":1e999}]}',
                         '{"verb":"switch","which":"heater","on":true}', '{"verb":"switch","which":"charge","on":1}',
                         '{"verb":"soc","soc_pct":"80"}', '{"verb":"get","names":["' + "x" * 1000 + '"]}',
                         "\udcff\udcfe"):
            answer = line.ask(nonsense.encode("utf-8", "replace").decode())
            self.assertEqual(answer["refused"]["kind"], "rejected", nonsense[:80])
            self.assertTrue(answer["refused"]["message"])
        with self.subTest("nobody is called so"):
            answer = line.ask({"verb": "identify", "battery": "ttyNONE"})
            self.assertEqual(answer["refused"]["kind"], "silent")
            self.assertEqual([one["place"] for one in answer["batteries"]], ["ttyTEST"])
        self.assertTrue(line.ask({"verb": "identify"})["ok"])
        self.lives()

    def test_a_line_without_end_is_cut_off(self):
        line = self.line()
        try:
            for _ in range(100):
                line.stream.sendall(b"x" * 10000)
        except OSError:
            pass  # it has been closed
        else:
            self.assertIn(line.reader.readline()[:1], ("", "{"))
        self.lives()
        self.assertTrue(self.line().ask({"verb": "identify"})["ok"])

    def test_clients_that_read_nothing_do_not_keep_others_out_of_their_turn(self):
        for _ in range(3):
            silent = self.line()
            for _ in range(50):
                silent.stream.sendall(b'{"verb":"get","names":["cell_overvoltage"],"progress":true}\n')
        self.lives()
        self.assertTrue(self.line().ask({"verb": "identify"})["ok"])

    def test_a_fifth_client_is_turned_away(self):
        first = [self.line() for _ in range(4)]
        for line in first:
            self.assertTrue(line.ask({"verb": "identify"})["ok"])
        fifth = self.line()
        self.assertEqual(json.loads(fifth.reader.readline())["refused"]["kind"], "busy")
        self.assertEqual(fifth.reader.readline(), "")
        first[0].stop()
        first[0].reader.close()
        self.lives()

    def test_two_consoles_at_once(self):
        """One of them is told that the other is at work, or both are served; nothing is half set."""
        answers = []

        def ask(value):
            settings = [{"name": "cell_overvoltage", "value": value}, {"name": "cell_undervoltage", "value": value - 1}]
            answers.append(self.line().ask({"verb": "set", "settings": settings}))

        threads = [threading.Thread(target=ask, args=(value,)) for value in (3.60, 3.65)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kinds = [answer.get("refused", {}).get("kind", "ok") for answer in answers]
        self.assertIn("ok", kinds)
        self.assertLessEqual(set(kinds), {"ok", "busy"})
        line = self.line()
        now = line.ask({"verb": "get", "names": ["cell_overvoltage", "cell_undervoltage"]})["results"]
        self.assertAlmostEqual(now[0]["after"] - now[1]["after"], 1)
        self.assertFalse(self.simulator.state()["factory_mode"])

    def test_whoever_leaves_in_the_middle_leaves_nothing_half_done(self):
        line = self.line()
        settings = [{"name": "cell_overvoltage", "value": 3.6}, {"name": "cell_undervoltage", "value": 2.6}]
        line.stream.sendall(json.dumps({"verb": "set", "settings": settings}).encode() + b"\n")
        line.stop()
        self.daemon.wait_for_log("by hand: set cell_undervoltage")
        self.lives()
        self.assertFalse(self.simulator.state()["factory_mode"])


if __name__ == "__main__":
    main()
