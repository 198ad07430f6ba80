"""Problems of rulebooks: as text, as data, and as annotations for GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backscreen.authoring.lint.linter import Checked
from backscreen.diagnostics.codes import WARNINGS
from backscreen.diagnostics.diagnostic import Diagnostic

_HINT = "`backscreen rules explain CODE` explains a code, with a wrong and a right example"


def lines(checked: Checked) -> Iterator[str]:
    """Yield each problem with its code, then the counts."""
    last_help = None
    for diagnostic in checked.diagnostics:
        head = f"{diagnostic.location}: " if diagnostic.location else ""
        yield f"{head}{'warning: ' * (diagnostic.code in WARNINGS)}{diagnostic.message} [{diagnostic.code}]"
        if diagnostic.help and diagnostic.help != last_help:
            yield f"  {diagnostic.help}"
        last_help = diagnostic.help
    if checked.diagnostics:
        yield ""
        yield _HINT
    yield summary(checked)


def summary(checked: Checked) -> str:
    """Return the rulebooks that were checked, with the counts of rules and problems."""
    warnings = len(checked.diagnostics) - checked.errors
    found = " and ".join(
        part for part in (_several(checked.errors, "error"), _several(warnings, "warning")) if not part.startswith("0 ")
    )
    return f"{', '.join(checked.rulebooks)}: {_several(checked.rules, 'rule')}, {found or 'no problems'}"


def _several(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"


def as_data(checked: Checked) -> dict[str, Any]:
    """Return the problems for programs; `file`, `line` and `column` are null if a problem has no such place."""
    return {
        "schema": "backscreen/check/1",
        "rulebooks": list(checked.rulebooks),
        "rules": checked.rules,
        "errors": checked.errors,
        "warnings": len(checked.diagnostics) - checked.errors,
        "problems": [_diagnostic(diagnostic) for diagnostic in checked.diagnostics],
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    file, line, column = diagnostic.position
    return {
        "code": diagnostic.code,
        "severity": "warning" if diagnostic.code in WARNINGS else "error",
        "file": file,
        "line": line,
        "column": column,
        "what": diagnostic.message,
        "help": diagnostic.help,
    }


def github(checked: Checked) -> Iterator[str]:
    """Yield each problem as a workflow command, so that GitHub shows it beside its line.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    for diagnostic in checked.diagnostics:
        file, line, column = diagnostic.position
        places = {"file": file, "line": line, "col": column, "title": diagnostic.code}
        properties = ",".join(
            f"{name}={_escaped(str(value), ':,')}" for name, value in places.items() if value is not None
        )
        text = f"{diagnostic.message}\n{diagnostic.help}" if diagnostic.help else diagnostic.message
        yield f"::{'warning' if diagnostic.code in WARNINGS else 'error'} {properties}::{_escaped(text)}"


def _escaped(text: str, others: str = "") -> str:
    return "".join(f"%{ord(character):02X}" if character in "%\r\n" + others else character for character in text)
