"""Checks for texts that are hard to read, and for words that a layperson does not know."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from math import ceil
from typing import cast

from attrs import frozen

from backscreen.formats.yaml_reader import read_text
from backscreen.model.rulebook import Rulebook

HARDEST = 50
"""The LIX above which a text is hard."""
FEWEST_WORDS = 25
LONG = 6
"""The number of letters above which a word is long."""
SHOWN = 5

_ABBREVIATIONS = frozenset(
    {"approx", "cf", "dr", "e.g", "fig", "i.e", "incl", "mr", "mrs", "ms", "prof", "resp", "st", "vs"}
)
# No alternative backtracks, so that the time is linear in the length of the text.
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:/]\d+)*")
_MARKS = frozenset(".!?:…")
_END = re.compile(r"(?<![.!?:…\"'”’)\]])[.!?:…\"'”’)\]]++(?=\s|$)|\n\s*\n")

_TOKEN = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s\-\u2010\u2011]+")
_LONGEST_IN_BRACKETS = 300
_BRACKETS = re.compile(rf"\(([^()]{{1,{_LONGEST_IN_BRACKETS}}})\)")
_EXPLAINED_AFTER = re.compile(r",\s(?:that is|which means|which is|meaning|in which|in other words)\b")
_JOINING = frozenset(
    {"a", "an", "and", "are", "as", "at", "because", "but", "by", "can", "for", "from", "has", "if", "in", "is", "of"}
    | {"on", "or", "should", "so", "that", "the", "then", "to", "was", "when", "where", "while", "with", "you", "your"}
)
"""Words that end the reach of brackets: in `flexion of the back (…)`, they do not explain flexion."""
_LONGEST_NAME = 4
_FARTHEST = 3
"""The most words between a word and the brackets that explain it, as in `lumbar spinal stenosis (…)`."""

_Phrase = tuple[str, ...]


@frozen(kw_only=True)
class Hard:
    """A reason why a text is hard to read: its LIX, rounded up, its longest sentence and up to five long words."""

    lix: int
    longest_sentence: int
    long_words: tuple[str, ...]


@frozen(kw_only=True)
class Jargon:
    """A technical word in a text, the index of its first character, and what to say instead."""

    word: str
    at: int
    say: str


@frozen(kw_only=True)
class Term:
    """An entry of jargon.yaml; `forms` are in small letters, and the `ordinary` phrases are not jargon."""

    word: str
    say: str
    forms: frozenset[str]
    ordinary: frozenset[str]


# --- hard to read


def lix(text: str) -> float | None:
    """Return the readability index LIX: the mean number of words in a sentence, plus the percentage of long words.

    A sentence ends with a colon, a full stop, a question or exclamation mark, or an empty line. It does not end after
    an abbreviation, nor (colons aside) where the text continues in small letters. Brackets belong to their sentence. A
    number is a word, and so is each part of `lower-back`.

    Returns:
        The index: 20 is very easy, 60 very difficult. None if there is no word.

    Source: C. H. Björnsson, Läsbarhet, Stockholm 1968; for English, J. Anderson, Lix and Rix, Journal of Reading 26
    (1983), 490–496.

    >>> lix("Keep your back straight. Hold it there.")
    17.785714285714285
    """
    return _index(_sentences(text), fewest=1)


def hard(text: str) -> Hard | None:
    """Return why a text is hard to read; None if it is not.

    Hard is a LIX above 50: on Björnsson's scale newspapers are at 40 to 50, and official texts above. The index was
    made for pages: in four words a single long one would count for 25 points. So a text of fewer than 25 words is
    measured as if short words filled it up to 25.

    >>> hard("Has a doctor or therapist told you that you have scoliosis (a spine that curves to the side)?")
    >>> hard("Comprehensive multidisciplinary evaluation precedes physiotherapeutic intervention. " * 5).lix
    106
    """
    sentences = _sentences(text)
    index = _index(sentences, fewest=FEWEST_WORDS)
    if index is None or index <= HARDEST:
        return None
    long_words = dict.fromkeys(word for sentence in sentences for word in sentence if _is_long(word))
    return Hard(
        lix=ceil(index),
        longest_sentence=max(map(len, sentences)),
        long_words=tuple(sorted(long_words, key=len, reverse=True)[:SHOWN]),
    )


def _index(sentences: list[list[str]], *, fewest: int) -> float | None:
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return None
    return len(words) / len(sentences) + 100 * sum(map(_is_long, words)) / max(len(words), fewest)


def _is_long(word: str) -> bool:
    return sum(map(str.isalpha, word)) > LONG


def _sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence that has any."""
    ends = [end.end() for end in _END.finditer(text) if _is_an_end(text, end)]
    parts = (text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True))
    return [words for part in parts if (words := _WORD.findall(part))]


def _is_an_end(text: str, end: re.Match[str]) -> bool:
    if end[0].isspace() or ":" in end[0]:
        return True
    before = text[max(0, end.start() - 10) : end.start()].split()
    is_abbreviation = bool(before) and end[0] == "." and before[-1].strip("(\"'“‘").casefold() in _ABBREVIATIONS
    goes_on = text[end.end() : end.end() + 3].lstrip()[:1].islower()
    return not (_MARKS.isdisjoint(end[0]) or is_abbreviation or goes_on)


# --- jargon


def jargon(text: str, known: Collection[str] = ()) -> list[Jargon]:
    """Return the technical words of an English text, in their order.

    A word is not jargon if it, or its phrase, is among the `known` names, in any case and in the plural. Nor is it once
    it is explained: by plain words in brackets after it, `stenosis (narrowing)`, or by words such as `, that is`. Nor
    is it if it is alone in brackets after plain words: `the buttocks (glutes)`.

    >>> jargon("In acute pain, flexion (bending forward) may hurt.")
    [Jargon(word='acute', at=3, say='sudden or short-term')]
    """
    return [found for found, explained in _found(text, frozenset(known)) if not explained]


def names(book: Rulebook) -> frozenset[str]:
    """Return the names that people know when they read a reason: facts, stretches, and what questions explain."""
    facts = (*book.person_facts, *book.trial_facts)
    explained = {
        found.word for fact in facts for found, is_explained in _found(fact.question, frozenset()) if is_explained
    }
    declared = (
        {fact.title for fact in facts}
        | {fact.id.replace("_", " ") for fact in facts}
        | {stretch.name for stretch in book.stretches}
    )
    return frozenset(declared | explained)


@cache
def terms() -> tuple[Term, ...]:
    """Return every entry of jargon.yaml, in its order."""
    content = files("backscreen.authoring.lint").joinpath("jargon.yaml").read_bytes()
    entries = cast("list[dict[str, str | list[str]]]", read_text(content, "jargon.yaml").data)
    return tuple(
        _term(str(entry["word"]), str(entry["say"]), entry.get("also", ()), entry.get("except", ()))
        for entry in entries
    )


def _term(word: str, say: str, also: Collection[str], ordinary: Collection[str]) -> Term:
    return Term(
        word=word,
        say=say,
        forms=frozenset(form for one in (word, *also) for form in _forms(one)),
        ordinary=frozenset(ordinary),
    )


def _forms(name: str) -> set[str]:
    """Return a name in British and American spelling, singular and plural; forms that do not exist match nothing."""
    one = name.casefold()
    spellings = {one, re.sub(r"is(?=e|ing|ation)", "iz", one.replace("ae", "e").replace("oe", "e"))}
    return {form for spelling in spellings for form in (spelling, _plural(spelling))}


def _plural(word: str) -> str:
    if word.endswith("sis"):
        return f"{word[:-2]}es"
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}s"


@frozen(kw_only=True)
class _Phrases:
    """The phrases to look for, with what to `say` instead (None for known ones), and the `longest` by first word."""

    say: Mapping[_Phrase, str | None]
    longest: Mapping[str, int]


@lru_cache(maxsize=64)
def _phrases(known: frozenset[str]) -> _Phrases:
    say: dict[_Phrase, str | None] = {}
    for term in terms():
        say |= {_tokens(form): term.say for form in term.forms}
    for name in (*(phrase for term in terms() for phrase in term.ordinary), *known):
        say |= dict.fromkeys(map(_tokens, _forms(name)))
    longest: dict[str, int] = {}
    for phrase in filter(None, say):
        longest[phrase[0]] = max(len(phrase), longest.get(phrase[0], 0))
    return _Phrases(say=say, longest=longest)


def _tokens(text: str) -> _Phrase:
    return tuple(word.casefold() for word in _TOKEN.findall(text))


@frozen(kw_only=True)
class _Read:
    """A text with its words, its brackets by where they open, and the phrases to look for."""

    text: str
    tokens: list[re.Match[str]]
    words: _Phrase
    brackets: dict[int, re.Match[str]]
    phrases: _Phrases

    def is_plain(self, word: str) -> bool:
        """Return whether a word is neither a number nor jargon."""
        return word.isalpha() and self.phrases.say.get((word,)) is None


def _found(text: str, known: frozenset[str]) -> Iterator[tuple[Jargon, bool]]:
    """Yield every technical word, and whether it is explained."""
    brackets = {match.start(): match for match in _BRACKETS.finditer(text)}
    tokens = list(_TOKEN.finditer(text))
    read = _Read(
        text=text,
        tokens=tokens,
        words=tuple(token[0].casefold() for token in tokens),
        brackets=brackets,
        phrases=_phrases(known),
    )
    explained: set[str] = set()
    first = 0
    while first < len(read.tokens):
        length, say = _phrase_at(read, first)
        last = first + length - 1
        if say is not None:
            if _is_explained_after(read, last) or _is_name_in_brackets(read, first, last):
                explained.add(say)
            start = read.tokens[first].start()
            yield Jargon(word=text[start : read.tokens[last].end()], at=start, say=say), say in explained
        first = last + 1


def _phrase_at(read: _Read, place: int) -> tuple[int, str | None]:
    """Return the length of the longest phrase at a place and what to say instead; 1 and None if there is none."""
    for length in range(read.phrases.longest.get(read.words[place], 0), 0, -1):
        phrase, here = read.words[place : place + length], read.tokens[place : place + length]
        if phrase in read.phrases.say and all(
            _GAP.fullmatch(read.text, one.end(), other.start()) for one, other in pairwise(here)
        ):
            return len(phrase), read.phrases.say[phrase]
    return 1, None


def _is_explained_after(read: _Read, last: int) -> bool:
    """Return whether plain words in brackets, or words such as `, that is`, follow the word at `last`."""
    if _EXPLAINED_AFTER.match(read.text, read.tokens[last].end()):
        return True
    for place, token in enumerate(read.tokens[last : last + _FARTHEST + 1], start=last):
        if place > last and token[0].casefold() in _JOINING:
            return False
        gap = _GAP.match(read.text, token.end())
        opening = gap.end() if gap else token.end()
        if opening in read.brackets:
            return not read.text[opening + 1].isdigit() and any(map(read.is_plain, _tokens(read.brackets[opening][1])))
        if place + 1 == len(read.tokens) or opening != read.tokens[place + 1].start():
            return False
    return False


def _is_name_in_brackets(read: _Read, first: int, last: int) -> bool:
    """Return whether a phrase is in brackets that hold only a name, after plain words."""
    start = read.tokens[first].start()
    opening = read.text.rfind("(", max(0, start - _LONGEST_IN_BRACKETS), start)
    if opening not in read.brackets or read.brackets[opening].end() <= read.tokens[last].start():
        return False
    name = _tokens(read.brackets[opening][1])
    outside = first - 1 - len(_TOKEN.findall(read.text, opening, start))
    if outside < 0 or len(name) > _LONGEST_NAME or not _JOINING.isdisjoint(name):
        return False
    before = read.tokens[outside]
    return not read.text[before.end() : opening].strip() and read.is_plain(before[0].casefold())
