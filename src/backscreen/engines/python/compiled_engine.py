"""The rulebooks compiled to straight-line Python, which `CompiledEngine.source` shows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from backscreen.engines.lowering.masks import of_knowledge_base
from backscreen.engines.python.codegen import written
from backscreen.model.facts import TRIAL, Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Trial, validated_trial
from backscreen.semantics.activations import ON_THE_PERSON, Activation, Activations, DecidedRule, EngineFault, Subject


class Decided(NamedTuple):
    """The result of all rules for one person, as bit masks (`masks`).

    `ends` are the effects of the rules that fire, and of those that fire or may fire. Then come the rules about the
    person that fire, those that may fire, and the same for each trial.
    """

    ends: tuple[int, int]
    fire: tuple[int, ...]
    may_fire: tuple[int, ...]
    of_trials: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]


class CompiledEngine:
    """Evaluates rulebooks as compiled Python; may be shared between threads.

    >>> from backscreen.loading.rulebook_files import load_rulebooks
    >>> engine = CompiledEngine(load_rulebooks("lower-back"))
    >>> engine.source.splitlines()[0]
    'def decide(d, trials, o):'
    """

    name = "compiled"

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self.masks = of_knowledge_base(knowledge_base)
        program = written(knowledge_base, self.masks)
        self.source = program.source
        self.variables = program.variables
        self.decide = program.function()

    def activations(self, person: Subject, trials: tuple[Subject, ...]) -> Activations:
        """Decide every rule against the person, or against each trial."""
        tried = [validated_trial(Trial(), trial.stretch, _own_answers(trial), ()) for trial in trials]
        own = {name: value for name, value in person.answers.items() if not name.startswith(TRIAL)}
        decided: Decided | None = None
        with suppress(LookupError, TypeError):  # whose text would be an answer
            decided = self.decide(own, tried, False)  # noqa: FBT003 - what is assumed is among the answers
        if decided is None:
            raise EngineFault("refused", "an answer is not as the rulebook has it")
        return {Activation(number, trial): certainty for number, trial, certainty in self.decided_rules(decided)}

    def give_up(self) -> None:
        """Nothing is shared with another engine."""

    def decided_rules(self, decided: Decided) -> list[DecidedRule]:
        """Return the rules that fire or may fire, in the order of rules, then of trials."""
        _, fire, may_fire, of_trials = decided
        rules = [
            (number, trial, certainty)
            for trial, pair in enumerate([(fire, may_fire), *of_trials], ON_THE_PERSON)
            for number, certainty in self.masks.certainties(*pair)
        ]
        return sorted(rules) if of_trials else rules


def _own_answers(trial: Subject) -> dict[str, Value]:
    """A trial's own answers, by their plain names; a fact of the person may have the same."""
    return {name.removeprefix(TRIAL): value for name, value in trial.answers.items() if name.startswith(TRIAL)}
