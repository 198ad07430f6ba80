"""Explanations of codes, and their examples; `python -m tests.authoring.test_explanations` writes docs/codes.md."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from backscreen import Diagnostic, RulebookError
from backscreen.authoring.lint.explanations import PLACES, Explanation, by_code, groups
from backscreen.authoring.lint.linter import check_rulebooks
from backscreen.diagnostics.codes import CODES, WARNINGS
from backscreen.rendering.code_reference import markdown
from tests.helpers.excerpts import by_file, is_root, laid_into, made, sound, with_other_rules, written
from tests.helpers.small import Run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/codes.md"
TODAY = date(2026, 11, 21)
WIDEST = 78
"""What fits into a terminal of 80 columns, since examples are indented there."""

WITHOUT_EXAMPLE = {"unread-rule": "a fault of ours, which nobody can write into a rulebook"}
ALSO_TOLD = {
    "disagreement-unused": {"unused-statement"},  # the statement becomes nothing: this is why there is no other side
    "no-acting-rule": {"unused-fact", "unused-statement", "unused-stretch"},  # nothing uses them where there is no rule
    "same-condition": {"unused-fact"},  # the condition that was there before asked for it
    "too-many-problems": {"unknown-key"},  # a hundred of them
    "unreadable-folder": {"unknown-rule"},  # which rules are in it nobody can say
}
EXPLAINED = [one for group in groups() for one in group.codes]
WITH_EXAMPLE = [one for one in EXPLAINED if one.code not in WITHOUT_EXAMPLE]


def diagnostics_of(wanted: Path | list[Path]) -> tuple[Diagnostic, ...]:
    """What is wrong with rulebooks, whether they can be read or not."""
    try:
        return check_rulebooks(wanted, today=TODAY).diagnostics
    except RulebookError as failure:
        return failure.diagnostics


def told(one: Explanation, example: str, folder: Path) -> tuple[Diagnostic, ...]:
    """What is wrong with the sound rulebook when it holds this example."""
    mine = folder / "stiff-mornings"
    if one.place == "several rulebooks":
        return _told_of_several(example, folder)
    if one.place != "folder":
        texts = sound()
        for file, excerpt in by_file(f"{example}\n", one.place):
            texts = laid_into(texts, file, excerpt)
        return diagnostics_of(written(texts, mine))
    written(sound(), mine)
    command, _, path = example.partition("backscreen rules check ")
    if not command:
        return diagnostics_of(folder / path)
    made(mine, example)
    return diagnostics_of(mine)


def _told_of_several(example: str, folder: Path) -> tuple[Diagnostic, ...]:
    books = {"stiff-mornings": sound(), "stiff-evenings": with_other_rules(sound())}
    books["stiff-evenings"] = laid_into(books["stiff-evenings"], "rulebook.yaml", "id: stiff-evenings\n")
    for path, excerpt in by_file(f"{example}\n", ""):
        name, _, file = path.partition("/")
        books[name] = laid_into(books[name], file, excerpt)
    return diagnostics_of([written(texts, folder / name) for name, texts in books.items()])


def files_of(diagnostics: Iterable[Diagnostic], code: str, folder: Path) -> Iterator[str]:
    """Return the files for which a code is reported, by their paths in the rulebook."""
    for diagnostic in diagnostics:
        if diagnostic.code == code:
            yield Path(diagnostic.position[0] or "").relative_to(folder / "stiff-mornings").as_posix()


# What is explained


def test_every_code_is_explained_in_the_order_in_which_they_are_declared() -> None:
    assert [one.code for one in EXPLAINED] == list(CODES)
    assert [*by_code()] == list(CODES)


def test_codes_stand_under_the_same_groups_as_where_they_are_declared() -> None:
    declared = (
        (ROOT / "src/backscreen/diagnostics/codes.py")
        .read_text("utf-8")
        .partition("Literal[\n")[2]
        .partition("\n]\n")[0]
    )
    parts = [re.findall(r'"([^"]+)"', part) for part in re.split(r"^    # .*$", declared, flags=re.MULTILINE)[1:]]
    assert parts == [[one.code for one in group.codes] for group in groups()]


def test_every_code_is_given_somewhere() -> None:
    program = "".join(
        path.read_text("utf-8") for path in (ROOT / "src/backscreen").rglob("*.py") if path.name != "codes.py"
    )
    assert [code for code in CODES if f'"{code}"' not in program] == []


def test_each_place_is_one_that_there_is() -> None:
    assert {one.place for one in EXPLAINED} == set(PLACES)


def test_only_what_nobody_can_write_has_no_example() -> None:
    assert {one.code for one in EXPLAINED if one.wrong is None or one.right is None} == set(WITHOUT_EXAMPLE)


@pytest.mark.parametrize("one", EXPLAINED, ids=lambda one: one.code)
def test_an_explanation_is_short_and_fits_a_terminal(one: Explanation) -> None:
    assert len(one.title) <= 80
    assert one.title == one.title.strip(" .")
    assert one.why.endswith(".")
    assert len(re.findall(r"\.(?= |$)", one.why)) <= 3
    for example in (one.wrong, one.right):
        lines = (example or "").splitlines()
        assert len(lines) <= 12
        assert max(map(len, lines), default=0) <= WIDEST


# Whether the examples are true


@pytest.mark.parametrize("one", WITH_EXAMPLE, ids=lambda one: one.code)
def test_the_wrong_example_is_told_with_its_code_and_nothing_else(one: Explanation, tmp_path: Path) -> None:
    if one.code in ("unreadable-file", "unreadable-folder") and is_root():
        pytest.skip("root reads everything")
    assert one.wrong is not None
    diagnostics = told(one, one.wrong, tmp_path)
    codes = {diagnostic.code for diagnostic in diagnostics}
    assert one.code in codes
    assert codes - {one.code} <= ALSO_TOLD.get(one.code, set())
    if one.place == "rule":
        assert all("/" in file for file in files_of(diagnostics, one.code, tmp_path))
    elif one.place.endswith(".yaml"):
        assert set(files_of(diagnostics, one.code, tmp_path)) == {one.place}


@pytest.mark.parametrize("one", WITH_EXAMPLE, ids=lambda one: one.code)
def test_nothing_is_wrong_with_the_right_example(one: Explanation, tmp_path: Path) -> None:
    assert one.right is not None
    assert one.right != one.wrong
    assert told(one, one.right, tmp_path) == ()


def test_nothing_is_wrong_with_what_examples_are_laid_into(tmp_path: Path) -> None:
    texts = laid_into(sound(), "precautions/example.yaml", "")
    assert set(texts) > set(sound())
    assert diagnostics_of(written(texts, tmp_path)) == ()


# How it is shown


@pytest.mark.parametrize("one", EXPLAINED, ids=lambda one: one.code)
def test_explain_shows_what_a_code_means(one: Explanation, run: Run) -> None:
    ran = run("rules", "explain", one.code)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{one.code}  in ")
    shown = " ".join(ran.out.split())
    assert one.why in shown
    assert ("This is a warning" in shown) == (one.code in WARNINGS)
    lines = ran.out.splitlines()
    assert max(map(len, lines)) <= 80
    for example in (one.wrong, one.right):
        assert not example or {f"  {line}" for line in example.splitlines()} <= set(lines)


def test_explain_without_a_code_lists_them_all(run: Run) -> None:
    ran = run("rules", "explain")
    assert ran.code == 0
    listed = [line.split()[0] for line in ran.out.splitlines() if re.match(r"  \S", line)]
    assert listed == list(CODES)


@pytest.mark.parametrize("code", ["[never-holds]", "never-holds"])
def test_a_code_may_be_copied_with_its_brackets(code: str, run: Run) -> None:
    assert run("rules", "explain", code).out == run("rules", "explain", "never-holds").out


def test_an_unknown_code_is_refused_with_the_nearest(run: Run) -> None:
    ran = run("rules", "explain", "neverholds")
    assert (ran.code, ran.out) == (2, "")
    assert "`never-holds`" in ran.err


def test_programs_get_the_same_as_json(run: Run) -> None:
    every = json.loads(run("rules", "explain", "--format", "json").out)
    assert every["schema"] == "backscreen/codes/1"
    assert [one["code"] for one in every["codes"]] == list(CODES)
    assert [one["code"] for one in every["codes"] if one["severity"] == "warning"] == sorted(WARNINGS)
    one = json.loads(run("rules", "explain", "never-holds", "--format", "json").out)
    assert one["codes"] == [entry for entry in every["codes"] if entry["code"] == "never-holds"]
    assert [entry["code"] for entry in every["codes"] if entry["wrong"] is None] == [*WITHOUT_EXAMPLE]


def test_what_codes_mean_is_read_only_where_somebody_asks() -> None:
    module = "backscreen.authoring.lint.explanations"
    program = (
        f"import sys; from backscreen.cli.app import run; run(['rules', 'check']); sys.exit({module!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def test_the_page_of_codes_is_current() -> None:
    if PAGE.read_text("utf-8") != markdown(groups()):
        pytest.fail("codes.yaml has changed: run `python -m tests.authoring.test_explanations`", pytrace=False)


def test_the_page_has_a_heading_for_each_code() -> None:
    headings = re.findall(r"^### (\S+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert headings == list(CODES)


if __name__ == "__main__":
    PAGE.write_text(markdown(groups()), encoding="utf-8")
