"""The rulebooks that a command is asked for, by id or folder."""

from __future__ import annotations

from pathlib import Path

from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.knowledge_base import KnowledgeBase


def knowledge_base_for(rules: list[str] | None, *, tests: bool = False) -> KnowledgeBase:
    """The rulebooks that were asked for: ids of bundled ones or folders; all that are bundled where none was."""
    return load_rulebooks([named(name) for name in rules] if rules else None, tests=tests)


def named(name: str) -> str | Path:
    """A folder, or a bundled rulebook's id; a word that is neither was meant as an id, which is then looked for."""
    is_word = not name.startswith(".") and Path(name).name == name
    try:
        return name if is_word and not Path(name).exists() else Path(name)
    except OSError:  # reading the folder says what is wrong
        return Path(name)
