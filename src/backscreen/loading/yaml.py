"""YAML and JSON text → plain values, each with the line and column where it stands.

Only what people need of YAML: mappings, lists and words. Plain words become `yes`/`no`/`true`/`false`, `null` and whole numbers and nothing else, so that
`on`, `012`, `1:30` and dates stay words. Aliases, tags, repeated keys and anything past the bounds are errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from attrs import field, frozen

from backscreen.errors import Problem

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 32
MOST_NODES = 50_000

Data = dict[str, "Data"] | list["Data"] | str | int | bool | None
Path_ = tuple[str | int, ...]
Mark = tuple[int, int]

_WORDS: dict[str, Data] = {"yes": True, "true": True, "no": False, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_AGAIN = "again"
"""Where the values under a repeated key stand: they are read, and counted, to be thrown away."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@frozen
class Text:
    """A file's values, and where each stands: of a value under a key, both the key and the value are known."""

    name: str
    data: Data
    _values: dict[Path_, Mark] = field(repr=False)
    _keys: dict[Path_, Mark] = field(repr=False)
    problems: tuple[Problem, ...] = field(default=(), repr=False)
    """What is wrong with the text though it can be read: keys that are repeated. Of the values under one, the first stands."""

    def at(self, path: Path_, *, key: bool = False) -> str:
        """`file:line:column` of a value or, with `key`, of its key; of what holds it where it is not there itself."""
        marks = self._keys if key and path in self._keys else self._values
        while path and path not in marks:
            path = path[:-1]
            marks = self._values
        line, column = marks.get(path, (1, 1))
        return f"{self.name}:{line}:{column}"


class Unreadable(Exception):
    """A text cannot be read; holds the problems."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def plain(word: str) -> Data:
    """The value of a word that is written without quotes.

    >>> plain("yes"), plain("30"), plain("012"), plain("on")
    (True, 30, '012', 'on')
    """
    if word in _WORDS:
        return _WORDS[word]
    return int(word) if _INTEGER.fullmatch(word) else word


def read_file(path: Path, name: str | None = None) -> Text:
    """Read a file; raises `Unreadable` with everything that keeps it from being read."""
    name = name or str(path)
    try:
        with path.open("rb") as stream:
            return read_stream(stream, name)
    except FileNotFoundError:
        problem = Problem("there is no such file", where=name, help="check the path; it is taken from where you are")
    except IsADirectoryError:
        problem = Problem("this is a directory, and a file was expected", where=name, help="name a file in it")
    except OSError as failure:
        problem = Problem(f"cannot be read: {(failure.strerror or 'unknown reason').lower()}", where=name, help="check its permissions")
    except ValueError:
        problem = Problem("this is not the name of a file", where=name[:200].encode("unicode_escape").decode(), help="check the path")
    raise Unreadable(problem)


def read_stream(stream: BinaryIO, name: str) -> Text:
    """Read a stream, no further than a file may be long; raises `Unreadable`."""
    return read_text(stream.read(MOST_BYTES + 1), name)


def read_text(content: bytes, name: str) -> Text:
    """Read the bytes of a text; raises `Unreadable`."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Problem("the file is larger than 1 MiB", where=name, help="a profile or a rulebook file is far smaller; is this the right file?"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(Problem("this is not UTF-8 text", where=name, help="write it as plain text in YAML or JSON, in UTF-8")) from None
    if text.lstrip()[:1] in {"{", "["}:
        text = text.replace("\t", " ")  # JSON may be indented with tabs, YAML may not; in a JSON string there are none
    return _Builder(name).build(text)


def _mark(event: yaml.Event) -> Mark:
    mark = event.start_mark
    assert mark is not None  # every event that was read from a text has one
    return mark.line + 1, mark.column + 1


class _Builder:
    """Builds values from YAML's events, which come one by one and so are counted before anything grows."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._values: dict[Path_, Mark] = {}
        self._keys: dict[Path_, Mark] = {}
        self._problems: list[Problem] = []
        self._depth = 0

    def build(self, text: str) -> Text:
        try:
            data = self._document(_LOADER(text))
        except yaml.MarkedYAMLError as failure:
            mark = failure.problem_mark or failure.context_mark
            place = f"{self._name}:{mark.line + 1}:{mark.column + 1}" if mark else self._name
            what = "this cannot be read as YAML: " + " ".join(part for part in (failure.context, failure.problem) if part)
            raise Unreadable(Problem(what, where=place, help="check indentation, colons and quotes around here")) from None
        except yaml.YAMLError:
            raise Unreadable(
                Problem("this holds characters that no text should", where=self._name, help="write it as plain text in YAML or JSON"),
            ) from None
        return Text(self._name, data, self._values, self._keys, tuple(self._problems))

    def _document(self, events: Any) -> Data:
        self._next: Callable[[], yaml.Event] = events.get_event
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        data = self._value(self._next(), ())
        self._next()  # the document's end
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise self._at(event, "a second document starts here", "write one document a file, without `---` between")
        return data

    def _at(self, event: yaml.Event, what: str, help_: str) -> Unreadable:
        line, column = _mark(event)
        return Unreadable(*self._problems, Problem(what, where=f"{self._name}:{line}:{column}", help=help_))

    def _plain(self, event: Any) -> yaml.ScalarEvent | yaml.CollectionStartEvent:
        """The event of a key or a value, unless it is or has what no rulebook needs."""
        if isinstance(event, yaml.AliasEvent):
            raise self._at(event, f"aliases such as `*{(event.anchor or '')[:40]}` are not taken", "write the value out")
        if event.anchor is not None:
            raise self._at(event, f"anchors such as `&{event.anchor[:40]}` are not taken", "leave it away")
        if event.tag is not None:
            raise self._at(event, f"tags such as `{event.tag[:40]}` are not taken", "leave it away")
        checked: yaml.ScalarEvent | yaml.CollectionStartEvent = event
        return checked

    def _value(self, anything: yaml.Event, path: Path_) -> Data:
        event = self._plain(anything)
        if len(self._values) >= MOST_NODES:
            raise self._at(event, f"this holds more than {MOST_NODES} values", "is this the right file?")
        self._values[path] = _mark(event)
        if isinstance(event, yaml.ScalarEvent):
            return plain(event.value) if event.implicit[0] else event.value
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise self._at(event, f"this is nested more than {MOST_DEPTH} deep", "nothing that backscreen reads is")
        collection = self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)
        self._depth -= 1
        return collection

    def _list(self, path: Path_) -> Data:
        items: list[Data] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path_) -> Data:
        items: dict[str, Data] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            event = self._plain(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._at(event, "a key must be a word", "write `name: value`")
            key, mark = event.value, _mark(event)
            place = (*path, key)
            if key in items:
                what, first = f"`{key[:60]}` stands here twice", self._keys[place]
                help_ = f"it was first given in line {first[0]}; keep one of the two"
                self._problems.append(Problem(what, where=f"{self._name}:{mark[0]}:{mark[1]}", help=help_, name=key))
                self._value(self._next(), (*place, _AGAIN))
                continue
            self._keys[place] = mark
            items[key] = self._value(self._next(), place)
        return items
