"""Parts of a screening as plain values: the shape of its JSON (`screening.schema.json`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from backscreen.model.catalogue import Dose
from backscreen.model.effects import Verdict
from backscreen.model.profile import Origin
from backscreen.screening.parts import Advice, FactText, Finding, NextQuestion, Source
from backscreen.wording.notices import Notice

SCHEMA = "backscreen/screening/2"


class Outcome(Protocol):
    """The outcome of one stretch."""

    @property
    def id(self) -> str: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def name(self) -> str: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def dose(self) -> Dose | None: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def steps(self) -> tuple[str, ...]: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def verdict(self) -> Verdict: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def at_best(self) -> Verdict: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def at_worst(self) -> Verdict: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def recommended(self) -> bool: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def unneeded(self) -> bool: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def findings(self) -> tuple[int, ...]: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def unanswered(self) -> tuple[str, ...]: ...  # noqa: D102 - as in `StretchOutcome`
    @property
    def instead(self) -> tuple[str, ...]: ...  # noqa: D102 - as in `StretchOutcome`


def stretch_values(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome of a stretch as plain values."""
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
        "dose": None if outcome.dose is None else dose_values(outcome.dose),
        "steps": list(outcome.steps),
    }


def dose_values(dose: Dose) -> dict[str, Any]:
    """Return a dose as plain values, and in words."""
    return {
        "hold_s": dose.hold_s,
        "hold_s_up_to": dose.hold_s_up_to,
        "repetitions": dose.repetitions,
        "repetitions_up_to": dose.repetitions_up_to,
        "per_side": dose.per_side,
        "per_day": dose.per_day,
        "text": str(dose),
    }


def finding_values(finding: Finding, origins: Mapping[str, Origin]) -> dict[str, Any]:
    """Return a finding as plain values, each of its grounds with the origin of the answer."""
    return {
        "rulebook": finding.rulebook,
        "rule": finding.rule,
        "effect": finding.effect.value,
        "directive": finding.directive.value,
        "certainty": finding.certainty.value,
        "status": finding.status.value,
        "title": finding.title,
        "reason": finding.reason,
        "because": [
            {"fact": place, "value": value, "origin": origins[place].value} for place, value in finding.because.items()
        ],
        "unanswered": list(finding.unanswered),
        "trial": finding.trial,
        "stretches": list(finding.stretches),
        "may_act_on": list(finding.may_act_on),
        "sources": [source_values(source) for source in finding.sources],
        "disagrees_with": [source_values(source) for source in finding.disagrees_with],
    }


def source_values(source: Source) -> dict[str, str]:
    """Return a source as plain values."""
    return {
        "statement": source.statement,
        "document": source.document,
        "where": source.where,
        "says": source.says,
    }


def advice_values(advice: Advice) -> dict[str, Any]:
    """Return advice as plain values."""
    return {"rulebook": advice.rulebook, "text": advice.text, "source": source_values(advice.source)}


def notice_values(notice: Notice) -> dict[str, Any]:
    """Return a notice as plain values."""
    return {
        "code": notice.code.value,
        "place": notice.place.value,
        "text": notice.text,
        "facts": list(notice.facts),
    }


def question_values(question: NextQuestion) -> dict[str, str]:
    """Return a question as plain values."""
    return {
        "fact": question.fact,
        "question": question.question,
        "answers": question.answers,
        "why": question.why,
    }


def fact_values(fact: FactText) -> dict[str, str | None]:
    """Return the words of a fact as plain values."""
    return {
        "title": fact.title,
        "trial": fact.trial,
        "kind": fact.kind,
        "question": fact.question,
        "answers": fact.answers,
        "answer": fact.answer,
    }


def screening_schema() -> dict[str, Any]:
    """Return the JSON Schema of `Screening.to_dict()` and of `backscreen screen --format json`.

    >>> screening_schema()["title"]
    'A backscreen screening'
    """
    import json
    from importlib.resources import files

    schema: dict[str, Any] = json.loads(files("backscreen.screening").joinpath("screening.schema.json").read_bytes())
    return schema
