"""The engines: what durable_rules is kept from, what each guard refuses, and what happens when an engine is wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Literal

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis.strategies import DataObject, data, integers

from backscreen import Directive, Profile, Screener, Trial, UsageError, Verdict
from backscreen.engines.durable import adapter
from backscreen.engines.durable.adapter import DurableEngine
from backscreen.loading.condition_parser import read_condition
from backscreen.loading.profile_validation import check
from backscreen.loading.rulebook_files import load_rulebooks, load_texts
from backscreen.model import conditions
from backscreen.model.catalogue import AttributeSelector, Everything
from backscreen.model.conditions import AllOf, AnyOf, Not, OneOf, TooIntricate, Within, alternatives, atoms, can_hold
from backscreen.model.facts import Choice, Fact, Flag, Number, Option
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.screening.situation import situation
from backscreen.semantics.activations import EngineFault
from backscreen.semantics.reference import decide, holds
from backscreen.testing import assert_engines_agree, profiles, rulebooks
from tests.helpers.machine import PATIENCE
from tests.helpers.small import SMALL

KNOWLEDGE_BASE = load_rulebooks("lower-back")
SICK = Profile(facts={"sciatica": True}, otherwise="no")
FACTS: dict[str, Fact] = {
    "a": Flag(id="a", title="a", question="a?"),
    "b": Flag(id="b", title="b", question="b?"),
    "n": Number(id="n", title="n", question="n?", unit="min", at_least=0, at_most=9),
    "c": Choice(
        id="c", title="c", question="c?", options=tuple(Option(id=name, means=name) for name in ("x", "y", "z"))
    ),
}


durably = pytest.mark.skipif(find_spec("durable") is None, reason="durable_rules cannot be installed here")


def test_kleene_logic_of_every_combination() -> None:
    a, b = OneOf("a", (True,)), OneOf("b", (True,))
    values = (True, False, None)
    for left in values:
        for right in values:
            known = {name: value for name, value in (("a", left), ("b", right)) if value is not None}
            both = False if False in (left, right) else None if None in (left, right) else True
            either = True if True in (left, right) else None if None in (left, right) else False
            assert holds(AllOf((a, b)), known) is both
            assert holds(AnyOf((a, b)), known) is either
            assert holds(Not(a), known) is (None if left is None else not left)


def test_a_span_holds_at_its_ends_and_not_beyond() -> None:
    span = Within("n", 3, 5)
    assert [holds(span, {"n": value}) for value in (2, 3, 5, 6)] == [False, True, True, False]
    assert holds(Within("n", None, 5), {"n": 0}) is True
    assert holds(Within("n", 3, None), {"n": 9}) is True
    assert holds(span, {}) is None


def test_alternatives_hold_exactly_where_the_condition_does() -> None:
    written = {
        "a": True,
        "not": {"any": [{"n": {"at_least": 3, "at_most": 5}}, {"c": ["x", "y"]}, {"all": [{"b": True}, {"n": 7}]}]},
    }
    condition, diagnostics = read_condition(written, FACTS)
    assert condition is not None
    assert not diagnostics
    assert {atom.fact for atom in atoms(condition)} == {"a", "b", "c", "n"}
    for person in _everybody():
        for holding in (True, False):
            expanded = AnyOf(tuple(AllOf(alternative) for alternative in alternatives(condition, FACTS, holds=holding)))
            value = holds(condition, person)
            assert holds(expanded, person) is (value if holding or value is None else not value)


def _everybody() -> list[Mapping[str, bool | int | str]]:
    people: list[dict[str, bool | int | str]] = [{}]
    options: dict[str, tuple[bool | int | str, ...]] = {
        "a": (True, False),
        "b": (True, False),
        "n": (2, 3, 5, 6, 7),
        "c": ("x", "z"),
    }
    for name, values in options.items():
        people += [{**person, name: value} for person in people for value in values]
    return list(people)


def test_a_condition_with_too_many_alternatives_is_refused() -> None:
    flags: dict[str, Fact] = {f"f{number}": Flag(id=f"f{number}", title="f", question="f?") for number in range(20)}
    pairs = AllOf(
        tuple(AnyOf((OneOf(f"f{2 * number}", (True,)), OneOf(f"f{2 * number + 1}", (True,)))) for number in range(10))
    )
    with pytest.raises(TooIntricate):
        alternatives(pairs, flags)
    with pytest.raises(TooIntricate):
        can_hold(AnyOf(tuple(OneOf("f1", (True,)) for _ in range(600))), flags)


def test_512_alternatives_are_the_most_unless_less_is_asked_for() -> None:
    def either(count: int) -> AnyOf:
        return AnyOf(tuple(OneOf("a", (True,)) for _ in range(count)))

    assert len(alternatives(either(512), FACTS)) == 512
    for condition in (either(4), Not(Not(either(4))), AllOf((either(4), AnyOf(()))), AllOf((either(2), either(2)))):
        with pytest.raises(TooIntricate):
            alternatives(condition, FACTS, most=3)
    with pytest.raises(TooIntricate):
        alternatives(either(513), FACTS)
    assert len(alternatives(AllOf((either(2), either(2))), FACTS, most=4)) == 4


def test_too_many_alternatives_are_counted_and_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "product", None)
    with pytest.raises(TooIntricate):
        alternatives(AllOf(tuple(AnyOf((OneOf("a", (True,)), OneOf("b", (True,)))) for _ in range(100))), FACTS)


def test_contradictions_and_certainties_are_seen_across_parts() -> None:
    never = AllOf((Within("n", 5, None), AnyOf((Within("n", None, 2), Within("n", 3, 4)))))
    assert not can_hold(never, FACTS)
    assert can_hold(AllOf((OneOf("c", ("x", "y")), OneOf("c", ("y", "z")))), FACTS)
    always = AnyOf((Within("n", None, 4), Within("n", 5, None)))
    assert not can_hold(always, FACTS, holds=False)


@durably
def test_durable_rules_is_the_default_and_verified() -> None:
    screener = Screener(KNOWLEDGE_BASE)
    assert screener.engine == "durable"
    screening = screener.screen(SICK)
    assert screening.engine == "durable"
    assert screening.fault is None


@durably
def test_the_compiled_engine_gives_the_same_screening() -> None:
    by_durable, compiled = (
        Screener(KNOWLEDGE_BASE, engine="durable").screen(SICK).to_dict(),
        Screener(KNOWLEDGE_BASE, engine="compiled").screen(SICK).to_dict(),
    )
    assert compiled.pop("engine") == "compiled"
    assert by_durable.pop("engine") == "durable"
    assert compiled == by_durable


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(UsageError):
        Screener(KNOWLEDGE_BASE, engine="guessing")  # type: ignore[arg-type]


def test_names_that_would_join_to_the_same_property_stay_apart() -> None:
    """A choice `a` with an option `b_true` and a flag `a_b` would both be `a_b_true` if names were joined."""
    book = KNOWLEDGE_BASE.books[0]
    trap = Choice(
        id="sciatica_x",
        title="x",
        question="x?",
        options=tuple(Option(id=name, means=name) for name in ("true", "low", "sure")),
    )
    assert_engines_agree(
        KnowledgeBase([evolve(book, person_facts=(*book.person_facts, trap), digest="sha256:trap")]), SICK
    )


@pytest.mark.parametrize("otherwise", ["no", "unknown"])
@pytest.mark.parametrize("stretch", [None, "cat_cow", "toe_reach"])
@pytest.mark.parametrize("felt", [None, "pain", "nothing"])
def test_engines_agree_on_a_rule_that_is_narrowed_to_a_stretch(
    otherwise: Literal["no", "unknown"], stretch: str | None, felt: str | None
) -> None:
    book = load_texts(SMALL)
    pain = next(rule for rule in book.rules if rule.id == "pain")
    asking = evolve(
        pain,
        id="asking",
        when=AnyOf((pain.when, Not(OneOf("sciatica", (True,))))),
        tried=AttributeSelector(stretches=("toe_reach",)),
    )
    rules = (pain, evolve(pain, id="narrowed", tried=AttributeSelector(stretches=("cat_cow",))), asking)
    for sciatica in (None, True, False):
        person = Profile({"sciatica": sciatica}, [Trial(stretch, felt=felt), Trial("cat_cow")], otherwise)
        assert_engines_agree(KnowledgeBase([evolve(book, rules=rules, digest="sha256:narrowed")]), person)


@durably
def test_rulebook_too_large_for_durable_rules_is_compiled(caplog: pytest.LogCaptureFixture) -> None:
    book = KNOWLEDGE_BASE.books[0]
    wide = Number(id="steps", title="Steps", question="How many?", unit="steps", at_least=0, at_most=10**12)
    restless = evolve(book.rules[0], id="restless", when=Within("steps", 5, None))
    knowledge_base = KnowledgeBase(
        [evolve(book, person_facts=(*book.person_facts, wide), rules=(*book.rules, restless), digest="sha256:wide")]
    )
    with pytest.raises(UsageError):
        Screener(knowledge_base, engine="durable")
    screener = Screener(knowledge_base)
    assert screener.engine == "compiled"
    assert "refused" in caplog.text
    assert screener.screen(SICK)["standing_forward_bend"].verdict is Verdict.AVOID


def _with_flags(count: int, digest: str) -> KnowledgeBase:
    """The rulebook with one more rule, which asks for this many flags at once."""
    book = KNOWLEDGE_BASE.books[0]
    flags = tuple(Flag(id=f"flag{number}", title="f", question="f?") for number in range(count))
    everything = evolve(book.rules[0], id="everything", when=AllOf(tuple(OneOf(flag.id, (True,)) for flag in flags)))
    return KnowledgeBase(
        [evolve(book, person_facts=(*book.person_facts, *flags), rules=(*book.rules, everything), digest=digest)]
    )


def test_rules_of_many_facts_are_spread_over_several_rulesets() -> None:
    knowledge_base = _with_flags(200, "sha256:many")
    assert_engines_agree(knowledge_base, Profile({f"flag{number}": True for number in range(200)}))
    assert_engines_agree(knowledge_base, Profile({f"flag{number}": True for number in range(199)}))


@durably
def test_rule_fires_if_an_alternative_in_any_ruleset_does() -> None:
    """Whichever of them is asked first, and whatever the others only leave open."""
    book = KNOWLEDGE_BASE.books[0]
    flags = tuple(Flag(id=f"flag{number}", title="f", question="f?") for number in range(130))
    either = evolve(
        book.rules[0],
        id="either",
        applies_to=Everything(),
        when=AnyOf(tuple(OneOf(flag.id, (True,)) for flag in flags)),
    )
    knowledge_base = KnowledgeBase([evolve(book, person_facts=flags, rules=(either,), digest="sha256:either")])
    for number in (0, 59, 60, 64, 129):
        assert_engines_agree(knowledge_base, Profile({f"flag{number}": True}))
        assert_engines_agree(knowledge_base, Profile({flag.id: flag.id == f"flag{number}" for flag in flags}))
    assert_engines_agree(knowledge_base, Profile({flag.id: False for flag in flags[:100]}))
    assert len(adapter._HOSTS["sha256:either"]) > 2  # noqa: SLF001 - it shows nowhere else


@durably
@settings(max_examples=60, deadline=None)
@given(data())
def test_it_does_not_matter_how_rules_are_spread_over_rulesets(drawing: DataObject) -> None:
    knowledge_base = drawing.draw(rulebooks())
    profile = drawing.draw(profiles(knowledge_base))
    checked, _ = check(knowledge_base, profile)
    known = situation(knowledge_base, checked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapter, "MOST_ENTRIES", drawing.draw(integers(1, 3)))
        patch.setattr(adapter, "_HOSTS", {})
        assert (
            DurableEngine(knowledge_base).activations(known.person, known.trials)
            == decide(knowledge_base, checked).activations
        )


@durably
def test_rule_with_too_many_facts_is_refused_by_the_adapter() -> None:
    with pytest.raises(EngineFault):
        DurableEngine(_with_flags(300, "sha256:more"))


@durably
def test_building_screeners_again_registers_nothing_again() -> None:
    """A host is never freed."""
    Screener(KNOWLEDGE_BASE)
    before = adapter._HOSTS[KNOWLEDGE_BASE.digest]  # noqa: SLF001 - it shows nowhere else
    Screener(KNOWLEDGE_BASE).screen(SICK)
    assert adapter._HOSTS[KNOWLEDGE_BASE.digest] is before  # noqa: SLF001 - as above


def test_a_stop_is_all_there_is_to_it() -> None:
    screening = Screener(KNOWLEDGE_BASE).screen(Profile(trials=[Trial(after="mild_increase", after_lasted_min=60)]))
    assert screening.directive is Directive.STOP
    assert not screening.unanswered
    assert len(screening.avoided) == 20


def test_a_span_without_an_end_is_none() -> None:
    """It would be always so for whoever has answered, and open for whoever has not; no file can say that."""
    with pytest.raises(ValueError, match="at least one end"):
        Within("n", None, None)


# Rulebooks that are reloaded


def another(number: int) -> KnowledgeBase:
    """The rulebook as if something in it had changed."""
    return KnowledgeBase([evolve(book, digest=f"{book.digest}/{number}") for book in KNOWLEDGE_BASE.books])


RELOADING = """
import resource
from attrs import evolve
from backscreen import Profile, Screener
from backscreen.engines.durable import adapter
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.knowledge_base import KnowledgeBase

(book,) = load_rulebooks("lower-back").books
for number in range(300):
    screening = Screener(KnowledgeBase([evolve(book, digest=str(number))])).screen(Profile({"sciatica": True}))
    assert screening.engine == "durable" and screening.fault is None
    assert len(adapter._HOSTS) <= adapter.MOST_HOSTS
    if number == 50:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@durably
def test_reloading_a_rulebook_takes_no_more_memory() -> None:
    """Unfreed, 250 more hosts take 140 MB."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes, or kilobytes
    grown = subprocess.run(
        [sys.executable, "-c", RELOADING], capture_output=True, text=True, check=True, timeout=PATIENCE
    ).stdout
    assert int(grown) * unit < 40 * 1024 * 1024


@durably
def test_a_freed_host_is_registered_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """More rulebooks in use than there may be hosts take turns, and each goes on screening as before."""
    monkeypatch.setattr(adapter, "_HOSTS", {})
    screeners = [Screener(another(number)) for number in range(adapter.MOST_HOSTS + 3)]
    expected = Screener(KNOWLEDGE_BASE, engine="compiled").screen(SICK).verdicts
    for screener in screeners * 3:
        screening = screener.screen(SICK)
        assert (screening.engine, screening.fault, screening.verdicts) == ("durable", None, expected)
        assert len(adapter._HOSTS) == adapter.MOST_HOSTS  # noqa: SLF001 - it shows nowhere else


@pytest.fixture
def freed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The handles that are freed from now on."""
    handles: list[int] = []
    free = adapter._free  # noqa: SLF001 - it shows nowhere else

    def noting(rulesets: Any) -> None:
        handles.extend(ruleset.handle for ruleset in rulesets)
        free(rulesets)

    monkeypatch.setattr(adapter, "_HOSTS", {})
    monkeypatch.setattr(adapter, "_free", noting)
    return handles


@durably
def test_no_host_is_freed_in_the_middle_of_a_session(monkeypatch: pytest.MonkeyPatch, freed: list[int]) -> None:
    """A signal handler may screen with many other rulebooks while the engine runs its actions."""
    others = [DurableEngine(another(number)) for number in range(adapter.MOST_HOSTS + 3)]
    knowledge_base = another(-1)
    engine = DurableEngine(knowledge_base)
    known = situation(knowledge_base, check(knowledge_base, SICK)[0])
    expected = engine.activations(known.person, known.trials)
    before = {ruleset.handle for ruleset in adapter._HOSTS[knowledge_base.digest]}  # noqa: SLF001 - it shows nowhere else
    freed.clear()
    ask = adapter._ask  # noqa: SLF001 - as if a signal came here

    def interrupted(ruleset: Any, properties: Any) -> set[int]:
        found = ask(ruleset, properties)
        one_by_one, others[:] = others[:], []
        for other in one_by_one:
            other.activations(known.person, known.trials)
        return found

    monkeypatch.setattr(adapter, "_ask", interrupted)
    assert engine.activations(known.person, known.trials) == expected
    assert freed
    assert not before.intersection(freed)


@durably
def test_what_was_registered_is_freed_where_the_rest_fails(monkeypatch: pytest.MonkeyPatch, freed: list[int]) -> None:
    """A rulebook of which only a part can be registered leaves nothing behind in the engine."""
    failures = iter([None, RuntimeError()])
    run_plainly = adapter._run_plainly  # noqa: SLF001 - the last step of registering

    def failing(*arguments: Any) -> None:
        failure = next(failures)
        if failure is not None:
            raise failure
        run_plainly(*arguments)

    monkeypatch.setattr(adapter, "_run_plainly", failing)
    with pytest.raises(EngineFault):
        DurableEngine(another(-2))
    assert len(freed) == 2
