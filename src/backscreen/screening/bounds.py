"""Activations → how things stand at best and at worst, for every stretch and for the directive."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from backscreen.model.effects import Directive, Verdict
from backscreen.model.rulebook import Guidance, Placed
from backscreen.screening.situation import Situation
from backscreen.semantics.activations import Activations, Certainty

Ends = tuple[Verdict, Verdict]


@frozen(eq=False, repr=False)
class Bounds:
    """How things stand at best and at worst, for each stretch and for the directive."""

    stretches: Mapping[str, Ends]
    directive: tuple[Directive, Directive]

    def stricter_of(self, stretches: Mapping[str, Ends], directive: tuple[Directive, Directive]) -> Bounds:
        """The stricter of these bounds and others, end by end."""
        return Bounds(
            {name: (max(best, stretches[name][0]), max(worst, stretches[name][1])) for name, (best, worst) in self.stretches.items()},
            (max(self.directive[0], directive[0]), max(self.directive[1], directive[1])),
        )


def reach(guidance: Guidance, placed: Placed, stretch: str | None, *, fires: bool) -> tuple[frozenset[str], frozenset[str]]:
    """On which stretches a rule that fires, or may fire, acts for certain, and on which perhaps; `stretch` is the tried one, None where it is not known."""
    if placed.scope is not None:
        return (placed.scope, frozenset()) if fires else (frozenset(), placed.scope)
    if stretch is not None:
        return (frozenset([stretch]), frozenset()) if fires else (frozenset(), frozenset([stretch]))
    return frozenset(), frozenset(guidance.stretches) if placed.tried is None else placed.tried


def bounds(guidance: Guidance, situation: Situation, activations: Activations) -> Bounds:
    """How things stand at best (rules that act for certain) and at worst (with those that may)."""
    at_best = {Verdict.CAUTION: set[str](), Verdict.AVOID: set[str]()}
    at_worst = {Verdict.CAUTION: set[str](), Verdict.AVOID: set[str]()}
    least, most = {Directive.PROCEED}, {Directive.PROCEED}
    for (number, trial), certainty in activations.items():
        placed = guidance.rules[number]
        effect, fires = placed.rule.effect, certainty is Certainty.FIRES
        if not effect.restricts:
            continue
        surely, perhaps = reach(guidance, placed, situation.subject(trial).stretch, fires=fires)
        at_best[effect.verdict] |= surely
        at_worst[effect.verdict] |= surely
        at_worst[effect.verdict] |= perhaps
        most.add(placed.rule.directive)
        if fires:
            least.add(placed.rule.directive)
    best, worst = _strongest(guidance, at_best), _strongest(guidance, at_worst)
    return Bounds({name: (best[name], worst[name]) for name in guidance.stretches}, (max(least), max(most)))


def _strongest(guidance: Guidance, under: Mapping[Verdict, set[str]]) -> dict[str, Verdict]:
    """The strongest verdict on each stretch, of the stretches under each."""
    found = dict.fromkeys(guidance.stretches, Verdict.ALLOWED)
    for verdict in (Verdict.CAUTION, Verdict.AVOID):
        found.update(dict.fromkeys(under[verdict], verdict))
    return found
