"""Wellness app that screens people before it shows them stretches. It uses every public name of backscreen.

Run it with `python examples/wellness.py`. It asks no questions; the answers are those of a made-up person.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from backscreen import (
    Advice,
    BackscreenError,
    Certainty,
    Choice,
    Diagnostic,
    Directive,
    Dose,
    Effect,
    EngineName,
    Fact,
    FactText,
    Fault,
    Finding,
    Flag,
    Group,
    KnowledgeBase,
    NextQuestion,
    Notice,
    NoticeCode,
    Number,
    Option,
    Origin,
    Profile,
    ProfileError,
    RulebookError,
    RulebookUsed,
    Screener,
    Screening,
    Source,
    StretchOutcome,
    Trial,
    Unit,
    UsageError,
    Value,
    Verdict,
    __version__,
    bundled_rulebooks,
    load_profile,
    load_rulebooks,
    profile_schema,
    screening_schema,
)

LOG = logging.getLogger("wellness")


@dataclass(frozen=True)
class Question:
    """Question in the app's form, with its possible answers."""

    name: str
    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """Stretch as the app shows it. Only stretches that the screening permits can be started."""

    title: str
    badge: str
    may_start: bool
    dose: str
    reasons: tuple[str, ...]


def questions(knowledge_base: KnowledgeBase) -> Iterator[Question]:
    """Yield the questions of all rulebooks, warning signs first."""
    groups: dict[str, Group] = {group.id: group for book in knowledge_base.books for group in book.groups}
    for name, fact in knowledge_base.person_facts.items():
        group = groups.get(fact.group) if fact.group else None
        text = f"{group.question} {fact.question}" if group else fact.question
        yield Question(name, text, tuple(answers(fact)))


def answers(fact: Fact) -> Iterator[str]:
    """Yield the possible answers to a fact, as the form offers them."""
    match fact:
        case Flag():
            yield from ("yes", "no")
        case Number():
            units: tuple[Unit, ...] = fact.also_in
            yield f"{fact.at_least} to {fact.at_most} {fact.unit}"
            yield from (f"or in {unit.unit}" for unit in units)
        case Choice():
            options: tuple[Option, ...] = fact.options
            yield from (option.means for option in options)


def profile_of(form: Mapping[str, Value | None], tried: str | None = None, felt: str = "nothing") -> Profile:
    """Return the profile of a person who filled in the form. An empty field is None and stays unknown."""
    trials = [Trial(tried, felt=felt)] if tried else []
    return Profile(facts=form, trials=trials, otherwise="unknown")


def received(body: str) -> Profile:
    """Return the profile that a client of the app sent as JSON; `service_schemas` describes it."""
    return Profile.from_dict(json.loads(body))


def service_schemas() -> dict[str, object]:
    """Return the schemas for the app's OpenAPI document."""
    return {"Profile": profile_schema(), "Screening": screening_schema()}


def screener(rules: Path | Traversable | None = None, engine: EngineName | None = None) -> Screener:
    """Return a screener with the bundled rulebooks, or with the app's own, such as `files("wellness") / "rules"`."""
    try:
        knowledge_base = load_rulebooks(bundled_rulebooks() if rules is None else rules)
        return Screener(knowledge_base, engine=engine)
    except (RulebookError, UsageError) as error:
        for diagnostic in error.diagnostics:
            LOG.warning("%s", diagnostic.message)
        raise


def cards(screening: Screening) -> list[Card]:
    """Return a card for each stretch. None may be started if the directive is or could be to ask first or to stop."""
    may_stretch = screening.at_worst in (Directive.PROCEED, Directive.CARE)
    return [card(outcome, screening, may_stretch=may_stretch) for outcome in screening]


def card(outcome: StretchOutcome, screening: Screening, *, may_stretch: bool) -> Card:
    """Return the card of one stretch."""
    badges = {
        Verdict.ALLOWED: "nothing found against it",
        Verdict.CAUTION: "with care",
        Verdict.AVOID: "avoid",
        Verdict.UNDETERMINED: "not clear yet",
    }
    findings: list[Finding] = [screening.findings[index] for index in outcome.findings]
    dose: Dose | None = outcome.dose
    return Card(
        title=outcome.name,
        badge=badges[outcome.verdict],
        may_start=may_stretch and outcome.at_worst in (Verdict.ALLOWED, Verdict.CAUTION),
        dose="" if dose is None else str(dose),
        reasons=tuple(reason(finding) for finding in findings if finding.certainty is Certainty.FIRES),
    )


def reason(finding: Finding) -> str:
    """Return a reason with its sources."""
    sources: tuple[Source, ...] = finding.sources
    lead = "May help. " if finding.effect is Effect.RECOMMEND else ""
    return f"{lead}{finding.reason} ({', '.join(f'{source.document}, {source.where}' for source in sources)})"


def record(screening: Screening) -> str:
    """Return the screening as JSON, for the app's records."""
    kept = screening.to_dict()
    required: list[str] = screening_schema()["required"]
    if missing := [key for key in required if key not in kept]:
        raise ValueError(f"missing in the record: {missing}")
    return json.dumps(kept)


def banners(screening: Screening) -> list[str]:
    """Return the notices that the app shows; its own page has the disclaimer."""
    notices: tuple[Notice, ...] = screening.notices
    return [notice.text for notice in notices if notice.code is not NoticeCode.NOT_MEDICAL_ADVICE]


def asked_next(screening: Screening) -> str | None:
    """Return the next question that the app asks, with the answers that it takes."""
    question: NextQuestion | None = screening.next_question
    if question is None:
        return None
    fact: FactText = screening.facts[question.fact]
    return f"{fact.label}: {question.question} ({question.answers})"


def to_confirm(screening: Screening) -> list[str]:
    """Return the facts that the app shows for the person to confirm, since nobody has answered them."""
    return [name for name, origin in screening.origins.items() if origin is Origin.ASSUMED]


def health(checked: Screener) -> dict[str, object]:
    """Return the app's health check. It contains no rules and no answers."""
    faults: tuple[Fault, ...] = checked.faults
    return {
        "backscreen": __version__,
        "engine": checked.engine,
        "ok": not faults,
        "faults": [fault.kind for fault in faults],
    }


def explain(error: ProfileError) -> list[str]:
    """Return a message for each invalid answer, with what to do."""
    diagnostics: tuple[Diagnostic, ...] = error.diagnostics
    return [f"{diagnostic.name}: {diagnostic.help}" for diagnostic in diagnostics]


def main(arguments: list[str]) -> int:
    """Screen the person in the given profile file, or a made-up one."""
    try:
        service = screener()
        person = (
            load_profile(arguments[0])
            if arguments
            else profile_of({"sciatica": True, "warm_up_min": "5 min"}, tried="side_bend")
        )
        screening = service.screen(person)
    except ProfileError as error:
        print(*explain(error), sep="\n")
        return 2
    except BackscreenError as error:
        print(error)
        return 2
    books: tuple[RulebookUsed, ...] = screening.rulebooks
    print(f"{len(list(questions(service.knowledge_base)))} questions of {', '.join(book.id for book in books)}")
    print(f"{screening.directive}: {len(screening.unanswered)} answers still matter")
    for shown in cards(screening):
        print(f"{'  start' if shown.may_start else '       '}  {shown.title}: {shown.badge}")
    advice: tuple[Advice, ...] = screening.advice
    print(*(sentence.text for sentence in advice), sep="\n")
    print(len(to_confirm(screening)), "answers to confirm")
    print(received(json.dumps(person.to_dict())) == person, sorted(service_schemas()))
    print(len(record(screening)) > 0, health(service)["ok"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
