"""The cases that a rule needs before anybody can trust it: one that fires, near misses on both sides of every boundary, and what is not known.

What a condition makes of the answers of a case is said by `engines.reference.holds`; a case is a near miss where another answer to one fact alone
would have changed that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import combinations

from attrs import frozen

from backscreen.authoring.mutation.state_space import (
    StateSpace,
    TruthTable,
    Ways,
    can_decide,
    distinct_answers,
    has_contrast,
    state_space,
    truth_table,
)
from backscreen.loading.condition_parser import Misfit
from backscreen.loading.profile_validation import check
from backscreen.model.conditions import ALWAYS, Condition, Within, alternatives, atoms
from backscreen.model.facts import TRIAL, Fact, Number, Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import Case, Fires, Rule
from backscreen.semantics.reference import holds, taken_as_known

Answers = Mapping[str, Value]


@frozen(eq=False, repr=False)
class _Judged:
    """What a case expects, and the answers that its rule meets: those of the person, or of each trial."""

    expected: Fires
    subjects: tuple[Answers, ...]


@frozen(eq=False, repr=False, slots=False)
class _Meaning:
    """A condition, and its value in every state of the facts that it reads."""

    when: Condition
    facts: Mapping[str, Fact]

    @cached_property
    def _states(self) -> tuple[StateSpace, TruthTable] | None:
        states = state_space([self.when], self.facts)
        return None if states is None else (states, truth_table(self.when, states))

    @cached_property
    def _answers(self) -> Mapping[str, tuple[Value, ...]]:
        return distinct_answers([self.when], self.facts)

    @cached_property
    def _ways(self) -> Ways:
        return alternatives(self.when, dict(self.facts)), alternatives(self.when, dict(self.facts), holds=False)

    def hangs_on(self, name: str, below: int | None = None) -> bool:
        """Return whether this fact alone decides about somebody; between `below` and the next number, if that is given."""
        if self._states is None:  # too many to look through
            pairs = combinations(self._answers[name], 2) if below is None else [(below, below + 1)]
            return has_contrast(name, pairs, self._ways, self.facts)
        states, value = self._states
        return can_decide(value, states, name, below)


def evidence(rule: Rule, knowledge_base: KnowledgeBase) -> Iterator[Misfit]:
    """The cases that are missing in a rule's file."""
    read = {atom.fact for atom in atoms(rule.when)}
    judged = [_judged(rule, read, case, knowledge_base) for case in rule.cases]
    if not any(case.expected is Fires.YES for case in judged):
        help_ = "add a case with `expect: {fires: yes}`: somebody whom the rule is about"
        yield Misfit("no-firing-case", ("cases",), "no case of this rule fires", help_, key=True)
    if rule.when == ALWAYS:
        return
    meaning = _Meaning(rule.when, knowledge_base.facts)
    for name in dict.fromkeys(atom.fact for atom in atoms(rule.when)):
        spec = knowledge_base.facts[name]
        yield from (
            _boundaries(meaning, spec, name, judged) if isinstance(spec, Number) else _near_miss(meaning, name, judged)
        )
        asks = any(
            case.expected is Fires.UNKNOWN and any(name not in answers for answers in case.subjects) for case in judged
        )
        if not asks and meaning.hangs_on(name):
            what, help_ = (
                f"no case says what holds where `{name}` is not known",
                "add a case that leaves it out, with `expect: {fires: unknown}`",
            )
            yield Misfit("no-unknown-case", ("cases",), what, help_, key=True)


def _judged(rule: Rule, read: Collection[str], case: Case, knowledge_base: KnowledgeBase) -> _Judged:
    """A case, with the answers to what the rule reads, and those that it was given: no others count."""
    given = check(knowledge_base, case.given)[0]
    person = taken_as_known(
        _of(knowledge_base.person_facts, "", read, given.facts), given.facts, given.left_open, given.otherwise
    )
    if not rule.about_a_trial:
        return _Judged(case.expect.fires, (person,))
    trials = []
    for trial in given.trials:
        own = taken_as_known(
            _of(knowledge_base.trial_facts, TRIAL, read, trial.facts), trial.facts, trial.left_open, given.otherwise
        )
        trials.append(person | {TRIAL + name: value for name, value in own.items()})
    return _Judged(case.expect.fires, tuple(trials))


def _of(specs: Mapping[str, Fact], prefix: str, read: Collection[str], answers: Iterable[str]) -> dict[str, Fact]:
    """The facts that a rule reads or a case answers: a rulebook may have thousands of others."""
    named = {name.removeprefix(prefix) for name in read if name.startswith(prefix)}
    return {name: specs[name] for name in (*named, *answers) if name in specs}


def _near_miss(meaning: _Meaning, name: str, judged: Iterable[_Judged]) -> Iterator[Misfit]:
    when, spec = meaning.when, meaning.facts[name]
    assert not isinstance(spec, Number)
    for answers in (answers for case in judged if case.expected is Fires.NO for answers in case.subjects):
        if (
            name in answers
            and holds(when, answers) is False
            and any(holds(when, {**answers, name: other}) for other in spec.values)
        ):
            return
    if meaning.hangs_on(name):
        what = f"no case of this rule just misses for the sake of `{name}`"
        help_ = f"add one with `expect: {{fires: no}}` that would fire if only `{name}` were answered otherwise"
        yield Misfit("no-near-miss", ("cases",), what, help_, key=True)


def _boundaries(meaning: _Meaning, spec: Number, name: str, judged: list[_Judged]) -> Iterator[Misfit]:
    when = meaning.when
    for below in _last_below(when, spec, name):
        for value, other in ((below, below + 1), (below + 1, below)):
            if not any(
                _turns(when, answers, name, value, other)
                for case in judged
                for answers in case.subjects
                if case.expected is not Fires.UNKNOWN
            ):
                if not meaning.hangs_on(name, below):
                    break
                what = f"no case tries `{name}: {value}`, and a boundary lies between {below} and {below + 1}"
                help_ = f"add a case with {value} in which this decides whether the rule fires: with {other} it would be otherwise"
                yield Misfit("boundary-untested", ("cases",), what, help_, key=True)


def _last_below(when: Condition, spec: Number, name: str) -> list[int]:
    """The numbers after which what an atom says of the fact changes, within its bounds."""
    found = set[int]()
    for atom in atoms(when):
        if isinstance(atom, Within) and atom.fact == name:
            found |= {end for end in (None if atom.low is None else atom.low - 1, atom.high) if end is not None}
    return sorted(end for end in found if spec.at_least <= end < spec.at_most)


def _turns(when: Condition, answers: Answers, name: str, value: int, other: int) -> bool:
    """Return whether the rule is decided for these answers by this value: with the other one it would be turned, or open.

    Where `any` is fulfilled by the value, and nothing else is known, the other value leaves it open. Such a case notices a moved boundary too.
    """
    if answers.get(name) != value:
        return False
    decided = holds(when, answers)
    return decided is not None and holds(when, {**answers, name: other}) is not decided
