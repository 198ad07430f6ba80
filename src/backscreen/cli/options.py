"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from backscreen.cli import completers

Rules = Annotated[list[str] | None, Parameter(negative="", completer=completers.rulebooks)]
Folder = Annotated[str | None, Parameter(completer=completers.rulebooks)]
Format = Literal["text", "json"]
