"""Cedar, the language of policies, in Rust, through cedarpy: a policy for each rule and question, all with one effect, so that all that hold are named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from json import dumps
from typing import Any

from attrs import frozen

from backscreen.engines.activations import ON_THE_PERSON, Certainty
from backscreen.rulebook.facts import TRIAL, Fact, Flag, Value
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Answer, Contestant, Decided, Ready, deciding, every_rule
from benchmarks.contestants.expressions import STRETCH, read_by_trials, sure_and_possible
from benchmarks.contestants.folding import Folding, folding
from benchmarks.people import Answers, Person, Tried

FIRES, MAY_FIRE = Certainty.FIRES, Certainty.MAY_FIRE
Context = dict[str, Value]


class _Cedar:
    """Conditions of Cedar's. A flag that is no is missing, and one that is unknown is false; what else is unknown is missing."""

    def itself(self, fact: str) -> str:
        return self.flag(fact, True, sure=True)  # noqa: FBT003 - as the others write it

    def flag(self, fact: str, value: bool, *, sure: bool) -> str:
        known_yes, not_no = f"(context has {_name(fact)} && context.{_name(fact)})", f"(context has {_name(fact)})"
        if value:
            return known_yes if sure else not_no
        return f"!{not_no}" if sure else f"!{known_yes}"

    def choice(self, fact: str, values: Sequence[Value], *, sure: bool) -> str:
        return self._known(fact, f"{dumps(values)}.contains(context.{_name(fact)})", sure=sure)

    def between(self, fact: str, low: int | None, high: int | None, *, sure: bool) -> str:
        ends = [f"context.{_name(fact)} >= {low}"] * (low is not None) + [f"context.{_name(fact)} <= {high}"] * (high is not None)
        return self._known(fact, " && ".join(ends), sure=sure)

    def every(self, parts: list[str]) -> str:
        return "(" + " && ".join(parts) + ")" if parts else "true"

    def some(self, parts: list[str]) -> str:
        return "(" + " || ".join(parts) + ")" if parts else "false"

    def three_valued(self, sure: str, possible: str) -> str:
        raise NotImplementedError  # each question has a policy of its own

    def _known(self, fact: str, test: str, *, sure: bool) -> str:
        return f"(context has {_name(fact)} && {test})" if sure else f"(!(context has {_name(fact)}) || ({test}))"


def _name(fact: str) -> str:
    return fact.replace(".", "_")


@frozen(eq=False)
class _Policies:
    """Policies about the person, or about a trial: those for the first question, and those for both; and what each means, by its id."""

    sure: Any
    both: Any
    meanings: dict[str, tuple[int, Certainty]]


@frozen(eq=False)
class _Asking:
    """Answers → the ids of the policies that hold."""

    of_person: _Policies
    of_trial: _Policies
    person: Callable[[Person], list[str]]
    trial: Callable[[Person, Tried], list[str]]


def _policies(guidance: Guidance, numbers: list[int]) -> _Policies:
    import cedarpy

    written = {number: sure_and_possible(_Cedar(), guidance.facts, guidance.rules[number]) for number in numbers}
    texts = {(number, certainty): both[place] for place, certainty in enumerate((FIRES, MAY_FIRE)) for number, both in written.items()}
    policies = [f"permit(principal, action, resource) when {{ {text} }};" for text in texts.values()]
    both, sure = (cedarpy.PolicySet.from_str("\n".join(some)) for some in (policies, policies[: len(numbers)]))
    return _Policies(sure, both, {f"policy{place}": meaning for place, meaning in enumerate(texts)})


def _asking(guidance: Guidance, numbers: list[int]) -> _Asking:
    import cedarpy

    of_person, of_trial = (
        _policies(guidance, [number for number in numbers if guidance.rules[number].about_a_trial == about_a_trial]) for about_a_trial in (False, True)
    )
    entities = cedarpy.Entities.from_json_str("[]")
    names = {"principal": {"type": "Person", "id": "p"}, "action": {"type": "Action", "id": "screen"}, "resource": {"type": "Stretches", "id": "s"}}
    is_authorized = cedarpy.is_authorized
    facts, trial_facts, read = _split(guidance.person_facts), _split(guidance.trial_facts), read_by_trials(guidance)
    about_the_person = _split({name: guidance.facts[name] for name in read})

    def asked(policies: _Policies, context: Context, known: bool) -> list[str]:
        request = {**names, "context": context}
        reasons: list[str] = is_authorized(request, policies.sure if known else policies.both, entities).diagnostics.reasons
        return reasons

    def person(one: Person) -> list[str]:
        return asked(of_person, dict(_context(facts, one.answers)), len(one.answers) == len(guidance.person_facts))

    def trial(one: Person, tried: Tried) -> list[str]:
        context = {_name(TRIAL + name): value for name, value in _context(trial_facts, tried.answers)}
        context.update(_context(about_the_person, one.answers))
        if tried.stretch is not None:
            context[_name(STRETCH)] = tried.stretch
        known = tried.stretch is not None and len(tried.answers) == len(guidance.trial_facts) and all(name in one.answers for name in read)
        return asked(of_trial, context, known)

    return _Asking(of_person, of_trial, person, trial)


Names = tuple[list[str], list[str]]
"""Flags, and facts of other kinds."""


def _split(facts: Mapping[str, Fact]) -> Names:
    flags = [name for name, spec in facts.items() if isinstance(spec, Flag)]
    return flags, [name for name in facts if name not in flags]


def _context(names: Names, answers: Answers) -> Iterator[tuple[str, Value]]:
    flags, others = names
    look_up = answers.get
    for name in flags:
        value = look_up(name)
        if value is not False:
            yield name, value is True
    for name in others:
        if name in answers:
            yield name, answers[name]


def _prepare(guidance: Guidance) -> Ready:
    numbers = deciding(guidance)
    return Ready(_verdicts(_asking(guidance, numbers), folding(guidance, numbers)), _rules(_asking(guidance, every_rule(guidance))))


def _verdicts(asking: _Asking, fold: Folding) -> Callable[[Person], Decided]:
    of_person = _does(asking.of_person, fold.of_person)
    of_trial = {stretch: _does(asking.of_trial, does) for stretch, does in fold.of_trial.items()}
    ask_person, ask_trial, told = asking.person, asking.trial, fold.told

    def verdicts(person: Person) -> Decided:
        found = 0
        for policy in ask_person(person):
            found |= of_person[policy]
        for tried in person.trials:
            does = of_trial[tried.stretch]
            for policy in ask_trial(person, tried):
                found |= does[policy]
        return told(found)

    return verdicts


def _does(policies: _Policies, does: Mapping[int, tuple[int, int]]) -> dict[str, int]:
    return {policy: does[number][certainty is MAY_FIRE] for policy, (number, certainty) in policies.meanings.items()}


def _rules(asking: _Asking) -> Callable[[Person], Answer]:
    def rules(person: Person) -> Answer:
        found: dict[tuple[int, int], Certainty] = {}
        gather(found, asking.of_person, asking.person(person), ON_THE_PERSON)
        for index, tried in enumerate(person.trials):
            gather(found, asking.of_trial, asking.trial(person, tried), index)
        return found

    def gather(found: dict[tuple[int, int], Certainty], policies: _Policies, held: list[str], index: int) -> None:
        for policy in held:
            number, certainty = policies.meanings[policy]
            if certainty is FIRES:
                found[number, index] = FIRES
            else:
                found.setdefault((number, index), MAY_FIRE)

    return rules


CONTESTANTS = (
    Contestant(
        "Cedar",
        "cedarpy",
        "A `permit` policy for each rule and question, so that the diagnostics of one `is_authorized` name all that hold; policies and (no) entities are"
        " parsed beforehand. Cedar has no null, and turning a context into its own values costs most: a flag that is no is left out, one that is unknown is"
        " false, other unknowns are left out. Where nothing is unknown, only the policies of the first question are asked.",
        _prepare,
    ),
)
