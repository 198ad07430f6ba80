"""Lines of source, and what of a rulebook may stand in them: whole numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Lines:
    """Lines of Python, written one after the other."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 0

    def line(self, text: str) -> None:
        """One line, as deep as the blocks around it."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines under a head, one step in."""
        self.line(head)
        self._depth += 1
        yield
        self._depth -= 1

    def source(self) -> str:
        """All lines together."""
        return "\n".join(self._lines) + "\n"


def whole(number: int) -> str:
    """A number in digits: those of the number itself, whatever a subclass would say of it."""
    return str(int.__index__(number))


def bits(number: int) -> str:
    """Bits as a number: in hexadecimal, which Python writes and reads at any length."""
    return hex(int.__index__(number))
