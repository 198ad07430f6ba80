"""Warning signs: each emergency sign alone says stop, and without signs the stretch rules decide alone."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from backscreen import Directive, Effect, Profile, Screener, Verdict
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.catalogue import Everything
from backscreen.model.facts import Number, Value
from backscreen.model.rules import Case, Fires, Rule
from backscreen.testing.random_people import answers, person, questionnaire
from tests.helpers.broken import changed
from tests.helpers.small import FACTS, HEAD, STRETCHES, Folder, Run, Texts

BOTH = load_rulebooks(tests=True)
SIGNS, STRETCHING = BOTH.books
ASKED = questionnaire(BOTH)
SCREENER = Screener(BOTH, engine="compiled")
EMERGENCIES = (
    "saddle_numbness",
    "bladder_or_bowel_change",
    "both_legs_symptoms",
    "weakness_getting_worse",
    "major_trauma",
    "chest_pain",
    "faint_or_confused",
    "pregnancy_warning_sign",
)
FIRING = [(rule, case) for rule in SIGNS.rules for case in rule.cases if case.expect.fires is Fires.YES]
PAIN_WEEKS = "  - {id: pain_weeks, type: flag, title: Weeks, question: Has it hurt for weeks?}\n"
PIGEON_POSE = (
    "  - {id: pigeon_pose, name: P, position: p, regions: [legs], targets: [neck], motions: [none],"
    " steps: [Do it.], statements: [A2]}\n"
)
SHARED = {fact.id for fact in SIGNS.person_facts} & {fact.id for fact in STRETCHING.person_facts}
NONE_OF_IT: dict[str, Value | None] = {
    fact.id: False for fact in SIGNS.person_facts if not isinstance(fact, Number) and fact.id not in SHARED
}
"""No sign at all; `age_years`, `pain_weeks` and what both rulebooks ask for (`sciatica`) by themselves say nothing."""


def somebody(random: Random, **also: Any) -> Profile:
    """Return a random person with these facts."""
    drawn = person(random, ASKED)
    return Profile({**drawn.facts, **also}, drawn.trials, drawn.otherwise)


def seeded(name: str) -> Random:
    """Return a generator whose seed is this name."""
    return Random(name)


@pytest.mark.parametrize("sign", EMERGENCIES)
def test_emergency_sign_alone_stops_everything(sign: str) -> None:
    """Whatever else is answered, the directive is stop and every stretch avoided."""
    random = seeded(sign)
    people = [
        Profile({sign: True}),
        Profile({**NONE_OF_IT, sign: True}),
        *(somebody(random, **{sign: True}) for _ in range(150)),
    ]
    for screening in map(SCREENER.screen, people):
        assert screening.directive is Directive.STOP
        assert set(screening.verdicts.values()) == {Verdict.AVOID}


def test_every_rule_is_about_every_stretch() -> None:
    """The rulebook has no stretches of its own by which its cases could show it."""
    assert {
        rule.id for rule in SIGNS.rules if not (rule.effect is Effect.STOP or rule.applies_to == Everything())
    } == set()


def test_list_of_lone_emergency_signs_is_complete() -> None:
    """No other fact alone makes a rule say stop."""
    alone = {
        rule.id: [case for case in rule.cases if case.expect.fires is Fires.YES and len(case.given.facts) == 1]
        for rule in SIGNS.rules
    }
    stopping = {
        name
        for rule in SIGNS.rules
        if rule.effect is Effect.STOP
        for case in alone[rule.id]
        for name in case.given.facts
    }
    assert stopping == set(EMERGENCIES)


@pytest.mark.parametrize(("rule", "case"), FIRING, ids=lambda one: one.id if isinstance(one, Rule) else "")
def test_firing_rule_stays_strict_with_any_answer(rule: Rule, case: Case) -> None:
    """Other answers never weaken a sign that fires."""
    random = seeded(case.name)
    least = Directive.STOP if rule.effect is Effect.STOP else Directive.CONSULT
    for _ in range(15):
        screening = SCREENER.screen(somebody(random, **case.given.facts))
        assert screening.at_best >= least
        assert not screening.allowed
        assert rule.effect is not Effect.STOP or set(screening.verdicts.values()) == {Verdict.AVOID}


def test_absent_signs_leave_the_stretch_rules_alone() -> None:
    """Without signs, the screening is that of the stretch rules alone."""
    random, alone = seeded("none"), Screener("lower-back", engine="compiled")
    names = {fact.id: ASKED.person[fact.id] for fact in STRETCHING.person_facts}
    for _ in range(200):
        drawn = person(random, ASKED)
        own = answers(random, names)
        spans = {
            "age_years": random.randint(0, 110),
            "pain_weeks": random.randint(0, 500),
            "cleared_for_this_pain": random.random() < 0.5,
        }
        both = SCREENER.screen(Profile({**NONE_OF_IT, **spans, **own}, drawn.trials, drawn.otherwise)).to_dict()
        one = alone.screen(Profile(own, drawn.trials, drawn.otherwise)).to_dict()
        both["advice"] = [advice for advice in both["advice"] if advice["rulebook"] != "red-flags"]
        for screening in (both, one):
            for key in ("rulebooks", "facts", "notices"):  # which name the rulebooks, their words and their signs
                del screening[key]
        assert both == one


def test_clearance_silences_no_emergency() -> None:
    """A doctor's permission to stretch changes no stop."""
    random = seeded("cleared")
    for _ in range(300):
        drawn = somebody(random)
        ends = [
            (screening.directive is Directive.STOP, screening.at_worst is Directive.STOP)
            for cleared in (True, False)
            for screening in [
                SCREENER.screen(
                    Profile({**drawn.facts, "cleared_for_this_pain": cleared}, drawn.trials, drawn.otherwise)
                )
            ]
        ]
        assert ends[0] == ends[1]


def test_added_rulebook_only_restricts() -> None:
    """With a second rulebook, nothing is looser than without it."""
    random, alone = seeded("added"), Screener("lower-back", engine="compiled")
    own = {fact.id for fact in STRETCHING.person_facts}
    for _ in range(300):
        drawn = somebody(random)
        both, one = (
            SCREENER.screen(drawn),
            alone.screen(
                Profile({name: drawn.facts[name] for name in drawn.facts if name in own}, drawn.trials, drawn.otherwise)
            ),
        )
        assert both.at_best >= one.at_best
        assert both.at_worst >= one.at_worst
        for outcome in one:
            assert both[outcome.id].at_best >= outcome.at_best
            assert both[outcome.id].at_worst >= outcome.at_worst


def test_warning_signs_come_first() -> None:
    """Their questions and findings come before all others."""
    screening = SCREENER.screen(Profile())
    signs = {fact.id for fact in SIGNS.person_facts}
    asked = [place in signs for place in screening.unanswered]
    assert asked == sorted(asked, reverse=True)
    told = SCREENER.screen(Profile({"fever_or_chills": True, "herniated_disc": True}, otherwise="no")).warnings
    assert [finding.name for finding in told if finding.effect is Effect.CONSULT] == [
        "red-flags/fever-with-back-pain",
        "lower-back/technique-for-a-herniated-disc",
    ]


def test_order_of_rulebooks_changes_no_output(run: Run) -> None:
    """Either order prints what the default prints."""
    said = {
        run("screen", "--rules", one, "--rules", other, "--has", "sciatica").out
        for one, other in (("red-flags", "lower-back"), ("lower-back", "red-flags"))
    }
    assert said == {run("screen", "--has", "sciatica").out}


@pytest.mark.parametrize(
    ("edit", "places"),
    [
        (
            lambda texts: changed(texts, FACTS, ("trial:\n", f"{PAIN_WEEKS}trial:\n")),
            [f"{FACTS}:", "rules/red-flags/facts.yaml:"],
        ),
        (
            lambda texts: texts | {STRETCHES: texts[STRETCHES] + PIGEON_POSE},
            [f"{STRETCHES}:", "rules/lower-back/stretches.yaml:"],
        ),
        (
            lambda texts: (
                texts
                | {"stops/chest-pain.yaml": texts["stops/numbness.yaml"].replace("id: numbness", "id: chest-pain")}
            ),
            ["stops/chest-pain.yaml:1:1", "rules/red-flags/emergencies/chest-pain.yaml:"],
        ),
        (
            lambda texts: changed(texts, HEAD, ("documents:", "retired_ids: [chest_pain]\ndocuments:")),
            ["rules/red-flags/facts.yaml:", "mine"],
        ),
    ],
    ids=["a fact of another type", "a stretch", "the id of a rule", "a retired id"],
)
def test_clashing_third_rulebook_is_refused(
    run: Run, folder: Folder, small: Texts, edit: Callable[[Texts], Texts], places: list[str]
) -> None:
    """The error names both places of the clash."""
    apart = {
        name: text.replace("sciatica", "nerve_pain").replace("cat_cow", "the_cat")
        for name, text in small.items()
        if name != "scenarios.yaml"
    }
    apart = {
        name: text.replace("id: felt\n", "id: sensed\n")
        .replace("trial.felt", "trial.sensed")
        .replace("felt: pain", "sensed: pain")
        for name, text in apart.items()
    }
    apart = {name: text.replace("[felt]", "[sensed]").replace("felt:", "sensed:") for name, text in apart.items()}
    ran = run("screen", "--rules", "lower-back", "--rules", "red-flags", "--rules", folder(edit(apart)))
    assert (ran.code, ran.out) == (2, "")
    assert all(place in ran.err for place in places), ran.err
