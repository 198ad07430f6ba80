"""Terms: conditions in negation normal form, made of tests of one answer each, joined by "every" and "some".

A test asks for one of some options, given as bits, or for a number inside or outside a range. In Kleene's logic,
whether a term surely or possibly holds follows from whether its tests do.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import assert_never

from attrs import frozen

from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.model.facts import Fact, OptionFact, RangeFact, Value

UNKNOWN = 1
"""The bit of an answer that is not known; options stand above."""
YES, NO = 2, 4


@frozen
class Among:
    """The answer in this variable is one of these options."""

    variable: str
    options: int
    is_flag: bool


@frozen
class Between:
    """The number in this variable lies between these ends, both included, or (with `inside` false) does not."""

    variable: str
    low: int | None
    high: int | None
    inside: bool


@frozen
class Every:
    """Every part holds; with none, always."""

    parts: tuple[Term, ...]


@frozen
class Some:
    """At least one part holds."""

    parts: tuple[Term, ...]


Test = Among | Between
Term = Among | Between | Every | Some
Clause = tuple[Term, ...]
"""Parts that must all hold: tests, and a `Some` where alternatives stand within."""


def option_bits(values: tuple[Value, ...], among: tuple[Value, ...]) -> int:
    """These options as bits, by their places among all."""
    return sum(2 << place for place, value in enumerate(among) if value in values)


def term(condition: Condition, variables: dict[str, tuple[str, Fact]], *, wanted: bool = True) -> Term:
    """Return the condition, or its negation, with "not" moved into the tests; `variables` hold the answers, by fact."""
    match condition:
        case OneOf(fact, values):
            variable, spec = variables[fact]
            assert isinstance(spec, OptionFact)
            bits = option_bits(values, spec.values)
            return Among(variable, bits if wanted else option_bits(spec.values, spec.values) & ~bits, spec.is_flag)
        case Within(fact, low, high):
            variable, spec = variables[fact]
            assert isinstance(spec, RangeFact)
            return Between(variable, low, high, wanted)
        case Not(part):
            return term(part, variables, wanted=not wanted)
        case AllOf(parts) | AnyOf(parts):
            each = tuple(term(part, variables, wanted=wanted) for part in parts)
            return every(each) if isinstance(condition, AllOf) == wanted else some(each)
        case _:
            assert_never(condition)


def every(parts: tuple[Term, ...]) -> Term:
    """All of these together, without one inside another."""
    flat = tuple(
        dict.fromkeys(chain.from_iterable(part.parts if isinstance(part, Every) else (part,) for part in parts))
    )
    return flat[0] if len(flat) == 1 else Every(flat)


def some(parts: tuple[Term, ...]) -> Term:
    """Any of these, without one inside another."""
    flat = tuple(
        dict.fromkeys(chain.from_iterable(part.parts if isinstance(part, Some) else (part,) for part in parts))
    )
    return flat[0] if len(flat) == 1 else Some(flat)


def clauses(of: Term) -> Iterator[Clause]:
    """Yield clauses of which at least one must hold.

    An outer "some" is split. An inner one is split only if every clause then requires a flag to be yes, since most
    people answer no. So there are never more clauses than the term has parts.
    """
    match of:
        case Some(parts):
            for part in parts:
                yield from clauses(part)
        case Every(parts):
            joined = (
                None
                if any(map(_is_yes, parts))
                else next(
                    (part for part in parts if isinstance(part, Some) and all(map(_asks_for_yes, part.parts))), None
                )
            )
            if joined is None:
                yield parts
            else:
                rest = tuple(part for part in parts if part is not joined)
                yield from ((*(part.parts if isinstance(part, Every) else (part,)), *rest) for part in joined.parts)
        case Among() | Between():
            yield (of,)
        case _:
            assert_never(of)


def _is_yes(of: Term) -> bool:
    return isinstance(of, Among) and of.is_flag and of.options == YES


def _asks_for_yes(of: Term) -> bool:
    return any(map(_is_yes, of.parts)) if isinstance(of, Every) else _is_yes(of)


def variables_of(of: Term) -> Iterator[str]:
    """The variables that the term reads."""
    match of:
        case Among(variable) | Between(variable):
            yield variable
        case Every(parts) | Some(parts):
            for part in parts:
                yield from variables_of(part)
        case _:
            assert_never(of)


def inner(of: Term) -> Iterator[Term]:
    """The term and all that is within it, where it is more than one test."""
    if isinstance(of, Every | Some):
        yield of
        for part in of.parts:
            yield from inner(part)
