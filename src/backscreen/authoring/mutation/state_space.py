"""Truth tables of conditions over every combination of answers that matters, unknown ones included.

A table is two integers with one bit a state. It must agree with `semantics.reference.holds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice, product
from typing import assert_never

from attrs import frozen

from backscreen.model.conditions import (
    AllOf,
    Alternative,
    AnyOf,
    Atom,
    Condition,
    Not,
    OneOf,
    Within,
    atoms,
    is_consistent,
)
from backscreen.model.facts import Fact, RangeFact, Value

MOST_STATES = 200_000
MOST_CONTRASTS = 1_000
Ways = tuple[list[Alternative], list[Alternative]]
"""The alternatives by which a condition holds, and those by which it fails."""


@frozen(eq=False, repr=False)
class StateSpace:
    """Every combination of the answers that can make a difference to some conditions.

    State `sum(stride * place)` gives each fact the answer at its place; place 0 is unknown.
    """

    answers: Mapping[str, tuple[Value, ...]]
    strides: Mapping[str, int]
    size: int


@frozen
class TruthTable:
    """The states in which a condition is true, and those in which it is false, one bit a state."""

    true: int
    false: int


def state_space(
    conditions: Iterable[Condition], facts: Mapping[str, Fact], most: int = MOST_STATES
) -> StateSpace | None:
    """Return states that tell these conditions apart wherever they differ; None if there are more than `most`."""
    answers = distinct_answers(conditions, facts)
    strides, size = {}, 1
    for name, values in answers.items():
        strides[name] = size
        size *= len(values) + 1
    return StateSpace(answers, strides, size) if size <= most else None


def distinct_answers(conditions: Iterable[Condition], facts: Mapping[str, Fact]) -> dict[str, tuple[Value, ...]]:
    """Return, for each fact that these conditions read, the answers that can make a difference to them."""
    spans: dict[str, set[int]] = {}
    read: dict[str, None] = {}
    for condition in conditions:
        for atom in atoms(condition):
            read[atom.fact] = None
            if isinstance(atom, Within):
                ends = (atom.low, None if atom.high is None else atom.high + 1)
                spans.setdefault(atom.fact, set()).update(end for end in ends if end is not None)
    return {name: _distinct(facts[name], spans.get(name, set())) for name in read}


def _distinct(spec: Fact, starts: set[int]) -> tuple[Value, ...]:
    """Return a fact's answers; for a number, one of each span between thresholds, next to a threshold."""
    if not isinstance(spec, RangeFact):
        return spec.values
    edges = sorted({spec.at_least, *(start for start in starts if spec.at_least < start <= spec.at_most)})
    first = edges[1] - 1 if len(edges) > 1 else edges[0]
    return (first, *edges[1:])


def truth_table(condition: Condition, states: StateSpace) -> TruthTable:
    """Return a condition's value in every state."""
    match condition:
        case OneOf(fact, values):
            known = states.answers[fact]
            return _where(states, fact, [answer in values for answer in known])
        case Within(fact, low, high):
            numbers = [int(answer) for answer in states.answers[fact]]
            return _where(
                states,
                fact,
                [(low is None or low <= number) and (high is None or number <= high) for number in numbers],
            )
        case AllOf(parts):
            true, false = _everywhere(states), 0
            for each in (truth_table(part, states) for part in parts):
                true, false = true & each.true, false | each.false
            return TruthTable(true, false)
        case AnyOf(parts):
            true, false = 0, _everywhere(states)
            for each in (truth_table(part, states) for part in parts):
                true, false = true | each.true, false & each.false
            return TruthTable(true, false)
        case Not(part):
            table = truth_table(part, states)
            return TruthTable(table.false, table.true)
        case _:
            assert_never(condition)


def unknown(table: TruthTable, states: StateSpace) -> int:
    """Return the states in which a condition is unknown."""
    return _everywhere(states) & ~(table.true | table.false)


def _everywhere(states: StateSpace) -> int:
    return (1 << states.size) - 1


def _where(states: StateSpace, fact: str, fits: list[bool]) -> TruthTable:
    stride, count = states.strides[fact], len(fits) + 1
    run, period = (1 << stride) - 1, stride * count
    period_starts = _everywhere(states) // ((1 << period) - 1)
    true = sum(run << stride * place for place, fit in enumerate(fits, 1) if fit)
    false = sum(run << stride * place for place, fit in enumerate(fits, 1) if not fit)
    return TruthTable(true * period_starts, false * period_starts)


def smallest(among: int, states: StateSpace) -> dict[str, Value] | None:
    """Return the answers of a state among these with the fewest known facts; None if there is none."""
    return next(fewest_first(among, states), None)


def fewest_first(among: int, states: StateSpace) -> Iterator[dict[str, Value]]:
    """Yield the answers of each state among these, fewest known facts first."""
    bits = bin(among)[:1:-1]
    if not among:
        return
    for count in range(len(states.answers) + 1):
        for known in combinations(states.answers, count):
            for places in product(*(range(1, len(states.answers[name]) + 1) for name in known)):
                state = sum(states.strides[name] * place for name, place in zip(known, places, strict=True))
                if state < len(bits) and bits[state] == "1":
                    yield {name: states.answers[name][place - 1] for name, place in zip(known, places, strict=True)}


def can_decide(table: TruthTable, states: StateSpace, fact: str, below: int | None = None) -> bool:
    """Return whether a change of this fact alone can turn the condition from true to false.

    With `below`, only a change between this number and the next one counts.
    """
    answers, stride = states.answers[fact], states.strides[fact]
    at = [_at(states, fact, place) for place in range(1, len(answers) + 1)]
    for low, here in enumerate(at):
        for high, there in enumerate(at[low + 1 :], low + 1):
            if below is not None and (answers[high] != below + 1 or high != low + 1):
                continue
            steps = stride * (high - low)
            falls = (table.true & here) << steps & table.false & there
            rises = (table.false & here) << steps & table.true & there
            if falls or rises:
                return True
    return False


def contrasts(fact: str, one: Value, other: Value, ways: Ways) -> Iterator[tuple[Alternative, Alternative]]:
    """Yield what else each way to hold with `one` requires, paired with each way to fail with `other`.

    Ways that do not read the fact are skipped: if such a way holds with one answer, it holds with the other too.
    """
    holding, failing = (
        [_without(fact, answer, way) for way in alternatives]
        for answer, alternatives in zip((one, other), ways, strict=True)
    )
    yield from product((way for way in holding if way is not None), (way for way in failing if way is not None))


def has_contrast(fact: str, pairs: Iterable[tuple[Value, Value]], ways: Ways, facts: Mapping[str, Fact]) -> bool:
    """Return whether one of these pairs of answers alone decides for somebody.

    The search covers the first `MOST_CONTRASTS` contrasts: it is for conditions with too many states for a table.
    """
    both = (
        contrast
        for one, other in pairs
        for pair in ((one, other), (other, one))
        for contrast in contrasts(fact, *pair, ways)
    )
    return any(is_consistent((*here, *there), facts) for here, there in islice(both, MOST_CONTRASTS))


def is_accepted(atom: Atom, answer: Value) -> bool:
    """Return whether an atom accepts this answer."""
    match atom:
        case OneOf(_, values):
            return answer in values
        case Within(_, low, high):
            return (low is None or low <= int(answer)) and (high is None or int(answer) <= high)
        case _:
            assert_never(atom)


def _without(fact: str, answer: Value, way: Alternative) -> Alternative | None:
    """Return what a way requires of other facts; None if it does not read this one, or rejects the answer."""
    asked = [atom for atom in way if atom.fact == fact]
    if asked and all(is_accepted(atom, answer) for atom in asked):
        return tuple(atom for atom in way if atom.fact != fact)
    return None


def _at(states: StateSpace, fact: str, place: int) -> int:
    """Return the states in which the fact has the answer at this place."""
    return _where(states, fact, [number == place for number in range(1, len(states.answers[fact]) + 1)]).true
