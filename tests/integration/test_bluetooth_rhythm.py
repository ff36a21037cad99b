"""A connection that somebody ends every minute: recognised after the third time, and what to switch off is said."""

from bluez import AirBoard, Bluez
from harness import Daemon, PrivateBus, Settings, TestCase, main

ROUND_S = 60


class Rhythm(TestCase):
    def test_the_third_loss_after_a_minute_is_named_with_what_helps(self):
        bus = self.start(PrivateBus)
        self.start(Settings, bus)
        bluez = self.start(Bluez, bus)
        board = self.start(AirBoard, bluez, "A4:C1:37:00:00:01")
        board.set("hangs_up_after_s", str(ROUND_S))
        config = self.config_file(f"[battery {board.address}]\nbms = jbd\n")
        daemon = self.start(Daemon, bus, "--bluetooth", "--config", config, family=None)
        client = board.client()
        self.addCleanup(client.stop)
        daemon.wait_for_log("vesmart-server", limit_s=6 * ROUND_S)
        back = [line for line in daemon.log if line.endswith("is back")]
        self.assertEqual(len(back), 2, "\n".join(daemon.log))
        client.wait_until(lambda: "vesmart-server" in (client.get("/Info/Link/Trouble") or ""), "the trouble in words")


if __name__ == "__main__":
    main()
