"""Stretches: the catalogue, and the selectors that name a set of them by what they do."""

from collections.abc import Iterable
from enum import StrEnum
from typing import assert_never

from attrs import field, frozen


class Motion(StrEnum):
    """A motion of the lumbar spine."""

    FLEXION = "flexion"
    EXTENSION = "extension"
    HYPEREXTENSION = "hyperextension"
    ROTATION = "rotation"
    SIDE_BENDING = "side_bending"
    NONE = "none"


@frozen(kw_only=True)
class Region:
    """A part of the body that a stretch acts on, and the statements that say what belongs to it."""

    id: str
    name: str
    statements: tuple[str, ...] = ()


@frozen(kw_only=True)
class Target:
    """A muscle, or a group of muscles, that a stretch lengthens."""

    id: str
    name: str


@frozen(kw_only=True)
class Dose:
    """How much of a stretch: seconds a hold, repetitions, times a day. What a document leaves open is None."""

    hold_s: int | None = None
    hold_s_up_to: int | None = None
    repetitions: int | None = None
    repetitions_up_to: int | None = None
    per_side: bool = False
    per_day: int | None = None

    def __str__(self) -> str:
        parts = []
        if self.repetitions is not None:
            times = _span(self.repetitions, self.repetitions_up_to)
            parts.append("once" if times == "1" else f"{times} times")
        if self.hold_s is not None:
            parts.append(f"hold {_span(self.hold_s, self.hold_s_up_to)} s")
        if self.per_side:
            parts.append("each side")
        if self.per_day is not None and self.per_day > 1:
            parts.append(f"{self.per_day} times a day")
        return ", ".join(parts)


def _span(least: int, most: int | None) -> str:
    return str(least) if most is None else f"{least}–{most}"


@frozen(kw_only=True)
class Stretch:
    """An entry of the catalogue: the muscles it acts on, its steps and its statements. `at` is where it is declared."""

    id: str
    name: str
    position: str
    regions: tuple[str, ...]
    targets: tuple[str, ...]
    motions: tuple[Motion, ...]
    steps: tuple[str, ...]
    statements: tuple[str, ...]
    dose: Dose | None = None
    variation_of: str | None = None
    at: str = field(default="", eq=False)


@frozen
class Everything:
    """Selects every stretch of the catalogue."""


@frozen
class Nothing:
    """Selects no stretch: what is said concerns the whole screening."""


@frozen(kw_only=True)
class AttributeSelector:
    """Selects stretches with any of the values within each attribute that is given, and all of these attributes."""

    targets: tuple[str, ...] | None = None
    motions: tuple[Motion, ...] | None = None
    regions: tuple[str, ...] | None = None
    stretches: tuple[str, ...] | None = None


Selector = Everything | Nothing | AttributeSelector


def select(selector: Selector, catalogue: Iterable[Stretch]) -> frozenset[str]:
    """The ids of the stretches that the selector names."""
    match selector:
        case Everything():
            return frozenset(stretch.id for stretch in catalogue)
        case Nothing():
            return frozenset()
        case AttributeSelector():
            return frozenset(stretch.id for stretch in catalogue if _has(stretch, selector))
        case _:
            assert_never(selector)


def _has(stretch: Stretch, wanted: AttributeSelector) -> bool:
    pairs: tuple[tuple[tuple[str, ...] | None, tuple[str, ...]], ...] = (
        (wanted.targets, stretch.targets),
        (wanted.motions, stretch.motions),
        (wanted.regions, stretch.regions),
        (wanted.stretches, (stretch.id,)),
    )
    return all(wants is None or not set(wants).isdisjoint(has) for wants, has in pairs)


def _with_variations(stretch: Stretch, catalogue: dict[str, Stretch]) -> set[str]:
    """Return the ids of the stretch, its variations and their variations."""
    variations: dict[str | None, list[str]] = {}
    for other in catalogue.values():
        variations.setdefault(other.variation_of, []).append(other.id)
    found, waiting = {stretch.id}, [stretch.id]
    while waiting:
        more = set(variations.get(waiting.pop(), ())) - found
        found |= more
        waiting += more
    return found


def stand_ins(stretch: Stretch, catalogue: dict[str, Stretch]) -> tuple[Stretch, ...]:
    """Return possible replacements: with a dose and a shared target, no variations; most shared targets first."""
    targets = set(stretch.targets)
    own = _with_variations(stretch, catalogue)
    shared = [
        (len(targets.intersection(other.targets)), other)
        for other in catalogue.values()
        if other.id not in own and other.dose is not None
    ]
    return tuple(
        other for _, other in sorted(((count, other) for count, other in shared if count), key=lambda one: -one[0])
    )
