"""What is declared: ids have their form, are given once and never again, and facts make sense by themselves."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Protocol, assert_never

from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.suggestions import suggest
from backscreen.formats.yaml_text import plain
from backscreen.model.facts import Choice, Fact, Flag, Group, RangeFact, WrongAnswer

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

    def complain(self, file: str, diagnostic: Diagnostic) -> None:
        """Take down one thing that is wrong in a file."""
        ...


def each_id(things: Sequence[_Named], path: DocumentPath, form: re.Pattern[str], kind: str) -> Iterator[Diagnostic]:
    """Ids that do not have their form, or are given twice."""
    seen: set[str] = set()
    for index, thing in enumerate(things):
        place = (*path, index, "id")
        if not form.fullmatch(thing.id):
            help_ = f"ids here are {'small letters, digits and `_`' if form is WORD else 'letters and digits'}, and start with a letter"
            yield Diagnostic(f"`{thing.id[:60]}` cannot be the id of a {kind}", path=place, help=help_, code="bad-id")
        elif thing.id in seen:
            yield Diagnostic(
                f"the {kind} `{thing.id}` is declared twice",
                path=place,
                help="keep one of the two, or rename it",
                code="repeated-id",
            )
        seen.add(thing.id)


def repeats(words: Iterable[str], path: DocumentPath) -> Iterator[Diagnostic]:
    """Words that stand in a list for the second time."""
    seen = set()
    for index, word in enumerate(words):
        if word in seen:
            yield Diagnostic(
                f"`{word[:60]}` stands in this list twice",
                path=(*path, index),
                help="keep one of the two",
                code="repeated-name",
            )
        seen.add(word)


def used_again(
    things: Sequence[_Named], retired: Container[str], path: DocumentPath, kind: str
) -> Iterator[Diagnostic]:
    """Ids that were retired."""
    for index, thing in enumerate(things):
        if thing.id in retired:
            yield retired_id((*path, index, "id"), kind, thing.id)


def retired_id(path: DocumentPath, kind: str, name: str) -> Diagnostic:
    """What is said of an id that was retired."""
    return Diagnostic(
        f"the id of the {kind} `{name}` is among `retired_ids` in rulebook.yaml",
        path=path,
        help="choose an id that was never used",
        code="retired-id",
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
                    Diagnostic(
                        f"`{fact.id}` has a meaning of its own",
                        path=(*place, "id"),
                        help="choose another id",
                        code="reserved-id",
                    )
                )
            if fact.group is not None and fact.group not in named:
                help_ = suggest(fact.group, named, "groups are declared under `groups:`")
                found.append(
                    Diagnostic(
                        f"unknown group `{fact.group}`", path=(*place, "group"), help=help_, code="unknown-group"
                    )
                )
            for number, other in enumerate(fact.rests_on):
                if other not in ids or other == fact.id:
                    help_ = suggest(other, ids, f"name another fact under `{section}:`")
                    found.append(
                        Diagnostic(
                            f"unknown fact `{other}`",
                            path=(*place, "rests_on", number),
                            help=help_,
                            code="unknown-fact",
                        )
                    )
            found += repeats(fact.rests_on, (*place, "rests_on"))
            found += [diagnostic.under(place) for diagnostic in _spec(fact)]
    misdeclared = set()
    for diagnostic in found:
        sources.complain("facts.yaml", diagnostic)
        match diagnostic.path:
            case ("person", int(number), *_):
                misdeclared.add(person[number].id)
            case ("trial", int(number), *_):
                misdeclared.add(trial[number].id)
    return misdeclared


def _spec(fact: Fact) -> Iterator[Diagnostic]:
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
        yield Diagnostic(
            "`at_least` must be below `at_most`",
            path=("at_most",),
            help="and neither further from 0 than 10 to the 15th",
            code="bad-bounds",
        )
    elif fact.no is not None and not fact.at_least <= fact.no <= fact.at_most:
        yield Diagnostic(
            "`no` lies outside the bounds",
            path=("no",),
            help="write a number from `at_least` to `at_most`",
            code="bad-no",
        )
    others = {fact.unit}
    for index, unit in enumerate(fact.also_in):
        if not unit.unit.isascii() or not unit.unit.isalpha() or unit.unit in others:
            yield Diagnostic(
                f"`{unit.unit[:60]}` cannot be another unit",
                path=("also_in", index, "unit"),
                help="units are made of letters, and each is given once",
                code="bad-unit",
            )
        others.add(unit.unit)
        if unit.times <= 0 or unit.over <= 0:
            yield Diagnostic(
                "`times` and `over` must be above 0",
                path=("also_in", index),
                help="one of this unit is `times / over` of the fact's own",
                code="bad-unit",
            )


def _choice(fact: Choice) -> Iterator[Diagnostic]:
    yield from each_id(fact.options, ("options",), WORD, "option")
    for index, option in enumerate(fact.options):
        if WORD.fullmatch(option.id) and not isinstance(plain(option.id), str):
            yield Diagnostic(
                f"`{option.id}` means something else where it is answered",
                path=("options", index, "id"),
                help="choose another id",
                code="option-is-a-value",
            )
    if len(fact.options) > MOST_OPTIONS:
        yield Diagnostic(
            f"a choice has at most {MOST_OPTIONS} options",
            path=("options", MOST_OPTIONS),
            help="nobody reads so many; group them",
            code="too-many-values",
        )
    if len(fact.options) < 2:  # noqa: PLR2004
        yield Diagnostic(
            "a choice has at least two options", path=("options",), help="is a flag meant?", code="too-few-options"
        )
    try:
        if fact.no is not None:
            fact.read(fact.no)
    except WrongAnswer as wrong:
        yield Diagnostic(
            f"`{fact.no}` is not one of the options",
            path=("no",),
            help=suggest(str(fact.no), wrong.legal, f"expected {wrong.expected}"),
            code="bad-no",
        )
