"""What one part of a rulebook says of another: names lead somewhere, ids are given once, rules make sense."""

from __future__ import annotations

import pytest

from backscreen.loading.rulebook_files import load_texts
from backscreen.model.rules import Rule
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
    STOP,
    STRETCHES,
    Texts,
)


def loaded(texts: Texts, rule: str) -> Rule:
    return next(one for one in load_texts(texts).rules if one.id == rule)


# Names that lead nowhere


@pytest.mark.parametrize(
    ("file", "old", "new", "near"),
    [
        (FACTS, "group: cause", "group: §causes", "cause"),
        (FACTS, "rests_on: [felt]", "rests_on: [§feld]", "felt"),
        (STATEMENTS, "document: A\n  where: paragraph 1", "document: §AA\n  where: paragraph 1", "A"),
        (STRETCHES, "statements: [A4]", "statements: [§A44]", "A4"),
        (STRETCHES, "regions: [legs, lower_back]", "regions: [legs, §lower_bak]", "lower_back"),
        (STRETCHES, "targets: [hamstrings, spine]", "targets: [§hamstring, spine]", "hamstrings"),
        (STRETCHES, "dose: {hold_s: 30}\n    statements: [A2]", "dose: {hold_s: 30}\n    statements: [§A22]", "A2"),
        (STRETCHES, "variation_of: toe_reach", "variation_of: §toe_rech", "toe_reach"),
        (AVOID, "statements: [A1]", "statements: [§A11]", "A1"),
        (AVOID, "disagree_with: [B2]", "disagree_with: [B1, §B22]", "B2"),
        (AVOID, "{targets: [hamstrings]}", "{targets: [hamstrings, §nek]}", "neck"),
        (AVOID, "{targets: [hamstrings]}", "{regions: [§leg]}", "legs"),
        (AVOID, "{targets: [hamstrings]}", "{stretches: [§catcow]}", "cat_cow"),
        (AVOID, "when: {sciatica", "when: {§siatica", "sciatica"),
        (AVOID, "given: {facts: {sciatica: yes}}", "given: {facts: {§siatica: yes}}", "sciatica"),
        (AVOID, "verdicts: {toe_reach: avoid}", "verdicts: {§toereach: avoid}", "toe_reach"),
        (PAIN, "effect: avoid", "tried: {targets: [§spin]}\neffect: avoid", "spine"),
        (PAIN, "effect: avoid", "tried: {regions: [§legss]}\neffect: avoid", "legs"),
        (PAIN, "effect: avoid", "tried: {stretches: [toe_reach, §cat_kow]}\neffect: avoid", "cat_cow"),
        (PAIN, "stretch: cat_cow, felt: pain", "stretch: §cat_caw, felt: pain", "cat_cow"),
        (PAIN, "stretch: cat_cow, felt: pain", "stretch: cat_cow, §felled: pain", "felt"),
        (SCENARIOS, "facts: {sciatica: yes", "facts: {§siatica: yes", "sciatica"),
        (SCENARIOS, "felt: nothing", "felt: §nothin", "nothing"),
        (SCENARIOS, "verdicts: {toe_reach", "verdicts: {§toe_reech", "toe_reach"),
        (SCENARIOS, "recommended: [cat_cow]", "recommended: [§cat_cows]", "cat_cow"),
        (SCENARIOS, "unneeded: []", "unneeded: [§cat_cows]", "cat_cow"),
        (SCENARIOS, "fires: [sitting]", "fires: [§siting]", "sitting"),
        (SCENARIOS, "may_fire: []", "may_fire: [§weigth]", "weight"),
        (SCENARIOS, "silent: [numbness]", "silent: [numbness, §weigth]", "weight"),
        (SCENARIOS, "unanswered: []", "unanswered: [§numness]", "numbness"),
        (SCENARIOS, "instead: {toe_reach: [cat_cow]}", "instead: {§toe_reech: [cat_cow]}", "toe_reach"),
        (SCENARIOS, "instead: {toe_reach: [cat_cow]}", "instead: {toe_reach: [§cat_cows]}", "cat_cow"),
    ],
)
def test_a_name_that_leads_nowhere_is_an_error_with_the_nearest_one(
    small: Texts, file: str, old: str, new: str, near: str
) -> None:
    assert_refused(changed(small, file, (old, new)), f"did you mean `{near}`?")


@pytest.mark.parametrize(
    ("file", "old", "new", "name"),
    [
        (FACTS, "rests_on: [felt]", "rests_on: [felt, §early]", "early"),
        (FACTS, "rests_on: [felt]", "rests_on: [§sciatica]", "sciatica"),
        (FACTS, "group: cause", "group: cause\n    rests_on: [§felt]", "felt"),
        (AVOID, "{targets: [hamstrings]}", "{targets: [§legs]}", "legs"),
        (AVOID, "given: {}", "given: {facts: {§felt: pain}}", "felt"),
        (PAIN, "stretch: cat_cow, felt: pain", "§sciatica: yes", "sciatica"),
        (SCENARIOS, "unanswered: []", "unanswered: [§felt]", "felt"),
        (SCENARIOS, "fires: [sitting]", "fires: [§cat_cow]", "cat_cow"),
    ],
)
def test_a_name_of_another_kind_leads_nowhere(small: Texts, file: str, old: str, new: str, name: str) -> None:
    assert_refused(changed(small, file, (old, new)), f"`{name}`")


def test_in_a_section_that_is_left_away_there_is_nothing_to_name(small: Texts) -> None:
    small[FACTS] = small[FACTS].partition("trial:\n")[0]
    del small[SCENARIOS]
    assert_refused(
        changed(small, PAIN, ("{trial.felt", "{§trial.felt"), ("cat_cow, felt", "cat_cow, §felt")),
        "`trial.felt`",
        "`felt`",
    )
    small[STRETCHES] = small[STRETCHES].partition("stretches:\n")[0]
    del small[PAIN], small[AVOID], small[CAUTION]
    small = changed(small, IN_PERSON, ("[far_toe_reach]", "[§far_toe_reach]"))
    assert_refused(changed(small, BENEFIT, ("[cat_cow]", "[§cat_cow]")), "stretch")


def test_a_place_in_a_trial_may_be_unanswered(small: Texts) -> None:
    book = load_texts(
        changed(small, SCENARIOS, ("unanswered: []", "unanswered: [sciatica, 'trials[0].felt', 'trials[1].stretch']"))
    )
    assert book.scenarios[0].expect.unanswered == ("sciatica", "trials[0].felt", "trials[1].stretch")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (AVOID, "given: {facts: {sciatica: yes}}", "given: {facts: {sciatica: §'yes'}}"),
        (AVOID, "given: {facts: {sciatica: yes}}", "given: {facts: {sciatica: §1}}"),
        (CAUTION, "facts: {excess_lb: 50}", "facts: {excess_lb: §-1}"),
        (CAUTION, "facts: {excess_lb: 50}", "facts: {excess_lb: §1001}"),
        (CAUTION, "facts: {excess_lb: 50}", "facts: {excess_lb: §'50'}"),
        (CAUTION, "facts: {excess_lb: 50}", "facts: {excess_lb: §50 stone}"),
        (PAIN, "stretch: cat_cow, felt: pain", "felt: §yes"),
        (SCENARIOS, "felt: nothing", "felt: nothing, lasted_min: §601"),
    ],
)
def test_a_wrong_answer_in_a_case_or_a_scenario_is_an_error_where_the_answer_stands(
    small: Texts, file: str, old: str, new: str
) -> None:
    assert_refused(changed(small, file, (old, new)), "expected")


# Ids


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            FACTS,
            "{id: cause, question: What brought the pain on?}",
            "{id: cause, question: What?}\n  - {id: §cause, question: When?}",
        ),
        (FACTS, "- id: numbness", "- id: §sciatica"),
        (FACTS, "id: lasted_min", "id: §felt"),
        (FACTS, "{id: heavy", "{id: §slight"),
        (HEAD, "{id: B, title: Second document", "{id: §A, title: Third document}\n  - {id: B, title: Second document"),
        (STATEMENTS, "- id: B2", "- id: §B1"),
        (STRETCHES, "{id: legs, name: legs}", "{id: legs, name: legs}\n  - {id: §lower_back, name: the lower back}"),
        (STRETCHES, "{id: neck", "{id: §spine"),
    ],
)
def test_an_id_that_is_given_twice_is_an_error_at_the_second(small: Texts, file: str, old: str, new: str) -> None:
    small = changed(small, AVOID, ("disagree_with: [B2]\n", ""))
    small[IN_PERSON] = small[IN_PERSON].replace("far_toe_reach", "toe_reach")
    small = {
        file: text for file, text in small.items() if file not in (STOP, SCENARIOS)
    }  # so that nobody misses what is renamed
    assert_refused(changed(small, file, (old, new)), "duplicate")


def test_a_stretch_that_is_written_twice_is_an_error_at_the_second(small: Texts) -> None:
    small[STRETCHES] += small[STRETCHES][small[STRETCHES].index("  - id: far_toe_reach") :].replace(
        "id: far", "id: §far"
    )
    assert_refused(small, "`far_toe_reach`")


def test_a_fact_of_the_person_and_one_of_a_trial_may_have_one_id(small: Texts) -> None:
    book = load_texts(changed(small, FACTS, ("id: lasted_min", "id: sciatica")))
    assert [fact.id for fact in (*book.person_facts, *book.trial_facts)].count("sciatica") == 2


@pytest.mark.parametrize(
    ("file", "old", "name"),
    [
        *(
            (STRETCHES, "{id: neck", name)
            for name in ("Sciatica", "sci-atica", "1st", "_x", "sci atica", "sciätica", "x.y", "trial.x")
        ),
        (STRETCHES, "{id: legs", "Legs"),
        (FACTS, "- {id: cause, question: What brought the pain on?}", "Cause"),
        (FACTS, "id: lasted_min", "lasted-min"),
        (STRETCHES, "id: far_toe_reach", "Far"),
        (FACTS, "- {id: heavy", "very heavy"),
    ],
)
def test_an_id_of_the_catalogue_or_of_a_fact_is_small_letters_digits_and_underlines(
    small: Texts, file: str, old: str, name: str
) -> None:
    small = changed(small, FACTS, ("    group: cause\n", ""))
    small[STRETCHES] = small[STRETCHES].replace("[legs, lower_back]", "[lower_back]").replace("[legs]", "[lower_back]")
    del small[IN_PERSON], small[SCENARIOS]
    head, _, rest = old.partition("id: ")
    end = rest[len(rest.split(",")[0]) :]
    assert_refused(changed(small, file, (old, f"{head}id: §{name}{end}")), f"`{name[:60]}`")


@pytest.mark.parametrize(
    ("old", "name"),
    [
        ("id: build", "any"),
        ("id: build", "all"),
        ("id: build", "not"),
        ("id: build", "none"),
        ("id: build", "trial"),
        ("id: lasted_min", "stretch"),
    ],
)
def test_a_fact_may_not_be_named_like_a_word_of_the_format(small: Texts, old: str, name: str) -> None:
    assert_refused(changed(small, FACTS, (old, f"id: §{name}")), f"`{name}`")


@pytest.mark.parametrize("name", ["Small", "small_er", "-small", "small-", "sm--all", "1small", "sm all"])
def test_an_id_of_a_rulebook_is_small_letters_digits_and_hyphens(small: Texts, name: str) -> None:
    assert_refused(changed(small, HEAD, ("id: small", f"id: §{name}")), f"`{name}`")


@pytest.mark.parametrize("name", ["Weight", "weight_", "-weight", "much weight"])
def test_an_id_of_a_rule_is_small_letters_digits_and_hyphens(small: Texts, name: str) -> None:
    assert_refused(changed(small, CAUTION, ("id: weight", f"id: §{name}")), f"`{name}`")


@pytest.mark.parametrize("name", ["a-1", "1a", "a_1", "ä", "A 1"])
@pytest.mark.parametrize(("file", "old"), [(STATEMENTS, "- id: A3"), (HEAD, "- {id: C")])
def test_an_id_of_a_document_or_a_statement_is_letters_and_digits(small: Texts, file: str, old: str, name: str) -> None:
    small[HEAD] += "  - {id: C, title: Third document}\n"
    kept = old.partition(": ")[0]
    assert_refused(changed(small, file, (old, f"{kept}: §{name}")), f"`{name}`")


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0.0", "01.0.0", "1.0.x", "latest", "1.0.0-", "1.0.0 "])
def test_a_version_is_semantic(small: Texts, version: str) -> None:
    assert_refused(changed(small, HEAD, ("version: 1.0.0", f"version: §'{version}'")), f"`{version}`")


@pytest.mark.parametrize("version", ["0.0.1", "10.20.30", "1.0.0-rc.1", "1.0.0+build.5", "1.0.0-rc.1+5"])
def test_semantic_versions_are_taken(small: Texts, version: str) -> None:
    assert load_texts(changed(small, HEAD, ("version: 1.0.0", f"version: {version}"))).version == version


# Files of rules


def test_a_file_is_named_after_its_rule(small: Texts) -> None:
    small["precautions/heavy.yaml"] = small.pop(CAUTION).replace("id: weight", "id: §weight")
    assert_refused(small, "`weight.yaml`")


def test_a_rule_that_is_declared_twice_is_an_error_with_the_other_file(small: Texts) -> None:
    small["precautions/hamstrings.yaml"] = small[AVOID].replace("id: hamstrings", "id: §hamstrings")
    assert_refused(small, AVOID)


def test_a_rule_in_a_folder_within_a_folder_is_refused_where_it_stands(small: Texts) -> None:
    small["precautions/of/weight.yaml"] = small.pop(CAUTION).replace("statements: [B1]", "statements: [§B11]")
    assert_refused(small, "`B1`")


# Facts


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at_most: 1000", "at_most: §0"),
        ("at_most: 1000", "at_most: §-1"),
        ("at_least: 0\n    at_most: 1000", "at_least: 0\n    at_most: §1000000000000001"),
        ("at_least: 0\n    at_most: 1000", "at_least: -1000000000000001\n    at_most: §1000"),
        ("no: 0\n", "no: §-1\n"),
        ("no: 0\n", "no: §1001\n"),
        ("{unit: kg, times: 100000000,", "§{unit: kg, times: 0,"),
        ("over: 45359237}", "over: 45359237}\n      - §{unit: stone, times: 14, over: -1}"),
        ("{unit: kg, times: 100000000, over: 45359237}", "§{unit: kg, times: 1, over: 0}"),
    ],
)
def test_the_bounds_of_a_number_are_in_order_and_hold_its_no(small: Texts, old: str, new: str) -> None:
    assert_refused(changed(small, FACTS, (old, new)), "`")


@pytest.mark.parametrize("no", ["0", "1000"])
def test_the_no_of_a_number_may_be_one_of_its_bounds(small: Texts, no: str) -> None:
    load_texts(changed(small, FACTS, ("no: 0\n", f"no: {no}\n")))


def test_bounds_may_lie_as_far_from_0_as_10_to_the_15th_and_units_be_one_to_one(small: Texts) -> None:
    edits = (
        ("at_least: 0\n    at_most: 1000", "at_least: -1000000000000000\n    at_most: 1000000000000000"),
        ("times: 100000000, over: 45359237", "times: 1, over: 1"),
    )
    assert load_texts(changed(small, FACTS, *edits)).person_facts[3].no == 0


def test_a_choice_has_at_least_two_options(small: Texts) -> None:
    small = changed(
        small,
        FACTS,
        ("options:\n      - {id: slight, means: slightly}\n", "options:\n      "),
        ("      - {id: heavy, means: heavily}\n", ""),
    )
    assert_refused(changed(small, FACTS, ("- {id: medium", "§- {id: medium")), "two")


@pytest.mark.parametrize("name", ["yes", "no", "true", "false", "null"])
def test_an_option_is_not_named_like_what_means_something_else_in_an_answer(small: Texts, name: str) -> None:
    assert_refused(changed(small, FACTS, ("{id: heavy", f"{{id: §'{name}'")), f"`{name}`")


@pytest.mark.parametrize("unit", ["lb", "kg/m", "k g", "kg2", "°"])
def test_another_unit_is_made_of_letters_and_given_once(small: Texts, unit: str) -> None:
    assert_refused(changed(small, FACTS, ("{unit: kg", f"{{unit: §{unit}")), f"`{unit}`")
    more = f"over: 45359237}}\n      - {{unit: §{'kg' if unit == 'lb' else unit}, times: 14, over: 1}}"
    assert_refused(changed(small, FACTS, ("over: 45359237}", more)), "unit")


def test_the_no_of_a_choice_is_one_of_its_options(small: Texts) -> None:
    assert_refused(changed(small, FACTS, ("no: medium", "no: §medum")), "`medium`")
    load_texts(changed(small, FACTS, ("    no: medium\n", "")))


# Statements


@pytest.mark.parametrize(("old", "new"), [("[advice]", "[background]"), ("  advice: Breathe steadily.\n", "")])
def test_advice_is_written_exactly_where_a_statement_becomes_advice(small: Texts, old: str, new: str) -> None:
    assert_refused(changed(small, STATEMENTS, ("id: A3", "§id: A3"), (old, new)), "`advice`")


def test_a_statement_becomes_something(small: Texts) -> None:
    assert_refused(changed(small, STATEMENTS, ("becomes: [background]", "becomes: §[]")), "`[background]`")


def test_a_statement_may_become_several_things(small: Texts) -> None:
    book = load_texts(changed(small, STATEMENTS, ("becomes: [advice]", "becomes: [rule, advice]")))
    assert [kind.value for kind in book.statements[2].becomes] == ["rule", "advice"]


# Stretches


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("regions: [legs]", "regions: §[]", "regions"),
        ("targets: [hamstrings]\n", "targets: §[]\n", "targets"),
        ("motions: [none]", "motions: §[]", "motions"),
        ("steps:\n      - Reach past your toes.", "steps: §[]", "steps"),
        ("variation_of: toe_reach\n    statements: [A2]", "variation_of: toe_reach\n    statements: §[]", "statements"),
    ],
)
def test_a_stretch_has_at_least_one_of_each(small: Texts, old: str, new: str, name: str) -> None:
    small[STRETCHES] = (
        small[STRETCHES]
        .replace("[hamstrings, spine]", "[spine]")
        .replace("targets: [spine]\n    motions: [flexion]", "targets: [neck]\n    motions: [flexion]")
    )
    small = {file: text for file, text in small.items() if file not in (AVOID, SCENARIOS)}
    assert_refused(changed(small, STRETCHES, (old, new)), f"`{name}`")


def test_none_stands_beside_no_motion(small: Texts) -> None:
    assert_refused(changed(small, STRETCHES, ("motions: [none]", "motions: §[none, flexion]")), "`none`")


@pytest.mark.parametrize(
    "edits",
    [
        [("variation_of: toe_reach", "variation_of: §far_toe_reach")],
        [
            ("variation_of: toe_reach", "variation_of: §toe_reach"),
            ("position: hands and knees", "position: hands and knees\n    variation_of: §toe_reach"),
            ("dose: {hold_s: 30}", "dose: {hold_s: 30}\n    variation_of: §far_toe_reach"),
        ],
        [
            ("variation_of: toe_reach", "variation_of: §cat_cow"),
            ("position: hands and knees", "position: hands and knees\n    variation_of: §far_toe_reach"),
        ],
    ],
)
def test_variations_do_not_go_round_in_a_circle(small: Texts, edits: list[tuple[str, str]]) -> None:
    assert_refused(changed(small, STRETCHES, *edits), "circular")


def test_a_variation_may_vary_a_variation(small: Texts) -> None:
    book = load_texts(
        changed(
            small,
            STRETCHES,
            ("position: hands and knees", "position: hands and knees\n    variation_of: far_toe_reach"),
        )
    )
    assert [stretch.variation_of for stretch in book.stretches] == ["far_toe_reach", None, "toe_reach"]


@pytest.mark.parametrize(
    "dose",
    [
        "{hold_s: §0}",
        "{hold_s: 5, per_day: §0}",
        "{repetitions: §0, hold_s: §0}",
        "{hold_s: §-1}",
        "{hold_s: 5, hold_s_up_to: §5}",
        "{hold_s: 5, hold_s_up_to: §4}",
        "{hold_s_up_to: §5}",
        "{repetitions: §-3}",
        "{repetitions: 3, repetitions_up_to: §2}",
        "{repetitions_up_to: §2, per_day: §-1}",
    ],
)
def test_the_parts_of_a_dose_are_above_zero_and_spans_go_up(small: Texts, dose: str) -> None:
    assert_refused(changed(small, STRETCHES, ("dose: {hold_s: 30}", f"dose: {dose}")), "")


@pytest.mark.parametrize(
    ("dose", "shown"),
    [
        ("{}", ""),
        ("{per_side: no}", ""),
        ("{repetitions: 1}", "once"),
        ("{hold_s: 30, per_side: yes}", "hold 30 s, each side"),
        (
            "{hold_s: 5, hold_s_up_to: 10, repetitions: 2, repetitions_up_to: 3, per_day: 2}",
            "2–3 times, hold 5–10 s, 2 times a day",
        ),
        ("{repetitions: 1, repetitions_up_to: 2, per_day: 1}", "1–2 times"),
    ],
)
def test_a_dose_reads_as_people_say_it(small: Texts, dose: str, shown: str) -> None:
    book = load_texts(changed(small, STRETCHES, ("dose: {hold_s: 30}", f"dose: {dose}")))
    assert str(book.stretches[1].dose) == shown


# Lists


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (STRETCHES, "regions: [legs, lower_back]", "regions: [legs, lower_back, §legs]"),
        (STRETCHES, "targets: [hamstrings, spine]", "targets: [hamstrings, §hamstrings]"),
        (STRETCHES, "statements: [A4]", "statements: [A4, §A4]"),
        (AVOID, "statements: [A1]", "statements: [A1, §A1]"),
        (AVOID, "disagree_with: [B2]", "disagree_with: [B2, §B2]"),
        (AVOID, "{targets: [hamstrings]}", "{targets: [hamstrings, §hamstrings]}"),
        (SCENARIOS, "recommended: [cat_cow]", "recommended: [cat_cow, §cat_cow]"),
        (SCENARIOS, "fires: [sitting]", "fires: [sitting, §sitting]"),
    ],
)
def test_a_name_that_stands_twice_in_a_list_is_an_error_at_the_second(
    small: Texts, file: str, old: str, new: str
) -> None:
    assert_refused(changed(small, file, (old, new)), "duplicate")


# Rules


def test_a_rule_rests_on_a_statement(small: Texts) -> None:
    assert_refused(changed(small, AVOID, ("statements: [A1]", "statements: §[]")), "source")


def test_a_rule_does_not_disagree_with_what_it_rests_on(small: Texts) -> None:
    assert_refused(changed(small, AVOID, ("disagree_with: [B2]", "disagree_with: §[B2, A1]")), "`A1`")


@pytest.mark.parametrize(
    ("file", "edits"),
    [
        (AVOID, [("status: reviewed\n", "status: §draft\n")]),
        (AVOID, [("status: reviewed\n", "status: §retired\n")]),
        (AVOID, [("status: reviewed\n", "status: §reviewed\n"), ("reviewed_on: 2026-11-20\n", "")]),
        (CAUTION, [("id: weight", "§id: weight"), ("effect: caution", "reviewed_on: 2026-11-20\neffect: caution")]),
    ],
)
def test_the_day_of_the_review_is_given_exactly_where_a_rule_is_reviewed(
    small: Texts, file: str, edits: list[tuple[str, str]]
) -> None:
    assert_refused(changed(small, file, *edits), "`reviewed_on`")


@pytest.mark.parametrize(
    ("file", "edits"),
    [
        (AVOID, [("when: {sciatica: yes}", "when: §{}")]),
        (STOP, [("when: {numbness: yes}", "when: §{}")]),
        (BENEFIT, [("when: {from_sitting: yes}", "when: §{}")]),
        (IN_PERSON, [("when: {}", "when: §{}"), ("about: stretch\n", "")]),
        (IN_PERSON, [("when: {}", "when: §{}"), ("about: stretch", "about: person")]),
    ],
)
def test_only_what_lies_in_the_stretch_and_advice_may_always_be_so(
    small: Texts, file: str, edits: list[tuple[str, str]]
) -> None:
    small = {name: text for name, text in small.items() if name != SCENARIOS}
    assert_refused(changed(small, file, *edits), "`about: stretch`")


def test_advice_may_always_be_so(small: Texts) -> None:
    texts = changed(small, IN_PERSON, ("about: stretch\n", ""), ("effect: caution", "effect: advise"))
    assert loaded(texts, "in-person").effect.value == "advise"


@pytest.mark.parametrize("effect", ["stop", "consult", "recommend", "unneeded", "advise"])
def test_only_a_caution_or_an_avoid_lies_in_the_stretch(small: Texts, effect: str) -> None:
    small[IN_PERSON] = small[IN_PERSON].replace(
        "applies_to: {stretches: [far_toe_reach]}\n", "" if effect == "stop" else "applies_to: all\n"
    )
    assert_refused(
        changed(small, IN_PERSON, ("about: stretch", "about: §stretch"), ("effect: caution", f"effect: {effect}")),
        "`avoid`",
    )


def test_what_lies_in_the_stretch_is_about_some_stretch(small: Texts) -> None:
    edits = ("about: stretch", "about: §stretch"), ("{stretches: [far_toe_reach]}", "none")
    assert_refused(changed(small, IN_PERSON, *edits), "`about`")


@pytest.mark.parametrize("scope", ["none", "{targets: [spine]}"])
def test_a_stop_is_about_every_stretch(small: Texts, scope: str) -> None:
    assert_refused(changed(small, STOP, ("effect: stop", f"applies_to: §{scope}\neffect: stop")), "`stop`")


def test_a_stop_may_say_that_it_is_about_all(small: Texts) -> None:
    loaded(changed(small, STOP, ("effect: stop", "applies_to: all\neffect: stop")), "numbness")


@pytest.mark.parametrize("effect", ["avoid", "recommend", "unneeded"])
def test_what_is_said_of_stretches_is_about_some(small: Texts, effect: str) -> None:
    edits = ("applies_to: {regions: [lower_back]}", "applies_to: §none"), ("effect: caution", f"effect: {effect}")
    assert_refused(changed(small, CAUTION, *edits), f"`{effect}`")


@pytest.mark.parametrize("effect", ["consult", "caution", "advise"])
def test_what_is_said_of_the_whole_screening_may_be_about_no_stretch(small: Texts, effect: str) -> None:
    edits = ("applies_to: {regions: [lower_back]}", "applies_to: none"), ("effect: caution", f"effect: {effect}")
    loaded(changed(small, CAUTION, *edits), "weight")


@pytest.mark.parametrize("effect", ["consult", "avoid", "caution", "recommend", "unneeded"])
def test_a_rule_about_the_person_says_what_it_applies_to(small: Texts, effect: str) -> None:
    edits = (
        ("applies_to: {regions: [lower_back]}\n", ""),
        ("effect: caution", f"effect: {effect}"),
        ("id: weight", "§id: weight"),
    )
    assert_refused(changed(small, CAUTION, *edits), "`applies_to`")


@pytest.mark.parametrize("effect", ["stop", "advise"])
def test_a_stop_and_advice_about_the_person_need_not_say_what_they_apply_to(small: Texts, effect: str) -> None:
    edits = ("applies_to: {regions: [lower_back]}\n", ""), ("effect: caution", f"effect: {effect}")
    assert loaded(changed(small, CAUTION, *edits), "weight").applies_to is None


@pytest.mark.parametrize("tried", ["all", "{targets: [spine]}"])
def test_only_a_rule_about_a_trial_is_narrowed_to_tried_stretches(small: Texts, tried: str) -> None:
    assert_refused(changed(small, CAUTION, ("effect: caution", f"§tried: {tried}\neffect: caution")), "`tried`")
    assert loaded(changed(small, PAIN, ("effect: avoid", f"tried: {tried}\neffect: avoid")), "pain").tried is not None


def test_no_trial_is_of_no_stretch(small: Texts) -> None:
    assert_refused(changed(small, PAIN, ("effect: avoid", "tried: §none\neffect: avoid")), "trial")


@pytest.mark.parametrize(
    "selector",
    [
        "{targets: [neck]}",
        "{targets: []}",
        "{motions: [rotation]}",
        "{regions: [legs], targets: [spine], motions: [none]}",
    ],
)
def test_a_selector_that_selects_nothing_is_an_error(small: Texts, selector: str) -> None:
    assert_refused(changed(small, AVOID, ("{targets: [hamstrings]}", f"§{selector}")), "`backscreen stretches`")
    assert_refused(
        changed(small, PAIN, ("effect: avoid", f"tried: §{selector}\neffect: avoid")), "`backscreen stretches`"
    )


def test_two_cases_of_a_rule_do_not_share_a_name(small: Texts) -> None:
    assert_refused(changed(small, AVOID, ("- name: nobody has asked", "- name: §sciatica rules it out")), "name")


def test_cases_of_different_rules_may_share_a_name(small: Texts) -> None:
    loaded(changed(small, CAUTION, ("- name: fifty pounds", "- name: nobody has asked")), "weight")


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("- {id: medium, means: neither nor}", '- {id: §"null", means: neither nor}', "`null`"),
        ("- {id: medium, means: neither nor}", '- {id: §"yes", means: neither nor}', "`yes`"),
        ("- {unit: kg, times", "- {unit: §lb, times", "`lb`"),
        ("- {unit: kg, times", '- {unit: §"%", times', "`%`"),
        ("title: Sciatica", 'title: §"\\e[31mSciatica"', "control"),
    ],
)
def test_words_that_could_not_be_answered_or_shown_are_refused(small: Texts, old: str, new: str, word: str) -> None:
    texts = changed(small, FACTS, (old, new))
    if "medium" in old:
        texts = changed(texts, FACTS, ("    no: medium\n", ""))
    assert_refused(texts, word)


@pytest.mark.parametrize(
    "edits",
    [
        [
            ("{trial.felt: pain}", "{§trial.fellt: pain}"),
            ("[A1]", "[§Z1]"),
            ("stretch: cat_cow, felt", "stretch: §cat_cov, felt"),
        ],
        [
            ("effect: avoid", "effect: §avoidd"),
            ("[A1]", "[§Z1]\ndisagree_with: [§Z2]"),
            ("{cat_cow: avoid", "{§cat_cov: avoid"),
        ],
        [("id: pain", "id: pain\n§bogus: 1\ntried: {targets: [§hamstring]}"), ("[A1]", "[A1, §Z1]")],
        [("reason: Pain is a sign.", "reason: §3"), ("felt: pain}]}", "felt: §ouch}]}"), ("[A1]", "[§Z1]")],
    ],
)
def test_what_is_wrong_in_one_place_of_a_rule_keeps_no_other_place_from_being_looked_at(
    small: Texts, edits: list[tuple[str, str]]
) -> None:
    texts, places = unmarked(changed(small, PAIN, *edits))
    assert [diagnostic.location for diagnostic in diagnostics_of(texts)] == places


LAST = "    variation_of: toe_reach\n    statements: [A2]\n"
ANOTHER = """\
  - id: §far_toe_reach
    name: Another one
    position: sitting
    regions: [legs]
    targets: [hamstrings]
    motions: [none]
    steps: [Reach.]
    statements: [A2]
"""


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (STRETCHES, LAST, LAST + ANOTHER),
        (PAIN, "{trial.felt: pain}", "{trial.felt: §null}"),
        (PAIN, "{trial.felt: pain}", "{trial.felt: [§[pain]]}"),
        (PAIN, "statements: [A1]", "statements: [A1]\nstatus: reviewed\nreviewed_on: §2026-W47-5"),
        (PAIN, "statements: [A1]", "statements: [A1]\nstatus: reviewed\nreviewed_on: §2026-02-30"),
        (HEAD, "version: 1.0.0", "version: §1.1٠.0"),
    ],
)
def test_what_is_nearly_right_is_refused_where_it_stands_along_with_all_the_rest(
    small: Texts, file: str, old: str, new: str
) -> None:
    texts = changed(small, file, (old, new))
    texts, places = unmarked(changed(texts, CAUTION, ("statements: [", "statements: [§Z9, ")))
    assert sorted(str(diagnostic.location) for diagnostic in diagnostics_of(texts)) == sorted(places)
