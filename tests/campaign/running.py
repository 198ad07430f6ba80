"""The run itself: chunks handed out to processes, and what comes back put together."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator

from attrs import define, field

from backscreen.testing.comparison import Difference

from .chunks import Chunk, Found, Part, Tally, screen
from .processes import Failed, Returned, Running, each
from .sources import Source

CHUNK = 10_000
"""People in a chunk: a process is replaced after some ten seconds, and what its engines pile up goes with it."""
MOST_FAILURES, MOST_FOUND = 20, 20_000
"""Once so many processes have died or hung, or so many disagreements were found, no more are looked for."""

Look = Callable[[int, int], None]


@define
class Outcome:
    """The result of the run so far. People of unfinished chunks count as `begun` only."""

    people: int = 0
    begun: int = 0
    compared: Counter[str] = field(factory=Counter)
    agreed: Counter[str] = field(factory=Counter)
    found: list[Found] = field(factory=list)


def chunks(
    sources: Iterable[tuple[Source, int]], seed: int, checkers: tuple[str, ...], whole_every: int, size: int = CHUNK
) -> Iterator[Chunk]:
    """So many people of each source, in chunks of one size, but for the last."""
    parts: list[Part] = []
    for source, people in sources:
        first = 0
        while first < people:
            end = min(people, first + size - sum(part.size for part in parts))
            parts.append(Part(source, first, end))
            first = end
            if sum(part.size for part in parts) == size:
                yield Chunk(seed, tuple(parts), checkers, whole_every)
                parts = []
    if parts:
        yield Chunk(seed, tuple(parts), checkers, whole_every)


def run(
    work: Iterator[Chunk], outcome: Outcome, *, workers: int, patience: float, look: Look = lambda *_: None
) -> None:
    """Screen all of the chunks, and put what comes of it into `outcome`.

    Where a process died or hung, others screen the people before and after the one it was screening. Where far too much
    is wrong, the rest is left out, and `outcome` has fewer people than were asked for.
    """
    again: deque[Chunk] = deque()
    failures = 0

    def following() -> Chunk | None:
        if failures > MOST_FAILURES or len(outcome.found) > MOST_FOUND:
            return None
        return again.popleft() if again else next(work, None)

    def looked(running: list[Running]) -> None:
        outcome.begun = outcome.people + sum(max(0, one.position.value) for one in running)
        look(outcome.begun, len(outcome.found))

    for chunk, ended in each(screen, following, workers=workers, patience=patience, look=looked):
        if isinstance(ended, Returned):
            _add(outcome, ended.value)
            continue
        failures += 1
        again.extend(_failed(outcome, chunk, ended))


def _add(outcome: Outcome, tally: Tally) -> None:
    outcome.people += tally.people
    outcome.compared.update(tally.compared)
    outcome.agreed.update(tally.agreed)
    outcome.found += tally.found


def _failed(outcome: Outcome, chunk: Chunk, failed: Failed) -> list[Chunk]:
    """Take down at whom a process failed, and return the chunk's other people."""
    at = max(0, failed.at)
    part, index = chunk.person(at)
    outcome.people += 1
    outcome.found.append(
        Found(chunk.seed, part.source, part.first, index, "", (Difference(failed.what, "an answer", failed.how),))
    )
    return [one for one in (chunk.between(0, at), chunk.between(at + 1, chunk.size)) if one.size]
