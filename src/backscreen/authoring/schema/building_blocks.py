"""Building blocks of a schema: words, ids, numbers, lists, names, and what editors show beside them.

Editors parse YAML differently: to them `yes` is a word, and `012` and `Null` are not. So wherever the loader accepts
any word, the schema accepts any scalar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from backscreen.authoring.schema.descriptions import WORDS
from backscreen.authoring.schema.names import Names
from backscreen.loading.ids import WORD

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""

_SHOWABLE = r"^(?=[\s\S]*\S)[^\u0000-\u0008\u000a-\u001f\u007f-\u009f]*\n*$"
ANY_WORD: Schema = {
    "not": {"type": ["array", "object"]},
    "pattern": _SHOWABLE,
    "patternErrorMessage": "a word or a sentence on one line, without control characters",
}
"""Any printable scalar."""
FLAG: Schema = {
    "enum": ["yes", "no", True, False]
}  # without a type: with `string`, editors would insert `yes` in quotes
"""Yes or no."""
_MISREAD = {"True": True, "TRUE": True, "False": False, "FALSE": False, "Null": None, "NULL": None}
"""Words that the loader reads as ids, and editors as other values."""


# References and descriptions


def ref(name: str) -> Schema:
    """Return a reference to a definition."""
    return {"$ref": f"#/definitions/{name}"}


def ref_beside(name: str) -> Schema:
    """Return a reference to which keywords can be added; draft-07 ignores keywords beside a bare reference."""
    return {"allOf": [ref(name)]}


def described(made: Schema, said: str) -> Schema:
    """Return the schema with a description, if there is one."""
    if not said:
        return made
    return {"description": said, **({"allOf": [made]} if "$ref" in made else made)}


# Scalars


def matching(pattern: re.Pattern[str], said: str, *, other_than: Iterable[str] = ()) -> Schema:
    """Return the schema of a word of this form."""
    made: Schema = {"type": "string", "pattern": f"^(?:{pattern.pattern})$", "patternErrorMessage": said}
    return made | ({"not": {"enum": list(other_than)}} if other_than else {})


def bounded(made: Schema, most: int) -> Schema:
    """Return the schema with a limit on the length of each text; declarations limit the names that refer to them."""
    if "items" in made:
        return {**made, "items": bounded(made["items"], most)}
    return made if "$ref" in made else {**made, "maxLength": most}


def whole(least: int | None = None, most: int | None = None) -> Schema:
    """Return the schema of a whole number within these bounds, both included."""
    return (
        {"type": "integer"}
        | ({} if least is None else {"minimum": least})
        | ({} if most is None else {"maximum": most})
    )


ID = matching(WORD, "ids are small letters, digits and `_`, and start with a letter")
"""An id, in the form that most have."""


# Words and lists


def enum(words: Mapping[Any, str]) -> Schema:
    """Return the schema of these words; editors show `enumDescriptions`, and validators ignore it."""
    if not words:
        return {"not": {}}  # an empty `enum` is not allowed in draft-07
    return {"enum": list(words), "enumDescriptions": list(words.values())}


def words_of(kind: str, values: Iterable[Any]) -> Schema:
    """Return the schema of words of this kind, with their meanings from `WORDS`."""
    return enum({value: WORDS[f"{kind}.{str(value).lower()}"] for value in values})


def list_of(items: Schema, *, least: int = 0, unique: bool = True) -> Schema:
    """Return the schema of a list."""
    made: Schema = {"type": "array", "items": items}
    return made | ({"minItems": least} if least else {}) | ({"uniqueItems": True} if unique else {})


# Names that a rulebook offers


def one_of_these(names: Names, *, misread_by_editors: bool = False) -> Schema:
    """Return the schema of one of these names; of any name if not all could be read."""
    listed = dict[Any, str](names.meanings)
    if misread_by_editors:
        listed |= {_MISREAD[name]: said for name, said in names.meanings.items() if name in _MISREAD}
    known = enum(listed)
    if names.whole:
        return known
    return {"anyOf": [known, ANY_WORD]} if names.meanings else ANY_WORD


def offered_only(names: Names) -> Schema:
    """Return the schema of any id, offering these names; the file may declare others before the schema is updated."""
    return {"anyOf": [enum(names.meanings), ID]} if names.meanings else ID


def by_name(names: Names, value: Schema) -> Schema:
    """Return the schema of a mapping from names to values."""
    properties = {name: described(value, said) for name, said in names.meanings.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False if names.whole else value}
