"""The words for effects."""

from __future__ import annotations

from backscreen.model.effects import Effect, Note
from backscreen.wording.effect_words import EFFECTS, NOTES


def test_every_effect_has_words() -> None:
    """The table of words has one row for each effect, in the order of effects, and no two share a label."""
    assert [*EFFECTS] == [*Effect]
    assert len({words.label for words in EFFECTS.values()}) == len(EFFECTS)
    assert len({words.strong for words in EFFECTS.values()}) == len(EFFECTS)


def test_every_note_has_words() -> None:
    """Each note has its words."""
    assert [*NOTES] == [*Note]
