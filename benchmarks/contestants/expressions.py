"""Rules in a language of expressions that knows null: one expression a rule, true where it fires, null where it may, false where it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, assert_never

from attrs import frozen

from backscreen.engines.activations import ON_THE_PERSON, Certainty
from backscreen.rulebook.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within, atoms
from backscreen.rulebook.facts import TRIAL, Choice, Fact, Flag, Value
from backscreen.rulebook.rulebook import Guidance, Placed
from benchmarks.contestants.contestant import Answer, Decided, Ready, deciding, every_rule
from benchmarks.contestants.folding import Folding, folded, folding
from benchmarks.people import Person, Tried

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


Input = Any
"""What an expression is evaluated with."""
Evaluate = Callable[[Input], "list[bool | None]"]


def ready(
    language: Language[T],
    guidance: Guidance,
    compiled: Callable[[list[T]], Evaluate],
    trial_input: Callable[[Guidance], Callable[[Person, Tried], Input]],
) -> Ready:
    """The rules about the person as one expression and those about a trial as another, each giving a value for every rule; once for each task."""

    def prepared(numbers: list[int]) -> tuple[_Part, _Part]:
        parts = [[number for number in numbers if guidance.rules[number].about_a_trial == about_a_trial] for about_a_trial in (False, True)]
        person, trial = (_Part(part, compiled([_element(language, guidance.facts, guidance.rules[number]) for number in part])) for part in parts)
        return person, trial

    numbers = deciding(guidance)
    return Ready(
        verdicts=_verdicts(*prepared(numbers), folding(guidance, numbers), trial_input(guidance)),
        rules=_rules(*prepared(every_rule(guidance)), trial_input(guidance)),
    )


@frozen(eq=False)
class _Part:
    """Rules, and what gives their values."""

    numbers: list[int]
    evaluate: Evaluate


def _verdicts(of_person: _Part, of_trial: _Part, fold: Folding, trial_input: Callable[[Person, Tried], Input]) -> Callable[[Person], Decided]:
    surely, perhaps = _each(fold.of_person, of_person)
    tried_does = {stretch: _each(does, of_trial) for stretch, does in fold.of_trial.items()}
    ask_person, ask_trial, told = of_person.evaluate, of_trial.evaluate, fold.told

    def verdicts(person: Person) -> Decided:
        found = folded(ask_person(person.answers), surely, perhaps)
        for tried in person.trials:
            found |= folded(ask_trial(trial_input(person, tried)), *tried_does[tried.stretch])
        return told(found)

    return verdicts


def _each(does: Mapping[int, tuple[int, int]], part: _Part) -> tuple[list[int], list[int]]:
    return [does[number][0] for number in part.numbers], [does[number][1] for number in part.numbers]


def _rules(of_person: _Part, of_trial: _Part, trial_input: Callable[[Person, Tried], Input]) -> Callable[[Person], Answer]:
    def rules(person: Person) -> Answer:
        found = {
            (number, ON_THE_PERSON): FIRES if value else MAY_FIRE
            for number, value in zip(of_person.numbers, of_person.evaluate(person.answers), strict=True)
            if value is not False
        }
        for index, tried in enumerate(person.trials):
            for number, value in zip(of_trial.numbers, of_trial.evaluate(trial_input(person, tried)), strict=True):
                if value is not False:
                    found[number, index] = FIRES if value else MAY_FIRE
        return found

    return rules


def read_by_trials(guidance: Guidance) -> list[str]:
    """The facts about the person that rules about a trial read: all that has to go in again with a trial."""
    read = dict.fromkeys(atom.fact for placed in guidance.rules if placed.about_a_trial for atom in atoms(placed.rule.when))
    return [fact for fact in read if not fact.startswith(TRIAL)]


def nested(guidance: Guidance) -> Callable[[Person, Tried], Input]:
    """A trial's input for a language that reads `trial.felt` as a path: the trial's answers in a mapping of their own, and what is read of the person."""
    read = read_by_trials(guidance)

    def trial_input(person: Person, tried: Tried) -> Input:
        answers = person.answers
        found: dict[str, object] = {fact: answers[fact] for fact in read if fact in answers}
        found["trial"] = {**tried.answers, "stretch": tried.stretch}
        return found

    return trial_input


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
    return language.three_valued(*sure_and_possible(language, facts, placed))


def sure_and_possible(language: Language[T], facts: dict[str, Fact], placed: Placed) -> tuple[T, T]:
    """Whether the rule fires, and whether it may, each with what narrows it to some of the stretches tried."""
    sure, possible = (_narrowed(language, facts, placed, sure=sure) for sure in (True, False))
    return sure, possible


def _narrowed(language: Language[T], facts: dict[str, Fact], placed: Placed, *, sure: bool) -> T:
    expression = _expression(language, facts, placed.rule.when, sure=sure, wanted=True)
    narrowed = [] if placed.tried is None else [language.choice(STRETCH, sorted(placed.tried), sure=sure)]
    return language.every([*narrowed, expression])


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


def default_of(low: int | None, high: int | None, *, sure: bool) -> int:
    """What an unknown number is taken as: outside of the span to be sure, inside of it to be possible."""
    if low is not None:
        return low - 1 if sure else low
    end = 0 if high is None else high
    return end + 1 if sure else end
