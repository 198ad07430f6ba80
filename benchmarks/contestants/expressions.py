"""Rules in a language of expressions that knows null: one expression a rule, true where it fires, null where it may, false where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar, assert_never

from backscreen.engines.activations import ON_THE_PERSON, Certainty
from backscreen.rulebook.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.rulebook.facts import TRIAL, Choice, Fact, Flag, Value
from backscreen.rulebook.rulebook import Guidance, Placed
from benchmarks.contestants.contestant import Answer
from benchmarks.people import Person

STRETCH = TRIAL + "stretch"
FIRES, MAY_FIRE = Certainty.FIRES, Certainty.MAY_FIRE
T = TypeVar("T")


class Language(Protocol[T]):
    """How a language writes things; with `sure`, what is unknown must not make it so, and else it must."""

    def itself(self, fact: str) -> T:
        """The flag's own value: true, false or null."""
        ...

    def flag(self, fact: str, value: bool, *, sure: bool) -> T:
        """Whether a flag has this value."""
        ...

    def choice(self, fact: str, values: Sequence[Value], *, sure: bool) -> T:
        """Whether a choice is one of these."""
        ...

    def between(self, fact: str, low: int | None, high: int | None, *, sure: bool) -> T:
        """Whether a number is in a span."""
        ...

    def every(self, parts: list[T]) -> T:
        """Whether all hold."""
        ...

    def some(self, parts: list[T]) -> T:
        """Whether one holds."""
        ...

    def three_valued(self, sure: T, possible: T) -> T:
        """True where `sure` is, else null where `possible` is, else false."""
        ...


def written(language: Language[T], guidance: Guidance, *, about_a_trial: bool) -> tuple[list[int], list[T]]:
    """The numbers of the rules about the person, or about a trial, and the expression of each."""
    rules = [(number, placed) for number, placed in enumerate(guidance.rules) if placed.about_a_trial == about_a_trial]
    return [number for number, _ in rules], [_element(language, guidance.facts, placed) for _, placed in rules]


def _element(language: Language[T], facts: dict[str, Fact], placed: Placed) -> T:
    when = placed.rule.when
    while isinstance(when, AllOf | AnyOf) and len(when.parts) == 1:
        (when,) = when.parts
    if placed.tried is None:
        match when:
            case AllOf(()):
                return language.every([])
            case OneOf(fact, (True,)):
                return language.itself(fact)
            case _:
                pass
    both = []
    for sure in (True, False):
        expression = _expression(language, facts, when, sure=sure, wanted=True)
        narrowed = [] if placed.tried is None else [language.choice(STRETCH, sorted(placed.tried), sure=sure)]
        both.append(language.every([*narrowed, expression]))
    return language.three_valued(*both)


def _expression(language: Language[T], facts: dict[str, Fact], condition: Condition, *, sure: bool, wanted: bool) -> T:
    match condition:
        case OneOf(fact, values):
            spec = facts[fact]
            if isinstance(spec, Flag):
                return language.flag(fact, (True in values) == wanted, sure=sure)
            options = spec.values if isinstance(spec, Choice) else ()
            return language.choice(fact, [option for option in options if (option in values) == wanted], sure=sure)
        case Within(fact, low, high):
            if wanted:
                return language.between(fact, low, high, sure=sure)
            below = [] if low is None else [language.between(fact, None, low - 1, sure=sure)]
            above = [] if high is None else [language.between(fact, high + 1, None, sure=sure)]
            return language.some(below + above)
        case AllOf(parts) | AnyOf(parts):
            each = [_expression(language, facts, part, sure=sure, wanted=wanted) for part in parts]
            return language.every(each) if isinstance(condition, AllOf) == wanted else language.some(each)
        case Not(part):
            return _expression(language, facts, part, sure=sure, wanted=not wanted)
        case _:
            assert_never(condition)


def gathering(
    numbers: tuple[list[int], list[int]],
    of_person: Callable[[Any], Iterable[object]],
    of_trial: Callable[[Any], Iterable[object]],
    trial_input: Callable[[Person, int], object],
) -> Callable[[Person], Answer]:
    """Asks for the values of all the rules, first of the person and then of each trial, and keeps those that are not false."""
    rules_of_person, rules_of_trial = numbers

    def ask(person: Person) -> Answer:
        found = {
            (number, ON_THE_PERSON): FIRES if value else MAY_FIRE
            for number, value in zip(rules_of_person, of_person(person.answers), strict=True)
            if value is not False
        }
        for index in range(len(person.trials)):
            for number, value in zip(rules_of_trial, of_trial(trial_input(person, index)), strict=True):
                if value is not False:
                    found[number, index] = FIRES if value else MAY_FIRE
        return found

    return ask


def nested(person: Person, index: int) -> dict[str, object]:
    """A trial's input for a language that reads `trial.felt` as a path: the person's answers with the trial's in a mapping of their own."""
    tried = person.trials[index]
    return {**person.answers, "trial": {**tried.answers, "stretch": tried.stretch}}


def default_of(low: int | None, high: int | None, *, sure: bool) -> int:
    """What an unknown number is taken as: outside of the span to be sure, inside of it to be possible."""
    if low is not None:
        return low - 1 if sure else low
    end = 0 if high is None else high
    return end + 1 if sure else end
