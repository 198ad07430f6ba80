"""Answers typed on the command line → a profile, with each complaint at the option that it is about."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

from attrs import evolve, field, frozen

from backscreen.cli import name_lookup
from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.exceptions import ProfileError
from backscreen.loading.profile_validation import check
from backscreen.model.facts import TRIAL, UNSURE, Value, WrongAnswer, written
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile, Trial
from backscreen.model.units import read_answer


@frozen(eq=False, repr=False)
class Words:
    """What the command line says of a person, as it was typed."""

    has: list[str]
    lacks: list[str]
    facts: list[str]
    trials: list[str]


def profile_of(
    words: Words, read: Profile, knowledge_base: KnowledgeBase, otherwise: Literal["no", "unknown"] | None
) -> Profile:
    """The profile that was read, with what was typed added; raises `ProfileError` with all that is wrong."""
    before: dict[str, Value] = {**read.facts, **dict.fromkeys(read.unsure, UNSURE)}
    typed = _Typed(knowledge_base, {("facts", name): value for name, value in before.items()})
    for option, given, answer in (("--has", words.has, True), ("--lacks", words.lacks, False)):
        for name in given:
            typed.fact(("facts",), name, answer, f"{option} {name[:60]}")
    for text in words.facts:
        typed.pair(("facts",), text, f"--fact {text[:60]}")
    tried = [typed.trial(number, text) for number, text in enumerate(words.trials, len(read.trials))]
    trials = [
        Trial(stretch, **typed.under(("trials", number))) for number, stretch in enumerate(tried, len(read.trials))
    ]
    facts = {**dict.fromkeys(read.left_open), **typed.under(("facts",))}
    whole = Profile(facts, [*read.trials, *trials], otherwise or read.otherwise)
    checked, diagnostics = check(knowledge_base, whole)
    typed.diagnostics.extend(
        evolve(diagnostic, location=typed.options.get(diagnostic.path, diagnostic.location))
        for diagnostic in diagnostics
    )
    if typed.diagnostics:
        raise ProfileError(typed.diagnostics)
    return checked


@frozen(eq=False, repr=False)
class _Typed:
    """Answers by their place in the profile, the option that each came from, and what is wrong with them."""

    knowledge_base: KnowledgeBase
    answers: dict[DocumentPath, Value]
    options: dict[DocumentPath, str] = field(factory=dict)
    diagnostics: list[Diagnostic] = field(factory=list)

    def under(self, place: DocumentPath) -> dict[str, Value]:
        """The answers that belong to the person, or to one trial."""
        return {str(answered[-1]): value for answered, value in self.answers.items() if answered[:-1] == place}

    def note(self, place: DocumentPath, value: Value, option: str) -> None:
        """Take down an answer; said twice it is said once, said in two ways it is a mistake."""
        name = str(place[-1])
        known = name if place[0] == "facts" else TRIAL + name
        with suppress(
            WrongAnswer
        ):  # which is complained of with all the rest; an answer in another unit is the same answer
            value = read_answer(self.knowledge_base, known, value) if known in self.knowledge_base.facts else value
        before = self.answers.get(place, value)
        if (type(before), before) != (type(value), value):
            what = f"`{name}` is answered in two ways, `{written(before)[:60]}` and `{written(value)[:60]}`"
            self.diagnostics.append(Diagnostic(what, location=option, help="keep one of the two", name=name))
            return
        self.answers[place] = value
        self.options.setdefault(place, option)

    def pair(self, under: DocumentPath, text: str, option: str) -> None:
        """Take down `NAME=ANSWER`."""
        name, equals, answer = text.partition("=")
        if name and equals:
            self.fact(under, name, answer, option)
        else:
            self.diagnostics.append(
                Diagnostic(
                    "this is not a fact and its answer",
                    location=option,
                    help="write `NAME=ANSWER`, such as `warm_up_min=5`",
                )
            )

    def fact(self, under: DocumentPath, name: str, answer: str | bool, option: str) -> None:
        """Take down a fact by its id or title, and its answer as it was typed, or yes or no."""
        specs = self.knowledge_base.person_facts if under == ("facts",) else self.knowledge_base.trial_facts
        try:
            known = name_lookup.fact_id(name, specs)
            value = name_lookup.answer(answer, specs.get(known)) if isinstance(answer, str) else answer
        except name_lookup.Ambiguous as ambiguous:
            self.diagnostics.append(evolve(ambiguous.diagnostic, location=option))
            return
        if isinstance(value, bool | int | str):
            self.note((*under, known), value, option)
        else:
            self.diagnostics.append(
                Diagnostic(
                    f"`{name[:60]}` has no answer", location=option, help="write one behind the `=`, or leave it out"
                )
            )

    def trial(self, number: int, text: str) -> str | None:
        """Take down `STRETCH:NAME=ANSWER,…`, and return the stretch."""
        stretch, _, answers = text.partition(":")
        option = f"--trial {text[:60]}"
        self.options["trials", number, "stretch"] = option
        for pair in answers.split(",") if answers else []:
            if pair.partition("=")[0] == "stretch":
                self.diagnostics.append(
                    Diagnostic(
                        "the stretch stands before the colon", location=option, help="write `side_bend:felt=pain`"
                    )
                )
            else:
                self.pair(("trials", number), pair, option)
        try:
            return name_lookup.stretch_id(stretch, self.knowledge_base) or None
        except name_lookup.Ambiguous as ambiguous:
            self.diagnostics.append(evolve(ambiguous.diagnostic, location=option))
            return None
