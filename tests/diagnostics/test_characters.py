"""Which characters a text may hold, and how a message shows the others."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from backscreen.diagnostics.characters import one_line, unwanted


def test_unseen_categories_are_refused_in_full() -> None:
    """Every control, surrogate, line separator and private-use character is refused, but for tab and line feed."""
    unseen = {"Cc", "Co", "Cs", "Zl", "Zp"}
    codes = (
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in unseen and code not in (0x09, 0x0A)
    )
    assert [hex(code) for code in codes if unwanted(f"a{chr(code)}b") is None] == []


@pytest.mark.parametrize(
    "code",
    [
        0xAD,
        0x200B,
        0x200D,
        0x200E,
        0x202E,
        0x2060,
        0x2066,
        0xFEFF,
        0xFFF9,
        0x34F,
        0x115F,
        0x1160,
        0x17B4,
        0x3164,
        0xFFA0,
        0xFE0F,
        0x180B,
        0x2065,
        0xFFF0,
        0xE0000,
        0xE0100,
        0xE0FFF,
        0xFDD0,
        0x1FFFE,
    ],
)
def test_ignorable_characters_are_refused(code: int) -> None:
    """Fillers, directions, variation selectors and other ignorable characters are refused after a Latin letter."""
    found = unwanted(f"a{chr(code)}b")
    assert found is not None
    assert found.start() == 1


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian: "I want"
        "क्\u200dष",  # Devanagari: a half form
        "র\u200d\u09cdয",  # Bengali: the joiner stands before the virama
        "ශ්\u200dරී",  # Sinhala: Sri
        "Auf\u200clage",  # German: two letters that are not drawn as one
        "👩🏽\u200d⚕\ufe0f",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "葛\U000e0100",
        "ᠮ\u180b",
        "naïve — “quoted” 日本語 שלום עברית 25\u00a0kg",
    ],
)
def test_languages_keep_the_characters_they_need(text: str) -> None:
    """Joiners and selectors are read where they change how something is written."""
    assert unwanted(text) is None
    assert one_line(text) == text


@pytest.mark.parametrize(
    "text", ["\u200dab", "ab\u200d", "a\u200db", "a \u200c b", "\u200c", "🏴\U000e0067\U000e0062", "ab\ufe0f", "\ufe0f"]
)
def test_joiners_and_selectors_are_refused_elsewhere(text: str) -> None:
    """Where nothing is joined and no variant is selected, they only hide."""
    assert unwanted(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "a\n GO AHEAD",
        "a\r\n# b",
        "a\u2028b",
        "a\u0085b",
        "a\vb",
        "a\fb",
        "a\x1b[2Jb",
        "a\u202eb",
        "a\u3164b",
        "a\ue000b",
        "a\ud800b",
    ],
)
def test_one_line_writes_escapes(text: str) -> None:
    """Whatever would break a line or is not seen is shown as an escape, and shown once."""
    shown = one_line(text)
    assert len(shown.splitlines()) == 1
    assert shown.isascii()
    assert "\\" in shown
    assert one_line(shown) == shown


def test_many_joiners_take_linear_time() -> None:
    """A text of nothing but needed joiners is looked through once."""
    assert unwanted("क्\u200dष" * 200_000) is None
