"""CLIPS, the expert system shell in C, through clipspy: two facts, a rule for each alternative, one call a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from attrs import frozen

from backscreen.engines.activations import ON_THE_PERSON, Certainty
from backscreen.rulebook.conditions import Alternative, Atom, OneOf, Within, alternatives
from backscreen.rulebook.facts import TRIAL, Value
from backscreen.rulebook.rulebook import Guidance, Placed
from benchmarks.contestants.contestant import Answer, Contestant, Decided, Ready, deciding, every_rule
from benchmarks.contestants.folding import Folding, folding
from benchmarks.people import Person

FIRES, MAY_FIRE = Certainty.FIRES, Certainty.MAY_FIRE
UNKNOWN = "nil"
STRETCH = TRIAL + "stretch"


def _constructs(guidance: Guidance) -> Iterator[str]:
    """Templates for the person and a trial, a function that asserts each, and the global that notes what fires."""
    yield '(defglobal ?*fired* = "")'
    person, trial = list(guidance.person_facts), ["number", "stretch", *guidance.trial_facts]
    for template, slots, first in (("person", person, "(reset) "), ("trial", trial, "")):
        yield f"(deftemplate {template} {' '.join(f'(slot {slot})' for slot in slots)})"
        arguments, values = " ".join(f"?{slot}" for slot in slots), " ".join(f"({slot} ?{slot})" for slot in slots)
        yield f"(deffunction assert-{template} ({arguments}) {first}(assert ({template} {values})))"


def _rules(guidance: Guidance, numbers: Iterable[int]) -> Iterator[tuple[int, Certainty, str]]:
    """Each alternative of each of these rules, for each question."""
    for number in numbers:
        placed = guidance.rules[number]
        for alternative in alternatives(placed.rule.when, guidance.facts):
            for certainty in (FIRES, MAY_FIRE) if alternative or placed.tried is not None else (FIRES,):
                yield number, certainty, _left_side(placed, alternative, certainty)


def _left_side(placed: Placed, alternative: Alternative, certainty: Certainty) -> str:
    atoms: list[Atom] = [*alternative]
    if placed.tried is not None:
        atoms.append(OneOf(STRETCH, tuple(sorted(placed.tried))))
    patterns: list[dict[str, str]] = []  # a slot takes one constraint in a pattern, so a second one goes into a pattern of its own
    for place, atom in enumerate(atoms):
        constraint = _constraint(atom, f"?v{place}", certainty, alone=len(atoms) == 1)
        for pattern in patterns:
            if atom.fact not in pattern:
                pattern[atom.fact] = constraint
                break
        else:
            patterns.append({atom.fact: constraint})
    found = []
    for pattern in patterns or [{}]:
        of_person = [f"({fact} {constraint})" for fact, constraint in pattern.items() if not fact.startswith(TRIAL)]
        of_trial = [f"({fact.removeprefix(TRIAL)} {constraint})" for fact, constraint in pattern.items() if fact.startswith(TRIAL)]
        if of_person or not placed.about_a_trial:
            found.append(f"(person {' '.join(of_person)})")
        if placed.about_a_trial:
            found.append(f"(trial (number ?number) {' '.join(of_trial)})")
    return " ".join(found)


def _constraint(atom: Atom, variable: str, certainty: Certainty, *, alone: bool) -> str:
    """A slot's constraint. An atom that is alone may fire only where it is unknown, so that its two rules never fire together."""
    if alone and certainty is MAY_FIRE:
        return UNKNOWN
    match atom:
        case OneOf(_, values):
            return "|".join([*(_symbol(value) for value in values), *([] if certainty is FIRES else [UNKNOWN])])
        case Within(_, low, high):
            ends = [f"(>= {variable} {low})"] * (low is not None) + [f"(<= {variable} {high})"] * (high is not None)
            inside = f"(and {' '.join(ends)})" if len(ends) > 1 else ends[0]
            return f"{variable}&~{UNKNOWN}&:{inside}" if certainty is FIRES else f"{variable}&{UNKNOWN}|:{inside}"


def _symbol(value: Value) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"is-{value}"


@frozen(eq=False)
class _Program:
    """Rules in an environment: what gives the string of what fires, and what each word of it means."""

    run: Callable[[Person], str]
    meanings: dict[str, tuple[int, Certainty]]


def _prepare(guidance: Guidance) -> Ready:
    numbers = deciding(guidance)
    asked, wanted = _program(guidance, every_rule(guidance)), _program(guidance, numbers)
    return Ready(_verdicts(wanted, folding(guidance, numbers)), lambda person: _read(asked.meanings, asked.run(person)))


def _program(guidance: Guidance, numbers: list[int]) -> _Program:
    import clips

    environment = clips.Environment()
    for construct in _constructs(guidance):
        environment.build(construct)
    meanings: dict[str, tuple[int, Certainty]] = {}
    for place, (number, certainty, left_side) in enumerate(_rules(guidance, numbers)):
        token = str(place)
        meanings[token] = number, certainty
        noted = f'"{token}/" ?number " "' if guidance.rules[number].about_a_trial else f'"{token} "'
        environment.build(f"(defrule r{place} {left_side} => (bind ?*fired* (str-cat ?*fired* {noted})))")
    for router in list(environment.routers()):
        router.deactivate()  # it would be asked, in Python, about each character that CLIPS reads
    evaluate = environment.eval
    of_person, of_trial = _words(guidance)

    def run(person: Person) -> str:
        calls = [f"(assert-person {_arguments(of_person, person.answers)})"]
        for index, tried in enumerate(person.trials):
            stretch = UNKNOWN if tried.stretch is None else f"is-{tried.stretch}"
            calls.append(f"(assert-trial {index} {stretch} {_arguments(of_trial, tried.answers)})")
        return str(evaluate(f"(progn {' '.join(calls)} (run) ?*fired*)"))

    return _Program(run, meanings)


def _verdicts(program: _Program, fold: Folding) -> Callable[[Person], Decided]:
    of_person = _does(program, fold.of_person)
    of_trial = {stretch: _does(program, does) for stretch, does in fold.of_trial.items()}
    run, told = program.run, fold.told

    def verdicts(person: Person) -> Decided:
        found = 0
        for word in run(person).split():
            if word in of_person:
                found |= of_person[word]
            else:
                token, _, trial = word.partition("/")
                found |= of_trial[person.trials[int(trial)].stretch][token]
        return told(found)

    return verdicts


def _does(program: _Program, does: Mapping[int, tuple[int, int]]) -> dict[str, int]:
    """What each word stands for that is about one of these rules."""
    return {token: does[number][certainty is MAY_FIRE] for token, (number, certainty) in program.meanings.items() if number in does}


Words = list[tuple[str, dict[Value | None, str]]]
"""Each fact in the order of the slots, with the symbol of every answer but a number."""


def _words(guidance: Guidance) -> tuple[Words, Words]:
    def of(facts: Mapping[str, object]) -> Words:
        return [(name, {None: UNKNOWN, **{value: _symbol(value) for value in getattr(spec, "values", ())}}) for name, spec in facts.items()]

    return of(guidance.person_facts), of(guidance.trial_facts)


def _arguments(words: Words, answers: Mapping[str, Value]) -> str:
    look_up = answers.get
    return " ".join([symbols.get(value := look_up(name)) or str(value) for name, symbols in words])


def _read(meanings: Mapping[str, tuple[int, Certainty]], fired: str) -> Answer:
    found: dict[tuple[int, int], Certainty] = {}
    for word in fired.split():
        token, _, trial = word.partition("/")
        number, certainty = meanings[token]
        key = number, int(trial) if trial else ON_THE_PERSON
        if certainty is FIRES:
            found[key] = FIRES
        else:
            found.setdefault(key, MAY_FIRE)
    return found


CONTESTANTS = (
    Contestant(
        "CLIPS",
        "clipspy",
        "Templates for the person and for a trial, whose slots hold an answer or `nil`; each alternative of a rule twice, those about a trial joining both"
        " facts. One `eval` a person calls functions of CLIPS that assert the facts by position, runs the rules and gives back a string with what fired."
        " clipspy's own router for errors is deactivated, since CLIPS would ask it, in Python, about each character that it reads. (Asserting through"
        " clipspy's templates costs more, and with clipspy 1.0.6 more and more as people go by.)",
        _prepare,
    ),
)
