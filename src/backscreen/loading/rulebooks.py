"""Folders of YAML → rulebooks, with everything that is wrong in them said at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar, get_origin

import attrs
from attrs import evolve, field, frozen
from cattrs import Converter

from backscreen.errors import Problem, RulebookError, few_guesses, suggestion
from backscreen.loading import checking
from backscreen.loading.conditions import Misfit
from backscreen.loading.declarations import LETTERED, WORD, check_facts
from backscreen.loading.folders import PARTS, SCENARIOS, listing, read_all
from backscreen.loading.structuring import converter, salvaged, structured, to_fill_in
from backscreen.loading.yaml import Path_, Text, Unreadable, read_text
from backscreen.rulebook.conditions import OneOf, atoms
from backscreen.rulebook.facts import TRIAL, Choice, Fact, Flag, Group, Number
from backscreen.rulebook.rulebook import Guidance, Rulebook
from backscreen.rulebook.rules import Document, Rule, Scenario, Statement
from backscreen.rulebook.stretches import Region, Stretch, Target

Declared = TypeVar("Declared", Flag, Number, Choice, Stretch)
Wanted = str | Path | Sequence[str | Path] | None


@frozen(kw_only=True, eq=False, repr=False)
class Head:
    """What stands in rulebook.yaml."""

    id: str
    title: str
    summary: str
    version: str
    language: str
    looks_for_warning_signs: bool
    documents: tuple[Document, ...]
    retired_ids: tuple[str, ...] = ()


MOST_PROBLEMS = 100
"""Problems that are told of one file."""
MOST_PROBLEMS_IN_ALL = 1000
MOST_STRETCHES = 1000
MOST_PLACED = 200_000
"""Rules times stretches: of each rule, each stretch is asked whether the rule is about it."""
_STAND_IN: dict[str, Any] = {"id": "unread", "title": "?", "when": {}, "effect": "advise", "reason": "?", "statements": []}
"""Stands for what is wrong in a rule while the rest of it is looked through."""
_UNREAD = Head(id="unread", title="", summary="", version="0.0.0", language="", looks_for_warning_signs=False, documents=())
"""Stands for a head that cannot be read while the rest is looked through."""


@frozen(kw_only=True, eq=False, repr=False)
class Facts:
    """What stands in facts.yaml."""

    groups: tuple[Group, ...] = ()
    person: tuple[Fact, ...] = ()
    trial: tuple[Fact, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class Catalogue:
    """What stands in stretches.yaml."""

    regions: tuple[Region, ...] = ()
    targets: tuple[Target, ...] = ()
    stretches: tuple[Stretch, ...] = ()


_BREAKS = {ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
_SECTIONS = frozenset(name for kind in (Head, Facts, Catalogue) for name in attrs.fields_dict(kind))


@frozen(eq=False, repr=False)
class Sources:
    """The texts of one rulebook by their path below its folder, the files that cannot be read, and what was found wrong so far."""

    texts: dict[str, Text]
    problems: list[Problem] = field(factory=list)
    unread: Collection[str] = ()
    _to_fill_in: dict[str, frozenset[Path_]] = field(factory=dict, init=False)
    _wrong: set[str] = field(factory=set, init=False)
    _told: Counter[str] = field(factory=Counter, init=False)

    def __attrs_post_init__(self) -> None:
        for file, text in self.texts.items():
            if text.problems:
                self.problems.extend(text.problems if len(self.problems) < MOST_PROBLEMS_IN_ALL else ())
                self._wrong.add(file)
            left = tuple(to_fill_in(text.data))
            for misfit in left:
                self.complain(file, misfit)
            self._to_fill_in[file] = frozenset(misfit.path for misfit in left)

    def complain(self, file: str, misfit: Misfit) -> None:
        """Take down one thing that is wrong in a file; nothing more is said of what is still to be filled in."""
        self._wrong.add(file)
        if misfit.path not in self._to_fill_in.get(file, ()):
            self._told[file] += 1
            if self._told[file] <= MOST_PROBLEMS and len(self.problems) < MOST_PROBLEMS_IN_ALL:
                self.problems.append(self.placed(file, misfit))
            elif self._told[file] == MOST_PROBLEMS + 1 or len(self.problems) == MOST_PROBLEMS_IN_ALL:
                where = self.texts[file].name if file in self.texts else file
                help_ = "mend what is told first; the rest is told then"
                self.problems.append(Problem("more is wrong than anybody reads", where=where, help=help_, code="too-many-problems"))

    def placed(self, file: str, misfit: Misfit) -> Problem:
        """A misfit with its place in a file."""
        at = self.texts[file].at(misfit.path, key=misfit.key) if file in self.texts else file
        return Problem(misfit.what, where=at, help=misfit.help, code=misfit.code)

    def is_sound(self, file: str) -> bool:
        """Whether a file could be read, and nothing was found wrong in it."""
        return file in self.texts and file not in self._wrong

    def read(self, strict: Converter, file: str, kind: Any) -> Any:
        """A file's values as `kind`, or None with a complaint."""
        if file not in self.texts:
            return None
        value, misfits = _fitted(strict, self.texts[file], kind)
        for misfit in misfits:
            self.complain(file, misfit)
        return value

    def under(self, file: str, key: str | None = None) -> object:
        """What stands in a file, or there under a key, whatever it is."""
        data = self.texts[file].data if file in self.texts else None
        return data if key is None else data.get(key) if isinstance(data, dict) else None

    def ids(self, file: str, key: str | None = None) -> Collection[str] | None:
        """The ids in a list, of entries that are wrong in themselves too; None where not all of them can be read.

        Nor are they where an id is given twice or is none: another was meant, which the rest of the rulebook names.
        """
        data, entries = self.under(file), self.under(file, key)
        if file in self.texts and any(problem.name in ("id", key) for problem in self.texts[file].problems):
            return None  # of what is given twice, the second is not there
        if key is not None and entries is None and isinstance(data, dict):
            return () if data.keys() <= _SECTIONS else None  # it may be left away; or its key is misspelt
        if not isinstance(entries, list):
            return None
        ids = [str(entry["id"]) for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
        form = LETTERED if key in (None, "documents") else WORD
        is_whole = len(set(ids)) == len(entries) and all(map(form.fullmatch, ids))
        return dict.fromkeys(ids) if is_whole else None


@frozen(eq=False, repr=False)
class Reading:
    """What could be read of a rulebook, `folder` in messages: its rules by file, as far as they can be read, and its texts with all that is wrong."""

    folder: str
    book: Rulebook
    sources: Sources
    rules: Mapping[str, checking.Read]

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong, by file and line."""
        return in_order(self.sources.problems)

    def admitted(self) -> Rulebook:
        """The rulebook; raises `RulebookError` where anything is wrong with it.

        INVARIANT: no rulebook leaves here without one of its rules, or with an atom that stands for a misdeclared fact and never holds.
        """
        stand_ins = any(isinstance(atom, OneOf) and not atom.values for rule in self.book.rules for atom in atoms(rule.when))
        if self.sources.problems or stand_ins or len(self.book.rules) < len(self.rules):
            help_ = "this is a fault of ours; please report it"
            unsaid = Problem("not every rule of this rulebook could be read", where=self.folder, help=help_, code="unread-rule")
            raise RulebookError(self.problems or [unsaid])
        return self.book


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
    return Guidance([reading.admitted() for reading in readings(wanted, tests=tests)])


def readings(wanted: Wanted = None, *, tests: bool = False) -> Iterator[Reading]:
    """What can be read of each of the rulebooks that `load` would load; raises `RulebookError` only where there is none of this name."""
    names = bundled() if wanted is None else [wanted] if isinstance(wanted, str | Path) else wanted
    if not isinstance(names, Sequence) or not names or not all(isinstance(name, str | Path) for name in names):
        help_ = "name one by its id, give the Path of one of your own, or a list of these; or leave it out for the bundled ones"
        raise RulebookError([Problem("no rulebook is named", help=help_)])
    for name in names:
        yield _reading(name, tests)


def _reading(name: str | Path, tests: bool) -> Reading:
    if isinstance(name, Path):
        return read_folder(name, scenarios=tests)
    if name not in bundled():
        there = ", ".join(f"`{known}`" for known in bundled())
        help_ = suggestion(name, bundled(), f"bundled are {there}; give a path for a rulebook of your own")
        raise RulebookError([Problem(f"there is no bundled rulebook `{name[:60]}`", help=help_, name=name, legal=bundled())])
    with as_file(files("backscreen.rules") / name) as folder:
        # a package may be installed as links to where its files are kept
        return read_folder(folder, cases=tests, scenarios=tests, shown=Path("rules") / name, anywhere=True)


def load_folder(folder: Path, *, cases: bool = True, scenarios: bool = False, shown: Path | None = None) -> Rulebook:
    """The rulebook in a folder; `shown` is what the folder is called in messages."""
    return read_folder(folder, cases=cases, scenarios=scenarios, shown=shown).admitted()


def read_folder(folder: Path, *, cases: bool = True, scenarios: bool = False, shown: Path | None = None, anywhere: bool = False) -> Reading:
    """What can be read of the rulebook in a folder, and all that is wrong with it; its links may lead out of it if they may lead `anywhere`.

    Raises `RulebookError` only where there is no such folder, or far more in it than a rulebook has.
    """
    shown = shown or folder
    if not folder.is_dir():
        help_ = "a rulebook is a folder that holds rulebook.yaml; check the path"
        raise RulebookError([Problem("there is no such folder", where=str(shown), help=help_, code="not-a-rulebook")])
    there = listing(folder, shown, anywhere=anywhere)
    wanted = {file: name for file, name in there.files.items() if file != SCENARIOS or scenarios}
    texts, problems = read_all(folder, wanted)
    misplaced = [(problem.where or "").removeprefix(f"{shown}{os.sep}") for problem in there.problems]
    unread = [*(file for file in wanted if file not in texts), *misplaced]
    return _assembled(Sources(texts, [*there.problems, *problems], unread), str(shown), cases=cases)


def load_texts(texts: dict[str, str]) -> Rulebook:
    """The rulebook in these texts, by their paths below its folder."""
    return read_texts(texts).admitted()


def read_texts(texts: dict[str, str]) -> Reading:
    """What can be read of the rulebook in these texts, and all that is wrong with it."""
    read: dict[str, Text] = {}
    problems: list[Problem] = []
    unread = []
    for file, text in texts.items():
        try:
            read[file] = read_text(text.encode(), file)
        except Unreadable as failure:
            problems += failure.problems
            unread.append(file)
    return _assembled(Sources(read, problems, unread), "rulebook", cases=True)


@few_guesses()
def _assembled(sources: Sources, folder: str, *, cases: bool) -> Reading:
    """The rulebook in the texts. What is wrong in one part keeps no other from being looked through."""
    for part in PARTS:
        if part not in sources.texts and part not in sources.unread:
            sources.problems.append(Problem(f"`{part}` is missing", where=folder, help="every rulebook has " + ", ".join(PARTS), code="part-missing"))

    plain = converter()
    head = sources.read(plain, "rulebook.yaml", Head)
    facts = sources.read(plain, "facts.yaml", Facts)
    catalogue = sources.read(plain, "stretches.yaml", Catalogue)
    statements = sources.read(plain, "statements.yaml", tuple[Statement, ...])
    if facts is not None:
        facts = evolve(facts, **{section: _with_places(sources, "facts.yaml", section, getattr(facts, section)) for section in ("person", "trial")})
        misdeclared = check_facts(sources, facts.groups, facts.person, facts.trial, head.retired_ids if head is not None else ())
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
        catalogue = evolve(catalogue, stretches=_with_places(sources, "stretches.yaml", "stretches", catalogue.stretches))
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
    beyond = _beyond(sources, book, folder)
    if beyond is not None:
        raise RulebookError([beyond])
    checking.check_rulebook(sources, book, read, names, whole)
    return Reading(folder, book, sources, read)


def _with_places(sources: Sources, file: str, key: str, things: Iterable[Declared]) -> tuple[Declared, ...]:
    """The entries of a list in a file, each with where it is declared."""
    return tuple(evolve(thing, at=sources.texts[file].at((key, index, "id"))) for index, thing in enumerate(things))


def _beyond(sources: Sources, book: Rulebook, folder: str) -> Problem | None:
    """What of a rulebook is more than can be gone through in a moment: each of its parts may be legal, and what they come to together not."""
    if len(book.stretches) > MOST_STRETCHES:
        what, where = f"there are more than {MOST_STRETCHES} stretches", sources.texts["stretches.yaml"].at(("stretches", MOST_STRETCHES))
    elif len(book.rules) * len(book.stretches) > MOST_PLACED:
        what, where = "there are too many rules for so many stretches", folder
    else:
        return None
    return Problem(what, where=where, help="split the rulebook into several", code="too-many-values")


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
        rules=[PurePosixPath(file).stem for file in (*sources.texts, *sources.unread) if file not in (*PARTS, SCENARIOS)],
        catalogue_is_whole=catalogue_is_whole,
    )


def _fitted(strict: Converter, text: Text, kind: Any) -> tuple[Any, list[Misfit]]:
    """What stands in a file as `kind`, and what does not fit."""
    if text.data is None:
        expected = "a list" if get_origin(kind) is tuple else "a mapping (`name: value`)"
        return None, [Misfit("empty-value", (), "this file is empty", f"expected {expected}; write it, or take the file away")]
    return structured(strict, text.data, kind)


def _rule(sources: Sources, strict: Converter, file: str) -> checking.Read:
    """A rule; of one that is wrong in places, what is left without these, to be looked through all the same."""
    text = sources.texts[file]
    value, misfits = _fitted(strict, text, Rule)
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


def _on_one_line(problem: Problem) -> Problem:
    """The problem with the tabs and line breaks of names that it tells written as they are in quotes; a text with others is not read."""
    what, help_ = problem.what.translate(_BREAKS), problem.help and problem.help.translate(_BREAKS)
    return problem if (what, help_) == (problem.what, problem.help) else evolve(problem, what=what, help=help_)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file, line and column, each told on one line."""
    return sorted(map(_on_one_line, problems), key=lambda problem: (problem.place[0] or "", problem.place[1] or 0, problem.place[2] or 0))


def _digest(texts: dict[str, Text]) -> str:
    """SHA-256 of the values that decide; comments, layout, cases and scenarios do not count."""
    values: dict[str, Any] = {file: text.data for file, text in texts.items() if file != SCENARIOS}
    for file, data in values.items():
        if "/" in file and isinstance(data, dict):
            values[file] = {key: value for key, value in data.items() if key != "cases"}
    return "sha256:" + hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
