"""Files changed as people change them by mistake, and how an editor reads what they then hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import yaml
from attrs import frozen

from backscreen.formats.yaml_builder import _LOADER

_CORE = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | dict.fromkeys(("true", "True", "TRUE"), True)
_CORE |= dict.fromkeys(("false", "False", "FALSE"), False)
_NUMBERS = (
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda word: int(word, 0)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda word: int(word, 0)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)"), lambda word: float(word.replace(".", ""))),
)


def as_editors_read(text: str) -> Any:
    """The values of a text in YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema)."""
    return _value(yaml.compose(text, _LOADER))


def _value(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if node is None or node.style:
        return None if node is None else node.value
    if node.value in _CORE:
        return _CORE[node.value]
    return next((read(node.value) for form, read in _NUMBERS if form.fullmatch(node.value)), node.value)


@frozen
class Plain:
    """A word that is written without quotes, whatever it looks like."""

    text: str


def written(value: Any) -> str:
    """A text that we read as this value: JSON, but for flags and plain words."""
    match value:
        case Plain(text):
            return text
        case bool():
            return "yes" if value else "no"
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {written(entry)}" for key, entry in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case _:
            return json.dumps(value)


Path = tuple[str | int, ...]
_GONE = object()


@frozen
class Change:
    """One change to a file's values: the kind of mistake, its place and the new value, or the new name of the `key`."""

    kind: str
    path: Path
    value: Any = None
    key: str | None = None


def changed_by(data: Any, change: Change) -> Any:
    """The values after a change."""
    if not change.path:
        return change.value
    after = deepcopy(data)
    *above, last = change.path
    holder = after
    for step in above:
        holder = holder[step]
    if change.key is not None:
        entries = list(holder.items())
        holder.clear()
        holder.update({(change.key if key == last else key): value for key, value in entries})
    elif change.kind == "item given twice":
        holder.append(change.value)
    elif change.value is _GONE:
        del holder[last]
    else:
        holder[last] = change.value
    return after


ODD = (
    "012",
    "2.5",
    "+5",
    "0x1F",
    "1e3",
    ".5",
    "Null",
    "True",
    "FALSE",
    "on",
    "Yes",
    "null",
    "yes",
    "no",
    "true",
    "7",
    "-1",
    "99999999999999999999",
    "2026-11-20",
)
QUOTED = (
    "yes",
    "no",
    "true",
    "7",
    "",
    " ",
    "\u0007",
    "null",
    "A b",
    "nowhere",
    "Upper",
    "25 kg",
    "3 lb",
    "25 stone",
    "stop",
    "none",
    "all",
    "stretch",
)
NUMBERS = (0, 1, -1, 2, 51, 10**15, 10**16)
PART = {"any", "all"}


def changes(data: Any) -> Iterator[Change]:
    """Every change of a file that is thought of here, in the order of its values."""
    for path, value in _walk(data, ()):
        for kind, other in _instead(path, value):
            yield Change(kind, path, other)
        if path and isinstance(path[-1], str):
            yield Change("key left away", path, _GONE)
            yield Change("key misspelt", path, key=f"{path[-1]}x")
        elif path:
            yield Change("item left away", path, _GONE)
            yield Change("item given twice", path, value)


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, value
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _walk(entry, (*path, key))


def _instead(path: Path, value: Any) -> Iterator[tuple[str, Any]]:
    """What else might stand there: the kind of mistake, and the value."""
    yield "left empty", None
    if isinstance(value, dict):
        yield from _instead_of_mapping(path, value)
    elif isinstance(value, list):
        yield from _instead_of_list(value)
    else:
        yield from (("a list for a word", [value]), ("a mapping for a word", {"name": value}))
        yield from (("another plain word", Plain(word)) for word in ODD)
        yield from (("another word in quotes", word) for word in QUOTED)
        yield from (("another number", number) for number in NUMBERS)


def _instead_of_mapping(path: Path, value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from (
        ("a word for a mapping", "nowhere"),
        ("a number for a mapping", 3),
        ("a list for a mapping", [value]),
        ("an empty mapping", {}),
    )
    yield "unknown key", {**value, "nowhere": True}
    if value and set(value) <= {"at_least", "more_than", "at_most", "less_than"}:
        for word in ("at_least", "more_than", "at_most", "less_than"):
            yield from (
                ("another comparison", {**value, word: number}) for number in (-1, 0, 50, 51, 1000, 1001, True, "many")
            )
    if "when" in path:
        for word in PART:
            yield from (("a condition nested", {word: [value]}), ("a condition nested", {word: [value, value]}))
            yield from (("a condition nested wrongly", {word: value}), ("a condition nested wrongly", {word: []}))
            yield from (
                ("a condition nested wrongly", {word: [value, {}]}),
                ("a condition nested wrongly", {word: [value, True]}),
            )
            yield "unknown key", {word: [value, {"nowhere": True}]}
        yield from (
            ("a condition nested", {"not": value}),
            ("a condition nested", {"not": {"not": value}}),
            ("a condition nested", {**value, "not": value}),
        )
        yield from (
            ("a condition nested wrongly", {"not": [value]}),
            ("a condition nested wrongly", {"not": {}}),
            ("unknown key", {"not": {"nowhere": 1}}),
        )


def _instead_of_list(value: list[Any]) -> Iterator[tuple[str, Any]]:
    yield from (
        ("a word for a list", "nowhere"),
        ("a number for a list", 3),
        ("a mapping for a list", {"nowhere": True}),
        ("an empty list", []),
    )
    yield from (
        ("another item", [*value, "nowhere"]),
        ("another item", [*value, None]),
        ("another item", [*value, {}]),
        ("another item", [*value, True]),
    )
