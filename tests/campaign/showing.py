"""What the campaign says: its progress on standard error, and its results."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .running import Look, Outcome

_EVERY = 5.0
"""Seconds between two lines where there is no terminal."""


def say(text: str) -> None:
    """Say it on standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


@contextmanager
def progress(total: int) -> Iterator[Look]:
    """Shows how many people have been screened, and how many disagreements were found."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(total)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("people"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("screening", total=total)
        yield lambda done, found: bar.update(task, completed=done, description=_told(found))


def _lines(total: int) -> Look:
    said = monotonic()
    say(f"0 of {total:,} people")

    def look(done: int, found: int) -> None:
        nonlocal said
        if monotonic() - said >= _EVERY:
            said = monotonic()
            say(f"{done:,} of {total:,} people, {_told(found)}")

    return look


def _told(found: int) -> str:
    return f"{found:,} disagreements" if found else "all agree"


def summary(outcome: Outcome, screened: str, total: int, *, workers: int, seconds: float) -> str:
    """Return one paragraph: who was screened, how many screenings of each engine agreed, and how long it took."""
    agreed = (
        ", ".join(f"{name} {outcome.agreed[name]:,} of {count:,}" for name, count in outcome.compared.items()) or "none"
    )
    found = f"{len(outcome.found):,} disagreements" if outcome.found else "no disagreement"
    left_out = (
        f" {total - outcome.people:,} people were left out, since far too much is wrong."
        if outcome.people < total
        else ""
    )
    each = seconds * workers * 1e6 / max(1, outcome.people)
    pace = f"{seconds:.0f} s with {workers} worker{'s' * (workers != 1)}, {each:,.0f} µs a person and worker"
    return f"{screened}: {found}. Screenings that agree with the reference: {agreed}.{left_out} {pace}."
