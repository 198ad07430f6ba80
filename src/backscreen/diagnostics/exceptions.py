"""Exceptions that carry diagnostics."""

from __future__ import annotations

from collections.abc import Iterable

from backscreen.diagnostics.diagnostic import Diagnostic


class BackscreenError(Exception):
    """An error in what backscreen was given; `diagnostics` holds every problem.

    >>> print(BackscreenError([Diagnostic("unknown fact `siatica`", help="did you mean `sciatica`?")]))
    unknown fact `siatica`
      did you mean `sciatica`?
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))

    def __reduce__(self) -> tuple[type[BackscreenError], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)


class ProfileError(BackscreenError):
    """A profile that cannot be read, or does not fit the rulebooks."""


class RulebookError(BackscreenError):
    """A rulebook that cannot be read, or contradicts itself."""


class UsageError(BackscreenError):
    """A command or a function that was called in an unknown way."""
