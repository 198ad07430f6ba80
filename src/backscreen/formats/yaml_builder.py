"""Builder of plain values from the events of a YAML parser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from sys import intern
from typing import Any

import yaml

from backscreen.diagnostics.characters import unwanted
from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.formats.yaml_text import (
    COLUMN_BITS,
    COLUMN_MASK,
    MOST_NODES,
    Allowance,
    Data,
    Exhausted,
    Node,
    Position,
    Text,
    Unreadable,
    at_position,
    cut_short,
    plain,
)

MOST_DEPTH = 32
MOST_KEY_ERRORS = 100
"""Duplicate keys, and keys without a value, that are reported one by one."""

_NOT_FINITE = re.compile(r"[-+]?(?:\.(?:inf|Inf|INF|nan|NaN|NAN)|NaN|Infinity)")
"""Words that YAML, JSON readers or JavaScript read as infinite or as no number."""
_BEFORE_NUMBERS = "+-.NI"
_COMMENT = re.compile(r"\s*#")
_COMMENTS = re.compile(r"#[^\n]*")
_COLON = "mapping values are not allowed"
_OPEN = ("while scanning a simple key", "while scanning a quoted scalar")


class _PythonLoader(yaml.SafeLoader):
    """PyYAML's Python loader, made to read like libyaml's: a plain word in brackets may hold a `?`."""

    _in_word = False

    def scan_plain(self) -> yaml.ScalarToken:
        self._in_word = True
        word: yaml.ScalarToken = super().scan_plain()
        self._in_word = False
        return word

    def peek(self, index: int = 0) -> str:
        character: str = super().peek(index)
        return "x" if character == "?" and self._in_word else character


_LOADER = getattr(yaml, "CSafeLoader", _PythonLoader)


def unwanted_character(character: str, location: str) -> Diagnostic:
    """Return the diagnostic for a character that a text must not hold."""
    kind = "control" if unicodedata.category(character) == "Cc" else "invisible"
    return Diagnostic(
        f"{kind} character U+{ord(character):04X}",
        location=location,
        help="remove it: no text needs it, and it could change how the text around it looks",
        code="control-characters",
    )


def _position(event: Any) -> Position:
    mark = event.start_mark  # every event that was read from a text has one
    position: Position = ((mark.line + 1) << COLUMN_BITS) + mark.column + 1
    return position


def _location(name: str, text: str, mark: yaml.Mark | None) -> str:
    """Return `file:line:column` of a mark; a mark behind the end of the text is at its end."""
    if mark is None:
        return name
    lines = text.split("\n")
    line, column = (mark.line, mark.column) if mark.line < len(lines) else (len(lines) - 1, len(lines[-1]))
    return f"{name}:{line + 1}:{column + 1}"


class Builder:
    """Builds values from YAML's events, and counts them one by one, before memory can grow."""

    def __init__(self, name: str, allowance: Allowance) -> None:
        self._name = name
        self._allowance = allowance
        self._most = min(MOST_NODES, allowance.values)

    def build(self, text: str) -> Text:
        """Return the values and positions of a text; raise `Unreadable`."""
        self._text = text
        self._has_comments = "#" in text
        try:
            data, node = self._document(_LOADER(text))
        except yaml.MarkedYAMLError as failure:
            self._check_depth(failure, text)
            raise self._syntax_error(failure, text) from None
        except yaml.YAMLError:
            message, help_ = "this holds characters that no text should", "write it as plain text in YAML or JSON"
            diagnostic = Diagnostic(message, location=self._name, help=help_, code="control-characters")
            raise Unreadable(diagnostic) from None
        finally:
            self._allowance.values -= self._values
        return Text(self._name, data, node, tuple(self._diagnostics), frozenset(self._duplicates), self._comments)

    def _syntax_error(self, failure: yaml.MarkedYAMLError, text: str) -> Unreadable:
        mark = failure.problem_mark or failure.context_mark
        is_open = failure.context in _OPEN or (mark is not None and mark.line > text.rstrip().count("\n"))
        if is_open and failure.context_mark is not None:
            mark = failure.context_mark  # an unclosed bracket or quote is best shown where it opens
        if mark is not None:
            comments = self._comments.values()
            cut = next((position for position in comments if position >> COLUMN_BITS == mark.line), None)
            if cut is not None and ":" not in text.split("\n")[mark.line]:
                # A comment in the line above ended the text that this line was meant to continue.
                return Unreadable(*self._diagnostics, cut_short("this text", at_position(self._name, cut)))
        reason = " ".join(part for part in (failure.context, failure.problem) if part)
        message, help_ = f"invalid YAML: {reason}", "check indentation, colons and quotes around here"
        if _COLON in (failure.problem or ""):
            message = "colon in an unquoted text"
            help_ = "put the text in quotes; if the colon does not belong to it, check the indentation"
        location = _location(self._name, text, mark)
        return Unreadable(Diagnostic(message, location=location, help=help_, code="yaml-syntax"))

    def _check_depth(self, failure: yaml.MarkedYAMLError, text: str) -> None:
        """Raise `Unreadable` if the parser failed at a bracket because our limit of depth was passed before.

        libyaml reads ahead up to its own limit of depth before it returns the first bracket. Without the last bracket
        it does not fail, and the events show where our limit is.
        """
        mark = failure.problem_mark
        if mark is not None and text[mark.index : mark.index + 1] in {"[", "{"}:
            with suppress(yaml.YAMLError):
                self._document(_LOADER(text[: mark.index]))

    def _document(self, events: Any) -> tuple[Data, Node]:
        self._values = 0
        self._diagnostics: list[Diagnostic] = []
        self._duplicates: set[Position] = set()
        self._comments: dict[Position, Position] = {}
        self._depth = 0
        self._next: Callable[[], yaml.Event] = events.get_event
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None, (1 << COLUMN_BITS) + 1
        read = self._value(self._next())
        self._next()  # the document's end
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            help_ = "write one document per file, without `---` in between"
            raise self._error(event, "several-documents", "a second document starts here", help_)
        return read

    def _error(self, event: yaml.Event, code: Code, message: str, help_: str) -> Unreadable:
        location = at_position(self._name, _position(event))
        return Unreadable(*self._diagnostics, Diagnostic(message, location=location, help=help_, code=code))

    def _plain(self, event: Any) -> yaml.ScalarEvent | yaml.CollectionStartEvent:
        """Return the event of a key or a value, and refuse YAML features that no rulebook needs."""
        if type(event) is yaml.ScalarEvent and event.style != '"' and event.anchor is None and event.tag is None:
            return event  # nearly all events end here
        if isinstance(event, yaml.AliasEvent):
            message = f"aliases such as `*{(event.anchor or '')[:40]}` are not supported"
            raise self._error(event, "yaml-alias", message, "write the value out")
        if event.anchor is not None:
            message = f"anchors such as `&{event.anchor[:40]}` are not supported"
            raise self._error(event, "yaml-anchor", message, "remove it")
        if event.tag is not None:
            raise self._error(event, "yaml-tag", f"tags such as `{event.tag[:40]}` are not supported", "remove it")
        is_quoted = isinstance(event, yaml.ScalarEvent) and event.style == '"'
        if is_quoted and not (event.value.isascii() and event.value.isprintable()):
            match = unwanted(event.value)  # an escape can produce characters that the raw text does not hold
            if match is not None:
                location = at_position(self._name, _position(event))
                raise Unreadable(*self._diagnostics, unwanted_character(match[0], location))
        checked: yaml.ScalarEvent | yaml.CollectionStartEvent = event
        return checked

    def _value(self, first: yaml.Event, indent: int = -1) -> tuple[Data, Node]:
        """Return the value that starts with this event; its further lines are beyond the column `indent`."""
        event = self._plain(first)
        if self._values >= self._most:
            raise self._too_many(event)
        self._values += 1
        position = _position(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, position, indent), position
        self._depth += 1
        if self._depth > MOST_DEPTH:
            message = f"nested more than {MOST_DEPTH} levels deep"
            raise self._error(event, "too-deep", message, "no file for backscreen needs so many levels")
        flow = bool(event.flow_style)
        build = self._list if isinstance(event, yaml.SequenceStartEvent) else self._mapping
        collection: tuple[Data, Node] = build(position, flow)
        self._depth -= 1
        return collection

    def _scalar(self, event: yaml.ScalarEvent, position: Position, indent: int) -> Data:
        word: str = event.value
        if not event.implicit[0]:
            return word
        if self._has_comments:
            self._note_comment(event, position, indent)
        if word[:1] in _BEFORE_NUMBERS and _NOT_FINITE.fullmatch(word):
            help_ = "leave it empty if it is not known, or put it in quotes if you mean the word"
            raise self._error(event, "not-finite", f"`{word}` is not a number", help_)
        return plain(word)

    def _too_many(self, event: yaml.Event) -> Unreadable:
        if self._most == MOST_NODES:
            message, help_ = f"more than {MOST_NODES} values", "check that this is the right file"
            return self._error(event, "too-many-values", message, help_)
        message, help_ = "the files up to here hold too many values", "check that this is the right folder"
        return Exhausted(*self._error(event, "too-many-values", message, help_).diagnostics)

    def _note_comment(self, event: Any, position: Position, indent: int) -> None:
        """Record a comment behind an unquoted value that would be part of the value if it did not start with `#`."""
        end = event.end_mark.index
        match = _COMMENT.match(self._text, end) if event.value else None
        if match is None:
            return
        hash_ = match.end() - 1
        breaks = self._text.count("\n", end, hash_)
        column = hash_ - self._text.rfind("\n", 0, hash_) - 1
        if not breaks or column > indent:
            self._comments[position] = ((event.end_mark.line + breaks + 1) << COLUMN_BITS) + column + 1

    def _list(self, position: Position, flow: bool) -> tuple[Data, Node]:
        items: list[Data] = []
        nodes: list[Node] = []
        indent = -1 if flow else (position & COLUMN_MASK) - 1
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            item, node = self._value(event, indent)
            items.append(item)
            nodes.append(node)
        return items, (position, nodes)

    def _mapping(self, position: Position, flow: bool) -> tuple[Data, Node]:
        items: dict[str, Data] = {}
        nodes: dict[str, tuple[Position, Node]] = {}
        following = self._next
        indent = -1 if flow else (position & COLUMN_MASK) - 1
        while type(event := following()) is not yaml.MappingEndEvent:
            event = self._key(event)
            key, here = intern(event.value), _position(event)
            value = following()
            if type(value) is yaml.ScalarEvent and not value.value and self._is_bare(event, value):
                help_ = f"write `{key[:60]}: ` and its value; if a list is meant, write it in square brackets"
                self._key_error("key-without-value", f"`{key[:60]}` has no value", help_, key, here)
            if key in items:
                first = nodes[key][0]
                help_ = f"first used in line {first >> COLUMN_BITS}; remove one of the two"
                self._key_error("repeated-key", f"duplicate key `{key[:60]}`", help_, key, here)
                self._duplicates.add(first)
                self._value(value)  # read and counted, then dropped
            else:
                items[key], node = self._value(value, indent)
                nodes[key] = here, node
        return items, (position, nodes)

    def _key(self, first: yaml.Event) -> yaml.ScalarEvent:
        event = self._plain(first)
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error(event, "key-not-a-word", "a key must be a word", "write `name: value`")
        if event.value == "<<" and event.implicit[0]:
            message = "merge keys (`<<`) are not supported"
            raise self._error(event, "yaml-merge-key", message, "write out the keys that it stands for")
        return event

    def _is_bare(self, key: Any, value: Any) -> bool:
        """Return whether a key has not even a colon, as in YAML's sets: `{a, b}`, `? a`."""
        return ":" not in _COMMENTS.sub("", self._text[key.end_mark.index : value.start_mark.index])

    def _key_error(self, code: Code, message: str, help_: str, key: str, position: Position) -> None:
        location = at_position(self._name, position)
        self._diagnostics.append(Diagnostic(message, location=location, help=help_, name=key, code=code))
        if len(self._diagnostics) == MOST_KEY_ERRORS:
            raise Unreadable(*self._diagnostics)
