"""A screening: the directive, and the outcome of every stretch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, field, frozen

from backscreen.model.catalogue import Dose, Stretch
from backscreen.model.effects import Certainty, Directive, Verdict
from backscreen.model.profile import Origin
from backscreen.screening.cached import cached_property
from backscreen.screening.details import Details, StoredDetails
from backscreen.screening.outcomes import StretchReasons
from backscreen.screening.parts import Advice, FactText, Fault, Finding, NextQuestion, RulebookUsed
from backscreen.screening.plain_values import (
    SCHEMA,
    advice_values,
    fact_values,
    finding_values,
    notice_values,
    question_values,
    stretch_values,
)
from backscreen.wording.headlines import headline
from backscreen.wording.notices import Notice
from backscreen.wording.notices import fault as fault_notice


@define(eq=False, repr=False)
class StretchOutcome:
    """The outcome of one stretch. The verdict is known at once; the rest is computed when it is first read."""

    _stretch: Stretch
    _details: Details

    @property
    def id(self) -> str:
        """The id of the stretch."""
        return self._stretch.id

    @property
    def name(self) -> str:
        """The name of the stretch."""
        return self._stretch.name

    @property
    def dose(self) -> Dose | None:
        """The dose, or None for a stretch that is in the catalogue only to be recognised."""
        return self._stretch.dose

    @property
    def steps(self) -> tuple[str, ...]:
        """How the stretch is done, step by step."""
        return self._stretch.steps

    @property
    def verdict(self) -> Verdict:
        """The verdict, `undetermined` where `at_best` and `at_worst` differ."""
        return self._details.bounds.verdicts[self._stretch.id]

    @property
    def at_best(self) -> Verdict:
        """The verdict if every missing answer is harmless."""
        return self._details.bounds.at_best[self._stretch.id]

    @property
    def at_worst(self) -> Verdict:
        """The verdict if every missing answer is the worst one."""
        return self._details.bounds.at_worst[self._stretch.id]

    @property
    def recommended(self) -> bool:
        """Whether the stretch may help."""
        return self._reasons.recommended

    @property
    def unneeded(self) -> bool:
        """Whether the stretch is not needed."""
        return self._reasons.unneeded

    @property
    def findings(self) -> tuple[int, ...]:
        """The indices of the findings that act on the stretch, or may."""
        return self._reasons.findings

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The missing answers that keep the verdict undetermined."""
        return self._reasons.unanswered

    @property
    def instead(self) -> tuple[str, ...]:
        """The ids of the stretches to do instead, the nearest first."""
        return self._reasons.instead

    @property
    def _reasons(self) -> StretchReasons:
        return self._details.outcomes.stretches[self._stretch.id]

    def _content(self) -> tuple[object, ...]:
        return (self.id, self.name, self.dose, self.steps, self.verdict, self.at_best, self.at_worst, self._reasons)

    def __eq__(self, other: object) -> bool:
        return self._content() == other._content() if isinstance(other, StretchOutcome) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._content())

    def __repr__(self) -> str:
        return f"<StretchOutcome {self.id}: {self.verdict.value}>"


@frozen(kw_only=True, slots=False, eq=False)
class Screening:
    """What the rulebooks say of one person.

    The verdicts and the directive are known at once. Everything else is computed when it is first read.

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
    _details: Details = field(repr=False)

    @property
    def directive(self) -> Directive:
        """What to do, all in all."""
        return self._details.bounds.directive

    @property
    def at_best(self) -> Directive:
        """The directive if every missing answer is harmless."""
        return self._details.bounds.directives[0]

    @property
    def at_worst(self) -> Directive:
        """The directive if every missing answer is the worst one."""
        return self._details.bounds.directives[1]

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdict on each stretch by its id, in the order of the catalogue."""
        return self._details.bounds.verdicts

    @property
    def settled(self) -> bool:
        """Whether nothing is left to answer."""
        return self._details.bounds.is_settled

    @property
    def origins(self) -> Mapping[str, Origin]:
        """The origin of each answer by its place: given, assumed under `otherwise: no`, or `unsure`."""
        return self._details.origins

    @property
    def assumed(self) -> tuple[str, ...]:
        """The facts without an answer that count as answered with their "no", as `otherwise: no` says."""
        return self._of_origin(Origin.ASSUMED)

    @property
    def unsure(self) -> tuple[str, ...]:
        """The facts that were answered `unsure`: they are unknown, and never count as "no"."""
        return self._of_origin(Origin.UNSURE)

    def _of_origin(self, wanted: Origin) -> tuple[str, ...]:
        return tuple([place for place, origin in self.origins.items() if origin is wanted])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The rules that fire or may fire: the strongest effect first, then by rulebook, by rule and by trial.

        Rulebooks are in the order of `rulebooks`: those that look for warning signs come first.
        """
        return self._details.findings

    @property
    def advice(self) -> tuple[Advice, ...]:
        """The advice for everybody; none where the directive is `stop`, or still could be."""
        return () if self.at_worst is Directive.STOP else self._details.advice

    @property
    def headline(self) -> str:
        """The headline, such as “Take care”."""
        return headline(self.at_best, self.at_worst)[0]

    @property
    def summary(self) -> str:
        """The sentence below the headline."""
        return headline(self.at_best, self.at_worst)[1]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The sentences that a report must show: a fault, what was assumed, what is open, and warning signs."""
        fault = () if self.fault is None else (fault_notice(self.fault.kind, self.fault.detail),)
        return (*fault, *self._details.notices)

    @property
    def next_question(self) -> NextQuestion | None:
        """The question that matters most, or None where nothing is left to ask."""
        return self._details.next_question

    @property
    def facts(self) -> Mapping[str, FactText]:
        """The words of each fact that the screening names, by its place."""
        return self._details.facts

    @property
    def reasons(self) -> tuple[int, ...]:
        """The indices of the findings that a report shows as reasons."""
        return self._details.reasons

    @property
    def leading(self) -> tuple[int, ...]:
        """The indices of the reasons of the directive `stop` or `consult`."""
        return self._details.leading

    @property
    def may_change(self) -> tuple[int, ...]:
        """The indices of the findings that may fire, and would then make something stricter."""
        return self._details.may_change

    @cached_property
    def stretches(self) -> tuple[StretchOutcome, ...]:
        """The outcome of each stretch, in the order of the catalogue."""
        details = self._details
        return tuple([StretchOutcome(stretch, details) for stretch in details.catalogue.values()])

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The answers that are needed before everything is settled; empty exactly when it is."""
        return self._details.outcomes.unanswered

    def __eq__(self, other: object) -> bool:
        return self._content() == other._content() if isinstance(other, Screening) else NotImplemented

    def _content(self) -> tuple[object, ...]:
        return self.rulebooks, self.engine, self.fault, self._details.parts()

    def __hash__(self) -> int:
        return hash(
            (self.rulebooks, self.fault, *self._details.bounds.directives, *self.verdicts.values(), self.findings)
        )

    def __getstate__(self) -> dict[str, Any]:
        """Return every detail: neither the profile nor the engine is pickled."""
        return {
            "rulebooks": self.rulebooks,
            "engine": self.engine,
            "fault": self.fault,
            "_details": StoredDetails(self._details.parts()),
        }

    def __getitem__(self, stretch: str) -> StretchOutcome:
        """Return the outcome of the stretch with this id; raise `KeyError`."""
        return StretchOutcome(self._details.catalogue[stretch], self._details)

    def __contains__(self, stretch: object) -> bool:
        """Return whether this is the id of a stretch in the catalogue, or one of the outcomes."""
        return stretch in (self.stretches if isinstance(stretch, StretchOutcome) else self.verdicts)

    def __len__(self) -> int:
        """Return the number of stretches in the catalogue."""
        return len(self.verdicts)

    def __bool__(self) -> bool:
        """Return True: a screening of an empty catalogue still has its directive."""
        return True

    def __iter__(self) -> Iterator[StretchOutcome]:
        """Yield the outcomes of all stretches, in the order of the catalogue."""
        return iter(self.stretches)

    @property
    def allowed(self) -> tuple[str, ...]:
        """The ids of the stretches against which nothing was found."""
        return self._with(Verdict.ALLOWED)

    @property
    def cautions(self) -> tuple[str, ...]:
        """The ids of the stretches that need care."""
        return self._with(Verdict.CAUTION)

    @property
    def avoided(self) -> tuple[str, ...]:
        """The ids of the stretches to avoid."""
        return self._with(Verdict.AVOID)

    @property
    def undetermined(self) -> tuple[str, ...]:
        """The ids of the stretches whose verdict depends on missing answers."""
        return self._with(Verdict.UNDETERMINED)

    def _with(self, wanted: Verdict) -> tuple[str, ...]:
        return tuple(stretch for stretch, verdict in self.verdicts.items() if verdict is wanted)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The restricting rules that fire."""
        return tuple(
            finding for finding in self.findings if finding.effect.restricts and finding.certainty is Certainty.FIRES
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the screening as plain values in the shape of `screening_schema`, the same from run to run."""
        return {
            "schema": SCHEMA,
            "rulebooks": [{"id": book.id, "version": book.version, "digest": book.digest} for book in self.rulebooks],
            "engine": self.engine,
            "directive": self.directive.value,
            "at_best": self.at_best.value,
            "at_worst": self.at_worst.value,
            "headline": self.headline,
            "summary": self.summary,
            "notices": [notice_values(notice) for notice in self.notices],
            "next_question": None if self.next_question is None else question_values(self.next_question),
            "unanswered": list(self.unanswered),
            "assumed": list(self.assumed),
            "unsure": list(self.unsure),
            "facts": {place: fact_values(fact) for place, fact in self.facts.items()},
            "stretches": [stretch_values(outcome) for outcome in self.stretches],
            "findings": [finding_values(finding, self.origins) for finding in self.findings],
            "reasons": list(self.reasons),
            "leading": list(self.leading),
            "may_change": list(self.may_change),
            "advice": [advice_values(advice) for advice in self.advice],
            "fault": None if self.fault is None else {"kind": self.fault.kind, "detail": self.fault.detail},
        }
