"""Answers in another unit, such as `25 kg`: which whole number of the fact's own unit they count as."""

from __future__ import annotations

from collections.abc import Iterator

from backscreen.model.conditions import Within
from backscreen.model.facts import RangeFact, Value, WrongAnswer
from backscreen.model.knowledge_base import KnowledgeBase


def read_answer(knowledge_base: KnowledgeBase, name: str, value: object) -> Value:
    """The answer that `value` is to the fact with this name in conditions; raises `WrongAnswer`.

    An amount in another unit lies between two whole numbers and counts as the nearest. But where a rule treats the two
    differently, it counts as the one that is more cautious, however near the other is.
    """
    spec = knowledge_base.facts[name]
    if isinstance(spec, RangeFact) and isinstance(value, str):
        amount = spec.amount(value)
        if amount is not None and amount[0] % amount[1]:
            cautious = _cautious(knowledge_base, name, spec, amount[0] // amount[1])
            return spec.read(value if cautious is None else cautious)
    return spec.read(value)


def _cautious(knowledge_base: KnowledgeBase, name: str, spec: RangeFact, below: int) -> int | None:
    """The more cautious of `below` and the next whole number, or None where no rule treats them differently."""
    choices = {choice for choice, restricts in _preferences(knowledge_base, name, spec, below) if restricts}
    if len(choices) > 1:
        what = f"{below} or {below + 1}, since rules treat these differently and neither is always more cautious"
        raise WrongAnswer(f"a whole number of {spec.unit}: {what}")
    others = {choice for choice, _ in _preferences(knowledge_base, name, spec, below)}
    return choices.pop() if choices else others.pop() if len(others) == 1 else None


def _preferences(knowledge_base: KnowledgeBase, name: str, spec: RangeFact, below: int) -> Iterator[tuple[int, bool]]:
    """Which of the two numbers is more cautious to a rule, and whether the rule restricts anything."""
    for span, effect, wanted in knowledge_base.spans.get(name, ()):
        if _holds(span, below) is not _holds(span, below + 1):
            fires_below = _holds(span, below) is wanted
            is_cautious_below = fires_below is not effect.helps  # it is less cautious to say "may help"
            yield below if is_cautious_below else below + 1, effect.restricts
    if spec.rests_on and spec.no is not None and spec.no in (below, below + 1):
        yield below if spec.no == below + 1 else below + 1, True  # a "no" lets the facts that it rests on be assumed


def _holds(span: Within, number: int) -> bool:
    return (span.low is None or span.low <= number) and (span.high is None or number <= span.high)
