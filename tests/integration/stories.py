"""What things have been over time, as programs have printed it, for whoever judges that."""

import bisect
import collections
import math

Violation = collections.namedtuple("Violation", "at text")


def value_in(text):
    """A value as the fakes print it."""
    if text in ("None", "True", "False"):
        return {"None": None, "True": True, "False": False}[text]
    try:
        return float(text)
    except ValueError:
        return text


def is_number(value):
    return isinstance(value, float) and math.isfinite(value)


class Story:
    """What one thing has been over time."""

    def __init__(self, first=None):
        self.times, self.values = [-math.inf], [first]

    def add(self, time, value, again=False):
        """`again`: it counts as new even if it is the same."""
        if value == self.values[-1] and not again:
            return
        self.times.append(time)
        self.values.append(value)

    def at(self, time):
        return self.values[bisect.bisect_right(self.times, time) - 1]

    def since(self, time):
        """Since when it has been what it is at this time."""
        return self.times[bisect.bisect_right(self.times, time) - 1]

    def during(self, start, end):
        """All that it has been from `start` to `end`."""
        return self.values[bisect.bisect_right(self.times, start) - 1:bisect.bisect_right(self.times, end)]

    def spells(self):
        """When it was true: starts and ends."""
        ends = [*self.times[1:], math.inf]
        return [(start, end) for start, end, value in zip(self.times, ends, self.values) if value]
