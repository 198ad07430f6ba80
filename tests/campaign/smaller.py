"""Making a person, and a random rulebook, smaller for as long as they still show something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeVar

from attrs import evolve

from backscreen import Profile, Trial
from backscreen.model.facts import UNSURE, Value
from backscreen.testing import random_people
from backscreen.testing.random_rulebooks import Files, Plain

from .sources import Source

Shows = Callable[[Source, Profile], bool]
Item = tuple[Any, ...]
T = TypeVar("T")


def smaller(source: Source, profile: Profile, shows: Shows, *, most: int) -> tuple[Source, Profile]:
    """A smaller rulebook and person that still show it, found in at most so many tries."""
    left = most

    def tried(source: Source, profile: Profile) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and shows(source, profile)

    assuming = Profile(profile.facts, profile.trials, "no")  # of whom least is open, and so least is to be read
    profile = assuming if tried(source, assuming) else profile
    otherwise = profile.otherwise
    items = fewest(_items(profile), lambda items: tried(source, _person(items, otherwise)))
    profile = _plainer(source, _person(items, otherwise), tried)
    if source.files is not None:
        files = source.files
        kept = fewest(_parts(files), lambda parts: tried(evolve(source, files=_book(files, parts)), profile))
        source = evolve(source, files=_book(files, kept))
    return source, profile


def fewest(items: list[T], shows: Callable[[list[T]], bool]) -> list[T]:
    """Return as few items as still show the difference: leave out all, then halves, quarters, and each alone."""
    size = len(items)
    while size:
        start = 0
        while start < len(items):
            fewer = items[:start] + items[start + size :]
            if shows(fewer):
                items = fewer
            else:
                start += size
        size //= 2
    return items


def _items(profile: Profile) -> list[Item]:
    """What there is to a person, each of which can be left out by itself; what belongs to a trial stands together."""
    items: list[Item] = []
    for index, trial in enumerate(profile.trials):
        items.append(("trial", index))
        if trial.stretch is not None:
            items.append(("answer", index, "stretch", trial.stretch))
        items += [("answer", index, *pair) for pair in _answers(trial)]
    return items + [("fact", *pair) for pair in _answers(profile)]


def _answers(of: Profile | Trial) -> Iterable[tuple[str, Value | None]]:
    unsure: list[tuple[str, Value | None]] = [(name, UNSURE) for name in of.unsure]
    return [*of.facts.items(), *unsure, *((name, None) for name in of.left_open)]


def _person(items: list[Item], otherwise: Literal["no", "unknown"]) -> Profile:
    """The person of whom no more than this is known."""
    facts = {item[1]: item[2] for item in items if item[0] == "fact"}
    trials: dict[int, dict[str, Any]] = {item[1]: {} for item in items if item[0] == "trial"}
    for item in items:
        if item[0] == "answer" and item[1] in trials:
            trials[item[1]][item[2]] = item[3]
    tried = [Trial(answers.pop("stretch", None), **answers) for _, answers in sorted(trials.items())]
    return Profile(facts, tried, otherwise)


def _plainer(source: Source, profile: Profile, shows: Shows) -> Profile:
    """The person with plainer answers."""
    asked = random_people.questionnaire(source.knowledge_base())
    items = _items(profile)
    for place, item in enumerate(items):
        possible = asked.person if item[0] == "fact" else asked.trial
        if item[0] in {"fact", "answer"} and item[-2] in possible:
            for value in _plainer_values(possible[item[-2]], item[-1]):
                other = [*items[:place], (*item[:-1], value), *items[place + 1 :]]
                if shows(source, _person(other, profile.otherwise)):
                    items = other
                    break
    return _person(items, profile.otherwise)


def _plainer_values(possible: random_people.Possible, value: Value | None) -> Iterator[Value]:
    """Yield plainer answers: numbers nearer to 0 and rounder; for options the "no" and those before it."""
    if value is None or (value == UNSURE and value not in possible.decisive):
        return
    if possible.span is None:
        plain = [possible.no, *possible.decisive]
        yield from (one for one in plain[: plain.index(value)] if one is not None)
    elif isinstance(value, int):
        low, high = possible.span
        yield from (
            one for one in (0, 1, 10, 100, low, high, value // 10 * 10) if low <= one <= high and abs(one) < abs(value)
        )


def _parts(files: Files) -> list[Item]:
    """Yield what can be left out of a rulebook: rules, then facts and stretches that nothing else needs."""
    rules = [("rule", name) for name in files if "/" in name]
    facts = [(section, fact["id"]) for section in ("person", "trial") for fact in files["facts.yaml"][section]]
    return [*rules, *facts, *(("stretch", stretch["id"]) for stretch in files["stretches.yaml"]["stretches"])]


def _book(files: Files, parts: list[Item]) -> Files:
    kept = set(parts)
    facts = {
        section: [_resting(fact, section, kept) for fact in found if (section, fact["id"]) in kept]
        for section, found in files["facts.yaml"].items()
    }
    catalogue = files["stretches.yaml"]
    stretches = [stretch for stretch in catalogue["stretches"] if ("stretch", stretch["id"]) in kept]
    others = {name: data for name, data in files.items() if "/" not in name or ("rule", name) in kept}
    return others | {"facts.yaml": facts, "stretches.yaml": catalogue | {"stretches": stretches}}


def _resting(fact: Plain, section: str, kept: set[Item]) -> Plain:
    """The fact, which no longer rests on facts that were left out."""
    rests_on = [name for name in fact.get("rests_on", ()) if (section, name) in kept]
    return {key: value for key, value in fact.items() if key != "rests_on"} | (
        {"rests_on": rests_on} if rests_on else {}
    )
