"""Text of a YAML file: its values, the position of each, and the bounds on how much may be read."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from attrs import define, evolve, field, frozen

from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath

MOST_BYTES = 1024 * 1024
MOST_NODES = 50_000

Data = dict[str, "Data"] | list["Data"] | str | int | bool | None
Position = int
"""Line and column in one number, because there are as many as values: the lower `COLUMN_BITS` are the column."""
Node = Position | tuple[Position, list["Node"]] | tuple[Position, dict[str, tuple[Position, "Node"]]]
"""Position of a value and of the values in it; under a key, the position of the key comes first."""

COLUMN_BITS = 21
"""More than the bytes of a file need, so that no column overflows."""
COLUMN_MASK = (1 << COLUMN_BITS) - 1

_WORDS: dict[str, Data] = {"yes": True, "true": True, "no": False, "false": False, "null": None, "~": None, "": None}
_DIGITS = frozenset("-0123456789")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


def plain(word: str) -> Data:
    """Return the value of an unquoted word.

    >>> plain("yes"), plain("30"), plain("012"), plain("on")
    (True, 30, '012', 'on')
    """
    if word in _WORDS:
        return _WORDS[word]
    return int(word) if word[0] in _DIGITS and _INTEGER.fullmatch(word) else word


def at_position(name: str, position: Position) -> str:
    """Return `file:line:column`."""
    return f"{name}:{position >> COLUMN_BITS}:{position & COLUMN_MASK}"


def cut_short(text: str, location: str) -> Diagnostic:
    """Return the diagnostic for an unquoted text that a comment may have cut short."""
    help_ = "put the text in quotes, or put the comment on its own line above"
    return Diagnostic(f"a comment follows {text}", location=location, help=help_, code="comment-after-text")


@frozen
class Text:
    """The values of a file, and the position of each value and each key."""

    name: str
    data: Data
    _node: Node = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = field(default=(), repr=False)
    """Errors after which reading goes on: duplicate keys, of which the first counts, and keys without a value."""
    _duplicates: frozenset[Position] = field(default=frozenset(), repr=False)
    """Positions of keys that appear again later."""
    _comments: dict[Position, Position] = field(factory=dict, repr=False)
    """Positions of unquoted values that a comment may have cut short, and of that comment."""

    def at(self, path: DocumentPath, *, key: bool = False) -> str:
        """Return `file:line:column` of a value or, with `key`, of its key.

        For a path that leads nowhere, it is the position of the innermost value that exists.
        """
        node = self._node
        name, position = None, 0
        for step, name in enumerate(path, 1):
            inner = () if isinstance(node, int) else node[1]
            if isinstance(inner, dict) and isinstance(name, str) and name in inner:
                position, node = inner[name]
                if key and step == len(path):
                    return at_position(self.name, position)
            elif isinstance(inner, list) and isinstance(name, int) and 0 <= name < len(inner):
                node = inner[name]
            else:
                break
        return at_position(self.name, node if isinstance(node, int) else node[0])

    def locate(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return the diagnostic with its path in this text resolved to a position."""
        return evolve(diagnostic, location=self.at(diagnostic.path, key=diagnostic.at_key))

    def is_duplicate(self, path: DocumentPath) -> bool:
        """Return whether the key at the end of the path appears again, so that its value is ambiguous."""
        return bool(self._duplicates) and self.at(path, key=True) in {
            at_position(self.name, position) for position in self._duplicates
        }

    def cut_texts(self, keys: Container[str], except_below: Container[str]) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each unquoted text under one of `keys` that a comment follows.

        Keys in `except_below` hold names and no texts; nothing below them is reported.
        """
        pending: list[tuple[str | None, Node]] = [(None, self._node)] if self._comments else []
        while pending:
            key, node = pending.pop()
            if isinstance(node, int):
                if node in self._comments and key is not None and key in keys:
                    yield cut_short(f"the unquoted text of `{key}`", at_position(self.name, self._comments[node]))
            elif isinstance(node[1], list):
                pending += [(key, item) for item in node[1]]
            else:
                pending += [(name, value) for name, (_, value) in node[1].items() if name not in except_below]


@define
class Allowance:
    """Values and bytes that may still be read, from several files together."""

    values: int = MOST_NODES
    bytes: int = MOST_BYTES


class Unreadable(Exception):
    """A text that cannot be read, with its diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__()
        self.diagnostics = diagnostics


class Exhausted(Unreadable):
    """A text that holds more than its allowance."""
