"""The syntax tree of `when`: what a rule asks of a person, and of one trial.

Facts of a trial are named `trial.felt`. `OneOf` tests a flag or a choice, `Within` a number.
Every reading of a condition (screening, SQL, proofs, …) is one exhaustive `match` over these five classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import assert_never

from attrs import frozen

from backscreen.model.facts import TRIAL, Fact, OptionFact, RangeFact, Value


@frozen
class OneOf:
    """The fact, a flag or a choice, has one of these values."""

    fact: str
    values: tuple[Value, ...]


@frozen
class Within:
    """The fact, a number, is between `low` and `high`, both included. None is an open end; at most one end is open."""

    fact: str
    low: int | None
    high: int | None

    def __attrs_post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("a span has at least one end")


@frozen
class AllOf:
    """Every part holds. With no parts: always so."""

    parts: tuple[Condition, ...]


@frozen
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@frozen
class Not:
    """The part does not hold."""

    part: Condition


Atom = OneOf | Within
Condition = OneOf | Within | AllOf | AnyOf | Not
Alternative = tuple[Atom, ...]

ALWAYS = AllOf(())


def atoms(condition: Condition) -> Iterator[Atom]:
    """Each atom of the condition, from left to right."""
    match condition:
        case OneOf() | Within():
            yield condition
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from atoms(part)
        case Not(part):
            yield from atoms(part)
        case _:
            assert_never(condition)


def signed_atoms(condition: Condition, *, wanted: bool = True) -> Iterator[tuple[Atom, bool]]:
    """Each atom, and whether the condition wants it to hold: False under an odd number of `not`."""
    match condition:
        case OneOf() | Within():
            yield condition, wanted
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from signed_atoms(part, wanted=wanted)
        case Not(part):
            yield from signed_atoms(part, wanted=not wanted)
        case _:
            assert_never(condition)


def reads_a_trial(condition: Condition) -> bool:
    """Whether the condition asks for a fact of a trial."""
    return any(atom.fact.startswith(TRIAL) for atom in atoms(condition))


class TooIntricate(Exception):
    """A condition has more alternatives than anybody could review, or an engine hold."""


def alternatives(
    condition: Condition, facts: dict[str, Fact], *, holds: bool = True, most: int = 512
) -> list[Alternative]:
    """The condition (or, with `holds=False`, its contrary) as alternatives, each of atoms that must all hold.

    Every atom asks for one option or for one range of a number. Contradictory alternatives are kept: they are false for
    a known fact but unknown for an unknown one, as is the condition.

    Raises `TooIntricate` past `most` alternatives.
    """
    match condition:
        case OneOf(fact, values):
            spec = facts[fact]
            assert isinstance(spec, OptionFact)
            wanted = values if holds else tuple(value for value in spec.values if value not in values)
            found: list[Alternative] = [(OneOf(fact, (value,)),) for value in wanted]
        case Within():
            found = [(span,) for span in _spans(condition, facts, holds)]
        case Not(part):
            return alternatives(part, facts, holds=not holds, most=most)
        case AllOf(parts) | AnyOf(parts):
            each = [alternatives(part, facts, holds=holds, most=most) for part in parts]
            if isinstance(condition, AllOf) == holds:
                count = 1
                for choices in each:
                    count *= len(choices)
                if count > most:
                    raise TooIntricate
                found = [
                    tuple(dict.fromkeys(atom for part in combination for atom in part))
                    for combination in product(*each)
                ]
            else:
                found = [alternative for choices in each for alternative in choices]
        case _:
            assert_never(condition)
    if len(found) > most:
        raise TooIntricate
    return found


def _spans(span: Within, facts: dict[str, Fact], holds: bool) -> list[Within]:
    if holds:
        return [span]
    spec = facts[span.fact]
    assert isinstance(spec, RangeFact)
    below = [] if span.low is None else [Within(span.fact, None, span.low - 1)]
    above = [] if span.high is None else [Within(span.fact, span.high + 1, None)]
    return below + above


def can_hold(condition: Condition, facts: dict[str, Fact], *, holds: bool = True) -> bool:
    """Whether some fully known person (and trial) makes the condition true (or, with `holds=False`, false)."""
    return any(is_consistent(alternative, facts) for alternative in alternatives(condition, facts, holds=holds))


def is_consistent(alternative: Alternative, facts: Mapping[str, Fact]) -> bool:
    """Whether some answers fulfil all of these atoms together."""
    options: dict[str, set[Value]] = {}
    spans: dict[str, tuple[int, int]] = {}
    for atom in alternative:
        spec = facts[atom.fact]
        match atom:
            case OneOf(fact, values):
                options[fact] = options.get(fact, set(values)) & set(values)
            case Within(fact, low, high):
                assert isinstance(spec, RangeFact)
                least, most = spans.get(fact, (spec.at_least, spec.at_most))
                spans[fact] = (
                    least if low is None else max(least, low),
                    most if high is None else min(most, high),
                )
            case _:
                assert_never(atom)
    return all(options.values()) and all(low <= high for low, high in spans.values())
