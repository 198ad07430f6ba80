"""Screening with the compiled evaluator alone: from a profile to a screening in as few steps as there can be.

What rules do comes as bits. How things stand is remembered by them, since most people are told one of a few hundred things, and a finding by what the rule
read. Both memories are bounded, and hold what everybody shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from backscreen.engines.activations import ON_THE_PERSON, Activation, Certainty
from backscreen.engines.compiled import CompiledEngine, Decided, own_answers
from backscreen.engines.compiling.masks import RULES_TOGETHER, Masks
from backscreen.rulebook.conditions import atoms
from backscreen.rulebook.facts import TRIAL, Value
from backscreen.rulebook.profile import Profile
from backscreen.rulebook.rulebook import Guidance, Placed
from backscreen.rulebook.verdicts import Directive, Verdict
from backscreen.screening.answers import situation
from backscreen.screening.folding import bounds
from backscreen.screening.outcome import Finding, RulebookUsed, Screening, Standing, Told
from backscreen.screening.telling import Telling

MOST_STANDINGS = 4096
MOST_FINDINGS = 16_384


class Directly:
    """Screens, and tells why, from what the compiled evaluator decides; may be shared between threads."""

    def __init__(self, guidance: Guidance, engine: CompiledEngine, used: tuple[RulebookUsed, ...]) -> None:
        self._guidance = guidance
        self._engine = engine
        self._decide = engine.decide
        self._used = used
        self._standings: dict[tuple[int, int], Standing] = {}
        self._telling = Telling(guidance)
        self._lowest = engine.masks.lowest
        self._count = 0
        self._most_findings = max(MOST_FINDINGS, 2 * len(guidance.rules))
        self._rows = _in_rows([_Remembered(placed, number) for number, placed in enumerate(guidance.rules)])

    def screen(self, profile: Profile) -> Screening | None:
        """The screening, or None where the profile is not all as it must be, or anything else is out of the ordinary: then it takes the long way."""
        if type(profile) is not Profile or profile.left_open:
            return None
        try:
            decided = self._decide(profile.answers, profile.trials, profile.otherwise == "no")
        except Exception:  # whatever it is, the long way meets it again, and deals with it
            return None
        if decided is None:
            return None
        ends = decided[0]
        made: Screening = object.__new__(Screening)  # and not its `__init__`, which takes twice as long
        said = made.__dict__
        said["rulebooks"] = self._used
        said["engine"] = "compiled"
        said["fault"] = None
        said["_standing"] = self._standings.get(ends) or self._standing(ends)
        said["_tell"] = self, profile, decided
        return made

    def _standing(self, ends: tuple[int, int]) -> Standing:
        if len(self._standings) >= MOST_STANDINGS:
            self._standings.clear()
        found = self._standings[ends] = _read(self._engine.masks, *ends)
        return found

    def assumed(self, profile: Profile, _decided: Decided) -> tuple[str, ...]:
        """Which facts were assumed."""
        return situation(self._guidance, profile).assumed if profile.otherwise == "no" else ()

    def findings(self, profile: Profile, decided: Decided) -> tuple[Finding, ...]:
        """Which rules fire or may fire, and why."""
        person: Mapping[str, Value] = profile.answers
        trials: list[dict[str, Value]] = [trial.answers for trial in profile.trials]
        if profile.otherwise == "no":
            known = situation(self._guidance, profile)
            person = known.person.answers
            trials = [own_answers(trial) for trial in known.trials]
        found: list[Finding] = []
        _, fire, may_fire, of_trials = decided
        for together, (rows, sure, possible) in enumerate(zip(self._rows, fire, may_fire, strict=True)):
            every = (sure | possible) >> self._lowest
            of_each = [(sure[together] | possible[together]) >> self._lowest for sure, possible in of_trials]
            for trial_bits in of_each:
                every |= trial_bits
            for row, byte in zip(rows, every.to_bytes(_BYTES, "little"), strict=True):
                for one in row[byte] if byte else ():
                    if one.of_trial is None:
                        key = person.get(one.fact) if one.fact else tuple(map(person.get, one.of_person))
                        found.append(one.found.get(key) or self._remember(one, key, profile, decided, ON_THE_PERSON))
                        continue
                    for index, (trial_bits, answers) in enumerate(zip(of_each, trials, strict=True)):
                        if trial_bits & one.bit:
                            key = index, profile.trials[index].stretch, *map(person.get, one.of_person), *map(answers.get, one.of_trial)
                            found.append(one.found.get(key) or self._remember(one, key, profile, decided, index))
        return tuple(found)

    def _remember(self, one: _Remembered, key: object, profile: Profile, decided: Decided, trial: int) -> Finding:
        """A finding that is not remembered yet."""
        if self._count >= self._most_findings:
            self._forget()
        self._count += 1
        _, fire, _, of_trials = decided
        sure = fire if trial == ON_THE_PERSON else of_trials[trial][0]
        fires = sure[one.number // RULES_TOGETHER] >> self._lowest & one.bit
        certainty = Certainty.FIRES if fires else Certainty.MAY_FIRE
        found = one.found[key] = self._telling.finding(situation(self._guidance, profile), Activation(one.number, trial), certainty)
        return found

    def _forget(self) -> None:
        """Begin anew with findings."""
        self._count = 0
        for rows in self._rows:
            for row in rows:
                for one in row.rules:
                    one.found.clear()

    def told(self, profile: Profile, decided: Decided) -> Told:
        """What is said of each stretch, and what is still to be asked."""
        known, activations = situation(self._guidance, profile), self._engine.told(Decided(*decided))
        return self._telling.told(known, activations, bounds(self._guidance, known, activations))


class _Remembered:
    """The findings of one rule, by all that they depend on: what it reads, and of a trial which it is and of which stretch."""

    def __init__(self, placed: Placed, number: int) -> None:
        self.number = number
        self.bit = 1 << number % RULES_TOGETHER
        facts = dict.fromkeys(atom.fact for atom in atoms(placed.rule.when))
        self.of_person = tuple(name for name in facts if not name.startswith(TRIAL))
        self.of_trial = tuple(name.removeprefix(TRIAL) for name in facts if name.startswith(TRIAL)) if placed.about_a_trial else None
        self.fact = self.of_person[0] if len(facts) == 1 and self.of_trial is None else None
        self.found: dict[object, Finding] = {}


class _Row(dict[int, tuple[_Remembered, ...]]):
    """Eight rules: for each byte, those whose bits are in it."""

    def __init__(self, rules: Sequence[_Remembered]) -> None:
        self.rules = rules

    def __missing__(self, byte: int) -> tuple[_Remembered, ...]:
        found = self[byte] = tuple(rule for place, rule in enumerate(self.rules) if byte >> place & 1)
        return found


_BYTES = RULES_TOGETHER // 8


def _in_rows(rules: Sequence[_Remembered]) -> list[list[_Row]]:
    """Rules by the number that holds them, and in it by the byte."""
    numbers = range(0, max(len(rules), 1), RULES_TOGETHER)
    return [[_Row(rules[number:][byte * 8 : byte * 8 + 8]) for byte in range(_BYTES)] for number in numbers]


def _read(masks: Masks, best: int, worst: int) -> Standing:
    """What these effects come to."""
    at_best, at_worst = masks.directive(best), masks.directive(worst)
    strongest = masks.strongest(worst)
    verdicts = {name: verdict if verdict is strongest[name] else Verdict.UNDETERMINED for name, verdict in masks.strongest(best).items()}
    return Standing(at_best if at_best is at_worst else Directive.UNDETERMINED, at_best, at_worst, MappingProxyType(verdicts))
