"""Details of a screening, each computed when it is first read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from backscreen.model.catalogue import Stretch
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Origin, Profile
from backscreen.screening.bounds import Bounds
from backscreen.screening.findings import Findings, sources
from backscreen.screening.outcomes import OutcomeReader, Outcomes
from backscreen.screening.parts import Advice, Finding
from backscreen.screening.situation import Situation, situation
from backscreen.semantics.activations import Activations, DecidedRule

PARTS = ("bounds", "catalogue", "origins", "advice", "findings", "outcomes")
"""The details, by name."""


class Explainer:
    """What all screenings of one screener share; may be shared between threads."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self.knowledge_base = knowledge_base

    @cached_property
    def findings(self) -> Findings:
        """The cache of findings."""
        return Findings(self.knowledge_base)

    @cached_property
    def outcomes(self) -> OutcomeReader:
        """The reader of outcomes."""
        return OutcomeReader(self.knowledge_base)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """The advice of all rulebooks, in their order; a sentence that two of them give, once."""
        advice: dict[str, Advice] = {}
        for (book, name), (_, statement) in self.knowledge_base.statements.items():
            if statement.advice is not None:
                (source,) = sources(self.knowledge_base, book, [name])
                advice.setdefault(statement.advice, Advice(book, statement.advice, source))
        return tuple(advice.values())


class Details:
    """The details of one screening. Two threads may compute the same one; it is the same for both.

    There is no lock: a process that forks would keep it locked.
    """

    def __init__(self, explainer: Explainer, profile: Profile, bounds: Bounds, activations: Activations) -> None:
        self._explainer = explainer
        self._profile = profile
        self.bounds = bounds
        self._activations = activations

    @cached_property
    def _decided(self) -> list[DecidedRule]:
        """The rules that fire or may fire, in their order, then in that of trials."""
        return sorted((*activation, certainty) for activation, certainty in self._activations.items())

    @cached_property
    def _situation(self) -> Situation:
        return situation(self._explainer.knowledge_base, self._profile)

    def parts(self) -> dict[str, Any]:
        """Return every detail by its name."""
        return {name: getattr(self, name) for name in PARTS}

    @cached_property
    def catalogue(self) -> Mapping[str, Stretch]:
        """Every stretch by its id."""
        return self._explainer.knowledge_base.stretches

    @cached_property
    def origins(self) -> Mapping[str, Origin]:
        """The origin of each answer by its place."""
        return self._situation.origins

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """The advice for everybody."""
        return self._explainer.advice

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The rules that fire or may fire, in their order."""
        return self._explainer.findings.of(self._situation, self._decided)

    @cached_property
    def outcomes(self) -> Outcomes:
        """The reasons for every verdict, and all that is unanswered."""
        rules = self._explainer.knowledge_base.rules
        return self._explainer.outcomes.outcomes(
            [rules[number] for number, _, _ in self._decided],
            self.findings,
            self.bounds,
            self._explainer.findings.order(len(self._profile.trials)),
        )


class StoredDetails(Details):
    """The details of a screening that was pickled or read back from a dictionary."""

    def __init__(self, parts: Mapping[str, Any]) -> None:
        vars(self).update(parts)
