"""Flat form of rulebooks and people: conjunctions of tests on facts of whole numbers and booleans.

With it, an engine that knows neither unknown answers nor choices can find both the rules that fire and those that may.
A number becomes its two ends, and an option is present if it is chosen. Each person has two flat facts, which differ
only where an answer is unknown:

- In the certain fact, no test of an unknown answer holds. Rules that fire on it fire.
- In the possible fact, every test that an unknown answer could pass holds. Rules that fire on it may fire.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, assert_never

from attrs import frozen

from backscreen.model.conditions import Atom, OneOf, Within, alternatives
from backscreen.model.facts import Fact, OptionFact, RangeFact, Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.semantics.activations import Subject

Comparison = Literal["is", ">=", "<="]
Pattern = tuple[tuple[str, Comparison, int], ...]
"""Tests that must all hold: a property's name, how it is compared, and with what (1 for `is`)."""
FlatFact = dict[str, Any]


@frozen(eq=False)
class Entry:
    """One alternative of a rule, the rule by its place in `KnowledgeBase.rules`."""

    rule: int
    pattern: Pattern


@frozen(eq=False)
class Slots:
    """Where the properties of a flat fact come from, for those that some pattern reads."""

    options: tuple[tuple[str, str, Value], ...]
    """Property, fact, and the option that it stands for."""
    ends: tuple[tuple[str, str, int, int], ...]
    """Property, fact, and its value where the fact is unknown: in the certain flat fact, and in the possible one."""
    tried: tuple[tuple[str, frozenset[str]], ...]
    """Property, and the stretches of which one must have been tried."""

    def facts(self, known: Subject) -> tuple[FlatFact, FlatFact]:
        """The certain flat fact and the possible one; they are equal where nothing is unknown."""
        certain: FlatFact = {}
        possible: FlatFact = {}
        answers = known.answers
        for name, fact, option in self.options:
            value = answers.get(fact)
            if value is None:
                possible[name] = True
            elif value == option:
                certain[name] = possible[name] = True
        for name, fact, least, most in self.ends:
            value = answers.get(fact)
            certain[name], possible[name] = (least, most) if value is None else (value, value)
        for name, stretches in self.tried:
            if known.stretch is None:
                possible[name] = True
            elif known.stretch in stretches:
                certain[name] = possible[name] = True
        return certain, possible


@frozen(eq=False)
class Shard:
    """Entries that stand together, about the person or about a trial, and the properties that they read."""

    about_a_trial: bool
    entries: tuple[Entry, ...]
    slots: Slots


class TooWide(Exception):
    """One alternative reads more properties than a shard may hold."""


def shards(knowledge_base: KnowledgeBase, *, entries: int, properties: int) -> Iterator[Shard]:
    """The whole rulebook in shards of at most so many entries and properties; raises `TooWide`."""
    layout = _Layout(knowledge_base)
    for about_a_trial in (False, True):
        shard: list[Entry] = []
        read: set[str] = set()
        for entry in layout.entries(about_a_trial=about_a_trial):
            names = {name for name, _, _ in entry.pattern}
            if len(names) > properties:
                raise TooWide
            if shard and (len(shard) == entries or len(read | names) > properties):
                yield Shard(about_a_trial, tuple(shard), layout.slots(read))
                shard, read = [], set()
            shard.append(entry)
            read |= names
        if shard:
            yield Shard(about_a_trial, tuple(shard), layout.slots(read))


class _Layout:
    """The names of properties, by number: joined names could be those of another fact and option."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._knowledge_base = knowledge_base
        self._numbers = {name: f"f{number}" for number, name in enumerate(knowledge_base.facts)}
        narrowed = dict.fromkeys(scoped.tried for scoped in knowledge_base.rules if scoped.tried is not None)
        self._tried = {stretches: f"tried_{number}" for number, stretches in enumerate(narrowed)}

    def entries(self, *, about_a_trial: bool) -> Iterator[Entry]:
        for number, scoped in enumerate(self._knowledge_base.rules):
            if scoped.about_a_trial == about_a_trial:
                narrowed: Pattern = () if scoped.tried is None else ((self._tried[scoped.tried], "is", 1),)
                for alternative in alternatives(scoped.rule.when, self._knowledge_base.facts):
                    yield Entry(number, (*narrowed, *(test for atom in alternative for test in self._tests(atom))))

    def _tests(self, atom: Atom) -> Pattern:
        key = self._numbers[atom.fact]
        match atom:
            case OneOf(fact, values):
                (value,) = values  # `alternatives` gives atoms of one value each
                return ((f"{key}_{_options(self._knowledge_base.facts[fact]).index(value)}", "is", 1),)
            case Within(_, low, high):
                tests: list[tuple[str, Comparison, int]] = []
                if low is not None:
                    tests.append((f"{key}_from", ">=", low))
                if high is not None:
                    tests.append((f"{key}_to", "<=", high))
                return tuple(tests)
            case _:
                assert_never(atom)

    def slots(self, read: Iterable[str]) -> Slots:
        wanted = set(read)
        options: list[tuple[str, str, Value]] = []
        ends: list[tuple[str, str, int, int]] = []
        for fact, spec in self._knowledge_base.facts.items():
            key = self._numbers[fact]
            match spec:
                case OptionFact():
                    options += [(f"{key}_{place}", fact, option) for place, option in enumerate(spec.values)]
                case RangeFact():
                    ends += [
                        (f"{key}_from", fact, spec.at_least, spec.at_most),
                        (f"{key}_to", fact, spec.at_most, spec.at_least),
                    ]
                case _:
                    assert_never(spec)
        return Slots(
            tuple(slot for slot in options if slot[0] in wanted),
            tuple(slot for slot in ends if slot[0] in wanted),
            tuple((name, stretches) for stretches, name in self._tried.items() if name in wanted),
        )


def _options(spec: Fact) -> tuple[Value, ...]:
    assert isinstance(spec, OptionFact)
    return spec.values
