"""Nobody is timed before everybody has given the reference's answer for every person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backscreen.engines import reference
from backscreen.rulebook.answering import check
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Answer, Ready
from benchmarks.people import Group, Person


class Unequal(Exception):
    """A contestant answers something else than the reference, or fails."""


def check_all(guidance: Guidance, contestants: Mapping[str, Ready], rounds: Sequence[Sequence[Group]]) -> int:
    """Compare every answer with the reference's, and count the people; raises `Unequal` at the first that differs."""
    count = 0
    for groups in rounds:
        for group in groups:
            for place, person in enumerate(group.people):
                count += 1
                expected = _expected(guidance, person)
                for name, contestant in contestants.items():
                    wrong = _wrong(guidance, contestant, person, expected)
                    if wrong:
                        raise Unequal("\n".join([f"{name}, person {place} of the group “{group.name}”:", *wrong, *_shown(person)]))
    return count


def _expected(guidance: Guidance, person: Person) -> Answer:
    profile, problems = check(guidance, person.profile)
    if problems or profile != person.profile:
        raise Unequal(f"a made-up person does not fit the rulebook: {problems}")
    return {(one.rule, one.trial): certainty for one, certainty in reference.decide(guidance, profile).activations.items()}


def _wrong(guidance: Guidance, contestant: Ready, person: Person, expected: Answer) -> list[str]:
    """What is wrong with a contestant's answer: each rule that differs."""
    try:
        answer = contestant.answer(person)
    except Exception as failure:  # whatever goes wrong in an engine: the run is over, and says where
        return [f"  it fails with {type(failure).__name__}: {failure}"]
    return [
        f"  {guidance.rules[rule].rule.id}, {'the person' if trial < 0 else f'trial {trial}'}: {_said(answer, (rule, trial))},"
        f" but the reference says {_said(expected, (rule, trial))}"
        for rule, trial in sorted({*answer, *expected})
        if answer.get((rule, trial)) != expected.get((rule, trial))
    ]


def _said(answer: Answer, key: tuple[int, int]) -> str:
    return answer[key].value if key in answer else "silent"


def _shown(person: Person) -> list[str]:
    """The person's answers; they are made up, so they may be shown."""
    return [f"  answers: {person.answers}", *(f"  trial of {tried.stretch}: {tried.answers}" for tried in person.trials)]
