"""People for whom a mutant differs from its rule, as a case of the rule or a scenario of the whole rulebook."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from attrs import evolve

from backscreen.authoring.mutation.meaning import Bench, Meaning, rule_alone, states_with, view
from backscreen.authoring.mutation.operators import Mutant
from backscreen.authoring.mutation.state_space import fewest_first, smallest
from backscreen.loading.profile_validation import check
from backscreen.model.conditions import AllOf, Not, TooIntricate, can_hold
from backscreen.model.effects import Note, Verdict
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.profile import Profile
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import About, Case, Expectation, Rule, Scenario, ScenarioExpectation
from backscreen.screening.result import Screening
from backscreen.screening.screener import Screener
from backscreen.semantics.reference import decide

_MOST_PEOPLE = 300

# --- cases ------------------------------------------------------------------------------------------------------------


def witness(bench: Bench, mutant: Rule, original: Meaning, changed: Meaning) -> Profile | None:
    """Return somebody for whom a case expects something else of the mutant; None where no case can."""
    alone = [bench.alone(rule) for rule in (bench.rule, mutant)]
    if original.table != changed.table:
        differing = (original.table.true ^ changed.table.true) | (original.table.false ^ changed.table.false)
        answers = smallest(differing, bench.states) or {}
        # INVARIANT: such a person is a witness for some stretch: what differs is whether the rule fires
        # for a stretch that it is about
        tries = [bench.profile(answers, stretch) for stretch in bench.tries]
        return next(
            (each for each in tries if len({view(knowledge_base, each).in_a_case for knowledge_base in alone}) > 1),
            None,
        )
    for (value, stretch, before), (*_, after) in zip(original.views, changed.views, strict=True):
        if before.in_a_case != after.in_a_case:
            where = states_with(value, original.table, bench.states)
            return bench.profile(smallest(where, bench.states) or {}, stretch)
    return None


def witness_case(bench: Bench, mutant: Mutant, profile: Profile) -> Case:
    """Return the case that notices the mutant, with what the rule as it is makes of this person."""
    before, after = (view(bench.alone(rule), profile) for rule in (bench.rule, mutant.rule))
    pairs = zip((stretch.id for stretch in bench.book.stretches), before.verdicts, after.verdicts, strict=True)
    expect = Expectation(
        fires=before.fires,
        verdicts={name: verdict for name, verdict, changed in pairs if verdict is not changed},
        directive=None if before.directive is after.directive else before.directive,
    )
    return Case(name=mutant.words, given=profile, expect=expect)


# --- scenarios --------------------------------------------------------------------------------------------------------


def can_differ_in_notes(bench: Bench, original: Meaning, changed: Meaning) -> bool:
    """Return whether the whole rulebook can recommend, or find unneeded, something else; True where undecidable."""
    for (*_, before), (*_, after) in zip(original.views, changed.views, strict=True):
        if any(
            note is Note.UNNEEDED or bench.rule.about_a_trial or _can_settle(bench, name)
            for note, name in before.notes ^ after.notes
        ):
            return True
    return False


def _can_settle(bench: Bench, name: str) -> bool:
    """Return whether, for somebody, this rule alone settles whether a stretch is recommended."""
    whole = KnowledgeBase([bench.book])
    others = [
        Not(scoped.rule.when) for scoped in whole.rules if scoped.rule.id != bench.rule.id and _interferes(scoped, name)
    ]
    try:
        return can_hold(AllOf((bench.rule.when, *others)), whole.facts)
    except TooIntricate:
        return True


def _interferes(scoped: ScopedRule, name: str) -> bool:
    """Return whether a rule, if it fires without any trial, makes a recommendation of a stretch irrelevant."""
    effect = scoped.rule.effect
    if scoped.about_a_trial:
        return False
    if effect.is_grave:
        return True
    in_scope = scoped.scope is not None and name in scoped.scope
    return in_scope and (
        effect.verdict is Verdict.AVOID or effect.note is not None or scoped.rule.about is About.STRETCH
    )


def scenarios_with_notes(book: Rulebook, rule: Rule) -> list[Scenario]:
    """Return the scenarios in which a helpful rule fires and which say what is recommended or not needed."""
    if rule.effect.restricts:
        return []
    alone = rule_alone(book, rule)
    return [
        scenario
        for scenario in book.scenarios
        if (scenario.expect.recommended is not None or scenario.expect.unneeded is not None)
        and decide(alone, check(alone, scenario.given)[0]).activations
    ]


def is_noticed_by(scenarios: list[Scenario], book: Rulebook, mutant: Rule) -> bool:
    """Return whether the notes that one of these scenarios expects differ under the mutant."""
    if not scenarios:
        return False
    screener = _screener(book, mutant)
    return any(_differs(scenario.expect, screener.screen(scenario.given)) for scenario in scenarios)


def _screener(book: Rulebook, rule: Rule) -> Screener:
    """Return a screener for the whole rulebook, with this rule in place of the one with its id."""
    rules = tuple(rule if other.id == rule.id else other for other in book.rules)
    return Screener(KnowledgeBase([evolve(book, rules=rules, scenarios=())]), engine="compiled")


def _differs(expect: ScenarioExpectation, screening: Screening) -> bool:
    recommended, unneeded = _notes(screening)
    return any(
        expected is not None and set(expected) != set(got)
        for expected, got in ((expect.recommended, recommended), (expect.unneeded, unneeded))
    )


def _notes(screening: Screening) -> tuple[tuple[str, ...], tuple[str, ...]]:
    recommended = tuple(outcome.id for outcome in screening if outcome.recommended)
    return recommended, tuple(outcome.id for outcome in screening if outcome.unneeded)


def witness_scenario(bench: Bench, mutant: Mutant, original: Meaning) -> Scenario | None:
    """Return a scenario whose notes differ under the mutant; None if the search among the simplest people fails."""
    before, after = _screener(bench.book, bench.rule), _screener(bench.book, mutant.rule)
    for given in islice(_people(bench, original), _MOST_PEOPLE):
        screening = before.screen(given)
        recommended, unneeded = _notes(screening)
        if (recommended, unneeded) != _notes(after.screen(given)):
            expect = ScenarioExpectation(
                directive=screening.directive, verdicts={}, recommended=recommended, unneeded=unneeded
            )
            return Scenario(name=mutant.words, given=given, expect=expect)
    return None


def _people(bench: Bench, original: Meaning) -> Iterator[Profile]:
    """Yield people for whom the rule fires and all else is no, each then with one more flag set."""
    for answers in fewest_first(original.table.true, bench.states):
        for stretch in bench.tries:
            person = bench.profile(answers, stretch)
            yield Profile(person.facts, person.trials, "no")
            for fact in bench.book.person_facts:
                if fact.is_flag and fact.id not in answers:
                    yield Profile({**person.facts, fact.id: True}, person.trials, "no")
