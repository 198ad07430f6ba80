"""Which statement is used where, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from attrs import frozen
from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from backscreen.authoring.cases.coverage import Coverage
from backscreen.model.rules import Becomes

_LONG = 1000
"""Statements from which on rich would take seconds."""
_WIDEST = 10
_HEADS = ("statement", "becomes", "used by", "cases")


def table(statements: Sequence[Coverage]) -> Table | LongTable:
    """One row a statement: what it says it becomes, what uses it, and how many cases judge that."""
    if len(statements) > _LONG:
        return LongTable(statements)
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    drawn.add_column(_HEADS[0])
    drawn.add_column(_HEADS[1], max_width=_WIDEST)
    drawn.add_column(_HEADS[2], ratio=1)
    drawn.add_column(_HEADS[3], justify="right")
    for one in statements:
        drawn.add_row(one.statement.id, _becomes(one), Text("\n").join(_users(one)), str(one.cases or ""))
    return drawn


@frozen
class LongTable:
    """The same table without colours, laid out by itself."""

    statements: Sequence[Coverage]

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        first = max(len(_HEADS[0]), *(len(one.statement.id) for one in self.statements))
        third = max(options.max_width - first - _WIDEST - len(_HEADS[3]) - 6, 10)
        rows = (
            (one.statement.id, _becomes(one), [user.plain for user in _users(one)], str(one.cases or ""))
            for one in self.statements
        )
        for name, becomes, users, cases in ((_HEADS[0], _HEADS[1], [_HEADS[2]], _HEADS[3]), *rows):
            second = wrap(becomes, _WIDEST) if len(becomes) > _WIDEST else [becomes]
            lines = [line for user in users for line in (wrap(user, third) if len(user) > third else [user])]
            for number in range(max(len(second), len(lines), 1)):
                left, middle, right = (part[number] if number < len(part) else "" for part in (second, lines, [cases]))
                yield Segment(
                    f"{name if number == 0 else '':{first}}  {left:{_WIDEST}}  {middle:{third}}  {right:>{len(_HEADS[3])}}\n"
                )


def _becomes(one: Coverage) -> str:
    return ", ".join(kind.value for kind in one.statement.becomes)


def _users(one: Coverage) -> Iterable[Text]:
    for kind, names in (
        ("rule", one.rules),
        ("stretch", one.stretches),
        ("region", one.regions),
        ("disagrees", one.disagreeing),
    ):
        for name in names:
            yield Text.assemble((f"{kind} ", "dim"), name)
    if Becomes.ADVICE in one.statement.becomes:
        yield Text("advice in plans and docs", style="dim")
    if Becomes.BACKGROUND in one.statement.becomes:
        yield Text("background, decides nothing", style="dim")
    for missing in one.missing:
        extra = missing not in one.statement.becomes
        yield Text(
            f"not placed: {'used as' if extra else 'no'} {missing.value}{', which it does not say' if extra else ' uses it'}",
            style="bold red",
        )
