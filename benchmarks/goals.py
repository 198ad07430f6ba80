"""The goals, and whether they are met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from attrs import frozen

from backscreen.rulebook.rulebook import Guidance
from benchmarks.compiling import Compiling
from benchmarks.contestants import BASELINE, BY_HAND, COMPILED, COMPILED_FROM_ANSWERS, DEFAULT, PEERS
from benchmarks.contestants.contestant import Contestant, Task
from benchmarks.growth import Growth
from benchmarks.people import ANSWERED, ONE_TRIAL
from benchmarks.tables import digits, milliseconds, ratio
from benchmarks.timing import EVERYBODY, Spread, Timings

FASTER_THAN_PEERS = 15
"""How many times as fast as the fastest other engine the directive and all verdicts should be at least."""
BY_HAND_AT_MOST = 3
"""How many times as long as by hand they may take at most."""
FINDINGS_FASTER = 5
"""How many times as fast every finding should be read as the fastest other engine says which rules fire, everything being answered."""
GROWS_AT_MOST = 10
"""How many times as long a screening may take with 430 rules as with 43."""
COMPILED_MS = 50
"""How many milliseconds the compiling of all rulebooks may take."""
DEFAULT_AT_MOST = 1.5
"""How many times as long as bare durable_rules, asked which rules fire and may fire, the default path may take."""


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
    checked_by_hand: int
    groups: Sequence[str]
    timings: Timings
    growth: Growth
    compiling: Compiling

    @property
    def peers(self) -> list[Contestant]:
        """The other engines that took part."""
        return [one for one in self.took_part if one in PEERS]

    def fastest_peer(self, task: Task, group: str) -> Contestant:
        """The other engine with the least time for this."""
        return min(self.peers, key=lambda one: self.timings.of((one.name, task), group).median)

    def fastest_named(self, task: Task, group: str) -> str:
        """Its name, and whether others might have been faster that are not installed."""
        return f"“{self.fastest_peer(task, group).name}”" + (" (not all are installed)" if any(one in PEERS for one in self.missing) else "")

    def faster(self, ours: Contestant, task: Task, theirs: Task, group: str) -> Spread:
        """How many times as fast as the fastest other engine at its task we are at ours."""
        return self.timings.ratio((self.fastest_peer(theirs, group).name, theirs), (ours.name, task), group)

    def slower(self, ours: Contestant, task: Task, other: Contestant, theirs: Task, group: str) -> Spread:
        """How many times as long as another at its task we take for ours."""
        return self.timings.ratio((ours.name, task), (other.name, theirs), group)


@frozen(eq=False)
class Goal:
    """What should hold of each of these ratios, or of the first alone."""

    what: str
    against: str
    bound: Literal["at least", "at most"]
    limit: float
    found: dict[str, Spread]

    def met(self, spread: Spread) -> bool:
        """Whether the median keeps to the limit."""
        return spread.median >= self.limit if self.bound == "at least" else spread.median <= self.limit

    @property
    def row(self) -> list[str]:
        """What, against what, the goal, what was measured, how it stands where it stands worst, and whether it is met."""
        first, *_ = self.found
        at_worst = (min if self.bound == "at least" else max)(self.found, key=lambda group: self.found[group].median)
        missed = [group for group, spread in self.found.items() if not self.met(spread)]
        verdict = "yes" if not missed else "**no**" if len(missed) == len(self.found) else f"**not for** {'; '.join(missed)}"
        worst = "" if at_worst == first else f"{digits(self.found[at_worst].median)}: {at_worst}"
        return [self.what, self.against, f"{self.bound} {self.limit:g} times", ratio(self.found[first]), worst, verdict]


def goals(run: Run) -> Iterator[list[str]]:
    """A row for each goal; those that cannot be judged here say why."""
    yield from ((goal.row if isinstance(goal, Goal) else goal) for goal in _goals(run))


OURS = ((COMPILED, "from a ready `Profile`"), (COMPILED_FROM_ANSWERS, "from plain answers"))
VERDICTS = "directive and all verdicts"


def _goals(run: Run) -> Iterator[Goal | list[str]]:
    groups = [EVERYBODY, *(group for group in run.groups if group != EVERYBODY)]
    yield from _against_peers(run, groups)
    if BY_HAND in run.took_part:
        for one, start in OURS:
            found = {group: run.slower(one, Task.VERDICTS, BY_HAND, Task.VERDICTS, group) for group in groups}
            yield Goal(f"{VERDICTS}, {start}", "as long as by hand", "at most", BY_HAND_AT_MOST, found)
    for way, (small, large, *_) in run.growth.items():
        found = {group: large.ratio(small, group) for group in small.seconds}
        yield Goal(f"{large.rules} rules, {way}", f"as long as {small.rules} rules", "at most", GROWS_AT_MOST, found)
    compiled = run.compiling.engine
    met = "yes" if compiled.median * 1e3 <= COMPILED_MS else "**no**"
    yield [f"compiling {len(run.guidance.rules)} rules", "", f"at most {COMPILED_MS} ms", f"{milliseconds(compiled)} ms", "", met]
    yield _default_path(run, groups)


def _against_peers(run: Run, groups: Sequence[str]) -> Iterator[Goal | list[str]]:
    findings = "every finding with reason and sources, everything answered"
    if not run.peers:
        for what, limit in ((VERDICTS, FASTER_THAN_PEERS), (findings, FINDINGS_FASTER)):
            yield [what, "faster than the fastest other engine", f"at least {limit} times", "", "", "cannot be judged: no other engine is installed"]
        return
    fastest = f"faster than the fastest other engine, {run.fastest_named(Task.VERDICTS, EVERYBODY)}"
    for one, start in OURS:
        found = {group: run.faster(one, Task.VERDICTS, Task.VERDICTS, group) for group in groups}
        yield Goal(f"{VERDICTS}, {start}", fastest, "at least", FASTER_THAN_PEERS, found)
    fastest = f"faster than the bare rules of the fastest other engine, {run.fastest_named(Task.RULES, ANSWERED)}"
    found = {group: run.faster(COMPILED, Task.FINDINGS, Task.RULES, group) for group in (ANSWERED, ANSWERED + ONE_TRIAL)}
    yield Goal(findings, fastest, "at least", FINDINGS_FASTER, found)


def _default_path(run: Run, groups: Sequence[str]) -> Goal | list[str]:
    what, against = "default path, from a ready `Profile`", "as long as “durable_rules, bare” takes for the rules"
    if BASELINE not in run.took_part or run.engine != "durable":
        return [what, against, f"at most {DEFAULT_AT_MOST} times", "", "", f"cannot be judged: the default path evaluates with the {run.engine} evaluator"]
    found = {group: run.slower(DEFAULT, Task.VERDICTS, BASELINE, Task.RULES, group) for group in groups}
    return Goal(what, against, "at most", DEFAULT_AT_MOST, found)
