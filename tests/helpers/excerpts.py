"""Excerpts of a rulebook, as in docs/codes.md, laid into a sound rulebook: they replace what they name."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.helpers.small import Texts

SOUND = Path(__file__).parents[1] / "corpus/rulebooks/sound"
LEFT_AWAY = "# …"
EXAMPLE = "precautions/example.yaml"
EXAMPLE_RULE = """\
id: example
title: Leave a numb leg in peace
when: {numb_leg: yes}
applies_to: {targets: [hamstrings]}
effect: avoid
reason: A nerve that is numb should be left in peace.
statements: [A1]
status: retired
"""
"""What an excerpt of no rule in particular is laid over; it is retired, so that it needs no cases."""
SECTIONS = ("documents", "groups", "person", "trial", "regions", "targets", "stretches")
LISTS = ("statements.yaml", "scenarios.yaml")
UNITS = {"KiB": 1024, "MiB": 1024 * 1024}

Chunk = tuple[str, list[str]]
"""Some lines, and the key or the id that they are about."""


def sound() -> Texts:
    """The files of the sound rulebook."""
    return {path.relative_to(SOUND).as_posix(): path.read_text("utf-8") for path in sorted(SOUND.rglob("*.yaml"))}


def with_other_rules(texts: Texts) -> Texts:
    """The same files, but for the ids of the rules."""
    ids = [Path(file).stem for file in texts if "/" in file]
    renamed = {re.sub(r"/(?=[^/]*$)", "/evening-", file): text for file, text in texts.items()}
    either = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, ids))})(?![\w-])")
    return {file: either.sub(r"evening-\1", text) for file, text in renamed.items()}


def written(texts: Texts, folder: Path) -> Path:
    """A folder with these files in it."""
    for file, text in texts.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


# What stands in files


def by_file(excerpt: str, place: str) -> list[tuple[str, str]]:
    """Return the parts of an excerpt by file: named above each, by `place`, or by the id of its rule."""
    first, *parts = re.split(r"^# (\S+\.yaml)\n", excerpt, flags=re.MULTILINE)
    named = list(zip(parts[::2], parts[1::2], strict=True))
    if not first:
        return named
    rule = re.search(r"^id: (\S+)$", first, re.MULTILINE)
    return [(place if place != "rule" else file_of(rule[1]) if rule else EXAMPLE, first), *named]


def file_of(rule: str) -> str:
    """Where the sound rulebook has a rule, or would have it."""
    return next((file for file in sound() if file.endswith(f"/{rule}.yaml")), f"precautions/{rule}.yaml")


def laid_into(texts: Texts, file: str, excerpt: str) -> Texts:
    """The texts with an excerpt in one of the files.

    A rule with the id of another file's rule replaces it. A new rule is added; without cases, it is retired, because an
    acting rule needs some.
    """
    if file in LISTS:
        return texts | {file: _lines(_list(texts[file].splitlines(), excerpt.splitlines()))}
    rule = re.search(r"^id: (\S+)$", excerpt, re.MULTILINE)
    left = dict(texts)
    base = EXAMPLE_RULE if file == EXAMPLE else left.pop(file, "")
    if not base and rule and file_of(rule[1]) in left:
        base = left.pop(file_of(rule[1]))
    if not base and "cases:" not in excerpt:
        base = "status: retired"
    return left | {file: _lines(_mapping(base.splitlines(), excerpt.splitlines()))}


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _chunks(lines: list[str], name: Callable[[str], str]) -> list[Chunk]:
    """Lines that are indented no further than the first, each with those below that are."""
    lines = [line for line in lines if line.strip()]
    found: list[Chunk] = []
    for line in lines:
        if not found or len(line) - len(line.lstrip()) <= len(lines[0]) - len(lines[0].lstrip()):
            found.append((name(line), []))
        found[-1][1].append(line)
    return found


def _mapping(base: list[str], excerpt: list[str]) -> list[str]:
    there = _chunks(base, _key)
    new = []
    for key, lines in _chunks(excerpt, _key):
        old = next((old for name, old in there if name == key and key in SECTIONS), None)
        new.append((key, lines if old is None else [lines[0], *_list(old[1:], lines[1:])]))
    names = {key for key, _ in new}
    return [line for _, lines in (*new, *(chunk for chunk in there if chunk[0] not in names)) for line in lines]


def _list(base: list[str], excerpt: list[str]) -> list[str]:
    there = _chunks(base, _id)
    new = [(name, _entry(name, lines, there)) for name, lines in _entries(excerpt)]
    names = {name for name, _ in new}
    return [line for _, lines in (*(chunk for chunk in there if chunk[0] not in names), *new) for line in lines]


def _entries(excerpt: list[str]) -> list[Chunk]:
    """As `_chunks`, but for the mark of what is left away, which stays with its entry."""
    entries: list[Chunk] = []
    for line in excerpt:
        if line.startswith(excerpt[0][: len(excerpt[0]) - len(excerpt[0].lstrip())] + "- "):
            entries.append((_id(line), []))
        entries[-1][1].append(line)
    return entries


def _entry(name: str, lines: list[str], there: list[Chunk]) -> list[str]:
    if not any(line.strip() == LEFT_AWAY for line in lines):
        return lines
    old = next(old for other, old in there if other == name)
    given = [line for line in lines if line.strip() != LEFT_AWAY]
    merged = _mapping([old[0].replace("- ", "  ", 1), *old[1:]], [given[0].replace("- ", "  ", 1), *given[1:]])
    indent = len(lines[0]) - len(lines[0].lstrip())
    return [f"{merged[0][:indent]}- {merged[0][indent + 2 :]}", *merged[1:]]


def _key(line: str) -> str:
    return line.strip().partition(":")[0]


def _id(line: str) -> str:
    found = re.search(r"\b(?:id|name): ([^,}]+)", line)
    return found[1] if found else line


# What lies in a folder


def made(folder: Path, listing: str) -> None:
    """Make a rulebook's folder match a listing; other files are removed unless the listing has an ellipsis."""
    lines = [line for line in listing.splitlines() if not line.startswith(LEFT_AWAY)]
    if lines == listing.splitlines():
        for path in folder.iterdir():
            if not any(line.startswith(path.name) for line in lines):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    above = folder
    for line in lines:
        inside = line.startswith("  ")
        written_as = re.fullmatch(r"(\S+?)(/?)(?: -> (\S+))?(?:  \((.+)\))?", line.strip())
        assert written_as is not None, line
        name, is_folder, target, what = written_as.groups()
        path = (above if inside else folder) / name
        if not inside and is_folder:
            above = path
        if target:
            path.symlink_to(target)
        elif is_folder:
            path.mkdir(exist_ok=True)
        elif not path.exists():
            path.write_text(EXAMPLE_RULE.replace("id: example", f"id: {path.stem}"), encoding="utf-8")
        if what:
            _become(path, what)


def _become(path: Path, what: str) -> None:
    match what.split():
        case ["may", "not", "be", "read"]:
            path.chmod(0)
        case ["saved", "as", encoding]:
            path.write_text(path.read_text("utf-8"), encoding=encoding)
        case [count, "files"]:
            for number in range(int(count)):
                (path / f"{number}.md").touch()
        case [count, "values"]:
            more = ", ".join("1" for _ in range(int(count))) if int(count) > 1000 else ""
            path.write_text(path.read_text("utf-8") + (f"reading: [{more}]\n" if more else ""), encoding="utf-8")
        case [count, "unknown", "keys"]:
            path.write_text(
                path.read_text("utf-8") + "".join(f"key_{number}: 0\n" for number in range(int(count))),
                encoding="utf-8",
            )
        case [size, unit]:
            text = path.read_text("utf-8")
            path.write_text(text + "#" * (int(size) * UNITS[unit] - len(text)), encoding="utf-8")
        case _:
            raise AssertionError(what)


def is_root() -> bool:
    """Whether this process may read whatever it is not allowed to."""
    return getattr(os, "geteuid", lambda: 1)() == 0
