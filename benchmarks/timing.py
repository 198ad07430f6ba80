"""Timing in turns: in every round each contestant does each task for each group, in a new order.

The clock counts the processor time of the process, so other programs do not count. Garbage is collected before each
turn; what exists by then is frozen, so that no contestant pays for the objects of another.
"""

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from statistics import fmean, median, quantiles
from time import process_time
from typing import NamedTuple

from attrs import frozen

from benchmarks.contestants.contestant import Adapter, Task
from benchmarks.workload import Group, with_new_profile

EVERYBODY = "everybody"
Entry = tuple[str, Task]
"""A contestant's name, and the task."""
Turn = tuple[Entry, Adapter, Group]


class Spread(NamedTuple):
    """Median and quartiles."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Return the median and the quartiles of these values."""
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [*values] * 3
    return Spread(median(values), low, high)


@frozen(eq=False)
class Timings:
    """Seconds of processor time a person, by entry and group, one value for each round."""

    seconds: Mapping[Entry, Mapping[str, Sequence[float]]]

    def median(self, entry: Entry, group: str) -> float:
        return median(self.seconds[entry][group])

    def ratio(self, entry: Entry, other: Entry, group: str) -> Spread:
        """Return how many times as long as the other it takes, compared within each round."""
        pairs = zip(self.seconds[entry][group], self.seconds[other][group], strict=True)
        return spread([seconds / others for seconds, others in pairs])


def timings(rounds: Iterable[Iterable[list[Turn]]], seed: int) -> Timings:
    """Time the turns of each round, shuffled within each list; the first round only warms up."""
    rng = Random(seed)
    seconds: dict[Entry, dict[str, list[float]]] = {}
    try:
        for number, batches in enumerate(rounds):
            for turns in batches:
                rng.shuffle(turns)
                for entry, adapter, group in turns:
                    passed = _seconds(adapter, entry[1], group) / len(group.people)
                    if number:
                        seconds.setdefault(entry, {}).setdefault(group.name, []).append(passed)
    finally:
        gc.unfreeze()
    for groups in seconds.values():  # groups are of equal size
        groups[EVERYBODY] = [fmean(values) for values in zip(*groups.values(), strict=True)]
    return Timings(seconds)


def _seconds(adapter: Adapter, task: Task, group: Group) -> float:
    people = [with_new_profile(person) for person in group.people] if adapter.from_profile else group.people
    gc.collect()
    gc.freeze()
    if task is Task.OUTCOME and adapter.outcome is not None:
        outcome = adapter.outcome
        start = process_time()
        for person in people:
            _directive, verdicts = outcome(person)
            tuple(verdicts.values())  # every verdict is read, in case somebody works them out only then
        return process_time() - start
    answer = adapter.timed[task]
    start = process_time()
    for person in people:
        answer(person)
    return process_time() - start


def seconds_of(call: Callable[[], object]) -> float:
    """Return the processor time of a call, after a garbage collection."""
    gc.collect()
    start = process_time()
    call()
    return process_time() - start
