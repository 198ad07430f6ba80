"""Questions on a terminal about a new rule. Every answer may be left empty, to be filled in later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_never

import questionary
from attrs import evolve
from questionary import Choice, Question

from backscreen.authoring.scaffold.drafts import Typed, draft_rule
from backscreen.authoring.scaffold.rule_template import Draft
from backscreen.authoring.scaffold.target_rulebook import TargetRulebook
from backscreen.authoring.schema.descriptions import WORDS
from backscreen.authoring.schema.names import Names
from backscreen.formats.yaml_text import Data, plain
from backscreen.formats.yaml_writer import can_be_read, flow
from backscreen.loading.condition_parser import read_condition
from backscreen.loading.structure import to_fill_in
from backscreen.model.catalogue import Motion
from backscreen.model.effects import ABOUT_A_STRETCH, ALWAYS_FIRING, AppliesTo
from backscreen.model.facts import Fact, OptionFact, RangeFact, written
from backscreen.wording.effect_words import EFFECTS

LATER = "to fill in later"
_WIDEST = 76
_ARROWS = "(arrows to move, Enter to choose)"
_MANY = "(space to choose, letters to search, Enter to go on)"
_COMPARED = {
    "at_least": "this or more",
    "more_than": "more than this",
    "at_most": "this or less",
    "less_than": "less than this",
}


def rest_of_rule(typed: Typed, target: TargetRulebook) -> Typed:
    """Return the draft with answers to what was not given; raise `KeyboardInterrupt` where the user cancels."""
    title = typed.title or text("What does the rule say, in one line?")
    effect = typed.effect or _one(
        "What follows when it fires?", {effect.value: words.meaning for effect, words in EFFECTS.items()}
    )
    about = typed.about
    if about is None and effect in ABOUT_A_STRETCH:
        about = _one(
            "Where does the caution lie?", {"person": "in the person", "stretch": "in the stretch, whoever does it"}
        )
    said = evolve(typed, title=title, effect=effect, about=about, when=typed.when or _when(target, effect, about))
    draft = draft_rule(said, target)
    said = evolve(
        said, applies_to=typed.applies_to or _scope(draft, target), tried=typed.tried or _tried(draft, target)
    )
    reason = typed.reason or text("Why? In a sentence for the person: what happens in the body, and what to do.")
    statements = typed.statements or _statements("Which statements does it rest on?", target, ())
    others = typed.disagree_with or _statements("Which statements say otherwise?", target, statements)
    return evolve(said, reason=reason, statements=statements, disagree_with=others)


def folder_for(draft: Draft, target: TargetRulebook) -> str:
    """The folder within the rulebook that the rule goes into."""
    there = sorted(entry.name for entry in target.folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    return str(
        _answer(questionary.select("Which folder?", list(dict.fromkeys([draft.folder, *there])), instruction=_ARROWS))
    )


def text(question: str) -> str | None:
    """A sentence, or None for nothing."""

    def fits(typed: str) -> bool | str:
        return not typed.strip() or can_be_read(typed) or "this holds control characters"

    return str(_answer(questionary.text(question, validate=fits, instruction=f"(empty: {LATER}) "))).strip() or None


def _answer(question: Question) -> Any:
    try:
        return question.unsafe_ask()
    except EOFError:  # Ctrl-D
        raise KeyboardInterrupt from None


def _one(question: str, meanings: Mapping[str, str], later: str = LATER) -> str | None:
    """One of these words, or None for later."""
    choices = [Choice(f"{word:<10} {meaning}" if meaning else word, value=word) for word, meaning in meanings.items()]
    return _answer(questionary.select(question, [*choices, Choice(later, value="")], instruction=_ARROWS)) or None


def _some(
    question: str, meanings: Mapping[str, str], validate: Callable[[list[str]], bool | str] = lambda _: True
) -> list[str]:
    """Some of these words, or none."""
    choices = [
        Choice(f"{word}  {meaning}"[:_WIDEST], value=word, description=meaning or None)
        for word, meaning in meanings.items()
        if not any(to_fill_in(word))
    ]
    if not choices:
        return []
    asked = questionary.checkbox(
        question, choices, validate=validate, instruction=_MANY, use_search_filter=True, use_jk_keys=False
    )
    return [str(word) for word in _answer(asked)]


def _when(target: TargetRulebook, effect: str | None, about: str | None) -> str | None:
    """The condition, of the rulebook's own facts, as it is written."""
    if about == "stretch" or effect in ALWAYS_FIRING:
        everybody = "everybody"
        if (
            _one("Whom is it about?", {everybody: "whoever does the stretch", "some": "people of whom something is so"})
            == everybody
        ):
            return "{}"
    names = _some(
        "Which facts does it ask for?", {name: f"{fact.title}: {fact.question}" for name, fact in target.facts.items()}
    )
    asked: dict[str, Data] = {name: _asked(name, target.facts[name]) for name in names}
    if len(asked) > 1:
        ways = {"all": "all of this must be so", "any": "one of these is enough"}
        if _one("Must all of this be so?", ways) == "any":
            return flow({"any": [{name: value} for name, value in asked.items()]})
    return flow(asked) if asked else None


def _asked(name: str, spec: Fact) -> Data:
    """What the condition asks of a fact."""
    match spec:
        case OptionFact(is_flag=True):
            word = _one(f"{spec.title}: fires with yes, or with no?", {"yes": "", "no": ""})
            return "<yes or no>" if word is None else plain(word)
        case RangeFact():
            return _compared(name, spec)
        case OptionFact():
            means = {written(value): meaning for value, meaning in spec.meanings.items()}

            def fits(chosen: list[str]) -> bool | str:
                return len(chosen) < len(means) or "with all of them it would always fire"

            words = _some(f"{spec.title}: fires with which of these answers?", means, fits)
            return "<one of the answers>" if not words else words[0] if len(words) == 1 else [*words]
        case _:
            assert_never(spec)


def _compared(name: str, spec: Fact) -> Data:
    """One end of a number; a second is written by hand."""
    assert isinstance(spec, RangeFact)
    way = _one(f"{spec.title}: how much?", _COMPARED)
    if way is None:
        return "<such as {at_least: 5}>"

    def fits(typed: str) -> bool | str:
        _, diagnostics = read_condition({name: {way: plain(typed.strip())}}, {name: spec})
        return diagnostics[0].message if typed.strip() and diagnostics else True

    number = str(
        _answer(questionary.text(f"How many {spec.unit}? From {spec.at_least} to {spec.at_most}", validate=fits))
    ).strip()
    return {way: plain(number) if number else "<a whole number>"}


def _scope(draft: Draft, target: TargetRulebook) -> str | None:
    """The stretches that it is about."""
    needed = None if draft.effect is None else draft.effect.applies_to
    if needed is AppliesTo.ALL:
        return None
    words = {"all": "every stretch", "none": "no stretch: the whole screening"}
    if needed is AppliesTo.SOME or draft.about is not None:
        del words["none"]
    return _selected(
        "Which stretches is it about?", words, target, "the stretch that was tried" if draft.is_about_a_trial else LATER
    )


def _tried(draft: Draft, target: TargetRulebook) -> str | None:
    """The stretches that must have been tried."""
    return (
        _selected("Which stretch must have been tried?", {}, target, "any stretch") if draft.is_about_a_trial else None
    )


def _selected(question: str, words: Mapping[str, str], target: TargetRulebook, later: str) -> str | None:
    """A selector, as it is written; of several attributes the others are written by hand."""
    offered = target.offered
    motions = Names({motion.value: WORDS[f"Motion.{motion.value}"] for motion in Motion}, whole=True)
    attributes = {
        "targets": ("those that lengthen some muscles", offered.targets),
        "motions": ("those in which the lower back does something", motions),
        "regions": ("those for a part of the body", offered.regions),
        "stretches": ("some that I name", offered.stretches),
    }
    way = _one(question, {**words, **{name: said for name, (said, _) in attributes.items()}}, later)
    if way is None or way in words:
        return way
    names = _some("Which ones?", attributes[way][1].meanings)
    return flow({way: [*names]}) if names else None


def _statements(question: str, target: TargetRulebook, but: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        _some(question, {name: said for name, said in target.offered.statements.meanings.items() if name not in but})
    )
