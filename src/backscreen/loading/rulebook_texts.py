"""Texts of a rulebook while it is read, and their diagnostics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Any, get_origin

import attrs
from attrs import evolve, field, frozen
from cattrs import Converter

from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.formats.yaml_text import Text
from backscreen.loading.ids import LETTERED, WORD
from backscreen.loading.structure import structured, to_fill_in
from backscreen.loading.text_lengths import ID, NO_TEXTS, TEXTS
from backscreen.model.catalogue import Region, Stretch, Target
from backscreen.model.facts import Fact, Group
from backscreen.model.rules import Document

MOST_PROBLEMS = 100
"""Diagnostics that are reported for one file."""
MOST_PROBLEMS_IN_ALL = 1000


@frozen(kw_only=True, eq=False, repr=False)
class Head:
    """Contents of rulebook.yaml."""

    id: str
    title: str
    summary: str
    version: str
    language: str
    looks_for_warning_signs: bool
    documents: tuple[Document, ...]
    retired_ids: tuple[str, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class Facts:
    """Contents of facts.yaml."""

    groups: tuple[Group, ...] = ()
    person: tuple[Fact, ...] = ()
    trial: tuple[Fact, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class Catalogue:
    """Contents of stretches.yaml."""

    regions: tuple[Region, ...] = ()
    targets: tuple[Target, ...] = ()
    stretches: tuple[Stretch, ...] = ()


_SECTIONS = frozenset(name for kind in (Head, Facts, Catalogue) for name in attrs.fields_dict(kind))


@frozen(eq=False, repr=False)
class Sources:
    """Texts of a rulebook by path below its folder, the files that cannot be read, and all diagnostics so far."""

    texts: dict[str, Text]
    diagnostics: list[Diagnostic] = field(factory=list)
    unread: Collection[str] = ()
    _to_fill_in: dict[str, frozenset[DocumentPath]] = field(factory=dict, init=False)
    _wrong: set[str] = field(factory=set, init=False)
    _bare: dict[str, set[str | None]] = field(factory=dict, init=False)
    """Positions of keys without a value, by file."""
    _told: Counter[str] = field(factory=Counter, init=False)

    def __attrs_post_init__(self) -> None:
        for file, text in self.texts.items():
            found = [*text.diagnostics, *islice(text.cut_texts(TEXTS, NO_TEXTS), MOST_PROBLEMS)]
            if found:
                self.diagnostics.extend(found if len(self.diagnostics) < MOST_PROBLEMS_IN_ALL else ())
                self._wrong.add(file)
                self._bare[file] = {
                    diagnostic.location for diagnostic in found if diagnostic.code == "key-without-value"
                }
            left = tuple(to_fill_in(text.data))
            for diagnostic in left:
                self.report(file, diagnostic)
            self._to_fill_in[file] = frozenset(diagnostic.path for diagnostic in left)

    def report(self, file: str, diagnostic: Diagnostic) -> None:
        """Record one thing that is wrong in a file, unless it is a placeholder still to be filled in."""
        self._wrong.add(file)
        if file in self._bare and self.texts[file].at(diagnostic.path, key=True) in self._bare[file]:
            return  # its missing value is already reported
        if diagnostic.path not in self._to_fill_in.get(file, ()):
            self._told[file] += 1
            if self._told[file] <= MOST_PROBLEMS and len(self.diagnostics) < MOST_PROBLEMS_IN_ALL:
                self.diagnostics.append(self.located(file, diagnostic))
            elif self._told[file] == MOST_PROBLEMS + 1 or len(self.diagnostics) == MOST_PROBLEMS_IN_ALL:
                where = self.texts[file].name if file in self.texts else file
                help_ = "fix these first; the rest is reported then"
                self.diagnostics.append(
                    Diagnostic("too many problems to list", location=where, help=help_, code="too-many-problems")
                )

    def located(self, file: str, diagnostic: Diagnostic) -> Diagnostic:
        """Return the diagnostic with its path in a file resolved to a position."""
        return self.texts[file].locate(diagnostic) if file in self.texts else evolve(diagnostic, location=file)

    def is_sound(self, file: str) -> bool:
        """Return whether a file could be read and has no diagnostics."""
        return file in self.texts and file not in self._wrong

    def read(self, strict: Converter, file: str, kind: Any) -> Any:
        """Return a file's values as `kind`, or report why they are not and return None."""
        if file not in self.texts:
            return None
        value, diagnostics = fitted(strict, self.texts[file], kind)
        for diagnostic in diagnostics:
            self.report(file, diagnostic)
        return value

    def under(self, file: str, key: str | None = None) -> object:
        """Return the value of a file, or of a key in it, of any type."""
        data = self.texts[file].data if file in self.texts else None
        return data if key is None else data.get(key) if isinstance(data, dict) else None

    def ids(self, file: str, key: str | None = None) -> Collection[str] | None:
        """The ids in a list, of entries that are wrong in themselves too; None where not all of them can be read.

        Nor are they where an id is given twice or is none: another was meant, which the rest of the rulebook names.
        """
        data, entries = self.under(file), self.under(file, key)
        if file in self.texts and any(diagnostic.name in ("id", key) for diagnostic in self.texts[file].diagnostics):
            return None  # of what is given twice, the second is not there
        if key is not None and entries is None and isinstance(data, dict):
            return () if data.keys() <= _SECTIONS else None  # it may be omitted; or its key is misspelt
        if not isinstance(entries, list):
            return None
        ids = [str(entry["id"]) for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
        form = LETTERED if key in (None, "documents") else WORD
        is_whole = len(set(ids)) == len(entries) and all(len(name) <= ID and form.fullmatch(name) for name in ids)
        return dict.fromkeys(ids) if is_whole else None


def fitted(strict: Converter, text: Text, kind: Any) -> tuple[Any, list[Diagnostic]]:
    """Return a file's values as `kind`, and what is wrong with them."""
    if text.data is None:
        expected = "a list" if get_origin(kind) is tuple else "a mapping (`name: value`)"
        return None, [
            Diagnostic(
                "this file is empty", help=f"expected {expected}; write it, or take the file away", code="empty-value"
            )
        ]
    return structured(strict, text.data, kind)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Problems by file, line and column."""
    return sorted(
        diagnostics,
        key=lambda diagnostic: (diagnostic.position[0] or "", diagnostic.position[1] or 0, diagnostic.position[2] or 0),
    )
