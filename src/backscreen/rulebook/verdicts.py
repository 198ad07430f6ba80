"""Verdicts, directives and effects: what a rule does, and what that makes of a stretch and of the whole screening."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import assert_never


class _Ordered(StrEnum):
    """Words ordered as they are written down; `undetermined` has no place in the order."""

    def _compared(self, other: object) -> tuple[int, int]:
        # A plain string would be compared by the alphabet, in which `allowed` < `avoid` < `caution`.
        if not isinstance(other, _Ordered) or type(other) is not type(self):
            raise TypeError(f"{self!r} is ordered only among its own kind")
        if "undetermined" in (self.value, other.value):
            raise TypeError("`undetermined` is neither more nor less than anything; compare `at_best` or `at_worst`")
        order = list(type(self))
        return order.index(self), order.index(other)

    def __lt__(self, other: object) -> bool:
        mine, theirs = self._compared(other)
        return mine < theirs

    def __le__(self, other: object) -> bool:
        mine, theirs = self._compared(other)
        return mine <= theirs

    def __gt__(self, other: object) -> bool:
        mine, theirs = self._compared(other)
        return mine > theirs

    def __ge__(self, other: object) -> bool:
        mine, theirs = self._compared(other)
        return mine >= theirs


class Verdict(_Ordered):
    """What may be done with one stretch: `allowed` < `caution` < `avoid`; or `undetermined`.

    >>> max(Verdict.CAUTION, Verdict.AVOID)
    <Verdict.AVOID: 'avoid'>
    """

    ALLOWED = "allowed"
    CAUTION = "caution"
    AVOID = "avoid"
    UNDETERMINED = "undetermined"


class Directive(_Ordered):
    """What the whole screening comes to: `proceed` < `care` < `consult` < `stop`; or `undetermined`."""

    PROCEED = "proceed"
    CARE = "care"
    CONSULT = "consult"
    STOP = "stop"
    UNDETERMINED = "undetermined"


class Effect(Enum):
    """What a rule does when it fires, the strongest first."""

    STOP = "stop"
    CONSULT = "consult"
    AVOID = "avoid"
    CAUTION = "caution"
    RECOMMEND = "recommend"
    UNNEEDED = "unneeded"
    ADVISE = "advise"

    @property
    def rank(self) -> int:
        """Its place from the strongest, 0, to the weakest."""
        return list(Effect).index(self)

    @property
    def restricts(self) -> bool:
        """Whether it can make a verdict or the directive stricter."""
        return self.verdict is not Verdict.ALLOWED

    @property
    def verdict(self) -> Verdict:
        """The verdict on a stretch in the rule's scope."""
        match self:
            case Effect.STOP | Effect.AVOID:
                return Verdict.AVOID
            case Effect.CONSULT | Effect.CAUTION:
                return Verdict.CAUTION
            case Effect.RECOMMEND | Effect.UNNEEDED | Effect.ADVISE:
                return Verdict.ALLOWED
            case _:
                assert_never(self)

    @property
    def directive(self) -> Directive:
        """The directive for the whole screening."""
        match self:
            case Effect.STOP:
                return Directive.STOP
            case Effect.CONSULT:
                return Directive.CONSULT
            case Effect.AVOID | Effect.CAUTION:
                return Directive.CARE
            case Effect.RECOMMEND | Effect.UNNEEDED | Effect.ADVISE:
                return Directive.PROCEED
            case _:
                assert_never(self)
