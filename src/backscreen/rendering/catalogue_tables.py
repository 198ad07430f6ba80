"""Stretches and questions: as tables, as data, and as a profile to fill in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from attrs import asdict, fields
from rich.console import Group
from rich.table import Table
from rich.text import Text

from backscreen.formats.yaml_writer import comment
from backscreen.model.catalogue import Stretch
from backscreen.model.facts import Fact, OptionFact
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.wording.notices import DISCLAIMER
from backscreen.wording.phrases import how_to_answer, in_full

_OF_EVERY_FACT = {"no", *(field.name for field in fields(OptionFact))}
_RULE = {"show_lines": False, "box": None, "pad_edge": False, "padding": (0, 2, 0, 0), "header_style": "bold"}


def stretches(chosen: Collection[Stretch]) -> Group:
    """Return a table of stretches."""
    if not chosen:
        return Group(Text("There are no stretches. A rulebook may have only rules about the stretches of others."))
    table = Table(**_RULE)  # type: ignore[arg-type]
    table.add_column("stretch")
    table.add_column("position, dose")
    table.add_column("motions, muscles", ratio=1)
    for stretch in chosen:
        table.add_row(
            Text.assemble(stretch.name, "\n", (stretch.id, "dim")),
            f"{stretch.position}\n{stretch.dose or 'not proposed'}",
            f"{_words(stretch.motions)}\n{_words(stretch.targets)}",
        )
        table.add_row()
    return Group(
        table,
        Text(f"Show the steps of one: backscreen stretches NAME, such as {next(iter(chosen)).id}", style="dim"),
        Text(f"{len(chosen)} stretches. {DISCLAIMER}", style="dim"),
    )


def steps(knowledge_base: KnowledgeBase, chosen: Iterable[Stretch]) -> Group:
    """Return stretches step by step."""
    targets = {target.id: target.name for book in knowledge_base.books for target in book.targets}
    parts: list[Any] = []
    for stretch in chosen:
        parts += [
            Text.assemble((stretch.name, "bold"), "  ", (stretch.id, "dim")),
            Text(f"{stretch.position}; {stretch.dose or 'not proposed'}"),
        ]
        parts.append(Text("acts on: " + ", ".join(targets[target] for target in stretch.targets)))
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
        for number, step in enumerate(stretch.steps, 1):
            table.add_row(f"  {number}.", step)
        parts += [table, Text()]
    return Group(
        *parts,
        Text("Screen first: a stretch that suits many may not be for you (backscreen screen --help).", style="bold"),
        Text(DISCLAIMER, style="dim"),
    )


def _words(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def stretches_as_data(chosen: Iterable[Stretch]) -> list[dict[str, Any]]:
    """Return stretches as plain values."""
    return [_stretch_as_data(stretch) for stretch in chosen]


def _stretch_as_data(stretch: Stretch) -> dict[str, Any]:
    return {
        "id": stretch.id,
        "name": stretch.name,
        "position": stretch.position,
        "regions": list(stretch.regions),
        "targets": list(stretch.targets),
        "motions": [motion.value for motion in stretch.motions],
        "steps": list(stretch.steps),
        "dose": None if stretch.dose is None else asdict(stretch.dose),
        "variation_of": stretch.variation_of,
        "statements": list(stretch.statements),
    }


def facts(knowledge_base: KnowledgeBase) -> Group:
    """Return the questions as tables: about the person, and about a try."""
    return Group(
        Text("About the person", style="bold"),
        _questions(knowledge_base, knowledge_base.person_facts.values()),
        Text(),
        Text("About each try of a stretch: which stretch it was, and", style="bold"),
        _questions(knowledge_base, knowledge_base.trial_facts.values()),
    )


def _questions(knowledge_base: KnowledgeBase, specs: Iterable[Fact]) -> Table:
    known = knowledge_base.groups
    table = Table(**_RULE)  # type: ignore[arg-type]
    table.add_column("fact", min_width=25)
    table.add_column("question", ratio=1)
    table.add_column("answers", max_width=17)
    for spec in specs:
        table.add_row(spec.id, in_full(spec, known), how_to_answer(spec))
    return table


def facts_as_data(knowledge_base: KnowledgeBase) -> dict[str, list[dict[str, Any]]]:
    """Return the questions as plain values."""
    known = knowledge_base.groups
    return {
        "person": [_fact_as_data(spec, in_full(spec, known)) for spec in knowledge_base.person_facts.values()],
        "trial": [_fact_as_data(spec, in_full(spec, known)) for spec in knowledge_base.trial_facts.values()],
    }


def _fact_as_data(spec: Fact, question: str) -> dict[str, Any]:
    own = {name: value for name, value in asdict(spec).items() if name not in _OF_EVERY_FACT}
    return {
        "id": spec.id,
        "title": spec.title,
        "question": question,
        "group": spec.group,
        "no": spec.no,
        "codes": [asdict(code) for code in spec.codes],
        "type": spec.kind,
        **own,
    }


def template(knowledge_base: KnowledgeBase) -> str:
    """Return a profile to fill in: every fact with its question, unanswered."""
    return "\n".join(_template(knowledge_base)) + "\n"


def _template(knowledge_base: KnowledgeBase) -> Iterator[str]:
    yield "# A profile to fill in. Answer after the colon: `unsure` if you do not know, nothing if it is open."
    yield f"# {DISCLAIMER}"
    yield "facts:"
    known = knowledge_base.groups
    for spec in knowledge_base.person_facts.values():
        yield from _asked(spec, in_full(spec, known), "  ")
    yield ""
    yield "# What happened when you tried a stretch. Remove the `# ` to use it, and repeat it for each try."
    yield "# trials:"
    yield "#   - stretch:     # its id, from `backscreen stretches`; leave it empty if you do not know which it was"
    for spec in knowledge_base.trial_facts.values():
        yield from (f"#   {line}" for line in _asked(spec, spec.question, "  "))
    yield ""
    yield "# Empty and `unsure` answers stay unknown. `no` counts each question whose line you delete as no;"
    yield "# `unknown` leaves it open."
    yield "otherwise: unknown"


def _asked(spec: Fact, question: str, indent: str) -> Iterator[str]:
    yield from comment(f"{question} ({how_to_answer(spec)})", len(indent))
    yield f"{indent}{spec.id}:"
