"""Files in the folder of a rulebook: which to read, and which do not belong there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from errno import ELOOP
from itertools import islice
from pathlib import Path

from attrs import evolve, field, frozen

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError
from backscreen.diagnostics.suggestions import suggest
from backscreen.formats.yaml_reader import read_file
from backscreen.formats.yaml_text import Allowance, Exhausted, Text, Unreadable

PARTS = ("rulebook.yaml", "facts.yaml", "stretches.yaml", "statements.yaml")
"""The files that every rulebook has."""
SCENARIOS = "scenarios.yaml"

MOST_ENTRIES = 5_000
"""Files and folders in a rulebook's folder and below, whatever they are."""
MOST_LINKS = 200
MOST_LEVELS = 16
"""Folders within one another."""
MOST_VALUES = 200_000
"""Values in all files of a rulebook together."""
MOST_BYTES_IN_ALL = 8 * 1024 * 1024
_UNPRINTABLE = Diagnostic(
    "the name holds what cannot be printed",
    help="rename it, so that everybody sees which it is",
    code="control-characters",
)
_ENDINGS = (".yaml", ".yml")


@frozen(eq=False, repr=False)
class Listing:
    """Files to read, by path below the folder, with their names in messages; and errors of the folder."""

    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...] = field(default=())


def listing(folder: Path, shown: Path, *, anywhere: bool = False) -> Listing:
    """Every file of a rulebook that is to be read; `shown` is what the folder is called in messages.

    Links must stay within the folder, unless they may lead `anywhere`. Raises `RulebookError` where the folder holds
    far more than a rulebook does.

    INVARIANT: a file that could be a rule is among the files or the diagnostics. No rule is ever skipped in silence.
    """
    diagnostics: list[Diagnostic] = []

    def complain(place: str, diagnostic: Diagnostic) -> None:
        diagnostics.append(evolve(diagnostic, location=f"{shown}{os.sep}{place}"))

    files = {}
    for file in sorted(_files(_Walk(folder, shown, complain, None if anywhere else os.path.realpath(folder)))):
        misplaced = _misplaced(file)
        if misplaced is not None:
            complain(file, misplaced)
        elif file.endswith(".yaml"):
            files[file] = f"{shown}{os.sep}{file}"
    return Listing(files, tuple(sorted(diagnostics, key=lambda diagnostic: diagnostic.location or "")))


def read_all(folder: Path, files: Mapping[str, str]) -> tuple[dict[str, Text], list[Diagnostic]]:
    """Read the files of a listing; raise `RulebookError` where they are too large together."""
    texts: dict[str, Text] = {}
    diagnostics: list[Diagnostic] = []
    allowance = Allowance(values=MOST_VALUES, bytes=MOST_BYTES_IN_ALL)
    for file, name in files.items():
        try:
            texts[file] = read_file(folder / file, name, allowance)
        except Exhausted as failure:
            raise RulebookError(failure.diagnostics) from None
        except Unreadable as failure:
            diagnostics += failure.diagnostics
    return texts, diagnostics


@frozen(eq=False, repr=False)
class _Walk:
    """A folder to be gone through, and where complaints go; `root` is what links must stay in, if anything."""

    folder: Path
    shown: Path
    complain: Callable[[str, Diagnostic], None]
    root: str | None
    links: list[str] = field(factory=list)


def _files(walk: _Walk) -> Iterator[str]:
    """Yield the path of each file that is not hidden; a folder with several names is read under the first."""
    left = MOST_ENTRIES
    seen: set[tuple[int, int]] = set()
    folders = [""]
    while folders:
        below = folders.pop()
        try:
            found = (walk.folder / below).stat()
            if (found.st_dev, found.st_ino) in seen:
                continue
            seen.add((found.st_dev, found.st_ino))
            with os.scandir(walk.folder / below) as entries:
                there = list(islice(entries, left + 1))
        except OSError:
            help_ = "a rule that is not read is a caution that is not given; check its permissions"
            walk.complain(
                below.rstrip("/"), Diagnostic("this folder cannot be read", help=help_, code="unreadable-folder")
            )
            continue
        left -= len(there)
        if left < 0:
            raise _overfull(walk, f"there are more than {MOST_ENTRIES} files and folders here")
        inner = []
        for entry in there:
            if not entry.name.isprintable():
                walk.complain(ascii(below + entry.name)[1:-1], _UNPRINTABLE)
                continue
            hidden = entry.name.startswith(".")
            is_folder = _is_folder(entry)
            if hidden and (is_folder or not entry.name.lower().endswith(_ENDINGS)):
                continue
            diagnostic = _linked(walk, entry) or (_misnamed(entry, below) if is_folder else None)
            if diagnostic is not None:
                walk.complain(below + entry.name, diagnostic)
            elif is_folder:
                inner.append(f"{below}{entry.name}/")
            else:
                yield below + entry.name
        folders += sorted(inner, reverse=True)


def _overfull(walk: _Walk, what: str) -> RulebookError:
    return RulebookError(
        [
            Diagnostic(
                what,
                location=str(walk.shown),
                help="a rulebook has far fewer; is this the right folder?",
                code="too-many-files",
            )
        ]
    )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # reading it says what is wrong


def _misnamed(entry: os.DirEntry[str], below: str) -> Diagnostic | None:
    """What keeps a folder from being looked into."""
    if entry.name.lower().endswith(_ENDINGS):
        return Diagnostic(
            "this is a folder, and its name is that of a file",
            help="rename it, so that nobody takes it for a rule",
            code="not-a-file",
        )
    if below.count("/") >= MOST_LEVELS:
        return Diagnostic(
            f"folders are nested more than {MOST_LEVELS} deep", help="move what is in it further up", code="too-deep"
        )
    return None


def _linked(walk: _Walk, entry: os.DirEntry[str]) -> Diagnostic | None:
    """What is wrong with where a link leads."""
    if walk.root is None or not entry.is_symlink():
        return None
    walk.links.append(entry.path)
    if len(walk.links) > MOST_LINKS:
        raise _overfull(walk, f"there are more than {MOST_LINKS} links here")
    if not _leads_out(entry.path, walk.root):
        return None
    return Diagnostic(
        "this link leads out of the rulebook's folder", help="put what it leads to into the folder", code="link-outside"
    )


def _leads_out(link: str, root: str) -> bool:
    """Whether a link leads out of a folder, or goes through `..` out of it and comes back."""
    try:
        Path(link).stat()
    except OSError as failure:
        if failure.errno == ELOOP:  # and to go after it would have no end
            return False
    place = os.path.realpath(Path(link).parent)
    level = 0 if place == root else Path(place).relative_to(root).as_posix().count("/") + 1
    target = Path(link).readlink()
    for part in () if target.is_absolute() else target.parts:
        level += -1 if part == ".." else 1
        if level < 0:
            return True
    real = os.path.realpath(link)
    return real != root and not real.startswith(root.rstrip(os.sep) + os.sep)


def _misplaced(file: str) -> Diagnostic | None:
    """What is wrong with a file of this name being here."""
    if "/" in file:
        if not file.endswith((".yaml", ".md")):
            help_ = "rename it, so that it is not left out, or take it away"
            return Diagnostic("files among rules end in `.yaml`, or in `.md`", help=help_, code="stray-file")
    elif file not in (*PARTS, SCENARIOS) and any(ending in file.lower() for ending in _ENDINGS):
        help_ = suggest(file, [*PARTS, SCENARIOS], "a rule belongs into a folder, such as precautions/")
        return Diagnostic("this file does not belong here", help=help_, code="stray-file")
    return None
