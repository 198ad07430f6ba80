"""`backscreen stretches` and `backscreen facts`: the catalogue and the questions."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from backscreen.cli import completers
from backscreen.cli.name_lookup import Ambiguous, stretch_id
from backscreen.cli.options import Format, Rules, guidance_for
from backscreen.cli.printing import print_json
from backscreen.diagnostics.diagnostic import Problem, UsageError, meant, near
from backscreen.loading.profile_validation import stretch_texts

_LISTED = "`backscreen stretches` lists them all"


def stretches(*names: Annotated[str, Parameter(completer=completers.stretches)], rules: Rules = None, format: Format = "text") -> int:  # noqa: A002 - what people type
    """List the stretches and what each acts on; or, with names, show how these are done.

    Parameters
    ----------
    names
        Stretches to show step by step, such as `side_bend` or "Side bend"; all are listed without.
    rules
        A rulebook of your own (a folder), or the id of one that comes with backscreen.
    format
        A table, or JSON.
    """
    from backscreen.rendering import catalogue_tables as catalogue

    guidance = guidance_for(rules)
    chosen, problems = [], []
    for name in names:
        try:
            known = stretch_id(name, guidance)
        except Ambiguous as ambiguous:
            problems.append(ambiguous.problem)
            continue
        if known in guidance.stretches:
            chosen.append(guidance.stretches[known])
        else:
            problems.append(Problem(f"unknown stretch `{name[:60]}`", help=meant(near(name, stretch_texts(guidance)), _LISTED)))
    if problems:
        raise UsageError(problems)
    chosen = chosen if names else [*guidance.stretches.values()]
    if format == "json":
        print_json(catalogue.stretches_as_data(chosen))
        return 0
    from rich.console import Console

    from backscreen.rendering import terminal as text

    text.show(Console(emoji=False), catalogue.steps(guidance, chosen) if names else catalogue.stretches(chosen))
    return 0


def facts(*, rules: Rules = None, format: Format = "text", template: Annotated[bool, Parameter(negative="")] = False) -> int:  # noqa: A002
    """List what can be known about a person and about a try of a stretch, with the questions that ask for it.

    Parameters
    ----------
    rules
        A rulebook of your own (a folder), or the id of one that comes with backscreen.
    format
        A table, or JSON.
    template
        Print a profile to fill in instead.
    """
    from backscreen.rendering import catalogue_tables as catalogue

    guidance = guidance_for(rules)
    if template:
        if format == "json":
            raise UsageError([Problem("a template is written in YAML", help="leave `--format json` away; YAML leaves room for the questions")])
        print(catalogue.template(guidance), end="")
        return 0
    if format == "json":
        print_json(catalogue.facts_as_data(guidance))
        return 0
    from rich.console import Console

    from backscreen.rendering import terminal as text

    text.show(Console(emoji=False), catalogue.facts(guidance))
    return 0
