"""Every message of model, engines and screening: messages.txt, written by `python -m tests.screening.test_messages`.

All other tests assert codes and verdicts. Read the difference in messages.txt after a change of a message.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from attrs import evolve

from backscreen import BackscreenError, Diagnostic, Directive, Profile, Screener, Trial, Verdict
from backscreen.engines.durable import adapter
from backscreen.engines.durable.adapter import DurableEngine
from backscreen.engines.durable.gate import (
    ALIAS,
    KIND,
    MOST_ENTRIES,
    MOST_NUMBER,
    MOST_PROPERTIES,
    STEADY,
    admit_bounds,
    admit_fact,
    admit_rules,
)
from backscreen.engines.python.compiled_engine import CompiledEngine
from backscreen.loading.rulebook_files import load_texts
from backscreen.model.catalogue import Dose
from backscreen.model.conditions import AllOf, OneOf, Within
from backscreen.model.effects import Certainty
from backscreen.model.facts import Flag, Group, Number, Unit, WrongAnswer
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Status
from backscreen.semantics import reference
from backscreen.semantics.activations import Activation, Activations, EngineFault, Subject
from tests.helpers.small import SMALL
from tests.screening.test_verification import FAILURES, PERSON, Tampering
from tests.screening.test_verification import KNOWLEDGE_BASE as SHIPPED

FILE = Path(__file__).with_name("messages.txt")
HEAD = """\
Every message of backscreen's model, engines and screening: what was done, and the message.
Square brackets hold what a program can read of it. Written by `python -m tests.screening.test_messages`, and compared
by the tests.
"""
BOOK = load_texts(SMALL)
KNOWLEDGE_BASE = KnowledgeBase([BOOK])
SCREENER = Screener(KNOWLEDGE_BASE, engine="compiled")
NUMBERS = count()
UNITS = (Unit(unit="kg", times=100000000, over=45359237), Unit(unit="st", times=14, over=1))
WEIGHT = Number(
    id="excess_lb", title="Excess", question="How much?", unit="lb", at_least=0, at_most=1000, also_in=UNITS
)


def _anew(**changes: Any) -> KnowledgeBase:
    """The small rulebook, changed, with a host of its own."""
    return KnowledgeBase([evolve(BOOK, digest=f"sha256:messages-{next(NUMBERS)}", **changes)])


# --- what is said


def _diagnostic(diagnostic: Diagnostic) -> str:
    told = {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "given": diagnostic.given,
        "legal": " | ".join(diagnostic.legal) or None,
        "nearest": diagnostic.nearest,
    }
    fields = [f"{name}: {value}" for name, value in told.items() if value is not None]
    return "\n".join([str(diagnostic), *([f"[{', '.join(fields)}]"] if fields else [])])


def _said(call: Callable[[], object]) -> str:
    """What comes of a call: the error that it raises, or what it returns."""
    try:
        return str(call())
    except BackscreenError as error:
        return "\n".join([f"{type(error).__name__}:", *(_diagnostic(diagnostic) for diagnostic in error.diagnostics)])
    except (EngineFault, KeyError, TypeError, ValueError, WrongAnswer) as error:
        return f"{type(error).__name__}: {error}"


class _Lines(logging.Handler):
    """The lines that are logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"logged as {record.levelname}: {record.getMessage()}")


def _logged(call: Callable[[], object]) -> str:
    """What a call has written into the log."""
    handler, log = _Lines(), logging.getLogger("backscreen")
    log.addHandler(handler)
    try:
        with suppress(KeyboardInterrupt):
            call()
    finally:
        log.removeHandler(handler)
    return "\n".join(handler.lines) or "nothing is logged"


# --- what is done


def _screening(facts: Any = None, *trials: Trial, screener: Screener = SCREENER) -> Callable[[], object]:
    return lambda: screener.screen(Profile(facts, trials))


def _joined(**changes: Any) -> Callable[[], object]:
    return lambda: KnowledgeBase([BOOK, evolve(BOOK, id="other", rules=(), **changes)])


def _nowhere(book: Rulebook) -> Rulebook:
    """The same as it would be if it had never been written down."""
    parts: dict[str, Any] = {
        name: tuple(evolve(thing, at="") for thing in getattr(book, name))
        for name in ("person_facts", "trial_facts", "stretches", "rules")
    }
    return evolve(book, at="", **parts)


def _clashing(how: Callable[[Rulebook], Rulebook]) -> Callable[[], object]:
    """Return this rulebook with another, by default without rules, both as if they came from no file."""
    other = how(evolve(BOOK, id="other", at="other", rules=()))

    def tried() -> object:
        unscoped = _nowhere(BOOK), _nowhere(other)
        return "\n".join([_said(lambda: KnowledgeBase([BOOK, other])), _said(lambda: KnowledgeBase(unscoped))])

    return tried


OTHERWISE: dict[str, Callable[[Rulebook], Rulebook]] = {
    "a fact that is of another kind": lambda book: evolve(
        book,
        person_facts=(
            Number(
                id=book.person_facts[0].id,
                title="T",
                question="Q?",
                unit="min",
                at_least=0,
                at_most=9,
                at="other/facts.yaml:1:1",
            ),
        ),
    ),
    "a stretch that differs in two things": lambda book: evolve(
        book, stretches=(evolve(book.stretches[0], dose=None, targets=()),)
    ),
    "a rule of the same id": lambda book: evolve(book, rules=(evolve(BOOK.rules[0], at="other/a.yaml:1:1"),)),
    "a group with another question": lambda book: evolve(
        book, groups=(Group(id="a", question="A?"), evolve(book.groups[0], question="Why?"))
    ),
    "ids retired of a rule, a fact, a fact of a trial and a stretch": lambda book: evolve(
        book,
        person_facts=(),
        trial_facts=(),
        stretches=(),
        retired_ids=("hamstrings", "sciatica", "felt", "cat_cow", "nothing-else"),
    ),
}


class _Says:
    """An engine that answers, or raises, just this."""

    name = "broken"

    def __init__(self, what: Activations | BaseException) -> None:
        self._what = what

    def activations(self, *_: object) -> Activations:
        if isinstance(self._what, BaseException):
            raise self._what
        return self._what

    def give_up(self) -> None:
        pass


def _answered(what: Activations | BaseException) -> Screener:
    screener = Screener(KNOWLEDGE_BASE)
    screener._engine = _Says(what)  # noqa: SLF001 - an engine that fails so is nowhere to be had
    return screener


def _fault(screener: Screener, profile: Profile | None = None) -> object:
    fault = screener.screen(Profile(otherwise="no") if profile is None else profile).fault
    return fault and f"{fault.kind}: {fault.detail}"


def _with_another_directive() -> object:
    decide = reference.decide
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            reference, "decide", lambda *given: evolve(decide(*given), directive=(Directive.STOP, Directive.STOP))
        )
        return _fault(Screener(KNOWLEDGE_BASE))


class _InPieces(ModuleType):
    def __getattr__(self, name: str) -> Any:
        raise SystemError(name)


def _without(module: ModuleType | None, call: Callable[[KnowledgeBase], object]) -> Callable[[], object]:
    """A call with durable_rules missing, or in pieces."""

    def done() -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(sys.modules, "durable", module)
            patch.setitem(
                sys.modules, "durable_rules_engine", ModuleType("durable_rules_engine")
            )  # its half in C, which is imported first
            return call(_anew())

    return done


def _tampered(failure: str) -> Callable[[], object]:
    def done() -> object:
        knowledge_base = KnowledgeBase([evolve(SHIPPED.books[0], digest=f"sha256:messages-{next(NUMBERS)}")])
        adapter._HOSTS.clear()  # noqa: SLF001 - what is tampered with is registered anew
        with pytest.MonkeyPatch.context() as patch:
            FAILURES[failure][1](Tampering(knowledge_base, patch))
            return _fault(Screener(knowledge_base), PERSON)

    return done


def _contradiction() -> object:
    answers = iter([set[int](), {0}])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapter, "_ask", lambda *_: next(answers))
        return _fault(Screener(_anew()), Profile())


def _again_and_again() -> None:
    again = '{"e0":{}}'
    core = SimpleNamespace(start_action_for_state=lambda *_: (None, again), complete_and_start_action=lambda *_: again)
    ruleset = SimpleNamespace(_handle=1)
    adapter._run_plainly(core, ruleset, {"e0": lambda _message: None})  # noqa: SLF001 - the library itself was not seen to do so
    ruleset.do_actions("s", None)


def _unregistered() -> object:
    def fails(*_: object) -> None:
        raise ValueError("sciatica")

    from durable import engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.Host, "register_rulesets", fails)
        return DurableEngine(_anew())


def _of_300_facts() -> KnowledgeBase:
    flags = tuple(Flag(id=f"flag{number}", title="f", question="f?") for number in range(300))
    rule = evolve(BOOK.rules[0], when=AllOf(tuple(OneOf(flag.id, (True,)) for flag in flags)))
    return _anew(person_facts=(*BOOK.person_facts, *flags), rules=(rule,))


def _of_a_wide_number() -> KnowledgeBase:
    facts = tuple(evolve(fact, at_most=2**40) if isinstance(fact, Number) else fact for fact in BOOK.person_facts)
    return _anew(
        person_facts=facts, rules=tuple(evolve(rule, when=Within("excess_lb", 50, None)) for rule in BOOK.rules[:1])
    )


def _action(_context: object) -> None: ...


def _generator(_context: object) -> Iterator[None]:
    yield


def _rule(*leaves: object, pri: object = 2, run: object = _action) -> dict[str, Any]:
    return {"all": [{ALIAS: {"$and": [KIND, *leaves]}}], "pri": pri, "run": run}


def _admitted(*rules: object, first: object = None, **named: object) -> Callable[[], object]:
    """The gate's answer to these rules between the sentinels."""
    given = {f"e{place}": rule for place, rule in enumerate(rules)} | named
    return lambda: admit_rules({"open": first or _rule(pri=1), **given, "close": _rule(pri=3)})


FLAG, NUMBER = {"f0_1": True}, {"$gte": {"f1_from": 5}}
SHAPE = admit_rules({"open": _rule(pri=1), "e0": _rule(FLAG, NUMBER), "close": _rule(pri=3)})

SITUATIONS: dict[str, dict[str, Callable[[], object]]] = {
    "Answers that no rulebook takes": {
        "facts that are a list": lambda: Profile(["sciatica"]),  # type: ignore[arg-type]
        "a fact whose name is a number, and one answered with a fraction": lambda: Profile({5: True, "sciatica": 0.5}),  # type: ignore[dict-item]
        "a trial answered with a list": lambda: Trial("cat_cow", felt=["pain"]),  # type: ignore[arg-type]
        "a trial of a stretch that is a number": lambda: Trial(5),  # type: ignore[arg-type]
        "trials that are no trials": lambda: Profile(trials=["cat_cow"]),  # type: ignore[list-item]
        "anything else for `otherwise`": lambda: Profile(otherwise="perhaps " + "x" * 100),  # type: ignore[arg-type]
        "a mapping in place of a profile": lambda: SCREENER.screen({"sciatica": True}),  # type: ignore[arg-type]
    },
    "Answers that do not fit the rulebook": {
        "a fact that is nearly one": _screening({"siatica": True}),
        "a fact that is near to none": _screening({"x" * 100: True}),
        "a fact that is nearly one, and not answered": _screening({"siatica": None}),
        "a fact of a trial that is nearly one": _screening(None, Trial("cat_cow"), Trial("cat_cow", feld="pain")),
        "a fact of a trial that is near to none, and not answered": _screening(None, Trial(hurts=None)),
        "a stretch that is nearly one": _screening(None, Trial("catcow")),
        "a stretch that is near to none": _screening(None, Trial("handstand")),
        "a flag answered with a word": _screening({"sciatica": "maybe"}),
        "a flag answered with many letters": _screening({"sciatica": "x" * 100}),
        "a flag answered with yes in quotes": _screening({"sciatica": "yes"}),
        "a flag answered with a word for yes": _screening({"sciatica": "Yes"}),
        "a number answered with yes": _screening({"excess_lb": True}),
        "a number that may be answered in three units": lambda: WEIGHT.read("much"),
        "a number answered with no": _screening({"excess_lb": False}),
        "a number out of its bounds, in another unit": _screening({"excess_lb": "1000 kg"}),
        "a number of 31 digits": _screening(None, Trial(lasted_min=10**30)),
        "a number of more": _screening(None, Trial(lasted_min=-(10**30) - 1)),
        "a choice answered with nearly an option": _screening({"build": "hefty"}, Trial(felt="pian")),
        "a choice answered with yes": _screening({"build": True}),
        "the same, as the fact itself says it": lambda: BOOK.person_facts[4].read(value=True),
    },
    "What is shown of a person": {
        "a profile": lambda: Profile({"sciatica": True, "excess_lb": 5}, [Trial("cat_cow")]),
        "a trial": lambda: Trial("cat_cow", felt="pain"),
    },
    "Doses": {
        "each side of everything": lambda: Dose(
            hold_s=5, hold_s_up_to=10, repetitions=2, repetitions_up_to=3, per_side=True, per_day=2
        ),
        "once": lambda: Dose(repetitions=1, hold_s=30, per_day=1),
        "up to twice": lambda: Dose(repetitions=1, repetitions_up_to=2),
    },
    "Rulebooks that cannot be used, or not together": {
        "no rule that acts": lambda: Screener(
            _anew(rules=tuple(evolve(rule, status=Status.RETIRED) for rule in BOOK.rules))
        ),
        "a fact that two rulebooks declare": _joined(
            person_facts=(evolve(BOOK.person_facts[0], rests_on=("numbness",)),)
        ),
        "a fact of a trial that two rulebooks declare": _joined(
            trial_facts=(evolve(BOOK.trial_facts[0], rests_on=("early",)),)
        ),
        "a stretch that two rulebooks declare": _joined(stretches=(evolve(BOOK.stretches[0], dose=None),)),
        **{f"{name}, and never written down": _clashing(how) for name, how in OTHERWISE.items()},
        "the same rulebook twice, and another too": lambda: KnowledgeBase(
            [BOOK, evolve(BOOK, id="other", rules=()), BOOK, evolve(BOOK, id="other", rules=())]
        ),
    },
    "Misuse by a program": {
        "an engine that there is not": lambda: Screener(KNOWLEDGE_BASE, engine="guessing"),  # type: ignore[arg-type]
        "a span without an end": lambda: Within("excess_lb", None, None),
        "a stretch that is not in a screening": lambda: SCREENER.screen(Profile())["handstand"],
        "`undetermined` compared": lambda: Verdict.UNDETERMINED < Verdict.AVOID,
        "a verdict compared with a directive": lambda: Verdict.AVOID > Directive.CARE,
    },
    "Where durable_rules cannot be used": {
        "it is missing, and asked for": _without(
            None, lambda knowledge_base: Screener(knowledge_base, engine="durable")
        ),
        "it is missing": _without(None, lambda knowledge_base: _logged(lambda: Screener(knowledge_base))),
        "it is in pieces, and asked for": _without(
            _InPieces("durable"), lambda knowledge_base: Screener(knowledge_base, engine="durable")
        ),
        "it is in pieces": _without(
            _InPieces("durable"), lambda knowledge_base: _logged(lambda: Screener(knowledge_base))
        ),
        "it cannot register a rulebook (durable_rules)": _unregistered,
        "a rule reads more facts than it holds (durable_rules)": lambda: DurableEngine(_of_300_facts()),
        "a number's bounds are too wide for it (durable_rules)": lambda: _logged(lambda: Screener(_of_a_wide_number())),
    },
    "Faults": {
        "an engine raises": lambda: _fault(_answered(ValueError("sciatica"))),
        "an engine raises, in the log": lambda: _logged(lambda: _answered(ValueError("sciatica")).screen(Profile())),
        "an engine is interrupted, in the log": lambda: _logged(
            lambda: _answered(KeyboardInterrupt()).screen(Profile())
        ),
        "an engine fails a check": lambda: _fault(
            _answered(EngineFault("incomplete", "the engine did not run every rule"))
        ),
        "an answer that nobody could give (compiled)": lambda: CompiledEngine(KNOWLEDGE_BASE).activations(
            Subject({"sciatica": 5}), ()
        ),
        "an engine loses a rule": lambda: _fault(_answered({}), Profile({"sciatica": True}, otherwise="no")),
        "an engine loses five rules": lambda: _fault(_answered({}), Profile({"excess_lb": 0}, [Trial()])),
        "an engine loses every rule of many": lambda: _fault(_answered({}), Profile(trials=[Trial()])),
        "an engine names a rule that there is not": lambda: _fault(_answered({Activation(99, -1): Certainty.FIRES})),
        "an engine is not certain of anything": lambda: _fault(_answered({Activation(0, -1): "perhaps"})),  # type: ignore[dict-item]
        "the directives differ": _with_another_directive,
        "an action raises (durable_rules)": _tampered("an action raises"),
        "an action is skipped (durable_rules)": _tampered("an action is skipped"),
        "a sentinel is skipped (durable_rules)": _tampered("the first sentinel is skipped"),
        "the clock jumps (durable_rules)": _tampered("the clock jumps"),
        "another fact is in the session (durable_rules)": _tampered("a wrong fact is in the session"),
        "a call raises (durable_rules)": _tampered("a call raises"),
        "a call does nothing (durable_rules)": _tampered("a call does nothing"),
        "the session holds an exception (durable_rules)": _tampered("the session holds an exception"),
        "rules fire without end": _again_and_again,
        "a rule fires that may not (durable_rules)": _contradiction,
    },
    "What the gate refuses": {
        "no rule at all": lambda: admit_rules({}),
        "no sentinel at the end": lambda: admit_rules({"open": _rule(pri=1), "e0": _rule(FLAG)}),
        "too many rules": _admitted(*[_rule(FLAG)] * (MOST_ENTRIES + 1)),
        "a rule under another name": _admitted(rule=_rule(FLAG)),
        "a rule with more beside": _admitted({**_rule(FLAG), "count": 2}),
        "a sentinel that tests something": _admitted(_rule(FLAG), first=_rule(FLAG, pri=1)),
        "a rule of two facts": _admitted({**_rule(), "all": [{ALIAS: {"$and": [KIND]}}, {"n": {"$and": [KIND]}}]}),
        "a rule that does not begin with the kind": _admitted({**_rule(), "all": [{ALIAS: {"$and": [FLAG, KIND]}}]}),
        "a rule of either or": _admitted({**_rule(), "any": [{ALIAS: {"$and": [KIND]}}]}),
        "a priority that is no whole number": _admitted(_rule(FLAG, pri=2.0)),
        "a rule that fires with a sentinel": _admitted(_rule(FLAG, pri=3)),
        "a test of two properties": _admitted(_rule({"f0_1": True, "f0_2": True})),
        "a test for being something else": _admitted(_rule({"$nex": {"f0_1": 1}})),
        "a number too far from 0": _admitted(_rule({"$lte": {"f1_to": MOST_NUMBER + 1}})),
        "a flag tested for being not so": _admitted(_rule({"f0_1": False})),
        "a property under another name": _admitted(_rule({"sciatica": True})),
        "a property that is a flag here and a number there": _admitted(_rule({"f1_from": True}, NUMBER)),
        "too many properties": _admitted(
            *(_rule(*({f"f{place}_{option}": True} for option in range(61))) for place in range(MOST_PROPERTIES // 60))
        ),
        "two properties that are one to the engine": _admitted(_rule({"f1097_121": True}, {"$lte": {"f1197_to": 5}})),
        "an action that is no function": _admitted(_rule(FLAG, run="later")),
        "an action that is a generator": _admitted(_rule(FLAG, run=_generator)),
        "a fact with a word in it": lambda: admit_fact(SHAPE, {**STEADY, "f0_1": "yes", "f1_from": 5}),
        "a number whose bounds are too wide": lambda: admit_bounds([0, MOST_NUMBER + 1]),
    },
}
CALLS = {situation: call for situations in SITUATIONS.values() for situation, call in situations.items()}
DURABLY = "(durable_rules)"


def _shown(situation: str, message: str) -> str:
    return "\n".join([situation, *(f"    {line}" for line in message.splitlines())])


def _reviewed() -> dict[str, str]:
    """What messages.txt shows, by situation."""
    blocks = FILE.read_text("utf-8").rstrip("\n").split("\n\n")
    return {block.partition("\n")[0]: block for block in blocks if "\n    " in block}


@pytest.mark.parametrize("situation", CALLS)
def test_a_message_reads_as_it_was_reviewed(situation: str) -> None:
    if situation.endswith(DURABLY) and find_spec("durable") is None:
        pytest.skip("durable_rules cannot be installed here")
    assert _shown(situation, _said(CALLS[situation])) == _reviewed()[situation], (
        "run `python -m tests.screening.test_messages`, and read the difference"
    )


def test_nothing_was_reviewed_that_is_not_said() -> None:
    assert list(_reviewed()) == list(CALLS)


def write() -> None:
    """Write messages.txt anew."""
    if find_spec("durable") is None:
        sys.exit("some messages are about durable_rules, which is not installed here")
    logging.getLogger("backscreen").addHandler(logging.NullHandler())
    parts = [HEAD]
    for title, situations in SITUATIONS.items():
        parts += [
            f"{title}\n{'-' * len(title)}\n",
            *(f"{_shown(situation, _said(call))}\n" for situation, call in situations.items()),
        ]
    FILE.write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    write()
