"""Reading folders of YAML: wrong files, keys and values are refused at their place, all at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest
from attrs import frozen

from backscreen import RulebookError
from backscreen.loading.rulebook_files import bundled_rulebooks, load_folder, load_rulebooks, load_texts
from backscreen.loading.rulebook_texts import Catalogue, Facts, Head
from backscreen.loading.structure import converter, structured
from backscreen.loading.text_lengths import ID, LINE, NO_TEXTS, PARAGRAPH, SENTENCES, TEXTS
from backscreen.model.catalogue import AttributeSelector, Dose, Everything, Motion, Nothing
from backscreen.model.conditions import ALWAYS, OneOf, Within
from backscreen.model.effects import Effect, Verdict
from backscreen.model.facts import Choice, Flag, Number
from backscreen.model.rules import About, Fires, Rule, Statement, Status
from tests.helpers.broken import assert_refused, changed, diagnostics_of, unmarked
from tests.helpers.small import (
    AVOID,
    BENEFIT,
    CAUTION,
    FACTS,
    HEAD,
    IN_PERSON,
    PAIN,
    SCENARIOS,
    STATEMENTS,
    STRETCHES,
    Folder,
    Texts,
)


def test_the_small_rulebook_loads(small: Texts) -> None:
    book = load_texts(small)
    assert (book.id, book.version, book.language, book.looks_for_warning_signs) == ("small", "1.0.0", "en", False)
    assert [document.year for document in book.documents] == [None, 2020]
    assert [type(fact) for fact in book.person_facts] == [Flag, Flag, Flag, Number, Choice]
    assert [fact.id for fact in book.trial_facts] == ["felt", "early", "lasted_min"]
    assert book.stretches[0].dose == Dose(
        hold_s=5, hold_s_up_to=10, repetitions=2, repetitions_up_to=3, per_side=False, per_day=2
    )
    assert book.stretches[2].dose is None
    assert book.stretches[2].motions == (Motion.NONE,)
    assert book.scenarios[0].expect.others is Verdict.ALLOWED


def test_the_rules_of_the_small_rulebook_are_read(small: Texts) -> None:
    rules = {rule.id: rule for rule in load_texts(small).rules}
    assert rules["hamstrings"].when == OneOf("sciatica", (True,))
    assert rules["hamstrings"].applies_to == AttributeSelector(targets=("hamstrings",))
    assert rules["hamstrings"].reviewed_on == date(2026, 11, 20)
    assert rules["hamstrings"].cases[0].expect.verdicts == {"toe_reach": Verdict.AVOID}
    assert [case.expect.fires for case in rules["hamstrings"].cases] == [Fires.YES, Fires.UNKNOWN]
    assert rules["weight"].when == Within("excess_lb", 50, None)
    assert rules["weight"].status is Status.DRAFT
    assert rules["in-person"].when == ALWAYS
    assert rules["in-person"].about is About.STRETCH
    assert rules["pain"].about_a_trial
    assert rules["numbness"].effect is Effect.STOP


def test_rules_cases_and_scenarios_know_where_they_are_written(small: Texts) -> None:
    book = load_texts(small)
    rule = next(rule for rule in book.rules if rule.id == "hamstrings")
    assert rule.at == f"{AVOID}:1:1"
    assert [case.at for case in rule.cases] == [f"{AVOID}:12:11", f"{AVOID}:15:11"]
    assert book.scenarios[0].at == f"{SCENARIOS}:1:9"


@pytest.mark.parametrize(
    ("written", "selector"),
    [
        ("all", Everything()),
        ("none", Nothing()),
        ("{motions: [flexion]}", AttributeSelector(motions=(Motion.FLEXION,))),
    ],
)
def test_a_selector_is_everything_nothing_or_a_set(small: Texts, written: str, selector: object) -> None:
    texts = changed(small, CAUTION, ("{regions: [lower_back]}", written))
    assert next(rule for rule in load_texts(texts).rules if rule.id == "weight").applies_to == selector


# Keys


@pytest.mark.parametrize(
    ("file", "old", "new", "legal"),
    [
        (HEAD, "summary: For tests.\n", "summary: For tests.\n§sumary: For tests.\n", "summary"),
        (HEAD, "title: First document}", "title: First document, §page: 3}", "year"),
        (FACTS, "groups:\n", "§group: []\ngroups:\n", "groups"),
        (FACTS, "question: Do you have sciatica?", "question: Do you have sciatica?\n    §no: no", "rests_on"),
        (FACTS, "{system: ICD-10-CM, ", "{§sytem: x, system: ICD-10-CM, ", "system"),
        (FACTS, "    at_most: 1000\n", "    at_most: 1000\n    §above: 3\n", "at_least"),
        (FACTS, "{id: slight, ", "{id: slight, §mean: x, ", "means"),
        (STRETCHES, "{id: legs, ", "{id: legs, §stretches: [], ", "name"),
        (STRETCHES, "{hold_s: 30}", "{hold_s: 30, §hold: 3}", "hold_s"),
        (STRETCHES, "    variation_of: toe_reach\n", "    variation_of: toe_reach\n    §target: [neck]\n", "targets"),
        (STATEMENTS, "  advice: Breathe steadily.\n", "  advice: Breathe steadily.\n  §advise: x\n", "advice"),
        (AVOID, "reviewed_on: 2026-11-20\n", "reviewed_on: 2026-11-20\n§revieved_on: 2026-11-20\n", "reviewed_on"),
        (AVOID, "{targets: [hamstrings]}", "{targets: [hamstrings], §muscles: [hamstrings]}", "targets"),
        (AVOID, "expect: {fires: unknown}", "expect: {fires: unknown, §verdict: {}}", "verdicts"),
        (AVOID, "  - name: nobody has asked\n", "  - name: nobody has asked\n    §note: x\n", "name"),
        (AVOID, "given: {}", "given: {§fact: {}}", "facts"),
        (AVOID, "given: {}", "given: {§sciatica: yes}", "facts:"),
        (AVOID, "statements: [A1]\n", "statements: [A1]\n§at: here\n", "statements"),
        (SCENARIOS, "    unneeded: []\n", "    unneeded: []\n    §unneded: []\n", "unneeded"),
        (SCENARIOS, "  expect:\n", "  §at: x\n  expect:\n", "given"),
    ],
)
def test_an_unknown_key_is_an_error_where_it_stands_and_legal_ones_are_named(
    small: Texts, file: str, old: str, new: str, legal: str
) -> None:
    assert_refused(changed(small, file, (old, new)), f"`{legal}`")


@pytest.mark.parametrize(
    ("file", "removed", "start", "key"),
    [
        (HEAD, "version: 1.0.0\n", "id: small", "version"),
        (HEAD, "looks_for_warning_signs: no\n", "id: small", "looks_for_warning_signs"),
        (HEAD, ", title: First document", "{id: A", "title"),
        (FACTS, "    type: flag\n    title: Sciatica\n", "id: sciatica", "type"),
        (FACTS, "    question: Do you have sciatica?\n", "id: sciatica", "question"),
        (FACTS, "    unit: lb\n", "id: excess_lb", "unit"),
        (FACTS, "    at_most: 600\n", "id: lasted_min", "at_most"),
        (FACTS, ", means: slightly", "{id: slight", "means"),
        (FACTS, ", code: M54.3", "{system", "code"),
        (STRETCHES, "    position: hands and knees\n", "id: cat_cow", "position"),
        (STATEMENTS, "  becomes: [region]\n", "id: A4", "becomes"),
        (AVOID, "effect: avoid\n", "id: hamstrings", "effect"),
        (AVOID, "when: {sciatica: yes}\n", "id: hamstrings", "when"),
        (AVOID, "statements: [A1]\n", "id: hamstrings", "statements"),
        (AVOID, "fires: unknown", "{}", "fires"),
        (AVOID, "    given: {}\n", "name: nobody", "given"),
        (SCENARIOS, "    directive: care\n", "verdicts:", "directive"),
    ],
)
def test_a_missing_key_is_an_error_where_its_mapping_starts(
    small: Texts, file: str, removed: str, start: str, key: str
) -> None:
    texts = changed(small, file, (removed, ""))
    before, _, after = texts[file].rpartition(start)
    assert_refused(texts | {file: f"{before}§{start}{after}"}, f"`{key}`")


# Kinds of values


def everywhere(places: list[tuple[str, str, str]], values: list[str]) -> list[tuple[str, str, str, str]]:
    """Yield files with wrong values: every value in the first place, and the first two in every other place."""
    return [(*place, value) for place in places for value in (values if place is places[0] else values[:2])]


@pytest.mark.parametrize(
    ("file", "old", "kept", "value"),
    everywhere(
        [
            (HEAD, "title: A small rulebook", "title: "),
            (HEAD, "version: 1.0.0", "version: "),
            (FACTS, "group: cause", "group: "),
            (FACTS, "{id: slight", "{id: "),
            (FACTS, "no: medium", "no: "),
            (STRETCHES, "- Round your back.", "- "),
            (STRETCHES, "variation_of: toe_reach", "variation_of: "),
            (AVOID, "reason: It pulls on the nerve.", "reason: "),
            (AVOID, "statements: [A1", "statements: ["),
            (AVOID, "- name: nobody has asked", "- name: "),
            (SCENARIOS, "    fires: [sitting", "    fires: ["),
        ],
        ["3", "yes", "[word]", "{a: word}", "''", "' '", "null"],
    ),
)
def test_where_a_word_is_expected_nothing_else_is_taken(
    small: Texts, file: str, old: str, kept: str, value: str
) -> None:
    assert_refused(changed(small, file, (old, f"{kept}§{value}")), "word")


@pytest.mark.parametrize("value", [r"\e[31mred", r"a\0", r"a\rb", r"\x7f", r"\x9b0m", r"\a"])
def test_a_word_holds_no_control_characters(small: Texts, value: str) -> None:
    assert_refused(changed(small, HEAD, ("title: A small rulebook", f'title: §"{value}"')), "control")


def test_a_word_may_hold_any_letters(small: Texts) -> None:
    """Letters of every script are read, and a tab among them."""
    book = load_texts(changed(small, HEAD, ("title: A small rulebook", 'title: "één\\tд 漢"')))
    assert book.title == "één\tд 漢"


@pytest.mark.parametrize("value", ["3", "yes", "-1", "false"])
def test_what_would_be_a_word_in_quotes_is_told_so(small: Texts, value: str) -> None:
    assert_refused(changed(small, HEAD, ("title: A small rulebook", f"title: §{value}")), "quotes")


@pytest.mark.parametrize(
    ("file", "old", "kept", "value"),
    everywhere(
        [
            (HEAD, "year: 2020", "year: "),
            (FACTS, "at_most: 1000", "at_most: "),
            (FACTS, "no: 0", "no: "),
            (FACTS, "times: 100000000", "times: "),
            (STRETCHES, "hold_s: 30", "hold_s: "),
        ],
        ["'3'", "yes", "2.5", "1e3", "012", "+3", "1_000", "[3]", "{a: 3}", "null", "9" * 19],
    ),
)
def test_where_a_whole_number_is_expected_nothing_else_is_taken(
    small: Texts, file: str, old: str, kept: str, value: str
) -> None:
    assert_refused(changed(small, file, (old, f"{kept}§{value}")), "whole number")


@pytest.mark.parametrize(
    ("file", "old", "kept", "value"),
    everywhere(
        [(HEAD, "looks_for_warning_signs: no", "looks_for_warning_signs: "), (STRETCHES, "per_side: no", "per_side: ")],
        ["0", "1", "'no'", "No", "off", "n", "[no]", "{a: no}", "null"],
    ),
)
def test_where_yes_or_no_is_expected_nothing_else_is_taken(
    small: Texts, file: str, old: str, kept: str, value: str
) -> None:
    assert_refused(changed(small, file, (old, f"{kept}§{value}")), "`yes` or `no`")


@pytest.mark.parametrize("value", ["true", "false"])
def test_true_and_false_are_taken_for_yes_and_no(small: Texts, value: str) -> None:
    book = load_texts(changed(small, HEAD, ("looks_for_warning_signs: no", f"looks_for_warning_signs: {value}")))
    assert book.looks_for_warning_signs is (value == "true")


@pytest.mark.parametrize(
    "value", ["2026-13-01", "2026-11-31", "20-11-2026", "20261120", "yesterday", "yes", "[2026-11-20]", "{}", "null"]
)
def test_where_a_date_is_expected_nothing_else_is_taken(small: Texts, value: str) -> None:
    assert_refused(changed(small, AVOID, ("reviewed_on: 2026-11-20", f"reviewed_on: §{value}")), "2026-11-20")


@pytest.mark.parametrize("value", ["maybe", "'yes'", "1", "[yes]", "{}", "null", "Unknown"])
def test_a_case_fires_yes_no_or_unknown(small: Texts, value: str) -> None:
    assert_refused(changed(small, AVOID, ("fires: unknown", f"fires: §{value}")), "`unknown`")


@pytest.mark.parametrize(
    ("file", "old", "kept", "value"),
    everywhere(
        [
            (HEAD, "documents:\n  - {id: A, title: First document}\n", "documents: "),
            (STRETCHES, "regions: [legs]", "regions: "),
            (STATEMENTS, "becomes: [stretch]", "becomes: "),
            (AVOID, "statements: [A1]", "statements: "),
            (SCENARIOS, "unneeded: []", "unneeded: "),
        ],
        ["A1", "3", "no", "{A1: A2}", "null"],
    ),
)
def test_where_a_list_is_expected_nothing_else_is_taken(
    small: Texts, file: str, old: str, kept: str, value: str
) -> None:
    small[HEAD] = small[HEAD].split("  - {id: B")[0]  # so that the list of documents can be written in one line
    small = changed(
        small,
        STATEMENTS,
        ("id: B1\n  document: B", "id: B1\n  document: A"),
        ("id: B2\n  document: B", "id: B2\n  document: A"),
    )
    assert_refused(changed(small, file, (old, f"{kept}§{value}\n")), "list")


@pytest.mark.parametrize(
    ("file", "old", "kept", "value"),
    everywhere(
        [
            (HEAD, "{id: A, title: First document}", ""),
            (FACTS, "{id: cause, question: What brought the pain on?}", ""),
            (FACTS, "{system: ICD-10-CM, year: 2026, code: M54.3}", ""),
            (FACTS, "{unit: kg, times: 100000000, over: 45359237}", ""),
            (STRETCHES, "dose: {hold_s: 30}", "dose: "),
            (AVOID, "expect: {fires: unknown}", "expect: "),
            (AVOID, "given: {}", "given: "),
            (AVOID, "verdicts: {toe_reach: avoid}", "verdicts: "),
            (SCENARIOS, "instead: {toe_reach: [cat_cow]}", "instead: "),
        ],
        ["word", "3", "yes", "[word]", "null"],
    ),
)
def test_where_a_mapping_is_expected_nothing_else_is_taken(
    small: Texts, file: str, old: str, kept: str, value: str
) -> None:
    assert_refused(changed(small, file, (old, f"{kept}§{value}")), "mapping")


@pytest.mark.parametrize("value", ["3", "yes", "word", "[a]", "null"])
def test_a_fact_is_a_mapping(small: Texts, value: str) -> None:
    small[FACTS] = f"person:\n  - §{value}\n"
    assert_refused(small, "mapping")


@pytest.mark.parametrize("value", ["bool", "3", "yes", "[flag]", "null", "Flag"])
def test_a_fact_has_one_of_three_types(small: Texts, value: str) -> None:
    assert_refused(
        changed(small, FACTS, ("type: flag\n    title: Sciatica", f"type: §{value}\n    title: Sciatica")), "`choice`"
    )


@pytest.mark.parametrize(
    "value",
    ["hamstrings", "All", "3", "no", "[hamstrings]", "{}", "null", "{targets: §hamstrings}", "{targets: §null}"],
)
@pytest.mark.parametrize(
    ("file", "old", "key"),
    [(AVOID, "applies_to: {targets: [hamstrings]}", "applies_to"), (PAIN, "effect: avoid", "tried")],
)
def test_a_selector_is_a_word_or_a_mapping_of_lists(small: Texts, file: str, old: str, key: str, value: str) -> None:
    value = value if "§" in value else f"§{value}"
    kept = "" if key == "applies_to" else f"{old}\n"
    assert_refused(changed(small, file, (old, f"{kept}{key}: {value}")), "list" if "{targets" in value else "`all`")


@pytest.mark.parametrize(
    ("file", "old", "new", "near"),
    [
        (STRETCHES, "[flexion, extension]", "[§flexon, extension]", "flexion"),
        (STRETCHES, "[flexion, extension]", "[flexion, §Extension]", "extension"),
        (STATEMENTS, "[region]", "[§regions]", "region"),
        (AVOID, "effect: avoid", "effect: §avoidd", "avoid"),
        (AVOID, "effect: avoid", "effect: §'no'", "stop"),
        (AVOID, "effect: avoid", "effect: §no", "stop"),
        (AVOID, "effect: avoid", "effect: §3", "stop"),
        (AVOID, "effect: avoid", "effect: §[avoid]", "stop"),
        (AVOID, "effect: avoid", "effect: §null", "stop"),
        (AVOID, "status: reviewed", "status: §reviewd", "reviewed"),
        (AVOID, "{targets: [hamstrings]}", "{motions: [§rotations]}", "rotation"),
        (AVOID, "directive: care", "directive: §car", "care"),
        (AVOID, "directive: care", "directive: §allowed", "proceed"),
        (AVOID, "verdicts: {toe_reach: avoid}", "verdicts: {toe_reach: §avoids}", "avoid"),
        (AVOID, "verdicts: {toe_reach: avoid}", "verdicts: {toe_reach: §yes}", "undetermined"),
        (IN_PERSON, "about: stretch", "about: §strech", "stretch"),
        (SCENARIOS, "others: allowed", "others: §alowed", "allowed"),
    ],
)
def test_a_word_that_does_not_stand_there_is_an_error_and_the_legal_ones_are_named(
    small: Texts, file: str, old: str, new: str, near: str
) -> None:
    assert_refused(changed(small, file, (old, new)), f"`{near}`")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("{facts: §[sciatica]}", "`sciatica: yes`"),
        ("{facts: §sciatica}", "`sciatica: yes`"),
        ("{facts: {sciatica: §[yes]}}", "`sciatica`"),
        ("{facts: {sciatica: §{a: b}}}", "`sciatica`"),
        ("{trials: §cat_cow}", "stretch"),
        ("{trials: §{stretch: cat_cow}}", "stretch"),
        ("{trials: [§cat_cow]}", "`sciatica: yes`"),
        ("{trials: [§null]}", "`sciatica: yes`"),
        ("{trials: [{stretch: §3}]}", "`backscreen stretches`"),
        ("{trials: [{stretch: §yes}]}", "`backscreen stretches`"),
        ("{trials: [{stretch: §[cat_cow]}]}", "`stretch`"),
        ("{trials: [{felt: §{a: b}}]}", "`felt`"),
        ("{otherwise: §yes}", "`no`"),
        ("{otherwise: §maybe}", "`no`"),
        ("{otherwise: §0}", "`no`"),
        ("{otherwise: §[no]}", "`no`"),
        ("{§otherwhise: no}", "`otherwise`"),
    ],
)
def test_a_case_is_given_a_profile(small: Texts, given: str, word: str) -> None:
    assert_refused(changed(small, AVOID, ("given: {}", f"given: {given}")), word)


@pytest.mark.parametrize(
    "given",
    [
        "{facts: null, trials: null, otherwise: null}",
        "{facts: {}, trials: []}",
        "{facts: {sciatica: null}}",
        "{otherwise: no}",
    ],
)
def test_a_given_may_be_left_open_in_parts(small: Texts, given: str) -> None:
    load_texts(changed(small, AVOID, ("given: {}", f"given: {given}")))


# Everything at once


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_files_and_lines(small: Texts) -> None:
    small = changed(small, HEAD, ("version: 1.0.0", "version: §1"), ("year: 2020", "year: §'2020'"))
    small = changed(small, FACTS, ("unit: lb", "unit: §3"), ("id: early\n    type: flag", "id: early\n    type: §bool"))
    small = changed(small, STRETCHES, ("[lower_back]\n", "[§3]\n"), ("{hold_s: 30}", "{hold_s: §no, §hold: 3}"))
    assert_refused(small, "word", "`flag`", "word", "whole number", "word", "whole number", "`hold`")


def test_what_is_wrong_in_different_rules_is_said_at_once(small: Texts) -> None:
    small = changed(small, AVOID, ("reason: It pulls on the nerve.", "reason: §3"), ("fires: unknown", "fires: §maybe"))
    small = changed(small, CAUTION, ("at_least: 50", "§atleast: 50"), ("fires: yes", "fires: §'yes'"))
    small = changed(small, SCENARIOS, ("others: allowed", "others: §alowed"))
    assert_refused(small, "word", "`unknown`", "`at_least`", "`unknown`", "`allowed`")


def test_rules_are_not_blamed_for_what_is_wrong_in_the_facts(small: Texts) -> None:
    assert_refused(changed(small, FACTS, ("id: sciatica\n    type: flag", "id: sciatica\n    type: §bool")), "`flag`")


def test_what_is_no_rule_at_all_is_said_even_when_the_facts_are_wrong(small: Texts) -> None:
    small = changed(small, FACTS, ("unit: lb", "unit: §3"))
    small[PAIN] = "§- a list\n"
    small[BENEFIT] = "§"
    assert_refused(small, "mapping", "word", "mapping")


@pytest.mark.parametrize(
    ("file", "edit"),
    [
        (FACTS, ("unit: lb", "unit: §3")),
        (FACTS, ("at_most: 1000", "at_most: §-1")),
        (FACTS, ("id: sciatica\n    type: flag", "id: sciatica\n    type: §bool")),
        (FACTS, ("rests_on: [felt]", "rests_on: [§feld]")),
        (FACTS, ("groups:\n", "§group: []\ngroups:\n")),
        (FACTS, ("groups:\n", "groups: §!x\n")),
        (STATEMENTS, ("says: Sciatica rules hamstring stretches out.", "says: §3")),
        (STATEMENTS, ("becomes: [background]", "becomes: §[]")),
        (STATEMENTS, ("- id: A1\n", "- §[] \n- id: A1\n")),
        (STRETCHES, ("hold_s: 30", "hold_s: §x")),
        (STRETCHES, ("name: the neck}", "name: the neck, §x: y}")),
        (STRETCHES, ("{id: legs, name: legs}", "{id: legs, name: §3}")),
        (HEAD, ("version: 1.0.0", "version: §1")),
        (HEAD, ("version: 1.0.0", "version: §'1'")),
        (HEAD, ("{id: B, title: Second document", "{id: B, §titel: x, title: Second document")),
    ],
)
def test_what_is_wrong_in_one_part_is_said_along_with_what_is_wrong_in_the_rules_and_of_it_alone(
    small: Texts, file: str, edit: tuple[str, str]
) -> None:
    small = changed(small, file, edit)
    small = changed(small, AVOID, ("effect: avoid", "effect: §avoidd"))
    small = changed(small, CAUTION, ("id: weight", "id: §Weight"))
    small = changed(small, BENEFIT, ("effect: recommend", "effect: recommend\nstatus: §reviewd"))
    assert_refused(small, "")


def test_names_that_lead_nowhere_are_found_beside_entries_that_cannot_be_read(small: Texts) -> None:
    small = changed(small, STATEMENTS, ("says: Sciatica rules hamstring stretches out.", "says: §3"))
    small = changed(small, STRETCHES, ("hold_s: 30", "hold_s: §x"))
    small = changed(small, FACTS, ("unit: lb", "unit: §3"))
    small = changed(small, CAUTION, ("statements: [B1]", "statements: [B1, §A9]"))
    small = changed(small, AVOID, ("{targets: [hamstrings]}", "{targets: [§hamstring]}"))
    small = changed(small, PAIN, ("stretch: cat_cow, felt", "stretch: cat_cow, §feld"))
    small = changed(small, IN_PERSON, ("when: {}", "when: {§siatica: yes}"))
    small = changed(small, BENEFIT, ("{stretches: [cat_cow]}", "{stretches: [§cat_cows, toe_reach]}"))
    assert_refused(small, "`sciatica`", "`cat_cow`", "`hamstrings`", "word", "`felt`", "`A9`", "word", "whole number")


def test_a_scenario_may_name_a_rule_that_cannot_be_read(small: Texts) -> None:
    small = changed(small, BENEFIT, ("effect: recommend", "effect: §recomend"))
    assert_refused(
        changed(small, SCENARIOS, ("silent: [numbness]", "silent: [numbness, §nubness]")), "`recommend`", "`numbness`"
    )


def test_unreadable_texts_are_said_along_with_the_rest(small: Texts) -> None:
    small[PAIN] += "§id: pain\n"
    small[CAUTION] = "id: §*weight\n"
    small = changed(small, FACTS, ("unit: lb", "unit: §3"))
    assert_refused(small, "word", "`id`", "`*weight`")


def test_a_missing_part_is_an_error(small: Texts) -> None:
    for part in (HEAD, FACTS, STRETCHES, STATEMENTS):
        diagnostics = diagnostics_of({file: text for file, text in small.items() if file != part})
        assert [(diagnostic.location, diagnostic.message.split("`")[1]) for diagnostic in diagnostics] == [
            ("rulebook", part)
        ]


def test_an_unreadable_part_is_not_called_missing(small: Texts) -> None:
    small[STATEMENTS] = "§&a []"
    assert_refused(small, "`&a`")


def test_no_texts_are_no_rulebook() -> None:
    assert [diagnostic.message.split("`")[1] for diagnostic in diagnostics_of({})] == [
        HEAD,
        FACTS,
        STRETCHES,
        STATEMENTS,
    ]


@pytest.mark.parametrize("part", [HEAD, FACTS, STRETCHES, STATEMENTS, SCENARIOS, PAIN])
def test_an_empty_file_is_an_error(small: Texts, part: str) -> None:
    small[part] = "§"
    assert_refused(small, "empty")


def test_a_rulebook_without_scenarios_trials_groups_or_rules_loads(small: Texts) -> None:
    texts = {file: text for file, text in small.items() if file in (HEAD, STRETCHES, STATEMENTS)}
    book = load_texts(texts | {FACTS: "{}\n"})
    assert (book.person_facts, book.trial_facts, book.groups, book.rules, book.scenarios) == ((), (), (), (), ())


def test_a_fault_of_ours_is_not_blamed_on_a_file() -> None:
    @frozen
    class Weighed:
        kg: float

    with pytest.raises(ValueError, match="could not convert"):
        structured(converter(), {"kg": "heavy"}, Weighed)


# Folders


def refused(folder: Path) -> list[tuple[str | None, str]]:
    with pytest.raises(RulebookError) as caught:
        load_folder(folder)
    return [
        (diagnostic.location, f"{diagnostic.message} ({diagnostic.help})") for diagnostic in caught.value.diagnostics
    ]


def test_a_folder_is_the_same_rulebook_as_its_texts(small: Texts, folder: Folder) -> None:
    path = folder(small)
    assert load_folder(path, scenarios=True) == load_texts(small)
    assert load_rulebooks(path).books == (load_folder(path),)


def test_scenarios_are_read_only_where_they_are_asked_for(small: Texts, folder: Folder) -> None:
    small[SCENARIOS] = "nonsense"
    path = folder(small)
    assert load_rulebooks(path).books[0].scenarios == ()
    with pytest.raises(RulebookError):
        load_rulebooks(path, tests=True)


def test_positions_in_a_folder_begin_with_its_path(small: Texts, folder: Folder) -> None:
    path = folder(changed(small, AVOID, ("effect: avoid", "effect: avoidd")))
    assert [where for where, _ in refused(path)] == [f"{path}/{AVOID}:5:9"]


@pytest.mark.parametrize("stray", ["extra.yaml", "hamstrings.yaml", "theorem.yaml", ".facts.yaml", "facts.yaml.yaml"])
def test_a_file_that_does_not_belong_at_the_top_is_an_error(small: Texts, folder: Folder, stray: str) -> None:
    path = folder(small | {stray: small[AVOID]})
    assert [where for where, _ in refused(path)] == [f"{path}/{stray}"]


def test_a_stray_file_that_is_nearly_named_like_a_part_is_told_the_parts_name(small: Texts, folder: Folder) -> None:
    small["statement.yaml"] = small.pop(STATEMENTS)
    path = folder(small)
    (missing_where, missing), (stray_where, stray) = refused(path)
    assert (missing_where, stray_where) == (str(path), f"{path}/statement.yaml")
    assert "`statements.yaml`" in missing
    assert "`statements.yaml`" in stray


@pytest.mark.parametrize("file", ["precautions/more.yml", "scenarios.yml", "deep/er/x.yml"])
def test_a_file_that_ends_in_yml_is_an_error(small: Texts, folder: Folder, file: str) -> None:
    path = folder(small | {file: "id: more\n"})
    assert [where for where, _ in refused(path)] == [f"{path}/{file}"]


def test_files_that_are_no_yaml_do_not_matter(small: Texts, folder: Folder) -> None:
    assert load_folder(folder(small | {"README.md": "[", "precautions/notes.md": "["})).id == "small"


def test_a_rule_may_lie_in_a_folder_within_a_folder(small: Texts, folder: Folder) -> None:
    small["precautions/of/weight.yaml"] = small.pop(CAUTION)
    assert len(load_folder(folder(small)).rules) == len(load_texts(small).rules) == 6


def test_a_file_in_the_folder_that_cannot_be_read_is_an_error(small: Texts, folder: Folder) -> None:
    path = folder(small)
    (path / STATEMENTS).unlink()
    (path / STATEMENTS).symlink_to(path / STATEMENTS)
    (path / PAIN).write_bytes(b"\xff")
    assert [where for where, _ in refused(path)] == [f"{path}/{PAIN}", f"{path}/{STATEMENTS}"]


def test_a_folder_that_is_not_there_and_a_file_are_no_rulebook(tmp_path: Path) -> None:
    path = tmp_path / "rulebook.yaml"
    path.touch()
    for nowhere in (path, tmp_path / "none"):
        assert [where for where, _ in refused(nowhere)] == [str(nowhere)]


def test_a_folder_without_any_part_of_a_rulebook_holds_none(tmp_path: Path, folder: Folder, small: Texts) -> None:
    assert [where for where, _ in refused(tmp_path)] == [str(tmp_path)]
    mine = folder(small)
    with pytest.raises(RulebookError) as caught:
        load_folder(mine.parent)
    assert f"did you mean `{mine}`?" in str(caught.value)


# Several rulebooks, and those that are bundled


def test_an_unknown_bundled_rulebook_is_an_error_with_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lower-bak").mkdir()  # a folder is named by a Path, never by a word
    with pytest.raises(RulebookError) as caught:
        load_rulebooks("lower-bak")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.name, diagnostic.legal) == ("lower-bak", bundled_rulebooks())
    assert "`lower-back`" in (diagnostic.help or "")


@pytest.mark.parametrize("name", ["", "..", "../rules/lower-back", "__pycache__", "lower-back/"])
def test_what_is_no_id_of_a_bundled_rulebook_is_not_looked_for_on_disk(name: str) -> None:
    with pytest.raises(RulebookError):
        load_rulebooks(name)


def test_no_rulebook_at_all_is_an_error() -> None:
    with pytest.raises(RulebookError):
        load_rulebooks([])


def test_a_rulebook_given_twice_is_an_error() -> None:
    with pytest.raises(RulebookError) as caught:
        load_rulebooks(["lower-back", "lower-back"])
    assert [diagnostic.name for diagnostic in caught.value.diagnostics] == ["lower-back"]


def test_a_rulebook_of_ones_own_is_read_with_a_bundled_one(small: Texts, folder: Folder) -> None:
    small[FACTS] = (
        small[FACTS].replace("sciatica", "siatica").replace("id: felt\n", "id: sensed\n").replace("[felt]", "[sensed]")
    )
    small[STRETCHES] = small[STRETCHES].replace("cat_cow", "cat")
    del small[PAIN], small[AVOID], small[BENEFIT], small[SCENARIOS]
    path = folder(small)
    both = load_rulebooks(["lower-back", path])
    assert [book.id for book in both.books] == ["lower-back", "small"]
    assert {"sciatica", "siatica"} < set(both.person_facts)


# The digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (AVOID, "id: hamstrings\n", "# a comment\nid: hamstrings   # another\n\n"),
        (AVOID, "when: {sciatica: yes}", "when:\n  sciatica: true"),
        (AVOID, "effect: avoid\nreason: It pulls on the nerve.\n", 'reason: "It pulls on the nerve."\neffect: avoid\n'),
        (SCENARIOS, "a person with sciatica", "somebody with sciatica"),
        (AVOID, "name: nobody has asked", "name: nobody asked"),
    ],
)
def test_comments_layout_cases_and_scenarios_leave_the_digest_as_it_is(
    small: Texts, file: str, old: str, new: str
) -> None:
    assert load_texts(changed(small, file, (old, new))).digest == load_texts(small).digest


def test_the_order_of_files_leaves_the_digest_as_it_is(small: Texts) -> None:
    assert load_texts(dict(reversed(small.items()))).digest == load_texts(small).digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (HEAD, "1.0.0", "1.0.1"),
        (FACTS, "at_most: 1000", "at_most: 1001"),
        (STRETCHES, "{hold_s: 30}", "{hold_s: 31}"),
        (STATEMENTS, "where: page 1", "where: page 3"),
        (AVOID, "reason: It pulls on the nerve.", "reason: It pulls on a nerve."),
        (CAUTION, "at_least: 50", "at_least: 51"),
        (STRETCHES, "motions: [flexion, extension]", "motions: [extension, flexion]"),
    ],
)
def test_what_a_rulebook_says_changes_the_digest(small: Texts, file: str, old: str, new: str) -> None:
    digest = load_texts(changed(small, file, (old, new))).digest
    assert digest != load_texts(small).digest
    assert digest.startswith("sha256:")
    assert len(digest) == len("sha256:") + 64


# The shipped rulebook


def test_the_shipped_rulebooks_load_whole() -> None:
    knowledge_base = load_rulebooks(tests=True)
    signs, book = knowledge_base.books
    assert bundled_rulebooks() == ("lower-back", "red-flags")
    assert (len(book.stretches), len(book.statements), len(book.rules)) == (20, 76, 43)
    assert (len(signs.person_facts), len(signs.statements), len(signs.rules)) == (30, 70, 33)
    assert [signs, book] == [load_rulebooks(name, tests=True).books[0] for name in ("red-flags", "lower-back")]
    assert knowledge_base.looks_for_warning_signs
    assert not load_rulebooks("lower-back").looks_for_warning_signs


def test_the_cases_of_a_bundled_rulebook_are_read_only_for_tests(folder: Folder, small: Texts) -> None:
    assert {rule.cases for rule in load_rulebooks("lower-back").books[0].rules} == {()}
    assert all(rule.cases for rule in load_rulebooks("lower-back", tests=True).books[0].rules)
    assert load_rulebooks("lower-back").digest == load_rulebooks("lower-back", tests=True).digest
    assert any(rule.cases for rule in load_rulebooks(folder(small)).books[0].rules)


def test_a_copy_of_the_shipped_rulebook_is_the_same_rulebook(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "rules" / "lower-back"
    shutil.copytree(shipped, tmp_path / "lower-back")
    assert load_rulebooks(tmp_path / "lower-back", tests=True) == load_rulebooks("lower-back", tests=True)


def test_positions_in_a_bundled_rulebook_begin_with_rules() -> None:
    (book,) = load_rulebooks("lower-back").books
    assert all(rule.at.startswith("rules/lower-back/") for rule in book.rules)


def test_what_is_wrong_in_one_file_keeps_no_other_from_being_looked_through(small: Texts) -> None:
    """What is declared wrongly is blamed once, where it stands, and so is all that is wrong elsewhere."""
    texts = changed(small, FACTS, ("unit: lb", "unit: §3"))
    texts = changed(texts, STRETCHES, ("motions: [none]", "motions: [§nonee]"))
    texts = changed(texts, HEAD, ("version: 1.0.0", "version: §one"))
    texts = changed(texts, STATEMENTS, ("- id: B2\n  document: B\n", "- id: B2\n  document: §Z\n"))
    texts = changed(texts, CAUTION, ("statements: [", "statements: [§Z9, "))
    texts[PAIN] = small[PAIN] + "§id: pain\n"
    clean, places = unmarked(texts)
    assert sorted(str(diagnostic.location) for diagnostic in diagnostics_of(clean)) == sorted(places)


@pytest.mark.parametrize(
    ("file", "old", "new", "most"),
    [
        (STRETCHES, "name: Cat-cow", "name: §", LINE),
        (STRETCHES, "- Round your back.", "- §", SENTENCES),
        (FACTS, "question: Do you have sciatica?", "question: §", SENTENCES),
        (HEAD, "summary: For tests.", "summary: §", PARAGRAPH),
        (STATEMENTS, "id: A3", "id: §", ID),
    ],
)
def test_text_length_is_bounded(small: Texts, file: str, old: str, new: str, most: int) -> None:
    """A text of the greatest length is read; one character more is refused at its place."""
    load_texts(changed(small, file, (old, new.replace("§", "x" * most))))
    texts, places = unmarked(changed(small, file, (old, new.replace("§", "§" + "x" * (most + 1)))))
    assert [(diagnostic.code, diagnostic.location) for diagnostic in diagnostics_of(texts)] == [("too-long", places[0])]


def test_texts_are_all_that_is_not_named() -> None:
    """Every key that takes words takes a sentence or a name; a new one is put on one of the two lists."""
    names = {
        "id",
        "version",
        "language",
        "url",
        "retired_ids",
        "group",
        "rests_on",
        "system",
        "code",
        "unit",
        "no",
        "variation_of",
        "document",
    }
    names |= {"regions", "targets", "motions", "stretches", "statements", "disagree_with", "becomes", "type"}
    assert not names & TEXTS
    assert set(_keys_of_words(Head, Facts, Catalogue, Statement, Rule)) <= names | TEXTS | NO_TEXTS | {
        "at",
        "cases",
        "applies_to",
        "tried",
        "dose",
    }


def _keys_of_words(*kinds: Any) -> Iterator[str]:
    for kind in kinds:
        if isinstance(kind, type) and attrs.has(kind):
            attrs.resolve_types(kind)
            for field in attrs.fields(kind):
                if "str" in str(field.type):
                    yield field.name
                if field.name not in NO_TEXTS:
                    yield from _keys_of_words(field.type)
        else:
            yield from _keys_of_words(*get_args(kind))


@pytest.mark.parametrize("step", ["Lift: slowly", "{Lift: slowly}"])
def test_mapping_in_place_of_a_text_is_told_to_be_quoted(small: Texts, step: str) -> None:
    """A step with a colon in it, which YAML takes for a mapping, gets the help to put it in quotes."""
    small[STRETCHES] = small[STRETCHES].replace("    steps:\n", f"    steps:\n      - {step}\n", 1)
    with pytest.raises(RulebookError) as caught:
        load_texts(small)
    assert any(
        diagnostic.code == "not-a-word" and "quotes" in (diagnostic.help or "")
        for diagnostic in caught.value.diagnostics
    )


@pytest.mark.parametrize(
    ("line", "suggested"),
    [
        ("reviewed_by: Dr A.", None),
        ("reviewed_by: 2028-11-20", "review_by"),
        ("statment: [A1]", "statements"),
        ("statment: A1", None),
        ("reasn: 3", None),
        ("reasn: It hurts.", "reason"),
        ("efect: cautoin", "effect"),
    ],
)
def test_suggested_key_takes_a_value_of_this_type(small: Texts, line: str, suggested: str | None) -> None:
    """The help for an unknown key names the nearest key only if that takes a value of the written type."""
    (diagnostic,) = (
        diagnostic
        for diagnostic in diagnostics_of({**small, AVOID: f"{small[AVOID]}{line}\n"})
        if diagnostic.code == "unknown-key"
    )
    assert (diagnostic.help or "").startswith(f"did you mean `{suggested}`?" if suggested else "expected")
