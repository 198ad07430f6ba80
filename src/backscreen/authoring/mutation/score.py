"""The mutation score of a rulebook: which changes of its rules no case notices, and a case that would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import define, field, frozen

from backscreen.authoring.cases.runner import run
from backscreen.authoring.mutation.meaning import Bench, Meaning, meaning, rule_alone
from backscreen.authoring.mutation.operators import Mutant, mutants
from backscreen.authoring.mutation.state_space import MOST_STATES, state_space
from backscreen.authoring.mutation.witnesses import (
    can_differ_in_notes,
    is_noticed_by,
    scenarios_with_notes,
    witness,
    witness_case,
    witness_scenario,
)
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Case, Rule, Scenario, Status


@frozen(eq=False, repr=False)
class Survivor:
    """A mutant that nothing notices, with a case that would, or a scenario where no case can.

    Each of the case's verdicts by itself notices the mutant. There is neither case nor scenario if the search gave up:
    the rule has too many states (`undecided`), or the mutant concerned none of the people who were tried.
    """

    mutant: Mutant
    case: Case | None = None
    scenario: Scenario | None = None
    undecided: bool = False


@frozen(kw_only=True, eq=False, repr=False)
class Score:
    """How many mutants of one rule are killed, and which survive.

    Mutants that mean the same for everybody count once; those that mean the `same` as the rule do not count. Nor do the
    `unsayable` ones: they change where a note is shown, in a way that neither a case nor a scenario can expect.
    `by_scenarios` counts those of the `killed` that only a scenario can notice.
    """

    book: str
    rule: Rule
    killed: int
    by_scenarios: int
    survivors: tuple[Survivor, ...]
    same: int
    unsayable: int

    @property
    def mutants(self) -> int:
        """How many mutants count."""
        return self.killed + len(self.survivors)


def scores(knowledge_base: KnowledgeBase, most_states: int = MOST_STATES) -> Iterator[Score]:
    """Score each rule that is not retired; its cases must hold for the rule as it is."""
    for book in knowledge_base.books:
        for rule in book.rules:
            if rule.status is not Status.RETIRED:
                yield _score(book, rule, most_states)


def means_the_same(book: Rulebook, rule: Rule, mutant: Rule, most_states: int = MOST_STATES) -> bool | None:
    """Return whether a rule and a mutant mean the same for everybody; None with more states than `most_states`."""
    states = state_space([rule.when, mutant.when], KnowledgeBase([book]).facts, most_states)
    if states is None:
        return None
    bench = Bench(book, rule, states)
    return meaning(bench, rule).key == meaning(bench, mutant).key


def _score(book: Rulebook, rule: Rule, most_states: int) -> Score:
    changes = list(mutants(rule, book))
    conditions = [rule.when, *(mutant.rule.when for mutant in changes)]
    states = state_space(conditions, KnowledgeBase([book]).facts, most_states)
    if states is None:
        return _undecided(book, rule, changes)
    tally = _Tally(Bench(book, rule, states), scenarios_with_notes(book, rule))
    original = meaning(tally.bench, rule)
    seen = {original.key}
    for mutant in changes:
        changed = meaning(tally.bench, mutant.rule)
        if changed.key not in seen:
            seen.add(changed.key)
            tally.count(mutant, original, changed)
        elif changed.key == original.key:
            tally.same += 1
    return tally.score()


def _undecided(book: Rulebook, rule: Rule, changes: Sequence[Mutant]) -> Score:
    """Return the score of a rule with too many states: each mutant that its cases do not notice survives."""
    alive = tuple(Survivor(mutant, undecided=True) for mutant in changes if not _is_killed(book, mutant.rule))
    killed = len(changes) - len(alive)
    return Score(book=book.id, rule=rule, killed=killed, by_scenarios=0, survivors=alive, same=0, unsayable=0)


@define(eq=False, repr=False)
class _Tally:
    """The counts of one rule so far."""

    bench: Bench
    scenarios: list[Scenario]
    killed: int = 0
    by_scenarios: int = 0
    same: int = 0
    unsayable: int = 0
    survivors: list[Survivor] = field(factory=list)

    def count(self, mutant: Mutant, original: Meaning, changed: Meaning) -> None:
        """Count a mutant that means something else than the rule."""
        book = self.bench.book
        person = witness(self.bench, mutant.rule, original, changed)
        if person is not None:
            if _is_killed(book, mutant.rule):
                self.killed += 1
            else:
                self.survivors.append(Survivor(mutant, case=witness_case(self.bench, mutant, person)))
        elif not can_differ_in_notes(self.bench, original, changed):
            self.unsayable += 1
        elif is_noticed_by(self.scenarios, book, mutant.rule):
            self.killed += 1
            self.by_scenarios += 1
        else:
            self.survivors.append(Survivor(mutant, scenario=witness_scenario(self.bench, mutant, original)))

    def score(self) -> Score:
        return Score(
            book=self.bench.book.id,
            rule=self.bench.rule,
            killed=self.killed,
            by_scenarios=self.by_scenarios,
            survivors=tuple(self.survivors),
            same=self.same,
            unsayable=self.unsayable,
        )


def _is_killed(book: Rulebook, mutant: Rule) -> bool:
    return any(result.mismatches for result in run(rule_alone(book, mutant)))
