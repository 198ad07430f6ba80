"""Contestants: each is given the same rules in its own best way, and answers the same questions."""

from benchmarks.contestants import by_hand, cedar, clips, durable_rules, expression_engines, screeners
from benchmarks.contestants.contestant import Contestant

COMPILED = Contestant("backscreen, compiled", None, screeners.loader("compiled"))
COMPILED_FROM_ANSWERS = Contestant(
    "backscreen, compiled, from plain answers", None, screeners.loader("compiled", from_answers=True)
)
DEFAULT = Contestant("backscreen, default path", None, screeners.loader(None))
REFERENCE = Contestant("reference alone", None, screeners.load_reference)
BY_HAND = Contestant("by hand", None, by_hand.load, bundled_only=True)
BASELINE = Contestant("durable_rules, bare", "durable_rules", durable_rules.loader(durable_rules.CODED))
"""durable_rules in its fastest layout; the default path is compared with it."""
PEERS = (
    Contestant("CLIPS", "clipspy", clips.load),
    Contestant("ZEN", "zen-engine", expression_engines.load_zen),
    Contestant("ZEN, a decision", "zen-engine", expression_engines.load_zen_decision),
    Contestant("JsonLogic", "panzi-json-logic", expression_engines.load_json_logic),
    Contestant("rule-engine", "rule-engine", expression_engines.load_rule_engine),
    Contestant("Cedar", "cedarpy", cedar.load),
    BASELINE,
    Contestant("durable_rules, bare, asked twice", "durable_rules", durable_rules.loader(durable_rules.PRESENT)),
)
"""Other engines, through their documented interfaces."""
CONTESTANTS = (
    COMPILED,
    COMPILED_FROM_ANSWERS,
    DEFAULT,
    Contestant("backscreen, default path, from plain answers", None, screeners.loader(None, from_answers=True)),
    Contestant("compiled engine alone", None, screeners.load_compiled_engine),
    REFERENCE,
    BY_HAND,
    *PEERS,
    Contestant("durable_rules, bare, with bounds", "durable_rules", durable_rules.loader(durable_rules.BOUNDED)),
    Contestant(
        "durable_rules, its C core", "durable_rules", durable_rules.loader(durable_rules.CODED, durable_rules.core)
    ),
)
"""All contestants, in the order of the tables."""
