"""A table of statements and what uses them."""

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
"""The number of statements above which rich takes seconds."""
_WIDEST = 10
_HEADS = ("statement", "becomes", "used by", "cases")


def table(statements: Sequence[Coverage]) -> Table | LongTable:
    """Return a row for each statement: what it says it becomes, what uses it, and the number of cases."""
    if len(statements) > _LONG:
        return LongTable(statements)
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    drawn.add_column(_HEADS[0])
    drawn.add_column(_HEADS[1], max_width=_WIDEST)
    drawn.add_column(_HEADS[2], ratio=1)
    drawn.add_column(_HEADS[3], justify="right")
    for coverage in statements:
        users = Text("\n").join(_users(coverage))
        drawn.add_row(coverage.statement.id, _becomes(coverage), users, str(coverage.cases or ""))
    return drawn


@frozen
class LongTable:
    """The same table without colours and without rich."""

    statements: Sequence[Coverage]

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        first = max(len(_HEADS[0]), *(len(one.statement.id) for one in self.statements))
        third = max(options.max_width - first - _WIDEST - len(_HEADS[3]) - 6, 10)
        rows = (
            (each.statement.id, _becomes(each), [user.plain for user in _users(each)], str(each.cases or ""))
            for each in self.statements
        )
        for name, becomes, users, cases in ((_HEADS[0], _HEADS[1], [_HEADS[2]], _HEADS[3]), *rows):
            second = wrap(becomes, _WIDEST) if len(becomes) > _WIDEST else [becomes]
            lines = [line for user in users for line in (wrap(user, third) if len(user) > third else [user])]
            for number in range(max(len(second), len(lines), 1)):
                left, middle, right = (part[number] if number < len(part) else "" for part in (second, lines, [cases]))
                head = name if number == 0 else ""
                yield Segment(f"{head:{first}}  {left:{_WIDEST}}  {middle:{third}}  {right:>{len(_HEADS[3])}}\n")


def _becomes(coverage: Coverage) -> str:
    return ", ".join(kind.value for kind in coverage.statement.becomes)


def _users(coverage: Coverage) -> Iterable[Text]:
    for kind, names in (
        ("rule", coverage.rules),
        ("stretch", coverage.stretches),
        ("region", coverage.regions),
        ("disagrees", coverage.disagreeing),
    ):
        for name in names:
            yield Text.assemble((f"{kind} ", "dim"), name)
    if Becomes.ADVICE in coverage.statement.becomes:
        yield Text("advice in plans and docs", style="dim")
    if Becomes.BACKGROUND in coverage.statement.becomes:
        yield Text("background, decides nothing", style="dim")
    for missing in coverage.missing:
        is_extra = missing not in coverage.statement.becomes
        words = f"used as a {missing.value}, which it does not say" if is_extra else f"no {missing.value} uses it"
        yield Text(f"not covered: {words}", style="bold red")
