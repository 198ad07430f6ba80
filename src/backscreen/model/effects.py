"""Verdicts, directives and effects: what a rule does, and what that makes of a stretch and of the whole screening."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Ordered(StrEnum):
    """Words ordered from the weakest to the strongest; `undetermined` has no place in the order.

    A member equals its word, as in `screening.directive == "stop"`. Only members of one enumeration can be ordered:
    as plain strings they would compare by the alphabet, in which `allowed` < `avoid` < `caution`.
    """

    _place: int | None

    def __new__(cls, word: str) -> Self:  # noqa: D102 - enum calls it once for each member
        member = str.__new__(cls, word)
        member._value_ = word
        member._place = None if word == "undetermined" else len(cls.__members__)  # noqa: SLF001 - its own
        return member

    @classmethod
    def between(cls, at_best: Self, at_worst: Self) -> Self:
        """What can be said where these are the ends: the one that both are, or `undetermined`."""
        return at_best if at_best is at_worst else cls["UNDETERMINED"]

    def _places(self, other: object) -> tuple[int, int]:
        if not isinstance(other, Ordered) or type(other) is not type(self):
            raise TypeError(f"{self!r} is ordered only among its own kind")
        mine, theirs = self._place, other._place  # noqa: SLF001 - of its own kind
        if mine is None or theirs is None:
            raise TypeError("`undetermined` is neither more nor less than anything; compare `at_best` or `at_worst`")
        return mine, theirs

    __hash__ = str.__hash__  # as it compares equal to its word

    def __lt__(self, other: object) -> bool:
        mine, theirs = self._places(other)
        return mine < theirs

    def __le__(self, other: object) -> bool:
        mine, theirs = self._places(other)
        return mine <= theirs

    def __gt__(self, other: object) -> bool:
        mine, theirs = self._places(other)
        return mine > theirs

    def __ge__(self, other: object) -> bool:
        mine, theirs = self._places(other)
        return mine >= theirs


class Verdict(Ordered):
    """What may be done with one stretch: `allowed` < `caution` < `avoid`; or `undetermined`.

    >>> max(Verdict.CAUTION, Verdict.AVOID)
    <Verdict.AVOID: 'avoid'>
    """

    ALLOWED = "allowed"
    CAUTION = "caution"
    AVOID = "avoid"
    UNDETERMINED = "undetermined"


class Directive(Ordered):
    """What the whole screening comes to: `proceed` < `care` < `consult` < `stop`; or `undetermined`."""

    PROCEED = "proceed"
    CARE = "care"
    CONSULT = "consult"
    STOP = "stop"
    UNDETERMINED = "undetermined"


class Effect(Ordered):
    """What a rule does when it fires, from `advise` < `unneeded` < `recommend` up to `avoid` < `consult` < `stop`.

    Each has the verdict on a stretch in the rule's scope, and the directive for the whole screening.
    """

    STOP = "stop", Verdict.AVOID, Directive.STOP
    CONSULT = "consult", Verdict.CAUTION, Directive.CONSULT
    AVOID = "avoid", Verdict.AVOID, Directive.CARE
    CAUTION = "caution", Verdict.CAUTION, Directive.CARE
    RECOMMEND = "recommend", Verdict.ALLOWED, Directive.PROCEED
    UNNEEDED = "unneeded", Verdict.ALLOWED, Directive.PROCEED
    ADVISE = "advise", Verdict.ALLOWED, Directive.PROCEED

    rank: int
    """Its place from the strongest, 0, to the weakest."""
    verdict: Verdict
    """The verdict on a stretch in the rule's scope."""
    directive: Directive
    """The directive for the whole screening."""
    restricts: bool
    """Whether it can make a verdict or the directive stricter."""

    # The defaults let type checkers accept `Effect("stop")`.
    def __new__(  # noqa: D102 - enum calls it once for each member
        cls,
        word: str,
        verdict: Verdict = Verdict.ALLOWED,
        directive: Directive = Directive.PROCEED,
    ) -> Self:
        member = str.__new__(cls, word)
        member._value_ = word
        member.rank, member.verdict, member.directive = len(cls.__members__), verdict, directive
        member._place = -member.rank  # noqa: SLF001 - its own; the strongest is declared first
        member.restricts = verdict is not Verdict.ALLOWED
        return member


class Certainty(Ordered):
    """How certain it is that a rule fires: `may_fire` (once more is known) < `fires`."""

    MAY_FIRE = "may_fire"
    FIRES = "fires"
