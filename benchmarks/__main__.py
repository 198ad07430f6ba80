"""Runs the benchmark: checks that everybody gives the same answers, times them, prints tables and writes `docs/performance.md`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Sequence
from pathlib import Path

from backscreen import Screener
from backscreen.loading.rulebooks import load
from benchmarks.checking import Unequal, check_all
from benchmarks.contestants import CONTESTANTS
from benchmarks.page import Run, page, results
from benchmarks.people import made_up
from benchmarks.timing import measured, names_of

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it: 0 when it is done, goals met or missed; 1 when somebody's answers are not the reference's."""
    options = _options(arguments)
    guidance = load("lower-back")
    rounds = [made_up(guidance, options.people, options.seed + number) for number in range(options.rounds)]
    took_part = [one for one in CONTESTANTS if one.is_installed]
    missing = [one for one in CONTESTANTS if not one.is_installed]
    ready = {one.name: one.prepare(guidance) for one in took_part}
    try:
        checked = check_all(guidance, ready, rounds)
    except Unequal as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    run = Run(
        guidance=guidance,
        took_part=took_part,
        missing=missing,
        engine=Screener(guidance).engine,
        people=options.people,
        rounds=options.rounds,
        seed=options.seed,
        checked=checked,
        groups=names_of(rounds[0]),
        timings=measured(ready, rounds, options.seed),
    )
    sys.stdout.write(f"{results(run)}\n")
    if options.write:
        PAGE.write_text(page(run), "utf-8")
        sys.stdout.write(f"\nwritten to {PAGE.relative_to(PAGE.parents[1])}\n")
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--people", type=_positive, help="people in each group and round (200)")
    parser.add_argument("--rounds", type=_positive, help="rounds (9)")
    parser.add_argument("--seed", type=int, default=1, help="what the people are made up from (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="a glance: 10 people, 3 rounds, no page")
    parser.add_argument("--write", action=BooleanOptionalAction, help="write docs/performance.md (as it does unless --quick is given)")
    options = parser.parse_args(arguments)
    options.people = options.people or (10 if options.quick else 200)
    options.rounds = options.rounds or (3 if options.quick else 9)
    options.write = not options.quick if options.write is None else options.write
    return options


def _positive(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise ArgumentTypeError(f"`{text}` is no whole number above 0")


if __name__ == "__main__":
    sys.exit(main())
