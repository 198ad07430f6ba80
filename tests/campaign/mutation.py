"""Mutation testing of backscreen's own code: `python -m tests.campaign.mutation`.

mutmut runs in a copy in a temporary folder. Each surviving mutant must be listed in survivors.md with the reason why it
is harmless; all others are printed in the form of that list. Ends with 1 if there are any, or if fewer than 95 of 100
mutants are killed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

TOP = Path(__file__).parents[2]
SURVIVORS = Path(__file__).with_name("survivors.md")
COPIED = (
    "src",
    "tests",
    "rules",
    "examples",
    "docs",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "pyproject.toml",
)
LEAST = 95
KILLED = {"killed": "by a test", "caught by type check": "by mypy", "timeout": "by its time"}
FOLDERS = ("engines", "loading", "model", "rendering", "screening", "semantics")


def _mutmut(folder: Path, *arguments: str, quiet: bool = True) -> str:
    """Run mutmut with this Python, its mypy and its pytest, and return its output."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", *arguments]
    out = subprocess.PIPE if quiet else None
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, stdout=out, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        sys.exit(f"mutmut {' '.join(arguments)} failed in {folder}")
    return done.stdout or ""


def _results(folder: Path) -> dict[str, str]:
    """Return the result of each mutant, by its name."""
    lines = [line.strip().partition(": ") for line in _mutmut(folder, "results", "--all", "true").splitlines()]
    return {name: became for name, _, became in lines}


def _difference(folder: Path, name: str) -> str:
    """Return a mutant as survivors.md shows it: its function, and the lines without and with the change."""
    place, _, number = name.removeprefix("backscreen.").rpartition("__mutmut_")
    module, _, function = place.rpartition(".")
    assert number.isdecimal(), name
    where = f"@@ {module.replace('.', '/')}.py {re.sub('^x_', '', function).replace('xǁ', '').replace('ǁ', '.')} @@"
    lines = [line.rstrip() for line in _mutmut(folder, "show", name).splitlines()]
    return "\n".join([where, *(line for line in lines if re.match(r"[-+](?!-- |\+\+ )", line))])


def _explained() -> set[str]:
    """Return the mutants listed in survivors.md."""
    blocks = re.findall(r"^```diff\n(.*?)^```$", SURVIVORS.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return {
        one.strip("\n") for block in blocks for one in re.split(r"^(?=@@ )", block, flags=re.MULTILINE) if one.strip()
    }


def _table(results: dict[str, str]) -> str:
    """Return a table of the mutants killed in each folder, and by what."""
    rows = [
        f"| folder | mutants | {' | '.join(KILLED.values())} | survived | killed |",
        "| --- " * (len(KILLED) + 4) + "|",
    ]
    for folder in (*FOLDERS, ""):
        count = Counter(became for name, became in results.items() if name.startswith(f"backscreen.{folder}"))
        killed = sum(count[became] for became in KILLED)
        cells = [
            folder or "all",
            count.total(),
            *(count[became] for became in KILLED),
            count.total() - killed,
            f"{100 * killed / count.total():.1f} %",
        ]
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(rows)


def main() -> int:
    """Run mutmut, and compare the survivors with the list."""
    parser = argparse.ArgumentParser(description="Mutation testing of backscreen; see docs/mutation-testing.md.")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) - 1), help="mutants to try at a time")
    parser.add_argument("--judge", type=Path, metavar="FOLDER", help="evaluate an earlier run in this folder again")
    options = parser.parse_args()
    folder = options.judge or Path(tempfile.mkdtemp(prefix="backscreen-mutation-"))
    if missing := [name for name in ("mutmut", "mypy", "durable") if find_spec(name) is None]:
        sys.exit(f"{', '.join(missing)} must be installed")
    if not options.judge:
        print(f"in {folder}", flush=True)  # noqa: T201 - a command prints
        for name in COPIED:
            one = TOP / name
            shutil.copytree(
                one, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            ) if one.is_dir() else shutil.copy(one, folder)
        _mutmut(folder, "run", "--max-children", str(options.jobs), quiet=False)
    results = _results(folder)
    survivors = {_difference(folder, name) for name, became in results.items() if became not in KILLED}
    explained = _explained()
    print(_table(results))  # noqa: T201 - a command prints
    for title, mutants in (
        ("survived, and not listed", survivors - explained),
        ("listed, but killed: remove from the list", explained - survivors),
    ):
        if mutants:
            print(f"\n{title}:\n\n" + "\n".join(sorted(mutants)))  # noqa: T201 - a command prints
    share = 100 * sum(became in KILLED for became in results.values()) / len(results)
    return 1 if survivors - explained or share < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
