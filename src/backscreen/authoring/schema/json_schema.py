"""JSON Schemas (draft-07) for editors: one for each kind of file, with the names of a rulebook.

INVARIANT: the loader rejects whatever a schema rejects. tests/authoring/test_json_schema.py compares both on changed
files.
"""

from __future__ import annotations

from typing import Any

from backscreen.authoring.schema.answer_schemas import names_of_facts, profile, when, without_trial
from backscreen.authoring.schema.building_blocks import Schema, offered_only, one_of_these, ref_beside
from backscreen.authoring.schema.classes import of_type, selector
from backscreen.authoring.schema.descriptions import FILES
from backscreen.authoring.schema.names import Offered
from backscreen.loading.rulebook_texts import Catalogue, Facts, Head
from backscreen.model.profile import Profile
from backscreen.model.rules import Rule, Scenario, Statement

_FILES: dict[str, Any] = {
    "rule": Rule,
    "rulebook": Head,
    "facts": Facts,
    "stretches": Catalogue,
    "statements": tuple[Statement, ...],
    "scenarios": tuple[Scenario, ...],
    "profile": Profile,
}
KINDS = tuple(_FILES)
"""The kinds of files that have a schema."""


def json_schema(kind: str, offered: Offered) -> Schema:
    """Return the JSON Schema of one kind of file, one of `KINDS`, with the names that a rulebook offers.

    >>> from backscreen.authoring.schema.names import offered_by
    >>> rule = json_schema("rule", offered_by("lower-back"))
    >>> rule["definitions"]["when"]["properties"]["sciatica"]["title"]
    'Sciatica'
    """
    title, description = FILES[kind]
    made = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": f"Made by `backscreen rules schema` from {', '.join(offered.rulebooks)}; update it after changes.",
        "title": title,
        "description": description,
        **of_type(_FILES[kind], offered),
    }
    return made | {"definitions": _used(made, _definitions(offered))}


def _used(made: Schema, definitions: dict[str, Schema]) -> dict[str, Schema]:
    """Return the definitions that a schema refers to, also through others."""
    found: dict[str, Schema] = {}
    waiting: list[Any] = [made]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found[name] = definitions[name]
                waiting.append(definitions[name])
        waiting += part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return {name: found[name] for name in definitions if name in found}


def _definitions(offered: Offered) -> dict[str, Schema]:
    """Return the parts that several places of a file share."""
    return {
        "when": when(offered),
        "part": {**ref_beside("when"), "minProperties": 1},
        "without_trial": without_trial(),
        "selector": selector(offered),
        "profile": profile(offered),
        "fact": offered_only(names_of_facts(offered.person, offered.trial)),
        "document": one_of_these(offered.documents, misread_by_editors=True),
        "statement": one_of_these(offered.statements, misread_by_editors=True),
        "region": one_of_these(offered.regions),
        "target": one_of_these(offered.targets),
        "stretch": one_of_these(offered.stretches),
        "rule": one_of_these(offered.rules),
    }
