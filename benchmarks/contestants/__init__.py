"""Everything that is timed: each gets the same rules in its own best way, and answers the same questions about the same people."""

from __future__ import annotations

from benchmarks.contestants import backscreens, cedar, clips, durable_bare, json_logic, rule_engine, zen
from benchmarks.contestants.backscreens import COMPILED, COMPILED_FROM_ANSWERS, DEFAULT, REFERENCE
from benchmarks.contestants.by_hand import BY_HAND
from benchmarks.contestants.contestant import Contestant

BASELINE, ASKED_TWICE = durable_bare.BOTH_OF_ONE_HOST, durable_bare.ASKED_TWICE
"""Bare durable_rules in its two good layouts; the default path is held against the first."""
PEERS: tuple[Contestant, ...] = (
    *clips.CONTESTANTS,
    *zen.CONTESTANTS,
    *json_logic.CONTESTANTS,
    *rule_engine.CONTESTANTS,
    *cedar.CONTESTANTS,
    BASELINE,
    ASKED_TWICE,
)
"""Other engines, through their own interfaces."""
CONTESTANTS: tuple[Contestant, ...] = (
    *backscreens.CONTESTANTS,
    BY_HAND,
    *PEERS,
    *(one for one in durable_bare.CONTESTANTS if one not in PEERS),
)
"""All of them, in the order in which tables show them."""

__all__ = ["ASKED_TWICE", "BASELINE", "BY_HAND", "COMPILED", "COMPILED_FROM_ANSWERS", "CONTESTANTS", "DEFAULT", "PEERS", "REFERENCE"]
