"""A chunk of people, screened in one process: what is handed in, and what is handed back."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from attrs import evolve, field, frozen

from backscreen.testing import random_people
from backscreen.testing.comparison import Difference

from .bench import bench, screened
from .processes import Position
from .sources import Source, seeded

ENOUGH = 1_000
"""Disagreements after which a chunk ends early: each takes time and memory."""


@frozen(eq=False)
class Part:
    """The people of one rulebook whose indices are from `first` on and below `end`."""

    source: Source
    first: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.first


@frozen(eq=False)
class Chunk:
    """Parts that one process screens in turn; every `whole`-th person is screened as a whole, with 0 nobody."""

    seed: int
    parts: tuple[Part, ...]
    checkers: tuple[str, ...]
    whole_every: int
    enough: int = ENOUGH

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    def person(self, position: int) -> tuple[Part, int]:
        """The part and the index of the person at a position in the chunk."""
        for part, end in zip(self.parts, accumulate(part.size for part in self.parts), strict=True):
            if position < end:
                return part, part.end - (end - position)
        raise IndexError(position)

    def between(self, start: int, end: int) -> Chunk:
        """The chunk's people from one position to another, the latter not included."""
        parts, before = [], 0
        for part in self.parts:
            first, last = max(start - before, 0), min(end - before, part.size)
            if first < last:
                parts.append(evolve(part, first=part.first + first, end=part.first + last))
            before += part.size
        return evolve(self, parts=tuple(parts))


@frozen(eq=False)
class Found:
    """A person on whom a checker disagrees with the reference; `first` is the first person of its process and rulebook.

    Where a process died or hung, the checker may be unknown; then `by` is empty.
    """

    seed: int
    source: Source
    first: int
    index: int
    by: str
    differences: tuple[Difference, ...]


@frozen(eq=False)
class Tally:
    """The result of a chunk: people screened, and for each checker how many screenings agreed."""

    people: int = 0
    compared: Counter[str] = field(factory=Counter)
    agreed: Counter[str] = field(factory=Counter)
    found: tuple[Found, ...] = ()


def screen(chunk: Chunk, position: Position) -> Tally:
    """Screen everybody in the chunk; `position` says all the while who is being screened."""
    logging.disable(logging.CRITICAL)  # a screener that is wrong would say so each time
    compared: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    found: list[Found] = []
    done = wrong = 0
    for part, index, differing in _screened(chunk, position):
        compared.update([*differing])
        agreed.update(name for name, differences in differing.items() if not differences)
        new = [
            Found(chunk.seed, part.source, part.first, index, name, tuple(one))
            for name, one in differing.items()
            if one
        ]
        found += new
        done, wrong = done + 1, wrong + bool(new)
        if wrong >= chunk.enough:
            break
    return Tally(done, compared, agreed, tuple(found))


def _screened(chunk: Chunk, position: Position) -> Iterator[tuple[Part, int, dict[str, list[Difference]]]]:
    at = 0
    for part in chunk.parts:
        on = bench(part.source.knowledge_base(), chunk.checkers)
        for index in range(part.first, part.end):
            position.value = at
            at += 1
            whole = chunk.whole_every > 0 and index % chunk.whole_every == 0
            yield (
                part,
                index,
                screened(on, random_people.person(seeded(chunk.seed, part.source.name, index), on.asked), whole=whole),
            )
