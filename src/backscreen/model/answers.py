"""Answers of a person or a trial as plain values, apart from the facts that are left open or answered `unsure`."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from numbers import Integral
from typing import cast

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import ProfileError
from backscreen.model.facts import UNSURE, Value

Answers = dict[str, Value]
Names = tuple[str, ...]

_PLAIN = {bool, int, str}
_WORD = {str}


def read_answers(given: object, place: str) -> tuple[Answers, Names, Names]:
    """Return the answers as plain values under plain names, the names left open, and those answered `unsure`.

    INVARIANT: `type` of each name is `str`, and of each answer `bool`, `int` or `str`. No equality or hash of anybody's
    own decides on a screening. A loop over many people spends much of its time here, so plain answers take few steps.
    """
    if not isinstance(given, dict | Mapping):
        raise ProfileError(
            [Diagnostic(f"{place} must be a mapping from facts to answers", help="such as {'sciatica': True}")]
        )
    answers = dict(given)
    types = set(map(type, answers.values()))
    is_plain = types <= _PLAIN and _WORD.issuperset(map(type, answers))
    if is_plain and (str not in types or UNSURE not in answers.values()):
        return answers, (), ()
    diagnostics = []
    plain: dict[str, Value | None] = {}
    for word, value in answers.items():
        name = plain_value(word)
        if not isinstance(name, str):
            diagnostics.append(
                Diagnostic("the name of a fact must be a word", location=place, help="such as `sciatica`")
            )
            continue
        answer = plain_value(value)
        if answer is None and value is not None:
            shown = f"`{value}`" if isinstance(value, float) else "this"
            help_ = "expected True or False, a whole number or a word; write None if it is not known"
            what, where = f"{shown} is not an answer to `{name[:60]}`", f"{place}.{name}"
            diagnostics.append(Diagnostic(what, location=where, help=help_, name=name, code="wrong-answer"))
        elif name in plain:
            what = f"`{name[:60]}` is answered twice, under names of different types"
            diagnostics.append(Diagnostic(what, location=place, help="keep one of the two", name=name))
        plain[name] = answer
    if diagnostics:
        raise ProfileError(diagnostics)
    known = {name: value for name, value in plain.items() if value is not None and value != UNSURE}
    return known, _named_as(plain, None), _named_as(plain, UNSURE)


def plain_value(value: object) -> Value | None:
    """Return the plain answer that a value stands for, or None.

    A subclass stands for its base, and an integer or a truth value of NumPy for Python's own.
    """
    if type(value) in _PLAIN:
        return cast("Value", value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Integral):
        return int(operator.index(value))
    dtype = getattr(value, "dtype", None)
    if getattr(dtype, "kind", None) == "b" and getattr(value, "ndim", None) == 0:  # numpy.bool_, which is no number
        return bool(value)
    return None


def _named_as(answers: Mapping[str, Value | None], answer: str | None) -> Names:
    return tuple(sorted(name for name, value in answers.items() if value == answer))


def in_order(answers: Answers) -> tuple[tuple[str, Value], ...]:
    """Return the answers sorted by name."""
    return tuple(sorted(answers.items()))


def typed(answers: Answers) -> tuple[tuple[str, type, Value], ...]:
    """Return the key by which answers are equal: `True` is another answer than `1`."""
    return tuple((name, type(answers[name]), answers[name]) for name in sorted(answers))
