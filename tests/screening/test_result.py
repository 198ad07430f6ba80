"""What a screening says: findings, bounds, what is unanswered, assumed, recommended, and what to do instead."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Collection
from typing import Any
from unittest.mock import ANY

import jsonschema
import pytest
from attrs import evolve

from backscreen import (
    Certainty,
    Directive,
    Effect,
    Finding,
    Profile,
    ProfileError,
    Screener,
    Screening,
    Trial,
    Verdict,
    screening_schema,
)
from backscreen.loading.rulebook_files import load_rulebooks, load_texts
from backscreen.model.catalogue import AttributeSelector, Everything, Nothing, stand_ins
from backscreen.model.conditions import AllOf, AnyOf, Not, OneOf
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import Rule, Status
from backscreen.rendering.report import report
from backscreen.screening.details import PARTS
from backscreen.semantics.causes import why
from tests.helpers.small import SMALL

SCREENER = Screener("lower-back")
SMALL_BOOK = load_texts(SMALL)


def asked_first(screening: Screening) -> str:
    assert screening.next_question is not None
    return screening.next_question.fact


SMALL_RULES = {rule.id: rule for rule in SMALL_BOOK.rules}


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
    assert screen(otherwise=False).findings == tuple(
        one for one in screen(otherwise=False).findings if one.trial is None
    )
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
    assert screen()["side_bend"].verdict is Verdict.ALLOWED
    assert screen()["weighted_side_bend"].verdict is Verdict.CAUTION
    assert screen()["weighted_side_bend"].instead == ()
    base = screen(None, Trial("side_bend", felt="pain"))
    assert "weighted_side_bend" not in base["side_bend"].instead
    assert base["side_bend"].instead == ("knee_across_body", "seated_rotation", "spinal_twist")
    assert "back_extension" not in screen(None, Trial("hip_lift", felt="pain"))["hip_lift"].instead
    lunge = screen(None, Trial("kneeling_lunge", felt="pain"))["kneeling_lunge"].instead
    assert lunge == ("hip_lift",)
    full = screen(None, Trial("side_bend", felt="pain"), Trial("spinal_twist", full_range=True))
    assert full["side_bend"].instead == ("knee_across_body", "seated_rotation")


def test_of_equally_near_stretches_the_first_of_the_catalogue_is_proposed_first() -> None:
    names = {"toe_reach": "toe_reach", "far_toe_reach": "z_first", "cat_cow": "a_second"}
    dose = SMALL_BOOK.stretches[0].dose
    made = {
        stretch.id: evolve(stretch, id=names[stretch.id], targets=("spine",), dose=dose, variation_of=None)
        for stretch in SMALL_BOOK.stretches
    }
    book = evolve(SMALL_BOOK, stretches=tuple(made[name] for name in names), rules=(SMALL_RULES["pain"],))
    screening = Screener(KnowledgeBase([book]), engine="compiled").screen(
        Profile(trials=[Trial("toe_reach", felt="pain")], otherwise="no")
    )
    assert screening["toe_reach"].instead == ("z_first", "a_second")


def test_a_stretch_that_needs_care_whoever_you_are_is_never_proposed_nor_said_to_help() -> None:
    turned = screen(None, Trial("seated_rotation", felt="pain"))
    assert turned["weighted_side_bend"].verdict is Verdict.CAUTION
    assert turned["seated_rotation"].instead[0] == "spinal_twist"
    assert "weighted_side_bend" not in turned["seated_rotation"].instead
    open_foot_hold = screen({"sacroiliac_joint_disorder": True, "very_flexible": None}, Trial("hip_lift", felt="pain"))
    assert "kneeling_lunge_foot_hold" not in open_foot_hold["hip_lift"].instead
    book = load_rulebooks("lower-back").books[0]
    weighted = AttributeSelector(stretches=("side_bend", "weighted_side_bend"))
    rules = tuple(
        evolve(rule, applies_to=weighted) if rule.id == "side-and-glutes-with-sciatica" else rule for rule in book.rules
    )
    knowledge_base = KnowledgeBase([evolve(book, rules=rules, digest="sha256:weighted")])
    screening = Screener(knowledge_base, engine="compiled").screen(Profile({"sciatica": True}, otherwise="no"))
    assert screening["side_bend"].recommended
    assert not screening["weighted_side_bend"].recommended


def test_what_speaks_for_a_part_that_fails_is_no_cause() -> None:
    flag = {name: OneOf(name, (True,)) for name in "abc"}
    condition = AnyOf((AllOf((flag["a"], flag["b"])), Not(AllOf((flag["a"], Not(flag["c"]))))))
    assert why(condition, {"a": True, "b": False, "c": True}).grounds == ("c",)
    assert why(condition, {"a": True, "c": False}).grounds == ("a",)
    assert why(condition, {"a": True, "c": False}).undecided == ("b",)
    assert why(condition, {"a": True, "c": True}).undecided == ()


def test_a_variation_of_a_variation_is_a_variation() -> None:
    book = load_rulebooks("lower-back").books[0]
    chain = {"cat_cow": None, "knee_to_chest": "cat_cow", "pelvic_tilt": "knee_to_chest"}
    stretches = tuple(evolve(one, variation_of=chain.get(one.id, one.variation_of)) for one in book.stretches)
    knowledge_base = KnowledgeBase([evolve(book, stretches=stretches, digest="sha256:chain")])
    screening = Screener(knowledge_base, engine="compiled").screen(
        Profile(trials=[Trial("cat_cow", felt="pain")], otherwise="no")
    )
    assert {"knee_to_chest", "pelvic_tilt"}.isdisjoint(screening["cat_cow"].instead)


def test_a_stop_reaches_every_stretch_and_leaves_nothing_instead() -> None:
    screening = screen(None, Trial("knee_to_chest", after="intense_increase", after_lasted_min=180))
    assert screening.directive is Directive.STOP
    assert len(screening.avoided) == 20
    assert not any(outcome.instead for outcome in screening)


def test_the_question_that_matters_most_is_of_the_strongest_effect_and_the_most_stretches() -> None:
    assert screen().next_question is None
    assert asked_first(screen(None, Trial("side_bend", after="mild_increase"))) == "trials[0].after_lasted_min"
    assert asked_first(screen(otherwise=False)) == "pain_from_illness"


def _of_small(*rules: Rule) -> Screener:
    """A screener of the small rulebook with these rules alone."""
    return Screener(KnowledgeBase([evolve(SMALL_BOOK, rules=rules)]), engine="compiled")


def test_which_stretch_was_tried_is_asked_where_the_directive_depends_on_it() -> None:
    """A rule that is narrowed to some stretches, and acts on none, still decides the directive."""
    narrowed = evolve(
        SMALL_RULES["pain"],
        tried=AttributeSelector(stretches=("cat_cow",)),
        applies_to=Nothing(),
        effect=Effect.CONSULT,
    )
    screening = _of_small(narrowed).screen(Profile(trials=[Trial(felt="pain")]))
    assert (screening.at_best, screening.at_worst) == (Directive.PROCEED, Directive.CONSULT)
    assert screening.unanswered == ("trials[0].stretch",)
    assert not screening.undetermined
    assert screening.may_change == (0,)
    assert asked_first(screening) == "trials[0].stretch"


def test_which_stretch_was_tried_is_not_asked_where_it_changes_nothing() -> None:
    whichever = evolve(SMALL_RULES["pain"], effect=Effect.CONSULT)
    everything = evolve(SMALL_RULES["hamstrings"], applies_to=Everything())
    screening = _of_small(whichever, everything).screen(Profile({"sciatica": True}, [Trial()]))
    assert (screening.at_best, screening.at_worst) == (Directive.CARE, Directive.CONSULT)
    assert len(screening.avoided) == 3
    assert screening.unanswered == ("trials[0].felt",)


def test_a_rule_acts_on_what_it_names_on_all_if_it_stops_and_on_what_was_tried_if_it_names_nothing() -> None:
    nowhere = evolve(SMALL_RULES["hamstrings"], id="nowhere", applies_to=None)
    knowledge_base = KnowledgeBase([evolve(SMALL_BOOK, rules=(*SMALL_BOOK.rules, nowhere))])
    assert {scoped.rule.id: scoped.scope for scoped in knowledge_base.rules} == {
        "numbness": {"cat_cow", "toe_reach", "far_toe_reach"},
        "hamstrings": {"toe_reach", "far_toe_reach"},
        "pain": None,
        "nowhere": frozenset(),
        "in-person": {"far_toe_reach"},
        "weight": {"cat_cow", "toe_reach"},
        "sitting": {"cat_cow"},
    }


@pytest.mark.parametrize("stretch", ["cat_cow", None])
def test_which_stretch_was_tried_is_neither_cause_nor_question_of_a_rule_that_names_its_stretches(
    stretch: str | None,
) -> None:
    named = evolve(SMALL_RULES["pain"], applies_to=AttributeSelector(stretches=("toe_reach",)))
    (finding,) = _of_small(named).screen(Profile(trials=[Trial(stretch, felt="pain")])).findings
    assert finding.because == {"trials[0].felt": "pain"}
    assert finding.stretches == ("toe_reach",)
    assert not finding.unanswered


@pytest.mark.parametrize("otherwise", [True, False])
def test_stretches_are_listed_by_their_verdicts(otherwise: bool) -> None:
    screening = screen({"sciatica": True}, otherwise=otherwise)
    assert screening.verdicts == {outcome.id: outcome.verdict for outcome in screening}
    assert list(screening.verdicts) == list(SCREENER.knowledge_base.stretches)
    listed = (screening.allowed, screening.cautions, screening.avoided, screening.undetermined)
    assert listed == tuple(
        tuple(outcome.id for outcome in screening if outcome.verdict is verdict) for verdict in Verdict
    )
    assert bool(screening.allowed) == otherwise
    with pytest.raises(TypeError):
        screening.verdicts["cat_cow"] = Verdict.ALLOWED


def test_what_may_help_is_a_finding_and_no_warning() -> None:
    screening = screen({"sciatica": True}, Trial("cat_cow", felt="pain"))
    firing = [finding for finding in screening.findings if finding.certainty is Certainty.FIRES]
    assert list(screening.warnings) == [
        finding for finding in firing if finding.effect in {Effect.STOP, Effect.CONSULT, Effect.AVOID, Effect.CAUTION}
    ]
    assert Effect.RECOMMEND in {finding.effect for finding in firing}


def test_an_outcome_has_its_dose_and_the_findings_that_act_on_it() -> None:
    screening = screen({"sciatica": True, "scoliosis": None}, Trial("side_bend", felt="pain"))
    doses = {stretch.id: stretch.dose for stretch in SCREENER.knowledge_base.stretches.values()}
    assert len(screening.findings) > 3
    for outcome in screening:
        assert outcome.dose == doses[outcome.id]
        acting = [
            index for index, one in enumerate(screening.findings) if outcome.id in (*one.stretches, *one.may_act_on)
        ]
        assert list(outcome.findings) == acting


def test_only_rules_that_would_make_something_stricter_may_still_change_it() -> None:
    profile = Profile({"scoliosis": True})
    told = report(SCREENER.screen(profile))
    titles = {one.title for one in told.perhaps}
    assert "No weights while the pain comes from an injury" not in titles
    assert "No bending far backward with facet syndrome" not in titles
    assert len(titles) < len(SCREENER.screen(profile).findings)


def test_a_stretch_is_shown_as_not_proposed_where_the_catalogue_does_not_propose_it() -> None:
    profile = Profile(otherwise="no")
    told = report(SCREENER.screen(profile))
    (row,) = [row for _, _, rows in told.groups for row in rows if row.name == "Back extension"]
    assert row.notes == "not proposed"
    assert any(str(len(told.assumed)) in line for line in told.first)


def test_retired_rules_do_not_act_and_drafts_do() -> None:
    book = load_rulebooks("lower-back").books[0]
    retired = tuple(
        evolve(rule, status=Status.RETIRED) if rule.id == "hamstrings-with-sciatica" else rule for rule in book.rules
    )
    screening = Screener(KnowledgeBase([evolve(book, rules=retired, digest="sha256:retired")])).screen(
        Profile({"sciatica": True}, otherwise="no")
    )
    assert screening["standing_forward_bend"].verdict is Verdict.CAUTION


def test_what_is_no_profile_or_does_not_fit_is_refused_with_everything_that_is_wrong() -> None:
    with pytest.raises(ProfileError):
        SCREENER.screen({"sciatica": True})  # type: ignore[arg-type]
    with pytest.raises(ProfileError) as caught:
        SCREENER.screen(Profile({"siatica": True, "warm_up_min": 601}, [Trial("sidebend", felt="ouch")]))
    assert [diagnostic.nearest for diagnostic in caught.value.diagnostics] == ["sciatica", None, "side_bend", None]


def test_an_unknown_stretch_is_not_in_a_screening() -> None:
    with pytest.raises(KeyError):
        screen()["handstand"]


def test_screenings_that_say_different_things_differ() -> None:
    screenings = [
        screen({"sciatica": True}),
        screen({"sciatica": False}),
        screen({"sciatica": None}),
        screen(otherwise=False),
    ]
    assert screenings[0] != screenings[1]
    assert screenings[1] != screenings[2]
    assert len({hash(one) for one in screenings}) == len(screenings)
    assert screenings[0] == ANY  # what is no screening may say itself whether it is the same


def test_instead_of_a_stretch_there_is_neither_itself_nor_its_variation_nor_what_has_no_dose() -> None:
    cat_cow, toe_reach, *_ = SMALL_BOOK.stretches
    others = {
        "more": evolve(cat_cow, id="more"),
        "without_a_dose": evolve(cat_cow, id="without_a_dose", dose=None),
        "its_variation": evolve(cat_cow, id="its_variation", variation_of="cat_cow"),
        "elsewhere": evolve(cat_cow, id="elsewhere", targets=("neck",)),
        "most_alike": evolve(toe_reach, id="most_alike"),
    }
    catalogue = {"cat_cow": cat_cow, "toe_reach": toe_reach} | others
    assert [stretch.id for stretch in stand_ins(cat_cow, catalogue)] == ["toe_reach", "more", "most_alike"]
    assert [stretch.id for stretch in stand_ins(toe_reach, catalogue)] == [
        "most_alike",
        "cat_cow",
        "more",
        "its_variation",
    ]


def test_what_is_kept_of_a_screening_is_all_that_it_says() -> None:
    screening = screen({"sciatica": True})
    again = pickle.loads(pickle.dumps(screening))  # noqa: S301 - our own
    assert vars(again._details).keys() == {*PARTS}  # noqa: SLF001 - neither the profile nor the engine is in it


def test_what_was_carried_elsewhere_can_be_changed_and_says_what_it_said() -> None:
    screening = screen({"sciatica": True})
    again = evolve(pickle.loads(pickle.dumps(screening)), engine="another")  # noqa: S301 - our own
    assert again.engine == "another"
    assert (again.findings, again.stretches, again.unanswered, again.assumed) == (
        screening.findings,
        screening.stretches,
        screening.unanswered,
        screening.assumed,
    )


def test_a_finding_is_carried_elsewhere_whole_and_nobody_changes_its_answers() -> None:
    finding = screen({"sciatica": True}).warnings[0]
    for again in (pickle.loads(pickle.dumps(finding)), copy.deepcopy(finding), copy.copy(finding), evolve(finding)):  # noqa: S301 - our own
        assert again == finding
        assert hash(again) == hash(finding)
        assert again.because == {"sciatica": True}
        with pytest.raises(TypeError):
            again.because["sciatica"] = False
    mine = {"sciatica": True}
    changed = evolve(finding, because=mine)
    mine["sciatica"] = False
    assert changed == finding
    assert "because" not in repr(finding)


def test_a_copy_of_a_screener_screens_with_the_same_rulebooks() -> None:
    knowledge_base = KnowledgeBase([SMALL_BOOK])
    again = copy.deepcopy(Screener(knowledge_base, engine="compiled"))
    assert again.knowledge_base == knowledge_base
    assert again.engine == "compiled"


def test_the_schema_of_a_screening_is_there_to_be_read() -> None:
    schema = screening_schema()
    assert schema["properties"].keys() == screen().to_dict().keys()


def test_a_rule_alone_acts_even_if_it_is_retired() -> None:
    other = evolve(SMALL_BOOK, id="other", digest="sha256:other", rules=(SMALL_RULES["weight"],))
    retired = evolve(SMALL_RULES["hamstrings"], status=Status.RETIRED)
    knowledge_base = KnowledgeBase([evolve(SMALL_BOOK, rules=(retired, SMALL_RULES["pain"])), other])
    alone = knowledge_base.alone(retired)
    assert [(scoped.book, scoped.rule.id) for scoped in alone.rules] == [("small", retired.id)]
    assert alone.rules[0].rule == evolve(retired, status=Status.DRAFT)
    assert alone.digest == f"sha256:other/{retired.id}+{SMALL_BOOK.digest}/{retired.id}"
    assert [book.id for book in alone.books] == ["other", "small"]


def test_verdicts_are_ordered_by_strictness_and_undetermined_is_not() -> None:
    assert Verdict.ALLOWED < Verdict.CAUTION <= Verdict.CAUTION < Verdict.AVOID
    assert Directive.STOP > Directive.CONSULT >= Directive.CONSULT
    with pytest.raises(TypeError):
        assert Verdict.UNDETERMINED < Verdict.AVOID
    with pytest.raises(TypeError):
        assert Verdict.AVOID > Directive.CARE


@pytest.mark.parametrize("kind", [Certainty, Directive, Effect, Verdict])
def test_public_enumerations_equal_their_words(kind: type[Effect]) -> None:
    """They also serve as keys, print as their words and are written as JSON."""
    for member in kind:
        assert member == member.value == str(member)
        assert {member.value: 1}[member] == 1
        assert json.dumps({member: member}) == f'{{"{member.value}": "{member.value}"}}'
        assert pickle.loads(pickle.dumps(member)) is copy.copy(member) is kind(member.value) is member  # noqa: S301 - our own bytes


def test_effects_and_certainties_are_ordered_by_strength() -> None:
    """Never by the alphabet, in which `avoid` would be less than `caution`."""
    assert sorted(Effect, reverse=True) == list(Effect)
    assert Effect.STOP > Effect.CONSULT > Effect.AVOID > Effect.CAUTION > Effect.ADVISE
    assert Certainty.FIRES > Certainty.MAY_FIRE
    with pytest.raises(TypeError):
        assert Effect.STOP > "avoid"
    with pytest.raises(TypeError):
        assert Certainty.FIRES > Verdict.AVOID


def test_finding_compares_with_words(screener: Screener) -> None:
    """An application may write plain words throughout."""
    (finding,) = screener.screen(Profile({"chest_pain": True}, otherwise="no")).warnings[:1]
    assert (finding.effect, finding.directive, finding.certainty) == ("stop", "stop", "fires")


SIGNS = {
    "rulebook.yaml": (
        "{id: signs, title: Signs, summary: Signs, version: 1.0.0, language: en, looks_for_warning_signs: yes,"
        " documents: [{id: X, title: X}]}"
    ),
    "facts.yaml": "person: [{id: numb_saddle, type: flag, title: Numbness, question: Numb between the legs?}]",
    "stretches.yaml": "{}",
    "statements.yaml": "[{id: X1, document: X, where: here, says: Go., becomes: [rule]}]",
    "red-flags/numbness.yaml": (
        "{id: numbness, title: Stop, when: {numb_saddle: yes}, effect: stop, reason: Go., statements: [X1]}"
    ),
}


def test_two_rulebooks_are_screened_as_one() -> None:
    screener = Screener(KnowledgeBase([*load_rulebooks("lower-back").books, load_texts(SIGNS)]))
    stop = screener.screen(Profile({"numb_saddle": True}, otherwise="no"))
    assert stop.directive is Directive.STOP
    assert len(stop.avoided) == 20
    assert [book.id for book in stop.rulebooks] == ["signs", "lower-back"]
    assert stop.warnings[0].rulebook == "signs"
    unasked = screener.screen(Profile({"sciatica": True}))
    assert "numb_saddle" in unasked.unanswered
    assert not unasked.allowed


def test_a_report_says_may_help_only_where_something_still_may() -> None:
    def effects(profile: Profile) -> set[Effect]:
        return {reason.effect for reason in report(SCREENER.screen(profile)).reasons}

    sitting = {"pain_from_sitting": True}
    assert Effect.RECOMMEND in effects(Profile(sitting, otherwise="no"))
    assert Effect.RECOMMEND not in effects(Profile({**sitting, "unsure_what_to_do": True}, otherwise="no"))
    assert Effect.RECOMMEND not in effects(Profile(sitting, [Trial(after="mild_increase", after_lasted_min=60)], "no"))


# A screening as a collection


def test_screening_is_a_collection_of_outcomes(screener: Screener) -> None:
    """Ids are members, and so are the outcomes that iteration yields."""
    screening = screener.screen(Profile(otherwise="no"))
    assert "side_bend" in screening
    assert "handstand" not in screening
    assert all(outcome in screening and outcome.id in screening for outcome in screening)
    assert len(screening) == len(list(screening)) == len(screening.verdicts) == len(screening.stretches)
    assert isinstance(screening, Collection)


def test_membership_works_out_no_reasons(screener: Screener) -> None:
    """Only verdicts are needed, which are there at once."""
    screening = screener.screen(Profile(otherwise="no"))
    assert "side_bend" in screening
    assert len(screening) > 0
    assert "outcomes" not in vars(screening._details)  # noqa: SLF001 - computed details are kept there


def test_screening_without_stretches_is_true() -> None:
    """`if screening:` must not skip the directive of a rulebook that has no catalogue."""
    screening = Screener(load_rulebooks("red-flags")).screen(Profile({"chest_pain": True}))
    assert len(screening) == 0
    assert screening
    assert screening.directive == "stop"


@pytest.mark.parametrize("engine", ["durable", "compiled"])
def test_verdicts_and_causes_are_json(engine: Any) -> None:
    """On every engine, and after pickling and copying."""
    if engine == "durable":
        pytest.importorskip("durable")
    screening = Screener(engine=engine).screen(Profile({"sciatica": True}, otherwise="no"))
    for one in (screening, pickle.loads(pickle.dumps(screening)), copy.deepcopy(screening)):  # noqa: S301 - our own bytes
        assert json.loads(json.dumps(one.verdicts))["standing_forward_bend"] == "avoid"
        assert json.loads(json.dumps(one.warnings[0].because)) == {"sciatica": True}
        assert one == screening


@pytest.mark.parametrize(
    "change",
    [
        lambda shared: shared.__setitem__("side_bend", Verdict.ALLOWED),
        lambda shared: shared.__delitem__("side_bend"),
        lambda shared: shared.update(side_bend=Verdict.ALLOWED),
        lambda shared: shared.__ior__({"side_bend": Verdict.ALLOWED}),
        lambda shared: shared.setdefault("new", Verdict.ALLOWED),
        lambda shared: shared.pop("side_bend"),
        lambda shared: shared.popitem(),
        lambda shared: shared.clear(),
    ],
)
def test_shared_verdicts_cannot_be_changed(change: Callable[[Any], object]) -> None:
    """The compiled engine shares them between people."""
    screening = Screener(engine="compiled").screen(Profile(otherwise="no"))
    before = dict(screening.verdicts)
    with pytest.raises(TypeError):
        change(screening.verdicts)
    assert screening.verdicts == before


@pytest.mark.parametrize("engine", [None, "compiled"])
def test_findings_are_in_the_order_that_is_documented(engine: Any) -> None:
    """By effect, rulebook, rule and trial: of equal effects, a warning sign comes first whatever its rule is called."""
    trials = [Trial("side_bend", felt="pain"), Trial(felt="pain")]
    screening = Screener(engine=engine).screen(Profile(trials=trials))
    books = [book.id for book in screening.rulebooks]
    assert books == ["red-flags", "lower-back"]

    def place(finding: Finding) -> tuple[int, int, str, int]:
        return (
            finding.effect.rank,
            books.index(finding.rulebook),
            finding.rule,
            -1 if finding.trial is None else finding.trial,
        )

    assert list(screening.findings) == sorted(screening.findings, key=place)
    stops = [finding.name for finding in screening.findings if finding.effect == "stop"]
    assert stops != sorted(stops, key=lambda name: name.split("/")[1])
    assert [finding["rule"] for finding in screening.to_dict()["findings"]] == [
        finding.rule for finding in screening.findings
    ]


@pytest.mark.parametrize("engine", [None, "compiled"])
def test_advice_is_for_everybody_who_may_stretch(engine: Any) -> None:
    """Each sentence once, with its source, in the order of rulebooks; none where it says stop, or still could."""
    screener = Screener(engine=engine)
    screening = screener.screen(Profile({"sciatica": True}, otherwise="no"))
    assert [advice.rulebook for advice in screening.advice[:2]] == ["red-flags", "lower-back"]
    texts = [advice.text for advice in screening.advice]
    assert "Breathe steadily through your nose; do not hold your breath." in texts
    assert len(set(texts)) == len(texts)
    (breathing,) = [advice for advice in screening.advice if advice.text.startswith("Breathe")]
    assert breathing.source.statement == "C6"
    assert pickle.loads(pickle.dumps(screening)).advice == screening.advice  # noqa: S301 - our own bytes
    kept = screening.to_dict()
    assert [advice["text"] for advice in kept["advice"]] == texts
    jsonschema.validate(kept, screening_schema())
    for stopped in (
        Profile({"chest_pain": True}, otherwise="no"),
        Profile({"chest_pain": None}, otherwise="no"),
        Profile(),
    ):
        silent = screener.screen(stopped)
        assert silent.at_worst == "stop"
        assert silent.advice == ()
        assert silent.to_dict()["advice"] == []


def test_advice_of_two_rulebooks_is_given_once() -> None:
    """The first of the rulebooks is its source."""
    other = evolve(SMALL_BOOK, id="other", rules=())
    screening = Screener(KnowledgeBase([SMALL_BOOK, other])).screen(Profile(otherwise="no"))
    assert [(advice.rulebook, advice.text) for advice in screening.advice] == [("other", "Breathe steadily.")]


def test_stretch_outcomes_hash_by_content_and_are_shown_briefly() -> None:
    """Outcomes of equal screenings are equal keys."""
    one, other = (Screener("lower-back").screen(Profile({"sciatica": True}))["side_bend"] for _ in range(2))
    assert len({one, other}) == 1
    assert repr(one) == f"<StretchOutcome side_bend: {one.verdict.value}>"
