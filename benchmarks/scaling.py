"""Scaling: screenings with `lower-back` repeated, from about 40 rules to about 10,000."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import assert_never

from attrs import evolve, frozen

from backscreen.engines.python.compiled_engine import CompiledEngine
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.model.facts import TRIAL, Fact, Flag, Number
from backscreen.model.knowledge_base import KnowledgeBase
from benchmarks.conformance import check_all
from benchmarks.contestants import COMPILED
from benchmarks.contestants.contestant import Adapter, Task
from benchmarks.timing import Entry, Timings, Turn, seconds_of, timings
from benchmarks.workload import COMPLETE, PARTIAL, UNKNOWN_RATE, Group, Sampler

COPIES = {1: 200, 10: 100, 100: 20, 233: 10}
"""Numbers of copies, and of people in each group and round."""
QUICK_COPIES = {1: 40, 10: 20, 233: 2}
SHARED, OWN = "all copies ask for the same facts", "each copy asks for facts of its own"
GROUPS = {COMPLETE: 0.0, PARTIAL: UNKNOWN_RATE}


@frozen(eq=False)
class Size:
    """Rulebook of some size, with its entry in the timings."""

    way: str
    rules: int
    knowledge_base: KnowledgeBase
    people: int
    compile_seconds: float
    adapter: Adapter
    entry: Entry


def repeated(knowledge_base: KnowledgeBase, copies: int, way: str) -> KnowledgeBase:
    """Return the rulebook so often: copies with facts of their own, or with other flags and thresholds in each rule."""
    (book,) = knowledge_base.books
    rng = Random(copies)
    rules, person_facts, trial_facts = [*book.rules], [*book.person_facts], [*book.trial_facts]
    for number in range(1, copies):
        names, shift = _shuffled_flags(knowledge_base, rng), number
        if way == OWN:
            names, shift = {name: f"{name}_{number}" for name in knowledge_base.facts}, 0
            person_facts += [_renamed(fact, number) for fact in book.person_facts]
            trial_facts += [_renamed(fact, number) for fact in book.trial_facts]
        conditions = [_copy(rule.when, knowledge_base, names, shift) for rule in book.rules]
        copied = zip(book.rules, conditions, strict=True)
        rules += [evolve(rule, id=f"{rule.id}-{number}", when=condition) for rule, condition in copied]
    book = evolve(book, rules=tuple(rules), person_facts=tuple(person_facts), trial_facts=tuple(trial_facts))
    return KnowledgeBase([evolve(book, digest=f"{book.digest}/{copies}")])


def _renamed(fact: Fact, number: int) -> Fact:
    return evolve(fact, id=f"{fact.id}_{number}", rests_on=tuple(f"{name}_{number}" for name in fact.rests_on))


def _shuffled_flags(knowledge_base: KnowledgeBase, rng: Random) -> dict[str, str]:
    names = {name: name for name in knowledge_base.facts}
    for of_trial in (False, True):
        flags = [name for name, fact in knowledge_base.facts.items() if isinstance(fact, Flag)]
        flags = [name for name in flags if name.startswith(TRIAL) is of_trial]
        names.update(zip(flags, rng.sample(flags, len(flags)), strict=True))
    return names


def _copy(condition: Condition, knowledge_base: KnowledgeBase, names: Mapping[str, str], shift: int) -> Condition:
    """Return the condition with other fact names, and with its thresholds shifted."""
    match condition:
        case OneOf(fact, values):
            return OneOf(names[fact], values)
        case Within(fact, low, high):
            spec = knowledge_base.facts[fact]
            assert isinstance(spec, Number)
            return Within(names[fact], *(end if end is None else min(end + shift, spec.at_most) for end in (low, high)))
        case AllOf(parts) | AnyOf(parts):
            return type(condition)(tuple(_copy(part, knowledge_base, names, shift) for part in parts))
        case Not(part):
            return Not(_copy(part, knowledge_base, names, shift))
        case _:
            assert_never(condition)


def sizes(copies: Mapping[int, int]) -> list[Size]:
    """Return rulebooks of these numbers of copies, of either way."""
    shipped = load_rulebooks("lower-back")
    return [_size(way, repeated(shipped, n, way), people) for way in (SHARED, OWN) for n, people in copies.items()]


def _size(way: str, knowledge_base: KnowledgeBase, people: int) -> Size:
    rules = len(knowledge_base.rules)  # computed here, since it is no part of compiling
    seconds, entry = seconds_of(lambda: CompiledEngine(knowledge_base)), (f"{rules} rules, {way}", Task.OUTCOME)
    adapter = Adapter(COMPILED.load(knowledge_base).outcome, from_profile=True)
    return Size(way, rules, knowledge_base, people, seconds, adapter, entry)


def scaling(sizes: list[Size], rounds: int, seed: int) -> Timings:
    """Time outcomes for new people in every round; the first people are checked against the reference."""
    return timings(([list(_turns(sizes, number, seed))] for number in range(rounds + 1)), seed)


def _turns(sizes: list[Size], number: int, seed: int) -> Iterator[Turn]:
    for size in sizes:
        for name, unknown_rate in GROUPS.items():
            sampler = Sampler(size.knowledge_base, seed + number)
            people = tuple(sampler.person(unknown_rate, place % 2) for place in range(size.people))
            if number == 0:
                few = Group(name, people[: max(4, 2000 // size.rules)])
                check_all(size.knowledge_base, {size.entry[0]: size.adapter}, [few])
            yield size.entry, size.adapter, Group(name, people)
