"""`backscreen stretches` and `backscreen facts`: the catalogue and the questions."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from backscreen.cli import completers
from backscreen.cli.name_lookup import Ambiguous, stretch_id
from backscreen.cli.options import Format, Rules
from backscreen.cli.printing import print_json
from backscreen.cli.rulebook_choice import knowledge_base_for
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError
from backscreen.diagnostics.suggestions import did_you_mean, similar
from backscreen.loading.profile_validation import stretch_texts

_LISTED = "`backscreen stretches` lists them all"


def stretches(
    *names: Annotated[str, Parameter(completer=completers.stretches)], rules: Rules = None, format: Format = "text"
) -> int:
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
    from backscreen.rendering import catalogue_tables

    knowledge_base = knowledge_base_for(rules)
    chosen, diagnostics = [], []
    for name in names:
        try:
            known = stretch_id(name, knowledge_base)
        except Ambiguous as ambiguous:
            diagnostics.append(ambiguous.diagnostic)
            continue
        if known in knowledge_base.stretches:
            chosen.append(knowledge_base.stretches[known])
        else:
            diagnostics.append(
                Diagnostic(
                    f"unknown stretch `{name[:60]}`",
                    help=did_you_mean(similar(name, stretch_texts(knowledge_base)), _LISTED),
                )
            )
    if diagnostics:
        raise UsageError(diagnostics)
    chosen = chosen if names else [*knowledge_base.stretches.values()]
    if format == "json":
        print_json(catalogue_tables.stretches_as_data(chosen))
        return 0
    from rich.console import Console

    from backscreen.rendering import terminal

    terminal.show(
        Console(emoji=False),
        catalogue_tables.steps(knowledge_base, chosen) if names else catalogue_tables.stretches(chosen),
    )
    return 0


def facts(
    *, rules: Rules = None, format: Format = "text", template: Annotated[bool, Parameter(negative="")] = False
) -> int:
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
    from backscreen.rendering import catalogue_tables

    knowledge_base = knowledge_base_for(rules)
    if template:
        if format == "json":
            raise UsageError(
                [
                    Diagnostic(
                        "a template is written in YAML",
                        help="leave `--format json` away; YAML leaves room for the questions",
                    )
                ]
            )
        print(catalogue_tables.template(knowledge_base), end="")
        return 0
    if format == "json":
        print_json(catalogue_tables.facts_as_data(knowledge_base))
        return 0
    from rich.console import Console

    from backscreen.rendering import terminal

    terminal.show(Console(emoji=False), catalogue_tables.facts(knowledge_base))
    return 0
