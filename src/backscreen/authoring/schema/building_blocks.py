"""Building blocks of a schema: words, ids, numbers, lists, names, and what editors show beside them.

Editors read YAML otherwise than we do: `yes` is a word to them, and `012` and `Null` are none. So wherever the loader takes any word, the schema takes any
scalar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from backscreen.authoring.schema.descriptions import WORDS
from backscreen.authoring.schema.names import Names
from backscreen.loading.declarations import WORD

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""

_SHOWABLE = r"^(?=[\s\S]*\S)[^\u0000-\u0008\u000a-\u001f\u007f-\u009f]*\n*$"
ANY_WORD: Schema = {
    "not": {"type": ["array", "object"]},
    "pattern": _SHOWABLE,
    "patternErrorMessage": "a word or a sentence on one line, without control characters",
}
"""Any scalar that can be shown."""
FLAG: Schema = {
    "enum": ["yes", "no", True, False]
}  # without a type: with `string`, editors would insert `yes` in quotes
"""Yes or no."""
_OTHERWISE_READ = {"True": True, "TRUE": True, "False": False, "FALSE": False, "Null": None, "NULL": None}
"""Words that are ids to us and something else to editors."""


# References and descriptions


def ref(name: str) -> Schema:
    """A reference to a definition."""
    return {"$ref": f"#/definitions/{name}"}


def ref_beside(name: str) -> Schema:
    """A reference with other keywords beside it, which draft-07 would pass over beside a bare one."""
    return {"allOf": [ref(name)]}


def described(made: Schema, said: str) -> Schema:
    """The same with a description, if there is one."""
    if not said:
        return made
    return {"description": said, **({"allOf": [made]} if "$ref" in made else made)}


# Scalars


def matching(pattern: re.Pattern[str], said: str, *, other_than: Iterable[str] = ()) -> Schema:
    """A word that our reading and editors both take for a word, of this form."""
    made: Schema = {"type": "string", "pattern": f"^(?:{pattern.pattern})$", "patternErrorMessage": said}
    return made | ({"not": {"enum": list(other_than)}} if other_than else {})


def bounded(made: Schema, most: int) -> Schema:
    """The schema with a bound on the length of each text; a name that is declared elsewhere is bounded there."""
    if "items" in made:
        return {**made, "items": bounded(made["items"], most)}
    return made if "$ref" in made else {**made, "maxLength": most}


def whole(least: int | None = None, most: int | None = None) -> Schema:
    """A whole number between these ends, both included."""
    return (
        {"type": "integer"}
        | ({} if least is None else {"minimum": least})
        | ({} if most is None else {"maximum": most})
    )


ID = matching(WORD, "ids are small letters, digits and `_`, and start with a letter")
"""An id, in the form that most have."""


# Words and lists


def enum(words: Mapping[Any, str]) -> Schema:
    """These words, and what each means; `enumDescriptions` is an annotation that editors show and validators pass over."""
    if not words:
        return {"not": {}}  # an empty `enum` is not allowed in draft-07
    return {"enum": list(words), "enumDescriptions": list(words.values())}


def words_of(kind: str, values: Iterable[Any]) -> Schema:
    """These words of the loader's, and what `WORDS` says that each means under this kind."""
    return enum({value: WORDS[f"{kind}.{str(value).lower()}"] for value in values})


def list_of(items: Schema, *, least: int = 0, unique: bool = True) -> Schema:
    """A list of such entries."""
    made: Schema = {"type": "array", "items": items}
    return made | ({"minItems": least} if least else {}) | ({"uniqueItems": True} if unique else {})


# Names that a rulebook offers


def one_of_these(names: Names, *, readable_as_other: bool = False) -> Schema:
    """One of the names, each with what it means; any name where not all can be read."""
    listed = dict[Any, str](names.meanings)
    if readable_as_other:
        listed |= {_OTHERWISE_READ[name]: said for name, said in names.meanings.items() if name in _OTHERWISE_READ}
    known = enum(listed)
    if names.whole:
        return known
    return {"anyOf": [known, ANY_WORD]} if names.meanings else ANY_WORD


def offered_only(names: Names) -> Schema:
    """Any id: the names stand in the file that is being written, and a new one may stand there before the schema is made anew."""
    return {"anyOf": [enum(names.meanings), ID]} if names.meanings else ID


def by_name(names: Names, value: Schema) -> Schema:
    """A mapping from names to values."""
    properties = {name: described(value, said) for name, said in names.meanings.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False if names.whole else value}
