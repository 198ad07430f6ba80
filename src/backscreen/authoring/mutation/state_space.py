"""What a condition comes to for everybody: every way to answer its facts, unknown among them, all at once.

A condition's value in each of the states is one bit of two integers. `engines.reference.holds` is what it answers to.
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
from backscreen.model.facts import Fact, Number, Value

MOST_STATES = 200_000
MOST_CONTRASTS = 1_000
Ways = tuple[list[Alternative], list[Alternative]]
"""The alternatives by which a condition holds, and those by which it fails."""


@frozen(eq=False, repr=False)
class Space:
    """Every state that matters to some conditions: for each of their facts the answers that can make a difference.

    State `sum(stride * place)` gives each fact the answer at its place; place 0 is unknown.
    """

    answers: Mapping[str, tuple[Value, ...]]
    strides: Mapping[str, int]
    size: int


@frozen
class Worth:
    """In which states a condition is true, and in which it is false, one bit a state; in the others it is unknown."""

    true: int
    false: int


def space(conditions: Iterable[Condition], facts: Mapping[str, Fact], most: int = MOST_STATES) -> Space | None:
    """The states that tell these conditions apart wherever they differ; None where there are more than `most`."""
    answers = telling(conditions, facts)
    strides, size = {}, 1
    for name, values in answers.items():
        strides[name] = size
        size *= len(values) + 1
    return Space(answers, strides, size) if size <= most else None


def telling(conditions: Iterable[Condition], facts: Mapping[str, Fact]) -> dict[str, tuple[Value, ...]]:
    """Return, for each fact that these conditions read, the answers that can make a difference to them."""
    spans: dict[str, set[int]] = {}
    read: dict[str, None] = {}
    for condition in conditions:
        for atom in atoms(condition):
            read[atom.fact] = None
            if isinstance(atom, Within):
                ends = (atom.low, None if atom.high is None else atom.high + 1)
                spans.setdefault(atom.fact, set()).update(end for end in ends if end is not None)
    return {name: _telling(facts[name], spans.get(name, set())) for name in read}


def _telling(spec: Fact, starts: set[int]) -> tuple[Value, ...]:
    """A fact's answers; of a number one of each span between thresholds, next to a threshold."""
    if not isinstance(spec, Number):
        return spec.values
    edges = sorted({spec.at_least, *(start for start in starts if spec.at_least < start <= spec.at_most)})
    first = edges[1] - 1 if len(edges) > 1 else edges[0]
    return (first, *edges[1:])


def worth(condition: Condition, states: Space) -> Worth:
    """The condition's value in every state."""
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
            for each in (worth(part, states) for part in parts):
                true, false = true & each.true, false | each.false
            return Worth(true, false)
        case AnyOf(parts):
            true, false = 0, _everywhere(states)
            for each in (worth(part, states) for part in parts):
                true, false = true | each.true, false & each.false
            return Worth(true, false)
        case Not(part):
            other = worth(part, states)
            return Worth(other.false, other.true)
        case _:
            assert_never(condition)


def unknown(value: Worth, states: Space) -> int:
    """The states in which a condition is unknown."""
    return _everywhere(states) & ~(value.true | value.false)


def _everywhere(states: Space) -> int:
    return (1 << states.size) - 1


def _where(states: Space, fact: str, fits: list[bool]) -> Worth:
    stride, count = states.strides[fact], len(fits) + 1
    run, period = (1 << stride) - 1, stride * count
    again = _everywhere(states) // ((1 << period) - 1)  # a bit at the start of each period
    true = sum(run << stride * place for place, fit in enumerate(fits, 1) if fit)
    false = sum(run << stride * place for place, fit in enumerate(fits, 1) if not fit)
    return Worth(true * again, false * again)


def smallest(among: int, states: Space) -> dict[str, Value] | None:
    """The answers of a state among these with the fewest facts known; None where there is no state among them."""
    return next(fewest_first(among, states), None)


def fewest_first(among: int, states: Space) -> Iterator[dict[str, Value]]:
    """The answers of each state among these, those with the fewest facts known first."""
    bits = bin(among)[:1:-1]
    if not among:
        return
    for count in range(len(states.answers) + 1):
        for known in combinations(states.answers, count):
            for places in product(*(range(1, len(states.answers[name]) + 1) for name in known)):
                state = sum(states.strides[name] * place for name, place in zip(known, places, strict=True))
                if state < len(bits) and bits[state] == "1":
                    yield {name: states.answers[name][place - 1] for name, place in zip(known, places, strict=True)}


def pivots(value: Worth, states: Space, fact: str, below: int | None = None) -> bool:
    """Whether two states that differ in the fact alone differ in whether the condition holds; with `below`, those on its two sides."""
    answers, stride = states.answers[fact], states.strides[fact]
    at = [_at(states, fact, place) for place in range(1, len(answers) + 1)]
    for low, here in enumerate(at):
        for high, there in enumerate(at[low + 1 :], low + 1):
            if below is not None and (answers[high] != below + 1 or high != low + 1):
                continue
            steps = stride * (high - low)
            if (value.true & here) << steps & value.false & there or (value.false & here) << steps & value.true & there:
                return True
    return False


def contrasts(fact: str, one: Value, other: Value, ways: Ways) -> Iterator[tuple[Alternative, Alternative]]:
    """Yield what else each way to hold with the one answer asks for, beside each way to fail with the other.

    Ways that ask nothing of the fact are left out: one that is fulfilled with the one answer is fulfilled with the other, too.
    """
    holding, failing = (
        [_without(fact, answer, way) for way in each] for answer, each in zip((one, other), ways, strict=True)
    )
    yield from product((way for way in holding if way is not None), (way for way in failing if way is not None))


def can_turn(fact: str, pairs: Iterable[tuple[Value, Value]], ways: Ways, facts: Mapping[str, Fact]) -> bool:
    """Return whether `MOST_CONTRASTS` contrasts hold a person for whom one of these pairs of answers alone decides."""
    both = (
        contrast
        for one, other in pairs
        for pair in ((one, other), (other, one))
        for contrast in contrasts(fact, *pair, ways)
    )
    return any(is_consistent((*here, *there), facts) for here, there in islice(both, MOST_CONTRASTS))


def fits(atom: Atom, answer: Value) -> bool:
    """Return whether the answer is one that the atom asks for."""
    match atom:
        case OneOf(_, values):
            return answer in values
        case Within(_, low, high):
            return (low is None or low <= int(answer)) and (high is None or int(answer) <= high)
        case _:
            assert_never(atom)


def _without(fact: str, answer: Value, way: Alternative) -> Alternative | None:
    """Return what a way asks of other facts, or None where it asks nothing of this one, or another answer."""
    asked = [atom for atom in way if atom.fact == fact]
    if asked and all(fits(atom, answer) for atom in asked):
        return tuple(atom for atom in way if atom.fact != fact)
    return None


def _at(states: Space, fact: str, place: int) -> int:
    """The states in which the fact has the answer at this place."""
    return _where(states, fact, [number == place for number in range(1, len(states.answers[fact]) + 1)]).true
