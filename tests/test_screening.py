"""What a screening says: findings, bounds, what is unanswered, assumed, recommended, and what to do instead."""

from __future__ import annotations

import pytest
from attrs import evolve

from backscreen import Certainty, Directive, Effect, Profile, ProfileError, Screener, Trial, Verdict
from backscreen.loading.rulebooks import load, load_texts
from backscreen.rendering.report import report
from backscreen.rulebook.conditions import AllOf, AnyOf, Not, OneOf
from backscreen.rulebook.rulebook import Guidance
from backscreen.rulebook.rules import Status
from backscreen.rulebook.stretches import Having
from backscreen.screening.asking import most_telling
from backscreen.screening.explaining import grounds, open_facts

SCREENER = Screener("lower-back")


def screen(facts: dict[str, bool | int | str | None] | None = None, *trials: Trial, otherwise: bool = True):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return SCREENER.screen(Profile(facts, trials, "no" if otherwise else "unknown"))


def test_nothing_known_allows_nothing() -> None:
    screening = screen(otherwise=False)
    assert not screening.allowed
    assert screening.directive is Directive.UNDETERMINED
    assert (screening.at_best, screening.at_worst) == (Directive.PROCEED, Directive.CONSULT)


def test_nothing_found_is_proceed_and_the_weighted_bend_needs_care_whoever_you_are() -> None:
    screening = screen()
    assert screening.directive is Directive.PROCEED
    assert screening.cautions == ("weighted_side_bend", "kneeling_lunge_foot_hold")
    assert not screening.unanswered


def test_a_finding_says_why_and_according_to_whom() -> None:
    (finding,) = [one for one in screen({"sciatica": True}).warnings if one.rule == "hamstrings-with-sciatica"]
    assert finding.effect is Effect.AVOID
    assert finding.because == {"sciatica": True}
    assert finding.stretches == ("standing_forward_bend", "seated_toe_reach")
    assert [source.statement for source in finding.sources] == ["D3"]
    assert [source.statement for source in finding.disagrees_with] == ["C8", "E6", "E7"]
    assert finding.trial is None


def test_the_causes_of_either_or_are_only_those_that_hold() -> None:
    screening = screen({"pain_from_sitting": True})
    (finding,) = [one for one in screening.findings if one.rule == "strain-from-sitting-or-bending"]
    assert finding.because == {"pain_from_sitting": True}
    (finding,) = [one for one in screening.findings if one.rule == "hamstrings-that-are-tight"]
    assert finding.because == {"sciatica": False, "herniated_disc": False, "pain_from_sitting": True}


def test_a_trials_finding_names_the_trial_and_its_stretch() -> None:
    screening = screen(None, Trial("side_bend", felt="nothing"), Trial("cat_cow", felt="pain"))
    (finding,) = [one for one in screening.warnings if one.rule == "pain-on-a-stretch"]
    assert finding.trial == 1
    assert finding.because == {"trials[1].felt": "pain", "trials[1].stretch": "cat_cow"}
    assert screening["cat_cow"].verdict is Verdict.AVOID
    assert screening["side_bend"].verdict is Verdict.ALLOWED


def test_pain_on_a_stretch_that_nobody_knows_leaves_every_stretch_open() -> None:
    screening = screen(None, Trial(felt="pain"))
    assert len(screening.undetermined) == 20
    assert screening.unanswered == ("trials[0].stretch",)
    assert screening.directive is Directive.CARE
    (finding,) = [one for one in screening.warnings if one.rule == "pain-on-a-stretch"]
    assert finding.certainty is Certainty.FIRES
    assert not finding.stretches
    assert len(finding.may_act_on) == 20
    assert finding.unanswered == ("trials[0].stretch",)


def test_a_narrowed_rule_only_may_fire_where_the_stretch_is_not_known() -> None:
    screening = screen({"piriformis_syndrome": True}, Trial(felt="pain"))
    (finding,) = [one for one in screening.findings if one.rule == "pain-on-the-piriformis"]
    assert finding.certainty is Certainty.MAY_FIRE
    assert finding.may_act_on == ("knee_across_body", "pigeon_pose")


def test_what_an_answer_rests_on_is_not_assumed() -> None:
    before = screen(None, Trial("side_bend", felt_before_stretch=True))
    assert "trials[0].felt" not in before.assumed
    assert before["side_bend"].verdict is Verdict.UNDETERMINED
    lasted = screen(None, Trial("side_bend", after_lasted_min=90))
    assert "trials[0].after" not in lasted.assumed
    assert lasted.at_worst is Directive.STOP
    assert not lasted.allowed
    assert "trials[0].felt" in screen(None, Trial("side_bend", felt_before_stretch=False)).assumed


def test_what_was_assumed_is_listed_in_the_rulebooks_order() -> None:
    screening = screen({"sciatica": True}, Trial("side_bend", felt="pain"))
    assert "sciatica" not in screening.assumed
    assert screening.assumed[0] == "piriformis_syndrome"
    assert screening.assumed[-3:] == ("trials[0].felt_before_stretch", "trials[0].after", "trials[0].full_range")


def test_a_list_of_trials_is_complete_and_equal_ones_are_not_merged() -> None:
    assert screen(otherwise=False).findings == tuple(one for one in screen(otherwise=False).findings if one.trial is None)
    twice = screen(None, Trial("side_bend", felt="pain"), Trial("side_bend", felt="pain"))
    assert [one.trial for one in twice.warnings if one.rule == "pain-on-a-stretch"] == [0, 1]


@pytest.mark.parametrize(
    ("minutes", "verdict", "directive"),
    [
        (20, Verdict.ALLOWED, Directive.PROCEED),
        (21, Verdict.CAUTION, Directive.CARE),
        (30, Verdict.CAUTION, Directive.CARE),
        (31, Verdict.AVOID, Directive.CARE),
        (59, Verdict.AVOID, Directive.CARE),
        (60, Verdict.AVOID, Directive.STOP),
    ],
)
def test_how_long_a_mild_increase_lasted_decides(minutes: int, verdict: Verdict, directive: Directive) -> None:
    screening = screen(None, Trial("knee_to_chest", after="mild_increase", after_lasted_min=minutes))
    assert (screening["knee_to_chest"].verdict, screening.directive) == (verdict, directive)
    assert "look-again-after-an-increase" in {one.rule for one in screening.findings}


def test_how_long_it_lasted_is_asked_only_where_it_matters() -> None:
    open_ended = screen(None, Trial("knee_to_chest", after="mild_increase"))
    assert open_ended.unanswered == ("trials[0].after_lasted_min",)
    assert not open_ended.allowed
    assert not screen(None, Trial("knee_to_chest", after="same")).unanswered


def test_may_help_needs_a_settled_verdict_and_no_call_for_a_professional() -> None:
    assert screen({"sciatica": True})["side_bend"].recommended
    assert screen({"sciatica": True})["side_bend"].verdict is Verdict.CAUTION
    assert not screen({"sciatica": True, "unsure_what_to_do": True})["side_bend"].recommended
    assert not screen({"sciatica": True, "scoliosis": True})["side_bend"].recommended
    full = screen({"sciatica": True}, Trial("side_bend", full_range=True))["side_bend"]
    assert full.unneeded
    assert not full.recommended


def test_instead_are_settled_better_stretches_of_the_same_muscles() -> None:
    screening = screen({"sciatica": True})
    instead = screening["standing_forward_bend"].instead
    assert instead[0] == "cat_cow"
    assert "seated_toe_reach" not in instead
    assert screening["cat_cow"].instead == ()
    base = screen(None, Trial("side_bend", felt="pain"))
    assert "weighted_side_bend" not in base["side_bend"].instead
    assert base["side_bend"].instead == ("knee_across_body", "seated_rotation", "spinal_twist")
    assert "back_extension" not in screen(None, Trial("hip_lift", felt="pain"))["hip_lift"].instead
    lunge = screen(None, Trial("kneeling_lunge", felt="pain"))["kneeling_lunge"].instead
    assert lunge == ("hip_lift",)
    full = screen(None, Trial("side_bend", felt="pain"), Trial("spinal_twist", full_range=True))
    assert full["side_bend"].instead == ("knee_across_body", "seated_rotation")


def test_a_stretch_that_needs_care_whoever_you_are_is_never_proposed_nor_said_to_help() -> None:
    turned = screen(None, Trial("seated_rotation", felt="pain"))
    assert turned["weighted_side_bend"].verdict is Verdict.CAUTION
    assert turned["seated_rotation"].instead[0] == "spinal_twist"
    assert "weighted_side_bend" not in turned["seated_rotation"].instead
    open_foot_hold = screen({"sacroiliac_joint_disorder": True, "very_flexible": None}, Trial("hip_lift", felt="pain"))
    assert "kneeling_lunge_foot_hold" not in open_foot_hold["hip_lift"].instead
    book = load("lower-back").books[0]
    weighted = Having(stretches=("side_bend", "weighted_side_bend"))
    rules = tuple(evolve(rule, applies_to=weighted) if rule.id == "side-and-glutes-with-sciatica" else rule for rule in book.rules)
    guidance = Guidance([evolve(book, rules=rules, digest="sha256:weighted")])
    screening = Screener(guidance, engine="compiled").screen(Profile({"sciatica": True}, otherwise="no"))
    assert screening["side_bend"].recommended
    assert not screening["weighted_side_bend"].recommended


def test_what_speaks_for_a_part_that_fails_is_no_cause() -> None:
    flag = {name: OneOf(name, (True,)) for name in "abc"}
    condition = AnyOf((AllOf((flag["a"], flag["b"])), Not(AllOf((flag["a"], Not(flag["c"]))))))
    assert list(grounds(condition, {"a": True, "b": False, "c": True})) == ["c"]
    assert list(grounds(condition, {"a": True, "c": False})) == ["a"]
    assert list(open_facts(condition, {"a": True, "c": False})) == ["b"]
    assert list(open_facts(condition, {"a": True, "c": True})) == []


def test_a_variation_of_a_variation_is_a_variation() -> None:
    book = load("lower-back").books[0]
    chain = {"cat_cow": None, "knee_to_chest": "cat_cow", "pelvic_tilt": "knee_to_chest"}
    stretches = tuple(evolve(one, variation_of=chain.get(one.id, one.variation_of)) for one in book.stretches)
    guidance = Guidance([evolve(book, stretches=stretches, digest="sha256:chain")])
    screening = Screener(guidance, engine="compiled").screen(Profile(trials=[Trial("cat_cow", felt="pain")], otherwise="no"))
    assert {"knee_to_chest", "pelvic_tilt"}.isdisjoint(screening["cat_cow"].instead)


def test_a_stop_reaches_every_stretch_and_leaves_nothing_instead() -> None:
    screening = screen(None, Trial("knee_to_chest", after="intense_increase", after_lasted_min=180))
    assert screening.directive is Directive.STOP
    assert len(screening.avoided) == 20
    assert not any(outcome.instead for outcome in screening)


def test_the_question_that_matters_most_is_of_the_strongest_effect_and_the_most_stretches() -> None:
    assert most_telling(screen()) is None
    assert most_telling(screen(None, Trial("side_bend", after="mild_increase"))) == "trials[0].after_lasted_min"
    assert most_telling(screen(otherwise=False)) == "pain_from_illness"


def test_only_rules_that_would_make_something_stricter_may_still_change_it() -> None:
    profile = Profile({"scoliosis": True})
    told = report(SCREENER.screen(profile), profile, SCREENER.guidance)
    titles = {one.title for one in told.perhaps}
    assert "No weights while the pain comes from an injury" not in titles
    assert "No bending far backward with facet syndrome" not in titles
    assert len(titles) < len(SCREENER.screen(profile).findings)


def test_a_stretch_is_shown_as_not_proposed_where_the_catalogue_does_not_propose_it() -> None:
    profile = Profile(otherwise="no")
    told = report(SCREENER.screen(profile), profile, SCREENER.guidance)
    (row,) = [row for _, _, rows in told.groups for row in rows if row.name == "Back extension"]
    assert row.notes == "not proposed"
    assert any(str(len(told.assumed)) in line for line in told.first)


def test_retired_rules_do_not_act_and_drafts_do() -> None:
    book = load("lower-back").books[0]
    retired = tuple(evolve(rule, status=Status.RETIRED) if rule.id == "hamstrings-with-sciatica" else rule for rule in book.rules)
    screening = Screener(Guidance([evolve(book, rules=retired, digest="sha256:retired")])).screen(Profile({"sciatica": True}, otherwise="no"))
    assert screening["standing_forward_bend"].verdict is Verdict.CAUTION


def test_what_is_no_profile_or_does_not_fit_is_refused_with_everything_that_is_wrong() -> None:
    with pytest.raises(ProfileError):
        SCREENER.screen({"sciatica": True})  # type: ignore[arg-type]
    with pytest.raises(ProfileError) as caught:
        SCREENER.screen(Profile({"siatica": True, "warm_up_min": 601}, [Trial("sidebend", felt="ouch")]))
    assert [problem.nearest for problem in caught.value.problems] == ["sciatica", None, "side_bend", None]


def test_an_unknown_stretch_is_not_in_a_screening() -> None:
    with pytest.raises(KeyError):
        screen()["handstand"]


def test_verdicts_are_ordered_by_strictness_and_undetermined_is_not() -> None:
    assert Verdict.ALLOWED < Verdict.CAUTION <= Verdict.CAUTION < Verdict.AVOID
    assert Directive.STOP > Directive.CONSULT >= Directive.CONSULT
    with pytest.raises(TypeError):
        assert Verdict.UNDETERMINED < Verdict.AVOID
    with pytest.raises(TypeError):
        assert Verdict.AVOID > Directive.CARE


SIGNS = {
    "rulebook.yaml": "{id: signs, title: Signs, summary: Signs, version: 1.0.0, language: en, looks_for_warning_signs: yes, documents: [{id: X, title: X}]}",
    "facts.yaml": "person: [{id: numb_saddle, type: flag, title: Numbness, question: Numb between the legs?}]",
    "stretches.yaml": "{}",
    "statements.yaml": "[{id: X1, document: X, where: here, says: Go., becomes: [rule]}]",
    "red-flags/numbness.yaml": "{id: numbness, title: Stop, when: {numb_saddle: yes}, effect: stop, reason: Go., statements: [X1]}",
}


def test_two_rulebooks_are_screened_as_one() -> None:
    screener = Screener(Guidance([*load("lower-back").books, load_texts(SIGNS)]))
    stop = screener.screen(Profile({"numb_saddle": True}, otherwise="no"))
    assert stop.directive is Directive.STOP
    assert len(stop.avoided) == 20
    assert [book.id for book in stop.rulebooks] == ["lower-back", "signs"]
    assert stop.warnings[0].rulebook == "signs"
    unasked = screener.screen(Profile({"sciatica": True}))
    assert "numb_saddle" in unasked.unanswered
    assert not unasked.allowed


def test_a_report_says_may_help_only_where_something_still_may() -> None:
    def effects(profile: Profile) -> set[Effect]:
        return {reason.effect for reason in report(SCREENER.screen(profile), profile, SCREENER.guidance).reasons}

    sitting = {"pain_from_sitting": True}
    assert Effect.RECOMMEND in effects(Profile(sitting, otherwise="no"))
    assert Effect.RECOMMEND not in effects(Profile({**sitting, "unsure_what_to_do": True}, otherwise="no"))
    assert Effect.RECOMMEND not in effects(Profile(sitting, [Trial(after="mild_increase", after_lasted_min=60)], "no"))
