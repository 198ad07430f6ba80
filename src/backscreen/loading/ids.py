"""Forms of ids, and checks that each id has its form, is unique and was never retired."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Protocol

from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath

WORD = re.compile(r"[a-z][a-z0-9_]{0,59}")
HYPHENED = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LETTERED = re.compile(r"[A-Za-z][A-Za-z0-9]*")
SEMVER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}(?:[-+][0-9A-Za-z.+-]+)?")


class Identified(Protocol):
    """An entry with an id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


def check_ids(
    entries: Sequence[Identified], path: DocumentPath, form: re.Pattern[str], kind: str
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each id that does not have its form or is not unique."""
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        place = (*path, index, "id")
        if not form.fullmatch(entry.id):
            characters = "lower-case letters, digits and `_`" if form is WORD else "letters and digits"
            help_ = f"use {characters}, starting with a letter"
            yield Diagnostic(f"invalid {kind} id `{entry.id[:60]}`", path=place, help=help_, code="bad-id")
        elif entry.id in seen:
            help_ = "remove one of the two, or rename it"
            yield Diagnostic(f"duplicate {kind} `{entry.id}`", path=place, help=help_, code="repeated-id")
        seen.add(entry.id)


def check_unique(words: Iterable[str], path: DocumentPath) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each word that appears in a list again."""
    seen = set()
    for index, word in enumerate(words):
        if word in seen:
            yield duplicate_name(word, (*path, index))
        seen.add(word)


def duplicate_name(word: str, path: DocumentPath) -> Diagnostic:
    """Return the diagnostic for a word that appears in a list again."""
    return Diagnostic(
        f"duplicate `{word[:60]}` in this list", path=path, help="remove one of the two", code="repeated-name"
    )


def check_retired(
    entries: Sequence[Identified], retired: Container[str], path: DocumentPath, kind: str
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each id that was retired."""
    for index, entry in enumerate(entries):
        if entry.id in retired:
            yield retired_id((*path, index, "id"), kind, entry.id)


def retired_id(path: DocumentPath, kind: str, name: str) -> Diagnostic:
    """Return the diagnostic for an id that was retired."""
    return Diagnostic(
        f"the {kind} id `{name}` is among `retired_ids` in rulebook.yaml",
        path=path,
        help="choose an id that was never used",
        code="retired-id",
    )
