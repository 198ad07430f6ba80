"""Fair timing: in every round each contestant has its turn at each task and group of people, in a new order, so that noise hits all alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from statistics import median, quantiles
from time import process_time

from attrs import frozen

from benchmarks.contestants.contestant import Decided, Ready, Task
from benchmarks.people import Group, Person, renewed

EVERYBODY = "everybody"
"""All groups together."""
Entry = tuple[str, Task]
"""A contestant, by its name, and what it is asked."""


@frozen
class Spread:
    """The median over the rounds, and the quartiles."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """The median of these, and their quartiles."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Spread(median(values), low, high)


@frozen(eq=False)
class Timings:
    """Seconds of processor time a person, by entry and group, one for each round."""

    seconds: Mapping[Entry, Mapping[str, Sequence[float]]]

    def of(self, entry: Entry, group: str) -> Spread:
        """How long it takes for one person."""
        return spread(self.seconds[entry][group])

    def ratio(self, entry: Entry, other: Entry, group: str) -> Spread:
        """How many times as long as the other it takes: within each round, and then the median of these."""
        pairs = zip(self.seconds[entry][group], self.seconds[other][group], strict=True)
        return spread([one / another for one, another in pairs])


def measured(contestants: Mapping[str, Ready], rounds: Sequence[Sequence[Group]], warm_up: Sequence[Group], seed: int) -> Timings:
    """Time every contestant with the people of each round, once it has met those of the warm-up.

    The garbage collector runs as it does in normal use. What was made before a turn is frozen, so that nobody pays for what others have prepared, and
    everything is collected before each turn. The clock is the process's own (the processor time of all its threads): nobody here ever waits, and what else the
    machine does counts for nobody.
    """
    entries: list[Entry] = [(name, task) for name, contestant in contestants.items() for task in contestant.tasks]
    rng = Random(seed)  # noqa: S311 - nothing secret hangs on it
    seconds: dict[Entry, dict[str, list[float]]] = {entry: {} for entry in entries}
    try:
        for name, task in entries:
            for group in warm_up:
                timed(contestants[name], task, group.people)
        for groups in rounds:
            total = dict.fromkeys(entries, 0.0)
            for group in groups:
                rng.shuffle(entries)
                for name, task in entries:
                    passed = timed(contestants[name], task, group.people)
                    total[name, task] += passed
                    seconds[name, task].setdefault(group.name, []).append(passed / len(group.people))
            people = sum(len(group.people) for group in groups)
            for entry, passed in total.items():
                seconds[entry].setdefault(EVERYBODY, []).append(passed / people)
    finally:
        gc.unfreeze()
    return Timings(seconds)


def timed(contestant: Ready, task: Task, people: Sequence[Person]) -> float:
    """Seconds of processor time for all of these people; freezes what is there, which is to be unfrozen afterwards."""
    if contestant.from_profile:
        people = [renewed(person) for person in people]
    gc.collect()
    gc.freeze()
    if task is Task.VERDICTS and contestant.verdicts is not None:
        return _verdicts_read(contestant.verdicts, people)
    return _asked(contestant.tasks[task], people)


def _verdicts_read(verdicts: Callable[[Person], Decided], people: Sequence[Person]) -> float:
    """Every verdict is taken in hand, in case somebody works them out only then."""
    start = process_time()
    for person in people:
        _directive, found = verdicts(person)
        tuple(found.values())
    return process_time() - start


def _asked(ask: Callable[[Person], object], people: Sequence[Person]) -> float:
    start = process_time()
    for person in people:
        ask(person)
    return process_time() - start


def names_of(groups: Iterable[Group]) -> list[str]:
    """The groups' names, and all of them together last."""
    return [*(group.name for group in groups), EVERYBODY]
