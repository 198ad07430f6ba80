"""Contestants, the tasks that they are timed on, and the form of their answers."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from importlib.metadata import PackageNotFoundError, version

from attrs import frozen

from backscreen.model.effects import Certainty, Directive, Verdict
from backscreen.model.facts import Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.semantics.reference import Decision
from benchmarks.workload import Person

Activations = Mapping[tuple[int, int], Certainty]
"""Certainty by rule, as its index in `KnowledgeBase.rules`, and by trial, as its index or -1 for the person."""
Outcome = tuple[str, Mapping[str, str]]
"""Directive, and the verdict of each stretch in the order of the catalogue."""
Findings = Sequence[tuple[str, str, Mapping[str, Value], Sequence[tuple[str, str, str]]]]
"""Rule, reason, deciding answers and sources (statement, document, place) of each finding."""


def outcome_of(decision: Decision) -> Outcome:
    """Return the outcome of the reference's decision."""
    verdicts = {name: Verdict.between(*bounds) for name, bounds in decision.stretches.items()}
    return Directive.between(*decision.directive), verdicts


class Task(Enum):
    """Question that contestants are timed on."""

    OUTCOME = "directive and all verdicts"
    ACTIVATIONS = "rules that fire and may fire"
    FINDINGS = "every finding with reason and sources"


@frozen(eq=False)
class Adapter:
    """Contestant with its rules loaded: a function for each task, None for a task that it does not do."""

    outcome: Callable[[Person], Outcome] | None = None
    activations: Callable[[Person], Activations] | None = None
    findings: Callable[[Person], Findings] | None = None
    from_profile: bool = False
    """Whether it reads `Person.profile`; each turn then gets new profiles, in which nothing is cached."""

    @property
    def timed(self) -> dict[Task, Callable[[Person], object]]:
        """The timed tasks; activations are not timed where there are findings, which include them."""
        activations = None if self.findings else self.activations
        functions = {Task.OUTCOME: self.outcome, Task.ACTIVATIONS: activations, Task.FINDINGS: self.findings}
        return {task: function for task, function in functions.items() if function is not None}


@frozen(eq=False)
class Contestant:
    """Program that takes part; docs/performance.md describes what each is given."""

    name: str
    package: str | None
    """The distribution that it needs."""
    load: Callable[[KnowledgeBase], Adapter]
    bundled_only: bool = False
    """Whether it knows the bundled rulebooks only."""

    @property
    def version(self) -> str | None:
        """The version of its package, empty where it needs none, None where it is not installed."""
        try:
            return version(self.package) if self.package else ""
        except PackageNotFoundError:
            return None
