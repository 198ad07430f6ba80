"""Check that all contestants give the same answers, time them, and write the results into docs/performance.md."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from backscreen import Screener
from backscreen.engines.python.compiled_engine import CompiledEngine
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.knowledge_base import KnowledgeBase
from benchmarks.conformance import Mismatch, check_all, check_by_hand
from benchmarks.contestants import BY_HAND, CONTESTANTS
from benchmarks.contestants.contestant import Adapter
from benchmarks.report import Results, report, write_page
from benchmarks.scaling import COPIES, QUICK_COPIES, scaling, sizes
from benchmarks.timing import Spread, Turn, seconds_of, spread, timings
from benchmarks.workload import Group, nearly_complete_group, sample_groups

COMPILATIONS = 9
WARM_UP_PEOPLE = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return 1 where an answer is not the reference's, else 0, whether goals are met or not."""
    options = _options(arguments)
    try:
        results = _results(options, load_rulebooks(options.rules))
    except Mismatch as mismatch:
        print(mismatch, file=sys.stderr)
        return 1
    print(report(results))
    if options.write:
        write_page(results)
    return 0


def _results(options: Namespace, knowledge_base: KnowledgeBase) -> Results:
    seed = options.seed
    rounds = [sample_groups(knowledge_base, options.people, seed + number) for number in range(options.rounds)]
    warm_up = sample_groups(knowledge_base, WARM_UP_PEOPLE, seed + options.rounds)
    checked = [
        nearly_complete_group(knowledge_base, options.people * options.rounds, seed),
        *(group for groups in rounds for group in groups),
    ]
    eligible = [one for one in CONTESTANTS if options.rules is None or not one.bundled_only]
    checked_by_hand = _check_by_hand(knowledge_base, checked, options) if BY_HAND in eligible else 0
    missing = [one for one in eligible if one.version is None]
    contestants = [one for one in eligible if one not in missing and (one is not BY_HAND or checked_by_hand)]
    count = check_all(knowledge_base, {one.name: one.load(knowledge_base) for one in contestants}, checked)
    repeated, profile = sizes(QUICK_COPIES if options.quick else COPIES), warm_up[0].people[0].profile
    adapters = {
        one.name: one.load(knowledge_base) for one in contestants
    }  # others than those checked, with empty caches
    return Results(
        options=options,
        knowledge_base=knowledge_base,
        contestants=contestants,
        missing=missing,
        engine=Screener(knowledge_base).engine,
        checked=count,
        checked_by_hand=checked_by_hand,
        sizes=repeated,
        scaling=scaling(repeated, options.rounds, seed),
        timings=timings((_turns(adapters, groups) for groups in [warm_up, *rounds]), seed),
        compiling=_compiling(knowledge_base, CompiledEngine),
        first_screening=_compiling(knowledge_base, lambda fresh: Screener(fresh, engine="compiled").screen(profile)),
    )


def _check_by_hand(knowledge_base: KnowledgeBase, groups: Sequence[Group], options: Namespace) -> int:
    """Return the number of people; 0 where the rules have changed since, and then `by hand` does not take part."""
    try:
        check_all(knowledge_base, {BY_HAND.name: BY_HAND.load(knowledge_base)}, groups)
        return check_by_hand(knowledge_base, 500 if options.quick else 5000, options.seed)
    except Mismatch as mismatch:
        print(
            mismatch,
            "left out: benchmarks/contestants/by_hand.py differs from the rulebooks",
            sep="\n",
            file=sys.stderr,
        )
        return 0


def _turns(adapters: Mapping[str, Adapter], groups: Sequence[Group]) -> list[list[Turn]]:
    entries = [((name, task), adapter) for name, adapter in adapters.items() for task in adapter.timed]
    return [[(*entry, group) for entry in entries] for group in groups]


def _compiling(knowledge_base: KnowledgeBase, compile_rules: Callable[[KnowledgeBase], object]) -> Spread:
    fresh = [KnowledgeBase(knowledge_base.books) for _ in range(COMPILATIONS)]
    assert all(one.rules for one in fresh)  # computed here, since it is no part of compiling
    return spread([seconds_of(partial(compile_rules, one)) for one in fresh])


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--people", type=_positive, help="people in each group and round (150)")
    parser.add_argument("--rounds", type=_positive, help="rounds (9)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random people (%(default)s)")
    parser.add_argument("--rules", help="a bundled rulebook instead of all, such as lower-back")
    parser.add_argument("--quick", action="store_true", help="10 people, 3 rounds, page unchanged")
    help_ = "write docs/performance.md (by default unless --quick or --rules is given)"
    parser.add_argument("--write", action=BooleanOptionalAction, help=help_)
    options = parser.parse_args(arguments)
    options.people = options.people or (10 if options.quick else 150)
    options.rounds = options.rounds or (3 if options.quick else 9)
    options.write = not options.quick and options.rules is None if options.write is None else options.write
    return options


def _positive(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise ArgumentTypeError(f"expected a whole number above 0, got `{text}`")


if __name__ == "__main__":
    sys.exit(main())
