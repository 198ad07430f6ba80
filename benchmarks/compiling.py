"""How long it takes to compile rulebooks that are loaded."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time

from attrs import frozen

from backscreen import Screener
from backscreen.engines.compiled import CompiledEngine
from backscreen.rulebook.rulebook import Guidance
from benchmarks.people import Person, renewed
from benchmarks.timing import Spread, spread


@frozen
class Compiling:
    """Seconds of processor time for the compiled evaluator, and for a screener with one screening, which pays for what is put off till then."""

    engine: Spread
    first_screening: Spread


def measured(guidance: Guidance, person: Person, times: int) -> Compiling:
    """Compile the rulebooks so many times, each time from guidance of which nothing was compiled before."""

    def screened(loaded: Guidance) -> None:
        Screener(loaded, engine="compiled").screen(renewed(person).profile)

    return Compiling(_times(guidance, CompiledEngine, times), _times(guidance, screened, times))


def _times(guidance: Guidance, compiled: Callable[[Guidance], object], times: int) -> Spread:
    found = []
    for _ in range(times):
        loaded = Guidance(guidance.books)
        assert loaded.rules  # noqa: S101 - placed when they are first asked for, which belongs to the loading
        gc.collect()
        start = process_time()
        compiled(loaded)
        found.append(process_time() - start)
    return spread(found)
