#!/usr/bin/python3
"""The Debian package in a clean Debian 12, which mmdebstrap makes: installed, updated, removed, purged; its service as
systemd reads it. Needs dist/ from tools/package deb, and root."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VERSION = re.search(r"project\(dbus-bms VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
UNIT = "lib/systemd/system/dbus-bms@.service"
BLUETOOTH_UNIT = "lib/systemd/system/dbus-bms-bluetooth.service"
CONFIG = "etc/dbus-bms/config.ini"
# Of systemd-analyze security, 0 to 100 for 0 to 10: what docs/debian.md says.
MOST_EXPOSURE = 17


def run(*command, **options):
    """Its output, if it went well; else its output as an error."""
    done = subprocess.run([str(word) for word in command], text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(str(word) for word in command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def package():
    architecture = run("dpkg", "--print-architecture").strip()
    return ROOT / "dist" / f"dbus-bms_{VERSION}_{architecture}.deb"


def field(name):
    return run("dpkg-deb", "-f", package(), name).strip()


class CleanDebian:
    """A Debian 12 with what the package depends on and no more, unpacked anew for each test."""

    def __init__(self, archive):
        self.root = Path(tempfile.mkdtemp(prefix="bookworm-"))
        run("tar", "-xf", archive, "-C", self.root)
        # As on every Debian that is a container or is being installed: nothing is started.
        (self.root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (self.root / "usr/sbin/policy-rc.d").chmod(0o755)

    @staticmethod
    def make(archive, *more):
        needed = [each.split("|")[0].split("(")[0].strip() for each in field("Depends").split(",")]
        run("mmdebstrap", "--variant=minbase", f"--include={','.join([*needed, *more])}", "bookworm", archive)

    def __call__(self, *command):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        return run("unshare", "--mount", "--pid", "--fork", "--mount-proc", "chroot", self.root, *command,
                   env=environment)

    def install(self, deb, *options):
        shutil.copy(deb, self.root / "tmp/dbus-bms.deb")
        return self("dpkg", *options, "--install", "/tmp/dbus-bms.deb")

    def state(self):
        """What dpkg says: "install ok installed"; empty: it has never heard of it."""
        status = (self.root / "var/lib/dpkg/status").read_text()
        found = re.search(r"^Package: dbus-bms\nStatus: (.*)$", status, re.M)
        return found.group(1) if found else ""

    def path(self, name):
        return self.root / name

    def remains(self):
        """Files that bear our name, or lie in a folder that does."""
        found = run("find", self.root, "-xdev", "-path", self.root / "tmp", "-prune", "-o", "-path", "*dbus-bms*",
                    "-print", cwd="/").split()
        return [str(Path(each).relative_to(self.root)) for each in found if self.root != Path(each)]

    def stop(self):
        shutil.rmtree(self.root)


def newer(folder, version, config=None):
    """The package again, as a later version; `config`: other words for its configuration."""
    tree = folder / version
    run("dpkg-deb", "--raw-extract", package(), tree)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", f"Version: {version}", control.read_text(), flags=re.M))
    if config is not None:
        (tree / CONFIG).write_text(config)
    deb = folder / f"dbus-bms_{version}.deb"
    run("dpkg-deb", "--root-owner-group", "--build", tree, deb)
    return deb


@unittest.skipUnless(os.getuid() == 0, "only root can make a system")
class DebianCase(unittest.TestCase):
    more = ()  # packages that the package does not need

    @classmethod
    def setUpClass(cls):
        cls.shared = Path(tempfile.mkdtemp(prefix="dbus-bms-packages-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared)
        # It takes minutes to make, so it is kept for as long as the package needs the same.
        needs = hashlib.sha256(" ".join([field("Depends"), *cls.more]).encode()).hexdigest()[:12]
        archive = ROOT / f"build/debian/bookworm-{needs}.tar"
        if not archive.exists():
            archive.parent.mkdir(parents=True, exist_ok=True)
            CleanDebian.make(cls.shared / "bookworm.tar", *cls.more)
            shutil.move(cls.shared / "bookworm.tar", archive)
        cls.archive = archive

    def setUp(self):
        self.debian = CleanDebian(self.archive)
        self.addCleanup(self.debian.stop)

    def enable(self, port):
        """As systemctl does where no systemd runs."""
        self.debian("systemctl", "enable", f"dbus-bms@{port}.service")
        link = self.debian.path(f"etc/systemd/system/dev-{port}.device.wants/dbus-bms@{port}.service")
        self.assertTrue(link.is_symlink(), link)
        return link


class Life(DebianCase):
    def test_installed_it_runs_as_its_own_user(self):
        self.debian.install(package())
        self.assertEqual(self.debian.state(), "install ok installed")
        self.assertEqual(self.debian("dbus-bms", "--version").strip(), f"dbus-bms {VERSION}")
        self.assertEqual(sorted(self.debian("id", "-Gn", "dbus-bms").split()), ["dbus-bms", "dialout"])
        self.assertIn("nologin", self.debian("getent", "passwd", "dbus-bms"))
        said = self.debian("setpriv", "--reuid=dbus-bms", "--regid=dbus-bms", "--init-groups", "dbus-bms", "config",
                           "check", "/" + CONFIG)
        self.assertIn("no faults", said)
        self.assertEqual(self.debian("dpkg", "--verify", "dbus-bms"), "")

    def test_the_configuration_as_it_comes_changes_nothing(self):
        self.debian.install(package())
        lines = self.debian.path(CONFIG).read_text().splitlines()
        self.assertEqual([line for line in lines if line and line[0] not in "#["], [])
        self.assertIn("#host =", lines)
        self.assertNotIn("/data/", "\n".join(line for line in lines if "mqtt" in line))

    def test_the_line_of_the_readme_names_the_broker(self):
        self.debian.install(package())
        line = re.search(r"^    (sed -i .*?) +# your broker$", (ROOT / "README.md").read_text(), re.M).group(1)
        before = self.debian.path(CONFIG).read_text().splitlines()
        self.debian("sh", "-c", line)
        after = self.debian.path(CONFIG).read_text().splitlines()
        self.assertEqual([line for line in after if line not in before], ["host = 192.168.1.10"])
        self.debian("dbus-bms", "config", "check", "/" + CONFIG)

    def test_an_update_keeps_what_the_owner_has_written(self):
        self.debian.install(package())
        mine = "[mqtt]\nhost = broker.lan\n"
        self.debian.path(CONFIG).write_text(mine)
        link = self.enable("ttyUSB0")
        # Only both have changed it, is there something to be asked; nobody answers, and what there is stays.
        self.debian.install(newer(self.shared, "9.1", "# other words\n"), "--force-confdef", "--force-confold")
        self.assertEqual(self.debian.path(CONFIG).read_text(), mine)
        self.assertEqual(self.debian.path(CONFIG + ".dpkg-dist").read_text(), "# other words\n")
        self.debian.install(newer(self.shared, "9.2", "# other words\n"))
        self.assertEqual(self.debian.path(CONFIG).read_text(), mine)
        self.assertTrue(link.is_symlink())
        self.assertEqual(self.debian.state(), "install ok installed")

    def test_an_update_brings_a_configuration_that_nobody_has_touched(self):
        self.debian.install(package())
        self.debian.install(newer(self.shared, "9.3", "# other words\n"))
        self.assertEqual(self.debian.path(CONFIG).read_text(), "# other words\n")

    def test_removed_it_keeps_configuration_and_memory(self):
        self.debian.install(package())
        self.debian.path(CONFIG).write_text("[mqtt]\nhost = broker.lan\n")
        memory = self.debian.path("var/lib/dbus-bms/jbd_demo0001.json")
        memory.parent.mkdir()
        memory.write_text("{}")
        self.debian("dpkg", "--remove", "dbus-bms")
        self.assertEqual(self.debian.state(), "deinstall ok config-files")
        self.assertFalse(self.debian.path("usr/bin/dbus-bms").exists())
        self.assertFalse(self.debian.path(UNIT).exists())
        self.assertTrue(memory.exists())
        self.debian.install(package())
        self.assertEqual(self.debian.path(CONFIG).read_text(), "[mqtt]\nhost = broker.lan\n")

    def test_purged_it_leaves_nothing(self):
        before = self.debian.remains()
        self.debian.install(package())
        self.enable("ttyUSB0")
        self.enable("ttyACM1")
        foreign = self.debian.path("etc/systemd/system/dev-ttyUSB0.device.wants/other.service")
        foreign.symlink_to("/lib/systemd/system/other.service")
        for kept in ("var/lib/dbus-bms/memory.json", "etc/dbus-bms/mqtt.password"):
            self.debian.path(kept).parent.mkdir(exist_ok=True)
            self.debian.path(kept).write_text("")
        self.debian("dpkg", "--purge", "dbus-bms")
        self.assertEqual(self.debian.state(), "")
        self.assertEqual(self.debian.remains(), before)
        self.assertTrue(foreign.is_symlink(), "what is not ours stays")


class Service(DebianCase):
    def setUp(self):
        super().setUp()
        self.debian.install(package())

    def test_systemd_finds_no_fault_with_it(self):
        for unit in (UNIT.replace("@", "@ttyUSB0"), BLUETOOTH_UNIT):
            self.assertNotIn("dbus-bms", self.debian("systemd-analyze", "verify", "--man=no", "/" + unit))

    def test_it_is_as_closed_as_the_documentation_says(self):
        for unit in (BLUETOOTH_UNIT, UNIT):
            said = self.debian("systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSURE}",
                               "--no-pager", "/" + unit)
        score = re.search(r"exposure level for .*: ([\d.]+)", said).group(1)
        self.assertIn(f"an exposure of {score} ", (ROOT / "docs/debian.md").read_text())

    def test_it_belongs_to_its_port_and_needs_no_other_service(self):
        unit = self.debian.path(UNIT).read_text()
        for line in ("BindsTo=dev-%i.device", "WantedBy=dev-%i.device", "RestartPreventExitStatus=2", "Type=notify"):
            self.assertIn(line, unit.splitlines())
        self.assertNotIn("Requires=", unit)
        self.assertNotIn("network-online", unit)


class Papers(DebianCase):
    def test_lintian_has_no_complaint(self):
        self.assertEqual(run("lintian", "--allow-root", "--fail-on", "error,warning", package()), "")

    def test_the_manual_and_the_completion_are_those_of_the_program(self):
        self.debian.install(package())
        # A minimal Debian leaves manuals out, so they are taken from the package itself.
        tree = self.shared / "whole"
        run("dpkg-deb", "--extract", package(), tree)
        self.assertEqual(run("zcat", tree / "usr/share/man/man1/dbus-bms.1.gz"), self.debian("dbus-bms", "manual"))
        self.assertEqual((tree / "usr/share/bash-completion/completions/dbus-bms").read_text(),
                         self.debian("dbus-bms", "completion", "bash"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
