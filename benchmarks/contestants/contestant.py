"""What a contestant is, and the answers that each of them must give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from importlib.metadata import PackageNotFoundError, version

from attrs import frozen

from backscreen.engines.activations import Certainty
from backscreen.engines.reference import Decision
from backscreen.rulebook.facts import TRIAL, Value
from backscreen.rulebook.rulebook import Guidance
from backscreen.rulebook.verdicts import Directive, Verdict
from benchmarks.people import Answers, Person, Tried

Answer = Mapping[tuple[int, int], Certainty]
"""What fires and what may fire: by the rule's number in `Guidance.rules`, and the trial's index or -1 for the person."""
Decided = tuple[str, Mapping[str, str]]
"""The directive, and the verdict of each stretch in the order of the catalogue."""
Findings = Sequence[tuple[str, str, Mapping[str, Value], Sequence[tuple[str, str, str]]]]
"""Of each finding the rule, the reason, the answers that made it so, and statement, document and place of each source."""


class Task(Enum):
    """What is asked of a contestant."""

    VERDICTS = "the directive and all verdicts"
    RULES = "which rules fire and may fire"
    FINDINGS = "every finding with its reason and its sources"


@frozen(eq=False)
class Ready:
    """A contestant that has read the rules: what it can be asked, and how it answers."""

    verdicts: Callable[[Person], Decided] | None = None
    rules: Callable[[Person], Answer] | None = None
    findings: Callable[[Person], Findings] | None = None
    from_profile: bool = False
    """Whether it begins from a `Profile`: that is made anew for each turn, so that nothing that was remembered in it helps."""

    @property
    def tasks(self) -> dict[Task, Callable[[Person], object]]:
        """What is timed, and how it answers. Who tells findings is not asked for the bare rules as well: they come with the findings."""
        answers = {Task.VERDICTS: self.verdicts, Task.RULES: None if self.findings else self.rules, Task.FINDINGS: self.findings}
        return {task: answer for task, answer in answers.items() if answer is not None}


@frozen(eq=False)
class Contestant:
    """Something that answers; `package` is what has to be installed for it, None where nothing is."""

    name: str
    package: str | None
    given: str
    """What it was given and what is timed, as the page tells it."""
    prepare: Callable[[Guidance], Ready]
    shipped_only: bool = False
    """Whether it knows no other rules than all that are shipped."""

    @property
    def version(self) -> str | None:
        """The installed version of its package, None where it is not installed."""
        if self.package is None:
            return None
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None

    @property
    def is_installed(self) -> bool:
        """Whether it can take part here."""
        return self.package is None or self.version is not None


def with_trial(answers: Answers, tried: Tried) -> dict[str, Value]:
    """The person's answers together with a trial's, by the names that they have in conditions."""
    return {**answers, **{TRIAL + name: value for name, value in tried.answers.items()}}


def undetermined(decision: Decision) -> Decided:
    """The reference's answer: where best and worst differ, it is undetermined."""
    least, most = decision.directive
    verdicts = {name: best if best is worst else Verdict.UNDETERMINED for name, (best, worst) in decision.stretches.items()}
    return least if least is most else Directive.UNDETERMINED, verdicts


def every_rule(guidance: Guidance) -> list[int]:
    """The numbers of all rules: what is asked where it matters which of them fire."""
    return [*range(len(guidance.rules))]


def deciding(guidance: Guidance) -> list[int]:
    """The numbers of the rules on which verdicts and directive hang: all that somebody would ask an engine who wants no more."""
    return [number for number, placed in enumerate(guidance.rules) if placed.rule.effect.restricts]
