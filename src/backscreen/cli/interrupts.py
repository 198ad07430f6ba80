"""Ctrl-C while files are written."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undone_when_interrupted() -> Iterator[None]:
    """Raise `KeyboardInterrupt` on Ctrl-C inside the block, so that files half written are removed.

    Anywhere else Ctrl-C ends the program at once.
    """
    at_once = signal.getsignal(signal.SIGINT)
    if not callable(at_once):  # SIGINT is ignored
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, at_once)
