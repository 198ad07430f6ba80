"""Lints of one rule's review: a reason that says why, plausible dates, and no expectations of retired rules."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import date

from backscreen.loading.condition_parser import Misfit
from backscreen.model.rules import Rule, Scenario

FEWEST_WORDS = 4
"""A shorter reason cannot say why."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def review(rule: Rule, today: date) -> Iterator[Misfit]:
    """Yield what is wrong with a rule's reason, and with its review dates as of `today`."""
    if rule.effect.restricts:
        reason, title = (_WORD.findall(text.casefold()) for text in (rule.reason, rule.title))
        if len(reason) < FEWEST_WORDS or reason == title:
            help_ = "explain why in one sentence, as you would to the person whom it is about"
            yield Misfit("no-reason", ("reason",), "this restriction gives no reason", help_)
    if rule.reviewed_on is not None and rule.reviewed_on > today:
        help_ = "write the day on which the rule was reviewed; `--today` sets the current date"
        yield Misfit("reviewed-in-future", ("reviewed_on",), f"{rule.reviewed_on} is in the future", help_)
    if rule.review_by is not None and rule.review_by < today:
        help_ = "review the rule and its sources again, and set a later date"
        yield Misfit("review-overdue", ("review_by",), f"this rule was due for review by {rule.review_by}", help_)


def expectations(scenario: Scenario, index: int, retired: Container[str]) -> Iterator[Misfit]:
    """Yield each expectation that a retired rule fires."""
    for part in ("fires", "may_fire"):
        for number, name in enumerate(getattr(scenario.expect, part)):
            if name in retired:
                path = (index, "expect", part, number)
                help_ = "remove it here, or give the rule another status"
                yield Misfit("retired-rule-expected", path, f"the rule `{name}` is retired and never fires", help_)
