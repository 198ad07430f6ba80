"""Screening with the compiled engine alone, in as few steps as possible."""

from __future__ import annotations

from collections.abc import Mapping

from backscreen.engines.python.compiled_engine import CompiledEngine, Decided
from backscreen.model.facts import Value
from backscreen.model.profile import Profile, answers_of, blanks
from backscreen.screening.bounds import Bounds
from backscreen.screening.cached import cached_property
from backscreen.screening.details import Details, Explainer
from backscreen.screening.parts import RulebookUsed
from backscreen.screening.result import Screening
from backscreen.semantics.activations import DecidedRule

MOST_BOUNDS = 4096
"""Bounds that are cached. Most people share one of a few hundred."""


class FastPath:
    """Screens from what the compiled engine decides; may be shared between threads."""

    def __init__(self, explainer: Explainer, engine: CompiledEngine, used: tuple[RulebookUsed, ...]) -> None:
        self._explainer = explainer
        self._engine = engine
        self._decide = engine.decide
        self._has_unsure_options = explainer.knowledge_base.has_unsure_options
        self._used = used
        self._bounds: dict[tuple[int, int], Bounds] = {}

    def screen(self, profile: Profile) -> Screening | None:
        """Return the screening, or None for any unusual input: then the screener validates the profile and decides."""
        if type(profile) is not Profile or (self._has_unsure_options and _is_unsure(profile)):
            return None
        answers: Mapping[str, Value | None] = answers_of(profile)
        if profile.left_open or profile.unsure:
            answers = {**blanks(profile), **answers}
        try:
            decided = self._decide(answers, profile.trials, profile.otherwise == "no")
        except Exception:  # of any kind: its text may hold an answer, and the screener decides
            return None
        if decided is None:
            return None
        bounds = self._bounds.get(decided[0]) or self._new_bounds(decided[0])
        details = CompiledDetails(self._explainer, profile, bounds, self._engine, decided)
        return Screening(rulebooks=self._used, engine="compiled", fault=None, details=details)

    def _new_bounds(self, ends: tuple[int, int]) -> Bounds:
        """Return the bounds of effects at best and at worst, and cache them."""
        if len(self._bounds) >= MOST_BOUNDS:
            self._bounds.clear()
        masks, (at_best, at_worst) = self._engine.masks, ends
        bounds = self._bounds[ends] = Bounds(
            masks.verdicts(at_best),
            masks.verdicts(at_worst),
            (masks.directive(at_best), masks.directive(at_worst)),
        )
        return bounds


class CompiledDetails(Details):
    """Details from what the compiled engine decided."""

    def __init__(
        self, explainer: Explainer, profile: Profile, bounds: Bounds, engine: CompiledEngine, bits: Decided
    ) -> None:
        self._explainer = explainer
        self._profile = profile
        self.bounds = bounds
        self._engine = engine
        self._bits = bits

    @cached_property
    def _decided(self) -> list[DecidedRule]:
        return self._engine.decided_rules(self._bits)


def _is_unsure(profile: Profile) -> bool:
    return bool(profile.unsure) or any(trial.unsure for trial in profile.trials)
