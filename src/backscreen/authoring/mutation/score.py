"""The mutation score of a rulebook: which changes of its rules no case notices, and the case that would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from attrs import evolve, field, frozen

from backscreen.authoring.cases.runner import run
from backscreen.authoring.mutation.operators import Mutant, mutants
from backscreen.authoring.mutation.state_space import (
    MOST_STATES,
    Space,
    Worth,
    fewest_first,
    smallest,
    space,
    unknown,
    worth,
)
from backscreen.loading.profile_validation import check
from backscreen.model.conditions import AllOf, Not, TooIntricate, can_hold
from backscreen.model.effects import Certainty, Directive, Effect, Verdict
from backscreen.model.facts import TRIAL, Flag, Value
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.profile import Profile, Trial
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import About, Case, Expectation, Fires, Rule, Scenario, ScenarioExpectation, Status
from backscreen.screening.result import Screening
from backscreen.screening.screener import Screener
from backscreen.semantics.reference import Kleene, decide, is_on

_PEOPLE_TRIED = 300


@frozen(eq=False, repr=False)
class Survivor:
    """A change that nothing notices: the case of the rule that would, or the scenario where a case can say nothing of it.

    Of the case's verdicts each by itself tells the two apart. It has neither case nor scenario where the search gave up: the rule has too many states
    (`undecided`), or none of the people tried was one whom the change concerns.
    """

    mutant: Mutant
    case: Case | None = None
    scenario: Scenario | None = None
    undecided: bool = False


@frozen(kw_only=True, eq=False, repr=False)
class Score:
    """What became of the changes of one rule.

    Of changes that mean the same for everybody one counts, and none of those that mean the `same` as the rule. Nor do those that are `unsayable`: they
    change only where a note is shown, in a way that neither a case nor a scenario can say. `by_scenarios` of the `killed` are those that only a scenario
    can notice.
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
        """How many changes count."""
        return self.killed + len(self.survivors)


@frozen
class _View:
    """What comes of one person: what a case can say of it, what a scenario can, and the rest."""

    fires: Fires
    verdicts: tuple[Verdict, ...]
    directive: Directive
    noted: tuple[str, frozenset[str]] | None
    exactly: object


@frozen(eq=False, repr=False)
class _Meaning:
    """What a rule comes to for everybody: the value of its condition in every state, and what follows from each value that there is."""

    value: Worth
    follows: tuple[tuple[Kleene, str | None, _View], ...]

    @property
    def key(self) -> object:
        """Equal for two rules exactly where they mean the same for everybody."""
        return self.value, self.follows


@frozen(eq=False, repr=False)
class _Judge:
    """One rule of one rulebook, everything that it may be asked, and what follows from the shapes that its changes have."""

    book: Rulebook
    rule: Rule
    states: Space
    follows: dict[object, _View] = field(factory=dict)


def scores(knowledge_base: KnowledgeBase, most_states: int = MOST_STATES) -> Iterator[Score]:
    """Change every rule that acts in every way, and see what its cases make of it; they must hold for the rules as they are."""
    for book in knowledge_base.books:
        for rule in book.rules:
            if rule.status is not Status.RETIRED:
                yield _score(book, rule, most_states)


def means_the_same(book: Rulebook, rule: Rule, mutant: Rule, most_states: int = MOST_STATES) -> bool | None:
    """Whether a rule and a change of it mean the same for everybody; None where there are more states than `most_states`."""
    states = space([rule.when, mutant.when], KnowledgeBase([book]).facts, most_states)
    if states is None:
        return None
    judge = _Judge(book, rule, states)
    return _meaning(judge, rule).key == _meaning(judge, mutant).key


def _score(book: Rulebook, rule: Rule, most_states: int) -> Score:
    changed = list(mutants(rule, book))
    facts = KnowledgeBase([book]).facts
    states = space([rule.when, *(mutant.rule.when for mutant in changed)], facts, most_states)
    if states is None:
        alive = tuple(Survivor(mutant, undecided=True) for mutant in changed if not _is_killed(book, mutant.rule))
        return Score(
            book=book.id,
            rule=rule,
            killed=len(changed) - len(alive),
            by_scenarios=0,
            survivors=alive,
            same=0,
            unsayable=0,
        )
    judge = _Judge(book, rule, states)
    original = _meaning(judge, rule)
    seen = {original.key}
    same = unsayable = killed = by_scenarios = 0
    survivors: list[Survivor] = []
    scenarios = _noting(book, rule)
    for mutant in changed:
        meaning = _meaning(judge, mutant.rule)
        if meaning.key in seen:
            same += meaning.key == original.key
            continue
        seen.add(meaning.key)
        profile = _telling(judge, mutant.rule, original, meaning)
        if profile is not None:
            if _is_killed(book, mutant.rule):
                killed += 1
            else:
                survivors.append(Survivor(mutant, case=_case(judge, mutant, profile)))
        elif not _can_be_noted(judge, original, meaning):
            unsayable += 1
        elif _is_killed_by(scenarios, book, mutant.rule):
            killed += 1
            by_scenarios += 1
        else:
            survivors.append(Survivor(mutant, scenario=_scenario(judge, mutant, original)))
    return Score(
        book=book.id,
        rule=rule,
        killed=killed,
        by_scenarios=by_scenarios,
        survivors=tuple(survivors),
        same=same,
        unsayable=unsayable,
    )


def _is_killed(book: Rulebook, mutant: Rule) -> bool:
    return any(result.mismatches for result in run(KnowledgeBase([evolve(book, rules=(mutant,), scenarios=())])))


# --- what a rule comes to ---------------------------------------------------------------------------------------------


def _meaning(judge: _Judge, rule: Rule) -> _Meaning:
    value = worth(rule.when, judge.states)
    shape = (rule.applies_to, rule.tried, rule.effect, rule.about)
    alone = KnowledgeBase([evolve(judge.book, rules=(rule,), scenarios=())])
    found = []
    for comes_to, where in ((True, value.true), (False, value.false), (None, unknown(value, judge.states))):
        if not where:
            continue
        answers: dict[str, Value] | None = None
        for stretch in _tries(judge):
            view = judge.follows.get((shape, comes_to, stretch))
            if view is None:
                if answers is None:
                    answers = smallest(where, judge.states) or {}
                view = judge.follows[shape, comes_to, stretch] = _view(alone, _profile(judge, answers, stretch))
            found.append((comes_to, stretch, view))
    return _Meaning(value, tuple(found))


def _tries(judge: _Judge) -> Iterable[str | None]:
    """The stretches that a try may be of, and that it is not known; of a rule about the person, nothing is tried."""
    return (*(stretch.id for stretch in judge.book.stretches), None) if judge.rule.about_a_trial else (None,)


def _profile(judge: _Judge, answers: dict[str, Value], stretch: str | None) -> Profile:
    of_person = {name: value for name, value in answers.items() if not name.startswith(TRIAL)}
    of_trial = {name.removeprefix(TRIAL): value for name, value in answers.items() if name.startswith(TRIAL)}
    return Profile(of_person, [Trial(stretch, **of_trial)] if judge.rule.about_a_trial else [])


def _view(alone: KnowledgeBase, profile: Profile) -> _View:
    decision = decide(alone, check(alone, profile)[0])
    (scoped,) = alone.rules
    tried = profile.trials[0].stretch if profile.trials else None
    certainty = next(iter(decision.activations.values()), None)
    effect = scoped.rule.effect
    noted, exactly = None, None
    if certainty is not None and not effect.restricts:
        on = {name: is_on(scoped, name, tried) for name in alone.stretches}
        exactly = (effect, tuple(on.values()))
        if certainty is Certainty.FIRES and effect is not Effect.ADVISE:
            noted = effect.value, frozenset(name for name, is_so in on.items() if is_so)
    return _View(
        Fires.NO if certainty is None else Fires.YES if certainty is Certainty.FIRES else Fires.UNKNOWN,
        tuple(best if best == worst else Verdict.UNDETERMINED for best, worst in decision.stretches.values()),
        decision.directive[0] if decision.directive[0] == decision.directive[1] else Directive.UNDETERMINED,
        noted,
        (tuple(decision.stretches.values()), decision.directive, exactly),
    )


def _sayable(view: _View) -> object:
    return view.fires, view.verdicts, view.directive


# --- who tells two rules apart ----------------------------------------------------------------------------------------


def _telling(judge: _Judge, mutant: Rule, original: _Meaning, meaning: _Meaning) -> Profile | None:
    """Somebody of whom a case says something else under the change; None where no case can."""
    alone = [KnowledgeBase([evolve(judge.book, rules=(rule,), scenarios=())]) for rule in (judge.rule, mutant)]
    if original.value != meaning.value:
        differing = (original.value.true ^ meaning.value.true) | (original.value.false ^ meaning.value.false)
        answers = smallest(differing, judge.states) or {}
        # INVARIANT: such a person tells them apart for some stretch, since what differs is whether the rule fires for a stretch that it is about
        tries = [_profile(judge, answers, stretch) for stretch in _tries(judge)]
        return next(
            (each for each in tries if len({_sayable(_view(knowledge_base, each)) for knowledge_base in alone}) > 1),
            None,
        )
    for (comes_to, stretch, before), (*_, after) in zip(original.follows, meaning.follows, strict=True):
        if _sayable(before) != _sayable(after):
            return _profile(judge, smallest(_states_of(original, comes_to, judge.states), judge.states) or {}, stretch)
    return None


def _states_of(meaning: _Meaning, comes_to: Kleene, states: Space) -> int:
    if comes_to is None:
        return unknown(meaning.value, states)
    return meaning.value.true if comes_to else meaning.value.false


def _case(judge: _Judge, mutant: Mutant, profile: Profile) -> Case:
    """The case that notices the change, with what the rule as it is makes of it."""
    before, after = (
        _view(KnowledgeBase([evolve(judge.book, rules=(rule,), scenarios=())]), profile)
        for rule in (judge.rule, mutant.rule)
    )
    pairs = zip((stretch.id for stretch in judge.book.stretches), before.verdicts, after.verdicts, strict=True)
    verdicts = {name: was for name, was, comes in pairs if was is not comes}
    expect = Expectation(
        fires=before.fires,
        verdicts=verdicts,
        directive=None if before.directive is after.directive else before.directive,
    )
    return Case(name=mutant.words, given=profile, expect=expect)


# --- what only scenarios can say --------------------------------------------------------------------------------------


def _can_be_noted(judge: _Judge, original: _Meaning, meaning: _Meaning) -> bool:
    """Whether for somebody the whole rulebook recommends, or finds unneeded, something else; where that cannot be decided, it is taken to be so."""
    for (*_, before), (*_, after) in zip(original.follows, meaning.follows, strict=True):
        differing = _notes_of(before) ^ _notes_of(after)
        if any(
            kind == Effect.UNNEEDED.value or judge.rule.about_a_trial or _comes_through(judge, name)
            for kind, name in differing
        ):
            return True
    return False


def _notes_of(view: _View) -> set[tuple[str, str]]:
    return set() if view.noted is None else {(view.noted[0], name) for name in view.noted[1]}


def _comes_through(judge: _Judge, name: str) -> bool:
    """Whether for somebody this rule alone settles whether the stretch is recommended: no other rule recommends it too, or stands against it."""
    whole = KnowledgeBase([judge.book])
    others = [
        Not(scoped.rule.when) for scoped in whole.rules if scoped.rule.id != judge.rule.id and _has_a_say(scoped, name)
    ]
    try:
        return can_hold(AllOf((judge.rule.when, *others)), whole.facts)
    except TooIntricate:
        return True


def _has_a_say(scoped: ScopedRule, name: str) -> bool:
    """Whether the rule, were it to fire for somebody who tried nothing, would keep a recommendation of the stretch from making a difference."""
    effect = scoped.rule.effect
    if scoped.about_a_trial:
        return False
    if effect in (Effect.STOP, Effect.CONSULT):
        return True
    in_scope = scoped.scope is not None and name in scoped.scope
    return in_scope and (
        effect in (Effect.AVOID, Effect.RECOMMEND, Effect.UNNEEDED) or scoped.rule.about is About.STRETCH
    )


def _noting(book: Rulebook, rule: Rule) -> list[Scenario]:
    """The scenarios in which the rule has a say and which say what is recommended or not needed."""
    alone = KnowledgeBase([evolve(book, rules=(rule,), scenarios=())])
    saying = [one for one in book.scenarios if one.expect.recommended is not None or one.expect.unneeded is not None]
    return [
        one for one in saying if not rule.effect.restricts and decide(alone, check(alone, one.given)[0]).activations
    ]


def _is_killed_by(scenarios: list[Scenario], book: Rulebook, mutant: Rule) -> bool:
    if not scenarios:
        return False
    screener = _screener(book, mutant)
    return any(_differs(one.expect, screener.screen(one.given)) for one in scenarios)


def _screener(book: Rulebook, rule: Rule) -> Screener:
    """The whole rulebook with this rule instead of the one that it is a change of."""
    rules = tuple(rule if other.id == rule.id else other for other in book.rules)
    return Screener(KnowledgeBase([evolve(book, rules=rules, scenarios=())]), engine="compiled")


def _differs(expect: ScenarioExpectation, screening: Screening) -> bool:
    recommended, unneeded = _notes(screening)
    return any(
        said is not None and set(said) != set(came)
        for said, came in ((expect.recommended, recommended), (expect.unneeded, unneeded))
    )


def _notes(screening: Screening) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(one.id for one in screening if one.recommended), tuple(one.id for one in screening if one.unneeded)


def _scenario(judge: _Judge, mutant: Mutant, original: _Meaning) -> Scenario | None:
    """A person for whom the whole rulebook recommends, or finds unneeded, something else under the change; None if none was found among the smallest."""
    before, after = _screener(judge.book, judge.rule), _screener(judge.book, mutant.rule)
    for given in islice(_people(judge, original), _PEOPLE_TRIED):
        was = before.screen(given)
        if _notes(was) != _notes(after.screen(given)):
            recommended, unneeded = _notes(was)
            outlook = ScenarioExpectation(
                directive=was.directive, verdicts={}, recommended=recommended, unneeded=unneeded
            )
            return Scenario(name=mutant.words, given=given, expect=outlook)
    return None


def _people(judge: _Judge, original: _Meaning) -> Iterator[Profile]:
    """People for whom the rule fires and everything else is no, and such people of whom one more thing is so."""
    for answers in fewest_first(original.value.true, judge.states):
        for stretch in _tries(judge):
            plain = _profile(judge, answers, stretch)
            yield Profile(plain.facts, plain.trials, "no")
            for fact in judge.book.person_facts:
                if isinstance(fact, Flag) and fact.id not in answers:
                    yield Profile({**plain.facts, fact.id: True}, plain.trials, "no")
