#!/usr/bin/python3
"""The archives as they are shipped, on the model of a GX device: their programs run on an emulated processor, everything
else as in the other tests. Needs dist/ from tools/package gx, and root: the kernel is told who emulates what."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from gx import APP, ROOT, seal, tree_of
from harness import main
from package_case import PackageCase

VERSION = re.search(r"project\(dbus-bms VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
ARCHIVE = f"dbus-bms-{VERSION}-gx.tar.gz"
# Emulation takes many more addresses than the limits of our services allow.
EMULATE = """#!/bin/sh
ulimit -S -v unlimited
ulimit -S -d unlimited
ulimit -S -s 8192
exec /opt/victronenergy/qemu OPTIONS -E LD_PRELOAD=/lib/ioctl.so "$@"
"""
# For busy machines, on which an emulator is slow.
LONG_S = 300


class Shipped:
    """What every processor has to show. `elf`: the header of its programs, and which bits of it count."""

    arch = triple = loader = options = None
    elf = mask = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.binfmt = Path(tempfile.mkdtemp(prefix="dbus-bms-binfmt-"))
        subprocess.run(["mount", "-t", "binfmt_misc", "none", cls.binfmt], check=True)
        cls.addClassCleanup(lambda: subprocess.run(["umount", cls.binfmt], check=True) and cls.binfmt.rmdir())
        # Such a file is only there on the model: elsewhere nothing changes.
        (cls.binfmt / "register").write_text(f":dbus-bms-{cls.arch}:M::{cls.elf}:{cls.mask}:/opt/victronenergy/emulate:")
        cls.addClassCleanup(lambda: (cls.binfmt / f"dbus-bms-{cls.arch}").write_text("-1"))

    def emulating(self):
        gx = self.device(boot=False, loader=self.loader)
        libraries = Path("/usr") / self.triple / "lib"
        for name in (self.loader, "libc.so.6", "libm.so.6"):
            (gx.root / "lib" / name).unlink(missing_ok=True)
            shutil.copy(libraries / name, gx.root / "lib")
        subprocess.run([f"{self.triple}-gcc", "-shared", "-fPIC", "-O1", "-o", gx.root / "lib/ioctl.so",
                        ROOT / "tests/package/target_ioctl.c"], check=True)
        shutil.copy(shutil.which(self.options[0]), gx.root / "opt/victronenergy/qemu")
        emulate = gx.root / "opt/victronenergy/emulate"
        emulate.write_text(EMULATE.replace("OPTIONS", " ".join(self.options[1:])))
        emulate.chmod(0o755)
        return gx

    def folder(self, gx, name="current"):
        return os.readlink(gx.data / "apps/dbus-bms" / name)

    def test_from_the_archive_to_nothing_left(self):
        gx = self.emulating()
        gx.writable = True
        untouched = gx.changes()
        self.battery(gx)
        gx.boot()
        before = tree_of(gx.data, without=["log"])
        shutil.copy(ROOT / "dist" / ARCHIVE, gx.data)
        gx.must("tar", "-xzf", f"/data/{ARCHIVE}", "-C", "/data")
        gx.must(f"/data/dbus-bms-{VERSION}/install")
        self.assertEqual(gx.must(f"{APP}/dbus-bms", "--version"), f"dbus-bms {VERSION}\n")
        gx.script("enable")
        self.wait_for_battery(gx, limit_s=LONG_S)
        gx.power_off()
        gx.boot()
        self.wait_for_battery(gx, limit_s=LONG_S)

        # Another build of the same version, since there is but one.
        unpacked = gx.data / f"dbus-bms-{VERSION}"
        (unpacked / "config.example.ini").write_text("; another one\n")
        seal(unpacked)
        said = gx.must(f"/data/dbus-bms-{VERSION}/install")
        self.assertIn("waiting for 1 batteries", said)
        self.assertNotIn("runs again", said)
        self.assertEqual(self.folder(gx), f"versions/{VERSION}-2")
        self.wait_for_battery(gx, limit_s=LONG_S)
        gx.script("rollback")
        self.assertEqual(self.folder(gx), f"versions/{VERSION}")
        self.wait_for_battery(gx, limit_s=LONG_S)
        self.assertIn("battery    com.victronenergy.battery.ttyUSB0", gx.script("status"))

        gx.must(f"{APP}/current/uninstall", "--yes")
        gx.must("rm", "-rf", f"/data/dbus-bms-{VERSION}", f"/data/{ARCHIVE}")
        left = tree_of(gx.data, without=["log", "conf", "var"])
        self.assertEqual(left, {name: what for name, what in before.items() if name.split("/")[0] not in ("conf", "var")})
        self.assertEqual(list(gx.data.glob("log/dbus-bms*")), [])
        self.assertEqual(gx.changes(), untouched)

    def test_a_stick(self):
        gx = self.emulating()
        self.battery(gx)
        shutil.copy(ROOT / "dist/venus-data.tar.gz", gx.media)
        gx.boot()
        self.wait_for_battery(gx, limit_s=LONG_S)
        self.assertEqual([file.name for file in gx.media.iterdir()], ["installed-dbus-bms.tar.gz"])
        self.assertEqual(self.folder(gx), f"versions/{VERSION}")


class Armhf(Shipped, PackageCase):
    arch, triple, loader = "armhf", "arm-linux-gnueabihf", "ld-linux-armhf.so.3"
    options = ["qemu-arm-static", "-cpu", "cortex-a8"]
    elf = r"\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x28\x00"
    mask = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"


class Aarch64(Shipped, PackageCase):
    arch, triple, loader = "aarch64", "aarch64-linux-gnu", "ld-linux-aarch64.so.1"
    options = ["qemu-aarch64-static", "-cpu", "cortex-a53"]
    elf = r"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"
    mask = r"\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff"


if __name__ == "__main__":
    main()
