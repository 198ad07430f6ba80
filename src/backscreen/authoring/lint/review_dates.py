"""Lints of one rule's review: a reason that says why, plausible dates, and no expectations of retired rules."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import date

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.model.rules import Rule, Scenario

FEWEST_WORDS = 4
"""A shorter reason cannot say why."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def review(rule: Rule, today: date) -> Iterator[Diagnostic]:
    """Yield what is wrong with a rule's reason, and with its review dates as of `today`."""
    if rule.effect.restricts:
        reason, title = (_WORD.findall(text.casefold()) for text in (rule.reason, rule.title))
        if len(reason) < FEWEST_WORDS or reason == title:
            help_ = "explain why in one sentence, as you would to the person whom it is about"
            yield Diagnostic("this restriction gives no reason", path=("reason",), help=help_, code="no-reason")
    if rule.reviewed_on is not None and rule.reviewed_on > today:
        help_ = "write the day on which the rule was reviewed; `--today` sets the current date"
        yield Diagnostic(
            f"{rule.reviewed_on} is in the future", path=("reviewed_on",), help=help_, code="reviewed-in-future"
        )
    if rule.review_by is not None and rule.review_by < today:
        help_ = "review the rule and its sources again, and set a later date"
        yield Diagnostic(
            f"this rule was due for review by {rule.review_by}", path=("review_by",), help=help_, code="review-overdue"
        )


def expectations(scenario: Scenario, index: int, retired: Container[str]) -> Iterator[Diagnostic]:
    """Yield each expectation that a retired rule fires."""
    for part in ("fires", "may_fire"):
        for number, name in enumerate(getattr(scenario.expect, part)):
            if name in retired:
                path = (index, "expect", part, number)
                help_ = "remove it here, or give the rule another status"
                yield Diagnostic(
                    f"the rule `{name}` is retired and never fires", path=path, help=help_, code="retired-rule-expected"
                )
