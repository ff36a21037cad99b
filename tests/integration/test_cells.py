"""What `dbus-bms cells` says of the cells of a simulated board, from what the real daemon has kept."""

import json
import os
import struct
import subprocess
import xml.dom.minidom

from harness import Daemon, TestCase, main


class Cells(TestCase):
    def setUp(self):
        self.simulator, self.daemon, self.client = self.battery("--cells", "4", "--serial", "WATCHED",
                                                                daemon_options=("--interval", "0.3"))
        self.file = self.bus.directory / "state" / "batteries" / "jbd_WATCHED.cells.json"

    def cells(self, *words, exit_code=0, **environment):
        ran = subprocess.run([os.environ["DBUS_BMS"], "cells", "--state-dir", self.bus.directory / "state", "--run-dir",
                              self.bus.directory / "run", *words], capture_output=True, text=True, check=False, env=os.environ | environment)
        self.assertEqual(ran.returncode, exit_code, ran.stderr)
        return ran.stdout if exit_code == 0 else ran.stderr

    def stop(self):
        self.daemon.stop()
        self.client.wait_for_no_name()

    def start_again(self):
        self.daemon = self.start(Daemon, self.bus, self.simulator.tty, "--interval", "0.3")
        self.client.wait_for(lambda items: items["/Soc"].value is not None)

    def see_high_cell(self):
        """The history of the pack takes more readings than the extremes of a cell do."""
        self.simulator.command("set cell 3 3.41")
        self.client.wait_for(lambda items: (items["/History/MaximumCellVoltage"].value or 0) > 3.39)

    def test_before_anything_is_kept(self):
        self.assertIn("nothing is known of any cell", self.cells(exit_code=1))

    def test_what_was_kept_at_the_end_is_shown(self):
        self.see_high_cell()
        self.stop()
        table = self.cells()
        self.assertRegex(table, r"^jbd_WATCHED, 4 cells, 20\d\d-")
        self.assertRegex(table, r"(?m)^ +3 +3\.4\d\d ")
        cells = {cell["cell"]: cell for cell in json.loads(self.cells("--json"))["cells"]}
        self.assertAlmostEqual(cells[3]["highest_mv"], 3410, delta=20)
        self.assertGreater(cells[3]["highest_unix_s"], 1.7e9)
        self.assertLess(cells[1]["highest_mv"], 3400)

    def test_what_was_kept_is_gone_on_from(self):
        self.see_high_cell()
        self.stop()
        self.simulator.command("set cell 3 3.3")
        self.start_again()
        self.stop()
        cells = {cell["cell"]: cell for cell in json.loads(self.cells("WATCHED", "--json"))["cells"]}
        self.assertAlmostEqual(cells[3]["highest_mv"], 3410, delta=20)

    def test_pictures_and_tables_for_programs(self):
        self.stop()
        picture = self.bus.directory / "cells.svg"
        self.cells("--svg", picture)
        self.assertEqual(xml.dom.minidom.parse(str(picture)).documentElement.tagName, "svg")
        self.assertTrue(self.cells("--csv").startswith("time,seconds_ago,"))
        self.assertIn("excludes", self.cells("--csv", "--json", exit_code=2))
        os.mkfifo(self.bus.directory / "fifo")
        self.assertIn("is a FIFO", self.cells("--svg", self.bus.directory / "fifo", exit_code=2))

    def test_a_picture_for_places_that_take_no_svg(self):
        self.stop()
        picture = self.bus.directory / "cells.png"
        self.cells("--png", picture)
        content = picture.read_bytes()
        self.assertEqual(content[:8], b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", content[16:24])
        self.assertGreater(width, 700)
        self.assertGreaterEqual(height, 400)
        self.assertIn("excludes", self.cells("--png", picture, "--svg", picture, exit_code=2))
        self.assertIn("is a directory", self.cells("--png", self.bus.directory, exit_code=2))

    def test_without_the_program_that_draws_it_is_said_what_to_install(self):
        self.stop()
        picture = self.bus.directory / "cells.png"
        self.assertIn("apt install librsvg2-bin", self.cells("--png", picture, exit_code=2, PATH="/nowhere"))
        self.assertFalse(picture.exists())
        picture.write_text("that of last month")
        self.cells("--png", picture, exit_code=2, PATH="/nowhere")
        self.assertEqual(picture.read_text(), "that of last month")

    def test_a_corrupt_file_is_kept_aside_and_reported(self):
        self.stop()
        self.file.write_text('{"format": 1}')
        self.assertIn("there is no saved_unix_s", self.cells(exit_code=2))
        self.start_again()
        self.daemon.wait_for_log(r"error: .*jbd_WATCHED.cells.json cannot be read.*; kept as .*; cells are watched anew")
        self.stop()
        self.assertEqual(json.loads(self.file.read_text())["cells"], 4)

    def test_another_battery_is_not_shown(self):
        self.stop()
        self.assertIn("jbd_WATCHED", self.cells("DALY:7", exit_code=1))


if __name__ == "__main__":
    main()
