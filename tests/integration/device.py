"""A GX device in a folder: the paths of Venus OS with real daemontools, what we ship at its places, and stand-ins for what
belongs to Venus OS. Lives in a mount namespace of its own, so that scripts run as they are and nothing outside is touched.
Needs root."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from harness import LIMIT_S, Failed, Process

ROOT = Path(__file__).resolve().parents[2]
APP = "data/apps/dbus-bms"
DROP_IN = "data/conf/serial-starter.d/zz-dbus-bms.conf"

# The machine's own programs and libraries, device nodes as far as they are needed, and nothing of its data.
MOUNTS = r"""
set -e
device=$1
shared=$2
shell=$3
mount --make-rprivate /
for each in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$each" ]; then cp -P "/$each" "$device/$each"; elif [ -d "/$each" ]; then mkdir "$device/$each"; mount --rbind "/$each" "$device/$each"; fi
done
mkdir -p "$device/usr" "$device/sys" "$device/proc" "$device/dev/pts" "$device$shared"
mount --rbind /usr "$device/usr"
mount --rbind /sys "$device/sys"
mount -t proc proc "$device/proc"
mount --bind "$shared" "$device$shared"
mount --rbind /dev/pts "$device/dev/pts"
for each in null zero urandom; do : >"$device/dev/$each"; mount --bind "/dev/$each" "$device/dev/$each"; done
cp -a /etc/ld.so.cache /etc/passwd /etc/group /etc/alternatives "$device/etc/"
if [ "$shell" = busybox ]; then
  # The shell and the tools of scripts are then those of busybox, as on most small devices.
  mkdir "$device/busybox"
  busybox --install -s "$device/busybox"
  rm -f "$device/busybox/svc" "$device/busybox/svok"  # daemontools are the real ones there
  mount --bind "$(command -v busybox)" "$(readlink -f /bin/sh)"
  PATH=/busybox:$PATH
fi
exec chroot "$device" /usr/bin/svscan /service
"""

# What is known of Venus OS's own script: it takes the port's name, offers `start`, and gives back the lock at the end.
RUN_SERVICE = """
tty=$1
trap 'rm -f "/var/lock/serial-starter/$tty"' EXIT
trap 'kill -TERM "$child"' TERM
start() { "$app" "$@" & child=$!; wait "$child"; wait "$child"; }
"""

STOCK_SERVICE = "#!/bin/sh\nexit 0\n"

# Addresses are what the limits of services are about, and what a sanitizer needs terabytes of.
UNLIMITED = '#!/bin/sh\nulimit -S -v unlimited\nulimit -S -d unlimited\nexec /data/apps/dbus-bms/program "$@"\n'


def can_be_made():
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"]).returncode == 0


def wait_until(predicate, what, limit_s=LIMIT_S):
    deadline = time.monotonic() + limit_s
    while not (result := predicate()):
        if time.monotonic() > deadline:
            raise Failed(f"{what} did not happen within {limit_s} s")
        time.sleep(0.05)
    return result


class Device:
    def __init__(self, bus, shell="dash"):
        self.root = Path(tempfile.mkdtemp(prefix="dbus-bms-device-"))
        self._make()
        self.used = set()
        self.process = Process("svscan", ["unshare", "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", MOUNTS,
                                          "device", self.root, bus.directory, shell], env=bus.env, output="both")
        self.environment = dict(bus.env)
        if shell == "busybox":
            self.environment["PATH"] = "/busybox:" + os.environ["PATH"]
        try:
            self._init = wait_until(self._find_init, "the start of svscan")
        except Failed:
            self.stop()
            raise

    def _make(self):
        for folder in ("etc/dbus-bms", "service", "run", "var/log", "var/lock/serial-starter", "var/volatile/services", "tmp",
                       "opt/victronenergy/serial-starter", "opt/victronenergy/service-templates/gps", APP,
                       "data/conf/serial-starter.d"):
            self.root.joinpath(folder).mkdir(parents=True)
        self.write("opt/victronenergy/serial-starter/run-service.sh", RUN_SERVICE)
        self.write("opt/victronenergy/service-templates/gps/run", STOCK_SERVICE)
        version = self.root / APP / "versions/0"
        shutil.copytree(ROOT / "package/gx", version)
        shutil.copy(ROOT / "rc.local", version)
        for folder in ("service", "serial-starter.d"):
            shutil.copytree(ROOT / folder, version / folder)
        version.joinpath("bin").mkdir()
        self.root.joinpath(APP, "current").symlink_to("versions/0")
        self.root.joinpath(APP, "dbus-bms").symlink_to("current/bin/dbus-bms")
        program = Path(os.environ["DBUS_BMS"])
        shutil.copy(program, self.root / APP / "program")
        if b"__asan_init" in program.read_bytes():
            version.joinpath("bin/dbus-bms").write_text(UNLIMITED)
            version.joinpath("bin/dbus-bms").chmod(0o755)
        else:
            self.root.joinpath(APP, "program").rename(version / "bin/dbus-bms")

    def _find_init(self):
        """The process in which everything else can be started: svscan, once it is that."""
        if self.process.returncode is not None:
            raise Failed("the device ended: " + "\n".join(self.process.lines))
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if children and os.path.basename(os.readlink(f"/proc/{children[0]}/exe")) == "svscan":
            return children[0]
        return None

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def run(self, *command):
        """Runs a command on the device. Returns its code and what it wrote."""
        done = subprocess.run(["nsenter", f"--target={self._init}", "--mount", "--pid", "--root", "--wd",
                               *map(str, command)], env=self.environment, capture_output=True, text=True)
        return done

    def dbus_bms(self, *words):
        return self.run("/" + APP + "/dbus-bms", *words)

    def boot(self):
        """What /data/rcS.local does."""
        return self.run("/" + APP + "/current/rc.local", "early")

    def service_of(self, short):
        """The template that serial-starter has for a short name, as our file says."""
        found = None
        for line in (self.root / DROP_IN).read_text().splitlines():
            words = line.split("#")[0].split()
            if not words:
                continue
            keyword, name, value = words
            if keyword == "service" and re.fullmatch(r"[A-Za-z0-9_]+", name) and re.fullmatch(r"[A-Za-z0-9_:.-]+", value):
                found = value if name == short else found
            elif keyword != "alias" or not re.fullmatch(r"[A-Za-z0-9_]+", name) or not re.fullmatch(r"[A-Za-z0-9_:-]+", value):
                raise Failed("serial-starter does not understand: " + line)
        return found

    def aliases(self):
        lines = (self.root / DROP_IN).read_text().splitlines()
        words = [line.split() for line in lines if line.startswith("alias ")]
        return {name: members.split(":") for _, name, members in words}

    def add_port(self, template, tty):
        """What serial-starter does with a port: a copy of the template in which each line has the port's name for its first
        TTY, and a link to it where svscan looks. Waits until svscan has seen it."""
        name = f"{template}.{tty}"
        copy = self.root / "var/volatile/services" / name
        self.run("cp", "-a", f"/opt/victronenergy/service-templates/{template}", f"/var/volatile/services/{name}")
        for script in ("run", "log/run"):
            text = copy.joinpath(script).read_text()
            copy.joinpath(script).write_text("".join(line.replace("TTY", tty, 1) for line in text.splitlines(True)))
        self.root.joinpath("var/lock/serial-starter", tty).symlink_to(str(os.getpid()))
        self.root.joinpath("service", name).symlink_to(f"/var/volatile/services/{name}")
        for part in ("", "/log"):
            wait_until(lambda: self.run("svok", f"/service/{name}{part}").returncode == 0, f"svscan finds {name}{part}")
        return f"/service/{name}"

    def log(self, name):
        file = self.root / "var/log" / name / "current"
        return file.read_text() if file.exists() else ""

    def wait_for_log(self, name, text):
        try:
            wait_until(lambda: text in self.log(name), f"{text!r} in the log of {name}")
        except Failed as failed:
            raise Failed(f"{failed}; it is:\n{self.log(name)}\n" + "\n".join(self.process.lines)) from None

    def stop(self):
        self.process.stop(signal.SIGKILL)  # which takes everything in its namespaces along
        # Mounts are another namespace's; were they ours, this would delete the machine.
        if str(self.root) in Path("/proc/self/mounts").read_text():
            raise Failed(f"something is still mounted below {self.root}")
        shutil.rmtree(self.root, ignore_errors=True)
