"""Mutants: they are made, "means the same" is exact, and each proposed case kills its survivor."""

from __future__ import annotations

import json
from itertools import product
from time import process_time
from typing import cast

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backscreen.authoring.cases.runner import run as run_cases
from backscreen.authoring.mutation.operators import mutants
from backscreen.authoring.mutation.score import Score, Survivor, means_the_same, scores
from backscreen.authoring.mutation.state_space import fewest_first, smallest, state_space, truth_table, unknown
from backscreen.cli.mutate import report_mutation_score
from backscreen.formats.yaml_reader import read_text
from backscreen.loading.profile_validation import check
from backscreen.loading.rulebook_files import load_rulebooks, load_texts
from backscreen.model.conditions import AllOf, AnyOf, Not, OneOf, Within
from backscreen.model.effects import Effect
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule
from backscreen.rendering.mutation_report import as_data, case_yaml, lines, summary
from backscreen.semantics.reference import decide, holds
from backscreen.testing import profiles, rulebooks
from tests.helpers.broken import diagnostics_of
from tests.helpers.filling import filled_in
from tests.helpers.small import AVOID, BENEFIT, CAUTION, IN_PERSON, PAIN, SCENARIOS, STOP, Texts

SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
WEIGHT = "excess_lb: {at_least: 50}"


def book_of(texts: Texts) -> Rulebook:
    return load_texts(texts)


def rule_of(texts: Texts, name: str) -> tuple[Rulebook, Rule]:
    book = book_of(texts)
    return book, next(rule for rule in book.rules if rule.id == name)


def words_of(texts: Texts, name: str) -> set[str]:
    book, rule = rule_of(texts, name)
    return {mutant.words for mutant in mutants(rule, book)}


def scored(texts: Texts) -> list[Score]:
    return list(scores(KnowledgeBase([book_of(texts)])))


def of(texts: Texts, name: str) -> Score:
    return next(score for score in scored(texts) if score.rule.id == name)


def with_when(small: Texts, when: str) -> Texts:
    return {**small, CAUTION: small[CAUTION].replace(f"{{{WEIGHT}}}", when)}


# --- the changes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (
            "{excess_lb: {at_least: 50}}",
            {
                "`excess_lb` at least 49 instead of 50",
                "`excess_lb` at least 51 instead of 50",
                "not `excess_lb: at least 50`",
            },
        ),
        (
            "{excess_lb: {more_than: 20, less_than: 30}}",
            {
                "`excess_lb` at least 20 instead of 21",
                "`excess_lb` at least 22 instead of 21",
                "`excess_lb` at most 28 instead of 29",
                "`excess_lb` at most 30 instead of 29",
                "`excess_lb` not limited to at least 21",
                "`excess_lb` not limited to at most 29",
            },
        ),
        (
            "{excess_lb: 7}",
            {
                "`excess_lb` 6 instead of 7",
                "`excess_lb` 8 instead of 7",
                "`excess_lb` from 6 to 7 instead of 7",
                "without `excess_lb: exactly 7`",
            },
        ),
        (
            "{build: [slight, heavy]}",
            {"`build` without `slight`", "`build` without `heavy`", "not `build: slight or heavy`"},
        ),
        (
            "{build: slight}",
            {"`build` with `medium` as well", "`build` with `heavy` as well", "without `build: slight`"},
        ),
        (
            "{sciatica: yes, numbness: no}",
            {
                "without `sciatica: yes`",
                "without `numbness: no`",
                "not `sciatica: yes`",
                "not `numbness: no`",
                "not (`sciatica: yes` and `numbness: no`)",
                "`sciatica: yes` or `numbness: no` instead of all of them",
            },
        ),
        (
            "{any: [{sciatica: yes}, {not: {numbness: yes}}]}",
            {
                "without `sciatica: yes`",
                "without not `numbness: yes`",
                "`numbness: yes` without its `not`",
                "`sciatica: yes` and not `numbness: yes` instead of any of them",
            },
        ),
    ],
)
def test_every_part_of_a_condition_is_changed(small: Texts, when: str, expected: set[str]) -> None:
    assert expected <= words_of(with_when(small, when), "weight")


def test_every_value_of_a_scope_is_dropped_and_every_other_added(small: Texts) -> None:
    two = {
        **small,
        CAUTION: small[CAUTION].replace(
            "{regions: [lower_back]}", "{targets: [spine, hamstrings], regions: [lower_back]}"
        ),
    }
    assert {
        "applies to every stretch",
        "applies to no stretch",
        "applies whatever the target",
        "applies whatever the region",
        "applies not to the target `spine`",
        "applies not to the target `hamstrings`",
        "applies also to the target `neck`",
        "applies also to the region `legs`",
    } <= words_of(two, "weight")
    assert "applies also to the motion `none`" not in words_of(two, "weight")


def test_a_scope_that_would_select_nothing_is_no_change(small: Texts) -> None:
    neck = {**small, CAUTION: small[CAUTION].replace("{regions: [lower_back]}", "{targets: [spine, neck]}")}
    assert "applies not to the target `spine`" not in words_of(neck, "weight")


def test_a_rule_about_a_trial_gets_a_scope_and_a_narrowing(small: Texts) -> None:
    words = words_of(small, "pain")
    assert {
        "applies to every stretch",
        "only of a try of a stretch that is known",
        "a try not to the region `legs`",
    } <= words
    assert "applies to no stretch" not in words  # an `avoid` says something of stretches
    narrowed = {**small, PAIN: small[PAIN].replace("effect: avoid", "tried: {targets: [spine]}\neffect: avoid")}
    words = words_of(narrowed, "pain")
    assert {
        "of a try of any stretch, known or not",
        "a try also to the target `hamstrings`",
        "applies to every stretch that the try may be of",
    } <= words


def test_a_rule_about_a_trial_stays_one_whatever_is_dropped(small: Texts) -> None:
    book, rule = rule_of(small, "pain")
    assert all(mutant.rule.about_a_trial for mutant in mutants(rule, book))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hamstrings", {Effect.CONSULT, Effect.CAUTION}),
        ("weight", {Effect.AVOID, Effect.RECOMMEND}),
        ("pain", {Effect.CONSULT, Effect.CAUTION}),
        ("numbness", {Effect.CONSULT}),
        ("sitting", {Effect.CAUTION, Effect.UNNEEDED}),
    ],
)
def test_an_effect_is_made_one_step_weaker_and_one_step_stronger(
    small: Texts, name: str, expected: set[Effect]
) -> None:
    book, rule = rule_of(small, name)
    assert {mutant.rule.effect for mutant in mutants(rule, book)} - {rule.effect} == expected


def test_where_the_caution_lies_is_changed(small: Texts) -> None:
    assert "a caution that lies in the stretch (`about: stretch`)" in words_of(small, "weight")
    assert "a caution that lies in the person (no `about: stretch`)" in words_of(small, "in-person")
    assert not any("lies in" in words for words in words_of(small, "sitting") | words_of(small, "numbness"))


def test_every_change_has_words_of_its_own() -> None:
    for book in load_rulebooks("lower-back").books:
        for rule in book.rules:
            words = [mutant.words for mutant in mutants(rule, book)]
            assert len(words) == len(set(words)), rule.id


# --- what means the same ----------------------------------------------------------------------------------------------


def test_a_threshold_beyond_the_bounds_means_the_same_for_everybody(small: Texts) -> None:
    book, rule = rule_of(with_when(small, "{excess_lb: {at_least: 1, at_most: 1000}}"), "weight")
    same = {mutant.words for mutant in mutants(rule, book) if means_the_same(book, rule, mutant.rule)}
    assert same == {"`excess_lb` at most 1001 instead of 1000", "`excess_lb` not limited to at most 1000"}


def test_what_cannot_be_told_apart_by_any_known_answer_may_differ_where_something_is_unknown(small: Texts) -> None:
    book, rule = rule_of(
        with_when(small, "{any: [{sciatica: yes}, {sciatica: no, excess_lb: {at_least: 50}}]}"), "weight"
    )
    shorter = evolve(rule, when=AnyOf((OneOf("sciatica", (True,)), Within("excess_lb", 50, None))))
    assert means_the_same(book, rule, shorter) is False  # with much weight, whatever the sciatica
    assert means_the_same(book, rule, evolve(rule, when=Not(Not(rule.when)))) is True
    assert means_the_same(book, rule, evolve(rule, when=AllOf((rule.when,)))) is True
    assert means_the_same(book, rule, rule, most_states=3) is None


def test_a_scope_written_otherwise_means_the_same_where_it_selects_the_same(small: Texts) -> None:
    book, rule = rule_of(small, "sitting")
    same = {mutant.words for mutant in mutants(rule, book) if means_the_same(book, rule, mutant.rule)}
    assert same == set()
    book, rule = rule_of(
        {**small, CAUTION: small[CAUTION].replace("{regions: [lower_back]}", "{motions: [flexion]}")}, "weight"
    )
    same = {mutant.words for mutant in mutants(rule, book) if means_the_same(book, rule, mutant.rule)}
    assert same == {
        f"applies also to the motion `{motion}`"
        for motion in ("extension", "hyperextension", "rotation", "side_bending")
    }


@SLOW
@given(st.data())
def test_changes_that_mean_the_same_for_everybody_never_differ_for_anybody(data: st.DataObject) -> None:
    knowledge_base = data.draw(rulebooks())
    (book,) = knowledge_base.books
    people = [data.draw(profiles(knowledge_base)) for _ in range(4)]
    for rule in book.rules:
        alone = KnowledgeBase([evolve(book, rules=(rule,), scenarios=())])
        if not alone.rules:
            continue  # it is retired
        for mutant in mutants(rule, book):
            if means_the_same(book, rule, mutant.rule, 20_000):
                changed = KnowledgeBase([evolve(book, rules=(mutant.rule,), scenarios=())])
                for person in people:
                    before, after = (decide(one, check(one, person)[0]) for one in (alone, changed))
                    assert (before.activations, before.stretches, before.directive) == (
                        after.activations,
                        after.stretches,
                        after.directive,
                    ), mutant.words


@SLOW
@given(rulebooks())
def test_a_condition_is_worth_in_every_state_what_the_reference_says(knowledge_base: KnowledgeBase) -> None:
    for scoped in knowledge_base.rules:
        states = state_space([scoped.rule.when], knowledge_base.facts, 3_000)
        if states is None:
            continue
        value, seen = truth_table(scoped.rule.when, states), 0
        for chosen in product(*(range(len(values) + 1) for values in states.answers.values())):
            known = {
                name: values[place - 1]
                for (name, values), place in zip(states.answers.items(), chosen, strict=True)
                if place
            }
            bit = 1 << sum(states.strides[name] * place for name, place in zip(states.answers, chosen, strict=True))
            comes = True if value.true & bit else False if value.false & bit else None
            assert comes is holds(scoped.rule.when, known)
            assert bool(unknown(value, states) & bit) == (comes is None)
            seen += 1
        assert seen == states.size


@SLOW
@given(rulebooks(), st.data())
def test_no_answer_between_thresholds_is_left_out(knowledge_base: KnowledgeBase, data: st.DataObject) -> None:
    """Whoever it is, some state of the space stands for them."""
    person = data.draw(profiles(knowledge_base))
    for scoped in knowledge_base.rules:
        states = state_space([scoped.rule.when], knowledge_base.facts, 3_000)
        if states is not None and not scoped.about_a_trial:
            value = truth_table(scoped.rule.when, states)
            comes = holds(scoped.rule.when, check(knowledge_base, person)[0].facts)
            assert {True: value.true, False: value.false, None: unknown(value, states)}[comes]


def test_the_smallest_state_has_the_fewest_facts(small: Texts) -> None:
    facts = KnowledgeBase([book_of(small)]).facts
    either = AnyOf((AllOf((OneOf("sciatica", (True,)), OneOf("numbness", (True,)))), Within("excess_lb", 50, None)))
    states = state_space([either], facts)
    assert states is not None
    value = truth_table(either, states)
    assert smallest(value.true, states) == {"excess_lb": 50}
    assert smallest(unknown(value, states), states) == {}
    assert smallest(0, states) is None
    sizes = [len(answers) for answers in fewest_first(value.true | value.false, states)]
    assert sizes == sorted(sizes)
    assert len(sizes) == (value.true | value.false).bit_count()


# --- what survives ----------------------------------------------------------------------------------------------------


def broken(book: Rulebook, rule: Rule) -> bool:
    return any(result.mismatches for result in run_cases(KnowledgeBase([evolve(book, rules=(rule,), scenarios=())])))


@SLOW
@given(rulebooks())
def test_the_case_proposed_against_a_survivor_holds_for_the_rule_and_not_for_the_change(
    knowledge_base: KnowledgeBase,
) -> None:
    (book,) = knowledge_base.books
    for score in scores(knowledge_base, 5_000):
        for survivor in score.survivors:
            assert not (survivor.undecided and (survivor.case or survivor.scenario))
            assert survivor.undecided or survivor.case or not score.rule.effect.restricts
            if survivor.case is None:
                continue
            for verdict in survivor.case.expect.verdicts.items() or [None]:
                expect = evolve(survivor.case.expect, verdicts=dict([verdict] if verdict else []))
                cases = (evolve(survivor.case, expect=expect, name="it"),)
                assert not broken(book, evolve(score.rule, cases=cases))
                assert broken(book, evolve(survivor.mutant.rule, cases=cases)), survivor.mutant.words


def pasted(texts: Texts, found: list[Score]) -> Texts:
    """The rulebook with all that was proposed pasted into its files, comments and all."""
    files = {
        rule: file
        for file in (AVOID, CAUTION, PAIN, STOP, IN_PERSON, BENEFIT)
        for rule in [texts[file].split("\n")[0].removeprefix("id: ")]
    }
    more = dict(texts)
    for score in found:
        _, *said = "\n".join(lines([score])).split("\n\n")
        for part in said[:-1]:
            file = SCENARIOS if part.startswith("#") else files[score.rule.id]
            if file != SCENARIOS and "cases:" not in more[file]:
                more[file] += "cases:\n"
            more[file] += part + "\n"
    return more


def test_proposals_are_refused_until_filled_in(small: Texts) -> None:
    """A proposal that is pasted unread pins nothing: each of its expectations is to be filled in."""
    for file in (AVOID, CAUTION):
        score = of(small, small[file].split("\n")[0].removeprefix("id: "))
        diagnostics = diagnostics_of(pasted(small, [score]))
        assert {diagnostic.code for diagnostic in diagnostics} == {"to-fill-in"}
        assert len(diagnostics) >= sum(survivor.case is not None for survivor in score.survivors) > 0


def test_what_is_proposed_can_be_pasted_and_leaves_no_survivor(small: Texts) -> None:
    poor = scored(small)
    assert sum(len(score.survivors) for score in poor) > 20
    assert not any(survivor.undecided for score in poor for survivor in score.survivors)
    rich = pasted(small, [score for score in poor if score.survivors])
    book = load_texts(filled_in(rich))
    assert len(rich[SCENARIOS]) > len(small[SCENARIOS])
    assert not [(result.at, result.mismatches) for result in run_cases(KnowledgeBase([book])) if result.mismatches]
    assert [survivor.mutant.words for score in scores(KnowledgeBase([book])) for survivor in score.survivors] == []


def test_a_long_case_is_written_on_several_lines() -> None:
    (book,) = load_rulebooks("lower-back", tests=True).books
    injury = next(rule for rule in book.rules if rule.id == "weights-with-an-injury")
    poor = evolve(book, rules=(evolve(injury, cases=()),), scenarios=())
    survivors = [survivor.case for score in scores(KnowledgeBase([poor])) for survivor in score.survivors]
    everywhere = next(case for case in survivors if case and len(case.expect.verdicts) > 15)
    yaml = case_yaml(evolve(everywhere, name="an injury"))
    assert max(len(line) for line in yaml.splitlines()) <= 120
    assert len(yaml.splitlines()) > 4
    (entry,) = cast("list[dict[str, dict[str, dict[str, str]]]]", read_text(yaml.encode(), "cases").data)
    assert entry["expect"]["verdicts"].keys() == everywhere.expect.verdicts.keys()
    assert {word[0] + word[-1] for word in entry["expect"]["verdicts"].values()} == {"<>"}


def test_a_case_has_a_name_that_is_free(small: Texts) -> None:
    def names(texts: Texts) -> set[str]:
        survivors = as_data([of(texts, "hamstrings")])["rules"][0]["survivors"]
        return {survivor["case"].split("\n")[0].removeprefix("  - name: ") for survivor in survivors}

    (free,) = names(small)
    assert names({**small, AVOID: small[AVOID].replace("nobody has asked", free)}) == {f"{free}, 2"}


def test_a_retired_rule_is_not_changed(small: Texts) -> None:
    retired = {**small, CAUTION: small[CAUTION].replace("statements: [B1]", "statements: [B1]\nstatus: retired")}
    assert "weight" not in [score.rule.id for score in scored(retired)]


def test_a_note_that_always_comes_to_nothing_counts_neither_way(small: Texts) -> None:
    """The far reach carries a caution of its own whoever asks, so that it is never recommended."""
    score = of(small, "sitting")
    assert "applies also to the stretch `far_toe_reach`" not in [survivor.mutant.words for survivor in score.survivors]
    assert score.unsayable > 0
    free = {**small, IN_PERSON: small[IN_PERSON].replace("when: {}", "when: {from_sitting: no}")}
    assert of(free, "sitting").unsayable < score.unsayable


def test_a_rule_with_too_many_states_is_not_decided_and_survives(small: Texts) -> None:
    found = list(scores(KnowledgeBase([book_of(small)]), most_states=1))
    changed = [survivor for score in found for survivor in score.survivors]
    assert changed
    assert all(
        survivor.undecided and survivor.case is None
        for score in found
        for survivor in score.survivors
        if score.rule.id != "in-person"
    )
    assert "(undecided: the rule has too many states)" in "\n".join(lines(found))


def test_the_shipped_rulebook_leaves_no_survivor() -> None:
    """Every change of a shipped rule is noticed by a case, and none is tried for long."""
    begun = process_time()
    found = list(scores(load_rulebooks("lower-back", tests=True)))
    assert [(score.rule.id, survivor.mutant.words) for score in found for survivor in score.survivors] == []
    total = summary(found)
    assert (total["percent"], total["killed"]) == (100, total["mutants"])
    assert total["mutants"] > 500
    assert total["rules"] == len(load_rulebooks("lower-back").rules)
    assert process_time() - begun < 60  # a second as a rule; what is quadratic takes minutes


@pytest.mark.parametrize("dropped", ["precautions", "response", "contraindications"])
def test_a_shipped_rule_without_one_of_its_cases_mostly_has_survivors(dropped: str) -> None:
    """The cases are few enough that hardly one can be spared: in each folder some rule loses by losing its first."""
    (book,) = load_rulebooks("lower-back", tests=True).books
    rules = [rule for rule in book.rules if f"/{dropped}/" in rule.at.replace("\\", "/")]
    assert rules
    fewer = evolve(book, rules=tuple(evolve(rule, cases=rule.cases[1:]) for rule in rules), scenarios=())
    assert any(score.survivors for score in scores(KnowledgeBase([fewer])))


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_ends_with_the_score_and_with_1_where_something_survives(
    small: Texts, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_mutation_score(KnowledgeBase([book_of(small)])) == 1
    *_, last = capsys.readouterr().out.splitlines()
    total = summary(scored(small))
    assert last == (
        f"{total['mutants']} mutants of 6 rules: {total['killed']} killed, {total['survive']} survive "
        f"({total['percent']} %); {total['same']} mean the same as their rule"
    )
    assert report_mutation_score(load_rulebooks("lower-back", tests=True)) == 0
    assert " 0 survive (100 %)" in capsys.readouterr().out


def test_the_command_gives_json(small: Texts, capsys: pytest.CaptureFixture[str]) -> None:
    assert report_mutation_score(KnowledgeBase([book_of(small)]), "json") == 1
    data = json.loads(capsys.readouterr().out)
    assert data["summary"] == summary(scored(small))
    assert {rule["rule"] for rule in data["rules"]} == {
        "hamstrings",
        "weight",
        "pain",
        "numbness",
        "in-person",
        "sitting",
    }
    assert all(survivor["case"] or survivor["scenario"] for rule in data["rules"] for survivor in rule["survivors"])


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_case_that_fails_already_comes_first(small: Texts, capsys: pytest.CaptureFixture[str], form: str) -> None:
    wrong = {**small, CAUTION: small[CAUTION].replace("{excess_lb: 50}", "{excess_lb: 49}")}
    assert report_mutation_score(KnowledgeBase([book_of(wrong)]), "json" if form == "json" else "text") == 1
    said = capsys.readouterr().out
    assert "fifty pounds" in said
    assert "mutants" not in said


def test_one_survivor_among_many_is_no_100_percent(small: Texts) -> None:
    book, rule = rule_of(small, "weight")
    survivor = Survivor(next(iter(mutants(rule, book))))
    score = Score(book="small", rule=rule, killed=99_999, by_scenarios=0, survivors=(survivor,), same=0, unsayable=0)
    assert summary([score])["percent"] == 99.9
    assert "gave up" in "\n".join(lines([score]))
    assert [one["gave_up"] for one in as_data([score])["rules"][0]["survivors"]] == [True]
