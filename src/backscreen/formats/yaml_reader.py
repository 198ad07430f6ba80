"""YAML and JSON text → plain values, each with the line and column where it stands.

Only what people need of YAML: mappings, lists and words. Plain words become `yes`/`no`/`true`/`false`, `null` and whole numbers and nothing else, so that
`on`, `012`, `1:30` and dates stay words. Whatever else YAML has, and anything past the bounds, is an error.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from pathlib import Path
from sys import intern
from typing import Any, BinaryIO

import yaml
from attrs import define, evolve, field, frozen

from backscreen.diagnostics.characters import unwanted
from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 32
MOST_NODES = 50_000
MOST_REPEATED = 100
"""Keys that are told one by one, repeated or without a value; nobody reads on."""

Data = dict[str, "Data"] | list["Data"] | str | int | bool | None
_Place = int
"""Line and column in one number, since there are as many of these as values: the column has the lower bits, more than a file's bytes need."""
_Node = _Place | tuple[_Place, list["_Node"]] | tuple[_Place, dict[str, tuple[_Place, "_Node"]]]
"""Where a value stands, and what is in it; of what stands under a key, the key's place comes first."""

_WORDS: dict[str, Data] = {"yes": True, "true": True, "no": False, "false": False, "null": None, "~": None, "": None}
_DIGITS = frozenset("-0123456789")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_NOT_FINITE = re.compile(r"[-+]?(?:\.(?:inf|Inf|INF|nan|NaN|NAN)|NaN|Infinity)")
"""What YAML, JSON's readers and JavaScript take for a number that is none."""
_BEFORE_NUMBERS = "+-.NI"
_TAG_LINE = re.compile(r"^%TAG\b", re.MULTILINE)
_COMMENT = re.compile(r"\s*#")
_COMMENTS = re.compile(r"#[^\n]*")
_COLON = "mapping values are not allowed"
_OPEN = ("while scanning a simple key", "while scanning a quoted scalar")
_SIMPLE = bytes([*b"\t\n", *range(0x20, 0x7F)])
_BITS = 21
_COLUMN = (1 << _BITS) - 1


class _PythonLoader(yaml.SafeLoader):
    """PyYAML's loader in Python, which reads as the one of libyaml does: a plain word in brackets may hold a `?`."""

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


@frozen
class Text:
    """A file's values, and where each stands: of a value under a key, both the key and the value are known."""

    name: str
    data: Data
    _node: _Node = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = field(default=(), repr=False)
    """Problems that do not keep the text from being read: repeated keys, of whose values the first stands, and keys without a value."""
    _repeated: frozenset[_Place] = field(default=frozenset(), repr=False)
    """Where keys stand that are repeated later."""
    _comments: dict[_Place, _Place] = field(factory=dict, repr=False)
    """Unquoted values that a comment may have cut short, and where that comment begins."""

    def at(self, path: DocumentPath, *, key: bool = False) -> str:
        """`file:line:column` of a value or, with `key`, of its key; of what holds it where it is not there itself."""
        node = self._node
        name, place = None, 0
        for step, name in enumerate(path, 1):
            inner = () if isinstance(node, int) else node[1]
            if isinstance(inner, dict) and isinstance(name, str) and name in inner:
                place, node = inner[name]
                if key and step == len(path):
                    return _written(self.name, place)
            elif isinstance(inner, list) and isinstance(name, int) and 0 <= name < len(inner):
                node = inner[name]
            else:
                break
        return _written(self.name, node if isinstance(node, int) else node[0])

    def locate(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return the diagnostic with its path in this text resolved to a position."""
        return evolve(diagnostic, location=self.at(diagnostic.path, key=diagnostic.at_key))

    def is_repeated(self, path: DocumentPath) -> bool:
        """Whether the key at the end of the path is repeated, so that nobody knows which of its values is meant."""
        return bool(self._repeated) and self.at(path, key=True) in {
            _written(self.name, place) for place in self._repeated
        }

    def cut_short(self, keys: Container[str], beyond: Container[str]) -> Iterator[Diagnostic]:
        """Yield a problem for each unquoted text under one of `keys` that a comment follows; nothing below a key in `beyond` is a text."""
        left: list[tuple[str | None, _Node]] = [(None, self._node)] if self._comments else []
        while left:
            key, node = left.pop()
            if isinstance(node, int):
                if node in self._comments and key is not None and key in keys:
                    yield _cut(f"the unquoted text of `{key}`", _written(self.name, self._comments[node]))
            elif isinstance(node[1], list):
                left += [(key, item) for item in node[1]]
            else:
                left += [(name, value) for name, (_, value) in node[1].items() if name not in beyond]


@define
class Allowance:
    """How many more values and bytes may be read, of several files together."""

    values: int = MOST_NODES
    bytes: int = MOST_BYTES


class Unreadable(Exception):
    """A text cannot be read; holds the problems."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__()
        self.diagnostics = diagnostics


class _NoFile(Exception):
    """There is something that is neither a regular file nor a directory: a pipe, a socket, a device."""


class Exhausted(Unreadable):
    """The text holds more than its allowance."""


def plain(word: str) -> Data:
    """The value of a word that is written without quotes.

    >>> plain("yes"), plain("30"), plain("012"), plain("on")
    (True, 30, '012', 'on')
    """
    if word in _WORDS:
        return _WORDS[word]
    return int(word) if word[0] in _DIGITS and _INTEGER.fullmatch(word) else word


def read_file(path: Path, name: str | None = None, allowance: Allowance | None = None) -> Text:
    """Read a file; raises `Unreadable` with everything that keeps it from being read."""
    name = name or str(path)
    try:
        return read_text(_content(path), name, allowance)
    except FileNotFoundError:
        diagnostic = Diagnostic(
            "there is no such file",
            location=name,
            help="check the path; it is taken from where you are",
            code="file-missing",
        )
    except IsADirectoryError:
        diagnostic = Diagnostic(
            "this is a directory, and a file was expected", location=name, help="name a file in it", code="not-a-file"
        )
    except OSError as failure:
        diagnostic = _unread(failure, name)
    except ValueError:
        shown = name[:200].encode("unicode_escape").decode()
        diagnostic = Diagnostic(
            "this is not the name of a file", location=shown, help="check the path", code="not-a-file"
        )
    except _NoFile:
        diagnostic = Diagnostic(
            "this is not a regular file",
            location=name,
            help="write it into a file; a profile may also come from standard input",
            code="not-a-file",
        )
    raise Unreadable(diagnostic)


def _content(path: Path) -> bytes:
    """The bytes of a regular file, no more of them than a file may have and one; never waits for anybody."""
    _insist_on_a_file(path.stat())  # before it is opened too: to open a device can have consequences
    handle = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    )
    try:
        found = os.fstat(handle)
        _insist_on_a_file(found)
        content = os.read(handle, min(found.st_size, MOST_BYTES) + 1)
        while len(content) <= MOST_BYTES and (more := os.read(handle, MOST_BYTES + 1 - len(content))):
            content += more
        return content
    finally:
        os.close(handle)


def _insist_on_a_file(found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(found.st_mode):
        raise _NoFile


def read_stream(stream: BinaryIO, name: str) -> Text:
    """Read a stream, no further than a file may be long; raises `Unreadable`."""
    try:
        content = stream.read(MOST_BYTES + 1)
    except OSError as failure:
        raise Unreadable(_unread(failure, name)) from None
    return read_text(content, name)


def _unread(failure: OSError, name: str) -> Diagnostic:
    what = f"cannot be read: {(failure.strerror or 'unknown reason').lower()}"
    return Diagnostic(what, location=name, help="check its permissions", code="unreadable-file")


def read_text(content: bytes, name: str, allowance: Allowance | None = None) -> Text:
    """Read the bytes of a text; raises `Unreadable`."""
    if len(content) > MOST_BYTES:
        help_ = "a profile or a rulebook file is far smaller; is this the right file?"
        raise Unreadable(Diagnostic("the file is larger than 1 MiB", location=name, help=help_, code="too-large"))
    allowance = allowance or Allowance()
    allowance.bytes -= len(content)
    if allowance.bytes < 0:
        raise Exhausted(
            Diagnostic(
                "the files up to here are too large together",
                location=name,
                help="is this the right folder?",
                code="too-large",
            )
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        help_ = "write it as plain text in YAML or JSON, in UTF-8"
        raise Unreadable(Diagnostic("this is not UTF-8 text", location=name, help=help_, code="not-utf8")) from None
    found = unwanted(text) if content.translate(None, _SIMPLE) else None
    if found is not None:
        raise Unreadable(_no_text(found[0], _position(text, found.start(), name)))
    found = _TAG_LINE.search(text) if "%TAG" in text else None
    if found is not None:  # each costs as much as there are before it
        where = _position(text, found.start(), name)
        raise Unreadable(Diagnostic("`%TAG` is not taken", location=where, help="leave it away", code="yaml-tag"))
    if text.lstrip()[:1] in {"{", "["}:
        text = text.replace("\t", " ")  # JSON may be indented with tabs, YAML may not; in a JSON string there are none
    return _Builder(name, allowance).build(text)


def _position(text: str, index: int, name: str) -> str:
    return f"{name}:{text.count(chr(10), 0, index) + 1}:{index - text.rfind(chr(10), 0, index)}"


def _no_text(character: str, where: str) -> Diagnostic:
    kind = "control" if unicodedata.category(character) == "Cc" else "unseen"
    what = f"this holds the {kind} character U+{ord(character):04X}"
    return Diagnostic(
        what,
        location=where,
        help="no text needs it, and it could change what is seen around it; take it away",
        code="control-characters",
    )


def _cut(text: str, where: str) -> Diagnostic:
    help_ = "put the text in quotes, or put the comment on a line of its own above it"
    return Diagnostic(f"a comment follows {text}", location=where, help=help_, code="comment-after-text")


def _place(event: Any) -> _Place:
    mark = event.start_mark  # which every event has that was read from a text
    place: _Place = ((mark.line + 1) << _BITS) + mark.column + 1
    return place


def _written(name: str, place: _Place) -> str:
    return f"{name}:{place >> _BITS}:{place & _COLUMN}"


def _place_in(name: str, text: str, line: int, column: int) -> str:
    """A place in a text; what the parser finds behind its end is at its end."""
    lines = text.split("\n")
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    return f"{name}:{line + 1}:{column + 1}"


class _Builder:
    """Builds values from YAML's events, which come one by one and so are counted before anything grows."""

    def __init__(self, name: str, allowance: Allowance) -> None:
        self._name = name
        self._allowance = allowance
        self._most = min(MOST_NODES, allowance.values)

    def build(self, text: str) -> Text:
        self._text = text
        self._has_comments = "#" in text
        try:
            data, node = self._document(_LOADER(text))
        except yaml.MarkedYAMLError as failure:
            self._check_depth(failure, text)
            mark = failure.problem_mark or failure.context_mark
            is_open = failure.context in _OPEN or (mark is not None and mark.line > text.rstrip().count("\n"))
            if is_open and failure.context_mark is not None:
                mark = failure.context_mark  # what is not ended is mended where it begins
            what = "this cannot be read as YAML: " + " ".join(
                part for part in (failure.context, failure.problem) if part
            )
            place = self._name if mark is None else _place_in(self._name, text, mark.line, mark.column)
            help_ = "check indentation, colons and quotes around here"
            cut = next(
                (place for place in self._comments.values() if mark is not None and place >> _BITS == mark.line), None
            )
            if (
                cut is not None and mark is not None and ":" not in text.split("\n")[mark.line]
            ):  # this line was meant to go on with the text
                raise Unreadable(*self._diagnostics, _cut("this text", _written(self._name, cut))) from None
            if _COLON in (failure.problem or ""):
                what, help_ = (
                    "this colon stands in an unquoted text",
                    "put the text in quotes; if the colon does not belong to it, check the indentation",
                )
            raise Unreadable(Diagnostic(what, location=place, help=help_, code="yaml-syntax")) from None
        except yaml.YAMLError:
            what, help_ = "this holds characters that no text should", "write it as plain text in YAML or JSON"
            raise Unreadable(Diagnostic(what, location=self._name, help=help_, code="control-characters")) from None
        finally:
            self._allowance.values -= self._values
        return Text(self._name, data, node, tuple(self._diagnostics), frozenset(self._repeated), self._comments)

    def _check_depth(self, failure: yaml.MarkedYAMLError, text: str) -> None:
        """Raise `Unreadable` if a failure at a bracket is the parser's limit of depth, and ours was passed before it.

        libyaml reads ahead as far as its own limit before it gives us the first bracket. Without the last bracket it does not fail.
        """
        mark = failure.problem_mark
        if mark is not None and text[mark.index : mark.index + 1] in {"[", "{"}:
            with suppress(yaml.YAMLError):
                self._document(_LOADER(text[: mark.index]))

    def _document(self, events: Any) -> tuple[Data, _Node]:
        self._values = 0
        self._diagnostics: list[Diagnostic] = []
        self._repeated: set[_Place] = set()
        self._comments: dict[_Place, _Place] = {}
        self._depth = 0
        self._next: Callable[[], yaml.Event] = events.get_event
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None, (1 << _BITS) + 1
        read = self._value(self._next())
        self._next()  # the document's end
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self._at(
                event,
                "several-documents",
                "a second document starts here",
                "write one document a file, without `---` between",
            )
        return read

    def _at(self, event: yaml.Event, code: Code, what: str, help_: str) -> Unreadable:
        return Unreadable(
            *self._diagnostics, Diagnostic(what, location=_written(self._name, _place(event)), help=help_, code=code)
        )

    def _plain(self, event: Any) -> yaml.ScalarEvent | yaml.CollectionStartEvent:
        """The event of a key or a value, unless it is or has what no rulebook needs."""
        if type(event) is yaml.ScalarEvent and event.style != '"' and event.anchor is None and event.tag is None:
            return event  # as nearly all are
        if isinstance(event, yaml.AliasEvent):
            raise self._at(
                event,
                "yaml-alias",
                f"aliases such as `*{(event.anchor or '')[:40]}` are not taken",
                "write the value out",
            )
        if event.anchor is not None:
            raise self._at(
                event, "yaml-anchor", f"anchors such as `&{event.anchor[:40]}` are not taken", "leave it away"
            )
        if event.tag is not None:
            raise self._at(event, "yaml-tag", f"tags such as `{event.tag[:40]}` are not taken", "leave it away")
        if (
            isinstance(event, yaml.ScalarEvent)
            and event.style == '"'
            and not (event.value.isascii() and event.value.isprintable())
        ):
            found = unwanted(event.value)  # an escape hides what the text as it stands does not hold
            if found is not None:
                raise Unreadable(*self._diagnostics, _no_text(found[0], _written(self._name, _place(event))))
        checked: yaml.ScalarEvent | yaml.CollectionStartEvent = event
        return checked

    def _value(self, anything: yaml.Event, indent: int = -1) -> tuple[Data, _Node]:
        """The value that begins with this event; `indent` is the column that its further lines must be beyond."""
        event = self._plain(anything)
        if self._values >= self._most:
            raise self._too_many(event)
        self._values += 1
        place = _place(event)
        if isinstance(event, yaml.ScalarEvent):
            word = event.value
            if not event.implicit[0]:
                return word, place
            if self._has_comments:
                self._note_comment(event, place, indent)
            if word[:1] in _BEFORE_NUMBERS and _NOT_FINITE.fullmatch(word):
                help_ = "leave it empty if it is not known; put it in quotes if the word is meant"
                raise self._at(event, "not-finite", f"`{word}` is not a number", help_)
            return plain(word), place
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise self._at(
                event, "too-deep", f"this is nested more than {MOST_DEPTH} deep", "nothing that backscreen reads is"
            )
        flow = bool(event.flow_style)
        collection = (
            self._list(place, flow) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(place, flow)
        )
        self._depth -= 1
        return collection

    def _too_many(self, event: yaml.Event) -> Unreadable:
        if self._most == MOST_NODES:
            return self._at(
                event, "too-many-values", f"this holds more than {MOST_NODES} values", "is this the right file?"
            )
        return Exhausted(
            *self._at(
                event, "too-many-values", "the files up to here hold too many values", "is this the right folder?"
            ).diagnostics
        )

    def _note_comment(self, event: Any, place: _Place, indent: int) -> None:
        """Take down a comment behind an unquoted value that would be more of the value if it did not begin with `#`."""
        end = event.end_mark.index
        found = _COMMENT.match(self._text, end) if event.value else None
        if found is None:
            return
        hash_ = found.end() - 1
        breaks = self._text.count("\n", end, hash_)
        column = hash_ - self._text.rfind("\n", 0, hash_) - 1
        if not breaks or column > indent:
            self._comments[place] = ((event.end_mark.line + breaks + 1) << _BITS) + column + 1

    def _list(self, place: _Place, flow: bool) -> tuple[Data, _Node]:
        items: list[Data] = []
        nodes: list[_Node] = []
        indent = -1 if flow else (place & _COLUMN) - 1
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            item, node = self._value(event, indent)
            items.append(item)
            nodes.append(node)
        return items, (place, nodes)

    def _mapping(self, place: _Place, flow: bool) -> tuple[Data, _Node]:
        items: dict[str, Data] = {}
        nodes: dict[str, tuple[_Place, _Node]] = {}
        following = self._next
        indent = -1 if flow else (place & _COLUMN) - 1
        while type(event := following()) is not yaml.MappingEndEvent:
            event = self._plain(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._at(event, "key-not-a-word", "a key must be a word", "write `name: value`")
            if event.value == "<<" and event.implicit[0]:
                raise self._at(
                    event, "yaml-merge-key", "merge keys (`<<`) are not taken", "write out what it stands for"
                )
            key, here = intern(event.value), _place(event)
            value = following()
            if type(value) is yaml.ScalarEvent and not value.value and self._is_bare(event, value):
                help_ = f"write `{key[:60]}: ` and its value; if a list is meant, write it in square brackets"
                self._complain("key-without-value", f"`{key[:60]}` has no value", help_, key, here)
            if key in items:
                what, help_ = (
                    f"`{key[:60]}` stands here twice",
                    f"it was first given in line {nodes[key][0] >> _BITS}; keep one of the two",
                )
                self._complain("repeated-key", what, help_, key, here)
                self._repeated.add(nodes[key][0])
                self._value(value)  # read, and counted, to be thrown away
            else:
                items[key], node = self._value(value, indent)
                nodes[key] = here, node
        return items, (place, nodes)

    def _is_bare(self, key: Any, value: Any) -> bool:
        """Whether a key stands without even a colon, as in YAML's sets: `{a, b}`, `? a`."""
        return ":" not in _COMMENTS.sub("", self._text[key.end_mark.index : value.start_mark.index])

    def _complain(self, code: Code, what: str, help_: str, key: str, here: _Place) -> None:
        self._diagnostics.append(Diagnostic(what, location=_written(self._name, here), help=help_, name=key, code=code))
        if len(self._diagnostics) == MOST_REPEATED:
            raise Unreadable(*self._diagnostics)
