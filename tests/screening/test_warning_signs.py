"""Warnings of a report: which are shown, and to whom."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from backscreen import Directive, Effect, Finding, Profile, Screener, Screening, Trial
from backscreen.loading.rulebook_files import load_texts
from backscreen.model.facts import Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.rendering.report import report
from backscreen.screening import warning_signs
from backscreen.wording.notices import NoticeCode
from tests.helpers.broken import changed
from tests.helpers.small import BENEFIT, CAUTION, HEAD, PAIN, SCENARIOS, STOP, Texts

LOOKS = ("looks_for_warning_signs: no", "looks_for_warning_signs: yes")
ALL_NO: dict[str, Value] = {
    "sciatica": False,
    "numbness": False,
    "from_sitting": False,
    "excess_lb": 0,
    "build": "medium",
}


def stops(small: Texts, *whens: str) -> KnowledgeBase:
    """The small rulebook with rules that say stop under these conditions instead of its own."""
    texts = {file: text for file, text in small.items() if file not in (STOP, SCENARIOS)}
    for number, when in enumerate(whens):
        texts[f"stops/s{number}.yaml"] = (
            small[STOP].replace("id: numbness", f"id: s{number}").replace("{numbness: yes}", when)
        )
    return KnowledgeBase([load_texts(texts)])


def screened(
    knowledge_base: KnowledgeBase,
    facts: Mapping[str, Value | None],
    otherwise: str = "no",
    trials: list[Trial] | None = None,
) -> tuple[Profile, Screening]:
    profile = Profile(facts, trials or [], otherwise)  # type: ignore[arg-type]
    return profile, Screener(knowledge_base, engine="compiled").screen(profile)


def assumed_signs(screening: Screening, knowledge_base: KnowledgeBase) -> tuple[str, ...]:
    return warning_signs.assumed_signs(knowledge_base, screening._details.bounds, screening.assumed)  # noqa: SLF001 - notices say less


def emergencies(screening: Screening) -> tuple[str, ...]:
    return next((notice.facts for notice in screening.notices if notice.code == "assumed-emergency-signs"), ())


def closing_notice(screening: Screening) -> NoticeCode | None:
    codes = [notice.code for notice in screening.notices if notice.code.startswith("warning-signs-")]
    assert len(codes) <= 1
    return codes[0] if codes else None


def is_reason(finding: Finding, screening: Screening) -> bool:
    return screening.findings.index(finding) in screening.reasons


# Signs that were assumed to be absent


def test_a_possible_stop_hides_no_assumed_sign(small: Texts) -> None:
    """A sign that was assumed to be absent is shown while a stop is possible, and not only if none is."""
    knowledge_base = stops(small, "{numbness: yes}", "{from_sitting: yes}")
    _, screening = screened(knowledge_base, {"numbness": None})
    assert (screening.at_best < Directive.STOP, screening.at_worst) == (True, Directive.STOP)
    assert assumed_signs(screening, knowledge_base) == ("from_sitting",)
    assert [line for line in report(screening).urgent if line.endswith(": Pain from sitting.")]


def test_a_certain_stop_needs_no_assumed_signs(small: Texts) -> None:
    """Where it is stop whatever else is answered, no assumed sign is shown."""
    knowledge_base = stops(small, "{numbness: yes}", "{from_sitting: yes}")
    assert assumed_signs(screened(knowledge_base, {"numbness": True})[1], knowledge_base) == ()
    assert assumed_signs(screened(knowledge_base, {})[1], knowledge_base) == ("numbness", "from_sitting")


def test_facts_that_stop_no_one_are_no_signs(small: Texts) -> None:
    """Signs are the facts that rules with a stop read, and all of a rulebook that looks for warning signs."""
    assert assumed_signs(screened(stops(small), {})[1], stops(small)) == ()
    trial_only = stops(small, "{trial.felt: pain, from_sitting: yes}")
    assert assumed_signs(screened(trial_only, {}, trials=[Trial("cat_cow")])[1], trial_only) == ()
    looking = stops(changed(small, HEAD, LOOKS), "{numbness: yes}")
    assert assumed_signs(screened(looking, {"sciatica": False})[1], looking) == (
        "numbness",
        "from_sitting",
        "excess_lb",
        "build",
    )


# Which of them are signs of an emergency


@pytest.mark.parametrize(
    ("when", "facts", "expected"),
    [
        ("{numbness: yes}", {}, ("numbness",)),
        ("{numbness: yes, sciatica: yes}", {}, ()),
        ("{numbness: yes, sciatica: yes}", {"sciatica": True}, ("numbness",)),
        ("{any: [{numbness: yes}, {build: heavy}]}", {}, ("numbness", "build")),
        ("{not: {numbness: no}}", {}, ("numbness",)),
        ("{excess_lb: {at_least: 300}}", {}, ("excess_lb",)),
        ("{excess_lb: {at_least: 300, at_most: 310}}", {}, ("excess_lb",)),
        ("{excess_lb: {at_least: 1, at_most: 2}}", {}, ("excess_lb",)),
        ("{not: {excess_lb: {at_most: 999}}}", {}, ("excess_lb",)),
        ("{excess_lb: {at_least: 300}, numbness: yes}", {}, ()),
        ("{all: [{excess_lb: {at_least: 5}}, {not: {excess_lb: {at_least: 1000}}}]}", {}, ("excess_lb",)),
    ],
)
def test_emergencies_are_one_answer_away(
    small: Texts, when: str, facts: dict[str, Value], expected: tuple[str, ...]
) -> None:
    """A sign of an emergency is one of which another answer alone would say stop, as the rest is answered."""
    knowledge_base = stops(small, when)
    _, screening = screened(knowledge_base, facts)
    assert emergencies(screening) == expected


def test_every_stop_can_make_an_emergency(small: Texts) -> None:
    """Each of several rules is looked at, and a sign is named once."""
    knowledge_base = stops(small, "{sciatica: yes, numbness: yes}", "{build: heavy}", "{build: slight}")
    _, screening = screened(knowledge_base, {})
    assert emergencies(screening) == ("build",)


# The closing line


@pytest.mark.parametrize(
    ("facts", "otherwise", "expected"),
    [
        ({}, "unknown", NoticeCode.WARNING_SIGNS_OPEN),
        ({}, "no", NoticeCode.WARNING_SIGNS_OPEN),
        ({"numbness": True}, "no", NoticeCode.WARNING_SIGNS_OPEN),
        (ALL_NO, "no", NoticeCode.WARNING_SIGNS_LATER),
        ({**ALL_NO, "numbness": True}, "no", None),
        ({"numbness": True, "sciatica": False}, "unknown", None),
    ],
)
def test_the_notice_says_how_far_signs_were_asked(
    small: Texts, facts: dict[str, Value], otherwise: str, expected: NoticeCode | None
) -> None:
    """The notice tells open questions from answered ones, and a stop needs none."""
    knowledge_base = stops(changed(small, HEAD, LOOKS), "{numbness: yes}")
    _, screening = screened(knowledge_base, facts, otherwise)
    assert closing_notice(screening) is expected


def test_the_notice_stays_while_a_stop_is_only_possible(small: Texts) -> None:
    """A stop that a trial may still bring is no reason to leave the notice out."""
    knowledge_base = stops(changed(small, HEAD, LOOKS), "{trial.felt: pain}")
    _, screening = screened(knowledge_base, ALL_NO, "unknown", [Trial("cat_cow")])
    assert (screening.at_best < Directive.STOP, screening.at_worst) == (True, Directive.STOP)
    assert closing_notice(screening) is NoticeCode.WARNING_SIGNS_LATER


def test_a_rulebook_that_looks_for_no_signs_says_so(small: Texts) -> None:
    """Where no rulebook looks for warning signs, the notice says so, even under a stop."""
    knowledge_base = stops(small, "{numbness: yes}")
    assert closing_notice(screened(knowledge_base, {"numbness": True})[1]) is NoticeCode.WARNING_SIGNS_NOT_ASKED
    assert closing_notice(screened(knowledge_base, ALL_NO)[1]) is NoticeCode.WARNING_SIGNS_NOT_ASKED


# Reasons


def test_only_reasons_of_the_directive_lead(small: Texts) -> None:
    """Reasons of stop, or else of consult, lead; those of lesser effects or of rules that only may fire do not."""
    knowledge_base = stops(changed(small, CAUTION, ("effect: caution", "effect: consult")), "{numbness: yes}")

    def led(facts: Mapping[str, Value | None], otherwise: str = "no") -> list[str]:
        screening = screened(knowledge_base, facts, otherwise)[1]
        return [screening.findings[index].rule for index in screening.leading]

    assert led({"numbness": True, "excess_lb": 60, "sciatica": True}) == ["s0"]
    assert led({"excess_lb": 60, "sciatica": True}) == ["weight"]
    assert led({"excess_lb": 60}, "unknown") == ["weight"]
    assert led({"sciatica": True}) == []


def test_reasons_are_the_findings_that_fire(small: Texts) -> None:
    """A finding is a reason if its rule fires, and a recommendation only while it is still made."""
    knowledge_base = stops(small, "{numbness: yes}")
    facts = {"from_sitting": True, "sciatica": True, "excess_lb": None}
    _, screening = screened(knowledge_base, facts)
    shown = {finding.rule: is_reason(finding, screening) for finding in screening.findings}
    assert shown == {"hamstrings": True, "weight": False, "in-person": True, "sitting": False}
    _, settled = screened(knowledge_base, {**facts, "excess_lb": 0})
    assert {finding.rule for finding in settled.findings if is_reason(finding, settled)} == {
        "hamstrings",
        "in-person",
        "sitting",
    }


def test_one_stretch_is_enough_to_recommend(small: Texts) -> None:
    """A recommendation is a reason once its rule fires and while it is made for one of its stretches."""
    small = changed(small, BENEFIT, ("{stretches: [cat_cow]}", "{stretches: [cat_cow, toe_reach]}"))
    small[PAIN] = small[PAIN].partition("cases:")[0]
    knowledge_base = stops(small, "{numbness: yes}")
    _, screening = screened(knowledge_base, {"from_sitting": True, "sciatica": True})
    assert [is_reason(finding, screening) for finding in screening.findings if finding.effect is Effect.RECOMMEND] == [
        True
    ]
    _, open_ = screened(knowledge_base, {**ALL_NO, "from_sitting": None})
    assert [is_reason(finding, open_) for finding in open_.findings if finding.effect is Effect.RECOMMEND] == [False]
