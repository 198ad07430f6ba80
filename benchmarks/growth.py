"""How a screening grows with the rulebook: `lower-back` over and over, from about 40 rules to about 10,000."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from random import Random
from time import process_time
from typing import assert_never

from attrs import evolve, frozen

from backscreen.engines.compiled import CompiledEngine
from backscreen.rulebook.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.rulebook.facts import TRIAL, Fact, Flag, Number
from backscreen.rulebook.rulebook import Guidance, Rulebook
from benchmarks.checking import check_all
from benchmarks.contestants.backscreens import COMPILED
from benchmarks.contestants.contestant import Ready, Task
from benchmarks.people import A_THIRD_UNKNOWN, ANSWERED, UNKNOWN, Crowd, Group
from benchmarks.timing import Spread, spread, timed

COPIES = {1: 200, 10: 100, 100: 20, 233: 10}
"""How often the rulebook stands there, and with how many people in each group and round it is timed."""
FEW = {1: 40, 10: 20, 233: 2}
"""The same for a glance."""
OWN, SHARED = "each copy asks for facts of its own", "all copies ask for the same facts"
GROUPS = {ANSWERED: 0.0, A_THIRD_UNKNOWN: UNKNOWN}


@frozen(eq=False)
class Size:
    """A rulebook of some size: seconds for compiling it, and for a person of each group, one for each round."""

    rules: int
    facts: int
    compiling: float
    seconds: Mapping[str, list[float]]

    def of(self, group: str) -> Spread:
        """Seconds for one person."""
        return spread(self.seconds[group])

    def ratio(self, other: Size, group: str) -> Spread:
        """How many times as long as with the other size it takes, within each round."""
        return spread([one / another for one, another in zip(self.seconds[group], other.seconds[group], strict=True)])


Growth = Mapping[str, Sequence[Size]]
"""For each way of copying, the sizes from the smallest."""


def grown(guidance: Guidance, copies: int, *, own_facts: bool) -> Guidance:
    """The first rulebook so many times. A copy has facts of its own, or else asks in each rule for other ones of the same facts, with other thresholds."""
    (book,) = guidance.books
    rng = Random(copies)  # noqa: S311 - nothing secret hangs on it
    rules, person_facts, trial_facts = [*book.rules], [*book.person_facts], [*book.trial_facts]
    for number in range(1, copies):
        renaming = {name: f"{name}_{number}" for name in guidance.facts} if own_facts else _shuffled(guidance, rng)
        copy = _Copy(guidance, renaming, 0 if own_facts else number)
        rules += [evolve(rule, id=f"{rule.id}-{number}", when=copy.condition(rule.when)) for rule in book.rules]
        if own_facts:
            person_facts += [_renamed(fact, number) for fact in book.person_facts]
            trial_facts += [_renamed(fact, number) for fact in book.trial_facts]
    grown: Rulebook = evolve(book, rules=tuple(rules), person_facts=tuple(person_facts), trial_facts=tuple(trial_facts), digest=f"{book.digest}/{copies}")
    return Guidance([grown])


def _renamed(fact: Fact, number: int) -> Fact:
    return evolve(fact, id=f"{fact.id}_{number}", rests_on=tuple(f"{name}_{number}" for name in fact.rests_on))


def _shuffled(guidance: Guidance, rng: Random) -> dict[str, str]:
    """Another flag in each flag's place; other facts stay."""
    found = {name: name for name in guidance.facts}
    for prefix in (False, True):
        flags = [name for name, fact in guidance.facts.items() if isinstance(fact, Flag) and name.startswith(TRIAL) is prefix]
        found.update(zip(flags, rng.sample(flags, len(flags)), strict=True))
    return found


@frozen(eq=False)
class _Copy:
    """How a copy's conditions differ: in the names of facts, and by how much in thresholds."""

    guidance: Guidance
    renaming: Mapping[str, str]
    shift: int

    def condition(self, condition: Condition) -> Condition:
        """The copy of a condition."""
        match condition:
            case OneOf(fact, values):
                return OneOf(self.renaming[fact], values)
            case Within(fact, low, high):
                return Within(self.renaming[fact], self._end(fact, low), self._end(fact, high))
            case AllOf(parts):
                return AllOf(tuple(self.condition(part) for part in parts))
            case AnyOf(parts):
                return AnyOf(tuple(self.condition(part) for part in parts))
            case Not(part):
                return Not(self.condition(part))
            case _:
                assert_never(condition)

    def _end(self, fact: str, end: int | None) -> int | None:
        spec = self.guidance.facts[fact]
        return None if end is None or not isinstance(spec, Number) else min(end + self.shift, spec.at_most)


def measured(guidance: Guidance, copies: Mapping[int, int], rounds: int, seed: int) -> Growth:
    """Time whole screenings of new people with rulebooks of every size, once some of them were compared with the reference's answers."""
    try:
        return {way: _measured(guidance, way, copies, rounds, seed) for way in (SHARED, OWN)}
    finally:
        gc.unfreeze()


def _measured(guidance: Guidance, way: str, copies: Mapping[int, int], rounds: int, seed: int) -> list[Size]:
    sizes = {count: grown(guidance, count, own_facts=way == OWN) for count in copies}
    contestants = {}
    compiling = {}
    for count, rulebook in sizes.items():
        assert rulebook.rules  # noqa: S101 - placed when they are first asked for, which is no part of the compiling
        start = process_time()
        CompiledEngine(rulebook)
        compiling[count] = process_time() - start
        contestants[count] = evolve(COMPILED.prepare(rulebook), rules=None, findings=None)
    seconds: dict[int, dict[str, list[float]]] = {count: {group: [] for group in GROUPS} for count in sizes}
    rng = Random(seed)  # noqa: S311 - nothing secret hangs on it
    for number in range(rounds + 1):
        order = [(count, group) for count in sizes for group in GROUPS]
        rng.shuffle(order)
        for count, group in order:
            people = _people(sizes[count], group, copies[count], seed + number)
            if number == 0:  # they warm it up, and the first are checked
                checked = evolve(people, people=people.people[: max(4, 2000 // len(sizes[count].rules))])
                check_all(sizes[count], {f"{COMPILED.name}, {len(sizes[count].rules)} rules": contestants[count]}, [[checked]])
            passed = _timed(contestants[count], people)
            if number > 0:
                seconds[count][group].append(passed)
    return [Size(len(one.rules), len(one.facts), compiling[count], seconds[count]) for count, one in sizes.items()]


def _people(guidance: Guidance, group: str, each: int, seed: int) -> Group:
    """People of whom every second has tried a stretch."""
    crowd = Crowd(guidance, seed)
    return Group(group, tuple(crowd.person(GROUPS[group], place % 2) for place in range(each)))


def _timed(contestant: Ready, group: Group) -> float:
    return timed(contestant, Task.VERDICTS, group.people) / len(group.people)
