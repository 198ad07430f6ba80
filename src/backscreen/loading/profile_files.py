"""Files and words of the command line → profiles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import ProfileError
from backscreen.diagnostics.suggestions import shared_budget
from backscreen.formats.yaml_reader import read_file, read_stream
from backscreen.formats.yaml_text import Text, Unreadable
from backscreen.loading.profile_validation import MOST_PROBLEMS, check
from backscreen.loading.scalars import InvalidValue
from backscreen.loading.structure import sound_part
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile


def load_profile(path: Path | str) -> Profile:
    """The profile in a YAML or JSON file.

    Raises `ProfileError` for what is no profile; its names, types and bounds are checked when it is screened.
    """
    text = _text(Path(path))
    read, diagnostics = _read(text)
    _insist_on_none(diagnostics, text)
    return read


def read_checked(source: Path | BinaryIO, knowledge_base: KnowledgeBase) -> Profile:
    """Return the profile in a file or a stream, validated; raise `ProfileError` with the position of each error."""
    text = _text(source)
    read, diagnostics = _read(text)
    with shared_budget():
        checked, wrong = check(knowledge_base, read)
    _insist_on_none(
        [
            *diagnostics,
            *(text.locate(diagnostic) for diagnostic in wrong if not text.is_duplicate(diagnostic.path)),
        ],
        text,
    )
    return checked


def _text(source: Path | BinaryIO) -> Text:
    try:
        return read_file(source) if isinstance(source, Path) else read_stream(source, "standard input")
    except Unreadable as unreadable:
        raise ProfileError(unreadable.diagnostics) from None


def _read(text: Text) -> tuple[Profile, list[Diagnostic]]:
    """What can be read of the profile, and what is wrong with its shape; raises `ProfileError` where nothing can."""
    if text.data is None:
        help_ = (
            "write `facts:` with answers below it, or `facts: {}` if nothing is known; "
            "`backscreen facts --template` writes one to fill in"
        )
        raise ProfileError([Diagnostic("this profile is empty", location=text.name, help=help_, code="empty-value")])
    read = Profile()
    diagnostics: Sequence[Diagnostic]
    try:
        with shared_budget():
            read, diagnostics = sound_part(text.data)
    except InvalidValue as failure:
        diagnostics = failure.diagnostics
    return read, [
        *text.diagnostics,
        *map(text.locate, diagnostics),
    ]


def _insist_on_none(diagnostics: list[Diagnostic], text: Text) -> None:
    """Raise `ProfileError` if there is any problem, with the first ones in the order of the file."""
    if not diagnostics:
        return
    diagnostics.sort(key=lambda diagnostic: diagnostic.position[1:])
    if len(diagnostics) > MOST_PROBLEMS:
        help_ = "fix these first; the rest is reported then"
        diagnostics[MOST_PROBLEMS:] = [
            Diagnostic("too many problems to list", location=text.name, help=help_, code="too-many-problems")
        ]
    raise ProfileError(diagnostics)


def profile_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of profile files, `Profile.to_dict()` and `Profile.from_dict()`.

    It refers to no other schema, so it can be embedded in another document, such as one of OpenAPI 3.1.

    >>> sorted(profile_schema()["properties"])
    ['facts', 'otherwise', 'trials']
    """
    import json
    from importlib.resources import files

    schema: dict[str, Any] = json.loads(files("backscreen.loading").joinpath("profile.schema.json").read_bytes())
    return schema
