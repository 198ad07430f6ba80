"""What people read of a rulebook, and whether they can: its questions, its reasons, how a stretch is done, and its advice."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from attrs import frozen

from backscreen.authoring.lint.readability import HARDEST, hard, jargon, names
from backscreen.formats.yaml_reader import Path_
from backscreen.loading.condition_parser import Misfit
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule


@frozen(eq=False, repr=False)
class Reader:
    """Who reads a rulebook: people who know the `names` that it has told them, or none where it asks; whose `english` words are known here."""

    names: Collection[str]
    english: bool

    def minds(self, text: str, path: Path_, *, asked: bool = False) -> Iterator[Misfit]:
        """What keeps a text from being understood; what is `asked` is read before any name is told."""
        why = hard(text)
        if why is not None:
            words = ", ".join(f"`{word}`" for word in why.long_words)
            what = f"this is hard to read: its readability index LIX is {why.lix}, and {HARDEST} is the most"
            yield Misfit(
                "hard-to-read",
                path,
                what,
                f"make it shorter sentences (the longest has {why.longest_sentence} words) of shorter words (such as {words})",
            )
        for found in jargon(text, () if asked else self.names) if self.english else ():
            help_ = f"say `{found.say}`, or explain it in brackets behind the word; the glossary lists such words"
            yield Misfit("jargon", path, f"`{found.word}` is a word that people do not know", help_)


def reader_of(book: Rulebook) -> Reader:
    """Who reads this rulebook."""
    return Reader(names(book), book.language == "en" or book.language.startswith("en-"))


def of_rule(rule: Rule, reader: Reader) -> Iterator[Misfit]:
    """What is hard to understand in a rule."""
    yield from reader.minds(rule.title, ("title",))
    yield from reader.minds(rule.reason, ("reason",))


def of_facts(book: Rulebook, reader: Reader) -> Iterator[Misfit]:
    """What is hard to understand in the questions; a question by itself has a question mark, unlike one that stands below that of its group."""
    asked = [(("groups", index), group.question, True) for index, group in enumerate(book.groups)]
    for section, facts in (("person", book.person_facts), ("trial", book.trial_facts)):
        asked += [((section, index), fact.question, fact.group is None) for index, fact in enumerate(facts)]
    for path, question, alone in asked:
        place = (*path, "question")
        if alone and "?" not in question:
            help_ = "write what the person is asked, up to the question mark"
            yield Misfit("not-a-question", place, "this is not a question", help_)
        yield from reader.minds(question, place, asked=True)


def of_stretches(book: Rulebook, reader: Reader) -> Iterator[Misfit]:
    """What is hard to understand in how stretches are done."""
    for index, stretch in enumerate(book.stretches):
        for number, step in enumerate(stretch.steps):
            yield from reader.minds(step, ("stretches", index, "steps", number))


def of_statements(book: Rulebook, reader: Reader) -> Iterator[Misfit]:
    """What is hard to understand in the advice that is for everybody."""
    for index, statement in enumerate(book.statements):
        if statement.advice is not None:
            yield from reader.minds(statement.advice, (index, "advice"))
