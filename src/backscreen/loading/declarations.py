"""What is declared: ids have their form, are given once and never again, and facts make sense by themselves."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Protocol, assert_never

from backscreen.diagnostics.diagnostic import suggestion
from backscreen.formats.yaml_reader import Path_, plain
from backscreen.loading.condition_parser import Misfit
from backscreen.model.facts import Choice, Fact, Flag, Group, Number, WrongAnswer

WORD = re.compile(r"[a-z][a-z0-9_]{0,59}")
HYPHENED = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LETTERED = re.compile(r"[A-Za-z][A-Za-z0-9]*")
SEMVER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}(?:[-+][0-9A-Za-z.+-]+)?")
RESERVED = ("any", "all", "not", "none", "trial", "stretch")
WIDEST = 10**15
MOST_OPTIONS = 60


class _Named(Protocol):
    @property
    def id(self) -> str: ...


class Complaints(Protocol):
    """Where complaints go."""

    def complain(self, file: str, misfit: Misfit) -> None:
        """Take down one thing that is wrong in a file."""
        ...


def each_id(things: Sequence[_Named], path: Path_, form: re.Pattern[str], kind: str) -> Iterator[Misfit]:
    """Ids that do not have their form, or are given twice."""
    seen: set[str] = set()
    for index, thing in enumerate(things):
        place = (*path, index, "id")
        if not form.fullmatch(thing.id):
            help_ = f"ids here are {'small letters, digits and `_`' if form is WORD else 'letters and digits'}, and start with a letter"
            yield Misfit("bad-id", place, f"`{thing.id[:60]}` cannot be the id of a {kind}", help_)
        elif thing.id in seen:
            yield Misfit(
                "repeated-id", place, f"the {kind} `{thing.id}` is declared twice", "keep one of the two, or rename it"
            )
        seen.add(thing.id)


def repeats(words: Iterable[str], path: Path_) -> Iterator[Misfit]:
    """Words that stand in a list for the second time."""
    seen = set()
    for index, word in enumerate(words):
        if word in seen:
            yield Misfit(
                "repeated-name", (*path, index), f"`{word[:60]}` stands in this list twice", "keep one of the two"
            )
        seen.add(word)


def used_again(things: Sequence[_Named], retired: Container[str], path: Path_, kind: str) -> Iterator[Misfit]:
    """Ids that were retired."""
    for index, thing in enumerate(things):
        if thing.id in retired:
            yield retired_id((*path, index, "id"), kind, thing.id)


def retired_id(path: Path_, kind: str, name: str) -> Misfit:
    """What is said of an id that was retired."""
    return Misfit(
        "retired-id",
        path,
        f"the id of the {kind} `{name}` is among `retired_ids` in rulebook.yaml",
        "choose an id that was never used",
    )


def check_facts(
    sources: Complaints,
    groups: Sequence[Group],
    person: Sequence[Fact],
    trial: Sequence[Fact],
    retired: Iterable[str] = (),
) -> set[str]:
    """Check facts.yaml by itself; returns the ids of facts that are declared wrongly. Ids that are `retired` may not be used again."""
    found = [
        *each_id(groups, ("groups",), WORD, "group"),
        *each_id(person, ("person",), WORD, "fact"),
        *each_id(trial, ("trial",), WORD, "fact"),
    ]
    named = dict.fromkeys(group.id for group in groups)
    retired = frozenset(retired)
    for section, facts in (("person", person), ("trial", trial)):
        found += used_again(facts, retired, (section,), "fact")
        ids = dict.fromkeys(fact.id for fact in facts)
        for index, fact in enumerate(facts):
            place = (section, index)
            if fact.id in RESERVED:
                found.append(
                    Misfit("reserved-id", (*place, "id"), f"`{fact.id}` has a meaning of its own", "choose another id")
                )
            if fact.group is not None and fact.group not in named:
                help_ = suggestion(fact.group, named, "groups are declared under `groups:`")
                found.append(Misfit("unknown-group", (*place, "group"), f"unknown group `{fact.group}`", help_))
            for number, other in enumerate(fact.rests_on):
                if other not in ids or other == fact.id:
                    help_ = suggestion(other, ids, f"name another fact under `{section}:`")
                    found.append(Misfit("unknown-fact", (*place, "rests_on", number), f"unknown fact `{other}`", help_))
            found += repeats(fact.rests_on, (*place, "rests_on"))
            found += [misfit.under(place) for misfit in _spec(fact)]
    misdeclared = set()
    for misfit in found:
        sources.complain("facts.yaml", misfit)
        match misfit.path:
            case ("person", int(number), *_):
                misdeclared.add(person[number].id)
            case ("trial", int(number), *_):
                misdeclared.add(trial[number].id)
    return misdeclared


def _spec(fact: Fact) -> Iterator[Misfit]:
    match fact:
        case Flag():
            return
        case Number():
            yield from _number(fact)
        case Choice():
            yield from _choice(fact)
        case _:
            assert_never(fact)


def _number(fact: Number) -> Iterator[Misfit]:
    if not -WIDEST <= fact.at_least < fact.at_most <= WIDEST:
        yield Misfit(
            "bad-bounds",
            ("at_most",),
            "`at_least` must be below `at_most`",
            "and neither further from 0 than 10 to the 15th",
        )
    elif fact.no is not None and not fact.at_least <= fact.no <= fact.at_most:
        yield Misfit("bad-no", ("no",), "`no` lies outside the bounds", "write a number from `at_least` to `at_most`")
    others = {fact.unit}
    for index, unit in enumerate(fact.also_in):
        if not unit.unit.isascii() or not unit.unit.isalpha() or unit.unit in others:
            yield Misfit(
                "bad-unit",
                ("also_in", index, "unit"),
                f"`{unit.unit[:60]}` cannot be another unit",
                "units are made of letters, and each is given once",
            )
        others.add(unit.unit)
        if unit.times <= 0 or unit.over <= 0:
            yield Misfit(
                "bad-unit",
                ("also_in", index),
                "`times` and `over` must be above 0",
                "one of this unit is `times / over` of the fact's own",
            )


def _choice(fact: Choice) -> Iterator[Misfit]:
    yield from each_id(fact.options, ("options",), WORD, "option")
    for index, option in enumerate(fact.options):
        if WORD.fullmatch(option.id) and not isinstance(plain(option.id), str):
            yield Misfit(
                "option-is-a-value",
                ("options", index, "id"),
                f"`{option.id}` means something else where it is answered",
                "choose another id",
            )
    if len(fact.options) > MOST_OPTIONS:
        yield Misfit(
            "too-many-values",
            ("options", MOST_OPTIONS),
            f"a choice has at most {MOST_OPTIONS} options",
            "nobody reads so many; group them",
        )
    if len(fact.options) < 2:  # noqa: PLR2004
        yield Misfit("too-few-options", ("options",), "a choice has at least two options", "is a flag meant?")
    try:
        if fact.no is not None:
            fact.read(fact.no)
    except WrongAnswer as wrong:
        yield Misfit(
            "bad-no",
            ("no",),
            f"`{fact.no}` is not one of the options",
            suggestion(str(fact.no), wrong.legal, f"expected {wrong.expected}"),
        )
