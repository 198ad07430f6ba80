"""Random valid rulebooks, with every type of fact, form of condition, effect, scope and `tried`.

They are drawn from a `random.Random` as files that somebody could have written, so that a counterexample can be kept
and read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from attrs import asdict, evolve

from backscreen.loading.condition_parser import read_condition
from backscreen.model.effects import AppliesTo, Effect
from backscreen.model.facts import TRIAL, Choice, Fact, Flag, Number, Option, RangeFact
from backscreen.semantics.causes import unguarded

Plain = dict[str, Any]
Files = dict[str, Any]
"""The data of each file of a rulebook, by path."""

EFFECTS = tuple(effect.value for effect in Effect)
MOTIONS = ("flexion", "extension", "hyperextension", "rotation", "side_bending", "none")
REGIONS = ("back", "legs")
TARGETS = ("one", "two", "three")
_SPANS = ((0, 9), (-5, 4), (0, 600), (7, 8))
_OPTIONS = ("left", "middle", "right", "behind")


def texts(files: Files) -> dict[str, str]:
    """Return the files as JSON texts, which are also YAML."""
    return {name: json.dumps(data) for name, data in files.items()}


def rulebook(random: Random, *, most_facts: int = 4, rules: tuple[int, int] = (1, 7), always: bool = True) -> Files:
    """Return a random rulebook with an active rule; with `always`, some rules may be about everybody."""
    person, trial = _facts(random, most_facts), _facts(random, most_facts)
    named = {fact.id: fact for fact in person} | {TRIAL + fact.id: fact for fact in trial}
    stretches = [_stretch(random, number) for number in range(random.randint(2, 5))]
    drawn = [_rule(random, named, stretches, always=always) for _ in range(random.randint(*rules))]
    # dropping drawn rules is cheap, and lets Hypothesis drop any rule by one draw
    kept = [rule for rule in drawn if random.randrange(6)] or drawn[:1]
    kept[0]["status"] = "draft"
    named_rules = [{"id": f"r{number}", **rule} for number, rule in enumerate(kept)]
    return {
        "rulebook.yaml": {
            "id": "random",
            "title": "A random rulebook",
            "summary": "Drawn by chance.",
            "version": "1.0.0",
            "language": "en",
            "looks_for_warning_signs": False,
            "documents": [{"id": "X", "title": "A document"}],
        },
        "facts.yaml": {"person": [_declared(fact) for fact in person], "trial": [_declared(fact) for fact in trial]},
        "stretches.yaml": {
            "regions": [{"id": name, "name": name} for name in REGIONS],
            "targets": [{"id": name, "name": name} for name in TARGETS],
            "stretches": stretches,
        },
        "statements.yaml": [
            {"id": "X1", "document": "X", "where": "everywhere", "says": "Something.", "becomes": ["rule"]}
        ],
        **{f"rules/{rule['id']}.yaml": rule for rule in named_rules},
    }


def _facts(random: Random, most: int) -> list[Fact]:
    """Return facts of any types, named alike for persons and trials; each but the first may rest on others."""
    count = random.randint(1, most)
    first = _fact(random, 0, ())
    return [
        first,
        *(
            _fact(random, number, [f"f{other}" for other in range(count) if other != number])
            for number in range(1, count)
        ),
    ]


def _fact(random: Random, number: int, others: Sequence[str]) -> Fact:
    drawn = random.choice(tuple(DRAWN.values()))
    rests_on: tuple[str, ...] = ()
    if others and random.randrange(3) == 2:  # noqa: PLR2004
        rests_on = tuple(random.sample(others, random.randint(1, min(2, len(others)))))
    return evolve(drawn(random), id=f"f{number}", rests_on=rests_on)


def _flag(_: Random) -> Flag:
    return Flag(id="", title="A flag", question="Is it so?")


def _number(random: Random) -> Number:
    low, high = random.choice(_SPANS)
    no = random.choice((None, low, low + 1))
    return Number(id="", title="A number", question="How much?", unit="min", at_least=low, at_most=high, no=no)


def _choice(random: Random) -> Choice:
    options = _OPTIONS[: random.randint(2, len(_OPTIONS))]
    no = random.choice((None, options[0], options[-1]))
    means = tuple(Option(id=option, means=option) for option in options)
    return Choice(id="", title="A choice", question="Which?", options=means, no=no)


DRAWN: Mapping[type[Fact], Callable[[Random], Fact]] = {Flag: _flag, Number: _number, Choice: _choice}
"""How a fact of each type is drawn."""


def _declared(fact: Fact) -> Plain:
    """Return the fact as an entry of facts.yaml."""
    return {"type": fact.kind, **asdict(fact, filter=lambda field, value: value != field.default)}


def _stretch(random: Random, number: int) -> Plain:
    stretch: Plain = {
        "id": f"s{number}",
        "name": f"Stretch {number}",
        "position": "standing",
        "regions": random.sample(REGIONS, random.randint(1, 2)),
        "targets": random.sample(TARGETS, random.randint(1, 2)),
        "motions": [random.choice(MOTIONS)],
        "steps": ["Stretch."],
        "statements": ["X1"],
    }
    if random.randrange(5) < 4:  # noqa: PLR2004
        stretch["dose"] = {"repetitions": 1}
    if number and random.randrange(2):
        stretch["variation_of"] = f"s{random.randrange(number)}"
    return stretch


def _atom(random: Random, named: Mapping[str, Fact], names: Sequence[str]) -> Plain:
    name = random.choice(names)
    spec = named[name]
    if isinstance(spec, RangeFact):
        low, high = sorted(random.randint(spec.at_least, spec.at_most) for _ in range(2))
        both = random.choice(({"at_least": low, "at_most": high}, {"more_than": low - 1, "less_than": high + 1}))
        entry: Any = random.choice(
            ({"at_least": high}, {"more_than": low}, {"at_most": low}, {"less_than": high}, both, low, [low, high])
        )
        if read_condition({name: entry}, dict(named))[1]:  # it always or never holds, or repeats a value
            entry = {"at_least": spec.at_least + 1}
    else:
        wanted = random.sample(spec.values, random.randint(1, len(spec.values) - 1))
        entry = wanted if len(wanted) > 1 or not random.randrange(5) else wanted[0]
    return {name: entry}


def _condition(random: Random, named: Mapping[str, Fact], names: Sequence[str], depth: int) -> Plain:
    """Return a condition that can hold and can fail; a combination that cannot is replaced by its first part."""
    kind = random.choice(("atom", "and", "any", "all", "not")) if depth else "atom"
    if kind == "atom":
        return _atom(random, named, names)
    parts = [_condition(random, named, names, depth - 1) for _ in range(1 if kind == "not" else random.randint(1, 3))]
    match kind:
        case "and":
            whole: Plain = {name: entry for part in reversed(parts) for name, entry in part.items()}
        case "not":
            whole = {"not": parts[0]}
        case _:
            whole = {kind: parts}
    return parts[0] if read_condition(whole, dict(named))[1] else whole


def _selector(random: Random, stretches: Sequence[Plain]) -> str | Plain:
    one = random.choice(stretches)
    match random.choice(("all", "targets", "motions", "regions", "stretches", "two")):
        case "all":
            return "all"
        case "stretches":
            names = [stretch["id"] for stretch in stretches]
            return {"stretches": random.sample(names, random.randint(1, 2))}
        case "two":
            return {"targets": one["targets"], "regions": one["regions"][:1]}
        case attribute:
            return {attribute: one[attribute]}


def _rule(random: Random, named: Mapping[str, Fact], stretches: Sequence[Plain], *, always: bool) -> Plain:
    effect, about_a_trial = random.choice([*Effect]), bool(random.randrange(2))
    when = _when(random, named, about_a_trial=about_a_trial)
    rule: Plain = {
        "title": "A rule",
        "when": _guarded(random, named, when, about_a_trial=about_a_trial) if effect.restricts else when,
        "effect": effect.value,
        "reason": "Because.",
        "statements": ["X1"],
    }
    if about_a_trial and random.randrange(2):
        rule["tried"] = _selector(random, stretches)
    if effect.applies_to is not AppliesTo.ALL and not (about_a_trial and random.randrange(2)):
        rule["applies_to"] = _selector(random, stretches)
    if effect.applies_to in (AppliesTo.ANY, AppliesTo.OPTIONAL) and random.randrange(6) == 5:  # noqa: PLR2004
        rule["applies_to"] = "none"
    elif effect.may_be_about_a_stretch and random.randrange(4) == 3:  # noqa: PLR2004
        rule["about"] = "stretch"
    if always and not about_a_trial and (effect.may_fire_always or "about" in rule) and random.randrange(4) == 3:  # noqa: PLR2004
        rule["when"] = {}
    if random.randrange(12) == 11:  # noqa: PLR2004
        rule["status"] = "retired"
    return rule


def _when(random: Random, named: Mapping[str, Fact], *, about_a_trial: bool) -> Plain:
    of_trial = [name for name in named if name.startswith(TRIAL)]
    of_person = [name for name in named if not name.startswith(TRIAL)]
    when = _condition(
        random, named, of_person + of_trial if about_a_trial else of_person, depth=random.choice((1, 2, 3))
    )
    if about_a_trial and not any(name in json.dumps(when) for name in of_trial):
        return _atom(random, named, of_trial)
    return when


def _guarded(random: Random, named: Mapping[str, Fact], when: Plain, *, about_a_trial: bool) -> Plain:
    """Return the condition with guards: answers other than "no" to what its facts rest on."""
    guards: list[Plain] = []
    for _ in range(len(named) + 1):
        guarded = {"all": [*guards, when]} if guards else when
        condition, diagnostics = read_condition(guarded, dict(named))
        if condition is None or diagnostics:  # nobody is left
            break
        gap = next(unguarded(condition, named), None)
        if gap is None:
            return guarded
        guards.append({"not": {gap.assumed: gap.no}})
    return _atom(random, named, [f"{TRIAL}f0" if about_a_trial else "f0"])  # which rests on nothing
