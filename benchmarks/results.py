"""What was measured, in tables."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.contestants import BASELINE, BY_HAND, COMPILED, COMPILED_FROM_ANSWERS, REFERENCE
from benchmarks.contestants.contestant import Task
from benchmarks.goals import FASTER_THAN_PEERS, Run, goals
from benchmarks.people import A_THIRD_UNKNOWN, ANSWERED
from benchmarks.tables import digits, microseconds, milliseconds, ratio, table, wrapped
from benchmarks.timing import EVERYBODY


def results(run: Run) -> str:
    """The goals first, then the tables behind them."""
    explained = (
        f"“Measured” is the median of the ratios within each of {_rounds(run)}, with the quartiles, for everybody together, and where there are"
        " findings or more rules, with everything answered; “at worst” is the group in which it stands worst. A goal is met when every group keeps to it."
    )
    parts = ["## Goals", table(["what", "against", "goal", "measured", "at worst", "met"], goals(run), words=6), explained]
    parts += _default_path_explained(run)
    if run.missing:
        parts.append(f"Not installed, so they did not take part: {', '.join(f'“{one.name}”' for one in run.missing)}.")
    parts += ["## The directive and the verdict of every stretch", "Microseconds a person:", _times(run, Task.VERDICTS)]
    if run.peers:
        parts += ["How many times as fast as the fastest other engine, and how many times as long as by hand, by group:", _by_group(run)]
        parts += ["How many times as fast as each of the other engines:", _by_engine(run), *_by_hand_against_the_fastest(run)]
    parts += [
        "## Which rules fire, and every finding",
        "Microseconds a person for which rules fire and which may fire, as bare numbers:",
        _times(run, Task.RULES),
        "Microseconds a person for every finding with its reason, the answers that made it so and its sources, all read:",
        _times(run, Task.FINDINGS),
        "## More rules",
        *_growth(run),
        "## Compiling",
        _compiling(run),
    ]
    return "\n\n".join(part if part.startswith(("|", "#")) else wrapped(part) for part in parts)


def _default_path_explained(run: Run) -> Iterator[str]:
    if BASELINE not in run.took_part:
        return
    share = run.timings.ratio((REFERENCE.name, Task.VERDICTS), (BASELINE.name, Task.RULES), ANSWERED).median
    yield (
        f"The default path decides twice. With everything answered, the reference by itself takes {digits(share)} times as long as “{BASELINE.name}” takes for"
        " the rules, few of which fire then; it is written to be read, and nothing may make it faster."
    )


def _compiling(run: Run) -> str:
    return (
        f"The {len(run.guidance.rules)} rules, loaded before, are compiled in {milliseconds(run.compiling.engine)} ms; with making the `Screener` and a first"
        f" screening it is {milliseconds(run.compiling.first_screening)} ms."
    )


def _rounds(run: Run) -> str:
    return "one round" if run.rounds == 1 else f"{run.rounds} rounds"


def _times(run: Run, task: Task) -> str:
    rows = (
        [one.name, *(microseconds(run.timings.of((one.name, task), group)) for group in run.groups)]
        for one in run.took_part
        if (one.name, task) in run.timings.seconds
    )
    return table(["", *run.groups], rows)


def _by_group(run: Run) -> str:
    has_by_hand = BY_HAND in run.took_part
    header = ["", "fastest other engine", "from a `Profile`, faster", "from plain answers, faster"]
    return table([*header, *(["from plain answers, as long as by hand"] if has_by_hand else [])], _rows_by_group(run, has_by_hand=has_by_hand), words=2)


def _rows_by_group(run: Run, *, has_by_hand: bool) -> Iterator[list[str]]:
    for group in run.groups:
        faster = [ratio(run.faster(one, Task.VERDICTS, Task.VERDICTS, group)) for one in (COMPILED, COMPILED_FROM_ANSWERS)]
        by_hand = [ratio(run.slower(COMPILED_FROM_ANSWERS, Task.VERDICTS, BY_HAND, Task.VERDICTS, group))] if has_by_hand else []
        yield [group, run.fastest_peer(Task.VERDICTS, group).name, *faster, *by_hand]


def _by_engine(run: Run) -> str:
    return table(["", "from a `Profile`, everybody", "at worst", "from plain answers, everybody", "at worst"], _rows_by_engine(run), words=1)


def _rows_by_engine(run: Run) -> Iterator[list[str]]:
    groups = [group for group in run.groups if group != EVERYBODY]
    for peer in sorted(run.peers, key=lambda one: run.timings.of((one.name, Task.VERDICTS), EVERYBODY).median):
        row = [peer.name]
        for ours in (COMPILED, COMPILED_FROM_ANSWERS):
            found = {group: run.timings.ratio((peer.name, Task.VERDICTS), (ours.name, Task.VERDICTS), group) for group in (EVERYBODY, *groups)}
            worst = min(groups, key=lambda group: found[group].median)
            row += [ratio(found[EVERYBODY]), f"{digits(found[worst].median)}: {worst}"]
        yield row


def _by_hand_against_the_fastest(run: Run) -> Iterator[str]:
    """What the goal of so many times asks for, measured by what somebody would write by hand."""
    if BY_HAND not in run.took_part:
        return
    peer = run.fastest_peer(Task.VERDICTS, EVERYBODY)
    by_hand = run.timings.ratio((peer.name, Task.VERDICTS), (BY_HAND.name, Task.VERDICTS), EVERYBODY).median
    yield (
        f"What is written by hand, with the same checks and unknowns, is {digits(by_hand)} times as fast as “{peer.name}”, everybody together. The goal of"
        f" {FASTER_THAN_PEERS} times was set when the fastest other engine was thought to take some fifty microseconds for 43 rules."
    )


def _growth(run: Run) -> Iterator[str]:
    yield (
        "`lower-back` stands there several times; every copy has rules of its own. Either all copies ask for the same facts, each in its own way (other flags,"
        " other thresholds), or each copy has facts of its own, and then a person answers all of them and a `Profile` holds as many. Half of the people have"
        " tried a stretch. Microseconds a person, from a ready `Profile` to the directive and all verdicts:"
    )
    groups = (ANSWERED, A_THIRD_UNKNOWN)
    rows = []
    for way, sizes in run.growth.items():
        for size in sizes:
            figures = [f"{microseconds(size.of(group))} ({digits(size.ratio(sizes[0], group).median)} times)" for group in groups]
            rows.append([way, f"{size.rules:,}", f"{size.facts:,}", *figures, f"{digits(size.compiling * 1e3)} ms"])
    yield table(["", "rules", "facts", *groups, "compiling"], rows)
    said = []
    for way, sizes in run.growth.items():
        first, last = sizes[0], sizes[-1]
        said.append(f"where {way}, {digits(last.rules / first.rules)} times the rules take {digits(last.ratio(first, ANSWERED).median)} times as long")
    yield (
        f"With everything answered: {'; '.join(said)}. What rules do that ask for one flag and nothing else is one number, however many they are; only those"
        " that ask for more add steps, and every 128 rules one more number to be joined with the others. With facts of their own there are as many more answers"
        " to be taken apart and checked, one by one, and that is then nearly all of the time. Nothing grows faster than rules and facts do."
    )
