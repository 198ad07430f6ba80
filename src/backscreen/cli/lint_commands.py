"""`backscreen rules check` and `backscreen rules explain`: what is wrong with a rulebook, and what is meant by it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from cyclopts import Parameter

from backscreen.cli import completers
from backscreen.cli.options import Folder, Format
from backscreen.cli.printing import print_json
from backscreen.cli.rulebook_choice import named
from backscreen.diagnostics.codes import CODES
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError
from backscreen.diagnostics.suggestions import suggest


def check(
    folder: Folder = None,
    *,
    format: Literal["text", "json", "github"] = "text",
    today: date | None = None,
) -> int:
    """Report everything that is wrong with a rulebook, with its place and what to do; exit with 1 for an error.

    Parameters
    ----------
    folder
        A rulebook of your own; without it, the ones that come with backscreen.
    format
        `text`, `json` for programs, or `github` for notes beside the lines of a change on GitHub.
    today
        The day as of which reviews are overdue, such as 2026-11-21; without it, today.
    """
    from backscreen.authoring.lint.linter import check_rulebooks
    from backscreen.rendering.diagnostic_list import as_data, github, lines

    checked = check_rulebooks(None if folder is None else [named(folder)], today=today or date.today())  # noqa: DTZ011 - the day where the person is
    if format == "json":
        print_json(as_data(checked))
    else:
        print(*(github if format == "github" else lines)(checked), sep="\n")
    return 1 if checked.errors else 0


def explain(
    code: Annotated[str | None, Parameter(completer=completers.codes)] = None, *, format: Format = "text"
) -> int:
    """Explain a code of `backscreen rules check` with a wrong and a right example; without a code, list all.

    Parameters
    ----------
    code
        What stands in square brackets at the end of a line of `backscreen rules check`, such as never-holds.
    format
        `text`, or `json` for programs.
    """
    asked = None if code is None else code.strip("[]")
    if asked is not None and asked not in CODES:
        raise UsageError(
            [
                Diagnostic(
                    f"unknown code `{asked[:60]}`",
                    help=suggest(asked, CODES, "`backscreen rules explain` lists them all"),
                )
            ]
        )
    from backscreen.authoring.lint.explanations import groups
    from backscreen.rendering import code_reference

    if format == "json":
        print_json(code_reference.as_data(groups(), asked))
        return 0
    from rich.console import Console

    from backscreen.rendering import terminal

    terminal.show(
        Console(emoji=False),
        code_reference.overview(groups()) if asked is None else code_reference.explanation(groups(), asked),
    )
    return 0
