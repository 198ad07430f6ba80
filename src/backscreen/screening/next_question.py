"""What is still to be found out, and which question matters most."""

from __future__ import annotations

from collections import Counter

from backscreen.model.effects import Certainty
from backscreen.screening.parts import Finding
from backscreen.screening.result import Screening


def could_matter(finding: Finding, screening: Screening) -> bool:
    """Whether a rule, once it fires or it is known on which stretch it acts, would make something stricter than it is at best."""
    if finding.certainty is Certainty.MAY_FIRE and finding.directive > screening.at_best:
        return True
    return any(finding.effect.verdict > screening[name].at_best for name in finding.may_act_on)


def most_telling(screening: Screening) -> str | None:
    """The unanswered fact that matters most: of the strongest effect still open, the one that keeps the most stretches open.

    None where everything is settled, or only facts that were answered `unsure` are left.
    """
    still_open = [finding for finding in screening.findings if could_matter(finding, screening)]
    ranks = {
        place: finding.effect.rank for finding in reversed(still_open) for place in finding.unanswered
    }  # the strongest is told first, and stays

    kept_open = Counter(place for outcome in screening.stretches for place in outcome.unanswered)

    def weight(place: str) -> tuple[int, int]:
        return ranks.get(place, len(ranks)), -kept_open[place]

    askable = [place for place in screening.unanswered if place not in screening.unsure]
    return min(askable, key=weight, default=None)  # of equals the first, in the rulebook's own order
