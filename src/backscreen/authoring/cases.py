"""Runs the cases and scenarios of a rulebook: what was expected, what came, where."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from backscreen.engines.activations import Certainty
from backscreen.engines.reference import Decision, decide
from backscreen.rulebook.answering import check
from backscreen.rulebook.rulebook import Guidance
from backscreen.rulebook.rules import Case, Fires, Scenario
from backscreen.rulebook.verdicts import Directive, Verdict
from backscreen.screening.outcome import Screening
from backscreen.screening.screener import Screener


@frozen(eq=False, repr=False)
class Mismatch:
    """One expectation that did not come true. `what` says of what."""

    what: str
    expected: str
    came: str


@frozen(eq=False, repr=False)
class Result:
    """What became of one case or scenario. `subject` is its rule's id, or `scenario`."""

    subject: str
    name: str
    at: str
    mismatches: tuple[Mismatch, ...]


def run(guidance: Guidance) -> Iterator[Result]:
    """Run every case, each of them with its rule alone, and every scenario, with its whole rulebook."""
    for book in guidance.books:
        own = Guidance([book])
        for rule in book.rules:
            alone = own.alone(rule)
            for case in rule.cases:
                yield Result(rule.id, case.name, case.at, tuple(_case(alone, case)))
        if book.scenarios:
            screener = Screener(own)
            for scenario in book.scenarios:
                screening = screener.screen(scenario.given)
                yield Result("scenario", scenario.name, scenario.at, tuple(_scenario(scenario, screening)))


def _case(alone: Guidance, case: Case) -> Iterator[Mismatch]:
    decision = decide(alone, check(alone, case.given)[0])
    yield from _differing("fires", case.expect.fires.value, _fired(decision).value)
    for name, verdict in case.expect.verdicts.items():
        yield from _differing(name, verdict.value, _settled(decision, name).value)
    if case.expect.directive is not None:
        best, worst = decision.directive
        came = best if best == worst else Directive.UNDETERMINED
        yield from _differing("directive", case.expect.directive.value, came.value)


def _fired(decision: Decision) -> Fires:
    certainties = set(decision.activations.values())
    if Certainty.FIRES in certainties:
        return Fires.YES
    return Fires.UNKNOWN if certainties else Fires.NO


def _settled(decision: Decision, stretch: str) -> Verdict:
    best, worst = decision.stretches[stretch]
    return best if best == worst else Verdict.UNDETERMINED


def _differing(what: str, expected: str, came: str) -> Iterator[Mismatch]:
    if expected != came:
        yield Mismatch(what, expected, came)


def _scenario(scenario: Scenario, screening: Screening) -> Iterator[Mismatch]:
    expect = scenario.expect
    if screening.fault is not None:
        yield Mismatch("engine", "no fault", f"{screening.fault.kind}: {screening.fault.detail}")
    yield from _differing("directive", expect.directive.value, screening.directive.value)
    for outcome in screening:
        verdict = expect.verdicts.get(outcome.id, expect.others)
        if verdict is not None:
            yield from _differing(outcome.id, verdict.value, outcome.verdict.value)
        if outcome.id in expect.instead:
            yield from _differing(f"instead of {outcome.id}", _list(expect.instead[outcome.id]), _list(outcome.instead))
    if expect.recommended is not None:
        came = tuple(outcome.id for outcome in screening if outcome.recommended)
        yield from _differing("recommended", _list(sorted(expect.recommended)), _list(sorted(came)))
    if expect.unneeded is not None:
        came = tuple(outcome.id for outcome in screening if outcome.unneeded)
        yield from _differing("unneeded", _list(sorted(expect.unneeded)), _list(sorted(came)))
    if expect.unanswered is not None:
        yield from _differing("unanswered", _list(sorted(expect.unanswered)), _list(sorted(screening.unanswered)))
    yield from _heard(scenario, screening)


def _heard(scenario: Scenario, screening: Screening) -> Iterator[Mismatch]:
    certainties: dict[str, Certainty] = {}
    for finding in screening.findings:
        if certainties.get(finding.rule) is not Certainty.FIRES:
            certainties[finding.rule] = finding.certainty
    for words, rules in (
        ("fires", scenario.expect.fires),
        ("may_fire", scenario.expect.may_fire),
        ("does not fire", scenario.expect.silent),
    ):
        for rule in rules:
            came = certainties[rule].value if rule in certainties else "does not fire"
            yield from _differing(rule, words, came)


def _list(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names) or "none"
