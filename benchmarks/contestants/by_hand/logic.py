"""Yes, no, and None for not known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Kleene = bool | None
Get = Callable[[str], Any]
"""The answer to a fact, None where there is none; answers are checked before."""


def any_of(*values: Kleene) -> Kleene:
    """Yes if one is yes, else not known if one is not known, else no."""
    if True in values:
        return True
    return None if None in values else False


def all_of(*values: Kleene) -> Kleene:
    """No if one is no, else not known if one is not known, else yes."""
    if False in values:
        return False
    return None if None in values else True


def at_least(value: int | None, least: int) -> Kleene:
    """Whether a number is no less than this."""
    return None if value is None else value >= least
