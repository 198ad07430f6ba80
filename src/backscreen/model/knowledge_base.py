"""Several rulebooks read as one: the knowledge base that engines evaluate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TypeVar

from attrs import evolve, field, frozen

from backscreen.diagnostics.exceptions import RulebookError
from backscreen.model.catalogue import Everything, Stretch, select
from backscreen.model.conditions import Within, atoms, signed_atoms
from backscreen.model.conflicts import clashes
from backscreen.model.effects import AppliesTo, Effect
from backscreen.model.facts import TRIAL, Fact, Group, Value, has_unsure_option
from backscreen.model.profile_shape import MOST_TRIALS
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Document, Rule, Statement, Status


@frozen
class ScopedRule:
    """A rule with its scope worked out: the stretches it is about, or None for whichever stretch was tried.

    `tried` are the stretches that a trial must be of for the rule to be about it, or None for any.
    """

    book: str
    rule: Rule
    scope: frozenset[str] | None
    tried: frozenset[str] | None
    about_a_trial: bool


@frozen(eq=False)
class Defaults:
    """Answers assumed under `otherwise: no`, and the facts whose other answers block an assumption."""

    noes: dict[str, Value]
    resting: tuple[Fact, ...]


def _defaults(facts: dict[str, Fact]) -> Defaults:
    return Defaults(
        {name: fact.no for name, fact in facts.items() if fact.no is not None},
        tuple(fact for fact in facts.values() if fact.rests_on),
    )


MOST_TRIED = 5_000
"""Trials times rules about a trial: each may become a finding."""
MOST_OPEN = 200_000
"""Facts of all trials that rules read, times stretches: each may be unanswered for each stretch."""

_Declared = TypeVar("_Declared", Fact, Stretch)


def _in_order(books: Iterable[Rulebook]) -> tuple[Rulebook, ...]:
    """Return the rulebooks in reading order: those that look for warning signs first, then by id."""
    return tuple(sorted(books, key=lambda book: (not book.looks_for_warning_signs, book.id)))


def _worded(declared: Sequence[tuple[Rulebook, tuple[_Declared, ...]]]) -> dict[str, _Declared]:
    """Return things by id, in the order of the rulebooks; a bundled rulebook's wording wins, else the first one's."""
    found: dict[str, _Declared] = {}
    for is_bundled in (True, False):
        for book, things in declared:
            for thing in things if book.bundled is is_bundled else ():
                found.setdefault(thing.id, thing)
    return {thing.id: found[thing.id] for _, things in declared for thing in things}


@frozen
class KnowledgeBase:
    """Rulebooks read as one: facts of the same name are the same fact, and selectors reach every stretch.

    Rulebooks that look for warning signs come first, the others by id. Rules have the order of findings: the strongest
    effect first, then the order of rulebooks, then by id. Retired rules are left out.

    Raises `RulebookError` where two rulebooks give one name two meanings.
    """

    books: tuple[Rulebook, ...] = field(converter=_in_order)

    def __attrs_post_init__(self) -> None:
        diagnostics = tuple(clashes(self.books))
        if diagnostics:
            raise RulebookError(diagnostics)

    @cached_property
    def person_facts(self) -> dict[str, Fact]:
        """Facts about the person, by id."""
        return _worded([(book, book.person_facts) for book in self.books])

    @cached_property
    def trial_facts(self) -> dict[str, Fact]:
        """Facts about a trial, by id without the prefix."""
        return _worded([(book, book.trial_facts) for book in self.books])

    @cached_property
    def person_defaults(self) -> Defaults:
        """What `otherwise: no` takes for answered about the person."""
        return _defaults(self.person_facts)

    @cached_property
    def trial_defaults(self) -> Defaults:
        """What `otherwise: no` takes for answered about a trial, by ids without the prefix."""
        return _defaults(self.trial_facts)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """Every fact by the name it has in conditions."""
        return {**self.person_facts, **{TRIAL + name: fact for name, fact in self.trial_facts.items()}}

    @cached_property
    def stretches(self) -> dict[str, Stretch]:
        """The whole catalogue, by id, in its order."""
        return _worded([(book, book.stretches) for book in self.books])

    @cached_property
    def statements(self) -> dict[tuple[str, str], tuple[Document, Statement]]:
        """Every statement with its document, by rulebook and id."""
        found = {}
        for book in self.books:
            documents = {document.id: document for document in book.documents}
            for statement in book.statements:
                found[book.id, statement.id] = documents[statement.document], statement
        return found

    @cached_property
    def rules(self) -> tuple[ScopedRule, ...]:
        """The rules that act, placed."""
        scoped = [
            self._place(book, rule) for book in self.books for rule in book.rules if rule.status is not Status.RETIRED
        ]
        place = {book.id: number for number, book in enumerate(self.books)}
        return tuple(sorted(scoped, key=lambda one: (one.rule.effect.rank, place[one.book], one.rule.id)))

    @cached_property
    def most_trials(self) -> int:
        """The most trials that a profile may have; fewer if many rules are about a trial, as each meets each."""
        reads = [len({atom.fact for atom in atoms(scoped.rule.when)}) for scoped in self.rules if scoped.about_a_trial]
        return max(
            1, min(MOST_TRIALS, MOST_TRIED // max(1, len(reads)), MOST_OPEN // max(1, sum(reads) * len(self.stretches)))
        )

    @cached_property
    def groups(self) -> dict[str, Group]:
        """Groups of questions, by id."""
        return {group.id: group for book in self.books for group in book.groups}

    @cached_property
    def spans(self) -> dict[str, list[tuple[Within, Effect, bool]]]:
        """For each number, by the name that it has in conditions, the spans that rules ask for.

        Each comes with the rule's effect and with whether the rule may fire because the number lies in the span (True),
        or because it lies outside (False).
        """
        found: dict[str, list[tuple[Within, Effect, bool]]] = {}
        for scoped in self.rules:
            for atom, wanted in signed_atoms(scoped.rule.when):
                if isinstance(atom, Within):
                    found.setdefault(atom.fact, []).append((atom, scoped.rule.effect, wanted))
        return found

    @cached_property
    def has_unsure_options(self) -> bool:
        """Whether `unsure` is an option of some choice, and so an answer like any other there."""
        return any(map(has_unsure_option, self.facts.values()))

    @property
    def looks_for_warning_signs(self) -> bool:
        """Whether some rulebook looks for warning signs of serious disease."""
        return any(book.looks_for_warning_signs for book in self.books)

    @cached_property
    def warning_signs(self) -> frozenset[str]:
        """The facts of the person by which rulebooks look for warning signs of serious disease."""
        return frozenset(fact.id for book in self.books if book.looks_for_warning_signs for fact in book.person_facts)

    @cached_property
    def digest(self) -> str:
        """One name for all of the rulebooks together."""
        return "+".join(book.digest for book in self.books)

    def alone(self, rule: Rule) -> KnowledgeBase:
        """The same facts and stretches with no other rule than this, which acts even if it is retired."""
        acting = evolve(rule, status=Status.DRAFT)
        return KnowledgeBase(
            [
                evolve(book, rules=(acting,) if rule in book.rules else (), digest=f"{book.digest}/{rule.id}")
                for book in self.books
            ]
        )

    def _place(self, book: Rulebook, rule: Rule) -> ScopedRule:
        catalogue: Iterable[Stretch] = self.stretches.values()
        if rule.effect.applies_to is AppliesTo.ALL:
            scope: frozenset[str] | None = select(Everything(), catalogue)
        elif rule.applies_to is not None:
            scope = select(rule.applies_to, catalogue)
        else:
            scope = None if rule.about_a_trial else frozenset()
        tried = None if rule.tried is None else select(rule.tried, catalogue)
        return ScopedRule(book.id, rule, scope, tried, rule.about_a_trial)
