"""Screenings of one `Screener` on many threads; run `python -m benchmarks.threads`.

All threads screen the same `Profile` objects at once, each from another place on. Every outcome is compared with that
of a screener that one thread alone uses, and some of those with the reference's. Exits with 1 where an outcome
differs, or where the memory in use grows by more than 50 MB after the first tenth.
"""

import gc
import resource
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from backscreen import Profile, Screener, Screening, Trial
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.semantics import reference
from benchmarks.contestants.contestant import outcome_of
from benchmarks.workload import varied_profiles

PARTS = 10
REFERENCE_EVERY, FINDINGS_EVERY = 50, 20
MAX_GROWTH_MB = 50
SWITCH_SECONDS = 1e-4
"""How long a thread runs before another may; Python's default is fifty times as long."""

Content = tuple[object, ...]


def content(screening: Screening, place: int) -> Content:
    """Return what is compared of the screening of the profile at this place."""
    outcome: Content = (screening.directive, screening.fault, *screening.verdicts.values())
    if place % FINDINGS_EVERY:
        return outcome
    findings = [(f.name, f.certainty, f.trial, dict(f.because), f.unanswered) for f in screening.findings]
    return (*outcome, findings, screening.unanswered)


def expected_contents(knowledge_base: KnowledgeBase, profiles: Sequence[Profile]) -> list[Content]:
    """Return the contents from a screener and profiles of this thread's own; check some against the reference."""
    screener, contents = Screener(knowledge_base, engine="compiled"), []
    for place, profile in enumerate(profiles):
        own = Profile(profile.facts, [Trial(t.stretch, **t.facts) for t in profile.trials], profile.otherwise)
        screening = screener.screen(own)
        outcome = screening.directive, dict(screening.verdicts)
        if place % REFERENCE_EVERY == 0 and outcome != outcome_of(reference.decide(knowledge_base, own)):
            raise AssertionError(f"not the reference's outcome for {profile.places()}")
        contents.append(content(screening, place))
    return contents


def differing(screener: Screener, profiles: Sequence[Profile], expected: Sequence[Content], first: int) -> list[int]:
    """Screen all profiles, from this place on and around; return the places whose content differs."""
    places = (*range(first, len(profiles)), *range(first))
    return [place for place in places if content(screener.screen(profiles[place]), place) != expected[place]]


def resident_mb() -> float:
    """Return the memory in use, or where the system does not say, the most that was in use."""
    status = Path("/proc/self/status")
    for line in status.read_text("ascii").splitlines() if status.exists() else []:
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(options: Namespace) -> int:
    """Run the screenings and print how they went; return 1 where an outcome differs or the memory grows, else 0."""
    knowledge_base, threads = load_rulebooks(), options.threads
    screener, size = Screener(knowledge_base, engine="compiled"), max(1, options.screenings // PARTS // threads)
    seconds, failures, memory = 0.0, 0, []
    with ThreadPoolExecutor(threads) as pool:
        for part in range(PARTS):
            profiles = varied_profiles(knowledge_base, size, options.seed + part)
            expected = expected_contents(knowledge_base, profiles)
            firsts, start = [thread * size // threads for thread in range(threads)], perf_counter()
            turns = [pool.submit(differing, screener, profiles, expected, first) for first in firsts]
            wrong = [profiles[place] for turn in turns for place in turn.result()]
            seconds, failures = seconds + perf_counter() - start, failures + len(wrong)
            del profiles, expected, turns
            gc.collect()
            memory.append(resident_mb())
            print(
                f"{(part + 1) * size * threads:>10,} screenings: {memory[-1]:.0f} MB, {len(wrong)} differ", flush=True
            )
            for profile in wrong[:3]:  # random people, so that their answers may be shown
                print(f"  otherwise {profile.otherwise}: {profile.places()}")
    growth = max(memory) - memory[0]
    print(f"{threads} threads, {PARTS * size * threads:,} screenings in {seconds:.0f} s: {failures} differ;")
    print(f"{memory[0]:.0f} MB in use after the first tenth, at most {growth:.0f} MB more later")
    return 1 if failures or growth > MAX_GROWTH_MB else 0


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m benchmarks.threads", description=__doc__)
    parser.add_argument("--screenings", type=int, default=1_000_000, help="how many (%(default)s)")
    parser.add_argument("--threads", type=int, default=8, help="how many threads (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random people (%(default)s)")
    sys.setswitchinterval(SWITCH_SECONDS)
    sys.exit(run(parser.parse_args()))
