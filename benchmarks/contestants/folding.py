"""From the rules that fire or may fire to the directive and the verdicts, as quickly as Python does it: the same for every engine that is not ours.

What a rule does is one whole number: five sets of bits for at best, and five for at worst. An engine's answer becomes the numbers of what fired, joined by
"or", and what comes of a number is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import compress
from types import MappingProxyType

from attrs import frozen

from backscreen.rulebook.rulebook import Guidance, Placed
from backscreen.rulebook.verdicts import Directive, Verdict
from benchmarks.contestants.contestant import Decided

REMEMBERED = 4096
DIRECTIVES = Directive.STOP, Directive.CONSULT, Directive.CARE
ALLOWED, CAUTION, AVOID, UNDETERMINED = Verdict.ALLOWED, Verdict.CAUTION, Verdict.AVOID, Verdict.UNDETERMINED
Both = tuple[int, int]
"""What a rule does where it fires, and where it may fire."""


@frozen(eq=False)
class Folding:
    """What each rule does, by its number, and what comes of several of them together."""

    of_person: Mapping[int, Both]
    """The rules about the person."""
    of_trial: Mapping[str | None, Mapping[int, Both]]
    """The rules about a trial, by the stretch that was tried."""
    told: Callable[[int], Decided]
    """Directive and verdicts of what fires and may fire."""


def folding(guidance: Guidance, numbers: Iterable[int]) -> Folding:
    """Work it out for the rules of these numbers."""
    layout = _Layout(guidance)
    placed = {number: guidance.rules[number] for number in numbers}
    person = {number: layout.both(one, None) for number, one in placed.items() if not one.about_a_trial}
    trial = {stretch: {number: layout.both(one, stretch) for number, one in placed.items() if one.about_a_trial} for stretch in (None, *guidance.stretches)}
    return Folding(person, trial, lru_cache(REMEMBERED)(layout.told))


class _Layout:
    """Which bit means what: stretches to avoid, stretches that need care, and the directives; first at best and then at worst."""

    def __init__(self, guidance: Guidance) -> None:
        self._bits = {name: 1 << place for place, name in enumerate(guidance.stretches)}
        count = len(self._bits)
        self._places = {Verdict.AVOID: 0, Verdict.CAUTION: count}
        self._directives = {directive: 1 << 2 * count + place for place, directive in enumerate(DIRECTIVES)}
        self._half = 2 * count + len(DIRECTIVES)

    def both(self, placed: Placed, stretch: str | None) -> Both:
        """What the rule does where it fires, and where it may; `stretch` was tried, None where it is not known."""
        directive = self._directives.get(placed.rule.directive, 0)
        place = self._places[placed.rule.effect.verdict] if placed.rule.effect.restricts else None
        if placed.scope is not None:
            surely, perhaps = placed.scope, frozenset[str]()
        elif stretch is not None:
            surely, perhaps = frozenset([stretch]), frozenset()
        else:
            surely, perhaps = frozenset(), frozenset(self._bits) if placed.tried is None else placed.tried
        if place is None:
            return 0, 0
        at_best = sum(self._bits[name] for name in surely) << place | directive
        at_worst = sum(self._bits[name] for name in surely | perhaps) << place | directive
        return at_best | at_worst << self._half, at_worst << self._half

    def told(self, found: int) -> Decided:
        """Directive and verdicts, undetermined where best and worst differ."""
        best, worst = found & (1 << self._half) - 1, found >> self._half
        count = len(self._bits)
        avoid, perhaps_avoid, caution, perhaps_caution = best, worst, best >> count, worst >> count
        verdicts: dict[str, str] = {}
        for name, bit in self._bits.items():
            if avoid & bit:
                verdicts[name] = AVOID
            elif perhaps_avoid & bit:
                verdicts[name] = UNDETERMINED
            elif caution & bit:
                verdicts[name] = CAUTION
            else:
                verdicts[name] = UNDETERMINED if perhaps_caution & bit else ALLOWED
        least, most = self._directive(best), self._directive(worst)
        return least if least is most else Directive.UNDETERMINED, MappingProxyType(verdicts)

    def _directive(self, end: int) -> Directive:
        for directive, bit in self._directives.items():
            if end & bit:
                return directive
        return Directive.PROCEED


def folded(values: list[bool | None], surely: list[int], perhaps: list[int]) -> int:
    """What rules do of which an engine gives a value each: true where it fires, null where it may, or false."""
    found = 0
    for does in compress(surely, values):
        found |= does
    if None in values:
        for value, may_do in zip(values, perhaps, strict=True):
            if value is None:
                found |= may_do
    return found
