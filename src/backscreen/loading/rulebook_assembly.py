"""Assembly of a rulebook from its texts: every file is read as far as possible, so that all errors are reported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, TypeVar

import attrs
from attrs import evolve, frozen
from cattrs import Converter

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError
from backscreen.diagnostics.suggestions import shared_budget
from backscreen.formats.yaml_text import Text
from backscreen.loading.declared_names import Names
from backscreen.loading.directory import PARTS, SCENARIOS
from backscreen.loading.fact_checks import check_facts
from backscreen.loading.references import ReadRule, check_rulebook
from backscreen.loading.rulebook_texts import Catalogue, Facts, Head, Sources, fitted, in_order
from backscreen.loading.sizes import beyond
from backscreen.loading.structure import converter, salvaged, structured
from backscreen.model.catalogue import Stretch
from backscreen.model.conditions import OneOf, atoms
from backscreen.model.effects import Effect
from backscreen.model.facts import TRIAL, Fact
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule, Scenario, Statement

Declared = TypeVar("Declared", bound=Fact | Stretch)

_STAND_IN: dict[str, Any] = {
    "id": "unread",
    "title": "?",
    "when": {},
    "effect": min(Effect).value,
    "reason": "?",
    "statements": [],
}
"""Values in place of the invalid keys of a rule, so that its other keys can be checked."""
_UNREAD_HEAD = Head(
    id="unread", title="", summary="", version="0.0.0", language="", looks_for_warning_signs=False, documents=()
)
"""Head in place of one that cannot be read, so that the other files can be checked."""


@frozen(eq=False, repr=False)
class Reading:
    """The readable part of a rulebook, its rules by file, and its texts with all diagnostics.

    `folder` is its name in messages.
    """

    folder: str
    book: Rulebook
    sources: Sources
    rules: Mapping[str, ReadRule]

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All diagnostics, by file and line."""
        return in_order(self.sources.diagnostics)

    def admitted(self) -> Rulebook:
        """Return the rulebook; raise `RulebookError` if anything is wrong with it.

        INVARIANT: no rulebook leaves here that lacks one of its rules, or that holds the stand-in of a misdeclared
        fact, which never holds.
        """
        stand_ins = any(
            isinstance(atom, OneOf) and not atom.values for rule in self.book.rules for atom in atoms(rule.when)
        )
        if self.sources.diagnostics or stand_ins or len(self.book.rules) < len(self.rules):
            message, help_ = "a rule could not be read", "this is a bug in backscreen; please report it"
            unreported = Diagnostic(message, location=self.folder, help=help_, code="unread-rule")
            raise RulebookError(self.diagnostics or [unreported])
        return self.book


@frozen(eq=False, repr=False)
class _Parts:
    """The parts of a rulebook that every rulebook has; None for what cannot be read."""

    head: Head | None
    facts: Facts | None
    catalogue: Catalogue | None
    statements: tuple[Statement, ...] | None

    @property
    def valid_files(self) -> list[str]:
        """The files that could be read."""
        parts = (self.head, self.facts, self.catalogue, self.statements)
        return [file for file, part in zip(PARTS, parts, strict=True) if part is not None]


@shared_budget()
def assemble(sources: Sources, folder: str, *, cases: bool) -> Reading:
    """Return the rulebook in the texts; an error in one part keeps no other part from being checked."""
    for part in PARTS:
        if part not in sources.texts and part not in sources.unread:
            help_ = "every rulebook has " + ", ".join(PARTS)
            sources.diagnostics.append(
                Diagnostic(f"`{part}` is missing", location=folder, help=help_, code="part-missing")
            )
    plain = converter()
    parts = _parts(sources, plain)
    facts = _valid_facts(sources, plain, parts)
    names = _names(sources, parts)
    declared = {fact.id: fact for fact in facts.person} | {TRIAL + fact.id: fact for fact in facts.trial}
    strict = converter(declared, names.misdeclared(declared), cases=cases)
    rules = {file: _rule(sources, strict, file) for file in sorted(sources.texts) if "/" in file}
    scenarios = tuple(
        evolve(scenario, at=sources.texts[SCENARIOS].at((index, "name")))
        for index, scenario in enumerate(sources.read(strict, SCENARIOS, tuple[Scenario, ...]) or ())
    )
    catalogue = _valid_catalogue(sources, plain, parts)
    book = Rulebook(
        **({name: getattr(parts.head or _UNREAD_HEAD, name) for name in attrs.fields_dict(Head)}),
        groups=facts.groups,
        person_facts=facts.person,
        trial_facts=facts.trial,
        regions=catalogue.regions,
        targets=catalogue.targets,
        stretches=catalogue.stretches,
        statements=parts.statements or (),
        rules=tuple(read.rule for read in rules.values() if read.rule is not None),
        scenarios=scenarios,
        digest=_digest(sources.texts),
        at=folder,
    )
    too_large = beyond(sources, book, folder)
    if too_large is not None:
        raise RulebookError([too_large])
    check_rulebook(sources, book, rules, names, parts.valid_files)
    return Reading(folder, book, sources, rules)


def _parts(sources: Sources, plain: Converter) -> _Parts:
    return _Parts(
        sources.read(plain, "rulebook.yaml", Head),
        sources.read(plain, "facts.yaml", Facts),
        sources.read(plain, "stretches.yaml", Catalogue),
        sources.read(plain, "statements.yaml", tuple[Statement, ...]),
    )


def _valid_facts(sources: Sources, plain: Converter, parts: _Parts) -> Facts:
    """Return the facts without those that are invalid, and report why they are."""
    if parts.facts is None:
        return Facts(
            person=salvaged(plain, sources.under("facts.yaml", "person"), Fact),
            trial=salvaged(plain, sources.under("facts.yaml", "trial"), Fact),
        )
    groups = parts.facts.groups
    person = _located(sources, "facts.yaml", "person", parts.facts.person)
    trial = _located(sources, "facts.yaml", "trial", parts.facts.trial)
    invalid = check_facts(sources, groups, person, trial, parts.head.retired_ids if parts.head is not None else ())
    return Facts(
        groups=groups,
        person=tuple(fact for fact in person if fact.id not in invalid),
        trial=tuple(fact for fact in trial if fact.id not in invalid),
    )


def _valid_catalogue(sources: Sources, plain: Converter, parts: _Parts) -> Catalogue:
    """Return the catalogue, or the valid stretches of one that cannot be read."""
    if parts.catalogue is None:
        return Catalogue(stretches=salvaged(plain, sources.under("stretches.yaml", "stretches"), Stretch))
    stretches = _located(sources, "stretches.yaml", "stretches", parts.catalogue.stretches)
    return evolve(parts.catalogue, stretches=stretches)


def _located(sources: Sources, file: str, key: str, entries: Iterable[Declared]) -> tuple[Declared, ...]:
    """Return the entries of a list in a file, each with its position."""
    text = sources.texts[file]
    return tuple(evolve(entry, at=text.at((key, index, "id"))) for index, entry in enumerate(entries))


def _names(sources: Sources, parts: _Parts) -> Names:
    documents = sources.ids("rulebook.yaml", "documents")
    return Names(
        documents=documents if documents or parts.head is not None else None,
        person=sources.ids("facts.yaml", "person"),
        trial=sources.ids("facts.yaml", "trial"),
        regions=sources.ids("stretches.yaml", "regions"),
        targets=sources.ids("stretches.yaml", "targets"),
        stretches=sources.ids("stretches.yaml", "stretches"),
        statements=sources.ids("statements.yaml"),
        rules=[
            PurePosixPath(file).stem for file in (*sources.texts, *sources.unread) if file not in (*PARTS, SCENARIOS)
        ],
        catalogue_is_whole=parts.catalogue is not None,
    )


def _rule(sources: Sources, strict: Converter, file: str) -> ReadRule:
    """Return a rule; for one with invalid keys, the rule with stand-ins for these."""
    text = sources.texts[file]
    value, diagnostics = fitted(strict, text, Rule)
    for diagnostic in diagnostics:
        sources.report(file, diagnostic)
    invalid = frozenset(str(diagnostic.path[0]) for diagnostic in diagnostics if diagnostic.path)
    if diagnostics and isinstance(text.data, dict):
        invalid |= _STAND_IN.keys() - text.data.keys()
        valid = {key: entry for key, entry in text.data.items() if key not in invalid}
        value, _ = structured(strict, {**_STAND_IN, **valid}, Rule)
    if value is None:
        return ReadRule(None, invalid)
    rule: Rule = value
    cases = tuple(evolve(case, at=text.at(("cases", index, "name"))) for index, case in enumerate(rule.cases))
    return ReadRule(evolve(rule, at=text.at(()), cases=cases), invalid)


def _digest(texts: dict[str, Text]) -> str:
    """Return the SHA-256 of the values that decide: no comments, layout, cases or scenarios."""
    values: dict[str, Any] = {file: text.data for file, text in texts.items() if file != SCENARIOS}
    for file, data in values.items():
        if "/" in file and isinstance(data, dict):
            values[file] = {key: value for key, value in data.items() if key != "cases"}
    return "sha256:" + hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
