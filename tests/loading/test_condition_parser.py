"""Parsing `when:`: conditions that are invalid, never true or always true are refused at their place."""

from __future__ import annotations

import pytest

from backscreen.loading.rulebook_files import load_texts
from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.model.rules import Rule
from tests.helpers.broken import assert_refused, changed
from tests.helpers.small import CAUTION, Texts

SCIATICA, NUMB = OneOf("sciatica", (True,)), OneOf("numbness", (True,))


def when(small: Texts, condition: str) -> Texts:
    """The small rulebook, where the rule about weight has this condition."""
    return changed(small, CAUTION, ("when: {excess_lb: {at_least: 50}}", f"when: {condition}"))


def read(small: Texts, condition: str) -> Rule:
    return next(rule for rule in load_texts(when(small, condition)).rules if rule.id == "weight")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{sciatica: yes}", SCIATICA),
        ("{sciatica: no}", OneOf("sciatica", (False,))),
        ("{build: heavy}", OneOf("build", ("heavy",))),
        ("{build: [slight, heavy]}", OneOf("build", ("slight", "heavy"))),
        ("{trial.felt: pain}", OneOf("trial.felt", ("pain",))),
        ("{trial.felt: [pain]}", OneOf("trial.felt", ("pain",))),
        ("{excess_lb: 5}", Within("excess_lb", 5, 5)),
        ("{excess_lb: [5, 7]}", AnyOf((Within("excess_lb", 5, 5), Within("excess_lb", 7, 7)))),
        ("{excess_lb: {at_least: 5}}", Within("excess_lb", 5, None)),
        ("{excess_lb: {more_than: 5}}", Within("excess_lb", 6, None)),
        ("{excess_lb: {at_most: 5}}", Within("excess_lb", None, 5)),
        ("{excess_lb: {less_than: 5}}", Within("excess_lb", None, 4)),
        ("{excess_lb: {at_least: 5, at_most: 7}}", Within("excess_lb", 5, 7)),
        ("{excess_lb: {more_than: 5, less_than: 7}}", Within("excess_lb", 6, 6)),
        ("{excess_lb: {less_than: 7, at_least: 5}}", Within("excess_lb", 5, 6)),
        ("{excess_lb: {more_than: 5, at_most: 7}}", Within("excess_lb", 6, 7)),
        ("{excess_lb: {at_least: 1000}}", Within("excess_lb", 1000, None)),
        ("{excess_lb: {at_most: 0}}", Within("excess_lb", None, 0)),
        ("{trial.lasted_min: {at_least: 5}}", Within("trial.lasted_min", 5, None)),
        ("{sciatica: yes, numbness: yes}", AllOf((SCIATICA, NUMB))),
        ("{all: [{sciatica: yes}, {numbness: yes}]}", AllOf((SCIATICA, NUMB))),
        ("{any: [{sciatica: yes}, {numbness: yes}]}", AnyOf((SCIATICA, NUMB))),
        ("{any: [{sciatica: yes}]}", AnyOf((SCIATICA,))),
        ("{not: {sciatica: yes}}", Not(SCIATICA)),
        ("{not: {sciatica: yes, numbness: yes}}", Not(AllOf((SCIATICA, NUMB)))),
        ("{not: {not: {sciatica: yes}}}", Not(Not(SCIATICA))),
        (
            "{sciatica: yes, any: [{numbness: yes}, {not: {build: slight}}]}",
            AllOf((SCIATICA, AnyOf((NUMB, Not(OneOf("build", ("slight",))))))),
        ),
        (
            "{excess_lb: {at_least: 5}, not: {excess_lb: {at_least: 9}}}",
            AllOf((Within("excess_lb", 5, None), Not(Within("excess_lb", 9, None)))),
        ),
    ],
)
def test_a_condition_is_read_as_it_is_written(small: Texts, written: str, meant: Condition) -> None:
    assert read(small, written).when == meant


@pytest.mark.parametrize(
    ("condition", "expected"),
    [("{trial.felt: pain}", True), ("{not: {any: [{trial.felt: pain}]}}", True), ("{sciatica: yes}", False)],
)
def test_a_rule_that_reads_a_fact_of_a_trial_is_about_a_trial(small: Texts, condition: str, expected: bool) -> None:
    assert read(small, condition).about_a_trial is expected


@pytest.mark.parametrize(
    "condition",
    [
        "{excess_lb: §{at_least: 1001}}",
        "{excess_lb: §{more_than: 1000}}",
        "{excess_lb: §{at_most: -1}}",
        "{excess_lb: §{less_than: 0}}",
        "{excess_lb: §{at_least: 5, less_than: 5}}",
        "{excess_lb: §{more_than: 5, less_than: 6}}",
        "{excess_lb: §{at_least: 9, at_most: 3}}",
        "§{sciatica: yes, not: {sciatica: yes}}",
        "§{sciatica: yes, not: {sciatica: [yes]}}",
        "§{build: slight, not: {build: [slight, heavy]}}",
        "§{excess_lb: {at_least: 10}, all: [{excess_lb: {at_most: 9}}, {numbness: yes}]}",
        "§{excess_lb: 5, not: {excess_lb: {at_most: 6}}}",
        "§{sciatica: yes, any: [{sciatica: no, numbness: yes}, {sciatica: no, from_sitting: yes}]}",
        "§{trial.felt: pain, not: {trial.felt: pain}}",
        "{all: §[{sciatica: yes}, {sciatica: no}]}",
        "{all: §[{build: slight}, {build: heavy}]}",
        "{numbness: yes, all: §[{excess_lb: {at_least: 5}}, {excess_lb: {less_than: 5}}]}",
        "{any: [{sciatica: yes}, §{numbness: yes, all: [{numbness: no}, {sciatica: yes}]}]}",
        "{not: {all: §[{sciatica: yes}, {sciatica: no}]}}",
        "{not: §{sciatica: yes, not: {sciatica: yes}}}",
    ],
)
def test_what_can_never_hold_is_an_error_where_it_stands(small: Texts, condition: str) -> None:
    assert_refused(when(small, condition), "never")


@pytest.mark.parametrize(
    "condition",
    [
        "{sciatica: §[yes, no]}",
        "{build: §[slight, medium, heavy]}",
        "{excess_lb: §{at_least: 0}}",
        "{excess_lb: §{more_than: -1}}",
        "{excess_lb: §{at_most: 1000}}",
        "{excess_lb: §{less_than: 1001}}",
        "{excess_lb: §{at_least: 0, at_most: 1000}}",
        "{sciatica: yes, numbness: §[no, yes]}",
        "{any: §[{sciatica: yes}, {sciatica: no}]}",
        "{any: §[{sciatica: yes}, {not: {sciatica: yes}}]}",
        "{any: §[{excess_lb: {at_least: 10}}, {excess_lb: {less_than: 10}}]}",
        "{any: §[{excess_lb: {at_least: 10}}, {excess_lb: {at_most: 12}}, {sciatica: yes}]}",
        "{any: §[{sciatica: yes}, {sciatica: no, numbness: yes}, {numbness: no}]}",
        "{numbness: yes, any: §[{build: [slight, medium]}, {build: heavy}]}",
        "{not: {any: §[{sciatica: yes}, {sciatica: no}]}}",
    ],
)
def test_what_must_always_hold_is_an_error_where_it_stands(small: Texts, condition: str) -> None:
    assert_refused(when(small, condition), "always")


@pytest.mark.parametrize(
    "condition",
    ["{any: [{sciatica: yes, numbness: yes}, {sciatica: no, numbness: no}]}", "{sciatica: yes, not: {sciatica: no}}"],
)
def test_what_some_answers_fulfil_and_others_do_not_is_taken(small: Texts, condition: str) -> None:
    read(small, condition)


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("§[]", "mapping"),
        ("§[{sciatica: yes}]", "mapping"),
        ("§sciatica", "mapping"),
        ("§yes", "mapping"),
        ("§null", "mapping"),
        ("{any: §[]}", "`any`"),
        ("{all: §[]}", "`all`"),
        ("{any: §{sciatica: yes}}", "`any`"),
        ("{all: §yes}", "`all`"),
        ("{any: §null}", "`any`"),
        ("{any: [§{}]}", "empty"),
        ("{all: [{sciatica: yes}, §{}]}", "empty"),
        ("{not: §{}}", "empty"),
        ("{not: §[{sciatica: yes}]}", "mapping"),
        ("{not: §null}", "mapping"),
        ("{any: [§sciatica]}", "mapping"),
        ("{sciatica: §[]}", "empty"),
        ("{excess_lb: §[]}", "empty"),
        ("{excess_lb: §{}}", "`at_least`"),
    ],
)
def test_what_is_no_condition_is_an_error_where_it_stands(small: Texts, condition: str, word: str) -> None:
    assert_refused(when(small, condition), word)


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("{sciatica: §1}", "`1`"),
        ("{sciatica: §0}", "`0`"),
        ("{sciatica: §'yes'}", "`yes`"),
        ("{sciatica: §Yes}", "`Yes`"),
        ("{sciatica: §on}", "`on`"),
        ("{sciatica: §maybe}", "`maybe`"),
        ("{sciatica: [yes, §maybe]}", "`maybe`"),
        ("{build: §heavi}", "did you mean `heavy`?"),
        ("{build: [slight, §meduim]}", "did you mean `medium`?"),
        ("{build: §yes}", "`build`"),
        ("{build: §3}", "`build`"),
        ("{build: [§[slight]]}", "`build`"),
        ("{build: [§{at_least: 3}]}", "`build`"),
        ("{excess_lb: §yes}", "`yes`"),
        ("{excess_lb: §'50'}", "`50`"),
        ("{excess_lb: §2.5}", "`2.5`"),
        ("{excess_lb: §-1}", "`-1`"),
        ("{excess_lb: §1001}", "`1001`"),
        ("{excess_lb: [5, §1001]}", "`1001`"),
        ("{trial.felt: §pane}", "did you mean `pain`?"),
    ],
)
def test_what_is_no_answer_to_the_fact_is_an_error_where_it_stands(small: Texts, condition: str, word: str) -> None:
    assert_refused(when(small, condition), word)


@pytest.mark.parametrize(
    "condition", ["{build: §[slight, slight]}", "{excess_lb: §[5, 7, 5]}", "{sciatica: §[yes, true]}"]
)
def test_an_answer_stands_once_in_a_list(small: Texts, condition: str) -> None:
    assert_refused(when(small, condition), "duplicate")


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("{sciatica: §{at_least: 1}}", "`sciatica`"),
        ("{build: §{at_least: 1}}", "`build`"),
        ("{trial.felt: §{at_least: 1}}", "`felt`"),
        ("{excess_lb: §{at_least: 1, more_than: 2}}", "`at_least`"),
        ("{excess_lb: §{at_most: 3, less_than: 2}}", "`at_most`"),
        ("{excess_lb: {§atleast: 5}}", "did you mean `at_least`?"),
        ("{excess_lb: {§min: 5}}", "`more_than`"),
        ("{excess_lb: {at_least: §'5'}}", "whole number"),
        ("{excess_lb: {at_least: §yes}}", "whole number"),
        ("{excess_lb: {at_least: §2.5}}", "whole number"),
        ("{excess_lb: {at_least: §25 kg}}", "whole number"),
        ("{excess_lb: {at_least: §[5]}}", "whole number"),
        ("{excess_lb: {at_least: §null}}", "whole number"),
    ],
)
def test_a_comparison_has_ends_that_are_whole_numbers_of_a_number(small: Texts, condition: str, word: str) -> None:
    assert_refused(when(small, condition), word)


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("{§siatica: yes}", "did you mean `sciatica`?"),
        ("{§trial.feld: pain}", "did you mean `trial.felt`?"),
        ("{§felt: pain}", "`felt`"),
        ("{§trial.sciatica: yes}", "`trial.sciatica`"),
        ("{§anny: [{sciatica: yes}]}", "did you mean `any`?"),
        ("{any: [{sciatica: yes}, {§numness: yes}]}", "did you mean `numbness`?"),
        ("{not: {§numness: yes}}", "did you mean `numbness`?"),
        ("{§trial.stretch: cat_cow}", "`tried: {stretches: [...]}`"),
        ("{'§': yes}", "``"),
    ],
)
def test_an_unknown_fact_is_an_error_where_its_name_stands(small: Texts, condition: str, word: str) -> None:
    if condition == "{'§': yes}":
        condition = "{§'': yes}"
    assert_refused(when(small, condition), word)


def test_all_that_is_wrong_with_a_condition_is_said_at_once(small: Texts) -> None:
    alternatives = "{excess_lb: {§atleast: 5, at_most: §'6'}}, §{}, {sciatica: §[yes, no]}"
    condition = f"{{§siatica: yes, build: §heavi, any: [{alternatives}], not: {{all: §[]}}}}"
    assert_refused(
        when(small, condition), "`siatica`", "`heavy`", "`at_least`", "whole number", "empty", "always", "`all`"
    )


def alternatives(parts: int) -> str:
    """A condition of 2 to the power of `parts` alternatives, each part an atom of its own."""
    return (
        "["
        + ", ".join(
            f"{{any: [{{excess_lb: {2 * part + 1}}}, {{excess_lb: {{at_least: {900 + part}}}}}]}}"
            for part in range(parts)
        )
        + "]"
    )


def test_512_alternatives_are_taken_and_more_are_an_error(small: Texts) -> None:
    read(small, f"{{all: {alternatives(9)}}}")
    assert_refused(when(small, f"{{all: §{alternatives(10)}}}"), "split")


def test_the_alternatives_of_the_contrary_count_as_well(small: Texts) -> None:
    spans = ", ".join(f"{{excess_lb: {{at_least: {10 * part}, at_most: {10 * part + 5}}}}}" for part in range(1, 11))
    assert_refused(when(small, f"{{any: §[{spans}]}}"), "split")


def test_more_than_512_alternatives_side_by_side_are_an_error(small: Texts) -> None:
    assert_refused(
        when(small, f"{{any: §[{', '.join(f'{{excess_lb: {number}}}' for number in range(1, 514))}]}}"), "split"
    )
