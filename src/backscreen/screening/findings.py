"""What is told of activations and bounds: findings with their reasons, an outcome for every stretch, and what is still to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any, assert_never

from attrs import define, field, frozen

from backscreen.model.catalogue import Stretch, stand_ins
from backscreen.model.effects import Certainty, Directive, Effect, Note, Verdict
from backscreen.model.facts import TRIAL, Value, trial_place
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.rules import About
from backscreen.screening.bounds import Bounds, reach
from backscreen.screening.result import Advice, Finding, Outcomes, Part, Source, StretchOutcome
from backscreen.screening.situation import Situation
from backscreen.semantics.activations import Activation, Activations
from backscreen.semantics.causes import why

Places = Mapping[str, int]
"""The places that answers can have, with their order."""


@frozen(eq=False, repr=False)
class Act:
    """An activation with what it does: on which stretches for certain, on which perhaps, and what keeps it open."""

    scoped: ScopedRule
    trial: int
    fires: bool
    surely_on: frozenset[str]
    perhaps_on: frozenset[str]
    because: Mapping[str, Value]
    undecided: tuple[str, ...]
    """Unknown facts that decide whether the rule fires, by their places."""
    hangs_on_stretch: bool
    """Whether the stretches it acts on, or whether it fires, hang on the stretch tried, which is not known."""

    @property
    def effect(self) -> Effect:
        """The rule's effect."""
        return self.scoped.rule.effect

    def of_stretch(self) -> set[str]:
        """What an answer about a stretch under this rule still hangs on."""
        return {*self.undecided, *([trial_place(self.trial, "stretch")] if self.hangs_on_stretch else [])}

    def of_directive(self) -> set[str]:
        """What an answer about the directive still hangs on: the tried stretch only where the rule is narrowed to some."""
        narrowed = self.hangs_on_stretch and self.scoped.tried is not None
        return {*self.undecided, *([trial_place(self.trial, "stretch")] if narrowed else [])}


class Telling:
    """Tells what comes of activations and bounds."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._knowledge_base = knowledge_base
        self._stand_ins: dict[str, tuple[str, ...]] = {}
        self._sources: dict[int, tuple[tuple[Source, ...], tuple[Source, ...]]] = {}
        self._orders: dict[int, Places] = {}
        self._places = {name: place for place, name in enumerate(knowledge_base.stretches)}

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """The advice of all rulebooks, in their order; a sentence that two of them give, once."""
        found: dict[str, Advice] = {}
        for (book, name), (_, statement) in self._knowledge_base.statements.items():
            if statement.advice is not None:
                (source,) = _sources(self._knowledge_base, book, [name])
                found.setdefault(statement.advice, Advice(book, statement.advice, source))
        return tuple(found.values())

    def tell(self, situation: Situation, activations: Activations, limits: Bounds, part: Part) -> Any:
        """What is worked out late of a screening."""
        match part:
            case "advice":
                return self.advice
            case "origins":
                return situation.origins
            case "findings":
                order = self.order(len(situation.trials))
                return tuple(
                    self.finding(situation, order, activation, activations[activation])
                    for activation in sorted(activations)
                )
            case "outcomes":
                return self.outcomes(situation, activations, limits)
            case _:
                assert_never(part)

    def finding(self, situation: Situation, order: Places, activation: Activation, certainty: Certainty) -> Finding:
        """An activation as people read it; `order` is the one for as many trials as there are."""
        found = _act(self._knowledge_base, situation, activation, certainty)
        rule, book = found.scoped.rule, found.scoped.book
        sources, disagrees_with = self._of_rule(activation.rule)
        return Finding(
            rulebook=book,
            rule=rule.id,
            effect=rule.effect,
            directive=rule.directive,
            certainty=certainty,
            title=rule.title,
            reason=rule.reason,
            because={name: found.because[name] for name in _in_order(found.because, order)},
            unanswered=_in_order(found.of_stretch(), order),
            trial=found.trial if found.scoped.about_a_trial else None,
            stretches=_in_order(found.surely_on, self._places),
            may_act_on=_in_order(found.perhaps_on, self._places),
            sources=sources,
            disagrees_with=disagrees_with,
        )

    def _of_rule(self, number: int) -> tuple[tuple[Source, ...], tuple[Source, ...]]:
        """What a rule rests on, and what says otherwise."""
        found = self._sources.get(number)
        if found is None:
            rule, book = self._knowledge_base.rules[number].rule, self._knowledge_base.rules[number].book
            found = self._sources[number] = (
                _sources(self._knowledge_base, book, rule.statements),
                _sources(self._knowledge_base, book, rule.disagree_with),
            )
        return found

    def order(self, trials: int) -> Places:
        """The order of answers where there are so many trials."""
        found = self._orders.get(trials)
        if found is None:
            found = _places(self._knowledge_base, trials)
            if trials <= _FEW_TRIALS:
                self._orders[trials] = found
        return found

    def outcomes(self, situation: Situation, activations: Activations, limits: Bounds) -> Outcomes:
        """What is said of each stretch, and what is still to be asked."""
        acts = _acts(self._knowledge_base, situation, activations)
        order = self.order(len(situation.trials))
        said = {name: _Said(best) for name, (best, _) in limits.stretches.items()}
        for index, one in enumerate(acts):
            for name in one.surely_on:
                said[name].surely(index, one)
            hangs_on = one.of_stretch()
            for name in one.perhaps_on:
                said[name].perhaps(index, one, hangs_on)
        stretches = tuple(
            self._outcome(stretch, said, limits, order) for stretch in self._knowledge_base.stretches.values()
        )
        unanswered = _directive_unanswered(acts, limits.directive[0]).union(
            *(outcome.unanswered for outcome in stretches)
        )
        return Outcomes(stretches, _in_order(unanswered, order))

    def _outcome(self, stretch: Stretch, said: Mapping[str, _Said], limits: Bounds, order: Places) -> StretchOutcome:
        best, worst = limits.stretches[stretch.id]
        verdict, here = Verdict.between(best, worst), said[stretch.id]
        may_help = here.helps and not here.is_unneeded and not here.is_under_a_caution_of_its_own
        return StretchOutcome(
            id=stretch.id,
            name=stretch.name,
            dose=stretch.dose,
            verdict=verdict,
            at_best=best,
            at_worst=worst,
            recommended=may_help
            and verdict in (Verdict.ALLOWED, Verdict.CAUTION)
            and limits.directive[1] < Directive.CONSULT,
            unneeded=here.is_unneeded,
            findings=tuple(here.findings),
            unanswered=_in_order(here.unanswered, order),
            instead=self._instead(stretch, said, limits) if verdict in (Verdict.AVOID, Verdict.UNDETERMINED) else (),
        )

    def _instead(self, stretch: Stretch, said: Mapping[str, _Said], limits: Bounds) -> tuple[str, ...]:
        """Stretches of the same targets whose verdict is settled and better than this one's at worst, most shared targets first."""
        known = self._stand_ins.get(stretch.id)
        if known is None:
            known = self._stand_ins[stretch.id] = tuple(
                other.id for other in stand_ins(stretch, self._knowledge_base.stretches)
            )
        worst, found = limits.stretches[stretch.id][1], []
        for name in known:
            ends = limits.stretches[name]
            if (
                ends[0] is ends[1]
                and ends[0] < worst
                and not (said[name].is_unneeded or said[name].may_be_under_a_caution_of_its_own)
            ):
                found.append(name)
        return tuple(found)


_STRICTER = {
    Verdict.ALLOWED: frozenset([Verdict.CAUTION, Verdict.AVOID]),
    Verdict.CAUTION: frozenset([Verdict.AVOID]),
    Verdict.AVOID: frozenset[Verdict](),
}


@define(eq=False)
class _Said:
    """What acts say of one stretch, which at best has this verdict."""

    at_best: Verdict
    findings: list[int] = field(factory=list)
    """The places of those that act on it, for certain or perhaps."""
    unanswered: set[str] = field(factory=set)
    helps: bool = False
    is_unneeded: bool = False
    is_under_a_caution_of_its_own: bool = False
    may_be_under_a_caution_of_its_own: bool = False

    def surely(self, index: int, act: Act) -> None:
        """The act is on this stretch."""
        self.findings.append(index)
        self.helps = self.helps or act.effect.helps
        self.is_unneeded = self.is_unneeded or act.effect.note is Note.UNNEEDED
        if act.scoped.rule.about is About.STRETCH:
            self.is_under_a_caution_of_its_own = self.may_be_under_a_caution_of_its_own = True

    def perhaps(self, index: int, act: Act, hangs_on: AbstractSet[str]) -> None:
        """The act may be on this stretch, which hangs on these answers."""
        self.findings.append(index)
        if act.scoped.rule.about is About.STRETCH:
            self.may_be_under_a_caution_of_its_own = True
        if act.effect.verdict in _STRICTER[self.at_best]:
            self.unanswered |= hangs_on


_FEW_TRIALS = 8
"""With more, their order is worked out anew."""


def _acts(knowledge_base: KnowledgeBase, situation: Situation, activations: Activations) -> list[Act]:
    return [_act(knowledge_base, situation, activation, activations[activation]) for activation in sorted(activations)]


def _act(knowledge_base: KnowledgeBase, situation: Situation, activation: Activation, certainty: Certainty) -> Act:
    """What an activation does, and why."""
    scoped = knowledge_base.rules[activation.rule]
    known = situation.subject(activation.trial)
    fires = certainty is Certainty.FIRES
    surely_on, perhaps_on = reach(knowledge_base, scoped, known.stretch, fires=fires)
    stretch_matters = scoped.about_a_trial and (scoped.scope is None or scoped.tried is not None)

    def place(fact: str) -> str:
        return trial_place(activation.trial, fact.removeprefix(TRIAL)) if fact.startswith(TRIAL) else fact

    _, grounds, undecided = why(scoped.rule.when, known.answers)
    because = {place(fact): known.answers[fact] for fact in grounds}
    if stretch_matters and known.stretch is not None:
        because[trial_place(activation.trial, "stretch")] = known.stretch
    return Act(
        scoped,
        activation.trial,
        fires,
        surely_on,
        perhaps_on,
        because,
        tuple(dict.fromkeys(map(place, undecided))),
        stretch_matters and known.stretch is None,
    )


def _sources(knowledge_base: KnowledgeBase, book: str, statements: Iterable[str]) -> tuple[Source, ...]:
    found = (knowledge_base.statements[book, name] for name in statements)
    return tuple(Source(statement.id, document.title, statement.where) for document, statement in found)


def _places(knowledge_base: KnowledgeBase, trials: int) -> Places:
    """Every place that an answer can have, in the order in which the rulebooks declare facts; trials come after."""
    of_trial = ["stretch", *knowledge_base.trial_facts]
    names = [*knowledge_base.person_facts, *(trial_place(index, name) for index in range(trials) for name in of_trial)]
    return {name: number for number, name in enumerate(names)}


def _in_order(names: Iterable[str], order: Places) -> tuple[str, ...]:
    """The names in the given order."""
    return tuple(sorted(names, key=order.__getitem__))


def _directive_unanswered(found: Iterable[Act], at_best: Directive) -> set[str]:
    """What is still to be answered before the directive is settled."""
    return {
        name for act in found if not act.fires and act.scoped.rule.directive > at_best for name in act.of_directive()
    }
