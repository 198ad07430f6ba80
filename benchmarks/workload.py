"""Workload: random people, the same for the same seed, with numbers near the thresholds of rules."""

import json
from random import Random

from attrs import evolve, frozen

from backscreen import Profile, Trial
from backscreen.model.conditions import Within, atoms
from backscreen.model.facts import TRIAL, RangeFact, Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.testing.random_people import person, questionnaire

YES_RATES = 0.02, 0.08, 0.2
"""Chances that a flag is yes, one drawn for each person; a high rate for all would end nearly everybody in `stop`."""
UNKNOWN_RATE = 0.3
COMPLETE, PARTIAL, EMPTY = "everything answered", "a third unknown", "nothing known"
ONE_TRIAL = ", one trial"

Answers = dict[str, Value]


@frozen(eq=False)
class PlainTrial:
    """Trial of a stretch, None where unknown, with its answers by plain fact names (`felt`)."""

    stretch: str | None
    answers: Answers


@frozen(eq=False)
class Person:
    """Answers as an application holds them, without the unanswered facts, and the same as a profile."""

    answers: Answers
    trials: tuple[PlainTrial, ...]
    profile: Profile


@frozen(eq=False)
class Group:
    """People of one kind."""

    name: str
    people: tuple[Person, ...]


class Sampler:
    """Source of random people for a rulebook."""

    def __init__(self, knowledge_base: KnowledgeBase, seed: int) -> None:
        self._rng = Random(seed)
        self._stretches = [*knowledge_base.stretches]
        self._person, self._trial = knowledge_base.person_facts, knowledge_base.trial_facts
        self._thresholds: dict[str, set[int]] = {}
        for atom in (
            atom for scoped in knowledge_base.rules for atom in atoms(scoped.rule.when) if isinstance(atom, Within)
        ):
            ends = [end for end in (atom.low, atom.high) if end is not None]
            self._thresholds.setdefault(atom.fact, set()).update(end + step for end in ends for step in (-1, 0, 1))

    def person(self, unknown_rate: float, trials: int) -> Person:
        """Return a person with that share of unknown answers and that number of trials."""
        yes_rate = self._rng.choice(YES_RATES)
        answers = self._answers("", unknown_rate, yes_rate)
        plain_trials = tuple(self._plain_trial(unknown_rate, yes_rate) for _ in range(trials))
        return Person(answers, plain_trials, profile_of(answers, plain_trials))

    def _plain_trial(self, unknown_rate: float, yes_rate: float) -> PlainTrial:
        stretch = None if self._rng.random() < unknown_rate else self._rng.choice(self._stretches)
        return PlainTrial(stretch, self._answers(TRIAL, unknown_rate, yes_rate))

    def _answers(self, prefix: str, unknown_rate: float, yes_rate: float) -> Answers:
        rng, answers = self._rng, {}
        for name, spec in (self._trial if prefix else self._person).items():
            if rng.random() < unknown_rate:
                continue
            if isinstance(spec, RangeFact):
                near = {spec.at_least, spec.at_most, *self._thresholds.get(prefix + name, ())}
                answers[name] = rng.choice(sorted(value for value in near if spec.at_least <= value <= spec.at_most))
            else:
                answers[name] = rng.random() < yes_rate if spec.is_flag else rng.choice(spec.values)
        # Through JSON, so that no word is the rulebook's own object, which would compare equal by identity alone.
        decoded: Answers = json.loads(json.dumps(answers))
        return decoded


def varied_profiles(knowledge_base: KnowledgeBase, count: int, seed: int) -> list[Profile]:
    """Return profiles with any share of unknowns, up to three trials and either `otherwise`."""
    rng, questions = Random(seed), questionnaire(knowledge_base)
    varied = [person(rng, questions) for _ in range(count)]
    return [Profile(one.facts, [Trial(t.stretch, **t.facts) for t in one.trials], one.otherwise) for one in varied]


def sample_groups(knowledge_base: KnowledgeBase, size: int, seed: int) -> list[Group]:
    """Return six groups: everything, two thirds or nothing known, each without a trial and with one."""
    sampler = Sampler(knowledge_base, seed)
    return [
        Group(known + tried, tuple(sampler.person(unknown_rate, trials) for _ in range(size)))
        for known, unknown_rate in ((COMPLETE, 0.0), (PARTIAL, UNKNOWN_RATE), (EMPTY, 1.0))
        for trials, tried in ((0, ""), (1, ONE_TRIAL))
    ]


def nearly_complete_group(knowledge_base: KnowledgeBase, size: int, seed: int) -> Group:
    """Return people with few unknowns: with many, `undetermined` would hide errors in how unknowns are counted."""
    sampler = Sampler(knowledge_base, seed)
    return Group("hardly anything unknown", tuple(sampler.person(0.03, place % 3) for place in range(size)))


def profile_of(answers: Answers, trials: tuple[PlainTrial, ...]) -> Profile:
    """Return a new profile of these answers, as an application makes it."""
    return Profile(answers, [Trial(trial.stretch, **trial.answers) for trial in trials])


def with_new_profile(person: Person) -> Person:
    """Return the person with a profile in which no screening can have cached anything."""
    return evolve(person, profile=profile_of(person.answers, person.trials))
