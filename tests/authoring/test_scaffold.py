"""`backscreen rules new`: its files load as intended, contain the needed cases, and replace nothing."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from backscreen.authoring.cases.runner import run_case
from backscreen.authoring.lint.evidence import evidence
from backscreen.authoring.mutation.state_space import state_space, truth_table
from backscreen.authoring.scaffold.case_sketches import Answers, sketches
from backscreen.authoring.scaffold.case_sketches import given as given_of
from backscreen.authoring.scaffold.new_files import write_rule
from backscreen.authoring.scaffold.rule_template import Draft, rule_text
from backscreen.authoring.scaffold.rulebook_template import rulebook_texts
from backscreen.authoring.scaffold.target_rulebook import read_target
from backscreen.cli import BAD_INPUT, DONE, INTERRUPTED
from backscreen.diagnostics.characters import unwanted
from backscreen.diagnostics.exceptions import RulebookError, UsageError
from backscreen.formats.yaml_reader import read_file, read_text
from backscreen.formats.yaml_text import Data
from backscreen.formats.yaml_writer import entry, joined
from backscreen.loading.condition_parser import read_condition
from backscreen.loading.profile_validation import check
from backscreen.loading.rulebook_files import load_folder, load_rulebooks, load_texts
from backscreen.loading.structure import profile, to_fill_in
from backscreen.loading.text_lengths import ID, LINE
from backscreen.model.conditions import Condition, Within, atoms
from backscreen.model.effects import Certainty, Effect
from backscreen.model.facts import TRIAL, Fact, Flag, RangeFact, Value
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.rules import Case, Expectation, Fires
from backscreen.semantics.reference import decide, holds
from backscreen.testing import random_rulebooks
from backscreen.testing.strategies import rulebooks
from tests.helpers.filling import filled_in
from tests.helpers.small import FACTS, HEAD, SCENARIOS, STATEMENTS, STRETCHES, Folder, Run, Texts

EVERYTHING = {
    "--title": "Care with weight: and a # in it",
    "--when": "{excess_lb: {at_least: 50, less_than: 100}, sciatica: yes}",
    "--applies-to": "{targets: [hamstrings], regions: [legs]}",
    "--effect": "caution",
    "--about": "person",
    "--reason": "Long enough to be folded. " * 6 + "Yes.",
    "--statement": "B1",
    "--disagree-with": "B2",
    "--folder": "mine",
}
FIRES = {True: "yes", False: "no", None: "unknown"}
DOWN, ENTER, INTERRUPT, END_OF_INPUT = "\x1b[B", "\r", "\x03", "\x04"


def options(**changes: str | None) -> list[str]:
    """Every option of a rule, some of them changed or left out."""
    given = EVERYTHING | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return [word for name, value in given.items() if value is not None for word in (name, value)]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def data(path: Path) -> Any:
    return read_file(path).data


@pytest.fixture
def mine(folder: Folder, small: Texts) -> Path:
    return folder(small)


# What is written


def test_every_option_is_read_back_as_it_was_given(run: Run, mine: Path) -> None:
    ran = run("rules", "new", "much-weight", "--rulebook", mine, *options())
    assert ran.code == DONE
    assert str(mine / "mine" / "much-weight.yaml") in ran.out
    assert f"backscreen rules check {mine}" in ran.out
    read = data(mine / "mine" / "much-weight.yaml")
    assert list(read) == [
        "id",
        "title",
        "when",
        "applies_to",
        "effect",
        "reason",
        "statements",
        "disagree_with",
        "status",
        "cases",
    ]
    assert read["title"] == EVERYTHING["--title"]
    assert read["reason"] == EVERYTHING["--reason"]
    assert read["when"] == {"excess_lb": {"at_least": 50, "less_than": 100}, "sciatica": True}
    assert read["applies_to"] == {"targets": ["hamstrings"], "regions": ["legs"]}
    assert (read["statements"], read["disagree_with"], read["status"]) == (["B1"], ["B2"], "draft")
    assert {diagnostic.path[0] for diagnostic in to_fill_in(read)} == {"cases"}


def fill_in(path: Path, facts: dict[str, Fact]) -> None:
    """Give each case a name and the outcome that the reference finds."""
    text, read = path.read_text(encoding="utf-8"), data(path)
    when, diagnostics = read_condition(read["when"], facts)
    assert when is not None, diagnostics
    for number, case in enumerate(read["cases"]):
        trial = case["given"].get("trials", [{}])[0]
        known = {
            **case["given"].get("facts", {}),
            **{TRIAL + name: answer for name, answer in trial.items() if name != "stretch"},
        }
        text = text.replace("fires: <yes / no / unknown>", f"fires: {FIRES[holds(when, known)]}", 1)
        text = re.sub(r"- name: (?:<[^>]*>|>-\n\s+<[^>]*>)", f"- name: person {number}", text, count=1)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "when",
    [
        "{excess_lb: {at_least: 50}, build: heavy}",
        "{trial.felt: pain, excess_lb: {less_than: 5}}",
        "{felt: pain, any: [{early: yes}]}",
    ],
)
def test_a_rule_with_its_cases_filled_in_is_taken_by_the_loader_and_passes(run: Run, mine: Path, when: str) -> None:
    when = when.replace("early", "trial.early").replace("{felt", "{trial.felt")
    facts = KnowledgeBase([load_folder(mine)]).facts
    assert run("rules", "new", "one", "--rulebook", mine, *options(when=when)).code == DONE
    fill_in(mine / "mine" / "one.yaml", facts)
    rule = next(rule for rule in load_folder(mine).rules if rule.id == "one")
    assert {case.expect.fires for case in rule.cases} == set(Fires)
    assert run("rules", "test", mine).code == DONE


def test_every_rule_that_comes_with_backscreen_gets_cases_that_fill_its_needs() -> None:
    knowledge_base = load_rulebooks("lower-back")
    for scoped in knowledge_base.rules:
        assert lacking(scoped.rule.when, knowledge_base.facts) == []


@given(rulebooks())
@settings(max_examples=150, deadline=None)
def test_the_cases_of_any_condition_show_all_that_a_case_can_show(knowledge_base: KnowledgeBase) -> None:
    for scoped in knowledge_base.rules:
        assert lacking(scoped.rule.when, knowledge_base.facts) == []


def lacking(when: Condition, facts: dict[str, Fact]) -> list[str]:
    """Return what the cases fail to show: firing, each boundary, each other answer, each unknown fact."""
    people = [sketch.answers for sketch in sketches(when, facts, "some_stretch")]
    assert len({tuple(sorted(person.items())) for person in people}) == len(people)
    found = [] if any(holds(when, person) for person in people) else ["nobody on whom it fires"]
    for name in dict.fromkeys(atom.fact for atom in atoms(when)):
        if not any(name not in person and holds(when, person) is None for person in people):
            found.append(f"{name} unknown")
        spec = facts[name]
        if isinstance(spec, RangeFact):
            found += [
                f"{name} {low}|{low + 1}"
                for low in boundaries(when, name, spec)
                if not is_told_apart(when, people, name, low)
            ]
        elif can_matter(when, facts, name) and not any(
            holds(when, person) is False and any(holds(when, {**person, name: other}) for other in spec.values)
            for person in people
            if name in person
        ):
            found.append(f"{name} answered otherwise")
    return [
        one
        for one in found
        if "|" not in one or can_matter(when, facts, name=one.split()[0], low=int(one.split()[1].split("|")[0]))
    ]


def boundaries(when: Condition, name: str, spec: RangeFact) -> set[int]:
    ends = [(atom.low, atom.high) for atom in atoms(when) if isinstance(atom, Within) and atom.fact == name]
    below = {low - 1 for low, _ in ends if low is not None} | {high for _, high in ends if high is not None}
    return {low for low in below if spec.at_least <= low < spec.at_most}


def is_told_apart(when: Condition, people: list[Answers], name: str, low: int) -> bool:
    came = {(person[name], holds(when, person)) for person in people if person.get(name) in {low, low + 1}}
    return {(low, True), (low + 1, False)} <= came or {(low, False), (low + 1, True)} <= came


def can_matter(when: Condition, facts: dict[str, Fact], name: str, low: int | None = None) -> bool:
    """Return whether this fact alone (these two numbers) decides in some state whether the rule fires."""
    states = state_space([when], facts)
    assert states is not None
    value, stride, answers = truth_table(when, states), states.strides[name], states.answers[name]
    unknown_here = sum(1 << state for state in range(states.size) if state // stride % (len(answers) + 1) == 0)
    for one, other in permutations(range(len(answers)), 2):
        is_asked = low is None or {one, other} == {place_of(low, answers), place_of(low + 1, answers)}
        if is_asked and value.true >> stride * (one + 1) & value.false >> stride * (other + 1) & unknown_here:
            return True
    return False


def place_of(number: int, answers: tuple[Value, ...]) -> int:
    """The place of the span that a number lies in; the first stands for all below the second."""
    return max(place for place, start in enumerate(answers) if place == 0 or int(start) <= number)


def test_a_condition_of_very_many_facts_is_no_trouble() -> None:
    flags: dict[str, Fact] = {
        f"f{number}": Flag(id=f"f{number}", title=f"F{number}", question="?") for number in range(40)
    }
    for way in ("any", "all"):
        when, _ = read_condition({way: [{name: True} for name in flags]}, flags)
        assert when is not None
        people = [sketch.answers for sketch in sketches(when, flags)]
        assert {holds(when, person) for person in people} == {True, False, None}
        for name in flags:
            assert any(
                holds(when, person) is None and name not in person and len(person) == len(flags) - 1
                for person in people
            )


def test_a_rule_that_is_always_so_gets_one_case(run: Run, mine: Path) -> None:
    assert run("rules", "new", "one", "--rulebook", mine, *options(when="{}", about="stretch")).code == DONE
    read = data(mine / "mine" / "one.yaml")
    assert (read["about"], [case["given"] for case in read["cases"]]) == ("stretch", [{}])


@pytest.mark.parametrize(("asked", "near"), [("slight", "medium"), ("heavy", "medium"), ("[slight, medium]", "heavy")])
def test_a_near_miss_is_the_answer_next_to_the_one_that_is_asked_for(
    run: Run, mine: Path, asked: str, near: str
) -> None:
    assert run("rules", "new", "one", "--rulebook", mine, *options(when=f"{{build: {asked}}}")).code == DONE
    given = [case["given"].get("facts", {}).get("build") for case in data(mine / "mine" / "one.yaml")["cases"]]
    assert given == [*asked.strip("[]").split(", "), near, None]


def test_a_rule_about_a_trial_is_tried_on_a_stretch_that_it_is_about_and_on_one_that_it_is_not(
    run: Run, mine: Path
) -> None:
    words = options(when="{trial.felt: pain}", applies_to=None, folder=None, tried="{motions: [none]}")
    assert run("rules", "new", "one", "--rulebook", mine, *words).code == DONE
    read = data(mine / "response" / "one.yaml")
    assert "applies_to" not in read
    assert [case["given"]["trials"] for case in read["cases"]] == [
        [{"stretch": "far_toe_reach", "felt": "pain"}],
        [{"stretch": "cat_cow", "felt": "pain"}],
        [{"stretch": "far_toe_reach", "felt": "nothing"}],
        [{"stretch": "far_toe_reach"}],
    ]


def test_what_is_not_said_stands_in_angle_brackets_and_every_key_is_there(run: Run, mine: Path) -> None:
    assert run("rules", "new", "one", "--rulebook", mine).code == DONE
    read = data(mine / "drafts" / "one.yaml")
    assert list(read) == ["id", "title", "when", "applies_to", "effect", "reason", "statements", "status", "cases"]
    places = {diagnostic.path for diagnostic in to_fill_in(read)}
    assert {(key,) for key in ("title", "when", "applies_to", "effect", "reason")} <= places
    assert {
        ("statements", 0),
        ("cases", 0, "name"),
        ("cases", 0, "given", "facts", "<fact>"),
        ("cases", 0, "expect", "fires"),
    } <= places
    with pytest.raises(RulebookError) as refused:
        load_folder(mine)
    assert {diagnostic.code for diagnostic in refused.value.diagnostics} == {"to-fill-in"}


def test_a_condition_with_something_to_fill_in_is_kept(run: Run, mine: Path) -> None:
    assert (
        run("rules", "new", "one", "--rulebook", mine, *options(when="{excess_lb: {at_least: <how much>}}")).code
        == DONE
    )
    read = data(mine / "mine" / "one.yaml")
    assert read["when"] == {"excess_lb": {"at_least": "<how much>"}}
    assert len(read["cases"]) == 1


@pytest.mark.parametrize("effect", list(Effect))
def test_without_a_folder_the_effect_says_where_a_rule_goes(run: Run, mine: Path, effect: Effect) -> None:
    scope = None if effect is Effect.STOP else "all"
    assert (
        run(
            "rules", "new", "one", "--rulebook", mine, *options(effect=effect.value, applies_to=scope, folder=None)
        ).code
        == DONE
    )
    assert (mine / effect.folder / "one.yaml").is_file()


def test_the_shipped_rules_lie_where_new_ones_go() -> None:
    books = load_rulebooks("lower-back").books
    for rule in (rule for book in books for rule in book.rules):
        draft = Draft(id=rule.id, condition=rule.when, effect=rule.effect)
        assert f"/{draft.folder}/" in rule.at


@pytest.mark.parametrize("place", ["mine", "mine/deeper/still", "mine/"])
def test_the_first_line_leads_an_editor_to_the_schema(run: Run, mine: Path, place: str) -> None:
    assert run("rules", "new", "one", "--rulebook", mine, *options(folder=place)).code == DONE
    path = mine / place / "one.yaml"
    first = path.read_text().splitlines()[0]
    schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert schema.resolve() == (mine / ".schemas" / "rule.schema.json").resolve()
    assert json.loads(schema.read_text())["title"]
    assert '"one"' in (mine / ".schemas" / "scenarios.schema.json").read_text()


CHARACTERS = st.characters(categories=["L", "M", "N", "P", "S", "Zs"]) | st.sampled_from("\n\t \"'#:-")
TEXTS = st.text(CHARACTERS, min_size=1, max_size=300).filter(lambda text: text.strip() and not unwanted(text))


@given(TEXTS, TEXTS)
def test_any_text_is_read_back_as_it_was_given(title: str, reason: str) -> None:
    read = read_text(rule_text(Draft(id="one", title=title, reason=reason), "mine").encode(), "")
    assert isinstance(read.data, dict)
    assert (read.data["title"], read.data["reason"], read.diagnostics) == (title, reason, ())


@pytest.mark.parametrize(
    "word",
    [
        "yes",
        "012",
        "on",
        "2026-11-20",
        "~",
        "- a",
        "a: b",
        "a #b",
        "'",
        '"',
        "\\",
        "{",
        "<a>",
        "a\nb",
        "  a",
        "a\tb",
        "é 😀",
    ],
)
def test_words_that_yaml_would_read_otherwise_are_put_in_quotes(word: str) -> None:
    assert read_text(joined(entry("x", word), entry("y", [word]), entry("z", {word: word})).encode(), "").data == {
        "x": word,
        "y": [word],
        "z": {word: word},
    }


WORDS = st.text(CHARACTERS, max_size=20).filter(lambda text: not unwanted(text))
VALUES: st.SearchStrategy[Data] = st.recursive(
    st.booleans() | st.integers(-1000, 1000) | WORDS | st.sampled_from(["yes", "<a>", "x" * 70]),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(WORDS.filter(bool), inner, max_size=6),
    max_leaves=30,
)


@given(VALUES)
@example(["-", "x" * 70, "x" * 70])
def test_any_value_is_read_back_as_it_was_given(value: Data) -> None:
    """Written in blocks or on one line, a value is the same value when it is read."""
    assert read_text(joined(entry("x", value)).encode(), "").data == {"x": value}


def test_long_texts_are_folded(run: Run, mine: Path) -> None:
    assert run("rules", "new", "one", "--rulebook", mine, *options()).code == DONE
    lines = (mine / "mine" / "one.yaml").read_text().splitlines()
    assert "reason: >-" in lines
    assert max(len(line) for line in lines) <= 100


# What is refused


def refused(run: Run, mine: Path, *words: Any) -> str:
    before = files(mine)
    ran = run("rules", "new", *words, "--rulebook", mine)
    assert (ran.code, ran.out) == (BAD_INPUT, "")
    assert files(mine) == before
    assert ran.err[0] != "T"  # no traceback
    return ran.err


@pytest.mark.parametrize(
    "name", ["Bad", "a_b", "a--b", "-", "ä", "", "a/b", "../a", "a.yaml", "hamstrings", "pain", "once-there"]
)
def test_an_id_that_is_illegal_or_taken_is_refused(run: Run, folder: Folder, small: Texts, name: str) -> None:
    small[HEAD] += "retired_ids: [once-there]\n"
    words = ["--", name] if name.startswith("-") else [name]
    assert name in refused(run, folder(small), *words)


@pytest.mark.parametrize(
    ("option", "value", "nearest"),
    [
        ("when", "{siatica: yes}", "`sciatica`"),
        ("when", "{build: heavi}", "`heavy`"),
        ("when", "{excess_lb: {at_least: 2000}}", "--when:1:"),
        ("when", "{excess_lb: ", "--when:"),
        ("when", "{sciatica: yes, sciatica: no}", "duplicate key"),
        ("when", "", "--when"),
        ("when", "sciatica", "--when"),
        ("when", "{}", "--when"),
        ("applies-to", "{targets: [hamstring]}", "`hamstrings`"),
        ("applies-to", "{stretches: [cat_caw]}", "`cat_cow`"),
        ("applies-to", "{regions: [leg]}", "`legs`"),
        ("applies-to", "{motions: [flexio]}", "`flexion`"),
        ("applies-to", "{target: [hamstrings]}", "`targets`"),
        ("applies-to", "{targets: [neck]}", "--applies-to"),
        ("applies-to", "some", "--applies-to"),
        ("tried", "all", "--tried"),
        ("effect", "avid", "`avoid`"),
        ("about", "strech", "`stretch`"),
        ("statement", "B11", "`B1`"),
        ("disagree-with", "B1", "`B1`"),
        ("title", " ", "--title"),
        ("reason", "a\x1b[2J", "--reason"),
        ("reason", "a\u202eb", "--reason"),
        ("title", "a\udcffb", "--title"),
        ("folder", "../other", "--folder"),
        ("folder", "/elsewhere", "--folder"),
        ("folder", ".hidden", "--folder"),
        ("folder", "", "--folder"),
        ("document", "A book", "--document"),
    ],
)
def test_an_option_that_the_rulebook_does_not_take_is_refused(
    run: Run, mine: Path, option: str, value: str, nearest: str
) -> None:
    given = options(**({} if option == "document" else {option: value}))
    said = refused(run, mine, "one", *given, *(["--document", value] if option == "document" else []))
    assert nearest in said


@pytest.mark.parametrize(
    "changes",
    [
        {"effect": "stop", "applies_to": "none"},
        {"effect": "avoid", "applies_to": "none"},
        {"effect": "advise", "about": "stretch"},
        {"applies_to": "none", "about": "stretch"},
        {"when": "{trial.felt: pain}", "tried": "none"},
        {"when": "{trial.stretch: cat_cow}"},
    ],
)
def test_options_that_contradict_each_other_are_refused(run: Run, mine: Path, changes: dict[str, str]) -> None:
    refused(run, mine, "one", *options(**changes))


def test_all_that_is_wrong_is_said_at_once(run: Run, mine: Path) -> None:
    said = refused(run, mine, "Bad", *options(when="{siatica: yes}", effect="avid", statement="Z9"))
    assert all(word in said for word in ("Bad", "siatica", "avid", "Z9"))


def test_without_a_rulebook_there_is_no_rule(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(run, tmp_path, "one")
    monkeypatch.chdir(tmp_path)
    assert run("rules", "new", "one").code == BAD_INPUT
    assert run("rules", "new", "one", "--rulebook", "nowhere").code == BAD_INPUT
    assert files(tmp_path) == {}


def test_the_rulebook_that_one_is_in_is_meant_where_none_is_named(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine)
    assert run("rules", "new", "one", *options()).code == DONE
    assert (mine / "mine" / "one.yaml").is_file()


@pytest.mark.parametrize("file", [FACTS, STRETCHES, STATEMENTS, HEAD, "precautions/weight.yaml"])
@pytest.mark.parametrize("text", ["{broken", "- 1\n- 2\n", ""])
def test_a_rulebook_that_is_broken_elsewhere_gets_its_rule(
    run: Run, folder: Folder, small: Texts, file: str, text: str
) -> None:
    mine = folder(small | {file: text})
    ran = run("rules", "new", "one", "--rulebook", mine, *options())
    assert ran.code == DONE
    assert data(mine / "mine" / "one.yaml")["when"] == {
        "excess_lb": {"at_least": 50, "less_than": 100},
        "sciatica": True,
    }
    assert file.startswith("precautions") or file in ran.err


@pytest.mark.parametrize("in_the_way", [".schemas", "mine", ".schemas/facts.schema.json/x"])
def test_where_not_all_can_be_written_nothing_is(run: Run, mine: Path, in_the_way: str) -> None:
    (mine / in_the_way).parent.mkdir(parents=True, exist_ok=True)
    (mine / in_the_way).write_text("")
    folders = sorted(path for path in mine.rglob("*") if path.is_dir())
    refused(run, mine, "one", *options())
    assert sorted(path for path in mine.rglob("*") if path.is_dir()) == folders


def test_a_disk_without_links_is_written_to_all_the_same(run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise PermissionError(1, "operation not permitted")

    monkeypatch.setattr(os, "link", link)
    assert run("rules", "new", "one", "--rulebook", mine, *options()).code == DONE
    refused(run, mine, "one", *options())


def test_a_file_that_came_in_between_stays(mine: Path) -> None:
    there = mine / "mine" / "one.yaml"
    there.parent.mkdir()
    there.write_text("somebody else's")
    with pytest.raises(UsageError):
        write_rule(Draft(id="one"), read_target(mine), "mine")
    assert there.read_text() == "somebody else's"


# A new rulebook


@pytest.mark.parametrize("before", ["no folder", "an empty folder", "a hidden file"])
def test_a_rulebook_is_started(run: Run, tmp_path: Path, before: str) -> None:
    folder = tmp_path / "deep" / "my-back"
    if before != "no folder":
        folder.mkdir(parents=True)
    if before == "a hidden file":
        (folder / ".hidden").write_text("")
    ran = run("rules", "new", "--rulebook", folder, "--title", "My: back", "--document", "Yes")
    assert ran.code == DONE
    assert all(
        str(folder / file) in ran.out for file in (HEAD, FACTS, STRETCHES, STATEMENTS, "scenarios.yaml", "README.md")
    )
    assert f"backscreen rules check {folder}" in ran.out
    head = data(folder / HEAD)
    assert (head["id"], head["title"], head["documents"]) == ("my-back", "My: back", [{"id": "A", "title": "Yes"}])
    assert data(folder / "scenarios.yaml") == []
    for file in (HEAD, FACTS, STRETCHES, STATEMENTS, "scenarios.yaml"):
        first = (folder / file).read_text().splitlines()[0]
        assert (folder / first.removeprefix("# yaml-language-server: $schema=")).is_file()
    with pytest.raises(RulebookError) as refused:
        load_folder(folder, scenarios=True)
    assert {diagnostic.code for diagnostic in refused.value.diagnostics} == {"to-fill-in"}
    words = ["--when", "{trial.<fact>: <answer>}", "--effect", "avoid"]
    assert run("rules", "new", "one", "--rulebook", folder, *words).code == DONE
    assert "knee_to_chest" not in (folder / "contraindications" / "one.yaml").read_text()


FILLED = {
    "<the name of the rulebook, for people>": "T",
    "<what it is about, in one or two sentences>": "S",
    "<title of the document>": "D",
    "<small letters, such as sciatica>": "sciatica",
    "<small letters, such as lower_back>": "lower_back",
    "<small letters, such as hamstrings>": "hamstrings",
    "<small letters, such as knee_to_chest>": "knee_to_chest",
    "<id of a region above>": "lower_back",
    "<id of a target above>": "hamstrings",
    "[<id of the statement that describes it>]": "[A1]",
}


def test_a_new_rulebook_is_taken_once_it_is_filled_in(run: Run, tmp_path: Path) -> None:
    assert run("rules", "new", "--rulebook", tmp_path / "mine").code == DONE
    for path in (tmp_path / "mine").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for old, new in FILLED.items():
            text = text.replace(old, new)
        motions = "motions: [flexion]"
        text = text.replace("motions: [<one or more of these words>]", motions).replace(
            "[<one or more of these words>]", "[stretch]"
        )
        path.write_text(re.sub(r"<[^>]*>", "filled in", text), encoding="utf-8")
    book = load_folder(tmp_path / "mine", scenarios=True)
    assert (book.id, book.person_facts[0].id, book.stretches[0].id) == ("mine", "sciatica", "knee_to_chest")


def test_an_id_that_no_rulebook_can_have_is_left_to_fill_in() -> None:
    assert "id: <" in rulebook_texts("My Back")[HEAD]
    assert "id: my-back" in rulebook_texts("my-back")[HEAD]


@pytest.mark.parametrize("there", [HEAD, "notes.txt", "precautions/x.yaml"])
def test_a_folder_that_holds_something_is_left_alone(run: Run, tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("")
    refused(run, tmp_path)


def test_a_file_is_no_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run("rules", "new", "--rulebook", tmp_path / "file").code == BAD_INPUT
    assert run("rules", "new", "--rulebook", tmp_path / "file" / "below").code == BAD_INPUT
    assert run("rules", "new", "one", "--rulebook", tmp_path / "file").code == BAD_INPUT


def test_what_belongs_to_a_rule_is_refused_where_none_is_named(run: Run, tmp_path: Path) -> None:
    assert run("rules", "new").code == BAD_INPUT
    for words in (
        ["--when", "{}"],
        ["--statement", "A1"],
        ["--applies-to", "all"],
        ["--folder", "x"],
        ["--title", " "],
        ["--document", "\x1b"],
    ):
        assert words[0] in refused(run, tmp_path, *words)


# On a terminal


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], AbstractContextManager[None]]:
    """Somebody at a terminal, who presses these keys."""

    @contextmanager
    def press(keys: str) -> Iterator[None]:
        monkeypatch.setattr("backscreen.cli.new._is_asked", lambda: True)
        with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
            pipe.send_text(keys)
            yield

    return press


Typing = Callable[[str], AbstractContextManager[None]]


def test_all_is_asked_that_was_not_given(run: Run, mine: Path, typing: Typing) -> None:
    keys = [
        *("Care: with weight", ENTER),
        *(DOWN * 3, ENTER),  # caution
        *(ENTER,),  # in the person
        *("excess", " ", ENTER),
        *(DOWN * 3, ENTER, "2000", ENTER, "\x7f\x7f", ENTER),  # less than 2000, which is refused, and then 20
        *(DOWN * 2, ENTER, "hamstr", " ", ENTER),  # those that lengthen the hamstrings
        *("Because.", ENTER),
        *("B1", " ", ENTER),
        *("B2", " ", ENTER),
        *(ENTER,),  # the folder that goes with it
    ]
    with typing("".join(keys)):
        assert run("rules", "new", "one", "--rulebook", mine).code == DONE
    read = data(mine / "precautions" / "one.yaml")
    assert (read["title"], read["effect"], read["reason"]) == ("Care: with weight", "caution", "Because.")
    assert (read["when"], read["applies_to"]) == ({"excess_lb": {"less_than": 20}}, {"targets": ["hamstrings"]})
    assert (read["statements"], read["disagree_with"]) == (["B1"], ["B2"])


def test_every_question_can_be_left_empty(run: Run, mine: Path, typing: Typing) -> None:
    to_the_end = DOWN * 7 + ENTER
    with typing(ENTER + to_the_end + ENTER + DOWN * 6 + ENTER + ENTER * 4):
        assert run("rules", "new", "asked", "--rulebook", mine).code == DONE
    assert (mine / "drafts" / "asked.yaml").read_text() == rule_text(Draft(id="asked", stretch="cat_cow"), "drafts")


def test_several_facts_of_a_trial_are_put_together(run: Run, mine: Path, typing: Typing) -> None:
    keys = [
        *("trial.f", " ", "\x7f" * 7, "trial.e", " ", "\x7f" * 7, "trial.l", " ", ENTER),
        *(DOWN, " ", ENTER),  # felt: pain
        *(ENTER,),  # early: yes
        *(ENTER, ENTER),  # lasted: this or more, to fill in later
        *(DOWN, ENTER),  # one of these is enough
    ]
    with typing("".join(keys)):
        assert (
            run("rules", "new", "one", "--rulebook", mine, *options(when=None, tried="{motions: [none]}")).code == DONE
        )
    assert data(mine / "mine" / "one.yaml")["when"] == {
        "any": [{"trial.felt": "pain"}, {"trial.early": True}, {"trial.lasted_min": {"at_least": "<a whole number>"}}],
    }


def test_a_trial_may_be_narrowed(run: Run, mine: Path, typing: Typing) -> None:
    words = options(when="{trial.felt: pain}", effect="avoid", applies_to=None, disagree_with=None)
    keys = [
        *(DOWN * 5, ENTER),  # the stretch that was tried
        *(DOWN * 3, ENTER, "far", " ", ENTER),  # some that are named
        *(ENTER,),  # no statement says otherwise
    ]
    with typing("".join(keys)):
        assert run("rules", "new", "one", "--rulebook", mine, *words).code == DONE
    read = data(mine / "mine" / "one.yaml")
    assert ("applies_to" in read, read["tried"]) == (False, {"stretches": ["far_toe_reach"]})


def test_a_rule_may_be_about_everybody(run: Run, mine: Path, typing: Typing) -> None:
    with typing(ENTER):
        assert run("rules", "new", "one", "--rulebook", mine, *options(when=None, about="stretch")).code == DONE
    assert data(mine / "mine" / "one.yaml")["when"] == {}


def test_with_all_its_answers_a_choice_would_always_be_so(run: Run, mine: Path, typing: Typing) -> None:
    with typing("build" + " " + ENTER + "\x01" + ENTER + " " + ENTER):  # all, which is refused; then all but the first
        assert run("rules", "new", "one", "--rulebook", mine, *options(when=None)).code == DONE
    assert data(mine / "mine" / "one.yaml")["when"] == {"build": ["medium", "heavy"]}


@pytest.mark.parametrize("key", [INTERRUPT, END_OF_INPUT])
def test_whoever_would_rather_not_go_on_leaves_nothing_behind(run: Run, mine: Path, typing: Typing, key: str) -> None:
    before = files(mine)
    with typing(key):
        assert run("rules", "new", "one", "--rulebook", mine).code == INTERRUPTED
    with typing("A title" + ENTER + INTERRUPT):
        assert run("rules", "new", "one", "--rulebook", mine).code == INTERRUPTED
    with typing("A title" + ENTER + key):
        assert run("rules", "new", "--rulebook", mine.parent / "other").code == INTERRUPTED
    assert files(mine) == before
    assert not (mine.parent / "other").exists()


def test_what_is_wrong_is_said_before_anything_is_asked(run: Run, mine: Path, typing: Typing) -> None:
    with typing(""):
        assert run("rules", "new", "hamstrings", "--rulebook", mine).code == BAD_INPUT
        assert run("rules", "new", "one", "--rulebook", mine, "--when", "{siatica: yes}").code == BAD_INPUT
        assert run("rules", "new", "--rulebook", mine).code == BAD_INPUT


def test_a_new_rulebook_asks_for_its_title_and_its_document(run: Run, tmp_path: Path, typing: Typing) -> None:
    with typing("My back" + ENTER + "A book" + ENTER):
        assert run("rules", "new", "--rulebook", tmp_path / "mine").code == DONE
    head = data(tmp_path / "mine" / HEAD)
    assert (head["title"], head["documents"][0]["title"]) == ("My back", "A book")


def test_questions_are_loaded_only_where_somebody_is_asked() -> None:
    code = (
        "import sys; from backscreen.cli.app import app; "
        "assert not {'questionary', 'prompt_toolkit'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_with_its_input_closed_nothing_is_asked(mine: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; sys.stdin = None; from backscreen.cli import main; main()",
        "rules",
        "new",
        "one",
        "--rulebook",
        str(mine),
    ]
    assert subprocess.run(command, check=False, capture_output=True).returncode == DONE


def test_on_a_real_terminal_interrupting_ends_with_130(mine: Path) -> None:
    before = files(mine)
    process, terminal = pty.fork()
    if process == 0:  # pragma: no cover - another process
        os.execv(sys.executable, [sys.executable, "-m", "backscreen", "rules", "new", "one", "--rulebook", str(mine)])  # noqa: S606 - the program itself
    seen = b""
    while b"one line" not in seen:
        seen += os.read(terminal, 1000)
    os.write(terminal, INTERRUPT.encode())
    with suppress(OSError):  # how Linux says that the other side has gone
        while os.read(terminal, 1000):
            pass
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == INTERRUPTED
    assert files(mine) == before


@pytest.mark.parametrize("place", ["x.yaml", "x.yml", "fine/x.yaml/deeper", "a/" * 17 + "b"])
def test_new_refuses_a_folder_the_loader_refuses(small: Texts, folder: Folder, run: Run, place: str) -> None:
    """A rule is not written where the rulebook could not be loaded afterwards, and no folder is left behind."""
    mine = folder(small)
    before = sorted(mine.rglob("*"))
    assert run("rules", "new", "one", "--rulebook", mine, "--folder", place).code == 2
    assert sorted(mine.rglob("*")) == before
    load_rulebooks(mine)


@pytest.mark.parametrize(("name", "title"), [("one", "x" * (LINE + 1)), ("a" * (ID + 1), "A title")])
def test_new_refuses_texts_the_loader_refuses(small: Texts, folder: Folder, run: Run, name: str, title: str) -> None:
    """What is too long to be loaded is not written, in a rule and in a new rulebook."""
    mine = folder(small)
    before = sorted(mine.rglob("*"))
    assert run("rules", "new", name, "--rulebook", mine, "--title", title).code == 2
    assert sorted(mine.rglob("*")) == before
    if name == "one":
        assert run("rules", "new", "--rulebook", mine / "another", "--title", title).code == 2
        assert not (mine / "another").exists()


def filled_in_cases(scoped: ScopedRule, knowledge_base: KnowledgeBase) -> tuple[Case, ...]:
    """The cases that `rules new` writes for a rule, each expecting what the reference says."""
    alone = knowledge_base.alone(scoped.rule)
    tried = next(iter(sorted(scoped.tried or knowledge_base.stretches)))
    cases = []
    for number, sketch in enumerate(sketches(scoped.rule.when, knowledge_base.facts, tried)):
        person = profile(given_of(sketch, trial=scoped.about_a_trial))
        certainties = set(decide(alone, check(alone, person)[0]).activations.values())
        fires = Fires.YES if Certainty.FIRES in certainties else Fires.UNKNOWN if certainties else Fires.NO
        cases.append(Case(name=f"case {number}", given=person, expect=Expectation(fires=fires)))
    return tuple(cases)


@settings(max_examples=150, deadline=None)
@given(rulebooks())
def test_filled_in_cases_satisfy_the_checks(knowledge_base: KnowledgeBase) -> None:
    """Once its expectations are right, `rules check` asks for no case beside those that `rules new` writes."""
    for scoped in knowledge_base.rules:
        cases = filled_in_cases(scoped, knowledge_base)
        assert [diagnostic.message for diagnostic in evidence(evolve(scoped.rule, cases=cases), knowledge_base)] == []
        assert all(not run_case(knowledge_base.alone(scoped.rule), case, scoped.rule.id).mismatches for case in cases)


MANY = [f"one_of_many_{number}" for number in range(12)]


@st.composite
def wide_rulebooks(draw: st.DrawFn) -> KnowledgeBase:
    """Rulebooks whose rules have too many states, a fact that decides nothing, and a boundary that does not."""
    files = random_rulebooks.rulebook(draw(st.randoms(use_true_random=False)), always=False)
    flags = [{"id": name, "type": "flag", "title": name, "question": f"Is it {name}?"} for name in [*MANY, "idle"]]
    number = {
        "id": "amount",
        "type": "number",
        "title": "Amount",
        "question": "How much?",
        "unit": "lb",
        "at_least": 0,
        "at_most": 9,
    }
    files[FACTS]["person"] += [*flags, number]
    first, *others = ({name: True} for name in MANY)
    idle = [
        {"any": [first, {"all": [first, {"idle": True}]}]},
        {"any": [{"amount": {"at_least": 3}}, {"amount": {"at_least": 5}}]},
    ]
    for file, rule in files.items():
        if "/" in file:
            rule["when"] = {"all": [rule["when"], *idle, *others]}
    try:
        return KnowledgeBase([load_texts(random_rulebooks.texts(files))])
    except RulebookError as failure:
        if {diagnostic.code for diagnostic in failure.diagnostics} != {"too-intricate"}:
            raise
        reject()


@settings(max_examples=60, deadline=None)
@given(wide_rulebooks())
def test_checks_of_wide_conditions_can_be_satisfied(knowledge_base: KnowledgeBase) -> None:
    """Of a rule that reads very many facts, `rules check` asks for every case that can be written, and for no other."""
    for scoped in knowledge_base.rules:
        assert state_space([scoped.rule.when], knowledge_base.facts) is None
        cases = filled_in_cases(scoped, knowledge_base)
        assert [diagnostic.message for diagnostic in evidence(evolve(scoped.rule, cases=cases), knowledge_base)] == []
        missing = [diagnostic.code for diagnostic in evidence(evolve(scoped.rule, cases=()), knowledge_base)]
        assert missing.count("no-near-miss") >= len(MANY)
        assert missing.count("no-unknown-case") >= len(MANY)


@pytest.mark.parametrize(
    "when",
    [
        "{any: [{excess_lb: {at_least: 50}}, {sciatica: yes}]}",
        "{any: [{excess_lb: {at_most: 50}}, {sciatica: yes}]}",
        "{all: [{excess_lb: {at_least: 50}}, {sciatica: yes}]}",
        "{not: {all: [{excess_lb: {at_least: 21, less_than: 90}}, {build: [slight, heavy]}]}}",
    ],
)
def test_filled_in_rule_passes_check_and_test(small: Texts, folder: Folder, run: Run, when: str) -> None:
    """The file of a new rule needs nothing but its expectations for `rules check` and `rules test` to pass."""
    small[SCENARIOS] = "[]\n"
    mine = folder(small)
    reason = "This stretch pulls on the sore nerve, which makes the pain worse."
    words = [
        "--title",
        "One",
        "--when",
        when,
        "--applies-to",
        "all",
        "--effect",
        "avoid",
        "--reason",
        reason,
        "--statement",
        "A1",
    ]
    assert run("rules", "new", "one", "--rulebook", mine, *words).code == 0
    (path,) = mine.rglob("one.yaml")
    path.write_text(filled_in(small | {"new/one.yaml": path.read_text()})["new/one.yaml"])
    checked = run("rules", "check", mine).out
    assert "one.yaml" not in checked
    assert run("rules", "test", mine).code == 0
