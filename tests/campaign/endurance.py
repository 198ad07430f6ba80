"""Memory of one process over very many screenings. Run it as `python -m tests.campaign.endurance`."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from backscreen import Profile, Screener
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import BackscreenError, UsageError
from backscreen.testing import random_people

from .command import AGREED, BAD_INPUT, DISAGREED, INTERRUPTED, number
from .running import Look
from .showing import progress, say
from .sources import seeded

MOST_GROWTH = 10 * 1024 * 1024
_PEOPLE = 5_000
_READ_EVERY = 10


def main(arguments: Sequence[str]) -> int:
    """Screen; return 0 if memory grew by at most 10 MB, 1 if by more, 2 for a wrong call, 130 if interrupted."""
    asked = _parser().parse_args(list(arguments))
    try:
        return _run(asked)
    except BackscreenError as failure:
        say(str(failure))
        return BAD_INPUT
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaign.endurance",
        description="Screen very many people in one process, and watch its memory.",
    )
    parser.add_argument(
        "--screenings", type=number(2), default=1_000_000, metavar="N", help="how many (default 1,000,000)"
    )
    parser.add_argument(
        "--warm-up",
        type=number(1),
        metavar="N",
        help="after how many of these memory is first looked at (default 20,000, or a third)",
    )
    parser.add_argument("--engine", choices=("durable", "compiled"), help="the engine; default is the Screener's own")
    parser.add_argument("--seed", type=number(0), default=0, metavar="N", help="what people are drawn from (default 0)")
    return parser


def _run(asked: argparse.Namespace) -> int:
    warm_up = min(20_000, asked.screenings // 3) if asked.warm_up is None else asked.warm_up
    if warm_up >= asked.screenings:
        raise UsageError(
            [Diagnostic("the warm-up is all there is", help="give --warm-up a smaller number than --screenings")]
        )
    screener = Screener(engine=asked.engine)
    questions = random_people.questionnaire(screener.knowledge_base)
    drawn = [random_people.person(seeded(asked.seed, "endurance", index), questions) for index in range(_PEOPLE)]
    start = monotonic()
    with progress(asked.screenings) as look:
        _screen(screener, drawn, range(warm_up), look)
        before = resident()
        _screen(screener, drawn, range(warm_up, asked.screenings), look)
        after = resident()
    each, growth = (monotonic() - start) * 1e6 / asked.screenings, after - before
    before_and_after = (
        f"{_megabytes(before)} after {warm_up:,} screenings, {_megabytes(after)} after {asked.screenings:,}"
    )
    memory = f"{before_and_after}, grown by {_megabytes(growth)}"
    print(f"engine {screener.engine}: {memory} (at most {_megabytes(MOST_GROWTH)}); {each:,.0f} µs a screening")  # noqa: T201 - the answer
    return AGREED if growth <= MOST_GROWTH else DISAGREED


def _screen(screener: Screener, drawn: Sequence[Profile], indices: range, look: Look) -> None:
    """Screen the people in turn, over and over; of every tenth, all that is said is read."""
    for index in indices:
        screening = screener.screen(drawn[index % len(drawn)])
        if screening.fault is not None:  # from here on another engine would be looked at
            raise UsageError(
                [
                    Diagnostic(
                        f"the engine failed: {screening.fault.kind}: {screening.fault.detail}",
                        help="run the campaign to see why",
                    )
                ]
            )
        if index % _READ_EVERY == 0:
            screening.to_dict()
            look(index, 0)


def resident() -> int:
    """Return the bytes that this process holds after collecting garbage; where that is unknown, its peak."""
    gc.collect()
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
