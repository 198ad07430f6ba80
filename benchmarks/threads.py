"""One screener for eight threads, a million screenings: run `python -m benchmarks.threads`.

All threads screen the same people at the same time, each beginning with another, and the very same `Profile` objects; the answers are compared with those of a
screener that one thread alone has used, and some of these with the reference's. The memory that is held is printed now and then. The run fails, with 1, where
an answer differs or the memory has grown by more than 50 MB after the first tenth.
"""

from __future__ import annotations

import gc
import resource
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from backscreen import Profile, Screener, Screening, Trial
from backscreen.engines import reference
from backscreen.loading.rulebooks import load
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import undetermined
from benchmarks.people import of_many_shapes

PARTS = 10
"""Into how many parts the screenings are divided; for each, new people are made up."""
BY_REFERENCE = 50
"""Of so many people, the reference is asked about one."""
WITH_FINDINGS = 20
"""Of so many people, the findings of one are compared too."""
MOST_GROWTH_MB = 50
SWITCH_S = 1e-4
"""How often threads change places; fifty times as often as they usually do."""

Said = tuple[object, ...]


def said(screening: Screening, place: int) -> Said:
    """What is compared of the screening of the person at this place."""
    found: Said = (screening.directive, screening.fault, *screening.verdicts.values())
    if place % WITH_FINDINGS:
        return found
    return (*found, [(one.name, one.certainty, one.trial, dict(one.because), one.unanswered) for one in screening.findings], screening.unanswered)


def alone(guidance: Guidance, people: Sequence[Profile]) -> list[Said]:
    """The answers of a screener that no other thread uses, from profiles of its own; raises `AssertionError` where the reference says otherwise."""
    screener = Screener(guidance, engine="compiled")
    found = []
    for place, profile in enumerate(people):
        own = Profile(profile.facts, [Trial(trial.stretch, **trial.facts) for trial in profile.trials], profile.otherwise)
        screening = screener.screen(own)
        if place % BY_REFERENCE == 0 and (screening.directive, dict(screening.verdicts)) != undetermined(reference.decide(guidance, own)):
            raise AssertionError(f"the reference says otherwise of {profile.places()}")
        found.append(said(screening, place))
    return found


def differing(screener: Screener, people: Sequence[Profile], expected: Sequence[Said], first: int) -> list[int]:
    """Screen everybody, from this one on and around, and say who comes out differently."""
    places = (*range(first, len(people)), *range(first))
    return [place for place in places if said(screener.screen(people[place]), place) != expected[place]]


def resident_mb() -> float:
    """Memory that the process holds, or where the system does not say, the most that it held."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "VmRSS":
                return int(value.split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(guidance: Guidance, screenings: int, threads: int, seed: int) -> Iterator[tuple[int, float, list[Profile], float]]:
    """After each part: how many screenings there were, the megabytes held, who came out differently, and the seconds that the threads took."""
    screener = Screener(guidance, engine="compiled")
    each = max(1, screenings // PARTS // threads)
    with ThreadPoolExecutor(threads) as pool:
        for part in range(PARTS):
            people = of_many_shapes(guidance, each, seed + part)
            expected = alone(guidance, people)
            start = perf_counter()
            turns = [pool.submit(differing, screener, people, expected, thread * each // threads) for thread in range(threads)]
            wrong = [people[place] for turn in turns for place in turn.result()]
            passed = perf_counter() - start
            del people, expected, turns
            gc.collect()
            yield (part + 1) * each * threads, resident_mb(), wrong, passed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it: 0 when all is well, 1 when an answer differs or the memory grows."""
    parser = ArgumentParser(prog="python -m benchmarks.threads", description=__doc__)
    parser.add_argument("--screenings", type=int, default=1_000_000, help="how many (%(default)s)")
    parser.add_argument("--threads", type=int, default=8, help="how many threads share them (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="what the people are made up from (%(default)s)")
    options = parser.parse_args(arguments)
    guidance = load()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    held: list[float] = []
    seconds, count, failed = 0.0, 0, 0
    try:
        for count, megabytes, wrong, passed in run(guidance, options.screenings, options.threads, options.seed):
            held.append(megabytes)
            seconds += passed
            failed += len(wrong)
            print(f"{count:>10,} screenings: {megabytes:.0f} MB held, {len(wrong)} came out differently", flush=True)
            for profile in wrong[:3]:  # made up, so they may be shown
                print(f"  otherwise {profile.otherwise}: {profile.places()}")
    finally:
        sys.setswitchinterval(usual)
    grown = max(held) - held[0]
    most = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, *held)
    print(f"{options.threads} threads, {count:,} screenings in {seconds:.0f} s: {failed} came out differently;")
    print(f"{held[0]:.0f} MB held after the first {count // PARTS:,}, {grown:.0f} MB more at most later, {most:.0f} MB at the peak")
    return 1 if failed or grown > MOST_GROWTH_MB else 0


if __name__ == "__main__":
    sys.exit(main())
