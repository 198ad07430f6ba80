"""Bounds on the length of every text of a rulebook, in characters, so that no output grows without end."""

from __future__ import annotations

ID = 60
LINE = 300
"""Titles, names, units, places in documents: all that is read on one line."""
SENTENCES = 1_000
"""Questions, steps and advice."""
PARAGRAPH = 4_000

_LONGEST = {
    **dict.fromkeys(
        (
            *(
                f"{kind}.id"
                for kind in (
                    "Code",
                    "Document",
                    "Group",
                    "Head",
                    "Option",
                    "Region",
                    "Rule",
                    "Statement",
                    "Stretch",
                    "Target",
                )
            ),
            *("Fact.id", "Fact.group", "Choice.no"),
            *(
                "Head.language",
                "Head.version",
                "Head.retired_ids",
                "Code.system",
                "Code.code",
                "RangeFact.unit",
                "Unit.unit",
            ),
        ),
        ID,
    ),
    **dict.fromkeys(
        ("Document.url", "Fact.question", "Stretch.steps", "Statement.advice"),
        SENTENCES,
    ),
    **dict.fromkeys(("Head.summary", "Rule.reason", "Rule.reading", "Statement.says"), PARAGRAPH),
}


def longest(kind: type, key: str) -> int:
    """Return how many characters a text may have under a key of this class.

    >>> from backscreen.model.rules import Rule
    >>> longest(Rule, "title"), longest(Rule, "reason")
    (300, 4000)
    """
    places = (f"{base.__name__.lstrip('_')}.{key}" for base in kind.__mro__)
    return next((_LONGEST[place] for place in places if place in _LONGEST), LINE)


TEXTS = frozenset(
    {
        "title",
        "summary",
        "question",
        "means",
        "name",
        "position",
        "steps",
        "where",
        "says",
        "advice",
        "reason",
        "reading",
    }
)
"""Keys under which people write sentences."""
NO_TEXTS = frozenset({"when", "given", "expect"})
"""Keys below which the keys are names that a rulebook declares."""
