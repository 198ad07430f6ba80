"""JsonLogic in pure Python (panzi-json-logic): the rules as one list of logic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from backscreen.rulebook.facts import Value
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Contestant, Ready
from benchmarks.contestants.expressions import default_of, nested, ready

Logic = Any
"""JSON: a literal, a list of logic, or `{operator: arguments}`."""


class _JsonLogic:
    """JsonLogic. A missing `var` is null, or its default where it has one; `!==` holds for null too."""

    def itself(self, fact: str) -> Logic:
        return {"var": fact}

    def flag(self, fact: str, value: bool, *, sure: bool) -> Logic:
        if sure and value:
            return {"var": fact}
        return {"===": [{"var": fact}, value]} if sure else {"!==": [{"var": fact}, not value]}

    def choice(self, fact: str, values: Sequence[Value], *, sure: bool) -> Logic:
        legal = list(values) if sure else [*values, None]
        return {"===": [{"var": fact}, legal[0]]} if len(legal) == 1 else {"in": [{"var": fact}, legal]}

    def between(self, fact: str, low: int | None, high: int | None, *, sure: bool) -> Logic:
        number = {"var": [fact, default_of(low, high, sure=sure)]}
        if low is None:
            return {"<=": [number, high]}
        return {">=": [number, low]} if high is None else {"<=": [low, number, high]}

    def every(self, parts: list[Logic]) -> Logic:
        return {"and": parts} if len(parts) > 1 else parts[0] if parts else True

    def some(self, parts: list[Logic]) -> Logic:
        return {"or": parts} if len(parts) > 1 else parts[0] if parts else False

    def three_valued(self, sure: Logic, possible: Logic) -> Logic:
        return {"and": [possible, {"or": [sure, None]}]}


def _prepare(guidance: Guidance) -> Ready:
    import json_logic

    return ready(_JsonLogic(), guidance, lambda rules: partial(json_logic.jsonLogic, rules), nested)


CONTESTANTS = (
    Contestant(
        "JsonLogic",
        "panzi-json-logic",
        "One list of logic for the rules about the person and one for those about a trial, with a value for every rule: true, null for may fire, or false."
        " An unknown number takes a default of `var`, outside of the span or inside of it. This implementation reads the logic anew each time; it has no way"
        " to compile it.",
        _prepare,
    ),
)
