"""Checks of what the parts of a rulebook say about one another."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from attrs import evolve, frozen

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.loading.case_checks import check_cases, check_scenario
from backscreen.loading.catalogue_checks import check_catalogue, check_head, check_statements
from backscreen.loading.declared_names import Names
from backscreen.loading.fact_checks import Reporter
from backscreen.loading.rule_checks import check_rule, check_rule_id
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule

_DEPENDENT_PATHS = ((), ("applies_to",), ("tried",), ("about",), ("status",), ("when",))
"""Paths of diagnostics that may follow from an error elsewhere in the rule."""


@frozen(eq=False, repr=False)
class ReadRule:
    """The readable part of a rule's file, and the keys that are invalid or missing."""

    rule: Rule | None
    invalid_keys: frozenset[str]

    def is_independent(self, diagnostic: Diagnostic) -> bool:
        """Return whether a diagnostic is more than a consequence of an error already reported."""
        if not self.invalid_keys:
            return True
        return diagnostic.path not in _DEPENDENT_PATHS and diagnostic.path[0] not in self.invalid_keys


def check_rulebook(
    sources: Reporter, book: Rulebook, rules: Mapping[str, ReadRule], names: Names, valid_files: Container[str]
) -> None:
    """Report every error in what one part of a rulebook says about another.

    `rules` are the readable rules by file. Of the other files, only those in `valid_files` are checked.
    """
    for file, diagnostics in (
        ("rulebook.yaml", check_head(book)),
        ("statements.yaml", check_statements(book, names)),
        ("stretches.yaml", check_catalogue(book, names)),
    ):
        for diagnostic in diagnostics if file in valid_files else ():
            sources.report(file, diagnostic)
    for file, diagnostic in _rules(book, rules, names):
        sources.report(file, diagnostic)


def _rules(book: Rulebook, rules: Mapping[str, ReadRule], names: Names) -> Iterator[tuple[str, Diagnostic]]:
    """Yield what is wrong with the rules and the scenarios."""
    knowledge_base = single_knowledge_base(book)
    seen: dict[str, tuple[str, bool]] = {}
    retired = frozenset(book.retired_ids)
    for file, read in rules.items():
        if read.rule is None:
            continue
        for diagnostic in (
            *check_rule_id(read.rule, file, seen, retired),
            *check_rule(read.rule, book, names, knowledge_base.facts),
            *check_cases(read.rule, knowledge_base, names),
        ):
            if read.is_independent(diagnostic):
                yield file, diagnostic
    ids = dict.fromkeys([*(rule.id for rule in book.rules), *names.rules])
    for index, scenario in enumerate(book.scenarios):
        for diagnostic in check_scenario(scenario, knowledge_base, names, ids):
            yield "scenarios.yaml", diagnostic.under((index,))


def single_knowledge_base(book: Rulebook) -> KnowledgeBase:
    """Return a knowledge base of one rulebook; of duplicate stretches, only the first is kept."""
    first = {stretch.id: stretch for stretch in reversed(book.stretches)}
    stretches = tuple(stretch for stretch in book.stretches if first[stretch.id] is stretch)
    return KnowledgeBase([evolve(book, stretches=stretches)])
