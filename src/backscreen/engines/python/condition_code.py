"""Terms as source: one expression that says whether a term surely holds, and one whether it possibly does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import assert_never

from backscreen.engines.lowering.terms import NO, UNKNOWN, YES, Among, Between, Clause, Every, Some, Term, inner
from backscreen.engines.python.source_lines import Lines, bits, whole


class Conditions:
    """Writes the terms of some rules; what stands in several of them is worked out once."""

    def __init__(self, lines: Lines, letters: tuple[str, str]) -> None:
        self._lines = lines
        self._possible, self._sure = letters
        self._shared: dict[Term, int] = {}

    def share(self, found: Iterable[Clause]) -> None:
        """Work out what stands in several rules: each such part, from the smallest, as two variables."""
        counts = Counter(one for clause in found for part in clause for one in inner(part))
        for one in sorted(
            (one for one, count in counts.items() if count > 1), key=lambda one: sum(1 for _ in inner(one))
        ):
            number = len(self._shared)
            self._lines.line(f"{self._possible}{number} = {self._possibly(one)}")
            self._lines.line(f"{self._sure}{number} = {self._surely(one)}")
            self._shared[one] = number

    def possibly(self, clause: Clause) -> str:
        """Whether a clause holds, taking the best of what is unknown."""
        return " and ".join(map(self._possibly, clause))

    def surely(self, clause: Clause) -> str:
        """Whether a clause holds whatever the unknown is."""
        return " and ".join(map(self._surely, clause))

    def _possibly(self, of: Term) -> str:
        match of:
            case Every() | Some():
                return f"{self._possible}{self._shared[of]}" if of in self._shared else _joined(of, self._possibly)
            case Among(variable, options, is_flag=True):
                return {YES: f"{variable} is not False", NO: f"{variable} is not True", YES | NO: "True"}.get(
                    options, f"{variable} is None"
                )
            case Among(variable, options):
                return f"{variable} & {bits(options | UNKNOWN)}"
            case Between(variable):
                return f"({variable} is None or {span(of)})"
            case _:
                assert_never(of)

    def _surely(self, of: Term) -> str:
        match of:
            case Every() | Some():
                return f"{self._sure}{self._shared[of]}" if of in self._shared else _joined(of, self._surely)
            case Among(variable, options, is_flag=True):
                return {
                    YES: f"{variable} is True",
                    NO: f"{variable} is False",
                    YES | NO: f"{variable} is not None",
                }.get(options, "False")
            case Among(variable, options):
                return f"{variable} & {bits(options)}"
            case Between(variable):
                return f"({variable} is not None and {span(of)})"
            case _:
                assert_never(of)


def _joined(of: Every | Some, reading: Callable[[Term], str]) -> str:
    together = isinstance(of, Every)
    return "(" + (" and " if together else " or ").join(map(reading, of.parts)) + ")" if of.parts else str(together)


def span(test: Between) -> str:
    """Whether a number that is known lies where the test wants it."""
    low = "" if test.low is None else f"{whole(test.low)} <= "
    high = "" if test.high is None else f" <= {whole(test.high)}"
    return f"{'' if test.inside else 'not '}{low}{test.variable}{high}"
