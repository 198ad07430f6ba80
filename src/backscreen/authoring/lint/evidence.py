"""Cases that a rule lacks: one that fires, near misses on both sides of each boundary, and unknown answers.

A case is a near miss if another answer to one fact alone would change whether its rule fires, as
`semantics.reference.holds` says.
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
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.loading.profile_validation import check
from backscreen.model.conditions import ALWAYS, Condition, Within, alternatives, atoms
from backscreen.model.facts import TRIAL, Fact, RangeFact, Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import Case, Fires, Rule
from backscreen.semantics.reference import holds, taken_as_known

Answers = Mapping[str, Value]


@frozen(eq=False, repr=False)
class _ReadCase:
    """The expectation of a case, and the answers that its rule reads: those of the person, or of each trial."""

    expected: Fires
    subjects: tuple[Answers, ...]


@frozen(eq=False, repr=False, slots=False)
class _Meaning:
    """A condition with its truth table, computed when first needed."""

    when: Condition
    facts: Mapping[str, Fact]

    @cached_property
    def _table(self) -> tuple[StateSpace, TruthTable] | None:
        states = state_space([self.when], self.facts)
        return None if states is None else (states, truth_table(self.when, states))

    @cached_property
    def _answers(self) -> Mapping[str, tuple[Value, ...]]:
        return distinct_answers([self.when], self.facts)

    @cached_property
    def _ways(self) -> Ways:
        return alternatives(self.when, dict(self.facts)), alternatives(self.when, dict(self.facts), holds=False)

    def depends_on(self, name: str, below: int | None = None) -> bool:
        """Return whether this fact alone decides for somebody; with `below`, whether this number or the next does."""
        if self._table is None:
            pairs = combinations(self._answers[name], 2) if below is None else [(below, below + 1)]
            return has_contrast(name, pairs, self._ways, self.facts)
        states, table = self._table
        return can_decide(table, states, name, below)


def evidence(rule: Rule, knowledge_base: KnowledgeBase) -> Iterator[Diagnostic]:
    """Yield the cases that are missing in a rule's file."""
    read = {atom.fact for atom in atoms(rule.when)}
    cases = [_read_case(rule, read, case, knowledge_base) for case in rule.cases]
    if not any(case.expected is Fires.YES for case in cases):
        help_ = "add a case with `expect: {fires: yes}`: somebody whom the rule is about"
        yield Diagnostic("no case of this rule fires", path=("cases",), help=help_, code="no-firing-case", at_key=True)
    if rule.when == ALWAYS:
        return
    meaning = _Meaning(rule.when, knowledge_base.facts)
    for name in dict.fromkeys(atom.fact for atom in atoms(rule.when)):
        spec = knowledge_base.facts[name]
        if isinstance(spec, RangeFact):
            yield from _boundaries(meaning, spec, name, cases)
        else:
            yield from _near_miss(meaning, name, cases)
        yield from _unknown(meaning, name, cases)


def _read_case(rule: Rule, read: Collection[str], case: Case, knowledge_base: KnowledgeBase) -> _ReadCase:
    given = check(knowledge_base, case.given)[0]
    person = taken_as_known(
        _of(knowledge_base.person_facts, "", read, given.facts),
        given.facts,
        given.left_open + given.unsure,
        given.otherwise,
    )
    if not rule.about_a_trial:
        return _ReadCase(case.expect.fires, (person,))
    trials = []
    for trial in given.trials:
        own = taken_as_known(
            _of(knowledge_base.trial_facts, TRIAL, read, trial.facts),
            trial.facts,
            trial.left_open + trial.unsure,
            given.otherwise,
        )
        trials.append(person | {TRIAL + name: value for name, value in own.items()})
    return _ReadCase(case.expect.fires, tuple(trials))


def _of(specs: Mapping[str, Fact], prefix: str, read: Collection[str], answers: Iterable[str]) -> dict[str, Fact]:
    """Return the facts that a rule reads or a case answers; a rulebook may have thousands of others."""
    named = {name.removeprefix(prefix) for name in read if name.startswith(prefix)}
    return {name: specs[name] for name in (*named, *answers) if name in specs}


def _near_miss(meaning: _Meaning, name: str, cases: Iterable[_ReadCase]) -> Iterator[Diagnostic]:
    when, spec = meaning.when, meaning.facts[name]
    assert not isinstance(spec, RangeFact)
    for answers in (answers for case in cases if case.expected is Fires.NO for answers in case.subjects):
        if (
            name in answers
            and holds(when, answers) is False
            and any(holds(when, {**answers, name: other}) for other in spec.values)
        ):
            return
    if meaning.depends_on(name):
        message = f"no case of this rule is a near miss on `{name}`"
        help_ = f"add a case with `expect: {{fires: no}}` that would fire with another answer to `{name}` alone"
        yield Diagnostic(message, path=("cases",), help=help_, code="no-near-miss", at_key=True)


def _boundaries(meaning: _Meaning, spec: RangeFact, name: str, cases: list[_ReadCase]) -> Iterator[Diagnostic]:
    decided = [answers for case in cases if case.expected is not Fires.UNKNOWN for answers in case.subjects]
    for below in _last_below(meaning.when, spec, name):
        for value, other in ((below, below + 1), (below + 1, below)):
            if any(_is_decisive(meaning.when, answers, name, value, other) for answers in decided):
                continue
            if not meaning.depends_on(name, below):
                break
            message = f"no case tests `{name}: {value}`, next to the boundary between {below} and {below + 1}"
            help_ = f"add a case with {value} whose result would differ with {other}"
            yield Diagnostic(message, path=("cases",), help=help_, code="boundary-untested", at_key=True)


def _unknown(meaning: _Meaning, name: str, cases: Iterable[_ReadCase]) -> Iterator[Diagnostic]:
    is_tested = any(
        case.expected is Fires.UNKNOWN and any(name not in answers for answers in case.subjects) for case in cases
    )
    if not is_tested and meaning.depends_on(name):
        message = f"no case leaves `{name}` unknown"
        help_ = "add a case without it, with `expect: {fires: unknown}`"
        yield Diagnostic(message, path=("cases",), help=help_, code="no-unknown-case", at_key=True)


def _last_below(when: Condition, spec: RangeFact, name: str) -> list[int]:
    """Return the numbers, within the fact's bounds, after which an atom changes its value."""
    found = set[int]()
    for atom in atoms(when):
        if isinstance(atom, Within) and atom.fact == name:
            found |= {end for end in (None if atom.low is None else atom.low - 1, atom.high) if end is not None}
    return sorted(end for end in found if spec.at_least <= end < spec.at_most)


def _is_decisive(when: Condition, answers: Answers, name: str, value: int, other: int) -> bool:
    """Return whether this value decides the condition for these answers, and the other one does not decide it so.

    The other value may leave it open, as in an `any` of which nothing else is known: the case still notices a moved
    boundary.
    """
    if answers.get(name) != value:
        return False
    decided = holds(when, answers)
    return decided is not None and holds(when, {**answers, name: other}) is not decided
