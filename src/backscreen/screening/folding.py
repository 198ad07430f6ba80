"""Activations → how things stand at best and at worst, for every stretch and for the directive."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from backscreen.engines.activations import Activations, Certainty
from backscreen.rulebook.rulebook import Guidance, Placed
from backscreen.rulebook.verdicts import Directive, Verdict
from backscreen.screening.answers import Situation

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
    at_best: dict[Verdict, set[str]] = {Verdict.CAUTION: set(), Verdict.AVOID: set()}
    at_worst: dict[Verdict, set[str]] = {Verdict.CAUTION: set(), Verdict.AVOID: set()}
    least = most = Directive.PROCEED
    for (number, trial), certainty in activations.items():
        placed = guidance.rules[number]
        effect, fires = placed.rule.effect, certainty is Certainty.FIRES
        if not effect.restricts:
            continue
        surely, perhaps = reach(guidance, placed, situation.subject(trial).stretch, fires=fires)
        at_best[effect.verdict] |= surely
        at_worst[effect.verdict] |= surely | perhaps
        most = max(most, placed.rule.directive)
        if fires:
            least = max(least, placed.rule.directive)
    return Bounds({name: (_strongest(name, at_best), _strongest(name, at_worst)) for name in guidance.stretches}, (least, most))


def _strongest(stretch: str, under: Mapping[Verdict, set[str]]) -> Verdict:
    if stretch in under[Verdict.AVOID]:
        return Verdict.AVOID
    return Verdict.CAUTION if stretch in under[Verdict.CAUTION] else Verdict.ALLOWED
