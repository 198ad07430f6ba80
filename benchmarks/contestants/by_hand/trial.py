"""The rules about a trial, each with the name that it has in the rulebooks."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.contestants.by_hand.logic import Get, Kleene, all_of, any_of
from benchmarks.contestants.by_hand.stretches import BIT, EVERY, PIRIFORMIS

LONG_MIN = 60


class Response(NamedTuple):
    """Stretches to avoid and those that need care, first for certain and then perhaps; and whether care is needed at all."""

    avoid: int
    caution: int
    perhaps_avoid: int
    perhaps_caution: int
    care: Kleene


def emergency(get: Get) -> Kleene:
    """Whether the rule increase-for-an-hour-or-more says stop."""
    lasted = get("after_lasted_min")
    return all_of(_increased(get("after")), None if lasted is None else lasted >= LONG_MIN)


def response(get: Get, stretch: str | None, piriformis: Kleene) -> Response:
    """What came of a trial of this stretch.

    Where it is not known which stretch was tried, it may have been any, or for a rule about some of them, any of these.
    """
    felt = get("felt")
    pain = None if felt is None else felt == "pain"
    avoid = any_of(
        _lasted(get, 31, 59, _increased(get("after"))),  # increase-over-half-an-hour
        _is(get("after"), "intense_increase"),  # intense-increase
        all_of(pain, get("felt_before_stretch")),  # pain-before-the-stretch-begins
        pain,  # pain-on-a-stretch
    )
    caution = any_of(
        None if felt is None else felt == "discomfort",  # discomfort-on-a-stretch
        _lasted(get, 21, 30, _is(get("after"), "mild_increase")),  # mild-increase-over-twenty-minutes
    )
    on_piriformis = all_of(piriformis, pain)  # pain-on-the-piriformis
    if stretch is None:
        on_piriformis = all_of(on_piriformis, None)
    elif not BIT[stretch] & PIRIFORMIS:
        on_piriformis = False
    care = any_of(avoid, caution, on_piriformis)

    if stretch is None:
        perhaps_avoid = EVERY if avoid is not False else PIRIFORMIS if on_piriformis is not False else 0
        return Response(0, 0, perhaps_avoid, EVERY if caution is not False else 0, care)
    bit = BIT[stretch]
    avoid = any_of(avoid, on_piriformis)
    return Response(
        bit if avoid else 0,
        bit if caution else 0,
        bit if avoid is None else 0,
        bit if caution is None else 0,
        care,
    )


def _increased(after: str | None) -> Kleene:
    return None if after is None else after in {"mild_increase", "intense_increase"}


def _is(after: str | None, wanted: str) -> Kleene:
    return None if after is None else after == wanted


def _lasted(get: Get, least: int, most: int, increased: Kleene) -> Kleene:
    """Whether there was an increase that lasted so many minutes."""
    minutes = get("after_lasted_min")
    return all_of(increased, None if minutes is None else least <= minutes <= most)
