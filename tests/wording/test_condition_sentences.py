"""Sentences of rules: read back, they mean what the condition means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from backscreen.authoring.mutation.state_space import state_space, truth_table
from backscreen.loading.rulebook_files import read_texts
from backscreen.model.conditions import ALWAYS, AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.model.facts import Fact, RangeFact, Value
from backscreen.model.rules import Rule
from backscreen.rendering.pages.page_links import Book, book_of
from backscreen.rendering.pages.rule_markup import condition_list, sentence
from backscreen.testing import random_rulebooks
from backscreen.wording.condition_sentences import in_a_line

TOKEN = re.compile(r"\s*(\(|\)|not\b|and\b|or\b|\*[^*]+\*)")


class Sentence:
    """Reads the words of a condition: atoms in italics, joined by `and` or `or`, with `not` and brackets."""

    def __init__(self, words: str, facts: dict[str, tuple[str, Fact]]) -> None:
        self._facts = facts
        self._tokens = TOKEN.findall(words)
        assert "".join(self._tokens).replace(" ", "") == words.replace(" ", "")

    def condition(self) -> Condition:
        """Read the whole condition; `and` beside `or` without brackets would be ambiguous."""
        read = self._joined()
        assert not self._tokens
        return read

    def _joined(self) -> Condition:
        parts, words = [self._part()], []
        while self._tokens and self._tokens[0] in {"and", "or"}:
            words.append(self._tokens.pop(0))
            parts.append(self._part())
        assert len({*words}) <= 1, "`and` beside `or` without brackets"
        return parts[0] if not words else AllOf(tuple(parts)) if words[0] == "and" else AnyOf(tuple(parts))

    def _part(self) -> Condition:
        word = self._tokens.pop(0)
        if word == "not":
            return Not(self._part())
        if word == "(":
            inner = self._joined()
            assert self._tokens.pop(0) == ")"
            return inner
        return self.atom(word.strip("*"))

    def atom(self, words: str) -> Condition:
        """A title and what is asked: `Sciatica: yes`."""
        words = words.replace("\\", "")
        title, _, asked = words.partition(": ")
        name, fact = self._facts[title]
        if not isinstance(fact, RangeFact):
            said: dict[str, Value] = {
                meaning if fact.is_flag else f"“{meaning}”": value for value, meaning in fact.meanings.items()
            }
            return OneOf(name, tuple(said[word] for word in re.split(r", | or ", asked)))
        span = asked.removesuffix(f" {fact.unit}")
        if exact := re.fullmatch(r"exactly (-?\d+)", span):
            return Within(name, int(exact[1]), int(exact[1]))
        if both := re.fullmatch(r"(-?\d+) to (-?\d+)", span):
            return Within(name, int(both[1]), int(both[2]))
        ends = re.fullmatch(r"(?:(at least|more than) (-?\d+))?(?: and )?(?:(at most|less than) (-?\d+))?", span)
        assert ends
        low = None if ends[1] is None else int(ends[2]) + (ends[1] == "more than")
        high = None if ends[3] is None else int(ends[4]) - (ends[3] == "less than")
        return Within(name, low, high)


def titled(texts: dict[str, str]) -> dict[str, str]:
    """The same rulebook, with facts that can be told apart by their titles."""
    count = iter(range(100))
    return {
        **texts,
        "facts.yaml": re.sub(r'"title": "A', lambda _: f'"title": "Fact {next(count)} and a', texts["facts.yaml"]),
    }


def mean_the_same(one: Condition, other: Condition, facts: dict[str, Fact]) -> bool:
    """Whether both have the same value for everybody, unknown answers included."""
    states = state_space((one, other), facts)
    assume(states is not None)
    assert states is not None
    return truth_table(one, states) == truth_table(other, states)


def by_title(book: Book) -> dict[str, tuple[str, Fact]]:
    return {fact.title: (name, fact) for name, fact in book.facts.items()}


def of_list(lines: list[str], atom: Callable[[str], Condition]) -> Condition:
    """Reads a nested list: what stands deeper belongs to the item above it."""
    head, *below = lines
    starts = [number for number, line in enumerate(below) if line.startswith("  - ")]
    parts = tuple(
        of_list([line[2:] for line in below[start:end]], atom) for start, end in pairwise([*starts, len(below)])
    )
    match head:
        case "- all of these:":
            return AllOf(parts)
        case "- at least one of these:":
            return AnyOf(parts)
        case "- this is not so:":
            (part,) = parts
            return Not(part)
        case _:
            said = re.fullmatch(
                r"- \[(.*?)\]\(.*?\)(?: \(of the try\))?: \*\*(.*)\*\*", " ".join(line.strip() for line in lines)
            )
            assert said
            return atom(f"{said[1]}: {said[2]}")


def wrapped(random: Random, condition: Condition) -> Condition:
    """The condition with joins of a single part around its parts, as a rulebook may have them."""
    match condition:
        case AllOf(parts):
            condition = AllOf(tuple(wrapped(random, part) for part in parts))
        case AnyOf(parts):
            condition = AnyOf(tuple(wrapped(random, part) for part in parts))
        case Not(part):
            condition = Not(wrapped(random, part))
        case _:
            pass
    return random.choice((condition, condition, AllOf((condition,)), AnyOf((condition,))))


def rules_of(random: Random) -> Iterator[tuple[Rule, Book]]:
    """Rules with random conditions, whose facts have titles of their own."""
    reading = read_texts(titled(random_rulebooks.texts(random_rulebooks.rulebook(random, rules=(1, 3)))))
    book = book_of(reading)
    for rule in reading.book.rules:
        if rule.when != ALWAYS:
            yield evolve(rule, when=wrapped(random, rule.when)), book


@given(st.randoms(use_true_random=False))
def test_a_sentence_means_what_its_condition_means(random: Random) -> None:
    """The sentence of any condition, read back, has the same value for everybody."""
    for rule, book in rules_of(random):
        said = re.fullmatch(r"(?:Where|After a try of .*?, where) (.*) → .*\.", sentence(rule, book))
        assert said
        assert mean_the_same(rule.when, Sentence(said[1], by_title(book)).condition(), book.facts)


@given(st.randoms(use_true_random=False))
def test_a_list_means_what_its_condition_means(random: Random) -> None:
    """The nested list of any condition, read back, has the same value for everybody."""
    for rule, book in rules_of(random):
        atom = Sentence("", by_title(book)).atom
        assert mean_the_same(rule.when, of_list([*condition_list(rule, book)], atom), book.facts)


def test_brackets_hold_parts_together() -> None:
    """Parts that are joined by another word than their neighbours are in brackets, at any depth."""
    one, two, three = (OneOf(name, (True,)) for name in "SNP")
    sentences: dict[Condition, str] = {
        AllOf((one, AnyOf((two, three)))): "S and (N or P)",
        AllOf((one, AnyOf((AnyOf((two, three)),)))): "S and (N or P)",
        AnyOf((AllOf((AllOf((one, two)),)), three)): "(S and N) or P",
        Not(AllOf((AnyOf((one, two)),))): "not (S or N)",
        AllOf((AnyOf((one, two)),)): "S or N",
    }
    for condition, sentence_ in sentences.items():
        assert in_a_line(condition, lambda atom: atom.fact) == sentence_
