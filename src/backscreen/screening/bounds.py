"""Verdicts and the directive at best and at worst, from the rules that fire or may fire."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from backscreen.model.effects import Certainty, Directive, Verdict
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.read_only import ReadOnlyDict
from backscreen.screening.cached import cached_property
from backscreen.screening.situation import Situation
from backscreen.semantics.activations import Activations

Ends = tuple[Verdict, Verdict]


@frozen(repr=False, slots=False, unsafe_hash=False)
class Bounds:
    """The verdict on each stretch and the directive, at best and at worst; people with equal bounds may share them."""

    at_best: Mapping[str, Verdict]
    at_worst: Mapping[str, Verdict]
    directives: tuple[Directive, Directive]

    @cached_property
    def directive(self) -> Directive:
        """The directive, `undetermined` where its two ends differ."""
        return Directive.between(*self.directives)

    @cached_property
    def verdicts(self) -> ReadOnlyDict[str, Verdict]:
        """The verdict on each stretch, `undetermined` where its two ends differ."""
        at_worst = self.at_worst
        return ReadOnlyDict(
            {
                name: verdict if verdict is at_worst[name] else Verdict.UNDETERMINED
                for name, verdict in self.at_best.items()
            }
        )

    @cached_property
    def is_settled(self) -> bool:
        """Whether no answer can change the directive or a verdict."""
        return self.directive is not Directive.UNDETERMINED and Verdict.UNDETERMINED not in self.verdicts.values()

    @property
    def stretches(self) -> dict[str, Ends]:
        """Each stretch with its verdict at best and at worst."""
        return {name: (best, self.at_worst[name]) for name, best in self.at_best.items()}

    def stricter_of(self, stretches: Mapping[str, Ends], directive: tuple[Directive, Directive]) -> Bounds:
        """Return the stricter of these bounds and others, end by end."""
        return Bounds(
            {name: max(verdict, stretches[name][0]) for name, verdict in self.at_best.items()},
            {name: max(verdict, stretches[name][1]) for name, verdict in self.at_worst.items()},
            (max(self.directives[0], directive[0]), max(self.directives[1], directive[1])),
        )


def reach(
    knowledge_base: KnowledgeBase, scoped: ScopedRule, stretch: str | None, *, fires: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stretches on which a rule acts for certain, and those on which it may.

    `stretch` is the tried one, None where it is unknown; `fires` is False for a rule that only may fire.
    """
    if scoped.scope is not None:
        return (scoped.scope, frozenset()) if fires else (frozenset(), scoped.scope)
    if stretch is not None:
        return (frozenset([stretch]), frozenset()) if fires else (frozenset(), frozenset([stretch]))
    return frozenset(), frozenset(knowledge_base.stretches) if scoped.tried is None else scoped.tried


def bounds(knowledge_base: KnowledgeBase, situation: Situation, activations: Activations) -> Bounds:
    """Return the bounds: at best from what acts for certain, at worst from what may act as well."""
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
    return Bounds(_strongest(knowledge_base, at_best), _strongest(knowledge_base, at_worst), (max(least), max(most)))


def _strongest(knowledge_base: KnowledgeBase, under: Mapping[Verdict, set[str]]) -> dict[str, Verdict]:
    """Return the strongest verdict on each stretch, given the stretches under each verdict."""
    found = dict.fromkeys(knowledge_base.stretches, Verdict.ALLOWED)
    for verdict in (Verdict.CAUTION, Verdict.AVOID):
        found.update(dict.fromkeys(under[verdict], verdict))
    return found
