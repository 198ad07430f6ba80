"""Screening with the compiled engine alone: from a profile to a screening in as few steps as there can be.

What rules do comes as bits. How things stand is remembered by them, since most people are told one of a few hundred things.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, assert_never

from backscreen.engines.python.compiled_engine import CompiledEngine, Decided
from backscreen.model.facts import Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile, blanks
from backscreen.screening.bounds import bounds
from backscreen.screening.finding_cache import Findings
from backscreen.screening.findings import Telling
from backscreen.screening.result import Part, RulebookUsed, Screening, Standing, standing
from backscreen.screening.situation import situation

MOST_STANDINGS = 4096


class FastPath:
    """Screens, and tells why, from what the compiled engine decides; may be shared between threads."""

    def __init__(self, knowledge_base: KnowledgeBase, engine: CompiledEngine, used: tuple[RulebookUsed, ...]) -> None:
        self._knowledge_base = knowledge_base
        self._engine = engine
        self._decide = engine.decide
        self._has_unsure_options = knowledge_base.has_unsure_options
        self._used = used
        self._standings: dict[tuple[int, int], Standing] = {}
        self._telling = Telling(knowledge_base)
        self._findings = Findings(knowledge_base, engine.masks, self._telling)
        self._late = self._tell  # bound once, and not for each person

    def screen(self, profile: Profile) -> Screening | None:
        """The screening, or None where the profile is not all as it must be, or anything else is out of the ordinary: then the long way decides."""
        if type(profile) is not Profile or (self._has_unsure_options and _is_unsure(profile)):
            return None
        answers: Mapping[str, Value | None] = profile._answers  # noqa: SLF001 - as they are, without a step more
        if profile.left_open or profile.unsure:
            answers = {**blanks(profile), **answers}
        try:
            decided = self._decide(answers, profile.trials, profile.otherwise == "no")
        except Exception:  # of whatever kind: it may hold an answer, and the long way decides
            return None
        if decided is None:
            return None
        ends = decided[0]
        made: Screening = object.__new__(Screening)  # and not its `__init__`, which takes twice as long
        said = made.__dict__
        said["rulebooks"] = self._used
        said["engine"] = "compiled"
        said["fault"] = None
        said["_standing"] = self._standings.get(ends) or self._standing(ends)
        said["_tell"] = partial(self._late, profile, decided)
        return made

    def _standing(self, ends: tuple[int, int]) -> Standing:
        """How things stand where rules do this at best and at worst."""
        if len(self._standings) >= MOST_STANDINGS:
            self._standings.clear()
        masks, (at_best, at_worst) = self._engine.masks, ends
        found = self._standings[ends] = standing(
            masks.directive(at_best), masks.directive(at_worst), masks.verdicts(at_best, at_worst)
        )
        return found

    def _tell(self, profile: Profile, decided: Decided, part: Part) -> Any:
        """What is worked out late of a screening."""
        match part:
            case "advice":
                return self._telling.advice
            case "origins":
                return situation(self._knowledge_base, profile).origins
            case "findings":
                return self._findings.told(profile, decided)
            case "outcomes":
                known, activations = situation(self._knowledge_base, profile), self._engine.activations_of(decided)
                return self._telling.outcomes(known, activations, bounds(self._knowledge_base, known, activations))
            case _:
                assert_never(part)


def _is_unsure(profile: Profile) -> bool:
    return bool(profile.unsure) or any(trial.unsure for trial in profile.trials)
