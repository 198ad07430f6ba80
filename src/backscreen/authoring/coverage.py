"""Which rules, stretches and cases each statement of the documents is used by."""

from __future__ import annotations

from attrs import frozen

from backscreen.rulebook.rulebook import Guidance, Rulebook
from backscreen.rulebook.rules import Becomes, Statement, Status


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
    def placed(self) -> bool:
        """Whether the statement has become all that it says, and nothing that it does not say."""
        return not self.missing


def coverage(guidance: Guidance) -> list[Coverage]:
    """Every statement of the rulebooks, in their order."""
    return [_covered(book, statement) for book in guidance.books for statement in book.statements]


def _covered(book: Rulebook, statement: Statement) -> Coverage:
    acting = [rule for rule in book.rules if rule.status is not Status.RETIRED]
    rules = [rule for rule in acting if statement.id in rule.statements]
    stretches = tuple(stretch.id for stretch in book.stretches if statement.id in stretch.statements)
    regions = tuple(region.id for region in book.regions if statement.id in region.statements)
    used = {Becomes.RULE: bool(rules), Becomes.STRETCH: bool(stretches), Becomes.REGION: bool(regions)}
    return Coverage(
        rulebook=book.id,
        statement=statement,
        rules=tuple(rule.id for rule in rules),
        disagreeing=tuple(rule.id for rule in acting if statement.id in rule.disagree_with),
        stretches=stretches,
        regions=regions,
        cases=sum(len(rule.cases) for rule in rules),
        missing=tuple(kind for kind, is_used in used.items() if is_used != (kind in statement.becomes)),
    )
