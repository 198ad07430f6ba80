"""Whether the campaign finds what it is there to find: engines broken on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from backscreen.testing.comparison import Difference

from . import sabotage
from .cases import case_of, kind, narrowed
from .chunks import Chunk, Found, Part, screen
from .processes import DIED, HUNG, Ended, Returned, each
from .sources import Source, drawn

_SEED, _PEOPLE, _RULEBOOKS, _PEOPLE_EACH = 0, 150, 8, 50
_PATIENCE = 10.0
"""Seconds after which an engine is taken to hang; nobody takes a hundredth of that."""

BROKEN = {f"{one.__module__}:{one.__name__}": what for one, what in sabotage.BROKEN.items()}


def unnoticed(source: Source, *, workers: int, broken: Mapping[str, str] = BROKEN) -> list[str]:
    """The broken engines that go unnoticed, or are taken for something else; none, if the campaign can be relied on."""
    own = Part(source, 0, _PEOPLE)
    others = tuple(Part(drawn(_SEED, number), 0, _PEOPLE_EACH) for number in range(_RULEBOOKS))
    fatal = [name for name, what in broken.items() if what in {DIED, HUNG}]
    survivable = tuple(name for name in broken if name not in fatal)
    chunks = [Chunk(_SEED, (own,), (name,), 0) for name in fatal] + [
        Chunk(_SEED, (own, *others), survivable, 1, _PEOPLE * 100)
    ]
    noticed: set[str] = set()
    for chunk, ended in each(screen, lambda: chunks.pop(0) if chunks else None, workers=workers, patience=_PATIENCE):
        noticed |= {by for by, what in _noticed(chunk, ended) if broken[by] == what}
    return [name for name in broken if name not in noticed]


def _noticed(chunk: Chunk, ended: Ended) -> set[tuple[str, str | None]]:
    """Return how each of the chunk's broken engines was found; one that ends its process is given one person."""
    if isinstance(ended, Returned):
        return {(found.by, kind(found.differences)) for found in ended.value.found}
    part, index = chunk.person(max(0, ended.at))
    found = Found(chunk.seed, part.source, part.first, index, "", (Difference(ended.what, "an answer", ended.how),))
    case = narrowed(case_of(found, chunk.checkers), patience=_PATIENCE)
    return {(name, kind(case.differences)) for name in case.checkers} if case.first == case.last else set()
