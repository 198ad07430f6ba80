"""What a report on one person says, and in which order; how it looks is the business of `text` and `markdown`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import Attribute, frozen

from backscreen.diagnostics.characters import one_line
from backscreen.model.effects import Certainty, Directive, Effect, Verdict
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile
from backscreen.screening.next_question import could_matter, most_telling
from backscreen.screening.parts import Finding, Source
from backscreen.screening.result import Screening, StretchOutcome
from backscreen.screening.warning_signs import assumed_signs, emergencies, is_reason, leading, notice
from backscreen.wording import phrases

HEADLINES = {
    Directive.PROCEED: ("Go ahead", "Nothing was found against stretching as such."),
    Directive.CARE: ("Take care", "Some stretches are not for you, or only with care: see below which, and why."),
    Directive.CONSULT: ("Ask first", "Speak to a physiotherapist or a doctor before you stretch."),
    Directive.STOP: ("Stop", "Do not stretch. Seek medical care."),
}
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
    hangs_on: str
    sources: tuple[str, ...]
    other_side: tuple[str, ...]


@frozen(kw_only=True, eq=False, repr=False, field_transformer=_on_one_line)
class Perhaps:
    """A rule that may still fire, and would then change something."""

    effect: Effect
    title: str
    hangs_on: str


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


def report(screening: Screening, profile: Profile, knowledge_base: KnowledgeBase) -> Report:
    """What is said of this person."""
    told = [(index, finding) for index, finding in enumerate(screening.findings) if is_reason(finding, screening)]
    numbers = {index: number for number, (index, _) in enumerate(told, 1)}
    headline, summary = _headline(screening)
    telling = most_telling(screening)
    closing = notice(screening, knowledge_base)
    return Report(
        rulebooks=", ".join(f"{book.id} {book.version}" for book in screening.rulebooks),
        urgent=tuple(_urgent(screening, profile, knowledge_base)),
        directive=screening.directive,
        headline=headline,
        first=(summary, *(finding.reason for finding in leading(screening)), *_taken_as_no(screening, knowledge_base)),
        question=None if telling is None else _question(telling, profile, knowledge_base),
        groups=tuple(
            (verdict, title, rows)
            for verdict, title in GROUPS.items()
            if (rows := tuple(_row(outcome, numbers, screening) for outcome in screening if outcome.verdict is verdict))
        ),
        how="" if screening.at_best is Directive.STOP else _how(knowledge_base),
        reasons=tuple(_reason(numbers[index], finding, profile, knowledge_base) for index, finding in told),
        perhaps=tuple(
            _perhaps(finding, profile, knowledge_base)
            for finding in screening.findings
            if _is_perhaps(finding, screening)
        ),
        questions=tuple(_question(place, profile, knowledge_base) for place in screening.unanswered),
        assumed=tuple(_assumed(place, profile, knowledge_base) for place in screening.assumed),
        advice=tuple(advice.text for advice in screening.advice),
        closing=(*([] if closing is None else [phrases.NOTICES[closing]]), phrases.DISCLAIMER),
    )


def _how(knowledge_base: KnowledgeBase) -> str:
    return (
        f"How a stretch is done: backscreen stretches NAME, such as {next(iter(knowledge_base.stretches))}"
        if knowledge_base.stretches
        else ""
    )


def _headline(screening: Screening) -> tuple[str, str]:
    if screening.directive is not Directive.UNDETERMINED:
        return HEADLINES[screening.directive]
    best, worst = (HEADLINES[end][0].lower() for end in (screening.at_best, screening.at_worst))
    return "Not yet clear", f"It will be “{best}” at best and “{worst}” at worst; more has to be answered first."


def _taken_as_no(screening: Screening, knowledge_base: KnowledgeBase) -> Iterable[str]:
    count = len(screening.assumed)
    if count and not assumed_signs(
        screening, knowledge_base
    ):  # where signs are among them, it was said above everything else
        yield f"{count} question{'s were' if count > 1 else ' was'} not answered and count{'' if count > 1 else 's'} as no: see the list at the end."


def _urgent(screening: Screening, profile: Profile, knowledge_base: KnowledgeBase) -> Iterable[str]:
    """What stands above everything else: a fault of ours, and warning signs that nobody asked about."""
    if screening.fault is not None:
        what = (
            "The two evaluations of the rules did not agree"
            if screening.fault.kind == "disagreement"
            else "One of the two evaluations of the rules failed"
        )
        yield f"{what} ({screening.fault.kind}: {screening.fault.detail}). The stricter answer of both is shown; please report this."
    signs = assumed_signs(screening, knowledge_base)
    if signs:
        answers = "1 answer was" if len(screening.assumed) == 1 else f"{len(screening.assumed)} answers were"
        among = "1 warning sign was" if len(signs) == 1 else f"{len(signs)} warning signs were"
        yield f"{answers} assumed to be no, and {among} among them."
        stopping = [
            phrases.label(knowledge_base, profile, place) for place in emergencies(knowledge_base, profile, signs)
        ]
        if stopping:
            yield (
                "Signs of an emergency, now or with what was answered, were not asked about, but assumed to be absent: "
                + "; ".join(stopping)
                + "."
            )


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
        notes.append(f"hangs on {count} answer{'s' * (count != 1)}")
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


def _reason(number: int, finding: Finding, profile: Profile, knowledge_base: KnowledgeBase) -> Reason:
    because = [
        f"{phrases.label(knowledge_base, profile, place)}: {phrases.answer(phrases.fact_at(knowledge_base, place), knowledge_base, value)}"
        for place, value in finding.because.items()
        if not place.endswith(".stretch")
    ]
    return Reason(
        number=number,
        effect=finding.effect,
        title=finding.title,
        reason=finding.reason,
        because="; ".join(because) or ("" if finding.unanswered else "so for everybody"),
        hangs_on=_hangs_on(finding, profile, knowledge_base),
        sources=tuple(_sources(finding.sources)),
        other_side=tuple(_said(finding, knowledge_base)),
    )


def _is_perhaps(finding: Finding, screening: Screening) -> bool:
    return finding.certainty is Certainty.MAY_FIRE and could_matter(finding, screening)


def _perhaps(finding: Finding, profile: Profile, knowledge_base: KnowledgeBase) -> Perhaps:
    return Perhaps(effect=finding.effect, title=finding.title, hangs_on=_hangs_on(finding, profile, knowledge_base))


def _hangs_on(finding: Finding, profile: Profile, knowledge_base: KnowledgeBase) -> str:
    return phrases.labels(knowledge_base, profile, finding.unanswered)


def _sources(sources: Iterable[Source]) -> Iterable[str]:
    """Sources by document: `“Lower Back Pain Stretching Exercises”: D3 (…), D4 (…)`."""
    by_document: dict[str, list[str]] = {}
    for source in sources:
        by_document.setdefault(source.document, []).append(f"{source.statement} ({source.where})")
    for document, places in by_document.items():
        yield f"“{document}”: " + "; ".join(places)


def _said(finding: Finding, knowledge_base: KnowledgeBase) -> Iterable[str]:
    """What the statements say that the rule disagrees with."""
    for source in finding.disagrees_with:
        document, statement = knowledge_base.statements[finding.rulebook, source.statement]
        yield f"{statement.says} (“{document.title}”: {source.statement})"


def _question(place: str, profile: Profile, knowledge_base: KnowledgeBase) -> Question:
    fact = phrases.fact_at(knowledge_base, place)
    takes = "`backscreen stretches` lists them" if fact is None else phrases.how_to_answer(fact)
    return Question(name=place, question=f"{phrases.question(knowledge_base, profile, place)} ({takes})")


def _assumed(place: str, profile: Profile, knowledge_base: KnowledgeBase) -> str:
    fact = phrases.fact_at(knowledge_base, place)
    no = None if fact is None else fact.no
    name = phrases.label(knowledge_base, profile, place)
    return name if no is False or no is None else f"{name} ({phrases.answer(fact, knowledge_base, no)})"
