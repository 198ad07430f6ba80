"""The shipped rulebooks in plain Python, written by hand: what somebody gets who needs no rulebook, no reasons and no sources."""

from __future__ import annotations

from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.by_hand import stretches
from benchmarks.contestants.by_hand.screening import screen
from benchmarks.contestants.contestant import Contestant, Decided, Ready
from benchmarks.people import Person


def _prepare(_guidance: Guidance) -> Ready:
    stretches.verdicts.cache_clear()  # what was remembered of the people by whom it was checked

    def verdicts(person: Person) -> Decided:
        return screen(person.answers, person.trials)

    return Ready(verdicts)


BY_HAND = Contestant(
    "by hand",
    None,
    "The rulebooks' conditions written into Python by hand, from plain answers: names, types and bounds are checked, the unknown is `None`, sets of stretches"
    " are bits, and an emergency ends it at once, since nothing is stricter. It has no reasons, no sources and no open questions, and whoever changes a"
    " rule changes the program.",
    _prepare,
    shipped_only=True,
)
