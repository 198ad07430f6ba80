"""rule-engine, expressions in pure Python: the rules as one expression that gives an array."""

from __future__ import annotations

from collections.abc import Sequence

from backscreen.rulebook.facts import TRIAL, Value
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Contestant, Ready, answering
from benchmarks.contestants.expressions import STRETCH, gathering, written
from benchmarks.people import Person


class _Rules:
    """rule-engine's expressions. `x != false` holds for null too; null is neither less nor more than a number."""

    def itself(self, fact: str) -> str:
        return _symbol(fact)

    def flag(self, fact: str, value: bool, *, sure: bool) -> str:
        return f"{_symbol(fact)} == {_literal(value)}" if sure else f"{_symbol(fact)} != {_literal(not value)}"

    def choice(self, fact: str, values: Sequence[Value], *, sure: bool) -> str:
        legal = [_literal(value) for value in values]
        return self.some([f"{_symbol(fact)} == {value}" for value in (legal if sure else [*legal, "null"])])

    def between(self, fact: str, low: int | None, high: int | None, *, sure: bool) -> str:
        number = _symbol(fact)
        inside = self.every([f"{number} >= {low}"] * (low is not None) + [f"{number} <= {high}"] * (high is not None))
        return f"({number} != null and {inside})" if sure else f"({number} == null or {inside})"

    def every(self, parts: list[str]) -> str:
        return "(" + " and ".join(parts) + ")" if parts else "true"

    def some(self, parts: list[str]) -> str:
        return "(" + " or ".join(parts) + ")" if parts else "false"

    def three_valued(self, sure: str, possible: str) -> str:
        return f"({possible} ? ({sure} ? true : null) : false)"


def _symbol(fact: str) -> str:
    return fact.replace(".", "_")


def _literal(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"


def _prepare(guidance: Guidance) -> Ready:
    import rule_engine

    context = rule_engine.Context(resolver=lambda answers, name: answers.get(name))
    of_person, persons = written(_Rules(), guidance, about_a_trial=False)
    of_trial, trials = written(_Rules(), guidance, about_a_trial=True)
    ask_person, ask_trial = (rule_engine.Rule(f"[{', '.join(rules)}]", context=context).evaluate for rules in (persons, trials))
    symbols = {name: _symbol(TRIAL + name) for name in guidance.trial_facts}
    stretch = _symbol(STRETCH)

    def trial_input(person: Person, index: int) -> dict[str, Value | None]:
        tried = person.trials[index]
        return {**person.answers, stretch: tried.stretch, **{symbols[name]: value for name, value in tried.answers.items()}}

    return answering(gathering((of_person, of_trial), ask_person, ask_trial, trial_input))


CONTESTANTS = (
    Contestant(
        "rule-engine",
        "rule-engine",
        "One parsed `Rule` for the rules about the person and one for those about a trial, each an array with a value for every rule: true, null for may fire,"
        " or false. A resolver of our own gives null for what is unanswered: with `default_value` in its stead, the engine thinks up a suggestion for every"
        " missing name, which made it some forty times slower where a third was unknown.",
        _prepare,
    ),
)
