"""backscreen's own: whole screenings, and its parts alone."""

from __future__ import annotations

from functools import partial
from typing import cast

from backscreen import Screener, Screening
from backscreen.engines import reference
from backscreen.engines.activations import ON_THE_PERSON, Known
from backscreen.engines.compiled import CompiledEngine
from backscreen.rulebook.rulebook import Guidance
from backscreen.screening.screener import EngineName
from benchmarks.contestants.contestant import Answer, Contestant, Decided, Findings, Ready, undetermined, with_trial
from benchmarks.people import Person, profile_of


def _screening(guidance: Guidance, *, engine: EngineName | None, from_answers: bool = False) -> Ready:
    """Whole screenings, from a ready `Profile` or with the making of it."""
    screener = Screener(guidance, engine=engine)
    numbers = {(placed.book, placed.rule.id): number for number, placed in enumerate(guidance.rules)}

    def screened(person: Person) -> Screening:
        screening = screener.screen(profile_of(person) if from_answers else person.profile)
        if screening.fault is not None:
            raise AssertionError(f"a fault: {screening.fault.kind}: {screening.fault.detail}")
        return screening

    def verdicts(person: Person) -> Decided:
        screening = screener.screen(profile_of(person) if from_answers else person.profile)
        return screening.directive, screening.verdicts

    def rules(person: Person) -> Answer:
        return {
            (numbers[finding.rulebook, finding.rule], ON_THE_PERSON if finding.trial is None else finding.trial): finding.certainty
            for finding in screened(person).findings
        }

    def findings(person: Person) -> Findings:
        screening = screener.screen(profile_of(person) if from_answers else person.profile)
        return [
            (finding.rule, finding.reason, finding.because, [(source.statement, source.document, source.where) for source in finding.sources])
            for finding in screening.findings
        ]

    return Ready(verdicts, rules, findings, from_profile=not from_answers)


def _compiled(guidance: Guidance) -> Ready:
    engine = CompiledEngine(guidance)

    def rules(person: Person) -> Answer:
        trials = tuple(Known(with_trial(person.answers, tried), tried.stretch) for tried in person.trials)
        return cast("Answer", engine.activations(Known(person.answers), trials))

    return Ready(rules=rules)


def _reference(guidance: Guidance) -> Ready:
    def verdicts(person: Person) -> Decided:
        decision = reference.decide(guidance, person.profile)
        return undetermined(decision)

    def rules(person: Person) -> Answer:
        return {(one.rule, one.trial): certainty for one, certainty in reference.decide(guidance, person.profile).activations.items()}

    return Ready(verdicts, rules, from_profile=True)


COMPILED = Contestant(
    "backscreen, compiled",
    None,
    '`Screener(engine="compiled").screen(profile)`, from a ready `Profile`: names, types and bounds are checked, and reasons, sources and open questions can be'
    " had. “Every finding” reads of each finding the rule, the reason, the answers that made it so, and statement, document and place of each source.",
    partial(_screening, engine="compiled"),
)
COMPILED_FROM_ANSWERS = Contestant(
    "backscreen, compiled, from plain answers",
    None,
    "The same, and the `Profile` is made from plain answers too, which is where the others begin.",
    partial(_screening, engine="compiled", from_answers=True),
)
DEFAULT = Contestant(
    "backscreen, default path",
    None,
    "`Screener().screen(profile)`, from a ready `Profile`: durable_rules verified by the reference where durable_rules is installed, else the compiled"
    " evaluator verified by it.",
    partial(_screening, engine=None),
)
DEFAULT_FROM_ANSWERS = Contestant(
    "backscreen, default path, from plain answers",
    None,
    "The default path, and the `Profile` is made from plain answers too.",
    partial(_screening, engine=None, from_answers=True),
)
REFERENCE = Contestant(
    "reference alone",
    None,
    "`reference.decide`: the meaning, written for reading and not for speed; rules, verdicts and the directive. It starts from a `Profile`.",
    _reference,
)
CONTESTANTS = (
    COMPILED,
    COMPILED_FROM_ANSWERS,
    DEFAULT,
    DEFAULT_FROM_ANSWERS,
    Contestant("compiled evaluator alone", None, "`CompiledEngine.activations`: which rules fire and may fire, and nothing more.", _compiled),
    REFERENCE,
)
