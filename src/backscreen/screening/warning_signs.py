"""Warnings of a screening: reasons that lead, warning signs that were assumed absent, and the closing notice.

Everything that decides about a warning is here, so that mutation testing covers it (docs/mutation-testing.md).
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from backscreen.model.conditions import AllOf, AnyOf, Condition, Within, atoms
from backscreen.model.effects import Certainty, Directive
from backscreen.model.facts import RangeFact, Value
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.screening.bounds import Bounds
from backscreen.screening.outcomes import Outcomes
from backscreen.screening.parts import Finding
from backscreen.semantics.reference import holds
from backscreen.wording.notices import NoticeCode


def closing_notice(
    knowledge_base: KnowledgeBase, bounds: Bounds, unanswered: Iterable[str], assumed: Iterable[str]
) -> NoticeCode | None:
    """Return the notice on warning signs; None under a certain stop, which is warning enough."""
    if not knowledge_base.looks_for_warning_signs:
        return NoticeCode.WARNING_SIGNS_NOT_ASKED
    if knowledge_base.warning_signs.intersection((*unanswered, *assumed)):
        return NoticeCode.WARNING_SIGNS_OPEN
    return None if bounds.directives[0] is Directive.STOP else NoticeCode.WARNING_SIGNS_LATER


def is_reason(finding: Finding, outcomes: Outcomes) -> bool:
    """Return whether a finding is a reason: its rule fires, and what it recommends is still recommended."""
    if finding.effect.helps and not any(outcomes.stretches[name].recommended for name in finding.stretches):
        return False
    return finding.certainty is Certainty.FIRES


def is_leading(finding: Finding, bounds: Bounds) -> bool:
    """Return whether a finding is a reason of the directive `stop` or `consult`.

    Reasons of a lesser directive would contradict it.
    """
    return (
        finding.effect.is_grave and finding.certainty is Certainty.FIRES and finding.directive is bounds.directives[0]
    )


def assumed_signs(knowledge_base: KnowledgeBase, bounds: Bounds, assumed: Iterable[str]) -> tuple[str, ...]:
    """Return the warning signs that were assumed to be absent.

    There are none where the directive is `stop` whatever else is answered. Facts of a trial are no signs: of each trial
    it is assumed that no more pain followed.
    """
    if bounds.directives[0] is Directive.STOP:
        return ()
    signs = knowledge_base.warning_signs | {
        atom.fact for scoped in _stops(knowledge_base) for atom in atoms(scoped.rule.when)
    }
    return tuple(place for place in assumed if place in signs)


def emergencies(knowledge_base: KnowledgeBase, answers: Mapping[str, Value], signs: Iterable[str]) -> tuple[str, ...]:
    """Return the signs of which another answer alone would make some rule say stop; `answers` are the person's."""
    known = dict(answers)
    reading: dict[str, list[Condition]] = {}
    for scoped in _stops(knowledge_base):  # no other rule says stop only because of the sign
        for way in _ways(scoped.rule.when):
            for fact in _deciding(way, known):
                reading.setdefault(fact, []).append(way)
    return tuple(sign for sign in signs if _is_emergency(sign, reading.get(sign, ()), known, knowledge_base))


def _ways(condition: Condition) -> Iterator[Condition]:
    """Return conditions of which one at least must hold."""
    if isinstance(condition, AnyOf):
        for part in condition.parts:
            yield from _ways(part)
    else:
        yield condition


def _deciding(condition: Condition, known: dict[str, Value]) -> set[str]:
    """Return the facts that alone may make the condition hold: those read by every part that does not hold."""
    if isinstance(condition, AllOf):
        lacking = [_facts(part) for part in condition.parts if holds(part, known) is not True]
        return set.intersection(*lacking) if lacking else _facts(condition)
    return _facts(condition)


def _facts(condition: Condition) -> set[str]:
    return {atom.fact for atom in atoms(condition)}


def _is_emergency(
    sign: str, whens: Sequence[Condition], known: dict[str, Value], knowledge_base: KnowledgeBase
) -> bool:
    return any(
        holds(when, ChainMap({sign: value}, known)) for value in _answers(knowledge_base, sign, whens) for when in whens
    )


def _answers(knowledge_base: KnowledgeBase, sign: str, whens: Iterable[Condition]) -> Iterable[Value]:
    """Every answer to a fact that could matter: of a number, its bounds and the ends that some rule has for it."""
    spec = knowledge_base.person_facts[sign]
    if not isinstance(spec, RangeFact):
        return spec.values
    spans = [atom for when in whens for atom in atoms(when) if isinstance(atom, Within) and atom.fact == sign]
    ends = {end for span in spans for end in (span.low, span.high) if end is not None}
    return ends | {spec.at_least, spec.at_most}


def _stops(knowledge_base: KnowledgeBase) -> Iterable[ScopedRule]:
    return (
        scoped
        for scoped in knowledge_base.rules
        if scoped.rule.effect.directive is Directive.STOP and not scoped.about_a_trial
    )
