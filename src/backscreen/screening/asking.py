"""What is still to be found out, and which question matters most."""

from __future__ import annotations

from backscreen.screening.outcome import Screening


def most_telling(screening: Screening) -> str | None:
    """The unanswered fact that matters most: of the strongest effect still open, the one that keeps the most stretches open.

    None where everything is settled.
    """
    if not screening.unanswered:
        return None

    def weight(place: str) -> tuple[int, int]:
        effects = [finding.effect.rank for finding in screening.findings if place in finding.unanswered]
        keeps_open = sum(place in outcome.unanswered for outcome in screening.stretches)
        return min(effects), -keeps_open

    return min(screening.unanswered, key=weight)  # of equals the first, in the rulebook's own order
