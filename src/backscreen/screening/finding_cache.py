"""Findings that were put together once are told again: nearly all that a rule can say is said to very many people.

A finding is remembered by all that it hangs on: the answers that its rule reads, and of a trial also which it is and of which stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from backscreen.engines.lowering.masks import RULES_TOGETHER, Masks
from backscreen.engines.python.compiled_engine import Decided
from backscreen.model.conditions import atoms
from backscreen.model.effects import Certainty
from backscreen.model.facts import TRIAL, Value
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.profile import Profile
from backscreen.screening.findings import Places, Telling
from backscreen.screening.result import Finding
from backscreen.screening.situation import Situation, everything_known, situation
from backscreen.semantics.activations import ON_THE_PERSON, Activation

MOST_FINDINGS = 16_384
"""About so many are remembered, or two for each rule where that is more; then all are forgotten."""

Answers = Mapping[str, Value | None]
_Late = tuple[Situation, Places]


class Findings:
    """Tells findings from the bits of rules; may be shared between threads."""

    def __init__(self, knowledge_base: KnowledgeBase, masks: Masks, telling: Telling) -> None:
        self._knowledge_base = knowledge_base
        self._telling = telling
        self._lowest = masks.lowest
        self._unanswered: dict[str, Value | None] = dict.fromkeys(knowledge_base.person_facts)
        self._rows = _in_rows([_Rule(scoped, number) for number, scoped in enumerate(knowledge_base.rules)])
        self._count = 0
        self._most = max(MOST_FINDINGS, 2 * len(knowledge_base.rules))

    def told(self, profile: Profile, decided: Decided) -> tuple[Finding, ...]:
        """Which rules fire or may fire, and why: in the order of the rules, then of trials."""
        person: Answers
        person, trials = everything_known(self._knowledge_base, profile)
        if len(person) < len(self._unanswered):
            person = {**self._unanswered, **person}
        late: _Late | None = None
        found: list[Finding] = []
        _, fire, may_fire, of_trials = decided
        for together, rows in enumerate(self._rows):
            sure = fire[together] >> self._lowest
            every = sure | may_fire[together] >> self._lowest
            tried = [(both[0][together] >> self._lowest, both[1][together] >> self._lowest) for both in of_trials]
            for fires, may in tried:
                every |= fires | may
            for row, byte in zip(rows, every.to_bytes(len(rows), "little"), strict=True):
                for rule in row[byte]:
                    if not rule.about_a_trial:
                        key = rule.answers(person)
                        finding = rule.found.get(key)
                        if finding is None:
                            late = late or self._late(profile)
                            finding = self._new(
                                rule, key, late, Activation(rule.number, ON_THE_PERSON), rule.bit & sure
                            )
                        found.append(finding)
                        continue
                    for index, (fires, may) in enumerate(tried):
                        if rule.bit & (fires | may):
                            of_trial = (
                                index,
                                profile.trials[index].stretch,
                                rule.answers(person),
                                *map(trials[index].get, rule.of_trial),
                            )
                            finding = rule.found.get(of_trial)
                            if finding is None:
                                late = late or self._late(profile)
                                finding = self._new(
                                    rule, of_trial, late, Activation(rule.number, index), rule.bit & fires
                                )
                            found.append(finding)
        return tuple(found)

    def _late(self, profile: Profile) -> _Late:
        """What a finding is put together from, worked out where one is not remembered."""
        return situation(self._knowledge_base, profile), self._telling.order(len(profile.trials))

    def _new(self, rule: _Rule, key: object, late: _Late, activation: Activation, fires: int) -> Finding:
        """A finding that is not remembered yet."""
        if self._count >= self._most:
            self._count = 0
            for rows in self._rows:
                for row in rows:
                    for one in row.rules:
                        one.found.clear()
        self._count += 1
        finding = rule.found[key] = self._telling.finding(
            *late, activation, Certainty.FIRES if fires else Certainty.MAY_FIRE
        )
        return finding


class _Rule:
    """A rule, the answers that it reads, and what is remembered of it."""

    def __init__(self, scoped: ScopedRule, number: int) -> None:
        self.number = number
        self.bit = 1 << number % RULES_TOGETHER
        facts = dict.fromkeys(atom.fact for atom in atoms(scoped.rule.when))
        of_person = [name for name in facts if not name.startswith(TRIAL)]
        self.answers: Callable[[Answers], object] = itemgetter(*of_person) if of_person else _none
        """Those that it reads, of the person's."""
        self.of_trial = tuple(name.removeprefix(TRIAL) for name in facts if name.startswith(TRIAL))
        self.about_a_trial = scoped.about_a_trial
        self.found: dict[object, Finding] = {}


class _Row(dict[int, tuple[_Rule, ...]]):
    """Eight rules: for each byte, those whose bits are in it."""

    def __init__(self, rules: Sequence[_Rule]) -> None:
        self.rules = rules

    def __missing__(self, byte: int) -> tuple[_Rule, ...]:
        found = self[byte] = tuple(rule for place, rule in enumerate(self.rules) if byte >> place & 1)
        return found


def _none(_: Answers) -> None:
    """What is read of the person by a rule that asks for nothing of theirs."""


def _in_rows(rules: Sequence[_Rule]) -> list[list[_Row]]:
    """Rules by the number that holds their bits, and in it by the byte."""
    together = [rules[number : number + RULES_TOGETHER] for number in range(0, len(rules), RULES_TOGETHER)]
    return [[_Row(some[byte : byte + 8]) for byte in range(0, len(some), 8)] for some in together]
