"""The shipped rulebook's own laws, for every person that Hypothesis can think of."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backscreen import Directive, Profile, Screener, Trial, Verdict, testing
from backscreen.authoring.cases.coverage import statement_coverage
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.conditions import ALWAYS, Within, atoms
from backscreen.model.effects import Effect
from backscreen.model.facts import TRIAL
from backscreen.model.rules import Fires

KNOWLEDGE_BASE = load_rulebooks("lower-back", tests=True)
SCREENER = Screener("lower-back")
BOOK = KNOWLEDGE_BASE.books[0]
PEOPLE = testing.profiles(KNOWLEDGE_BASE)
MANY = settings(deadline=None)


def _avoided(profile: Profile, stretches: Iterable[str]) -> None:
    """Assert that these stretches are avoided, not recommended and never proposed instead."""
    screening = SCREENER.screen(profile)
    assert screening.fault is None
    for name in stretches:
        assert screening[name].verdict is Verdict.AVOID, name
        assert not screening[name].recommended
    proposed = {name for outcome in screening for name in outcome.instead}
    assert proposed.isdisjoint(stretches)


def _having(**wanted: str) -> list[str]:
    """Return the ids of the stretches with this value of an attribute."""
    ((attribute, value),) = wanted.items()
    return [stretch.id for stretch in BOOK.stretches if value in getattr(stretch, attribute)]


def _with(profile: Profile, fact: str) -> Profile:
    """Return the profile with one more flag that is yes."""
    return Profile({**profile.facts, fact: True}, profile.trials, profile.otherwise)


@MANY
@given(PEOPLE)
def test_sciatica_rules_out_hamstrings(person: Profile) -> None:
    """Every stretch of the hamstrings is avoided."""
    _avoided(_with(person, "sciatica"), _having(targets="hamstrings"))


@MANY
@given(PEOPLE)
def test_facet_syndrome_rules_out_hyperextension(person: Profile) -> None:
    """Every stretch that bends far back is avoided."""
    _avoided(_with(person, "facet_syndrome"), _having(motions="hyperextension"))


@MANY
@given(
    PEOPLE,
    st.sampled_from(["mild_increase", "intense_increase"]),
    st.integers(60, 100_000),
    st.none() | st.sampled_from([*KNOWLEDGE_BASE.stretches]),
)
def test_increase_of_an_hour_stops_everything(person: Profile, after: str, minutes: int, stretch: str | None) -> None:
    """More pain for an hour after any stretch means stop."""
    trials = (*person.trials, Trial(stretch, after=after, after_lasted_min=minutes))
    screening = SCREENER.screen(Profile(person.facts, trials, person.otherwise))
    assert screening.directive is Directive.STOP
    assert len(screening.avoided) == len(KNOWLEDGE_BASE.stretches)


@MANY
@given(PEOPLE, st.sampled_from(["scoliosis", "piriformis_syndrome", "sacroiliac_joint_disorder"]))
def test_scoliosis_and_others_rule_out_the_lower_back(person: Profile, fact: str) -> None:
    """Every stretch of the lower back is avoided."""
    _avoided(_with(person, fact), _having(regions="lower_back"))


@MANY
@given(PEOPLE, st.sampled_from([*KNOWLEDGE_BASE.stretches]))
def test_stretch_that_hurt_is_avoided(person: Profile, stretch: str) -> None:
    """A stretch on which somebody felt pain is avoided."""
    _avoided(Profile(person.facts, (*person.trials, Trial(stretch, felt="pain")), person.otherwise), [stretch])


@MANY
@given(PEOPLE)
def test_engines_agree_on_the_shipped_rulebook(person: Profile) -> None:
    """Rules and verdicts are those of the reference."""
    testing.assert_engines_agree(KNOWLEDGE_BASE, person)


@MANY
@given(st.data())
def test_answers_stay_within_the_shipped_bounds(data: st.DataObject) -> None:
    """With more answers, every verdict stays within its bounds."""
    person = data.draw(PEOPLE)
    assume(person.otherwise == "unknown")
    testing.assert_answers_stay_within_bounds(
        KNOWLEDGE_BASE, person, data.draw(testing.more_answered(KNOWLEDGE_BASE, person))
    )


def test_shipped_rulebook_is_complete() -> None:
    """Stretches, statements of the five documents and scenarios are all there and covered."""
    assert len(BOOK.stretches) == 20
    assert len(BOOK.statements) == 76
    assert len(BOOK.scenarios) >= 25
    assert [len([one for one in BOOK.statements if one.document == name]) for name in "ABCDE"] == [10, 19, 17, 18, 12]
    assert all(statement.is_covered for statement in statement_coverage(KNOWLEDGE_BASE))


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_rules_have_cases_of_every_outcome(rule) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Each rule has cases that fire, that do not and that are unknown, and each limit is tried."""
    outcomes = {case.expect.fires for case in rule.cases}
    assert Fires.YES in outcomes
    if rule.when == ALWAYS:
        return
    assert {Fires.NO, Fires.UNKNOWN} <= outcomes
    for atom in atoms(rule.when):
        name = atom.fact.removeprefix(TRIAL)
        unknown = [
            case
            for case in rule.cases
            if case.expect.fires is not Fires.NO and _lacks(case.given, name, of_trial=atom.fact.startswith(TRIAL))
        ]
        assert unknown, f"no case with {atom.fact} unknown"
        if isinstance(atom, Within):
            tried = {value for case in rule.cases for value in _values(case.given, name)}
            assert testing.thresholds(KNOWLEDGE_BASE, atom.fact) & tried >= {
                end + side for end, side in ((atom.low, -1), (atom.high, 1)) if end is not None for side in (0, side)
            }


def _lacks(given_: Profile, name: str, *, of_trial: bool) -> bool:
    """Return whether the fact is unknown in a profile."""
    if of_trial:
        return any(name not in trial.facts for trial in given_.trials)
    return name not in given_.facts and given_.otherwise == "unknown"


def _values(given_: Profile, name: str) -> set[object]:
    """Return the answers to a fact in a profile and its trials."""
    return {answers[name] for answers in (given_.facts, *(trial.facts for trial in given_.trials)) if name in answers}


def test_no_text_says_safe() -> None:
    """No text of a rule or a stretch promises that something is safe."""
    texts = [text for rule in BOOK.rules for text in (rule.title, rule.reason)]
    texts += [text for stretch in BOOK.stretches for text in (stretch.name, *stretch.steps)]
    assert not [text for text in texts if "safe" in text.lower()]


def test_rules_name_the_statements_that_disagree() -> None:
    """X1 to X10: the rule that wins names the statements that say otherwise."""
    sides = {
        "discomfort-on-a-stretch": {"A6", "B14", "C8", "D7"},
        "lower-back-with-piriformis-syndrome": {"B9", "D4", "D9", "D10", "E1"},
        "hamstrings-with-sciatica": {"C8", "E6", "E7"},
        "pain-before-the-stretch-begins": {"A5"},
        "hyperextension-with-facet-syndrome": {"C10"},
        "extension-with-facet-syndrome": {"B7", "B10", "C9"},
        "pain-on-a-stretch": {"A6", "B14"},
        "full-range-already": {"C13"},
        "unsure-what-to-do": {"D5"},
        "have-it-assessed": {"D5"},
        "warm-up-first": {"B5"},
    }
    named = {rule.id: set(rule.disagree_with) for rule in BOOK.rules}
    assert all(others <= named[rule] for rule, others in sides.items())


def test_restrictions_have_a_reason_and_a_source() -> None:
    """Every rule but advice has both."""
    assert all(rule.reason and rule.statements for rule in BOOK.rules if rule.effect is not Effect.ADVISE)
