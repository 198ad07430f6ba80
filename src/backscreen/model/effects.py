"""Verdicts, directives and effects: what a rule does, and what that makes of a stretch and of the whole screening."""

from __future__ import annotations

from enum import Enum, StrEnum, auto
from typing import Self

from attrs import fields, frozen


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
    def settled(cls) -> tuple[Self, ...]:
        """Return the members that have a place in the order, from the weakest to the strongest."""
        return tuple(sorted(member for member in cls if member._place is not None))  # noqa: SLF001 - its own

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


class Note(StrEnum):
    """A note on a stretch. It restricts nothing."""

    RECOMMENDED = "recommended"
    UNNEEDED = "unneeded"


class AppliesTo(Enum):
    """The stretches that a rule must or may select, by its effect."""

    ALL = auto()
    """All of them; the key may be omitted."""
    SOME = auto()
    """At least one."""
    ANY = auto()
    """Some, or explicitly none."""
    OPTIONAL = auto()
    """Some, or explicitly none; the key may be omitted."""

    @property
    def may_be_omitted(self) -> bool:
        """Whether a rule about a person may have no `applies_to`."""
        return self in (AppliesTo.ALL, AppliesTo.OPTIONAL)


@frozen(kw_only=True)
class _Row:
    """All that the program knows of one effect. The words for it are in `wording/effect_words.py`."""

    verdict: Verdict
    directive: Directive
    applies_to: AppliesTo
    folder: str
    note: Note | None = None
    may_be_about_a_stretch: bool = False
    may_fire_always: bool = False


class Effect(Ordered):
    """What a rule does when it fires, from `advise` < `unneeded` < `recommend` up to `avoid` < `consult` < `stop`.

    The members are the one table of effects, from the strongest to the weakest.
    """

    STOP = (
        "stop",
        _Row(verdict=Verdict.AVOID, directive=Directive.STOP, applies_to=AppliesTo.ALL, folder="contraindications"),
    )
    CONSULT = (
        "consult",
        _Row(verdict=Verdict.CAUTION, directive=Directive.CONSULT, applies_to=AppliesTo.ANY, folder="precautions"),
    )
    AVOID = (
        "avoid",
        _Row(
            verdict=Verdict.AVOID,
            directive=Directive.CARE,
            applies_to=AppliesTo.SOME,
            folder="contraindications",
            may_be_about_a_stretch=True,
        ),
    )
    CAUTION = (
        "caution",
        _Row(
            verdict=Verdict.CAUTION,
            directive=Directive.CARE,
            applies_to=AppliesTo.ANY,
            folder="precautions",
            may_be_about_a_stretch=True,
        ),
    )
    RECOMMEND = (
        "recommend",
        _Row(
            verdict=Verdict.ALLOWED,
            directive=Directive.PROCEED,
            applies_to=AppliesTo.SOME,
            folder="benefits",
            note=Note.RECOMMENDED,
        ),
    )
    UNNEEDED = (
        "unneeded",
        _Row(
            verdict=Verdict.ALLOWED,
            directive=Directive.PROCEED,
            applies_to=AppliesTo.SOME,
            folder="benefits",
            note=Note.UNNEEDED,
        ),
    )
    ADVISE = (
        "advise",
        _Row(
            verdict=Verdict.ALLOWED,
            directive=Directive.PROCEED,
            applies_to=AppliesTo.OPTIONAL,
            folder="advice",
            may_fire_always=True,
        ),
    )

    rank: int
    """Its place from the strongest, 0, to the weakest."""
    verdict: Verdict
    """The verdict on a stretch in the rule's scope."""
    directive: Directive
    """The directive for the whole screening."""
    restricts: bool
    """Whether it can make a verdict or the directive stricter."""
    is_grave: bool
    """Whether it says to see a professional: `consult` or `stop`."""
    helps: bool
    """Whether it speaks for a stretch. Then more is not stricter: after a fault only the reference is believed."""
    note: Note | None
    """The note that it puts on each stretch in the rule's scope."""
    applies_to: AppliesTo
    """The stretches that a rule must or may select."""
    may_be_about_a_stretch: bool
    """Whether a rule may have `about: stretch`."""
    may_fire_always: bool
    """Whether a rule may have no condition, though it is about the person."""
    folder: str
    """The folder of a rulebook for rules about the person."""

    # The default lets type checkers accept `Effect("stop")`.
    def __new__(cls, word: str, row: _Row | None = None) -> Self:  # noqa: D102 - enum calls it once for each member
        assert row is not None
        # INVARIANT: a row restricts both or neither: engines go by the verdict, and the reference by the directive.
        assert (row.verdict is Verdict.ALLOWED) == (row.directive is Directive.PROCEED)
        member = str.__new__(cls, word)
        member._value_ = word
        member.rank = len(cls.__members__)
        member._place = -member.rank  # noqa: SLF001 - its own; the strongest is declared first
        for column in fields(_Row):
            setattr(member, column.name, getattr(row, column.name))
        member.restricts = row.verdict is not Verdict.ALLOWED
        member.is_grave = row.directive >= Directive.CONSULT
        member.helps = row.note is Note.RECOMMENDED
        return member


ABOUT_A_STRETCH = tuple(effect for effect in Effect if effect.may_be_about_a_stretch)
"""The effects that a rule with `about: stretch` may have."""
ALWAYS_FIRING = tuple(effect for effect in Effect if effect.may_fire_always)
"""The effects that a rule without a condition may have."""


class Certainty(Ordered):
    """How certain it is that a rule fires: `may_fire` (once more is known) < `fires`."""

    MAY_FIRE = "may_fire"
    FIRES = "fires"
