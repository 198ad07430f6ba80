"""ZEN, GoRules' engine in Rust: the rules as one compiled expression that gives an array."""

from __future__ import annotations

from collections.abc import Sequence

from backscreen.rulebook.facts import Value
from backscreen.rulebook.rulebook import Guidance
from benchmarks.contestants.contestant import Contestant, Ready
from benchmarks.contestants.expressions import Evaluate, Input, default_of, nested, ready


class _Zen:
    """ZEN's expressions. `x != false` holds for null too; `and`, `or` and comparisons of a null are errors, so numbers have a default."""

    def itself(self, fact: str) -> str:
        return fact

    def flag(self, fact: str, value: bool, *, sure: bool) -> str:
        return f"{fact} == {_literal(value)}" if sure else f"{fact} != {_literal(not value)}"

    def choice(self, fact: str, values: Sequence[Value], *, sure: bool) -> str:
        legal = [_literal(value) for value in values] + [] if sure else [*(_literal(value) for value in values), "null"]
        return f"{fact} == {legal[0]}" if len(legal) == 1 else f"{fact} in [{', '.join(legal)}]"

    def between(self, fact: str, low: int | None, high: int | None, *, sure: bool) -> str:
        number = f"({fact} ?? {default_of(low, high, sure=sure)})"
        ends = [f"{number} >= {low}"] * (low is not None) + [f"{number} <= {high}"] * (high is not None)
        return self.every(ends)

    def every(self, parts: list[str]) -> str:
        return "(" + " and ".join(parts) + ")" if parts else "true"

    def some(self, parts: list[str]) -> str:
        return "(" + " or ".join(parts) + ")" if parts else "false"

    def three_valued(self, sure: str, possible: str) -> str:
        return f"({possible} ? ({sure} ? true : null) : false)"


def _literal(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"


def _prepare(guidance: Guidance) -> Ready:
    import zen

    def compiled(rules: list[str]) -> Evaluate:
        evaluate: Evaluate = zen.compile_expression(f"[{', '.join(rules)}]").evaluate
        return evaluate

    return ready(_Zen(), guidance, compiled, nested)


def _prepare_decisions(guidance: Guidance) -> Ready:
    import zen

    def compiled(rules: list[str]) -> Evaluate:
        engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": _decision(rules)}}})

        def evaluate(given: Input) -> list[bool | None]:
            values: list[bool | None] = engine.evaluate("rules", given)["result"]["values"]
            return values

        return evaluate

    return ready(_Zen(), guidance, compiled, nested)


def _decision(rules: list[str]) -> dict[str, object]:
    """A decision as ZEN's documents have it: what comes in, a node with an expression, and what goes out."""
    expression = {"id": "values", "key": "values", "value": f"[{', '.join(rules)}]"}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {"id": "rules", "type": "expressionNode", "name": "rules", "position": {"x": 1, "y": 0}, "content": {"expressions": [expression]}},
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]
    edges = [{"id": f"{one} {other}", "type": "edge", "sourceId": one, "targetId": other} for one, other in (("in", "rules"), ("rules", "out"))]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


CONTESTANTS = (
    Contestant(
        "ZEN",
        "zen-engine",
        "One compiled expression for the rules about the person and one for those about a trial, each an array with a value for every rule: true, null for"
        " may fire, or false. Of all that was tried, this was by far the fastest.",
        _prepare,
    ),
    Contestant(
        "ZEN, a decision",
        "zen-engine",
        "The same expressions in ZEN's own format: a decision of an input, an expression node and an output, asked through `ZenEngine.evaluate` with a static"
        " loader. (`ZenEngine.create_decision(...).evaluate` gives the same, some ten times slower: the Python binding then reads the graph anew each time.)",
        _prepare_decisions,
    ),
)
