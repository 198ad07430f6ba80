"""Sketches of cases for a condition: people whom it just reaches or just misses, and people with unknown answers.

Their expectations are left to the author: an expectation derived from the condition could never find a mistake in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import assert_never

from attrs import evolve, frozen

from backscreen.authoring.mutation.state_space import Ways, contrasts, is_accepted
from backscreen.formats.yaml_text import Data
from backscreen.model.conditions import (
    ALWAYS,
    Alternative,
    Condition,
    OneOf,
    Within,
    alternatives,
    atoms,
    reads_a_trial,
)
from backscreen.model.facts import TRIAL, Fact, OptionFact, RangeFact, Value, written

Answers = Mapping[str, Value]
FIRES = "<yes / no / unknown>"
_ENOUGH = 200


@frozen
class Sketch:
    """A case without name and expectation: a person's answers, and what they show."""

    answers: Answers
    shows: str
    stretch: str | None = None


@frozen
class _Contrast:
    """Two people who differ in one answer: for the `one` the condition holds, for the `other` it does not.

    `rest` are the other answers of both, and `needed` those without which the condition would not hold for the one.
    """

    fact: str
    one: Value
    other: Value
    rest: Answers
    needed: Answers


def sketches(
    condition: Condition, facts: Mapping[str, Fact], tried: str | None = None, not_tried: str | None = None
) -> list[Sketch]:
    """Return the cases that a rule with this condition needs, without duplicates.

    In a rule about a trial, trials are of `tried`, and one is of `not_tried`, which the rule is not about, if given.
    """
    if condition == ALWAYS:
        return [Sketch({}, "anybody")]
    contrasts = list(_contrasts(condition, facts))
    read = list(dict.fromkeys(atom.fact for atom in atoms(condition)))
    several = len(read) > 1
    reached = [_reached(contrast, facts, several=several) for contrast in contrasts]
    missed = [_missed(contrast, facts, several=several) for contrast in contrasts]
    first_of = {contrast.fact: contrast for contrast in reversed(contrasts)}
    unasked = [
        Sketch(first_of[fact].rest, f"{_title(facts[fact])} not known") for fact in read if fact in first_of and several
    ]
    is_about_a_trial = reads_a_trial(condition)
    nothing = Sketch({}, "nothing is known about the try" if is_about_a_trial else "nothing is known")
    found = [
        _in_order(sketch, read, tried if is_about_a_trial else None)
        for sketch in (*reached, *missed, *unasked, nothing)
    ]
    if is_about_a_trial and not_tried is not None:
        found.insert(
            len(reached),
            evolve(found[0], stretch=not_tried, shows="the same with a stretch that the rule is not about"),
        )
    different: dict[tuple[tuple[tuple[str, Value], ...], str | None], Sketch] = {}
    for sketch in found:
        different.setdefault((tuple(sketch.answers.items()), sketch.stretch), sketch)
    return list(different.values())


def given(sketch: Sketch, *, trial: bool) -> dict[str, Data]:
    """Return the sketch as a written profile; with `trial`, as one with a trial."""
    facts: dict[str, Data] = {name: answer for name, answer in sketch.answers.items() if not name.startswith(TRIAL)}
    tried: dict[str, Data] = {
        name.removeprefix(TRIAL): answer for name, answer in sketch.answers.items() if name.startswith(TRIAL)
    }
    profile: dict[str, Data] = {"facts": facts} if facts else {}
    return {**profile, "trials": [{"stretch": sketch.stretch or "<a stretch>", **tried}]} if trial else profile


def _in_order(sketch: Sketch, order: list[str], stretch: str | None) -> Sketch:
    """Return the sketch with its answers in the order of the condition."""
    return evolve(
        sketch, answers={name: sketch.answers[name] for name in order if name in sketch.answers}, stretch=stretch
    )


def _reached(contrast: _Contrast, facts: Mapping[str, Fact], *, several: bool) -> Sketch:
    spec, answer = facts[contrast.fact], contrast.one
    shows = (
        f"{_answer_words(spec, answer)}, just inside"
        if isinstance(spec, RangeFact)
        else f"{_answer_words(spec, answer)}{', with everything else needed' * several}"
    )
    return Sketch({**contrast.needed, contrast.fact: answer}, f"{shows}")


def _missed(contrast: _Contrast, facts: Mapping[str, Fact], *, several: bool) -> Sketch:
    spec, answer = facts[contrast.fact], contrast.other
    if isinstance(spec, RangeFact):
        shows = ", just outside"
    elif several:
        shows = ", and nothing else changed" if contrast.rest == contrast.needed else ", and nothing in its place"
    else:
        shows = ""
    return Sketch({**contrast.rest, contrast.fact: answer}, f"{_answer_words(spec, answer)}{shows}")


def _answer_words(spec: Fact, answer: Value) -> str:
    """Return an answer in words that fit into a placeholder."""
    match spec:
        case RangeFact():
            words = f"{written(answer)} {spec.unit}"
        case OptionFact():
            words = spec.meanings[answer] if spec.is_flag else f"“{spec.meanings[answer]}”"
        case _:
            assert_never(spec)
    return f"{_title(spec)} {_bare(words)}"


def _title(spec: Fact) -> str:
    """Return a fact's title as part of a sentence."""
    title = _bare(spec.title)
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _bare(text: str) -> str:
    return " ".join(text.replace("<", "").replace(">", "").split())


# Contrasts


def _contrasts(condition: Condition, facts: Mapping[str, Fact]) -> Iterator[_Contrast]:
    """Yield the first contrast for each side of a number that it compares, and for each answer that it accepts.

    A condition that can both hold and fail has at least one contrast, since answer by answer one gets from a person for
    whom it holds to one for whom it fails.
    """
    ways = alternatives(condition, dict(facts)), alternatives(condition, dict(facts), holds=False)
    seen: set[tuple[str, Value, Value]] = set()
    for atom in atoms(condition):
        for choices in _pairs(atom, facts[atom.fact]):
            for one, other in choices:
                contrast = None if (atom.fact, one, other) in seen else _contrast(atom.fact, one, other, ways, facts)
                seen |= {(atom.fact, one, other), (atom.fact, other, one)}
                if contrast is not None:
                    yield contrast
                    break


def _pairs(atom: OneOf | Within, spec: Fact) -> list[list[tuple[Value, Value]]]:
    """Return lists of pairs of answers to contrast for an atom; one pair of each list is enough."""
    match atom:
        case Within(_, low, high):
            assert isinstance(spec, RangeFact)
            found: list[list[tuple[Value, Value]]] = []
            if low is not None and low > spec.at_least:
                found.append([(low, low - 1)])
            if high is not None and high < spec.at_most:
                found.append([(high, high + 1)])
            return found
        case OneOf(_, values):
            assert isinstance(spec, OptionFact)
            others = [value for value in spec.values if value not in values]
            return [[(value, other) for other in _nearest_first(others, value, spec.values)] for value in values]
        case _:
            assert_never(atom)


def _nearest_first(others: list[Value], value: Value, order: tuple[Value, ...]) -> list[Value]:
    """Return the other answers, nearest options first: authors mostly list options by severity."""
    return sorted(others, key=lambda other: abs(order.index(other) - order.index(value)))


def _contrast(fact: str, one: Value, other: Value, ways: Ways, facts: Mapping[str, Fact]) -> _Contrast | None:
    """Return the contrast of these two answers, in either order, with the fewest others."""
    found = islice(
        (made for pair in ((one, other), (other, one)) for made in _of_ways(fact, pair, ways, facts)), _ENOUGH
    )
    return min(found, key=lambda contrast: len(contrast.rest), default=None)


def _of_ways(fact: str, pair: tuple[Value, Value], ways: Ways, facts: Mapping[str, Fact]) -> Iterator[_Contrast]:
    """Yield a contrast for each way to hold with the first answer and each way to fail with the second."""
    for here, there in contrasts(fact, *pair, ways):
        rest = _answers((here, there), facts)
        if rest is not None:
            read = {atom.fact for atom in here}
            yield _Contrast(fact, *pair, rest, {name: answer for name, answer in rest.items() if name in read})


def _answers(ways: tuple[Alternative, ...], facts: Mapping[str, Fact]) -> Answers | None:
    """Return the answers that satisfy all of these ways, and no others; None if none do."""
    asked: dict[str, list[OneOf | Within]] = {}
    for way in ways:
        for atom in way:
            asked.setdefault(atom.fact, []).append(atom)
    found: dict[str, Value] = {}
    for name, wanted in asked.items():
        answer = next(
            (
                answer
                for answer in _candidates(facts[name], wanted)
                if all(is_accepted(atom, answer) for atom in wanted)
            ),
            None,
        )
        if answer is None:
            return None
        found[name] = answer
    return found


def _candidates(spec: Fact, wanted: list[OneOf | Within]) -> Iterator[Value]:
    """Yield answers to try; for a number the ends of its spans, one of which fits if any number does."""
    if not isinstance(spec, RangeFact):
        yield from spec.values
        return
    for atom in wanted:
        if isinstance(atom, Within):
            yield from (
                end for end in (atom.low, atom.high) if end is not None and spec.at_least <= end <= spec.at_most
            )
    yield spec.at_least
