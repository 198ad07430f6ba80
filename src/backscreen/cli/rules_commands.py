"""`backscreen rules …`: for those who write rulebooks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from backscreen.cli.docs import docs
from backscreen.cli.interrupts import undone_when_interrupted
from backscreen.cli.lint_commands import check, explain
from backscreen.cli.new import new
from backscreen.cli.options import Folder, Format
from backscreen.cli.printing import print_json
from backscreen.cli.rulebook_choice import knowledge_base_for, named

if TYPE_CHECKING:
    from backscreen.authoring.cases.failures import Failure

app = App(
    name="rules",
    help="For authors of rulebooks: run cases, see what rests on which statement, and get completions in an editor.",
    help_format="plaintext",
)
app.command(new)


app.command(check)
app.command(explain)
app.command(docs)


def _asked_for(folder: str | None) -> list[str] | None:
    return None if folder is None else [folder]


@app.command(name="test")
def run_cases(
    folder: Folder = None,
    *,
    mutate: Annotated[bool, Parameter(negative="")] = False,
    format: Format = "text",
) -> int:
    """Run each case with its rule alone, and each scenario with all rules; exit with 1 if one fails.

    Parameters
    ----------
    folder
        A rulebook of your own; without it, the ones that come with backscreen.
    mutate
        Test whether the cases detect changes of the rules; exit with 1 if one goes undetected, and print the case that
        would detect it.
    format
        `text`, or `json` for programs.
    """
    if mutate:
        from backscreen.cli.mutate import report_mutation_score

        return report_mutation_score(knowledge_base_for(_asked_for(folder), tests=True), format)
    from backscreen.authoring.cases.runner import run

    cases = scenarios = 0
    failures: list[Failure] = []
    for result in run(knowledge_base_for(_asked_for(folder), tests=True)):
        scenarios += result.subject == "scenario"
        cases += result.subject != "scenario"
        if result.mismatches:
            from backscreen.authoring.cases.failures import failure
            from backscreen.rendering.failure_report import text

            failures.append(failure(result))
            if format == "text":
                print(text(failures[-1]), end="\n\n")
    if format == "json":
        print_json({"cases": cases, "scenarios": scenarios, "failures": [one.to_dict() for one in failures]})
    else:
        print(f"{cases} cases and {scenarios} scenarios: {f'{len(failures)} failed' if failures else 'all hold'}")
    return 1 if failures else 0


@app.command
def coverage(folder: Folder = None) -> int:
    """List what uses each statement of the documents; exit with 1 where one has not become what it says.

    Parameters
    ----------
    folder
        A rulebook of your own; without it, the ones that come with backscreen.
    """
    from rich.console import Console

    from backscreen.authoring.cases.coverage import statement_coverage
    from backscreen.rendering import terminal
    from backscreen.rendering.coverage_table import table

    statements = statement_coverage(knowledge_base_for(_asked_for(folder), tests=True))
    covered = sum(statement.is_covered for statement in statements)
    terminal.show(Console(emoji=False), table(statements))
    print(f"{covered} of {len(statements)} statements covered")
    return 0 if covered == len(statements) else 1


@app.command
def schema(
    folder: Folder = None,
    *,
    kind: Literal["rule", "rulebook", "facts", "stretches", "statements", "scenarios", "profile"] | None = None,
    out: Path | None = None,
) -> int:
    """Print the JSON Schema of a kind of file, for completion and checks in an editor; or write all of them.

    Parts of the rulebook that cannot be read are left out, and reported.

    Parameters
    ----------
    folder
        A rulebook of your own; without it, the ones that come with backscreen.
    kind
        The kind of file; a rule if neither this nor a folder to write into is given.
    out
        A folder to write `rule.schema.json` and its like into.
    """
    from backscreen.authoring.schema.json_schema import KINDS, json_schema
    from backscreen.authoring.schema.names import offered_by
    from backscreen.authoring.schema.schema_files import write

    offered = offered_by(None if folder is None else named(folder))
    if out is None:
        print_json(json_schema(kind or "rule", offered))
    else:
        kinds = KINDS if kind is None else (kind,)
        schemas = {each: json_schema(each, offered) for each in kinds}
        with undone_when_interrupted():
            write(out, schemas)
        print(f"{len(kinds)} schema{'s' * (len(kinds) > 1)} written to {out}")
    for note in offered.notes:
        print(note, file=sys.stderr)
    return 0
