"""Folders of YAML → rulebooks, with everything that is wrong in them said at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import attrs
from attrs import evolve, frozen
from cattrs import Converter

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError
from backscreen.diagnostics.suggestions import shared_budget, suggest
from backscreen.formats.yaml_reader import read_text
from backscreen.formats.yaml_text import Text, Unreadable
from backscreen.loading import references
from backscreen.loading.declarations import check_facts
from backscreen.loading.directory import PARTS, SCENARIOS, listing, read_all
from backscreen.loading.resources import as_folder
from backscreen.loading.rulebook_texts import Catalogue, Facts, Head, Sources, fitted, in_order
from backscreen.loading.sizes import beyond
from backscreen.loading.structure import converter, salvaged, structured
from backscreen.model.catalogue import Stretch
from backscreen.model.conditions import OneOf, atoms
from backscreen.model.effects import Effect
from backscreen.model.facts import TRIAL, Fact
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule, Scenario, Statement

Declared = TypeVar("Declared", bound=Fact | Stretch)
Wanted = str | Path | Traversable | Sequence[str | Path | Traversable] | None


_STAND_IN: dict[str, Any] = {
    "id": "unread",
    "title": "?",
    "when": {},
    "effect": min(Effect).value,
    "reason": "?",
    "statements": [],
}
"""Stands for what is wrong in a rule while the rest of it is looked through."""
_UNREAD = Head(
    id="unread", title="", summary="", version="0.0.0", language="", looks_for_warning_signs=False, documents=()
)
"""Stands for a head that cannot be read while the rest is looked through."""


@frozen(eq=False, repr=False)
class Reading:
    """What could be read of a rulebook, `folder` in messages: its rules by file, as far as they can be read, and its texts with all that is wrong."""

    folder: str
    book: Rulebook
    sources: Sources
    rules: Mapping[str, references.Read]

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All that is wrong, by file and line."""
        return in_order(self.sources.diagnostics)

    def admitted(self) -> Rulebook:
        """The rulebook; raises `RulebookError` where anything is wrong with it.

        INVARIANT: no rulebook leaves here without one of its rules, or with an atom that stands for a misdeclared fact and never holds.
        """
        stand_ins = any(
            isinstance(atom, OneOf) and not atom.values for rule in self.book.rules for atom in atoms(rule.when)
        )
        if self.sources.diagnostics or stand_ins or len(self.book.rules) < len(self.rules):
            help_ = "this is a fault of ours; please report it"
            unsaid = Diagnostic(
                "not every rule of this rulebook could be read", location=self.folder, help=help_, code="unread-rule"
            )
            raise RulebookError(self.diagnostics or [unsaid])
        return self.book


def bundled_rulebooks() -> tuple[str, ...]:
    """The ids of the rulebooks that come with backscreen.

    >>> "lower-back" in bundled_rulebooks()
    True
    """
    folder = files("backscreen.rules")
    return tuple(
        sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and entry.joinpath("rulebook.yaml").is_file())
    )


def load_rulebooks(wanted: Wanted = None, *, tests: bool = False) -> KnowledgeBase:
    """Rulebooks, read as one.

    `wanted` is the id of a bundled rulebook, the `Path` of one's own or its place in a package (`importlib.resources.files`),
    a list of these, or None for all that are bundled. With `tests`, scenarios and the
    cases of bundled rules are read as well; without, they are left aside, since they decide nothing, and those that are bundled have been run.

    Raises `RulebookError` with everything that is wrong, each with `file:line:column`.

    >>> load_rulebooks("lower-back").books[0].id
    'lower-back'
    """
    return KnowledgeBase([reading.admitted() for reading in readings(wanted, tests=tests)])


def readings(wanted: Wanted = None, *, tests: bool = False) -> Iterator[Reading]:
    """What can be read of each of the rulebooks that `load` would load; raises `RulebookError` only where there is none of this name."""
    names = (
        bundled_rulebooks() if wanted is None else [wanted] if isinstance(wanted, str | Path | Traversable) else wanted
    )
    if (
        not isinstance(names, Sequence)
        or not names
        or not all(isinstance(name, str | Path | Traversable) for name in names)
    ):
        help_ = "name one by its id, give the Path of one of your own, or a list of these; or leave it out for the bundled ones"
        raise RulebookError([Diagnostic("no rulebook is named", help=help_)])
    for name in names:
        yield _reading(name, tests)


def _reading(name: str | Path | Traversable, tests: bool) -> Reading:
    if isinstance(name, Path):
        return read_folder(name, scenarios=tests)
    if not isinstance(name, str):
        with as_folder(name) as folder:
            return read_folder(folder, scenarios=tests, shown=Path(name.name), anywhere=True)
    if name not in bundled_rulebooks():
        there = ", ".join(f"`{known}`" for known in bundled_rulebooks())
        help_ = suggest(name, bundled_rulebooks(), f"bundled are {there}; give a path for a rulebook of your own")
        raise RulebookError(
            [
                Diagnostic(
                    f"there is no bundled rulebook `{name[:60]}`", help=help_, name=name, legal=bundled_rulebooks()
                )
            ]
        )
    with as_file(files("backscreen.rules") / name) as folder:
        # a package may be installed as links to where its files are kept
        reading = read_folder(folder, cases=tests, scenarios=tests, shown=Path("rules") / name, anywhere=True)
        return evolve(reading, book=evolve(reading.book, bundled=True))


def load_folder(folder: Path, *, cases: bool = True, scenarios: bool = False, shown: Path | None = None) -> Rulebook:
    """The rulebook in a folder; `shown` is what the folder is called in messages."""
    return read_folder(folder, cases=cases, scenarios=scenarios, shown=shown).admitted()


def read_folder(
    folder: Path, *, cases: bool = True, scenarios: bool = False, shown: Path | None = None, anywhere: bool = False
) -> Reading:
    """What can be read of the rulebook in a folder, and all that is wrong with it; its links may lead out of it if they may lead `anywhere`.

    Raises `RulebookError` only where there is no such folder, where it cannot be looked into, or where far more is in it than a rulebook has.
    """
    shown = shown or folder
    try:
        texts, diagnostics, unread = _read(folder, shown, scenarios=scenarios, anywhere=anywhere)
    except OSError as failure:
        what = f"this folder cannot be read: {(failure.strerror or 'unknown reason').lower()}"
        raise RulebookError(
            [Diagnostic(what, location=str(shown), help="check the path and its permissions", code="not-a-rulebook")]
        ) from None
    return _assembled(Sources(texts, diagnostics, unread), str(shown), cases=cases)


def _read(
    folder: Path, shown: Path, *, scenarios: bool, anywhere: bool
) -> tuple[dict[str, Text], list[Diagnostic], list[str]]:
    """The texts in a rulebook's folder, what keeps others from being read, and which these are."""
    if not folder.is_dir():
        help_ = "a rulebook is a folder that holds rulebook.yaml; check the path"
        raise RulebookError(
            [Diagnostic("there is no such folder", location=str(shown), help=help_, code="not-a-rulebook")]
        )
    there = listing(folder, shown, anywhere=anywhere)
    if not there.diagnostics and not set(PARTS).intersection(there.files):
        inside = [
            f"`{shown / one}`" for one in sorted(found.parent.name for found in folder.glob("*/rulebook.yaml"))[:3]
        ]
        help_ = (
            f"did you mean {' or '.join(inside)}?"
            if inside
            else "a rulebook's folder holds rulebook.yaml; check the path"
        )
        raise RulebookError(
            [Diagnostic("there is no rulebook in this folder", location=str(shown), help=help_, code="not-a-rulebook")]
        )
    wanted = {file: name for file, name in there.files.items() if file != SCENARIOS or scenarios}
    texts, diagnostics = read_all(folder, wanted)
    misplaced = [(diagnostic.location or "").removeprefix(f"{shown}{os.sep}") for diagnostic in there.diagnostics]
    return texts, [*there.diagnostics, *diagnostics], [*(file for file in wanted if file not in texts), *misplaced]


def load_texts(texts: dict[str, str]) -> Rulebook:
    """The rulebook in these texts, by their paths below its folder."""
    return read_texts(texts).admitted()


def read_texts(texts: dict[str, str]) -> Reading:
    """What can be read of the rulebook in these texts, and all that is wrong with it."""
    read: dict[str, Text] = {}
    diagnostics: list[Diagnostic] = []
    unread = []
    for file, text in texts.items():
        try:
            read[file] = read_text(text.encode(), file)
        except Unreadable as failure:
            diagnostics += failure.diagnostics
            unread.append(file)
    return _assembled(Sources(read, diagnostics, unread), "rulebook", cases=True)


@shared_budget()
def _assembled(sources: Sources, folder: str, *, cases: bool) -> Reading:
    """The rulebook in the texts. What is wrong in one part keeps no other from being looked through."""
    for part in PARTS:
        if part not in sources.texts and part not in sources.unread:
            sources.diagnostics.append(
                Diagnostic(
                    f"`{part}` is missing",
                    location=folder,
                    help="every rulebook has " + ", ".join(PARTS),
                    code="part-missing",
                )
            )

    plain = converter()
    head = sources.read(plain, "rulebook.yaml", Head)
    facts = sources.read(plain, "facts.yaml", Facts)
    catalogue = sources.read(plain, "stretches.yaml", Catalogue)
    statements = sources.read(plain, "statements.yaml", tuple[Statement, ...])
    if facts is not None:
        facts = evolve(
            facts,
            **{
                section: _with_places(sources, "facts.yaml", section, getattr(facts, section))
                for section in ("person", "trial")
            },
        )
        misdeclared = check_facts(
            sources, facts.groups, facts.person, facts.trial, head.retired_ids if head is not None else ()
        )
        sound = evolve(
            facts,
            person=tuple(fact for fact in facts.person if fact.id not in misdeclared),
            trial=tuple(fact for fact in facts.trial if fact.id not in misdeclared),
        )
    else:
        sound = Facts(
            person=salvaged(plain, sources.under("facts.yaml", "person"), Fact),
            trial=salvaged(plain, sources.under("facts.yaml", "trial"), Fact),
        )
    names = _names(sources, head_is_read=head is not None, catalogue_is_whole=catalogue is not None)
    declared = {fact.id: fact for fact in sound.person} | {TRIAL + fact.id: fact for fact in sound.trial}
    strict = converter(declared, names.misdeclared(declared), cases=cases)
    read = {file: _rule(sources, strict, file) for file in sorted(sources.texts) if "/" in file}
    scenarios = tuple(
        evolve(scenario, at=sources.texts[SCENARIOS].at((index, "name")))
        for index, scenario in enumerate(sources.read(strict, SCENARIOS, tuple[Scenario, ...]) or ())
    )
    if catalogue is not None:
        catalogue = evolve(
            catalogue, stretches=_with_places(sources, "stretches.yaml", "stretches", catalogue.stretches)
        )
    known = catalogue or Catalogue(stretches=salvaged(plain, sources.under("stretches.yaml", "stretches"), Stretch))
    book = Rulebook(
        **({name: getattr(head or _UNREAD, name) for name in attrs.fields_dict(Head)}),
        groups=sound.groups,
        person_facts=sound.person,
        trial_facts=sound.trial,
        regions=known.regions,
        targets=known.targets,
        stretches=known.stretches,
        statements=statements or (),
        rules=tuple(one.rule for one in read.values() if one.rule is not None),
        scenarios=scenarios,
        digest=_digest(sources.texts),
        at=folder,
    )
    whole = [part for part, found in zip(PARTS, (head, facts, catalogue, statements), strict=True) if found is not None]
    too_large = beyond(sources, book, folder)
    if too_large is not None:
        raise RulebookError([too_large])
    references.check_rulebook(sources, book, read, names, whole)
    return Reading(folder, book, sources, read)


def _with_places(sources: Sources, file: str, key: str, things: Iterable[Declared]) -> tuple[Declared, ...]:
    """The entries of a list in a file, each with where it is declared."""
    return tuple(evolve(thing, at=sources.texts[file].at((key, index, "id"))) for index, thing in enumerate(things))


def _names(sources: Sources, *, head_is_read: bool, catalogue_is_whole: bool) -> references.Names:
    documents = sources.ids("rulebook.yaml", "documents")
    return references.Names(
        documents=documents if documents or head_is_read else None,
        person=sources.ids("facts.yaml", "person"),
        trial=sources.ids("facts.yaml", "trial"),
        regions=sources.ids("stretches.yaml", "regions"),
        targets=sources.ids("stretches.yaml", "targets"),
        stretches=sources.ids("stretches.yaml", "stretches"),
        statements=sources.ids("statements.yaml"),
        rules=[
            PurePosixPath(file).stem for file in (*sources.texts, *sources.unread) if file not in (*PARTS, SCENARIOS)
        ],
        catalogue_is_whole=catalogue_is_whole,
    )


def _rule(sources: Sources, strict: Converter, file: str) -> references.Read:
    """A rule; of one that is wrong in places, what is left without these, to be looked through all the same."""
    text = sources.texts[file]
    value, diagnostics = fitted(strict, text, Rule)
    for diagnostic in diagnostics:
        sources.complain(file, diagnostic)
    wrong = frozenset(str(diagnostic.path[0]) for diagnostic in diagnostics if diagnostic.path)
    if diagnostics and isinstance(text.data, dict):
        wrong |= _STAND_IN.keys() - text.data.keys()
        sound = {key: entry for key, entry in text.data.items() if key not in wrong}
        value, _ = structured(strict, {**_STAND_IN, **sound}, Rule)
    if value is None:
        return references.Read(None, wrong)
    rule: Rule = value
    cases = tuple(evolve(case, at=text.at(("cases", index, "name"))) for index, case in enumerate(rule.cases))
    return references.Read(evolve(rule, at=text.at(()), cases=cases), wrong)


def _digest(texts: dict[str, Text]) -> str:
    """SHA-256 of the values that decide; comments, layout, cases and scenarios do not count."""
    values: dict[str, Any] = {file: text.data for file, text in texts.items() if file != SCENARIOS}
    for file, data in values.items():
        if "/" in file and isinstance(data, dict):
            values[file] = {key: value for key, value in data.items() if key != "cases"}
    return "sha256:" + hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
