"""ZEN, GoRules' engine in Rust: the rules as one compiled expression that gives an array."""

from __future__ import annotations

from collections.abc import Sequence

from backscreen.rulebook.facts import Value
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Contestant, Ready, answering
from benchmarks.contestants.expressions import default_of, gathering, nested, written


class _Zen:
    """ZEN's expressions. `x != false` holds for null too; `and`, `or` and comparisons of a null are errors, so numbers have a default."""

    def itself(self, fact: str) -> str:
        return fact

    def flag(self, fact: str, value: bool, *, sure: bool) -> str:
        return f"{fact} == {_literal(value)}" if sure else f"{fact} != {_literal(not value)}"

    def choice(self, fact: str, values: Sequence[Value], *, sure: bool) -> str:
        legal = [_literal(value) for value in values] + [] if sure else [*(_literal(value) for value in values), "null"]
        return f"{fact} == {legal[0]}" if len(legal) == 1 else f"{fact} in [{', '.join(legal)}]"

    def between(self, fact: str, low: int | None, high: int | None, *, sure: bool) -> str:
        number = f"({fact} ?? {default_of(low, high, sure=sure)})"
        ends = [f"{number} >= {low}"] * (low is not None) + [f"{number} <= {high}"] * (high is not None)
        return self.every(ends)

    def every(self, parts: list[str]) -> str:
        return "(" + " and ".join(parts) + ")" if parts else "true"

    def some(self, parts: list[str]) -> str:
        return "(" + " or ".join(parts) + ")" if parts else "false"

    def three_valued(self, sure: str, possible: str) -> str:
        return f"({possible} ? ({sure} ? true : null) : false)"


def _literal(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"


def _prepare(guidance: Guidance) -> Ready:
    import zen

    of_person, persons = written(_Zen(), guidance, about_a_trial=False)
    of_trial, trials = written(_Zen(), guidance, about_a_trial=True)
    ask_person, ask_trial = (zen.compile_expression(f"[{', '.join(rules)}]").evaluate for rules in (persons, trials))
    return answering(gathering((of_person, of_trial), ask_person, ask_trial, nested))


CONTESTANTS = (
    Contestant(
        "ZEN",
        "zen-engine",
        "One compiled expression for the rules about the person and one for those about a trial, each an array with a value for every rule: true, null for"
        " may fire, or false. A decision table says the same, but the Python binding starts a runtime of threads for every evaluation of a decision, which"
        " took a millisecond and more.",
        _prepare,
    ),
)
