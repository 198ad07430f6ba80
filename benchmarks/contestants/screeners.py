"""Adapters of backscreen itself: whole screenings, and the compiled engine and the reference alone."""

from collections.abc import Callable
from typing import cast

from backscreen import Screener, Screening
from backscreen.engines.python.compiled_engine import CompiledEngine
from backscreen.model.facts import TRIAL
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.screening.screener import EngineName
from backscreen.semantics import reference
from backscreen.semantics.activations import ON_THE_PERSON, Subject
from benchmarks.contestants.contestant import Activations, Adapter, Findings, Outcome, outcome_of
from benchmarks.workload import Person, profile_of


def loader(engine: EngineName | None, *, from_answers: bool = False) -> Callable[[KnowledgeBase], Adapter]:
    """Return the loader of a `Screener`, timed from a ready profile or with the making of it."""

    def load(knowledge_base: KnowledgeBase) -> Adapter:
        screener = Screener(knowledge_base, engine=engine)
        rules = {(scoped.book, scoped.rule.id): number for number, scoped in enumerate(knowledge_base.rules)}

        def screen(person: Person) -> Screening:
            profile = profile_of(person.answers, person.trials) if from_answers else person.profile
            return screener.screen(profile)

        def outcome(person: Person) -> Outcome:
            profile = profile_of(person.answers, person.trials) if from_answers else person.profile
            screening = screener.screen(profile)  # without another call, which would count
            return screening.directive, screening.verdicts

        def activations(person: Person) -> Activations:
            screening = screen(person)
            if screening.fault is not None:
                raise AssertionError(f"fault: {screening.fault.kind}: {screening.fault.detail}")
            subjects = [(f, ON_THE_PERSON if f.trial is None else f.trial) for f in screening.findings]
            return {(rules[f.rulebook, f.rule], trial): f.certainty for f, trial in subjects}

        def findings(person: Person) -> Findings:
            return [
                (
                    f.rule,
                    f.reason,
                    f.because,
                    [(source.statement, source.document, source.where) for source in f.sources],
                )
                for f in screen(person).findings
            ]

        return Adapter(outcome, activations, findings, from_profile=not from_answers)

    return load


def load_compiled_engine(knowledge_base: KnowledgeBase) -> Adapter:
    """Load the compiled engine without a screener."""
    engine = CompiledEngine(knowledge_base)

    def activations(person: Person) -> Activations:
        trials = []
        for trial in person.trials:
            answers = {TRIAL + name: value for name, value in trial.answers.items()}
            trials.append(Subject({**person.answers, **answers}, trial.stretch))
        return cast("Activations", engine.activations(Subject(person.answers), tuple(trials)))

    return Adapter(activations=activations)


def load_reference(knowledge_base: KnowledgeBase) -> Adapter:
    """Load the reference."""
    return Adapter(
        lambda person: outcome_of(reference.decide(knowledge_base, person.profile)),
        lambda person: cast("Activations", reference.decide(knowledge_base, person.profile).activations),
        from_profile=True,
    )
