"""The answers that count for one person, each with its origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from backscreen.model.facts import TRIAL, Value, trial_place
from backscreen.model.knowledge_base import Defaults, KnowledgeBase
from backscreen.model.profile import Origin, Profile, Trial, answers_of, blanks
from backscreen.model.read_only import ReadOnlyDict
from backscreen.semantics.activations import Subject


@frozen(eq=False, repr=False)
class Situation:
    """What rules are tried against: the person, and each trial with the person's answers in it.

    `origins` holds the origin of each answer by its place. A fact that was answered `unsure` is there and in no
    subject.
    """

    person: Subject
    trials: tuple[Subject, ...]
    origins: ReadOnlyDict[str, Origin]

    def subject(self, trial: int) -> Subject:
        """The trial of this index, or the person for a negative one."""
        return self.person if trial < 0 else self.trials[trial]


def situation(knowledge_base: KnowledgeBase, profile: Profile) -> Situation:
    """Return what is known about a person, with what `otherwise: no` adds, and the origin of each answer."""
    person, tried = everything_known(knowledge_base, profile)
    origins = dict(_origins(profile, person))
    trials = []
    for index, (trial, own) in enumerate(zip(profile.trials, tried, strict=True)):
        if trial.stretch is not None:
            origins[trial_place(index, "stretch")] = Origin.GIVEN
        origins.update((trial_place(index, name), origin) for name, origin in _origins(trial, own))
        trials.append(Subject({**person, **{TRIAL + name: value for name, value in own.items()}}, trial.stretch))
    return Situation(Subject({**person}), tuple(trials), ReadOnlyDict(origins))


def _origins(given: Profile | Trial, known: Mapping[str, Value]) -> Iterator[tuple[str, Origin]]:
    answers = answers_of(given)
    for name in known:
        yield name, Origin.GIVEN if name in answers else Origin.ASSUMED
    for name in given.unsure:
        yield name, Origin.UNSURE


def everything_known(
    knowledge_base: KnowledgeBase, profile: Profile
) -> tuple[Mapping[str, Value], list[Mapping[str, Value]]]:
    """Return the answers about the person and, by plain names, about each trial, with those that are assumed."""
    if profile.otherwise == "no":
        person = _with_defaults(knowledge_base.person_defaults, profile)
        return person, [_with_defaults(knowledge_base.trial_defaults, trial) for trial in profile.trials]
    return answers_of(profile), [answers_of(trial) for trial in profile.trials]


def _with_defaults(defaults: Defaults, given: Profile | Trial) -> Mapping[str, Value]:
    """Return the answers and the assumed ones: none for facts left open or blocked by an answer that rests on them."""
    answers = answers_of(given)
    known = {**defaults.noes, **answers}
    for fact in defaults.resting:
        if answers.get(fact.id, fact.no) != fact.no:
            for name in fact.rests_on:
                if name not in answers:
                    known.pop(name, None)
    for name in blanks(given):
        known.pop(name, None)
    return known
