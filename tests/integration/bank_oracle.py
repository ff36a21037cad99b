"""Judges banks by what happened around them: what packs did and said, and what was shown of each bank. It knows what a bank
promises, and nothing of how that is done."""

import bisect
import collections
import math
import re

from bank_case import BATTERY, CCL, CELLS, CURRENT, CVL, DCL, VOLTAGE
from stories import Story, Violation, is_number, value_in

TICK_S, SLACK_S = 1, 0.7
REACTION_S = TICK_S + SLACK_S
STALE_S = 10 + TICK_S  # T1, and until it is seen that there was a sign of life
QUIET_S = 60  # of a pack that says nothing of freshness
TRUSTED_S = 10  # so long a pack must have been sound to be in use for sure: 5 s, three signs of life, and being found
READING_S = 5  # and longer, until a pack is read that did not answer
FILTERED_S = 16  # nothing is left of a current that was so long ago
MOST_SIGNALS, IN_S = 15, 10
TWIN_S = 6  # until a second service of a pack is found
LIVE_GAP_S = 4

CELL_V, LEAST_CELL_V = 3.45, 2.9  # CVL at most, and what a pack does not mean by its own

# One pack: its service without the class, whether it is ours. `twin`: another service that may say it is this pack.
Pack = collections.namedtuple("Pack", "name ours twin", defaults=(None,))
# `least`: how many packs it needs, of how many that are not excluded.
Bank = collections.namedtuple("Bank", "name series packs least")
Life = collections.namedtuple("Life", "start told_to_end end")


def within(value, low, high):
    return value if is_number(value) and low <= value <= high else None


class Log:
    """What the fakes have printed, when the banks were "started", "told to end" and had "ended", as a list of (time, what),
    and when the whole machine stood still, as a list of (start, end): nobody can react then."""

    LINE = re.compile(r"^(said|changed|became|seen|signal) (\S+) (\S+) (.*) (\S+)$")

    def __init__(self, lines, process, stalls=()):
        self.stories = collections.defaultdict(Story)
        self.moments = collections.defaultdict(list)  # when anything happened to a service
        self.signs = collections.defaultdict(list)  # of life
        self.signals = collections.defaultdict(list)
        self.last_time = 0.0
        for line in lines:
            if match := self.LINE.match(line):
                what, name, key, value, time = match.groups()
                self._take(what, name.removeprefix(BATTERY), key, value_in(value), float(time))
        self.lives = []
        for time, what in process:
            if what == "started":
                self.lives.append(Life(time, math.inf, math.inf))
            else:
                self.lives[-1] = self.lives[-1]._replace(**{"end" if what == "ended" else "told_to_end": time})
        self.stalls = list(stalls)

    def _take(self, what, name, key, value, time):
        self.last_time = time
        if what == "signal":
            self.signals[name].append(time)
            return
        self.moments[name].append(time)
        # Of one that counts only that is a sign; whoever has just come has said something new.
        if what == "said" and (key == "/Info/FrameCounter" or value != self.stories[name, key].values[-1]) or (key, value) == ("present", True):
            self.signs[name, key == "/Info/FrameCounter"].append(time)
        self.stories[name, key].add(time, value)

    def derived(self, name, function):
        """The story of what `function(time)` says of a service."""
        story = Story(function(-math.inf))
        for time in self.moments[name]:
            story.add(time, function(time))
        return story


class PackStory:
    """What a pack has been, as far as its bank can know."""

    def __init__(self, log, pack):
        self.log, self.pack = log, pack
        of = self.of
        ours = pack.ours
        charge, discharge = (f"/Member/Limit/{way}Current" if ours else f"/Info/Max{way}Current" for way in ("Charge", "Discharge"))
        voltage = "/Member/Limit/ChargeVoltage" if ours else CVL
        connected = lambda time: of("/Connected").at(time) != 0 and is_number(of(VOLTAGE).at(time))  # noqa: E731
        derive = lambda function: log.derived(pack.name, function)  # noqa: E731
        self.present = of("present")
        self.connected = derive(lambda time: bool(self.present.at(time) and connected(time)))
        self.limit = derive(lambda time: self._limit(charge, "/Io/AllowToCharge", time))
        self.discharge_limit = derive(lambda time: self._limit(discharge, "/Io/AllowToDischarge", time, alarm=None))
        self.open = derive(lambda time: ours and of("/Member/ChargeFet").at(time) == 0)
        self.discharge_open = derive(lambda time: ours and of("/Member/DischargeFet").at(time) == 0)
        self.charge_voltage = derive(lambda time: within(of(voltage).at(time), CELLS * LEAST_CELL_V, 1000))
        self.voltage = derive(lambda time: within(of(VOLTAGE).at(time), 1, 1000))
        self.current = derive(lambda time: within(of(CURRENT).at(time), -1e4, 1e4))
        self.cells = derive(self._cells)

    def of(self, key):
        return self.log.stories[self.pack.name, key]

    def _limit(self, path, permission, time, alarm="/Alarms/HighCellVoltage"):
        """Whoever names a limit that cannot be has allowed nothing."""
        forbidden = (not self.pack.ours and self.of(permission).at(time) == 0) or (alarm and (within(self.of(alarm).at(time), 2, math.inf)))
        return 0.0 if forbidden else within(self.of(path).at(time), 0, 1e4) or 0.0

    def _cells(self, time):
        cells = [is_number(self.of(f"/Voltages/Cell{number + 1}").at(time)) for number in range(CELLS)]
        return cells.index(False) if False in cells else CELLS

    def last_sign(self, time):
        signs = self.log.signs[self.pack.name, self.pack.ours]
        at = bisect.bisect_right(signs, time)
        return signs[at - 1] if at else -math.inf

    def lives_steadily(self, start, end):
        signs = self.log.signs[self.pack.name, self.pack.ours]
        inside = [time for time in signs[bisect.bisect_left(signs, start):] if time <= end]
        return all(after - before <= LIVE_GAP_S for before, after in zip([start, *inside], [*inside, end]))


class Oracle:
    """`judged`: how often there was something to judge, by rule."""

    def __init__(self, log, banks):
        self.log, self.banks, self.violations = log, banks, []
        self.judged = collections.Counter()
        self.packs = {pack.name: PackStory(log, pack) for bank in banks for pack in bank.packs}

    def judge(self, start, end):
        """All violations."""
        for bank in self.banks:
            self._judge_signals(bank)
            self._judge_arrivals(bank)
            self._judge_numbers(bank)
            times = [time for time in self._shown(bank, CCL).times if start < time < end]
            times += [start + step / 5 for step in range(int((end - start) * 5))]
            for time in sorted(times):
                self._judge_moment(bank, time)
            self._judge_discharge_in_silence(bank)
        return sorted(self.violations)

    # What was so.

    def _shown(self, bank, path):
        return self.log.stories[bank.name, path]

    def _life(self, time):
        return next((life for life in reversed(self.log.lives) if life.start <= time), None)

    def _horizon(self, time):
        """What has been so since then a bank must have acted upon at this time."""
        since = time - REACTION_S
        return min([since, *(start - REACTION_S for start, end in self.log.stalls if start <= time and end > since)])

    def _is_calm(self, start, end):
        return not any(stall_start < end and stall_end > start for stall_start, stall_end in self.log.stalls)

    def _excluded(self, bank, pack, start, end):
        """All that was so: True, False, None for never, "unknown" while it is asked for."""
        return self.log.stories[bank.name, f"excluded{bank.packs.index(pack) + 1}"].during(start, end)

    def _is_excluded(self, bank, pack, start, end):
        return all(value is True for value in self._excluded(bank, pack, start, end))

    def _may_be_excluded(self, bank, pack, start, end):
        return any(self._excluded(bank, pack, start, end))

    def _may_be_heard(self, bank, pack, time):
        """Whether the values of a pack may be part of the bank."""
        horizon, story = self._horizon(time), self.packs[pack.name]
        if self._is_excluded(bank, pack, horizon, time) or True not in story.connected.during(horizon, time):
            return False
        return story.last_sign(time) >= horizon - (STALE_S if pack.ours else QUIET_S)

    def _is_heard(self, bank, pack, time):
        """Whether they must be."""
        since, story, life = time - TRUSTED_S, self.packs[pack.name], self._life(time)
        steady = story.connected.since(time) <= since and story.present.since(time) <= since and story.connected.at(time)
        if not steady or not life or life.start > since or not self._is_calm(since, time):
            return False
        if any(story.of("silent").during(since - READING_S, time)) or self._may_be_excluded(bank, pack, since, time):
            return False
        return story.lives_steadily(since, time)

    def _needed(self, bank, time):
        if bank.series:
            return len(bank.packs)
        excluded = sum(self._may_be_excluded(bank, pack, self._horizon(time), time) for pack in bank.packs)
        return bank.least(len(bank.packs) - excluded)

    def _too_few(self, bank, time):
        return sum(self._may_be_heard(bank, pack, time) for pack in bank.packs) < self._needed(bank, time)

    def _most(self, bank, time, limit, is_open):
        """The sum of all that packs can have allowed."""
        horizon = self._horizon(time)
        heard = [self.packs[pack.name] for pack in bank.packs if self._may_be_heard(bank, pack, time)]
        return sum(max(getattr(story, limit).during(horizon, time)) for story in heard if not all(getattr(story, is_open).during(horizon, time)))

    # What must not be.

    def _blame(self, bank, time, text):
        self.violations.append(Violation(time, f"{bank.name}: {text}"))

    def _judge_signals(self, bank):
        times = self.log.signals[bank.name]
        for first, last in zip(times, times[MOST_SIGNALS:]):
            if last - first < IN_S and self._is_calm(first, last):
                self._blame(bank, last, f"{MOST_SIGNALS + 1} signals in {last - first:.1f} s")

    def _judge_arrivals(self, bank):
        present = self._shown(bank, "present")
        for time, here in zip(present.times, present.values):
            if not here:
                continue
            self.judged["arrivals"] += 1
            if self._too_few(bank, time):
                self._blame(bank, time, "it is shown although too few packs were heard")

    def _judge_numbers(self, bank):
        for (name, path), story in list(self.log.stories.items()):
            if name != bank.name:
                continue
            for time, value in zip(story.times, story.values):
                if isinstance(value, float) and not math.isfinite(value):
                    self._blame(bank, time, f"{path} = {value}")
                if path in ("/System/MinCellVoltage", "/System/MaxCellVoltage") and value is not None and within(value, 0, 10) is None:
                    self._blame(bank, time, f"{path} = {value}")

    def _judge_moment(self, bank, time):
        life = self._life(time)
        present = self._shown(bank, "present").at(time)
        if not life or time > life.end:
            if present and life and time > life.end + SLACK_S and self._is_calm(life.end, time):
                self._blame(bank, time, "it is there although its process is not")
            return
        heard = [pack for pack in bank.packs if self._is_heard(bank, pack, time)]
        if not present:
            if len(heard) == len(bank.packs) and time < life.told_to_end:
                self._blame(bank, time, "every pack is heard, and it is not shown")
            return
        if self._shown(bank, "present").since(time) < life.start:
            return  # of the life before: it is about to be noticed that it has ended
        ccl, dcl, cvl = (self._shown(bank, path).at(time) for path in (CCL, DCL, CVL))
        if cvl is not None and not (is_number(cvl) and 20 < cvl <= CELLS * CELL_V * (len(bank.packs) if bank.series else 1) + 0.001):
            self._blame(bank, time, f"CVL = {cvl}")
        if cvl is not None and (ccl is None or dcl is None):
            self._blame(bank, time, f"CVL {cvl} with CCL {ccl} and DCL {dcl}")
        if not 0 <= (self._shown(bank, "/Soc").at(time) or 0) <= 100:
            self._blame(bank, time, "SoC beyond 0 to 100 %")
        self._judge_values_of_packs(bank, time)
        if self._too_few(bank, time):
            self._judge_without_enough(bank, time, ccl or 0)
            return
        self._judge_reading(bank, time)
        self._judge_limits(bank, time, ccl or 0, cvl, heard)
        if len(heard) == len(bank.packs) or (not bank.series and len(heard) >= self._needed(bank, time)):
            self._judge_discharge(bank, time, dcl or 0)

    def _judge_values_of_packs(self, bank, time):
        """Nothing is kept of a pack that is not heard."""
        for number, pack in enumerate(bank.packs, 1):
            shown = self._shown(bank, f"/Battery/{number}/Voltage").at(time)
            if not self._may_be_heard(bank, pack, time):
                self.judged["packs unheard"] += 1
                if shown is not None:
                    self._blame(bank, time, f"pack {number} is not heard, and {shown} V are shown of it")

    def _judge_without_enough(self, bank, time, ccl):
        self.judged["too few"] += 1
        if ccl > 0:
            self._blame(bank, time, f"too few packs are heard, and CCL is {ccl} A")
        for path in (VOLTAGE, CURRENT):
            if (value := self._shown(bank, path).at(time)) is not None:
                self._blame(bank, time, f"too few packs are heard, and {path} is {value}")

    def _judge_reading(self, bank, time):
        horizon = self._horizon(time)
        stories = [self.packs[pack.name] for pack in bank.packs if self._may_be_heard(bank, pack, time)]
        spans = [[value for value in story.voltage.during(horizon, time) if value is not None] for story in stories]
        voltage = self._shown(bank, VOLTAGE).at(time)
        if voltage is not None:
            self.judged["voltages"] += 1
            known = [span for span in spans if span]
            add = sum if bank.series else None
            if bank.series and len(known) < len(bank.packs):
                self._blame(bank, time, f"{voltage} V are of fewer packs than there are")
            elif not known:
                self._blame(bank, time, f"no pack has a voltage, and {voltage} V are shown")
            else:
                low, high = (add or min)(map(min, known)), (add or max)(map(max, known))
                if not low - 0.06 <= voltage <= high + 0.06:
                    self._blame(bank, time, f"{voltage} V are shown of {low} to {high} V")
        current = self._shown(bank, CURRENT).at(time)
        if current is not None and not bank.series:
            values = [[value or 0 for value in story.current.during(horizon, time)] for story in stories]
            low, high = sum(min(0, *each) for each in values), sum(max(0, *each) for each in values)
            if not low - 0.2 <= current <= high + 0.2:
                self._blame(bank, time, f"{current} A are shown of {low} to {high} A")

    def _judge_limits(self, bank, time, ccl, cvl, heard):
        most = self._most(bank, time, "limit", "open")
        self.judged["permissions"] += ccl > 0
        if ccl > most + 0.05 and not bank.series:
            self._blame(bank, time, f"CCL is {ccl} A, and all packs together allow {most} A")
        self._judge_misfits(bank, time, ccl, heard)
        if ccl <= 0:
            return
        for pack in heard:
            story = self.packs[pack.name]
            if bank.series:
                self._judge_part_of_string(bank, time, ccl, story)
            elif True not in story.open.during(self._horizon(time), time):
                self._judge_share(bank, time, ccl, story)
                self._judge_voltage(bank, time, cvl, story)
        if not bank.series:
            for pack in bank.packs:
                self._judge_silent_share(bank, time, ccl, pack)

    def _judge_part_of_string(self, bank, time, ccl, story):
        self.judged["parts of strings"] += 1
        horizon = self._horizon(time)
        if ccl > (allowed := max(story.limit.during(horizon, time))) + 0.05:
            self._blame(bank, time, f"CCL is {ccl} A, and {story.pack.name} allows {allowed} A")
        if all(story.open.during(horizon, time)):
            self._blame(bank, time, f"CCL is {ccl} A, and {story.pack.name} has an open FET")

    def _judge_share(self, bank, time, ccl, story):
        """No pack with a closed FET is to get more than it allows: it has its share, at least one of as many as there are,
        of all that is added to the present current."""
        limit = max(story.limit.during(self._horizon(time), time))
        present = sum(max(0, *(value or 0 for value in self.packs[pack.name].current.during(time - FILTERED_S, time))) for pack in bank.packs)
        own = min(value or 0 for value in story.current.during(time - FILTERED_S, time))
        if any(None in self.packs[pack.name].current.during(time - FILTERED_S, time) for pack in bank.packs):
            own = min(own, 0)  # then it has its share of all that flows
        most = present + len(bank.packs) * max(0, limit - own)
        self.judged["shares"] += 1
        self.judged["shares of nothing"] += limit == 0
        if ccl > most + 0.6:
            self._blame(bank, time, f"CCL is {ccl} A, and {story.pack.name}, which is connected, allows {limit} A of the {present} A that flow already")

    def _judge_voltage(self, bank, time, cvl, story):
        borne = [value for value in story.charge_voltage.during(self._horizon(time), time)]
        if cvl is not None and None not in borne and cvl > max(borne) + 0.005:
            self._blame(bank, time, f"CVL is {cvl} V, and {story.pack.name} bears {max(borne)} V")

    def _judge_silent_share(self, bank, time, ccl, pack):
        """A pack that has fallen silent may still be connected."""
        story = self.packs[pack.name]
        if self._may_be_heard(bank, pack, time) or self._may_be_excluded(bank, pack, time - STALE_S - TRUSTED_S, time):
            return
        left = story.connected.since(time) if not story.connected.at(time) else story.last_sign(time)
        life = self._life(time)
        # What it was when it was heard for sure.
        if left < life.start or not self._is_heard(bank, pack, left - 0.01):
            return
        if True in story.open.during(left - REACTION_S, time):
            return
        self.judged["silent shares"] += 1
        most = len(bank.packs) * max(story.limit.during(left - REACTION_S, time)) / 2
        if ccl > most + 0.6:
            self._blame(bank, time, f"CCL is {ccl} A, and {pack.name}, which is silent, bears {most} A at most")

    def _judge_misfits(self, bank, time, ccl, heard):
        """While packs cannot be one bank nothing is allowed."""
        since, horizon = time - TWIN_S, self._horizon(time)
        is_known = self._life(time).start <= since and self._is_calm(since, time)
        for pack in bank.packs:
            there = [self.packs[pack.name].present, self.log.stories[pack.twin, "present"]] if pack.twin else []
            twice = there and all(all(story.during(since, time)) for story in there)
            if twice and is_known and not self._may_be_excluded(bank, pack, since, time):
                self.judged["twins"] += 1
                if ccl > 0:
                    self._blame(bank, time, f"CCL is {ccl} A, and {pack.name} is there twice")
        counts = [set(self.packs[pack.name].cells.during(horizon, time)) for pack in heard]
        if not bank.series and {CELLS} in counts and any(CELLS not in count for count in counts):
            self.judged["other cells"] += 1
            if ccl > 0:
                self._blame(bank, time, f"CCL is {ccl} A of packs with other cells")

    def _judge_discharge(self, bank, time, dcl):
        self.judged["discharging"] += dcl > 0
        if bank.series:
            horizon = self._horizon(time)
            most = min(max(self.packs[pack.name].discharge_limit.during(horizon, time)) for pack in bank.packs)
        else:
            most = self._most(bank, time, "discharge_limit", "discharge_open")
        if dcl > most + 0.05:
            self._blame(bank, time, f"DCL is {dcl} A of {most} A")

    def _judge_discharge_in_silence(self, bank):
        """Nothing rises while too few are heard."""
        story, present = self._shown(bank, DCL), self._shown(bank, "present")
        for before, time, old, new in zip(story.times, story.times[1:], story.values, story.values[1:]):
            same_life = present.at(time) and present.since(time) < time - SLACK_S
            if same_life and new is not None and new > (old or 0) and self._too_few(bank, time) and self._too_few(bank, time - SLACK_S):
                self._blame(bank, time, f"DCL rises from {old} to {new} A since {before:.1f} although too few packs are heard")
