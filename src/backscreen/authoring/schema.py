"""The loader's classes and a rulebook's names → JSON Schema (draft-07) of every kind of file, for editors.

The shape comes from the classes that the loader reads into, so that the two cannot drift apart; what the loader checks beyond it stands in `_NARROWER` and
`_TOGETHER`. Editors read YAML otherwise than we do: `yes` is a word to them, and `012` and `Null` are none. So wherever the loader takes any word, the
schema takes any scalar.

INVARIANT: whatever a schema refuses in a file, the loader refuses, too. tests/test_schema.py holds both against each other on changed files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any, assert_never, get_args, get_origin

import attrs

from backscreen.authoring.schema_names import Asked, Names, Offered
from backscreen.authoring.schema_words import FILES, KEYS, WORDS
from backscreen.loading.checking import HYPHENED, LETTERED, RESERVED, SEMVER, WIDEST, WORD
from backscreen.loading.rulebooks import Catalogue, Facts, Head
from backscreen.loading.structuring import DAY, KINDS_OF_FACT, PLACED_BY_THE_LOADER
from backscreen.loading.yaml import plain
from backscreen.rulebook.conditions import Condition
from backscreen.rulebook.facts import TRIAL, Choice, Fact, Flag, Number, Option
from backscreen.rulebook.profile import Profile
from backscreen.rulebook.rules import Becomes, Fires, Rule, Scenario, Statement
from backscreen.rulebook.stretches import Having, Motion, Selector
from backscreen.rulebook.verdicts import Verdict

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""

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

_SHOWABLE = r"^(?=[\s\S]*\S)[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$"
_ANY_WORD: Schema = {"not": {"type": ["array", "object"]}, "pattern": _SHOWABLE, "patternErrorMessage": "a word or a sentence, without control characters"}
_FLAG: Schema = {"enum": ["yes", "no", True, False]}  # without a type: with `string`, editors would insert `yes` in quotes
_OTHERWISE_READ = {"True": True, "TRUE": True, "False": False, "FALSE": False, "Null": None, "NULL": None}
"""Words that are ids to us and something else to editors."""


def schema(kind: str, offered: Offered) -> Schema:
    """The JSON Schema of one kind of file, one of `KINDS`, with the names that a rulebook offers.

    >>> from backscreen.authoring.schema_names import offered_by
    >>> rule = schema("rule", offered_by("lower-back"))
    >>> rule["definitions"]["when"]["properties"]["sciatica"]["title"]
    'Sciatica'
    """
    title, description = FILES[kind]
    made = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": f"Made by `backscreen rules schema` of {', '.join(offered.rulebooks)}; make it anew when names there have changed.",
        "title": title,
        "description": description,
        **_of(_FILES[kind], offered),
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


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _definitions(offered: Offered) -> dict[str, Schema]:
    """What several places of a file refer to."""
    return {
        "when": _when(offered),
        "part": {**_ref_beside("when"), "minProperties": 1},
        "without_trial": _without_trial(),
        "selector": _selector(offered),
        "profile": _profile(offered),
        "fact": _offered_only(_meanings(offered.person, offered.trial)),
        "document": _one_of_these(offered.documents, readable_as_other=True),
        "statement": _one_of_these(offered.statements, readable_as_other=True),
        "region": _one_of_these(offered.regions),
        "target": _one_of_these(offered.targets),
        "stretch": _one_of_these(offered.stretches),
        "rule": _one_of_these(offered.rules),
    }


def _ref_beside(name: str) -> Schema:
    """A reference with other keywords beside it, which draft-07 would pass over beside a bare one."""
    return {"allOf": [_ref(name)]}


# Names


def _one_of_these(names: Names, *, readable_as_other: bool = False) -> Schema:
    """One of the names, each with what it means; any name where not all can be read."""
    listed = dict[Any, str](names.meanings)
    if readable_as_other:
        listed |= {_OTHERWISE_READ[name]: said for name, said in names.meanings.items() if name in _OTHERWISE_READ}
    known = _enum(listed)
    if names.whole:
        return known
    return {"anyOf": [known, _ANY_WORD]} if names.meanings else _ANY_WORD


def _offered_only(names: Names) -> Schema:
    """Any id: the names stand in the file that is being written, and a new one may stand there before the schema is made anew."""
    return {"anyOf": [_enum(names.meanings), _ID]} if names.meanings else _ID


def _enum(words: Mapping[Any, str]) -> Schema:
    """These words, and what each means; `enumDescriptions` is an annotation that editors show and validators pass over."""
    if not words:
        return {"not": {}}  # an empty `enum` is not allowed in draft-07
    return {"enum": list(words), "enumDescriptions": list(words.values())}


def _words(kind: str, values: Iterable[Any]) -> Schema:
    return _enum({value: WORDS[f"{kind}.{str(value).lower()}"] for value in values})


def _list(items: Schema, *, least: int = 0, unique: bool = True) -> Schema:
    made: Schema = {"type": "array", "items": items}
    return made | ({"minItems": least} if least else {}) | ({"uniqueItems": True} if unique else {})


def _by_name(names: Names, value: Schema) -> Schema:
    """A mapping from names to values."""
    properties = {name: _described(value, said) for name, said in names.meanings.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False if names.whole else value}


# Classes


def _of(kind: Any, offered: Offered) -> Schema:  # noqa: PLR0911 - one line for each hook of loading/structuring.py
    """The schema of whatever the converter reads as `kind`, in the order of its hooks."""
    arguments = [argument for argument in get_args(kind) if argument is not type(None)]
    if kind == Condition:
        return _ref("when")
    if kind == Fact:
        return {"oneOf": [_fact(word, of, offered) for word, of in KINDS_OF_FACT.items()]}
    if set(arguments) == set(get_args(Selector)):
        return _ref("selector")
    if kind is Profile:
        return _profile(offered)
    if kind in _SCALARS:
        return _SCALARS[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _words(kind.__name__, (member.value for member in kind))
    if get_origin(kind) is tuple:
        return _list(_of(arguments[0], offered), unique=False)
    if get_origin(kind) is Mapping:
        return {"type": "object", "additionalProperties": _of(arguments[1], offered)}
    if isinstance(kind, type) and attrs.has(kind):
        return _class(kind, offered)
    if len(arguments) == 1:  # `… | None`: the key may be left away, and never be empty
        return _of(arguments[0], offered)
    raise TypeError(f"the converter reads {kind}, and its schema is not known")


def _class(kind: type, offered: Offered) -> Schema:
    attrs.resolve_types(kind)
    fields = [field for field in attrs.fields(kind) if not (field.name == "at" and kind in PLACED_BY_THE_LOADER)]
    properties = {}
    for field in fields:
        places = [f"{base.__name__.lstrip('_')}.{field.name}" for base in kind.__mro__]
        narrower = next((_NARROWER[place] for place in places if place in _NARROWER), None)
        made = _of(field.type, offered) if narrower is None else narrower(offered)
        properties[field.name] = _described(made, next(KEYS[place] for place in places if place in KEYS))
    return {
        "type": "object",
        "properties": properties,
        "required": [field.name for field in fields if field.default is attrs.NOTHING],
        "additionalProperties": False,
        **_TOGETHER.get(kind.__name__, {}),
    }


def _described(made: Schema, said: str) -> Schema:
    if not said:
        return made
    return {"description": said, **({"allOf": [made]} if "$ref" in made else made)}


def _fact(word: str, kind: type, offered: Offered) -> Schema:
    made = _class(kind, offered)
    properties = {"type": _described(_words("Type", [word]), KEYS["Fact.type"]), **made["properties"]}
    return {**made, "title": f"A {word}", "properties": properties, "required": ["type", *made["required"]]}


def _matching(pattern: re.Pattern[str], said: str, *, other_than: Iterable[str] = ()) -> Schema:
    """A word that our reading and editors both take for a word, of this form."""
    made: Schema = {"type": "string", "pattern": f"^(?:{pattern.pattern})$", "patternErrorMessage": said}
    return made | ({"not": {"enum": list(other_than)}} if other_than else {})


def _whole(least: int | None = None, most: int | None = None) -> Schema:
    return {"type": "integer"} | ({} if least is None else {"minimum": least}) | ({} if most is None else {"maximum": most})


_DAY_FORM = _matching(DAY, "a date such as 2026-11-20")
_SCALARS: dict[Any, Schema] = {
    str: _ANY_WORD,
    int: _whole(),
    bool: _FLAG,
    date: _DAY_FORM,
    Fires: _words("Fires", ("yes", "no", "unknown", True, False)),
}
_ID = _matching(WORD, "ids are small letters, digits and `_`, and start with a letter")
_HYPHENED_ID = _matching(HYPHENED, "ids are small letters, digits and `-`")
_LETTERED_ID = {**_ANY_WORD, "pattern": f"^(?:{LETTERED.pattern})$", "patternErrorMessage": "ids are letters and digits"}
_FACT_ID = {**_ID, "not": {"enum": list(RESERVED)}}
_OPTION_ID = {**_ID, "not": {"enum": [word for word in ("yes", "no", "true", "false", "null") if plain(word) != word]}}
_LETTERS = {**_ANY_WORD, "pattern": "^[A-Za-z]+$", "patternErrorMessage": "units are made of letters"}


def _statements(*, least: int) -> Callable[[Offered], Schema]:
    return lambda _: _list(_ref("statement"), least=least)


_NARROWER: dict[str, Callable[[Offered], Schema]] = {
    "Head.id": lambda _: _HYPHENED_ID,
    "Head.version": lambda _: _matching(SEMVER, "three numbers, such as 1.0.0"),
    "Document.id": lambda _: _LETTERED_ID,
    "Group.id": lambda _: _ID,
    "Fact.id": lambda _: _FACT_ID,
    "Fact.group": lambda offered: _offered_only(offered.groups),
    "Fact.rests_on": lambda _: _list(_ref("fact"), unique=False),
    "Number.at_least": lambda _: _whole(-WIDEST, WIDEST - 1),
    "Number.at_most": lambda _: _whole(1 - WIDEST, WIDEST),
    "Unit.unit": lambda _: _LETTERS,
    "Unit.times": lambda _: _whole(1),
    "Unit.over": lambda _: _whole(1),
    "Choice.options": lambda offered: _list(_of(Option, offered), least=2, unique=False),
    "Choice.no": lambda _: _OPTION_ID,
    "Option.id": lambda _: _OPTION_ID,
    "Region.id": lambda _: _ID,
    "Region.statements": _statements(least=0),
    "Target.id": lambda _: _ID,
    "Stretch.id": lambda _: _ID,
    "Stretch.regions": lambda offered: _list(_offered_only(offered.regions), least=1),
    "Stretch.targets": lambda offered: _list(_offered_only(offered.targets), least=1),
    "Stretch.motions": lambda offered: {
        **_list(_of(Motion, offered), least=1, unique=False),
        "if": {"contains": {"const": Motion.NONE.value}},
        "then": {"maxItems": 1},
    },
    "Stretch.steps": lambda _: _list(_ANY_WORD, least=1, unique=False),
    "Stretch.statements": _statements(least=1),
    "Stretch.variation_of": lambda offered: _offered_only(offered.stretches),
    **{f"Dose.{part}": lambda _: _whole(1) for part in ("hold_s", "hold_s_up_to", "repetitions", "repetitions_up_to", "per_day")},
    "Statement.id": lambda _: _LETTERED_ID,
    "Statement.document": lambda _: _ref("document"),
    "Statement.becomes": lambda offered: _list(_of(Becomes, offered), least=1, unique=False),
    "Rule.id": lambda _: _HYPHENED_ID,
    "Rule.tried": lambda _: {**_ref_beside("selector"), "not": {"const": "none"}},
    "Rule.statements": _statements(least=1),
    "Rule.disagree_with": _statements(least=0),
    "Case.given": lambda _: _ref("profile"),
    "Scenario.given": lambda _: _ref("profile"),
    **{f"{kind}.verdicts": lambda offered: _by_name(offered.stretches, _of(Verdict, offered)) for kind in ("Expectation", "Outlook")},
    **{f"Outlook.{part}": lambda _: _list(_ref("stretch")) for part in ("recommended", "unneeded")},
    **{f"Outlook.{part}": lambda _: _list(_ref("rule")) for part in ("fires", "may_fire", "silent")},
    "Outlook.unanswered": lambda offered: _list(
        {"anyOf": [_one_of_these(_meanings(offered.person)), {"type": "string", "pattern": r"^trials\["}]}, unique=False
    ),
    "Outlook.instead": lambda offered: _by_name(offered.stretches, _list(_ref("stretch"))),
    "Having.targets": lambda _: _list(_ref("target"), least=1),
    "Having.motions": lambda offered: _list(_of(Motion, offered), least=1, unique=False),
    "Having.regions": lambda _: _list(_ref("region"), least=1),
    "Having.stretches": lambda _: _list(_ref("stretch"), least=1),
}
"""Where the loader checks more than the class says (loading/checking.py), by class and key."""


def _is(key: str, *values: str) -> Schema:
    return {"properties": {key: {"enum": list(values)}}, "required": [key]}


def _unless(then: Schema, *conditions: Schema) -> Schema:
    return {"if": {"not": {"anyOf": list(conditions)}}, "then": then}


_ABSENT_TRIAL: Schema = {"properties": {"when": _ref("without_trial")}, "required": ["when"]}
_SELECTS: Schema = {"not": _is("applies_to", "none")}

_TOGETHER: dict[str, Schema] = {
    "Dose": {"dependencies": {"hold_s_up_to": ["hold_s"], "repetitions_up_to": ["repetitions"]}},
    "Having": {"minProperties": 1},
    "Statement": {
        "if": {"properties": {"becomes": {"contains": {"const": Becomes.ADVICE.value}}}, "required": ["becomes"]},
        "then": {"required": ["advice"]},
        "else": {"not": {"required": ["advice"]}},
    },
    "Rule": {
        "allOf": [
            {"if": _is("status", "reviewed"), "then": {"required": ["reviewed_on"]}, "else": {"not": {"required": ["reviewed_on"]}}},
            {"if": _is("effect", "stop"), "then": {"properties": {"applies_to": {"const": "all"}}}},
            {"if": _is("effect", "avoid", "recommend", "unneeded"), "then": _SELECTS},
            {"if": _is("about", "stretch"), "then": {"allOf": [_is("effect", "caution", "avoid"), _SELECTS]}},
            _unless({"properties": {"when": {"minProperties": 1}}}, _is("about", "stretch"), _is("effect", "advise")),
            {"if": _ABSENT_TRIAL, "then": {"not": {"required": ["tried"]}}},
            {
                "if": {"allOf": [_ABSENT_TRIAL, {"not": _is("effect", "stop", "advise")}]},
                "then": {"required": ["applies_to"]},
            },
        ],
    },
}
"""What the loader asks of several keys together."""


# Conditions, selectors and profiles, which the loader reads by hand


def _when(offered: Offered) -> Schema:
    several = _list(_ref("part"), least=1, unique=False)
    words = {"any": several, "all": several, "not": _ref("part")}
    asked = {**offered.person.facts, **{TRIAL + name: fact for name, fact in offered.trial.facts.items()}}
    whole = offered.person.whole and offered.trial.whole
    return {
        "type": "object",
        "properties": {name: {} if fact is None else _atom(fact) for name, fact in asked.items()}
        | {word: _described(made, KEYS[f"when.{word}"]) for word, made in words.items()},
        **({"additionalProperties": False} if whole else {}),
    }


def _without_trial() -> Schema:
    """A condition that asks for no fact of a trial."""
    inside = _ref("without_trial")
    return {
        "propertyNames": {"not": {"pattern": f"^{re.escape(TRIAL)}"}},
        "properties": {"any": {"items": inside}, "all": {"items": inside}, "not": inside},
    }


def _atom(fact: Fact) -> Schema:
    """What a condition may ask of a fact."""
    answer = _answer(fact)
    several = _list(answer, least=1)
    match fact:
        case Flag():
            ways = [answer, several | {"maxItems": 1}]  # with both answers it would always hold
        case Choice():
            ways = [answer, several | {"maxItems": len(fact.options) - 1}]  # likewise
        case Number():
            ways = [answer, several, _comparison(fact)]
        case _:
            assert_never(fact)
    return {"title": fact.title, "description": _asked(fact), "anyOf": ways}


def _comparison(fact: Number) -> Schema:
    ends = {
        "at_least": _whole(None, fact.at_most),
        "more_than": _whole(None, fact.at_most - 1),
        "at_most": _whole(fact.at_least),
        "less_than": _whole(fact.at_least + 1),
    }
    return {
        "type": "object",
        "properties": {word: _described(end, KEYS[f"when.{word}"]) for word, end in ends.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "not": {"anyOf": [{"required": ["at_least", "more_than"]}, {"required": ["at_most", "less_than"]}]},
    }


def _answer(fact: Fact) -> Schema:
    match fact:
        case Flag():
            return _FLAG
        case Choice():
            return _enum({option.id: option.means for option in fact.options})
        case Number():
            within = _whole(fact.at_least, fact.at_most)
            units = [unit.unit for unit in fact.also_in]
            whole = [fact.unit] if re.fullmatch("[A-Za-z]+", fact.unit) else []
            amounts = [r"[0-9]{1,9}(?:\.[0-9]{1,9})? ?(?:" + "|".join(units) + ")"] * bool(units) + [f"[0-9]{{1,9}} ?{unit}" for unit in whole]
            return {"anyOf": [within, {"type": "string", "pattern": f"^(?:{'|'.join(amounts)})$"}]} if amounts else within
        case _:
            assert_never(fact)


def _asked(fact: Fact) -> str:
    """The question, and which answers it takes."""
    match fact:
        case Flag():
            takes = "yes or no"
        case Choice():
            takes = ", ".join(f"{option.id} ({option.means})" for option in fact.options)
        case Number():
            takes = f"a whole number of {fact.unit} from {fact.at_least} to {fact.at_most}"
        case _:
            assert_never(fact)
    return f"{fact.title}. {fact.question} — {takes}"


def _selector(offered: Offered) -> Schema:
    return {"anyOf": [_words("Selector", ("all", "none")), _class(Having, offered)]}


def _profile(offered: Offered) -> Schema:
    stretch = {"anyOf": [_one_of_these(offered.stretches), {"type": "null"}]}
    properties = {
        "facts": {**_answers(offered.person), "type": ["object", "null"]},
        "trials": {"type": ["array", "null"], "items": _answers(offered.trial, stretch=_described(stretch, KEYS["Trial.stretch"]))},
        "otherwise": {"anyOf": [_words("Otherwise", ("no", "unknown", False)), {"type": "null"}]},
    }
    return {
        "type": "object",
        "properties": {name: _described(made, KEYS[f"Profile.{name}"]) for name, made in properties.items()},
        "additionalProperties": False,
    }


def _answers(asked: Asked, **others: Schema) -> Schema:
    """Facts with their answers; an empty answer is one that is not known."""
    return {
        "type": "object",
        "properties": others
        | {
            name: {} if fact is None else {"title": fact.title, "description": _asked(fact), "anyOf": [_answer(fact), {"type": "null"}]}
            for name, fact in asked.facts.items()
        },
        **({"additionalProperties": False} if asked.whole else {}),
    }


def _meanings(*asked: Asked) -> Names:
    """The names of facts alone."""
    named = {name: "" if fact is None else _asked(fact) for one in asked for name, fact in one.facts.items()}
    return Names(named, all(one.whole for one in asked))
