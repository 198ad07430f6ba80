"""Conditions in plain words; each output decides how a fact and its values look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import assert_never

from backscreen.model.conditions import AllOf, AnyOf, Atom, Condition, Not, OneOf, Within, signed_atoms
from backscreen.model.facts import Value, written

AtomWords = Callable[[Atom], str]
Comparison = tuple[str, str, int]
"""A comparison that excludes its number, as written: the fact, `less_than` or `more_than`, and the number."""


def ticked(value: Value) -> str:
    """Return a value in backticks, as messages for authors show it."""
    return f"`{written(value)}`"


def wanted_answer(
    atom: Atom, value_words: Callable[[Value], str] = written, comparisons: Collection[Comparison] = ()
) -> str:
    """Return which answers an atom accepts.

    A comparison that excludes its number is worded as its author wrote it: `more than 4`, not `at least 5`.

    >>> wanted_answer(OneOf("side", ("left", "right"))), wanted_answer(Within("warm_up_min", None, 4))
    ('left or right', 'at most 4')
    >>> wanted_answer(Within("warm_up_min", None, 4), comparisons=[("warm_up_min", "less_than", 5)])
    'less than 5'
    """
    match atom:
        case OneOf(_, values):
            return either(map(value_words, values))
        case Within():
            return _span(atom, comparisons)
        case _:
            assert_never(atom)


def _span(atom: Within, comparisons: Collection[Comparison]) -> str:
    low, high = atom.low, atom.high
    if low == high:
        return f"exactly {low}"
    above = low is not None and (atom.fact, "more_than", low - 1) in comparisons
    below = high is not None and (atom.fact, "less_than", high + 1) in comparisons
    if low is not None and high is not None and not (above or below):
        return f"{low} to {high}"
    ends = []
    if low is not None:
        ends.append(f"more than {low - 1}" if above else f"at least {low}")
    if high is not None:
        ends.append(f"less than {high + 1}" if below else f"at most {high}")
    return " and ".join(ends)


def wanted_of_fact(condition: Condition, fact: str, value_words: Callable[[Value], str] = written) -> str:
    """Return which answers a condition accepts for one fact; below a `not`, which it rejects.

    >>> wanted_of_fact(Not(OneOf("sciatica", (True,))), "sciatica")
    'anything but yes'
    """
    answers = (
        f"{'' if wanted else 'anything but '}{wanted_answer(atom, value_words)}"
        for atom, wanted in signed_atoms(condition)
        if atom.fact == fact
    )
    return ", ".join(dict.fromkeys(answers))


def in_a_line(condition: Condition, atom_words: AtomWords, *, inner: bool = False) -> str:
    """Return a condition as part of a sentence; an `inner` one is in brackets where it joins several parts.

    >>> parts = OneOf("sciatica", (True,)), Not(OneOf("smoker", (True,)))
    >>> in_a_line(AnyOf(parts), lambda atom: atom.fact)
    'sciatica or not smoker'
    """
    match condition:
        case OneOf() | Within():
            return atom_words(condition)
        case Not(part):
            return f"not {in_a_line(part, atom_words, inner=True)}"
        case AllOf((part,)) | AnyOf((part,)):
            return in_a_line(part, atom_words, inner=inner)
        case AllOf(()):
            return "always"
        case AllOf(parts) | AnyOf(parts):
            word = " and " if isinstance(condition, AllOf) else " or "
            joined = word.join(in_a_line(part, atom_words, inner=True) for part in parts)
            return f"({joined})" if inner else joined
        case _:
            assert_never(condition)


def as_outline(condition: Condition, atom_words: AtomWords, depth: int = 0) -> Iterator[tuple[int, str]]:
    """Yield a condition as the lines of a nested list, each with its depth.

    >>> parts = OneOf("sciatica", (True,)), Not(OneOf("smoker", (True,)))
    >>> list(as_outline(AnyOf(parts), lambda atom: atom.fact))
    [(0, 'at least one of these:'), (1, 'sciatica'), (1, 'this is not so:'), (2, 'smoker')]
    """
    match condition:
        case OneOf() | Within():
            yield depth, atom_words(condition)
        case Not(part):
            yield depth, "this is not so:"
            yield from as_outline(part, atom_words, depth + 1)
        case AllOf((part,)) | AnyOf((part,)):
            yield from as_outline(part, atom_words, depth)
        case AllOf(()):
            yield depth, "always"
        case AllOf(parts) | AnyOf(parts):
            yield depth, f"{'all' if isinstance(condition, AllOf) else 'at least one'} of these:"
            for part in parts:
                yield from as_outline(part, atom_words, depth + 1)
        case _:
            assert_never(condition)


def either(words: Iterable[str]) -> str:
    """Join words of which one holds.

    >>> either(["left", "middle", "right"])
    'left, middle or right'
    """
    return _series(list(words), "or")


def several(words: Iterable[str]) -> str:
    """Join words of which all hold."""
    return _series(list(words), "and")


def _series(words: list[str], last: str) -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
