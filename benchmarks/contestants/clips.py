"""Adapter of CLIPS, the expert system shell in C, through clipspy."""

from collections.abc import Iterator, Mapping

from backscreen.model.conditions import Alternative, Atom, OneOf, Within, alternatives
from backscreen.model.effects import Certainty
from backscreen.model.facts import TRIAL, Fact, RangeFact, Value
from backscreen.model.knowledge_base import KnowledgeBase
from benchmarks.contestants.contestant import Adapter
from benchmarks.contestants.engine import FIRES, MAY_FIRE, Key, Keys, Program, RuleTable, adapter
from benchmarks.workload import Person, PlainTrial

UNKNOWN = "nil"
Slots = list[tuple[str, dict[Value | None, str]]]
"""Facts with the symbols of their answers; a number has none but that for unknown."""


def _template(name: str, slots: list[str], first: str) -> Iterator[str]:
    """Yield a template, and a function that asserts a fact by position and runs the rules."""
    yield f"(deftemplate {name} {' '.join(f'(slot {slot})' for slot in slots)})"
    parameters, values = (" ".join(form.format(slot) for slot in slots) for form in ("?{0}", "({0} ?{0})"))
    yield f"(deffunction assert-{name} ({parameters}) {first} (assert ({name} {values})) (run))"


def _patterns(alternative: Alternative, certainty: Certainty, *, of_trial: bool) -> Iterator[str]:
    slots: list[dict[str, str]] = [{}]  # a pattern takes one constraint a slot; a second one gets another pattern
    for place, atom in enumerate(alternative):
        if all(atom.fact in pattern for pattern in slots):
            slots.append({})
        pattern = next(pattern for pattern in slots if atom.fact not in pattern)
        pattern[atom.fact] = _constraint(atom, f"?v{place}", certainty, alone=len(alternative) == 1)
    for pattern in slots:
        trial = [f"({fact.removeprefix(TRIAL)} {text})" for fact, text in pattern.items() if fact.startswith(TRIAL)]
        person = [f"({fact} {text})" for fact, text in pattern.items() if not fact.startswith(TRIAL)]
        if person or not of_trial:
            yield f"(person {' '.join(person)})"
        if of_trial:
            yield f"(trial (number ?number) {' '.join(trial)})"


def _constraint(atom: Atom, variable: str, certainty: Certainty, *, alone: bool) -> str:
    """Return a slot's constraint; of an atom that is alone, only one of the two rules fires."""
    if alone and certainty is MAY_FIRE:
        return UNKNOWN
    match atom:
        case OneOf(_, values):
            return "|".join([*(_symbol(value) for value in values), *[UNKNOWN] * (certainty is MAY_FIRE)])
        case Within(_, low, high):
            ends = [f"(>= {variable} {low})"] * (low is not None) + [f"(<= {variable} {high})"] * (high is not None)
            known = f"~{UNKNOWN}&" if certainty is FIRES else f"{UNKNOWN}|"
            return f"{variable}&{known}:(and {' '.join(ends)} TRUE)"


def _symbol(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"is-{value}"


def _slots(facts: Mapping[str, Fact]) -> Slots:
    options = {name: () if isinstance(spec, RangeFact) else spec.values for name, spec in facts.items()}
    return [(name, {None: UNKNOWN, **{value: _symbol(value) for value in options[name]}}) for name in facts]


def _symbols(slots: Slots, answers: Mapping[str, Value]) -> str:
    look_up = answers.get
    return " ".join([symbols.get(value := look_up(fact)) or str(value) for fact, symbols in slots])


def _program(table: RuleTable) -> Program:
    import clips

    environment = clips.Environment()
    environment.build('(defglobal ?*fired* = "")')
    person_slots, trial_slots = _slots(table.person_facts), _slots(table.trial_facts)
    for construct in (
        *_template("person", [*table.person_facts], "(reset)"),
        *_template("trial", ["number", *table.trial_facts], '(bind ?*fired* (str-cat ?*fired* "|"))'),
    ):
        environment.build(construct)
    keys: dict[str, Key] = {}
    for rule, condition in (table.person | table.trial).items():
        for alternative in alternatives(condition, table.facts):
            for certainty in (FIRES, MAY_FIRE) if alternative else (FIRES,):
                token = str(len(keys))
                keys[token] = rule, certainty
                patterns = " ".join(_patterns(alternative, certainty, of_trial=rule in table.trial))
                environment.build(f'(defrule r{token} {patterns} => (bind ?*fired* (str-cat ?*fired* "{token} ")))')
    for router in list(environment.routers()):
        router.deactivate()  # CLIPS would ask it, in Python, about each character that it reads
    evaluate, reader = environment.eval, Keys(keys)

    pending: list[str] = []  # one call of CLIPS replies about all trials too, which costs less

    def ask(person: Person) -> list[str]:
        calls = [f"(assert-person {_symbols(person_slots, person.answers)})"]
        for number, trial in enumerate(person.trials):
            answers = {**trial.answers, **table.stretch_flags[trial.stretch]}
            calls.append(f"(assert-trial {number} {_symbols(trial_slots, answers)})")
        reply, *pending[:] = evaluate(f"(progn {' '.join(calls)} ?*fired*)").split("|")
        return str(reply).split()

    def ask_trial(_person: Person, _trial: PlainTrial) -> list[str]:
        return pending.pop(0).split()

    return Program(ask, ask_trial, reader, reader)


def load(knowledge_base: KnowledgeBase) -> Adapter:
    """Load each alternative of a rule as two rules, one for what fires and one for what may fire."""
    return adapter(knowledge_base, _program)
