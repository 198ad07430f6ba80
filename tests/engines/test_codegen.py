"""The generated source, line for line: compiled.txt, written by `python -m tests.engines.test_codegen`.

Read the difference in compiled.txt after a change of the generator. Other tests show that the source is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from attrs import evolve

from backscreen.engines.python.compiled_engine import CompiledEngine
from backscreen.loading.rulebook_files import load_texts
from backscreen.model.catalogue import AttributeSelector, Everything, Nothing, Selector
from backscreen.model.conditions import AllOf, AnyOf, Condition, Not, OneOf, Within
from backscreen.model.effects import Effect
from backscreen.model.facts import TRIAL, Choice, Fact, Flag, Number, Option
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import About, Rule
from tests.helpers.small import SMALL

FILE = Path(__file__).with_name("compiled.txt")
HEAD = """\
The source that is compiled for small rulebooks of two stretches, and the fact that each variable holds. Trials
appear only if a rulebook asks about them.
Written by `python -m tests.engines.test_codegen`, and compared by the tests.
"""
TRIALS = "    of_trials = []\n"
"""The rest of the source is the same for all rulebooks without rules about trials."""
BOOK = load_texts(SMALL)
RULE = BOOK.rules[0]
EVERYTHING = Everything()


def flag(name: str, *rests_on: str) -> Flag:
    return Flag(id=name, title="t", question="q?", rests_on=rests_on)


def number(name: str, no: int | None, *rests_on: str) -> Number:
    return Number(id=name, title="t", question="q?", unit="min", at_least=0, at_most=90, no=no, rests_on=rests_on)


def choice(name: str, no: str | None, *rests_on: str) -> Choice:
    options = tuple(Option(id=option, means="m") for option in ("none", "some", "much"))
    return Choice(id=name, title="t", question="q?", options=options, no=no, rests_on=rests_on)


def rule(
    when: Condition, effect: Effect = Effect.CAUTION, on: Selector | None = EVERYTHING, tried: Selector | None = None
) -> Rule:
    return evolve(
        RULE,
        when=when,
        effect=effect,
        applies_to=None if effect is Effect.STOP else on,
        tried=tried,
        about=About.PERSON,
        cases=(),
    )


def book(person: Sequence[Fact], *rules: Rule, trial: Sequence[Fact] = ()) -> KnowledgeBase:
    """These facts, these rules, and two stretches, of which the second is called `two`."""
    stretches = tuple(evolve(stretch, id=name) for stretch, name in zip(BOOK.stretches, ("one", "two"), strict=False))
    named = tuple(evolve(one, id=f"r{place:03}") for place, one in enumerate(rules))
    return KnowledgeBase(
        [
            evolve(
                BOOK,
                person_facts=tuple(person),
                trial_facts=tuple(trial),
                stretches=stretches,
                rules=named,
                scenarios=(),
            )
        ]
    )


F, G, H = (OneOf(name, (True,)) for name in "fgh")
NOT_F = OneOf("f", (False,))
N, M = Within("n", 5, None), Within("m", None, 60)
C = OneOf("c", ("some", "much"))
FLAGS = (flag("f"), flag("g"), flag("h"))
TWO = AttributeSelector(stretches=("two",))
FELT, LASTED = OneOf(TRIAL + "felt", ("much",)), Within(TRIAL + "lasted", 10, None)
OF_TRIAL = (choice("felt", None), number("lasted", None))

BOOKS: dict[str, KnowledgeBase] = {
    "One flag that must be yes, with each effect that restricts": book(
        FLAGS[:1], *(rule(F, effect, TWO) for effect in (Effect.STOP, Effect.CONSULT, Effect.AVOID, Effect.CAUTION))
    ),
    "Flags that must be no, one of them beside another": book(
        FLAGS[:2], rule(NOT_F), rule(AllOf((NOT_F, G)), Effect.AVOID)
    ),
    "A flag that may be either, or neither": book(
        FLAGS[:2],
        rule(OneOf("f", (True, False))),
        rule(Not(OneOf("f", (True, False)))),
        rule(AllOf((G, Not(OneOf("f", (True, False)))))),
    ),
    "Numbers with one end, with two, and outside of both": book(
        [number("n", 0), number("m", None)],
        rule(N),
        rule(M, Effect.AVOID),
        rule(Within("n", 1, 2)),
        rule(Not(Within("n", 1, 2)), Effect.AVOID),
    ),
    "Choices": book(
        [choice("c", None), choice("d", "none")],
        rule(C),
        rule(Not(C), Effect.AVOID),
        rule(AllOf((C, OneOf("d", ("none",)))), Effect.STOP),
    ),
    "A number and a choice beside a flag, and beside each other": book(
        [*FLAGS[:1], number("n", 0), choice("c", None)],
        rule(AllOf((N, C, F))),
        rule(AllOf((N, C)), Effect.AVOID),
        rule(AllOf((C, NOT_F)), Effect.STOP),
    ),
    "What several rules ask for is worked out once, from the smallest; what one asks for is not": book(
        [*FLAGS, flag("e"), number("n", 0)],
        rule(AllOf((F, AnyOf((AllOf((G, N)), H))))),
        rule(AllOf((OneOf("e", (True,)), AnyOf((AllOf((G, N)), H)))), Effect.AVOID),
        rule(AllOf((F, AnyOf((AllOf((G, N)), OneOf("h", (False,)))))), Effect.STOP),
        rule(AllOf((OneOf("e", (True,)), AnyOf((H, N)))), Effect.STOP),
    ),
    "Alternatives": book(
        [*FLAGS, number("n", 0)], rule(AnyOf((F, AllOf((G, N))))), rule(AllOf((N, AnyOf((F, G)))), Effect.AVOID)
    ),
    "What is always so, and what never is": book(
        FLAGS[:1], rule(AllOf(())), rule(AnyOf(()), Effect.AVOID), rule(AllOf((F, AnyOf(()))), Effect.STOP)
    ),
    "What rests on another answer": book(
        [
            flag("f", "g", "c", "n"),
            flag("g"),
            number("n", 0, "g"),
            number("m", None, "g"),
            choice("c", "none", "g"),
            choice("d", None, "c"),
        ],
        rule(G),
    ),
    "Trials, and what they do to the stretch tried": book(
        FLAGS[:2],
        rule(FELT, Effect.CAUTION, None),
        rule(FELT, Effect.AVOID, None),
        rule(AllOf((FELT, LASTED)), Effect.AVOID, None, TWO),
        rule(AllOf((LASTED, F)), Effect.STOP),
        rule(AllOf((FELT, Not(LASTED))), Effect.CAUTION, TWO, EVERYTHING),
        rule(AllOf((FELT, AnyOf((LASTED, F)))), Effect.CONSULT, Nothing()),
        rule(AllOf((G, AnyOf((LASTED, F)), FELT)), Effect.CONSULT, Nothing()),
        trial=OF_TRIAL,
    ),
    "Trials of which one thing is asked, by rules that act on stretches of their own": book(
        (), rule(FELT), rule(FELT, Effect.AVOID, TWO), trial=OF_TRIAL[:1]
    ),
    "Two facts": book(FLAGS[:2], rule(F)),
    "More rules than one number holds": book(FLAGS[:2], *(rule(F if place % 2 else G) for place in range(130))),
    "Rules that only add findings": book(FLAGS[:1], rule(F, Effect.RECOMMEND, TWO), rule(NOT_F, Effect.UNNEEDED, TWO)),
}


def shown(name: str) -> str:
    knowledge_base = BOOKS[name]
    engine = CompiledEngine(knowledge_base)
    variables = ", ".join(f"{variable}: {fact}" for variable, fact in engine.variables.items())
    source = engine.source if knowledge_base.trial_facts else engine.source.partition(TRIALS)[0]
    return "\n".join([name, "-" * len(name), variables, "", *(f"    {line}" for line in source.splitlines())])


def reviewed() -> dict[str, str]:
    """What compiled.txt shows, by name."""
    _, *parts = FILE.read_text("utf-8").rstrip("\n").split("\n\n\n")
    return {part.partition("\n")[0]: part for part in parts}


@pytest.mark.parametrize("name", BOOKS)
def test_the_source_reads_as_it_was_reviewed(name: str) -> None:
    assert shown(name) == reviewed()[name], "run `python -m tests.engines.test_codegen`, and read the difference"


def test_nothing_was_reviewed_that_is_not_written() -> None:
    assert list(reviewed()) == list(BOOKS)


if __name__ == "__main__":
    FILE.write_text("\n\n".join([HEAD, *(f"{shown(name)}\n" for name in BOOKS)]), "utf-8")
