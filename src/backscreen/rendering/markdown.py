"""A report in Markdown, for a record or a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backscreen.rendering.pages.markup import plain, starting_a_line
from backscreen.rendering.report import Reason, Report
from backscreen.wording.effect_words import EFFECTS


def screening(report: Report) -> str:
    """Return the report as Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield from _paragraphs(f"**{plain(line)}**" for line in report.urgent)
    yield f"# {report.headline}"
    yield ""
    yield from _paragraphs(starting_a_line(line) for line in report.first)
    if report.question is not None:
        yield from _paragraphs([f"**Answer this first:** {plain(report.question.question)} (`{report.question.name}`)"])
    for _, title, rows in report.groups:
        yield f"## {title} ({len(rows)})"
        yield ""
        yield "| stretch | notes | why |"
        yield "| --- | --- | --- |"
        for row in rows:
            yield f"| {plain(row.name)} | {plain(row.notes)} | {', '.join(map(str, row.reasons))} |"
        yield ""
    yield from _paragraphs([starting_a_line(report.how)] if report.how else [])
    if report.reasons:
        yield "## Why"
        yield ""
        for reason in report.reasons:
            yield from _reason(reason)
        yield ""
    if report.perhaps:
        yield f"## May still change this ({len(report.perhaps)})"
        yield ""
        yield from (
            f"- {EFFECTS[one.effect].label}: {plain(one.title)} ({plain(one.depends_on)}?)" for one in report.perhaps
        )
        yield ""
    if report.questions:
        yield f"## Still to be answered ({len(report.questions)})"
        yield ""
        yield from (f"- {starting_a_line(item.question)} (`{item.name}`)" for item in report.questions)
        yield ""
    if report.assumed:
        yield f"## Not answered, and assumed to be no ({len(report.assumed)})"
        yield ""
        yield from _paragraphs([starting_a_line("; ".join(report.assumed))])
    if report.advice:
        yield "## General advice"
        yield ""
        yield from (f"- {starting_a_line(advice)}" for advice in report.advice)
        yield ""
    yield "---"
    yield ""
    yield from _paragraphs(starting_a_line(line) for line in report.closing)
    yield f"Rulebooks: {report.rulebooks}"


def _paragraphs(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield text
        yield ""


def _reason(reason: Reason) -> Iterator[str]:
    yield f"{reason.number}. **{EFFECTS[reason.effect].label}: {plain(reason.title)}**"
    yield f"   {starting_a_line(reason.reason)}"
    for lead, texts in (
        ("because", [reason.because]),
        ("depends on", [reason.depends_on]),
        ("source", reason.sources),
        ("the other side", reason.other_side),
    ):
        yield from (f"   - {lead}: {plain(text)}" for text in texts if text)
