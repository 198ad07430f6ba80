"""Schemas of conditions and profiles, derived from the facts of a rulebook."""

from __future__ import annotations

import re
from typing import assert_never

from backscreen.authoring.schema.building_blocks import (
    FLAG,
    Schema,
    described,
    enum,
    list_of,
    one_of_these,
    ref,
    whole,
    words_of,
)
from backscreen.authoring.schema.descriptions import KEYS
from backscreen.authoring.schema.names import Asked, Names, Offered
from backscreen.model.facts import TRIAL, UNSURE, Fact, OptionFact, RangeFact, has_unsure_option, written

# Conditions


def when(offered: Offered) -> Schema:
    """Return the schema of a condition: any fact, and nested conditions."""
    several = list_of(ref("part"), least=1, unique=False)
    words = {"any": several, "all": several, "not": ref("part")}
    asked = {**offered.person.facts, **{TRIAL + name: fact for name, fact in offered.trial.facts.items()}}
    all_known = offered.person.whole and offered.trial.whole
    return {
        "type": "object",
        "properties": {name: {} if fact is None else _atom(fact) for name, fact in asked.items()}
        | {word: described(made, KEYS[f"when.{word}"]) for word, made in words.items()},
        **({"additionalProperties": False} if all_known else {}),
    }


def without_trial() -> Schema:
    """Return the schema of a condition without facts of a trial."""
    inside = ref("without_trial")
    return {
        "propertyNames": {"not": {"pattern": f"^{re.escape(TRIAL)}"}},
        "properties": {"any": {"items": inside}, "all": {"items": inside}, "not": inside},
    }


def _atom(fact: Fact) -> Schema:
    """Return the schema of what a condition may want of a fact."""
    answer = _answer(fact)
    several = list_of(answer, least=1)
    match fact:
        case OptionFact():
            ways = [answer, several | {"maxItems": len(fact.values) - 1}]  # with all answers it would always hold
        case RangeFact():
            ways = [answer, several, _comparison(fact)]
        case _:
            assert_never(fact)
    return {"title": fact.title, "description": _asked(fact), "anyOf": ways}


def _comparison(fact: RangeFact) -> Schema:
    ends = {
        "at_least": whole(None, fact.at_most),
        "more_than": whole(None, fact.at_most - 1),
        "at_most": whole(fact.at_least),
        "less_than": whole(fact.at_least + 1),
    }
    return {
        "type": "object",
        "properties": {word: described(end, KEYS[f"when.{word}"]) for word, end in ends.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "not": {"anyOf": [{"required": ["at_least", "more_than"]}, {"required": ["at_most", "less_than"]}]},
    }


# Profiles


def profile(offered: Offered) -> Schema:
    """Return the schema of a profile: answers about the person, and trials."""
    stretch = {"anyOf": [one_of_these(offered.stretches), {"type": "null"}]}
    properties = {
        "facts": {**_answers(offered.person), "type": ["object", "null"]},
        "trials": {
            "type": ["array", "null"],
            "items": _answers(offered.trial, stretch=described(stretch, KEYS["Trial.stretch"])),
        },
        "otherwise": {"anyOf": [words_of("Otherwise", ("no", "unknown", False)), {"type": "null"}]},
    }
    return {
        "type": "object",
        "properties": {name: described(made, KEYS[f"Profile.{name}"]) for name, made in properties.items()},
        "additionalProperties": False,
    }


def _answers(asked: Asked, **others: Schema) -> Schema:
    """Return the schema of answers by fact; an empty one is unknown."""
    return {
        "type": "object",
        "properties": others
        | {
            name: {} if fact is None else {"title": fact.title, "description": _asked(fact), "anyOf": _answers_to(fact)}
            for name, fact in asked.facts.items()
        },
        **({"additionalProperties": False} if asked.whole else {}),
    }


def _answers_to(fact: Fact) -> list[Schema]:
    unsure = [] if has_unsure_option(fact) else [enum({UNSURE: "I don't know"})]
    return [_answer(fact), *unsure, {"type": "null"}]


# Shared by both


def _answer(fact: Fact) -> Schema:
    match fact:
        case OptionFact(is_flag=True):
            return FLAG
        case OptionFact():
            return enum(fact.meanings)
        case RangeFact():
            within = whole(fact.at_least, fact.at_most)
            units = [unit.unit for unit in fact.also_in]
            itself = [fact.unit] if re.fullmatch("[A-Za-z]+", fact.unit) else []
            amounts = [r"[0-9]{1,9}(?:\.[0-9]{1,9})? ?(?:" + "|".join(units) + ")"] * bool(units) + [
                f"[0-9]{{1,9}} ?{unit}" for unit in itself
            ]
            return (
                {"anyOf": [within, {"type": "string", "pattern": f"^(?:{'|'.join(amounts)})$"}]} if amounts else within
            )
        case _:
            assert_never(fact)


def _asked(fact: Fact) -> str:
    """Return a fact's question with the answers that it accepts."""
    match fact:
        case OptionFact(is_flag=True):
            takes = " or ".join(fact.meanings.values())
        case OptionFact():
            takes = ", ".join(f"{written(value)} ({means})" for value, means in fact.meanings.items())
        case RangeFact():
            takes = f"a whole number of {fact.unit} from {fact.at_least} to {fact.at_most}"
        case _:
            assert_never(fact)
    return f"{fact.title}. {fact.question} — {takes}"


def names_of_facts(*asked: Asked) -> Names:
    """Return the names of facts without their types."""
    named = {name: "" if fact is None else _asked(fact) for one in asked for name, fact in one.facts.items()}
    return Names(named, all(one.whole for one in asked))
