"""Runs the benchmark: checks that everybody gives the same answers, times them, prints tables and writes `docs/performance.md`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Sequence
from pathlib import Path

from backscreen import Screener
from backscreen.loading.rulebooks import load
from backscreen.rulebook.rulebook import Guidance
from benchmarks import compiling, growth
from benchmarks.checking import Unequal, check_all
from benchmarks.checking_by_hand import check_by_hand
from benchmarks.contestants import BY_HAND, CONTESTANTS
from benchmarks.goals import Run
from benchmarks.page import page
from benchmarks.people import Group, hardly_unknown, made_up
from benchmarks.results import results
from benchmarks.timing import measured, names_of

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
COMPILED = 9
"""How often the rulebooks are compiled."""
WARM_UP = 5
"""People of each group whom everybody meets before the timing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it: 0 when it is done, goals met or missed; 1 when somebody's answers are not the reference's."""
    options = _options(arguments)
    guidance = load(options.rules)
    rounds = [made_up(guidance, options.people, options.seed + number) for number in range(options.rounds)]
    few = [hardly_unknown(guidance, options.people * options.rounds, options.seed)]
    warm_up = made_up(guidance, WARM_UP, options.seed + options.rounds)
    fitting = [one for one in CONTESTANTS if options.rules is None or not one.shipped_only]
    by_hand = _checked_by_hand(guidance, [*rounds, few], 500 if options.quick else 5000, options.seed) if BY_HAND in fitting else 0
    took_part = [one for one in fitting if one.is_installed and (one is not BY_HAND or by_hand)]
    try:
        checked = check_all(guidance, {one.name: one.prepare(guidance) for one in took_part}, [*rounds, few])
        grown = growth.measured(load("lower-back"), growth.FEW if options.quick else growth.COPIES, options.rounds, options.seed)
    except Unequal as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    run = Run(
        guidance=guidance,
        took_part=took_part,
        missing=[one for one in fitting if not one.is_installed],
        engine=Screener(guidance).engine,
        people=options.people,
        rounds=options.rounds,
        seed=options.seed,
        checked=checked,
        checked_by_hand=by_hand,
        groups=names_of(rounds[0]),
        timings=measured({one.name: one.prepare(guidance) for one in took_part}, rounds, warm_up, options.seed),
        growth=grown,
        compiling=compiling.measured(guidance, warm_up[0].people[0], COMPILED),
    )
    sys.stdout.write(f"{results(run)}\n")
    if options.write:
        PAGE.write_text(page(run), "utf-8")
        sys.stdout.write(f"\nwritten to {PAGE.relative_to(PAGE.parents[1])}\n")
    return 0


def _checked_by_hand(guidance: Guidance, rounds: Sequence[Sequence[Group]], count: int, seed: int) -> int:
    """For how many more people what is written by hand is right; none where rules have changed since, and then it is left out."""
    try:
        check_all(guidance, {BY_HAND.name: BY_HAND.prepare(guidance)}, rounds)
        return check_by_hand(guidance, count, seed)
    except Unequal as failure:
        sys.stderr.write(f"{failure}\nWhat is written by hand (benchmarks/contestants/by_hand) does not say what the rules say; it is left out.\n")
        return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--people", type=_positive, help="people in each group and round (150)")
    parser.add_argument("--rounds", type=_positive, help="rounds (9)")
    parser.add_argument("--seed", type=int, default=1, help="what the people are made up from (%(default)s)")
    parser.add_argument("--rules", help="one bundled rulebook instead of all of them, such as lower-back")
    parser.add_argument("--quick", action="store_true", help="a glance: 10 people, 3 rounds, no page")
    parser.add_argument("--write", action=BooleanOptionalAction, help="write docs/performance.md (as it does unless --quick or --rules is given)")
    options = parser.parse_args(arguments)
    options.people = options.people or (10 if options.quick else 150)
    options.rounds = options.rounds or (3 if options.quick else 9)
    options.write = not options.quick and options.rules is None if options.write is None else options.write
    return options


def _positive(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise ArgumentTypeError(f"`{text}` is no whole number above 0")


if __name__ == "__main__":
    sys.exit(main())
