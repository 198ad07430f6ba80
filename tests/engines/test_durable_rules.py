"""Faults of durable_rules: each is shown on the bare engine, in its own process, and shown to be prevented.

The bare engine is tried so that a release that fixes a fault is noticed. The gate refuses faulty rulesets and facts.
The adapter never makes the faulty calls, as the tests at the end show. Where a fault cannot be shown, `unshown` says
why.
"""

from __future__ import annotations

import json
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from importlib.util import find_spec
from typing import Any

import pytest
from attrs import evolve, frozen

from backscreen.engines.durable import adapter
from backscreen.engines.durable.adapter import DurableEngine
from backscreen.engines.durable.gate import KIND, STEADY, admit_fact, admit_rules
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.semantics.activations import EngineFault, Subject
from tests.helpers.machine import PATIENCE

durably = pytest.mark.skipif(find_spec("durable") is None, reason="durable_rules cannot be installed here")

# --- what is asked of the bare engine, and offered to the gate ---

Rules = dict[str, dict[str, Any]]
"""A ruleset as durable_rules takes it, but for the actions."""

GOOD: dict[str, Any] = {**STEADY, "f1_0": True, "f2_from": 10}
"""A fact that the gate lets through."""


def _both(*leaves: dict[str, Any]) -> dict[str, Any]:
    return {"$and": [KIND, *leaves]}


def _rule(*leaves: dict[str, Any], pri: int = 2, **more: Any) -> dict[str, Any]:
    return {"all": [{"m": _both(*leaves)}], "pri": pri, **more}


def _between(*rules: dict[str, Any]) -> Rules:
    """The rules `e0`, `e1` and so on, between the sentinels that the adapter puts around them."""
    return {"open": _rule(pri=1), **{f"e{place}": rule for place, rule in enumerate(rules)}, "close": _rule(pri=3)}


PLAIN = _between(_rule({"f1_0": True}), _rule({"$gte": {"f2_from": 10}}))
"""A ruleset that the gate lets through, and of which `GOOD` makes every rule fire."""

BARE = """
import json, sys
from resource import RLIMIT_CORE, RLIMIT_CPU, setrlimit

setrlimit(RLIMIT_CORE, (0, 0))
setrlimit(RLIMIT_CPU, (20, 20))  # an endless loop ends even if nobody is left to end it

from durable import engine

rules, facts, action = json.load(sys.stdin)
fired = []

class Bare(engine.Host):
    def _run(self): "Start no timer threads."

def noting(name):
    def run(context):
        fired.append(name)
    return run

def hosting(host=Bare):
    for rule in rules:
        rules[rule]["run"] = noting(rule)
    if action:
        scope = {"fired": fired, "engine": engine}
        exec(action, scope)
        rules["e0"]["run"] = scope["run"]
    host = host()
    host.register_rulesets({"r": rules})
    return host
"""
"""The start of every script: a host without threads, whose rules note their names. Only `e0` has the given action."""

ASSERT = """
host = hosting()
for fact in facts:
    host.assert_fact("r", fact)
print(*fired)
"""


class End(Enum):
    """How a script ends that gives no answer."""

    KILLED = "killed by a signal"
    HANGS = "never ends"


@frozen
class Failure:
    """A fault of durable_rules, and what must be kept from it: a ruleset, an action, a fact, or a call."""

    shows: str | End
    """What the script prints last, or how it ends."""
    right: str
    """What it would print if durable_rules were right."""
    script: str = ASSERT
    rules: Rules | None = None
    """The ruleset where it is at fault; without one it is the plain one."""
    action: str = ""
    """The action of `e0` where it is at fault; without one it is a plain one."""
    facts: tuple[Mapping[str, Any], ...] = (GOOD,)
    refused: bool = False
    """Whether the gate must refuse the ruleset with its actions."""
    offered: tuple[dict[str, Any], ...] = ()
    """Facts that the gate must refuse, each for one thing that is wrong with it."""
    cannot: str = ""
    """For what is made by a call: the test which shows that the adapter does not do it."""
    by_chance: bool = False
    """Whether it reads foreign memory, and so may come out right on another Python or a busy machine."""
    unshown: str = ""
    """Why it cannot be shown here."""


def _with(**properties: Any) -> dict[str, Any]:
    return {**GOOD, **properties}


X86 = platform.machine().lower() in {"x86_64", "amd64", "i386", "i686"}

# durable_rules tells sessions, facts and properties apart by 32-bit FNV-1a, which is the same for both names of a pair.
# They are the first such pairs among visitor-0, visitor-1, …, among answer-0, answer-1, …, and among f0_0 to f1499_299
# and f0_to to f1499_to.
SAME_SESSION = ("visitor-122789", "visitor-339192")
SAME_ID = ("answer-340672", "answer-1266340")
SAME_PROPERTY = ("f1097_121", "f1197_to")

ASSERTS_AND_DELETES = "test_adapter_asserts_one_fact_and_deletes_its_session"
STARTS_NOTHING = "test_the_adapter_starts_no_thread"
REGISTERS_ITS_OWN = "test_the_adapter_registers_a_definition_of_its_own_and_once"
NOTICES_AN_EXCEPTION = "test_an_action_that_raises_is_a_fault"
NOTICES_THE_CLOCK = "test_an_action_that_seems_to_take_long_is_a_fault"
NAMES_APART = "test_no_two_properties_that_the_adapter_names_look_alike"
DELETES_NOTHING_UNUSED = "test_a_session_in_which_no_action_ran_is_not_deleted"
TELLS_NOTHING = "test_what_the_engine_raises_is_told_without_the_fact"

ALL = "open e0 e1 close"
NEITHER = "open close"

FAILURES: dict[str, Failure] = {
    # --- what is called ---
    "fires only one rule for an event": Failure(
        script='host = hosting()\nhost.post("r", facts[0])\nprint(*fired)',
        shows="open",
        right=ALL,
        cannot=ASSERTS_AND_DELETES,
    ),
    "drops what follows a float in a batch": Failure(
        script='host = hosting()\nhost.assert_facts("r", facts)\nprint(fired.count("open"))',
        facts=tuple(_with(id=f"f{place}", f2_from=value) for place, value in enumerate((1, 1e-05, 1))),
        shows="1",
        right="3",
        offered=(_with(f2_from=1e-05),),
        cannot=ASSERTS_AND_DELETES,
    ),
    "runs the rules of the last session only for a batch of two": Failure(
        script='host = hosting()\nhost.assert_facts("r", facts)\nprint(fired.count("open"))',
        facts=(GOOD, _with(sid="t")),
        shows="1",
        right="2",
        offered=(_with(sid="t"),),
        cannot=ASSERTS_AND_DELETES,
    ),
    "crashes on an empty batch": Failure(
        script='host = hosting()\nhost.assert_facts("r", [])\nprint("alive")',
        shows=End.KILLED,
        by_chance=True,
        right="alive",
        cannot=ASSERTS_AND_DELETES,
    ),
    "crashes where a session is deleted in which no action ran": Failure(
        rules={"e0": _rule({"f1_0": True})},
        script="""
used = [b"\\xff" * 40_000 for _ in range(200)]
del used[::2]  # the engine takes what it finds in memory that it never wrote to: have it find something
host = hosting()
try:
    host.assert_fact("r", {**facts[0], "f1_0": False})
except engine.MessageNotHandledException:
    host.delete_state("r", "s")
print("alive")
""",
        shows=End.KILLED,
        by_chance=True,
        right="alive",
        refused=True,
        cannot=DELETES_NOTHING_UNUSED,
    ),
    "crashes in its timer threads once sessions are deleted": Failure(
        script="""
import time
host = hosting(engine.Host)
for number in range(100):
    host.assert_fact("r", {**facts[0], "sid": f"s{number}"})
for number in range(50):
    host.delete_state("r", f"s{number}")
time.sleep(2)
print("alive")
""",
        shows=End.KILLED,
        by_chance=True,
        right="alive",
        cannot=STARTS_NOTHING,
    ),
    "changes the definition that it registers": Failure(
        script='hosting()\nprint(*rules["open"])',
        shows="all pri",
        right="all pri run",
        cannot=REGISTERS_ITS_OWN,
    ),
    "keeps a host that is gone, and the facts in it": Failure(
        script="""
import gc
import durable_rules_engine
host = hosting()
host.assert_fact("r", facts[0])
handle = host.get_ruleset("r")._handle
del host
gc.collect()
try:
    print("kept" if facts == json.loads(durable_rules_engine.get_facts(handle, "s")) else "changed")
except durable_rules_engine.error:
    print("gone")
""",
        shows="kept",
        right="gone",
        cannot=REGISTERS_ITS_OWN,
    ),
    "tells the whole fact where no pattern accepts it": Failure(
        rules={"e0": _rule({"$gte": {"f2_from": 11}})},
        script="""
host = hosting()
try:
    host.assert_fact("r", facts[0])
except engine.MessageNotHandledException as failure:
    print("told" if json.dumps(facts[0]) in failure.message and str(facts[0]) in str(failure) else "silent")
""",
        shows="told",
        right="silent",
        refused=True,
        cannot=TELLS_NOTHING,
    ),
    "tells the whole fact where its id has been there before": Failure(
        script="""
host = hosting()
host.assert_fact("r", facts[0])
try:
    host.assert_fact("r", facts[0])
except engine.MessageObservedException as failure:
    print("told" if json.dumps(facts[0]) in failure.message and str(facts[0]) in str(failure) else "silent")
""",
        shows="told",
        right="silent",
        cannot=TELLS_NOTHING,
    ),
    # --- actions ---
    "goes on after an action that raised": Failure(
        action="def run(context): raise RuntimeError",
        script="""
host = hosting()
try:
    host.assert_fact("r", facts[0])
except RuntimeError:
    fired.append("raised")
print(*fired)
""",
        shows="open e1 close",
        right="open raised",
        cannot=NOTICES_AN_EXCEPTION,
    ),
    "loses rules where the clock jumps in an action": Failure(
        action="""
def run(context):
    fired.append("e0")
    now = engine._unix_now
    engine._unix_now = lambda: now() + 11
""",
        shows="open e0",
        right=ALL,
        cannot=NOTICES_THE_CLOCK,
    ),
    "loses rules after an action of two parameters": Failure(
        action='def run(context, complete): fired.append("e0")',
        shows="open e0",
        right=ALL,
        refused=True,
    ),
    "loses rules after an action whose second parameter has a default": Failure(
        action='def run(context, name="e0"): fired.append("e0")',
        shows="open e0",
        right=ALL,
        refused=True,
    ),
    "never runs an action that is a coroutine": Failure(
        action='async def run(context): fired.append("e0")',
        shows="open e1 close",
        right=ALL,
        refused=True,
    ),
    "never runs an action that is a generator": Failure(
        action='def run(context): yield fired.append("e0")',
        shows="open e1 close",
        right=ALL,
        refused=True,
    ),
    "goes on without an action that it cannot call": Failure(
        action='def run(context, *, name): fired.append("e0")',
        shows="open e1 close",
        right="",
        refused=True,
    ),
    # --- ids, and other names that mean something to the engine ---
    "takes two sessions for one": Failure(
        script=ASSERT + 'print(*(fact["id"] for fact in host.get_facts("r", facts[1]["sid"])))',
        facts=(_with(sid=SAME_SESSION[0]), _with(sid=SAME_SESSION[1], id="f1")),
        shows=f"{ALL} {ALL}\nf0 f1",
        right=f"{ALL} {ALL}\nf1",
        offered=tuple(_with(sid=session) for session in SAME_SESSION),
        cannot=ASSERTS_AND_DELETES,
    ),
    "takes two facts for one": Failure(
        facts=tuple(_with(id=name) for name in SAME_ID),
        script="""
host = hosting()
try:
    for fact in facts:
        host.assert_fact("r", fact)
except engine.MessageObservedException:
    fired.append("observed")
print(*fired)
""",
        shows=f"{ALL} observed",
        right=f"{ALL} {ALL}",
        offered=tuple(_with(id=name) for name in SAME_ID),
        cannot=ASSERTS_AND_DELETES,
    ),
    "takes two properties for one": Failure(
        rules=_between(_rule({SAME_PROPERTY[0]: True}), _rule({"$gte": {SAME_PROPERTY[1]: 1}})),
        facts=({**STEADY, SAME_PROPERTY[0]: True, SAME_PROPERTY[1]: 0},),
        shows="open e0 e0 e1 e1 close",
        right="open e0 close",
        refused=True,
        cannot=NAMES_APART,
    ),
    "takes a session's number for its name": Failure(
        facts=(_with(sid=7), _with(sid="7", id="f1")),
        script=ASSERT + 'print(*(fact["id"] for fact in host.get_facts("r", "7")))',
        shows=f"{ALL} {ALL}\nf0 f1",
        right=f"{ALL} {ALL}\nf1",
        offered=(_with(sid=7), _with(id=7), _with(sid=None), _with(id=None)),
    ),
    "takes a fact for the state of its session": Failure(
        facts=(_with(id="sid-s"),),
        script="""
host = hosting()
try:
    host.assert_fact("r", facts[0])
except engine.MessageObservedException:
    fired.append("observed")
print(*fired)
""",
        shows="observed",
        right=ALL,
        offered=(_with(id="sid-s"),),
    ),
    "takes a fact for a timer": Failure(
        rules=_between(
            {"all": [{"base": {"$timerName": "x"}}, {"due": {"$gte": {"$time": {"base": "$baseTime"}}}}], "pri": 2}
        ),
        facts=(_with(**{"$timerName": "x", "$baseTime": 0}),),
        script="""
host = hosting()
host.assert_fact("r", facts[0])
host.get_ruleset("r").dispatch_timers()
host.get_ruleset("r").dispatch()
print(*fired)
""",
        shows="open close e0",
        right=NEITHER,
        refused=True,
        offered=(_with(**{"$timerName": "x", "$baseTime": 0}), _with(**{"$s": 1})),
    ),
    # --- types ---
    "fires for a number where a flag is tested": Failure(
        facts=(_with(f1_0=1, f2_from=9),),
        shows="open e0 close",
        right=NEITHER,
        offered=(_with(f1_0=1), _with(f1_0=0), _with(f2_from=True)),
    ),
    "finds the text 5 more than 10": Failure(
        facts=(_with(f1_0=False, f2_from="5"),),
        shows="open e1 close",
        right=NEITHER,
        offered=(_with(f2_from="5"), _with(f2_from="35"), _with(f1_0="true")),
    ),
    "finds 35 and a text equal": Failure(
        rules=_between(_rule({"f2_from": "35"})),
        facts=(_with(f2_from=35),),
        shows="open e0 close",
        right=NEITHER,
        refused=True,
    ),
    "finds null no different from 5": Failure(
        rules=_between(_rule({"$neq": {"f2_from": 5}})),
        facts=(_with(f2_from=None),),
        shows=NEITHER,
        right="open e0 close",
        refused=True,
        offered=(_with(f2_from=None), _with(f1_0=None)),
    ),
    "finds null in what is no number": Failure(
        rules=_between(_rule({"f2_from": None})),
        facts=(_with(f2_from=float("nan")),),
        shows="open e0 close",
        right=NEITHER,
        refused=True,
        offered=(_with(f2_from=float("nan")), _with(f2_from=float("inf"))),
    ),
    "finds a float equal to a number that is greater": Failure(
        rules=_between(_rule({"$lte": {"f2_from": float(2**53)}})),
        facts=(_with(f2_from=2**53 + 1),),
        shows="open e0 close",
        right=NEITHER,
        refused=True,
        offered=(_with(f2_from=2**53 + 1), _with(f2_from=10.0)),
    ),
    "finds 2 to the 64 no more than 2 to the 63": Failure(
        rules=_between(_rule({"$lte": {"f2_from": 2**63}})),
        facts=(_with(f2_from=2**64),),
        shows="open e0 close",
        right=NEITHER,
        refused=True,
        offered=(_with(f2_from=2**64), _with(f2_from=2**31), _with(f2_from=-(2**31))),
    ),
    "cannot read the float 1e-05": Failure(
        facts=(_with(f2_from=1e-05),),
        shows="durable_rules_engine.error: Could not assert fact, error code: 204",
        right="open e0 close",
        offered=(_with(f2_from=1e-05),),
    ),
    "sorts a text after a longer one": Failure(
        rules=_between(_rule({"$lte": {"f2_from": "ab c"}})),
        facts=(_with(f2_from="ab"),),
        shows=NEITHER,
        right="open e0 close",
        refused=True,
        offered=(_with(f2_from="ab"),),
    ),
    "flattens a fact within a fact": Failure(
        rules=_between(_rule({"f2_from.f1_0": True})),
        facts=(_with(f2_from={"f1_0": True}),),
        shows="open e0 close",
        right=NEITHER,
        refused=True,
        offered=(_with(f2_from={"f1_0": True}), _with(f2_from=[1]), _with(f3_0=True)),
    ),
    # --- conditions ---
    "finds what is missing no different from true": Failure(
        rules=_between(_rule({"$neq": {"f3_0": True}})),
        shows=NEITHER,
        right="open e0 close",
        refused=True,
        offered=({name: value for name, value in GOOD.items() if name != "f2_from"},),
    ),
    "fires a rule once for each side of an $or": Failure(
        rules=_between(_rule({"$or": [{"f1_0": True}, {"$gte": {"f2_from": 10}}]})),
        shows="open e0 e0 close",
        right="open e0 close",
        refused=True,
    ),
    "fires an any for each fact, and once more for both": Failure(
        rules=_between({"any": [{"m": _both({"f3_0": True})}, {"y": _both({"f3_1": True})}], "pri": 2}),
        facts=(_with(f3_0=True), _with(id="f1", f3_1=True)),
        script=ASSERT.replace("*fired", 'fired.count("e0")'),
        shows="3",
        right="2",
        refused=True,
    ),
    "loops for ever on a rule of nothing but $nex": Failure(
        rules=_between({"all": [{"m": {"$and": [{"$nex": {"f3_0": 1}}]}}], "pri": 2}),
        script='host = hosting()\nprint("ready", flush=True)\nhost.assert_fact("r", facts[0])',
        shows=End.HANGS,
        right="ready",
        refused=True,
    ),
    "crashes on a join that ends in a term that is false": Failure(
        rules=_between(
            {
                "all": [
                    {"m": _both({"f1_0": True})},
                    {"y": _both({"f1_0": False}, {"$gte": {"f2_from": {"m": "f2_from"}}})},
                ],
                "pri": 2,
            }
        ),
        facts=(_with(f2_from=2), _with(id="f1", f1_0=False, f2_from=1)),
        script="""
one = rules.pop("e0")
for many in range(1, 60):  # it reads on behind the term, and crashes where nothing is there
    rules = {f"e{number}": dict(one) for number in range(many)}
    host = hosting()
    for fact in facts:
        host.assert_fact("r", fact)
print("alive")
""",
        shows=End.KILLED,
        by_chance=True,
        right="alive",
        refused=True,
    ),
    "heeds a $not or does not, by the hash of another alias": Failure(
        rules=_between({"all": [{"m": _both({"f3_0": True})}, {"z$not": _both({"f3_1": True})}], "pri": 2}),
        facts=(_with(f3_0=True), _with(id="f1", f3_1=True)),
        script="""
pattern, without = rules["e0"]["all"]
for alias in "me":
    rules["e0"] = {"all": [{alias: pattern["m"]}, without], "pri": 2}
    fired.clear()
    hosting().assert_facts("r", facts)
    print(alias, *(rule for rule in fired if rule == "e0"))
""",
        shows="m e0\ne",
        right="m\ne",
        refused=True,
    ),
    "takes back other rules along with one that a $not forbids": Failure(
        rules=_between(
            _rule({"f3_0": True}), {"all": [{"e": _both({"f3_0": True})}, {"z$not": _both({"f3_1": True})}], "pri": 2}
        ),
        facts=(_with(f3_0=True), _with(id="f1", f3_1=True)),
        script='host = hosting()\nhost.assert_facts("r", facts)\nprint(*fired)',
        shows="open close",
        right="open open e0 close close",
        refused=True,
    ),
    "takes a count of 65,537 for 1": Failure(
        rules=_between(_rule(count=65_537)),
        shows="open e0 close",
        right=NEITHER,
        refused=True,
    ),
    "hands the newest facts to a capped rule first": Failure(
        rules=_between(_rule(cap=2)),
        facts=tuple(_with(id=f"f{number}") for number in range(4)),
        action='def run(context): fired.append("+".join(fact.id for fact in context.m))',
        script="""
host = hosting()
host.assert_facts("r", facts)
print(*(rule for rule in fired if rule.startswith("f")))
""",
        shows="f3+f2 f1+f0",
        right="f0+f1 f2+f3",
        refused=True,
    ),
    "takes a priority of 65,536 for 0": Failure(
        rules={"open": _rule(pri=1), "e0": _rule(pri=2), "close": _rule(pri=65_536)},
        shows="close open e0",
        right="open e0 close",
        refused=True,
        cannot=REGISTERS_ITS_OWN,
    ),
    "lets a timer end for one rule only": Failure(
        rules=_between(
            *(
                2
                * [
                    {
                        "all": [{"base": {"$timerName": "x"}}, {"due": {"$gte": {"$time": {"base": "$baseTime"}}}}],
                        "pri": 2,
                    }
                ]
            )
        ),
        script="""
host = hosting()
host.assert_fact("r", facts[0])
ruleset = host.get_ruleset("r")
ruleset.start_timer("s", "x", 0, False)
for _ in range(3):
    ruleset.dispatch_timers()
    ruleset.dispatch()
print(*fired)
""",
        shows="open close e0",
        right="open close e0 e1",
        refused=True,
    ),
    "moves a state chart on though its action raised": Failure(
        rules={
            "first": {"t": {"all": [{"m": {"f1_0": True}}], "to": "second"}},
            "second": {"t": {"all": [{"m": {"f1_0": False}}], "to": "third"}},
            "third": {},
        },
        script="""
def run(context): raise RuntimeError
rules["first"]["t"]["run"] = run
rules["second"]["t"]["run"] = noting("moved")
host = Bare()
host.register_rulesets({"r$state": rules})
host.post("r", facts[0])
host.post("r", {**facts[0], "id": "f1", "f1_0": False})
print(*fired)
""",
        shows="moved",
        right="",
        refused=True,
    ),
    "finds a text in a regular expression that does not describe it": Failure(
        rules=_between(_rule({"$mt": {"f2_from": "a*|b"}})),
        facts=(_with(f2_from="ab"),),
        shows="open e0 close",
        right=NEITHER,
        refused=True,
        offered=(_with(f2_from="ab"),),
    ),
    "never has done with a regular expression": Failure(
        rules=_between(_rule({"$mt": {"f2_from": "((a*)*)*"}})),
        script='print("ready", flush=True)\nhosting()',
        shows=End.HANGS,
        right="ready",
        refused=True,
    ),
    "finds 5 / 2 to be 2": Failure(
        rules=_between(_rule({"f2_from": {"$div": {"$l": {"$m": "f3_from"}, "$r": 2}}})),
        facts=(_with(f2_from=2, f3_from=5),),
        shows="open e0 close",
        right=NEITHER,
        refused=True,
    ),
    "adds 1 to what is missing": Failure(
        rules=_between(_rule({"f2_from": {"$add": {"$l": {"$m": "f3_from"}, "$r": 1}}})),
        shows="open e0 close",
        right=NEITHER,
        refused=True,
    ),
    "crashes on a division by 0": Failure(
        rules=_between(_rule({"f2_from": {"$div": {"$l": {"$m": "f2_from"}, "$r": {"$m": "f3_from"}}}})),
        facts=(_with(f3_from=0),),
        script=ASSERT + 'print("alive")',
        shows=End.KILLED,
        right="alive",
        refused=True,
        unshown="" if X86 else "a division by 0 is a signal on x86 only",
    ),
    # --- how much it holds ---
    "holds no more than 1,024 sessions": Failure(
        script="""
host = hosting()
try:
    for number in range(1025):
        host.assert_fact("r", {**facts[0], "sid": f"s{number}"})
except MemoryError:
    print(number)
else:
    print("all")
""",
        shows="1024",
        right="all",
        offered=(_with(sid="s1"),),
        cannot=ASSERTS_AND_DELETES,
    ),
    "raises where 65 rules could fire": Failure(
        rules=_between(*(_rule({f"f3_{number}": True}) for number in range(65))),
        facts=(_with(**{f"f3_{number}": True for number in range(65)}),),
        script=ASSERT.replace("*fired", "len(fired)"),
        shows="durable_rules_engine.error: Could not assert fact, error code: 303",
        right="67",
        refused=True,
    ),
    "never ends on 512 alternatives": Failure(
        rules=_between(*(_rule({"$gte": {"f2_from": 100 + number}}) for number in range(512))),
        script='host = hosting()\nprint("ready", flush=True)\nhost.assert_fact("r", facts[0])',
        shows=End.HANGS,
        right="ready",
        refused=True,
    ),
    "cannot hold a fact of 253 properties beside its ids": Failure(
        rules=_between(
            *(_rule(*({f"f3_{number}": True} for number in range(first, first + 42))) for first in range(0, 252, 42))
        ),
        facts=({**STEADY, **{f"f3_{number}": True for number in range(252)}},),
        shows="durable_rules_engine.error: Could not assert fact, error code: 302",
        right="open e0 e1 e2 e3 e4 e5 close",
        refused=True,
    ),
}

FINE = Failure(shows=ALL, right=ALL)
"""No failure at all: the plain ruleset and the good fact."""

# --- the bare engine ---


def _answer(failure: Failure) -> str | End:
    """Return what the bare engine does: what it prints, the last line of an exception, or how it ends."""
    given = json.dumps([failure.rules or PLAIN, failure.facts, failure.action])
    command = [sys.executable, "-W", "ignore", "-c", BARE + failure.script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(given.encode())
        process.stdin.close()
        process.stdin = None
        first = process.stdout.readline() if failure.shows is End.HANGS else b""  # it is ready
        try:
            out, err = process.communicate(timeout=2 if first else PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return End.HANGS
    if -process.returncode in CRASHES:
        return End.KILLED
    return (err.splitlines()[-1] if process.returncode else first + out).decode().strip()


CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL}


@durably
@pytest.mark.parametrize("name", FAILURES)
def test_durable_rules_still(name: str) -> None:
    failure = FAILURES[name]
    if failure.unshown:
        pytest.skip(failure.unshown)
    answer = _answer(failure)
    if failure.by_chance and answer == failure.right:
        return
    assert answer == failure.shows, (
        f"durable_rules no longer {name}: where `{failure.right}` is right, it gave `{answer}`; then the guard may go"
    )


@durably
def test_durable_rules_is_right_about_admitted_rules() -> None:
    """What fails above does not fail because of the script around it."""
    assert _answer(FINE) == ALL
    assert _answer(evolve(FINE, facts=(_with(f1_0=False),))) == "open e1 close"
    assert _answer(evolve(FINE, facts=(_with(f1_0=False, f2_from=9),))) == NEITHER


# --- the gate, which needs no durable_rules ---


def _runnable(failure: Failure) -> dict[str, Any]:
    """The ruleset with its actions, as the bare engine gets it."""

    def note(_context: object) -> None:
        """Note nothing."""

    scope: dict[str, Any] = {"fired": []}
    exec(failure.action or "run = None", scope)  # noqa: S102 - a line of the table
    return {
        name: {**rule, "run": (name == "e0" and scope["run"]) or note}
        for name, rule in (PLAIN if failure.rules is None else failure.rules).items()
    }


@pytest.mark.parametrize("name", [name for name, failure in FAILURES.items() if failure.refused])
def test_the_gate_refuses_a_ruleset_of_which_durable_rules(name: str) -> None:
    with pytest.raises(EngineFault) as caught:
        admit_rules(_runnable(FAILURES[name]))
    assert caught.value.kind == "refused"


OUT_OF_PLACE: dict[str, Rules] = {
    "no rules": {},
    "no first rule": {name: rule for name, rule in PLAIN.items() if name != "open"},
    "no last rule": {name: rule for name, rule in PLAIN.items() if name != "close"},
    "a first rule of another name": {"e0": _rule(pri=1), "close": _rule(pri=3)},
    "a last rule of another name": {"open": _rule(pri=1), "e0": _rule(pri=3)},
    "a rule before the first": {"e2": _rule(), **PLAIN},
    "a rule after the last": {**PLAIN, "e2": _rule()},
    "a rule of another name": {"open": PLAIN["open"], "other": _rule(), "close": PLAIN["close"]},
    "a first rule that some facts do not pass": {**PLAIN, "open": _rule({"f1_0": True}, pri=1)},
    "a last rule that some facts do not pass": {**PLAIN, "close": _rule({"f1_0": True}, pri=3)},
    "a rule as early as the first": _between(_rule(pri=1)),
    "a rule as late as the last": _between(_rule(pri=3)),
    "a last rule as early as the first": {"open": _rule(pri=1), "close": _rule(pri=1)},
    "a rank that is no number": {**PLAIN, "open": _rule(pri=False)},
    "a pattern of another name": _between({"all": [{"x": _both()}], "pri": 2}),
    "a pattern of another kind": _between({"all": [{"m": {"$and": [{"kind": "l"}]}}], "pri": 2}),
    "a flag compared with 1": _between(_rule({"f1_0": 1})),
    "a flag tested for being false": _between(_rule({"f1_0": False})),
    "a flag that is a number elsewhere": _between(_rule({"f1_0": True}), _rule({"$gte": {"f1_0": 1}})),
    "a test of two properties": _between(_rule({"f1_0": True, "f1_1": True})),
    "two tests in one": _between(_rule({"$gte": {"f2_from": 1}, "$lte": {"f2_from": 2}})),
}


@pytest.mark.parametrize("what", OUT_OF_PLACE)
def test_the_gate_refuses_a_ruleset_with(what: str) -> None:
    """Sentinels prove that no rule was lost only where they are first and last and fire for every fact."""
    with pytest.raises(EngineFault) as caught:
        admit_rules(_runnable(evolve(FINE, rules=OUT_OF_PLACE[what])))
    assert caught.value.kind == "refused"


@pytest.mark.parametrize("name", [name for name, failure in FAILURES.items() if failure.offered])
def test_the_gate_refuses_a_fact_of_which_durable_rules(name: str) -> None:
    shape = admit_rules(_runnable(FINE))
    for fact in FAILURES[name].offered:
        with pytest.raises(EngineFault) as caught:
            admit_fact(shape, fact)
        assert caught.value.kind == "refused"
        assert not [value for value in fact.values() if str(value) in str(caught.value) and len(str(value)) > 1]
        assert caught.value.__cause__ is caught.value.__context__ is None


def test_the_gate_lets_through_what_durable_rules_is_right_about() -> None:
    """What is refused above is not refused because of what stands around it."""
    shape = admit_rules(_runnable(FINE))
    for fact in (
        GOOD,
        _with(f2_from=2**31 - 1),
        _with(f2_from=-(2**31) + 1),
        {name: value for name, value in GOOD.items() if name != "f1_0"},
    ):
        admit_fact(shape, fact)
    flags = [[f"f{rule}_{place}" for place in range(4)] for rule in range(60)]
    most = _between(*(_rule(*({flag: True} for flag in four)) for four in flags))
    admit_fact(
        admit_rules(_runnable(evolve(FINE, rules=most))), {**STEADY, **{flag: True for four in flags for flag in four}}
    )


def test_every_failure_is_kept_from_the_engine_somewhere() -> None:
    for name, failure in FAILURES.items():
        assert failure.refused or failure.offered or failure.cannot, name
        assert not failure.cannot or failure.cannot in globals(), name


# --- the adapter, for what is only made by a call ---


class _Watched:
    """A host that keeps what it is asked to do."""

    def __init__(self, host: Any) -> None:
        self._host = host
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        def ask(*arguments: Any) -> Any:
            self.asked.append((name, *arguments))
            return getattr(self._host, name)(*arguments)

        return ask

    def calls(self, *names: str) -> list[tuple[Any, ...]]:
        return [call for call in self.asked if call[0] in names]


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> list[_Watched]:
    """The hosts that the adapter makes from now on, each watched."""
    made: list[_Watched] = []
    make = adapter._host  # noqa: SLF001 - whatever is asked of a host passes here

    def watch(engine: Any) -> _Watched:
        made.append(_Watched(make(engine)))
        return made[-1]

    monkeypatch.setattr(adapter, "_host", watch)
    monkeypatch.setattr(adapter, "_HOSTS", {})
    return made


BOOK = load_rulebooks("lower-back").books[0]
KNOWLEDGE_BASE = KnowledgeBase([BOOK])
SICK = Subject({"sciatica": True, "excess_weight_lb": 877})
PEOPLE = (SICK, Subject({}), Subject({"sciatica": False}))
TRIED = (Subject({"sciatica": True, "trial.felt": "pain"}, "side_bend"), Subject({}))


@durably
def test_adapter_asserts_one_fact_and_deletes_its_session(hosts: list[_Watched]) -> None:
    engine = DurableEngine(KNOWLEDGE_BASE)
    threads = [threading.Thread(target=engine.activations, args=(person, TRIED)) for person in PEOPLE for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (host,) = hosts
    registered = host.calls("register_rulesets")
    calls = [call for call in host.asked if call[0] not in ("register_rulesets", "get_ruleset")]
    shapes = {
        name: admit_rules({rule: {**body, "run": lambda _message: None} for rule, body in rules.items()})
        for _, one in registered
        for name, rules in one.items()
    }
    assert list(shapes) == [f"r{number}" for number in range(len(shapes))]
    assert len(calls) > len(threads) * len(TRIED)
    for asserting, deleting in zip(calls[::2], calls[1::2], strict=True):
        called, ruleset, fact = asserting
        assert called == "assert_fact"
        assert type(fact) is dict
        admit_fact(shapes[ruleset], fact)
        assert deleting == ("delete_state", ruleset, fact["sid"])


@durably
def test_the_adapter_starts_no_thread(hosts: list[_Watched]) -> None:
    before = threading.enumerate()
    DurableEngine(KNOWLEDGE_BASE).activations(SICK, TRIED)
    assert hosts
    assert threading.enumerate() == before


@durably
def test_the_adapter_registers_a_definition_of_its_own_and_once(hosts: list[_Watched]) -> None:
    for _ in range(2):
        DurableEngine(KNOWLEDGE_BASE).activations(SICK, TRIED)
    (host,) = hosts
    first = host.calls("register_rulesets")
    assert all(0 <= rule["pri"] < 2**16 for _, one in first for rule in _bodies(one))
    DurableEngine(KnowledgeBase([evolve(BOOK, digest="sha256:another")]))
    second = hosts[1].calls("register_rulesets")
    assert first == second
    assert all(
        rule is not again
        for (_, one), (_, other) in zip(first, second, strict=True)
        for rule, again in zip(_bodies(one), _bodies(other), strict=True)
    )


def test_no_two_properties_that_the_adapter_names_look_alike() -> None:
    """Of a rulebook of up to 1,000 facts, 100 options each, narrowed to up to 1,000 sets of stretches."""
    names = [f"f{fact}_{option}" for fact in range(1000) for option in (*range(100), "from", "to")]
    names += [*STEADY, *(f"tried_{number}" for number in range(1000))]
    assert len({_hash(name) for name in names}) == len(names)


def _hash(name: str) -> int:
    """32-bit FNV-1a."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def test_what_durable_rules_takes_for_one_has_one_hash() -> None:
    for one, other in (SAME_SESSION, SAME_ID, SAME_PROPERTY):
        assert one != other
        assert _hash(one) == _hash(other)


def _bodies(rulesets: Mapping[str, Rules]) -> Iterator[dict[str, Any]]:
    return (rule for rules in rulesets.values() for rule in rules.values())


def _fault(engine: DurableEngine) -> EngineFault:
    with pytest.raises(EngineFault) as caught:
        engine.activations(SICK, ())
    assert "877" not in str(caught.value)
    assert "sciatica" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


@durably
def test_an_action_that_raises_is_a_fault(hosts: list[_Watched], monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(*_: object) -> Callable[[object], None]:
        def run(_context: object) -> None:
            raise RuntimeError(SICK.answers)

        return run

    monkeypatch.setattr(adapter, "_note", raising)
    assert _fault(DurableEngine(KNOWLEDGE_BASE)).kind == "exception"
    assert hosts


@durably
def test_an_action_that_seems_to_take_long_is_a_fault(hosts: list[_Watched], monkeypatch: pytest.MonkeyPatch) -> None:
    hours = iter(range(0, 10**9, 3600))
    monkeypatch.setattr(time, "time", lambda: next(hours))
    assert _fault(DurableEngine(KNOWLEDGE_BASE)).kind == "incomplete"
    assert hosts


@durably
def test_a_session_in_which_no_action_ran_is_not_deleted(
    hosts: list[_Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter = DurableEngine(KNOWLEDGE_BASE)
    (host,) = hosts
    monkeypatch.setattr(host._host, "assert_fact", lambda *_: {"sid": "s"})  # noqa: SLF001 - an engine that loses every rule is nowhere to be had
    assert _fault(adapter).kind == "incomplete"
    assert host.calls("assert_fact")
    assert not host.calls("delete_state")


@durably
@pytest.mark.parametrize("told", ["MessageNotHandledException", "MessageObservedException"])
def test_what_the_engine_raises_is_told_without_the_fact(
    told: str, hosts: list[_Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    from durable import engine

    adapter = DurableEngine(KNOWLEDGE_BASE)
    (host,) = hosts

    def raising(_ruleset: str, _fact: object) -> None:
        raise getattr(engine, told)(SICK.answers)

    monkeypatch.setattr(host._host, "assert_fact", raising)  # noqa: SLF001 - as above
    assert _fault(adapter).kind == "exception"
