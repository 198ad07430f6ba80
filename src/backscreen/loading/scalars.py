"""Scalars of a rulebook's files: words, numbers, flags, dates and options, without coercion."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum

from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.suggestions import nearest, one_of
from backscreen.model.rules import Fires

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class InvalidValue(Exception):
    """A value that a structuring hook refuses, with its diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__()
        self.diagnostics = diagnostics


def wrong_type(code: Code, expected: str, value: object) -> InvalidValue:
    """Return the error for a value of the wrong type, or for an empty one."""
    if value is None:
        return InvalidValue(
            Diagnostic(
                "this is empty",
                help=f"expected {expected}; remove the key if it is optional",
                code="empty-value",
            )
        )
    return InvalidValue(Diagnostic(f"expected {expected}", help=f"write {expected} here", code=code))


def word(value: object) -> str:
    """Return a word or a sentence on one line."""
    if isinstance(value, str) and value.strip():
        text = value.rstrip("\n")  # with which a block (`>`, `|`) ends
        if "\n" in text:
            raise InvalidValue(
                Diagnostic(
                    "this text goes over several lines",
                    help="write it as one paragraph; behind `>-` its lines become one",
                    code="line-break",
                )
            )
        return text
    if isinstance(value, bool | int):
        raise InvalidValue(
            Diagnostic("this is not a word", help="put it in quotes if a word is meant", code="not-a-word")
        )
    if isinstance(value, dict) and value:
        raise InvalidValue(
            Diagnostic(
                "this is not a word or a sentence",
                help="put the text in quotes if the colon belongs to it",
                code="not-a-word",
            )
        )
    raise wrong_type("not-a-word", "a word or a sentence", value)


def whole_number(value: object) -> int:
    """Return a whole number; `yes` and `no` are none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise wrong_type("not-a-number", "a whole number", value)


def flag(value: object) -> bool:
    """Return `yes` or `no` as a boolean."""
    if isinstance(value, bool):
        return value
    raise wrong_type("not-a-flag", "`yes` or `no`", value)


def day(value: object) -> date:
    """Return a date such as 2026-11-20."""
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # the thirtieth of February gets the same message
    raise wrong_type("not-a-date", "a date such as 2026-11-20", value)


def fires(value: object) -> Fires:
    """Return whether a rule is expected to fire."""
    if isinstance(value, bool):
        return Fires.YES if value else Fires.NO
    if value == "unknown":
        return Fires.UNKNOWN
    raise wrong_type("unknown-word", "`yes`, `no` or `unknown`", value)


def option(value: object, kind: type[Enum]) -> Enum:
    """Return the member of an enumeration."""
    try:
        if isinstance(value, str):
            return kind(value)
    except ValueError:
        pass  # the message names what is legal
    legal = [str(member.value) for member in kind]
    close = nearest(value, legal) if isinstance(value, str) else None
    expected = f"expected {one_of(legal)}"
    what = f"unknown word `{value[:60]}`" if isinstance(value, str) else "this is not one of the allowed words"
    raise InvalidValue(
        Diagnostic(what, help=f"did you mean `{close}`? {expected}" if close else expected, code="unknown-word")
    )
