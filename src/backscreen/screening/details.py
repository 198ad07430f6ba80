"""Details of a screening, each computed when it is first read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backscreen.model.catalogue import Stretch
from backscreen.model.effects import Certainty
from backscreen.model.facts import TRIAL
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Origin, Profile
from backscreen.screening.bounds import Bounds
from backscreen.screening.cached import cached_property
from backscreen.screening.findings import Findings, in_order, sources
from backscreen.screening.next_question import could_matter, next_fact
from backscreen.screening.outcomes import OutcomeReader, Outcomes
from backscreen.screening.parts import Advice, FactText, Finding, NextQuestion
from backscreen.screening.situation import Situation, situation
from backscreen.screening.warning_signs import assumed_signs, closing_notice, emergencies, is_leading, is_reason
from backscreen.semantics.activations import ON_THE_PERSON, Activations, DecidedRule
from backscreen.wording import phrases
from backscreen.wording.notices import (
    CLOSING,
    Notice,
    NoticeCode,
    assumed_answers,
    assumed_emergency_signs,
    assumed_warning_signs,
    open_questions,
)

PARTS = (
    "bounds",
    "catalogue",
    "origins",
    "advice",
    "findings",
    "outcomes",
    "reasons",
    "leading",
    "may_change",
    "facts",
    "next_question",
    "notices",
)
"""The details, by name."""


class Explainer:
    """What all screenings of one screener share; may be shared between threads."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self.knowledge_base = knowledge_base

    @cached_property
    def findings(self) -> Findings:
        """The cache of findings."""
        return Findings(self.knowledge_base)

    @cached_property
    def outcomes(self) -> OutcomeReader:
        """The reader of outcomes."""
        return OutcomeReader(self.knowledge_base)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """The advice of all rulebooks, in their order; a sentence that two of them give, once."""
        advice: dict[str, Advice] = {}
        for (book, name), (_, statement) in self.knowledge_base.statements.items():
            if statement.advice is not None:
                (source,) = sources(self.knowledge_base, book, [name])
                advice.setdefault(statement.advice, Advice(book, statement.advice, source))
        return tuple(advice.values())


class Details:
    """The details of one screening. Two threads may compute the same one; it is the same for both.

    There is no lock: a process that forks would keep it locked.
    """

    def __init__(self, explainer: Explainer, profile: Profile, bounds: Bounds, activations: Activations) -> None:
        self._explainer = explainer
        self._profile = profile
        self.bounds = bounds
        self._activations = activations

    @cached_property
    def _decided(self) -> list[DecidedRule]:
        """The rules that fire or may fire, in their order, then in that of trials."""
        return sorted((*activation, certainty) for activation, certainty in self._activations.items())

    @cached_property
    def _situation(self) -> Situation:
        return situation(self._explainer.knowledge_base, self._profile)

    def parts(self) -> dict[str, Any]:
        """Return every detail by its name."""
        return {name: getattr(self, name) for name in PARTS}

    @cached_property
    def catalogue(self) -> Mapping[str, Stretch]:
        """Every stretch by its id."""
        return self._explainer.knowledge_base.stretches

    @cached_property
    def origins(self) -> Mapping[str, Origin]:
        """The origin of each answer by its place."""
        return self._situation.origins

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """The advice for everybody."""
        return self._explainer.advice

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The rules that fire or may fire, in their order."""
        return self._explainer.findings.of(self._situation, self._decided)

    @cached_property
    def outcomes(self) -> Outcomes:
        """The reasons for every verdict, and all that is unanswered."""
        rules = self._explainer.knowledge_base.rules
        return self._explainer.outcomes.outcomes(
            [rules[number] for number, _, _ in self._decided],
            self.findings,
            self.bounds,
            self._explainer.findings.order(len(self._profile.trials)),
        )

    @cached_property
    def reasons(self) -> tuple[int, ...]:
        """The indices of the findings that are reasons."""
        return self._indices(lambda finding: is_reason(finding, self.outcomes))

    @cached_property
    def leading(self) -> tuple[int, ...]:
        """The indices of the reasons of the directive `stop` or `consult`."""
        return self._indices(lambda finding: is_leading(finding, self.bounds))

    @cached_property
    def may_change(self) -> tuple[int, ...]:
        """The indices of the findings that may fire, and would then make something stricter."""
        return self._indices(
            lambda finding: finding.certainty is Certainty.MAY_FIRE and could_matter(finding, self.bounds)
        )

    def _indices(self, is_wanted: Callable[[Finding], bool]) -> tuple[int, ...]:
        return tuple(index for index, finding in enumerate(self.findings) if is_wanted(finding))

    def _places(self, wanted: Origin) -> tuple[str, ...]:
        return tuple(place for place, origin in self.origins.items() if origin is wanted)

    @cached_property
    def facts(self) -> Mapping[str, FactText]:
        """The words of each fact that the screening names, by its place."""
        of_findings = (place for finding in self.findings for place in (*finding.because, *finding.unanswered))
        named = {*self.outcomes.unanswered, *self._places(Origin.ASSUMED), *self._places(Origin.UNSURE), *of_findings}
        order = self._explainer.findings.order(len(self._profile.trials))
        return {place: self._fact_text(place) for place in in_order(named, order)}

    def _fact_text(self, place: str) -> FactText:
        knowledge_base, profile = self._explainer.knowledge_base, self._profile
        fact, index = phrases.fact_at(knowledge_base, place), phrases.trial_at(place)
        subject = self._situation.subject(ON_THE_PERSON if index is None else index)
        value = subject.stretch if fact is None else subject.answers.get(fact.id if index is None else TRIAL + fact.id)
        return FactText(
            title=phrases.title(knowledge_base, place),
            trial=None if index is None else phrases.trial_name(knowledge_base, profile, index),
            kind="stretch" if fact is None else type(fact).__name__.lower(),
            question=phrases.question(knowledge_base, profile, place),
            answers="the stretch" if fact is None else phrases.how_to_answer(fact),
            answer=None if value is None else phrases.answer(fact, knowledge_base, value),
        )

    @cached_property
    def next_question(self) -> NextQuestion | None:
        """The question that matters most, or None where nothing is left to ask."""
        found = next_fact(self.findings, self.bounds, self.outcomes, self._places(Origin.UNSURE))
        if found is None:
            return None
        place, finding = found
        text = self.facts[place]
        return NextQuestion(
            place, text.question, text.answers, f"It decides whether this applies to you: {finding.title}"
        )

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """The sentences that a report must show."""
        knowledge_base, assumed = self._explainer.knowledge_base, self._places(Origin.ASSUMED)
        signs = assumed_signs(knowledge_base, self.bounds, assumed)
        notices = []
        if signs:
            notices.append(assumed_warning_signs(len(assumed), signs))
            emergency = emergencies(knowledge_base, self._situation.person.answers, signs)
            if emergency:
                notices.append(assumed_emergency_signs(emergency, [self.facts[sign].label for sign in emergency]))
        elif assumed:
            notices.append(assumed_answers(assumed))
        if self.outcomes.unanswered:
            notices.append(open_questions(self.outcomes.unanswered))
        closing = closing_notice(knowledge_base, self.bounds, self.outcomes.unanswered, assumed)
        return (*notices, *(CLOSING[code] for code in (closing, NoticeCode.NOT_MEDICAL_ADVICE) if code is not None))


class StoredDetails(Details):
    """The details of a screening that was pickled or read back from a dictionary."""

    def __init__(self, parts: Mapping[str, Any]) -> None:
        vars(self).update(parts)
