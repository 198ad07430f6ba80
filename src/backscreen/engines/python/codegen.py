"""Code generation: the source of the function `decide`, and the values that it refers to by name.

`decide` assigns the person's answers to variables, checks them, evaluates the rules about the person, and then
evaluates the rules about a trial for each trial. Each rule is a bit mask (`masks`), added to `b` if the rule fires and
to `w` if it may fire; for a trial to `c` and `v`. For an invalid answer, `decide` returns None or raises.

INVARIANT: only whole numbers of a rulebook get into the source. Variables are numbered; names and options are in
`values`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

from backscreen.engines.lowering.masks import RULES_TOGETHER, Masks
from backscreen.engines.lowering.terms import UNKNOWN, Among, clauses, every, term, variables_of
from backscreen.engines.python.answer_code import Variables, take_apart
from backscreen.engines.python.condition_code import Conditions
from backscreen.engines.python.rule_code import Acting, Action, Acts
from backscreen.engines.python.source_lines import Lines, bits
from backscreen.model.facts import TRIAL
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Trial, blanks

OF_PERSON = (
    "# d: the person's answers; o: whether unanswered facts count as no",
    "# a: an answer, None if it is unknown, or the bit of a choice's option",
    "# b, w: bits of the rules about the person that fire, and of those that may",
    "# p, r: conditions that rules share, possibly and surely true",
)
OF_TRIAL = (
    "# e, t: as d and a, of a trial; s: its stretch as a bit; x, y: as p and r",
    "# c, v: bits of the rules about the trial that fire, and of those that may",
)
"""Comments at the top of the source, the same for all rulebooks."""


@frozen(eq=False)
class Program:
    """Source of a function, the values that it reaches by name, and which fact each of its variables holds."""

    source: str
    values: dict[str, Any]
    variables: dict[str, str]

    def function(self) -> Callable[..., Any]:
        """The function `decide`, ready to be called."""
        scope = {"__builtins__": {}, **self.values}
        exec(compile(self.source, "<compiled rulebook>", "exec"), scope)  # noqa: S102 - our own source
        found: Callable[..., Any] = scope["decide"]
        return found


def written(knowledge_base: KnowledgeBase, masks: Masks) -> Program:
    """The program of these rulebooks."""
    return _Writing(knowledge_base, masks).program()


class _Writing:
    """The writing of one program, from its first line to its last."""

    def __init__(self, knowledge_base: KnowledgeBase, masks: Masks) -> None:
        self._knowledge_base = knowledge_base
        self._masks = masks
        self._person: Variables = {
            name: (f"a{place}", fact) for place, (name, fact) in enumerate(knowledge_base.person_facts.items())
        }
        self._trial: Variables = {
            TRIAL + name: (f"t{place}", fact) for place, (name, fact) in enumerate(knowledge_base.trial_facts.items())
        }
        self._lines = Lines()
        self._numbers = range(max(1, -(-len(knowledge_base.rules) // RULES_TOGETHER)))
        self._values: dict[str, Any] = {
            "type": type,
            "int": int,
            "str": str,
            "len": len,
            "Trial": Trial,
            "blanks": blanks,
            "NOBODY": {},
            "STRETCHES": {None: UNKNOWN, **{name: 2 << place for place, name in enumerate(masks.stretches)}},
        }

    def program(self) -> Program:
        line, block = self._lines.line, self._lines.block
        of_person, of_trial = self._rules(about_a_trial=False), self._rules(about_a_trial=True)
        sure, possible = self._all("b"), self._all("w")
        read_by_trials = {name for clause, _ in of_trial for part in clause for name in variables_of(part)}
        kept = [*sure, *possible, *(variable for variable, _ in self._person.values() if variable in read_by_trials)]
        effects = bits(self._masks.effects)
        with block("def decide(d, trials, o):"):
            for note in OF_PERSON:
                line(note)
            line("nobody = None if d else NOBODY.get(o)")
            with block("if nobody is not None:"):
                line(f"{', '.join(kept)}, = nobody")
            with block("else:"):
                take_apart(self._lines, self._values, self._person, of="d", name="PERSON")
                line(" = ".join([*sure, *possible, "0"]))
                Acts(self._lines, self._person, Conditions(self._lines, ("p", "r")), ("b", "w")).write(of_person)
                with block("if not d:"):
                    line(f"NOBODY[o] = {', '.join(kept)},")
            line(f"best = ({' | '.join(sure)}) & {effects}")
            line(f"worst = best | ({' | '.join(possible)}) & {effects}")
            with block("if not trials:"):
                line(f"return (best, worst), ({', '.join(sure)},), ({', '.join(possible)},), ()")
            line("of_trials = []")
            with block("for q in trials:"):
                self._of_a_trial(of_trial)
            line(f"return (best, worst | best), ({', '.join(sure)},), ({', '.join(possible)},), of_trials")
        return Program(
            self._lines.source(),
            self._values,
            {variable: fact for fact, (variable, _) in (self._person | self._trial).items()},
        )

    def _of_a_trial(self, rules: list[Acting]) -> None:
        line, block = self._lines.line, self._lines.block
        sure, possible = self._all("c"), self._all("v")
        for note in OF_TRIAL:
            line(note)
        with block("if type(q) is not Trial:"):
            line("return None")
        line("e = blanks(q) | q._answers if q.left_open or q.unsure else q._answers")
        take_apart(self._lines, self._values, self._trial, of="e", name="TRIAL")
        line("s = STRETCHES[q.stretch]")
        with block(f"if s != {UNKNOWN} and type(q.stretch) is not str:"):
            line("return None")
        line(" = ".join([*sure, *possible, "0"]))
        Acts(self._lines, self._trial, Conditions(self._lines, ("x", "y")), ("c", "v")).write(rules)
        line(f"c = {' | '.join(sure)}")
        line(f"v = {' | '.join(possible)}")
        self._fold("c", "best")
        self._fold("v", "worst")
        line(f"of_trials += (({', '.join(sure)},), ({', '.join(possible)},)),")

    def _fold(self, letter: str, into: str) -> None:
        """Write the effects of a trial's rules on the tried stretch or, if it is unknown, on each that it may be."""
        line, block, masks = self._lines.line, self._lines.block, self._masks
        with block(f"if {letter}:"):
            line(f"{into} |= {letter} & {bits(masks.effects)}")
            if not masks.moving:
                return
            with block(f"if {letter} & {bits(sum(1 << masks.width + place for place in range(len(masks.moving))))}:"):
                for place, (verdict, tried) in enumerate(masks.moving):
                    shift = masks.shift(verdict)
                    with block(f"if {letter} & {bits(1 << masks.width + place)}:"):
                        with block(f"if s == {UNKNOWN}:"):
                            line(f"worst |= {bits(masks.of_stretches(tried) << shift)}")
                        with block("else:"):
                            line(f"{into} |= s {f'<< {shift - 1}' if shift else '>> 1'}")

    def _all(self, letter: str) -> list[str]:
        """The variables that hold what rules do, of which each holds some rules."""
        return [f"{letter}{number}" for number in self._numbers]

    def _rules(self, *, about_a_trial: bool) -> list[Acting]:
        """The clauses of the rules about the person, or about a trial, each with what its rule does."""
        found: list[Acting] = []
        variables = self._person | self._trial
        for number, scoped in enumerate(self._knowledge_base.rules):
            if scoped.about_a_trial == about_a_trial:
                when = term(scoped.rule.when, variables)
                if scoped.tried is not None:
                    when = every((Among("s", self._masks.of_stretches(scoped.tried) << 1, is_flag=False), when))
                action = Action(number // RULES_TOGETHER, self._masks.of_rule(scoped, number))
                found += [(clause, action) for clause in clauses(when)]
        return found
