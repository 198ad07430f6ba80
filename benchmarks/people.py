"""Made-up people, in groups: the same for the same seed, with numbers near the rules' thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from attrs import frozen

from backscreen import Profile, Trial
from backscreen.rulebook.conditions import Within, atoms
from backscreen.rulebook.facts import TRIAL, Choice, Fact, Flag, Number, Value
from backscreen.rulebook.rulebook import Guidance

SAYS_YES = 0.2
"""How often a flag is yes: a person has a handful of conditions, and most rules are about other people."""
UNKNOWN = 0.3
"""How much is unanswered where "a third" is."""

Answers = dict[str, Value]


@frozen(eq=False)
class Tried:
    """One trial: which stretch, None where it is not known, and what came of it by the facts' plain names (`felt`)."""

    stretch: str | None
    answers: Answers


@frozen(eq=False)
class Person:
    """A person as an application holds one, plain answers with the unanswered left out; and the same as a profile."""

    answers: Answers
    trials: tuple[Tried, ...]
    profile: Profile


@frozen(eq=False)
class Group:
    """People of one kind."""

    name: str
    people: tuple[Person, ...]


def made_up(guidance: Guidance, each: int, seed: int) -> list[Group]:
    """Groups of `each` people: by how much is known, without a trial and with one."""
    rng = Random(seed)  # noqa: S311 - nothing secret hangs on it
    groups = []
    for known, unknown in (("everything answered", 0.0), ("a third unknown", UNKNOWN), ("nothing known", 1.0)):
        for trials, tried in ((0, ""), (1, ", one trial")):
            people = tuple(_person(guidance, rng, unknown, trials) for _ in range(each))
            groups.append(Group(known + tried, people))
    return groups


def _person(guidance: Guidance, rng: Random, unknown: float, trials: int) -> Person:
    answers = dict(_answers(guidance.person_facts, _values(guidance), rng, unknown))
    tried = tuple(_tried(guidance, rng, unknown) for _ in range(trials))
    return Person(answers, tried, Profile(answers, [Trial(one.stretch, **one.answers) for one in tried]))


def _tried(guidance: Guidance, rng: Random, unknown: float) -> Tried:
    stretch = None if rng.random() < unknown else rng.choice([*guidance.stretches])
    in_conditions = {TRIAL + name: spec for name, spec in guidance.trial_facts.items()}
    answers = _answers(in_conditions, _values(guidance), rng, unknown)
    return Tried(stretch, {name.removeprefix(TRIAL): value for name, value in answers})


def _answers(facts: Mapping[str, Fact], values: Mapping[str, list[int]], rng: Random, unknown: float) -> Iterator[tuple[str, Value]]:
    for name, spec in facts.items():
        if rng.random() < unknown:
            continue
        match spec:
            case Flag():
                yield name, rng.random() < SAYS_YES
            case Choice():
                yield name, rng.choice(spec.options).id
            case Number():
                yield name, rng.choice(values[name])


def _values(guidance: Guidance) -> dict[str, list[int]]:
    """For each number its ends, and each threshold with its neighbours."""
    found = {name: {spec.at_least, spec.at_most} for name, spec in guidance.facts.items() if isinstance(spec, Number)}
    for placed in guidance.rules:
        for atom in atoms(placed.rule.when):
            if isinstance(atom, Within):
                ends = [end for end in (atom.low, atom.high) if end is not None]
                found[atom.fact].update(end + step for end in ends for step in (-1, 0, 1))
    bounds = {name: spec for name, spec in guidance.facts.items() if isinstance(spec, Number)}
    return {name: sorted(value for value in values if bounds[name].at_least <= value <= bounds[name].at_most) for name, values in found.items()}
