"""The meaning of a rulebook, written as plainly as Python allows. Nothing may make it faster.

Every engine must agree with it. It takes the profile as given and decides by itself which answers count, which rules
fire, and the verdict of each stretch. It shares only the rulebook and the names of things with other code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import assert_never

from attrs import frozen

from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.model.effects import Certainty, Directive, Verdict
from backscreen.model.facts import TRIAL, Fact, Value
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.profile import Profile, Trial
from backscreen.semantics.activations import ON_THE_PERSON, Activation, Activations

Kleene = bool | None
"""True, False, or None for unknown."""


def holds(condition: Condition, answers: Mapping[str, Value]) -> Kleene:
    """The condition's value in strong Kleene logic; a fact that is missing from `answers` is unknown."""
    match condition:
        case OneOf(fact, values):
            return answers[fact] in values if fact in answers else None
        case Within(fact, low, high):
            if fact not in answers:
                return None
            value = answers[fact]
            assert isinstance(value, int)
            return (low is None or low <= value) and (high is None or value <= high)
        case AllOf(parts):
            return conjunction([holds(part, answers) for part in parts])
        case AnyOf(parts):
            return negation(conjunction([negation(holds(part, answers)) for part in parts]))
        case Not(part):
            return negation(holds(part, answers))
        case _:
            assert_never(condition)


def conjunction(values: list[Kleene]) -> Kleene:
    """False if any is false, else unknown if any is unknown, else true."""
    if False in values:
        return False
    return None if None in values else True


def negation(value: Kleene) -> Kleene:
    """The contrary; of the unknown, unknown."""
    return None if value is None else not value


def taken_as_known(
    specs: Mapping[str, Fact], answers: Mapping[str, Value], blanks: Collection[str], otherwise: str
) -> dict[str, Value]:
    """Return the answers, with those assumed by `otherwise: no`. Facts left open or answered `unsure` stay unknown."""
    if otherwise != "no":
        return dict(answers)
    rested_on: set[str] = set()
    for name, answer in answers.items():
        if answer != specs[name].no:
            rested_on.update(specs[name].rests_on)
    known = {}
    for name, spec in specs.items():
        no = spec.no
        if name in answers:
            known[name] = answers[name]
        elif no is not None and name not in rested_on and name not in blanks:
            known[name] = no
    return known


@frozen(eq=False, repr=False)
class Decision:
    """The reference's result for one person: activations, and the bounds of each stretch and of the directive."""

    activations: Activations
    stretches: Mapping[str, tuple[Verdict, Verdict]]
    directive: tuple[Directive, Directive]


def decide(knowledge_base: KnowledgeBase, profile: Profile) -> Decision:
    """Screen a checked profile."""
    person = taken_as_known(
        knowledge_base.person_facts, profile.facts, profile.left_open + profile.unsure, profile.otherwise
    )
    of_person: list[_Subject] = [(ON_THE_PERSON, person, None)]
    of_trials = [
        tried(knowledge_base, person, index, trial, profile.otherwise) for index, trial in enumerate(profile.trials)
    ]
    said_at_best = {name: {Verdict.ALLOWED} for name in knowledge_base.stretches}
    said_at_worst = {name: {Verdict.ALLOWED} for name in knowledge_base.stretches}
    directed_at_best = {Directive.PROCEED}
    directed_at_worst = {Directive.PROCEED}
    activations = {}

    for number, scoped in enumerate(knowledge_base.rules):
        for index, answers, stretch in of_trials if scoped.about_a_trial else of_person:
            value = conjunction([is_about(scoped, stretch), holds(scoped.rule.when, answers)])
            if value is False:
                continue
            activations[Activation(number, index)] = Certainty.FIRES if value else Certainty.MAY_FIRE
            directed_at_worst.add(scoped.rule.directive)
            if value:
                directed_at_best.add(scoped.rule.directive)
            if not scoped.rule.effect.restricts:
                continue  # it is a note, and says nothing of any verdict
            for name in knowledge_base.stretches:
                on = is_on(scoped, name, stretch)
                if on is not False:
                    said_at_worst[name].add(scoped.rule.effect.verdict)
                if on and value:
                    said_at_best[name].add(scoped.rule.effect.verdict)

    bounds = {name: (max(said_at_best[name]), max(said_at_worst[name])) for name in knowledge_base.stretches}
    return Decision(activations, bounds, (max(directed_at_best), max(directed_at_worst)))


_Subject = tuple[int, Mapping[str, Value], str | None]
"""What a rule is tried against: the trial's index, or `ON_THE_PERSON`; the answers; the stretch tried, or None."""


def tried(
    knowledge_base: KnowledgeBase, person: dict[str, Value], index: int, trial: Trial, otherwise: str
) -> _Subject:
    """A trial with the person's facts in it."""
    known = taken_as_known(knowledge_base.trial_facts, trial.facts, trial.left_open + trial.unsure, otherwise)
    return index, person | {TRIAL + name: value for name, value in known.items()}, trial.stretch


def is_about(scoped: ScopedRule, stretch: str | None) -> Kleene:
    """Whether the rule is about a trial of this stretch; unknown where it is narrowed and the stretch is not known."""
    if scoped.tried is None:
        return True
    return None if stretch is None else stretch in scoped.tried


def is_on(scoped: ScopedRule, name: str, stretch: str | None) -> Kleene:
    """Whether a rule that fires acts on the stretch `name`."""
    if scoped.scope is not None:
        return name in scoped.scope
    if stretch is not None:
        return name == stretch
    return None if scoped.tried is None or name in scoped.tried else False
