"""What keeps rulebooks from being read as one: a name that means two things, or that one of them has retired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import attrs
from attrs import evolve

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.model.catalogue import Stretch
from backscreen.model.facts import Fact
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule, Status


class _Located(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def at(self) -> str: ...


def clashes(books: Sequence[Rulebook]) -> Iterator[Diagnostic]:
    """Every name that these rulebooks use in two ways, with both places."""
    ids = [book.id for book in books]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    for name in twice:
        what, help_ = (
            f"the rulebook `{name}` is given twice",
            "give it once; a rulebook of your own needs an id of its own",
        )
        yield Diagnostic(what, help=help_, name=name, code="repeated-rulebook")
    if twice or len(books) == 1:  # one alone was looked through when it was read
        return
    for kind, facts in (
        ("fact", [book.person_facts for book in books]),
        ("fact of a trial", [book.trial_facts for book in books]),
    ):
        yield from _differing(kind, ((fact, _decides(fact)) for of_book in facts for fact in of_book))
    yield from _differing("stretch", ((stretch, _does(stretch)) for book in books for stretch in book.stretches))
    yield from _rules(books)
    yield from _retired(books)
    yield from _groups(books)


def _decides(fact: Fact) -> Fact:
    """Return the fact without what may differ. Question and options give answers their meaning, so they may not."""
    return evolve(fact, title="", group=None, codes=(), two_ways=False)


def _does(stretch: Stretch) -> Stretch:
    """A stretch without its wording and its sources, which are those of its own rulebook."""
    return evolve(stretch, name="", position="", steps=(), statements=())


def _differing(
    kind: str, things: Iterable[tuple[Fact, Fact]] | Iterable[tuple[Stretch, Stretch]]
) -> Iterator[Diagnostic]:
    seen: dict[str, tuple[Fact | Stretch, Fact | Stretch]] = {}
    for thing, bare in things:
        other, other_bare = seen.setdefault(thing.id, (thing, bare))
        if other_bare != bare:
            place = other.at or "another place"
            help_ = (
                f"{_difference(other_bare, bare)}; the other is at {place}; one id in two rulebooks must mean one thing"
            )
            yield Diagnostic(
                f"the rulebooks declare the {kind} `{thing.id}` in different ways",
                location=thing.at or None,
                help=help_,
                name=thing.id,
                code="clash",
            )


def _difference(one: Fact | Stretch, other: Fact | Stretch) -> str:
    if type(one) is not type(other):
        return f"it is a {type(other).__name__.lower()} here, and a {type(one).__name__.lower()} there"
    fields = (field.name for field in attrs.fields(type(one)) if field.eq)
    return "they differ in " + " and ".join(
        f"`{name}`" for name in fields if getattr(one, name) != getattr(other, name)
    )


def _rules(books: Iterable[Rulebook]) -> Iterator[Diagnostic]:
    """Yield rules that share an id: people name a rule by its id alone."""
    seen: dict[str, str] = {}
    for book in books:
        for rule in book.rules:
            if rule.id in seen:
                help_ = f"the other is at {seen[rule.id] or 'another place'}; choose another id for one of the two"
                yield Diagnostic(
                    f"two rulebooks have a rule `{rule.id}`",
                    location=rule.at or None,
                    help=help_,
                    name=rule.id,
                    code="clash",
                )
        seen |= {rule.id: rule.at for rule in reversed(book.rules) if rule.id not in seen}


def _retired(books: Sequence[Rulebook]) -> Iterator[Diagnostic]:
    """Ids that one rulebook uses and another has retired."""
    for book in books:
        acting = [rule for rule in book.rules if rule.status is not Status.RETIRED]
        for kind, things in _things(book, acting):
            for thing in things:
                for other in books:
                    if other is not book and thing.id in other.retired_ids:
                        help_ = f"it is among `retired_ids` of {other.at or other.id}; choose an id that was never used"
                        what = f"the id of the {kind} `{thing.id}` was retired by the rulebook `{other.id}`"
                        yield Diagnostic(what, location=thing.at or None, help=help_, name=thing.id, code="retired-id")


def _things(book: Rulebook, rules: Sequence[Rule]) -> Iterator[tuple[str, Sequence[_Located]]]:
    yield "rule", rules
    yield "fact", (*book.person_facts, *book.trial_facts)
    yield "stretch", book.stretches


def _groups(books: Iterable[Rulebook]) -> Iterator[Diagnostic]:
    """Groups of one id whose facts would be asked for by two questions."""
    seen: dict[str, tuple[str, str]] = {}
    for book in books:
        for group in book.groups:
            question, other = seen.setdefault(group.id, (group.question, book.at))
            if question != group.question:
                help_ = f"the other is in {other or 'another rulebook'}; give one of the two another id"
                where = book.at or None
                yield Diagnostic(
                    f"the rulebooks declare the group `{group.id}` in different ways",
                    location=where,
                    help=help_,
                    name=group.id,
                    code="clash",
                )
