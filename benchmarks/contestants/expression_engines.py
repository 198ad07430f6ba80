"""Adapters of engines for expressions: JsonLogic (panzi-json-logic) and rule-engine in pure Python, ZEN in Rust."""

import json
from functools import partial
from itertools import pairwise
from typing import Any

from backscreen.model.knowledge_base import KnowledgeBase
from benchmarks.contestants.contestant import Adapter
from benchmarks.contestants.engine import RuleTable
from benchmarks.contestants.expressions import Evaluate, Syntax, expression_adapter
from benchmarks.workload import Person, PlainTrial

JSON_LOGIC = Syntax(  # a missing `var` is null or its default, and `!==` holds for null too
    variable='{"var": "$x"}',
    yes='{"var": "$x"}',
    no='{"===": [{"var": "$x"}, false]}',
    maybe_yes='{"!==": [{"var": "$x"}, false]}',
    maybe_no='{"!==": [{"var": "$x"}, true]}',
    equal='{"===": [{"var": "$x"}, $v]}',
    one_of='{"in": [{"var": "$x"}, [$v]]}',
    between='{"<=": [$l, {"var": ["$x", $d]}, $h]}',
    number='{"$o": [{"var": ["$x", $d]}, $v]}',
    maybe_number='{"$o": [{"var": ["$x", $d]}, $v]}',
    all_of=('{"and": [', ", ", "]}"),
    any_of=('{"or": [', ", ", "]}"),
    certainty='{"and": [$maybe, {"or": [$sure, null]}]}',
    separator=".",
)
RULE_ENGINE = Syntax(number="($x != null and $x $o $v)", maybe_number="($x == null or $x $o $v)")
ZEN = Syntax(number="($x ?? $d) $o $v", maybe_number="($x ?? $d) $o $v", one_of="$x in [$v]", separator=".")


def load_json_logic(knowledge_base: KnowledgeBase) -> Adapter:
    """Load the rules as lists of logic."""
    from json_logic import jsonLogic

    def compile_array(text: str) -> Evaluate:
        return partial(jsonLogic, json.loads(text))

    return expression_adapter(knowledge_base, JSON_LOGIC, compile_array, _nested_input)


def load_rule_engine(knowledge_base: KnowledgeBase) -> Adapter:
    """Load the rules as arrays of expressions; a resolver gives null for what is unanswered."""
    import rule_engine

    context = rule_engine.Context(resolver=lambda answers, name: answers.get(name))

    def compile_array(text: str) -> Evaluate:
        evaluate: Evaluate = rule_engine.Rule(text, context=context).evaluate
        return evaluate

    return expression_adapter(knowledge_base, RULE_ENGINE, compile_array, _flat_input)


def load_zen(knowledge_base: KnowledgeBase) -> Adapter:
    """Load the rules as compiled arrays of expressions."""
    import zen

    def compile_array(text: str) -> Evaluate:
        evaluate: Evaluate = zen.compile_expression(text).evaluate
        return evaluate

    return expression_adapter(knowledge_base, ZEN, compile_array, _nested_input)


def load_zen_decision(knowledge_base: KnowledgeBase) -> Adapter:
    """Load the rules as decision graphs of an input, an expression node and an output."""
    import zen

    def compile_graph(text: str) -> Evaluate:
        engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": _graph(text)}}})

        def evaluate(variables: Any) -> list[bool | None]:
            values: list[bool | None] = engine.evaluate("rules", variables)["result"]["values"]
            return values

        return evaluate

    return expression_adapter(knowledge_base, ZEN, compile_graph, _nested_input)


def _graph(text: str) -> dict[str, object]:
    kinds = "inputNode", "expressionNode", "outputNode"
    nodes: list[dict[str, Any]] = [
        {"id": kind, "type": kind, "name": kind, "position": {"x": 0, "y": 0}} for kind in kinds
    ]
    nodes[1]["content"] = {"expressions": [{"id": "values", "key": "values", "value": text}]}
    edges = [{"id": target, "type": "edge", "sourceId": at, "targetId": target} for at, target in pairwise(kinds)]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _nested_input(table: RuleTable, person: Person, trial: PlainTrial) -> dict[str, Any]:
    """Return the input of a trial for a language that reads `trial.felt` as a path."""
    answers = person.answers
    known: dict[str, Any] = {fact: answers[fact] for fact in table.shared_facts if fact in answers}
    known["trial"] = {**trial.answers, **table.stretch_flags[trial.stretch]}
    return known


def _flat_input(table: RuleTable, person: Person, trial: PlainTrial) -> dict[str, Any]:
    """Return the input of a trial for a language that reads `trial_felt` as a name."""
    known: dict[str, Any] = {fact: person.answers.get(fact) for fact in table.shared_facts}
    known.update((f"trial_{name}", value) for name, value in trial.answers.items())
    known.update((f"trial_{name}", value) for name, value in table.stretch_flags[trial.stretch].items())
    return known
