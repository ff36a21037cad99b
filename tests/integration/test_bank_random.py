#!/usr/bin/python3
"""Random sequences of what packs do, around whole banks: nothing is allowed that a pack does not allow, nothing is kept that
is no longer heard.

Several worlds live at the same time, each with three banks in one process. In the environment: BANK_SEED, the seed of the
first, BANK_SEEDS, how many worlds, BANK_SECONDS, for how long each lives."""

import collections
import concurrent.futures
import heapq
import os
import random
import signal
import sys
import tempfile
import time
import unittest

import harness
from bank_case import BATTERY, FAKES
from bank_case import Bank as BankProcess
from bank_oracle import Bank, Log, Oracle, Pack
from harness import PrivateBus, Process
from obedient import Obedient
from stalls import Stalls

SECONDS = float(os.environ.get("BANK_SECONDS", 32))
WORLDS = 8
FIRST_SEED = 100

# What is shown of a bank is printed beside what the packs do.
WATCHED_FAKES = FAKES + r'''
import math

class Watch:
    SHOWN = ("/Info/Max", "/Dc/0/", "/ErrorCode", "/Soc", "/Battery/", "/System/M", "/Alarms/BmsCable", "/Info/ChargeLimitation", "/State")
    def __init__(self, name):
        self.name, self.paths, services[name] = name, set(), self
        self.bus = dbus.bus.BusConnection(dbus.bus.BusConnection.TYPE_SESSION)
        self.bus.add_signal_receiver(self.changed, "ItemsChanged", BUS_ITEM, name, "/")
        self.bus.watch_name_owner(name, self.owned)
    def note(self, what, key, value, at=None): print(what, self.name, key, value, at or time.monotonic(), flush=True)
    def owned(self, owner):
        if not owner: self.note("seen", "present", False)
        else: self.bus.call_async(owner, "/", BUS_ITEM, "GetItems", "", (), self.scanned, lambda error: None)
    def scanned(self, items):
        at = time.monotonic()
        for path in self.paths - set(items): self.note("seen", path, None, at)
        self.show(items, at)
        self.note("seen", "present", True, at)
    def changed(self, items):
        at = time.monotonic()
        self.note("signal", "items", len(items), at)
        self.show(items, at)
    def show(self, items, at):
        for path, entry in items.items():
            value = native(entry["Value"])
            if path.startswith(self.SHOWN) or isinstance(value, float) and not math.isfinite(value):
                self.paths.add(path)
                self.note("seen", path, value, at)
    def exclude(self, number, value):
        self.note("became", f"excluded{number}", "unknown")
        done = lambda result: self.note("became", f"excluded{number}", bool(value)) if result == 0 else None
        self.bus.call_async(self.name, f"/Settings/Exclude/{number}", BUS_ITEM, "SetValue", "v", (dbus.Int32(value),), done, lambda error: None)
'''

BANKS = (
    Bank("Three", False, tuple(Pack(f"ttyA{n}", True, f"ttyX{n}" if n == 1 else None) for n in (1, 2, 3)), lambda count: count - 1 if count > 2 else count),
    Bank("Mixed", False, (Pack("ttyB1", True), Pack("ttyB2", False)), lambda count: min(count, 1) or 1),
    Bank("String", True, (Pack("ttyS1", True), Pack("ttyS2", False)), lambda count: count),
)
CONFIG = """[bank Three]
members = A1, A2, A3
[bank Mixed]
members = B1, ttyB2
min_members = 1
[bank String]
mode = series
members = S1, ttyS2
"""

# What happens, and what ends it after a while: Python for the fakes, in which `s` is the service.
Event = collections.namedtuple("Event", "weight breaks mends shortest_s longest_s")


def says(path, bad, good, weight, shortest_s=1.0, longest_s=6):
    return Event(weight, f"s.say('{path}', {bad})", f"s.say('{path}', {good})", shortest_s, longest_s)


NOTHING = [Event(0.6, f"s.allow({bad})", "s.allow(50.0)", 1, 6)
           for bad in ("0.0", "0", "None", "float('nan')", "float('inf')", "-5.0", "1e300", "'words'")]
LIES = [Event(0.3, f"s.lie({value})", "s.confess()", 1.5, 6)
        for value in ("float('nan')", "float('inf')", "1e300", "-1", "0", "None", "'words'", "65535")]
AT_PACKS = NOTHING + LIES + [
    Event(1, "s.allow(12.0)", "s.allow(50.0)", 2, 6), Event(1, "s.allow(0.5)", "s.allow(50.0)", 2, 6),
    Event(2, "s.stop()", "s.start()", 0.3, 14), Event(0.5, "s.stop(); s.start()", "", 0, 0),
    Event(2, "s.become(hanging=True)", "s.become(hanging=False)", 14, 18), Event(1, "s.become(hanging=True)", "s.become(hanging=False)", 2, 7),
    Event(0.5, "s.become(silent=True)", "s.become(silent=False)", 0.5, 4), Event(0.7, "s.stop(); s.start(silent=True)", "s.become(silent=False)", 1, 6),
    Event(0.5, "s.stop(); s.start(silent='error')", "s.become(silent=False)", 1, 6),
    says("/Connected", 0, 1, 0.7), says("/Dc/0/Voltage", "None", 52.8, 0.7), says("/Alarms/HighCellVoltage", 2, 0, 0.7),
    Event(0.7, "s.cells_are(3.3, 15)", "s.cells_are(3.3)", 2, 6),
    *(Event(1, f"s.say('/Dc/0/Current', {current})", "", 0, 0) for current in (0.0, 1.0, 25.0, -15.0)),
    says("/Dc/0/Current", "float('nan')", 1.0, 0.5),
]
AT_OURS = AT_PACKS + [
    says("/Member/ChargeFet", 0, 1, 2), says("/Member/ChargeFet", "None", 1, 0.5), says("/Member/DischargeFet", 0, 1, 1),
    Event(1, "s.tell({'/Member/ChargeFet': 0, '/Member/Limit/ChargeCurrent': 0.0, '/Dc/0/Current': 0.0})",
          "s.tell({'/Member/ChargeFet': 1, '/Member/Limit/ChargeCurrent': 50.0, '/Dc/0/Current': 1.0})", 2, 8),
    says("/Member/Limit/ChargeVoltage", 50.0, 55.2, 1), says("/Member/Limit/DischargeCurrent", 0.0, 60.0, 0.7),
]
AT_FOREIGN = AT_PACKS + [
    says("/Io/AllowToCharge", 0, 1, 1.5), says("/Io/AllowToDischarge", 0, 1, 0.7), says("/Info/MaxChargeVoltage", 50.0, 55.2, 1),
    Event(0.7, "s.by_property = True", "s.by_property = False", 3, 8),
]


def table_of(pack):
    twin = [Event(2, f"services['{BATTERY}{pack.twin}'].start()", f"services['{BATTERY}{pack.twin}'].stop()", 3, 9)] if pack.twin else []
    return twin + (AT_OURS if pack.ours else AT_FOREIGN)


STALLS = Stalls()  # of the whole machine, which is the same for all worlds


class World:
    """A bus of its own with packs and banks; all that happens in it follows from the seed."""

    def __init__(self, seed):
        self.seed, self.random = seed, random.Random(seed)
        self.now, self.due, self.count = 0.0, [], 0
        self.in_trouble = set()
        self.process, self.process_log, self.processes = None, [], []
        self.targets = [(3, BATTERY + pack.name, table_of(pack)) for bank in BANKS for pack in bank.packs]
        self.targets += [(1, BATTERY + name, [Event(1, f"s.exclude({number}, 1)", f"s.exclude({number}, 0)", 2, 12) for number in numbers])
                         for name, numbers in (("Three", (1, 2, 3)), ("Mixed", (1, 2)))]

    def live(self, seconds):
        """Comes into being, lives, and leaves a log."""
        self.bus = PrivateBus()
        self.settings = Process("settings", [sys.executable, "-B", harness.HERE / "settings_standin.py"], env=self.bus.env, output="both")
        self.fakes = Obedient(self.bus, WATCHED_FAKES)
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as file:
            file.write(CONFIG)
            file.flush()
            self.config = file.name
            try:
                self.populate()
                self.began = time.monotonic()
                self.launch()
                self.happen(seconds)
                self.ended = time.monotonic()
            finally:
                if self.process:
                    self.process.stop(signal.SIGKILL)
                self.fakes.stop()
                self.settings.stop()
                self.bus.stop()

    def populate(self):
        for bank in BANKS:
            self.fakes.do(f"Watch('{BATTERY}{bank.name}')")
            for pack in bank.packs:
                member = pack.name.removeprefix("tty") if pack.ours else None
                self.fakes.do(f"pack({pack.name!r}, {member!r}, current={self.random.choice((0.0, 1.0, 5.0))})")
                if pack.twin:
                    self.fakes.do(f"pack({pack.twin!r}, {member!r}).stop()")

    def happen(self, seconds):
        """Lives of the process, in each of which there is calm at first."""
        while True:
            end = min(self.now + self.random.uniform(18, 30), seconds)
            self.pass_time(self.random.uniform(2, 6))
            while self.now < end:
                self.break_something()
                self.pass_time(self.random.uniform(0.3, 2.5))
            if self.now >= seconds:
                break
            self.end(self.random.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)))
            self.pass_time(self.random.choice((0, 0.5, 2.5)))
            self.launch()
        self.pass_time(max([0, *(until - self.now for until, *_ in self.due)]) + 0.01)
        self.end(signal.SIGTERM)
        self.pass_time(1)
        self.fakes.do("")  # all that was seen is printed

    def break_something(self):
        """One event. Who is in trouble already is left alone."""
        _, name, table = self.random.choices(self.targets, [weight for weight, *_ in self.targets])[0]
        event = self.random.choices(table, [each.weight for each in table])[0]
        lasting = self.random.uniform(event.shortest_s, event.longest_s)
        if name in self.in_trouble:
            return
        self.in_trouble.add(name)
        self.do(name, event.breaks)
        self.count += 1
        heapq.heappush(self.due, (self.now + lasting, self.count, name, event.mends))

    def pass_time(self, seconds):
        end = self.now + seconds
        while self.due and self.due[0][0] <= end:
            self.now, _, name, mends = heapq.heappop(self.due)
            self.do(name, mends)
            self.in_trouble.remove(name)
        self.now = end
        self.wait()

    def wait(self):
        time.sleep(max(0.0, self.began + self.now - time.monotonic()))

    def do(self, name, deed):
        self.wait()
        if deed:
            self.fakes.do(f"s = services['{name}']; {deed}")

    def launch(self):
        self.process_log.append((time.monotonic(), "started"))
        self.process = BankProcess(self.bus, self.config)
        self.processes.append(self.process)

    def end(self, number):
        lines = self.process.process.lines
        if (code := self.process.process.returncode) is not None:
            raise harness.Failed(f"seed {self.seed}: the banks have ended with {code}:\n" + "\n".join(lines[-20:]))
        self.process_log.append((time.monotonic(), "told to end"))
        code = self.process.stop(number)
        self.process_log.append((time.monotonic(), "ended"))
        if number == signal.SIGTERM and code != 0 or any("ERROR: " in line for line in lines):
            raise harness.Failed(f"seed {self.seed}: the banks ended with {code}:\n" + "\n".join(lines[-60:]))

    # What was seen.

    def judged(self):
        """The oracle, and its violations."""
        oracle = Oracle(Log(self.fakes.process.lines, self.process_log, STALLS.seen), BANKS)
        return oracle, oracle.judge(self.began, self.ended)

    def excerpt(self, violation, before_s=22, after_s=2):
        """What happened around a violation to that bank, in the order of it."""
        bank = next(bank for bank in BANKS if violation.text.startswith(bank.name))
        names = {BATTERY + name for pack in bank.packs for name in (pack.name, pack.twin) if name} | {BATTERY + bank.name}
        lines = [(float(line.rsplit(" ", 1)[1]), line.rsplit(" ", 1)[0]) for line in self.fakes.process.lines
                 if (match := Log.LINE.match(line)) and match.group(2) in names]
        lines += [(time_, f"PROCESS {what}") for time_, what in self.process_log]
        lines += [(time_, f"    log: {line}") for process in self.processes for time_, line in zip(process.process.times, process.process.lines)]
        dull = ("/Voltages/Cell", "FrameCounter", "/Cell/", " /Serial", "/Capacity", "/History/", "/Fw", "/Firmware", "signal ", "/System/N", "/Status", "/Temperature", "Mid",
                "/Name", "/Soc")
        return "\n".join(f"{time_ - self.began:8.3f}  {line}" for time_, line in sorted(lines)
                         if violation.at - before_s <= time_ <= violation.at + after_s and not any(word in line for word in dull))


class RandomEvents(unittest.TestCase):
    def test_no_bank_allows_what_its_packs_do_not(self):
        first = int(os.environ.get("BANK_SEED", FIRST_SEED))
        seeds = range(first, first + int(os.environ.get("BANK_SEEDS", 1 if "BANK_SEED" in os.environ else WORLDS)))
        print(f"seeds {seeds}, {SECONDS:g} s each", flush=True)
        judged = collections.Counter()
        worlds = [World(seed) for seed in seeds]
        with STALLS, concurrent.futures.ThreadPoolExecutor(WORLDS) as pool:
            list(pool.map(lambda world: world.live(SECONDS), worlds))
        for world in worlds:
            oracle, violations = world.judged()
            judged += oracle.judged
            with self.subTest(seed=world.seed):
                if violations:
                    shown = "\n".join(f"{at - world.began:8.3f}  {text}" for at, text in violations[:10])
                    self.fail(f"seed {world.seed}, {len(violations)} violations, the first:\n{shown}\n\n" + world.excerpt(violations[0]))
        print(f"judged: {dict(judged)}; the machine stood still {len(STALLS.seen)} times")
        if "BANK_SEED" not in os.environ:
            for what in ("arrivals", "too few", "packs unheard", "voltages", "permissions", "parts of strings", "shares", "silent shares",
                         "discharging"):
                self.assertTrue(judged[what], f"a bank of which {what} cannot be judged would pass the rest")


if __name__ == "__main__":
    harness.main()
