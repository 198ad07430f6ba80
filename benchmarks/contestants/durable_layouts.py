"""How answers become properties of a fact of durable_rules, and atoms patterns over them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

from backscreen.engines.activations import Certainty
from backscreen.rulebook.conditions import Atom, OneOf, Within
from backscreen.rulebook.facts import Fact, Number, Value

FIRES, MAY_FIRE = Certainty.FIRES, Certainty.MAY_FIRE

Properties = dict[str, int]
Pattern = list[dict[str, Any]]


@frozen(eq=False)
class Layout:
    """How answers become properties, and atoms patterns over them."""

    questions: tuple[Certainty | None, ...]
    """What an alternative is registered for: one pattern for each, or a single one (None) that is asked with certain and with possible answers in turn."""
    properties: Callable[[str, Fact, Value | None, Certainty], Properties]
    patterns: Callable[[str, Fact, Atom, Certainty | None, bool], Pattern]


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


CODED = Layout((FIRES, MAY_FIRE), _coded, _code_patterns)
PRESENT = Layout((None,), _present, _present_patterns)
BOUNDED = Layout((FIRES, MAY_FIRE), _bounded, _bound_patterns)
