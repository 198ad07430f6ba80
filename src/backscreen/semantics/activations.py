"""What an engine answers: which rules fire, and which may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from attrs import frozen

from backscreen.model.effects import Certainty
from backscreen.model.facts import Value


class Activation(NamedTuple):
    """A rule, by its index in `KnowledgeBase.rules`, and the index of the trial that made it fire (-1: the person)."""

    rule: int
    trial: int


ON_THE_PERSON = -1

Activations = Mapping[Activation, Certainty]
"""Each rule that fires or may fire, with which of the two; one that is missing does not fire."""

DecidedRule = tuple[int, int, Certainty]
"""Rule, trial and certainty of an activation as a plain tuple, for loops over many people."""


@frozen(eq=False, repr=False)
class Subject:
    """What a rule is tried against: the person's answers and, for a trial, the trial's too (`trial.felt`).

    `stretch` is the tried one; None if it is unknown or there is no trial. Unanswered facts are missing from `answers`.
    """

    answers: Mapping[str, Value]
    stretch: str | None = None


class Engine(Protocol):
    """Something that decides which rules fire: one reading of the rulebook's conditions."""

    name: str

    def activations(self, person: Subject, trials: tuple[Subject, ...]) -> Activations:
        """Decide every rule against the person, or against each trial."""
        ...

    def give_up(self) -> None:
        """Drop, after a fault, everything that another engine for the same rulebooks would share with this one."""
        ...


class EngineFault(Exception):
    """An engine failed a check. `kind` and `detail` never hold an answer of the person."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
