"""Random rulebooks and people, and the laws that hold for each of them, for anyone's own rulebook.

Needs Hypothesis, which the extra `test` brings. `books` and `people` draw from any `random.Random`; the strategies are the same draws, made by Hypothesis.

>>> from hypothesis import given, settings
>>> from backscreen.loading.rulebooks import load
>>> guidance = load("lower-back")
>>> @settings(max_examples=5, database=None)
... @given(profiles(guidance))
... def every_engine_agrees(profile):
...     assert_engines_agree(guidance, profile)
>>> every_engine_agrees()
"""

from backscreen.testing.books import EFFECTS, MOTIONS, Plain
from backscreen.testing.laws import (
    assert_answers_stay_within_bounds,
    assert_engines_agree,
    assert_order_changes_nothing,
    assert_restrictions_never_loosen,
    engines,
)
from backscreen.testing.people import thresholds
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
