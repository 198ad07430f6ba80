"""A rulebook as a book of pages: cached lookups, and the links between pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath

from attrs import evolve, frozen

from backscreen.authoring.cases.coverage import Coverage, statement_coverage
from backscreen.loading.rulebook_assembly import Reading
from backscreen.model.conditions import atoms
from backscreen.model.facts import TRIAL, Fact
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Document, Rule, Statement, Status
from backscreen.rendering.pages.markup import plain, slugs
from backscreen.wording.condition_sentences import Comparison

FACTS, STRETCHES, STATEMENTS, DISAGREEMENTS = "facts.md", "stretches.md", "statements.md", "disagreements.md"
UP = "../"
"""The path from a rule's page to the folder of the other pages."""
REGION = "region "
"""The prefix of a region's id on the page of stretches, which may have the same ids."""


@frozen
class Heading:
    """A heading of a list page, and the id of its subject, if any."""

    level: int
    text: str
    of: str | None = None


@frozen(eq=False, repr=False, slots=False)
class Book:
    """A rulebook with the file of each rule, and the comparisons in each rule as they are written."""

    rulebook: Rulebook
    files: Mapping[str, str]
    comparisons: Mapping[str, frozenset[Comparison]]

    @cached_property
    def knowledge_base(self) -> KnowledgeBase:
        """The rulebook with every rule active, so that retired ones have a scope too."""
        return KnowledgeBase(
            [evolve(self.rulebook, rules=tuple(evolve(rule, status=Status.DRAFT) for rule in self.rulebook.rules))]
        )

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """Every fact by its name in conditions."""
        return self.knowledge_base.facts

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Every rule by its id."""
        return {rule.id: rule for rule in self.rulebook.rules}

    @cached_property
    def scoped(self) -> dict[str, ScopedRule]:
        """Every rule with its scope, by its id."""
        return {scoped.rule.id: scoped for scoped in self.knowledge_base.rules}

    @cached_property
    def in_order(self) -> list[Rule]:
        """The rules in the order of findings, the strongest effect first."""
        return [self.rules[scoped.rule.id] for scoped in self.knowledge_base.rules]

    @cached_property
    def statements(self) -> dict[str, tuple[Document, Statement]]:
        """Every statement with its document, by its id."""
        return {name: found for (_, name), found in self.knowledge_base.statements.items()}

    @cached_property
    def uses(self) -> list[Coverage]:
        """The coverage of each statement, by retired rules too."""
        return statement_coverage(self.knowledge_base)

    @cached_property
    def readers(self) -> dict[str, list[str]]:
        """The rules that read each fact, by its name in conditions."""
        found: dict[str, list[str]] = {}
        for rule in self.rulebook.rules:
            for name in dict.fromkeys(atom.fact for atom in atoms(rule.when)):
                found.setdefault(name, []).append(rule.id)
        return found

    @cached_property
    def folders(self) -> dict[str, list[Rule]]:
        """The rules by folder, in the order of their files."""
        found: dict[str, list[Rule]] = {}
        for rule in sorted(self.rulebook.rules, key=lambda one: self.files[one.id]):
            found.setdefault(PurePosixPath(self.files[rule.id]).parent.as_posix(), []).append(rule)
        return found

    @cached_property
    def headings(self) -> dict[str, list[Heading]]:
        """The headings of each list page, the title first."""
        return {
            FACTS: [Heading(1, "Facts"), *self._of_facts()],
            STRETCHES: [Heading(1, "Stretches"), *self._of_stretches()],
            STATEMENTS: [Heading(1, "Statements"), *self._of_statements()],
            DISAGREEMENTS: [
                Heading(1, "Disagreements"),
                *(Heading(2, rule.title, rule.id) for rule in self.in_order if rule.disagree_with),
            ],
        }

    def _of_stretches(self) -> Iterator[Heading]:
        yield from (Heading(2, f"{stretch.name} ({stretch.id})", stretch.id) for stretch in self.rulebook.stretches)
        yield from (
            Heading(2, f"Region: {region.name} ({region.id})", REGION + region.id) for region in self.rulebook.regions
        )

    def _of_facts(self) -> Iterator[Heading]:
        for title, prefix, facts in (
            ("About the person", "", self.rulebook.person_facts),
            ("About a try of a stretch", TRIAL, self.rulebook.trial_facts),
        ):
            if facts:
                yield Heading(2, title)
                yield from (Heading(3, f"{fact.title} ({prefix}{fact.id})", prefix + fact.id) for fact in facts)

    def _of_statements(self) -> Iterator[Heading]:
        for document in self.rulebook.documents:
            yield Heading(2, f"{document.id}: {document.title}")
            yield from (Heading(3, one.id, one.id) for one in self.rulebook.statements if one.document == document.id)

    @cached_property
    def _anchors(self) -> dict[tuple[str, str], str]:
        return {
            (page, heading.of): slug
            for page, headings in self.headings.items()
            for heading, slug in zip(headings, slugs(heading.text for heading in headings), strict=True)
            if heading.of is not None
        }

    def to(self, page: str, of: str, text: str, root: str = "") -> str:
        """Return a link to an entry of a list page; `root` is `UP` from a rule's page."""
        return f"[{plain(text)}]({root}{page}#{self._anchors[page, of]})"

    def to_within(self, page: str, of: str, text: str) -> str:
        """Return a link to an entry of the same page."""
        return f"[{plain(text)}](#{self._anchors[page, of]})"

    def to_stretches(self, ids: Iterable[str], root: str = "") -> list[str]:
        """Return links to stretches, in the order of the catalogue."""
        wanted = frozenset(ids)
        return [self.to(STRETCHES, one.id, one.name, root) for one in self.rulebook.stretches if one.id in wanted]

    def to_rule(self, name: str, root: str = "") -> str:
        """Return a link to a rule's page."""
        return f"[{plain(self.rules[name].title)}]({root}rules/{name}.md)"


def book_of(reading: Reading) -> Book:
    """Return a book of the rulebook that was read; raise `RulebookError` if it has problems."""
    rulebook = reading.admitted()
    files = {read.rule.id: file for file, read in reading.rules.items() if read.rule is not None}
    return Book(
        rulebook,
        files,
        {name: frozenset(_comparisons(reading.sources.texts[file].data)) for name, file in files.items()},
    )


def _comparisons(written: object, fact: str = "") -> Iterator[Comparison]:
    """Yield every comparison in a rule's file that excludes its number."""
    match written:
        case dict():
            for key, value in written.items():
                if key in ("less_than", "more_than") and isinstance(value, int):
                    yield fact, str(key), value
                yield from _comparisons(value, str(key))
        case list():
            for entry in written:
                yield from _comparisons(entry)
        case _:
            return
