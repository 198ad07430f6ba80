"""Failing engines: each failure ends in a fault, in no looser verdict, and without a word of the person."""

from __future__ import annotations

import json
import logging
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from itertools import count, product
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve

from backscreen import Directive, Profile, Screener, Screening, Trial, Verdict
from backscreen.engines.durable import adapter
from backscreen.engines.durable.adapter import DurableEngine
from backscreen.engines.python.compiled_engine import CompiledEngine
from backscreen.loading.profile_validation import check
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.effects import Certainty
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.screening import screener as screener_module
from backscreen.screening.bounds import Bounds
from backscreen.semantics import reference
from backscreen.semantics.activations import Activation, Activations, EngineFault, Subject
from tests.helpers.machine import PATIENCE

BOOK = load_rulebooks("lower-back").books[0]
KNOWLEDGE_BASE = KnowledgeBase([BOOK])
SICK = Profile(facts={"sciatica": True}, otherwise="no")
CANARIES = ("877", "433")
PERSON = Profile(
    {"sciatica": True, "excess_weight_lb": 877, "warm_up_min": 433},
    [Trial("side_bend", felt="discomfort", full_range=True)],
    "no",
)
NUMBERS = count()
TOLD = f"the person weighs {CANARIES[0]} too much and warmed up for {CANARIES[1]}"

durably = pytest.mark.skipif(find_spec("durable") is None, reason="durable_rules cannot be installed here")


def _number(rule: str) -> int:
    return next(number for number, scoped in enumerate(KNOWLEDGE_BASE.rules) if scoped.rule.id == rule)


def _apart(name: str) -> KnowledgeBase:
    """The rulebook with a host of its own, even where the same test is run again."""
    return KnowledgeBase([evolve(BOOK, digest=f"sha256:{name} {next(NUMBERS)}")])


def _assert_no_looser_than_the_reference(screening: Screening, profile: Profile) -> None:
    checked, diagnostics = check(KNOWLEDGE_BASE, profile)
    assert not diagnostics
    decision = reference.decide(KNOWLEDGE_BASE, checked)
    for outcome in screening:
        best, worst = decision.stretches[outcome.id]
        assert outcome.at_best >= best
        assert outcome.at_worst >= worst
        assert outcome.verdict is Verdict.UNDETERMINED or outcome.verdict >= best
    assert screening.at_best >= decision.directive[0]
    assert screening.at_worst >= decision.directive[1]


def _assert_silent(*told: str) -> None:
    for text in told:
        assert not any(canary in text for canary in CANARIES), text


# --- durable_rules itself, tampered with


class Tampering:
    """A way to break durable_rules: what it does when rules are registered, and what to its host afterwards."""

    def __init__(self, knowledge_base: KnowledgeBase, patch: pytest.MonkeyPatch) -> None:
        self.knowledge_base = knowledge_base
        self.patch = patch

    def host(self) -> Any:
        DurableEngine(self.knowledge_base)
        return adapter._HOSTS[self.knowledge_base.digest][0].host  # noqa: SLF001 - what is broken lies inside

    def actions(self, what: Callable[[list[adapter.Noted], int], None]) -> None:
        """Every rule's action does this instead."""
        self.patch.setattr(adapter, "_note", lambda noted, rule: lambda _: what(noted, rule))
        DurableEngine(self.knowledge_base)

    def sentinels(self, lost: str) -> None:
        """The sentinel of this name notes nothing."""
        sentinel = adapter._sentinel  # noqa: SLF001 - as above
        self.patch.setattr(
            adapter, "_sentinel", lambda noted, name: (lambda _: None) if name == lost else sentinel(noted, name)
        )
        DurableEngine(self.knowledge_base)

    def asserting(self, instead: Callable[[Callable[[str, Any], Any], str, Any], Any]) -> None:
        """Whoever asserts a fact gets this instead, with what would have been done."""
        host = self.host()
        really = host.assert_fact
        self.patch.setattr(host, "assert_fact", lambda name, fact: instead(really, name, fact))


def _raises(failure: BaseException) -> Callable[..., Any]:
    def instead(*_: object) -> Any:
        raise failure

    return instead


def _loses(rule: str) -> Callable[[list[adapter.Noted], int], None]:
    return lambda noted, number: None if number == _number(rule) else noted.append(number)


def _invents(number: int) -> Callable[[list[adapter.Noted], int], None]:
    return lambda noted, rule: noted.extend([rule] if KNOWLEDGE_BASE.rules[rule].about_a_trial else [rule, number])


def _clock_jumps(by: int) -> Callable[[Tampering], None]:
    def tamper(tampering: Tampering) -> None:
        hours = count(0, by)
        tampering.host()
        tampering.patch.setattr("time.time", lambda: next(hours))

    return tamper


def _another_fact(really: Callable[[str, Any], Any], name: str, fact: Any) -> Any:
    """Of another person, who differs in everything."""
    return really(name, {key: not value if isinstance(value, bool) else value for key, value in fact.items()})


def _two_people(really: Callable[[str, Any], Any], name: str, fact: Any) -> Any:
    really(name, {**fact, "id": "f1"})
    return really(name, fact)


def _forgets_to_forget(tampering: Tampering) -> None:
    """The person before stays in the session."""
    tampering.patch.setattr(tampering.host(), "delete_state", lambda *_: None)
    assert Screener(tampering.knowledge_base).screen(SICK).fault is None


def _without_end(tampering: Tampering) -> None:
    """The engine hands out the message of a rule for ever."""
    import durable_rules_engine

    started: list[str] = []

    def again(*_: object) -> str:
        return started[-1]

    def start(handle: object, session: object) -> Any:
        state, message = really(handle, session)[:2]
        started.append(message)
        return state, message

    really = durable_rules_engine.start_action_for_state
    tampering.patch.setattr(durable_rules_engine, "start_action_for_state", start)
    tampering.patch.setattr(durable_rules_engine, "complete_and_start_action", again)


FAILURES: dict[str, tuple[str, Callable[[Tampering], None]]] = {
    "an action raises": ("exception", lambda broken: broken.actions(_raises(RuntimeError(TOLD)))),
    "an action runs out of memory": ("exception", lambda broken: broken.actions(_raises(MemoryError(TOLD)))),
    "an action is skipped": ("disagreement", lambda broken: broken.actions(_loses("hamstrings-with-sciatica"))),
    "the first sentinel is skipped": ("incomplete", lambda broken: broken.sentinels("open")),
    "the last sentinel is skipped": ("incomplete", lambda broken: broken.sentinels("close")),
    "the clock jumps": ("incomplete", _clock_jumps(3600)),
    "the clock jumps back": ("incomplete", _clock_jumps(-3600)),
    "a finding is invented": (
        "disagreement",
        lambda broken: broken.actions(_invents(_number("lower-back-with-scoliosis"))),
    ),
    "a finding of no rule is invented": ("invalid", lambda broken: broken.actions(_invents(999))),
    "a wrong fact is in the session": ("mistaken", lambda broken: broken.asserting(_another_fact)),
    "the facts of two people are in one session": ("incomplete", lambda broken: broken.asserting(_two_people)),
    "the person before is still in the session": ("exception", _forgets_to_forget),
    "a call raises": ("exception", lambda broken: broken.asserting(_raises(RuntimeError(TOLD)))),
    "a call runs out of memory": ("exception", lambda broken: broken.asserting(_raises(MemoryError(TOLD)))),
    "a call finds its stack too deep": ("exception", lambda broken: broken.asserting(_raises(RecursionError(TOLD)))),
    "rules fire again and again": ("incomplete", _without_end),
    "a call does nothing": ("incomplete", lambda broken: broken.asserting(lambda *_: None)),
    "the session cannot be ended": (
        "exception",
        lambda broken: broken.patch.setattr(broken.host(), "delete_state", _raises(RuntimeError(TOLD))),
    ),
    "the session holds an exception": (
        "exception",
        lambda broken: broken.asserting(lambda really, *fact: {**really(*fact), "exception": TOLD}),
    ),
}


@durably
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_of_durable_rules_ends_in_a_fault_and_in_no_looser_verdict(
    failure: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The fault is logged without answers, the next screening has another engine, and a new screener a new host."""
    kind, tamper = FAILURES[failure]
    knowledge_base = _apart(failure)
    bystander = Screener(knowledge_base)
    adapter._HOSTS.clear()  # noqa: SLF001 - what is tampered with is registered anew
    with monkeypatch.context() as patch, caplog.at_level(logging.DEBUG):
        tamper(Tampering(knowledge_base, patch))
        screener = Screener(knowledge_base)
        screening = screener.screen(PERSON)
        fault = screening.fault
        assert fault is not None
        assert (screening.engine, fault.kind) == ("durable", kind)
        (remembered,) = screener.faults
        assert f"{remembered.kind}: {remembered.detail}" in caplog.text
        assert remembered == fault or kind == "disagreement"  # whose log names no rule
        _assert_no_looser_than_the_reference(screening, PERSON)
        _assert_silent(
            fault.kind,
            fault.detail,
            caplog.text,
            *capfd.readouterr(),
            json.dumps(screening.to_dict()["fault"]),
            repr(screening),
            str(fault),
        )
        again = screener.screen(PERSON)
        assert (screener.engine, again.engine, again.fault) == ("compiled", "compiled", None)
    expected = Screener(knowledge_base, engine="compiled").screen(PERSON)
    assert again == expected
    for healthy in (Screener(knowledge_base), bystander):
        assert healthy.screen(PERSON).to_dict()["stretches"] == expected.to_dict()["stretches"]
        assert (healthy.engine, healthy.faults) == ("durable", ())


@durably
@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(TOLD), SystemExit(TOLD), GeneratorExit(TOLD)])
@pytest.mark.parametrize("where", ["action", "call"])
def test_an_interrupt_goes_on_and_leaves_nobody_behind(
    interrupt: BaseException,
    where: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The engine would swallow it. Whoever interrupts gets what they want; the next person gets another engine."""
    knowledge_base = _apart(f"interrupt {where} {interrupt!r}")
    with monkeypatch.context() as patch, caplog.at_level(logging.DEBUG):
        tampering = Tampering(knowledge_base, patch)
        tampering.actions(_raises(interrupt)) if where == "action" else tampering.asserting(_raises(interrupt))
        screener = Screener(knowledge_base)
        with pytest.raises(type(interrupt)) as caught:
            screener.screen(PERSON)
    assert caught.value is interrupt
    assert not any("durable/engine" in frame.filename for frame in traceback.extract_tb(caught.value.__traceback__))
    assert "interrupted" in caplog.text
    _assert_silent(caplog.text)
    assert screener.screen(SICK) == Screener(knowledge_base, engine="compiled").screen(SICK)
    assert Screener(knowledge_base).screen(SICK).fault is None


@durably
def test_an_interrupt_while_a_failure_is_told_takes_no_word_of_the_person_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the engine raised holds the whole fact, and would be told as what went before."""
    knowledge_base = _apart("interrupted while reporting")
    interrupt = KeyboardInterrupt()

    def interrupted(*_: object) -> EngineFault:
        raise interrupt

    with monkeypatch.context() as patch:
        Tampering(knowledge_base, patch).asserting(_raises(RuntimeError(TOLD)))
        screener = Screener(knowledge_base)
        patch.setattr(adapter, "EngineFault", type("Interrupting", (EngineFault,), {"__new__": interrupted}))
        with pytest.raises(KeyboardInterrupt) as caught:
            screener.screen(PERSON)
    _assert_silent("".join(traceback.format_exception(caught.value)))
    assert caught.value.__context__ is None
    assert screener.engine == "compiled"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError, RuntimeError])
def test_an_engine_that_failed_is_set_aside_whatever_comes_of_saying_so(
    failure: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is it used again where the reference fails after it."""
    screener = _with(_raises(RuntimeError(TOLD)))
    told = logging.getLogger("backscreen")
    with monkeypatch.context() as patch:
        patch.setattr(told, "error", _raises(failure()))
        patch.setattr(reference, "decide", _raises(failure()))
        with pytest.raises(failure):
            screener.screen(SICK)
    assert screener.engine == "compiled"
    assert screener.screen(SICK).fault is None


@durably
def test_a_log_that_screens_is_no_endless_one() -> None:
    screener = _with(_raises(RuntimeError()))
    screened: list[Screening] = []

    class Screening_(logging.Handler):  # noqa: N801 - it screens
        def emit(self, _record: logging.LogRecord) -> None:
            screened.append(screener.screen(SICK))

    handler = Screening_()
    logging.getLogger("backscreen").addHandler(handler)
    try:
        assert screener.screen(SICK).fault is not None
    finally:
        logging.getLogger("backscreen").removeHandler(handler)
    assert [one.fault for one in screened] == [None]


INTERRUPTED = """
import signal, sys
from backscreen import Profile, Screener, Trial

facts = {"sciatica": True, "excess_weight_lb": 877, "warm_up_min": 433}
person = Profile(facts, [Trial("side_bend", felt="pain")], "no")
screeners = [Screener() for _ in range(2)]
expected = screeners[0].screen(person).to_dict()["stretches"]
sent = got = 0


def alarm(*_):
    global sent
    sent += 1
    raise KeyboardInterrupt


signal.signal(signal.SIGALRM, alarm)
for turn in range(600):
    screener = Screener()
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.00002 + turn % 60 * 0.00001)
        for _ in range(50):
            screener.screen(person)
    except KeyboardInterrupt:
        got += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    for one in (screener, *screeners):
        screening = one.screen(person)
        assert screening.fault is None, screening.fault
        assert screening.to_dict()["stretches"] == expected
assert {one.engine for one in screeners} == {"durable"}
print(sent, got)
"""


@durably
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timers here")
def test_no_interrupt_is_swallowed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert not done.returncode, done.stderr
    sent, got = map(int, done.stdout.split())
    assert sent == got > 500
    _assert_silent(done.stderr)


WITHIN = """
import signal
from backscreen import Profile, Screener
from backscreen.loading.rulebook_files import load_rulebooks

guidance = load_rulebooks()
person, other = Profile({"sciatica": True}, otherwise="no"), Profile({"facet_syndrome": True}, otherwise="no")
plain = Screener(guidance, engine="compiled")
expected = plain.screen(person).verdicts, plain.screen(other).verdicts
# Import everything first: if a handler imports during an import, Python 3.11 itself may raise KeyError.
Screener(guidance).screen(person)
within = []
signal.signal(signal.SIGALRM, lambda *_: within.append(Screener(guidance).screen(other)))
faults = 0
for turn in range(300):
    signal.setitimer(signal.ITIMER_REAL, 0.00005 + turn % 30 * 0.00001)
    for screening in [Screener(guidance).screen(person) for _ in range(8)]:
        faults += screening.fault is not None
        assert screening.verdicts == expected[0]
assert all(screening.verdicts == expected[1] for screening in within)
print(len(within), faults)
"""


@durably
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timers here")
def test_nested_screening_neither_hangs_nor_misleads() -> None:
    """A signal handler may screen at any time; the engine has one session, and two people in it are a fault."""
    done = subprocess.run([sys.executable, "-c", WITHIN], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert not done.returncode, done.stderr
    within, faults = map(int, done.stdout.split())
    assert within > 200
    assert faults > 10


def _done_by(clock: list[float], *messages: str) -> tuple[list[str], list[object]]:
    """Return the actions that are run for these messages, and the session's completion, at these clock times."""
    left, ran, completed = [*messages], list[str](), list[object]()
    core = SimpleNamespace(start_action_for_state=lambda *_: (None, left.pop(0)) if left else None)
    core.complete_and_start_action = lambda *_: left.pop(0) if left else None
    ruleset = SimpleNamespace(_handle=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapter, "time", SimpleNamespace(time=lambda: clock.pop(0)))
        adapter._run_plainly(core, ruleset, {"e0": ran.append, "close": ran.append, "": ran.append})  # noqa: SLF001 - the bare library shows neither
        ruleset.do_actions("s", lambda *given: completed.append(given))
    return ran, completed


def test_every_action_is_run_in_the_engines_order_and_the_session_is_completed() -> None:
    messages = ['{"e0":{"m":{}}}', '{"close":{"m":{"e0":1}}}', '{"":{"m":{"e0":1}}}']
    assert _done_by([5.0, 5.5], *messages) == (messages, [(None, None)])
    assert _done_by([5.0, 5.5]) == ([], [(None, None)])


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-1, False), (0, True), (1, True), (adapter.LONGEST, True), (adapter.LONGEST + 1, False)]
)
def test_an_answer_is_taken_for_ten_seconds_and_not_if_the_clock_goes_back(seconds: float, taken: bool) -> None:
    assert adapter.LONGEST == 10
    if taken:
        assert _done_by([5.0, 5.0 + seconds])[1]
    else:
        with pytest.raises(EngineFault):
            _done_by([5.0, 5.0 + seconds])


def test_every_note_stands_between_the_notes_of_the_sentinels() -> None:
    fact = {"f0_0": True}
    first, last = ("open", fact), ("close", fact)
    between = adapter._between_sentinels  # noqa: SLF001 - no engine can be made to fail in each of these ways
    assert between([first, 1, 1, 0, last], fact) == {0, 1}
    for noted in (
        [],
        [first],
        [last],
        [first, 1],
        [1, last],
        [1, first, last],
        [first, last, 1],
        [last, first],
        [first, first, last],
        [first, last, last],
    ):
        with pytest.raises(EngineFault) as caught:
            between([*noted], fact)
        assert caught.value.kind == "incomplete"
    for noted in ([first, ("close", {})], [("open", {}), last]):
        with pytest.raises(EngineFault) as caught:
            between([*noted], fact)
        assert caught.value.kind == "mistaken"


@durably
def test_a_host_that_was_given_up_and_cannot_be_had_again_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    from durable import engine

    given_up = DurableEngine(_apart("given up"))
    adapter._HOSTS.clear()  # noqa: SLF001 - as after another's fault
    monkeypatch.setattr(engine.Host, "register_rulesets", _raises(RuntimeError(TOLD)))
    with pytest.raises(EngineFault) as caught:
        given_up.activations(Subject({}), ())
    assert caught.value.kind == "registration"


@durably
def test_a_forked_process_begins_with_a_lock_of_its_own_and_without_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    old = adapter._LOCK  # noqa: SLF001 - what a fork would do is done by hand
    monkeypatch.setattr(adapter, "_LOCK", old)
    DurableEngine(_apart("forked"))
    adapter._begin_anew()  # noqa: SLF001 - as above
    assert not adapter._HOSTS  # noqa: SLF001 - as above
    assert adapter._LOCK is not old  # noqa: SLF001 - as above
    with adapter._LOCK, adapter._LOCK:  # noqa: SLF001 - as above; whoever holds it may take it again
        DurableEngine(_apart("forked"))


@durably
def test_the_engines_own_log_is_silent_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its messages would hold the person's answers."""
    for name in ("durable", None):
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
    DurableEngine(_apart("logging"))
    assert logging.getLogger("durable").disabled
    assert not logging.getLogger().disabled


@durably
@pytest.mark.parametrize("failure", [RuntimeError(TOLD), MemoryError(TOLD)])
def test_a_rulebook_that_cannot_be_registered_is_left_to_the_compiled_engine(
    failure: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from durable import engine

    knowledge_base = _apart(f"unregistrable {failure!r}")
    monkeypatch.setattr(engine.Host, "register_rulesets", _raises(failure))
    with pytest.raises(EngineFault) as caught:
        DurableEngine(knowledge_base)
    assert caught.value.kind == "registration"
    screener = Screener(knowledge_base)
    assert screener.engine == "compiled"
    assert "registration" in caplog.text
    _assert_silent(caplog.text)
    assert screener.screen(PERSON).fault is None


@durably
def test_a_rule_that_the_engine_cannot_be_trusted_with_never_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from durable import engine

    monkeypatch.setattr(engine.Host, "register_rulesets", _raises(AssertionError()))
    monkeypatch.setattr(adapter, "_leaf", lambda *_: {"$nex": {"f1_0": 1}})
    with pytest.raises(EngineFault) as caught:
        DurableEngine(_apart("untrusted"))
    assert caught.value.kind == "refused"


@durably
def test_a_fact_that_the_engine_cannot_be_trusted_with_never_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge_base = _apart("loose types")
    Tampering(knowledge_base, monkeypatch).asserting(_raises(AssertionError()))
    for wrong in ("877", 877.0, 2**40):
        with pytest.raises(EngineFault) as caught:
            DurableEngine(knowledge_base).activations(Subject({"excess_weight_lb": wrong}), ())  # type: ignore[dict-item]
        assert caught.value.kind == "refused"
        _assert_silent(str(caught.value))


# --- durable_rules is missing

WITHOUT = """
import sys
{without}
from backscreen import Profile, Screener, UsageError
screener = Screener()
screening = screener.screen(Profile(facts={{'sciatica': True}}, otherwise='no'))
print(screener.engine, screening['standing_forward_bend'].verdict, screener._wanted)
try: Screener(engine='durable')
except UsageError as failure: print('refused')
"""
BROKEN = """
from importlib.machinery import ModuleSpec
class Broken:
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name == "durable" else None
    def create_module(self, spec): return None
    def exec_module(self, module): raise SystemError("built for another Python")
sys.meta_path.insert(0, Broken())
"""


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ("sys.modules['durable'] = None", ""),
        pytest.param(BROKEN, "durable_rules is not used: broken: SystemError\n", marks=durably),
    ],
)
def test_without_durable_rules_the_compiled_engine_is_verified_in_its_place(without: str, told: str) -> None:
    """One that is missing is no cause for alarm, since it cannot be had everywhere; one in pieces is worth a line."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(without=without)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["compiled", "avoid", "None", "refused"]
    assert done.stderr == told


def test_a_missing_engine_is_no_fault_of_a_screening(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "durable", None)
    knowledge_base = _apart("missing")
    with pytest.raises(EngineFault) as caught:
        DurableEngine(knowledge_base)
    assert caught.value.kind == "missing"
    screener = Screener(knowledge_base)
    assert screener.engine == "compiled"
    assert not caplog.text
    screening = screener.screen(SICK)
    assert screening.fault is None
    assert screening["standing_forward_bend"].verdict is Verdict.AVOID


# --- any engine


class _Engine:
    """The compiled engine, but that its answer is changed."""

    name = "durable"

    def __init__(self, change: Callable[[dict[Activation, Certainty]], Any]) -> None:
        self._engine = CompiledEngine(KNOWLEDGE_BASE)
        self._change = change

    def activations(self, person: Subject, trials: tuple[Subject, ...]) -> Activations:
        changed: Activations = self._change(dict(self._engine.activations(person, trials)))
        return changed

    def give_up(self) -> None:
        pass


def _with(
    change: Callable[[dict[Activation, Certainty]], Any], name: str = "durable", screener: Screener | None = None
) -> Screener:
    screener = Screener(KNOWLEDGE_BASE) if screener is None else screener
    broken = _Engine(change)
    broken.name = name
    screener._engine = broken  # noqa: SLF001 - an engine that fails so is nowhere to be had
    screener._fast_path = None  # noqa: SLF001 - as above
    return screener


HAMSTRINGS = Activation(_number("hamstrings-with-sciatica"), -1)


def _without_hamstrings(found: dict[Activation, Certainty]) -> dict[Activation, Certainty]:
    return {key: value for key, value in found.items() if key != HAMSTRINGS}


def test_a_lost_rule_still_counts_and_is_told_as_a_fault() -> None:
    screening = _with(_without_hamstrings).screen(SICK)
    assert screening["standing_forward_bend"].verdict is Verdict.AVOID
    assert screening.fault is not None
    assert screening.fault.kind == "disagreement"
    assert "hamstrings-with-sciatica" in screening.fault.detail
    assert screening.to_dict()["fault"] == {"kind": "disagreement", "detail": screening.fault.detail}


def test_an_invented_rule_counts_too() -> None:
    invented = Activation(_number("lower-back-with-scoliosis"), -1)
    screening = _with(lambda found: {**found, invented: Certainty.FIRES}).screen(SICK)
    assert screening["cat_cow"].verdict is Verdict.AVOID
    assert screening.fault is not None


def test_firing_beats_perhaps_firing() -> None:
    screening = _with(lambda found: {**found, HAMSTRINGS: Certainty.MAY_FIRE}).screen(SICK)
    assert screening["standing_forward_bend"].verdict is Verdict.AVOID
    assert screening.fault is not None


NONSENSE: dict[str, Any] = {
    "nothing": None,
    "a list": [],
    "a rule's name": {"hamstrings-with-sciatica": Certainty.FIRES},
    "a pair of words": {("a", "b"): Certainty.FIRES},
    "a plain pair of numbers": {(HAMSTRINGS.rule, HAMSTRINGS.trial): Certainty.FIRES, (0, 0): Certainty.FIRES},
    "no certainty": {HAMSTRINGS: None},
    "a wrong certainty": {HAMSTRINGS: "perhaps"},
    "certainty for everything": {Activation(number, -1): True for number in range(len(KNOWLEDGE_BASE.rules))},
}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_a_fault_and_loosens_nothing(nonsense: str) -> None:
    screening = _with(lambda _: NONSENSE[nonsense]).screen(PERSON)
    assert screening.fault is not None
    _assert_no_looser_than_the_reference(screening, PERSON)
    assert screening["standing_forward_bend"].verdict is Verdict.AVOID
    json.dumps(screening.to_dict())


def test_an_engine_that_names_no_activations_is_at_fault_and_said_to_be() -> None:
    fault = _with(lambda _: NONSENSE["a plain pair of numbers"]).screen(PERSON).fault
    assert fault is not None
    assert (fault.kind, fault.detail) == ("invalid", "the engine named neither a rule nor a trial")


def test_the_compiled_engine_is_not_verified_before_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is what it is there for; after a fault, everything is."""
    screener = Screener(KNOWLEDGE_BASE, engine="compiled")
    monkeypatch.setattr(reference, "decide", _raises(MemoryError()))
    assert screener.screen(SICK)["standing_forward_bend"].verdict is Verdict.AVOID
    screener._failed.add("durable")  # noqa: SLF001 - as after a fault
    with pytest.raises(MemoryError):
        screener.screen(SICK)


@durably
def test_after_a_fault_two_channels_go_on_without_the_engine(caplog: pytest.LogCaptureFixture) -> None:
    screener = _with(_without_hamstrings)
    with caplog.at_level(logging.ERROR, logger="backscreen"):
        first = screener.screen(SICK)
    assert first.fault is not None
    assert "disagreement" in caplog.text
    assert screener.engine == "compiled"
    again = screener.screen(SICK)
    assert again.fault is None
    assert again.engine == "compiled"
    assert again["standing_forward_bend"].verdict is Verdict.AVOID
    assert Screener(KNOWLEDGE_BASE).engine == "durable"


def test_log_and_health_check_name_no_rule(caplog: pytest.LogCaptureFixture) -> None:
    """`known-aneurysm` would tell what somebody has; only the screening itself names it."""
    screener = _with(_without_hamstrings)
    screening = screener.screen(SICK)
    assert screening.fault is not None
    assert "hamstrings-with-sciatica" in screening.fault.detail
    (fault,) = screener.faults
    assert fault.kind == "disagreement"
    assert " 1 rule" in fault.detail
    assert fault.detail in caplog.text
    for told in (caplog.text, str(screener.faults)):
        assert not any(scoped.rule.id in told for scoped in KNOWLEDGE_BASE.rules)


def test_faults_are_kept_oldest_first_and_bounded() -> None:
    """An engine that keeps failing must not fill the memory."""
    screener = Screener(KNOWLEDGE_BASE, engine="compiled")
    assert not screener.faults
    _with(_without_hamstrings, "compiled", screener)
    screener._failed.add("durable")  # noqa: SLF001 - as it is after a first fault
    screener.screen(SICK)
    _with(lambda _: {}, "compiled", screener)
    for _ in range(screener_module.MOST_FAULTS - 1):
        screener.screen(SICK)
    assert len(screener.faults) == screener_module.MOST_FAULTS
    assert [" 1 rule" in fault.detail for fault in screener.faults[:2]] == [True, False]
    screener.screen(SICK)
    assert len(screener.faults) == screener_module.MOST_FAULTS
    assert " 1 rule" not in screener.faults[0].detail


def test_faults_hold_interrupts_and_what_engines_raise() -> None:
    """A copy of the screener starts without them."""
    screener = _with(_raises(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        screener.screen(SICK)
    _with(_raises(ValueError(TOLD)), "compiled", screener)
    screener.screen(SICK)
    assert [fault.kind for fault in screener.faults] == ["interrupted", "exception"]
    _assert_silent(str(screener.faults))
    assert pickle.loads(pickle.dumps(screener)).faults == ()  # noqa: S301 - our own bytes


def test_reading_the_engine_builds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A health check may read it often, and from any thread."""
    screener = _with(_without_hamstrings)
    screener.screen(SICK)
    broken = screener._engine  # noqa: SLF001 - the one that failed
    monkeypatch.setattr(screener_module, "_another", _raises(AssertionError("an engine was built")))
    assert screener.engine == "compiled"
    assert screener._engine is broken  # noqa: SLF001 - as above


@durably
def test_an_engine_that_was_set_aside_does_not_come_back() -> None:
    screener = _with(_without_hamstrings)
    screener.screen(SICK)
    for _ in range(2):
        last = _with(_without_hamstrings, "compiled", screener)._engine  # noqa: SLF001 - as above
        assert screener.screen(SICK).fault is not None
        assert screener._engine is last  # noqa: SLF001 - as above; none is left that has not failed


@pytest.mark.parametrize("failure", [EngineFault("missing", "durable_rules"), ImportError("Python is about to end")])
def test_where_no_other_engine_can_be_had_the_last_one_is_watched(
    failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screener_module, "_durable", _raises(failure))
    screener = Screener(KNOWLEDGE_BASE, engine="compiled")
    last = _with(_without_hamstrings, "compiled", screener)._engine  # noqa: SLF001 - as above
    screener._failed.add("compiled")  # noqa: SLF001 - as it is after a first fault
    for _ in range(2):
        assert screener.screen(SICK).fault is not None
        assert screener._engine is last  # noqa: SLF001 - as above


def test_a_fallback_that_is_wrong_too_is_found_by_the_reference() -> None:
    screener = Screener(KNOWLEDGE_BASE, engine="compiled")
    for _ in range(2):
        _with(_without_hamstrings, "compiled", screener)
        screener._failed.add("durable")  # noqa: SLF001 - as it is after a first fault
        assert screener.screen(SICK).fault is not None


def test_a_compiled_engine_that_fails_is_replaced_too() -> None:
    screener = Screener(KNOWLEDGE_BASE, engine="compiled")
    _with(_raises(ValueError()), "compiled", screener)
    assert screener.screen(SICK)["standing_forward_bend"].verdict is Verdict.AVOID
    assert (screener.engine == "compiled") == (find_spec("durable") is None)


@pytest.mark.parametrize(
    "failure", [EngineFault("incomplete", "not every rule"), RuntimeError(TOLD), MemoryError(TOLD)]
)
def test_an_engine_that_raises_is_replaced_without_a_word_of_the_person(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    screening = _with(_raises(failure)).screen(PERSON)
    _assert_no_looser_than_the_reference(screening, PERSON)
    assert screening.fault is not None
    _assert_silent(screening.fault.kind, screening.fault.detail, caplog.text)


def test_many_rules_lost_are_told_in_short() -> None:
    screening = _with(lambda _: {}).screen(Profile())
    assert screening.fault is not None
    assert screening.fault.detail.count(",") == 5
    assert not screening.allowed


def _recommending(found: dict[Activation, Certainty], *more: Activation) -> dict[Activation, Certainty]:
    invented = [
        Activation(number, -1) for number, scoped in enumerate(KNOWLEDGE_BASE.rules) if scoped.rule.effect.helps
    ]
    return {**found, **dict.fromkeys([*invented, *more], Certainty.FIRES)}


def test_an_engine_that_is_wrong_recommends_nothing() -> None:
    screening = _with(_recommending).screen(Profile(otherwise="no"))
    assert screening.fault is not None
    assert not any(outcome.recommended for outcome in screening)


@pytest.mark.parametrize(
    "more", [Activation(len(KNOWLEDGE_BASE.rules), -1), Activation(-1, -1), Activation(0, 7), Activation(0, -1)]
)
def test_an_engine_that_names_what_there_is_not_is_at_fault(more: Activation) -> None:
    assert KNOWLEDGE_BASE.rules[0].about_a_trial
    screening = _with(lambda found: _recommending(found, more)).screen(SICK)
    assert screening.fault is not None
    assert screening.fault.kind == "invalid"
    assert screening["standing_forward_bend"].verdict is Verdict.AVOID


def test_verdicts_that_differ_though_the_same_rules_fire_are_told_and_the_stricter_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decide = reference.decide

    def stricter(knowledge_base: KnowledgeBase, profile: Profile) -> reference.Decision:
        decision = decide(knowledge_base, profile)
        return evolve(decision, stretches={**decision.stretches, "neck_rotation": (Verdict.AVOID, Verdict.AVOID)})

    monkeypatch.setattr(reference, "decide", stricter)
    screening = Screener(KNOWLEDGE_BASE).screen(SICK)
    assert screening.fault is not None
    assert screening["neck_rotation"].verdict is Verdict.AVOID


def test_what_may_fire_in_both_may_fire_in_their_union_and_fires_where_it_does_in_either() -> None:
    unsure = Profile({"sciatica": None, "piriformis_syndrome": None, "scoliosis": True})
    screening = _with(
        lambda found: {key: value for key, value in found.items() if value is not Certainty.FIRES}
    ).screen(unsure)
    assert screening.fault is not None
    certainty = {finding.rule: finding.certainty for finding in screening.findings}
    assert certainty["hamstrings-with-sciatica"] is Certainty.MAY_FIRE
    assert certainty["lower-back-with-scoliosis"] is Certainty.FIRES


def test_of_two_bounds_the_stricter_is_taken_end_by_end() -> None:
    names = dict.fromkeys(KNOWLEDGE_BASE.stretches)
    verdicts = (Verdict.ALLOWED, Verdict.CAUTION, Verdict.AVOID)
    ends = [(best, worst) for best in verdicts for worst in verdicts]
    said = [ends[place % len(ends)] for place in range(len(names))]
    for directive in product((Directive.PROCEED, Directive.CARE, Directive.STOP), repeat=4):
        for turn in range(len(ends)):
            other = [ends[(place * 7 + turn) % len(ends)] for place in range(len(names))]
            best, worst = (dict(zip(names, end, strict=True)) for end in zip(*said, strict=True))
            one = Bounds(best, worst, (directive[0], directive[1]))
            both = one.stricter_of(dict(zip(names, other, strict=True)), (directive[2], directive[3]))
            assert [*both.stretches.values()] == [
                (max(a, c), max(b, d)) for (a, b), (c, d) in zip(said, other, strict=True)
            ]
            assert both.directives == (max(directive[0], directive[2]), max(directive[1], directive[3]))


def test_a_reference_that_fails_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "decide", _raises(MemoryError()))
    with pytest.raises(MemoryError):
        Screener(KNOWLEDGE_BASE).screen(SICK)
