"""Files changed at random: they are refused with a place and a reason, or accepted, and never crash the program.

`python -m tests.corpus.test_mutated_files 10000` runs a campaign of any size; with a second number, from another seed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from attrs import frozen

from backscreen.authoring.lint.linter import diagnostics_of
from backscreen.diagnostics.codes import CODES, Code
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import BackscreenError
from backscreen.formats.yaml_reader import read_text
from backscreen.loading.directory import PARTS, SCENARIOS
from backscreen.loading.rulebook_files import read_folder
from tests.helpers.editing import Change, changed_by, changes, written

HERE = Path(__file__).parent
BOOKS = (HERE / "rulebooks" / "sound", HERE.parents[1] / "rules" / "lower-back")
TODAY = date(2026, 11, 21)
SEED = 20261121
COUNT = 600
CHUNKS = 12

_WORDS = r"""
yes no null ~ '' "" [] {} [[]] {{}} - : ? | > >- |9 # % @ ` ! & * \\ ' " { } [ ] , &a *a !!python/object:os.system
!!binary << --- ...
012 0x1F 1e999 .inf -.inf .nan NaN 1_000 1:30 2026-02-30 2026-11-20 trial. trial.stretch trial.felt stretch any all none
not id id:
"\x07" "\u202e" "\ud800" "\n" "a\tb" é ß ı İ ٣ 中文
"""
_PHRASES = """
- -
<<: {}
--- |
%YAML 9.9
<fill in>
<<fill>>
any: []
all: [{}]
not: {}
{not: {not: {}}}
{at_least: 5, at_most: 3}
{less_than: -9999999999999999999}
{more_than: 1}
id: x
when: {}
effect: stop
applies_to: all
cases: 3
"""
_LONG = ("9" * 400, "9" * 5000, "-" + "9" * 30, "[" * 40, "{a: " * 40, "\n  " * 40, "x" * 3000, "a" + "\u0301" * 50)
_UNSEEN = "\x00\x07\x1b\x7f\x85\u2028\u202e\ufeff\u200b\u00a0\u00ad\U000e0041\t\r\n "
NASTY: tuple[str, ...] = (*_WORDS.split(), *_PHRASES.strip().splitlines(), *_LONG, *_UNSEEN, "\r\n", "\n\n", "\x1b[31m")


@frozen
class Shelf:
    """Return the rulebooks' files by number, and every change of values that each allows."""

    texts: tuple[dict[str, bytes], ...]

    @property
    def pieces(self) -> list[bytes]:
        """All of the files."""
        return [content for files in self.texts for content in files.values()]


@cache
def shelf() -> Shelf:
    """The files as they stand."""
    return Shelf(
        tuple(
            {path.relative_to(book).as_posix(): path.read_bytes() for path in sorted(book.rglob("*.yaml"))}
            for book in BOOKS
        )
    )


@cache
def structured_changes(book: int, file: str) -> tuple[object, tuple[tuple[Change, ...], ...]]:
    """A file's values, and every change of them, by kind."""
    data = read_text(shelf().texts[book][file], file).data
    kinds: dict[str, list[Change]] = {}
    for change in changes(data):
        kinds.setdefault(change.kind, []).append(change)
    return data, tuple(map(tuple, kinds.values()))


# --- changes of bytes -------------------------------------------------------------------------------------------------


def _span(draw: Random, content: bytes, longest: int = 40) -> tuple[int, int]:
    start = draw.randrange(len(content) + 1)
    return start, min(len(content), start + draw.randint(1, longest))


def _flipped(draw: Random, content: bytes) -> bytes:
    if not content:
        return b"\xff"
    place = draw.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << draw.randrange(8)]) + content[place + 1 :]


def _deleted(draw: Random, content: bytes) -> bytes:
    start, end = _span(draw, content)
    return content[:start] + content[end:]


def _doubled(draw: Random, content: bytes) -> bytes:
    start, end = _span(draw, content, 200)
    return content[:end] + content[start:end] * draw.choice((1, 1, 2, 50)) + content[end:]


def _inserted(draw: Random, content: bytes) -> bytes:
    place = draw.randrange(len(content) + 1)
    return content[:place] + draw.choice(NASTY).encode() + content[place:]


def _token_replaced(draw: Random, content: bytes) -> bytes:
    words = content.replace(b"\n", b" \n").split(b" ")
    words[draw.randrange(len(words))] = draw.choice(NASTY).encode()
    return b" ".join(words).replace(b" \n", b"\n")


def _truncated(draw: Random, content: bytes) -> bytes:
    start, _ = _span(draw, content)
    return draw.choice((content[:start], content[start:]))


def _spliced(draw: Random, content: bytes) -> bytes:
    other = draw.choice(shelf().pieces)
    start, end = _span(draw, other, 400)
    place = draw.randrange(len(content) + 1)
    return content[:place] + other[start:end] + content[place:]


def _lines_spliced(draw: Random, content: bytes) -> bytes:
    lines, others = content.splitlines(keepends=True), draw.choice(shelf().pieces).splitlines(keepends=True)
    start, place = draw.randrange(len(others)), draw.randrange(len(lines) + 1)
    return b"".join([*lines[:place], *others[start : start + draw.randint(1, 8)], *lines[place:]])


def _lines_changed(draw: Random, content: bytes) -> bytes:
    """Lines exchanged, moved, doubled, left away or joined."""
    lines = content.splitlines(keepends=True) or [b"\n"]
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    match draw.randrange(5):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            lines.insert(other, lines.pop(one))
        case 2:
            lines.insert(other, lines[one])
        case 3:
            del lines[one]
        case _:
            lines[one] = lines[one].rstrip(b"\n")
    return b"".join(lines)


def _indented(draw: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True) or [b"\n"]
    start = draw.randrange(len(lines))
    by = draw.choice((b" ", b"  ", b"    ", b"\t", b"- ", b""))
    for index in range(start, min(len(lines), start + draw.choice((1, 1, 1, 3, 10)))):
        lines[index] = by + (lines[index].lstrip(b" ") if draw.random() < 0.5 else lines[index])
    return b"".join(lines)


def _encoded(draw: Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    match draw.randrange(6):
        case 0:
            return text.encode(draw.choice(("utf-16", "utf-32", "utf-7", "utf-16-be")), "replace")
        case 1:
            return text.replace("a", "ä", 1).encode("latin-1", "replace")
        case 2:
            return b"\xef\xbb\xbf" * draw.choice((1, 2)) + content
        case 3:
            return content.replace(b"\n", draw.choice((b"\r\n", b"\r", b"\n\r", b"\xc2\x85", b"\xe2\x80\xa8")))
        case 4:
            place = draw.randrange(len(content) + 1)
            return (
                content[:place]
                + draw.choice((b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\x00"))
                + content[place:]
            )
        case _:
            return content.replace(b" ", draw.choice((b"\xc2\xa0", b"\t", b"  ")), draw.randint(1, 5))


BYTES: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_flipped, _deleted, _doubled, _inserted, _token_replaced, _token_replaced, _truncated),
    *(_spliced, _lines_spliced, _lines_changed, _indented, _encoded),
)


# --- one trial --------------------------------------------------------------------------------------------------------


@frozen
class Trial:
    """A small rulebook with one changed file: its book, its rules, the file and the new content."""

    book: int
    rules: tuple[str, ...]
    file: str
    content: bytes


def trial(seed: int, number: int) -> Trial:
    """The trial of a number, the same each time."""
    draw = Random(f"{seed}-{number}")
    book = int(draw.random() < 0.3)
    texts = shelf().texts[book]
    rules = tuple(draw.sample([file for file in texts if "/" in file], 2))
    file = draw.choice((*PARTS, SCENARIOS, *rules, *rules))
    if file == SCENARIOS:  # they name any rule
        rules = tuple(other for other in texts if "/" in other)
    content = texts[file]
    is_structured = draw.random() < 0.6
    if is_structured:
        data, possible = structured_changes(book, file)
        content = written(changed_by(data, draw.choice(draw.choice(possible)))).encode("utf-8", "replace")
    for _ in range(draw.choice((0, 0, 0, 1)) if is_structured else draw.choice((1, 1, 2, 4))):
        content = draw.choice(BYTES)(draw, content)
    return Trial(book, rules, file, content)


def faults(diagnostic: Diagnostic, folder: Path) -> Iterator[str]:
    """What is wrong with a complaint."""
    if diagnostic.code not in CODES:
        yield f"the code {diagnostic.code!r}"
    name, line, column = diagnostic.position
    if name is None or not Path(name).exists() or not Path(name).is_relative_to(folder):
        yield f"the place {diagnostic.location!r}"
    elif line is not None and column is not None:
        lines = Path(name).read_bytes().decode("utf-8-sig", "replace").split("\n")
        if not (1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1):
            yield f"the place {diagnostic.location!r} in {len(lines)} lines"
    said = f"{diagnostic.message}{diagnostic.help or ''}"
    if not diagnostic.message.strip() or any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in said
    ):
        yield f"the text {said!r}"


def told(one: Trial, folder: Path) -> tuple[list[str], list[str]]:
    """Write the changed rulebook; return its codes, and what is wrong with the diagnostics themselves."""
    texts = shelf().texts[one.book]
    shutil.rmtree(folder, ignore_errors=True)
    for file in (*PARTS, *one.rules, *([SCENARIOS] if one.file == SCENARIOS else [])):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(one.content if file == one.file else texts[file])
    try:
        reading = read_folder(folder, scenarios=True)
        diagnostics = diagnostics_of(reading, TODAY)
        own = list(reading.diagnostics)
    except BackscreenError as refused:
        return [str(diagnostic.code) for diagnostic in refused.diagnostics], [
            fault for diagnostic in refused.diagnostics for fault in faults(diagnostic, folder)
        ]
    wrong = [fault for diagnostic in diagnostics for fault in faults(diagnostic, folder)]
    try:
        reading.admitted()
        if own:
            wrong.append("it is let in though something is wrong with it")
    except BackscreenError as refused:
        if list(refused.diagnostics) != own:
            wrong.append("it is refused for something else than what is wrong with it")
    blamed = [str(diagnostic.code) for diagnostic in diagnostics if diagnostic.position[0] == str(folder / one.file)]
    minded = [
        f"({code})" for code in blamed if not code.startswith(("unused-", "statement-misplaced"))
    ]  # with so few rules much is not used
    return [str(diagnostic.code) for diagnostic in own] or minded, wrong


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_file_changed_at_random_is_refused_with_a_place_and_a_reason_or_taken(chunk: int, tmp_path: Path) -> None:
    for number in range(chunk, COUNT, CHUNKS):
        _, wrong = told(trial(SEED, number), tmp_path / "mine")
        assert wrong == [], f"trial({SEED}, {number})"


def test_the_changes_reach_most_of_what_can_be_wrong_with_a_file(tmp_path: Path) -> None:
    found = {code for number in range(COUNT // 2) for code in told(trial(SEED, number), tmp_path / "mine")[0]}
    assert {
        "yaml-syntax",
        "not-utf8",
        "control-characters",
        "unknown-key",
        "missing-key",
        "empty-value",
        "not-a-list",
        "not-a-mapping",
    } <= found
    assert len(found) >= 30  # of those that one change can bring about


@pytest.mark.parametrize(
    ("where", "what", "code", "count"),
    [
        ("rulebook.yaml:2:1", "this is empty", "empty-value", 0),
        ("rulebook.yaml", "this is empty", "empty-value", 0),
        ("rulebook.yaml:3:1", "this is empty", "empty-value", 1),
        ("rulebook.yaml:1:9", "this is empty", "empty-value", 1),
        ("nowhere.yaml:1:1", "this is empty", "empty-value", 1),
        ("rulebook.yaml:1:1", "this \x1b[31m", "empty-value", 0),  # which a problem writes as an escape
        ("rulebook.yaml:1:1", " ", "empty-value", 1),
        ("rulebook.yaml:1:1", "this is empty", None, 1),
    ],
)
def test_a_complaint_without_a_code_a_place_or_a_clean_text_is_a_fault(
    where: str, what: str, code: Code | None, count: int, tmp_path: Path
) -> None:
    (tmp_path / "rulebook.yaml").write_text("id: one\n")
    assert len(list(faults(Diagnostic(what, location=f"{tmp_path}/{where}", code=code), tmp_path))) == count


def campaign(count: int, seed: int = SEED, first: int = 0) -> int:
    """Run many trials and tell what came of them; returns how many went wrong."""
    codes: Counter[str] = Counter()
    refused = minded = taken = 0
    fell: list[str] = []
    start = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            one = trial(seed, number)
            try:
                found, wrong = told(one, Path(folder).resolve() / "mine")
            except Exception as failure:
                found, wrong = [], [f"{type(failure).__name__}: {failure}"]
            fell += [f"trial({seed}, {number}), {one.file}: {fault}" for fault in wrong[:2]]
            codes.update(set(found))
            refused += any(not code.startswith("(") for code in found)
            minded += bool(found) and all(code.startswith("(") for code in found)
            taken += not found
    became = f"{refused} refused, {minded} minded by a reviewer, {taken} taken, {len(fell)} faults"
    print(f"{count} files in {monotonic() - start:.0f} s: {became}")  # noqa: T201
    print("  " + ", ".join(f"{code} {times}" for code, times in codes.most_common()))  # noqa: T201
    print(*fell[:50], sep="\n")  # noqa: T201
    return len(fell)


if __name__ == "__main__":
    sys.exit(campaign(int(sys.argv[1]), *map(int, sys.argv[2:])) > 0)
