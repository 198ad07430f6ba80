"""What a report on one person says, and in which order; how it looks is the business of `text` and `markdown`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import Attribute, frozen

from backscreen.diagnostics.characters import one_line
from backscreen.model.effects import Directive, Effect, Verdict
from backscreen.screening.parts import FactText, Finding, Source
from backscreen.screening.result import Screening, StretchOutcome
from backscreen.wording.notices import Place

GROUPS = {
    Verdict.AVOID: "Avoid",
    Verdict.UNDETERMINED: "Not yet clear: leave these until more is known",
    Verdict.CAUTION: "Only with care",
    Verdict.ALLOWED: "Nothing found against",
}


def _one_line_each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(one_line, texts))


def _on_one_line(_: type, fields: list[Attribute[Any]]) -> list[Attribute[Any]]:
    """Every text of a report is one line, whatever wrote it: it cannot begin a line of its own."""
    converters: dict[object, Callable[..., Any]] = {"str": one_line, "tuple[str, ...]": _one_line_each}
    return [field.evolve(converter=converters.get(field.type)) for field in fields]


@frozen(kw_only=True, eq=False, repr=False, field_transformer=_on_one_line)
class Row:
    """One stretch: its name, what is said of it in a few words, and the numbers of the reasons."""

    name: str
    notes: str
    reasons: tuple[int, ...]


@frozen(kw_only=True, eq=False, repr=False, field_transformer=_on_one_line)
class Reason:
    """One finding: what was found, and what it rests on."""

    number: int
    effect: Effect
    title: str
    reason: str
    because: str
    depends_on: str
    sources: tuple[str, ...]
    other_side: tuple[str, ...]


@frozen(kw_only=True, eq=False, repr=False, field_transformer=_on_one_line)
class Perhaps:
    """A rule that may still fire, and would then change something."""

    effect: Effect
    title: str
    depends_on: str


@frozen(kw_only=True, eq=False, repr=False, field_transformer=_on_one_line)
class Question:
    """Something that is still to be answered."""

    name: str
    question: str


@frozen(kw_only=True, eq=False, repr=False, field_transformer=_on_one_line)
class Report:
    """Everything that is said, in the order in which it is said."""

    rulebooks: str
    urgent: tuple[str, ...]
    directive: Directive
    headline: str
    first: tuple[str, ...]
    question: Question | None
    groups: tuple[tuple[Verdict, str, tuple[Row, ...]], ...]
    how: str
    reasons: tuple[Reason, ...]
    perhaps: tuple[Perhaps, ...]
    questions: tuple[Question, ...]
    assumed: tuple[str, ...]
    advice: tuple[str, ...]
    closing: tuple[str, ...]


def report(screening: Screening) -> Report:
    """Return the report on one person."""
    numbers = {index: number for number, index in enumerate(screening.reasons, 1)}
    findings, facts, question = screening.findings, screening.facts, screening.next_question
    return Report(
        rulebooks=", ".join(f"{book.id} {book.version}" for book in screening.rulebooks),
        urgent=_notices(screening, Place.TOP),
        directive=screening.directive,
        headline=screening.headline,
        first=(
            screening.summary,
            *(findings[index].reason for index in screening.leading),
            *_notices(screening, Place.SUMMARY),
        ),
        question=None if question is None else _question(question.fact, facts),
        groups=tuple(
            (verdict, title, rows)
            for verdict, title in GROUPS.items()
            if (rows := tuple(_row(outcome, numbers, screening) for outcome in screening if outcome.verdict is verdict))
        ),
        how="" if screening.at_best is Directive.STOP else _how(screening),
        reasons=tuple(_reason(number, findings[index], facts) for index, number in numbers.items()),
        perhaps=tuple(_perhaps(findings[index], facts) for index in screening.may_change),
        questions=tuple(_question(place, facts) for place in screening.unanswered),
        assumed=tuple(_assumed(facts[place]) for place in screening.assumed),
        advice=tuple(advice.text for advice in screening.advice),
        closing=_notices(screening, Place.END),
    )


def _notices(screening: Screening, place: Place) -> tuple[str, ...]:
    return tuple(notice.text for notice in screening.notices if notice.place is place)


def _how(screening: Screening) -> str:
    first = next(iter(screening.verdicts), None)
    return "" if first is None else f"How a stretch is done: backscreen stretches NAME, such as {first}"


def _row(outcome: StretchOutcome, numbers: dict[int, int], screening: Screening) -> Row:
    notes = []
    if outcome.recommended:
        notes.append("may help, with care" if outcome.verdict is Verdict.CAUTION else "may help")
    if outcome.unneeded:
        notes.append("not needed: full range already")
    if outcome.verdict is Verdict.UNDETERMINED:
        best = "nothing against it" if outcome.at_best is Verdict.ALLOWED else "with care"
        count = len(outcome.unanswered)
        notes.append(f"at best {best}, at worst {'avoid' if outcome.at_worst is Verdict.AVOID else 'with care'}")
        notes.append(f"depends on {count} answer{'s' * (count != 1)}")
    elif outcome.verdict in (Verdict.ALLOWED, Verdict.CAUTION):
        notes.append("not proposed" if outcome.dose is None else str(outcome.dose))
    if outcome.instead:
        more = len(outcome.instead) - 3
        names = ", ".join(screening[name].name for name in outcome.instead[:3])
        notes.append(f"instead: {names}" + (f" and {more} more" if more > 0 else ""))
    return Row(
        name=outcome.name,
        notes="; ".join(note for note in notes if note),
        reasons=tuple(numbers[index] for index in outcome.findings if index in numbers),
    )


def _reason(number: int, finding: Finding, facts: Mapping[str, FactText]) -> Reason:
    grounds = [facts[place] for place in finding.because if not place.endswith(".stretch")]
    because = [f"{fact.label}: {fact.answer}" for fact in grounds]
    return Reason(
        number=number,
        effect=finding.effect,
        title=finding.title,
        reason=finding.reason,
        because="; ".join(because) or ("" if finding.unanswered else "so for everybody"),
        depends_on=_labels(finding.unanswered, facts),
        sources=tuple(_sources(finding.sources)),
        other_side=tuple(
            f"{source.says} (“{source.document}”: {source.statement})" for source in finding.disagrees_with
        ),
    )


def _perhaps(finding: Finding, facts: Mapping[str, FactText]) -> Perhaps:
    return Perhaps(effect=finding.effect, title=finding.title, depends_on=_labels(finding.unanswered, facts))


def _labels(places: Iterable[str], facts: Mapping[str, FactText]) -> str:
    """Return what these facts are called, those of one trial together."""
    titles: dict[str | None, list[str]] = {}
    for place in places:
        titles.setdefault(facts[place].trial, []).append(facts[place].title)
    return "; ".join(
        "; ".join(named) if trial is None else f"{trial}: {', '.join(named)}" for trial, named in titles.items()
    )


def _sources(sources: Iterable[Source]) -> Iterable[str]:
    """Sources by document: `“Lower Back Pain Stretching Exercises”: D3 (…), D4 (…)`."""
    by_document: dict[str, list[str]] = {}
    for source in sources:
        by_document.setdefault(source.document, []).append(f"{source.statement} ({source.where})")
    for document, places in by_document.items():
        yield f"“{document}”: " + "; ".join(places)


def _question(place: str, facts: Mapping[str, FactText]) -> Question:
    fact = facts[place]
    answers = "`backscreen stretches` lists them" if fact.kind == "stretch" else fact.answers
    return Question(name=place, question=f"{fact.question} ({answers})")


def _assumed(fact: FactText) -> str:
    return fact.label if fact.kind == "flag" else f"{fact.label} ({fact.answer})"
