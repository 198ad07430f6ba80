"""`backscreen screen`: one person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from cyclopts import Parameter

from backscreen.cli import completers
from backscreen.cli.options import Rules
from backscreen.cli.printing import print_json
from backscreen.cli.rulebook_choice import knowledge_base_for
from backscreen.cli.typed_answers import Words, profile_of
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import ProfileError
from backscreen.loading.profile_files import read_checked
from backscreen.model.effects import Directive
from backscreen.model.profile import Profile
from backscreen.screening.result import Screening
from backscreen.screening.screener import Screener

_Several = Parameter(negative="")


def screen(
    *,
    profile: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    has: Annotated[list[str] | None, _Several, Parameter(completer=completers.flags)] = None,
    lacks: Annotated[list[str] | None, _Several, Parameter(completer=completers.flags)] = None,
    fact: Annotated[list[str] | None, _Several, Parameter(completer=completers.facts)] = None,
    trial: Annotated[list[str] | None, _Several, Parameter(completer=completers.trials)] = None,
    otherwise: Literal["no", "unknown"] | None = None,
    rules: Rules = None,
    format: Literal["text", "json", "markdown"] = "text",
    exit_code: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Screen one person: what to do first, then every stretch, the reasons, and what is still to be answered.

    Parameters
    ----------
    profile
        A profile in YAML or JSON; `-` reads standard input.
    has
        A fact that is so, by its id or title, such as `osteoporosis` or "Weak bones"; may be given several times.
    lacks
        A fact that is not so.
    fact
        A fact and its answer, such as `warm_up_min=5`.
    trial
        A stretch that was tried and what happened, such as `side_bend:felt=pain,after=same`; `:felt=pain` if it is not
        known which stretch it was.
    otherwise
        `no` counts whatever is left out as no; what a profile leaves empty stays unknown.
    rules
        A rulebook of your own (a folder), or the id of one that comes with backscreen.
    format
        How the screening is printed.
    exit_code
        Exit with 1 where the screening says stop.
    """
    knowledge_base = knowledge_base_for(rules)
    read = Profile() if profile is None else read_checked(_source(str(profile)), knowledge_base)
    given = profile_of(Words(has or [], lacks or [], fact or [], trial or []), read, knowledge_base, otherwise)
    screening = Screener(knowledge_base).screen(given)
    _print(screening, format)
    return 1 if exit_code and screening.directive is Directive.STOP else 0


def _source(path: str) -> Path | BinaryIO:
    if path != "-":
        return Path(path)
    if sys.stdin is None:
        raise ProfileError(
            [
                Diagnostic(
                    "standard input is closed", location="--profile -", help="name a file, or send a profile there"
                )
            ]
        )
    return sys.stdin.buffer


def _print(screening: Screening, form: Literal["text", "json", "markdown"]) -> None:
    if form == "json":
        print_json(screening.to_dict())
        return
    from backscreen.rendering.report import report

    told = report(screening)
    if form == "markdown":
        from backscreen.rendering import markdown

        print(markdown.screening(told), end="")
    else:
        from rich.console import Console

        from backscreen.rendering import terminal

        console = Console(emoji=False)
        terminal.show(console, terminal.screening(told, console))
