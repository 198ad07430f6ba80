"""The laws of the meaning, on random rulebooks and random people."""

from __future__ import annotations

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from backscreen import Certainty, Directive, Effect, Profile, Screener, Trial, Verdict, screening_schema, testing
from backscreen.rulebook.facts import TRIAL
from backscreen.rulebook.rulebook import Guidance
from backscreen.screening.answers import situation

MANY = settings(deadline=None)
SCHEMA = jsonschema.Draft202012Validator(screening_schema())


@st.composite
def rulebooks_and_people(draw: st.DrawFn) -> tuple[Guidance, Profile]:
    guidance = draw(testing.rulebooks())
    return guidance, draw(testing.profiles(guidance))


@MANY
@given(rulebooks_and_people())
def test_every_engine_agrees_with_the_reference(drawn: tuple[Guidance, Profile]) -> None:
    testing.assert_engines_agree(*drawn)


@MANY
@given(rulebooks_and_people())
def test_order_and_repetition_change_no_verdict(drawn: tuple[Guidance, Profile]) -> None:
    testing.assert_order_changes_nothing(*drawn)


@MANY
@given(rulebooks_and_people())
def test_a_restricting_rule_never_loosens_a_verdict(drawn: tuple[Guidance, Profile]) -> None:
    testing.assert_restrictions_never_loosen(*drawn)


@MANY
@given(st.data())
def test_an_answer_never_leaves_the_bounds(data: st.DataObject) -> None:
    guidance, profile = data.draw(rulebooks_and_people())
    testing.assert_answers_stay_within_bounds(guidance, explicit(guidance, profile), data.draw(testing.more_answered(guidance, profile)))


def explicit(guidance: Guidance, profile: Profile) -> Profile:
    """The profile with what it assumes given as answers, which further answers then leave in place."""
    known = situation(guidance, profile)
    trials = [
        Trial(trial.stretch, **{name: subject.answers[TRIAL + name] for name in guidance.trial_facts if TRIAL + name in subject.answers})
        for trial, subject in zip(profile.trials, known.trials, strict=True)
    ]
    return Profile(known.person.answers, trials)


@MANY
@given(rulebooks_and_people())
def test_a_screening_keeps_its_word(drawn: tuple[Guidance, Profile]) -> None:
    """Settled exactly where nothing is unanswered; every finding with its causes and a source; `instead` only what is better."""
    guidance, profile = drawn
    screening = Screener(guidance, engine="compiled").screen(profile)
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
    ranks = [(finding.effect.rank, finding.rule, -1 if finding.trial is None else finding.trial) for finding in screening.findings]
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


def test_random_rulebooks_and_people_reach_what_matters() -> None:
    """Rules that fire, may fire and do not; unknown stretches; stops; narrowing; nested conditions; both sides of a number."""
    seen: set[str] = set()

    @settings(max_examples=400, deadline=None, database=None, derandomize=True)
    @given(rulebooks_and_people())
    def look(drawn: tuple[Guidance, Profile]) -> None:
        guidance, profile = drawn
        screening = Screener(guidance, engine="compiled").screen(profile)
        seen.update(f"{finding.certainty} {finding.effect.value}" for finding in screening.findings)
        seen.update(f"verdict {outcome.verdict}" for outcome in screening)
        seen.add(f"directive {screening.directive}")
        seen.update("stretch unknown" for trial in profile.trials if trial.stretch is None)
        seen.update("narrowed" for placed in guidance.rules if placed.tried is not None)
        seen.update("nested" for placed in guidance.rules if "Not(part=A" in repr(placed.rule.when))
        seen.update("instead" for outcome in screening if outcome.instead)
        seen.update("recommended" for outcome in screening if outcome.recommended)
        seen.update("unneeded" for outcome in screening if outcome.unneeded)
        seen.update("assumed" for _ in screening.assumed)
        for name, spec in guidance.person_facts.items():
            ends = testing.thresholds(guidance, name)
            seen.update("threshold" for _ in [spec] if profile.facts.get(name) in ends)
        if not screening.unanswered:
            seen.add("settled")

    look()
    wanted = {f"{certainty} {effect.value}" for certainty in ("fires", "may_fire") for effect in Effect}
    wanted |= {f"verdict {verdict}" for verdict in Verdict} | {f"directive {directive}" for directive in Directive}
    wanted |= {"stretch unknown", "narrowed", "nested", "instead", "recommended", "unneeded", "assumed", "settled", "threshold"}
    assert wanted <= seen
