"""Functions run in processes of their own, started afresh: what they return, and how they end if they do not."""

from __future__ import annotations

import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from os import _exit
from time import monotonic
from typing import Any, Protocol

from attrs import define, frozen

_SPAWN = get_context("spawn")  # a process that is forked would inherit what an engine has piled up
_TICK = 0.2
RAISED, DIED, HUNG = "an exception", "the process", "the time"
_STARTING = 60.0
"""Seconds that a process may take before it is at its first person, on a busy machine."""


class Position(Protocol):
    """Where a process is, shared with the one that started it: -1 before it has begun."""

    value: int


@frozen(eq=False)
class Returned:
    """The function came to its end."""

    value: Any


@frozen(eq=False)
class Failed:
    """The process raised, died, or gave no answer in time: which of these, how, and where it was."""

    what: str
    how: str
    at: int


Ended = Returned | Failed
Work = Callable[[Any, Position], Any]


@define(eq=False)
class Running:
    """A process at work, where it was when last looked at, and since when."""

    argument: Any
    process: Any
    connection: Connection
    position: Position
    seen: int
    since: float


def _work(function: Work, argument: object, position: Position, connection: Connection) -> None:
    """What the new process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one sees to it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(
        ImportError, ValueError, OSError
    ):  # Windows has no limits; a crash that was to be expected leaves no core behind
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        ended: Ended = Returned(function(argument, position))
    except Exception as failure:
        place = traceback.extract_tb(failure.__traceback__)[-1]
        ended = Failed(
            RAISED,
            f"{type(failure).__name__}: {' '.join(str(failure).split())} ({place.name}, line {place.lineno})"[:500],
            position.value,
        )
    connection.send(ended)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    _exit(1)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C goes to every process of a terminal: one that starts meanwhile inherits that it is held back."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # else it would be started inside, and let interrupts through again
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def started(function: Work, argument: object) -> Running:
    """Start the function in a process of its own."""
    position: Any = _SPAWN.RawValue("q", -1)
    receiver, sender = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_work, args=(function, argument, position, sender), daemon=True)
    with _interrupts_held_back():
        process.start()
    sender.close()
    return Running(argument, process, receiver, position, -1, monotonic())


def _ended(running: Running, patience: float) -> Ended | None:
    """How it ended, or None while it goes on; one that has not moved for too long is ended."""
    if running.connection.poll():
        try:
            ended: Ended = running.connection.recv()
        except (EOFError, OSError):
            running.process.join()
            ended = Failed(DIED, _death(running.process.exitcode), running.position.value)
        end(running)
        return ended
    at, now = running.position.value, monotonic()
    if at != running.seen:
        running.seen, running.since = at, now
    if now - running.since < (patience if at >= 0 else max(patience, _STARTING)):
        return None
    end(running)
    return Failed(HUNG, f"none for {patience:g} s", at)


def _death(code: int) -> str:
    if code >= 0:
        return f"an end with exit code {code}"
    with suppress(ValueError):
        return f"an end by {signal.Signals(-code).name}"
    return f"an end by signal {-code}"


def end(running: Running) -> None:
    """End it, whatever it is doing, and leave nothing of it behind."""
    running.process.kill()
    running.process.join()
    running.process.close()
    running.connection.close()


def each(
    function: Work,
    following: Callable[[], object | None],
    *,
    workers: int,
    patience: float,
    look: Callable[[list[Running]], None] = lambda _: None,
) -> Iterator[tuple[Any, Ended]]:
    """Run the function on what `following` returns until None, in that many processes; they end with the iteration."""
    running: list[Running] = []
    try:
        while True:
            while len(running) < workers and (argument := following()) is not None:
                running.append(started(function, argument))
            if not running:
                return
            wait([one.connection for one in running], timeout=_TICK)
            look(running)
            for one in list(running):
                ended = _ended(one, patience)
                if ended is not None:
                    running.remove(one)
                    yield one.argument, ended
    finally:
        for one in running:
            end(one)


def alone(function: Work, argument: object, *, patience: float) -> Ended:
    """Run the function once, in a process of its own."""
    waiting = [argument]
    ((_, ended),) = each(function, lambda: waiting.pop() if waiting else None, workers=1, patience=patience)
    return ended
