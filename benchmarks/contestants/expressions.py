"""Rules as expressions: each is true where the rule fires, null where it may fire, else false.

A condition is written twice: once so that it holds for sure, once so that it holds possibly, whatever is unknown.
Negations are pushed down to the atoms. How a language writes atoms and joins is data.
"""

from collections.abc import Callable, Mapping, Sequence
from json import dumps
from typing import Any, assert_never

from attrs import frozen

from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.model.facts import Fact, Flag, Value
from backscreen.model.knowledge_base import KnowledgeBase
from benchmarks.contestants.contestant import Adapter
from benchmarks.contestants.engine import Program, RuleTable, Values, adapter
from benchmarks.workload import Person, PlainTrial

Evaluate = Callable[[Any], list[bool | None]]


@frozen
class Syntax:
    """Templates of a language: `$x` is a fact, `$o` is `<=` or `>=`, `$v` a value, and `$d` one for an unknown fact."""

    number: str
    maybe_number: str
    yes: str = "$x == true"
    no: str = "$x == false"
    maybe_yes: str = "$x != false"
    maybe_no: str = "$x != true"
    equal: str = "$x == $v"
    unknown: str = ""
    """For an unknown choice, where it is not `equal` to null."""
    one_of: str = ""
    """For several values, `$v`, where the language has a faster way than to ask for each."""
    between: str = ""
    """For a number from `$l` to `$h`, likewise."""
    all_of: tuple[str, str, str] = ("(", " and ", ")")
    any_of: tuple[str, str, str] = ("(", " or ", ")")
    variable: str = "$x"
    certainty: str = "($maybe ? ($sure ? true : null) : false)"
    separator: str = "_"
    """What joins the parts of `trial.felt`."""

    def atom(self, template: str, fact: str, **values: object) -> str:
        text = template.replace("$x", fact.replace(".", self.separator))
        for name, value in values.items():
            text = text.replace(f"${name}", str(value))
        return text

    def bound(self, fact: str, operator: str, bound: int, *, sure: bool) -> str:
        outside = bound - 1 if operator == ">=" else bound + 1
        template = self.number if sure else self.maybe_number
        return self.atom(template, fact, o=operator, v=bound, d=outside if sure else bound)

    def options(self, fact: str, values: Sequence[Value | None]) -> str:
        if self.one_of and len(values) > 1:
            return self.atom(self.one_of, fact, v=dumps(values)[1:-1])
        templates = [self.unknown or self.equal if value is None else self.equal for value in values]
        tests = [self.atom(template, fact, v=dumps(v)) for template, v in zip(templates, values, strict=True)]
        return self.join(tests, conjunction=False)

    def join(self, parts: Sequence[str], *, conjunction: bool) -> str:
        start, separator, end = self.all_of if conjunction else self.any_of
        return f"{start}{separator.join(parts)}{end}" if len(parts) > 1 else parts[0] if parts else dumps(conjunction)


def both_readings(syntax: Syntax, facts: Mapping[str, Fact], condition: Condition) -> list[str]:
    """Return the sure and the possible expression of a condition."""
    return [_expression(syntax, facts, condition, sure, holds=True) for sure in (True, False)]


def _expression(syntax: Syntax, facts: Mapping[str, Fact], condition: Condition, sure: bool, *, holds: bool) -> str:
    match condition:
        case OneOf(fact, values):
            spec = facts[fact]
            legal = [value for value in getattr(spec, "values", ()) if (value in values) == holds]
            if isinstance(spec, Flag):
                yes, no = (syntax.yes, syntax.no) if sure else (syntax.maybe_yes, syntax.maybe_no)
                return syntax.atom(yes if True in legal else no, fact)
            return syntax.options(fact, legal if sure else [*legal, None])
        case Within(fact, int() as low, int() as high) if holds and syntax.between:
            return syntax.atom(syntax.between, fact, l=low, h=high, d=low - sure)
        case Within(fact, low, high):
            bounds = [] if low is None else [(">=", low) if holds else ("<=", low - 1)]
            bounds += [] if high is None else [("<=", high) if holds else (">=", high + 1)]
            return syntax.join([syntax.bound(fact, *bound, sure=sure) for bound in bounds], conjunction=holds)
        case AllOf(parts) | AnyOf(parts):
            expressions = [_expression(syntax, facts, part, sure, holds=holds) for part in parts]
            return syntax.join(expressions, conjunction=isinstance(condition, AllOf) == holds)
        case Not(part):
            return _expression(syntax, facts, part, sure, holds=not holds)
        case _:
            assert_never(condition)


def _value(syntax: Syntax, facts: Mapping[str, Fact], condition: Condition) -> str:
    while isinstance(condition, AllOf | AnyOf) and len(condition.parts) == 1:
        (condition,) = condition.parts
    match condition:
        case AllOf(()):
            return "true"
        case OneOf(fact, (True,)):
            return syntax.atom(syntax.variable, fact)  # the flag itself is true, null or false
        case _:
            sure, maybe = both_readings(syntax, facts, condition)
            return syntax.certainty.replace("$sure", sure).replace("$maybe", maybe)


def expression_adapter(
    knowledge_base: KnowledgeBase,
    syntax: Syntax,
    compile_array: Callable[[str], Evaluate],
    trial_input: Callable[[RuleTable, Person, PlainTrial], Any],
) -> Adapter:
    """Return an adapter with an array of expressions for the rules about the person and one for those about a trial."""

    def load(table: RuleTable) -> Program:
        evaluate, evaluate_trial = (
            compile_array(f"[{', '.join(_value(syntax, table.facts, condition) for condition in conditions.values())}]")
            for conditions in (table.person, table.trial)
        )

        def ask(person: Person) -> list[bool | None]:
            return evaluate(person.answers)

        def ask_trial(person: Person, trial: PlainTrial) -> list[bool | None]:
            return evaluate_trial(trial_input(table, person, trial))

        return Program(ask, ask_trial, Values(table.person), Values(table.trial))

    return adapter(knowledge_base, load)
