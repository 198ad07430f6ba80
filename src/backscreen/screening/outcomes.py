"""Reasons for the verdict on each stretch: findings that act on it, missing answers, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from backscreen.model.catalogue import stand_ins
from backscreen.model.effects import Certainty, Directive, Note, Verdict
from backscreen.model.facts import trial_place
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.rules import About
from backscreen.screening.bounds import Bounds
from backscreen.screening.cached import cached_property
from backscreen.screening.findings import Places
from backscreen.screening.parts import Finding

_STRICTER = {
    Verdict.ALLOWED: frozenset([Verdict.CAUTION, Verdict.AVOID]),
    Verdict.CAUTION: frozenset([Verdict.AVOID]),
    Verdict.AVOID: frozenset[Verdict](),
}


@frozen
class StretchReasons:
    """The reasons for the verdict on one stretch."""

    recommended: bool
    unneeded: bool
    findings: tuple[int, ...]
    unanswered: tuple[str, ...]
    instead: tuple[str, ...]


@frozen
class Outcomes:
    """The reasons for every verdict, and all that is unanswered."""

    stretches: Mapping[str, StretchReasons]
    unanswered: tuple[str, ...]


class OutcomeReader:
    """Outcomes under one knowledge base; may be shared between threads."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._knowledge_base = knowledge_base

    @cached_property
    def _stand_ins(self) -> dict[str, tuple[str, ...]]:
        catalogue = self._knowledge_base.stretches
        return {name: tuple(other.id for other in stand_ins(stretch, catalogue)) for name, stretch in catalogue.items()}

    def outcomes(
        self, rules: Sequence[ScopedRule], findings: Sequence[Finding], bounds: Bounds, order: Places
    ) -> Outcomes:
        """Return the outcomes of these findings; `rules` has the rule of each."""
        acting: dict[str, list[int]] = {name: [] for name in self._knowledge_base.stretches}
        for index, finding in enumerate(findings):
            for name in (*finding.stretches, *finding.may_act_on):
                acting[name].append(index)
        unanswered = _unanswered(findings, bounds)
        everything = set().union(*unanswered.values(), _unanswered_of_directive(rules, findings, bounds))
        in_order = sorted(everything, key=order.__getitem__)
        helped = {name for finding in findings if finding.effect.helps for name in finding.stretches}
        unneeded = {name for finding in findings if finding.effect.note is Note.UNNEEDED for name in finding.stretches}
        in_itself = [
            finding for scoped, finding in zip(rules, findings, strict=True) if scoped.rule.about is About.STRETCH
        ]
        cautioned = {name for finding in in_itself for name in finding.stretches}
        may_help = helped - unneeded - cautioned
        if bounds.directives[1] >= Directive.CONSULT:
            may_help = set()
        excluded = unneeded.union(cautioned, *(finding.may_act_on for finding in in_itself))
        better = _better(bounds, excluded)
        return Outcomes(
            {
                name: StretchReasons(
                    recommended=name in may_help and verdict in (Verdict.ALLOWED, Verdict.CAUTION),
                    unneeded=name in unneeded,
                    findings=tuple(acting[name]),
                    unanswered=tuple([place for place in in_order if place in unanswered[name]]),
                    instead=tuple([other for other in self._stand_ins[name] if other in better[bounds.at_worst[name]]])
                    if verdict in (Verdict.AVOID, Verdict.UNDETERMINED)
                    else (),
                )
                for name, verdict in bounds.verdicts.items()
            },
            tuple(in_order),
        )


def _unanswered(findings: Iterable[Finding], bounds: Bounds) -> dict[str, set[str]]:
    """Return for each stretch what keeps a rule undecided that may act on it and is stricter than its bound at best."""
    by_scope: dict[tuple[Verdict, tuple[str, ...]], set[str]] = {}
    for finding in findings:
        if finding.may_act_on and finding.effect.restricts:
            by_scope.setdefault((finding.effect.verdict, finding.may_act_on), set()).update(finding.unanswered)
    unanswered: dict[str, set[str]] = {name: set() for name in bounds.at_best}
    for (verdict, names), places in by_scope.items():
        for name in names:
            if verdict in _STRICTER[bounds.at_best[name]]:
                unanswered[name] |= places
    return unanswered


def _unanswered_of_directive(rules: Iterable[ScopedRule], findings: Iterable[Finding], bounds: Bounds) -> set[str]:
    """Return what keeps a rule undecided that would make the directive stricter than it is at best.

    Of which stretch a trial was matters only to rules that are narrowed to some.
    """
    unanswered: set[str] = set()
    for scoped, finding in zip(rules, findings, strict=True):
        if finding.certainty is Certainty.MAY_FIRE and finding.directive > bounds.directives[0]:
            stretch = (
                None if scoped.tried is not None or finding.trial is None else trial_place(finding.trial, "stretch")
            )
            unanswered.update(place for place in finding.unanswered if place != stretch)
    return unanswered


def _better(bounds: Bounds, excluded: set[str]) -> dict[Verdict, set[str]]:
    """Return for each verdict the stretches with a settled and less strict one, without those that are excluded."""
    settled = [
        (name, verdict)
        for name, verdict in bounds.verdicts.items()
        if verdict is not Verdict.UNDETERMINED and name not in excluded
    ]
    return {
        worst: {name for name, verdict in settled if worst in _STRICTER[verdict]}
        for worst in (Verdict.ALLOWED, Verdict.CAUTION, Verdict.AVOID)
    }
