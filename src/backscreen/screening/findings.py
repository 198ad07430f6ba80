"""Findings: rules that fire or may fire, with their reasons and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter

from backscreen.model.conditions import atoms
from backscreen.model.effects import Certainty
from backscreen.model.facts import TRIAL, Value, trial_place
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.screening.bounds import reach
from backscreen.screening.parts import Finding, Source
from backscreen.screening.situation import Situation
from backscreen.semantics.activations import Activation, DecidedRule
from backscreen.semantics.causes import why

MOST_FINDINGS = 16_384
"""Findings that are cached, or two for each rule where that is more. Then the cache is emptied."""
_FEW_TRIALS = 8
"""The order of places is cached for up to so many trials."""

_STRETCH = TRIAL + "stretch"
Places = Mapping[str, int]
"""The places that answers can have, with their order."""


class Findings:
    """Cache of findings, keyed by rule and by the answers that the rule reads; may be shared between threads."""

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._knowledge_base = knowledge_base
        self._readers = [_reader(scoped) for scoped in knowledge_base.rules]
        self._unanswered: dict[str, Value | None] = dict.fromkeys(knowledge_base.facts)
        self._stretches = {name: place for place, name in enumerate(knowledge_base.stretches)}
        self._sources = [_sources_of(knowledge_base, scoped) for scoped in knowledge_base.rules]
        self._orders: dict[int, Places] = {}
        self._cache: dict[tuple[int, int, Certainty, object], Finding] = {}
        self._most = max(MOST_FINDINGS, 2 * len(knowledge_base.rules))

    def of(self, situation: Situation, decided: Iterable[DecidedRule]) -> tuple[Finding, ...]:
        """Return the finding of each rule that was decided."""
        answers = [
            {**self._unanswered, **subject.answers, _STRETCH: subject.stretch}
            for subject in (*situation.trials, situation.person)  # the person's are the last: `ON_THE_PERSON` is -1
        ]
        cache, readers, findings = self._cache, self._readers, []
        for number, trial, certainty in decided:
            key = number, trial, certainty, readers[number](answers[trial])
            finding = cache.get(key)
            if finding is None:
                if len(cache) >= self._most:
                    cache.clear()
                finding = cache[key] = self._new(situation, Activation(number, trial), certainty)
            findings.append(finding)
        return tuple(findings)

    def order(self, trials: int) -> Places:
        """Return the order of places: facts as the rulebooks declare them, then those of each trial."""
        order = self._orders.get(trials)
        if order is None:
            of_trial = ["stretch", *self._knowledge_base.trial_facts]
            of_trials = (trial_place(index, name) for index in range(trials) for name in of_trial)
            order = {name: place for place, name in enumerate([*self._knowledge_base.person_facts, *of_trials])}
            if trials <= _FEW_TRIALS:
                self._orders[trials] = order
        return order

    def _new(self, situation: Situation, activation: Activation, certainty: Certainty) -> Finding:
        scoped, subject = self._knowledge_base.rules[activation.rule], situation.subject(activation.trial)
        rule, order = scoped.rule, self.order(len(situation.trials))
        surely_on, perhaps_on = reach(self._knowledge_base, scoped, subject.stretch, fires=certainty is Certainty.FIRES)

        def place(fact: str) -> str:
            return trial_place(activation.trial, fact.removeprefix(TRIAL)) if fact.startswith(TRIAL) else fact

        _, grounds, undecided = why(rule.when, subject.answers)
        because = {place(fact): subject.answers[fact] for fact in grounds}
        unanswered = set(map(place, undecided))
        if scoped.about_a_trial and (scoped.scope is None or scoped.tried is not None):
            stretch_place = trial_place(activation.trial, "stretch")
            if subject.stretch is None:
                unanswered.add(stretch_place)
            else:
                because[stretch_place] = subject.stretch
        sources, disagrees_with = self._sources[activation.rule]
        return Finding(
            rulebook=scoped.book,
            rule=rule.id,
            effect=rule.effect,
            directive=rule.directive,
            certainty=certainty,
            title=rule.title,
            reason=rule.reason,
            because={name: because[name] for name in in_order(because, order)},
            unanswered=in_order(unanswered, order),
            trial=activation.trial if scoped.about_a_trial else None,
            stretches=in_order(surely_on, self._stretches),
            may_act_on=in_order(perhaps_on, self._stretches),
            sources=sources,
            disagrees_with=disagrees_with,
            status=rule.status,
        )


def in_order(names: Iterable[str], order: Places) -> tuple[str, ...]:
    """Return the names in this order."""
    return tuple(sorted(names, key=order.__getitem__))


def _reader(scoped: ScopedRule) -> Callable[[Mapping[str, Value | None]], object]:
    """Return a function that takes from all answers those that the rule's finding depends on."""
    facts = dict.fromkeys(atom.fact for atom in atoms(scoped.rule.when))
    if scoped.about_a_trial:
        facts[_STRETCH] = None
    return itemgetter(*facts) if facts else _nothing


def _nothing(_: Mapping[str, Value | None]) -> None:
    """Return nothing: the rule reads no answer."""


def sources(knowledge_base: KnowledgeBase, book: str, statements: Iterable[str]) -> tuple[Source, ...]:
    """Return the statements of a rulebook as sources."""
    found = (knowledge_base.statements[book, name] for name in statements)
    return tuple(Source(statement.id, document.title, statement.where, statement.says) for document, statement in found)


def _sources_of(knowledge_base: KnowledgeBase, scoped: ScopedRule) -> tuple[tuple[Source, ...], tuple[Source, ...]]:
    """Return the statements that a rule rests on, and those that it disagrees with."""
    return (
        sources(knowledge_base, scoped.book, scoped.rule.statements),
        sources(knowledge_base, scoped.book, scoped.rule.disagree_with),
    )
