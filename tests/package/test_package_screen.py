#!/usr/bin/python3
"""The page for the GX screen on a model of a GX device: there where the screen can show it, and nowhere else."""

import json
import os

from gx import APP, tree_of
from package_case import PackageCase
from harness import main

NEW = "v3.80~21-large-30"
FILE = "apps/available/DbusBms/gui-v2/DbusBms.json"
LINK = "apps/enabled/DbusBms"


class Screen(PackageCase):
    def shown(self, gx):
        """The version of the page that the screen finds. Empty: none."""
        file = gx.data / LINK / "gui-v2/DbusBms.json"
        return json.loads(file.read_text())["version"] if file.exists() else None

    def test_it_comes_with_enable_and_goes_with_disable(self):
        gx = self.device(version=NEW)
        before = {name for name in tree_of(gx.data, without=["log"]) if name.startswith("apps")}
        self.install(gx)
        self.assertIsNone(self.shown(gx))
        gx.script("enable")
        self.assertEqual(self.shown(gx), "9.1.0")
        self.assertEqual(os.readlink(gx.data / LINK), "../available/DbusBms")
        self.assertIn('screen      page "Cells and limits"', gx.script("status"))

        # Again: nothing is written.
        written = (gx.data / FILE).stat().st_mtime_ns
        gx.script("enable")
        self.assertEqual((gx.data / FILE).stat().st_mtime_ns, written)

        # What somebody has taken away, or a power cut has spoilt, is there again at the next start.
        (gx.data / LINK).unlink()
        (gx.data / FILE).write_text("")
        self.assertIn("the page is not in place", gx.script("status"))
        gx.power_off()
        gx.boot()
        self.assertEqual(self.shown(gx), "9.1.0")

        gx.script("disable")
        self.assertFalse((gx.data / "apps/available").exists())
        self.assertFalse((gx.data / "apps/enabled").exists())
        gx.must(f"{APP}/current/uninstall", "--yes")
        self.assertEqual({name for name in tree_of(gx.data, without=["log"]) if name.startswith("apps")}, before)

    def test_pages_of_others_stay(self):
        gx = self.device(version=NEW)
        for folder in ("available/Other/gui-v2", "enabled"):
            (gx.data / "apps" / folder).mkdir(parents=True)
        (gx.data / "apps/available/Other/gui-v2/Other.json").write_text("{}")
        (gx.data / "apps/enabled/Other").symlink_to("../available/Other")
        before = tree_of(gx.data / "apps")
        self.install(gx)
        gx.script("enable")
        self.assertEqual(self.shown(gx), "9.1.0")
        gx.must(f"{APP}/current/uninstall", "--yes")
        self.assertEqual(tree_of(gx.data / "apps"), before)

    def test_an_update_brings_its_own_page_and_going_back_the_one_before(self):
        gx = self.device(version=NEW)
        self.install(gx)
        gx.script("enable")
        self.install(gx, self.another("9.2.0"))
        self.assertEqual(self.shown(gx), "9.2.0")
        gx.script("rollback")
        self.assertEqual(self.shown(gx), "9.1.0")

    def test_an_older_screen_gets_none_until_its_firmware_is_new_enough(self):
        gx = self.device(version="v3.80~20")
        self.install(gx)
        gx.script("enable")
        self.assertIsNone(self.shown(gx))
        self.assertFalse((gx.data / "apps/available").exists())
        self.assertIn("screen      no page; it needs Venus OS v3.80~21", gx.script("status"))
        gx.power_off()
        gx.update_firmware(version=NEW)
        gx.boot()
        self.assertEqual(self.shown(gx), "9.1.0")


if __name__ == "__main__":
    main()
