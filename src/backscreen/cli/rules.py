"""`backscreen rules …`: for those who write rulebooks."""

from __future__ import annotations

from cyclopts import App

from backscreen.cli.options import guidance_for

app = App(name="rules", help="For those who write rulebooks: run their cases, and see what rests on which statement.", help_format="plaintext")


def _asked_for(folder: str | None) -> list[str] | None:
    return None if folder is None else [folder]


@app.command(name="test")
def run_cases(folder: str | None = None) -> int:
    """Run the cases of every rule, each with its rule alone, and the scenarios with all of the rules; exit with 1 where one fails.

    Parameters
    ----------
    folder
        A rulebook of your own; without it, the ones that come with backscreen.
    """
    from backscreen.authoring.cases import run

    cases = scenarios = failed = 0
    for result in run(guidance_for(_asked_for(folder), tests=True)):
        scenarios += result.subject == "scenario"
        cases += result.subject != "scenario"
        if result.mismatches:
            failed += 1
            print(f"{result.at}: {result.subject}: {result.name}")
            for mismatch in result.mismatches:
                print(f"  {mismatch.what}: expected {mismatch.expected}, came {mismatch.came}")
    print(f"{cases} cases and {scenarios} scenarios: {f'{failed} failed' if failed else 'all hold'}")
    return 1 if failed else 0


@app.command
def coverage(folder: str | None = None) -> int:
    """List what uses each statement of the documents; exit with 1 where one has not become what it says.

    Parameters
    ----------
    folder
        A rulebook of your own; without it, the ones that come with backscreen.
    """
    from rich.console import Console

    from backscreen.authoring.coverage import coverage as covered
    from backscreen.rendering import text
    from backscreen.rendering.coverage import table

    statements = covered(guidance_for(_asked_for(folder), tests=True))
    placed = sum(statement.placed for statement in statements)
    text.show(Console(), table(statements))
    print(f"{placed} of {len(statements)} statements placed")
    return 0 if placed == len(statements) else 1
