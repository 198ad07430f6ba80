"""The parts of a screening: findings with their sources, advice, rulebooks and faults."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from backscreen.model.effects import Certainty, Directive, Effect
from backscreen.model.facts import Value
from backscreen.model.read_only import ReadOnlyDict
from backscreen.model.rules import Status


@frozen
class Source:
    """A statement of a document that a finding rests on, or that disagrees with it."""

    statement: str
    document: str
    where: str
    says: str = ""
    """What the statement says, in our words."""


@frozen
class Advice:
    """A sentence for everybody, with the statement behind it. It restricts nothing."""

    rulebook: str
    text: str
    source: Source


def _read_only(answers: Mapping[str, Value]) -> ReadOnlyDict[str, Value]:
    return ReadOnlyDict(answers)


def _in_their_order(answers: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(answers.items())


@frozen(kw_only=True)
class Finding:
    """A rule that fires or may fire, as people read it.

    `reason` is worded as if the rule had fired. `directive` is what the rule makes of the whole screening when it
    fires. `because` are the known facts that make it fire, and `unanswered` those that keep it undecided. `stretches`
    are those on which it acts for certain, `may_act_on` those on which it may. `trial` is the index of its trial, or
    None. `status` is `draft` or `reviewed`.
    """

    rulebook: str
    rule: str
    effect: Effect
    directive: Directive
    certainty: Certainty
    title: str
    reason: str
    because: Mapping[str, Value] = field(
        repr=False, eq=_in_their_order, converter=_read_only
    )  # answers stay out of logs and tracebacks
    unanswered: tuple[str, ...]
    trial: int | None
    stretches: tuple[str, ...]
    may_act_on: tuple[str, ...]
    sources: tuple[Source, ...]
    disagrees_with: tuple[Source, ...]
    status: Status

    @property
    def name(self) -> str:
        """The rule's name among all rulebooks: `red-flags/chest-pain`."""
        return f"{self.rulebook}/{self.rule}"


@frozen
class RulebookUsed:
    """The id, version and digest of a rulebook that a screening was made with."""

    id: str
    version: str
    digest: str


@frozen
class Fault:
    """A disagreement of the two channels, or an engine's failed check; never with an answer of the person.

    The `detail` of a screening's own fault may name rules, such as `known-aneurysm`. Treat it like the person's
    answers.
    """

    kind: str
    detail: str


@frozen
class FactText:
    """A fact in words, by its place in a screening.

    `trial` names its trial, or is None; `kind` is `flag`, `number`, `choice` or `stretch`; `answers` says which answers
    the question takes. `answer` is the answer that is known or assumed, or None.
    """

    title: str
    trial: str | None
    kind: str
    question: str
    answers: str
    answer: str | None = field(repr=False)

    @property
    def label(self) -> str:
        """The title, with the trial's name."""
        return self.title if self.trial is None else f"{self.title}, {self.trial}"


@frozen
class NextQuestion:
    """The question that matters most: its fact's place, its words, the possible answers, and the reason to ask."""

    fact: str
    question: str
    answers: str
    why: str
