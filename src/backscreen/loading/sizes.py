"""Bounds on the total size of a rulebook, so that every command answers in a moment."""

from __future__ import annotations

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.loading.rulebook_texts import Sources
from backscreen.model.conditions import atoms
from backscreen.model.rulebook import Rulebook

MOST_RULES = 2_000
MOST_FACTS = 5_000
MOST_STRETCHES = 500
MOST_ASKED = 200_000
"""Facts that rules read, times stretches: a screening lists what is unanswered for each stretch."""
MOST_SAID = 1_700_000
"""Characters of all titles, reasons and cited statements: a screening may show every rule."""


def beyond(sources: Sources, book: Rulebook, folder: str) -> Diagnostic | None:
    """Return what is too large about a rulebook, or None; `folder` is its name in messages."""
    facts = sources.texts.get("facts.yaml")
    if len(book.rules) > MOST_RULES:
        what, where = f"there are more than {MOST_RULES} rules", folder
    elif len(book.person_facts) + len(book.trial_facts) > MOST_FACTS and facts is not None:
        what, where = f"there are more than {MOST_FACTS} facts", facts.name
    elif len(book.stretches) > MOST_STRETCHES:
        what, where = (
            f"there are more than {MOST_STRETCHES} stretches",
            sources.texts["stretches.yaml"].at(("stretches", MOST_STRETCHES)),
        )
    elif (
        sum(max(1, len({atom.fact for atom in atoms(rule.when)})) for rule in book.rules) * len(book.stretches)
        > MOST_ASKED
    ):
        what, where = "the rules read too many facts for so many stretches", folder
    elif _said(book) > MOST_SAID:
        what, where = f"the rules and what they cite are longer than {MOST_SAID} characters together", folder
    else:
        return None
    return Diagnostic(what, location=where, help="split the rulebook into several", code="too-many-values")


def _said(book: Rulebook) -> int:
    """Return how many characters it takes to show every rule with its sources."""
    titles = {document.id: len(document.title) for document in book.documents}
    cited = {one.id: titles.get(one.document, 0) + len(one.where) + len(one.says) for one in book.statements}
    return sum(
        len(rule.title) + len(rule.reason) + sum(cited.get(name, 0) for name in {*rule.statements, *rule.disagree_with})
        for rule in book.rules
    )
