"""Lints of the texts that people read: questions, reasons, the steps of a stretch, and advice."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import frozen

from backscreen.authoring.lint.readability import HARDEST, hard, jargon, names
from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule


@frozen(eq=False, repr=False)
class Reader:
    """A reader of one rulebook, who knows the `names` that it introduces; jargon is known for English only."""

    names: Collection[str]
    english: bool

    def check(self, text: str, path: DocumentPath, *, is_question: bool = False) -> Iterator[Diagnostic]:
        """Yield what makes a text hard to understand; a question is read before any name is introduced."""
        why = hard(text)
        if why is not None:
            message = f"hard to read: the readability index LIX is {why.lix}, the limit is {HARDEST}"
            help_ = f"use shorter sentences (the longest has {why.longest_sentence} words)"
            if why.long_words:
                help_ += f" and shorter words than {', '.join(f'`{word}`' for word in why.long_words)}"
            yield Diagnostic(message, path=path, help=help_, code="hard-to-read")
        for found in jargon(text, () if is_question else self.names) if self.english else ():
            help_ = f"write `{found.say}`, or explain it in brackets after the word; the glossary lists such words"
            yield Diagnostic(f"`{found.word}` is medical jargon", path=path, help=help_, code="jargon")


def reader_of(book: Rulebook) -> Reader:
    """Return the reader of this rulebook."""
    return Reader(names(book), book.language == "en" or book.language.startswith("en-"))


def of_rule(rule: Rule, reader: Reader) -> Iterator[Diagnostic]:
    """Yield what is hard to understand in a rule."""
    yield from reader.check(rule.title, ("title",))
    yield from reader.check(rule.reason, ("reason",))


def of_facts(book: Rulebook, reader: Reader) -> Iterator[Diagnostic]:
    """Yield what is hard to understand in the questions, and questions without a question mark.

    A fact's question may lack one below its group's question.
    """
    questions = [(("groups", index), group.question, True) for index, group in enumerate(book.groups)]
    for section, facts in (("person", book.person_facts), ("trial", book.trial_facts)):
        questions += [((section, index), fact.question, fact.group is None) for index, fact in enumerate(facts)]
    for path, question, is_alone in questions:
        place = (*path, "question")
        if is_alone and "?" not in question:
            help_ = "write what the person is asked, with its question mark"
            yield Diagnostic("this is not a question", path=place, help=help_, code="not-a-question")
        yield from reader.check(question, place, is_question=True)


def of_stretches(book: Rulebook, reader: Reader) -> Iterator[Diagnostic]:
    """Yield what is hard to understand in the steps of stretches."""
    for index, stretch in enumerate(book.stretches):
        for number, step in enumerate(stretch.steps):
            yield from reader.check(step, ("stretches", index, "steps", number))


def of_statements(book: Rulebook, reader: Reader) -> Iterator[Diagnostic]:
    """Yield what is hard to understand in the advice for everybody."""
    for index, statement in enumerate(book.statements):
        if statement.advice is not None:
            yield from reader.check(statement.advice, (index, "advice"))
