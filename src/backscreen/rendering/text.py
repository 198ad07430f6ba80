"""A report for the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from backscreen.rendering.report import EFFECTS, Perhaps, Reason, Report, Row
from backscreen.rulebook.verdicts import Directive, Effect, Verdict

WIDEST = 100
_STYLES = {
    Directive.PROCEED: "bold green",
    Directive.CARE: "bold yellow",
    Directive.CONSULT: "bold magenta",
    Directive.STOP: "bold white on red",
    Directive.UNDETERMINED: "bold cyan",
    Verdict.ALLOWED: "green",
    Verdict.CAUTION: "yellow",
    Verdict.AVOID: "red",
    Verdict.UNDETERMINED: "cyan",
}
_EFFECT_STYLES = {
    Effect.STOP: "bold red",
    Effect.CONSULT: "magenta",
    Effect.AVOID: "red",
    Effect.CAUTION: "yellow",
}


def show(console: Console, renderable: Any) -> None:
    """Print without trailing blanks, no wider than people like to read."""
    width = min(console.width, WIDEST)
    with console.capture() as captured:
        console.print(renderable, width=width, highlight=False, markup=False)
    lines = captured.get().split("\n")
    console.file.write("\n".join(line.rstrip() if not console.is_terminal else line for line in lines))


def screening(report: Report) -> Group:
    """The report as something to print."""
    parts: list[Any] = [Text(f"backscreen · {report.rulebooks}", style="dim"), Text()]
    parts += [Padding(Text(line, style="bold red"), (0, 0, 1, 0)) for line in report.urgent]
    parts.append(Text(f" {report.headline.upper()} ", style=_STYLES[report.directive]))
    parts += [Padding(Text(line), (0, 0, 0, 1)) for line in report.first]
    if report.question is not None:
        parts += [Text(), _hanging("Answer this first: ", Text(report.question.question, style="bold"))]
        parts.append(Padding(Text(report.question.name, style="dim"), (0, 0, 0, 20)))
    widest = min(32, max((len(row.name) for _, _, rows in report.groups for row in rows), default=0))
    for verdict, title, rows in report.groups:
        parts += [Text(), Text(f"{title} ({len(rows)})", style=f"bold {_STYLES[verdict]}"), _stretches(rows, widest)]
    if report.reasons:
        parts += [Text(), Text("Why", style="bold")]
        parts += [part for reason in report.reasons for part in (Text(), _reason(reason))][1:]
    if report.perhaps:
        parts += [Text(), Text(f"May still change this ({len(report.perhaps)})", style="bold")]
        parts += [_bullet(_perhaps(perhaps)) for perhaps in report.perhaps]
    if report.questions:
        parts += [Text(), Text(f"Still to be answered ({len(report.questions)})", style="bold")]
        parts += [_bullet(Text.assemble(item.question, (f"  {item.name}", "dim"))) for item in report.questions]
    if report.assumed:
        parts += [Text(), Text(f"Not answered, and assumed to be no ({len(report.assumed)})", style="bold")]
        parts.append(Padding(Text("; ".join(report.assumed)), (0, 0, 0, 2)))
    parts.append(Text())
    parts += [Text(line, style="dim" if line == report.closing[-1] else "bold") for line in report.closing]
    return Group(*parts)


def _stretches(rows: Iterable[Row], widest: int) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False, expand=True)
    table.add_column(width=1)
    table.add_column(width=widest)
    table.add_column(ratio=1)
    table.add_column(min_width=3, justify="right", style="dim")
    for row in rows:
        table.add_row("", row.name, row.notes, _numbers(row.reasons))
    return table


def _numbers(numbers: tuple[int, ...]) -> str:
    """Reasons by number, neighbours drawn together: `1, 3–5`."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in spans)


def _effect(effect: Effect) -> tuple[str, str]:
    return EFFECTS[effect], _EFFECT_STYLES.get(effect, "")


def _reason(reason: Reason) -> Table:
    lines = [Text.assemble(_effect(reason.effect), (" · ", "dim"), (reason.title, "bold")), Text(reason.reason)]
    for lead, texts in (
        ("because", [reason.because]),
        ("hangs on", [reason.hangs_on]),
        ("source", reason.sources),
        ("the other side", reason.other_side),
    ):
        lines += [Text.assemble((f"{lead}  ", "dim"), text) for text in texts if text]
    return _hanging(f"{reason.number:>3}  ", Group(*lines))


def _perhaps(perhaps: Perhaps) -> Text:
    return Text.assemble(_effect(perhaps.effect), (" · ", "dim"), f"{perhaps.title} ", (f"({perhaps.hangs_on}?)", "dim"))


def _bullet(line: Text) -> Table:
    return _hanging("  - ", line)


def _hanging(lead: str, body: Any) -> Table:
    table = Table(box=None, show_header=False, padding=0, pad_edge=False)
    table.add_column(width=len(lead), no_wrap=True)
    table.add_column()
    table.add_row(lead, body)
    return table
