"""Everything that is timed: each gets the same rules in its own best way, and answers the same two questions about the same people."""

from __future__ import annotations

from benchmarks.contestants import backscreens, clips, durable_bare, json_logic, rule_engine, zen
from benchmarks.contestants.contestant import Contestant

DEFAULT = backscreens.DEFAULT
"""The default path, which the goal is about."""
OURS = backscreens.COMPARED
"""What of ours is held against the peers."""
BASELINE, ASKED_TWICE = durable_bare.BOTH_OF_ONE_HOST, durable_bare.ASKED_TWICE
"""Bare durable_rules in its two good layouts; the first is what everybody is held against."""
PEERS: tuple[Contestant, ...] = (*clips.CONTESTANTS, *rule_engine.CONTESTANTS, *json_logic.CONTESTANTS, *zen.CONTESTANTS)
"""Other engines."""
CONTESTANTS: tuple[Contestant, ...] = (*backscreens.CONTESTANTS, *durable_bare.CONTESTANTS, *PEERS)
"""All of them, in the order in which tables show them."""
