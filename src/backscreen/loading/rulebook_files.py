"""Loading of rulebooks: by id, from a folder, from a package, or from texts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import evolve

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError
from backscreen.diagnostics.suggestions import suggest
from backscreen.formats.yaml_reader import read_text
from backscreen.formats.yaml_text import Text, Unreadable
from backscreen.loading.directory import PARTS, SCENARIOS, listing, read_all
from backscreen.loading.resources import as_folder
from backscreen.loading.rulebook_assembly import Reading, assemble
from backscreen.loading.rulebook_texts import Sources
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook

Wanted = str | Path | Traversable | Sequence[str | Path | Traversable] | None


def bundled_rulebooks() -> tuple[str, ...]:
    """Return the ids of the rulebooks that come with backscreen.

    >>> "lower-back" in bundled_rulebooks()
    True
    """
    folder = files("backscreen.rules")
    return tuple(
        sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and entry.joinpath("rulebook.yaml").is_file())
    )


def load_rulebooks(wanted: Wanted = None, *, tests: bool = False) -> KnowledgeBase:
    """Load rulebooks into one knowledge base.

    `wanted` is the id of a bundled rulebook, the `Path` of one's own or its place in a package
    (`importlib.resources.files`), a list of these, or None for all that are bundled. With `tests`, scenarios and the
    cases of bundled rules are read as well. They decide nothing, so they are skipped by default.

    Raises `RulebookError` with everything that is wrong, each with `file:line:column`.

    >>> load_rulebooks("lower-back").books[0].id
    'lower-back'
    """
    return KnowledgeBase([reading.admitted() for reading in readings(wanted, tests=tests)])


def readings(wanted: Wanted = None, *, tests: bool = False) -> Iterator[Reading]:
    """Yield the readable part of each rulebook; raise `RulebookError` only where no such rulebook exists."""
    if wanted is None:
        wanted = bundled_rulebooks()
    names = [wanted] if isinstance(wanted, str | Path | Traversable) else wanted
    is_list = isinstance(names, Sequence) and all(isinstance(name, str | Path | Traversable) for name in names)
    if not is_list or not names:
        help_ = (
            "give the id of a bundled rulebook, the Path of your own, or a list of these; or omit it for the bundled"
        )
        raise RulebookError([Diagnostic("no rulebook is named", help=help_)])
    for name in names:
        yield _reading(name, tests)


def _reading(name: str | Path | Traversable, tests: bool) -> Reading:
    if isinstance(name, Path):
        return read_folder(name, scenarios=tests)
    if not isinstance(name, str):
        with as_folder(name) as folder:
            return read_folder(folder, scenarios=tests, shown=Path(name.name), anywhere=True)
    bundled = bundled_rulebooks()
    if name not in bundled:
        listed = ", ".join(f"`{known}`" for known in bundled)
        help_ = suggest(name, bundled, f"bundled are {listed}; give a path for a rulebook of your own")
        raise RulebookError([Diagnostic(f"unknown rulebook `{name[:60]}`", help=help_, name=name, legal=bundled)])
    with as_file(files("backscreen.rules") / name) as folder:
        # Links may lead anywhere: a package may be installed as links into a store.
        reading = read_folder(folder, cases=tests, scenarios=tests, shown=Path("rules") / name, anywhere=True)
        return evolve(reading, book=evolve(reading.book, bundled=True))


def load_folder(folder: Path, *, cases: bool = True, scenarios: bool = False, shown: Path | None = None) -> Rulebook:
    """Load the rulebook in a folder; `shown` is the name of the folder in messages."""
    return read_folder(folder, cases=cases, scenarios=scenarios, shown=shown).admitted()


def read_folder(
    folder: Path, *, cases: bool = True, scenarios: bool = False, shown: Path | None = None, anywhere: bool = False
) -> Reading:
    """Read as much as possible of the rulebook in a folder; with `anywhere`, its links may lead out of it.

    Raises `RulebookError` only where no such folder exists, where it cannot be read, or where it is far too large.
    """
    shown = shown or folder
    try:
        sources = _sources(folder, shown, scenarios=scenarios, anywhere=anywhere)
    except OSError as failure:
        message = f"this folder cannot be read: {(failure.strerror or 'unknown reason').lower()}"
        raise _no_rulebook(message, shown, "check the path and its permissions") from None
    return assemble(sources, str(shown), cases=cases)


def _sources(folder: Path, shown: Path, *, scenarios: bool, anywhere: bool) -> Sources:
    """Return the texts in a folder, and why other files cannot be read."""
    if not folder.is_dir():
        raise _no_rulebook("no such folder", shown, "a rulebook is a folder with a rulebook.yaml; check the path")
    there = listing(folder, shown, anywhere=anywhere)
    if not there.diagnostics and not set(PARTS).intersection(there.files):
        names = sorted(head.parent.name for head in folder.glob("*/rulebook.yaml"))[:3]
        inside = " or ".join(f"`{shown / name}`" for name in names)
        help_ = f"did you mean {inside}?" if inside else "a rulebook's folder holds rulebook.yaml; check the path"
        raise _no_rulebook("there is no rulebook in this folder", shown, help_)
    wanted = {file: name for file, name in there.files.items() if file != SCENARIOS or scenarios}
    texts, diagnostics = read_all(folder, wanted)
    misplaced = [(diagnostic.location or "").removeprefix(f"{shown}{os.sep}") for diagnostic in there.diagnostics]
    unread = [*(file for file in wanted if file not in texts), *misplaced]
    return Sources(texts, [*there.diagnostics, *diagnostics], unread)


def _no_rulebook(message: str, shown: Path, help_: str) -> RulebookError:
    return RulebookError([Diagnostic(message, location=str(shown), help=help_, code="not-a-rulebook")])


def load_texts(texts: dict[str, str]) -> Rulebook:
    """Load the rulebook in these texts, by their paths below its folder."""
    return read_texts(texts).admitted()


def read_texts(texts: dict[str, str]) -> Reading:
    """Read as much as possible of the rulebook in these texts."""
    read: dict[str, Text] = {}
    diagnostics: list[Diagnostic] = []
    unread = []
    for file, text in texts.items():
        try:
            read[file] = read_text(text.encode(), file)
        except Unreadable as failure:
            diagnostics += failure.diagnostics
            unread.append(file)
    return assemble(Sources(read, diagnostics, unread), "rulebook", cases=True)
