"""Why a rule fires, and what keeps one undecided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from backscreen.engines.reference import holds
from backscreen.rulebook.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.rulebook.facts import Value


def grounds(condition: Condition, answers: Mapping[str, Value], *, wanted: bool = True) -> Iterator[str]:
    """The known facts that speak for the condition: those of atoms that are as wanted, beneath no part that is decided against it."""
    value = holds(condition, answers)
    if value is not None and value is not wanted:
        return
    match condition:
        case OneOf(fact) | Within(fact):
            if value is wanted:
                yield fact
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from grounds(part, answers, wanted=wanted)
        case Not(part):
            yield from grounds(part, answers, wanted=not wanted)
        case _:
            assert_never(condition)


def open_facts(condition: Condition, answers: Mapping[str, Value]) -> Iterator[str]:
    """The unknown facts of undecided atoms; none beneath a part that is decided."""
    if holds(condition, answers) is not None:
        return
    match condition:
        case OneOf(fact) | Within(fact):
            yield fact
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from open_facts(part, answers)
        case Not(part):
            yield from open_facts(part, answers)
        case _:
            assert_never(condition)
