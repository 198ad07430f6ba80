"""Fair timing: in every round each contestant has its turn at each group of people, in a new order, so that noise hits all alike."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from statistics import median, quantiles
from time import process_time

from attrs import frozen

from benchmarks.contestants.contestant import Ready
from benchmarks.people import Group

EVERYBODY = "everybody"
"""All groups together."""


@frozen
class Spread:
    """The median over the rounds, and the quartiles."""

    median: float
    low: float
    high: float


@frozen(eq=False)
class Timings:
    """Seconds of processor time a person, by contestant and group, one for each round."""

    seconds: Mapping[str, Mapping[str, Sequence[float]]]

    def of(self, contestant: str, group: str) -> Spread:
        """How long it takes for one person."""
        return _spread(self.seconds[contestant][group])

    def ratio(self, contestant: str, baseline: str, group: str) -> Spread:
        """How many times as long as the baseline it takes: within each round, and then the median of these."""
        pairs = zip(self.seconds[contestant][group], self.seconds[baseline][group], strict=True)
        return _spread([ours / theirs for ours, theirs in pairs])


def _spread(values: Sequence[float]) -> Spread:
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Spread(median(values), low, high)


def measured(contestants: Mapping[str, Ready], rounds: Sequence[Sequence[Group]], seed: int) -> Timings:
    """Time every contestant with the people of each round.

    The garbage collector runs as it does in normal use. What was made before the timing is frozen, so that nobody pays for what others have prepared, and
    everything is collected before each turn. The clock is the process's own (the processor time of all its threads): nobody here ever waits, and what else the
    machine does counts for nobody.
    """
    order = list(contestants)
    rng = Random(seed)  # noqa: S311 - nothing secret hangs on it
    seconds: dict[str, dict[str, list[float]]] = {name: {} for name in contestants}
    gc.collect()
    gc.freeze()
    try:
        for groups in rounds:
            total = dict.fromkeys(contestants, 0.0)
            for group in groups:
                rng.shuffle(order)
                for name in order:
                    passed = _timed(contestants[name], group)
                    total[name] += passed
                    seconds[name].setdefault(group.name, []).append(passed / len(group.people))
            people = sum(len(group.people) for group in groups)
            for name, passed in total.items():
                seconds[name].setdefault(EVERYBODY, []).append(passed / people)
    finally:
        gc.unfreeze()
    return Timings(seconds)


def _timed(contestant: Ready, group: Group) -> float:
    ask, people = contestant.ask, group.people
    gc.collect()
    start = process_time()
    for person in people:
        ask(person)
    return process_time() - start


def names_of(groups: Iterable[Group]) -> list[str]:
    """The groups' names, and all of them together last."""
    return [*(group.name for group in groups), EVERYBODY]
