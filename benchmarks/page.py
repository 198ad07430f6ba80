"""What was measured: tables for the terminal, and the page `docs/performance.md` around them."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from attrs import frozen

from backscreen.rulebook.conditions import alternatives
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants import ASKED_TWICE, BASELINE, DEFAULT, OURS, PEERS
from benchmarks.contestants.contestant import Contestant
from benchmarks.people import SAYS_YES, UNKNOWN
from benchmarks.timing import EVERYBODY, Spread, Timings

GOAL = 1.5
"""How many times as long as bare durable_rules the default path may take at most."""


@frozen(eq=False)
class Run:
    """A run, and what came of it. `engine` is what the default path evaluated with."""

    guidance: Guidance
    took_part: Sequence[Contestant]
    missing: Sequence[Contestant]
    engine: str
    people: int
    rounds: int
    seed: int
    checked: int
    groups: Sequence[str]
    timings: Timings

    def ratio(self, one: Contestant, other: Contestant, group: str) -> Spread:
        """How many times as long as the other the one takes."""
        return self.timings.ratio(one.name, other.name, group)

    def fastest_bare(self, group: str) -> Contestant:
        """The faster of the two good layouts of bare durable_rules."""
        return min((BASELINE, ASKED_TWICE), key=lambda one: self.timings.of(one.name, group).median)


def results(run: Run) -> str:
    """The tables and the goal, in Markdown that can be read as it stands."""
    header = ["", *run.groups]
    parts = [f"Microseconds a person, the median over {_rounds(run)}:", _table(header, _times(run))]
    if BASELINE in run.took_part:
        parts += [f"Times as long as “{BASELINE.name}”, the median of the ratios within each round, and the quartiles:", _table(header, _ratios(run))]
    peers = [one for one in run.took_part if one in PEERS]
    if peers:
        rows = ([ours.name, *(_times_as_long(run.ratio(ours, peer, EVERYBODY)) for peer in peers)] for ours in OURS)
        parts += ["Ours against the other engines, as times as long, everybody together:", _table(["", *(peer.name for peer in peers)], rows)]
    if run.missing:
        parts.append(f"Not installed, so they did not take part: {', '.join(one.name for one in run.missing)}.")
    return "\n\n".join([*parts, *_goal(run)])


def _rounds(run: Run) -> str:
    return "one round" if run.rounds == 1 else f"{run.rounds} rounds"


def _times(run: Run) -> Iterator[list[str]]:
    for one in run.took_part:
        yield [one.name, *(_microseconds(run.timings.of(one.name, group)) for group in run.groups)]


def _ratios(run: Run) -> Iterator[list[str]]:
    for one in run.took_part:
        if one is not BASELINE:
            yield [one.name, *(_times_as_long(run.ratio(one, BASELINE, group)) for group in run.groups)]


def _goal(run: Run) -> Iterator[str]:
    goal = f"**Goal: the default path takes at most {GOAL} times as long as bare durable_rules that answers the same two questions.**"
    if BASELINE not in run.took_part or run.engine != "durable":
        yield f"{goal} It cannot be judged here: without durable_rules, the default path evaluates with the {run.engine} evaluator."
        return
    held = [group for group in run.groups if run.ratio(DEFAULT, BASELINE, group).median <= GOAL]
    if len(held) == len(run.groups):
        yield f"{goal} It holds in every group."
    elif held:
        yield f"{goal} **It does not hold everywhere**, but only for: {'; '.join(held)}."
    else:
        yield f"{goal} **It does not hold** in any group."
    yield _table(["", f"times “{BASELINE.name}”", f"at most {GOAL}", "times the faster bare layout", "which is"], _judged(run))


def _judged(run: Run) -> Iterator[list[str]]:
    for group in run.groups:
        ratio, fastest = run.ratio(DEFAULT, BASELINE, group), run.fastest_bare(group)
        yield [
            group,
            _times_as_long(ratio),
            "yes" if ratio.median <= GOAL else "**no**",
            _times_as_long(run.ratio(DEFAULT, fastest, group)),
            "both of one host" if fastest is BASELINE else "asked twice",
        ]


def _microseconds(spread: Spread) -> str:
    return _digits(spread.median * 1e6)


def _times_as_long(spread: Spread) -> str:
    return f"{_digits(spread.median)} ({_digits(spread.low)}–{_digits(spread.high)})"


def _digits(value: float) -> str:
    """Three digits that count, and every one before the point.

    >>> _digits(0.01234), _digits(1.5), _digits(12.34), _digits(1234.5)
    ('0.0123', '1.50', '12.3', '1234')
    """
    return f"{value:#.3g}".rstrip(".") if value < 999.5 else f"{value:.0f}"  # noqa: PLR2004 - what three digits hold


def _table(header: list[str], rows: Iterable[list[str]]) -> str:
    lines = [header, *rows]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(header))]
    ruler = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_row(line, widths) for line in (header, ruler, *lines[1:]))


def _row(cells: list[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]) + " |"


def page(run: Run) -> str:
    """The whole page."""
    return f"""# Performance

This page is generated by `python -m benchmarks`; do not edit it by hand. It is for developers.

How long does a screening take, and where does that stand against bare durable_rules and against other engines that are given the same rules? Every
contestant answers the same two questions for each person and each trial, which rules fire and which may fire, and is checked against the reference for
every person before anything is timed.

## Results

{results(run)}

## How it was measured

{_list(_method(run))}

## On what

{_list(_machine(run))}

## What each was given

{_list(f"**{one.name}**{_of(one)}: {one.given}" for one in (*run.took_part, *run.missing))}

## What the figures do not say

{_list(_limits(run))}

The command takes `--people`, `--rounds` and `--seed`; `--quick` is a glance that writes no page. `pip install -e '.[bench]'` installs the other
engines; whichever is missing is left out. No time is ever asserted, since machines are noisy: the command ends well even where the goal is missed.
"""


def _list(items: Iterable[str]) -> str:
    return "\n".join(_wrapped(item) for item in items)


def _wrapped(item: str, width: int = 120) -> str:
    """A bullet, wrapped where the page ends."""
    lines = ["-"]
    for word in item.split():
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append(" ")
        lines[-1] += " " + word
    return "\n".join(lines)


def _of(one: Contestant) -> str:
    return "" if one.package is None else f" ({one.package} {one.version or 'not installed'})"


def _method(run: Run) -> Iterator[str]:
    person = [placed for placed in run.guidance.rules if not placed.about_a_trial]
    trial = [placed for placed in run.guidance.rules if placed.about_a_trial]
    count = sum(len(alternatives(placed.rule.when, run.guidance.facts)) for placed in run.guidance.rules)
    books = ", ".join(f"`{book.id}` {book.version}" for book in run.guidance.books)
    yield f"The rules are those of {books}: {len(person)} about the person and {len(trial)} about a trial, with {count} alternatives together."
    yield (
        f"The people are made up from a seed ({run.seed}): {run.people} in each group and round, and new ones in every round, so that nothing is gained by"
        f" remembering anybody. A flag is yes with a chance of {SAYS_YES:.0%}, a choice is any of its options, and a number is one of its ends or next to a"
        f" threshold of some rule. Where “a third” is unknown, each answer is missing with a chance of {UNKNOWN:.0%}; a trial's stretch too."
    )
    yield f"Before the timing, the answers of every contestant were compared with the reference's for all {run.checked:,} people; all were equal."
    yield (
        "Rules are read, compiled or registered before the timing. What is timed is one person after the other on one thread, from plain answers (or from a"
        " `Profile`, where it says so) to the answer: turning the answers into what the engine takes is part of it, and so is reading what it gives back."
    )
    yield (
        "In each round every contestant has its turn at each group, in an order that is shuffled anew for each group. Ratios are those of one round and group;"
        " what is shown is the median over the rounds and, in brackets, the quartiles. “everybody” is all groups together."
    )
    yield (
        "The garbage collector runs as in normal use, for all alike. What was prepared before is frozen, so that nobody pays for what others hold, and there"
        " is a collection before each turn, outside of the timing."
    )
    yield (
        "The clock counts the processor time of the process, all its threads together. Nobody here waits for anything, so on an idle machine that is the time"
        " that passes; on a busy one, what else it does counts for nobody."
    )


def _machine(run: Run) -> Iterator[str]:
    yield f"{_processor()}, {os.cpu_count()} processors; {platform.system()}, {platform.machine()}."
    python = f"{platform.python_implementation()} {platform.python_version()}"
    yield f"{python}, backscreen {version('backscreen')}, its default path with the engine `{run.engine}`."
    packages = {one.package: one.version for one in run.took_part if one.package is not None}
    yield ", ".join(f"{name} {number}" for name, number in packages.items()) + "." if packages else "No other engine."


def _processor() -> str:
    """The model of the processor, as the system names it."""
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "an unnamed processor"


def _limits(run: Run) -> Iterator[str]:
    yield (
        "The contestants do not give the same. Bare durable_rules and the other engines say which rules fire and may fire. A screening also checks the"
        " profile, gives each stretch its verdict and the whole a directive, and has reasons, sources and open questions ready; on the default path it is"
        " decided twice. The evaluator alone is what compares with the other engines."
    )
    yield "Bare durable_rules is no way to screen anybody: without its guards it can lose rules without a word. It is a measure and nothing else."
    yield (
        "“Bare durable_rules” is the library as its users have it, through its `Host`, and so the goal is meant. Its core in C alone would be a much harder"
        " measure; it is in the tables so that nobody takes the cost of the library's Python for that of its rule network."
    )
    yield (
        "durable_rules' time hangs on how many rules fire or may fire, since every action takes the whole fact through JSON; the others' hangs on"
        " it far less. People of whom more is so, or less is known, shift its figures, and the ratios with them."
    )
    yield "The times are those of one machine and one day. The ratios travel better than the times do, but they too change with processor, Python and versions."
    yield (
        "Each engine was given the rules in the best way that its documentation, its source and trying things out brought to light; its authors were not asked."
        " Whoever knows a better way is welcome to change its module in `benchmarks/contestants`."
    )
    yield (
        f"A rulebook of {len(run.guidance.rules)} rules is small, and most of these ask for one fact. Nothing here says how the contestants grow with"
        " more rules or with many people at once, how much memory they hold, how long they take to start, or how they fare on several threads."
    )
    yield "The engines can do much that is not asked of them here: chains of rules, tables that business people edit, or the same rules in a browser."
