"""`backscreen rules check`: the cases that a rule needs, other lints, and the output."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from backscreen import Diagnostic
from backscreen.authoring.lint.linter import diagnostics_of
from backscreen.loading.rulebook_files import read_texts
from tests.helpers.broken import changed
from tests.helpers.small import (
    AVOID,
    BENEFIT,
    CAUTION,
    FACTS,
    HEAD,
    PAIN,
    SCENARIOS,
    STATEMENTS,
    STOP,
    STRETCHES,
    Folder,
    Run,
    Texts,
)

TODAY = date(2026, 11, 21)


def found(texts: Texts, *, today: date = TODAY) -> list[Diagnostic]:
    """What is wrong with a rulebook."""
    return diagnostics_of(read_texts(texts), today)


def codes(texts: Texts, file: str = "", *, today: date = TODAY) -> list[str]:
    """The codes of what is wrong, of all files or of one."""
    return [
        str(diagnostic.code) for diagnostic in found(texts, today=today) if (diagnostic.location or "").startswith(file)
    ]


def with_cases(texts: Texts, file: str, *cases: str, when: str | None = None) -> Texts:
    """The rulebook with other cases of a rule, and another condition."""
    head = texts[file].partition("cases:\n")[0]
    if when is not None:
        old = next(line for line in head.splitlines() if line.startswith("when:"))
        head = head.replace(old, f"when: {when}")
    listed = "".join(f"  - {{name: case {number}, {case}}}\n" for number, case in enumerate(cases))
    return texts | {file: f"{head}cases:\n{listed}" if listed else head}


def given(facts: str, fires: str) -> str:
    """A case of a person."""
    return f"given: {{facts: {{{facts}}}}}, expect: {{fires: {fires}}}"


def tried(facts: str, fires: str) -> str:
    """A case of somebody who tried a stretch."""
    return f"given: {{trials: [{{stretch: cat_cow, {facts}}}]}}, expect: {{fires: {fires}}}"


# Which cases a rule needs


def test_a_rule_with_every_case_that_it_needs_is_let_be(small: Texts) -> None:
    small = with_cases(small, AVOID, given("sciatica: yes", "yes"), given("sciatica: no", "no"), given("", "unknown"))
    assert codes(small, AVOID) == []


@pytest.mark.parametrize(
    ("cases", "missing"),
    [
        ([given("sciatica: no", "no"), given("", "unknown")], ["no-firing-case"]),
        ([given("sciatica: yes", "yes"), given("", "unknown")], ["no-near-miss"]),
        ([given("sciatica: yes", "yes"), given("sciatica: no", "no")], ["no-unknown-case"]),
        (
            [given("sciatica: yes", "no"), given("sciatica: no", "unknown")],
            ["no-firing-case", "no-near-miss", "no-unknown-case"],
        ),
        ([given("sciatica: yes", "yes"), "given: {otherwise: no}, expect: {fires: no}", given("", "unknown")], []),
        ([], ["no-firing-case", "no-near-miss", "no-unknown-case"]),
    ],
)
def test_a_case_that_is_missing_is_named(small: Texts, cases: list[str], missing: list[str]) -> None:
    assert codes(with_cases(small, AVOID, *cases), AVOID) == missing


@pytest.mark.parametrize(
    ("numbers", "untried"),
    [
        ((50, 49), []),
        ((51, 49), ["`excess_lb: 50`"]),
        ((50, 48), ["`excess_lb: 49`"]),
        ((400, 0), ["`excess_lb: 49`", "`excess_lb: 50`"]),
        ((50, "'22 kg'"), []),  # which is 49 lb
        ((50, "49 lb"), []),
    ],
)
def test_a_boundary_is_tried_on_both_sides(small: Texts, numbers: tuple[object, object], untried: list[str]) -> None:
    inside, outside = numbers
    small = with_cases(
        small, CAUTION, given(f"excess_lb: {inside}", "yes"), given(f"excess_lb: {outside}", "no"), given("", "unknown")
    )
    diagnostics = [diagnostic for diagnostic in found(small) if (diagnostic.location or "").startswith(CAUTION)]
    assert [diagnostic.code for diagnostic in diagnostics] == ["boundary-untested"] * len(untried)
    assert all(name in diagnostic.message for name, diagnostic in zip(untried, diagnostics, strict=True))


def test_both_ends_of_a_span_are_boundaries_and_those_of_the_fact_are_none(small: Texts) -> None:
    cases = [given("excess_lb: 50", "yes"), given("excess_lb: 49", "no"), given("", "unknown")]
    assert codes(with_cases(small, CAUTION, *cases, when="{excess_lb: {at_least: 50, at_most: 1000}}"), CAUTION) == []
    assert (
        codes(with_cases(small, CAUTION, *cases, when="{excess_lb: {at_least: 50, at_most: 60}}"), CAUTION)
        == ["boundary-untested"] * 2
    )


def test_a_boundary_is_tried_only_where_it_decides(small: Texts) -> None:
    when = "{excess_lb: {at_least: 50}, numbness: yes}"
    near = [
        given("excess_lb: 50, numbness: no", "no"),
        given("excess_lb: 50, numbness: yes", "yes"),
        given("", "unknown"),
    ]
    far = given("excess_lb: 49, numbness: no", "no")
    assert codes(with_cases(small, CAUTION, *near, far, when=when), CAUTION) == ["boundary-untested"]
    assert (
        codes(with_cases(small, CAUTION, *near, given("excess_lb: 49, numbness: yes", "no"), when=when), CAUTION) == []
    )


def test_a_near_miss_would_fire_if_one_fact_alone_were_otherwise(small: Texts) -> None:
    when = "{sciatica: yes, numbness: yes}"
    cases = [
        given("sciatica: yes, numbness: yes", "yes"),
        given("sciatica: no, numbness: no", "no"),
        given("", "unknown"),
    ]
    assert codes(with_cases(small, AVOID, *cases, when=when), AVOID) == ["no-near-miss"] * 2
    cases += [given("sciatica: no, numbness: yes", "no"), given("sciatica: yes, numbness: no", "no")]
    assert codes(with_cases(small, AVOID, *cases, when=when), AVOID) == []


def test_nothing_is_asked_for_that_no_case_could_show(small: Texts) -> None:
    """Whoever is numb or not makes no difference here: the first part holds whenever the second does."""
    when = "{any: [{excess_lb: {at_least: 50}}, {excess_lb: {at_least: 60}, numbness: yes}]}"
    cases = [given("excess_lb: 50", "yes"), given("excess_lb: 49", "no"), given("", "unknown")]
    assert codes(with_cases(small, CAUTION, *cases, when=when), CAUTION) == []


def test_cases_of_a_rule_about_trials_are_those_of_any_trial(small: Texts) -> None:
    cases = [tried("felt: pain", "yes"), tried("felt: nothing", "no"), tried("early: no", "unknown")]
    assert codes(with_cases(small, PAIN, *cases), PAIN) == []
    assert codes(with_cases(small, PAIN, *cases[:2], "given: {}, expect: {fires: no}"), PAIN) == ["no-unknown-case"]


def test_a_rule_about_everybody_needs_one_case_that_fires(small: Texts) -> None:
    file = "advice/in-person.yaml"
    assert codes(small, file) == ["no-firing-case"]
    assert codes(with_cases(small, file, "given: {}, expect: {fires: yes}"), file) == []


def test_a_rule_that_is_retired_needs_no_cases(small: Texts) -> None:
    assert codes(changed(small, STOP, ("effect: stop", "effect: stop\nstatus: retired")), STOP) == ["no-reason"]


# What else is sent back


def test_a_rule_is_overdue_from_the_day_after(small: Texts) -> None:
    small = changed(small, AVOID, ("effect: avoid", "effect: avoid\nreview_by: 2026-11-21"))
    assert "review-overdue" not in codes(small)
    assert "review-overdue" in codes(small, today=date(2026, 11, 22))


def test_a_review_that_is_yet_to_come_is_an_error(small: Texts) -> None:
    small = changed(small, AVOID, ("reviewed_on: 2026-11-20", "reviewed_on: 2026-11-22"))
    assert "reviewed-in-future" in codes(small)
    assert "reviewed-in-future" not in codes(small, today=date(2026, 11, 22))


def test_conditions_that_mean_the_same_are_the_same_however_they_are_written(small: Texts) -> None:
    twin = (
        small[AVOID]
        .replace("id: hamstrings", "id: twin")
        .replace("{sciatica: yes}\napplies", "{not: {any: [{sciatica: no}]}}\napplies")
    )
    twin = twin.replace("{targets: [hamstrings]}", "{stretches: [toe_reach, far_toe_reach]}")
    small = small | {"precautions/twin.yaml": twin}
    same = [diagnostic for diagnostic in found(small) if diagnostic.code == "same-condition"]
    assert [(diagnostic.location or "").partition(":")[0] for diagnostic in same] == ["precautions/twin.yaml"]
    assert "same-condition" not in codes(
        changed(small, "precautions/twin.yaml", ("[toe_reach, far_toe_reach]", "[toe_reach]"))
    )


@pytest.mark.parametrize("reason", ["x", "Not now.", "No!"])
def test_a_restriction_has_a_reason_that_says_why(small: Texts, reason: str) -> None:
    old = next(line for line in small[AVOID].splitlines() if line.startswith("reason:"))
    assert "no-reason" in codes(changed(small, AVOID, (old, f"reason: {reason}")))
    assert "no-reason" not in codes(small, AVOID)


def test_what_a_broken_rule_speaks_of_is_not_called_unused(small: Texts) -> None:
    """A typo in one rule says nothing of what that rule uses."""
    assert "unused-fact" not in {
        diagnostic.code
        for diagnostic in found(changed(small, AVOID, ("effect: avoid", "efect: avoid")))
        if "sciatica" in diagnostic.message
    }
    gone = {file: text for file, text in small.items() if file not in (AVOID, SCENARIOS)}
    assert [
        diagnostic.message
        for diagnostic in found(gone)
        if "sciatica" in diagnostic.message and diagnostic.code == "unused-fact"
    ] == ["nothing uses the fact `sciatica`"]


def test_nothing_is_called_unused_while_a_file_cannot_be_read(small: Texts) -> None:
    assert not [code for code in codes(small | {AVOID: "{"}) if code.startswith("unused")]


def test_a_statement_that_becomes_what_nothing_does_is_named(small: Texts) -> None:
    assert [code for code in codes(small, STATEMENTS) if "statement" in code] == []
    assert codes(changed(small, AVOID, ("statements: [A1]", "statements: [A2]")), STATEMENTS) == ["statement-misplaced"]
    assert codes(changed(small, STATEMENTS, ("becomes: [background]", "becomes: [rule]")), STATEMENTS) == [
        "unused-statement"
    ]


def test_a_rulebook_of_which_no_rule_acts_is_named(small: Texts) -> None:
    assert "no-acting-rule" in codes(
        {file: text for file, text in small.items() if "/" not in file and file != SCENARIOS}
    )


def test_two_ways_that_are_meant_are_let_be_and_those_that_are_not_there_are_named(small: Texts) -> None:
    small = changed(
        small,
        CAUTION,
        ("excess_lb: {at_least: 50}", "numbness: no"),
        ("given: {facts: {excess_lb: 50}}", "given: {facts: {numbness: no}}"),
    )
    assert "fact-two-ways" in codes(small, FACTS)
    meant = changed(small, FACTS, ("- id: numbness\n", "- id: numbness\n    two_ways: yes\n"))
    assert not {"fact-two-ways", "fact-two-ways-needless"}.intersection(codes(meant, FACTS))
    needless = changed(small, FACTS, ("- id: sciatica\n", "- id: sciatica\n    two_ways: yes\n"))
    assert "fact-two-ways-needless" in codes(needless, FACTS)


def test_retired_ids_are_never_used_again(small: Texts) -> None:
    small = changed(small, HEAD, ("documents:", "retired_ids: [hamstrings, sciatica, cat_cow]\ndocuments:"))
    assert [diagnostic.location for diagnostic in found(small) if diagnostic.code == "retired-id"] == [
        f"{AVOID}:1:5",
        f"{FACTS}:4:9",
        f"{STRETCHES}:9:9",
    ]


# Output


def test_the_shipped_rulebooks_are_clean_in_every_form(run: Run) -> None:
    assert run("rules", "check").out == "rules/lower-back, rules/red-flags: 76 rules, no problems\n"
    assert run("rules", "check", "lower-back", "--format", "github").out.strip() == ""
    data = json.loads(run("rules", "check", "--format", "json").out)
    assert (data["schema"], data["rules"], data["errors"], data["warnings"], data["problems"]) == (
        "backscreen/check/1",
        76,
        0,
        0,
        [],
    )


def test_what_is_wrong_is_told_with_its_place_its_code_and_what_to_do(run: Run, folder: Folder, small: Texts) -> None:
    where = folder(changed(small, BENEFIT, ("effect: recommend", "efect: recommend")))
    ran = run("rules", "check", where)
    assert (ran.code, ran.err) == (1, "")
    assert f"{where / BENEFIT}:5:1: unknown key `efect` [unknown-key]\n  did you mean `effect`?\n" in ran.out
    data = json.loads(run("rules", "check", where, "--format", "json").out)
    told = next(diagnostic for diagnostic in data["problems"] if diagnostic["code"] == "unknown-key")
    assert told == {
        "code": "unknown-key",
        "severity": "error",
        "file": str(where / BENEFIT),
        "line": 5,
        "column": 1,
        "what": "unknown key `efect`",
        "help": "did you mean `effect`?",
    }
    notes = run("rules", "check", where, "--format", "github").out.splitlines()
    assert (
        f"::error file={where / BENEFIT},line=5,col=1,title=unknown-key::unknown key `efect`%0Adid you mean `effect`?"
        in notes
    )


def test_what_github_would_take_for_its_own_is_written_otherwise(run: Run, folder: Folder, small: Texts) -> None:
    where = folder(small | {"advice/a, b%.yaml": small[BENEFIT]})
    notes = [
        note
        for note in run("rules", "check", where, "--format", "github").out.splitlines()
        if "title=file-name" in note
    ]
    assert notes
    assert "a%2C b%25.yaml" in notes[0]


def test_a_warning_alone_ends_well(run: Run, folder: Folder) -> None:
    rules = Path(__file__).parents[2] / "rules" / "lower-back"
    texts = {path.relative_to(rules).as_posix(): path.read_text("utf-8") for path in rules.rglob("*.yaml")}
    file = "contraindications/hamstrings-with-sciatica.yaml"
    where = folder(changed(texts, file, ("status: draft\n", "status: draft\nreview_by: 2026-11-20\n")))
    ran = run("rules", "check", where, "--today", "2026-11-21")
    assert ran.code == 0
    assert "warning: this rule was due for review by 2026-11-20 [review-overdue]" in ran.out
    assert ran.out.endswith("43 rules, 1 warning\n")
    assert "::warning file=" in run("rules", "check", where, "--today", "2026-11-21", "--format", "github").out
    assert run("rules", "check", where, "--today", "2026-11-20").out.endswith("no problems\n")


@pytest.mark.parametrize("arguments", [("nowhere-at-all",), ("./nowhere",), ("--today", "soon"), ("--format", "xml")])
def test_what_cannot_be_checked_is_bad_input(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run("rules", "check", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
