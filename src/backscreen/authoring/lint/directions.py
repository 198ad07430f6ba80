"""Facts that restricting rules read in two directions, so that every answer may restrict something.

Without such facts, the bounds of every verdict are exact: for each bound, some way to answer the open questions leads
there. Then one answer makes all atoms of a fact false together, and each alternative of a condition can hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from backscreen.model.conditions import Atom, OneOf, TooIntricate, Within, alternatives, is_consistent
from backscreen.model.facts import TRIAL, Fact, RangeFact, Value
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule
from backscreen.wording.condition_sentences import wanted_answer


@frozen(eq=False, repr=False)
class TwoWays:
    """A fact with readings that go opposite ways, or that cover every answer; each with a rule that reads it so."""

    fact: str
    readings: tuple[tuple[str, str], ...]


def two_ways(rules: Iterable[Rule], facts: Mapping[str, Fact]) -> list[TwoWays]:
    """Return the facts that the restricting ones among these rules read in two directions."""
    read: dict[str, dict[Atom, str]] = {}
    contradictory: dict[str, dict[Atom, str]] = {}
    for rule in rules:
        if not rule.effect.restricts:
            continue
        try:
            ways = alternatives(rule.when, dict(facts))
        except TooIntricate:
            continue  # the loader reports it
        for way in ways:
            for atom in way:
                read.setdefault(atom.fact, {}).setdefault(atom, rule.id)
            for name in _contradicted(way, facts):
                of_fact = (atom for atom in way if atom.fact == name)
                contradictory.setdefault(name, {}).update(dict.fromkeys(of_fact, rule.id))
    found = []
    for name, atoms in read.items():
        readings = contradictory.get(name) or _opposed(facts[name], atoms)
        if readings:
            words = {(wanted_answer(atom), rule) for atom, rule in readings.items()}
            found.append(TwoWays(name, tuple(sorted(words))))
    return found


def _contradicted(way: Sequence[Atom], facts: Mapping[str, Fact]) -> Iterator[str]:
    """Yield the facts of which one alternative wants answers that exclude each other."""
    if is_consistent(tuple(way), facts):
        return
    for name in {atom.fact for atom in way}:
        if not is_consistent(tuple(atom for atom in way if atom.fact == name), facts):
            yield name


def sections(book: Rulebook) -> Iterator[tuple[str, str, Sequence[Fact]]]:
    """Yield the sections of facts.yaml: the key, the prefix of its facts in conditions, and the facts."""
    yield "person", "", book.person_facts
    yield "trial", TRIAL, book.trial_facts


def _opposed(spec: Fact, atoms: Mapping[Atom, str]) -> Mapping[Atom, str]:
    """Return atoms that together accept every answer, or that want more and less; none if there are no such."""
    if isinstance(spec, RangeFact):
        spans = sorted((atom for atom in atoms if isinstance(atom, Within)), key=lambda span: _ends(span, spec))
        upwards = [span for span in spans if _ends(span, spec)[1] == spec.at_most]
        downwards = [span for span in spans if _ends(span, spec)[0] == spec.at_least]
        if upwards and downwards:
            return {span: atoms[span] for span in (downwards[0], upwards[0])}
        return {}
    wanted: set[Value] = set()
    for atom in atoms:
        wanted |= set(atom.values) if isinstance(atom, OneOf) else set()
    return atoms if wanted >= set(spec.values) else {}


def _ends(span: Within, spec: RangeFact) -> tuple[int, int]:
    low = spec.at_least if span.low is None else max(span.low, spec.at_least)
    high = spec.at_most if span.high is None else min(span.high, spec.at_most)
    return low, high
