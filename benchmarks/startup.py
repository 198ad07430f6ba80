"""Time from the start of `backscreen screen` to its end; run `python benchmarks/startup.py`.

Whole processes, in turn with others that only import attrs, cattrs, PyYAML and rich. At most 3 times as long is the
goal; nothing asserts it, since machines are noisy.
"""

import subprocess
import sys
import sysconfig
from statistics import median
from time import perf_counter

PAIRS = 20
SCREENING = [sysconfig.get_path("scripts") + "/backscreen", "screen", "--has", "sciatica", "--otherwise", "no"]
IMPORTS = [sys.executable, "-c", "import attrs, cattrs, yaml, rich.console"]


def seconds(command: list[str]) -> float:
    """Return how long a command takes as a whole process."""
    start = perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - start


if __name__ == "__main__":
    pairs = [(seconds(SCREENING), seconds(IMPORTS)) for _ in range(PAIRS + 1)][1:]  # the first warms up
    screening, imports = (median(times) * 1000 for times in zip(*pairs, strict=True))
    ratio = median(ours / theirs for ours, theirs in pairs)
    print(f"screening {screening:.0f} ms, imports {imports:.0f} ms, ratio {ratio:.2f} (median of {PAIRS} pairs)")
