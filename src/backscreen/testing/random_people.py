"""Random people for any rulebooks, with many unknown answers and with numbers close to thresholds.

They are drawn from a `random.Random`, so that one seed always gives the same people. Lower and earlier draws are
simpler, so that Hypothesis can shrink them.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from attrs import frozen

from backscreen.model.conditions import Within, atoms
from backscreen.model.facts import TRIAL, UNSURE, Fact, RangeFact, Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile, Trial

MOST_TRIALS = 3
_KNOWN = (0, 1, 1, 3, 10)
"""How many of ten facts are answered, from none to all."""
_NO = (0, 0, 4, 8)
"""How many of ten answers are a "no" from the start; if half of all flags were yes, most stretches would be avoided."""


@frozen(eq=False)
class Possible:
    """The possible answers to a fact: those at which rules change, or any number within the span."""

    decisive: tuple[Value, ...]
    span: tuple[int, int] | None
    no: Value | None


@frozen(eq=False)
class Questionnaire:
    """Everything that some rulebooks can ask a person, computed once for many people."""

    person: Mapping[str, Possible]
    trial: Mapping[str, Possible]
    stretches: tuple[str, ...]


def questionnaire(knowledge_base: KnowledgeBase) -> Questionnaire:
    """Return everything that these rulebooks can ask."""
    return Questionnaire(
        {name: _possible(knowledge_base, spec, name) for name, spec in knowledge_base.person_facts.items()},
        {name: _possible(knowledge_base, spec, TRIAL + name) for name, spec in knowledge_base.trial_facts.items()},
        tuple(knowledge_base.stretches),
    )


def _possible(knowledge_base: KnowledgeBase, spec: Fact, name: str) -> Possible:
    if not isinstance(spec, RangeFact):
        return Possible(spec.values, None, spec.no)
    near = {spec.at_least, spec.at_most, *thresholds(knowledge_base, name)}
    return Possible(
        tuple(sorted(value for value in near if spec.at_least <= value <= spec.at_most)),
        (spec.at_least, spec.at_most),
        spec.no,
    )


def thresholds(knowledge_base: KnowledgeBase, fact: str) -> set[int]:
    """The values of a number at which some rule changes its mind, from both sides."""
    spans = [
        atom
        for scoped in knowledge_base.rules
        for atom in atoms(scoped.rule.when)
        if isinstance(atom, Within) and atom.fact == fact
    ]
    return {
        end + side
        for atom in spans
        for end, side in ((atom.low, -1), (atom.high, 1))
        if end is not None
        for side in (0, side)
    }


def person(random: Random, asked: Questionnaire) -> Profile:
    """A random person."""
    facts = answers(random, asked.person)
    trials = [
        Trial(stretch(random, asked), **answers(random, asked.trial)) for _ in range(random.randrange(MOST_TRIALS + 1))
    ]
    return Profile(facts, trials, random.choice(("no", "unknown")))


def answers(random: Random, asked: Mapping[str, Possible]) -> dict[str, Value | None]:
    """Return random answers to some of what is asked; now and then a fact is left open, or answered `unsure`."""
    known, no = random.choice(_KNOWN), random.choice(_NO)
    found: dict[str, Value | None] = {}
    if known:
        for name, possible in asked.items():
            if random.randrange(10) >= 10 - known:
                found[name] = _answer(random, possible, no)
    if asked and random.randrange(8) == 7:  # noqa: PLR2004 - one in eight
        found.setdefault(random.choice(tuple(asked)), random.choice((None, UNSURE)))
    return found


def _answer(random: Random, possible: Possible, no: int) -> Value:
    if no and possible.no is not None and random.randrange(10) >= 10 - no:
        return possible.no
    if possible.span is not None and random.randrange(4) == 3:  # noqa: PLR2004 - one in four
        return random.randint(*possible.span)
    return random.choice(possible.decisive)


def stretch(random: Random, asked: Questionnaire) -> str | None:
    """Return the stretch that was tried, or None if the person does not know."""
    return random.choice(asked.stretches) if asked.stretches and random.randrange(3) else None
