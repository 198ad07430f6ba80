"""Made-up people, in groups: the same for the same seed, with numbers near the rules' thresholds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from random import Random

from attrs import evolve, frozen

from backscreen import Profile, Trial
from backscreen.rulebook.conditions import Within, atoms
from backscreen.rulebook.facts import TRIAL, Choice, Fact, Flag, Number, Value
from backscreen.rulebook.rulebook import Guidance

SAYS_YES = 0.02, 0.08, 0.2
"""How often a flag is yes, drawn for each person: from hardly a condition to a handful. Were it always a handful, nearly everybody would be told to stop."""
UNKNOWN = 0.3
"""How much is unanswered where "a third" is."""
HARDLY = 0.03
ANSWERED, A_THIRD_UNKNOWN, NOTHING = "everything answered", "a third unknown", "nothing known"
ONE_TRIAL = ", one trial"

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


class Crowd:
    """Makes people up for some rulebooks."""

    def __init__(self, guidance: Guidance, seed: int) -> None:
        self._rng = Random(seed)  # noqa: S311 - nothing secret hangs on it
        self._stretches = [*guidance.stretches]
        self._person_facts = guidance.person_facts
        self._trial_facts = {TRIAL + name: spec for name, spec in guidance.trial_facts.items()}
        self._values = _values(guidance)

    def person(self, unknown: float, trials: int) -> Person:
        """Somebody of whom so much is unknown, with so many trials."""
        yes = self._rng.choice(SAYS_YES)
        answers = _read_back(dict(self._answers(self._person_facts, unknown, yes)))
        tried = tuple(self._tried(unknown, yes) for _ in range(trials))
        return Person(answers, tried, _profile(answers, tried))

    def _tried(self, unknown: float, yes: float) -> Tried:
        stretch = None if self._rng.random() < unknown else self._rng.choice(self._stretches)
        return Tried(stretch, _read_back({name.removeprefix(TRIAL): value for name, value in self._answers(self._trial_facts, unknown, yes)}))

    def _answers(self, facts: Mapping[str, Fact], unknown: float, yes: float) -> Iterator[tuple[str, Value]]:
        rng = self._rng
        for name, spec in facts.items():
            if rng.random() < unknown:
                continue
            match spec:
                case Flag():
                    yield name, rng.random() < yes
                case Choice():
                    yield name, rng.choice(spec.options).id
                case Number():
                    yield name, rng.choice(self._values[name])


def _read_back(answers: Answers) -> Answers:
    """The answers as they come out of JSON: none of their words is the rulebook's own object, so nothing is found by identity alone."""
    found: Answers = json.loads(json.dumps(answers))
    return found


def hardly_unknown(guidance: Guidance, each: int, seed: int) -> Group:
    """People of whom little is unknown: with more, nearly everything is undetermined, and who counts the unknown wrongly is not found out."""
    crowd = Crowd(guidance, seed)
    return Group("hardly anything unknown", tuple(crowd.person(HARDLY, place % 3) for place in range(each)))


def made_up(guidance: Guidance, each: int, seed: int) -> list[Group]:
    """Groups of `each` people: by how much is known, without a trial and with one."""
    crowd = Crowd(guidance, seed)
    groups = []
    for known, unknown in ((ANSWERED, 0.0), (A_THIRD_UNKNOWN, UNKNOWN), (NOTHING, 1.0)):
        for trials, tried in ((0, ""), (1, ONE_TRIAL)):
            groups.append(Group(known + tried, tuple(crowd.person(unknown, trials) for _ in range(each))))
    return groups


def of_many_shapes(guidance: Guidance, count: int, seed: int) -> list[Profile]:
    """So many people with all, some or none of the answers, up to three trials, and either `otherwise`."""
    makes = Crowd(guidance, seed)
    rng = Random(seed)  # noqa: S311 - nothing secret hangs on it
    found = []
    for _ in range(count):
        one = makes.person(rng.choice((0.0, 0.1, UNKNOWN, 0.8, 1.0)), rng.choice((0, 0, 1, 1, 2, 3)))
        found.append(Profile(one.answers, one.profile.trials, rng.choice(("unknown", "no"))))
    return found


def profile_of(person: Person) -> Profile:
    """A profile of the person's answers, as an application makes it."""
    return _profile(person.answers, person.trials)


def _profile(answers: Answers, trials: tuple[Tried, ...]) -> Profile:
    return Profile(answers, [Trial(tried.stretch, **tried.answers) for tried in trials])


def renewed(person: Person) -> Person:
    """The same person with a profile that nobody has screened yet."""
    return evolve(person, profile=profile_of(person))


def _values(guidance: Guidance) -> dict[str, list[int]]:
    """For each number its ends, and each threshold with its neighbours."""
    bounds = {name: spec for name, spec in guidance.facts.items() if isinstance(spec, Number)}
    found = {name: {spec.at_least, spec.at_most} for name, spec in bounds.items()}
    for placed in guidance.rules:
        for atom in atoms(placed.rule.when):
            if isinstance(atom, Within):
                ends = [end for end in (atom.low, atom.high) if end is not None]
                found[atom.fact].update(end + step for end in ends for step in (-1, 0, 1))
    return {name: sorted(value for value in values if bounds[name].at_least <= value <= bounds[name].at_most) for name, values in found.items()}
