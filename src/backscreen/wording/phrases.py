"""Facts, answers and questions in plain words, by the place that they have in a screening."""

from __future__ import annotations

import re
from typing import assert_never

from backscreen.model.facts import Fact, Group, OptionFact, RangeFact, Value, written
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile

_OF_TRIAL = re.compile(r"trials\[(\d+)\]\.(\w+)")


def fact_at(knowledge_base: KnowledgeBase, place: str) -> Fact | None:
    """The fact that an answer at this place is about; None for a trial's stretch."""
    of_trial = _OF_TRIAL.fullmatch(place)
    return knowledge_base.trial_facts.get(of_trial[2]) if of_trial else knowledge_base.person_facts[place]


def trial_at(place: str) -> int | None:
    """The index of the trial that a place belongs to."""
    of_trial = _OF_TRIAL.fullmatch(place)
    return int(of_trial[1]) if of_trial else None


def trial_name(knowledge_base: KnowledgeBase, profile: Profile, index: int) -> str:
    """A trial as people would call it: `try 1 (Side bend)`."""
    stretch = profile.trials[index].stretch
    return f"try {index + 1} ({knowledge_base.stretches[stretch].name if stretch else 'which stretch is not known'})"


def title(knowledge_base: KnowledgeBase, place: str) -> str:
    """Return what a fact is called."""
    fact = fact_at(knowledge_base, place)
    return "Which stretch it was" if fact is None else fact.title


def answer(fact: Fact | None, knowledge_base: KnowledgeBase, value: Value) -> str:
    """An answer in words."""
    match fact:
        case None:
            return knowledge_base.stretches[str(value)].name
        case RangeFact(unit=unit):
            return f"{value} {unit}"
        case OptionFact():
            return fact.meanings[value]
        case _:
            assert_never(fact)


def question(knowledge_base: KnowledgeBase, profile: Profile, place: str) -> str:
    """The question that asks for a fact."""
    fact = fact_at(knowledge_base, place)
    index = trial_at(place)
    asked = "Which stretch was it?" if fact is None else in_full(fact, knowledge_base.groups)
    return asked if index is None else f"{trial_name(knowledge_base, profile, index).replace('try', 'Try', 1)}: {asked}"


def in_full(fact: Fact, known: dict[str, Group]) -> str:
    """A fact's question; of a group's, with the group's own question before it."""
    if fact.group is None:
        return fact.question
    return f"{known[fact.group].question} {fact.question}"


def how_to_answer(fact: Fact) -> str:
    """Which answers a fact takes."""
    match fact:
        case RangeFact():
            also = "".join(f", or in {unit.unit}" for unit in fact.also_in)
            return f"{fact.at_least} to {fact.at_most} {fact.unit}{also}"
        case OptionFact(is_flag=True):
            return " or ".join(fact.meanings.values())
        case OptionFact():
            return ", ".join(map(written, fact.values))
        case _:
            assert_never(fact)
