"""Reader of YAML and JSON files: plain values, each with its line and column.

It reads the part of YAML that people need: mappings, lists and words. Unquoted words become `yes`/`no`/`true`/`false`,
`null` and whole numbers and nothing else, so that `on`, `012`, `1:30` and dates stay words. Everything else that YAML
has, and everything beyond the bounds, is an error.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

from backscreen.diagnostics.characters import unwanted
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.formats.yaml_builder import Builder, unwanted_character
from backscreen.formats.yaml_text import MOST_BYTES, Allowance, Exhausted, Text, Unreadable

_TAG_LINE = re.compile(r"^%TAG\b", re.MULTILINE)
_SIMPLE = bytes([*b"\t\n", *range(0x20, 0x7F)])


class _SpecialFile(Exception):
    """A path that is neither a regular file nor a directory: a pipe, a socket or a device."""


def read_file(path: Path, name: str | None = None, allowance: Allowance | None = None) -> Text:
    """Read a file; raise `Unreadable` with everything that keeps it from being read."""
    name = name or str(path)
    try:
        return read_text(_content(path), name, allowance)
    except FileNotFoundError:
        help_ = "check the path; it is relative to the current directory"
        diagnostic = Diagnostic("no such file", location=name, help=help_, code="file-missing")
    except IsADirectoryError:
        message, help_ = "expected a file, found a directory", "name a file in it"
        diagnostic = Diagnostic(message, location=name, help=help_, code="not-a-file")
    except OSError as failure:
        diagnostic = _read_error(failure, name)
    except ValueError:
        shown = name[:200].encode("unicode_escape").decode()
        diagnostic = Diagnostic("this is not a file name", location=shown, help="check the path", code="not-a-file")
    except _SpecialFile:
        help_ = "write it into a file; a profile can also come from standard input"
        diagnostic = Diagnostic("this is not a regular file", location=name, help=help_, code="not-a-file")
    raise Unreadable(diagnostic)


def _content(path: Path) -> bytes:
    """Return the bytes of a regular file, at most one more than a file may have; never block."""
    _check_kind(path.stat())  # before it is opened too: opening a device can have effects
    flags = [getattr(os, name, 0) for name in ("O_NONBLOCK", "O_BINARY", "O_NOCTTY")]
    handle = os.open(path, os.O_RDONLY | flags[0] | flags[1] | flags[2])
    try:
        status = os.fstat(handle)
        _check_kind(status)
        content = os.read(handle, min(status.st_size, MOST_BYTES) + 1)
        while len(content) <= MOST_BYTES and (more := os.read(handle, MOST_BYTES + 1 - len(content))):
            content += more
        return content
    finally:
        os.close(handle)


def _check_kind(status: os.stat_result) -> None:
    """Raise an exception for what is not a regular file."""
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(status.st_mode):
        raise _SpecialFile


def read_stream(stream: BinaryIO, name: str) -> Text:
    """Read a stream, at most as many bytes as a file may have; raise `Unreadable`."""
    try:
        content = stream.read(MOST_BYTES + 1)
    except OSError as failure:
        raise Unreadable(_read_error(failure, name)) from None
    return read_text(content, name)


def _read_error(failure: OSError, name: str) -> Diagnostic:
    message = f"cannot be read: {(failure.strerror or 'unknown reason').lower()}"
    return Diagnostic(message, location=name, help="check its permissions", code="unreadable-file")


def read_text(content: bytes, name: str, allowance: Allowance | None = None) -> Text:
    """Read the bytes of a text; raise `Unreadable`."""
    allowance = allowance or Allowance()
    _check_size(content, name, allowance)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        help_ = "save it as plain text in UTF-8"
        raise Unreadable(Diagnostic("this is not UTF-8 text", location=name, help=help_, code="not-utf8")) from None
    match = unwanted(text) if content.translate(None, _SIMPLE) else None
    if match is not None:
        raise Unreadable(unwanted_character(match[0], _location(text, match.start(), name)))
    match = _TAG_LINE.search(text) if "%TAG" in text else None
    if match is not None:  # refused before parsing: PyYAML's cost grows with the square of their number
        location = _location(text, match.start(), name)
        raise Unreadable(Diagnostic("`%TAG` is not supported", location=location, help="remove it", code="yaml-tag"))
    if text.lstrip()[:1] in {"{", "["}:
        text = text.replace("\t", " ")  # JSON may be indented with tabs, YAML may not; JSON strings hold none
    return Builder(name, allowance).build(text)


def _check_size(content: bytes, name: str, allowance: Allowance) -> None:
    """Raise `Unreadable` for more bytes than a file, or all files together, may have."""
    if len(content) > MOST_BYTES:
        help_ = "a profile or a rulebook file is far smaller; check that this is the right file"
        raise Unreadable(Diagnostic("the file is larger than 1 MiB", location=name, help=help_, code="too-large"))
    allowance.bytes -= len(content)
    if allowance.bytes < 0:
        message, help_ = "the files up to here are too large together", "check that this is the right folder"
        raise Exhausted(Diagnostic(message, location=name, help=help_, code="too-large"))


def _location(text: str, index: int, name: str) -> str:
    return f"{name}:{text.count(chr(10), 0, index) + 1}:{index - text.rfind(chr(10), 0, index)}"
