"""Why a case or a scenario does not hold: each difference, the first one first, with the rules behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, assert_never

from attrs import frozen

from backscreen.authoring.cases.runner import Mismatch, Result, Said, What
from backscreen.loading.profile_validation import check
from backscreen.model.conditions import atoms
from backscreen.model.effects import Certainty, Directive, Effect, Verdict
from backscreen.model.facts import TRIAL, Value, trial_place
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.profile import Profile
from backscreen.model.rules import Rule, Scenario
from backscreen.screening.result import Finding
from backscreen.screening.screener import Screener
from backscreen.screening.situation import Situation, situation
from backscreen.semantics.activations import ON_THE_PERSON
from backscreen.semantics.causes import why
from backscreen.semantics.reference import is_about
from backscreen.wording.condition_sentences import ticked, wanted_of_fact


class Obstacle(StrEnum):
    """What other than an answer keeps a rule from acting."""

    RETIRED = "retired"
    NOTHING_TRIED = "nothing_tried"
    OTHER_STRETCH_TRIED = "other_stretch_tried"


@frozen(repr=False)
class Answer:
    """A fact that had a say: where it stands in the profile, its value (None where nobody answered it), and what the rule asks of it."""

    place: str
    value: Value | None
    assumed: bool
    asked: str


@frozen(kw_only=True, repr=False)
class Part:
    """What one rule has to do with a difference: whether it fires (`certainty` is None where it does not), on which answers, and on which stretches."""

    rule: Rule
    certainty: Certainty | None
    trial: int | None = None
    tried: str | None = None
    answers: tuple[Answer, ...] = ()
    obstacle: Obstacle | None = None
    acts_on: tuple[str, ...] = ()


@frozen(eq=False, repr=False)
class Difference:
    """One expectation that did not come true, and the rules because of which it did not."""

    what: What
    of: str | None
    expected: Said
    got: Said
    because: tuple[Part, ...]


@frozen(eq=False, repr=False)
class Failure:
    """A case or a scenario that does not hold. `rule` is None for a scenario."""

    at: str
    rule: str | None
    name: str
    given: Profile
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        """The failure as plain values, with nothing left out."""
        return {
            "at": self.at,
            "rule": self.rule,
            "name": self.name,
            "given": _given(self.given),
            "differences": [_difference(one) for one in self.differences],
        }


@frozen(eq=False, repr=False)
class _Judged:
    """What a case or a scenario was judged by, and what was found."""

    knowledge_base: KnowledgeBase
    profile: Profile
    known: Situation
    findings: tuple[Finding, ...]
    best: Directive
    worst: Directive
    verdicts: Mapping[str, tuple[Verdict, Verdict]]


def failure(result: Result) -> Failure:
    """Why the case or the scenario does not hold; without differences where it does."""
    judged = _judged(result)
    alone = None if isinstance(result.judged, Scenario) else judged.knowledge_base.rules[0].rule
    differences = tuple(
        Difference(
            one.what,
            one.of,
            one.expected,
            one.came,
            tuple(_because(judged, one) if alone is None else _parts(judged, alone)),
        )
        for one in result.mismatches
    )
    return Failure(result.at, None if alone is None else result.subject, result.name, result.judged.given, differences)


def _judged(result: Result) -> _Judged:
    knowledge_base = result.knowledge_base
    profile = check(knowledge_base, result.judged.given)[0]
    screening = result.screening or Screener(knowledge_base, engine="compiled").screen(profile)
    verdicts = {outcome.id: (outcome.at_best, outcome.at_worst) for outcome in screening}
    return _Judged(
        knowledge_base,
        profile,
        situation(knowledge_base, profile),
        screening.findings,
        screening.at_best,
        screening.at_worst,
        verdicts,
    )


def _because(judged: _Judged, mismatch: Mismatch) -> Iterator[Part]:
    """The rules behind a difference of a scenario: those that made what came, then those that should have made what was expected."""
    match mismatch.what:
        case What.ENGINE:
            return
        case What.FIRES:
            book = judged.knowledge_base.books[0]
            for rule in book.rules:
                if rule.id == mismatch.of:
                    yield from _parts(judged, rule)
        case What.DIRECTIVE:
            yield from _of_directive(judged, Directive(str(mismatch.expected)))
        case What.VERDICT:
            assert mismatch.of is not None
            yield from _of_verdict(judged, mismatch.of, Verdict(str(mismatch.expected)))
        case What.RECOMMENDED | What.UNNEEDED:
            effect = Effect.RECOMMEND if mismatch.what is What.RECOMMENDED else Effect.UNNEEDED
            yield from _of_notes(judged, effect, _unlike(mismatch))
        case What.INSTEAD:
            assert mismatch.of is not None
            yield from _once(part for name in (mismatch.of, *_unlike(mismatch)) for part in _acting(judged, name))
        case What.UNANSWERED:
            yield from _once(part for place in _unlike(mismatch) for part in _reading(judged, place))
        case _:
            assert_never(mismatch.what)


def _unlike(mismatch: Mismatch) -> list[str]:
    """The names that are in one of the two lists only; all of them where it is their order that differs."""
    expected, came = mismatch.expected, mismatch.came
    assert isinstance(expected, tuple)
    assert isinstance(came, tuple)
    return [name for name in dict.fromkeys((*expected, *came)) if not (name in expected and name in came)]


def _once(parts: Iterable[Part]) -> Iterator[Part]:
    seen = []
    for part in parts:
        if part not in seen:
            seen.append(part)
            yield part


def _of_directive(judged: _Judged, expected: Directive) -> Iterator[Part]:
    for finding in judged.findings:
        made_it = finding.certainty is Certainty.FIRES and finding.directive == judged.best > Directive.PROCEED
        if made_it or (finding.certainty is Certainty.MAY_FIRE and finding.directive > judged.best):
            yield _found(judged, finding)
    if expected is not Directive.UNDETERMINED and expected > judged.worst:
        yield from _near(
            judged, [scoped for scoped in judged.knowledge_base.rules if scoped.rule.directive == expected]
        )


def _of_verdict(judged: _Judged, stretch: str, expected: Verdict) -> Iterator[Part]:
    yield from _acting(judged, stretch)
    best, worst = judged.verdicts[stretch]
    if expected is Verdict.UNDETERMINED:
        may_fire = {
            finding.rule
            for finding in judged.findings
            if finding.certainty is Certainty.MAY_FIRE and finding.effect.verdict > best
        }
        yield from (part for part in _elsewhere(judged, stretch) if part.rule.id in may_fire)
    elif expected > worst:
        yield from (part for part in _elsewhere(judged, stretch) if part.rule.effect.verdict == expected)
        wanted = [
            scoped
            for scoped in judged.knowledge_base.rules
            if scoped.rule.effect.verdict == expected and _reaches(judged, scoped, stretch)
        ]
        yield from _near(judged, wanted)


def _elsewhere(judged: _Judged, stretch: str) -> Iterator[Part]:
    """The rules that act, or may act, on other stretches than this one, because of something that is known or open, and not of everybody."""
    for finding in judged.findings:
        of_somebody = any(place not in judged.known.assumed for place in finding.because) or finding.unanswered
        if stretch not in (*finding.stretches, *finding.may_act_on) and of_somebody:
            yield _found(judged, finding)


def _acting(judged: _Judged, stretch: str) -> Iterator[Part]:
    """The rules that made the verdict on a stretch what it is."""
    best = judged.verdicts[stretch][0]
    for finding in judged.findings:
        made_it = stretch in finding.stretches and finding.effect.verdict == best > Verdict.ALLOWED
        if made_it or (stretch in finding.may_act_on and finding.effect.verdict > best):
            yield _found(judged, finding)


def _of_notes(judged: _Judged, effect: Effect, stretches: list[str]) -> Iterator[Part]:
    """The rules that give, or should have given, the stretches this note; and those that may have kept them from being recommended."""
    scoped = [
        one
        for one in judged.knowledge_base.rules
        if one.rule.effect is effect and any(_reaches(judged, one, name) for name in stretches)
    ]
    for one in scoped:
        yield from _parts(judged, one.rule)
    if effect is Effect.RECOMMEND:
        yield from _once(part for name in stretches for part in _acting(judged, name))


def _reading(judged: _Judged, place: str) -> Iterator[Part]:
    """The rules that ask for what stands at this place and are undecided, or, where there is none, that are decided all the same."""
    of_it = [_found(judged, finding) for finding in judged.findings if place in finding.unanswered]
    if of_it:
        yield from of_it
        return
    fact = _fact(place)
    for scoped in judged.knowledge_base.rules:
        if any(atom.fact == fact for atom in atoms(scoped.rule.when)):
            yield from _parts(judged, scoped.rule)


def _reaches(judged: _Judged, scoped: ScopedRule, stretch: str) -> bool:
    """Whether a rule acts on the stretch when it fires."""
    if scoped.scope is not None:
        return stretch in scoped.scope
    return any(trial.stretch in (stretch, None) for trial in judged.known.trials)


def _near(judged: _Judged, rules: Iterable[ScopedRule]) -> list[Part]:
    """Those of the rules that do not fire though they ask for something that was given, the ones first of whose questions the most are answered as they ask."""
    found = []
    for scoped in rules:
        for part in _parts(judged, scoped.rule):
            if part.certainty is None and any(not one.assumed for one in part.answers):
                asked = {atom.fact for atom in atoms(scoped.rule.when)}
                found.append((len(part.answers) - len(asked), part))
    return [part for _, part in sorted(found, key=lambda one: one[0])]


def _parts(judged: _Judged, rule: Rule) -> Iterator[Part]:
    """What became of the rule: of one about a trial, against each trial."""
    scoped = next((one for one in judged.knowledge_base.rules if one.rule.id == rule.id), None)
    if scoped is None:
        yield Part(rule=rule, certainty=None, obstacle=Obstacle.RETIRED)
    elif rule.about_a_trial and not judged.known.trials:
        yield Part(rule=rule, certainty=None, obstacle=Obstacle.NOTHING_TRIED)
    else:
        for trial in range(len(judged.known.trials)) if rule.about_a_trial else [ON_THE_PERSON]:
            index = None if trial == ON_THE_PERSON else trial
            found = next((one for one in judged.findings if one.rule == rule.id and one.trial == index), None)
            yield _against(judged, scoped, trial) if found is None else _found(judged, found)


def _found(judged: _Judged, finding: Finding) -> Part:
    """A rule that fires or may fire."""
    rule = next(scoped.rule for scoped in judged.knowledge_base.rules if scoped.rule.id == finding.rule)
    answers = [*finding.because.items(), *((place, None) for place in finding.unanswered)]
    return Part(
        rule=rule,
        certainty=finding.certainty,
        trial=finding.trial,
        tried=None if finding.trial is None else judged.profile.trials[finding.trial].stretch,
        answers=tuple(_answer(judged, rule, place, value) for place, value in answers),
        acts_on=finding.stretches or finding.may_act_on,
    )


def _against(judged: _Judged, scoped: ScopedRule, trial: int) -> Part:
    """A rule that does not fire."""
    known, rule = judged.known.subject(trial), scoped.rule
    index = None if trial == ON_THE_PERSON else trial
    if is_about(scoped, known.stretch) is False:
        return Part(rule=rule, certainty=None, trial=index, tried=known.stretch, obstacle=Obstacle.OTHER_STRETCH_TRIED)
    facts = dict.fromkeys(why(rule.when, known.answers, wanted=False).grounds)
    answers = tuple(_answer(judged, rule, _place(fact, trial), known.answers[fact]) for fact in facts)
    return Part(rule=rule, certainty=None, trial=index, tried=known.stretch, answers=answers)


def _place(fact: str, trial: int) -> str:
    return trial_place(trial, fact.removeprefix(TRIAL)) if fact.startswith(TRIAL) else fact


def _fact(place: str) -> str:
    """How conditions name what stands at this place."""
    return TRIAL + place.partition("].")[2] if place.startswith("trials[") else place


def _answer(judged: _Judged, rule: Rule, place: str, value: Value | None) -> Answer:
    return Answer(place, value, place in judged.known.assumed, wanted_of_fact(rule.when, _fact(place), ticked))


def _given(profile: Profile) -> dict[str, Any]:
    """The profile as it is written in a case."""
    trials: list[dict[str, Value]] = []
    for trial in profile.trials:
        stretch: dict[str, Value] = {} if trial.stretch is None else {"stretch": trial.stretch}
        trials.append(stretch | dict(trial.facts))
    return {"facts": dict(profile.facts), "trials": trials, "otherwise": profile.otherwise}


def _difference(one: Difference) -> dict[str, Any]:
    expected, got = (list(said) if isinstance(said, tuple) else said for said in (one.expected, one.got))
    return {
        "what": one.what.value,
        "of": one.of,
        "expected": expected,
        "got": got,
        "because": [_part(part) for part in one.because],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "rule": part.rule.id,
        "effect": part.rule.effect.value,
        "fires": {Certainty.FIRES: "yes", Certainty.MAY_FIRE: "unknown", None: "no"}[part.certainty],
        "trial": part.trial,
        "answers": [
            {"place": one.place, "value": one.value, "assumed": one.assumed, "asked": one.asked.replace("`", "")}
            for one in part.answers
        ],
        "obstacle": None if part.obstacle is None else part.obstacle.value,
        "stretches": list(part.acts_on),
    }
