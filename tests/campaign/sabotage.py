"""Engines that are broken on purpose, each in one way: what the campaign must find before anybody relies on it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from attrs import evolve

from backscreen import Screener
from backscreen.engines.python.compiled_engine import CompiledEngine
from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, Within
from backscreen.model.effects import Certainty
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import Rule
from backscreen.semantics.activations import ON_THE_PERSON, Activation, Activations, Engine, Subject

from .bench import Screens
from .cases import ANSWER
from .processes import DIED, HUNG

Answer = Callable[[Engine, Subject, tuple[Subject, ...]], Activations]


class _Broken:
    """An engine whose answer is made from a sound one's."""

    name = "broken"

    def __init__(self, sound: Engine, answer: Answer) -> None:
        self._sound = sound
        self._answer = answer

    def activations(self, person: Subject, trials: tuple[Subject, ...]) -> Activations:
        return self._answer(self._sound, person, trials)

    def give_up(self) -> None:
        self._sound.give_up()


def _rewritten(knowledge_base: KnowledgeBase, change: Callable[[Rule], Rule]) -> KnowledgeBase:
    """The same rulebooks, misread: every rule with something changed."""
    return KnowledgeBase(
        [evolve(book, rules=tuple(change(rule) for rule in book.rules)) for book in knowledge_base.books]
    )


def _misread(knowledge_base: KnowledgeBase, misread: Callable[[Condition], Condition]) -> Engine:
    return CompiledEngine(_rewritten(knowledge_base, lambda rule: evolve(rule, when=_throughout(rule.when, misread))))


def _throughout(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    match condition:
        case AllOf(parts):
            return change(AllOf(tuple(_throughout(part, change) for part in parts)))
        case AnyOf(parts):
            return change(AnyOf(tuple(_throughout(part, change) for part in parts)))
        case Not(part):
            return change(Not(_throughout(part, change)))
        case _:
            return change(condition)


def drops_a_rule(knowledge_base: KnowledgeBase) -> Engine:
    lost = len(knowledge_base.rules) // 2
    return _Broken(
        CompiledEngine(knowledge_base),
        lambda sound, *known: {key: one for key, one in sound.activations(*known).items() if key.rule != lost},
    )


def invents_a_rule(knowledge_base: KnowledgeBase) -> Engine:
    invented = next((number for number, scoped in enumerate(knowledge_base.rules) if not scoped.about_a_trial), 0)
    return _Broken(
        CompiledEngine(knowledge_base),
        lambda sound, *known: {Activation(invented, ON_THE_PERSON): Certainty.FIRES, **sound.activations(*known)},
    )


def is_off_by_one(knowledge_base: KnowledgeBase) -> Engine:
    def later(condition: Condition) -> Condition:
        return (
            evolve(condition, low=condition.low + 1)
            if isinstance(condition, Within) and condition.low is not None
            else condition
        )

    return _misread(knowledge_base, later)


def takes_any_for_all(knowledge_base: KnowledgeBase) -> Engine:
    return _misread(
        knowledge_base,
        lambda condition: AnyOf(condition.parts) if isinstance(condition, AllOf) and condition.parts else condition,
    )


def says_fires_for_may_fire(knowledge_base: KnowledgeBase) -> Engine:
    return _Broken(
        CompiledEngine(knowledge_base), lambda sound, *known: dict.fromkeys(sound.activations(*known), Certainty.FIRES)
    )


def ignores_the_second_trial(knowledge_base: KnowledgeBase) -> Engine:
    return _Broken(
        CompiledEngine(knowledge_base),
        lambda sound, *known: {key: one for key, one in sound.activations(*known).items() if key.trial != 1},
    )


def ignores_what_was_tried(knowledge_base: KnowledgeBase) -> Engine:
    return CompiledEngine(_rewritten(knowledge_base, lambda rule: evolve(rule, tried=None)))


def takes_unknown_for_no(knowledge_base: KnowledgeBase) -> Engine:
    no = {name: fact.no for name, fact in knowledge_base.facts.items() if fact.no is not None}

    def answer(sound: Engine, person: Subject, trials: tuple[Subject, ...]) -> Activations:
        return sound.activations(
            Subject({**no, **person.answers}),
            tuple(Subject({**no, **trial.answers}, trial.stretch) for trial in trials),
        )

    return _Broken(CompiledEngine(knowledge_base), answer)


def remembers_the_last_person(knowledge_base: KnowledgeBase) -> Engine:
    last: dict[str, bool | int | str] = {}

    def answer(sound: Engine, person: Subject, trials: tuple[Subject, ...]) -> Activations:
        mixed = Subject({**last, **person.answers})
        last.clear()
        last.update(person.answers)
        return sound.activations(mixed, trials)

    return _Broken(CompiledEngine(knowledge_base), answer)


def _when_triggered(knowledge_base: KnowledgeBase, act: Callable[[], None]) -> Engine:
    """Sound, but for people with three trials the first of which is of an unknown stretch."""

    def answer(sound: Engine, person: Subject, trials: tuple[Subject, ...]) -> Activations:
        if len(trials) == 3 and trials[0].stretch is None:
            act()
        return sound.activations(person, trials)

    return _Broken(CompiledEngine(knowledge_base), answer)


def raises(knowledge_base: KnowledgeBase) -> Engine:
    def act() -> None:
        raise RuntimeError("broken on purpose")

    return _when_triggered(knowledge_base, act)


def crashes(knowledge_base: KnowledgeBase) -> Engine:
    return _when_triggered(knowledge_base, os.abort)


def hangs(knowledge_base: KnowledgeBase) -> Engine:
    def act() -> None:
        while True:
            time.sleep(1)

    return _when_triggered(knowledge_base, act)


def screens_with_a_rule_less(knowledge_base: KnowledgeBase) -> Screens:
    """A whole screener, broken."""
    lost = knowledge_base.rules[0].rule
    without = [evolve(book, rules=tuple(rule for rule in book.rules if rule != lost)) for book in knowledge_base.books]
    return Screener(KnowledgeBase(without), engine="compiled")


BROKEN = {
    drops_a_rule: ANSWER,
    invents_a_rule: ANSWER,
    is_off_by_one: ANSWER,
    takes_any_for_all: ANSWER,
    says_fires_for_may_fire: ANSWER,
    ignores_the_second_trial: ANSWER,
    ignores_what_was_tried: ANSWER,
    takes_unknown_for_no: ANSWER,
    remembers_the_last_person: ANSWER,
    screens_with_a_rule_less: ANSWER,
    raises: "RuntimeError",
    crashes: DIED,
    hangs: HUNG,
}
"""All of them, and what must be found to be wrong with each."""
