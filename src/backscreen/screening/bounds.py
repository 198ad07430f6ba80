"""Activations → how things stand at best and at worst, for every stretch and for the directive."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from backscreen.model.effects import Certainty, Directive, Verdict
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.screening.situation import Situation
from backscreen.semantics.activations import Activations

Ends = tuple[Verdict, Verdict]


@frozen(eq=False, repr=False)
class Bounds:
    """How things stand at best and at worst, for each stretch and for the directive."""

    stretches: Mapping[str, Ends]
    directive: tuple[Directive, Directive]

    def stricter_of(self, stretches: Mapping[str, Ends], directive: tuple[Directive, Directive]) -> Bounds:
        """The stricter of these bounds and others, end by end."""
        return Bounds(
            {
                name: (max(best, stretches[name][0]), max(worst, stretches[name][1]))
                for name, (best, worst) in self.stretches.items()
            },
            (max(self.directive[0], directive[0]), max(self.directive[1], directive[1])),
        )


def reach(
    knowledge_base: KnowledgeBase, scoped: ScopedRule, stretch: str | None, *, fires: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """On which stretches a rule that fires, or may fire, acts for certain, and on which perhaps; `stretch` is the tried one, None where it is not known."""
    if scoped.scope is not None:
        return (scoped.scope, frozenset()) if fires else (frozenset(), scoped.scope)
    if stretch is not None:
        return (frozenset([stretch]), frozenset()) if fires else (frozenset(), frozenset([stretch]))
    return frozenset(), frozenset(knowledge_base.stretches) if scoped.tried is None else scoped.tried


def bounds(knowledge_base: KnowledgeBase, situation: Situation, activations: Activations) -> Bounds:
    """How things stand at best (rules that act for certain) and at worst (with those that may)."""
    at_best = {Verdict.CAUTION: set[str](), Verdict.AVOID: set[str]()}
    at_worst = {Verdict.CAUTION: set[str](), Verdict.AVOID: set[str]()}
    least, most = {Directive.PROCEED}, {Directive.PROCEED}
    for (number, trial), certainty in activations.items():
        scoped = knowledge_base.rules[number]
        effect, fires = scoped.rule.effect, certainty is Certainty.FIRES
        if not effect.restricts:
            continue
        surely, perhaps = reach(knowledge_base, scoped, situation.subject(trial).stretch, fires=fires)
        at_best[effect.verdict] |= surely
        at_worst[effect.verdict] |= surely
        at_worst[effect.verdict] |= perhaps
        most.add(scoped.rule.directive)
        if fires:
            least.add(scoped.rule.directive)
    best, worst = _strongest(knowledge_base, at_best), _strongest(knowledge_base, at_worst)
    return Bounds({name: (best[name], worst[name]) for name in knowledge_base.stretches}, (max(least), max(most)))


def _strongest(knowledge_base: KnowledgeBase, under: Mapping[Verdict, set[str]]) -> dict[str, Verdict]:
    """The strongest verdict on each stretch, of the stretches under each."""
    found = dict.fromkeys(knowledge_base.stretches, Verdict.ALLOWED)
    for verdict in (Verdict.CAUTION, Verdict.AVOID):
        found.update(dict.fromkeys(under[verdict], verdict))
    return found
