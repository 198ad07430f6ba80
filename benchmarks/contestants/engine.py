"""Parts that the adapters of other engines share: the rules in a neutral form, and outcomes from an engine's replies.

What a rule does is an integer of bits: stretches to avoid, stretches that need care and directives, at best and again
at worst. Those of the rules that fire or may fire are joined by "or", and outcomes are cached by the result.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import lru_cache, reduce
from itertools import compress
from operator import or_
from typing import Any

from attrs import frozen

from backscreen.engines.lowering.masks import Masks as Layout
from backscreen.engines.lowering.masks import of_knowledge_base
from backscreen.model.conditions import AllOf, Condition, OneOf, atoms
from backscreen.model.effects import Certainty
from backscreen.model.facts import TRIAL, Fact, Flag, Value
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.screening.bounds import Bounds
from backscreen.semantics.activations import ON_THE_PERSON
from benchmarks.contestants.contestant import Activations, Adapter, Outcome
from benchmarks.workload import Person, PlainTrial

FIRES, MAY_FIRE = Certainty.FIRES, Certainty.MAY_FIRE
CACHED_OUTCOMES = 4096


@frozen(eq=False)
class RuleTable:
    """Conditions by rule index, of flags, choices and numbers alone: a trial has a flag for each `tried` of a rule."""

    person: dict[int, Condition]
    trial: dict[int, Condition]
    person_facts: dict[str, Fact]
    trial_facts: dict[str, Fact]
    facts: dict[str, Fact]
    """All of them, by their names in conditions."""
    shared_facts: list[str]
    """The facts of the person that conditions on a trial read."""
    stretch_flags: dict[str | None, dict[str, Value]]
    """The flags of a trial by its stretch."""


def _rule_table(knowledge_base: KnowledgeBase, rules: Iterable[int]) -> RuleTable:
    selections = dict.fromkeys(scoped.tried for scoped in knowledge_base.rules if scoped.tried is not None)
    flags = {selection: f"stretch_in_{place}" for place, selection in enumerate(selections)}
    person: dict[int, Condition] = {}
    trial: dict[int, Condition] = {}
    for rule in rules:
        scoped = knowledge_base.rules[rule]
        tried = () if scoped.tried is None else (OneOf(TRIAL + flags[scoped.tried], (True,)),)
        (trial if scoped.about_a_trial else person)[rule] = AllOf((*tried, scoped.rule.when))
    trial_facts = knowledge_base.trial_facts | {
        name: Flag(id=name, title=name, question=name) for name in flags.values()
    }
    facts = knowledge_base.person_facts | {TRIAL + name: fact for name, fact in trial_facts.items()}
    read = dict.fromkeys(atom.fact for condition in trial.values() for atom in atoms(condition))
    stretch_flags: dict[str | None, dict[str, Value]] = {None: {}}
    for stretch in knowledge_base.stretches:
        stretch_flags[stretch] = {name: stretch in selection for selection, name in flags.items()}
    shared = [name for name in read if not name.startswith(TRIAL)]
    return RuleTable(person, trial, knowledge_base.person_facts, trial_facts, facts, shared, stretch_flags)


Key = tuple[int, Certainty]
"""A rule, and whether it fires or may fire."""
Masks = Mapping[int, tuple[int, int]]
"""The bits of each rule where it fires, and where it may fire."""
Certainties = dict[tuple[int, int], Certainty]


class Keys:
    """Reader of replies that are keys, each of which stands for a rule and a certainty."""

    def __init__(self, meanings: Mapping[Any, Key]) -> None:
        self._meanings = meanings

    def bits(self, masks: Masks) -> Callable[[Iterable[Hashable]], int]:
        table = {key: masks[rule][certainty is MAY_FIRE] for key, (rule, certainty) in self._meanings.items()}
        return lambda reply: reduce(or_, map(table.__getitem__, reply), 0)

    def collect(self, reply: Iterable[Hashable], trial: int, certainties: Certainties) -> None:
        for key in reply:
            rule, certainty = self._meanings[key]
            if certainty is FIRES or (rule, trial) not in certainties:
                certainties[rule, trial] = certainty


class Values:
    """Reader of replies with a value for each rule: true where it fires, null where it may fire, else false."""

    def __init__(self, rules: Iterable[int]) -> None:
        self._rules = list(rules)

    def bits(self, masks: Masks) -> Callable[[list[bool | None]], int]:
        certain, possible = ([masks[rule][place] for rule in self._rules] for place in (0, 1))

        def bits(reply: list[bool | None]) -> int:
            joined = 0
            for mask in compress(certain, reply):
                joined |= mask
            if None in reply:
                for mask in compress(possible, [value is None for value in reply]):
                    joined |= mask
            return joined

        return bits

    def collect(self, reply: list[bool | None], trial: int, certainties: Certainties) -> None:
        for rule, value in zip(self._rules, reply, strict=True):
            if value is not False:
                certainties[rule, trial] = FIRES if value else MAY_FIRE


@frozen(eq=False)
class Program:
    """Rules loaded into an engine: functions that reply about the person and about a trial, and readers of replies."""

    ask: Callable[[Person], Any]
    ask_trial: Callable[[Person, PlainTrial], Any]
    person: Keys | Values
    trial: Keys | Values


def adapter(knowledge_base: KnowledgeBase, load: Callable[[RuleTable], Program]) -> Adapter:
    """Return the adapter of an engine; for outcomes it is given only the rules that restrict something."""
    program = load(_rule_table(knowledge_base, range(len(knowledge_base.rules))))
    ask, ask_trial = program.ask, program.ask_trial
    collect, collect_trial = program.person.collect, program.trial.collect

    def activations(person: Person) -> Activations:
        certainties: Certainties = {}
        collect(ask(person), ON_THE_PERSON, certainties)
        for place, trial in enumerate(person.trials):
            collect_trial(ask_trial(person, trial), place, certainties)
        return certainties

    decisive = {rule: scoped for rule, scoped in enumerate(knowledge_base.rules) if scoped.rule.effect.restricts}
    return Adapter(_outcome(knowledge_base, decisive, load(_rule_table(knowledge_base, decisive))), activations)


def _outcome(
    knowledge_base: KnowledgeBase, decisive: Mapping[int, ScopedRule], program: Program
) -> Callable[[Person], Outcome]:
    layout, ask, ask_trial = of_knowledge_base(knowledge_base), program.ask, program.ask_trial

    def masks(stretch: str | None) -> Masks:
        return {rule: _masks(layout, scoped, stretch) for rule, scoped in decisive.items()}

    person_bits = program.person.bits(masks(None))
    trial_bits = {stretch: program.trial.bits(masks(stretch)) for stretch in (None, *knowledge_base.stretches)}

    @lru_cache(CACHED_OUTCOMES)
    def cached_outcome(bits: int) -> Outcome:
        best, worst = bits & layout.effects, bits >> layout.width
        ends = layout.directive(best), layout.directive(worst)
        bounds = Bounds(layout.verdicts(best), layout.verdicts(best | worst), ends)
        return bounds.directive, bounds.verdicts

    def outcome(person: Person) -> Outcome:
        bits = person_bits(ask(person))
        for trial in person.trials:
            bits |= trial_bits[trial.stretch](ask_trial(person, trial))
        return cached_outcome(bits)

    return outcome


def _masks(layout: Layout, scoped: ScopedRule, stretch: str | None) -> tuple[int, int]:
    at_best = at_worst = layout.of_rule(scoped, 0) & layout.effects
    if scoped.scope is None:  # it acts on the stretch tried, or possibly on any that its `tried` selects
        shift, tried = layout.shift(scoped.rule.effect.verdict), [stretch] if stretch is not None else []
        at_best |= layout.of_stretches(tried) << shift
        at_worst |= layout.of_stretches(tried or scoped.tried or layout.stretches) << shift
    return at_best | at_worst << layout.width, at_worst << layout.width
