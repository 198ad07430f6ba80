"""No file makes the program hang, use up memory, crash or read other files.

`python -m tests.corpus.test_hostile` prints the time and the memory that each takes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from attrs import evolve, frozen

from tests.corpus.hostile import PROFILES, RULEBOOKS, Hostile
from tests.helpers.machine import PATIENCE

MOST_SECONDS, MOST_MB = 2, 150
YARDSTICK = """
import yaml
held = []
loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
for event in yaml.parse("- {one: 1, other: [a word, two]}\\n" * 30_000, Loader=loader):
    held.append((type(event), event.start_mark.line, {event.start_mark.column: getattr(event, "value", None)}))
"""
A_YARD = 0.6
"""Seconds of processor time that the yardstick takes on an ordinary, idle machine. Limits grow with its time."""
SLACK = 1.5
"""Machines differ in what they are slow at. Whatever is worse than linear takes many times as long."""
TRIES = 3
"""Other processes may slow down a run, and not the yardstick a moment later; hardly ever three times."""

EVERYBODY = "facts: {sciatica: yes, numbness: yes}\n"
"""What the person answers for whom many rules fire."""

PROGRAM = """
from backscreen.diagnostics import diagnostic
from backscreen.__main__ import entry
diagnostic.Diagnostic.__str__ = lambda self: f"[{self.code}] {self.location}: {self.message} ({self.help})"
entry()
"""
"""The program, but for that it tells the code of what is wrong."""
STARTER = """
import json, os, resource, sys
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
_, status, used = os.wait4(child, 0)
code, seconds = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
figures = {"code": code, "seconds": seconds, "mb": used.ru_maxrss / 1024}
print(json.dumps(figures), file=sys.stderr)
"""
"""Starts it, for the memory that a process is said to have used is never less than what its parent had."""


@frozen
class Cost:
    """What a run came to."""

    code: int
    seconds: float
    mb: float
    out: str
    err: str


def commands(hostile: Hostile, folder: Path) -> dict[str, list[str]]:
    """Return every command that reads the profile or the rulebook, by name."""
    forms = {form: ["screen", "--format", form] for form in ("text", "json", "markdown")}
    if hostile.on == "profile":
        return {form: [*command, "--profile", str(folder / "p.yaml")] for form, command in forms.items()}
    book = str(folder / "book")
    (folder / "p.yaml").write_text(EVERYBODY if hostile.answers is None else hostile.answers)
    rules = {
        name: ["rules", name, book]
        for name in ("coverage", "check", "schema", *([] if hostile.takes_trying else ["test"]))
    }
    people = {"all unknown": [], "all no": ["--otherwise", "no"], "some fire": ["--profile", str(folder / "p.yaml")]}
    screens = {
        f"{form}, {who}": [*command, "--rules", book, *given]
        for form, command in forms.items()
        for who, given in people.items()
    }
    lists = {
        f"{name} {form}": [name, "--rules", book, "--format", form]
        for name in ("stretches", "facts")
        for form in ("text", "json")
    }
    lists["template"] = ["facts", "--template", "--rules", book]
    docs = {} if hostile.takes_trying else {"docs": ["rules", "docs", str(folder / "pages"), book]}
    return rules | screens | lists | docs


def ran(arguments: Sequence[str], given: int = subprocess.DEVNULL) -> Cost:
    """Run the program; its seconds are the processor's on an ordinary, idle machine, the fewest of some tries."""
    costs: list[Cost] = []
    while len(costs) < TRIES and not (costs and costs[-1].seconds <= MOST_SECONDS):
        cost = _cost(["-c", PROGRAM, *arguments], given)
        slower = _cost(["-c", YARDSTICK]).seconds / A_YARD if cost.seconds > MOST_SECONDS else 1
        costs.append(evolve(cost, seconds=cost.seconds / max(1, slower)))
    return min(costs, key=lambda cost: cost.seconds)


def _cost(arguments: Sequence[str], given: int = subprocess.DEVNULL) -> Cost:
    command = [sys.executable, "-I", "-S", "-c", STARTER, *arguments]
    done = subprocess.run(command, stdin=given, capture_output=True, timeout=PATIENCE, check=False)
    *said, figures = done.stderr.decode().splitlines()
    return Cost(**json.loads(figures), out=done.stdout.decode(), err="\n".join(said))


def assert_bounded(cost: Cost) -> None:
    """Whatever was said, it was soon over, and only of what is in the rulebook; 3 would be a fault of ours."""
    said = cost.out + cost.err
    assert cost.code in (0, 1, 2), cost.err[-2000:]
    assert "Traceback" not in said
    assert "root:" not in said  # as /etc/passwd begins
    assert len(cost.err.splitlines()) < 5000
    assert cost.seconds <= MOST_SECONDS * SLACK
    assert cost.mb <= MOST_MB


def assert_said(hostile: Hostile, folder: Path, cost: Cost) -> None:
    """The code at its place; what is legal is said to be so by the code of the command alone."""
    if hostile.code is None:
        assert cost.code in (0, 1), cost.err[:2000]
    else:
        assert cost.code == 2, cost.err[:2000]
        assert any(line.startswith(f"[{hostile.code}] {folder / hostile.where}") for line in cost.err.splitlines()), (
            cost.err[:2000]
        )


def looked_at(hostile: Hostile, folder: Path, turn: int | None = None) -> Iterator[tuple[str, Cost]]:
    """Every command that reads it, or with a `turn` the first and one of the others in turn; and what that came to."""
    hostile.make(folder)
    (first, *others) = commands(hostile, folder).items()
    for name, arguments in (first, *(others if turn is None or not others else [others[turn % len(others)]])):
        yield name, ran(arguments)


@pytest.mark.parametrize(("turn", "hostile"), list(enumerate([*PROFILES, *RULEBOOKS])), ids=str)
def test_a_hostile_file_is_refused_at_its_place_within_2_s_and_150_mb(
    turn: int, hostile: Hostile, tmp_path: Path
) -> None:
    for name, cost in looked_at(hostile, tmp_path, turn):
        assert_bounded(cost)
        if name in ("coverage", "text"):
            assert_said(hostile, tmp_path, cost)


@pytest.mark.parametrize(("path", "code"), [("/dev/zero", "too-large"), ("/dev/null", "empty-value")])
def test_standard_input_is_read_no_further_than_a_file(path: str, code: str) -> None:
    given = os.open(path, os.O_RDONLY)
    try:
        cost = ran(["screen", "--profile", "-"], given)
    finally:
        os.close(given)
    assert_bounded(cost)
    assert (cost.code, cost.err.partition(":")[0]) == (2, f"[{code}] standard input")


def test_there_is_a_profile_for_each_code_of_what_cannot_be_read() -> None:
    codes = {hostile.code for hostile in (*PROFILES, *RULEBOOKS)}
    assert codes >= {
        "file-missing",
        "link-outside",
        "not-a-file",
        "stray-file",
        "too-large",
        "too-many-files",
        "unreadable-file",
    }
    assert codes >= {
        "control-characters",
        "key-not-a-word",
        "not-finite",
        "not-utf8",
        "repeated-key",
        "several-documents",
        "too-deep",
        "too-many-values",
    }
    assert codes >= {"yaml-alias", "yaml-anchor", "yaml-merge-key", "yaml-syntax", "yaml-tag"}


def main() -> None:
    """Print what each costs; with a word, only of those whose names hold it."""
    for hostile in (*PROFILES, *RULEBOOKS):
        if all(word in hostile.name for word in sys.argv[1:]):
            with tempfile.TemporaryDirectory() as place:
                for name, cost in looked_at(hostile, Path(place).resolve()):
                    costs = f"{cost.seconds:5.2f} s {cost.mb:4.0f} MB  exit {cost.code}"
                    print(f"{hostile.name:50} {name:9} {costs}  {hostile.code or 'legal'}", flush=True)  # noqa: T201 - it is what it is for


if __name__ == "__main__":
    main()
