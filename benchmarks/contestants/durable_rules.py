"""Adapters of durable_rules without guards: a measure of what it costs, not a way to screen anybody.

Actions cost most, since each takes the whole fact through JSON. So a fact holds only properties that its ruleset reads,
a rule of one atom never fires twice, and facts are retracted instead of deleting the session.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from attrs import frozen

from backscreen.model.conditions import Alternative, Atom, Condition, Within, alternatives
from backscreen.model.effects import Certainty
from backscreen.model.facts import TRIAL, Fact, RangeFact, Value
from backscreen.model.knowledge_base import KnowledgeBase
from benchmarks.contestants.contestant import Adapter
from benchmarks.contestants.engine import FIRES, MAY_FIRE, Key, Keys, Program, RuleTable, adapter
from benchmarks.workload import Person, PlainTrial

MOST_ALTERNATIVES = 60
"""Alternatives in a ruleset: with more than 64 that match under one node, durable_rules loses some."""

Properties = dict[str, int]
Pattern = dict[str, Any]
Definition = dict[str, dict[str, Any]]
Reads = dict[str, tuple[dict[Value | None, Properties], list[str]]]
"""Each fact that a ruleset reads: the properties of each answer, and those that hold a known number."""


@frozen(eq=False)
class Layout:
    """Properties that answers become, and patterns that atoms become. A number's are `l` and `h`, its bounds."""

    option: Callable[[bool | None, Certainty], Properties]
    """Suffixes and values of an option's properties: the option is the answer, is not, or may be."""
    number: Callable[[RangeFact, Certainty], Properties]
    """Suffixes and values of an unknown number's properties."""
    pattern: Callable[[str, Certainty], Pattern]
    """Pattern for the option with these properties."""
    alone: bool = False
    """Whether an atom that is alone gets a pattern that only holds where it is unknown: an option of 1, or `u`."""
    asked_twice: bool = False
    """Whether there is one pattern for both questions, and the fact is asserted for each."""


CODED = Layout(
    lambda held, _: {} if held is False else {"": 2 if held else 1},
    lambda spec, _: {"_l": spec.at_least, "_h": spec.at_most, "_u": 1},
    lambda option, certainty: {option: 2} if certainty is FIRES else {"$gte": {option: 1}},
    alone=True,
)
PRESENT = Layout(
    lambda held, certainty: {"": 1} if held or (held is None and certainty is MAY_FIRE) else {},
    lambda spec, certainty: {"_l": spec.at_least, "_h": spec.at_most} if certainty is MAY_FIRE else {},
    lambda option, _: {option: 1},
    asked_twice=True,
)
BOUNDED = Layout(
    lambda held, _: {"_sure": held is True, "_open": held is not False},
    lambda spec, _: {"_l": spec.at_least, "_h": spec.at_most},
    lambda option, certainty: {f"{option}_sure" if certainty is FIRES else f"{option}_open": True},
)


@frozen(eq=False)
class _Interface:
    """Functions of durable_rules: one registers a ruleset, one asserts a fact, runs the actions and retracts it."""

    register: Callable[[str, Definition], None]
    assert_fact: Callable[[str, dict[str, Any]], None]


def host() -> _Interface:
    """Return the documented interface, `Host`."""
    from durable.engine import Host, MessageNotHandledException

    class HostWithoutTimers(Host):  # type: ignore[misc, unused-ignore]
        def _run(self) -> None:
            """Start no threads for timers: no rule has one, and they would count in the timing."""

    durable = HostWithoutTimers()

    def assert_fact(ruleset: str, fact: dict[str, Any]) -> None:
        with suppress(MessageNotHandledException):  # nothing matches
            durable.assert_fact(ruleset, fact)
            durable.retract_fact(ruleset, fact)

    return _Interface(lambda name, definition: durable.register_rulesets({name: definition}), assert_fact)


def core() -> _Interface:
    """Return the undocumented extension module below `Host`; the state is not written back."""
    import durable_rules_engine as engine

    rulesets: dict[str, tuple[int, dict[str, Callable[[object], None]]]] = {}

    def register(name: str, definition: Definition) -> None:
        actions = {rule: parts.pop("run") for rule, parts in definition.items()}
        rulesets[name] = engine.create_ruleset(name, json.dumps(definition)), actions

    def assert_fact(ruleset: str, fact: dict[str, Any]) -> None:
        handle, actions = rulesets[ruleset]
        text = json.dumps(fact)
        not_handled, state = engine.assert_fact(handle, text)
        if not_handled:  # nothing matches
            return
        started = engine.start_action_for_state(handle, state)
        message = started[1] if started else None
        while message:
            actions[message[2 : message.index('"', 2)]](None)
            message = engine.complete_and_start_action(handle, state)
        engine.retract_fact(handle, text)

    return _Interface(register, assert_fact)


class _Rulesets:
    """Rulesets with all alternatives of some conditions."""

    def __init__(self, layout: Layout, interface: _Interface, facts: dict[str, Fact], name: str) -> None:
        self._layout, self._interface, self._name = layout, interface, name
        self._facts = {fact: (f"f{place}", spec) for place, (fact, spec) in enumerate(facts.items())}
        self._fired: list[Key] = []
        self._reads: list[tuple[str, Reads, Reads]] = []

    def register(self, conditions: Mapping[int, Condition], facts: dict[str, Fact]) -> None:
        entries = [
            ((rule, certainty), self._patterns(alternative, certainty))
            for rule, condition in conditions.items()
            for alternative in alternatives(condition, facts)
            for certainty in ((FIRES, MAY_FIRE) if alternative and not self._layout.asked_twice else (FIRES,))
        ]
        count = -(-len(entries) // MOST_ALTERNATIVES)
        for place in range(count):
            part = entries[place * len(entries) // count : (place + 1) * len(entries) // count]
            tests = [test for _, patterns in part for pattern in patterns for test in pattern.items()]
            names = {name for key, value in tests for name in (value if key.startswith("$") else (key,))}
            ruleset = f"{self._name}{place}"
            self._interface.register(ruleset, {f"e{number}": self._rule(*entry) for number, entry in enumerate(part)})
            self._reads.append((ruleset, self._read(names, FIRES), self._read(names, MAY_FIRE)))

    def ask(self, answers: Mapping[str, Value]) -> list[Key]:
        fired, assert_fact = self._fired, self._interface.assert_fact
        fired.clear()
        for ruleset, certain, _ in self._reads:
            assert_fact(ruleset, _fact(certain, answers))
        if self._layout.asked_twice:
            count = len(fired)
            for ruleset, _, possible in self._reads:
                if not all(fact in answers for fact in possible):  # else it would fire the same again
                    assert_fact(ruleset, _fact(possible, answers))
            fired[count:] = [(rule, MAY_FIRE) for rule, _ in fired[count:]]
        return fired.copy()

    def _rule(self, key: Key, patterns: list[Pattern]) -> dict[str, Any]:
        def run(_context: object) -> None:  # with a second parameter, durable_rules would wait for a completion
            self._fired.append(key)

        return {"all": [{"m": {"$and": [{"kind": 1}, *patterns]}}], "run": run}

    def _patterns(self, alternative: Alternative, certainty: Certainty) -> list[Pattern]:
        only_unknown = self._layout.alone and len(alternative) == 1 and certainty is MAY_FIRE
        return [pattern for atom in alternative for pattern in self._atom(atom, certainty, only_unknown=only_unknown)]

    def _atom(self, atom: Atom, certainty: Certainty, *, only_unknown: bool) -> list[Pattern]:
        key, spec = self._facts[atom.fact]
        if not isinstance(atom, Within):
            (value,) = atom.values  # `alternatives` returns atoms of one value
            option = f"{key}_{_options(spec).index(value)}"
            return [{option: 1} if only_unknown else self._layout.pattern(option, certainty)]
        if only_unknown:
            return [{f"{key}_u": 1}]
        sure = certainty is FIRES and not self._layout.asked_twice
        low, high = (f"{key}_l", f"{key}_h") if sure else (f"{key}_h", f"{key}_l")
        ends = [("$gte", low, atom.low), ("$lte", high, atom.high)]
        return [{operator: {name: end}} for operator, name, end in ends if end is not None]

    def _read(self, names: set[str], certainty: Certainty) -> Reads:
        """Return what a ruleset reads whose patterns have these names."""
        reads: Reads = {}
        for fact, (key, spec) in self._facts.items():
            if any(name.startswith(f"{key}_") for name in names):
                answers = {answer: self._properties(key, spec, answer, certainty) for answer in (None, *_options(spec))}
                read = {a: {name: value for name, value in held if name in names} for a, held in answers.items()}
                reads[fact] = read, [bound for bound in (f"{key}_l", f"{key}_h") if bound in names]
        return reads

    def _properties(self, key: str, spec: Fact, answer: Value | None, certainty: Certainty) -> list[tuple[str, int]]:
        if isinstance(spec, RangeFact):
            return [(key + suffix, value) for suffix, value in self._layout.number(spec, certainty).items()]
        held = [None if answer is None else answer == option for option in spec.values]
        properties = [self._layout.option(one, certainty).items() for one in held]
        return [(f"{key}_{place}{suffix}", value) for place, some in enumerate(properties) for suffix, value in some]


def _options(spec: Fact) -> tuple[Value, ...]:
    return () if isinstance(spec, RangeFact) else spec.values


def _fact(reads: Reads, answers: Mapping[str, Value]) -> dict[str, Any]:
    fact: dict[str, Any] = {"kind": 1, "id": "f", "sid": "s"}
    look_up = answers.get
    for name, (properties, bounds) in reads.items():
        value = look_up(name)
        if value in properties:
            fact.update(properties[value])
        else:
            for bound in bounds:
                fact[bound] = value
    return fact


def _program(table: RuleTable, *, layout: Layout, connect: Callable[[], _Interface]) -> Program:
    interface = connect()
    person_rules, trial_rules = (_Rulesets(layout, interface, table.facts, name) for name in ("person", "trial"))
    person_rules.register(table.person, table.facts)
    trial_rules.register(table.trial, table.facts)

    def ask(person: Person) -> list[Key]:
        return person_rules.ask(person.answers)

    def ask_trial(person: Person, trial: PlainTrial) -> list[Key]:
        known = {**trial.answers, **table.stretch_flags[trial.stretch]}
        return trial_rules.ask({**person.answers, **{TRIAL + name: known[name] for name in known}})

    keys = Keys({key: key for rule in table.person | table.trial for key in ((rule, FIRES), (rule, MAY_FIRE))})
    return Program(ask, ask_trial, keys, keys)


def loader(layout: Layout, connect: Callable[[], _Interface] = host) -> Callable[[KnowledgeBase], Adapter]:
    """Return the loader of a layout through one of durable_rules' interfaces."""
    return partial(adapter, load=partial(_program, layout=layout, connect=connect))
