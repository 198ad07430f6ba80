"""Failures of cases and scenarios: each expectation that does not hold, with the rules responsible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from attrs import frozen

from backscreen.authoring.cases.involvement import (
    Involvement,
    Judgement,
    fact_name,
    involvements,
    judgement,
    nearly_firing,
    of_finding,
)
from backscreen.authoring.cases.runner import Aspect, Expected, Mismatch, Result
from backscreen.model.conditions import atoms
from backscreen.model.effects import Certainty, Directive, Note, Verdict
from backscreen.model.facts import Value
from backscreen.model.knowledge_base import ScopedRule
from backscreen.model.profile import Origin, Profile
from backscreen.model.rules import Scenario


@frozen(eq=False, repr=False)
class Difference:
    """An expectation that does not hold, and the rules responsible."""

    aspect: Aspect
    subject: str | None
    expected: Expected
    got: Expected
    because: tuple[Involvement, ...]


@frozen(eq=False, repr=False)
class Failure:
    """A case or a scenario that does not hold; `rule` is None for a scenario."""

    at: str
    rule: str | None
    name: str
    given: Profile
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the whole failure as plain values."""
        return {
            "at": self.at,
            "rule": self.rule,
            "name": self.name,
            "given": _given(self.given),
            "differences": [_difference(difference) for difference in self.differences],
        }


def failure(result: Result) -> Failure:
    """Return why a case or a scenario does not hold; without differences if it does."""
    judged = judgement(result)
    alone = None if isinstance(result.judged, Scenario) else judged.knowledge_base.rules[0].rule
    differences = tuple(
        Difference(
            mismatch.aspect,
            mismatch.subject,
            mismatch.expected,
            mismatch.got,
            tuple(_responsible(judged, mismatch) if alone is None else involvements(judged, alone)),
        )
        for mismatch in result.mismatches
    )
    return Failure(result.at, None if alone is None else result.subject, result.name, result.judged.given, differences)


# --- which rules are responsible --------------------------------------------------------------------------------------


def _responsible(judged: Judgement, mismatch: Mismatch) -> Iterator[Involvement]:
    """Yield the rules that led to the outcome of a scenario, then those that could have led to what was expected."""
    match mismatch.aspect:
        case Aspect.ENGINE:
            return
        case Aspect.FIRES:
            for rule in judged.knowledge_base.books[0].rules:
                if rule.id == mismatch.subject:
                    yield from involvements(judged, rule)
        case Aspect.DIRECTIVE:
            yield from _of_directive(judged, Directive(str(mismatch.expected)))
        case Aspect.VERDICT:
            assert mismatch.subject is not None
            yield from _of_verdict(judged, mismatch.subject, Verdict(str(mismatch.expected)))
        case Aspect.RECOMMENDED | Aspect.UNNEEDED:
            yield from _of_notes(judged, Note(mismatch.aspect.value), _unlike(mismatch))
        case Aspect.INSTEAD:
            assert mismatch.subject is not None
            names = (mismatch.subject, *_unlike(mismatch))
            yield from _distinct(rule for name in names for rule in _deciding(judged, name))
        case Aspect.UNANSWERED:
            yield from _distinct(rule for place in _unlike(mismatch) for rule in _reading(judged, place))
        case _:
            assert_never(mismatch.aspect)


def _unlike(mismatch: Mismatch) -> list[str]:
    """Return the names that are in one list only; none if the lists differ in their order."""
    expected, got = mismatch.expected, mismatch.got
    assert isinstance(expected, tuple)
    assert isinstance(got, tuple)
    return [name for name in dict.fromkeys((*expected, *got)) if not (name in expected and name in got)]


def _distinct(found: Iterable[Involvement]) -> Iterator[Involvement]:
    seen = []
    for involvement in found:
        if involvement not in seen:
            seen.append(involvement)
            yield involvement


def _of_directive(judged: Judgement, expected: Directive) -> Iterator[Involvement]:
    for finding in judged.findings:
        fires = finding.certainty is Certainty.FIRES
        decides = fires and finding.directive == judged.best > Directive.PROCEED
        if decides or (not fires and finding.directive > judged.best):
            yield of_finding(judged, finding)
    if expected is not Directive.UNDETERMINED and expected > judged.worst:
        yield from nearly_firing(
            judged, [scoped for scoped in judged.knowledge_base.rules if scoped.rule.directive == expected]
        )


def _of_verdict(judged: Judgement, stretch: str, expected: Verdict) -> Iterator[Involvement]:
    yield from _deciding(judged, stretch)
    best, worst = judged.verdicts[stretch]
    if expected is Verdict.UNDETERMINED:
        may_fire = {
            finding.rule
            for finding in judged.findings
            if finding.certainty is Certainty.MAY_FIRE and finding.effect.verdict > best
        }
        yield from (rule for rule in _elsewhere(judged, stretch) if rule.rule.id in may_fire)
    elif expected > worst:
        yield from (rule for rule in _elsewhere(judged, stretch) if rule.rule.effect.verdict == expected)
        could = [
            scoped
            for scoped in judged.knowledge_base.rules
            if scoped.rule.effect.verdict == expected and _is_on(judged, scoped, stretch)
        ]
        yield from nearly_firing(judged, could)


def _elsewhere(judged: Judgement, stretch: str) -> Iterator[Involvement]:
    """Yield the rules that act on other stretches only, because of a given or a missing answer."""
    for finding in judged.findings:
        is_personal = (
            any(judged.known.origins.get(place) is not Origin.ASSUMED for place in finding.because)
            or finding.unanswered
        )
        if stretch not in (*finding.stretches, *finding.may_act_on) and is_personal:
            yield of_finding(judged, finding)


def _deciding(judged: Judgement, stretch: str) -> Iterator[Involvement]:
    """Yield the rules that decide the verdict on a stretch, or keep it open."""
    best = judged.verdicts[stretch][0]
    for finding in judged.findings:
        decides = stretch in finding.stretches and finding.effect.verdict == best > Verdict.ALLOWED
        if decides or (stretch in finding.may_act_on and finding.effect.verdict > best):
            yield of_finding(judged, finding)


def _of_notes(judged: Judgement, note: Note, stretches: list[str]) -> Iterator[Involvement]:
    """Yield the rules with this note for these stretches, and those that may stop a recommendation."""
    for scoped in judged.knowledge_base.rules:
        if scoped.rule.effect.note is note and any(_is_on(judged, scoped, name) for name in stretches):
            yield from involvements(judged, scoped.rule)
    if note is Note.RECOMMENDED:
        yield from _distinct(rule for name in stretches for rule in _deciding(judged, name))


def _reading(judged: Judgement, place: str) -> Iterator[Involvement]:
    """Yield the undecided rules that ask for this answer; if there is none, all that read the fact."""
    undecided = [of_finding(judged, finding) for finding in judged.findings if place in finding.unanswered]
    if undecided:
        yield from undecided
        return
    fact = fact_name(place)
    for scoped in judged.knowledge_base.rules:
        if any(atom.fact == fact for atom in atoms(scoped.rule.when)):
            yield from involvements(judged, scoped.rule)


def _is_on(judged: Judgement, scoped: ScopedRule, stretch: str) -> bool:
    """Return whether a rule acts on a stretch when it fires."""
    if scoped.scope is not None:
        return stretch in scoped.scope
    return any(trial.stretch in (stretch, None) for trial in judged.known.trials)


# --- as plain values --------------------------------------------------------------------------------------------------


def _given(profile: Profile) -> dict[str, Any]:
    trials: list[dict[str, Value]] = []
    for trial in profile.trials:
        stretch: dict[str, Value] = {} if trial.stretch is None else {"stretch": trial.stretch}
        trials.append(stretch | dict(trial.facts))
    return {"facts": dict(profile.facts), "trials": trials, "otherwise": profile.otherwise}


def _difference(difference: Difference) -> dict[str, Any]:
    expected, got = (
        list(words) if isinstance(words, tuple) else words for words in (difference.expected, difference.got)
    )
    return {
        "what": difference.aspect.value,
        "of": difference.subject,
        "expected": expected,
        "got": got,
        "because": [_involvement(involvement) for involvement in difference.because],
    }


def _involvement(involvement: Involvement) -> dict[str, Any]:
    return {
        "rule": involvement.rule.id,
        "effect": involvement.rule.effect.value,
        "fires": {Certainty.FIRES: "yes", Certainty.MAY_FIRE: "unknown", None: "no"}[involvement.certainty],
        "trial": involvement.trial,
        "answers": [
            {
                "place": answer.place,
                "value": answer.value,
                "assumed": answer.assumed,
                "asked": answer.wanted.replace("`", ""),
            }
            for answer in involvement.answers
        ],
        "obstacle": None if involvement.obstacle is None else involvement.obstacle.value,
        "stretches": list(involvement.acts_on),
    }
