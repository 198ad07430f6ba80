"""Scopes, effects and whole rules in plain words; each output adds its own markup."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from attrs import frozen

from backscreen.model.catalogue import AttributeSelector, Everything, Nothing, Selector
from backscreen.model.conditions import ALWAYS
from backscreen.model.effects import AppliesTo
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule
from backscreen.wording.condition_sentences import AtomWords, either, in_a_line, several
from backscreen.wording.effect_words import EFFECTS


@frozen
class Markup:
    """How an output writes plain text, and words that stand out."""

    plain: Callable[[str], str] = str
    strong: Callable[[str], str] = str


def rule_sentence(rule: Rule, rulebook: Rulebook, atom_words: AtomWords, markup: Markup) -> str:
    """Return the whole rule in one sentence."""
    effect = _effect(rule, rulebook, markup)
    if rule.when == ALWAYS:
        return f"For everybody → {effect}."
    tried = "a stretch" if rule.tried is None else markup.plain(selected_stretches(rule.tried, rulebook))
    start = f"After a try of {tried}, where" if rule.about_a_trial else "Where"
    return f"{start} {in_a_line(rule.when, atom_words)} → {effect}."


def _effect(rule: Rule, rulebook: Rulebook, markup: Markup) -> str:
    words, scope = EFFECTS[rule.effect], scope_words(rule, rulebook)
    rest = words.rest if scope is not None or words.rest_without_scope is None else words.rest_without_scope
    return f"{markup.strong(words.strong)}{rest.format(stretches=markup.plain(scope or 'stretching'))}"


def scope_words(rule: Rule, rulebook: Rulebook) -> str | None:
    """Return the stretches that a rule is about; None where it is about none."""
    if rule.effect.applies_to is AppliesTo.ALL:
        return "every stretch"
    if rule.applies_to is None:
        return "the stretch that was tried" if rule.about_a_trial else None
    return None if isinstance(rule.applies_to, Nothing) else selected_stretches(rule.applies_to, rulebook)


def selected_stretches(selector: Selector, rulebook: Rulebook) -> str:
    """Return the stretches that a selector names."""
    match selector:
        case Everything():
            return "every stretch"
        case Nothing():
            return "no stretch in particular"
        case AttributeSelector():
            return _having(selector, rulebook)
        case _:
            assert_never(selector)


def _having(selector: AttributeSelector, rulebook: Rulebook) -> str:
    regions, targets, stretches = (
        {entry.id: entry.name for entry in entries}
        for entries in (rulebook.regions, rulebook.targets, rulebook.stretches)
    )
    parts = []
    if selector.targets is not None:
        parts.append(f"that act on {either(targets[name] for name in selector.targets)}")
    if selector.regions is not None:
        parts.append(f"of the {either(regions[name] for name in selector.regions)}")
    if selector.motions is not None:
        parts.append(f"with {either(_motion(motion.value) for motion in selector.motions)} of the lower spine")
    if selector.stretches is None:
        return f"stretches {' and '.join(parts)}"
    names = several(stretches[name] for name in selector.stretches)
    return f"those of {names} {' and '.join(parts)}" if parts else names


def _motion(word: str) -> str:
    return "no motion" if word == "none" else word.replace("_", " ")
