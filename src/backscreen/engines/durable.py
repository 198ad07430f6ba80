"""durable_rules, behind every guard. No other module may import it.

The engine sees one flat fact of whole numbers and booleans for the person, and one for each trial with the person's facts in it. Each number has a lower and an
upper bound, each flag and option says whether it is certain and whether it is possible; so "fires" and "may fire" are both plain conjunctions. A rule
appears once for each of its alternatives, and counts once. Rules are spread over rulesets small enough for the engine.

What it does without a word, and what is done about it:

- an action that raises, or takes long, makes it skip later rules: a first and a last sentinel in each ruleset must both have fired, in order, and
  the session must hold no `exception`;
- it compares ids by a 32-bit hash: one lock, one session at a time, ids of our own;
- its messages hold the whole fact: they are dropped, and its logger is silent.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, assert_never

from attrs import field, frozen

from backscreen.engines.activations import ON_THE_PERSON, Activation, Activations, Certainty, EngineFault, Known
from backscreen.rulebook.conditions import Alternative, Atom, OneOf, Within, alternatives
from backscreen.rulebook.facts import Choice, Fact, Flag, Number
from backscreen.rulebook.rulebook import Guidance

MOST_RULES = 60
"""Alternatives in one ruleset: 64 matching ones under one node are the engine's limit."""
MOST_PROPERTIES = 240
"""Properties in one fact: 252 are the engine's limit."""
MOST_NUMBER = 2**31 - 1
"""Larger numbers are refused before the engine sees them."""

_LOCK = threading.Lock()
_SESSION = "s"
_HOSTS: dict[str, list[_Ruleset]] = {}  # a Host is never freed, so there is one for each rulebook's digest

Properties = dict[str, bool | int | str]
Pattern = list[dict[str, Any]]


@frozen(eq=False, repr=False)
class _Entry:
    """A rule's alternative as the engine sees it: which question it answers, and what must hold."""

    number: int
    certainty: Certainty
    pattern: Pattern


@frozen(eq=False)
class _Ruleset:
    """Entries registered together, and what fired in them since it was last cleared: numbers of rules, and the two sentinels."""

    name: str
    host: Any
    about_a_trial: bool
    properties: frozenset[str]
    fired: list[tuple[int, Certainty] | str] = field(factory=list)


class DurableEngine:
    """Evaluates a rulebook with durable_rules; may be shared between threads, which then take turns.

    Raises `EngineFault` where the rulebook does not fit the engine, or durable_rules cannot be used.
    """

    name = "durable"

    def __init__(self, guidance: Guidance) -> None:
        self._digest = guidance.digest
        self._facts = guidance.facts
        self._tried = _tried_sets(guidance)
        with _LOCK:
            if guidance.digest not in _HOSTS:
                _HOSTS[guidance.digest] = _registered(guidance, self._tried)
            self._rulesets = _HOSTS[guidance.digest]

    def activations(self, person: Known, trials: tuple[Known, ...]) -> Activations:
        """Decide every rule against the person, or against each trial; raises `EngineFault` where a guard does."""
        found: dict[Activation, Certainty] = {}
        subjects = [(ON_THE_PERSON, person), *enumerate(trials)]
        with _LOCK:
            try:
                for index, known in subjects:
                    properties = _properties(self._facts, self._tried, known)
                    for ruleset in self._rulesets:
                        if ruleset.about_a_trial == (index != ON_THE_PERSON):
                            _gather(found, index, _ask(ruleset, properties))
            except EngineFault:
                if _HOSTS.get(self._digest) is self._rulesets:  # its session may still hold this person: the next engine gets a new host
                    del _HOSTS[self._digest]
                raise
        return found


def _gather(found: dict[Activation, Certainty], index: int, fired: list[tuple[int, Certainty]]) -> None:
    for number, certainty in fired:
        activation = Activation(number, index)
        if found.get(activation) is not Certainty.FIRES:
            found[activation] = certainty


def _tried_sets(guidance: Guidance) -> dict[frozenset[str], str]:
    """A property's name for each set of stretches that some rule is narrowed to."""
    sets: dict[frozenset[str], str] = {}
    for placed in guidance.rules:
        if placed.tried is not None:
            sets.setdefault(placed.tried, f"tried_{len(sets)}")
    return sets


def _properties(facts: dict[str, Fact], tried: dict[frozenset[str], str], known: Known) -> Properties:
    """The flat fact: bounds of each number, certainty and possibility of each flag, option and set of tried stretches."""
    properties: Properties = {}
    for number, (name, spec) in enumerate(facts.items()):
        value = known.answers.get(name)
        match spec:
            case Number():
                low, high = (spec.at_least, spec.at_most) if value is None else (value, value)
                properties[f"f{number}_low"], properties[f"f{number}_high"] = low, high
            case Flag() | Choice():
                for place, option in enumerate(spec.values):
                    properties[f"f{number}_{place}_sure"] = value == option and value is not None
                    properties[f"f{number}_{place}_open"] = value is None or value == option
            case _:
                assert_never(spec)
    for stretches, name in tried.items():
        properties[name + "_sure"] = known.stretch in stretches
        properties[name + "_open"] = known.stretch is None or known.stretch in stretches
    return properties


def _leaf(facts: dict[str, Fact], atom: Atom, certainty: Certainty) -> Iterator[dict[str, Any]]:
    sure = certainty is Certainty.FIRES
    key = f"f{list(facts).index(atom.fact)}"  # by number: joined names could be those of another fact and option
    match atom:
        case OneOf(fact, values):
            (value,) = values  # `alternatives` gives atoms of one value each
            spec = facts[fact]
            assert isinstance(spec, Flag | Choice)
            yield {f"{key}_{spec.values.index(value)}_{'sure' if sure else 'open'}": True}
        case Within(_, low, high):
            if low is not None:
                yield {"$gte": {f"{key}_{'low' if sure else 'high'}": low}}
            if high is not None:
                yield {"$lte": {f"{key}_{'high' if sure else 'low'}": high}}
        case _:
            assert_never(atom)


def _entries(guidance: Guidance, tried: dict[frozenset[str], str], *, about_a_trial: bool) -> Iterator[_Entry]:
    for number, placed in enumerate(guidance.rules):
        if placed.about_a_trial == about_a_trial:
            for alternative in alternatives(placed.rule.when, guidance.facts):
                for certainty, ending in ((Certainty.FIRES, "_sure"), (Certainty.MAY_FIRE, "_open")):
                    narrowed = [] if placed.tried is None else [{tried[placed.tried] + ending: True}]
                    yield _Entry(number, certainty, narrowed + _pattern(guidance.facts, alternative, certainty))


def _pattern(facts: dict[str, Fact], alternative: Alternative, certainty: Certainty) -> Pattern:
    return [leaf for atom in alternative for leaf in _leaf(facts, atom, certainty)]


def _read_by(pattern: Pattern) -> set[str]:
    return {key for leaf in pattern for key in (next(iter(leaf.values())) if next(iter(leaf)).startswith("$") else leaf)}


def _shards(entries: Iterator[_Entry]) -> Iterator[tuple[list[_Entry], set[str]]]:
    shard: list[_Entry] = []
    properties: set[str] = set()
    for entry in entries:
        read = _read_by(entry.pattern)
        if len(read) > MOST_PROPERTIES:
            raise EngineFault("refused", "one rule reads more facts than durable_rules holds")
        if shard and (len(shard) == MOST_RULES or len(properties | read) > MOST_PROPERTIES):
            yield shard, properties
            shard, properties = [], set()
        shard.append(entry)
        properties = properties | read
    if shard:
        yield shard, properties


def _registered(guidance: Guidance, tried: dict[frozenset[str], str]) -> list[_Ruleset]:
    for spec in guidance.facts.values():
        if isinstance(spec, Number) and max(abs(spec.at_least), abs(spec.at_most)) > MOST_NUMBER:
            raise EngineFault("refused", "a number's bounds are wider than durable_rules is trusted with")
    host = _host()
    rulesets: list[_Ruleset] = []
    for about_a_trial in (False, True):
        for entries, properties in _shards(_entries(guidance, tried, about_a_trial=about_a_trial)):
            ruleset = _Ruleset(f"r{len(rulesets)}", host, about_a_trial, frozenset(properties))
            try:
                host.register_rulesets({ruleset.name: _definition(entries, ruleset.fired.append)})
            except Exception as failure:
                raise EngineFault("registration", type(failure).__name__) from None
            rulesets.append(ruleset)
    return rulesets


def _definition(entries: list[_Entry], note: Callable[[tuple[int, Certainty] | str], None]) -> dict[str, Any]:
    """A ruleset as durable_rules takes it: the sentinels around, and each pattern behind a test that every fact of ours passes."""
    rules: dict[str, Any] = {"open": _rule([], 1, note, "open")}
    for place, entry in enumerate(entries):
        rules[f"e{place}"] = _rule(entry.pattern, 2, note, (entry.number, entry.certainty))
    rules["close"] = _rule([], 3, note, "close")
    return rules


def _rule(pattern: Pattern, priority: int, note: Callable[[Any], None], what: tuple[int, Certainty] | str) -> dict[str, Any]:
    def run(_context: object) -> None:  # exactly one argument: with a second, the engine would wait for a completion
        note(what)

    return {"all": [{"m": {"$and": [{"kind": "k"}, *pattern]}}], "pri": priority, "run": run}


def _host() -> Any:
    try:
        from durable import engine, logger
    except ImportError as failure:
        raise EngineFault("missing", type(failure).__name__) from None
    logger.disabled = True  # its messages would hold the person's answers
    logging.getLogger("durable").disabled = True

    class Host(engine.Host):  # type: ignore[misc, unused-ignore]
        def _run(self) -> None:
            """Start no timer threads: together with `delete_state` they crash."""

    return Host()


def _ask(ruleset: _Ruleset, properties: Properties) -> list[tuple[int, Certainty]]:
    """Assert one fact, and return what fired; the caller holds the lock."""
    fact: Properties = {"kind": "k", "id": "f0", "sid": _SESSION}
    fact.update((key, properties[key]) for key in ruleset.properties)
    ruleset.fired.clear()
    try:
        ruleset.host.assert_fact(ruleset.name, fact)
        state = ruleset.host.get_state(ruleset.name, _SESSION)
        ruleset.host.delete_state(ruleset.name, _SESSION)
    except Exception as failure:  # its text may hold the whole fact, so only the type is kept
        raise EngineFault("exception", type(failure).__name__) from None
    if "exception" in state:
        raise EngineFault("exception", "an action failed")
    fired = list(ruleset.fired)
    if len(fired) < 2 or fired[0] != "open" or fired[-1] != "close":  # noqa: PLR2004
        raise EngineFault("incomplete", "the engine did not run every rule")
    return [what for what in fired[1:-1] if not isinstance(what, str)]
