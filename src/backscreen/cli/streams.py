"""Standard output and standard error, which never decide how a command ends."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Output(io.RawIOBase):
    """A stream that keeps its first failure and drops what is written after it, so that a command runs to its end."""

    def __init__(self, below: io.RawIOBase) -> None:
        self._below = below
        self.failure: OSError | None = None

    def writable(self) -> bool:
        """Return true."""
        return True

    def isatty(self) -> bool:
        """Return whether the stream is a terminal."""
        return self._below.isatty()

    def fileno(self) -> int:
        """Return the stream's file descriptor."""
        return self._below.fileno()

    def write(self, data: ReadableBuffer, /) -> int:
        """Write what can be written, and drop everything after a failure."""
        try:
            while self.failure is None:
                written = self._below.write(data)
                if written is not None:
                    return written
                _wait(self._below.fileno())
        except OSError as failure:
            self.failure = failure
        return memoryview(data).nbytes


def _wait(descriptor: int) -> None:
    """Wait until a pipe that is full and does not block takes more."""
    from select import select

    select([], [descriptor], [])


@contextmanager
def replaced(name: Literal["stdout", "stderr"]) -> Iterator[Output]:
    """Put an `Output` in the place of a standard stream, in UTF-8 where it is no terminal."""
    stream = getattr(sys, name)
    with open(os.devnull, "wb", buffering=0) as nowhere:  # noqa: PTH123 - no path, but a device
        if not (stream is None or hasattr(stream, "buffer")):  # a notebook's, say, which holds text and cannot fail
            yield Output(nowhere)
            return
        buffer = nowhere if stream is None else stream.buffer  # None: it was closed from the start
        output = Output(getattr(buffer, "raw", buffer))
        encoding = stream.encoding if output.isatty() else "utf-8"
        by_line = stream is None or stream.line_buffering or stream.write_through
        text = io.TextIOWrapper(io.BufferedWriter(output), encoding, "backslashreplace", line_buffering=by_line)
        setattr(sys, name, text)
        try:
            yield output
        finally:
            text.flush()
            setattr(sys, name, stream)
