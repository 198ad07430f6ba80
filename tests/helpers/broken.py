"""Rulebooks broken in one place: `§` in what is written instead marks where the complaint must point."""

from __future__ import annotations

import pytest

from backscreen import Diagnostic, RulebookError
from backscreen.loading.rulebook_files import load_texts
from tests.helpers.small import Texts

MARK = "§"


def diagnostics_of(texts: Texts) -> tuple[Diagnostic, ...]:
    """What is wrong with a rulebook."""
    with pytest.raises(RulebookError) as caught:
        load_texts(texts)
    return caught.value.diagnostics


def changed(texts: Texts, file: str, *edits: tuple[str, str]) -> Texts:
    """The texts with some places of a file written differently; what was there must stand there once."""
    text = texts[file]
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        text = text.replace(old, new)
    return texts | {file: text}


def unmarked(texts: Texts) -> tuple[Texts, list[str]]:
    """The texts without marks, and where these stood, as `file:line:column`."""
    places = []
    for file in sorted(texts):
        clean = ""
        for part in texts[file].split(MARK)[:-1]:
            clean += part
            line, column = clean.count("\n") + 1, len(clean) - clean.rfind("\n")
            places.append(f"{file}:{line}:{column}")
    return {file: text.replace(MARK, "") for file, text in texts.items()}, places


def assert_refused(texts: Texts, *words: str) -> None:
    """Assert one diagnostic for each mark, in order, and no other; each contains its word, in message or help."""
    texts, places = unmarked(texts)
    assert places
    diagnostics = diagnostics_of(texts)
    assert [diagnostic.location for diagnostic in diagnostics] == places
    for diagnostic, word in zip(diagnostics, words if len(words) > 1 else words * len(diagnostics), strict=True):
        assert word in f"{diagnostic.message} ({diagnostic.help})"
