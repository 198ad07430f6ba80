"""Parser of `when:`, which checks a condition against the declared facts."""

from __future__ import annotations

from collections.abc import Container

from attrs import define

from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.suggestions import nearest, one_of, suggest
from backscreen.model.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    Not,
    OneOf,
    TooIntricate,
    Within,
    alternatives,
    is_consistent,
)
from backscreen.model.facts import TRIAL, Fact, RangeFact, Value, WrongAnswer, written

_COMPARISONS = ("at_least", "more_than", "at_most", "less_than")


@define
class Effort:
    """Atoms of alternatives that the conditions of one rulebook may still have; durable_rules needs 10 kB for each."""

    left: int = 40_000


def read_condition(
    value: object,
    facts: dict[str, Fact],
    misdeclared: Container[str] = (),
    effort: Effort | None = None,
) -> tuple[Condition | None, list[Diagnostic]]:
    """Return the condition, or None, and everything that is wrong with it, except about `misdeclared` facts."""
    reader = _Reader(facts, misdeclared, effort or Effort())
    if value == {}:
        return ALWAYS, []
    condition = reader.conjunction(value, ())
    return (None if reader.diagnostics else condition), reader.diagnostics


class _Reader:
    """Parser of one condition, with its diagnostics."""

    def __init__(self, facts: dict[str, Fact], misdeclared: Container[str], effort: Effort) -> None:
        self._effort = effort
        self._facts = facts
        self._misdeclared = misdeclared
        self._is_blind = False
        self.diagnostics: list[Diagnostic] = []

    def _complain(self, code: Code, path: DocumentPath, what: str, help_: str, *, key: bool = False) -> None:
        self.diagnostics.append(Diagnostic(what, path=path, help=help_, code=code, at_key=key))

    def conjunction(self, value: object, path: DocumentPath) -> Condition | None:
        if not isinstance(value, dict):
            self._complain(
                "not-a-condition", path, "this is not a condition", "write a mapping such as `{sciatica: yes}`"
            )
            return None
        if not value:
            self._complain("empty-condition", path, "this condition is empty", "write what must hold, or remove it")
            return None
        parts = [self._entry(key, entry, (*path, key)) for key, entry in value.items()]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return self._sensible(known[0] if len(known) == 1 else AllOf(tuple(known)), path)

    def _entry(self, key: str, entry: object, path: DocumentPath) -> Condition | None:
        match key:
            case "any" | "all":
                return self._several(key, entry, path)
            case "not":
                part = self.conjunction(entry, path)
                return None if part is None else Not(part)
            case _:
                return self._atom(key, entry, path)

    def _several(self, key: str, entry: object, path: DocumentPath) -> Condition | None:
        if not isinstance(entry, list) or not entry:
            self._complain(
                "not-a-list",
                path,
                f"`{key}` takes a list of conditions",
                f"write `{key}: [{{sciatica: yes}}, {{scoliosis: yes}}]`",
            )
            return None
        parts = [self.conjunction(part, (*path, index)) for index, part in enumerate(entry)]
        known = tuple(part for part in parts if part is not None)
        if len(known) < len(parts):
            return None
        return self._sensible(AnyOf(known) if key == "any" else AllOf(known), path)

    def _atom(self, name: str, entry: object, path: DocumentPath) -> Condition | None:
        spec = self._facts.get(name)
        if spec is None and name in self._misdeclared:
            self._is_blind = True
            return OneOf(name, ())  # a stand-in, so that the rest of the rule is checked
        if spec is None:
            if name == TRIAL + "stretch":
                self._complain(
                    "stretch-in-condition",
                    path,
                    "`trial.stretch` is not asked in `when`",
                    "narrow the rule with `tried: {stretches: [...]}`",
                    key=True,
                )
            else:
                meant = TRIAL + name if TRIAL + name in self._facts else name
                help_ = suggest(
                    meant,
                    [*self._facts, "any", "all", "not"],
                    "facts are declared in facts.yaml, those of a trial under `trial:`",
                )
                self._complain("unknown-fact", path, f"unknown fact `{name[:60]}`", help_, key=True)
            return None
        if isinstance(entry, dict):
            atom: Condition | None = self._comparison(spec, name, entry, path)
        elif isinstance(entry, list):
            atom = self._literals(spec, name, entry, path)
        else:
            atom = self._literal(spec, name, entry, path)
        return None if atom is None else self._sensible(atom, path)

    def _value(self, spec: Fact, entry: object, path: DocumentPath) -> Value | None:
        try:
            return spec.read(entry)
        except WrongAnswer as wrong:
            if not isinstance(entry, bool | int | str):
                self._complain(
                    "wrong-answer", path, f"this is not an answer to `{spec.id}`", f"expected {wrong.expected}"
                )
                return None
            given = written(entry)[:60]
            close = None if given in wrong.legal else nearest(given, wrong.legal)
            expected = f"expected {wrong.expected}"
            help_ = f"did you mean `{close}`? {expected}" if close else expected
            self._complain("wrong-answer", path, f"`{given}` is not an answer to `{spec.id}`", help_)
            return None

    def _literal(self, spec: Fact, name: str, entry: object, path: DocumentPath) -> Condition | None:
        value = self._value(spec, entry, path)
        if value is None:
            return None
        return (
            Within(name, value, value)
            if isinstance(spec, RangeFact) and isinstance(value, int)
            else OneOf(name, (value,))
        )

    def _literals(self, spec: Fact, name: str, entry: list[object], path: DocumentPath) -> Condition | None:
        if not entry:
            self._complain("empty-list", path, "this list is empty", "write the answers of which one must be given")
            return None
        values = [self._value(spec, item, (*path, index)) for index, item in enumerate(entry)]
        known = tuple(dict.fromkeys(value for value in values if value is not None))
        if len(known) < len(values):
            if None not in values:
                self._complain("repeated-name", path, "duplicate answer in this list", "remove one of the two")
            return None
        if isinstance(spec, RangeFact):
            return AnyOf(tuple(Within(name, value, value) for value in known if isinstance(value, int)))
        return OneOf(name, known)

    def _comparison(self, spec: Fact, name: str, entry: dict[str, object], path: DocumentPath) -> Condition | None:
        if not isinstance(spec, RangeFact):
            self._complain(
                "not-comparable",
                path,
                f"`{spec.id}` is not a number, and cannot be compared",
                "write one answer, or a list of answers",
            )
            return None
        legal = True
        for key, end in entry.items():
            if key not in _COMPARISONS:
                self._complain(
                    "unknown-comparison",
                    (*path, key),
                    f"unknown comparison `{key[:60]}`",
                    suggest(key, _COMPARISONS, f"there are {one_of(_COMPARISONS)}"),
                    key=True,
                )
                legal = False
            elif not isinstance(end, int) or isinstance(end, bool):
                self._complain(
                    "not-a-number", (*path, key), "this is not a whole number", f"write a whole number of {spec.unit}"
                )
                legal = False
        if not entry or {"at_least", "more_than"} <= set(entry) or {"at_most", "less_than"} <= set(entry):
            self._complain(
                "comparison-ends",
                path,
                "a comparison has one lower end, one upper end or both",
                f"write one or two of {one_of(_COMPARISONS)}",
            )
            legal = False
        if not legal:
            return None
        ends = {key: end for key, end in entry.items() if isinstance(end, int)}
        low = ends["more_than"] + 1 if "more_than" in ends else ends.get("at_least")
        high = ends["less_than"] - 1 if "less_than" in ends else ends.get("at_most")
        return Within(name, low, high)

    def _sensible(self, condition: Condition, path: DocumentPath) -> Condition | None:
        """Return the condition unless it can never or must always hold; report an error at the smallest part."""
        if self._is_blind:  # without all facts, nothing is known about what can hold
            return condition
        try:
            if not self._can_hold(condition):
                self._complain(
                    "never-holds",
                    path,
                    "this can never hold",
                    "no answers fulfil it; check its values and bounds",
                )
                return None
            if not self._can_hold(condition, holds=False):
                self._complain(
                    "always-holds",
                    path,
                    "this always holds",
                    "every answer fulfils it; remove it, or check its values and bounds",
                )
                return None
        except TooIntricate:
            if self._effort.left < 0 and self.diagnostics:  # reported once, not for every part from here on
                return None
            self._complain(
                "too-intricate",
                path,
                "this condition has too many alternatives",
                "split the rule into several",
            )
            return None
        return condition

    def _can_hold(self, condition: Condition, *, holds: bool = True) -> bool:
        found = alternatives(condition, self._facts, holds=holds)
        self._effort.left -= len(found) + sum(len(alternative) for alternative in found)
        if self._effort.left < 0:
            raise TooIntricate
        return any(is_consistent(alternative, self._facts) for alternative in found)
