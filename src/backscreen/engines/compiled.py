"""The rulebook compiled to straight-line Python: for each rule one expression that says fires, and one that says may fire.

An answer is looked up as `a("sciatica")`, None where it is unknown. Only names and values of a checked rulebook get into the source, each through `repr`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from backscreen.engines.activations import ON_THE_PERSON, Activation, Activations, Certainty, Known
from backscreen.rulebook.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.rulebook.facts import Value
from backscreen.rulebook.rulebook import Guidance, Placed

Lookup = Callable[[str], Value | None]
Test = Callable[[Lookup, str | None], bool]


class CompiledEngine:
    """Evaluates a rulebook as compiled Python; may be shared between threads."""

    name = "compiled"

    def __init__(self, guidance: Guidance) -> None:
        self._of_person: list[tuple[int, Test, Test]] = []
        self._of_trial: list[tuple[int, Test, Test]] = []
        for number, placed in enumerate(guidance.rules):
            tests = _compiled(_narrowed(placed, sure=True)), _compiled(_narrowed(placed, sure=False))
            (self._of_trial if placed.about_a_trial else self._of_person).append((number, *tests))

    def activations(self, person: Known, trials: tuple[Known, ...]) -> Activations:
        """Decide every rule against the person, or against each trial."""
        found: dict[Activation, Certainty] = {}
        _run(self._of_person, person, ON_THE_PERSON, found)
        for index, trial in enumerate(trials):
            _run(self._of_trial, trial, index, found)
        return found


def _run(rules: list[tuple[int, Test, Test]], known: Known, index: int, found: dict[Activation, Certainty]) -> None:
    lookup = known.answers.get
    for number, fires, may_fire in rules:
        if may_fire(lookup, known.stretch):
            found[Activation(number, index)] = Certainty.FIRES if fires(lookup, known.stretch) else Certainty.MAY_FIRE


def _compiled(expression: str) -> Test:
    test: Test = eval(compile(f"lambda a, stretch: {expression}", "<rule>", "eval"), {"__builtins__": {}})  # noqa: S307 - our own source
    return test


def _narrowed(placed: Placed, *, sure: bool) -> str:
    when = _expression(placed.rule.when, sure=sure, wanted=True)
    if placed.tried is None:
        return when
    tried = f"stretch in {tuple(sorted(placed.tried))!r}"
    return f"({tried}) and {when}" if sure else f"(stretch is None or {tried}) and {when}"


def _expression(condition: Condition, *, sure: bool, wanted: bool) -> str:
    """Source that says whether the condition surely (or else possibly) has the wanted value."""
    match condition:
        case OneOf(fact, values):
            return _atom(fact, f"a({fact!r}) {'in' if wanted else 'not in'} {values!r}", sure=sure)
        case Within(fact, low, high):
            ends = [f"{low} <= a({fact!r})"] * (low is not None) + [f"a({fact!r}) <= {high}"] * (high is not None)
            return _atom(fact, f"{'' if wanted else 'not '}({' and '.join(ends)})", sure=sure)
        case AllOf(parts) | AnyOf(parts):
            together = isinstance(condition, AllOf) == wanted
            if not parts:
                return repr(together)
            return "(" + (" and " if together else " or ").join(_expression(part, sure=sure, wanted=wanted) for part in parts) + ")"
        case Not(part):
            return _expression(part, sure=sure, wanted=not wanted)
        case _:
            assert_never(condition)


def _atom(fact: str, test: str, *, sure: bool) -> str:
    return f"(a({fact!r}) is not None and {test})" if sure else f"(a({fact!r}) is None or {test})"
