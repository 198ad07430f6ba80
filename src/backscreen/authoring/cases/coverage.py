"""The rules, stretches and cases that use each statement of the documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from attrs import frozen

from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Becomes, Statement, Status

User = TypeVar("User")


@frozen(kw_only=True, eq=False, repr=False)
class Coverage:
    """The users of one statement; `missing` are the kinds that it says it becomes and does not, or the reverse."""

    rulebook: str
    statement: Statement
    rules: tuple[str, ...]
    disagreeing: tuple[str, ...]
    stretches: tuple[str, ...]
    regions: tuple[str, ...]
    cases: int
    missing: tuple[Becomes, ...]

    @property
    def is_covered(self) -> bool:
        """Whether the statement has become all that it says, and nothing else."""
        return not self.missing


def statement_coverage(knowledge_base: KnowledgeBase) -> list[Coverage]:
    """Return the coverage of every statement, in the order of the rulebooks."""
    return [coverage for book in knowledge_base.books for coverage in _book_coverage(book)]


def _book_coverage(book: Rulebook) -> Iterator[Coverage]:
    acting = [rule for rule in book.rules if rule.status is not Status.RETIRED]
    rules = _by_statement((rule, rule.statements) for rule in acting)
    disagreeing = _by_statement((rule, rule.disagree_with) for rule in acting)
    stretches = _by_statement((stretch, stretch.statements) for stretch in book.stretches)
    regions = _by_statement((region, region.statements) for region in book.regions)
    for statement in book.statements:
        name = statement.id
        used = {Becomes.RULE: name in rules, Becomes.STRETCH: name in stretches, Becomes.REGION: name in regions}
        yield Coverage(
            rulebook=book.id,
            statement=statement,
            rules=tuple(rule.id for rule in rules.get(name, ())),
            disagreeing=tuple(rule.id for rule in disagreeing.get(name, ())),
            stretches=tuple(stretch.id for stretch in stretches.get(name, ())),
            regions=tuple(region.id for region in regions.get(name, ())),
            cases=sum(len(rule.cases) for rule in rules.get(name, ())),
            missing=tuple(kind for kind, is_used in used.items() if is_used != (kind in statement.becomes)),
        )


def _by_statement(users: Iterable[tuple[User, Iterable[str]]]) -> dict[str, list[User]]:
    """Return the users of each statement, in their order."""
    found: dict[str, list[User]] = {}
    for user, names in users:
        for name in dict.fromkeys(names):
            found.setdefault(name, []).append(user)
    return found
