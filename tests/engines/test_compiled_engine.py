"""The compiled engine: its source, what it refuses, and that its fast path agrees with the slow one."""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum, StrEnum
from functools import reduce
from keyword import kwlist
from operator import or_
from random import Random
from typing import Any

import pytest
from attrs import asdict, evolve, fields

from backscreen import Profile, ProfileError, Screener, Screening, Trial
from backscreen.engines.lowering import masks
from backscreen.engines.lowering.terms import (
    NO,
    YES,
    Among,
    Between,
    Clause,
    Every,
    Some,
    Term,
    clauses,
    every,
    some,
    term,
)
from backscreen.engines.python.codegen import OF_PERSON, OF_TRIAL
from backscreen.engines.python.compiled_engine import CompiledEngine
from backscreen.loading.profile_validation import check
from backscreen.loading.rulebook_files import load_rulebooks, load_texts
from backscreen.model.catalogue import AttributeSelector
from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.model.effects import Effect
from backscreen.model.facts import TRIAL, Choice, Fact, Flag, Number, Option, Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Trial as Tried
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import About, Rule, Status
from backscreen.screening import details, fast_path, findings
from backscreen.screening.findings import Findings
from backscreen.screening.parts import Finding
from backscreen.screening.situation import situation
from backscreen.semantics import reference
from backscreen.semantics.activations import EngineFault, Subject
from backscreen.semantics.reference import decide
from backscreen.testing import comparison
from backscreen.testing.random_people import person, questionnaire
from backscreen.testing.random_rulebooks import rulebook, texts
from tests.helpers.small import SMALL

SHIPPED = load_rulebooks()
SMALL_BOOK = load_texts(SMALL)


def people(knowledge_base: KnowledgeBase, count: int, seed: int) -> Iterator[Profile]:
    random, asked = Random(seed), questionnaire(knowledge_base)
    for _ in range(count):
        yield person(random, asked)


def random_knowledge_base(seed: int, **how: Any) -> KnowledgeBase:
    return KnowledgeBase([load_texts(texts(rulebook(Random(seed), **how)))])


def the_long_way(knowledge_base: KnowledgeBase) -> Screener:
    screener = Screener(knowledge_base, engine="compiled")
    screener._fast_path = None  # noqa: SLF001 - nobody else wants it
    return screener


def the_short_way(screener: Screener) -> fast_path.FastPath:
    found = screener._fast_path  # noqa: SLF001 - neither the path taken nor its cache is public
    assert found is not None
    return found


def findings_remembered(screener: Screener) -> int:
    return len(screener._explainer.findings._cache)  # noqa: SLF001 - as above


def assert_right(knowledge_base: KnowledgeBase, screening: Screening, profile: Profile) -> None:
    checked, diagnostics = check(knowledge_base, profile)
    assert not diagnostics
    assert comparison.of_screening(knowledge_base, decide(knowledge_base, checked), screening) == []


# --- the short way and the long way


def assert_both_ways_say_the_same(knowledge_base: KnowledgeBase, everybody: Sequence[Profile]) -> None:
    short, long = Screener(knowledge_base, engine="compiled"), the_long_way(knowledge_base)
    for _ in range(2):  # the second time, much is remembered
        for profile in everybody:
            one, other = short.screen(profile), long.screen(profile)
            assert one.to_dict() == other.to_dict()
            assert (one.verdicts, one.directive) == (other.verdicts, other.directive)
            assert one == other
            assert hash(one) == hash(other)
            assert_right(knowledge_base, one, profile)


def test_fast_path_agrees_on_shipped_rulebooks() -> None:
    assert_both_ways_say_the_same(SHIPPED, [Profile(), Profile(otherwise="no"), *people(SHIPPED, 150, 1)])


@pytest.mark.parametrize("seed", range(40))
def test_fast_path_agrees_on_random_rulebooks(seed: int) -> None:
    knowledge_base = random_knowledge_base(seed)
    assert_both_ways_say_the_same(
        knowledge_base, [Profile(), Profile(otherwise="no"), *people(knowledge_base, 25, seed)]
    )


def test_what_is_forgotten_is_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_path, "MOST_BOUNDS", 2)
    monkeypatch.setattr(findings, "MOST_FINDINGS", 200)
    assert_both_ways_say_the_same(SHIPPED, [*people(SHIPPED, 20, 2)])


def test_memories_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_path, "MOST_BOUNDS", 5)
    monkeypatch.setattr(findings, "MOST_FINDINGS", 200)
    screener = Screener(SHIPPED, engine="compiled")
    for profile in people(SHIPPED, 300, 3):
        assert screener.screen(profile).findings is not None
        assert len(the_short_way(screener)._bounds) <= 5  # noqa: SLF001 - its cache is not public
        assert findings_remembered(screener) <= 200


def test_full_finding_cache_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MOST_FINDINGS", 3)
    screener = Screener(with_conditions(Within("excess_lb", 50, None)), engine="compiled")
    held = []
    for excess in (50, 51, 51, 52, 53, 54, 55, 56):
        assert [finding.because for finding in screener.screen(Profile({"excess_lb": excess})).findings] == [
            {"excess_lb": excess}
        ]
        held.append(findings_remembered(screener))
    assert held == [1, 2, 2, 3, 1, 2, 3, 1]


def test_what_is_remembered_is_told_again_and_nothing_else() -> None:
    screener = Screener(SHIPPED, engine="compiled")
    everybody = [profile for profile in people(SHIPPED, 60, 6) if the_short_way(screener).screen(profile) is not None]
    everybody.append(Profile({"sciatica": True}, [Trial("side_bend", felt="pain"), Trial("cat_cow", felt="pain")]))
    assert len(everybody) > 30
    told = [screener.screen(profile).findings for profile in everybody]
    for profile, kept in zip(everybody, told, strict=True):
        assert all(one is other for one, other in zip(screener.screen(profile).findings, kept, strict=True))
    by_rule: dict[str, list[Finding]] = {}
    for finding in {finding for kept in told for finding in kept}:
        by_rule.setdefault(finding.name, []).append(finding)
    assert all(
        one.sources is found[0].sources and one.disagrees_with is found[0].disagrees_with
        for found in by_rule.values()
        for one in found
    )
    assert any(len(found) > 3 for found in by_rule.values())


def test_the_order_of_answers_is_kept_for_a_few_trials() -> None:
    cache = Findings(SHIPPED)
    assert [cache.order(count) is cache.order(count) for count in (0, 1, 8, 9, 30)] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("count", [127, 128, 129, 300])
def test_many_rules_stand_in_several_numbers(count: int) -> None:
    knowledge_base = random_knowledge_base(7, most_facts=6, rules=(count * 2, count * 2))
    (book,) = knowledge_base.books
    acting = [rule for rule in book.rules if rule.status is not Status.RETIRED][:count]
    knowledge_base = KnowledgeBase([evolve(book, rules=tuple(acting), digest=f"sha256:{count}")])
    assert len(knowledge_base.rules) == count
    assert_both_ways_say_the_same(knowledge_base, [*people(knowledge_base, 12, count)])


def test_eight_threads_are_told_what_one_is_told() -> None:
    everybody = [*people(SHIPPED, 60, 4)]
    expected = [the_long_way(SHIPPED).screen(profile).to_dict() for profile in everybody]
    shared = Screener(SHIPPED, engine="compiled")

    def work(start: int) -> bool:
        order = [*range(start, len(everybody)), *range(start)]
        return all(shared.screen(everybody[number]).to_dict() == expected[number] for number in order)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(0, 56, 7)))


def test_more_trials_than_anybody_does_are_told_in_order_too() -> None:
    tried = [Trial("side_bend", felt="pain", after=after) for after in ("better", "same", "mild_increase", None) * 3]
    assert_both_ways_say_the_same(SHIPPED, [Profile({"sciatica": True}, tried[:number]) for number in (8, 9, 12)])


def test_it_is_verified_only_where_nobody_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    def noted(knowledge_base: KnowledgeBase, profile: Profile) -> reference.Decision:
        verified.append(profile)
        return decide(knowledge_base, profile)

    monkeypatch.setattr(reference, "decide", noted)
    for missing in ("durable", "durable_rules_engine"):
        monkeypatch.setitem(sys.modules, missing, None)
    knowledge_base = KnowledgeBase([evolve(SMALL_BOOK, digest="sha256:verified")])
    by_default, asked_for = Screener(knowledge_base), Screener(knowledge_base, engine="compiled")
    assert by_default.engine == asked_for.engine == "compiled"
    quick, slow = Profile({"sciatica": True}), Profile({"excess_lb": "25 kg"})
    assert by_default.screen(quick).verdicts == asked_for.screen(quick).verdicts
    assert verified == [quick]
    assert by_default.screen(slow).verdicts == asked_for.screen(slow).verdicts
    assert len(verified) == 2


# --- what is not as it must be takes the long way


class Five(IntEnum):
    FIVE = 5


class Word(StrEnum):
    PAIN = "pain"
    TOE_REACH = "toe_reach"


class Marked(str):
    """A word that carries something with it."""

    __slots__ = ("carried",)


class Unhashable(str):
    """A word that nothing can be looked up by."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]


class Other(Trial):
    """A trial that says otherwise than it was told."""

    @property
    def facts(self) -> Mapping[str, Value]:
        return {"felt": "pain"}


class Likeable(int):
    """Says that it is 1, and is not what the rulebook asks for."""


FITS = {"sciatica": True, "excess_lb": 5}
GIVEN: dict[str, tuple[Callable[[], Profile], bool]] = {
    "a number for a flag": (lambda: Profile({"sciatica": 1}), False),
    "nought for a flag": (lambda: Profile({"sciatica": 0}), False),
    "a word for a flag": (lambda: Profile({"sciatica": "yes"}), False),
    "no word at all for a flag": (lambda: Profile({"sciatica": ""}), False),
    "a flag for a number": (lambda: Profile({"excess_lb": True}), False),
    "a word for a number": (lambda: Profile({"excess_lb": "5"}), False),
    "a number beyond its bounds": (lambda: Profile({"excess_lb": 10**6}), False),
    "a number below its bounds": (lambda: Profile({"excess_lb": -1}), False),
    "another unit": (lambda: Profile({"excess_lb": "10 kg"}), True),
    "a member of an enumeration of numbers": (lambda: Profile({"excess_lb": Five.FIVE}), True),
    "a kind of number": (lambda: Profile({"excess_lb": Likeable(1)}), True),
    "an unknown fact": (lambda: Profile({"siatica": True}), False),
    "an unknown fact in a full profile": (
        lambda: Profile(dict.fromkeys([*[fact.id for fact in SMALL_BOOK.person_facts][1:], "siatica"], False)),
        False,
    ),
    "an unknown fact that was left open": (lambda: Profile({"siatica": None}), False),
    "a fact that was left open": (lambda: Profile({"sciatica": None, "excess_lb": 5}), True),
    "a word for a choice": (lambda: Profile(trials=[Trial("toe_reach", felt="ouch")]), False),
    "a flag for a choice": (lambda: Profile(trials=[Trial("toe_reach", felt=True)]), False),
    "a member of an enumeration of words": (lambda: Profile(trials=[Trial("toe_reach", felt=Word.PAIN)]), True),
    "a member of an enumeration of stretches": (lambda: Profile(trials=[Trial(Word.TOE_REACH, felt="pain")]), True),
    "a kind of word for a stretch": (
        lambda: Profile(trials=[Trial(Marked("toe_reach"), felt="pain"), Trial("toe_reach", felt="pain")]),
        True,
    ),
    "a kind of word that is in no dictionary": (
        lambda: Profile(trials=[Trial(Unhashable("toe_reach"), felt="pain")]),
        True,
    ),
    "an unknown stretch of another kind": (lambda: Profile(trials=[Trial(Unhashable("handstand"))]), False),
    "a kind of trial": (lambda: Profile(trials=[Other("toe_reach", felt="discomfort")]), True),
    "an unknown stretch": (lambda: Profile(trials=[Trial("handstand")]), False),
    "an unknown fact of a trial": (lambda: Profile(trials=[Trial("toe_reach", fell="pain")]), False),
    "an unknown fact of a trial that was left open": (lambda: Profile(trials=[Trial("toe_reach", fell=None)]), False),
    "a fact of a trial that was left open": (lambda: Profile(trials=[Trial("toe_reach", felt=None)]), True),
}


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("otherwise", ["unknown", "no"])
def test_fast_path_defers_unusual_input(given: str, otherwise: Any) -> None:
    knowledge_base = KnowledgeBase([SMALL_BOOK])
    make, fits = GIVEN[given]
    made = make()
    profile = evolve_profile(made, otherwise)
    short, long = Screener(knowledge_base, engine="compiled"), the_long_way(knowledge_base)
    if not fits:
        with pytest.raises(ProfileError) as caught:
            short.screen(profile)
        with pytest.raises(ProfileError) as expected:
            long.screen(profile)
        assert caught.value.diagnostics == expected.value.diagnostics
        return
    one, other = short.screen(profile), long.screen(profile)
    assert one.to_dict() == other.to_dict()
    assert {
        type(name) for finding in one.findings for name in (*finding.stretches, *finding.may_act_on, *finding.because)
    } <= {str}
    assert repr([[*map(type, finding.because.values())] for finding in one.findings]) == repr(
        [[*map(type, f.because.values())] for f in other.findings]
    )
    assert_right(knowledge_base, one, profile)


def evolve_profile(profile: Profile, otherwise: Any) -> Profile:
    return evolve(profile, otherwise=otherwise)


@pytest.mark.parametrize(
    "made", [lambda: Profile(FITS), lambda: Profile(FITS, [Trial("toe_reach", felt="pain")], "no")]
)
def test_failing_engine_is_a_fault_and_loses_no_verdict(made: Callable[[], Profile]) -> None:
    knowledge_base = KnowledgeBase([SMALL_BOOK])
    expected = the_long_way(knowledge_base).screen(made())
    for failing in (lambda *_: None, lambda *_: 1 / 0, lambda *_: next(iter(()))):
        screener = Screener(knowledge_base, engine="compiled")
        screener._engine.decide = failing  # type: ignore[attr-defined]  # noqa: SLF001 - it does not fail by itself
        screener._fast_path._decide = failing  # type: ignore[union-attr]  # noqa: SLF001 - as above
        screening = screener.screen(made())
        assert screening.fault is not None
        assert screening.verdicts == expected.verdicts
        again = screener.screen(made())
        assert again.verdicts == expected.verdicts


def test_nothing_that_one_person_brought_is_shown_to_another() -> None:
    screener = Screener(KnowledgeBase([SMALL_BOOK]), engine="compiled")
    for word in (Word.TOE_REACH, Marked("toe_reach")):
        first, second = (
            screener.screen(Profile(trials=[Trial(stretch, felt="pain")])) for stretch in (word, "toe_reach")
        )
        for screening in (first, second):
            told = [
                value
                for finding in screening.findings
                for value in (*finding.because.values(), *finding.stretches, *finding.may_act_on)
            ]
            assert {type(value) for value in told} <= {str, bool, int}


def test_the_short_way_makes_all_of_a_screening() -> None:
    made = Screener(KnowledgeBase([SMALL_BOOK]), engine="compiled").screen(Profile(FITS))
    assert vars(made).keys() == {field.name for field in fields(Screening)}


def test_no_answer_is_reached_through_the_fields_of_a_screening() -> None:
    """Whoever writes a screening into a log by its fields writes down verdicts."""
    profile = Profile({"excess_lb": 877}, [Trial("toe_reach", felt="pain")])
    for engine in ("compiled", None):
        screening = Screener(KnowledgeBase([SMALL_BOOK]), engine=engine).screen(profile)
        assert "877" not in repr(asdict(screening))


def test_findings_of_many_trials_take_a_time_that_grows_with_them() -> None:
    """Counted, not timed: what the situation is, is worked out a few times, however many trials there are."""
    profile = Profile(trials=[Trial("toe_reach", felt="pain")] * 100)
    counted = 0

    def counting(*given: Any) -> Any:
        nonlocal counted
        counted += 1
        return situation(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(details, "situation", counting)
        assert len(Screener(KnowledgeBase([SMALL_BOOK]), engine="compiled").screen(profile).findings) > 100
    assert counted == 1


def test_another_kind_of_profile_takes_the_long_way() -> None:
    class Special(Profile):
        """As somebody might derive one."""

    knowledge_base = KnowledgeBase([SMALL_BOOK])
    screening = Screener(knowledge_base, engine="compiled").screen(Special(FITS))
    assert screening.to_dict() == the_long_way(knowledge_base).screen(Profile(FITS)).to_dict()


# --- the source

NAMES = re.compile(
    r"decide|nobody|best|worst|of_trials|trials|left_open|unsure|blanks|_answers|values|get|stretch|type|int|str|len|Trial|NOBODY|STRETCHES|PERSON(_NO|_EACH)?|TRIAL(_NO|_EACH)?"
    r"|(OPTIONS|NAME)_[at][0-9]+|[atbwcvprxy][0-9]+|[domqesckv]"
)


def assert_ours(source: str) -> None:
    """Our own words and whole numbers: no text, no other comment, no other name."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        match token.type:
            case tokenize.NAME:
                assert token.string in kwlist or NAMES.fullmatch(token.string), token
            case tokenize.NUMBER:
                assert re.fullmatch(r"[0-9]+|0x[0-9a-f]+", token.string), token
            case tokenize.OP | tokenize.NEWLINE | tokenize.NL | tokenize.INDENT | tokenize.DEDENT | tokenize.ENDMARKER:
                pass
            case tokenize.COMMENT:
                assert token.string in (*OF_PERSON, *OF_TRIAL), token
            case _:
                raise AssertionError(token)


def test_the_source_holds_our_own_words_and_whole_numbers() -> None:
    assert_ours(CompiledEngine(SHIPPED).source)


HOSTILE = [
    "'",
    '"',
    '"""',
    "\\",
    "\n    return (0, 0), (0,), (0,), ()\n",
    "'); raise SystemExit  #",
    '"] = __import__("os").abort()',
    "{0.__class__}",
    "%s%n",
    "a0",
    "b0",
    "d",
    "o",
    "NOBODY",
    "PERSON_NO",
    "None",
    "True",
    "__builtins__",
    "__class__",
    "\x00",
    "\r",
    "\u2028",
    "\udcff",
    "\U0001f9a0",
    "ａ０",
    "",
    " ",
    "x" * 100_000,
    "trial",
    "stretch",
    "left_open",
    "answers",
]


def hostile(book: Rulebook) -> Rulebook:  # noqa: C901 - one for each kind of thing
    """The same rulebook, with every name and text in it as hostile as they come."""
    given: dict[str, str] = {}

    def bad(text: str) -> str:
        return given.setdefault(
            text, HOSTILE[len(given) % len(HOSTILE)] + ("" if len(given) < len(HOSTILE) else f" {len(given)}")
        )

    def fact(one: Fact) -> Fact:
        plain = evolve(
            one,
            id=bad(one.id),
            title=bad(one.title),
            question=bad(one.question),
            rests_on=tuple(map(bad, one.rests_on)),
        )
        if isinstance(plain, Choice):
            options = tuple(Option(id=bad(option.id), means=bad(option.means)) for option in plain.options)
            return evolve(plain, options=options, no=None if plain.no is None else bad(plain.no))
        return plain

    def condition(one: Condition) -> Condition:
        match one:
            case OneOf(name, values):
                return OneOf(of(name), tuple(bad(value) if isinstance(value, str) else value for value in values))
            case Within(name, low, high):
                return Within(of(name), low, high)
            case AllOf(parts):
                return AllOf(tuple(map(condition, parts)))
            case AnyOf(parts):
                return AnyOf(tuple(map(condition, parts)))
            case Not(part):
                return Not(condition(part))

    def of(name: str) -> str:
        return TRIAL + bad(name.removeprefix(TRIAL)) if name.startswith(TRIAL) else bad(name)

    def selector(one: Any) -> Any:
        return (
            evolve(one, stretches=tuple(map(bad, one.stretches)))
            if isinstance(one, AttributeSelector) and one.stretches
            else one
        )

    def rule(one: Rule) -> Rule:
        return evolve(
            one,
            id=bad(one.id),
            title=bad(one.title),
            reason=bad(one.reason),
            when=condition(one.when),
            applies_to=selector(one.applies_to),
            tried=selector(one.tried),
            cases=(),
        )

    return evolve(
        book,
        id=bad(book.id),
        title=bad(book.title),
        person_facts=tuple(map(fact, book.person_facts)),
        trial_facts=tuple(map(fact, book.trial_facts)),
        stretches=tuple(evolve(one, id=bad(one.id), name=bad(one.name), variation_of=None) for one in book.stretches),
        rules=tuple(map(rule, book.rules)),
        scenarios=(),
    )


@pytest.mark.parametrize("seed", range(25))
def test_nothing_of_a_hostile_rulebook_gets_into_the_source(seed: int) -> None:
    """The source is that of the same rulebook with harmless names, and means the same."""
    knowledge_base = random_knowledge_base(seed, most_facts=9, rules=(20, 40))
    (book,) = knowledge_base.books
    bad = KnowledgeBase([hostile(book)])
    engine = CompiledEngine(bad)
    assert_ours(engine.source)
    one_by_one = evolve(
        book, rules=tuple(evolve(rule, id=f"{number:03}") for number, rule in enumerate(rule_order(bad, book)))
    )
    assert engine.source == CompiledEngine(KnowledgeBase([one_by_one])).source
    short = Screener(bad, engine="compiled")
    for profile in people(bad, 20, seed):
        assert_right(bad, short.screen(profile), profile)


def rule_order(bad: KnowledgeBase, book: Rulebook) -> list[Rule]:
    """The rules in the order in which they stand under their hostile names."""
    turned = hostile(book).rules
    return [book.rules[turned.index(scoped.rule)] for scoped in bad.rules]


class Liar(int):
    """A number that says something else of itself, in every way that there is to say it."""

    def __str__(self) -> str:
        return "__import__('os').abort()"

    __repr__ = __str__

    def __format__(self, how: str) -> str:
        return str(self)

    def __index__(self) -> int:
        return 99

    __int__ = __index__


def test_lying_integer_is_compiled_as_a_plain_integer() -> None:
    def with_numbers(kind: type[int]) -> KnowledgeBase:
        fact = Number(
            id="n",
            title="n",
            question="n?",
            unit="min",
            at_least=kind(0),
            at_most=kind(9),
            no=kind(3),
            rests_on=("n2",),
        )
        other = Number(id="n2", title="n", question="n?", unit="min", at_least=kind(0), at_most=kind(9), no=kind(0))
        when = AllOf((Within("n", kind(2), kind(7)), Not(Within("n2", None, kind(4)))))
        rule = evolve(SMALL_BOOK.rules[0], id="lying", when=when)
        return KnowledgeBase(
            [evolve(SMALL_BOOK, person_facts=(*SMALL_BOOK.person_facts, fact, other), rules=(*SMALL_BOOK.rules, rule))]
        )

    source = CompiledEngine(with_numbers(Liar)).source
    assert_ours(source)
    assert source == CompiledEngine(with_numbers(int)).source


def test_the_source_can_be_printed_and_read() -> None:
    """Each variable is a fact, and each rule's bits can be found again."""
    engine = CompiledEngine(SHIPPED)
    assert engine.variables["a0"] == next(iter(SHIPPED.person_facts))
    assert set(engine.variables.values()) == set(SHIPPED.facts)
    found = reduce(
        or_, (int(number, 16) for number in re.findall(r"^ +[bwcv]0 \|= (0x[0-9a-f]+)$", engine.source, re.MULTILINE))
    )
    assert [number for number, _ in engine.masks.certainties([found], [0])] == [*range(len(SHIPPED.rules))]
    assert CompiledEngine(SHIPPED).source == engine.source


def test_compiled_function_has_no_builtins() -> None:
    function = CompiledEngine(SHIPPED).decide
    assert function.__code__.co_filename == "<compiled rulebook>"
    scope = function.__globals__
    assert scope["__builtins__"] == {}
    assert {name for name in scope if not NAMES.fullmatch(name)} == {"__builtins__"}


# --- rulebooks with little in them


@pytest.mark.parametrize(
    "fact",
    [
        Flag(id="only", title="o", question="o?"),
        Number(id="only", title="o", question="o?", unit="u", at_least=1, at_most=2),
    ],
)
def test_a_rulebook_with_one_fact_and_no_trials(fact: Fact) -> None:
    when = OneOf("only", (True,)) if isinstance(fact, Flag) else Within("only", 2, None)
    rule = evolve(SMALL_BOOK.rules[0], when=when, effect=Effect.STOP, tried=None, cases=())
    book = evolve(SMALL_BOOK, person_facts=(fact,), trial_facts=(), rules=(rule,), scenarios=())
    for stretches in (book.stretches, ()):
        knowledge_base = KnowledgeBase([evolve(book, stretches=stretches)])
        tried = [Trial(None), *(Trial(stretch.id) for stretch in stretches)]
        for answer in (None, True, False) if isinstance(fact, Flag) else (None, 1, 2):
            for trials in ([], tried):
                profile = Profile({} if answer is None else {"only": answer}, trials)
                assert_right(knowledge_base, Screener(knowledge_base, engine="compiled").screen(profile), profile)


def test_a_rulebook_about_trials_alone() -> None:
    rules = tuple(rule for rule in SMALL_BOOK.rules if rule.about_a_trial)
    knowledge_base = KnowledgeBase([evolve(SMALL_BOOK, person_facts=(), rules=rules, scenarios=())])
    assert_both_ways_say_the_same(knowledge_base, [Profile(), *people(knowledge_base, 30, 5)])


def test_unread_facts_are_decided_once_per_otherwise() -> None:
    engine = CompiledEngine(SHIPPED)
    first = {otherwise: engine.decide({}, (), otherwise) for otherwise in (True, False)}
    assert first[True] != first[False]
    for otherwise, expected in first.items():
        assert engine.decide({}, (), otherwise) == expected
    assert engine.decide({}, [Tried("side_bend", felt="pain")], False)[:1] != first[False][:1]
    assert engine.decide({}, (), False) == first[False]


# --- clauses

A, B, C = (Among(variable, YES, is_flag=True) for variable in "abc")
NOT_A = Among("a", NO, is_flag=True)
N = Between("n", 3, None, inside=True)


@pytest.mark.parametrize(
    ("whole", "taken_apart"),
    [
        (A, [(A,)]),
        (Every((A, N)), [(A, N)]),
        (Some((A, Some((B, N)))), [(A,), (B,), (N,)]),
        (Every(()), [()]),
        (Some(()), []),
        (Every((A, Some((B, C)))), [(A, Some((B, C)))]),
        (Every((NOT_A, Some((B, C)))), [(B, NOT_A), (C, NOT_A)]),
        (Every((N, Some((Every((B, N)), C)))), [(B, N, N), (C, N)]),
        (Every((N, Some((B, NOT_A)))), [(N, Some((B, NOT_A)))]),
    ],
)
def test_clauses(whole: Term, taken_apart: list[Clause]) -> None:
    assert [*clauses(whole)] == taken_apart


def test_nothing_stands_within_its_like_and_nothing_twice() -> None:
    assert every((A, Every((B, A)), A)) == Every((A, B))
    assert some((A, Some((B, A)))) == Some((A, B))
    assert every((A, A)) == some((A, A)) == A


def test_not_is_moved_into_the_tests() -> None:
    variables: dict[str, tuple[str, Fact]] = {
        "f": ("a0", Flag(id="f", title="f", question="f?")),
        "n": ("a1", Number(id="n", title="n", question="n?", unit="min", at_least=0, at_most=9)),
    }
    found = term(Not(AllOf((OneOf("f", (True,)), Not(AnyOf((Within("n", 2, 3),)))))), variables)
    assert found == Some((Among("a0", NO, is_flag=True), Between("a1", 2, 3, inside=True)))
    assert term(Not(Within("n", 2, 3)), variables) == Between("a1", 2, 3, inside=False)


def test_bits_of_rules_are_read_in_order() -> None:
    layout = masks.of_knowledge_base(SHIPPED)
    numbers = [0, 0, 0]
    for number in (0, 7, 8, 127, 128, 300):
        numbers[number // masks.RULES_TOGETHER] |= 1 << layout.lowest + number % masks.RULES_TOGETHER
    assert [number for number, _ in layout.certainties(numbers, [0, 0, 0])] == [0, 7, 8, 127, 128, 300]


# --- what is not asked for by files, and what the source is like


def with_conditions(*conditions: Condition) -> KnowledgeBase:
    """The small rulebook, with a rule of each of these conditions in the place of its own."""
    rules = tuple(
        evolve(SMALL_BOOK.rules[0], id=f"r{number}", when=when, tried=None, cases=())
        for number, when in enumerate(conditions)
    )
    return KnowledgeBase([evolve(SMALL_BOOK, rules=rules, scenarios=(), digest=f"sha256:{conditions!r}")])


YES_OR_NO = OneOf("sciatica", (True, False))
NEITHER = Not(YES_OR_NO)
NUMB = OneOf("numbness", (True,))


@pytest.mark.parametrize(
    "when",
    [
        YES_OR_NO,
        NEITHER,
        AllOf((NUMB, YES_OR_NO)),
        AllOf((NUMB, NEITHER)),
        AnyOf((NUMB, NEITHER)),
        AllOf((YES_OR_NO, Within("excess_lb", 5, None))),
    ],
)
def test_a_flag_that_may_be_either_or_neither(when: Condition) -> None:
    knowledge_base = with_conditions(when)
    everybody = [
        Profile({"sciatica": sciatica, "numbness": numb, "excess_lb": excess})
        for sciatica in (None, True, False)
        for numb in (None, True, False)
        for excess in (None, 4, 5)
    ]
    assert_both_ways_say_the_same(knowledge_base, everybody)


def test_what_several_rules_ask_for_is_worked_out_once() -> None:
    either = AnyOf((OneOf("from_sitting", (True,)), Within("excess_lb", 50, None)))
    shared = CompiledEngine(with_conditions(AllOf((NUMB, either)), AllOf((OneOf("sciatica", (True,)), either)))).source
    assert shared.count("p0 = ") == shared.count("r0 = ") == 1
    assert "p1 = " not in shared
    assert "p0 = " not in CompiledEngine(with_conditions(AllOf((NUMB, either)))).source


def test_a_rule_stands_under_the_flag_that_must_be_yes() -> None:
    """Whoever says no is past it in one step, whatever else it asks for."""
    others = Within("excess_lb", 50, None), OneOf("from_sitting", (False,))
    for when in (AllOf((*others, NUMB)), AllOf((NUMB, *others))):
        engine = CompiledEngine(with_conditions(when))
        numb, sitting = (
            next(variable for variable, fact in engine.variables.items() if fact == name)
            for name in ("numbness", "from_sitting")
        )
        assert f"if {numb} is not False:\n" in engine.source
        assert f"if {sitting} is not False and {sitting} is not True and {sitting} is not None:\n" in engine.source


@pytest.mark.parametrize(
    ("person", "trials"),
    [
        (Subject({"sciatica": 1}), ()),
        (Subject({"siatica": True}), ()),
        (Subject({fact.id: "word" if fact.id == "excess_lb" else True for fact in SMALL_BOOK.person_facts}), ()),
        (Subject({}), (Subject({"trial.felt": "ouch"}, "toe_reach"),)),
        (Subject({}), (Subject({}, "handstand"),)),
        (Subject({"build": ["heavy"]}), ()),  # type: ignore[dict-item]
    ],
)
def test_engine_refuses_without_quoting_answers(person: Subject, trials: tuple[Subject, ...]) -> None:
    with pytest.raises(EngineFault) as caught:
        CompiledEngine(KnowledgeBase([SMALL_BOOK])).activations(person, trials)
    assert (caught.value.kind, caught.value.detail) == ("refused", "an answer is not as the rulebook has it")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("known", [True, None])
def test_instead_omits_stretches_with_their_own_caution(known: bool | None) -> None:
    of_its_own = evolve(
        SMALL_BOOK.rules[0],
        id="own",
        when=OneOf("from_sitting", (True,)),
        applies_to=AttributeSelector(stretches=("more_a",)),
        effect=Effect.CAUTION,
        about=About.STRETCH,
        tried=None,
        cases=(),
    )
    avoided = evolve(
        SMALL_BOOK.rules[0],
        id="avoided",
        when=OneOf("sciatica", (True,)),
        applies_to=AttributeSelector(stretches=("toe_reach",)),
        effect=Effect.AVOID,
        cases=(),
    )
    # the verdict on it is settled without that rule
    with_care = evolve(
        avoided, id="with-care", about=About.PERSON, applies_to=of_its_own.applies_to, effect=Effect.CAUTION
    )
    catalogue = SMALL_BOOK.stretches
    reach = next(one for one in catalogue if one.id == "toe_reach")
    more = evolve(reach, id="more_a", name="More a", variation_of=None)
    knowledge_base = KnowledgeBase(
        [
            evolve(
                SMALL_BOOK,
                stretches=(*catalogue, more),
                rules=(avoided, with_care, of_its_own),
                scenarios=(),
                digest="sha256:own",
            )
        ]
    )
    for engine in ("compiled", None):
        screener = Screener(knowledge_base, engine=engine)
        assert "more_a" in screener.screen(Profile({"sciatica": True, "from_sitting": False}))["toe_reach"].instead
        assert "more_a" not in screener.screen(Profile({"sciatica": True, "from_sitting": known}))["toe_reach"].instead
