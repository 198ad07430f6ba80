"""Folders of YAML → rulebooks, with everything that is wrong in them said at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import attrs
from attrs import evolve, field, frozen
from cattrs import Converter

from backscreen.errors import Problem, RulebookError, suggestion
from backscreen.loading import checking
from backscreen.loading.conditions import Misfit
from backscreen.loading.structuring import converter, salvaged, structured
from backscreen.loading.yaml import Path_, Text, Unreadable, read_file, read_text
from backscreen.rulebook.conditions import OneOf, atoms
from backscreen.rulebook.facts import TRIAL, Fact, Group
from backscreen.rulebook.rulebook import Guidance, Rulebook
from backscreen.rulebook.rules import Document, Rule, Scenario, Statement
from backscreen.rulebook.stretches import Region, Stretch, Target

PARTS = ("rulebook.yaml", "facts.yaml", "stretches.yaml", "statements.yaml")
SCENARIOS = "scenarios.yaml"

Wanted = str | Path | Sequence[str | Path] | None


@frozen(kw_only=True, eq=False, repr=False)
class _Head:
    id: str
    title: str
    summary: str
    version: str
    language: str
    looks_for_warning_signs: bool
    documents: tuple[Document, ...]


_STAND_IN: dict[str, Any] = {"id": "unread", "title": "?", "when": {}, "effect": "advise", "reason": "?", "statements": []}
"""Stands for what is wrong in a rule while the rest of it is looked through."""
_UNREAD = _Head(id="unread", title="", summary="", version="0.0.0", language="", looks_for_warning_signs=False, documents=())
"""Stands for a head that cannot be read while the rest is looked through."""


@frozen(kw_only=True, eq=False, repr=False)
class _Facts:
    groups: tuple[Group, ...] = ()
    person: tuple[Fact, ...] = ()
    trial: tuple[Fact, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class _Catalogue:
    regions: tuple[Region, ...] = ()
    targets: tuple[Target, ...] = ()
    stretches: tuple[Stretch, ...] = ()


@frozen(eq=False, repr=False)
class Sources:
    """The texts of one rulebook by their path below its folder, and what was found wrong in them so far."""

    texts: dict[str, Text]
    problems: list[Problem] = field(factory=list)

    def complain(self, file: str, misfit: Misfit) -> None:
        """Take down one thing that is wrong in a file."""
        at = self.texts[file].at(misfit.path, key=misfit.key) if file in self.texts else file
        self.problems.append(Problem(misfit.what, where=at, help=misfit.help))

    def read(self, strict: Converter, file: str, kind: Any) -> Any:
        """A file's values as `kind`, or None with a complaint."""
        if file not in self.texts:
            return None
        value, misfits = structured(strict, self.texts[file].data, kind)
        for misfit in misfits:
            self.complain(file, misfit)
        return value

    def under(self, file: str, key: str | None = None) -> object:
        """What stands in a file, or there under a key, whatever it is."""
        data = self.texts[file].data if file in self.texts else None
        return data if key is None else data.get(key) if isinstance(data, dict) else None

    def ids(self, file: str, key: str | None = None) -> tuple[str, ...] | None:
        """The ids in a list, of entries that are wrong in themselves too; None where not all of them can be read."""
        entries = self.under(file, key)
        if key is not None and entries is None and isinstance(self.under(file), dict):
            return ()  # the list may be left away
        if not isinstance(entries, list):
            return None
        ids = tuple(str(entry["id"]) for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str))
        return ids if len(ids) == len(entries) else None


def bundled() -> tuple[str, ...]:
    """The ids of the rulebooks that come with backscreen.

    >>> "lower-back" in bundled()
    True
    """
    folder = files("backscreen.rules")
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and entry.joinpath("rulebook.yaml").is_file()))


def load(wanted: Wanted = None, *, tests: bool = False) -> Guidance:
    """Rulebooks, read as one.

    `wanted` is the id of a bundled rulebook, the `Path` of one's own, a list of these, or None for all that are bundled. With `tests`, scenarios and the
    cases of bundled rules are read as well; without, they are left aside, since they decide nothing, and those that are bundled have been run.

    Raises `RulebookError` with everything that is wrong, each with `file:line:column`.

    >>> load("lower-back").books[0].id
    'lower-back'
    """
    names = bundled() if wanted is None else [wanted] if isinstance(wanted, str | Path) else wanted
    if not isinstance(names, Sequence) or not names or not all(isinstance(name, str | Path) for name in names):
        help_ = "name one by its id, give the Path of one of your own, or a list of these; or leave it out for the bundled ones"
        raise RulebookError([Problem("no rulebook is named", help=help_)])
    return Guidance([_load(name, tests) for name in names])


def _load(name: str | Path, tests: bool) -> Rulebook:
    if isinstance(name, Path):
        return load_folder(name, scenarios=tests)
    if name not in bundled():
        there = ", ".join(f"`{known}`" for known in bundled())
        help_ = suggestion(name, bundled(), f"bundled are {there}; give a path for a rulebook of your own")
        raise RulebookError([Problem(f"there is no bundled rulebook `{name[:60]}`", help=help_, name=name, legal=bundled())])
    with as_file(files("backscreen.rules") / name) as folder:
        return load_folder(folder, cases=tests, scenarios=tests, shown=Path("rules") / name)


def load_folder(folder: Path, *, cases: bool = True, scenarios: bool = False, shown: Path | None = None) -> Rulebook:
    """The rulebook in a folder; `shown` is what the folder is called in messages."""
    shown = shown or folder
    if not folder.is_dir():
        help_ = "a rulebook is a folder that holds rulebook.yaml; check the path"
        raise RulebookError([Problem("there is no such folder", where=str(shown), help=help_)])
    texts: dict[str, Text] = {}
    problems: list[Problem] = []
    files, unreadable = _files(folder)
    for place in unreadable:
        help_ = "a rule that is not read is a caution that is not given; check its permissions"
        problems.append(Problem("this folder cannot be read", where=f"{shown}{os.sep}{place}", help=help_))
    for file in files:
        path, name = folder / file, f"{shown}{os.sep}{file}"
        misplaced = _misplaced(file)
        if misplaced is not None:
            problems.append(evolve(misplaced, where=name))
        elif file.endswith(".yaml") and (file != SCENARIOS or scenarios):
            try:
                texts[file] = read_file(path, name)
            except Unreadable as failure:
                problems += failure.problems
    return _assembled(Sources(texts, problems), str(shown), cases=cases)


def _files(folder: Path) -> tuple[list[str], list[str]]:
    """Every file in the folder and below, hidden ones aside, by its path from there; and what could not be looked into."""
    found: list[str] = []
    unreadable: list[str] = []
    seen: set[str] = set()

    def note(failure: OSError) -> None:
        unreadable.append(os.path.relpath(failure.filename, folder))

    for place, folders, names in os.walk(folder, onerror=note, followlinks=True):
        real = os.path.realpath(place)
        folders[:] = [] if real in seen else sorted(name for name in folders if not name.startswith("."))
        if real not in seen:
            below = "" if place == str(folder) else Path(place).relative_to(folder).as_posix() + "/"
            found += [below + name for name in names if not name.startswith(".") or name.lower().endswith((".yaml", ".yml"))]
        seen.add(real)
    return sorted(found), sorted(unreadable)


def _misplaced(file: str) -> Problem | None:
    """What is wrong with a file of this name being here: nothing that could be a rule is ever left out in silence."""
    if "/" in file:
        if not file.endswith((".yaml", ".md")):
            return Problem("files among rules end in `.yaml`, or in `.md`", help="rename it, so that it is not left out, or take it away")
    elif file not in (*PARTS, SCENARIOS) and any(ending in file.lower() for ending in (".yaml", ".yml")):
        help_ = suggestion(file, [*PARTS, SCENARIOS], "a rule belongs into a folder, such as precautions/")
        return Problem("this file does not belong here", help=help_)
    return None


def load_texts(texts: dict[str, str]) -> Rulebook:
    """The rulebook in these texts, by their paths below its folder."""
    read: dict[str, Text] = {}
    problems: list[Problem] = []
    for file, text in texts.items():
        try:
            read[file] = read_text(text.encode(), file)
        except Unreadable as failure:
            problems += failure.problems
    return _assembled(Sources(read, problems), "rulebook", cases=True)


def _assembled(sources: Sources, folder: str, *, cases: bool) -> Rulebook:
    """The rulebook in the texts. What is wrong in one part keeps no other from being looked through."""
    unread = {problem.where for problem in sources.problems if problem.where}
    for part in PARTS:
        if part not in sources.texts and not any(part in where for where in unread):
            sources.problems.append(Problem(f"`{part}` is missing", where=folder, help="every rulebook has " + ", ".join(PARTS)))
    sources.problems.extend(problem for text in sources.texts.values() for problem in text.problems)

    plain = converter()
    head = sources.read(plain, "rulebook.yaml", _Head)
    facts = sources.read(plain, "facts.yaml", _Facts)
    catalogue = sources.read(plain, "stretches.yaml", _Catalogue)
    statements = sources.read(plain, "statements.yaml", tuple[Statement, ...])
    if facts is not None:
        misdeclared = checking.check_facts(sources, facts.groups, facts.person, facts.trial)
        sound = evolve(
            facts,
            person=tuple(fact for fact in facts.person if fact.id not in misdeclared),
            trial=tuple(fact for fact in facts.trial if fact.id not in misdeclared),
        )
    else:
        sound = _Facts(
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
    known = catalogue or _Catalogue(stretches=salvaged(plain, sources.under("stretches.yaml", "stretches"), Stretch))
    book = Rulebook(
        **({name: getattr(head or _UNREAD, name) for name in attrs.fields_dict(_Head)}),
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
    )
    whole = [part for part, found in zip(PARTS, (head, facts, catalogue, statements), strict=True) if found is not None]
    checking.check_rulebook(sources, book, read, names, whole)
    # INVARIANT: no rulebook leaves here without one of its rules, or with an atom that stands for a misdeclared fact and never holds.
    stand_ins = any(isinstance(atom, OneOf) and not atom.values for rule in book.rules for atom in atoms(rule.when))
    if sources.problems or stand_ins or len(book.rules) < len(read):
        unsaid = Problem("not every rule of this rulebook could be read", where=folder, help="this is a fault of ours; please report it")
        raise RulebookError(_in_order(sources.problems) or [unsaid])
    return book


def _names(sources: Sources, *, head_is_read: bool, catalogue_is_whole: bool) -> checking.Names:
    documents = sources.ids("rulebook.yaml", "documents")
    return checking.Names(
        documents=documents if documents or head_is_read else None,
        person=sources.ids("facts.yaml", "person"),
        trial=sources.ids("facts.yaml", "trial"),
        regions=sources.ids("stretches.yaml", "regions"),
        targets=sources.ids("stretches.yaml", "targets"),
        stretches=sources.ids("stretches.yaml", "stretches"),
        statements=sources.ids("statements.yaml"),
        catalogue_is_whole=catalogue_is_whole,
    )


def _rule(sources: Sources, strict: Converter, file: str) -> checking.Read:
    """A rule; of one that is wrong in places, what is left without these, to be looked through all the same."""
    text = sources.texts[file]
    value, misfits = structured(strict, text.data, Rule)
    for misfit in misfits:
        sources.complain(file, misfit)
    wrong = frozenset(str(misfit.path[0]) for misfit in misfits if misfit.path)
    if misfits and isinstance(text.data, dict):
        wrong |= _STAND_IN.keys() - text.data.keys()
        sound = {key: entry for key, entry in text.data.items() if key not in wrong}
        value, _ = structured(strict, {**_STAND_IN, **sound}, Rule)
    if value is None:
        return checking.Read(None, wrong)
    rule: Rule = value
    cases = tuple(evolve(case, at=text.at(("cases", index, "name"))) for index, case in enumerate(rule.cases))
    return checking.Read(evolve(rule, at=text.at(()), cases=cases), wrong)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    def place(problem: Problem) -> tuple[str, list[int]]:
        file, *numbers = (problem.where or "").split(":")
        return file, [int(number) for number in numbers if number.isdigit()]

    return sorted(problems, key=place)


def _digest(texts: dict[str, Text]) -> str:
    """SHA-256 of the values that decide; comments, layout and scenarios do not count."""
    values: dict[Path_ | str, Any] = {file: text.data for file, text in texts.items() if file != SCENARIOS}
    return "sha256:" + hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
