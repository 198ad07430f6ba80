"""Names and answers as people type them → as the rulebook writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.suggestions import one_of
from backscreen.formats.yaml_text import plain
from backscreen.model.facts import UNSURE, Fact, OptionFact, RangeFact, written
from backscreen.model.knowledge_base import KnowledgeBase


class Ambiguous(Exception):
    """What was typed may mean several things; `diagnostic` names them."""

    def __init__(self, typed: str, meant: Iterable[str]) -> None:
        super().__init__()
        self.diagnostic = Diagnostic(f"`{typed[:60]}` may mean {one_of(meant)}", help="write the one that is meant")


def fact_id(typed: str, specs: Mapping[str, Fact]) -> str:
    """Return the id of the fact with this id or title, in any case, or else the text itself; raise `Ambiguous`."""
    return _id_of(typed, {name: spec.title for name, spec in specs.items()})


def stretch_id(typed: str, knowledge_base: KnowledgeBase) -> str:
    """Return the id of the stretch with this id or name, in any case, or else the text itself; raise `Ambiguous`."""
    return _id_of(typed, {name: stretch.name for name, stretch in knowledge_base.stretches.items()})


def answer(typed: str, spec: Fact | None) -> object:
    """Return the answer that was typed, in any case, or else its value as YAML; raise `Ambiguous`."""
    if isinstance(spec, OptionFact):
        words = {written(value): value for value in spec.values}
        found = _id_of(typed, {word: spec.meanings[value] for word, value in words.items()})
        if found in words:
            return words[found]
    if typed.strip().lower() == UNSURE:
        return UNSURE
    if isinstance(spec, RangeFact):
        return _in_units(typed, (spec.unit, *(unit.unit for unit in spec.also_in)))
    if spec is not None and spec.is_flag and isinstance(plain(typed.strip().lower()), bool):
        return plain(typed.strip().lower())  # `True`, say
    return plain(typed)


def _in_units(typed: str, units: Iterable[str]) -> object:
    """Return the amount, its unit as the rulebook writes it."""
    unit = re.search(r"[^\W\d_]*\Z", typed)
    assert unit is not None
    meant = [one for one in units if one.lower() == unit[0].lower()]
    return plain(f"{typed[: unit.start()]}{meant[0]}" if len(meant) == 1 else typed)


def _id_of(typed: str, titles: Mapping[str, str]) -> str:
    if typed in titles:
        return typed
    wanted = _key(typed)
    found = [name for name, title in titles.items() if wanted and wanted in (_key(name), _key(title))]
    if len(found) > 1:
        raise Ambiguous(typed, found)
    return found[0] if found else typed


def _key(text: str) -> str:
    """Return the words of a text, which are all that counts: `cat_cow` and `Cat-cow` are one."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
