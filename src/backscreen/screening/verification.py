"""Comparison of an engine's answer with the reference's, and the stricter of both after a fault."""

from __future__ import annotations

from backscreen.model.effects import Certainty
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.screening.bounds import Bounds
from backscreen.screening.parts import Fault
from backscreen.screening.situation import Situation
from backscreen.semantics.activations import ON_THE_PERSON, Activation, Activations, EngineFault
from backscreen.semantics.reference import Decision

MOST_NAMED = 5
"""Disputed rules that a fault names."""


def validated(knowledge_base: KnowledgeBase, situation: Situation, activations: Activations) -> Activations:
    """Return the engine's answer; raise `EngineFault` where it names a rule or a trial that does not exist."""
    trials = range(len(situation.trials))
    for activation, certainty in activations.items():
        if not isinstance(activation, Activation):
            raise EngineFault("invalid", "the engine named neither a rule nor a trial")
        rule, trial = activation
        is_rule = 0 <= rule < len(knowledge_base.rules)
        if not is_rule or trial not in (trials if knowledge_base.rules[rule].about_a_trial else (ON_THE_PERSON,)):
            raise EngineFault("invalid", "the engine named a rule or a trial that there is not")
        if not isinstance(certainty, Certainty):
            raise EngineFault("invalid", "the engine neither let a rule fire nor left it open")
    return activations


def disagreement(
    knowledge_base: KnowledgeBase, activations: Activations, bounds: Bounds, decision: Decision
) -> Fault | None:
    """Return how the engine and the reference differ, for the screening itself: it names rules."""
    disputed = _disputed(activations, decision.activations)
    if disputed:
        rules = sorted({knowledge_base.rules[number].rule.id for number in disputed})
        named = ", ".join(rules[:MOST_NAMED]) + (", …" if len(rules) > MOST_NAMED else "")
        return Fault("disagreement", f"the engine and the reference disagree about {named}")
    if (bounds.stretches, bounds.directives) != (decision.stretches, decision.directive):
        return Fault("disagreement", "the verdicts differ though the same rules fire")
    return None


def without_names(fault: Fault, activations: Activations, decision: Decision) -> Fault:
    """Return a disagreement for logs and health checks.

    It must not name rules: `known-aneurysm` says something about a person's health.
    """
    count = len(_disputed(activations, decision.activations))
    if not count:
        return fault
    return Fault(fault.kind, f"the engine and the reference disagree about {count} rule{'s' * (count != 1)}")


def union(knowledge_base: KnowledgeBase, engines: Activations, references: Activations) -> Activations:
    """Return what either says, `fires` before `may_fire`.

    A recommendation is the reference's word alone: a recommendation more is not the stricter answer.
    """
    activations = {}
    for activation in {**engines, **references}:
        certainties = [references.get(activation)]
        if not knowledge_base.rules[activation.rule].rule.effect.helps:
            certainties.append(engines.get(activation))
        if any(certainties):
            activations[activation] = Certainty.FIRES if Certainty.FIRES in certainties else Certainty.MAY_FIRE
    return activations


def _disputed(engines: Activations, references: Activations) -> set[int]:
    return {
        activation.rule
        for activation in {**engines, **references}
        if engines.get(activation) != references.get(activation)
    }
