"""The command line of the campaign."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic

from attrs import evolve, frozen

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import BackscreenError, UsageError

from . import keeping, selfcheck
from .bench import SCREENERS, installed, maker
from .cases import Case, case_of, shown
from .running import CHUNK, Outcome, chunks, run
from .showing import progress, say, summary
from .sources import Source, drawn, named

AGREED, DISAGREED, BAD_INPUT, UNRELIABLE, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143


@frozen
class Size:
    """How many people on the shipped rulebook, how many random rulebooks, and how many people on each of these."""

    people: int
    rulebooks: int
    people_each: int


USUAL, QUICK, FULL = Size(50_000, 50, 1_000), Size(20_000, 50, 400), Size(1_000_000, 500, 2_000)


def main(arguments: Sequence[str]) -> int:
    """Run the campaign.

    Return 0 if all agree, 1 if something differs, 2 for a wrong call, 3 where the result is unreliable, 130 if
    interrupted, 143 if terminated.
    """
    try:
        return _run(_parser().parse_args(list(arguments)))
    except BackscreenError as failure:
        say(str(failure))
        return BAD_INPUT
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED


def terminated(*_: object) -> None:
    """End in good order where somebody ends the program from outside."""
    raise SystemExit(TERMINATED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.campaign",
        description="Screen very many made-up people with every engine, and hold each answer against the reference.",
    )
    sizes = parser.add_argument_group(
        f"how many (without any: {USUAL.people}, {USUAL.rulebooks} and {USUAL.people_each})"
    )
    sizes.add_argument(
        "--people", type=number(0), metavar="N", help="people on the shipped rulebook, or on that of --rules"
    )
    sizes.add_argument("--rulebooks", type=number(0), metavar="N", help="random rulebooks")
    sizes.add_argument("--people-each", type=number(1), metavar="N", help="people on each random rulebook")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--quick",
        action="store_true",
        help=f"{QUICK.people}, {QUICK.rulebooks} and {QUICK.people_each}, where not given otherwise",
    )
    mode.add_argument(
        "--full",
        action="store_true",
        help=f"{FULL.people}, {FULL.rulebooks} and {FULL.people_each}, where not given otherwise",
    )
    mode.add_argument("--self-check", action="store_true", help="only see whether broken engines are found")
    mode.add_argument("--replay", nargs="+", type=Path, metavar="FILE", help="only run kept cases again")
    parser.add_argument("--seed", type=number(0), default=0, metavar="N", help="what all is drawn from (default 0)")
    parser.add_argument(
        "--workers",
        type=number(1),
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes at a time (default: as many as CPUs)",
    )
    parser.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="RULES",
        help="a rulebook's id or folder, repeatable; several are read as one",
    )
    parser.add_argument(
        "--engine",
        action="append",
        default=[],
        metavar="NAME",
        help=f"{', '.join([*installed(), *SCREENERS])} or module:attribute, repeatable; default all",
    )
    parser.add_argument(
        "--whole-every",
        type=number(0),
        default=5,
        metavar="N",
        help="whole screenings of every so many people; 0 for none (default 5)",
    )
    parser.add_argument(
        "--patience",
        type=number(1),
        default=60,
        metavar="S",
        help="seconds after which an engine is taken to hang (default 60)",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        default=Path("campaign-failures"),
        metavar="DIR",
        help="where disagreements are kept (default campaign-failures)",
    )
    parser.add_argument(
        "--no-self-check", action="store_true", help="do not see first whether broken engines are found"
    )
    return parser


def number(least: int) -> Callable[[str], int]:
    """What reads a whole number of at least `least`."""

    def read(word: str) -> int:
        try:
            value = int(word)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(f"`{word[:40]}` is not a whole number of at least {least}")
        return value

    return read


def _run(asked: argparse.Namespace) -> int:
    for name in asked.engine:
        maker(name)
    if asked.replay:
        return _replay(asked)
    source, size = named(asked.rules), _size(asked)
    if asked.keep.exists() and not asked.keep.is_dir():
        raise UsageError(
            [Diagnostic(f"`{asked.keep}` is no folder", help="name a folder with --keep, or one that is not there yet")]
        )
    if asked.self_check or not asked.no_self_check:
        missed = selfcheck.unnoticed(source, workers=asked.workers)
        if missed:
            say(f"the campaign cannot be relied on: it does not notice that {', '.join(missed)} is broken")
            return UNRELIABLE
        say(f"self-check: all {len(selfcheck.BROKEN)} broken engines were found")
    return AGREED if asked.self_check else _campaign(asked, source, size)


def _size(asked: argparse.Namespace) -> Size:
    preset = QUICK if asked.quick else FULL if asked.full else USUAL
    given = {name: getattr(asked, name) for name in ("people", "rulebooks", "people_each")}
    size = evolve(preset, **{name: value for name, value in given.items() if value is not None})
    if size.people + size.rulebooks == 0:
        raise UsageError([Diagnostic("there is nobody to screen", help="give a number to --people or --rulebooks")])
    return size


def _campaign(asked: argparse.Namespace, source: Source, size: Size) -> int:
    screeners = SCREENERS if asked.whole_every and SCREENERS.keys().isdisjoint(asked.engine) else ()
    checkers = tuple(dict.fromkeys([*(asked.engine or installed()), *screeners]))
    total = size.people + size.rulebooks * size.people_each
    work = chunks(
        _sources(source, size, asked.seed),
        asked.seed,
        checkers,
        asked.whole_every,
        min(CHUNK, -(-total // asked.workers)),
    )
    outcome = Outcome()
    start = monotonic()
    try:
        with progress(total) as look:
            run(work, outcome, workers=asked.workers, patience=asked.patience, look=look)
        seconds = monotonic() - start
        _keep(keeping.cases(outcome.found, checkers, patience=asked.patience, say=say), asked.keep)
    except (KeyboardInterrupt, SystemExit):
        _keep([case_of(one, checkers) for one, _ in keeping.grouped(outcome.found)[: keeping.MOST_KEPT]], asked.keep)
        say(f"{max(outcome.people, outcome.begun):,} people were screened, {len(outcome.found):,} disagreements found")
        raise
    print(summary(outcome, _told(source, size, asked.seed), total, workers=asked.workers, seconds=seconds))  # noqa: T201 - the answer
    return DISAGREED if outcome.found or outcome.people < total else AGREED


def _told(source: Source, size: Size, seed: int) -> str:
    parts = [f"{size.people:,} people on {source.name}"] if size.people else []
    parts += [f"{size.rulebooks:,} random rulebooks with {size.people_each:,} people each"] if size.rulebooks else []
    return f"{' and '.join(parts)}, seed {seed}"


def _sources(source: Source, size: Size, seed: int) -> Iterator[tuple[Source, int]]:
    yield source, size.people
    for number in range(size.rulebooks):
        yield drawn(seed, number), size.people_each


def _keep(cases: Sequence[Case], folder: Path) -> None:
    for case in cases:
        path = keeping.write(case, folder)
        print(f"{path}: {case.differences[0]}\n  again: python -m tests.campaign --replay {path}")  # noqa: T201 - the answer


def _replay(asked: argparse.Namespace) -> int:
    differ = 0
    for path in asked.replay:
        case, digest = keeping.read(path)
        for name in case.checkers:
            maker(name)
        if case.source.knowledge_base().digest != digest:
            say(f"{path}: the rulebook has changed since")
        differences = shown(evolve(case, checkers=tuple(asked.engine) or case.checkers), patience=asked.patience)
        differ += bool(differences)
        print(f"{path}: {'; '.join(map(str, differences)) or 'agrees now'}")  # noqa: T201 - the answer
    return DISAGREED if differ else AGREED
