"""Facts that the restricting rules together read in two directions: whatever is answered, something may be restricted.

Where there are none, the bounds of every verdict are exact: some way to answer what is unknown leads to each of their ends. Each atom of the restricting
rules is then false together with all others at one answer, and each alternative of a condition can hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from backscreen.model.conditions import Atom, OneOf, TooIntricate, Within, alternatives, is_consistent
from backscreen.model.facts import TRIAL, Fact, Number, Value
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule
from backscreen.wording.condition_sentences import wanted_answer


@frozen(eq=False, repr=False)
class TwoWays:
    """A fact, and two readings of it that no answer escapes, or that go opposite ways; each with a rule that reads it so."""

    fact: str
    readings: tuple[tuple[str, str], ...]


def two_ways(rules: Iterable[Rule], facts: Mapping[str, Fact]) -> list[TwoWays]:
    """The facts that these rules read in two directions, as far as they restrict."""
    read: dict[str, dict[Atom, str]] = {}
    torn: dict[str, dict[Atom, str]] = {}
    for rule in rules:
        if not rule.effect.restricts:
            continue
        try:
            ways = alternatives(rule.when, dict(facts))
        except TooIntricate:
            continue  # it is refused where it is read
        for way in ways:
            for atom in way:
                read.setdefault(atom.fact, {}).setdefault(atom, rule.id)
            if not is_consistent(way, facts):
                for name in {atom.fact for atom in way}:
                    of_it = [atom for atom in way if atom.fact == name]
                    if not is_consistent(tuple(of_it), facts):
                        torn.setdefault(name, {}).update(dict.fromkeys(of_it, rule.id))
    found = []
    for name, atoms in read.items():
        against = torn.get(name) or _opposed(facts[name], atoms)
        if against:
            found.append(TwoWays(name, tuple(sorted({(wanted_answer(atom), rule) for atom, rule in against.items()}))))
    return found


def sections(book: Rulebook) -> Iterator[tuple[str, str, Sequence[Fact]]]:
    """The two sections of facts.yaml: what each is called, what its facts are prefixed with in conditions, and the facts."""
    yield "person", "", book.person_facts
    yield "trial", TRIAL, book.trial_facts


def _opposed(spec: Fact, atoms: Mapping[Atom, str]) -> Mapping[Atom, str]:
    """The atoms among which there is one for every answer, or one for more and one for less; none where they leave a way out."""
    if isinstance(spec, Number):
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


def _ends(span: Within, spec: Number) -> tuple[int, int]:
    return spec.at_least if span.low is None else max(
        span.low, spec.at_least
    ), spec.at_most if span.high is None else min(span.high, spec.at_most)
