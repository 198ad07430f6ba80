"""Bit masks of what rules do: the stretches they restrict, the directive, and the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from backscreen.model.effects import Certainty, Directive, Verdict
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule

RULES_TOGETHER = 128
"""Rules whose bits share one integer. Longer integers cost more in each step, which changes few of their bits."""


@frozen(eq=False)
class Masks:
    """The layout of the bits.

    From the lowest: caution for each stretch, `avoid` for each stretch, and the directives above `proceed`. Then, for
    the rules that act on the tried stretch, each combination of a verdict and the stretches it is for. Then the rules.
    """

    stretches: tuple[str, ...]
    moving: tuple[tuple[Verdict, frozenset[str]], ...]
    places: dict[str, int]
    bits: tuple[tuple[str, int], ...]
    """Each stretch with its bit among cautions."""

    @property
    def width(self) -> int:
        """The number of bits for effects; the bits of the rules are above them."""
        return self._above_stretches + len(_DIRECTIVES)

    @property
    def _above_stretches(self) -> int:
        """Where the bits of directives begin."""
        return len(_VERDICTS) * len(self.stretches)

    @property
    def effects(self) -> int:
        """The bits that say what is done."""
        return (1 << self.width) - 1

    def of_stretches(self, names: Iterable[str]) -> int:
        """These stretches, as cautions."""
        return sum(1 << self.places[name] for name in names)

    def shift(self, verdict: Verdict) -> int:
        """By how much the bits of stretches stand higher than as cautions."""
        return len(self.stretches) * _VERDICTS.index(verdict)

    def of_rule(self, scoped: ScopedRule, number: int) -> int:
        """What a rule does when it fires, and which it is: `number` is its place in `KnowledgeBase.rules`."""
        effect, directive = scoped.rule.effect, scoped.rule.directive
        found = 1 << self.lowest + number % RULES_TOGETHER
        if effect.restricts and scoped.scope is not None:
            found |= self.of_stretches(scoped.scope) << self.shift(effect.verdict)
        elif effect.restricts:
            found |= 1 << self.width + self.moving.index(_moving(self.stretches, scoped))
        if directive is not Directive.PROCEED:
            found |= 1 << self._above_stretches + _DIRECTIVES.index(directive)
        return found

    def directive(self, effects: int) -> Directive:
        """The strongest directive among these effects."""
        return _STRONGEST[effects >> self._above_stretches & len(_STRONGEST) - 1]

    def verdicts(self, effects: int) -> dict[str, Verdict]:
        """Return the strongest verdict on each stretch among these effects."""
        avoid = effects >> len(self.stretches)
        return {
            name: Verdict.AVOID if avoid & bit else Verdict.CAUTION if effects & bit else Verdict.ALLOWED
            for name, bit in self.bits
        }

    def certainties(self, fire: Iterable[int], may_fire: Iterable[int]) -> Iterator[tuple[int, Certainty]]:
        """Yield each rule of these numbers with its certainty, by its place in `KnowledgeBase.rules`, in order."""
        for together, (sure, possible) in enumerate(zip(fire, may_fire, strict=True)):
            surely = sure >> self.lowest
            bits = surely | possible >> self.lowest
            while bits:
                lowest = bits & -bits
                number = together * RULES_TOGETHER + lowest.bit_length() - 1
                yield number, Certainty.FIRES if surely & lowest else Certainty.MAY_FIRE
                bits ^= lowest

    @property
    def lowest(self) -> int:
        """Where the bits of the rules begin."""
        return self.width + len(self.moving)


_VERDICTS = Verdict.settled()[1:]
_DIRECTIVES = Directive.settled()[1:]
assert _VERDICTS == (Verdict.CAUTION, Verdict.AVOID)  # `verdicts` is written out for these: each screening calls it
_STRONGEST = tuple(Directive.settled()[bits.bit_length()] for bits in range(1 << len(_DIRECTIVES)))
"""The strongest directive, by the bits of all of them."""


def of_knowledge_base(knowledge_base: KnowledgeBase) -> Masks:
    """The bits for these rulebooks."""
    stretches = tuple(knowledge_base.stretches)
    moving = dict.fromkeys(
        _moving(stretches, scoped)
        for scoped in knowledge_base.rules
        if scoped.scope is None and scoped.rule.effect.restricts
    )
    places = {name: place for place, name in enumerate(stretches)}
    return Masks(stretches, tuple(moving), places, tuple((name, 1 << place) for name, place in places.items()))


def _moving(stretches: Iterable[str], scoped: ScopedRule) -> tuple[Verdict, frozenset[str]]:
    """What a rule does to the stretch tried, and which that can be."""
    return scoped.rule.effect.verdict, frozenset(stretches) if scoped.tried is None else scoped.tried
