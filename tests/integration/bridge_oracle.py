"""Judges a bridge by what happened around it: what batteries, chargers and systemcalc did and said, and what was written to
them. It knows what the bridge promises, and nothing of how that is done."""

import collections
import math
import re

from bridge_case import BATTERY, CHARGER, SYSTEM
from stories import Story, Violation, is_number, value_in

LIMIT, LINK_CURRENT, OWN_LIMIT, MODE = "/Info/MaxChargeCurrent", "/Link/ChargeCurrent", "/Settings/ChargeCurrentLimit", "/Mode"
NEVER_WRITTEN = (OWN_LIMIT, "/Settings/BmsPresent")
ON, OFF = 1, 4

REACTION_S = 0.5  # to what is announced
FIRST_WORD_S = 10  # after the start of a bridge
READING_S = 5  # until a charger or systemcalc is read that has hung
SETTLING_S = 4  # until a bridge that has been started is sure to know who is there

Write = collections.namedtuple("Write", "at name path value")
Denial = collections.namedtuple("Denial", "start end kind")
Life = collections.namedtuple("Life", "start told_to_end end")


class Log:
    """What the fakes have printed, what was done to the bridge, which is a list of (time, what), and when the whole machine
    stood still, which is a list of (start, end): nothing can be asked of a bridge then, as if it were frozen."""

    LINE = re.compile(r"^(said|changed|became|written|user) (\S+) (\S+) (.*) (\S+)$")

    def __init__(self, lines, bridge, stalls=()):
        self.stories = collections.defaultdict(Story)
        self.moments = collections.defaultdict(list)  # when anything happened to a service
        self.writes, self.user = [], collections.defaultdict(list)
        for line in lines:
            if match := self.LINE.match(line):
                what, name, key, value, time = match.groups()
                self._take(what, name, key, value_in(value), float(time))
        self.lives = []
        for time, what in bridge:
            if what == "started":
                self.lives.append(Life(time, math.inf, math.inf))
            elif what in ("told to end", "ended"):
                field = "end" if what == "ended" else "told_to_end"
                self.lives[-1] = self.lives[-1]._replace(**{field: time})

        self.frozen = self._stopped(bridge, stalls)

    @staticmethod
    def _stopped(bridge, stalls):
        """When the bridge could not run."""
        changes = [(time, 1 if what == "frozen" else -1) for time, what in bridge if what in ("frozen", "thawed")]
        changes += [change for start, end in stalls for change in ((start, 1), (end, -1))]
        story, reasons = Story(False), 0
        for time, change in sorted(changes):
            reasons += change
            story.add(time, reasons > 0)
        return story

    def _take(self, what, name, key, value, time):
        if what == "written":
            self.writes.append(Write(time, name, key, value))
            return
        if what == "user":
            self.user[name].append((time, value))
            return
        self.moments[name].append(time)
        self.stories[name, key].add(time, value)
        if key == LIMIT:
            self.stories[name, "unannounced"].add(time, what == "changed")

    def derived(self, name, function):
        """The story of what `function(time)` says of a service."""
        story = Story(function(-math.inf))
        for time in self.moments[name]:
            story.add(time, function(time))
        return story

    def names(self, prefix):
        return sorted(name for name in self.moments if name.startswith(prefix))


class Oracle:
    """`batteries`: the configured ones. `config`: the bridge's times."""

    def __init__(self, log, batteries, config):
        self.log, self.config, self.violations = log, config, []
        self.denials = [denial for name in batteries for denial in self._denials(BATTERY + name)]
        self.denied = self._union()
        self.absent = Story(False)
        for time in sorted({time for name in batteries for time in log.moments[BATTERY + name]}):
            self.absent.add(time, any(not self._of(BATTERY + name, "present").at(time) for name in batteries))
        self.owned = log.derived(SYSTEM, self._owns_link)
        present, dvcc = self._of(SYSTEM, "present"), self._of(SYSTEM, "/Control/Dvcc")
        self.dvcc = log.derived(SYSTEM, lambda time: bool(present.at(time) and dvcc.at(time) == 1))
        self.told = collections.defaultdict(Story)  # /Link/ChargeCurrent
        for write in log.writes:
            if write.path == LINK_CURRENT:
                self.told[write.name].add(write.at, write.value, again=True)

    def judge(self, start, end):
        """All violations."""
        for write in self.log.writes:
            self._judge_write(write)
        for life in self.log.lives:
            self._judge_last_words(life)
        for step in range(int((end - start) * 10)):
            for name in self.log.names(CHARGER):
                self._judge_charger(name, start + step / 10)
        return sorted(self.violations)

    # What was so.

    def _of(self, name, key):
        return self.log.stories[name, key]

    def _denials(self, name):
        """When and why this battery does not allow charging, and it can be known."""
        present, limit, unannounced, read_at = (self._of(name, key) for key in ("present", LIMIT, "unannounced", "read_at"))

        def is_bad(time):
            return not (is_number(limit.at(time)) and limit.at(time) > 0)

        announced = {
            "is away": lambda time: not present.at(time),
            "has no limit": lambda time: is_bad(time) and not unannounced.at(time),
            "is not connected": lambda time: self._of(name, "/Connected").at(time) != 1,
            "has lost its BMS": lambda time: is_number(alarm := self._of(name, "/Alarms/BmsCable").at(time)) and alarm >= 2,
        }
        for kind, holds in announced.items():
            for start, end in self.log.derived(name, holds).spells():
                yield Denial(start, end, kind)
        # That, and by which story it began.
        found_out = {
            "hangs": (lambda time: self._of(name, "silent").at(time), "silent"),
            "tells no age": (lambda time: read_at.at(time) is not None and not self._is_time(read_at.at(time)), "read_at"),
            "has silently no limit": (lambda time: is_bad(time) and unannounced.at(time), LIMIT),
        }
        silence_s = self.config["stale_after"] + 1 - REACTION_S
        for kind, (holds, key) in found_out.items():
            for start, end in self.log.derived(name, lambda time, holds=holds: bool(present.at(time) and holds(time))).spells():
                # Who has never heard anything better of it knows at once.
                never_better = [start] if self._of(name, key).since(start) < start else []
                known = min([self._noticed(start) + silence_s, *never_better, *(life.start for life in self.log.lives if start <= life.start < end)])
                if known < end:
                    yield Denial(known, end, kind)
        for start, end in self.log.derived(name, lambda time: bool(present.at(time) and self._is_time(read_at.at(time)))).spells():
            if (known := max(start, read_at.at(start) + silence_s)) < end:
                yield Denial(known, end, "has old readings")

    def _noticed(self, time):
        """When a bridge sees what happens now: what is old already is new to one that was frozen."""
        return next((end for start, end in self.log.frozen.spells() if start - 0.1 <= time < end), time)

    @staticmethod
    def _is_time(read_at):
        """Or it is nonsense, or None."""
        return is_number(read_at) and read_at > 0

    def _union(self):
        story = Story(False)
        borders = sorted({border for denial in self.denials for border in denial[:2]})
        for border in borders:
            story.add(border, any(denial.start <= border < denial.end for denial in self.denials))
        return story

    def kinds(self, time):
        return {denial.kind for denial in self.denials if denial.start <= time < denial.end}

    def _owns_link(self, time):
        """Whether systemcalc writes /Link, or may, as it has never answered."""
        present, silent = self._of(SYSTEM, "present"), self._of(SYSTEM, "silent")
        says_so = self._of(SYSTEM, "/Control/Dvcc").at(time) == 1 or self._of(SYSTEM, "/Control/SolarChargeCurrent").at(time) == 1
        return bool(present.at(time) and (says_so or (silent.at(time) and silent.since(time) <= present.since(time))))

    def _life(self, time):
        """The bridge that runs at this time, or was the last to run."""
        return next((life for life in reversed(self.log.lives) if life.start <= time), None)

    def _horizon(self, time):
        """What has been so since then a bridge must act upon at this time."""
        since = time - REACTION_S
        return min([since, *(start - REACTION_S for start, end in self.log.frozen.spells() if start <= time and end > since)])

    def _answers(self, name, time):
        """Whether a service is there, and has answered for long enough to be known."""
        present = self._of(name, "present")
        if not present.at(time):
            return False
        # While it is frozen, the bridge reads nothing.
        start = min([time - READING_S, *(start - READING_S for start, end in self.log.frozen.spells() if time - READING_S < end and start <= time)])
        return not any(self._of(name, "silent").during(max(start, present.since(time)), time))

    def _link_is_free(self, since, time):
        return not any(self.owned.during(since, time)) and not self._system_is_unknown(time)

    def _system_is_unknown(self, time):
        return self._of(SYSTEM, "present").at(time) and not self._answers(SYSTEM, time)

    def _is_abandoned(self, name, since, time):
        """Nothing but /Mode stops this charger."""
        if self._system_is_unknown(time) or True in self.dvcc.during(since, time):
            return False
        if self._of(name, "/Mgmt/Connection").at(time) != "VE.Direct":
            return True
        return all(self.owned.during(since, time))

    def _has_denied_since(self, time):
        return self.denied.since(time) if self.denied.at(time) else math.inf

    # What must not be.

    def _blame(self, time, text):
        self.violations.append(Violation(time, text))

    def _judge_write(self, write):
        at, name, path, value = write
        horizon = self._horizon(at)
        what = f"{name.rsplit('.', 1)[-1]} {path} {value}"
        if path in NEVER_WRITTEN:
            self._blame(at, f"{what}: that is the user's")
        if not is_number(value):
            self._blame(at, f"{what}: no number")
            return
        permits = (path == LINK_CURRENT and value > 0) or (path == MODE and value == ON)
        if permits and self._has_denied_since(at) <= horizon:
            self._blame(at, f"{what}: permitted although a battery {self.kinds(at)} for {at - self._has_denied_since(at):.2f} s")
        elif permits:
            self._judge_patience(at, what)
        if path == LINK_CURRENT:
            own = max((limit for limit in self._of(name, OWN_LIMIT).during(horizon, at) if is_number(limit)), default=0)
            if value > own + 1e-6:
                self._blame(at, f"{what}: above its own limit of {own}")
        if path == MODE and value == ON:
            self._judge_switch_on(write, what)
        if path.startswith("/Link/"):
            self._judge_link(at, horizon, what)

    def _judge_link(self, at, horizon, what):
        system, silent = self._of(SYSTEM, "present"), self._of(SYSTEM, "silent")
        if all(self.owned.during(horizon, at)):
            self._blame(at, f"{what}: written although /Link is systemcalc's")
        unheard = system.at(at) and silent.at(at) and silent.since(at) <= self._life(at).start
        if unheard and system.since(at) <= horizon:
            self._blame(at, f"{what}: written although nobody knows what systemcalc does")

    def _judge_patience(self, at, what):
        """What has been withdrawn comes back when all batteries have allowed it for a while."""
        life, denials = self._life(at), [spell for spell in self.denied.spells() if spell[1] <= at]
        if not denials or denials[-1][1] - denials[-1][0] < REACTION_S:
            return
        start, end = denials[-1]
        permitted = any(life.start <= write.at < start for write in self.log.writes if write.path == LINK_CURRENT and write.value)
        if permitted and at - end < self.config["allow_after"] - REACTION_S:
            self._blame(at, f"{what}: only {at - end:.2f} s after batteries did not allow it")

    def _judge_switch_on(self, write, what):
        earlier = [each for each in self.log.writes if each.name == write.name and each.path == MODE and each.at < write.at]
        if not any(each.value == OFF for each in earlier):
            self._blame(write.at, f"{what}: switched on, but never switched off by the bridge")
        user = [(time, mode) for time, mode in self.log.user[write.name] if time < write.at]
        if user and user[-1][1] == OFF and self._is_the_users(write.name, user[-1][0]):
            self._blame(write.at, f"{what}: switched on, but its user switched it off {write.at - user[-1][0]:.1f} s before")

    def _is_the_users(self, name, off_at):
        """Whether a switch-off by the user could not be taken for one by the bridge."""
        offs = [write.at for write in self.log.writes if (write.name, write.path, write.value) == (name, MODE, OFF)]
        if any(off_at <= at <= off_at + 1 for at in offs):
            return False
        # A charger that has refused was not switched off by the bridge, and the bridge knows.
        taken = [at for at in offs if at < off_at and (self._of(name, "silent").at(at) or not self._of(name, "result").at(at))]
        if not taken:
            return True
        # After so much calm it has seen that the charger is on again.
        calm_since = off_at - self.config["allow_after"] - 3
        life = self._life(off_at)
        return (max(taken) < calm_since and life.start < calm_since and off_at < life.told_to_end and off_at < life.end
                and not any(self.denied.during(calm_since, off_at)) and not any(self.log.frozen.during(calm_since, off_at))
                and self._answers(name, off_at) and self._of(name, "present").since(off_at) < calm_since
                and set(self._of(name, MODE).during(off_at - 1.5, off_at - 0.001)) == {ON})

    def _judge_charger(self, name, time):
        """One that goes on although it must not."""
        life, horizon, denied_since = self._life(time), self._horizon(time), self._has_denied_since(time)
        if not life or time >= min(life.told_to_end, life.end) or self.log.frozen.at(time):
            return
        if not self._answers(name, time) or self._of(name, "present").since(time) > horizon:
            return
        told, is_direct = self.told[name], self._of(name, "/Mgmt/Connection").at(time) == "VE.Direct"
        if is_direct:
            self._judge_effect(name, time, denied_since)
        if denied_since > horizon:
            return
        what = f"{name}: a battery {self.kinds(time)} for {time - denied_since:.2f} s, and"
        is_known = life.start <= max(time - FIRST_WORD_S, denied_since - SETTLING_S)
        if is_direct and self._link_is_free(horizon, time) and (is_known or told.since(time) > life.start) and (told.at(time) or 0) > 0:
            self._blame(time, f"{what} its last word is {told.at(time)} A")
        if is_known and self._is_abandoned(name, horizon, time) and self._stays_on(name, horizon, time):
            self._blame(time, f"{what} it is not switched off")

    def _judge_effect(self, name, time, denied_since):
        """A no must also arrive, with the next cycle at the latest, unless a battery is gone."""
        since, told, limit = time - self.config["interval"] - 1.5, self.told[name], self._of(name, LINK_CURRENT)
        able = self._of(name, "present").since(time) <= since and not any(any(self._of(name, key).during(since, time)) for key in ("silent", "result", "deaf"))
        calm = not any(self.absent.during(since - self.config["withdraw_after"], time)) and not any(self.log.frozen.during(since, time))
        life = self._life(time)
        begun = min([at for at in told.times if at >= life.start] + [life.start + FIRST_WORD_S])
        is_no = denied_since <= since or not any(told.during(since, time))
        if able and calm and is_no and begun <= since and self._link_is_free(since, time) and 0 not in limit.during(since, time):
            self._blame(time, f"{name}: it must not charge, and its limit is {limit.at(time)} A since {time - limit.since(time):.2f} s")

    def _stays_on(self, name, since, time):
        """And nothing was tried lately, as /Mode is not written often."""
        pause = self.config["mode_pause"] + self.config["interval"] + 1
        tried = any(write.name == name and write.path == MODE and time - pause <= write.at <= time for write in self.log.writes)
        return OFF not in self._of(name, MODE).during(since, time) and not tried

    def _judge_last_words(self, life):
        """After SIGTERM."""
        if math.isinf(life.told_to_end):
            return
        later = min((other.start for other in self.log.lives if other.start > life.start), default=math.inf)
        for name in self.log.names(CHARGER):
            words = [write for write in self.log.writes if (write.name, write.path) == (name, LINK_CURRENT) and life.start <= write.at < later]
            if not words or words[-1].value == 0:
                continue
            last, present = words[-1], self._of(name, "present")
            is_same = present.at(life.told_to_end) and present.since(life.told_to_end) <= last.at and False not in present.during(last.at, life.end)
            # Who has come just now may write it.
            is_free = self._of(SYSTEM, "present").since(life.told_to_end) <= life.told_to_end - REACTION_S
            if is_same and is_free and not any(self.owned.during(last.at, life.end)):
                self._blame(last.at, f"{name}: the last word before the end is {last.value} A")
