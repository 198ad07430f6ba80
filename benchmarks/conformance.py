"""Conformance: nobody is timed whose answers are not those of the reference, for every person of the run."""

from collections.abc import Iterable, Iterator, Mapping

from backscreen import ProfileError, Screener
from backscreen.loading.profile_validation import check
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.semantics import reference
from backscreen.semantics.activations import Activation
from backscreen.semantics.reference import Decision
from backscreen.testing.comparison import of_activations
from benchmarks.contestants.by_hand import screen
from benchmarks.contestants.contestant import Adapter, Findings, outcome_of
from benchmarks.workload import Answers, Group, Person, PlainTrial, profile_of, varied_profiles

WRONG_ANSWERS = True, 0, -1, 601, 100_001, "pain", "yes", ""
"""Answers that some facts take and others do not."""


class Mismatch(Exception):
    """Failure of a contestant, or an answer that is not the reference's."""


def check_all(knowledge_base: KnowledgeBase, adapters: Mapping[str, Adapter], groups: Iterable[Group]) -> int:
    """Compare all answers for all people with the reference's; return the number of people or raise `Mismatch`."""
    people = [(group.name, person) for group in groups for person in group.people]
    for group, person in people:
        profile, diagnostics = check(knowledge_base, person.profile)
        if diagnostics or profile != person.profile:
            raise Mismatch(f"a random person does not fit the rulebook: {diagnostics}")
        decision = reference.decide(knowledge_base, profile)
        for name, adapter in adapters.items():
            try:
                differences = list(_differences(knowledge_base, adapter, person, decision))
            except Exception as failure:  # engines raise anything
                differences = [f"raised {type(failure).__name__}: {failure}"]
            if differences:  # the people are random, so that their answers may be shown
                shown = [str(person.answers), *(f"{trial.stretch}: {trial.answers}" for trial in person.trials)]
                raise Mismatch("\n  ".join([f"{name}, group “{group}”:", *differences, *shown]))
    return len(people)


def _differences(knowledge_base: KnowledgeBase, adapter: Adapter, person: Person, decision: Decision) -> Iterator[str]:
    if adapter.outcome is not None:
        directive, verdicts = adapter.outcome(person)
        expected, expected_verdicts = outcome_of(decision)
        if directive != expected:
            yield f"directive {directive}, expected {expected}"
        if [*verdicts.items()] != [*expected_verdicts.items()]:
            yield f"verdicts {dict(verdicts)}, expected {expected_verdicts}"
    if adapter.activations is not None:
        activations = {Activation(*key): certainty for key, certainty in adapter.activations(person).items()}
        yield from map(str, of_activations(knowledge_base, decision.activations, activations))
    if adapter.findings is not None:
        yield from _finding_differences(knowledge_base, adapter.findings(person), person, decision)


def _finding_differences(
    knowledge_base: KnowledgeBase, findings: Findings, person: Person, decision: Decision
) -> Iterator[str]:
    rules = [knowledge_base.rules[number] for number, _ in sorted(decision.activations)]
    if [rule for rule, *_ in findings] != [scoped.rule.id for scoped in rules]:
        yield "findings of other rules than those that fire or may fire"
        return
    answers = person.profile.places()
    for scoped, (rule, reason, because, sources) in zip(rules, findings, strict=True):
        statements = [knowledge_base.statements[scoped.book, name] for name in scoped.rule.statements]
        expected = [(statement.id, document.title, statement.where) for document, statement in statements]
        if (reason, [*sources]) != (scoped.rule.reason, expected):
            yield f"{rule}: wrong reason or sources"
        if any(answers[name] != value for name, value in because.items()):
            yield f"{rule}: answers that were not given"


def check_by_hand(knowledge_base: KnowledgeBase, count: int, seed: int) -> int:
    """Compare `screen` with the reference for varied people, and its refusals with ours; raise `Mismatch`."""
    for profile in varied_profiles(knowledge_base, count, seed):
        trials = [PlainTrial(trial.stretch, dict(trial.facts)) for trial in profile.trials]
        directive, verdicts = screen(profile.facts, trials, profile.otherwise)
        if (directive, verdicts) != outcome_of(reference.decide(knowledge_base, profile)):
            raise Mismatch(f"by hand, otherwise {profile.otherwise}: wrong outcome for {profile.places()}")
    screener = Screener(knowledge_base, engine="compiled")
    for answer in WRONG_ANSWERS:
        for name in (*knowledge_base.person_facts, "no_such_fact"):
            _check_refusal(screener, name, {name: answer}, ())
        for name in (*knowledge_base.trial_facts, "no_such_fact"):
            _check_refusal(screener, name, {}, (PlainTrial(None, {name: answer}),))
    for stretch in (*knowledge_base.stretches, "no_such_stretch"):
        _check_refusal(screener, stretch, {}, (PlainTrial(stretch, {}),))
    return count


def _check_refusal(screener: Screener, name: str, answers: Answers, trials: tuple[PlainTrial, ...]) -> None:
    refusals: list[str] = []
    for call in (lambda: screener.screen(profile_of(answers, trials)), lambda: screen(answers, trials)):
        try:
            call()
            refusals.append("")
        except (ProfileError, ValueError) as error:
            refusals.append(str(error) or repr(error))
    ours, by_hand = refusals
    if bool(ours) != bool(by_hand) or (by_hand and name not in by_hand):
        raise Mismatch(f"{answers} {trials}: refused with `{ours}`, but by hand with `{by_hand}`")
