"""A screening: what is said of one person, with reasons, and its JSON shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from attrs import field, frozen

from backscreen.model.catalogue import Dose
from backscreen.model.effects import Certainty, Directive, Effect, Verdict
from backscreen.model.facts import Value
from backscreen.model.profile import Origin
from backscreen.model.read_only import ReadOnlyDict

SCHEMA = "backscreen/screening/1"


@frozen
class Source:
    """A statement of a document that a finding rests on, or that says otherwise."""

    statement: str
    document: str
    where: str


@frozen
class Advice:
    """A sentence for everybody, with the statement that gives rise to it. It restricts nothing."""

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

    `directive` is what it makes of the whole screening when it fires. `because` are the known facts that made it so, `unanswered` what keeps it undecided;
    `stretches` are those on which it acts for certain, `may_act_on` those on which it may; `trial` is the index of the trial that it is about, or None.
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

    @property
    def name(self) -> str:
        """The rule's name among all rulebooks: `red-flags/chest-pain`."""
        return f"{self.rulebook}/{self.rule}"


@frozen(kw_only=True)
class StretchOutcome:
    """What is said of one stretch. `findings` are places in the screening's findings; `instead` are ids of stretches."""

    id: str
    name: str
    dose: Dose | None
    verdict: Verdict
    at_best: Verdict
    at_worst: Verdict
    recommended: bool
    unneeded: bool
    findings: tuple[int, ...]
    unanswered: tuple[str, ...]
    instead: tuple[str, ...]


@frozen
class RulebookUsed:
    """Which rulebook a screening was made with."""

    id: str
    version: str
    digest: str


@frozen
class Fault:
    """Why the two channels did not agree, or the engine failed a check; never with an answer of the person.

    The `detail` of a screening's own fault may name rules, such as `known-aneurysm`. Treat it like the person's answers.
    """

    kind: str
    detail: str


@frozen
class Standing:
    """How things stand: the directive with its ends, and the verdict on each stretch. Everybody for whom rules do the same may share one."""

    directive: Directive
    at_best: Directive
    at_worst: Directive
    verdicts: ReadOnlyDict[str, Verdict]


def standing(at_best: Directive, at_worst: Directive, verdicts: dict[str, Verdict]) -> Standing:
    """How things stand where the directive has these ends."""
    return Standing(Directive.between(at_best, at_worst), at_best, at_worst, ReadOnlyDict(verdicts))


@frozen
class Outcomes:
    """What is said of each stretch, and what must be answered before everything is settled."""

    stretches: tuple[StretchOutcome, ...]
    unanswered: tuple[str, ...]

    @cached_property
    def by_id(self) -> dict[str, StretchOutcome]:
        """The outcome of each stretch."""
        return {outcome.id: outcome for outcome in self.stretches}


Part = Literal["advice", "origins", "findings", "outcomes"]
"""What is worked out late: tuples of advice and of findings, the origin of each answer by its place, and `Outcomes`."""


@frozen(kw_only=True, slots=False, eq=False)
class Screening:
    """What the rulebooks say of one person.

    The verdicts, the directive and its ends are there at once; reasons, and what is still to be asked, are worked out when they are first read.

    A screening is a collection of stretch outcomes: `screening["side_bend"]` is the outcome with this id,
    `"side_bend" in screening` says whether there is one, iteration yields the outcomes in the order of the
    catalogue, and `len` counts them.

    >>> from backscreen import Profile, Screener
    >>> screening = Screener().screen(Profile(facts={"facet_syndrome": True}, otherwise="no"))
    >>> screening["back_extension"].verdict
    <Verdict.AVOID: 'avoid'>
    >>> screening.directive
    <Directive.CARE: 'care'>
    """

    rulebooks: tuple[RulebookUsed, ...]
    engine: str
    fault: Fault | None
    _standing: Standing = field(repr=False)
    _tell: Callable[[Part], Any] = field(repr=False)

    def _late(self, part: Part) -> Any:
        known = self.__dict__
        if (
            part not in known
        ):  # two threads may both come here, and find the same; a lock would be left behind in a process that forks
            known[part] = self._tell(part)
        return known[part]

    @property
    def directive(self) -> Directive:
        """What to do, all in all."""
        return self._standing.directive

    @property
    def at_best(self) -> Directive:
        """The directive if every answer that is missing is harmless."""
        return self._standing.at_best

    @property
    def at_worst(self) -> Directive:
        """The directive if every answer that is missing is the worst for it."""
        return self._standing.at_worst

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdict on each stretch by its id, in the order of the catalogue."""
        return self._standing.verdicts

    @property
    def origins(self) -> Mapping[str, Origin]:
        """The origin of each answer by its place: given, assumed under `otherwise: no`, or `unsure`."""
        origins: Mapping[str, Origin] = self._late("origins")
        return origins

    @property
    def assumed(self) -> tuple[str, ...]:
        """The facts that were not answered and count as answered with their "no", since the profile says `otherwise: no`."""
        return self._of_origin(Origin.ASSUMED)

    @property
    def unsure(self) -> tuple[str, ...]:
        """The facts that were answered `unsure`: they are unknown, and never count as "no"."""
        return self._of_origin(Origin.UNSURE)

    def _of_origin(self, wanted: Origin) -> tuple[str, ...]:
        return tuple(place for place, origin in self.origins.items() if origin is wanted)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The rules that fire or may fire: the strongest effect first, then by rulebook, by rule and by trial.

        Rulebooks are in the order of `rulebooks`, where those that look for warning signs come first.
        """
        findings: tuple[Finding, ...] = self._late("findings")
        return findings

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What the rulebooks say to everybody; nothing where the directive is `stop`, or still could be."""
        advice: tuple[Advice, ...] = () if self.at_worst is Directive.STOP else self._late("advice")
        return advice

    @property
    def _outcomes(self) -> Outcomes:
        outcomes: Outcomes = self._late("outcomes")
        return outcomes

    @property
    def stretches(self) -> tuple[StretchOutcome, ...]:
        """What is said of each stretch, in the order of the catalogue."""
        return self._outcomes.stretches

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What must be answered before everything is settled; empty exactly when it is."""
        return self._outcomes.unanswered

    def __eq__(self, other: object) -> bool:
        return self.__getstate__() == other.__getstate__() if isinstance(other, Screening) else NotImplemented

    def __hash__(self) -> int:
        return hash(
            (self.rulebooks, self.directive, self.assumed, self.unsure, self.fault, self.findings, self._outcomes)
        )

    def __getstate__(self) -> dict[str, Any]:
        """Everything that is said, worked out: what it is worked out from stays where it is."""
        late = {"advice": self.advice, "origins": self.origins, "findings": self.findings, "outcomes": self._outcomes}
        return late | {name: value for name, value in self.__dict__.items() if name != "_tell"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _tell=state.__getitem__)

    def __getitem__(self, stretch: str) -> StretchOutcome:
        """The outcome of the stretch with this id; raises `KeyError`."""
        return self._outcomes.by_id[stretch]

    def __contains__(self, stretch: object) -> bool:
        """Return whether this is the id of a stretch in the catalogue, or one of the outcomes."""
        return stretch in (self.stretches if isinstance(stretch, StretchOutcome) else self.verdicts)

    def __len__(self) -> int:
        """The number of stretches in the catalogue."""
        return len(self.verdicts)

    def __bool__(self) -> bool:
        """True: a screening of an empty catalogue still has its directive."""
        return True

    def __iter__(self) -> Iterator[StretchOutcome]:
        """The outcomes of all stretches, in the order of the catalogue."""
        return iter(self.stretches)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The ids of the stretches against which nothing was found."""
        return self._having(Verdict.ALLOWED)

    @property
    def cautions(self) -> tuple[str, ...]:
        """The ids of the stretches that need care."""
        return self._having(Verdict.CAUTION)

    @property
    def avoided(self) -> tuple[str, ...]:
        """The ids of the stretches to avoid."""
        return self._having(Verdict.AVOID)

    @property
    def undetermined(self) -> tuple[str, ...]:
        """The ids of the stretches of which nothing can be said before more is known."""
        return self._having(Verdict.UNDETERMINED)

    def _having(self, wanted: Verdict) -> tuple[str, ...]:
        return tuple(stretch for stretch, verdict in self._standing.verdicts.items() if verdict is wanted)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The restricting rules that fire."""
        return tuple(one for one in self.findings if one.effect.restricts and one.certainty is Certainty.FIRES)

    def to_dict(self) -> dict[str, Any]:
        """The screening as plain values in the shape that `screening_schema` describes, the same from run to run."""
        return {
            "schema": SCHEMA,
            "rulebooks": [{"id": book.id, "version": book.version, "digest": book.digest} for book in self.rulebooks],
            "engine": self.engine,
            "directive": self.directive.value,
            "at_best": self.at_best.value,
            "at_worst": self.at_worst.value,
            "unanswered": list(self.unanswered),
            "assumed": list(self.assumed),
            "unsure": list(self.unsure),
            "stretches": [_stretch(outcome) for outcome in self.stretches],
            "findings": [_finding(finding) for finding in self.findings],
            "advice": [
                {"rulebook": one.rulebook, "text": one.text, "source": _source(one.source)} for one in self.advice
            ],
            "fault": None if self.fault is None else {"kind": self.fault.kind, "detail": self.fault.detail},
        }


def _stretch(outcome: StretchOutcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "name": outcome.name,
        "verdict": outcome.verdict.value,
        "at_best": outcome.at_best.value,
        "at_worst": outcome.at_worst.value,
        "recommended": outcome.recommended,
        "unneeded": outcome.unneeded,
        "findings": list(outcome.findings),
        "unanswered": list(outcome.unanswered),
        "instead": list(outcome.instead),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rulebook": finding.rulebook,
        "rule": finding.rule,
        "effect": finding.effect.value,
        "certainty": finding.certainty.value,
        "title": finding.title,
        "reason": finding.reason,
        "because": dict(finding.because),
        "unanswered": list(finding.unanswered),
        "trial": finding.trial,
        "stretches": list(finding.stretches),
        "may_act_on": list(finding.may_act_on),
        "sources": [_source(source) for source in finding.sources],
        "disagrees_with": [_source(source) for source in finding.disagrees_with],
    }


def _source(source: Source) -> dict[str, str]:
    return {"statement": source.statement, "document": source.document, "where": source.where}


def screening_schema() -> dict[str, Any]:
    """The JSON Schema of `Screening.to_dict()` and of `backscreen screen --format json`.

    >>> screening_schema()["title"]
    'A backscreen screening'
    """
    import json
    from importlib.resources import files

    schema: dict[str, Any] = json.loads(files("backscreen.screening").joinpath("screening.schema.json").read_bytes())
    return schema
