"""The gate's bounds, from both sides, and how a rulebook is cut into pieces that pass."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import pytest
from attrs import evolve

from backscreen import Trial
from backscreen.engines.durable.gate import (
    ALIAS,
    CLOSE,
    KIND,
    MOST_ENTRIES,
    MOST_NUMBER,
    MOST_PROPERTIES,
    OPEN,
    STEADY,
    admit_bounds,
    admit_fact,
    admit_rules,
)
from backscreen.engines.lowering.flat_facts import FlatFact, Pattern, Shard, TooWide, shards
from backscreen.loading.rulebook_files import load_texts
from backscreen.model.catalogue import AttributeSelector
from backscreen.model.conditions import ALWAYS, AllOf, AnyOf, Not, OneOf, Within
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import Rule
from backscreen.semantics.activations import EngineFault, Subject
from tests.helpers.small import SMALL


def _action(_message: str) -> None: ...


def _rule(*leaves: object, pri: object = 2, run: object = _action) -> dict[str, Any]:
    return {"all": [{ALIAS: {"$and": [KIND, *leaves]}}], "pri": pri, "run": run}


def _between(*rules: object, first: object = 1, last: object = 3) -> dict[str, Any]:
    return {OPEN: _rule(pri=first), **{f"e{place}": rule for place, rule in enumerate(rules)}, CLOSE: _rule(pri=last)}


def _passes(admit: Callable[..., object], *given: object) -> bool:
    try:
        admit(*given)
    except EngineFault as fault:
        return fault.kind != "refused"
    return True


def _admits(*rules: object, **ranks: object) -> bool:
    return _passes(admit_rules, _between(*rules, **ranks))


FLAG, NUMBER = {"f1_0": True}, {"$gte": {"f2_from": 5}}
SHAPE = admit_rules(_between(_rule(FLAG, NUMBER)))
FACT: FlatFact = {**STEADY, "f1_0": True, "f2_from": 5}


def test_a_ruleset_of_two_sentinels_and_up_to_60_rules_passes() -> None:
    assert [_admits(*[_rule(FLAG)] * count) for count in (0, 1, 60, 61)] == [True, True, True, False]
    assert MOST_ENTRIES == 60
    assert not _passes(admit_rules, {})
    assert not _passes(admit_rules, {OPEN: _rule(pri=1)})


def test_a_ruleset_that_reads_up_to_240_properties_passes() -> None:
    assert MOST_PROPERTIES == 240
    flags, numbers = (
        [{f"f{number}_0": True} for number in range(121)],
        [{"$lte": {f"f{number}_to": 5}} for number in range(1000, 1120)],
    )
    assert _admits(_rule(*flags[:120]), _rule(*numbers))
    assert not _admits(_rule(*flags), _rule(*numbers))
    shape = admit_rules(_between(_rule(*flags[:2]), _rule(flags[1], numbers[0])))
    assert shape.flags == {"f0_0", "f1_0"}
    assert shape.numbers == {"f1000_to"}


@pytest.mark.parametrize("name", ["e0", "e59", "e007"])
def test_rules_have_names_of_our_own(name: str) -> None:
    assert _passes(admit_rules, {OPEN: _rule(pri=1), name: _rule(FLAG), CLOSE: _rule(pri=3)})


@pytest.mark.parametrize("name", ["e", "e1 ", "E1", "1", "e-1", "", "xe1", "open1", 5, None])
def test_rules_have_no_other_names(name: object) -> None:
    assert not _passes(admit_rules, {OPEN: _rule(pri=1), name: _rule(FLAG), CLOSE: _rule(pri=3)})


@pytest.mark.parametrize("name", ["f0_0", "f12_34", "f1_from", "f1_to", "tried_0"])
def test_properties_have_names_of_our_own(name: str) -> None:
    assert _admits(_rule({name: True}))
    assert _admits(_rule({"$lte": {name: 1}}))


@pytest.mark.parametrize(
    "name", ["f1", "f_0", "f1_", "f1_FROM", "F1_0", "tried_", "tried", "kind", "id", "sid", "f1_0 ", "$m", "", 5, None]
)
def test_properties_have_no_other_names(name: object) -> None:
    assert not _admits(_rule({name: True}))
    assert not _admits(_rule({"$lte": {name: 1}}))


def test_a_sentinel_tests_the_kind_alone() -> None:
    rules = _between(_rule(FLAG))
    for name in (OPEN, CLOSE):
        assert not _passes(admit_rules, {**rules, name: _rule(FLAG, pri=rules[name]["pri"])})


@pytest.mark.parametrize(("first", "rank", "last"), [(0, 1, 2), (1, 2, 3), (0, 5, 2**16 - 1), (7, 8, 9)])
def test_rules_fire_between_their_sentinels(first: int, rank: int, last: int) -> None:
    assert _admits(_rule(FLAG, pri=rank), _rule(FLAG, pri=rank), first=first, last=last)


@pytest.mark.parametrize(
    ("first", "rank", "last"),
    [
        (1, 1, 3),
        (1, 3, 3),
        (2, 1, 3),
        (1, 4, 3),
        (1, 2, 1),
        (-1, 2, 3),
        (1, 2, 2**16),
        (1, 2.0, 3),
        (1, True, 3),
        (True, 2, 3),
        (1, "2", 3),
        (1, None, 3),
    ],
)
def test_no_rule_fires_with_a_sentinel_or_past_it(first: object, rank: object, last: object) -> None:
    assert not _admits(_rule(FLAG, pri=rank), first=first, last=last)
    assert not _admits(_rule(FLAG, pri=2), _rule(FLAG, pri=rank), first=first, last=last)


def test_sentinels_fire_in_order_with_nothing_between() -> None:
    assert not _admits(first=1, last=1)
    assert not _admits(first=3, last=1)


@pytest.mark.parametrize(
    "rule",
    [
        None,
        [],
        {},
        {name: value for name, value in _rule(FLAG).items() if name != "run"},
        {**_rule(FLAG), "count": 1},
        {**_rule(FLAG), "all": []},
        {**_rule(FLAG), "all": [{ALIAS: {"$and": [KIND]}}] * 2},
        {**_rule(FLAG), "all": [{ALIAS: {"$and": [KIND]}, "n": {"$and": [KIND]}}]},
        {**_rule(FLAG), "all": [{"n": {"$and": [KIND]}}]},
        {**_rule(FLAG), "all": [{ALIAS: {"$or": [KIND]}}]},
        {**_rule(FLAG), "all": [{ALIAS: {"$and": []}}]},
        {**_rule(FLAG), "all": [{ALIAS: {"$and": [FLAG, KIND]}}]},
        {**_rule(FLAG), "all": [{ALIAS: {"$and": [KIND], "$or": [KIND]}}]},
        {**_rule(FLAG), "all": {ALIAS: {"$and": [KIND]}}},
        {**_rule(FLAG), "all": [ALIAS]},
    ],
)
def test_a_rule_of_another_form_is_refused(rule: object) -> None:
    assert not _admits(rule)


@pytest.mark.parametrize("end", [0, 1, -1, MOST_NUMBER, -MOST_NUMBER])
def test_numbers_up_to_2147483647_pass(end: int) -> None:
    assert MOST_NUMBER == 2_147_483_647
    assert _admits(_rule({"$lte": {"f0_to": end}}), _rule({"$gte": {"f0_from": end}}))
    assert _passes(admit_fact, SHAPE, {**FACT, "f2_from": end})
    assert _passes(admit_bounds, [0, end])


@pytest.mark.parametrize("end", [MOST_NUMBER + 1, -MOST_NUMBER - 1])
def test_numbers_beyond_are_refused(end: int) -> None:
    assert not _admits(_rule({"$lte": {"f0_to": end}}))
    assert not _admits(_rule({"$gte": {"f0_from": end}}))
    assert not _passes(admit_fact, SHAPE, {**FACT, "f2_from": end})
    assert not _passes(admit_bounds, [0, end])
    assert not _passes(admit_bounds, [end, 0])


@pytest.mark.parametrize(
    "leaf",
    [
        {"$gte": {"f2_from": True}},
        {"$gte": {"f2_from": 1.0}},
        {"$gte": {"f2_from": "1"}},
        {"$gte": {}},
        {"$gte": {"f2_from": 1, "f3_from": 1}},
        {"$gte": {"f2_from": 1}, "$lte": {"f2_to": 1}},
        {"$lte": {"f2_from": 1}, "f1_0": True},
        {"$lt": {"f2_from": 1}},
        {"$gte": 1},
        {"f1_0": False},
        {"f1_0": 1},
        {"f1_0": "true"},
        {"f1_0": True, "f1_1": True},
        {},
        None,
        "f1_0",
        [FLAG],
    ],
)
def test_a_test_of_another_form_is_refused(leaf: object) -> None:
    assert not _admits(_rule(leaf))
    assert not _admits(_rule(FLAG, leaf))


def test_a_property_is_a_flag_or_a_number_and_not_both() -> None:
    assert _admits(_rule({"f1_from": True}), _rule({"$gte": {"f2_from": 1}}))
    assert not _admits(_rule({"f1_from": True}), _rule({"$gte": {"f1_from": 1}}))


def test_properties_that_the_engine_confuses_are_refused() -> None:
    one, other = {"f1097_121": True}, {"$lte": {"f1197_to": 5}}
    assert _admits(_rule(one))
    assert _admits(_rule(other))
    assert not _admits(_rule(one, other))
    assert not _admits(_rule(one), _rule(other))


def _of_any(*_messages: str) -> None: ...
def _of_names(_message: str, **_names: str) -> None: ...
def _of_two(_message: str, _other: str) -> None: ...
def _of_none() -> None: ...
def _of_one_by_name(*, message: str) -> None: ...
def _of_one_and_one_by_name(_message: str, *, other: str) -> None: ...
def _of_one_that_may_be_left_out(_message: str = "") -> None: ...
def _generates(_message: str) -> Iterator[None]:
    yield


async def _waits(_message: str) -> None: ...
async def _generates_and_waits(_message: str) -> AsyncIterator[None]:
    yield


REFUSED = [
    _of_any,
    _of_names,
    _of_two,
    _of_none,
    _of_one_by_name,
    _of_one_and_one_by_name,
    _of_one_that_may_be_left_out,
    _generates,
    _waits,
    _generates_and_waits,
    print,
    int,
    None,
    "run",
    "run".join,
]


@pytest.mark.parametrize("run", [_action, lambda _message: None])
def test_an_action_is_a_plain_function_of_one_parameter(run: object) -> None:
    assert _admits(_rule(FLAG, run=run))


@pytest.mark.parametrize("run", REFUSED)
def test_an_action_is_nothing_else(run: object) -> None:
    assert not _admits(_rule(FLAG, run=run))


@pytest.mark.parametrize("changed", [{}, {"f1_0": None}, {"f2_from": -5}])
def test_a_fact_has_every_number_and_the_flags_that_are_so(changed: Mapping[str, object]) -> None:
    assert _passes(admit_fact, SHAPE, {name: value for name, value in {**FACT, **changed}.items() if value is not None})


@pytest.mark.parametrize(
    "changed",
    [
        {"f1_0": False},
        {"f1_0": 1},
        {"f1_0": "true"},
        {"f2_from": None},
        {"f2_from": True},
        {"f2_from": 5.0},
        {"f2_from": "5"},
        {"kind": None},
        {"id": None},
        {"sid": None},
        {"kind": "l"},
        {"id": "f1"},
        {"sid": 0},
        {"f1_1": True},
        {"f3_from": 5},
        {"more": "k"},
    ],
)
def test_a_fact_of_another_form_is_refused(changed: Mapping[str, object]) -> None:
    assert not _passes(
        admit_fact, SHAPE, {name: value for name, value in {**FACT, **changed}.items() if value is not None}
    )


# --- a rulebook in pieces

BOOK = load_texts(SMALL)
RULE = BOOK.rules[0]


def _shards(*conditions: Any, entries: int = 60, properties: int = 240, **more: Any) -> list[Shard]:
    rules: tuple[Rule, ...] = tuple(
        evolve(RULE, id=f"r{number}", when=condition, **more) for number, condition in enumerate(conditions)
    )
    return list(shards(KnowledgeBase([evolve(BOOK, rules=rules)]), entries=entries, properties=properties))


def _patterns(shard: Shard) -> list[tuple[int, Pattern]]:
    return [(entry.rule, entry.pattern) for entry in shard.entries]


SICK, WELL, HEAVY = OneOf("sciatica", (True,)), OneOf("sciatica", (False,)), Within("excess_lb", 50, 90)


def test_flat_rulebook_has_an_entry_per_alternative() -> None:
    (shard,) = _shards(AnyOf((SICK, AllOf((HEAVY, OneOf("build", ("heavy", "slight")))))), Not(HEAVY))
    assert not shard.about_a_trial
    assert _patterns(shard) == [
        (0, (("f0_0", "is", 1),)),
        (0, (("f3_from", ">=", 50), ("f3_to", "<=", 90), ("f4_2", "is", 1))),
        (0, (("f3_from", ">=", 50), ("f3_to", "<=", 90), ("f4_0", "is", 1))),
        (1, (("f3_to", "<=", 49),)),
        (1, (("f3_from", ">=", 91),)),
    ]
    assert shard.slots.options == (("f0_0", "sciatica", True), ("f4_0", "build", "slight"), ("f4_2", "build", "heavy"))
    assert shard.slots.ends == (("f3_from", "excess_lb", 0, 1000), ("f3_to", "excess_lb", 1000, 0))
    assert not shard.slots.tried


def test_certain_and_possible_facts_differ_only_in_unknowns() -> None:
    (shard,) = _shards(SICK, WELL, HEAVY)
    assert (
        shard.slots.facts(Subject({"sciatica": True, "excess_lb": 7}))
        == ({"f0_0": True, "f3_from": 7, "f3_to": 7},) * 2
    )
    assert (
        shard.slots.facts(Subject({"sciatica": False, "excess_lb": 0}))
        == ({"f0_1": True, "f3_from": 0, "f3_to": 0},) * 2
    )
    assert shard.slots.facts(Subject({})) == (
        {"f3_from": 0, "f3_to": 1000},
        {"f0_0": True, "f0_1": True, "f3_from": 1000, "f3_to": 0},
    )


def test_trial_rules_are_apart_and_read_the_tried_stretch() -> None:
    narrowed = AttributeSelector(stretches=("cat_cow", "toe_reach"))
    person, trial = _shards(SICK, AllOf((SICK, OneOf("trial.felt", ("pain",)))), tried=narrowed)
    assert (person.about_a_trial, trial.about_a_trial) == (False, True)
    assert _patterns(trial) == [(1, (("tried_0", "is", 1), ("f0_0", "is", 1), ("f5_1", "is", 1)))]
    answers = {"sciatica": True, **{f"trial.{name}": answer for name, answer in Trial(felt="pain").facts.items()}}
    certain = {"f0_0": True, "f5_1": True}
    assert trial.slots.tried == (("tried_0", frozenset({"cat_cow", "toe_reach"})),)
    assert trial.slots.facts(Subject(answers, "cat_cow")) == ({**certain, "tried_0": True},) * 2
    assert trial.slots.facts(Subject(answers, "far_toe_reach")) == (certain,) * 2
    assert trial.slots.facts(Subject(answers)) == (certain, {**certain, "tried_0": True})


def test_a_rulebook_is_cut_where_the_next_entry_would_not_fit() -> None:
    both = AllOf((SICK, HEAVY))
    assert [len(shard.entries) for shard in _shards(*[SICK] * 7, entries=3)] == [3, 3, 1]
    assert [len(shard.entries) for shard in _shards(*[SICK] * 6, entries=3)] == [3, 3]
    assert [len(shard.entries) for shard in _shards(both, SICK, WELL, both, properties=4)] == [4]
    assert [len(shard.entries) for shard in _shards(both, SICK, WELL, both, properties=3)] == [2, 1, 1]
    one, two, three = _shards(both, SICK, WELL, both, properties=3)
    assert [slot[0] for shard in (one, two, three) for slot in (*shard.slots.options, *shard.slots.ends)] == [
        *("f0_0", "f3_from", "f3_to"),
        "f0_1",
        *("f0_0", "f3_from", "f3_to"),
    ]


def test_an_entry_that_fits_nowhere_is_refused() -> None:
    assert len(_shards(AllOf((SICK, HEAVY)), properties=3)) == 1
    with pytest.raises(TooWide):
        _shards(AllOf((SICK, HEAVY)), properties=2)


def test_a_rule_that_always_holds_reads_nothing() -> None:
    (shard,) = _shards(ALWAYS)
    assert _patterns(shard) == [(0, ())]
    assert shard.slots.facts(Subject({})) == ({}, {})
