"""Adapter for durable_rules, with every guard around it. No other module may import durable_rules.

The engine sees flat facts of whole numbers and booleans, made by `flat_facts`: one for the person and one for each
trial, in a possible and, where that differs, a certain form. Each alternative of a rule is an entry of its own.

durable_rules fails silently in several ways. This is what the adapter does about them:

- `gate` checks every ruleset and every fact before the engine sees it.
- The engine skips later rules after an action that raises or seems slow. So the adapter runs the actions in its own
  loop and lets every exception out. The first and the last rule of each ruleset are sentinels: each must fire once, in
  order, on the very fact that was asserted.
- Rules that fire for certain must be among those that may fire.
- The engine compares ids by a 32-bit hash. So there is one lock, one session with one fact at a time, and own ids.
- Its exceptions contain the whole fact. So only their type is kept, and its logger is disabled.
- After a failure its session may still hold a person's answers. So the host is dropped, and the next caller gets a new
  one.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, assert_never

from attrs import frozen

from backscreen.engines.durable import gate
from backscreen.engines.durable.gate import (
    ALIAS,
    CLOSE,
    KIND,
    MOST_ENTRIES,
    MOST_PROPERTIES,
    OPEN,
    STEADY,
    Shape,
    admit_bounds,
    admit_fact,
    admit_rules,
)
from backscreen.engines.lowering.flat_facts import Comparison, FlatFact, Pattern, Shard, TooWide, shards
from backscreen.model.effects import Certainty
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.semantics.activations import ON_THE_PERSON, Activation, Activations, EngineFault, Subject

_LOCK = (
    threading.RLock()
)  # a signal handler that screens, or forks, in the middle of a screening must not wait for itself
MOST_HOSTS = 8
"""Most rulebooks registered at a time. The least recently used is dropped, and registered again when it is needed."""
_HOSTS: dict[str, tuple[_Ruleset, ...]] = {}  # by the rulebook's digest, the one that was asked last at the end
_ASKED: list[str] = []  # the digests of those that are being asked, the innermost last
_SESSION = STEADY["sid"]
LONGEST = 10
"""Seconds after which the engine's answer to one fact is not taken any more."""


def _begin_anew() -> None:
    """Reset lock and hosts in a forked process: a thread of the parent may hold the lock for ever."""
    global _LOCK  # noqa: PLW0603 - the one that was forked with is lost
    _LOCK = threading.RLock()
    _HOSTS.clear()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows does not fork
    os.register_at_fork(after_in_child=_begin_anew)


Noted = int | tuple[str, object]
"""What an action leaves behind: the number of its rule, or of a sentinel its name and the fact that it saw."""


Action = Callable[[str], None]
"""Action of a rule. Its argument is the engine's message, a JSON object with the rule's name and the fact it saw."""


@frozen(eq=False, repr=False)
class _Ruleset:
    """A registered shard, with its handle in C and the notes of its actions since they were last cleared."""

    name: str
    host: Any
    handle: int
    free: Callable[[int], None]
    shard: Shard
    shape: Shape
    noted: list[Noted]


class DurableEngine:
    """Evaluates a rulebook with durable_rules; may be shared between threads, which then take turns.

    Raises `EngineFault` where the rulebook does not fit the engine, or durable_rules cannot be used.
    """

    name = "durable"

    def __init__(self, knowledge_base: KnowledgeBase) -> None:
        self._knowledge_base = knowledge_base
        with _LOCK:
            _rulesets(knowledge_base)

    def activations(self, person: Subject, trials: tuple[Subject, ...]) -> Activations:
        """Decide every rule against the person, or against each trial; raises `EngineFault` where a guard does."""
        found: dict[Activation, Certainty] = {}
        with _LOCK:
            _ASKED.append(self._knowledge_base.digest)
            try:
                for index, known in enumerate((person, *trials), start=ON_THE_PERSON):
                    for ruleset in _rulesets(
                        self._knowledge_base
                    ):  # looked up for each: a screening in the middle of this one may have given the host up
                        if ruleset.shard.about_a_trial == (index != ON_THE_PERSON):
                            _gather(found, index, ruleset, known)
            except BaseException:
                _HOSTS.pop(self._knowledge_base.digest, None)
                raise
            finally:
                _ASKED.pop()
        return found

    def give_up(self) -> None:
        """Drop the host, which may be damaged; the next engine for these rulebooks gets a new one."""
        with _LOCK:
            _HOSTS.pop(self._knowledge_base.digest, None)


def _rulesets(knowledge_base: KnowledgeBase) -> tuple[_Ruleset, ...]:
    """The rulebook's rulesets, those that are there or new ones; the caller holds the lock."""
    digest = knowledge_base.digest
    rulesets = _HOSTS.pop(digest) if digest in _HOSTS else _registered(knowledge_base)
    _HOSTS[digest] = rulesets
    if len(_HOSTS) > MOST_HOSTS:
        _make_room(digest)
    return rulesets


def _make_room(needed: str) -> None:
    """Free the least recently used hosts, so that reloading a rulebook again and again takes no more memory.

    INVARIANT: no host is freed during a session. A signal handler may screen then, and afterwards the session goes on.
    A host that was dropped after a failure is never freed, because the failure may have damaged its memory.
    """
    for digest in [digest for digest in _HOSTS if digest != needed and digest not in _ASKED][
        : len(_HOSTS) - MOST_HOSTS
    ]:
        _free(_HOSTS.pop(digest))  # taken out first, so that nobody asks it any more


def _free(rulesets: Iterable[_Ruleset]) -> None:
    """Free what the part in C holds, which it does not do by itself."""
    for ruleset in rulesets:
        ruleset.free(ruleset.handle)


def _gather(found: dict[Activation, Certainty], index: int, ruleset: _Ruleset, known: Subject) -> None:
    """Add the rules that may fire and, if anything is unknown, those that fire, by any of their alternatives."""
    certain, possible = ruleset.shard.slots.facts(known)
    may_fire = _ask(ruleset, possible)
    fires = may_fire if certain == possible else _ask(ruleset, certain)
    if not fires <= may_fire:
        raise EngineFault("contradiction", "the engine let a rule fire that may not")
    for rule in may_fire:
        found.setdefault(Activation(rule, index), Certainty.MAY_FIRE)
    for rule in fires:
        found[Activation(rule, index)] = Certainty.FIRES


def _ask(ruleset: _Ruleset, properties: FlatFact) -> set[int]:
    """Assert one fact, and return which rules fired; the caller holds the lock."""
    fact = {**STEADY, **properties}
    admit_fact(ruleset.shape, fact)
    ruleset.noted.clear()
    fault: EngineFault | None = None
    try:
        try:
            ruleset.host.assert_fact(ruleset.name, dict(fact))
            if ruleset.noted:  # where no action ever ran, this would crash
                ruleset.host.delete_state(ruleset.name, _SESSION)
        except EngineFault as failure:
            fault = failure
        except Exception as failure:  # its text may hold the whole fact, so only the type is kept
            fault = EngineFault("exception", type(failure).__name__)
    except (
        BaseException
    ) as interrupt:  # somebody wants to stop, and shall; but not with what was being done in the traceback
        interrupt.__context__ = None
        raise interrupt.with_traceback(None)  # noqa: B904 - it is the same
    if fault is not None:
        fault.__context__ = None
        raise fault
    return _between_sentinels(ruleset.noted, fact)


def _between_sentinels(noted: list[Noted], fact: FlatFact) -> set[int]:
    """Return the rules that fired; raise `EngineFault` unless both sentinels enclose them and saw exactly this fact."""
    rules = {what for what in noted if isinstance(what, int)}
    match [what for what in noted if not isinstance(what, int)]:
        case [(gate.OPEN, first), (gate.CLOSE, last)] if not (isinstance(noted[0], int) or isinstance(noted[-1], int)):
            noted.clear()
        case _:
            raise EngineFault("incomplete", "the engine did not go through its rules once, from the first to the last")
    if first != fact or last != fact:
        raise EngineFault("mistaken", "the engine ran its rules on another fact")
    return rules


def _registered(knowledge_base: KnowledgeBase) -> tuple[_Ruleset, ...]:
    """The rulebook's shards with a host of their own; raises `EngineFault`."""
    engine, core = _library()
    rulesets: list[_Ruleset] = []
    is_whole = False
    try:
        host = _host(engine)
        for number, shard in enumerate(shards(knowledge_base, entries=MOST_ENTRIES, properties=MOST_PROPERTIES)):
            admit_bounds(end for _, _, *ends in shard.slots.ends for end in ends)
            noted: list[Noted] = []
            definition = _definition(shard, noted)
            name, shape = f"r{number}", admit_rules(definition)
            actions = {rule: body["run"] for rule, body in definition.items()}
            host.register_rulesets({name: definition})  # which takes it apart
            registered = host.get_ruleset(name)
            handle = registered._handle  # noqa: SLF001 - its own in C
            rulesets.append(_Ruleset(name, host, handle, core.delete_ruleset, shard, shape, noted))
            _run_plainly(core, registered, actions)
        is_whole = True
    except EngineFault:
        raise
    except TooWide:
        raise EngineFault("refused", "one rule reads more facts than durable_rules holds") from None
    except Exception as failure:
        raise EngineFault("registration", type(failure).__name__) from None
    finally:
        if not is_whole:
            _free(rulesets)
    return tuple(rulesets)


def _definition(shard: Shard, noted: list[Noted]) -> dict[str, Any]:
    """Return the shard in the form of durable_rules, between sentinels; every pattern also tests the kind of fact."""
    rules = {OPEN: _rule((), 1, _sentinel(noted, OPEN))}
    for place, entry in enumerate(shard.entries):
        rules[f"e{place}"] = _rule(entry.pattern, 2, _note(noted, entry.rule))
    rules[CLOSE] = _rule((), 3, _sentinel(noted, CLOSE))
    return rules


def _rule(pattern: Pattern, priority: int, run: Action) -> dict[str, Any]:
    leaves = [_leaf(*test) for test in pattern]
    return {"all": [{ALIAS: {"$and": [dict(KIND), *leaves]}}], "pri": priority, "run": run}


def _leaf(name: str, test: Comparison, bound: int) -> dict[str, Any]:
    match test:
        case "is":
            return {name: True}
        case ">=":
            return {"$gte": {name: bound}}
        case "<=":
            return {"$lte": {name: bound}}
        case _:
            assert_never(test)


def _note(noted: list[Noted], rule: int) -> Action:
    def run(_message: str) -> None:
        noted.append(rule)

    return run


def _sentinel(noted: list[Noted], name: str) -> Action:
    def run(message: str) -> None:
        noted.append((name, json.loads(message)[name][ALIAS]))

    return run


def _library() -> tuple[Any, Any]:
    """What is used of durable_rules: its module `durable.engine`, and the one in C."""
    try:
        import durable_rules_engine as core
        from durable import engine, logger
    except ImportError as failure:
        raise EngineFault("missing", type(failure).__name__) from None
    except Exception as failure:  # built for another Python, or in pieces
        raise EngineFault("broken", type(failure).__name__) from None
    logger.disabled = True  # its messages would hold the person's answers
    return engine, core


def _host(engine: Any) -> Any:
    class Host(engine.Host):  # type: ignore[misc, unused-ignore]
        def _run(self) -> None:
            """Start no timer threads: together with `delete_state` they crash."""

    return Host()


def _run_plainly(core: Any, ruleset: Any, actions: dict[str, Action]) -> None:
    """Make the ruleset run its actions one after the other, and nothing else.

    Its own loop stores exceptions, interrupts included, in the session and continues; if the clock jumps, it drops the
    remaining actions.
    """
    handle = ruleset._handle  # noqa: SLF001 - its own in C

    def do_actions(session: object, complete: Callable[[None, None], None]) -> None:
        since = time.time()
        started = core.start_action_for_state(handle, session)
        message = started[1] if started else None
        for _ in actions:  # each of which runs once at most
            if not message:
                break
            actions[message[2 : message.index('"', 2)]](message)  # it is an object whose one name is the rule's
            message = core.complete_and_start_action(handle, session)
        if message:
            raise EngineFault("incomplete", "the engine let rules fire again and again")
        if not 0 <= time.time() - since <= LONGEST:
            raise EngineFault("incomplete", "the clock jumped, or the engine took too long")
        complete(None, None)

    ruleset.do_actions = do_actions
