"""Hypothesis strategies for rulebooks and profiles, and the laws that hold for each of them, for anyone's own rulebook.

Needs Hypothesis, which the extra `test` brings.

>>> from hypothesis import given, settings
>>> from backscreen.loading.rulebooks import load
>>> guidance = load("lower-back")
>>> @settings(max_examples=5, database=None)
... @given(profiles(guidance))
... def every_engine_agrees(profile):
...     assert_engines_agree(guidance, profile)
>>> every_engine_agrees()
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from itertools import product
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from backscreen.engines.activations import Engine
from backscreen.engines.compiled import CompiledEngine
from backscreen.engines.durable import DurableEngine
from backscreen.engines.reference import Decision, decide
from backscreen.loading.conditions import read_condition
from backscreen.loading.rulebooks import load_texts
from backscreen.rulebook.answering import check
from backscreen.rulebook.conditions import Within, atoms
from backscreen.rulebook.facts import TRIAL, Fact, Number, Value
from backscreen.rulebook.profile import Profile, Trial
from backscreen.rulebook.rulebook import Guidance
from backscreen.rulebook.rules import Rule
from backscreen.screening import folding
from backscreen.screening.answers import situation

Plain = dict[str, Any]
EFFECTS = ("stop", "consult", "avoid", "caution", "recommend", "unneeded", "advise")
MOTIONS = ("flexion", "extension", "hyperextension", "rotation", "side_bending", "none")

_FLAG: Plain = {"type": "flag", "title": "A flag", "question": "Is it so?"}
_NUMBER: Plain = {"type": "number", "title": "A number", "question": "How much?", "unit": "min", "at_least": 0, "at_most": 9}
_CHOICE: Plain = {
    "type": "choice",
    "title": "A choice",
    "question": "Which?",
    "options": [{"id": name, "means": name} for name in ("left", "middle", "right")],
}


@st.composite
def rulebooks(draw: st.DrawFn) -> Guidance:
    """A small random rulebook, valid throughout: all types of facts, nested conditions, every effect, scope and narrowing."""
    person, trial = draw(_facts("p")), draw(_facts("t"))
    named = _specs(person, trial)
    stretches = [draw(_stretch(number)) for number in range(draw(st.integers(2, 5)))]
    rules = [draw(_rule(number, named, stretches)) for number in range(draw(st.integers(1, 7)))]
    return Guidance([load_texts(_texts(person, trial, stretches, rules))])


def _texts(person: list[Plain], trial: list[Plain], stretches: list[Plain], rules: list[Plain]) -> dict[str, str]:
    catalogue: Plain = {
        "regions": [{"id": name, "name": name} for name in ("back", "legs")],
        "targets": [{"id": name, "name": name} for name in ("one", "two", "three")],
        "stretches": stretches,
    }
    head: Plain = {
        "id": "random",
        "title": "A random rulebook",
        "summary": "Drawn by chance.",
        "version": "1.0.0",
        "language": "en",
        "looks_for_warning_signs": False,
        "documents": [{"id": "X", "title": "A document"}],
    }
    statement: Plain = {"id": "X1", "document": "X", "where": "everywhere", "says": "Something.", "becomes": ["rule"]}
    files: dict[str, Any] = {
        "rulebook.yaml": head,
        "facts.yaml": {"person": person, "trial": trial},
        "stretches.yaml": catalogue,
        "statements.yaml": [statement],
    }
    files.update({f"rules/{rule['id']}.yaml": rule for rule in rules})
    return {name: json.dumps(data) for name, data in files.items()}


@st.composite
def _facts(draw: st.DrawFn, prefix: str) -> list[Plain]:
    kinds = draw(st.lists(st.sampled_from(("flag", "number", "choice")), min_size=1, max_size=4))
    found: list[Plain] = []
    for number, kind in enumerate(kinds):
        fact: Plain = {"id": f"{prefix}{number}"}
        match kind:
            case "flag":
                fact |= _FLAG
            case "number":
                fact |= _NUMBER | draw(st.sampled_from([{}, {"no": 0}, {"no": 3}]))
            case _:
                fact |= _CHOICE | draw(st.sampled_from([{}, {"no": "left"}]))
        if number and draw(st.booleans()):
            fact["rests_on"] = [f"{prefix}{draw(st.integers(0, number - 1))}"]
        found.append(fact)
    return found


def _specs(person: list[Plain], trial: list[Plain]) -> dict[str, Fact]:
    """The facts as a rulebook without stretches and rules would declare them."""
    return Guidance([load_texts(_texts(person, trial, [], []))]).facts


@st.composite
def _stretch(draw: st.DrawFn, number: int) -> Plain:
    some = st.lists(st.sampled_from(("one", "two", "three")), min_size=1, max_size=2, unique=True)
    stretch: Plain = {
        "id": f"s{number}",
        "name": f"Stretch {number}",
        "position": "standing",
        "regions": draw(st.lists(st.sampled_from(("back", "legs")), min_size=1, unique=True)),
        "targets": draw(some),
        "motions": [draw(st.sampled_from(MOTIONS))],
        "steps": ["Stretch."],
        "statements": ["X1"],
    }
    if draw(st.integers(0, 4)):
        stretch["dose"] = {"repetitions": 1}
    if number and draw(st.booleans()):
        stretch["variation_of"] = f"s{draw(st.integers(0, number - 1))}"
    return stretch


@st.composite
def _atom(draw: st.DrawFn, named: Mapping[str, Fact], names: list[str]) -> Plain:
    name = draw(st.sampled_from(names))
    spec = named[name]
    if isinstance(spec, Number):
        low, high = sorted(draw(st.lists(st.integers(1, 8), min_size=2, max_size=2)))
        ends: list[Any] = [{"at_least": low}, {"more_than": high}, {"at_most": high}, {"less_than": low}, {"at_least": low, "at_most": high}, low, [low, 9]]
        return {name: draw(st.sampled_from(ends))}
    values = list(spec.values)
    wanted = draw(st.lists(st.sampled_from(values), min_size=1, max_size=len(values) - 1, unique=True))
    return {name: wanted if len(wanted) > 1 else wanted[0]}


@st.composite
def _condition(draw: st.DrawFn, named: Mapping[str, Fact], names: list[str], depth: int = 2) -> Plain:
    """A condition that can hold and can fail: where a combination cannot, its first part stands for it."""
    kind = draw(st.sampled_from(("atom", "and", "any", "all", "not") if depth else ("atom",)))
    if kind == "atom":
        return draw(_atom(named, names))
    parts = [draw(_condition(named, names, depth - 1)) for _ in range(draw(st.integers(1, 3)))]
    match kind:
        case "and":
            whole: Plain = {name: entry for part in reversed(parts) for name, entry in part.items()}
        case "not":
            whole = {"not": parts[0]}
        case _:
            whole = {kind: parts}
    return parts[0] if read_condition(whole, dict(named))[1] else whole


@st.composite
def _selector(draw: st.DrawFn, stretches: list[Plain]) -> str | Plain:
    one = draw(st.sampled_from(stretches))
    attribute = draw(st.sampled_from(("all", "targets", "motions", "regions", "stretches", "two")))
    match attribute:
        case "all":
            return "all"
        case "stretches":
            return {"stretches": [one["id"]]}
        case "two":
            return {"targets": one["targets"], "regions": one["regions"][:1]}
        case _:
            return {attribute: one[attribute]}


@st.composite
def _rule(draw: st.DrawFn, number: int, named: Mapping[str, Fact], stretches: list[Plain]) -> Plain:
    effect = draw(st.sampled_from(EFFECTS))
    about_a_trial = draw(st.booleans())
    of_trial = [name for name in named if name.startswith(TRIAL)]
    of_person = [name for name in named if not name.startswith(TRIAL)]
    when = draw(_condition(named, of_person if not about_a_trial else of_person + of_trial))
    if about_a_trial and not any(name in json.dumps(when) for name in of_trial):
        when = draw(_atom(named, of_trial))
    rule: Plain = {
        "id": f"r{number}",
        "title": "A rule",
        "when": when,
        "effect": effect,
        "reason": "Because.",
        "statements": ["X1"],
    }
    if about_a_trial and draw(st.booleans()):
        rule["tried"] = draw(_selector(stretches))
    if effect != "stop" and not (about_a_trial and draw(st.booleans())):
        rule["applies_to"] = draw(_selector(stretches))
    if effect in {"consult", "caution", "advise"} and draw(st.integers(0, 5)) == 0:
        rule["applies_to"] = "none"
    elif effect in {"caution", "avoid"} and draw(st.integers(0, 3)) == 0:
        rule["about"] = "stretch"
    return rule


@st.composite
def profiles(draw: st.DrawFn, guidance: Guidance) -> Profile:
    """A random profile for these rulebooks: many answers left unknown, numbers close to where rules change their mind."""
    facts = draw(_answers(guidance, guidance.person_facts, ""))
    trials = []
    for _ in range(draw(st.integers(0, 3))):
        stretch = draw(st.none() | st.sampled_from([*guidance.stretches]))
        trials.append(Trial(stretch, **draw(_answers(guidance, guidance.trial_facts, TRIAL))))
    return Profile(facts, trials, draw(st.sampled_from(("no", "unknown"))))


@st.composite
def _answers(draw: st.DrawFn, guidance: Guidance, specs: Mapping[str, Fact], prefix: str) -> dict[str, Value | None]:
    known = draw(st.sampled_from((0, 1, 1, 3, 9)))  # from nobody was asked to nearly everything was answered
    return {
        name: draw(_answer(guidance, spec, prefix))
        for name, spec in specs.items()
        if draw(st.integers(0, 9)) < known or known == 9  # noqa: PLR2004
    }


def _answer(guidance: Guidance, spec: Fact, prefix: str) -> st.SearchStrategy[Value]:
    if not isinstance(spec, Number):
        return st.sampled_from(spec.values)
    near = {spec.at_least, spec.at_most, *thresholds(guidance, prefix + spec.id)}
    return st.sampled_from(sorted(value for value in near if spec.at_least <= value <= spec.at_most)) | st.integers(spec.at_least, spec.at_most)


def thresholds(guidance: Guidance, fact: str) -> set[int]:
    """The values of a number at which some rule changes its mind, from both sides."""
    spans = [atom for placed in guidance.rules for atom in atoms(placed.rule.when) if isinstance(atom, Within) and atom.fact == fact]
    return {end + side for atom in spans for end, side in ((atom.low, -1), (atom.high, 1)) if end is not None for side in (0, side)}


@st.composite
def more_answered(draw: st.DrawFn, guidance: Guidance, profile: Profile) -> Profile:
    """The profile with some of its unknown facts answered, which stretch was tried among them; what it assumes is answered as assumed."""
    known = situation(guidance, profile)
    facts = dict(known.person.answers)
    extra = draw(_answers(guidance, guidance.person_facts, ""))
    trials = []
    for trial, subject in zip(profile.trials, known.trials, strict=True):
        own: dict[str, Value | None] = {name: subject.answers[TRIAL + name] for name in guidance.trial_facts if TRIAL + name in subject.answers}
        stretch = trial.stretch or draw(st.none() | st.sampled_from([*guidance.stretches]))
        trials.append(Trial(stretch, **(draw(_answers(guidance, guidance.trial_facts, TRIAL)) | own)))
    return Profile(extra | facts, trials)


def engines(guidance: Guidance) -> list[Engine]:
    """Every engine that can be used here, but for the reference."""
    found: list[Engine] = [CompiledEngine(guidance)]
    if find_spec("durable") is not None:
        found.append(DurableEngine(guidance))
    return found


def assert_engines_agree(guidance: Guidance, profile: Profile) -> None:
    """Every engine lets the same rules fire and perhaps fire as the reference does, and the same verdicts follow."""
    checked, problems = check(guidance, profile)
    assert not problems
    decision = decide(guidance, checked)
    known = situation(guidance, checked)
    for engine in engines(guidance):
        activations = engine.activations(known.person, known.trials)
        assert dict(activations) == dict(decision.activations), engine.name
        limits = folding.bounds(guidance, known, activations)
        assert (limits.stretches, limits.directive) == (decision.stretches, decision.directive), engine.name


def assert_order_changes_nothing(guidance: Guidance, profile: Profile) -> None:
    """Neither the order of rules, facts, stretches, rulebooks and trials, nor anything said twice, changes a verdict."""
    expected = decide(guidance, profile)
    for other in (_backwards(guidance), _twice(guidance)):
        assert _verdicts(decide(other, profile)) == _verdicts(expected)
    backwards = Profile(profile.facts, profile.trials[::-1], profile.otherwise)
    assert _verdicts(decide(guidance, backwards)) == _verdicts(expected)
    assert _verdicts(decide(guidance, Profile(profile.facts, profile.trials * 2, profile.otherwise))) == _verdicts(expected)


def _backwards(guidance: Guidance) -> Guidance:
    turned = [
        evolve(
            book,
            rules=book.rules[::-1],
            person_facts=book.person_facts[::-1],
            trial_facts=book.trial_facts[::-1],
            stretches=book.stretches[::-1],
        )
        for book in guidance.books
    ]
    return Guidance(turned[::-1])


def _twice(guidance: Guidance) -> Guidance:
    def doubled(rules: Iterable[Rule]) -> tuple[Rule, ...]:
        return tuple(copy for rule in rules for copy in (rule, evolve(rule, id=f"{rule.id}-again")))

    return Guidance([evolve(book, rules=doubled(book.rules)) for book in guidance.books])


def _verdicts(decision: Decision) -> tuple[dict[str, object], object]:
    return dict(decision.stretches), decision.directive


def assert_restrictions_never_loosen(guidance: Guidance, profile: Profile) -> None:
    """With any one of its restricting rules, nothing is looser than without it, at best or at worst."""
    with_all = decide(guidance, profile)
    for book in guidance.books:
        for rule in book.rules:
            if rule.effect.restricts:
                others = tuple(other for other in book.rules if other != rule)
                fewer = Guidance([evolve(one, rules=others) if one == book else one for one in guidance.books])
                without = decide(fewer, profile)
                for name, bounds in without.stretches.items():
                    assert all(now >= before for now, before in zip(with_all.stretches[name], bounds, strict=True)), (rule.id, name)
                assert all(now >= before for now, before in zip(with_all.directive, without.directive, strict=True)), rule.id


def assert_answers_stay_within_bounds(guidance: Guidance, profile: Profile, answered: Profile) -> None:
    """What is said after more was answered lies within the bounds that were given before."""
    before, after = decide(guidance, profile), decide(guidance, answered)
    for (best, worst), (now_best, now_worst) in (
        *((before.stretches[name], after.stretches[name]) for name in before.stretches),
        *product([before.directive], [after.directive]),
    ):
        assert best <= now_best <= now_worst <= worst
