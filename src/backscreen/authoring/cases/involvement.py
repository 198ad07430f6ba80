"""The part that one rule has in the result of a case or a scenario: whether it fires, and because of which answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from attrs import frozen

from backscreen.authoring.cases.runner import Result
from backscreen.loading.profile_validation import check
from backscreen.model.conditions import atoms
from backscreen.model.effects import Certainty, Directive, Verdict
from backscreen.model.facts import TRIAL, Value, trial_place
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.profile import Origin, Profile
from backscreen.model.rules import Rule
from backscreen.screening.parts import Finding
from backscreen.screening.screener import Screener
from backscreen.screening.situation import Situation, situation
from backscreen.semantics.activations import ON_THE_PERSON
from backscreen.semantics.causes import why
from backscreen.semantics.reference import is_about
from backscreen.wording.condition_sentences import ticked, wanted_of_fact


class Obstacle(StrEnum):
    """A reason other than an answer why a rule does not act."""

    RETIRED = "retired"
    NOTHING_TRIED = "nothing_tried"
    OTHER_STRETCH_TRIED = "other_stretch_tried"


@frozen(repr=False)
class Answer:
    """An answer that a rule depends on: its place in the profile, its value if known, and what the rule wants."""

    place: str
    value: Value | None
    assumed: bool
    wanted: str


@frozen(kw_only=True, repr=False)
class Involvement:
    """The part that one rule has in a result; `certainty` is None if it does not fire."""

    rule: Rule
    certainty: Certainty | None
    trial: int | None = None
    tried: str | None = None
    answers: tuple[Answer, ...] = ()
    obstacle: Obstacle | None = None
    acts_on: tuple[str, ...] = ()


@frozen(eq=False, repr=False)
class Judgement:
    """A case or a scenario, screened."""

    knowledge_base: KnowledgeBase
    profile: Profile
    known: Situation
    findings: tuple[Finding, ...]
    best: Directive
    worst: Directive
    verdicts: Mapping[str, tuple[Verdict, Verdict]]


def judgement(result: Result) -> Judgement:
    """Return the profile of a case or a scenario with its screening."""
    knowledge_base = result.knowledge_base
    profile = check(knowledge_base, result.judged.given)[0]
    screening = result.screening or Screener(knowledge_base, engine="compiled").screen(profile)
    return Judgement(
        knowledge_base,
        profile,
        situation(knowledge_base, profile),
        screening.findings,
        screening.at_best,
        screening.at_worst,
        {outcome.id: (outcome.at_best, outcome.at_worst) for outcome in screening},
    )


def involvements(judged: Judgement, rule: Rule) -> Iterator[Involvement]:
    """Yield the part that a rule has; if it is about a trial, one for each trial."""
    scoped = next((scoped for scoped in judged.knowledge_base.rules if scoped.rule.id == rule.id), None)
    if scoped is None:
        yield Involvement(rule=rule, certainty=None, obstacle=Obstacle.RETIRED)
    elif rule.about_a_trial and not judged.known.trials:
        yield Involvement(rule=rule, certainty=None, obstacle=Obstacle.NOTHING_TRIED)
    else:
        for trial in range(len(judged.known.trials)) if rule.about_a_trial else [ON_THE_PERSON]:
            index = None if trial == ON_THE_PERSON else trial
            matches = (finding for finding in judged.findings if finding.rule == rule.id and finding.trial == index)
            finding = next(matches, None)
            yield _silent(judged, scoped, trial) if finding is None else of_finding(judged, finding)


def of_finding(judged: Judgement, finding: Finding) -> Involvement:
    """Return the part of a rule that fires or may fire."""
    rule = next(scoped.rule for scoped in judged.knowledge_base.rules if scoped.rule.id == finding.rule)
    answers = [*finding.because.items(), *((place, None) for place in finding.unanswered)]
    return Involvement(
        rule=rule,
        certainty=finding.certainty,
        trial=finding.trial,
        tried=None if finding.trial is None else judged.profile.trials[finding.trial].stretch,
        answers=tuple(_answer(judged, rule, place, value) for place, value in answers),
        acts_on=finding.stretches or finding.may_act_on,
    )


def _silent(judged: Judgement, scoped: ScopedRule, trial: int) -> Involvement:
    """Return the part of a rule that does not fire."""
    known, rule = judged.known.subject(trial), scoped.rule
    index = None if trial == ON_THE_PERSON else trial
    if is_about(scoped, known.stretch) is False:
        return Involvement(
            rule=rule, certainty=None, trial=index, tried=known.stretch, obstacle=Obstacle.OTHER_STRETCH_TRIED
        )
    facts = dict.fromkeys(why(rule.when, known.answers, wanted=False).grounds)
    answers = tuple(_answer(judged, rule, _place(fact, trial), known.answers[fact]) for fact in facts)
    return Involvement(rule=rule, certainty=None, trial=index, tried=known.stretch, answers=answers)


def nearly_firing(judged: Judgement, rules: Iterable[ScopedRule]) -> list[Involvement]:
    """Return the rules that do not fire although they read a given answer, those with fewest wrong answers first."""
    found = []
    for scoped in rules:
        for involvement in involvements(judged, scoped.rule):
            if involvement.certainty is None and any(not answer.assumed for answer in involvement.answers):
                read = {atom.fact for atom in atoms(scoped.rule.when)}
                found.append((len(involvement.answers) - len(read), involvement))
    return [involvement for _, involvement in sorted(found, key=lambda pair: pair[0])]


def _place(fact: str, trial: int) -> str:
    return trial_place(trial, fact.removeprefix(TRIAL)) if fact.startswith(TRIAL) else fact


def fact_name(place: str) -> str:
    """Return the name in conditions of the fact at a place of a profile."""
    return TRIAL + place.partition("].")[2] if place.startswith("trials[") else place


def _answer(judged: Judgement, rule: Rule, place: str, value: Value | None) -> Answer:
    return Answer(
        place,
        value,
        judged.known.origins.get(place) is Origin.ASSUMED,
        wanted_of_fact(rule.when, fact_name(place), ticked),
    )
