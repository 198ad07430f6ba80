"""What is told of activations and bounds: findings with their reasons, an outcome for every stretch, and what is still to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from backscreen.engines.activations import Activation, Activations, Certainty
from backscreen.rulebook.facts import TRIAL, Value, trial_place
from backscreen.rulebook.rulebook import Guidance, Placed
from backscreen.rulebook.rules import About
from backscreen.rulebook.stretches import Stretch, is_variation
from backscreen.rulebook.verdicts import Directive, Effect, Verdict
from backscreen.screening.answers import Situation
from backscreen.screening.explaining import grounds, open_facts
from backscreen.screening.folding import Bounds, reach
from backscreen.screening.outcome import Finding, Source, StretchOutcome, Told

Places = Mapping[str, int]
"""The places that answers can have, with their order."""


@frozen(eq=False, repr=False)
class Act:
    """An activation with what it does: on which stretches for certain, on which perhaps, and what keeps it open."""

    placed: Placed
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
        return self.placed.rule.effect

    def of_stretch(self) -> set[str]:
        """What an answer about a stretch under this rule still hangs on."""
        return {*self.undecided, *([trial_place(self.trial, "stretch")] if self.hangs_on_stretch else [])}

    def of_directive(self) -> set[str]:
        """What an answer about the directive still hangs on: the tried stretch only where the rule is narrowed to some."""
        narrowed = self.hangs_on_stretch and self.placed.tried is not None
        return {*self.undecided, *([trial_place(self.trial, "stretch")] if narrowed else [])}


def told(guidance: Guidance, situation: Situation, activations: Activations, limits: Bounds) -> Told:
    """All that a screening says beside its verdicts: why, what else, and what is still to be asked."""
    found = [_act(guidance, situation, activation, activations[activation]) for activation in sorted(activations)]
    order = _places(guidance, len(situation.trials))
    stretches = _outcomes(guidance, found, limits, order)
    unanswered = _directive_unanswered(found, limits.directive[0]).union(*(outcome.unanswered for outcome in stretches))
    return Told(stretches, _findings(guidance, found, order), _in_order(unanswered, order))


def _act(guidance: Guidance, situation: Situation, activation: Activation, certainty: Certainty) -> Act:
    placed = guidance.rules[activation.rule]
    known = situation.subject(activation.trial)
    fires = certainty is Certainty.FIRES
    surely_on, perhaps_on = reach(guidance, placed, known.stretch, fires=fires)
    stretch_matters = placed.about_a_trial and (placed.scope is None or placed.tried is not None)

    def place(fact: str) -> str:
        return trial_place(activation.trial, fact.removeprefix(TRIAL)) if fact.startswith(TRIAL) else fact

    because = {place(fact): known.answers[fact] for fact in dict.fromkeys(grounds(placed.rule.when, known.answers))}
    if stretch_matters and known.stretch is not None:
        because[trial_place(activation.trial, "stretch")] = known.stretch
    return Act(
        placed,
        activation.trial,
        fires,
        surely_on,
        perhaps_on,
        because,
        tuple(dict.fromkeys(place(fact) for fact in open_facts(placed.rule.when, known.answers))),
        stretch_matters and known.stretch is None,
    )


def _findings(guidance: Guidance, found: Iterable[Act], places: Places) -> tuple[Finding, ...]:
    """The acts as people read them; `places` is the order of facts."""
    return tuple(_finding(guidance, act, places) for act in found)


def _finding(guidance: Guidance, act: Act, places: Places) -> Finding:
    rule, book = act.placed.rule, act.placed.book
    return Finding(
        rulebook=book,
        rule=rule.id,
        effect=rule.effect,
        directive=rule.directive,
        certainty=Certainty.FIRES if act.fires else Certainty.MAY_FIRE,
        title=rule.title,
        reason=rule.reason,
        because=tuple((name, act.because[name]) for name in _in_order(act.because, places)),
        unanswered=_in_order(act.of_stretch(), places),
        trial=act.trial if act.placed.about_a_trial else None,
        stretches=tuple(name for name in guidance.stretches if name in act.surely_on),
        may_act_on=tuple(name for name in guidance.stretches if name in act.perhaps_on),
        sources=_sources(guidance, book, rule.statements),
        disagrees_with=_sources(guidance, book, rule.disagree_with),
    )


def _sources(guidance: Guidance, book: str, statements: Iterable[str]) -> tuple[Source, ...]:
    found = (guidance.statements[book, name] for name in statements)
    return tuple(Source(statement.id, document.title, statement.where) for document, statement in found)


def _places(guidance: Guidance, trials: int) -> Places:
    """Every place that an answer can have, in the order in which the rulebooks declare facts; trials come after."""
    of_trial = ["stretch", *guidance.trial_facts]
    names = [*guidance.person_facts, *(trial_place(index, name) for index in range(trials) for name in of_trial)]
    return {name: number for number, name in enumerate(names)}


def _in_order(names: Iterable[str], order: Places) -> tuple[str, ...]:
    """The names in the given order."""
    return tuple(sorted(names, key=order.__getitem__))


def _directive_unanswered(found: Iterable[Act], at_best: Directive) -> set[str]:
    """What is still to be answered before the directive is settled."""
    return {name for act in found if not act.fires and act.placed.rule.directive > at_best for name in act.of_directive()}


def _outcomes(guidance: Guidance, found: list[Act], limits: Bounds, order: Places) -> tuple[StretchOutcome, ...]:
    """What is said of each stretch of the catalogue."""
    return tuple(_outcome(guidance, stretch, found, limits, order) for stretch in guidance.stretches.values())


def _outcome(guidance: Guidance, stretch: Stretch, found: list[Act], limits: Bounds, order: Places) -> StretchOutcome:
    best, worst = limits.stretches[stretch.id]
    verdict = best if best == worst else Verdict.UNDETERMINED
    here = [act for act in found if stretch.id in act.surely_on]
    unanswered = {name for act in found if stretch.id in act.perhaps_on and act.effect.verdict > best for name in act.of_stretch()}
    recommended = (
        any(act.effect is Effect.RECOMMEND for act in here)
        and verdict in (Verdict.ALLOWED, Verdict.CAUTION)
        and not _is_unneeded(stretch.id, found)
        and not any(act.placed.rule.about is About.STRETCH for act in here)
        and limits.directive[1] < Directive.CONSULT
    )
    return StretchOutcome(
        id=stretch.id,
        name=stretch.name,
        dose=stretch.dose,
        verdict=verdict,
        at_best=best,
        at_worst=worst,
        recommended=recommended,
        unneeded=_is_unneeded(stretch.id, found),
        findings=tuple(index for index, act in enumerate(found) if stretch.id in act.surely_on | act.perhaps_on),
        unanswered=_in_order(unanswered, order),
        instead=_instead(guidance, stretch, found, limits) if verdict in (Verdict.AVOID, Verdict.UNDETERMINED) else (),
    )


def _is_unneeded(name: str, found: Iterable[Act]) -> bool:
    return any(act.effect is Effect.UNNEEDED and name in act.surely_on for act in found)


def _instead(guidance: Guidance, stretch: Stretch, found: list[Act], limits: Bounds) -> tuple[str, ...]:
    """Stretches of the same targets whose verdict is settled and better than this one's at worst, most shared targets first."""
    best_first = []
    for other in guidance.stretches.values():
        shared = len(set(stretch.targets) & set(other.targets))
        best, worst = limits.stretches[other.id]
        if (
            shared
            and other.id != stretch.id
            and other.dose is not None
            and best == worst
            and best < limits.stretches[stretch.id][1]
            and not is_variation(other, stretch.id, guidance.stretches)
            and not _is_unneeded(other.id, found)
            and not any(_lies_in(other.id, act) for act in found)
        ):
            best_first.append((-shared, other.id))
    return tuple(name for _, name in sorted(best_first, key=lambda one: one[0]))


def _lies_in(name: str, act: Act) -> bool:
    """Whether the stretch is, or may be, under a caution that lies in the stretch itself."""
    return act.placed.rule.about is About.STRETCH and name in act.surely_on | act.perhaps_on
