"""A GX device, as a model: a root file system that is read-only, BusyBox and daemontools as its only tools, what is known
of Venus OS's own scripts, and a data partition that stays when everything else is replaced. Lives in a mount namespace of
its own. Needs root."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/integration"))

from device import can_be_made, wait_until  # noqa: E402, F401
from harness import Failed, Process  # noqa: E402

MODEL = Path(__file__).resolve().parent / "model"
APP = "/data/apps/dbus-bms"
TOOLS = ["svscan", "supervise", "svc", "svstat", "svok", "multilog", "softlimit", "tai64nlocal", "bash"]
STOCK_CONF = """# stock
service gps gps-dbus
service vedirect vedirect-interface
service cgwacs dbus-cgwacs
service fzsonick dbus-fzsonick-48tl
service imt dbus-imt-si-rs485tc
service modbus dbus-modbus-client.serial
alias default gps:vedirect
alias rs485 cgwacs:fzsonick:imt:modbus
include /data/conf/serial-starter.d
"""
STOCK_RULES = 'ACTION=="add", SUBSYSTEM=="tty", ENV{ID_MODEL}=="FT232R_USB_UART", ENV{VE_SERVICE}="rs485:default"\n'
# A driver that asks a little, hears nothing that it knows, and leaves.
STOCK_DRIVER = """#!/bin/sh
exec 2>&1
set -- TTY
. /opt/victronenergy/serial-starter/run-service.sh
app=/opt/victronenergy/stock-probe
start "/dev/$tty" NAME
"""
STOCK_PROBE = """#!/bin/sh
echo "$2 ${1##*/}" >>/run/probes
stty -F "$1" raw -echo 4800
printf ':154\\n' >"$1"
sleep 0.2
"""


def tree_of(folder, without=()):
    """What lies in a folder: kind, permissions and content of everything."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if name in without or any(name.startswith(each + "/") for each in without):
            continue
        stat = path.lstat()
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        elif path.is_dir():
            found[name] = ("folder", oct(stat.st_mode))
        else:
            found[name] = ("file", oct(stat.st_mode), stat.st_uid, hashlib.sha256(path.read_bytes()).hexdigest())
    return found


def make_root(folder, version="v3.70", conf=STOCK_CONF, loader="ld-linux-armhf.so.3", machine="einstein"):
    """The root file system of a release."""
    for each in ("bin", "sbin", "etc/venus", "etc/udev/rules.d", "lib", "lib64", "usr/lib", "proc", "sys", "dev", "run", "tmp",
                 "data", "service", "var/volatile", "opt/victronenergy/serial-starter", "opt/victronenergy/service-templates",
                 "opt/victronenergy/service/serial-starter"):
        (folder / each).mkdir(parents=True)
    shutil.copy(shutil.which("busybox"), folder / "bin/busybox")
    for name in subprocess.run(["busybox", "--list"], capture_output=True, text=True, check=True).stdout.split():
        if name not in ("busybox", "svc", "svok"):
            (folder / "bin" / name).symlink_to("busybox")
    for name in TOOLS:
        shutil.copy(shutil.which(name), folder / "bin" / name)
    # The loader of this machine, under its name, so that its programs run; and the one that the scripts look for.
    (folder / "lib64/ld-linux-x86-64.so.2").symlink_to("/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")
    (folder / "lib/x86_64-linux-gnu").symlink_to("/usr/lib/x86_64-linux-gnu")
    if loader:
        (folder / "lib" / loader).write_text("")
    shutil.copy("/etc/ld.so.cache", folder / "etc")
    (folder / "etc/passwd").write_text("root:x:0:0:root:/home/root:/bin/sh\n")
    (folder / "etc/group").write_text("root:x:0:\n")
    (folder / "etc/venus/machine").write_text(machine + "\n")
    (folder / "etc/venus/serial-starter.conf").write_text(conf)
    (folder / "etc/udev/rules.d/serial-starter.rules").write_text(STOCK_RULES)
    (folder / "opt/victronenergy/version").write_text(f"{version}\nVenus\n20261101000000\n")
    for name, place in (("init", "sbin"), ("udevadm", "bin"), ("update-data.sh", "opt/victronenergy"),
                        ("run-service.sh", "opt/victronenergy/serial-starter")):
        shutil.copy(MODEL / name, folder / place)
    shutil.copy(MODEL / "serial-starter", folder / "opt/victronenergy/service/serial-starter/run")
    (folder / "opt/victronenergy/program").touch()
    (folder / "opt/victronenergy/stock-probe").write_text(STOCK_PROBE)
    (folder / "opt/victronenergy/stock-probe").chmod(0o755)
    for name in ("gps-dbus", "vedirect-interface", "dbus-cgwacs", "dbus-fzsonick-48tl", "dbus-imt-si-rs485tc", "dbus-modbus-client.serial"):
        template = folder / "opt/victronenergy/service-templates" / name
        template.mkdir()
        (template / "run").write_text(STOCK_DRIVER.replace("NAME", name))
        (template / "run").chmod(0o755)
        (template / "down").write_text("")
    (folder / "var/log").symlink_to("/data/log")
    (folder / "var/lock").symlink_to("/run/lock")
    (folder / "media").symlink_to("/run/media")
    return folder


# Says the version that a test wants, and is otherwise the program of this machine.
PROGRAM = """#!/bin/sh
if [ "$1" = --version ]; then echo dbus-bms VERSION; exit 0; fi
EXTRA
exec /opt/victronenergy/program "$@"
"""
# Addresses are what the limits of services are about, and what a sanitizer needs terabytes of.
UNLIMITED = "ulimit -S -v unlimited\nulimit -S -d unlimited"


def make_archive(folder, version, extra=""):
    """What is unpacked from our archive, with the program of this machine in place of that for the device: it lies in the
    device's root, as copying it again and again would take longer than everything else. `extra`: what this version does
    before it runs, as shell."""
    if b"__asan_init" in Path(os.environ["DBUS_BMS"]).read_bytes():
        extra = UNLIMITED + "\n" + extra
    for arch in ("armhf", "aarch64"):
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        (folder / "lib" / arch).mkdir(parents=True)
        (folder / "bin" / f"dbus-bms.{arch}").write_text(
            PROGRAM.replace("VERSION", version).replace("EXTRA", extra))
        # As large as a library is.
        (folder / "lib" / arch / "libexample.so.1").write_bytes(bytes(range(256)) * 8000)
    done = subprocess.run([ROOT / "package/build/tree", folder, version], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(done.stdout + done.stderr)
    return folder


def seal(folder):
    """After something in an archive was changed: as if it had been built that way."""
    subprocess.run([ROOT / "package/build/contents", folder], check=True)


class Gx:
    """`boot()` starts it, `power_off()` ends it as pulling the plug does. `data` is its data partition, seen from outside."""

    def __init__(self, bus, **release):
        self.bus = bus
        self.work = Path(tempfile.mkdtemp(prefix="dbus-bms-gx-"))
        self.data, self.hardware, self.media = (self.work / each for each in ("data", "hardware", "media"))
        for folder in (self.data, self.hardware, self.media, self.work / "device"):
            folder.mkdir()
        self.root = None
        self.releases = 0
        self.process = None
        # As another package may have made it. Then whoever writes where he has no business is not stopped, but seen.
        self.writable = False
        self.update_firmware(**release)

    def update_firmware(self, **release):
        """Another root file system takes the place of the one before, at the next start."""
        self.releases += 1
        self.root = make_root(self.work / f"root{self.releases}", **release)
        self.stock = tree_of(self.root)

    def changes(self):
        """When what lies in its root file system was changed last, content or name: any write shows, also an undone one."""
        return {path: path.lstat().st_ctime_ns for path in [self.root, *self.root.rglob("*")]}

    def boot(self, wait=True):
        self.process = Process("gx", ["unshare", "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", MODEL / "mounts",
                                      self.work / "device", self.root, self.data, self.hardware, self.media, self.bus.directory,
                                      os.environ["DBUS_BMS"], "yes" if self.writable else "no"],
                               env=dict(self.bus.env, PATH="/bin:/usr/sbin:/usr/bin:/sbin"), output="both")
        self._init = wait_until(self._find_init, "the start of the device")
        if wait:
            wait_until(lambda: self.run("test", "-e", "/run/started").returncode == 0, "the end of the start")

    def _find_init(self):
        if self.process.returncode is not None:
            raise Failed("the device ended: " + "\n".join(self.process.lines))
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if children and Path(f"/proc/{children[0]}/cmdline").read_bytes().startswith(b"/bin/sh\0/sbin/init"):
            return children[0]
        return None

    def command(self, *words):
        return ["nsenter", f"--target={self._init}", "--mount", "--pid", "--root", "--wdns=/", *map(str, words)]

    @property
    def environment(self):
        return dict(self.bus.env, PATH="/bin", HOME="/data/home/root")

    def run(self, *words):
        """Runs a command on the device. Returns its code and what it wrote."""
        return subprocess.run(self.command(*words), env=self.environment, capture_output=True, text=True)

    def shell(self, text):
        return self.run("/bin/sh", "-c", text)

    def must(self, *words):
        done = self.run(*words)
        if done.returncode != 0:
            raise Failed(f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}\n{self.state()}")
        return done.stdout + done.stderr

    def script(self, name, *words):
        """One of the scripts of the installed version."""
        return self.must(f"{APP}/current/{name}", *words)

    def put(self, folder):
        """Copies an unpacked archive onto the device; returns where it lies there."""
        target = self.data / "unpacked" / folder.name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target, symlinks=True)
        return f"/data/unpacked/{folder.name}"

    def plug_in(self, tty, line, **properties):
        """An adapter with a simulated board behind it."""
        said = {"ID_MODEL": "CP2102", "ID_PATH": f"platform-usb-0:{tty[-1]}:1.0", **properties, "LINE": os.readlink(line)}
        (self.hardware / tty).write_text("".join(f"{name}={value}\n" for name, value in said.items()))
        if self.process:
            self.must("udevadm", "trigger", "--action=add", f"--sysname-match={tty}")

    def pull_out(self, tty):
        (self.hardware / tty).unlink()
        self.must("udevadm", "remove", tty)

    def aliases(self):
        """What serial-starter would know if it started now."""
        text = (self.root / "etc/venus/serial-starter.conf").read_text()
        for file in sorted((self.data / "conf/serial-starter.d").glob("*.conf")):
            text += "\n" + file.read_text()
        return {words[1]: words[2].split(":") for line in text.splitlines() if (words := line.split()) and words[0] == "alias"}

    def version(self):
        """Which version runs."""
        link = self.data / "apps/dbus-bms/current"
        return (link.parent / os.readlink(link) / "version").read_text().strip()

    def pid(self, service):
        """Of what a service runs. Empty: nothing."""
        match = re.search(r": up \(pid (\d+)\)", self.run("svstat", f"/service/{service}").stdout)
        return match and int(match.group(1))

    def log(self, name):
        file = self.data / "log" / name / "current"
        return file.read_text(errors="replace") if file.exists() else ""

    def probes(self):
        """What stock drivers have tried."""
        return self.run("cat", "/run/probes").stdout.splitlines()

    def state(self):
        """For a test that has failed."""
        logs = "".join(f"--- {file}\n{file.read_text(errors='replace')}" for file in sorted(self.data.glob("log/*/current")))
        return logs + self.shell("head -50 /run/*.log; svstat /service/*; ls -l /dev/serial-starter /run/lock/serial-starter; cat /proc/mounts").stdout

    def power_off(self):
        if self.process:
            self.process.stop(signal.SIGKILL)  # which takes everything in its namespaces along
            self.process = None

    def stop(self):
        self.power_off()
        # Mounts are another namespace's; were they ours, this would delete the machine.
        if str(self.work) in Path("/proc/self/mounts").read_text():
            raise Failed(f"something is still mounted below {self.work}")
        shutil.rmtree(self.work, ignore_errors=True)
