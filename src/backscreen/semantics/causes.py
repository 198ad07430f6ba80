"""Why a rule fires, what keeps one undecided, and which questions would take back an assumption."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, assert_never

from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within, atoms
from backscreen.model.facts import TRIAL, Fact, Value
from backscreen.semantics.reference import Kleene, conjunction, holds, negation


class Why(NamedTuple):
    """A condition's value; the known facts that speak for it; and the unknown facts that keep it undecided."""

    value: Kleene
    grounds: tuple[str, ...]
    """Facts of atoms that are as wanted, below no part that is decided against it; in order, with repetitions."""
    undecided: tuple[str, ...]
    """Facts of undecided atoms, below no part that is decided; in the same order."""


def why(condition: Condition, answers: Mapping[str, Value], *, wanted: bool = True) -> Why:
    """Why the condition is as wanted, or what keeps it open.

    >>> why(AnyOf((OneOf("sciatica", (True,)), OneOf("smoker", (True,)))), {"sciatica": True})
    Why(value=True, grounds=('sciatica',), undecided=())
    """
    match condition:
        case OneOf(fact) | Within(fact):
            value = holds(condition, answers)
            return Why(value, (fact,) if value is wanted else (), (fact,) if value is None else ())
        case Not(part):
            found = why(part, answers, wanted=not wanted)
            return Why(negation(found.value), found.grounds, found.undecided)
        case AllOf(parts) | AnyOf(parts):
            each = [why(part, answers, wanted=wanted) for part in parts]
            values = [one.value for one in each]
            value = (
                conjunction(values)
                if isinstance(condition, AllOf)
                else negation(conjunction([negation(one) for one in values]))
            )
            speaks_for = value is None or value is wanted
            return Why(
                value,
                tuple(fact for one in each for fact in one.grounds) if speaks_for else (),
                tuple(fact for one in each for fact in one.undecided) if value is None else (),
            )
        case _:
            assert_never(condition)


class Gap(NamedTuple):
    """A fact that a condition asks for even where another, which it rests on, was assumed to be "no"."""

    asked: str
    assumed: str
    no: Value


def unguarded(condition: Condition, facts: Mapping[str, Fact]) -> Iterator[Gap]:
    """Yield each fact that can keep the condition undecided where its answer could take back an assumption."""
    for asked in dict.fromkeys(atom.fact for atom in atoms(condition) if atom.fact in facts):
        prefix = TRIAL if asked.startswith(TRIAL) else ""
        for assumed in (prefix + name for name in facts[asked].rests_on):
            no = facts[assumed].no if assumed in facts else None
            if no is not None and asked in why(condition, {assumed: no}).undecided:
                yield Gap(asked, assumed, no)
