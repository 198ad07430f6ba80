"""The meaning of one rule by itself, for everybody: its truth table, and what follows from each value."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, field, frozen

from backscreen.authoring.mutation.state_space import StateSpace, TruthTable, smallest, truth_table, unknown
from backscreen.loading.profile_validation import check
from backscreen.model.effects import Certainty, Directive, Note, Verdict
from backscreen.model.facts import TRIAL, Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile, Trial
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Fires, Rule
from backscreen.semantics.reference import Kleene, decide, is_on


@frozen
class View:
    """The outcome for one person: what a case can expect of it, what a scenario can, and the rest."""

    fires: Fires
    verdicts: tuple[Verdict, ...]
    directive: Directive
    noted: tuple[Note, frozenset[str]] | None
    exactly: object

    @property
    def in_a_case(self) -> object:
        """What a case can expect."""
        return self.fires, self.verdicts, self.directive

    @property
    def notes(self) -> set[tuple[Note, str]]:
        """The stretches that a note is about, each with the kind of note."""
        return set() if self.noted is None else {(self.noted[0], name) for name in self.noted[1]}


@frozen(eq=False, repr=False)
class Meaning:
    """A rule's truth table, and the view for each value that occurs and each stretch that a try may be of."""

    table: TruthTable
    views: tuple[tuple[Kleene, str | None, View], ...]

    @property
    def key(self) -> object:
        """Equal for two rules exactly where they mean the same for everybody."""
        return self.table, self.views


@frozen(eq=False, repr=False)
class Bench:
    """A rule, its rulebook, the states of every fact that its mutants read, and a cache of views by shape."""

    book: Rulebook
    rule: Rule
    states: StateSpace
    views: dict[object, View] = field(factory=dict)

    def alone(self, rule: Rule) -> KnowledgeBase:
        """Return the rulebook with this rule only."""
        return rule_alone(self.book, rule)

    @property
    def tries(self) -> Sequence[str | None]:
        """The stretches that a try may be of, and None for an unknown one; a rule about the person has no tries."""
        return (*(stretch.id for stretch in self.book.stretches), None) if self.rule.about_a_trial else (None,)

    def profile(self, answers: dict[str, Value], stretch: str | None) -> Profile:
        """Return a person with these answers, by their names in conditions."""
        of_person = {name: value for name, value in answers.items() if not name.startswith(TRIAL)}
        of_trial = {name.removeprefix(TRIAL): value for name, value in answers.items() if name.startswith(TRIAL)}
        return Profile(of_person, [Trial(stretch, **of_trial)] if self.rule.about_a_trial else [])


def rule_alone(book: Rulebook, rule: Rule) -> KnowledgeBase:
    """Return the rulebook with one rule and no scenarios."""
    return KnowledgeBase([evolve(book, rules=(rule,), scenarios=())])


def meaning(bench: Bench, rule: Rule) -> Meaning:
    """Return what a rule means for everybody."""
    table = truth_table(rule.when, bench.states)
    shape = (rule.applies_to, rule.tried, rule.effect, rule.about)
    alone = bench.alone(rule)
    views = []
    for value in (True, False, None):
        where = states_with(value, table, bench.states)
        if not where:
            continue
        answers: dict[str, Value] | None = None
        for stretch in bench.tries:
            seen = bench.views.get((shape, value, stretch))
            if seen is None:
                if answers is None:
                    answers = smallest(where, bench.states) or {}
                seen = bench.views[shape, value, stretch] = view(alone, bench.profile(answers, stretch))
            views.append((value, stretch, seen))
    return Meaning(table, tuple(views))


def states_with(value: Kleene, table: TruthTable, states: StateSpace) -> int:
    """Return the states in which a condition has this value."""
    if value is None:
        return unknown(table, states)
    return table.true if value else table.false


def view(alone: KnowledgeBase, profile: Profile) -> View:
    """Return the outcome for one person of a rule by itself."""
    decision = decide(alone, check(alone, profile)[0])
    (scoped,) = alone.rules
    tried = profile.trials[0].stretch if profile.trials else None
    certainty = next(iter(decision.activations.values()), None)
    effect = scoped.rule.effect
    noted, exactly = None, None
    if certainty is not None and not effect.restricts:
        on = {name: is_on(scoped, name, tried) for name in alone.stretches}
        exactly = (effect, tuple(on.values()))
        if certainty is Certainty.FIRES and effect.note is not None:
            noted = effect.note, frozenset(name for name, is_so in on.items() if is_so)
    return View(
        Fires.NO if certainty is None else Fires.YES if certainty is Certainty.FIRES else Fires.UNKNOWN,
        tuple(Verdict.between(best, worst) for best, worst in decision.stretches.values()),
        Directive.between(*decision.directive),
        noted,
        (tuple(decision.stretches.values()), decision.directive, exactly),
    )
