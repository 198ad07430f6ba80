"""Schemas of the classes that the loader reads files into.

Their shape is derived from the classes, so that the two cannot drift apart. `_NARROWER` and `_TOGETHER` add what the
loader checks beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any, get_args, get_origin

import attrs

from backscreen.authoring.schema.answer_schemas import names_of_facts, profile
from backscreen.authoring.schema.building_blocks import (
    ANY_WORD,
    FLAG,
    ID,
    Schema,
    bounded,
    by_name,
    described,
    list_of,
    matching,
    offered_only,
    one_of_these,
    ref,
    ref_beside,
    whole,
    words_of,
)
from backscreen.authoring.schema.descriptions import KEYS
from backscreen.authoring.schema.names import Offered
from backscreen.formats.yaml_text import plain
from backscreen.loading.fact_checks import RESERVED, WIDEST
from backscreen.loading.ids import HYPHENED, LETTERED, SEMVER
from backscreen.loading.scalars import DAY
from backscreen.loading.structure import PLACED_BY_THE_LOADER
from backscreen.loading.text_lengths import longest
from backscreen.model.catalogue import AttributeSelector, Motion, Selector
from backscreen.model.conditions import Condition
from backscreen.model.effects import AppliesTo, Effect, Verdict
from backscreen.model.facts import FACT_TYPES, Fact, Option
from backscreen.model.profile import Profile
from backscreen.model.rules import Becomes, Fires


def of_type(kind: Any, offered: Offered) -> Schema:  # noqa: PLR0911 - one line for each hook of loading/structure.py
    """Return the schema of what the converter reads as `kind`, in the order of its hooks."""
    arguments = [argument for argument in get_args(kind) if argument is not type(None)]
    if kind == Condition:
        return ref("when")
    if kind == Fact:
        return {"oneOf": [_fact(word, of, offered) for word, of in FACT_TYPES.items()]}
    if set(arguments) == set(get_args(Selector)):
        return ref("selector")
    if kind is Profile:
        return profile(offered)
    if kind in _SCALARS:
        return _SCALARS[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return words_of(kind.__name__, (member.value for member in kind))
    if get_origin(kind) is tuple:
        return list_of(of_type(arguments[0], offered), unique=False)
    if get_origin(kind) is Mapping:
        return {"type": "object", "additionalProperties": of_type(arguments[1], offered)}
    if isinstance(kind, type) and attrs.has(kind):
        return _class(kind, offered)
    if len(arguments) == 1:  # `… | None`: the key is optional, and never empty
        return of_type(arguments[0], offered)
    raise TypeError(f"no schema for {kind}, which the converter reads")


def selector(offered: Offered) -> Schema:
    """Return the schema of a selector: all stretches, none, or those with certain attributes."""
    return {"anyOf": [words_of("Selector", ("all", "none")), _class(AttributeSelector, offered)]}


def _class(kind: type, offered: Offered) -> Schema:
    attrs.resolve_types(kind)
    fields = [field for field in attrs.fields(kind) if not (field.name == "at" and kind in PLACED_BY_THE_LOADER)]
    properties = {}
    for field in fields:
        places = [f"{base.__name__.lstrip('_')}.{field.name}" for base in kind.__mro__]
        narrower = next((_NARROWER[place] for place in places if place in _NARROWER), None)
        made = of_type(field.type, offered) if narrower is None else narrower(offered)
        if field.type in _TEXTS:
            made = bounded(made, longest(kind, field.name))
        properties[field.name] = described(made, next(KEYS[place] for place in places if place in KEYS))
    return {
        "type": "object",
        "properties": properties,
        "required": [field.name for field in fields if field.default is attrs.NOTHING],
        "additionalProperties": False,
        **_TOGETHER.get(kind.__name__, {}),
    }


def _fact(word: str, kind: type, offered: Offered) -> Schema:
    made = _class(kind, offered)
    properties = {"type": described(words_of("Type", [word]), KEYS["Fact.type"]), **made["properties"]}
    return {**made, "title": f"A {word}", "properties": properties, "required": ["type", *made["required"]]}


# Limits beyond the classes

_TEXTS = (str, str | None, tuple[str, ...], tuple[str, ...] | None)

_DAY_FORM = matching(DAY, "a date such as 2026-11-20")
_SCALARS: dict[Any, Schema] = {
    str: ANY_WORD,
    int: whole(),
    bool: FLAG,
    date: _DAY_FORM,
    Fires: words_of("Fires", ("yes", "no", "unknown", True, False)),
}
_HYPHENED_ID = matching(HYPHENED, "ids are small letters, digits and `-`")
_LETTERED_ID = {**ANY_WORD, "pattern": f"^(?:{LETTERED.pattern})$", "patternErrorMessage": "ids are letters and digits"}
_FACT_ID = {**ID, "not": {"enum": list(RESERVED)}}
_OPTION_ID = {**ID, "not": {"enum": [word for word in ("yes", "no", "true", "false", "null") if plain(word) != word]}}
_LETTERS = {**ANY_WORD, "pattern": "^[A-Za-z]+$", "patternErrorMessage": "units are made of letters"}


def _statements(*, least: int) -> Callable[[Offered], Schema]:
    return lambda _: list_of(ref("statement"), least=least)


_NARROWER: dict[str, Callable[[Offered], Schema]] = {
    "Head.id": lambda _: _HYPHENED_ID,
    "Head.version": lambda _: matching(SEMVER, "three numbers, such as 1.0.0"),
    "Document.id": lambda _: _LETTERED_ID,
    "Group.id": lambda _: ID,
    "Fact.id": lambda _: _FACT_ID,
    "Fact.group": lambda offered: offered_only(offered.groups),
    "Fact.rests_on": lambda _: list_of(ref("fact"), unique=False),
    "RangeFact.at_least": lambda _: whole(-WIDEST, WIDEST - 1),
    "RangeFact.at_most": lambda _: whole(1 - WIDEST, WIDEST),
    "Unit.unit": lambda _: _LETTERS,
    "Unit.times": lambda _: whole(1),
    "Unit.over": lambda _: whole(1),
    "Choice.options": lambda offered: list_of(of_type(Option, offered), least=2, unique=False),
    "Choice.no": lambda _: _OPTION_ID,
    "Option.id": lambda _: _OPTION_ID,
    "Region.id": lambda _: ID,
    "Region.statements": _statements(least=0),
    "Target.id": lambda _: ID,
    "Stretch.id": lambda _: ID,
    "Stretch.regions": lambda offered: list_of(offered_only(offered.regions), least=1),
    "Stretch.targets": lambda offered: list_of(offered_only(offered.targets), least=1),
    "Stretch.motions": lambda offered: {
        **list_of(of_type(Motion, offered), least=1, unique=False),
        "if": {"contains": {"const": Motion.NONE.value}},
        "then": {"maxItems": 1},
    },
    "Stretch.steps": lambda _: list_of(ANY_WORD, least=1, unique=False),
    "Stretch.statements": _statements(least=1),
    "Stretch.variation_of": lambda offered: offered_only(offered.stretches),
    **{
        f"Dose.{part}": lambda _: whole(1)
        for part in ("hold_s", "hold_s_up_to", "repetitions", "repetitions_up_to", "per_day")
    },
    "Statement.id": lambda _: _LETTERED_ID,
    "Statement.document": lambda _: ref("document"),
    "Statement.becomes": lambda offered: list_of(of_type(Becomes, offered), least=1, unique=False),
    "Rule.id": lambda _: _HYPHENED_ID,
    "Rule.tried": lambda _: {**ref_beside("selector"), "not": {"const": "none"}},
    "Rule.statements": _statements(least=1),
    "Rule.disagree_with": _statements(least=0),
    "Case.given": lambda _: ref("profile"),
    "Scenario.given": lambda _: ref("profile"),
    **{
        f"{kind}.verdicts": lambda offered: by_name(offered.stretches, of_type(Verdict, offered))
        for kind in ("Expectation", "ScenarioExpectation")
    },
    **{f"ScenarioExpectation.{part}": lambda _: list_of(ref("stretch")) for part in ("recommended", "unneeded")},
    **{f"ScenarioExpectation.{part}": lambda _: list_of(ref("rule")) for part in ("fires", "may_fire", "silent")},
    "ScenarioExpectation.unanswered": lambda offered: list_of(
        {"anyOf": [one_of_these(names_of_facts(offered.person)), {"type": "string", "pattern": r"^trials\["}]},
        unique=False,
    ),
    "ScenarioExpectation.instead": lambda offered: by_name(offered.stretches, list_of(ref("stretch"))),
    "AttributeSelector.targets": lambda _: list_of(ref("target"), least=1),
    "AttributeSelector.motions": lambda offered: list_of(of_type(Motion, offered), least=1, unique=False),
    "AttributeSelector.regions": lambda _: list_of(ref("region"), least=1),
    "AttributeSelector.stretches": lambda _: list_of(ref("stretch"), least=1),
}
"""Limits that the loader checks beyond the type (`loading/*_checks.py`), by class and key."""


def _is(key: str, *values: str) -> Schema:
    return {"properties": {key: {"enum": list(values)}}, "required": [key]}


def _has_effect(has: Callable[[Effect], bool]) -> Schema:
    return _is("effect", *(effect.value for effect in Effect if has(effect)))


def _unless(then: Schema, *conditions: Schema) -> Schema:
    return {"if": {"not": {"anyOf": list(conditions)}}, "then": then}


_ABSENT_TRIAL: Schema = {"properties": {"when": ref("without_trial")}, "required": ["when"]}
_SELECTS: Schema = {"not": _is("applies_to", "none")}

_TOGETHER: dict[str, Schema] = {
    "Dose": {"dependencies": {"hold_s_up_to": ["hold_s"], "repetitions_up_to": ["repetitions"]}},
    "AttributeSelector": {"minProperties": 1},
    "Statement": {
        "if": {"properties": {"becomes": {"contains": {"const": Becomes.ADVICE.value}}}, "required": ["becomes"]},
        "then": {"required": ["advice"]},
        "else": {"not": {"required": ["advice"]}},
    },
    "Rule": {
        "allOf": [
            {
                "if": _is("status", "reviewed"),
                "then": {"required": ["reviewed_on"]},
                "else": {"not": {"required": ["reviewed_on"]}},
            },
            {
                "if": _has_effect(lambda effect: effect.applies_to is AppliesTo.ALL),
                "then": {"properties": {"applies_to": {"const": "all"}}},
            },
            {"if": _has_effect(lambda effect: effect.applies_to is AppliesTo.SOME), "then": _SELECTS},
            {
                "if": _is("about", "stretch"),
                "then": {"allOf": [_has_effect(lambda effect: effect.may_be_about_a_stretch), _SELECTS]},
            },
            _unless(
                {"properties": {"when": {"minProperties": 1}}},
                _is("about", "stretch"),
                _has_effect(lambda effect: effect.may_fire_always),
            ),
            {"if": _ABSENT_TRIAL, "then": {"not": {"required": ["tried"]}}},
            {
                "if": {"allOf": [_ABSENT_TRIAL, {"not": _has_effect(lambda effect: effect.applies_to.may_be_omitted)}]},
                "then": {"required": ["applies_to"]},
            },
        ],
    },
}
"""Limits on several keys together, by class."""
