"""Findings that were put together once are told again: nearly all that a rule can say is said to very many people.

A finding is remembered by all that it hangs on: the answers that its rule reads, and of a trial also which it is and of which stretch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backscreen.engines.activations import ON_THE_PERSON, Activation, Certainty
from backscreen.engines.compiled import Decided, own_answers
from backscreen.engines.compiling.masks import RULES_TOGETHER, Masks
from backscreen.rulebook.conditions import atoms
from backscreen.rulebook.facts import TRIAL, Value
from backscreen.rulebook.profile import Profile, answers_of
from backscreen.rulebook.rulebook import Guidance, Placed
from backscreen.screening.answers import Situation, situation
from backscreen.screening.outcome import Finding
from backscreen.screening.telling import Places, Telling

MOST_FINDINGS = 16_384
"""About so many are remembered, or two for each rule where that is more; then all are forgotten."""

Answers = Mapping[str, Value]


class Findings:
    """Tells findings from the bits of rules; may be shared between threads."""

    def __init__(self, guidance: Guidance, masks: Masks, telling: Telling) -> None:
        self._guidance = guidance
        self._telling = telling
        self._lowest = masks.lowest
        self._rows = _in_rows([_Rule(placed, number) for number, placed in enumerate(guidance.rules)])
        self._count = 0
        self._most = max(MOST_FINDINGS, 2 * len(guidance.rules))

    def told(self, profile: Profile, decided: Decided) -> tuple[Finding, ...]:
        """Which rules fire or may fire, and why: in the order of the rules, then of trials."""
        person, trials = self._answers(profile)
        late = _Late(self._guidance, self._telling, profile)
        found: list[Finding] = []
        _, fire, may_fire, of_trials = decided
        for together, rows in enumerate(self._rows):
            sure = fire[together] >> self._lowest
            every = sure | may_fire[together] >> self._lowest
            tried = [(both[0][together] >> self._lowest, both[1][together] >> self._lowest) for both in of_trials]
            for fires, may in tried:
                every |= fires | may
            for row, byte in zip(rows, every.to_bytes(_BYTES, "little"), strict=True):
                for rule in row[byte] if byte else ():
                    if not rule.about_a_trial:
                        key = person.get(rule.fact) if rule.fact else tuple(map(person.get, rule.of_person))
                        found.append(rule.found.get(key) or self._remember(rule, key, late.finding(rule.number, ON_THE_PERSON, rule.bit & sure)))
                        continue
                    for index, (fires, may) in enumerate(tried):
                        if rule.bit & (fires | may):
                            of_trial = index, profile.trials[index].stretch, *map(person.get, rule.of_person), *map(trials[index].get, rule.of_trial)
                            found.append(rule.found.get(of_trial) or self._remember(rule, of_trial, late.finding(rule.number, index, rule.bit & fires)))
        return tuple(found)

    def _answers(self, profile: Profile) -> tuple[Answers, Sequence[Answers]]:
        """What is known, assumptions too, of the person and of each trial by plain names."""
        if profile.otherwise == "no":
            known = situation(self._guidance, profile)
            return known.person.answers, [own_answers(trial) for trial in known.trials]
        return answers_of(profile), [answers_of(trial) for trial in profile.trials]

    def _remember(self, rule: _Rule, key: object, finding: Finding) -> Finding:
        if self._count >= self._most:
            self._count = 0
            for rows in self._rows:
                for row in rows:
                    for one in row.rules:
                        one.found.clear()
        self._count += 1
        rule.found[key] = finding
        return finding


class _Late:
    """What a finding is put together from, worked out where one is not remembered."""

    def __init__(self, guidance: Guidance, telling: Telling, profile: Profile) -> None:
        self._guidance = guidance
        self._telling = telling
        self._profile = profile
        self._known: tuple[Situation, Places] | None = None

    def finding(self, rule: int, trial: int, fires: int) -> Finding:
        """The finding of a rule, on the person or on a trial."""
        if self._known is None:
            self._known = situation(self._guidance, self._profile), self._telling.order(len(self._profile.trials))
        return self._telling.finding(*self._known, Activation(rule, trial), Certainty.FIRES if fires else Certainty.MAY_FIRE)


class _Rule:
    """A rule, the facts that it reads, and what is remembered of it. `fact` is the only one, of a rule about the person that reads no other."""

    def __init__(self, placed: Placed, number: int) -> None:
        self.number = number
        self.bit = 1 << number % RULES_TOGETHER
        facts = dict.fromkeys(atom.fact for atom in atoms(placed.rule.when))
        self.of_person = tuple(name for name in facts if not name.startswith(TRIAL))
        self.of_trial = tuple(name.removeprefix(TRIAL) for name in facts if name.startswith(TRIAL))
        self.about_a_trial = placed.about_a_trial
        self.fact = self.of_person[0] if len(facts) == 1 and not placed.about_a_trial else None
        self.found: dict[object, Finding] = {}


class _Row(dict[int, tuple[_Rule, ...]]):
    """Eight rules: for each byte, those whose bits are in it."""

    def __init__(self, rules: Sequence[_Rule]) -> None:
        self.rules = rules

    def __missing__(self, byte: int) -> tuple[_Rule, ...]:
        found = self[byte] = tuple(rule for place, rule in enumerate(self.rules) if byte >> place & 1)
        return found


_BYTES = RULES_TOGETHER // 8


def _in_rows(rules: Sequence[_Rule]) -> list[list[_Row]]:
    """Rules by the number that holds their bits, and in it by the byte."""
    numbers = range(0, max(len(rules), 1), RULES_TOGETHER)
    return [[_Row(rules[number:][byte * 8 : byte * 8 + 8]) for byte in range(_BYTES)] for number in numbers]
