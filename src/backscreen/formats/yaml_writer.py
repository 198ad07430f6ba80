"""Plain values → YAML as people write it: short things on one line, long texts folded, quotes only where they are needed.

INVARIANT: what is written is read back as the value that was given; each piece is read back before it is used.
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
    """The lines of `key: value`, in blocks where one line would be too long."""
    head = " " * indent + _key(key)
    if isinstance(value, str):
        return _text(head, value, indent)
    line = f"{head}: {flow(value)}"
    if len(line) <= WIDTH or not value or not isinstance(value, dict | list):
        return [line]
    return [f"{head}:", *block(value, indent + 2)]


def block(value: Data, indent: int) -> list[str]:
    """The lines of a mapping or a list, an entry a line."""
    if isinstance(value, dict):
        return [line for key, part in value.items() for line in entry(key, part, indent)]
    if isinstance(value, list):
        return [line for part in value for line in item(part, indent)]
    return [" " * indent + flow(value)]


def item(value: Data, indent: int) -> list[str]:
    """The lines of one entry of a list."""
    line = f"{' ' * indent}- {flow(value)}"
    if len(line) <= WIDTH or not value or not isinstance(value, dict | list):
        return [line]
    return block_item(value, indent)


def block_item(value: Data, indent: int) -> list[str]:
    """Return the lines of one entry of a list, in a block even where one line would do."""
    first, *rest = block(value, indent + 2)
    return [f"{' ' * indent}- {first.lstrip()}", *rest]


def flow(value: Data) -> str:
    """The value on one line."""
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
    """The lines of a comment."""
    return [f"{' ' * indent}# {line}" for line in textwrap.wrap(text, WIDTH - indent - 2)]


def can_be_read(text: str) -> bool:
    """Whether the text, however it is written, is taken in a rulebook."""
    return _reads(f"x: {_word(text, f'x: {text}', {'x': text})}", {"x": text})


def _key(key: str) -> str:
    return _word(key, f"{{{key}: 1}}", {key: 1})


def _text(head: str, text: str, indent: int) -> list[str]:
    """The lines of a text under a key: in one line, or folded."""
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
    """The word as it is, where every reader takes it for this word when it stands so; else in quotes."""
    if "\n" not in word and _is_a_word_to_others(word) and _reads(plain, expected):
        return word
    if word.isprintable():
        return "'" + word.replace("'", "''") + "'" if '"' in word or "\\" in word else f'"{word}"'
    return '"' + "".join(_escaped(character) for character in word) + '"'


def _is_a_word_to_others(word: str) -> bool:
    """Whether editors and other readers, to which `on`, `012` and dates are something else, take it for a word, too."""
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
    """A file's text."""
    lines: Sequence[str] = [line for part in parts for line in part]
    return "\n".join(lines) + "\n"
