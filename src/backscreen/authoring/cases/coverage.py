"""Which rules, stretches and cases each statement of the documents is used by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from attrs import frozen

from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Becomes, Statement, Status

Thing = TypeVar("Thing")


@frozen(kw_only=True, eq=False, repr=False)
class Coverage:
    """What uses one statement. `missing` is what the statement says it becomes, and does not."""

    rulebook: str
    statement: Statement
    rules: tuple[str, ...]
    disagreeing: tuple[str, ...]
    stretches: tuple[str, ...]
    regions: tuple[str, ...]
    cases: int
    missing: tuple[Becomes, ...]

    @property
    def scoped(self) -> bool:
        """Whether the statement has become all that it says, and nothing that it does not say."""
        return not self.missing


def statement_coverage(knowledge_base: KnowledgeBase) -> list[Coverage]:
    """Every statement of the rulebooks, in their order."""
    return [covered for book in knowledge_base.books for covered in _covered(book)]


def _covered(book: Rulebook) -> Iterator[Coverage]:
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


def _by_statement(things: Iterable[tuple[Thing, Iterable[str]]]) -> dict[str, list[Thing]]:
    """What uses each statement, in its order."""
    found: dict[str, list[Thing]] = {}
    for thing, named in things:
        for name in dict.fromkeys(named):
            found.setdefault(name, []).append(thing)
    return found
