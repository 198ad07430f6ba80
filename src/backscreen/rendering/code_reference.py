"""What the codes of problems mean: for the terminal, for programs, and as the page docs/codes.md."""

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

_WARNING = "This is a warning: `backscreen rules check` ends well all the same."
_INTRODUCTION = """\
<!-- python -m tests.authoring.test_explanations writes this page, from src/backscreen/authoring/lint/codes.yaml -->

# What can be wrong with a rulebook

For those who write rules. `backscreen rules check` looks through a rulebook and names all that is wrong with it: each
with the file, the line and the column where it stands, what to do, and a code in square brackets. Here is what each code
means, with an example of how it looks wrong and how it looks right. `backscreen rules explain CODE` shows the same in the
terminal.

It is strict on purpose. A rule that is misread is a caution that nobody is given, so whatever could be read in two ways,
or hides a slip of the pen, is told before anybody relies on it.

In the examples, `# …` stands for lines that are left away, and a line such as `# precautions/stiff-for-weeks.yaml` says
which file comes next. They are pieces of a rulebook that is made up, and say nothing about real backs. What may stand
where is in [the rulebook format](rulebook-format.md)."""


def overview(groups: Iterable[Group]) -> Lines:
    """Every code with its title."""
    width = max(len(one.code) for group in groups for one in group.codes)
    parts: list[RenderableType] = []
    for group in groups:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(overflow="fold")
        for one in group.codes:
            table.add_row(Text(f"  {one.code.ljust(width)}"), Text(one.title))
        parts += [Text(group.heading, style="bold"), table, Text()]
    return Lines(*parts, Text("What one of them means: backscreen rules explain CODE", style="dim"))


def explanation(groups: Iterable[Group], code: str) -> Lines:
    """One code: what is wrong, why it is told, and an example."""
    one = next(one for group in groups for one in group.codes if one.code == code)
    parts: list[RenderableType] = [
        Text.assemble((one.code, "bold"), "  ", (_where(one), "dim")),
        Text(),
        Text(_sentence(one.title), style="bold"),
        Text(one.why),
    ]
    if one.code in WARNINGS:
        parts.append(Text(_WARNING))
    for lead, style, example in (("Wrong", "bold red", one.wrong), ("Right", "bold green", one.right)):
        if example is not None:
            parts += [Text(), Text(lead, style=style), Padding(Text(example), (0, 0, 0, 2), expand=False)]
    if one.what_to_do is not None:
        parts += [Text(), Text("What to do", style="bold"), Text(one.what_to_do)]
    return Lines(*parts)


def _where(one: Explanation) -> str:
    return {"rule": "in a rule", "folder": "in the folder", "several rulebooks": "in several rulebooks"}.get(
        one.place, f"in {one.place}"
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def as_data(groups: Iterable[Group], code: str | None = None) -> dict[str, Any]:
    """The codes for programs, or one of them."""
    found = [_one_as_data(one, group.heading) for group in groups for one in group.codes if code in (None, one.code)]
    return {"schema": "backscreen/codes/1", "codes": found}


def _one_as_data(one: Explanation, heading: str) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": "warning" if one.code in WARNINGS else "error",
        "group": heading,
        "title": one.title,
        "why": one.why,
        "what_to_do": one.what_to_do,
        "in": one.place,
        "wrong": one.wrong,
        "right": one.right,
    }


def markdown(groups: Iterable[Group]) -> str:
    """The page of all codes, each below a heading of its own."""
    return "\n".join(_page(groups)) + "\n"


def _page(groups: Iterable[Group]) -> Iterator[str]:
    yield _INTRODUCTION
    yield ""
    for group in groups:
        yield f"- [{group.heading}](#{_anchor(group.heading)})"
    for group in groups:
        yield ""
        yield f"## {group.heading}"
        for one in group.codes:
            yield ""
            yield from _entry(one)


def _entry(one: Explanation) -> Iterator[str]:
    language = "text" if one.place == "folder" else "yaml"
    yield f"### {one.code}"
    yield ""
    yield f"**{_sentence(one.title)}** {one.why}"
    if one.code in WARNINGS:
        yield _WARNING
    for lead, example in (("Wrong", one.wrong), ("Right", one.right)):
        if example is not None:
            says_where = example.startswith(("# ", "backscreen "))
            yield from (
                "",
                f"{lead}:" if says_where else f"{lead}, {_where(one)}:",
                "",
                f"```{language}",
                example,
                "```",
            )
    if one.what_to_do is not None:
        yield ""
        yield f"What to do: {one.what_to_do}"


def _anchor(heading: str) -> str:
    return "".join(letter for letter in heading.lower() if letter.isalnum() or letter in " -").replace(" ", "-")
