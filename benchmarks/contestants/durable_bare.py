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
from backscreen.rulebook.conditions import Atom, OneOf, alternatives
from backscreen.rulebook.facts import Fact, Flag, Number, Value
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Answer, Contestant, Decided, Ready, deciding, every_rule, with_trial
from benchmarks.contestants.durable_layouts import BOUNDED, CODED, FIRES, MAY_FIRE, PRESENT, Layout, Pattern, Properties
from benchmarks.contestants.folding import Folding, folding
from benchmarks.people import Person, Tried

MOST = 60
"""Alternatives in one ruleset: with more than 64 that match under one node the engine goes wrong."""

Definition = dict[str, dict[str, Any]]


@frozen(eq=False)
class _Plan:
    """A layout, and what the properties of each fact begin with."""

    layout: Layout
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


def _prepare(guidance: Guidance, *, layout: Layout, through: Callable[[], _Way] = _host) -> Ready:
    numbers = deciding(guidance)
    verdicts = _verdicts(_asking(guidance, numbers, layout, through()), folding(guidance, numbers))
    return Ready(verdicts, _rules(_asking(guidance, every_rule(guidance), layout, through())))


Fired = Iterator[tuple[int, bool]]
"""Rules, each with whether it fires or only may."""


def _asking(guidance: Guidance, numbers: list[int], layout: Layout, way: _Way) -> Callable[[dict[str, Value], Tried | None], Fired]:
    """The rules with these numbers, registered, and asked of the person or of a trial with the person's answers in it."""
    tried_sets = {name: stretches for stretches, name in _tried(guidance).items()}
    rulesets = _registered(way, guidance, layout, numbers)
    questions = (FIRES, MAY_FIRE) if None in layout.questions else (FIRES,)

    def ask(answers: dict[str, Value], tried: Tried | None) -> Fired:
        if tried is not None:
            answers = _with_sets(answers, tried, tried_sets)
        for ruleset in rulesets:
            if ruleset.about_a_trial != (tried is not None):
                continue
            for question in questions:
                if question is MAY_FIRE and all(name in answers for name in ruleset.reads[MAY_FIRE]):
                    continue  # nothing is unknown: it would fire the same again
                ruleset.fired.clear()
                way.ask(ruleset.name, _fact(ruleset, answers, question))
                for rule, certainty in ruleset.fired:
                    yield rule, (certainty or question) is FIRES

    return ask


def _verdicts(ask: Callable[[dict[str, Value], Tried | None], Fired], fold: Folding) -> Callable[[Person], Decided]:
    of_person, of_trial, told = fold.of_person, fold.of_trial, fold.told

    def verdicts(person: Person) -> Decided:
        found = 0
        for rule, fires in ask(person.answers, None):
            found |= of_person[rule][not fires]
        for tried in person.trials:
            does = of_trial[tried.stretch]
            for rule, fires in ask(with_trial(person.answers, tried), tried):
                found |= does[rule][not fires]
        return told(found)

    return verdicts


def _rules(ask: Callable[[dict[str, Value], Tried | None], Fired]) -> Callable[[Person], Answer]:
    def rules(person: Person) -> Answer:
        found: dict[tuple[int, int], Certainty] = {}
        gather(found, ask(person.answers, None), ON_THE_PERSON)
        for index, tried in enumerate(person.trials):
            gather(found, ask(with_trial(person.answers, tried), tried), index)
        return found

    def gather(found: dict[tuple[int, int], Certainty], fired: Fired, index: int) -> None:
        for rule, fires in fired:
            if fires:
                found[rule, index] = FIRES
            else:
                found.setdefault((rule, index), MAY_FIRE)

    return rules


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


def _registered(way: _Way, guidance: Guidance, layout: Layout, numbers: list[int]) -> list[_Ruleset]:
    facts = {**guidance.facts, **{name: Flag(id=name, title=name, question=name) for name in _tried(guidance).values()}}
    plan = _Plan(layout, {name: (f"f{number}", spec) for number, (name, spec) in enumerate(facts.items())})
    rulesets: list[_Ruleset] = []
    for about_a_trial in (False, True):
        for entries in _shards(list(_entries(guidance, plan, numbers, about_a_trial=about_a_trial))):
            ruleset = _ruleset(f"r{len(rulesets)}", plan, {key for entry in entries for key in _read_by(entry)}, about_a_trial=about_a_trial)
            way.register(ruleset.name, {f"e{place}": _rule(entry, ruleset.fired.append) for place, entry in enumerate(entries)})
            rulesets.append(ruleset)
    return rulesets


def _entries(guidance: Guidance, plan: _Plan, numbers: list[int], *, about_a_trial: bool) -> Iterator[_Entry]:
    tried = _tried(guidance)
    for rule in numbers:
        placed = guidance.rules[rule]
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
