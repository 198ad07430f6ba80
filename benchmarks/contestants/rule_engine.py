"""rule-engine, expressions in pure Python: the rules as one expression that gives an array."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from backscreen.rulebook.facts import TRIAL, Value
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Contestant, Ready
from benchmarks.contestants.expressions import STRETCH, Evaluate, Input, read_by_trials, ready
from benchmarks.people import Person, Tried


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

    def compiled(rules: list[str]) -> Evaluate:
        evaluate: Evaluate = rule_engine.Rule(f"[{', '.join(rules)}]", context=context).evaluate
        return evaluate

    return ready(_Rules(), guidance, compiled, _trial_input)


def _trial_input(guidance: Guidance) -> Callable[[Person, Tried], Input]:
    read, stretch = read_by_trials(guidance), _symbol(STRETCH)
    symbols = {name: _symbol(TRIAL + name) for name in guidance.trial_facts}

    def trial_input(person: Person, tried: Tried) -> Input:
        answers = person.answers
        found: dict[str, Value | None] = {fact: answers.get(fact) for fact in read}
        found[stretch] = tried.stretch
        found.update((symbols[name], value) for name, value in tried.answers.items())
        return found

    return trial_input


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
