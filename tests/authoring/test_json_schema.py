"""Schemas for editors: they accept what the loader accepts, and exceptions are listed with their reasons.

With SCHEMA_CHANGES=20000 in the environment, that many changed files are tried, and a fifth as many of the shipped
rulebook.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest

from backscreen import BackscreenError, Diagnostic
from backscreen.authoring.schema.classes import of_type
from backscreen.authoring.schema.descriptions import FILES, KEYS, ONLY_THE_LOADER_SEES, WORDS
from backscreen.authoring.schema.json_schema import KINDS, json_schema
from backscreen.authoring.schema.names import Offered, offered_by
from backscreen.formats.yaml_reader import read_text
from backscreen.formats.yaml_text import Text
from backscreen.loading.profile_files import read_checked
from backscreen.loading.rulebook_assembly import assemble
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.loading.rulebook_texts import Sources
from backscreen.loading.text_lengths import ID, LINE, PARAGRAPH, SENTENCES
from backscreen.model.knowledge_base import KnowledgeBase
from tests.helpers.broken import changed, diagnostics_of
from tests.helpers.editing import Change, as_editors_read, changed_by, changes, written
from tests.helpers.small import (
    AVOID,
    CAUTION,
    FACTS,
    HEAD,
    PAIN,
    SCENARIOS,
    SMALL,
    STATEMENTS,
    STRETCHES,
    Folder,
    Run,
    Texts,
)

ROOT = Path(__file__).parents[2]
SHIPPED = {
    path.relative_to(ROOT / "rules/lower-back").as_posix(): path.read_text("utf-8")
    for path in sorted((ROOT / "rules/lower-back").rglob("*.yaml"))
}
EXAMPLES = {f"examples/{path.stem}": path.read_text("utf-8") for path in sorted((ROOT / "examples").glob("*.[yj]*"))}
BOOKS = {"small": dict(SMALL), "lower-back": SHIPPED}
COUNTS = {"small": (COUNT := int(os.environ.get("SCHEMA_CHANGES", "300"))), "lower-back": COUNT // 5}

Refusals = dict[str, jsonschema.Draft7Validator]


def kind_of(file: str) -> str:
    """Which kind of file it is."""
    return "profile" if file.startswith("examples/") else "rule" if "/" in file else file.removesuffix(".yaml")


def refusals_of(offered: Offered) -> Refusals:
    """The schemas, each as draft-07 wants it."""
    schemas = {kind: json_schema(kind, offered) for kind in KINDS}
    for made in schemas.values():
        jsonschema.Draft7Validator.check_schema(made)
    return {kind: jsonschema.Draft7Validator(made) for kind, made in schemas.items()}


@pytest.fixture(scope="module", params=BOOKS)
def book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Texts, Refusals, KnowledgeBase]:
    """A rulebook's texts, its schemas, and what a profile is read against."""
    folder = tmp_path_factory.mktemp("schema") / request.param
    for file, text in BOOKS[request.param].items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    offered = offered_by(folder)
    assert offered.notes == ()
    return BOOKS[request.param], refusals_of(offered), load_rulebooks(folder)


@pytest.fixture
def refusals(small: Texts, folder: Folder) -> Refusals:
    """The schemas of the small rulebook."""
    return refusals_of(offered_by(folder(small)))


def refused(refusals: Refusals, file: str, text: str) -> tuple[bool, bool]:
    """Whether a file is refused as an editor reads it, and as we read it."""
    validator = refusals[kind_of(file)]
    ours, theirs = (
        not validator.is_valid(data) for data in (read_text(text.encode(), file).data, as_editors_read(text))
    )
    return theirs, ours


# What the loader takes


def test_every_file_of_a_rulebook_satisfies_its_schema(book: tuple[Texts, Refusals, KnowledgeBase]) -> None:
    texts, refusals, _ = book
    assert {kind_of(file) for file in texts} == {*KINDS} - {"profile"}
    assert [file for file, text in texts.items() if any(refused(refusals, file, text))] == []


def test_every_example_satisfies_the_schema_of_a_profile() -> None:
    refusals = refusals_of(offered_by("lower-back"))
    assert [file for file, text in EXAMPLES.items() if any(refused(refusals, file, text))] == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (FACTS, "title: Sciatica", "title: 012"),
        (FACTS, "title: Sciatica", "title: Null"),
        (FACTS, "code: M54.3", "code: 54.3"),
        (STRETCHES, "name: Toe reach", "name: True"),
        (STRETCHES, "- Reach for your toes.", "- inf"),
        (AVOID, "{sciatica: yes}\napplies", "{sciatica: true}\napplies"),
        (AVOID, "{sciatica: yes}\napplies", "{sciatica: [yes]}\napplies"),
        (AVOID, "{sciatica: yes}\napplies", "{not: {any: [{all: [{not: {sciatica: no}}]}]}}\napplies"),
        (AVOID, "given: {}", "given: {facts: {excess_lb: 25 kg, build: , sciatica: null}, trials: , otherwise: no}"),
        (AVOID, "given: {}", "given: {facts: {excess_lb: 25.5kg}, trials: [{}, {stretch: }], otherwise: unknown}"),
        (CAUTION, "{at_least: 50}", "{more_than: 5, less_than: 70}"),
        (CAUTION, "{at_least: 50}", "[50, 60, 70 lb]"),
        (PAIN, "{trial.felt: pain}", "{trial.felt: [pain]}\napplies_to: all\ntried: {motions: [flexion, flexion]}"),
        (SCENARIOS, "unanswered: []", 'unanswered: [build, "trials[0].felt"]'),
        (STATEMENTS, "id: B2", "id: B2x"),
    ],
)
def test_what_the_loader_takes_the_schema_takes_however_it_is_read(
    small: Texts, refusals: Refusals, file: str, old: str, new: str
) -> None:
    texts = changed(small, file, (old, new))
    if file == STATEMENTS:
        texts = changed(texts, AVOID, ("disagree_with: [B2]", "disagree_with: [B2x]"))
    assemble(Sources({name: read_text(text.encode(), name) for name, text in texts.items()}), "small", cases=True)
    assert refused(refusals, file, texts[file]) == (False, False)


def test_ids_that_editors_take_for_something_else_are_taken(small: Texts, folder: Folder) -> None:
    texts = changed(small, STATEMENTS, ("- id: B2", "- id: Null"), ("- id: A1", "- id: True"))
    texts = {file: text.replace("[B2]", "[Null]").replace("[A1]", "[True]") for file, text in texts.items()}
    refusals = refusals_of(offered_by(folder(texts)))
    assemble(Sources({name: read_text(text.encode(), name) for name, text in texts.items()}), "small", cases=True)
    assert [file for file, text in texts.items() if any(refused(refusals, file, text))] == []


# What the schema refuses


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        # unknown names
        (AVOID, "when: {sciatica: yes}", "when: {siatica: yes}"),
        (AVOID, "when: {sciatica: yes}", "when: {any: [{sciatica: yes}, {not: {siatica: yes}}]}"),
        (AVOID, "when: {sciatica: yes}", "when: {felt: pain}"),
        (PAIN, "trial.felt: pain", "trial.feelt: pain"),
        (PAIN, "trial.felt: pain", "trial.stretch: cat_cow"),
        (AVOID, "given: {facts: {sciatica: yes}}", "given: {facts: {siatica: yes}}"),
        (PAIN, "felt: pain}]", "feelt: pain}]"),
        (AVOID, "\nstatements: [A1]", "\nstatements: [A9]"),
        (AVOID, "disagree_with: [B2]", "disagree_with: [B9]"),
        (STRETCHES, "statements: [A4]", "statements: [A9]"),
        (STRETCHES, "motions: [none]", "motions: [bending]"),
        (STATEMENTS, "id: B2\n  document: B", "id: B2\n  document: C"),
        (AVOID, "targets: [hamstrings]", "targets: [hamstring]"),
        (CAUTION, "regions: [lower_back]", "regions: [back]"),
        (AVOID, "{targets: [hamstrings]}", "{motions: [bending]}"),
        (AVOID, "{targets: [hamstrings]}", "{stretches: [toe]}"),
        (AVOID, "verdicts: {toe_reach: avoid}", "verdicts: {toe: avoid}"),
        (PAIN, "stretch: cat_cow", "stretch: cat"),
        (SCENARIOS, "recommended: [cat_cow]", "recommended: [cat]"),
        (SCENARIOS, "{toe_reach: [cat_cow]}", "{toe_reach: [cat]}"),
        (SCENARIOS, "{toe_reach: [cat_cow]}", "{toe: [cat_cow]}"),
        (SCENARIOS, "fires: [sitting]", "fires: [siting]"),
        (SCENARIOS, "unanswered: []", "unanswered: [siatica]"),
        # words that do not stand there
        (AVOID, "effect: avoid", "effect: avoided"),
        (AVOID, "status: reviewed", "status: done"),
        (AVOID, "effect: avoid", "effect: avoid\nabout: me"),
        (AVOID, "verdicts: {toe_reach: avoid}", "verdicts: {toe_reach: forbidden}"),
        (AVOID, "directive: care", "directive: careful"),
        (AVOID, "fires: unknown", "fires: perhaps"),
        (SCENARIOS, "others: allowed", "others: safe"),
        (SCENARIOS, "otherwise: no", "otherwise: maybe"),
        (FACTS, "id: sciatica\n    type: flag", "id: sciatica\n    type: bool"),
        (STATEMENTS, "becomes: [background]", "becomes: [nothing]"),
        (AVOID, "{targets: [hamstrings]}", "every"),
        # answers that are none
        (AVOID, "when: {sciatica: yes}", "when: {sciatica: maybe}"),
        (AVOID, "when: {sciatica: yes}", "when: {sciatica: 1}"),
        (AVOID, "when: {sciatica: yes}", "when: {build: big}"),
        (AVOID, "when: {sciatica: yes}", "when: {build: []}"),
        (AVOID, "when: {sciatica: yes}", "when: {build: [slight, medium, heavy]}"),
        (AVOID, "when: {sciatica: yes}", "when: {sciatica: [yes, no]}"),
        (AVOID, "when: {sciatica: yes}", "when: {sciatica: {at_least: 3}}"),
        (CAUTION, "{at_least: 50}", "{atleast: 50}"),
        (CAUTION, "{at_least: 50}", "{at_least: many}"),
        (CAUTION, "{at_least: 50}", "{at_least: 50, more_than: 50}"),
        (CAUTION, "{at_least: 50}", "{less_than: 50, at_most: 50}"),
        (CAUTION, "{at_least: 50}", "{at_least: 1001}"),
        (CAUTION, "{at_least: 50}", "{less_than: 0}"),
        (CAUTION, "{at_least: 50}", "{}"),
        (CAUTION, "excess_lb: 50}}", "excess_lb: 1001}}"),
        (CAUTION, "excess_lb: 50}}", "excess_lb: 5 stone}}"),
        # what does not go together
        (AVOID, "reviewed_on: 2026-11-20\n", ""),
        (AVOID, "status: reviewed\n", ""),
        (AVOID, "applies_to: {targets: [hamstrings]}\n", ""),
        (AVOID, "applies_to: {targets: [hamstrings]}\n", "applies_to: all\ntried: all\n"),
        (AVOID, "{targets: [hamstrings]}", "none"),
        (AVOID, "{targets: [hamstrings]}", "{}"),
        (AVOID, "{targets: [hamstrings]}", "{targets: []}"),
        (PAIN, "effect: avoid", "tried: none\neffect: avoid"),
        (AVOID, "effect: avoid", "effect: stop"),
        (AVOID, "effect: avoid", "effect: consult\nabout: stretch"),
        (AVOID, "when: {sciatica: yes}", "when: {}"),
        (AVOID, "\nstatements: [A1]", "\nstatements: [A1, A1]"),
        (AVOID, "\nstatements: [A1]", "\nstatements: []"),
        (STRETCHES, "motions: [flexion, extension]", "motions: [flexion, none]"),
        (STRETCHES, "hold_s: 5, hold_s_up_to: 10", "hold_s_up_to: 10"),
        (STATEMENTS, "  advice: Breathe steadily.\n", ""),
        (STATEMENTS, "becomes: [background]", "becomes: [background]\n  advice: x"),
        # forms
        (HEAD, "version: 1.0.0", "version: 1.0"),
        (HEAD, "id: small", "id: Small"),
        (AVOID, "2026-11-20", "tomorrow"),
        (FACTS, "id: sciatica\n", "id: any\n"),
        (FACTS, "{id: slight, ", "{id: yes, "),
        (STRETCHES, "id: cat_cow\n", "id: cat-cow\n"),
        # lengths
        (HEAD, "id: small", "id: " + "a" * (ID + 1)),
        (HEAD, "title: A small rulebook", "title: " + "a" * (LINE + 1)),
        (HEAD, "summary: For tests.", "summary: " + "a" * (PARAGRAPH + 1)),
        (HEAD, "language: en", "language: en\nretired_ids: [" + "a" * (ID + 1) + "]"),
        (STRETCHES, "- Round your back.", "- " + "a" * (SENTENCES + 1)),
        (FACTS, "means: slightly", "means: " + "a" * (LINE + 1)),
    ],
)
def test_what_an_editor_should_catch_is_refused_by_schema_and_loader_alike(
    small: Texts, refusals: Refusals, file: str, old: str, new: str
) -> None:
    texts = changed(small, file, (old, new))
    assert refused(refusals, file, texts[file]) == (True, True)
    assert diagnostics_of(texts)


# Changed files, both ways

ALWAYS_CAUGHT = (
    *("unknown key", "key misspelt", "a condition nested wrongly"),
    *(
        "a list for a word",
        "a mapping for a word",
        "a word for a mapping",
        "a number for a mapping",
        "a list for a mapping",
    ),
    *("a word for a list", "a number for a list", "a mapping for a list"),
)


def diagnostics_with(
    parsed: dict[str, Text], file: str, text: str, knowledge_base: KnowledgeBase
) -> tuple[Diagnostic, ...]:
    """What the loader says of a file that is written otherwise; a rule is looked at without the others."""
    try:
        if kind_of(file) == "profile":
            read_checked(BytesIO(text.encode()), knowledge_base)
            return ()
        others = {
            name: one for name, one in parsed.items() if "/" not in file or ("/" not in name and name != SCENARIOS)
        }
        assemble(Sources(others | {file: read_text(text.encode(), file)}), "book", cases=True).admitted()
    except BackscreenError as failure:
        return failure.diagnostics
    return ()


def some_changes(files: Texts, parsed: dict[str, Text], count: int) -> list[tuple[str, Change]]:
    """A draw of changes, the same each time; each kind of mistake is as likely as any other."""
    by_kind: dict[str, list[tuple[str, Change]]] = {}
    for file in files:
        for change in changes(parsed[file].data):
            by_kind.setdefault(change.kind, []).append((file, change))
    draw = Random(20261121)
    return [draw.choice(by_kind[kind]) for kind in draw.choices(sorted(by_kind), k=count)]


def test_schema_and_loader_agree_on_changed_files_but_for_what_is_listed(
    book: tuple[Texts, Refusals, KnowledgeBase],
) -> None:
    texts, refusals, knowledge_base = book
    name = knowledge_base.books[0].id
    files = texts | (EXAMPLES if name == "lower-back" else {})
    parsed = {file: read_text(text.encode(), file) for file, text in texts.items()}
    drawn = some_changes(
        files, parsed | {file: read_text(text.encode(), file) for file, text in EXAMPLES.items()}, COUNTS[name]
    )
    caught: Counter[bool] = Counter()
    wrongly_refused, wrongly_taken, unlisted = [], [], set()
    for file, change in drawn:
        data = parsed[file].data if file in parsed else read_text(EXAMPLES[file].encode(), file).data
        text = written(changed_by(data, change))
        theirs, ours = refused(refusals, file, text)
        diagnostics = diagnostics_with(parsed, file, text, knowledge_base)
        if (theirs or ours) and not diagnostics:
            wrongly_refused.append((file, change.kind, change.path, text))
        if diagnostics:
            caught[theirs] += 1
            if not theirs and change.kind in ALWAYS_CAUGHT:
                wrongly_taken.append((file, change.kind, change.path))
            unlisted |= (
                set() if theirs else {diagnostic.code for diagnostic in diagnostics} - ONLY_THE_LOADER_SEES.keys()
            )
    assert wrongly_refused == []
    assert wrongly_taken == []
    assert unlisted == set()
    assert caught[True] > 0.7 * caught.total() > 0.5 * len(drawn)


# What is offered


def test_each_key_and_each_word_of_the_loaders_classes_is_described_and_nothing_else_is() -> None:
    text = json.dumps([json_schema(kind, offered_by("lower-back")) for kind in KINDS], ensure_ascii=False)
    assert set(FILES) == set(KINDS)
    for said in [*KEYS.values(), *WORDS.values()]:
        assert json.dumps(said, ensure_ascii=False) in text


def test_a_kind_of_value_that_the_converter_learns_must_be_learnt_here_too(small: Texts, folder: Folder) -> None:
    with pytest.raises(TypeError, match="complex"):
        of_type(complex, offered_by(folder(small)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_that_is_offered_comes_with_what_it_means(kind: str) -> None:
    def enums(part: Any) -> list[dict[str, Any]]:
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        found = [one for entry in inner for one in enums(entry)]
        return [part, *found] if isinstance(part, dict) and isinstance(part.get("enum"), list) else found

    for enum in enums(json_schema(kind, offered_by("lower-back"))):
        is_described = len(enum.get("enumDescriptions", ())) == len(enum["enum"]) and all(enum["enumDescriptions"])
        assert is_described or enum["enum"] == ["yes", "no", True, False] or "enumDescriptions" not in enum


def test_facts_are_offered_with_their_question_and_their_answers(small: Texts, folder: Folder) -> None:
    offered = json_schema("rule", offered_by(folder(small)))["definitions"]["when"]["properties"]
    assert list(offered) == [
        "sciatica",
        "numbness",
        "from_sitting",
        "excess_lb",
        "build",
        "trial.felt",
        "trial.early",
        "trial.lasted_min",
        "any",
        "all",
        "not",
    ]
    assert (offered["sciatica"]["title"], "Do you have sciatica?" in offered["sciatica"]["description"]) == (
        "Sciatica",
        True,
    )
    assert offered["trial.felt"]["anyOf"][0] == {
        "enum": ["nothing", "pain"],
        "enumDescriptions": ["nothing unpleasant", "pain"],
    }


@pytest.mark.parametrize(
    ("broken", "still", "other"),
    [
        (
            ("type: number\n    title: Excess", "type: nmber\n    title: Excess"),
            "{sciatica: maybe}",
            "{excess_lb: whatever}",
        ),
        (("unit: lb\n    at_least: 0", "unit: lb\n    at_least: 2000"), "{sciatica: maybe}", "{excess_lb: whatever}"),
        (("- id: sciatica\n", "- idd: sciatica\n"), "{numbness: maybe}", "{sciatica: yes}"),
        (("person:", "person: {"), "{any: {}}", "{sciatica: yes}"),
    ],
)
def test_while_a_part_is_broken_the_rest_is_offered_and_nothing_is_called_wrong_for_it(
    small: Texts, folder: Folder, broken: tuple[str, str], still: str, other: str
) -> None:
    offered = offered_by(folder(changed(small, FACTS, broken)))
    refusals = refusals_of(offered)
    assert offered.notes
    assert any(
        refused(refusals, AVOID, changed(small, AVOID, ("{sciatica: yes}\napplies", f"{still}\napplies"))[AVOID])
    )
    assert not any(
        refused(refusals, AVOID, changed(small, AVOID, ("{sciatica: yes}\napplies", f"{other}\napplies"))[AVOID])
    )


@pytest.mark.parametrize("part", [HEAD, FACTS, STRETCHES, STATEMENTS])
@pytest.mark.parametrize("instead", [None, "a: [", "", "- x", "x"])
def test_without_one_part_every_other_file_satisfies_its_schema(
    small: Texts, folder: Folder, part: str, instead: str | None
) -> None:
    texts = {file: text for file, text in small.items() if file != part} | ({} if instead is None else {part: instead})
    offered = offered_by(folder(texts))
    refusals = refusals_of(offered)
    assert [note for note in offered.notes if part in str(note)]
    assert [file for file in small if file != part and any(refused(refusals, file, small[file]))] == []


def test_a_rule_that_cannot_be_read_is_offered_by_its_files_name(small: Texts, folder: Folder) -> None:
    offered = offered_by(folder({**small, "benefits/broken.yaml": "id: [", "benefits/other.yaml": "title: x"}))
    assert {"broken", "other", "sitting"} <= set(offered.rules.meanings)
    assert offered.rules.meanings["sitting"] == "The cat helps those who sit"


# The command


def test_the_schema_of_a_rule_is_printed_unless_another_is_asked_for(small: Texts, folder: Folder, run: Run) -> None:
    ran = run("rules", "schema", folder(small))
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == json_schema("rule", offered_by(folder(small)))
    for kind in KINDS:
        assert json.loads(run("rules", "schema", folder(small), "--kind", kind).out)["title"] == FILES[kind][0]


def test_without_a_folder_the_bundled_rulebooks_are_meant(run: Run) -> None:
    made = run("rules", "schema").out
    assert "knee_to_chest" in run("rules", "schema", "lower-back").out
    assert "chest_pain" in run("rules", "schema", "red-flags").out
    assert "knee_to_chest" in made
    assert "chest_pain" in made


def test_all_schemas_are_written_into_a_folder(small: Texts, folder: Folder, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "new/schemas"
    for _ in range(2):
        assert run("rules", "schema", folder(small), "--out", out).code == 0
        assert sorted(path.name for path in out.iterdir()) == sorted(f"{kind}.schema.json" for kind in KINDS)
    for kind in KINDS:
        assert json.loads((out / f"{kind}.schema.json").read_text("utf-8")) == json_schema(
            kind, offered_by(folder(small))
        )


def test_one_schema_is_written_where_one_is_asked_for(run: Run, tmp_path: Path) -> None:
    assert run("rules", "schema", "--kind", "facts", "--out", tmp_path).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["facts.schema.json"]


def test_schemas_may_be_kept_with_the_rulebook_where_they_keep_it_from_nothing(
    small: Texts, folder: Folder, run: Run
) -> None:
    mine = folder(small)
    for place in (mine / ".schemas", mine):
        assert run("rules", "schema", mine, "--out", place).code == 0
    assert load_rulebooks(mine).books[0].id == "small"


def test_schemas_are_not_written_among_rules(small: Texts, folder: Folder, run: Run) -> None:
    mine = folder(small)
    ran = run("rules", "schema", mine, "--out", mine / "schemas")
    assert (ran.code, ran.out) == (2, "")
    assert "`.schemas`" in ran.err
    assert not (mine / "schemas").exists()


def test_what_cannot_be_read_is_said_and_the_rest_offered(small: Texts, folder: Folder, run: Run) -> None:
    ran = run(
        "rules", "schema", folder(changed(small, STRETCHES, ("targets:\n  - {id: spine", "targets:\n  - {idd: spine")))
    )
    assert ran.code == 0
    assert "hamstrings" in ran.out
    assert STRETCHES in ran.err


@pytest.mark.parametrize("arguments", [["nowhere"], ["./nowhere"], ["--kind", "rules"], ["."], ["--out", "\0"]])
def test_what_is_no_rulebook_no_kind_or_no_folder_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("rules", "schema", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_where_not_all_can_be_written_nothing_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out/statements.schema.json").mkdir(parents=True)
    (tmp_path / "out/rule.schema.json").write_text("mine", encoding="utf-8")
    ran = run("rules", "schema", "--out", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")
    assert "statements.schema.json" in ran.err
    assert (tmp_path / "out/rule.schema.json").read_text("utf-8") == "mine"
    assert len(list((tmp_path / "out").iterdir())) == 2
    assert run("rules", "schema", "--out", tmp_path / "out/rule.schema.json").code == 2
