"""Random rulebooks and people, and laws that hold for every rulebook, to test one's own.

`profiles`, `rulebooks` and `more_answered` are Hypothesis strategies. Hypothesis comes with the extra `test`, and is
imported with the first of them.
`books` and `people` draw from any `random.Random`; the strategies are the same draws, made by Hypothesis.

>>> from hypothesis import given, settings
>>> from backscreen.loading.rulebook_files import load_rulebooks
>>> from backscreen.testing import assert_engines_agree, profiles
>>> knowledge_base = load_rulebooks("lower-back")
>>> @settings(max_examples=5, database=None, deadline=None)
... @given(profiles(knowledge_base))
... def every_engine_agrees(profile):
...     assert_engines_agree(knowledge_base, profile)
>>> every_engine_agrees()
"""

from typing import TYPE_CHECKING, Any

from backscreen.testing.laws import (
    assert_answers_stay_within_bounds,
    assert_engines_agree,
    assert_order_changes_nothing,
    assert_restrictions_never_loosen,
    engines,
)
from backscreen.testing.random_people import thresholds
from backscreen.testing.random_rulebooks import EFFECTS, MOTIONS, Plain

if TYPE_CHECKING:
    from backscreen.testing.strategies import more_answered, profiles, rulebooks

__all__ = [
    "EFFECTS",
    "MOTIONS",
    "Plain",
    "assert_answers_stay_within_bounds",
    "assert_engines_agree",
    "assert_order_changes_nothing",
    "assert_restrictions_never_loosen",
    "engines",
    "more_answered",
    "profiles",
    "rulebooks",
    "thresholds",
]


def __getattr__(name: str) -> Any:
    """Import the strategies when needed: the pytest plugin in this package works without Hypothesis."""
    if name in {"more_answered", "profiles", "rulebooks"}:
        from backscreen.testing import strategies

        return getattr(strategies, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
