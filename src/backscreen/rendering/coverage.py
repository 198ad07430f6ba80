"""Which statement is used where, as a table."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from backscreen.authoring.coverage import Coverage
from backscreen.rulebook.rules import Becomes


def table(statements: Iterable[Coverage]) -> Table:
    """One row a statement: what it says it becomes, what uses it, and how many cases judge that."""
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    drawn.add_column("statement")
    drawn.add_column("becomes", max_width=10)
    drawn.add_column("used by", ratio=1)
    drawn.add_column("cases", justify="right")
    for one in statements:
        becomes = ", ".join(kind.value for kind in one.statement.becomes)
        drawn.add_row(one.statement.id, becomes, Text("\n").join(_users(one)), str(one.cases or ""))
    return drawn


def _users(one: Coverage) -> Iterable[Text]:
    for kind, names in (("rule", one.rules), ("stretch", one.stretches), ("region", one.regions), ("disagrees", one.disagreeing)):
        for name in names:
            yield Text.assemble((f"{kind} ", "dim"), name)
    if Becomes.ADVICE in one.statement.becomes:
        yield Text("advice in plans and docs", style="dim")
    if Becomes.BACKGROUND in one.statement.becomes:
        yield Text("background, decides nothing", style="dim")
    for missing in one.missing:
        extra = missing not in one.statement.becomes
        yield Text(f"not placed: {'used as' if extra else 'no'} {missing.value}{', which it does not say' if extra else ' uses it'}", style="bold red")
