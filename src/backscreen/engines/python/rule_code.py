"""Code for the rules, grouped by the answer they require first: a "no" skips the whole group in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from typing import assert_never

from attrs import frozen

from backscreen.engines.lowering.terms import NO, YES, Among, Between, Clause, Test
from backscreen.engines.python.answer_code import Variables
from backscreen.engines.python.condition_code import Conditions, span
from backscreen.engines.python.source_lines import Lines, bits, whole
from backscreen.model.facts import OptionFact, RangeFact


@frozen(eq=False)
class Action:
    """What a rule does, as bits, and in which of the numbers these stand."""

    number: int
    bits: int


Acting = tuple[Clause, Action]
Guarded = list[tuple[Test, Acting]]
"""Clauses that are found by a test on one variable, each without that test."""


class Acts:
    """Writer of the rules' code; the two letters name the variables for rules that fire and for those that may.

    INVARIANT: the code checks every flag and every number in `variables`, and returns None if one is invalid.
    """

    def __init__(self, lines: Lines, variables: Variables, conditions: Conditions, letters: tuple[str, str]) -> None:
        self._lines = lines
        self._variables = variables
        self._conditions = conditions
        self._sure, self._possible = letters

    def write(self, rules: Iterable[Acting]) -> None:
        """All that these rules do."""
        rules = [*rules]
        self._conditions.share(clause for clause, _ in rules)
        guarded: dict[str, Guarded] = {variable: [] for variable, _ in self._variables.values()}
        others: list[Acting] = []
        for clause, action in rules:
            guard = _guard(clause, guarded)
            if guard is None:
                others.append((clause, action))
            else:
                guarded[guard.variable].append((guard, (tuple(part for part in clause if part is not guard), action)))
        for variable, spec in self._variables.values():
            match spec:
                case OptionFact(is_flag=True):
                    self._by_flag(variable, guarded[variable])
                case OptionFact():
                    self._by_choice(guarded[variable])
                case RangeFact():
                    self._by_number(variable, spec, guarded[variable])
                case _:
                    assert_never(spec)
        self._where_sure(others)

    def _by_flag(self, variable: str, rules: Guarded) -> None:
        yes, no = (
            [acting for test, acting in rules if isinstance(test, Among) and test.options == wanted]
            for wanted in (YES, NO)
        )
        if not rules:
            with self._lines.block(
                f"if {variable} is not False and {variable} is not True and {variable} is not None:"
            ):
                self._lines.line("return None")
            return
        with self._lines.block(f"if {variable} is not False:"):
            with self._lines.block(f"if {variable} is None:"):
                self._where_unknown([*yes, *no])
            with self._lines.block(f"elif {variable} is True:"):
                self._where_sure(yes, otherwise="pass")
            with self._lines.block("else:"):
                self._lines.line("return None")
        if no:
            with self._lines.block("else:"):
                self._where_sure(no)

    def _by_choice(self, rules: Guarded) -> None:
        for test, here in _by_test(rules).items():
            with self._lines.block(f"if {self._conditions.possibly((test,))}:"):
                with self._lines.block(f"if {self._conditions.surely((test,))}:"):
                    self._where_sure(here)
                with self._lines.block("else:"):
                    self._where_unknown(here)

    def _by_number(self, variable: str, spec: RangeFact, rules: Guarded) -> None:
        with self._lines.block(f"if {variable} is None:"):
            self._where_unknown([acting for _, acting in rules], otherwise="pass")
        with self._lines.block(
            f"elif type({variable}) is not int or not {whole(spec.at_least)} <= {variable} <= {whole(spec.at_most)}:"
        ):
            self._lines.line("return None")
        with self._lines.block("else:") if rules else nullcontext():
            for test, here in _by_test(rules).items():
                assert isinstance(test, Between)
                with self._lines.block(f"if {span(test)}:"):
                    self._where_sure(here)

    def _where_sure(self, rules: Iterable[Acting], otherwise: str = "") -> None:
        """What rules do where the test by which they were found holds for certain."""
        rules = [*rules]
        self._do(self._sure, [action for clause, action in rules if not clause])
        for clause, here in _by_clause(rules).items():
            with self._lines.block(f"if {self._conditions.possibly(clause)}:"):
                with self._lines.block(f"if {self._conditions.surely(clause)}:"):
                    self._do(self._sure, here)
                with self._lines.block("else:"):
                    self._do(self._possible, here)
        if otherwise and not rules:
            self._lines.line(otherwise)

    def _where_unknown(self, rules: Iterable[Acting], otherwise: str = "") -> None:
        """What rules may do where it is not known whether that test holds."""
        rules = [*rules]
        self._do(self._possible, [action for clause, action in rules if not clause])
        for clause, here in _by_clause(rules).items():
            with self._lines.block(f"if {self._conditions.possibly(clause)}:"):
                self._do(self._possible, here)
        if otherwise and not rules:
            self._lines.line(otherwise)

    def _do(self, letter: str, actions: Iterable[Action]) -> None:
        sums: dict[int, int] = {}
        for action in actions:
            sums[action.number] = sums.get(action.number, 0) | action.bits
        for number, found in sums.items():
            self._lines.line(f"{letter}{number} |= {bits(found)}")


def _guard(clause: Clause, variables: Mapping[str, object]) -> Test | None:
    """Return the test that guards a clause: a flag that must be yes, else any flag, then a choice, then a number."""
    tests = [part for part in clause if isinstance(part, Among | Between) and part.variable in variables]
    ranks = {test: rank for test in tests if (rank := _rank(test)) is not None}
    return min(ranks, key=ranks.__getitem__, default=None)


def _rank(test: Test) -> int | None:
    """Return the rank of a test as a guard; None for a flag's test that accepts both answers, or neither."""
    if isinstance(test, Between):
        return 3
    if not test.is_flag:
        return 2
    return {YES: 0, NO: 1}.get(test.options)


def _by_test(rules: Guarded) -> dict[Test, list[Acting]]:
    found: dict[Test, list[Acting]] = {}
    for test, acting in rules:
        found.setdefault(test, []).append(acting)
    return found


def _by_clause(rules: Iterable[Acting]) -> dict[Clause, list[Action]]:
    """What is done by what is still asked for, where something is."""
    found: dict[Clause, list[Action]] = {}
    for clause, action in rules:
        if clause:
            found.setdefault(clause, []).append(action)
    return found
