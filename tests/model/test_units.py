"""Answers in another unit never end looser than either whole number that they lie between."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from backscreen import Effect, Profile, ProfileError, Screener, Screening
from backscreen.loading.profile_validation import check
from backscreen.loading.rulebook_files import load_rulebooks, load_texts
from backscreen.model.catalogue import Everything
from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.model.facts import Flag, Number, Unit
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import About
from tests.helpers.small import SMALL

BOOK = load_texts(SMALL)
RULE = next(rule for rule in BOOK.rules if not rule.about_a_trial and rule.effect is Effect.AVOID)
HEIGHT = Number(
    id="height",
    title="Height",
    question="?",
    unit="m",
    at_least=0,
    at_most=9,
    also_in=(Unit(unit="dm", times=1, over=10),),
)


def knowledge_base(*rules: tuple[Condition, Effect], number: Number = HEIGHT) -> KnowledgeBase:
    """A rulebook with these rules and no others."""
    written = tuple(
        evolve(RULE, id=f"rule-{place}", when=when, effect=effect, about=About.PERSON, applies_to=Everything())
        for place, (when, effect) in enumerate(rules)
    )
    flag = Flag(id="flag", title="Flag", question="?")
    return KnowledgeBase([evolve(BOOK, person_facts=(number, flag), trial_facts=(), groups=(), rules=written)])


def counted(rulebook: KnowledgeBase, answer: str) -> Any:
    checked, diagnostics = check(rulebook, Profile({"height": answer}))
    return [diagnostic.code for diagnostic in diagnostics] or checked.facts["height"]


@pytest.mark.parametrize(
    ("when", "effect", "expected"),
    [
        (Within("height", 5, None), Effect.AVOID, [5, 5, 5]),
        (Within("height", None, 4), Effect.AVOID, [4, 4, 4]),
        (Not(Within("height", 5, None)), Effect.AVOID, [4, 4, 4]),
        (AllOf((Not(AnyOf((Not(Within("height", 5, None)),))), OneOf("flag", (True,)))), Effect.CAUTION, [5, 5, 5]),
        (Within("height", 5, None), Effect.ADVISE, [5, 5, 5]),
        (Within("height", 5, None), Effect.RECOMMEND, [4, 4, 4]),
        (Within("height", 7, None), Effect.STOP, [4, 5, 5]),
        (OneOf("flag", (True,)), Effect.STOP, [4, 5, 5]),
    ],
)
def test_amount_counts_towards_caution_at_a_limit(when: Condition, effect: Effect, expected: list[int]) -> None:
    """Elsewhere it counts as the nearest whole number, and a half is rounded up."""
    rulebook = knowledge_base((when, effect))
    assert [counted(rulebook, answer) for answer in ("41 dm", "45 dm", "49 dm")] == expected
    assert [counted(rulebook, answer) for answer in ("40 dm", "50 dm", "5 m")] == [4, 5, 5]


def test_restriction_outweighs_other_effects() -> None:
    """A note that is missed is less bad than a restriction that is missed."""
    rulebook = knowledge_base((Within("height", None, 4), Effect.CAUTION), (Within("height", 5, None), Effect.ADVISE))
    assert counted(rulebook, "49 dm") == 4


def test_amount_between_opposite_limits_is_refused() -> None:
    """Neither whole number is as strict as both, so the person has to say which it is."""
    rulebook = knowledge_base((Within("height", None, 4), Effect.CAUTION), (Within("height", 5, None), Effect.AVOID))
    assert counted(rulebook, "45 dm") == ["wrong-answer"]
    assert [counted(rulebook, answer) for answer in ("40 dm", "44.0 dm", "51 dm", "5 m")] == [4, ["wrong-answer"], 5, 5]


def test_little_is_not_nothing_where_facts_rest_on_it() -> None:
    """Counted as "no", it would let the other fact be assumed."""
    rulebook = knowledge_base((OneOf("flag", (True,)), Effect.STOP), number=evolve(HEIGHT, no=0, rests_on=("flag",)))
    assert counted(rulebook, "1 dm") == 1
    assert counted(rulebook, "0 dm") == 0


def test_pounds_count_towards_caution_in_the_shipped_rulebook(screener: Screener) -> None:
    """Advice begins at 50 pounds; 22.4 kg are 49.4 pounds, and 25 kg are 55.1."""
    for answer, pounds in (("22.4 kg", 50), ("22.2 kg", 49), ("25 kg", 55), ("23 kg", 51)):
        screening = screener.screen(Profile({"excess_weight_lb": answer}, otherwise="no"))
        fired = [finding for finding in screening.findings if finding.rule == "excess-weight"]
        assert [finding.because["excess_weight_lb"] for finding in fired] == ([pounds] if pounds >= 50 else [])
    assert check(load_rulebooks("lower-back"), Profile({"excess_weight_lb": "22.4 kg"}))[0].facts == {
        "excess_weight_lb": 50
    }


SPANS = st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(["at_least", "at_most", "within"])).map(
    lambda drawn: Within(
        "height",
        None if drawn[2] == "at_most" else min(drawn[:2]),
        None if drawn[2] == "at_least" else max(drawn[:2]),
    ),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    SPANS | st.just(OneOf("flag", (True,))),
    lambda inner: (
        inner.map(Not)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
    ),
    max_leaves=5,
)


def ends(screening: Screening) -> list[Any]:
    """The directive's and each stretch's bounds."""
    return [(screening.at_best, screening.at_worst), *((outcome.at_best, outcome.at_worst) for outcome in screening)]


@given(
    st.lists(st.tuples(CONDITIONS, st.sampled_from(Effect)), min_size=1, max_size=4),
    st.integers(0, 89),
    st.sampled_from([True, False, None]),
)
def test_amount_is_no_looser_than_its_neighbours(
    rules: list[tuple[Condition, Effect]], amount: int, flag: bool | None
) -> None:
    """On random rules: at least as strict as both, end by end, or refused."""
    screener = Screener(knowledge_base(*rules), engine="compiled")
    below, above = (
        screener.screen(Profile({"height": number, "flag": flag})) for number in (amount // 10, -(-amount // 10))
    )
    try:
        screening = screener.screen(Profile({"height": f"{amount} dm", "flag": flag}))
    except ProfileError:
        return
    for own, *others in zip(ends(screening), ends(below), ends(above), strict=True):
        assert all(own[0] >= other[0] and own[1] >= other[1] for other in others)
