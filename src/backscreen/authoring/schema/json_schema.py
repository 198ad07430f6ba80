"""A kind of file and a rulebook's names → JSON Schema (draft-07) of such a file, for editors.

INVARIANT: whatever a schema refuses in a file, the loader refuses, too. tests/authoring/test_json_schema.py holds both against each other on changed files.
"""

from __future__ import annotations

from typing import Any

from backscreen.authoring.schema.answers import names_of_facts, profile, when, without_trial
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
"""The kinds of files that there is a schema of."""


def json_schema(kind: str, offered: Offered) -> Schema:
    """The JSON Schema of one kind of file, one of `KINDS`, with the names that a rulebook offers.

    >>> from backscreen.authoring.schema.names import offered_by
    >>> rule = json_schema("rule", offered_by("lower-back"))
    >>> rule["definitions"]["when"]["properties"]["sciatica"]["title"]
    'Sciatica'
    """
    title, description = FILES[kind]
    made = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": f"Made by `backscreen rules schema` of {', '.join(offered.rulebooks)}; make it anew when names there have changed.",
        "title": title,
        "description": description,
        **of_type(_FILES[kind], offered),
    }
    return made | {"definitions": _used(made, _definitions(offered))}


def _used(made: Schema, definitions: dict[str, Schema]) -> dict[str, Schema]:
    """The definitions that a schema refers to, those included that these refer to."""
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
    """What several places of a file refer to."""
    return {
        "when": when(offered),
        "part": {**ref_beside("when"), "minProperties": 1},
        "without_trial": without_trial(),
        "selector": selector(offered),
        "profile": profile(offered),
        "fact": offered_only(names_of_facts(offered.person, offered.trial)),
        "document": one_of_these(offered.documents, readable_as_other=True),
        "statement": one_of_these(offered.statements, readable_as_other=True),
        "region": one_of_these(offered.regions),
        "target": one_of_these(offered.targets),
        "stretch": one_of_these(offered.stretches),
        "rule": one_of_these(offered.rules),
    }
