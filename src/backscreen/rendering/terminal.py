"""A report for the terminal.

It is laid out line by line: a rich table for each hanging paragraph would take longer than the rest of a screening.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from attrs import frozen
from rich.console import Console
from rich.text import Text

from backscreen.model.effects import Directive, Effect, Verdict
from backscreen.rendering.report import Perhaps, Question, Reason, Report, Row
from backscreen.wording.effect_words import EFFECTS

WIDEST = 100
_NUMBERS = 8
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
_GRAVE_STYLES = {Directive.STOP: "bold red", Directive.CONSULT: "magenta"}


def show(console: Console, renderable: Any) -> None:
    """Print at a readable width, without trailing blanks unless it is a terminal."""
    with console.capture() as captured:
        console.print(renderable, width=width_of(console), highlight=False, markup=False)
    lines = captured.get().split("\n")
    console.file.write("\n".join(lines if console.is_terminal else (line.rstrip() for line in lines)))


def width_of(console: Console) -> int:
    """Return the width to print at."""
    return min(console.width, WIDEST)


def screening(report: Report, console: Console) -> Text:
    """Return the report on one person, laid out for the console."""
    page = _Page(report, console, width_of(console))
    return Text("\n").join([*page.first(), *page.stretches(), *page.reasons(), *page.rest()])


@frozen(eq=False, repr=False)
class _Page:
    """A report laid out at a width."""

    report: Report
    console: Console
    width: int

    def _hanging(self, lead: str, body: Text) -> Iterator[Text]:
        for number, line in enumerate(body.wrap(self.console, max(20, self.width - len(lead)))):
            yield Text.assemble(lead if number == 0 else " " * len(lead), line)

    def _heading(self, title: str, style: str = "bold") -> Iterator[Text]:
        yield Text()
        yield Text(title, style=style)

    def first(self) -> Iterator[Text]:
        """Yield the urgent lines, the headline, and the most important question."""
        report = self.report
        yield Text(f"backscreen · {report.rulebooks}", style="dim")
        yield Text()
        for urgent in report.urgent:
            yield from self._hanging("", Text(urgent, style="bold red"))
            yield Text()
        yield Text(f" {report.headline.upper()} ", style=_STYLES[report.directive])
        for line in report.first:
            yield from self._hanging(" ", Text(line))
        if report.question is not None:
            yield Text()
            yield from self._hanging(" Answer this first: ", _asked(report.question, "bold"))

    def stretches(self) -> Iterator[Text]:
        """Yield every stretch in three columns: name, notes, and the numbers of its reasons."""
        longest = max((len(row.name) for _, _, rows in self.report.groups for row in rows), default=0)
        for verdict, title, rows in self.report.groups:
            yield from self._heading(f"{title} ({len(rows)})", f"bold {_STYLES[verdict]}")
            for row in rows:
                yield from self._stretch(row, min(longest, max(12, (self.width - 16) // 2)))
        if self.report.how:
            yield Text()
            yield from self._hanging("", Text(self.report.how, style="dim"))

    def _stretch(self, row: Row, width: int) -> Iterator[Text]:
        room = max(12, self.width - 3 - width - 2 - 2 - _NUMBERS)
        columns = zip_longest(
            Text(row.name).wrap(self.console, width),
            Text(row.notes).wrap(self.console, room),
            [Text(_numbers(row.reasons))],
            fillvalue=Text(),
        )
        for name, notes, numbers in columns:
            left = f"   {name.plain.ljust(width)}  {notes.plain.ljust(room)}  "
            yield Text.assemble(left, (numbers.plain.rjust(_NUMBERS), "dim"))

    def reasons(self) -> Iterator[Text]:
        """Yield the reasons with their sources, and the rules that may still change something."""
        report = self.report
        if report.reasons:
            yield from self._heading("Why")
        for number, reason in enumerate(report.reasons):
            if number:
                yield Text()
            for place, line in enumerate(_reason(reason)):
                yield from self._hanging("     " if place else f"{reason.number:>3}  ", line)
        if report.perhaps:
            yield from self._heading(f"May still change this ({len(report.perhaps)})")
        for one in report.perhaps:
            yield from self._hanging("  - ", _perhaps(one))

    def rest(self) -> Iterator[Text]:
        """Yield the open questions, the assumptions, and the closing lines."""
        report = self.report
        if report.questions:
            yield from self._heading(f"Still to be answered ({len(report.questions)})")
        for item in report.questions:
            yield from self._hanging("  - ", _asked(item, ""))
        if report.assumed:
            yield from self._heading(f"Not answered, and assumed to be no ({len(report.assumed)})")
            yield from self._hanging("  ", Text("; ".join(report.assumed)))
        if report.advice:
            yield from self._heading("General advice")
        for advice in report.advice:
            yield from self._hanging("  - ", Text(advice))
        yield Text()
        for line in report.closing:
            yield from self._hanging("", Text(line, style="dim" if line == report.closing[-1] else "bold"))


def _asked(question: Question, style: str) -> Text:
    return Text.assemble((question.question, style), "  ", (question.name, "dim"))


def _numbers(numbers: tuple[int, ...]) -> str:
    """Return the numbers of reasons, with ranges: `1, 3–5`."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in spans)


def _effect(effect: Effect) -> tuple[str, str]:
    style = _STYLES[effect.verdict] if effect.restricts else ""
    return EFFECTS[effect].label, _GRAVE_STYLES.get(effect.directive, style)


def _reason(reason: Reason) -> Iterator[Text]:
    yield Text.assemble(_effect(reason.effect), (" · ", "dim"), (reason.title, "bold"))
    yield Text(reason.reason)
    for lead, texts in (
        ("because", [reason.because]),
        ("depends on", [reason.depends_on]),
        ("source", reason.sources),
        ("the other side", reason.other_side),
    ):
        yield from (Text.assemble((f"{lead}  ", "dim"), text) for text in texts if text)


def _perhaps(perhaps: Perhaps) -> Text:
    return Text.assemble(
        _effect(perhaps.effect), (" · ", "dim"), f"{perhaps.title} ", (f"({perhaps.depends_on}?)", "dim")
    )
