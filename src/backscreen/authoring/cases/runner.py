"""A runner for the cases and scenarios of a rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import frozen

from backscreen.loading.profile_validation import check
from backscreen.model.effects import Certainty, Directive, Verdict
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import Case, Fires, Scenario
from backscreen.screening.result import Screening
from backscreen.screening.screener import Screener
from backscreen.semantics.reference import Decision, decide


class Aspect(StrEnum):
    """The part of a screening that an expectation is about, in the words of the rulebook format."""

    ENGINE = "engine"
    FIRES = "fires"
    DIRECTIVE = "directive"
    VERDICT = "verdict"
    INSTEAD = "instead"
    RECOMMENDED = "recommended"
    UNNEEDED = "unneeded"
    UNANSWERED = "unanswered"


DOES_NOT_FIRE = "does not fire"
Expected = str | tuple[str, ...]
"""An expectation or an outcome: a word, or a list of names."""


@frozen(eq=False, repr=False)
class Mismatch:
    """An expectation that does not hold; `subject` is the stretch or the rule that it is about, if any."""

    aspect: Aspect
    subject: str | None
    expected: Expected
    got: Expected


@frozen(eq=False, repr=False)
class Result:
    """The result of one case or scenario; `subject` is its rule's id, or `scenario`.

    `knowledge_base` is what it was judged by: for a case its rule alone. Only a scenario has a `screening`.
    """

    subject: str
    name: str
    at: str
    mismatches: tuple[Mismatch, ...]
    knowledge_base: KnowledgeBase
    judged: Case | Scenario
    screening: Screening | None = None


def run(knowledge_base: KnowledgeBase) -> Iterator[Result]:
    """Run every case with its rule alone, and every scenario with its whole rulebook."""
    for book in knowledge_base.books:
        own = KnowledgeBase([book])
        for rule in book.rules:
            alone = own.alone(rule)
            for case in rule.cases:
                yield run_case(alone, case, rule.id)
        if book.scenarios:
            screener = Screener(own)
            for scenario in book.scenarios:
                yield run_scenario(screener, scenario)


def run_case(alone: KnowledgeBase, case: Case, rule: str) -> Result:
    """Run a case with the knowledge base that holds its rule alone."""
    return Result(rule, case.name, case.at, tuple(_case(alone, case)), alone, case)


def run_scenario(screener: Screener, scenario: Scenario) -> Result:
    """Run a scenario with a screener for its rulebook."""
    screening = screener.screen(scenario.given)
    return Result(
        "scenario",
        scenario.name,
        scenario.at,
        tuple(_scenario(scenario, screening)),
        screener.knowledge_base,
        scenario,
        screening,
    )


def _case(alone: KnowledgeBase, case: Case) -> Iterator[Mismatch]:
    """Yield what does not hold; first whether the rule fires, since the rest follows from it."""
    decision = decide(alone, check(alone, case.given)[0])
    yield from _differing(Aspect.FIRES, None, case.expect.fires.value, _fired(decision).value)
    if case.expect.directive is not None:
        directive = Directive.between(*decision.directive)
        yield from _differing(Aspect.DIRECTIVE, None, case.expect.directive.value, directive.value)
    for name in alone.stretches:
        if name in case.expect.verdicts:
            verdict = Verdict.between(*decision.stretches[name])
            yield from _differing(Aspect.VERDICT, name, case.expect.verdicts[name].value, verdict.value)


def _fired(decision: Decision) -> Fires:
    certainties = set(decision.activations.values())
    if Certainty.FIRES in certainties:
        return Fires.YES
    return Fires.UNKNOWN if certainties else Fires.NO


def _differing(aspect: Aspect, subject: str | None, expected: Expected, got: Expected) -> Iterator[Mismatch]:
    if expected != got:
        yield Mismatch(aspect, subject, expected, got)


def _scenario(scenario: Scenario, screening: Screening) -> Iterator[Mismatch]:
    expect = scenario.expect
    if screening.fault is not None:
        yield Mismatch(Aspect.ENGINE, None, "no fault", f"{screening.fault.kind}: {screening.fault.detail}")
    yield from _differing(Aspect.DIRECTIVE, None, expect.directive.value, screening.directive.value)
    for outcome in screening:
        verdict = expect.verdicts.get(outcome.id, expect.others)
        if verdict is not None:
            yield from _differing(Aspect.VERDICT, outcome.id, verdict.value, outcome.verdict.value)
        if outcome.id in expect.instead:
            yield from _differing(Aspect.INSTEAD, outcome.id, expect.instead[outcome.id], outcome.instead)
    yield from _sets(
        Aspect.RECOMMENDED, expect.recommended, (outcome.id for outcome in screening if outcome.recommended)
    )
    yield from _sets(Aspect.UNNEEDED, expect.unneeded, (outcome.id for outcome in screening if outcome.unneeded))
    yield from _sets(Aspect.UNANSWERED, expect.unanswered, screening.unanswered)
    yield from _rules_that_fire(scenario, screening)


def _sets(aspect: Aspect, expected: tuple[str, ...] | None, got: Iterable[str]) -> Iterator[Mismatch]:
    if expected is not None:
        yield from _differing(aspect, None, tuple(sorted(expected)), tuple(sorted(got)))


def _rules_that_fire(scenario: Scenario, screening: Screening) -> Iterator[Mismatch]:
    certainties: dict[str, Certainty] = {}
    for finding in screening.findings:
        if certainties.get(finding.rule) is not Certainty.FIRES:
            certainties[finding.rule] = finding.certainty
    for word, rules in (
        (Certainty.FIRES.value, scenario.expect.fires),
        (Certainty.MAY_FIRE.value, scenario.expect.may_fire),
        (DOES_NOT_FIRE, scenario.expect.silent),
    ):
        for rule in rules:
            got = certainties[rule].value if rule in certainties else DOES_NOT_FIRE
            yield from _differing(Aspect.FIRES, rule, word, got)
