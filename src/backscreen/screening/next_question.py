"""Rules that could still change a screening, and the question that matters most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from backscreen.model.effects import Certainty
from backscreen.screening.bounds import Bounds
from backscreen.screening.outcomes import Outcomes
from backscreen.screening.parts import Finding


def could_matter(finding: Finding, bounds: Bounds) -> bool:
    """Return whether a rule could make something stricter than it is at best.

    It may do so once it fires, or once it is known on which stretch it acts.
    """
    if finding.certainty is Certainty.MAY_FIRE and finding.directive > bounds.directives[0]:
        return True
    verdict = finding.effect.verdict
    return any(verdict > best for best in {bounds.at_best[name] for name in finding.may_act_on})


def next_fact(
    findings: Sequence[Finding], bounds: Bounds, outcomes: Outcomes, unsure: Collection[str]
) -> tuple[str, Finding] | None:
    """Return the unanswered fact that matters most, and the strongest finding that depends on it.

    Of the facts of the strongest effect still open, it is the one that keeps the most stretches open. Return None where
    everything is settled, or only facts that were answered `unsure` are left.
    """
    strongest: dict[str, Finding] = {}
    for finding in findings:
        if could_matter(finding, bounds):
            for place in finding.unanswered:
                strongest.setdefault(place, finding)
    kept_open = Counter(place for reasons in outcomes.stretches.values() for place in reasons.unanswered)

    def weight(place: str) -> tuple[int, int]:
        return strongest[place].effect.rank, -kept_open[place]

    askable = [place for place in outcomes.unanswered if place not in unsure]
    if not askable:
        return None
    place = min(askable, key=weight)  # of equals the first, in the order of the rulebooks
    return place, strongest[place]
