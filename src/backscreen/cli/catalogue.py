"""`backscreen stretches` and `backscreen facts`: the catalogue and the questions."""

from __future__ import annotations

import json
from typing import Annotated

from cyclopts import Parameter

from backscreen.cli.options import Format, Rules, guidance_for
from backscreen.errors import Problem, UsageError


def stretches(*, rules: Rules = None, format: Format = "text") -> int:  # noqa: A002 - what people type
    """List the stretches: what each acts on, and how it is done.

    Parameters
    ----------
    rules
        A rulebook of your own (a folder), or the id of one that comes with backscreen.
    format
        A table, or JSON.
    """
    from backscreen.rendering import catalogue

    guidance = guidance_for(rules)
    if format == "json":
        print(json.dumps(catalogue.stretches_as_data(guidance), indent=2, ensure_ascii=False))
        return 0
    from rich.console import Console

    from backscreen.rendering import text

    text.show(Console(), catalogue.stretches(guidance))
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
    from backscreen.rendering import catalogue

    guidance = guidance_for(rules)
    if template:
        if format == "json":
            raise UsageError([Problem("a template is written in YAML", help="leave `--format json` away; YAML leaves room for the questions")])
        print(catalogue.template(guidance), end="")
        return 0
    if format == "json":
        print(json.dumps(catalogue.facts_as_data(guidance), indent=2, ensure_ascii=False))
        return 0
    from rich.console import Console

    from backscreen.rendering import text

    text.show(Console(), catalogue.facts(guidance))
    return 0
