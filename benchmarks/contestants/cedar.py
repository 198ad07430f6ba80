"""Adapter of Cedar, the policy language in Rust, through cedarpy."""

from collections.abc import Callable, Mapping
from typing import Any

from backscreen.model.conditions import Condition
from backscreen.model.facts import Fact, Flag, Value
from backscreen.model.knowledge_base import KnowledgeBase
from benchmarks.contestants.contestant import Adapter
from benchmarks.contestants.engine import FIRES, MAY_FIRE, Key, Keys, Program, RuleTable, adapter
from benchmarks.contestants.expressions import Syntax, both_readings
from benchmarks.workload import Answers, Person, PlainTrial

REQUEST = {
    "principal": {"type": "Person", "id": "p"},
    "action": {"type": "Action", "id": "screen"},
    "resource": {"type": "Stretches", "id": "s"},
}
Context = dict[str, Value]


SYNTAX = Syntax(  # a flag that is no is missing and an unknown one is false; other unknowns are missing
    yes="(context has $x && context.$x)",
    no="!(context has $x)",
    maybe_yes="(context has $x)",
    maybe_no="!(context has $x && context.$x)",
    equal="(context has $x && context.$x == $v)",
    unknown="!(context has $x)",
    number="(context has $x && context.$x $o $v)",
    maybe_number="(!(context has $x) || context.$x $o $v)",
    all_of=("(", " && ", ")"),
    any_of=("(", " || ", ")"),
)


Names = list[tuple[str, str, bool]]
"""Facts with their keys in a context, and whether they are flags."""


def _names(facts: Mapping[str, Fact], prefix: str = "") -> Names:
    return [(name, prefix + name, isinstance(spec, Flag)) for name, spec in facts.items()]


def _context(names: Names, answers: Answers) -> Context:
    context: Context = {}
    for name, key, is_flag in names:
        value = answers.get(name)
        if value is False:
            continue
        if is_flag:
            context[key] = value is True
        elif value is not None:
            context[key] = value
    return context


def _program(table: RuleTable) -> Program:
    import cedarpy

    entities, is_authorized = cedarpy.Entities.from_json_str("[]"), cedarpy.is_authorized

    def policies(conditions: Mapping[int, Condition]) -> tuple[Callable[[Context, bool], list[str]], Keys]:
        """Parse the policies; where nothing is unknown, only those are asked that say what fires."""
        readings = {rule: both_readings(SYNTAX, table.facts, condition) for rule, condition in conditions.items()}
        texts: dict[Key, str] = {
            (rule, certainty): f"permit(principal, action, resource) when {{ {expressions[place]} }};"
            for place, certainty in enumerate((FIRES, MAY_FIRE))
            for rule, expressions in readings.items()
        }
        parse, all_texts = cedarpy.PolicySet.from_str, list(texts.values())
        sure, both = parse("\n".join(all_texts[: len(conditions)])), parse("\n".join(all_texts))

        def decide(context: Context, complete: bool) -> list[str]:
            request: dict[str, Any] = {**REQUEST, "context": context}
            reasons: list[str] = is_authorized(request, sure if complete else both, entities).diagnostics.reasons
            return reasons

        return decide, Keys({f"policy{place}": key for place, key in enumerate(texts)})

    (decide, keys), (decide_trial, trial_keys) = policies(table.person), policies(table.trial)
    shared = table.shared_facts
    person_names, trial_names = _names(table.person_facts), _names(table.trial_facts, "trial_")
    shared_names = _names({name: table.person_facts[name] for name in shared})

    def ask(person: Person) -> list[str]:
        return decide(_context(person_names, person.answers), len(person.answers) == len(table.person_facts))

    def ask_trial(person: Person, trial: PlainTrial) -> list[str]:
        answers = {**trial.answers, **table.stretch_flags[trial.stretch]}
        context = _context(trial_names, answers) | _context(shared_names, person.answers)
        complete = len(answers) == len(table.trial_facts) and all(name in person.answers for name in shared)
        return decide_trial(context, complete)

    return Program(ask, ask_trial, keys, trial_keys)


def load(knowledge_base: KnowledgeBase) -> Adapter:
    """Load the rules as policies that permit, so that the diagnostics of a request name all that hold."""
    return adapter(knowledge_base, _program)
