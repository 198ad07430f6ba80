"""Nobody is timed before everybody has given the reference's answers for every person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from backscreen.engines import reference
from backscreen.engines.activations import Certainty
from backscreen.rulebook.answering import check
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Answer, Decided, Findings, Ready, undetermined
from benchmarks.people import Group, Person


class Unequal(Exception):
    """A contestant answers something else than the reference, or fails."""


@frozen(eq=False)
class _Expected:
    """What the reference says of a person."""

    rules: Answer
    decided: Decided


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


def _expected(guidance: Guidance, person: Person) -> _Expected:
    profile, problems = check(guidance, person.profile)
    if problems or profile != person.profile:
        raise Unequal(f"a made-up person does not fit the rulebook: {problems}")
    decision = reference.decide(guidance, profile)
    return _Expected({(one.rule, one.trial): certainty for one, certainty in decision.activations.items()}, undetermined(decision))


def _wrong(guidance: Guidance, contestant: Ready, person: Person, expected: _Expected) -> list[str]:
    """What is wrong with a contestant's answers: each rule and verdict that differs."""
    try:
        wrong: list[str] = []
        if contestant.verdicts is not None:
            wrong += _differing(contestant.verdicts(person), expected.decided)
        if contestant.rules is not None:
            wrong += _rules(guidance, contestant.rules(person), expected.rules)
        if contestant.findings is not None:
            wrong += _findings(guidance, contestant.findings(person), expected.rules, person)
    except Exception as failure:  # whatever goes wrong in an engine: the run is over, and says where
        return [f"  it fails with {type(failure).__name__}: {failure}"]
    return wrong


def _differing(decided: Decided, expected: Decided) -> Iterator[str]:
    (directive, verdicts), (right, right_verdicts) = decided, expected
    if directive != right:
        yield f"  the directive: {directive}, but the reference says {right}"
    if [*verdicts] != [*right_verdicts]:
        yield f"  the stretches are {', '.join(verdicts)}, but those of the rulebooks are {', '.join(right_verdicts)}"
        return
    for name, verdict in right_verdicts.items():
        if verdicts[name] != verdict:
            yield f"  {name}: {verdicts[name]}, but the reference says {verdict}"


def _rules(guidance: Guidance, answer: Answer, expected: Answer) -> Iterator[str]:
    for rule, trial in sorted({*answer, *expected}):
        given, right = answer.get((rule, trial)), expected.get((rule, trial))
        if given != right:
            who = "the person" if trial < 0 else f"trial {trial}"
            yield f"  {guidance.rules[rule].rule.id}, {who}: {_said(given)}, but the reference says {_said(right)}"


def _said(certainty: Certainty | None) -> str:
    return "silent" if certainty is None else certainty.value


def _findings(guidance: Guidance, findings: Findings, expected: Answer, person: Person) -> Iterator[str]:
    """Whether each rule is told with its own words and sources, and with the answers that were given."""
    told = [guidance.rules[number] for number, _ in sorted(expected)]
    if [rule for rule, *_ in findings] != [placed.rule.id for placed in told]:
        yield "  the findings are not about the rules that fire or may fire"
        return
    answers = person.profile.places()
    for placed, (rule, reason, because, sources) in zip(told, findings, strict=True):
        statements = [guidance.statements[placed.book, name] for name in placed.rule.statements]
        if reason != placed.rule.reason or [*sources] != [(statement.id, document.title, statement.where) for document, statement in statements]:
            yield f"  {rule}: not its own reason or sources"
        if any(answers[name] != value for name, value in because.items()):
            yield f"  {rule}: because of answers that were not given"


def _shown(person: Person) -> list[str]:
    """The person's answers; they are made up, so they may be shown."""
    return [f"  answers: {person.answers}", *(f"  trial of {tried.stretch}: {tried.answers}" for tried in person.trials)]
