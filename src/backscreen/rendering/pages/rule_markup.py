"""Conditions, scopes and effects of a book's rules as Markdown, in the words of `backscreen.wording`."""

from __future__ import annotations

from collections.abc import Iterator

from backscreen.model.conditions import ALWAYS, Atom, Condition
from backscreen.model.facts import TRIAL, OptionFact, RangeFact, Value
from backscreen.model.rules import Rule
from backscreen.rendering.pages.markup import filled, plain
from backscreen.rendering.pages.page_links import FACTS, UP, Book
from backscreen.wording.condition_sentences import as_outline, in_a_line, wanted_answer
from backscreen.wording.phrases import answer
from backscreen.wording.rule_sentences import Markup, rule_sentence

_MARKDOWN = Markup(plain, lambda words: f"**{words}**")


def wanted(atom: Atom, rule: Rule, book: Book) -> str:
    """Return which answers an atom accepts, as plain text: `yes`, `less than 5 min`."""
    fact = book.facts[atom.fact]

    def value_words(value: Value) -> str:
        words = answer(fact, book.knowledge_base, value)
        return f"“{words}”" if isinstance(fact, OptionFact) and not fact.is_flag else words

    words = wanted_answer(atom, value_words, book.comparisons[rule.id])
    return f"{words} {fact.unit}" if isinstance(fact, RangeFact) else words


def condition_in_a_line(condition: Condition, rule: Rule, book: Book) -> str:
    """Return a condition as part of a sentence, each atom in italics."""
    return in_a_line(condition, lambda atom: _in_italics(atom, rule, book))


def condition_list(rule: Rule, book: Book) -> Iterator[str]:
    """Yield a rule's condition as a nested list, each fact linked."""

    def atom_words(atom: Atom) -> str:
        of_try = " (of the try)" if atom.fact.startswith(TRIAL) else ""
        link = book.to(FACTS, atom.fact, book.facts[atom.fact].title, UP)
        return f"{link}{of_try}: **{plain(wanted(atom, rule, book))}**"

    if rule.when == ALWAYS:
        yield "- always: for everybody, whatever is known"
        return
    for depth, words in as_outline(rule.when, atom_words):
        yield from filled(words, f"{'  ' * depth}- ")


def sentence(rule: Rule, book: Book) -> str:
    """Return the whole rule in one sentence."""
    return rule_sentence(rule, book.rulebook, lambda atom: _in_italics(atom, rule, book), _MARKDOWN)


def _in_italics(atom: Atom, rule: Rule, book: Book) -> str:
    return f"*{plain(f'{book.facts[atom.fact].title}: {wanted(atom, rule, book)}')}*"
