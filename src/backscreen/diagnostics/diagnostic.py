"""The one class for everything that can be wrong with a file, a profile or a call."""

from __future__ import annotations

import re

from attrs import evolve, field, frozen
from attrs.converters import optional

from backscreen.diagnostics.characters import one_line
from backscreen.diagnostics.codes import Code

DocumentPath = tuple[str | int, ...]
"""The keys and indices that lead to a value in a document, such as `("trials", 0, "felt")`."""

_POSITION = re.compile(r"(.*):([0-9]+):([0-9]+)", re.DOTALL)


@frozen
class Diagnostic:
    """One thing that is wrong with a file, a profile or a call.

    INVARIANT: `message`, `location` and `help` are one line each: no name in them can start a line of its own.

    `message` says what is wrong, and `help` what to do. `location` is a position (`file:line:column`) or a place in a
    profile (`trials[0].felt`). Where a name or an answer is at fault, `name` is the name, `given` the answer as it
    would be written, `legal` what would be accepted, and `nearest` the legal name closest to it. A diagnostic of a
    rulebook has a `code`, which `backscreen rules explain` explains. `path` leads to the value within its document;
    with `at_key`, the key at the end of the path is meant, and not its value.
    """

    message: str = field(converter=one_line)
    location: str | None = field(default=None, converter=optional(one_line))
    help: str | None = field(default=None, converter=optional(one_line))
    name: str | None = None
    given: str | None = None
    legal: tuple[str, ...] = ()
    nearest: str | None = None
    code: Code | None = None
    path: DocumentPath = field(default=(), kw_only=True)
    at_key: bool = field(default=False, kw_only=True)

    @property
    def position(self) -> tuple[str | None, int | None, int | None]:
        """The file, the line and the column, both from 1; None for what is not known.

        >>> Diagnostic("unknown fact `siatica`", location="rules/mine/x.yaml:4:8").position
        ('rules/mine/x.yaml', 4, 8)
        """
        match = _POSITION.fullmatch(self.location or "")
        return (match[1], int(match[2]), int(match[3])) if match else (self.location, None, None)

    def under(self, path: DocumentPath) -> Diagnostic:
        """Return the same diagnostic with its path seen from further up the document."""
        return evolve(self, path=path + self.path)

    def __str__(self) -> str:
        head = f"{self.location}: {self.message}" if self.location else self.message
        return f"{head}\n  {self.help}" if self.help else head
