"""durable_rules with nothing around it: no lock, no sentinels, no checks, nobody who verifies. Not a way to screen anybody, but what durable_rules costs.

An action is what costs most, since each takes the whole fact through JSON again. So facts are small (only what is so, or may be so, is in them, and only
what the ruleset reads), a rule of one atom has two alternatives that never fire together, and facts are retracted instead of deleting the session.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from attrs import Factory, frozen

from backscreen.engines.activations import ON_THE_PERSON, Certainty
from backscreen.rulebook.conditions import Atom, OneOf, Within, alternatives
from backscreen.rulebook.facts import Fact, Flag, Number, Value
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Answer, Contestant, Ready, answering, with_trial
from benchmarks.people import Person, Tried

MOST = 60
"""Alternatives in one ruleset: with more than 64 that match under one node the engine goes wrong."""
FIRES, MAY_FIRE = Certainty.FIRES, Certainty.MAY_FIRE

Properties = dict[str, int]
Pattern = list[dict[str, Any]]
Definition = dict[str, dict[str, Any]]


@frozen(eq=False)
class _Layout:
    """How answers become properties, and atoms patterns over them."""

    questions: tuple[Certainty | None, ...]
    """What an alternative is registered for: one pattern for each, or a single one (None) that is asked with certain and with possible answers in turn."""
    properties: Callable[[str, Fact, Value | None, Certainty], Properties]
    patterns: Callable[[str, Fact, Atom, Certainty | None, bool], Pattern]


@frozen(eq=False)
class _Plan:
    """A layout, and what the properties of each fact begin with."""

    layout: _Layout
    facts: dict[str, tuple[str, Fact]]


@frozen(eq=False)
class _Entry:
    """An alternative of a rule, for one question or (None) for whichever is asked."""

    rule: int
    certainty: Certainty | None
    pattern: Pattern


@frozen(eq=False)
class _Ruleset:
    """Alternatives registered together, what they read, and what fired in them since it was last cleared."""

    name: str
    about_a_trial: bool
    reads: dict[Certainty, dict[str, dict[Value | None, Properties]]]
    """For each question and fact that is read, the properties of every answer but a number."""
    numbers: dict[str, tuple[str, ...]]
    """The properties that hold the known value of a number."""
    fired: list[tuple[int, Certainty | None]] = Factory(list)


# Each option has one property: 2 certain, 1 possible, absent: no. A number has its two bounds, and `_u` where it is unknown.


def _coded(key: str, spec: Fact, value: Value | None, _question: Certainty) -> Properties:
    if isinstance(spec, Number):
        return {f"{key}_l": spec.at_least, f"{key}_h": spec.at_most, f"{key}_u": 1}
    return {f"{key}_{place}": 1 if value is None else 2 for place, option in enumerate(spec.values) if value is None or value == option}


def _code_patterns(key: str, spec: Fact, atom: Atom, certainty: Certainty | None, alone: bool) -> Pattern:
    if isinstance(atom, Within):
        return [{f"{key}_u": 1}] if alone and certainty is MAY_FIRE else _between(key, atom, sure=certainty is FIRES)
    option = _option(key, spec, atom)
    return [{option: 2} if certainty is FIRES else {option: 1} if alone else {"$gte": {option: 1}}]


# Each option has one property, there where it is so (or, for the other question, may be so). A number has its two bounds, absent where they are not known.


def _present(key: str, spec: Fact, value: Value | None, question: Certainty) -> Properties:
    if isinstance(spec, Number):
        return {} if question is FIRES else {f"{key}_l": spec.at_least, f"{key}_h": spec.at_most}
    possible = question is MAY_FIRE and value is None
    return {f"{key}_{place}": 1 for place, option in enumerate(spec.values) if possible or (value is not None and value == option)}


def _present_patterns(key: str, spec: Fact, atom: Atom, _certainty: Certainty | None, _alone: bool) -> Pattern:
    return _between(key, atom, sure=False) if isinstance(atom, Within) else [{_option(key, spec, atom): 1}]


# Each option has two properties, whether it is certain and whether it is possible, always there. A number has its two bounds.


def _bounded(key: str, spec: Fact, value: Value | None, _question: Certainty) -> Properties:
    if isinstance(spec, Number):
        return {f"{key}_l": spec.at_least, f"{key}_h": spec.at_most}
    found: Properties = {}
    for place, option in enumerate(spec.values):
        found[f"{key}_{place}_sure"] = value is not None and value == option
        found[f"{key}_{place}_open"] = value is None or value == option
    return found


def _bound_patterns(key: str, spec: Fact, atom: Atom, certainty: Certainty | None, _alone: bool) -> Pattern:
    if isinstance(atom, Within):
        return _between(key, atom, sure=certainty is FIRES)
    return [{_option(key, spec, atom) + ("_sure" if certainty is FIRES else "_open"): True}]


def _option(key: str, spec: Fact, atom: OneOf) -> str:
    (value,) = atom.values  # `alternatives` gives atoms of one value each
    options = () if isinstance(spec, Number) else spec.values
    return f"{key}_{options.index(value)}"


def _between(key: str, span: Within, *, sure: bool) -> Pattern:
    low, high = (f"{key}_l", f"{key}_h") if sure else (f"{key}_h", f"{key}_l")
    return [{"$gte": {low: span.low}}] * (span.low is not None) + [{"$lte": {high: span.high}}] * (span.high is not None)


CODED = _Layout((FIRES, MAY_FIRE), _coded, _code_patterns)
PRESENT = _Layout((None,), _present, _present_patterns)
BOUNDED = _Layout((FIRES, MAY_FIRE), _bounded, _bound_patterns)


@frozen(eq=False)
class _Way:
    """A way to use durable_rules: how a ruleset is registered, and how a fact is asserted, its actions run, and the fact retracted."""

    register: Callable[[str, Definition], None]
    ask: Callable[[str, dict[str, Any]], None]


def _host() -> _Way:
    """durable_rules as its users have it: its `Host`."""
    from durable.engine import Host, MessageNotHandledException

    class Quiet(Host):  # type: ignore[misc, unused-ignore]
        def _run(self) -> None:
            """Start no threads for timers: nothing here waits for one, and they would take part in the timing."""

    host = Quiet()

    def register(name: str, definition: Definition) -> None:
        host.register_rulesets({name: definition})

    def ask(name: str, fact: dict[str, Any]) -> None:
        with suppress(MessageNotHandledException):  # nothing matches
            host.assert_fact(name, fact)
            host.retract_fact(name, fact)

    return _Way(register, ask)


def _core() -> _Way:
    """The extension module that `Host` calls, which nobody documents: an action's name is read off its message, and the state is not written back."""
    import durable_rules_engine as core

    rulesets: dict[str, tuple[int, dict[str, Callable[[object], None]]]] = {}

    def register(name: str, definition: Definition) -> None:
        actions = {rule: stated.pop("run") for rule, stated in definition.items()}
        rulesets[name] = core.create_ruleset(name, json.dumps(definition)), actions

    def ask(name: str, fact: dict[str, Any]) -> None:
        handle, actions = rulesets[name]
        text = json.dumps(fact)
        not_handled, state = core.assert_fact(handle, text)
        if not_handled:  # nothing matches
            return
        started = core.start_action_for_state(handle, state)
        message = started[1] if started else None
        while message:
            actions[message[2 : message.index('"', 2)]](None)
            message = core.complete_and_start_action(handle, state)
        core.retract_fact(handle, text)

    return _Way(register, ask)


def _prepare(guidance: Guidance, *, layout: _Layout, through: Callable[[], _Way] = _host) -> Ready:
    way = through()
    tried = {name: stretches for stretches, name in _tried(guidance).items()}
    rulesets = _registered(way, guidance, layout)
    questions = (FIRES, MAY_FIRE) if None in layout.questions else (FIRES,)

    def answer(person: Person) -> Answer:
        found: dict[tuple[int, int], Certainty] = {}
        gather(found, person.answers, ON_THE_PERSON)
        for index, trial in enumerate(person.trials):
            gather(found, _with_sets(with_trial(person.answers, trial), trial, tried), index)
        return found

    def gather(found: dict[tuple[int, int], Certainty], answers: dict[str, Value], index: int) -> None:
        for ruleset in rulesets:
            if ruleset.about_a_trial != (index >= 0):
                continue
            for question in questions:
                if question is MAY_FIRE and all(name in answers for name in ruleset.reads[MAY_FIRE]):
                    continue  # nothing is unknown: it would fire the same again
                ruleset.fired.clear()
                way.ask(ruleset.name, _fact(ruleset, answers, question))
                for rule, certainty in ruleset.fired:
                    if (certainty or question) is FIRES:
                        found[rule, index] = FIRES
                    else:
                        found.setdefault((rule, index), MAY_FIRE)

    return answering(answer)


def _fact(ruleset: _Ruleset, answers: dict[str, Value], question: Certainty) -> dict[str, Any]:
    fact: dict[str, Any] = {"kind": 1, "id": "f", "sid": "s"}
    look_up = answers.get
    for name, properties in ruleset.reads[question].items():
        value = look_up(name)
        if value in properties:
            fact.update(properties[value])
        else:
            for end in ruleset.numbers[name]:
                fact[end] = value
    return fact


def _tried(guidance: Guidance) -> dict[frozenset[str], str]:
    """A name for each set of stretches that some rule is narrowed to: to the engine they are flags of the trial."""
    sets = dict.fromkeys(placed.tried for placed in guidance.rules if placed.tried is not None)
    return {stretches: f"tried {place}" for place, stretches in enumerate(sets)}


def _with_sets(answers: dict[str, Value], trial: Tried, tried: dict[str, frozenset[str]]) -> dict[str, Value]:
    if trial.stretch is not None:
        for name, stretches in tried.items():
            answers[name] = trial.stretch in stretches
    return answers


def _registered(way: _Way, guidance: Guidance, layout: _Layout) -> list[_Ruleset]:
    facts = {**guidance.facts, **{name: Flag(id=name, title=name, question=name) for name in _tried(guidance).values()}}
    plan = _Plan(layout, {name: (f"f{number}", spec) for number, (name, spec) in enumerate(facts.items())})
    rulesets: list[_Ruleset] = []
    for about_a_trial in (False, True):
        for entries in _shards(list(_entries(guidance, plan, about_a_trial=about_a_trial))):
            ruleset = _ruleset(f"r{len(rulesets)}", plan, {key for entry in entries for key in _read_by(entry)}, about_a_trial=about_a_trial)
            way.register(ruleset.name, {f"e{place}": _rule(entry, ruleset.fired.append) for place, entry in enumerate(entries)})
            rulesets.append(ruleset)
    return rulesets


def _entries(guidance: Guidance, plan: _Plan, *, about_a_trial: bool) -> Iterator[_Entry]:
    tried = _tried(guidance)
    for rule, placed in enumerate(guidance.rules):
        if placed.about_a_trial != about_a_trial:
            continue
        narrowed: tuple[Atom, ...] = () if placed.tried is None else (OneOf(tried[placed.tried], (True,)),)
        for alternative in alternatives(placed.rule.when, guidance.facts):
            atoms = narrowed + alternative
            for certainty in plan.layout.questions if atoms else (FIRES,):
                leaves = (plan.layout.patterns(*plan.facts[atom.fact], atom, certainty, len(atoms) == 1) for atom in atoms)
                yield _Entry(rule, certainty, [leaf for pattern in leaves for leaf in pattern])


def _shards(entries: list[_Entry]) -> Iterator[list[_Entry]]:
    """As few as hold them all, and as even as can be."""
    shards = -(-len(entries) // MOST)
    for place in range(shards):
        yield entries[place * len(entries) // shards : (place + 1) * len(entries) // shards]


def _read_by(entry: _Entry) -> Iterator[str]:
    for leaf in entry.pattern:
        for key, value in leaf.items():
            yield from value if key.startswith("$") else (key,)


def _ruleset(name: str, plan: _Plan, read: set[str], *, about_a_trial: bool) -> _Ruleset:
    reads: dict[Certainty, dict[str, dict[Value | None, Properties]]] = {FIRES: {}, MAY_FIRE: {}}
    numbers = {}
    for fact, (key, spec) in plan.facts.items():
        if not any(one.startswith(key + "_") for one in read):
            continue
        values: tuple[Value | None, ...] = (None,) if isinstance(spec, Number) else (None, *spec.values)
        numbers[fact] = tuple(end for end in (f"{key}_l", f"{key}_h") if end in read)
        for question, tables in reads.items():
            tables[fact] = {value: {one: held for one, held in plan.layout.properties(key, spec, value, question).items() if one in read} for value in values}
    return _Ruleset(name, about_a_trial, reads, numbers)


def _rule(entry: _Entry, note: Callable[[tuple[int, Certainty | None]], None]) -> dict[str, Any]:
    what = entry.rule, entry.certainty

    def run(_context: object) -> None:  # exactly one argument: with a second, the engine would wait for a completion
        note(what)

    return {"all": [{"m": {"$and": [{"kind": 1}, *entry.pattern]}}], "run": run}


BOTH_OF_ONE_HOST = Contestant(
    "durable_rules, bare",
    "durable_rules",
    "Both questions of one host, each alternative of a rule twice, at most 60 alternatives a ruleset; one fact for the person and one for each trial. Each"
    " option is one property (2 certain, 1 possible, absent: no), so that a rule of one atom never fires twice; only properties that the ruleset reads are"
    " in the fact, since every action takes the whole fact through JSON. Afterwards the fact is retracted, which costs less than deleting the session. No"
    " lock, no sentinels, no checks. Of all that was tried through"
    " durable_rules' own interface and asks both questions of one host, this was the fastest.",
    partial(_prepare, layout=CODED),
)
ASKED_TWICE = Contestant(
    "durable_rules, bare, asked twice",
    "durable_rules",
    "Each alternative stands once. The fact is asserted with what is certain, and, where the ruleset reads something unknown, again with what is possible.",
    partial(_prepare, layout=PRESENT),
)
WITH_BOUNDS = Contestant(
    "durable_rules, bare, with bounds",
    "durable_rules",
    "The plain layout: each alternative twice, and every option always there as two booleans, certain and possible.",
    partial(_prepare, layout=BOUNDED),
)
CORE = Contestant(
    "durable_rules, its C core",
    "durable_rules",
    "The layout of “durable_rules, bare” with durable_rules' Python left away: its extension module `durable_rules_engine` is called directly, which is not"
    " documented. It shows how much of the time is durable_rules' own Python, which takes state and fact through JSON for each action.",
    partial(_prepare, layout=CODED, through=_core),
)
CONTESTANTS = (BOTH_OF_ONE_HOST, ASKED_TWICE, WITH_BOUNDS, CORE)
