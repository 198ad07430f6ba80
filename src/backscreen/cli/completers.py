"""Candidates for the word that somebody is typing, which the shell asks for: facts, answers, stretches, rulebooks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from backscreen.cli.rulebook_choice import knowledge_base_for
from backscreen.model.facts import UNSURE, Fact, OptionFact, RangeFact, has_unsure_option, written
from backscreen.model.knowledge_base import KnowledgeBase

if TYPE_CHECKING:
    from cyclopts.completion import CompletionContext

Candidates = Iterator[tuple[str, str]]
"""Each word and what it means."""
_MOST_FOLDERS = 500


def flags(context: CompletionContext) -> Candidates:
    """Yield the facts that are so or not so."""
    return ((name, spec.title) for name, spec in _knowledge_base(context).person_facts.items() if spec.is_flag)


def facts(context: CompletionContext) -> Candidates:
    """Yield every fact with each of its answers; of a number, with its bounds."""
    return _answered(_knowledge_base(context).person_facts)


def stretches(context: CompletionContext) -> Candidates:
    """Yield the stretches."""
    return ((name, stretch.name) for name, stretch in _knowledge_base(context).stretches.items())


def trials(context: CompletionContext) -> Candidates:
    """Yield the stretches and, behind a colon, what may have come of a try."""
    typed = context.incomplete
    if ":" not in typed:
        for name, meaning in stretches(context):
            yield name, meaning
            yield f"{name}:", f"{meaning}, and what came of it"
        return
    before = typed[: max(typed.rfind(":"), typed.rfind(",")) + 1]
    yield from (
        (f"{before}{answered}", meaning) for answered, meaning in _answered(_knowledge_base(context).trial_facts)
    )


def rulebooks(context: CompletionContext) -> Candidates:
    """Yield the bundled rulebooks and the folders that what is typed may become, each with the folders in it."""
    yield from ((book.id, book.title) for book in knowledge_base_for(None).books)
    above, _, begun = context.incomplete.rpartition("/")
    here = Path(f"{above}/" if context.incomplete.startswith("/") else above)
    for folder in _folders(here, begun):
        for shown in (folder, *_folders(folder, "")):
            yield f"{shown}/", "a folder"


def codes(_: CompletionContext) -> Iterable[str]:
    """Return the codes of problems."""
    from backscreen.diagnostics.codes import CODES

    return CODES


def _knowledge_base(context: CompletionContext) -> KnowledgeBase:
    """Return the rulebooks that were named before."""
    return knowledge_base_for([*context["--rules"].raw_tokens])


def _answered(specs: Mapping[str, Fact]) -> Candidates:
    for name, spec in specs.items():
        match spec:
            case OptionFact():
                answers = [(written(value), meaning) for value, meaning in spec.meanings.items()]
            case RangeFact(unit=unit):
                answers = [(str(bound), f"{bound} {unit}") for bound in (spec.at_least, spec.at_most)]
            case _:
                assert_never(spec)
        if not has_unsure_option(spec):
            answers.append((UNSURE, "I don't know"))
        yield from ((f"{name}={answer}", f"{spec.title}: {meaning}") for answer, meaning in answers)


def _folders(place: Path, begun: str) -> list[Path]:
    """Return the folders in a place whose names begin so; hidden ones only where a dot was typed."""
    try:
        with os.scandir(place) as entries:
            names = [
                entry.name
                for entry in islice(entries, _MOST_FOLDERS)
                if entry.name.startswith(begun) and entry.is_dir()
            ]
    except OSError:
        return []
    return [place / name for name in sorted(names) if not name.startswith(".") or begun.startswith(".")]
