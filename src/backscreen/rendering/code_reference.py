"""The reference of codes: for the terminal, for programs, and as the page docs/codes.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from backscreen.authoring.lint.explanations import Explanation, Group
from backscreen.diagnostics.codes import WARNINGS

_WARNING = "This is a warning: `backscreen rules check` still succeeds."
_INTRODUCTION = """\
<!-- python -m tests.authoring.test_explanations writes this page, from src/backscreen/authoring/lint/codes.yaml -->

# Problems that `backscreen rules check` reports

For people who write rules. `backscreen rules check` reports every problem of a rulebook with its file, line and column,
a code in square brackets, and what to do. This page explains each code, with a wrong and a right example.
`backscreen rules explain CODE` shows the same in the terminal.

The check is strict on purpose. A rule that is misread is a caution that nobody gets, so anything ambiguous, and
anything that looks like a slip, is reported before people rely on it.

In the examples, `# …` marks omitted lines, and a line such as `# precautions/stiff-for-weeks.yaml` names the file of
the lines below. The rulebook is made up and says nothing about real backs. The keys and their values are described in
[the rulebook format](rulebook-format.md)."""


def overview(groups: Iterable[Group]) -> Lines:
    """Return every code with its title."""
    width = max(len(entry.code) for group in groups for entry in group.codes)
    parts: list[RenderableType] = []
    for group in groups:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(overflow="fold")
        for entry in group.codes:
            table.add_row(Text(f"  {entry.code.ljust(width)}"), Text(entry.title))
        parts += [Text(group.heading, style="bold"), table, Text()]
    return Lines(*parts, Text("Explain one of them: backscreen rules explain CODE", style="dim"))


def explanation(groups: Iterable[Group], code: str) -> Lines:
    """Return one code: the problem, why it matters, and an example."""
    entry = next(entry for group in groups for entry in group.codes if entry.code == code)
    parts: list[RenderableType] = [
        Text.assemble((entry.code, "bold"), "  ", (_where(entry), "dim")),
        Text(),
        Text(_sentence(entry.title), style="bold"),
        Text(entry.why),
    ]
    if entry.code in WARNINGS:
        parts.append(Text(_WARNING))
    for lead, style, example in (("Wrong", "bold red", entry.wrong), ("Right", "bold green", entry.right)):
        if example is not None:
            parts += [Text(), Text(lead, style=style), Padding(Text(example), (0, 0, 0, 2), expand=False)]
    if entry.what_to_do is not None:
        parts += [Text(), Text("What to do", style="bold"), Text(entry.what_to_do)]
    return Lines(*parts)


def _where(entry: Explanation) -> str:
    return {"rule": "in a rule", "folder": "in the folder", "several rulebooks": "in several rulebooks"}.get(
        entry.place, f"in {entry.place}"
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def as_data(groups: Iterable[Group], code: str | None = None) -> dict[str, Any]:
    """Return all codes, or one of them, for programs."""
    found = [
        _entry_data(entry, group.heading) for group in groups for entry in group.codes if code in (None, entry.code)
    ]
    return {"schema": "backscreen/codes/1", "codes": found}


def _entry_data(entry: Explanation, heading: str) -> dict[str, Any]:
    return {
        "code": entry.code,
        "severity": "warning" if entry.code in WARNINGS else "error",
        "group": heading,
        "title": entry.title,
        "why": entry.why,
        "what_to_do": entry.what_to_do,
        "in": entry.place,
        "wrong": entry.wrong,
        "right": entry.right,
    }


def markdown(groups: Iterable[Group]) -> str:
    """Return the page of all codes, each below its own heading."""
    return "\n".join(_page(groups)) + "\n"


def _page(groups: Iterable[Group]) -> Iterator[str]:
    yield _INTRODUCTION
    yield ""
    for group in groups:
        yield f"- [{group.heading}](#{_anchor(group.heading)})"
    for group in groups:
        yield ""
        yield f"## {group.heading}"
        for entry in group.codes:
            yield ""
            yield from _entry(entry)


def _entry(entry: Explanation) -> Iterator[str]:
    language = "text" if entry.place == "folder" else "yaml"
    yield f"### {entry.code}"
    yield ""
    yield f"**{_sentence(entry.title)}** {entry.why}"
    if entry.code in WARNINGS:
        yield _WARNING
    for lead, example in (("Wrong", entry.wrong), ("Right", entry.right)):
        if example is not None:
            names_its_file = example.startswith(("# ", "backscreen "))
            heading = f"{lead}:" if names_its_file else f"{lead}, {_where(entry)}:"
            yield from ("", heading, "", f"```{language}", example, "```")
    if entry.what_to_do is not None:
        yield ""
        yield f"What to do: {entry.what_to_do}"


def _anchor(heading: str) -> str:
    return "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -").replace(" ", "-")
