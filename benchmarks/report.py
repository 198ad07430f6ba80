"""Results of a run, held against the goals and written into docs/performance.md between two marks."""

import os
import platform
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from math import inf
from pathlib import Path

from attrs import frozen

from backscreen.model.conditions import alternatives
from backscreen.model.knowledge_base import KnowledgeBase
from benchmarks.contestants import BASELINE, BY_HAND, COMPILED, COMPILED_FROM_ANSWERS, DEFAULT, PEERS, REFERENCE
from benchmarks.contestants.contestant import Contestant, Task
from benchmarks.scaling import OWN, SHARED, Size
from benchmarks.timing import EVERYBODY, Entry, Spread, Timings
from benchmarks.workload import COMPLETE, ONE_TRIAL, PARTIAL

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- results: python -m benchmarks writes what follows -->\n", "<!-- results end -->\n"
OURS = {"from a ready `Profile`": COMPILED, "from plain answers": COMPILED_FROM_ANSWERS}
OUTCOME = Task.OUTCOME
Row = list[str]


@frozen(eq=False)
class Results:
    """Everything that a run measured; `engine` is that of the default path."""

    options: Namespace
    knowledge_base: KnowledgeBase
    contestants: Sequence[Contestant]
    missing: Sequence[Contestant]
    engine: str
    checked: int
    checked_by_hand: int
    timings: Timings
    sizes: Sequence[Size]
    scaling: Timings
    compiling: Spread
    first_screening: Spread

    @property
    def groups(self) -> list[str]:
        return list(self.timings.seconds[COMPILED.name, OUTCOME])

    @property
    def peers(self) -> list[Contestant]:
        peers = [contestant for contestant in self.contestants if contestant in PEERS]
        return sorted(peers, key=lambda peer: self.timings.median((peer.name, OUTCOME), EVERYBODY))

    def fastest(self, task: Task, group: str) -> Entry:
        return min(((peer.name, task) for peer in self.peers), key=lambda entry: self.timings.median(entry, group))


def write_page(results: Results) -> None:
    """Replace the results on the page."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{report(results)}\n\n{END}{rest.partition(END)[2]}", "utf-8")


def report(results: Results) -> str:
    """Return the goals, all tables and the facts about the run."""
    blocks = [
        "## Goals",
        _table([["what", "against", "goal", "measured", "at worst", "met"], *_goals(results)], text_columns=6),
        "## Directive and verdicts",
        "Microseconds a person for the directive and the verdict of every stretch:",
        _times(results, OUTCOME),
        *(_speedups(results) if results.peers else ()),
        "## Rules and findings",
        "Microseconds a person for which rules fire and which may fire:",
        _times(results, Task.ACTIVATIONS),
        "Microseconds a person for every finding with its reason, the deciding answers and its sources:",
        _times(results, Task.FINDINGS),
        "## More rules",
        "Microseconds a person for the directive and all verdicts, from a ready `Profile`, with `lower-back` repeated:",
        _table([["", "rules", "facts", COMPLETE, PARTIAL, "compiling"], *_scaling(results)]),
        "## This run",
        "\n".join(f"- {fact}" for fact in _facts(results)),
    ]
    return "\n\n".join(blocks)


def _goals(results: Results) -> Iterator[Row]:
    """Yield a row for each goal."""
    ratio, scaled = results.timings.ratio, results.scaling.ratio
    groups = [EVERYBODY, *(group for group in results.groups if group != EVERYBODY)]
    peers, by_hand = groups if results.peers else [], groups if BY_HAND in results.contestants else []
    some = " (not all are installed)" if any(contestant in PEERS for contestant in results.missing) else ""

    def fastest(task: Task, group: str) -> str:
        name = f", “{results.fastest(task, group)[0]}”{some}" if peers else ""
        return f"the fastest other engine{name}"

    for start, ours in OURS.items():
        ratios = {group: ratio(results.fastest(OUTCOME, group), (ours.name, OUTCOME), group) for group in peers}
        yield _goal(f"{OUTCOME.value}, {start}", f"faster than {fastest(OUTCOME, EVERYBODY)}", ratios, at_least=15)
    entry, answered = (COMPILED.name, Task.FINDINGS), [COMPLETE, COMPLETE + ONE_TRIAL] if peers else []
    ratios = {group: ratio(results.fastest(Task.ACTIVATIONS, group), entry, group) for group in answered}
    against = f"faster than the bare rules of {fastest(Task.ACTIVATIONS, COMPLETE)}"
    yield _goal(f"{Task.FINDINGS.value}, everything answered", against, ratios, at_least=5)
    for start, ours in OURS.items():
        ratios = {group: ratio((ours.name, OUTCOME), (BY_HAND.name, OUTCOME), group) for group in by_hand}
        yield _goal(f"{OUTCOME.value}, {start}", "as long as by hand", ratios, at_most=3)
    for way in (SHARED, OWN):
        small, large, *_ = (size for size in results.sizes if size.way == way)
        ratios = {group: scaled(large.entry, small.entry, group) for group in (COMPLETE, PARTIAL)}
        yield _goal(f"{large.rules} rules, {way}", f"as long as {small.rules} rules", ratios, at_most=10)
    compiling = Spread(*(seconds * 1e3 for seconds in results.compiling))
    yield _goal(f"compiling {len(results.knowledge_base.rules)} rules", "", {"": compiling}, at_most=50)
    judged = groups if BASELINE in results.contestants and results.engine == "durable" else []
    ratios = {g: ratio((DEFAULT.name, OUTCOME), (BASELINE.name, Task.ACTIVATIONS), g) for g in judged}
    against = f"as long as “{BASELINE.name}” takes for the rules"
    yield _goal("default path, from a ready `Profile`", against, ratios, at_most=1.5)


def _goal(what: str, against: str, ratios: Mapping[str, Spread], *, at_least: float = 0, at_most: float = inf) -> Row:
    unit = "" if against else " ms"
    limit = f"at least {at_least:g}" if at_least else f"at most {at_most:g}"
    goal = [what, against, limit + (unit or " times")]
    if not ratios:
        return [*goal, "", "", "cannot be judged: an engine is not installed"]
    first, *_ = ratios
    worst = (min if at_least else max)(ratios, key=lambda group: ratios[group].median)
    missed = [group for group, ratio in ratios.items() if not at_least <= ratio.median <= at_most]
    met = "yes" if not missed else "**no**" if len(missed) == len(ratios) else f"**not for** {'; '.join(missed)}"
    at_worst = "" if worst == first else f"{_digits(ratios[worst].median)}: {worst}"
    return [*goal, _quartiles(ratios[first]) + unit, at_worst, met]


def _times(results: Results, task: Task) -> str:
    rows = [["", *results.groups]]
    for entry in ((contestant.name, task) for contestant in results.contestants):
        if entry in results.timings.seconds:
            times = (results.timings.median(entry, group) * 1e6 for group in results.groups)
            rows.append([entry[0], *map(_digits, times)])
    return _table(rows)


def _speedups(results: Results) -> Iterator[str]:
    ratio, ours = results.timings.ratio, [(contestant.name, OUTCOME) for contestant in OURS.values()]
    by_hand = [(BY_HAND.name, OUTCOME)] if BY_HAND in results.contestants else []
    rows = [["", "fastest other engine", *(f"{start}, faster" for start in OURS)]]
    rows[0] += ["from plain answers, as long as by hand" for _ in by_hand]
    for group in results.groups:
        fastest = results.fastest(OUTCOME, group)
        ratios = [*(ratio(fastest, entry, group) for entry in ours), *(ratio(ours[1], one, group) for one in by_hand)]
        rows.append([group, fastest[0], *map(_quartiles, ratios)])
    yield "How many times as fast as the fastest other engine, and how many times as long as by hand:"
    yield _table(rows, text_columns=2)
    rows = [["", *(cell for start in OURS for cell in (f"{start}, everybody", "at worst"))]]
    for peer in results.peers:
        row = [peer.name]
        for entry in ours:
            ratios_by_group = {group: ratio((peer.name, OUTCOME), entry, group) for group in results.groups}
            worst, group = min((one.median, group) for group, one in ratios_by_group.items())
            row += [_quartiles(ratios_by_group[EVERYBODY]), f"{_digits(worst)}: {group}"]
        rows.append(row)
    yield "How many times as fast as each other engine:"
    yield _table(rows)


def _scaling(results: Results) -> Iterator[Row]:
    for size in results.sizes:
        smallest = next(other for other in results.sizes if other.way == size.way)
        row = [size.way, f"{size.rules:,}", f"{len(size.knowledge_base.facts):,}"]
        for group in (COMPLETE, PARTIAL):
            times = _digits(results.scaling.ratio(size.entry, smallest.entry, group).median)
            row.append(f"{_digits(results.scaling.median(size.entry, group) * 1e6)} ({times} times)")
        yield [*row, f"{_digits(size.compile_seconds * 1e3)} ms"]


def _facts(results: Results) -> Iterator[str]:
    knowledge_base, options, ratio = results.knowledge_base, results.options, results.timings.ratio
    count = sum(len(alternatives(scoped.rule.when, knowledge_base.facts)) for scoped in knowledge_base.rules)
    decisive = sum(scoped.rule.effect.restricts for scoped in knowledge_base.rules)
    of_trials = sum(scoped.about_a_trial for scoped in knowledge_base.rules)
    yield f"Rulebooks: {', '.join(f'`{book.id}` {book.version}' for book in knowledge_base.books)}."
    rules = f"{len(knowledge_base.rules)} rules, {of_trials} of them about a trial, with {count} alternatives together"
    yield f"{rules}; {decisive} can change the directive or a verdict."
    facts = (
        f"{len(knowledge_base.person_facts)} facts about the person, {len(knowledge_base.trial_facts)} about a trial"
    )
    yield f"{facts}, {len(knowledge_base.stretches)} stretches."
    yield f"{options.people} people in each group and each of {options.rounds} rounds, from seed {options.seed}."
    by_hand = f"; by hand, for {results.checked_by_hand:,} more" if results.checked_by_hand else ""
    yield f"Before the timing, all answers for {results.checked:,} people were the reference's{by_hand}."
    if BASELINE in results.contestants:
        times = ratio((REFERENCE.name, OUTCOME), (BASELINE.name, Task.ACTIVATIONS), COMPLETE).median
        yield f"The reference takes {_digits(times)} times as long as “{BASELINE.name}” for the rules, {COMPLETE}."
    if BY_HAND in results.contestants and results.peers:
        fastest = results.peers[0].name, OUTCOME
        times = ratio(fastest, (BY_HAND.name, OUTCOME), EVERYBODY).median
        yield f"By hand is {_digits(times)} times as fast as “{fastest[0]}”, everybody together."
    compiling, first = (_quartiles(seconds, 1e3) for seconds in (results.compiling, results.first_screening))
    yield f"Compiling the loaded rules takes {compiling} ms; with the `Screener` and a first screening, {first} ms."
    yield f"{_processor()}, {os.cpu_count()} processors; {platform.system()}, {platform.machine()}."
    python = f"{platform.python_implementation()} {platform.python_version()}, backscreen {version('backscreen')}"
    yield f"{python}; the default path uses `{results.engine}`."
    packages = {contestant.package: contestant.version for contestant in results.contestants if contestant.package}
    yield "Other engines: " + (", ".join(f"{name} {number}" for name, number in packages.items()) or "none") + "."
    if results.missing:
        yield f"Not installed: {', '.join(f'“{contestant.name}”' for contestant in results.missing)}."


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text("utf-8").splitlines() if cpus.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown processor")


def _table(rows: list[Row], *, text_columns: int = 1) -> str:
    """Return a Markdown table that is readable as text; the columns after the first ones hold numbers."""
    widths = [max(3, *map(len, column)) for column in zip(*rows, strict=True)]
    places = list(enumerate(widths))
    rule = ["-" * width if place < text_columns else "-" * (width - 1) + ":" for place, width in places]
    lines = []
    for row in (rows[0], rule, *rows[1:]):
        cells = [row[place].ljust(w) if place < text_columns else row[place].rjust(w) for place, w in places]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _digits(value: float) -> str:
    """Return the number with three significant digits, and with all those before the point."""
    return f"{value:#.3g}".rstrip(".") if value < 999.5 else f"{value:,.0f}"  # noqa: PLR2004 - three digits


def _quartiles(spread: Spread, scale: float = 1) -> str:
    median, low, high = (_digits(value * scale) for value in spread)
    return f"{median} ({low}–{high})"
