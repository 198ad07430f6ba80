"""A disagreement, and what a fresh process makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from backscreen import Profile
from backscreen.diagnostics.exceptions import RulebookError
from backscreen.testing import random_people
from backscreen.testing.comparison import Difference

from . import bench, processes
from .chunks import Chunk, Found, Part, screen
from .processes import Position
from .smaller import smaller
from .sources import Source, seeded

ANSWER = "an answer"
_MOST_TRIES = 400
_MOST_PROCESSES = 60
"""Tries at making a case smaller that each take a process of their own."""


@frozen(eq=False)
class Case:
    """A person of whom some of these checkers say otherwise than the reference does.

    The person is `given`. Without one, it is the last of the random people from number `first` on, after the others.
    """

    source: Source
    seed: int
    first: int
    last: int
    checkers: tuple[str, ...]
    differences: tuple[Difference, ...]
    given: Profile | None = None
    also: tuple[int, ...] = ()
    """Others of whom the same is said."""


def case_of(found: Found, checkers: Sequence[str]) -> Case:
    """The case as it was found: everybody whom its process screened before is still in it."""
    return Case(found.source, found.seed, found.first, found.index, _suspects(found, checkers), found.differences)


def _suspects(found: Found, checkers: Sequence[str]) -> tuple[str, ...]:
    if found.by == bench.REFERENCE:
        return ()
    return (found.by,) if found.by else tuple(checkers)


def shown(case: Case, *, patience: float) -> tuple[Difference, ...]:
    """What is otherwise than the reference has it, in a fresh process."""
    ended = processes.alone(_screen, case, patience=patience)
    if isinstance(ended, processes.Failed):
        return (Difference(ended.what, "an answer", ended.how),)
    differences: tuple[Difference, ...] = ended.value
    return differences


def _screen(case: Case, position: Position) -> tuple[Difference, ...]:
    if case.given is None:
        part = Part(case.source, case.first, case.last + 1)
        tally = screen(Chunk(case.seed, (part,), case.checkers, whole_every=1, enough=part.size + 1), position)
        return tuple(
            difference for found in tally.found if found.index == case.last for difference in found.differences
        )
    return _of_given(case, case.source, case.given, position)


def _of_given(case: Case, source: Source, profile: Profile, position: Position) -> tuple[Difference, ...]:
    on = bench.bench(source.knowledge_base(), case.checkers)
    position.value += 1
    return tuple(
        difference for differences in bench.screened(on, profile, whole=True).values() for difference in differences
    )


def narrowed(case: Case, *, patience: float) -> Case:
    """Return the case with one checker and as few people as possible, or as it is where it does not fail again."""
    before = case.last + 1
    for first in _tails(case.first, case.last):
        for suspect in _each_alone(case.checkers):
            tried = evolve(case, first=first, checkers=suspect)
            differences = shown(tried, patience=patience)
            if differences:
                return _halved(evolve(tried, differences=differences), before, patience)
        before = first
    return case


def _each_alone(checkers: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [(name,) for name in checkers] if checkers else [()]


def _tails(first: int, last: int) -> Iterator[int]:
    """Where to start, so that ever more people come before the last."""
    length = 1
    while last + 1 - length > first:
        yield last + 1 - length
        length *= 8
    yield first


def _halved(case: Case, too_late: int, patience: float) -> Case:
    """The case from as late on as it still shows: not from `too_late` on."""
    while too_late - case.first > 1:
        middle = (case.first + too_late) // 2
        tried = evolve(case, first=middle)
        differences = shown(tried, patience=patience)
        if differences:
            case = evolve(tried, differences=differences)
        else:
            too_late = middle
    return case


def made_smaller(case: Case, *, patience: float) -> Case:
    """The case of one person with as little in it as still shows it."""
    if case.first != case.last:
        return case
    drawn = random_people.person(
        seeded(case.seed, case.source.name, case.last), random_people.questionnaire(case.source.knowledge_base())
    )
    case = evolve(case, given=drawn)
    match case.differences[0].what:
        case processes.DIED:
            smallest = _by_processes(case, drawn, patience)
        case processes.HUNG | bench.UNFIT:
            return case
        case _:
            ended = processes.alone(_by_tries, case, patience=patience)
            smallest = ended.value if isinstance(ended, processes.Returned) else case
    differences = shown(smallest, patience=patience)
    return evolve(smallest, differences=differences) if differences else case


def kind(differences: tuple[Difference, ...]) -> str | None:
    """What is wrong, so that nothing else is taken for it: an end, an exception of this type, or an answer."""
    if not differences:
        return None
    first = differences[0]
    match first.what:
        case processes.DIED | processes.HUNG | bench.UNFIT:
            return first.what
        case processes.RAISED:
            return first.came.partition(":")[0]
        case _:
            return ANSWER


def _by_tries(case: Case, position: Position) -> Case:
    """Make it smaller in this process."""

    def shows(source: Source, profile: Profile) -> bool:
        try:
            found = _of_given(case, source, profile, position) if source.knowledge_base().rules else ()
        except RulebookError:  # what was left out is named by what was not
            return False
        return kind(found) == kind(case.differences)

    assert case.given is not None
    source, profile = smaller(case.source, case.given, shows, most=_MOST_TRIES)
    return evolve(case, source=source, given=profile)


def _by_processes(case: Case, drawn: Profile, patience: float) -> Case:
    """Make it smaller with a process for each try, since it ends whoever tries."""

    def shows(source: Source, profile: Profile) -> bool:
        found = shown(evolve(case, source=source, given=profile), patience=patience)
        return kind(found) == kind(case.differences)

    source, profile = smaller(case.source, drawn, shows, most=_MOST_PROCESSES)
    return evolve(case, source=source, given=profile)
