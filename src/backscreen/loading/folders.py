"""The files of a rulebook's folder: which there are, and which should not be there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from backscreen.errors import Problem, suggestion

PARTS = ("rulebook.yaml", "facts.yaml", "stretches.yaml", "statements.yaml")
"""The files that every rulebook has."""
SCENARIOS = "scenarios.yaml"


@frozen(eq=False, repr=False)
class Listing:
    """The files to read by their path below the folder, each with what it is called in messages; and what is wrong with the folder."""

    files: Mapping[str, str]
    problems: tuple[Problem, ...] = field(default=())


def listing(folder: Path, shown: Path) -> Listing:
    """Every file of a rulebook that is to be read; `shown` is what the folder is called in messages.

    INVARIANT: a file that could be a rule is either among the files or among the problems, so that no rule is ever left out in silence.
    """
    found, unreadable = _files(folder)
    problems = []
    for place in unreadable:
        help_ = "a rule that is not read is a caution that is not given; check its permissions"
        problems.append(Problem("this folder cannot be read", where=f"{shown}{os.sep}{place}", help=help_, code="unreadable-folder"))
    files = {}
    for file in found:
        name = f"{shown}{os.sep}{file}"
        misplaced = _misplaced(file)
        if misplaced is not None:
            problems.append(evolve(misplaced, where=name))
        elif file.endswith(".yaml"):
            files[file] = name
    return Listing(files, tuple(problems))


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
    """What is wrong with a file of this name being here."""
    if "/" in file:
        if not file.endswith((".yaml", ".md")):
            help_ = "rename it, so that it is not left out, or take it away"
            return Problem("files among rules end in `.yaml`, or in `.md`", help=help_, code="stray-file")
    elif file not in (*PARTS, SCENARIOS) and any(ending in file.lower() for ending in (".yaml", ".yml")):
        help_ = suggestion(file, [*PARTS, SCENARIOS], "a rule belongs into a folder, such as precautions/")
        return Problem("this file does not belong here", help=help_, code="stray-file")
    return None
