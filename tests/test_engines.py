"""The engines: what durable_rules is kept from, what each guard refuses, and what happens when an engine is wrong."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Mapping
from importlib.util import find_spec

import pytest
from attrs import evolve

from backscreen import Directive, Profile, Screener, Trial, UsageError, Verdict
from backscreen.engines import durable
from backscreen.engines.activations import Activation, Activations, Certainty, EngineFault, Known
from backscreen.engines.compiled import CompiledEngine
from backscreen.engines.durable import DurableEngine
from backscreen.engines.reference import holds
from backscreen.loading.conditions import read_condition
from backscreen.loading.rulebooks import load
from backscreen.rulebook.conditions import AllOf, AnyOf, Not, OneOf, TooIntricate, Within, alternatives, atoms, can_hold
from backscreen.rulebook.facts import Choice, Fact, Flag, Number, Option
from backscreen.rulebook.rulebook import Guidance
from backscreen.testing import assert_engines_agree

GUIDANCE = load("lower-back")
SICK = Profile(facts={"sciatica": True}, otherwise="no")
FACTS: dict[str, Fact] = {
    "a": Flag(id="a", title="a", question="a?"),
    "b": Flag(id="b", title="b", question="b?"),
    "n": Number(id="n", title="n", question="n?", unit="min", at_least=0, at_most=9),
    "c": Choice(id="c", title="c", question="c?", options=tuple(Option(id=name, means=name) for name in ("x", "y", "z"))),
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
    written = {"a": True, "not": {"any": [{"n": {"at_least": 3, "at_most": 5}}, {"c": ["x", "y"]}, {"all": [{"b": True}, {"n": 7}]}]}}
    condition, misfits = read_condition(written, FACTS)
    assert condition is not None
    assert not misfits
    assert {atom.fact for atom in atoms(condition)} == {"a", "b", "c", "n"}
    for person in _everybody():
        for holding in (True, False):
            expanded = AnyOf(tuple(AllOf(alternative) for alternative in alternatives(condition, FACTS, holds=holding)))
            value = holds(condition, person)
            assert holds(expanded, person) is (value if holding or value is None else not value)


def _everybody() -> list[Mapping[str, bool | int | str]]:
    people: list[dict[str, bool | int | str]] = [{}]
    options: dict[str, tuple[bool | int | str, ...]] = {"a": (True, False), "b": (True, False), "n": (2, 3, 5, 6, 7), "c": ("x", "z")}
    for name, values in options.items():
        people += [{**person, name: value} for person in people for value in values]
    return list(people)


def test_a_condition_with_too_many_alternatives_is_refused() -> None:
    flags: dict[str, Fact] = {f"f{number}": Flag(id=f"f{number}", title="f", question="f?") for number in range(20)}
    pairs = AllOf(tuple(AnyOf((OneOf(f"f{2 * number}", (True,)), OneOf(f"f{2 * number + 1}", (True,)))) for number in range(10)))
    with pytest.raises(TooIntricate):
        alternatives(pairs, flags)
    with pytest.raises(TooIntricate):
        can_hold(AnyOf(tuple(OneOf("f1", (True,)) for _ in range(600))), flags)


def test_contradictions_and_certainties_are_seen_across_parts() -> None:
    never = AllOf((Within("n", 5, None), AnyOf((Within("n", None, 2), Within("n", 3, 4)))))
    assert not can_hold(never, FACTS)
    assert can_hold(AllOf((OneOf("c", ("x", "y")), OneOf("c", ("y", "z")))), FACTS)
    always = AnyOf((Within("n", None, 4), Within("n", 5, None)))
    assert not can_hold(always, FACTS, holds=False)


@durably
def test_durable_rules_is_the_default_and_verified() -> None:
    screener = Screener(GUIDANCE)
    assert screener.engine == "durable"
    screening = screener.screen(SICK)
    assert screening.engine == "durable"
    assert screening.fault is None


@durably
def test_the_compiled_engine_gives_the_same_screening() -> None:
    by_durable, compiled = Screener(GUIDANCE, engine="durable").screen(SICK).to_dict(), Screener(GUIDANCE, engine="compiled").screen(SICK).to_dict()
    assert compiled.pop("engine") == "compiled"
    assert by_durable.pop("engine") == "durable"
    assert compiled == by_durable


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(UsageError):
        Screener(GUIDANCE, engine="guessing")  # type: ignore[arg-type]


def test_names_that_would_join_to_the_same_property_stay_apart() -> None:
    """A choice `a` with an option `b_true` and a flag `a_b` would both be `a_b_true` if names were joined."""
    book = GUIDANCE.books[0]
    trap = Choice(id="sciatica_x", title="x", question="x?", options=tuple(Option(id=name, means=name) for name in ("true", "low", "sure")))
    assert_engines_agree(Guidance([evolve(book, person_facts=(*book.person_facts, trap), digest="sha256:trap")]), SICK)


class _Wrong:
    """The compiled engine, but for one rule that it loses, invents, or knows less of."""

    name = "durable"

    def __init__(self, rule: str, certainty: Certainty | None) -> None:
        self._engine = CompiledEngine(GUIDANCE)
        self._number = next(number for number, placed in enumerate(GUIDANCE.rules) if placed.rule.id == rule)
        self._certainty = certainty

    def activations(self, person: Known, trials: tuple[Known, ...]) -> Activations:
        found = {key: value for key, value in self._engine.activations(person, trials).items() if key.rule != self._number}
        return found if self._certainty is None else {**found, Activation(self._number, -1): self._certainty}


def _with(engine: object) -> Screener:
    screener = Screener(GUIDANCE)
    screener._engine = engine  # type: ignore[assignment]  # noqa: SLF001 - an engine that fails is nowhere to be had
    return screener


def test_a_lost_rule_still_counts_and_is_told_as_a_fault() -> None:
    screening = _with(_Wrong("hamstrings-with-sciatica", None)).screen(SICK)
    assert screening["standing_forward_bend"].verdict is Verdict.AVOID
    assert screening.fault is not None
    assert screening.fault.kind == "disagreement"
    assert "hamstrings-with-sciatica" in screening.fault.detail


def test_an_invented_rule_counts_too() -> None:
    screening = _with(_Wrong("lower-back-with-scoliosis", Certainty.FIRES)).screen(SICK)
    assert screening["cat_cow"].verdict is Verdict.AVOID
    assert screening.fault is not None


def test_firing_beats_perhaps_firing() -> None:
    screening = _with(_Wrong("hamstrings-with-sciatica", Certainty.MAY_FIRE)).screen(SICK)
    assert screening["standing_forward_bend"].verdict is Verdict.AVOID
    assert screening.fault is not None


@durably
def test_after_a_fault_two_channels_go_on_without_the_engine(caplog: pytest.LogCaptureFixture) -> None:
    screener = _with(_Wrong("hamstrings-with-sciatica", None))
    with caplog.at_level(logging.ERROR, logger="backscreen"):
        first = screener.screen(SICK)
    assert first.fault is not None
    assert first.fault.detail in caplog.text
    assert screener.engine == "compiled"
    again = screener.screen(SICK)
    assert again.fault is None
    assert again.engine == "compiled"
    assert again["standing_forward_bend"].verdict is Verdict.AVOID
    assert Screener(GUIDANCE).engine == "durable"


@durably
def test_an_engine_that_was_set_aside_does_not_come_back() -> None:
    screener = _with(_Wrong("hamstrings-with-sciatica", None))
    screener.screen(SICK)
    for _ in range(2):
        wrong = _Wrong("hamstrings-with-sciatica", None)
        wrong.name = "compiled"
        screener._engine = wrong  # noqa: SLF001 - as above
        assert screener.screen(SICK).fault is not None
        assert screener.engine == "compiled"


def test_a_fallback_that_is_wrong_too_is_found_by_the_reference() -> None:
    screener = Screener(GUIDANCE, engine="compiled")
    for _ in range(2):
        wrong = _Wrong("hamstrings-with-sciatica", None)
        wrong.name = "compiled"
        screener._engine = wrong  # noqa: SLF001 - as above
        screener._verified = True  # noqa: SLF001 - as it is after a first fault
        assert screener.screen(SICK).fault is not None


class _Raising:
    name = "durable"

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    def activations(self, *_: object) -> Activations:
        raise self._failure


@pytest.mark.parametrize("failure", [EngineFault("incomplete", "not every rule"), RuntimeError("sciatica: yes, smoker: yes")])
def test_an_engine_that_fails_is_replaced_without_a_word_of_the_person(failure: Exception, caplog: pytest.LogCaptureFixture) -> None:
    screening = _with(_Raising(failure)).screen(SICK)
    assert screening["standing_forward_bend"].verdict is Verdict.AVOID
    assert screening.fault is not None
    told = json.dumps([screening.fault.kind, screening.fault.detail]) + caplog.text
    assert "sciatica" not in told
    assert "smoker" not in told


def test_many_rules_lost_are_told_in_short() -> None:
    class Nothing:
        name = "durable"

        def activations(self, *_: object) -> Activations:
            return {}

    screening = _with(Nothing()).screen(Profile())
    assert screening.fault is not None
    assert screening.fault.detail.count(",") == 5
    assert not screening.allowed


def test_verdicts_that_differ_though_the_same_rules_fire_are_told_and_the_stricter_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    from backscreen.engines import reference

    decide = reference.decide

    def stricter(guidance: Guidance, profile: Profile) -> reference.Decision:
        decision = decide(guidance, profile)
        return evolve(decision, stretches={**decision.stretches, "neck_rotation": (Verdict.AVOID, Verdict.AVOID)})

    monkeypatch.setattr(reference, "decide", stricter)
    screening = Screener(GUIDANCE).screen(SICK)
    assert screening.fault is not None
    assert screening["neck_rotation"].verdict is Verdict.AVOID


def _small(name: str) -> Guidance:
    book = GUIDANCE.books[0]
    rules = tuple(rule for rule in book.rules if rule.id in {"hamstrings-with-sciatica", "pain-on-a-stretch"})
    return Guidance([evolve(book, rules=rules, digest=f"sha256:{name}")])


@durably
@pytest.mark.parametrize(
    ("lost", "kind"),
    [("open", "incomplete"), ("close", "incomplete"), ("raise", "exception"), ("assert", "exception")],
)
def test_a_guard_refuses_what_the_engine_did_not_finish(lost: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentinel that did not run, an action that raised, an engine that threw: a fault, a new host for whoever comes next, never an answer."""
    guidance = _small(lost)
    definition = durable._definition  # noqa: SLF001 - the guard is what is tested

    def tampered(entries: list[object], note: object) -> object:
        def noting(what: object) -> None:
            if lost == "raise" and what not in ("open", "close"):
                raise RuntimeError("sciatica: yes")
            if what != lost:
                note(what)  # type: ignore[operator]

        return definition(entries, noting)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(durable, "_definition", tampered)
        engine = DurableEngine(guidance)
    if lost == "assert":
        monkeypatch.setattr(engine._rulesets[0].host, "assert_fact", lambda *_: 1 / 0)  # noqa: SLF001 - as above
    with pytest.raises(EngineFault) as caught:
        engine.activations(Known({"sciatica": True}), ())
    assert caught.value.kind == kind
    assert "sciatica" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert DurableEngine(guidance)._rulesets is not engine._rulesets  # noqa: SLF001 - as above


@durably
def test_a_fault_leaves_the_host_of_whoever_came_later(monkeypatch: pytest.MonkeyPatch) -> None:
    guidance = _small("later")
    early = DurableEngine(guidance)
    monkeypatch.setattr(early._rulesets[0].host, "assert_fact", lambda *_: 1 / 0)  # noqa: SLF001 - as above
    for _ in range(2):
        with pytest.raises(EngineFault):
            early.activations(Known({"sciatica": True}), ())
        later = DurableEngine(guidance)
        assert later.activations(Known({"sciatica": True}), ())
    assert DurableEngine(guidance)._rulesets is later._rulesets  # noqa: SLF001 - as above


@durably
def test_a_rulebook_that_does_not_fit_the_engine_is_left_to_the_compiled_one(caplog: pytest.LogCaptureFixture) -> None:
    book = GUIDANCE.books[0]
    wide = Number(id="steps", title="Steps", question="How many?", unit="steps", at_least=0, at_most=10**12)
    guidance = Guidance([evolve(book, person_facts=(*book.person_facts, wide), digest="sha256:wide")])
    with pytest.raises(UsageError):
        Screener(guidance, engine="durable")
    screener = Screener(guidance)
    assert screener.engine == "compiled"
    assert "refused" in caplog.text
    assert screener.screen(SICK)["standing_forward_bend"].verdict is Verdict.AVOID


def _with_flags(count: int, digest: str) -> Guidance:
    """The rulebook with one more rule, which asks for this many flags at once."""
    book = GUIDANCE.books[0]
    flags = tuple(Flag(id=f"flag{number}", title="f", question="f?") for number in range(count))
    everything = evolve(book.rules[0], id="everything", when=AllOf(tuple(OneOf(flag.id, (True,)) for flag in flags)))
    return Guidance([evolve(book, person_facts=(*book.person_facts, *flags), rules=(*book.rules, everything), digest=digest)])


def test_rules_of_many_facts_are_spread_over_several_rulesets() -> None:
    guidance = _with_flags(200, "sha256:many")
    assert_engines_agree(guidance, Profile({f"flag{number}": True for number in range(200)}))
    assert_engines_agree(guidance, Profile({f"flag{number}": True for number in range(199)}))


@durably
def test_a_rule_of_more_facts_than_the_engine_holds_is_refused_before_it_sees_it() -> None:
    with pytest.raises(EngineFault):
        DurableEngine(_with_flags(300, "sha256:more"))


@durably
def test_a_ruleset_that_cannot_be_registered_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "_rule", lambda *_: {"all": [{"m": {"$and": [object()]}}], "run": 1})
    with pytest.raises(EngineFault) as caught:
        DurableEngine(_small("unregistrable"))
    assert caught.value.kind == "registration"


def test_without_durable_rules_the_compiled_engine_is_verified_in_its_place() -> None:
    script = (
        "import sys; sys.modules['durable'] = None\n"
        "from backscreen import Profile, Screener, UsageError\n"
        "screener = Screener()\n"
        "screening = screener.screen(Profile(facts={'sciatica': True}, otherwise='no'))\n"
        "print(screener.engine, screening['standing_forward_bend'].verdict, screener._verified)\n"
        "try: Screener(engine='durable')\n"
        "except UsageError as failure: print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["compiled", "avoid", "True", "refused"]
    assert not done.stderr


def test_a_missing_engine_is_no_cause_for_alarm(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setitem(sys.modules, "durable", None)
    guidance = _small("missing")
    with pytest.raises(EngineFault) as caught:
        DurableEngine(guidance)
    assert caught.value.kind == "missing"
    screener = Screener(guidance)
    assert screener.engine == "compiled"
    assert not caplog.text
    assert screener.screen(SICK)["standing_forward_bend"].verdict is Verdict.AVOID


def test_one_screener_serves_many_threads() -> None:
    """People screened at the same time do not leak into one another."""
    screener = Screener(GUIDANCE)
    people = [
        Profile(facts={"sciatica": True}, otherwise="no"),
        Profile(facts={"facet_syndrome": True}, otherwise="no"),
        Profile(trials=[Trial("side_bend", felt="pain"), Trial(felt="discomfort")], otherwise="no"),
        Profile(facts={"scoliosis": True}),
    ]
    expected = [screener.screen(person).to_dict() for person in people]
    wrong: list[int] = []

    def work(start: int) -> None:
        for turn in range(start, start + 25):
            number = turn % len(people)
            if screener.screen(people[number]).to_dict() != expected[number]:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@durably
def test_building_screeners_again_registers_nothing_again() -> None:
    assert Screener(GUIDANCE)._engine._rulesets is Screener(GUIDANCE)._engine._rulesets  # type: ignore[attr-defined]  # noqa: SLF001 - hosts are never freed


def test_a_stop_is_all_there_is_to_it() -> None:
    screening = Screener(GUIDANCE).screen(Profile(trials=[Trial(after="mild_increase", after_lasted_min=60)]))
    assert screening.directive is Directive.STOP
    assert not screening.unanswered
    assert len(screening.avoided) == 20
