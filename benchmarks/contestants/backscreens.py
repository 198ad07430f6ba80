"""backscreen's own: whole screenings, and its parts alone."""

from __future__ import annotations

from functools import partial

from backscreen import Profile, Screener, Screening, Trial
from backscreen.engines import reference
from backscreen.engines.activations import ON_THE_PERSON, Activations, Known
from backscreen.engines.compiled import CompiledEngine
from backscreen.rulebook.rulebook import Guidance
from backscreen.screening.screener import EngineName
from benchmarks.contestants.contestant import Answer, Contestant, Ready, with_trial
from benchmarks.people import Person


def _screening(guidance: Guidance, *, engine: EngineName | None, every_finding: bool = False, from_answers: bool = False) -> Ready:
    screener = Screener(guidance, engine=engine)
    numbers = {(placed.book, placed.rule.id): number for number, placed in enumerate(guidance.rules)}

    def ask(person: Person) -> object:
        screening = screener.screen(_profile(person) if from_answers else person.profile)
        verdicts = list(screening.verdicts.items())
        return screening.directive, verdicts, _every_finding(screening) if every_finding else None

    def answer(person: Person) -> Answer:
        screening = screener.screen(_profile(person) if from_answers else person.profile)
        if screening.fault is not None:
            raise AssertionError(f"a fault: {screening.fault.kind}: {screening.fault.detail}")
        decision = reference.decide(guidance, person.profile)
        bounds = {outcome.id: (outcome.at_best, outcome.at_worst) for outcome in screening.stretches}
        if (bounds, (screening.at_best, screening.at_worst)) != (decision.stretches, decision.directive):
            raise AssertionError("the verdicts or the directive are not those of the reference")
        return {
            (numbers[finding.rulebook, finding.rule], ON_THE_PERSON if finding.trial is None else finding.trial): finding.certainty
            for finding in screening.findings
        }

    return Ready(ask, answer)


def _profile(person: Person) -> Profile:
    return Profile(person.answers, [Trial(tried.stretch, **tried.answers) for tried in person.trials])


def _every_finding(screening: Screening) -> object:
    """Everything that a report shows of each finding and of each stretch."""
    findings = [
        (one.rule, one.effect, one.certainty, one.title, one.reason, one.because, one.unanswered, one.trial, one.stretches, one.may_act_on, one.sources)
        for one in screening.findings
    ]
    return findings, [(one.findings, one.unanswered, one.instead, one.recommended, one.unneeded) for one in screening.stretches]


def _compiled(guidance: Guidance) -> Ready:
    engine = CompiledEngine(guidance)

    def ask(person: Person) -> Activations:
        trials = tuple(Known(with_trial(person.answers, tried), tried.stretch) for tried in person.trials)
        return engine.activations(Known(person.answers), trials)

    return Ready(ask, lambda person: _plain(ask(person)))


def _reference(guidance: Guidance) -> Ready:
    def ask(person: Person) -> reference.Decision:
        return reference.decide(guidance, person.profile)

    return Ready(ask, lambda person: _plain(ask(person).activations))


def _plain(activations: Activations) -> Answer:
    return {(one.rule, one.trial): certainty for one, certainty in activations.items()}


DEFAULT = Contestant(
    "backscreen, default path",
    None,
    "`Screener().screen(profile)`, durable_rules verified by the reference where durable_rules is installed, else the compiled evaluator verified by it."
    " The profile is checked, and the directive and the verdict of every stretch are read. It starts from a `Profile`.",
    partial(_screening, engine=None),
)
COMPILED = Contestant(
    "backscreen, compiled",
    None,
    '`Screener(engine="compiled").screen(profile)`: the same answer from the compiled evaluator, with nothing that verifies it. It starts from a `Profile`.',
    partial(_screening, engine="compiled"),
)
EVALUATOR = Contestant("compiled evaluator alone", None, "`CompiledEngine.activations`: which rules fire and may fire, and nothing more.", _compiled)
COMPARED = (DEFAULT, COMPILED, EVALUATOR)
CONTESTANTS = (
    DEFAULT,
    Contestant(
        "backscreen, default path, from plain answers",
        None,
        "The default path, but the `Profile` is made from plain answers too, which is where all but backscreen's screenings and its reference begin.",
        partial(_screening, engine=None, from_answers=True),
    ),
    Contestant(
        "backscreen, default path, all findings read",
        None,
        "The default path from a `Profile`; every finding is read with its reason, grounds and sources, and of every stretch what is open and what to do"
        " instead.",
        partial(_screening, engine=None, every_finding=True),
    ),
    COMPILED,
    EVALUATOR,
    Contestant(
        "reference alone",
        None,
        "`reference.decide`: the meaning, written for reading and not for speed; rules, verdicts and the directive. It starts from a `Profile`.",
        _reference,
    ),
)
