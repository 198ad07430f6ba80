"""Differences between the reference and an engine or a screening."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from backscreen.model.effects import Directive, Verdict
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.screening.result import Screening
from backscreen.semantics.activations import ON_THE_PERSON, Activations
from backscreen.semantics.reference import Decision

DOES_NOT_FIRE = "does not fire"


@frozen
class Difference:
    """One result that differs from the reference."""

    what: str
    expected: str
    came: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, came {self.came}"


def activations_told(knowledge_base: KnowledgeBase, activations: Activations) -> dict[str, str]:
    """Return the rules that fire or may fire, each with its rulebook and its subject, in order."""
    told = {}
    for activation in sorted(activations):
        scoped = knowledge_base.rules[activation.rule] if 0 <= activation.rule < len(knowledge_base.rules) else None
        name = (
            f"rule number {activation.rule}, which does not exist"
            if scoped is None
            else f"{scoped.book}/{scoped.rule.id}"
        )
        told[f"{name} on {_subject(None if activation.trial == ON_THE_PERSON else activation.trial)}"] = activations[
            activation
        ].value
    return told


def _subject(trial: int | None) -> str:
    return "the person" if trial is None else f"trials[{trial}]"


def bounds_told(decision: Decision) -> dict[str, str]:
    """Return the bounds of the directive and of each stretch, as `best..worst`."""
    told = {"directive": "..".join(one.value for one in decision.directive)}
    told.update((name, "..".join(one.value for one in bounds)) for name, bounds in decision.stretches.items())
    return told


def of_activations(knowledge_base: KnowledgeBase, expected: Activations, came: Activations) -> list[Difference]:
    """Return every rule whose certainty differs."""
    if came == expected:
        return []
    return list(
        _differing(activations_told(knowledge_base, expected), activations_told(knowledge_base, came), DOES_NOT_FIRE)
    )


def _differing(expected: Mapping[str, str], came: Mapping[str, str], missing: str) -> Iterator[Difference]:
    for what in dict.fromkeys((*expected, *came)):
        one, other = expected.get(what, missing), came.get(what, missing)
        if one != other:
            yield Difference(what, one, other)


def of_screening(knowledge_base: KnowledgeBase, decision: Decision, screening: Screening) -> list[Difference]:
    """Return every way in which a screening differs from the reference, or contradicts itself."""
    return [
        *_fault(screening),
        *_bounds(decision, screening),
        *_findings(knowledge_base, decision, screening),
        *_unanswered(screening),
    ]


def _fault(screening: Screening) -> Iterator[Difference]:
    if screening.fault is not None:
        yield Difference("fault", "none", f"{screening.fault.kind}: {screening.fault.detail}")


def _bounds(decision: Decision, screening: Screening) -> Iterator[Difference]:
    came = {"directive": f"{screening.at_best.value}..{screening.at_worst.value}"}
    came.update((outcome.id, f"{outcome.at_best.value}..{outcome.at_worst.value}") for outcome in screening)
    yield from _differing(bounds_told(decision), came, "nothing")
    directive = screening.at_best if screening.at_best == screening.at_worst else Directive.UNDETERMINED
    if screening.directive is not directive:
        yield Difference("the directive within its bounds", directive.value, screening.directive.value)
    for outcome in screening:
        verdict = outcome.at_best if outcome.at_best == outcome.at_worst else Verdict.UNDETERMINED
        if outcome.verdict is not verdict:
            yield Difference(f"the verdict of {outcome.id} within its bounds", verdict.value, outcome.verdict.value)
    at_once = {f"the verdict of {name}, said at once": verdict.value for name, verdict in screening.verdicts.items()}
    yield from _differing(
        {f"the verdict of {outcome.id}, said at once": outcome.verdict.value for outcome in screening},
        at_once,
        "nothing",
    )


def _findings(knowledge_base: KnowledgeBase, decision: Decision, screening: Screening) -> Iterator[Difference]:
    came = {}
    for finding in screening.findings:
        came[f"{finding.rulebook}/{finding.rule} on {_subject(finding.trial)}"] = finding.certainty.value
    expected = activations_told(knowledge_base, decision.activations)
    if came != expected:
        yield from _differing(expected, came, DOES_NOT_FIRE)


def _unanswered(screening: Screening) -> Iterator[Difference]:
    """Check that something is unanswered exactly if something is undetermined."""
    settled = screening.directive is not Directive.UNDETERMINED and not screening.undetermined
    if settled == bool(screening.unanswered):
        yield Difference(
            "unanswered", "nothing" if settled else "something", ", ".join(screening.unanswered) or "nothing"
        )
    for outcome in screening:
        if (outcome.verdict is Verdict.UNDETERMINED) != bool(outcome.unanswered):
            settled = outcome.verdict is not Verdict.UNDETERMINED
            yield Difference(
                f"unanswered of {outcome.id}",
                "nothing" if settled else "something",
                ", ".join(outcome.unanswered) or "nothing",
            )
