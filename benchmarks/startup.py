"""How long `backscreen screen` takes to start: run `python benchmarks/startup.py`.

Whole processes, measured in turn in one run, with no cache of the rulebook: the screening of one person against importing attrs, cattrs, PyYAML and
rich alone. At most 3 times as long is what we hold ourselves to; nothing asserts it, since machines are noisy.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path
from statistics import median
from time import perf_counter

RUNS = 20
PROGRAM = Path(sysconfig.get_path("scripts")) / "backscreen"
SCREENING = [str(PROGRAM), "screen", "--has", "sciatica", "--otherwise", "no"]
IMPORTS = [sys.executable, "-c", "import attrs, cattrs, yaml, rich.console"]


def seconds(command: list[str]) -> float:
    """How long the command takes as a whole process."""
    start = perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - start


def measured() -> tuple[float, float, float]:
    """The medians of the screening, of the imports, and of the ratios of neighbours, after a run of each to warm up."""
    pairs = [(seconds(SCREENING), seconds(IMPORTS)) for _ in range(RUNS + 1)][1:]
    return median(ours for ours, _ in pairs), median(theirs for _, theirs in pairs), median(ours / theirs for ours, theirs in pairs)


if __name__ == "__main__":
    screening, imports, ratio = measured()
    sys.stdout.write(f"screening {screening * 1000:.0f} ms, imports {imports * 1000:.0f} ms, ratio {ratio:.2f} (median of {RUNS} pairs)\n")
