"""Writer of YAML as people write it: short values on one line, long texts folded, quotes only where needed.

INVARIANT: the reader reads every text back as the value that was given. Each piece is read back before it is used.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from backscreen.formats.yaml_reader import read_text
from backscreen.formats.yaml_text import Data, Unreadable
from backscreen.model.facts import written

WIDTH = 100
_STRING = "tag:yaml.org,2002:str"


def entry(key: str, value: Data, indent: int = 0) -> list[str]:
    """Return the lines of `key: value`, in blocks where one line would be too long."""
    head = " " * indent + _key(key)
    if isinstance(value, str):
        return _text(head, value, indent)
    line = f"{head}: {flow(value)}"
    if len(line) <= WIDTH or not value or not isinstance(value, dict | list):
        return [line]
    return [f"{head}:", *block(value, indent + 2)]


def block(value: Data, indent: int) -> list[str]:
    """Return the lines of a mapping or a list, one entry a line."""
    if isinstance(value, dict):
        return [line for key, part in value.items() for line in entry(key, part, indent)]
    if isinstance(value, list):
        return [line for part in value for line in item(part, indent)]
    return [" " * indent + flow(value)]


def item(value: Data, indent: int) -> list[str]:
    """Return the lines of one entry of a list."""
    line = f"{' ' * indent}- {flow(value)}"
    if len(line) <= WIDTH or not value or not isinstance(value, dict | list):
        return [line]
    return block_item(value, indent)


def block_item(value: Data, indent: int) -> list[str]:
    """Return the lines of one entry of a list, in a block even where one line would do."""
    first, *rest = block(value, indent + 2)
    return [f"{' ' * indent}- {first.lstrip()}", *rest]


def flow(value: Data) -> str:
    """Return the value on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{_key(key)}: {flow(part)}" for key, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(flow(part) for part in value) + "]"
        case str():
            return _word(value, f"- {value}\n- [{value}]", [value, [value]])  # in blocks `- -` is a list
        case None:
            return "null"
        case _:
            return written(value)


def comment(text: str, indent: int = 0) -> list[str]:
    """Return the lines of a comment."""
    return [f"{' ' * indent}# {line}" for line in textwrap.wrap(text, WIDTH - indent - 2)]


def can_be_read(text: str) -> bool:
    """Return whether a rulebook may hold this text."""
    return _reads(f"x: {_word(text, f'x: {text}', {'x': text})}", {"x": text})


def _key(key: str) -> str:
    return _word(key, f"{{{key}: 1}}", {key: 1})


def _text(head: str, text: str, indent: int) -> list[str]:
    """Return the lines of a text under a key: one line, or folded."""
    line = f"{head}: {_word(text, f'x: {text}', {'x': text})}"
    if len(line) <= WIDTH:
        return [line]
    margin = " " * (indent + 2)
    folded = [
        margin + part
        for part in textwrap.wrap(text, WIDTH - indent - 2, break_long_words=False, break_on_hyphens=False)
    ]
    return [f"{head}: >-", *folded] if _reads("\n".join(["x: >-", *folded]), {"x": text}) else [line]


def _word(word: str, plain: str, expected: Data) -> str:
    """Return the word unquoted if every reader reads it as this word there; otherwise in quotes."""
    if "\n" not in word and _is_a_word_to_others(word) and _reads(plain, expected):
        return word
    if word.isprintable():
        return "'" + word.replace("'", "''") + "'" if '"' in word or "\\" in word else f'"{word}"'
    return '"' + "".join(_escaped(character) for character in word) + '"'


def _is_a_word_to_others(word: str) -> bool:
    """Return whether other readers, for which `on`, `012` and dates are no words, read it as a word."""
    resolver: Any = yaml.resolver.Resolver()  # its types are not declared
    return bool(resolver.resolve(yaml.ScalarNode, word, (True, False)) == _STRING)


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\U{ord(character):08x}"  # noqa: PLR2004 - one byte


def _reads(text: str, expected: Data) -> bool:
    try:
        read = read_text(text.encode(), "")
    except (Unreadable, UnicodeEncodeError):
        return False
    return read.data == expected and not read.diagnostics


def joined(*parts: Iterable[str]) -> str:
    """Return the text of a file."""
    lines: Sequence[str] = [line for part in parts for line in part]
    return "\n".join(lines) + "\n"
