"""Characters that a text must not hold: invisible ones, and those that change how other text is shown."""

from __future__ import annotations

import re
import unicodedata

_PLANE_ENDS = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
_NEVER = (
    "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # Cc: controls, but for tab and the end of a line
    "\u2028\u2029"  # Zl, Zp: further ends of lines
    "\ud800-\udfff"  # Cs: surrogates
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"  # Co: private use
    "\ufdd0-\ufdef" + _PLANE_ENDS +  # noncharacters
    "\ufff9-\ufffb"  # Cf: annotations
)  # fmt: skip
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt: characters that leave no mark of their own."""
_SUSPECT = re.compile(f"[{_NEVER}{_IGNORABLE}]|\r(?!\n)")
_JOINER = "\u200d"
_JOINERS = f"\u200c{_JOINER}"
_VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MONGOLIAN = re.compile("[\u180b-\u180f]")
_REACH = 8
"""Characters before a joiner among which its letter is looked for, past the marks on it."""
_KEYCAP = "\u20e3"
_VIRAMA = 9
"""The combining class of the sign that joins consonants in Indic scripts."""


def unwanted(text: str) -> re.Match[str] | None:
    r"""Return the first character that the text must not hold.

    Of what leaves no mark, only what a language needs is left, where it needs it: joiners, and selectors of a variant.

    >>> unwanted("scia\u00adtica").start(), unwanted("می\u200cخواهم")
    (4, None)
    """
    for found in _SUSPECT.finditer(text):
        if not _is_needed(text, found.start()):
            return found
    return None


def one_line(text: str) -> str:
    r"""Return the text on one line, with line breaks and invisible characters written as escapes.

    >>> one_line("scia\u00adtica\n GO AHEAD")
    'scia\\xadtica\\n GO AHEAD'
    """
    if text.isprintable() and not _SUSPECT.search(text):
        return text
    return "".join(
        character if _is_shown(text, index) else ascii(character)[1:-1] for index, character in enumerate(text)
    )


def _is_shown(text: str, index: int) -> bool:
    character = text[index]
    if _SUSPECT.match(character):
        return _is_needed(text, index)
    return character.isprintable() or unicodedata.category(character) in {"Cf", "Zs"}


def _is_needed(text: str, index: int) -> bool:
    """Return whether the invisible character changes how the letters or the emoji around it are written."""
    character, following = text[index], text[index + 1 : index + 2]
    before = text[max(0, index - _REACH) : index]
    if not before:
        return False
    last = before[-1]
    if character in _JOINERS:
        if _joins(before) or (following != "" and unicodedata.combining(following) == _VIRAMA):
            return True
        # The non-joiner keeps two letters from becoming a ligature, in German say; the joiner makes one emoji of two.
        return _is_picture(last) if character == _JOINER else last.isalpha() and following.isalpha()
    if _MONGOLIAN.match(character):
        return unicodedata.name(last, "").startswith("MONGOLIAN")
    if _VARIATIONS.match(character):
        return (
            unicodedata.category(last)[0] in "SP"
            or unicodedata.category(last) == "Lo"
            or (last in "#*0123456789" and following == _KEYCAP)
        )
    return False


def _joins(before: str) -> bool:
    """Return whether a joiner may follow: after a virama or a letter of a joined script (RFC 5892, appendix A)."""
    for character in reversed(before):
        if unicodedata.combining(character) == _VIRAMA:
            return True
        if not unicodedata.category(character).startswith("M"):
            return unicodedata.bidirectional(character) in {"AL", "R"} or unicodedata.name(character, "").startswith(
                "MONGOLIAN"
            )
    return False


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Sk"} or character == "\ufe0f"
