"""Gate before durable_rules: it admits only the small part of the language that was measured to work.

The engine crashes, hangs, loses rules and is wrong on much of what its manual allows. So every ruleset and every fact
is checked before the engine sees it, as if it came from a stranger.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any

from attrs import frozen

from backscreen.semantics.activations import EngineFault

MOST_ENTRIES = 60
"""Rules in one ruleset beside the sentinels: 64 alternatives matching under one node are the engine's limit."""
MOST_PROPERTIES = 240
"""Properties in one fact: 252 are the engine's limit."""
MOST_NUMBER = 2**31 - 1
"""Numbers farther from 0 are refused."""
_MOST_PRIORITY = 2**16 - 1

OPEN, CLOSE = "open", "close"
"""The first and the last rule of every ruleset, which every fact must make fire."""
ALIAS = "m"
KIND = {"kind": "k"}
"""The test that every pattern begins with, and that every fact passes."""
STEADY = {"kind": "k", "id": "f0", "sid": "s"}
"""Start of every fact. The engine compares ids by a 32-bit hash, so there is one session, one fact and fixed ids."""

_RULE = re.compile(r"e[0-9]+")
_PROPERTY = re.compile(r"f[0-9]+_([0-9]+|from|to)|tried_[0-9]+")


@frozen(eq=False)
class Shape:
    """The properties that a ruleset reads: its facts have each number, and those flags that are so."""

    flags: frozenset[str]
    numbers: frozenset[str]


def admit_rules(rules: Mapping[str, Any]) -> Shape:
    """Return the shape of a ruleset's facts; raise `EngineFault` for anything that is not known to work."""
    flags: set[str] = set()
    numbers: set[str] = set()
    names = list(rules)
    _insist(len(names) >= 2 and names[0] == OPEN and names[-1] == CLOSE, "a ruleset stands between its two sentinels")  # noqa: PLR2004
    _insist(len(names) <= MOST_ENTRIES + 2, "a ruleset has too many rules")
    _insist(
        all(isinstance(name, str) and _RULE.fullmatch(name) for name in names[1:-1]), "a rule has a name of our own"
    )
    for name, rule in rules.items():
        leaves = _leaves(rule)
        _insist(not leaves or name not in (OPEN, CLOSE), "a sentinel must fire for every fact")
        for leaf in leaves:
            _admit_leaf(leaf, flags, numbers)
    ranks = [rule["pri"] for rule in rules.values()]
    _insist(
        all(type(rank) is int and 0 <= rank <= _MOST_PRIORITY for rank in ranks),
        "priorities are whole numbers of 16 bits",
    )
    between = all(ranks[0] < rank for rank in ranks[1:]) and all(rank < ranks[-1] for rank in ranks[:-1])
    _insist(between, "the sentinels fire first and last")
    _insist(flags.isdisjoint(numbers), "a property is a flag or a number, not both")
    _insist(len(flags | numbers) <= MOST_PROPERTIES, "a ruleset reads too many properties")
    hashes = {_hash(name) for name in (*flags, *numbers, *STEADY)}
    _insist(
        len(hashes) == len(flags) + len(numbers) + len(STEADY),
        "two properties are one to the engine, which knows them by a hash",
    )
    return Shape(frozenset(flags), frozenset(numbers))


def _hash(name: str) -> int:
    """FNV-1a of 32 bits, by which the engine tells properties apart."""
    found = 2166136261
    for byte in name.encode():
        found = (found ^ byte) * 16777619 & 0xFFFFFFFF
    return found


def _leaves(rule: object) -> list[Any]:
    """What a rule tests beside the kind; its form is the only one let through."""
    _insist(
        isinstance(rule, dict) and set(rule) == {"all", "pri", "run"},
        "a rule has one pattern, a priority and an action",
    )
    assert isinstance(rule, dict)
    _admit_action(rule["run"])
    match rule["all"]:
        case [{**alias}] if list(alias) == [ALIAS]:
            match alias[ALIAS]:
                case {"$and": [first, *leaves], **rest} if not rest and first == KIND:
                    return leaves
    raise EngineFault("refused", "a rule tests one fact, beginning with its kind")


def _admit_leaf(leaf: object, flags: set[str], numbers: set[str]) -> None:
    match leaf:
        case {"$gte": {**test}, **rest} | {"$lte": {**test}, **rest} if not rest and len(test) == 1:
            (name, value), into = next(iter(test.items())), numbers
            _insist(
                type(value) is int and abs(value) <= MOST_NUMBER,
                "a number is compared with a whole number within bounds",
            )
        case {**test} if len(test) == 1:
            (name, value), into = next(iter(test.items())), flags
            _insist(value is True, "a flag is tested for being so, and nothing else for being equal")
        case _:
            raise EngineFault("refused", "a test is of one property")
    _insist(isinstance(name, str) and _PROPERTY.fullmatch(name) is not None, "a property has a name of our own")
    into.add(str(name))


def _admit_action(run: object) -> None:
    """Refuse actions that the engine would wait for, because of a second parameter, and those that it cannot call."""
    plain = isinstance(run, FunctionType) and run.__code__.co_flags & _UNPLAIN == 0
    counted = (
        isinstance(run, FunctionType)
        and run.__code__.co_argcount == 1
        and not run.__code__.co_kwonlyargcount
        and not run.__defaults__
    )
    _insist(plain and counted, "an action is a plain function of one parameter")


_UNPLAIN = (
    inspect.CO_VARARGS
    | inspect.CO_VARKEYWORDS
    | inspect.CO_GENERATOR
    | inspect.CO_COROUTINE
    | inspect.CO_ASYNC_GENERATOR
)


def admit_fact(shape: Shape, fact: Mapping[str, Any]) -> None:
    """Look through a fact; raises `EngineFault`, without a word of what is in it."""
    well = STEADY.keys() | shape.numbers <= fact.keys()
    for name, value in fact.items():
        if name in shape.flags:
            well = well and value is True
        elif name in shape.numbers:
            well = well and type(value) is int and -MOST_NUMBER <= value <= MOST_NUMBER
        else:
            well = well and type(value) is str and STEADY.get(name) == value
    _insist(well, "a fact has the numbers that its ruleset reads, and those flags that are so")


def admit_bounds(ends: Iterable[int]) -> None:
    """Look through the least and the greatest that numbers of a rulebook can be; raises `EngineFault`."""
    _insist(
        all(abs(end) <= MOST_NUMBER for end in ends), "a number's bounds are wider than durable_rules is trusted with"
    )


def _insist(well: object, otherwise: str) -> None:
    if not well:
        raise EngineFault("refused", otherwise)
