"""All pages of a rulebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from backscreen.loading.rulebook_assembly import Reading
from backscreen.model.rules import Rule, Status
from backscreen.rendering.pages.diagrams import pictures
from backscreen.rendering.pages.list_pages import disagreements_page, facts_page, statements_page, stretches_page
from backscreen.rendering.pages.markup import items, page, paragraphs, plain, table, web
from backscreen.rendering.pages.page_links import DISAGREEMENTS, FACTS, STATEMENTS, STRETCHES, Book, book_of
from backscreen.rendering.pages.rule_markup import sentence
from backscreen.rendering.pages.rule_page import rule_page
from backscreen.wording.notices import DISCLAIMER, WARNING_SIGNS


def pages(reading: Reading) -> dict[str, str]:
    """Return the pages of a rulebook by path; raise `RulebookError` if it has problems."""
    book = book_of(reading)
    return {
        "index.md": page(book.rulebook.title, _index(book)),
        STRETCHES: stretches_page(book),
        FACTS: facts_page(book),
        STATEMENTS: statements_page(book),
        DISAGREEMENTS: disagreements_page(book),
        **{f"rules/{rule.id}.md": rule_page(rule, book) for rule in book.rulebook.rules},
    }


def _index(book: Book) -> Iterator[str]:
    rulebook = book.rulebook
    yield from paragraphs(plain(rulebook.summary), f"**{_reviewed(rulebook.rules)}**")
    if not rulebook.looks_for_warning_signs:
        yield from paragraphs(plain(WARNING_SIGNS))
    yield from paragraphs(f"`{rulebook.id}` {plain(rulebook.version)}, `{rulebook.digest}`. {DISCLAIMER}")
    disagreeing = sum(bool(rule.disagree_with) for rule in rulebook.rules)
    cases = sum(len(rule.cases) for rule in rulebook.rules)
    yield from items(
        [
            f"[Stretches](stretches.md) ({len(rulebook.stretches)}): how each is done, and the rules about it",
            f"[Facts](facts.md) ({len(book.facts)}): the questions for people, and the rules that read the answers",
            f"[Statements](statements.md) ({len(rulebook.statements)}): what the documents say, and what uses it",
            f"[Disagreements](disagreements.md) ({disagreeing}): rules that contradict a statement",
            f"Rules ({len(rulebook.rules)}): below, a page each, with {cases} cases of single rules",
            f"Scenarios ({len(rulebook.scenarios)}): whole people, for all rules together",
        ]
    )
    yield from _documents(book)
    for folder, rules in book.folders.items():
        yield f"## Rules: {plain(folder)} ({len(rules)})"
        yield ""
        yield from table(
            ("rule", "in a sentence", "review"),
            ((book.to_rule(rule.id), sentence(rule, book), rule.status.value) for rule in rules),
        )
        yield from pictures([rule for rule in rules if rule.status is not Status.RETIRED], book)


def _reviewed(rules: Sequence[Rule]) -> str:
    """Return how many rules are reviewed, drafts and retired."""
    count = Counter(rule.status for rule in rules)
    sentences = [
        f"Reviewed: {count[Status.REVIEWED]} of {len(rules)} rules."
        if count[Status.REVIEWED]
        else "No rule has been reviewed."
    ]
    if count[Status.DRAFT]:
        sentences.append(f"Drafts, active but not reviewed: {count[Status.DRAFT]}.")
    if count[Status.RETIRED]:
        sentences.append(f"Retired: {count[Status.RETIRED]}.")
    return " ".join(sentences)


def _documents(book: Book) -> Iterator[str]:
    yield "## Documents"
    yield ""
    count = Counter(statement.document for statement in book.rulebook.statements)
    rows = (
        (
            plain(one.id),
            plain(one.title),
            "" if one.year is None else str(one.year),
            "" if one.url is None else web(one.url),
            str(count[one.id]),
        )
        for one in book.rulebook.documents
    )
    yield from table(("id", "document", "year", "address", "statements"), rows)
