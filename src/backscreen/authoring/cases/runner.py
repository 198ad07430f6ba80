"""Runs the cases and scenarios of a rulebook: what was expected, what came, where."""

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


class What(StrEnum):
    """What an expectation is about: the words are those of the rulebook format."""

    ENGINE = "engine"
    FIRES = "fires"
    DIRECTIVE = "directive"
    VERDICT = "verdict"
    INSTEAD = "instead"
    RECOMMENDED = "recommended"
    UNNEEDED = "unneeded"
    UNANSWERED = "unanswered"


DOES_NOT_FIRE = "does not fire"
Said = str | tuple[str, ...]
"""What was expected, or what came: a word, or a list of names."""


@frozen(eq=False, repr=False)
class Mismatch:
    """One expectation that did not come true; `of` is the stretch or the rule that it is about, if it is about one."""

    what: What
    of: str | None
    expected: Said
    came: Said


@frozen(eq=False, repr=False)
class Result:
    """What became of one case or scenario. `subject` is its rule's id, or `scenario`.

    `knowledge_base` is what it was judged by, which for a case is its rule alone; a scenario's `screening` is kept, a case has none.
    """

    subject: str
    name: str
    at: str
    mismatches: tuple[Mismatch, ...]
    knowledge_base: KnowledgeBase
    judged: Case | Scenario
    screening: Screening | None = None


def run(knowledge_base: KnowledgeBase) -> Iterator[Result]:
    """Run every case, each of them with its rule alone, and every scenario, with its whole rulebook."""
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
    """Run a case by the guidance in which its rule stands alone."""
    return Result(rule, case.name, case.at, tuple(_case(alone, case)), alone, case)


def run_scenario(screener: Screener, scenario: Scenario) -> Result:
    """Run a scenario with the whole rulebook of this screener."""
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
    """What is wrong: whether the rule fires first, since the rest follows from it."""
    decision = decide(alone, check(alone, case.given)[0])
    yield from _differing(What.FIRES, None, case.expect.fires.value, _fired(decision).value)
    if case.expect.directive is not None:
        best, worst = decision.directive
        came = best if best == worst else Directive.UNDETERMINED
        yield from _differing(What.DIRECTIVE, None, case.expect.directive.value, came.value)
    for name in alone.stretches:
        if name in case.expect.verdicts:
            yield from _differing(What.VERDICT, name, case.expect.verdicts[name].value, _settled(decision, name).value)


def _fired(decision: Decision) -> Fires:
    certainties = set(decision.activations.values())
    if Certainty.FIRES in certainties:
        return Fires.YES
    return Fires.UNKNOWN if certainties else Fires.NO


def _settled(decision: Decision, stretch: str) -> Verdict:
    best, worst = decision.stretches[stretch]
    return best if best == worst else Verdict.UNDETERMINED


def _differing(what: What, of: str | None, expected: Said, came: Said) -> Iterator[Mismatch]:
    if expected != came:
        yield Mismatch(what, of, expected, came)


def _scenario(scenario: Scenario, screening: Screening) -> Iterator[Mismatch]:
    expect = scenario.expect
    if screening.fault is not None:
        yield Mismatch(What.ENGINE, None, "no fault", f"{screening.fault.kind}: {screening.fault.detail}")
    yield from _differing(What.DIRECTIVE, None, expect.directive.value, screening.directive.value)
    for outcome in screening:
        verdict = expect.verdicts.get(outcome.id, expect.others)
        if verdict is not None:
            yield from _differing(What.VERDICT, outcome.id, verdict.value, outcome.verdict.value)
        if outcome.id in expect.instead:
            yield from _differing(What.INSTEAD, outcome.id, expect.instead[outcome.id], outcome.instead)
    yield from _sets(What.RECOMMENDED, expect.recommended, (outcome.id for outcome in screening if outcome.recommended))
    yield from _sets(What.UNNEEDED, expect.unneeded, (outcome.id for outcome in screening if outcome.unneeded))
    yield from _sets(What.UNANSWERED, expect.unanswered, screening.unanswered)
    yield from _heard(scenario, screening)


def _sets(what: What, expected: tuple[str, ...] | None, came: Iterable[str]) -> Iterator[Mismatch]:
    if expected is not None:
        yield from _differing(what, None, tuple(sorted(expected)), tuple(sorted(came)))


def _heard(scenario: Scenario, screening: Screening) -> Iterator[Mismatch]:
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
            came = certainties[rule].value if rule in certainties else DOES_NOT_FIRE
            yield from _differing(What.FIRES, rule, word, came)
