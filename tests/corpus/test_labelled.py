"""The labelled corpus: every broken rulebook gets exactly the expected diagnostics, each at its place."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from backscreen import RulebookError
from backscreen.authoring.cases.coverage import statement_coverage
from backscreen.authoring.cases.runner import run
from backscreen.authoring.lint.linter import check_rulebooks
from backscreen.authoring.mutation.score import scores
from backscreen.diagnostics.codes import CODES, WARNINGS
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.loading.rulebook_files import load_folder, load_rulebooks
from tests.corpus.labelled import LINTS, SOUND, Entry, entries
from tests.helpers.machine import PATIENCE

TODAY = date(2026, 11, 21)
ENTRIES = entries()
SAMPLE = ENTRIES[7::20]
ELSEWHERE = {
    "clash": "two rulebooks together",
    "repeated-rulebook": "two rulebooks together",
    "not-a-rulebook": "no folder at all",
    "too-many-files": "thousands of files",
    "too-many-problems": "a hundred other complaints beside it",
    "unreadable-folder": "somebody who may not read everything",
    "unread-rule": "a fault of ours",
}
"""Codes that no entry has, and what each of them would need."""
FEW = {"too-many-values", "too-large", "unreadable-file"}
"""Codes of which there are hardly three different ways."""


def _scoped(diagnostic: Diagnostic, folder: Path) -> tuple[str, str]:
    where = diagnostic.location or ""
    return "." if where == str(folder) else where.removeprefix(f"{folder}/"), str(diagnostic.code)


def _promised(said: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return codes with their places; for parser errors the line only, since versions differ in the column."""
    return sorted((place.rpartition(":")[0] if code == "yaml-syntax" else place, code) for place, code in said)


def _named(entry: Entry) -> str:
    return f"{entry.theme}: {entry.name}"


@pytest.mark.parametrize("entry", ENTRIES, ids=_named)
def test_a_broken_rulebook_gets_exactly_the_complaints_of_its_label(entry: Entry, tmp_path: Path) -> None:
    entry.write(tmp_path / "mine")
    found = check_rulebooks([tmp_path / "mine"], today=TODAY).diagnostics
    assert _promised(_scoped(diagnostic, tmp_path / "mine") for diagnostic in found) == _promised(entry.said)


@pytest.mark.parametrize("entry", ENTRIES, ids=_named)
def test_a_broken_rulebook_is_loaded_exactly_where_only_a_reviewer_minds(entry: Entry, tmp_path: Path) -> None:
    entry.write(tmp_path / "mine")
    refused = _promised(scoped for scoped in entry.said if scoped[1] not in LINTS)
    if not refused:
        assert load_folder(tmp_path / "mine", scenarios=True).id
        return
    with pytest.raises(RulebookError) as caught:
        load_folder(tmp_path / "mine", scenarios=True)
    assert _promised(_scoped(diagnostic, tmp_path / "mine") for diagnostic in caught.value.diagnostics) == refused


@pytest.mark.parametrize(("number", "entry"), list(enumerate(SAMPLE)), ids=[_named(entry) for entry in SAMPLE])
def test_the_command_says_the_same_in_each_of_its_formats(number: int, entry: Entry, tmp_path: Path) -> None:
    entry.write(tmp_path / "mine")
    form = ("text", "json", "github")[number % 3]
    command = [sys.executable, "-m", "backscreen", "rules", "check", "mine", "--format", form, "--today", str(TODAY)]
    ran = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False, timeout=PATIENCE
    )
    assert ran.returncode == int(any(code not in WARNINGS for code in entry.codes))
    assert "Traceback" not in ran.stdout + ran.stderr
    if form == "json":
        codes = [diagnostic["code"] for diagnostic in json.loads(ran.stdout)["problems"]]
    else:
        codes = re.findall(
            r"(?m)\[([a-z0-9-]+)\]$" if form == "text" else r"(?m)^::(?:error|warning) .*?title=([a-z0-9-]+)",
            ran.stdout,
        )
    assert sorted(codes) == sorted(entry.codes)


def test_there_are_hundreds_of_entries_and_no_two_are_the_same() -> None:
    assert len(ENTRIES) >= 500
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)
    assert len({(frozenset(entry.files.items()), frozenset(entry.links.items())) for entry in ENTRIES}) == len(ENTRIES)


def test_every_code_is_in_the_corpus_in_several_ways_or_cannot_be() -> None:
    ways = Counter(code for entry in ENTRIES for code in set(entry.codes))
    assert len(ways) >= 100
    assert set(ways) | set(ELSEWHERE) == set(CODES)
    assert not set(ways) & set(ELSEWHERE)
    assert {code for code, count in ways.items() if count < 3} <= FEW


def test_a_fact_of_a_trial_that_is_named_without_its_prefix_is_told_with_it(tmp_path: Path) -> None:
    next(entry for entry in ENTRIES if entry.name == "a fact of a trial without its prefix").write(tmp_path / "mine")
    (diagnostic,) = check_rulebooks([tmp_path / "mine"], today=TODAY).diagnostics
    assert "`trial.felt`" in str(diagnostic.help)


def test_names_with_tabs_and_line_breaks_are_told_on_one_line(tmp_path: Path) -> None:
    for name in ("a rule's id has a tab", "a fact's name goes over two lines"):
        next(entry for entry in ENTRIES if entry.name == name).write(tmp_path / name)
        (diagnostic,) = check_rulebooks([tmp_path / name], today=TODAY).diagnostics
        assert diagnostic.message.isprintable()


def test_nothing_is_wrong_with_the_rulebook_that_is_broken_here() -> None:
    assert check_rulebooks([SOUND], today=TODAY).diagnostics == ()
    knowledge_base = load_rulebooks(SOUND, tests=True)
    assert not [result.name for result in run(knowledge_base) if result.mismatches]
    assert not [survivor.mutant.words for score in scores(knowledge_base) for survivor in score.survivors]
    assert all(covered.is_covered for covered in statement_coverage(knowledge_base))
