"""Checks of facts.yaml."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Protocol, assert_never

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.suggestions import suggest
from backscreen.formats.yaml_text import plain
from backscreen.loading.ids import WORD, check_ids, check_retired, check_unique
from backscreen.model.facts import Choice, Fact, Flag, Group, RangeFact, WrongAnswer

RESERVED = ("any", "all", "not", "none", "trial", "stretch")
WIDEST = 10**15
MOST_OPTIONS = 60


class Reporter(Protocol):
    """Receiver of diagnostics."""

    def report(self, file: str, diagnostic: Diagnostic) -> None:
        """Record one thing that is wrong in a file."""
        ...


def check_facts(
    reporter: Reporter,
    groups: Sequence[Group],
    person: Sequence[Fact],
    trial: Sequence[Fact],
    retired: Iterable[str] = (),
) -> set[str]:
    """Report what is wrong with facts.yaml, and return the ids of the invalid facts.

    Ids that are `retired` may not be used again.
    """
    known_groups = dict.fromkeys(group.id for group in groups)
    diagnostics = [*check_ids(groups, ("groups",), WORD, "group")]
    for section, facts in (("person", person), ("trial", trial)):
        diagnostics += _section(section, facts, known_groups, frozenset(retired))
    invalid = set()
    for diagnostic in diagnostics:
        reporter.report("facts.yaml", diagnostic)
        match diagnostic.path:
            case ("person", int(index), *_):
                invalid.add(person[index].id)
            case ("trial", int(index), *_):
                invalid.add(trial[index].id)
    return invalid


def _section(
    section: str, facts: Sequence[Fact], groups: Iterable[str], retired: Container[str]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the facts of persons, or of trials."""
    yield from check_ids(facts, (section,), WORD, "fact")
    yield from check_retired(facts, retired, (section,), "fact")
    ids = dict.fromkeys(fact.id for fact in facts)
    for index, fact in enumerate(facts):
        for diagnostic in (*_references(fact, section, ids, groups), *_fact(fact)):
            yield diagnostic.under((section, index))


def _references(fact: Fact, section: str, ids: Iterable[str], groups: Iterable[str]) -> Iterator[Diagnostic]:
    if fact.id in RESERVED:
        yield Diagnostic(f"`{fact.id}` is reserved", path=("id",), help="choose another id", code="reserved-id")
    if fact.group is not None and fact.group not in groups:
        help_ = suggest(fact.group, groups, "groups are declared under `groups:`")
        yield Diagnostic(f"unknown group `{fact.group}`", path=("group",), help=help_, code="unknown-group")
    for index, other in enumerate(fact.rests_on):
        if other not in ids or other == fact.id:
            help_ = suggest(other, ids, f"name another fact under `{section}:`")
            yield Diagnostic(f"unknown fact `{other}`", path=("rests_on", index), help=help_, code="unknown-fact")
    yield from check_unique(fact.rests_on, ("rests_on",))


def _fact(fact: Fact) -> Iterator[Diagnostic]:
    match fact:
        case Flag():
            return
        case RangeFact():
            yield from _number(fact)
        case Choice():
            yield from _choice(fact)
        case _:
            assert_never(fact)


def _number(fact: RangeFact) -> Iterator[Diagnostic]:
    if not -WIDEST <= fact.at_least < fact.at_most <= WIDEST:
        help_ = "neither may be further from 0 than 10 to the 15th"
        yield Diagnostic("`at_least` must be below `at_most`", path=("at_most",), help=help_, code="bad-bounds")
    elif fact.no is not None and not fact.at_least <= fact.no <= fact.at_most:
        help_ = "write a number from `at_least` to `at_most`"
        yield Diagnostic("`no` is outside the bounds", path=("no",), help=help_, code="bad-no")
    units = {fact.unit}
    for index, unit in enumerate(fact.also_in):
        path = ("also_in", index)
        if not unit.unit.isascii() or not unit.unit.isalpha() or unit.unit in units:
            message, help_ = f"invalid unit `{unit.unit[:60]}`", "use letters, and each unit once"
            yield Diagnostic(message, path=(*path, "unit"), help=help_, code="bad-unit")
        units.add(unit.unit)
        if unit.times <= 0 or unit.over <= 0:
            help_ = "one of this unit is `times / over` of the fact's own"
            yield Diagnostic("`times` and `over` must be above 0", path=path, help=help_, code="bad-unit")


def _choice(fact: Choice) -> Iterator[Diagnostic]:
    yield from check_ids(fact.options, ("options",), WORD, "option")
    for index, option in enumerate(fact.options):
        if WORD.fullmatch(option.id) and not isinstance(plain(option.id), str):
            message = f"`{option.id}` is not a word in YAML, so no answer can name it"
            place = ("options", index, "id")
            yield Diagnostic(message, path=place, help="choose another id", code="option-is-a-value")
    if len(fact.options) > MOST_OPTIONS:
        message, path = f"a choice has at most {MOST_OPTIONS} options", ("options", MOST_OPTIONS)
        yield Diagnostic(message, path=path, help="group them", code="too-many-values")
    if len(fact.options) < 2:  # noqa: PLR2004 - a choice needs an alternative
        help_ = "add one, or use a flag"
        yield Diagnostic("a choice has at least two options", path=("options",), help=help_, code="too-few-options")
    try:
        if fact.no is not None:
            fact.read(fact.no)
    except WrongAnswer as wrong:
        help_ = suggest(str(fact.no), wrong.legal, f"expected {wrong.expected}")
        yield Diagnostic(f"`{fact.no}` is not one of the options", path=("no",), help=help_, code="bad-no")
