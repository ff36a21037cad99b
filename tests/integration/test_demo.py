"""tools/demo --mqtt, as somebody who looks at a battery for the first time runs it: with this build's programs."""

import os
import subprocess
import tempfile
from pathlib import Path

from harness import TestCase, main

ROOT = Path(__file__).resolve().parents[2]

# The thirteen that chargery.py publishes.
THIRTEEN = ("watthour", "amphour", "batteryvolt", "cellhigh", "celllow", "maxvolt", "current", "modename", "modeint",
            "temp1", "temp2", "soc", "aggimped")


class Demo(TestCase):
    def test_shows_what_a_broker_hears(self):
        with tempfile.TemporaryDirectory() as programs:
            for name, there in (("dbus-bms", "DBUS_BMS"), ("sim/bms-sim", "BMS_SIM")):
                path = Path(programs, name)
                path.parent.mkdir(exist_ok=True)
                path.symlink_to(Path(os.environ[there]).resolve())
            shown = subprocess.run([ROOT / "tools/demo", "--mqtt", "--once"], capture_output=True, text=True, timeout=300,
                                   env=dict(os.environ, DEMO_PROGRAMS=programs))
        self.assertEqual(shown.returncode, 0, shown.stderr)
        topics = [line.split(" ", 1)[0] for line in shown.stdout.splitlines()]
        self.assertEqual(len(topics), len(set(topics)), "each once")
        for topic in THIRTEEN:
            self.assertIn("chargerybms/" + topic, topics)
        for end in ("/state", "/cells", "/info", "/availability", "/status", "/config"):
            self.assertTrue([topic for topic in topics if topic.endswith(end)], end)


if __name__ == "__main__":
    main()
