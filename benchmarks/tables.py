"""Markdown that can be read as it stands: tables, bullets and numbers."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill

from benchmarks.timing import Spread

WIDTH = 120
"""Where a bullet or a paragraph is wrapped."""


def table(header: list[str], rows: Iterable[list[str]], *, words: int = 1) -> str:
    """A table whose first columns are words, and the others numbers."""
    lines = [header, *rows]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(header))]
    ruler = ["-" * width if column < words else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    return "\n".join(_row(line, widths, words) for line in (header, ruler, *lines[1:]))


def _row(cells: list[str], widths: list[int], words: int) -> str:
    padded = (cell.ljust(width) if column < words else cell.rjust(width) for column, (cell, width) in enumerate(zip(cells, widths, strict=True)))
    return "| " + " | ".join(padded) + " |"


def wrapped(paragraph: str) -> str:
    """A paragraph, wrapped."""
    return fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)


def bullets(items: Iterable[str]) -> str:
    """A list, each item wrapped."""
    return "\n".join(fill(f"- {item}", WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) for item in items)


def digits(value: float) -> str:
    """Three digits that count, and every one before the point.

    >>> digits(0.01234), digits(1.5), digits(12.34), digits(1234.5)
    ('0.0123', '1.50', '12.3', '1,234')
    """
    return f"{value:#.3g}".rstrip(".") if value < 999.5 else f"{value:,.0f}"  # noqa: PLR2004 - what three digits hold


def ratio(spread: Spread) -> str:
    """A median and its quartiles: `3.20 (3.11–3.35)`."""
    return f"{digits(spread.median)} ({digits(spread.low)}–{digits(spread.high)})"


def microseconds(spread: Spread) -> str:
    """A median in microseconds."""
    return digits(spread.median * 1e6)


def milliseconds(spread: Spread) -> str:
    """A median and its quartiles in milliseconds."""
    return ratio(Spread(spread.median * 1e3, spread.low * 1e3, spread.high * 1e3))
