"""The laws of the meaning, on random rulebooks and random people."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import jsonschema
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from backscreen import Certainty, Directive, Effect, Profile, Screener, Verdict, screening_schema, testing
from backscreen.loading.rulebook_files import load_texts
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.testing import random_people, random_rulebooks

MANY = settings(deadline=None)
SCHEMA = jsonschema.Draft202012Validator(screening_schema())


@st.composite
def rulebooks_and_people(draw: st.DrawFn) -> tuple[KnowledgeBase, Profile]:
    """Draw a random rulebook and a person for it."""
    knowledge_base = draw(testing.rulebooks())
    return knowledge_base, draw(testing.profiles(knowledge_base))


@MANY
@given(rulebooks_and_people())
def test_engines_agree_with_the_reference(drawn: tuple[KnowledgeBase, Profile]) -> None:
    """On every rulebook and person, rules and verdicts are those of the reference."""
    testing.assert_engines_agree(*drawn)


@MANY
@given(rulebooks_and_people())
def test_order_and_repetition_change_no_verdict(drawn: tuple[KnowledgeBase, Profile]) -> None:
    """Neither the order of anything nor its repetition changes a verdict."""
    testing.assert_order_changes_nothing(*drawn)


@MANY
@given(rulebooks_and_people())
def test_restriction_never_loosens_a_verdict(drawn: tuple[KnowledgeBase, Profile]) -> None:
    """One more restricting rule makes no verdict looser."""
    testing.assert_restrictions_never_loosen(*drawn)


@MANY
@given(st.data())
def test_answer_never_leaves_the_bounds(data: st.DataObject) -> None:
    """With more answers, every verdict stays within its bounds."""
    knowledge_base, profile = data.draw(rulebooks_and_people())
    testing.assert_answers_stay_within_bounds(
        knowledge_base, profile, data.draw(testing.more_answered(knowledge_base, profile))
    )


def test_open_question_never_leaves_the_bounds() -> None:
    """Under `otherwise: no`, every answer to every open question stays within the bounds."""
    answered = 0
    for seed in range(150):
        random = Random(seed)
        knowledge_base = KnowledgeBase([load_texts(random_rulebooks.texts(random_rulebooks.rulebook(random)))])
        screener, possible = Screener(knowledge_base, engine="compiled"), random_people.questionnaire(knowledge_base)
        for _ in range(20):
            profile = assuming_no(random_people.person(random, possible))
            for place in screener.screen(profile).unanswered:
                for other in answers_to(place, profile, possible):
                    testing.assert_answers_stay_within_bounds(knowledge_base, profile, other)
                    answered += 1
    assert answered > 1000


def assuming_no(profile: Profile) -> Profile:
    """Return the profile under `otherwise: no`, with the same facts left open and unsure."""
    return evolve(profile, otherwise="no")


def answers_to(place: str, profile: Profile, possible: random_people.Questionnaire) -> Iterator[Profile]:
    """Yield the profile with each decisive answer to the question at a place."""
    if not place.startswith("trials["):
        for value in possible.person[place].decisive:
            yield evolve(profile, facts={**profile.facts, place: value})
        return
    index, name = place.removeprefix("trials[").split("].")
    trial: Any = profile.trials[int(index)]  # mypy knows no facts of a trial
    values = possible.stretches if name == "stretch" else possible.trial[name].decisive
    others = [evolve(trial, **{name: value}) for value in values]
    for other in others:
        trials = [*profile.trials]
        trials[int(index)] = other
        yield evolve(profile, trials=trials)


@MANY
@given(rulebooks_and_people())
def test_screening_is_consistent(drawn: tuple[KnowledgeBase, Profile]) -> None:
    """Settled means nothing unanswered; every finding has causes and a source; `instead` is always better."""
    knowledge_base, profile = drawn
    screening = Screener(knowledge_base, engine="compiled").screen(profile)
    SCHEMA.validate(screening.to_dict())
    settled = screening.directive is not Directive.UNDETERMINED and not screening.undetermined
    assert settled == (not screening.unanswered)
    assert set(screening.unanswered).isdisjoint(screening.assumed)
    known = profile.places()
    for finding in screening.findings:
        assert finding.sources
        assert finding.reason
        assert all(known[place] == value for place, value in finding.because.items() if place not in screening.assumed)
        assert set(finding.stretches).isdisjoint(finding.may_act_on)
        if finding.certainty is Certainty.FIRES:
            assert finding.because
        else:
            assert finding.unanswered
            assert not finding.stretches
    ranks = [
        (finding.effect.rank, finding.rule, -1 if finding.trial is None else finding.trial)
        for finding in screening.findings
    ]
    assert ranks == sorted(ranks)
    for outcome in screening:
        assert (outcome.verdict is Verdict.UNDETERMINED) == bool(outcome.unanswered)
        assert outcome.at_best <= outcome.at_worst
        for name in outcome.instead:
            assert screening[name].verdict is not Verdict.UNDETERMINED
            assert screening[name].verdict < outcome.at_worst
            assert not screening[name].unneeded
        if outcome.recommended:
            assert outcome.verdict in {Verdict.ALLOWED, Verdict.CAUTION}
            assert screening.at_worst < Directive.CONSULT
        if Effect.STOP in [screening.findings[index].effect for index in outcome.findings]:
            assert outcome.at_worst is Verdict.AVOID


def test_random_cases_reach_what_matters() -> None:
    """Firing, possible and silent rules, unknown stretches, stops, nested conditions, both sides of a number."""
    seen: set[str] = set()

    @settings(max_examples=400, deadline=None, database=None, derandomize=True)
    @given(rulebooks_and_people())
    def look(drawn: tuple[KnowledgeBase, Profile]) -> None:
        knowledge_base, profile = drawn
        screening = Screener(knowledge_base, engine="compiled").screen(profile)
        seen.update(f"{finding.certainty} {finding.effect.value}" for finding in screening.findings)
        seen.update(f"verdict {outcome.verdict}" for outcome in screening)
        seen.add(f"directive {screening.directive}")
        seen.update("stretch unknown" for trial in profile.trials if trial.stretch is None)
        seen.update("narrowed" for scoped in knowledge_base.rules if scoped.tried is not None)
        seen.update("nested" for scoped in knowledge_base.rules if "Not(part=A" in repr(scoped.rule.when))
        seen.update("instead" for outcome in screening if outcome.instead)
        seen.update("recommended" for outcome in screening if outcome.recommended)
        seen.update("unneeded" for outcome in screening if outcome.unneeded)
        seen.update("assumed" for _ in screening.assumed)
        for name, spec in knowledge_base.person_facts.items():
            ends = testing.thresholds(knowledge_base, name)
            seen.update("threshold" for _ in [spec] if profile.facts.get(name) in ends)
        if not screening.unanswered:
            seen.add("settled")

    look()
    wanted = {f"{certainty} {effect.value}" for certainty in ("fires", "may_fire") for effect in Effect}
    wanted |= {f"verdict {verdict}" for verdict in Verdict} | {f"directive {directive}" for directive in Directive}
    wanted |= {
        "stretch unknown",
        "narrowed",
        "nested",
        "instead",
        "recommended",
        "unneeded",
        "assumed",
        "settled",
        "threshold",
    }
    assert wanted <= seen
