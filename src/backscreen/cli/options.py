"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from backscreen.loading.rulebooks import bundled, load
from backscreen.rulebook.rulebook import Guidance

Rules = Annotated[list[str] | None, Parameter(negative="")]
Format = Literal["text", "json"]


def guidance_for(rules: list[str] | None, *, tests: bool = False) -> Guidance:
    """The rulebooks that were asked for: ids of bundled ones or folders; all that are bundled where none was."""
    known = bundled()
    return load([name if name in known else Path(name) for name in rules] if rules else None, tests=tests)
