"""Mermaid pictures of rules, from facts to stretches, small enough to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from backscreen.model.catalogue import AttributeSelector
from backscreen.model.conditions import signed_atoms
from backscreen.model.effects import Directive, Effect, Note, Verdict
from backscreen.model.rules import Rule
from backscreen.rendering.pages.page_links import Book
from backscreen.rendering.pages.rule_markup import wanted
from backscreen.wording.condition_sentences import several
from backscreen.wording.effect_words import EFFECTS
from backscreen.wording.rule_sentences import scope_words

MOST_RULES = 16
"""The most rules in one picture."""
_MOST_NAMES = 3
_LONGEST = 120
_COLOURS = {
    Directive.STOP: "#b42318",
    Directive.CONSULT: "#b54708",
    Verdict.AVOID: "#d92d20",
    Verdict.CAUTION: "#dc6803",
    Note.RECOMMENDED: "#079455",
    Note.UNNEEDED: "#667085",
}
_COLOUR_OF_ADVICE = "#1570ef"
_UNSAFE = re.compile(r"[^\w ,()?.'“”→-]|_|(?<![^\W\d_])[.-]")


def pictures(rules: Sequence[Rule], book: Book) -> Iterator[str]:
    """Yield fenced pictures of these rules, each followed by an empty line."""
    for start in range(0, len(rules), MOST_RULES):
        yield "```mermaid"
        yield from _picture(rules[start : start + MOST_RULES], book)
        yield "```"
        yield ""


def _picture(rules: Iterable[Rule], book: Book) -> Iterator[str]:
    facts: dict[str, str] = {}
    scopes: dict[str, str] = {}
    effects: dict[Effect, list[str]] = {}
    edges: list[str] = []
    nodes: list[str] = []
    for number, rule in enumerate(rules, 1):
        name = f"r{number}"
        nodes.append(f'  {name}["{label(rule.title)}"]')
        effects.setdefault(rule.effect, []).append(name)
        questions = _questions(rule, book) or {"": ""}
        for fact, answers in questions.items():
            known = facts.setdefault(fact, f"f{len(facts) + 1}")
            edges.append(f'  {known} -->|"{label(answers)}"| {name}' if answers else f"  {known} --> {name}")
        reached = scopes.setdefault(_reached(rule, book), f"s{len(scopes) + 1}")
        edges.append(f'  {name} -->|"{EFFECTS[rule.effect].label}"| {reached}')
    yield "flowchart LR"
    yield from (
        f'  {name}(["{label(book.facts[fact].title if fact else "everybody")}"])' for fact, name in facts.items()
    )
    yield from nodes
    yield from (f'  {name}[["{label(what)}"]]' for what, name in scopes.items())
    yield from edges
    for effect in sorted(effects, key=lambda one: one.rank):
        yield f"  classDef {effect.value} stroke:{_colour(effect)},stroke-width:3px"
        yield f"  class {','.join(effects[effect])} {effect.value}"


def _colour(effect: Effect) -> str:
    """Return the colour of an effect, by the first thing that it does."""
    what = (effect.directive, effect.verdict, effect.note)
    return next((_COLOURS[one] for one in what if one in _COLOURS), _COLOUR_OF_ADVICE)


def _questions(rule: Rule, book: Book) -> dict[str, str]:
    """Return which answers a rule wants of each of its facts."""
    found: dict[str, list[str]] = {}
    for atom, is_wanted in signed_atoms(rule.when):
        found.setdefault(atom.fact, []).append(f"{'' if is_wanted else 'not '}{wanted(atom, rule, book)}")
    return {fact: ", ".join(dict.fromkeys(answers)) for fact, answers in found.items()}


def _reached(rule: Rule, book: Book) -> str:
    """Return the stretches that a rule is about, with their names or their number."""
    about = scope_words(rule, book.rulebook)
    if about is None:
        return "the whole screening"
    if isinstance(rule.applies_to, AttributeSelector) and rule.applies_to == AttributeSelector(
        stretches=rule.applies_to.stretches
    ):
        return about  # which names them
    scope = book.scoped[rule.id].scope
    names = [one.name for one in book.rulebook.stretches if scope is not None and one.id in scope]
    if not names:
        return about
    return f"{about}: {several(names) if len(names) <= _MOST_NAMES else len(names)}"


def label(text: str) -> str:
    """Return a text for Mermaid between quotes, with special characters as numbers.

    >>> label('end"]; x --> y')
    'end#34;#93;#59; x #45;#45;#62; y'
    """
    short = " ".join(text.split())
    short = short if len(short) <= _LONGEST else f"{short[: _LONGEST - 1].rstrip()}…"
    return _UNSAFE.sub(lambda unsafe: f"#{ord(unsafe[0])};", short)
