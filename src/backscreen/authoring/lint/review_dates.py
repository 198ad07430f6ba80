"""What a reviewer would send back in one rule: no reason that says why, dates that cannot be, expectations of rules that are retired."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import date

from backscreen.loading.condition_parser import Misfit
from backscreen.model.rules import Rule, Scenario

FEWEST_WORDS = 4
"""A reason of fewer words than these says no why."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def review(rule: Rule, today: date) -> Iterator[Misfit]:
    """What is to be said of a rule's reason, and of its reviews as of `today`."""
    if rule.effect.restricts:
        reason, title = (_WORD.findall(text.casefold()) for text in (rule.reason, rule.title))
        if len(reason) < FEWEST_WORDS or reason == title:
            help_ = "say in a sentence why, as you would to the person whom it is about"
            yield Misfit("no-reason", ("reason",), "this restriction gives no reason", help_)
    if rule.reviewed_on is not None and rule.reviewed_on > today:
        help_ = "write the day on which the rule was reviewed; `--today` sets what day it is"
        yield Misfit("reviewed-in-future", ("reviewed_on",), f"{rule.reviewed_on} is yet to come", help_)
    if rule.review_by is not None and rule.review_by < today:
        help_ = "look at the rule and its sources again, and write a later day"
        yield Misfit("review-overdue", ("review_by",), f"this rule was to be reviewed by {rule.review_by}", help_)


def expectations(scenario: Scenario, index: int, retired: Container[str]) -> Iterator[Misfit]:
    """Expectations that a retired rule fires, which it never does again."""
    for part in ("fires", "may_fire"):
        for number, name in enumerate(getattr(scenario.expect, part)):
            if name in retired:
                help_ = "take it away here, or give the rule another status"
                yield Misfit(
                    "retired-rule-expected",
                    (index, "expect", part, number),
                    f"the rule `{name}` is retired, and fires no more",
                    help_,
                )
