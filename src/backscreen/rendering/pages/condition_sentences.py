"""Conditions, scopes and effects of rules in plain words, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from backscreen.model.catalogue import AttributeSelector, Everything, Nothing, Selector
from backscreen.model.conditions import ALWAYS, AllOf, AnyOf, Atom, Condition, Not, OneOf, Within
from backscreen.model.effects import Effect
from backscreen.model.facts import TRIAL, Choice, Number
from backscreen.model.rules import Rule
from backscreen.rendering.pages.markup import filled, plain
from backscreen.rendering.pages.page_links import FACTS, UP, Book
from backscreen.wording.phrases import answer

Say = Callable[[Atom], str]


# --- conditions


def asked(atom: Atom, rule: Rule, book: Book) -> str:
    """What an atom asks of its fact, as plain text: `yes`, `less than 5 min`."""
    fact = book.facts[atom.fact]
    match atom:
        case OneOf(_, values):
            words = [answer(fact, book.knowledge_base, value) for value in values]
            return either(f"“{word}”" for word in words) if isinstance(fact, Choice) else either(words)
        case Within():
            assert isinstance(fact, Number)
            return f"{_span(atom, rule, book)} {fact.unit}"
        case _:
            assert_never(atom)


def _span(atom: Within, rule: Rule, book: Book) -> str:
    """The ends of a span in the words that the rule uses; without the number's being whole, `more than 4` would not be `at least 5`."""
    compared = book.compared[rule.id]
    if atom.low is not None and atom.low == atom.high:
        return f"exactly {atom.low}"
    ends = []
    if atom.low is not None:
        above = (atom.fact, "more_than", atom.low - 1) in compared
        ends.append(f"more than {atom.low - 1}" if above else f"at least {atom.low}")
    if atom.high is not None:
        below = (atom.fact, "less_than", atom.high + 1) in compared
        ends.append(f"less than {atom.high + 1}" if below else f"at most {atom.high}")
    return " and ".join(ends)


def in_a_line(condition: Condition, rule: Rule, book: Book) -> str:
    """A condition within a sentence."""
    return _in_a_line(
        condition, lambda atom: f"*{plain(f'{book.facts[atom.fact].title}: {asked(atom, rule, book)}')}*", inner=False
    )


def _in_a_line(condition: Condition, say: Say, *, inner: bool = True) -> str:
    """Word a condition; one that is part of another is put in brackets where it joins several parts itself."""
    match condition:
        case OneOf() | Within():
            return say(condition)
        case Not(part):
            return f"not {_in_a_line(part, say)}"
        case AllOf((part,)) | AnyOf((part,)):
            return _in_a_line(part, say, inner=inner)
        case AllOf(parts) | AnyOf(parts):
            word = " and " if isinstance(condition, AllOf) else " or "
            joined = word.join(_in_a_line(part, say) for part in parts)
            return f"({joined})" if inner else joined
        case _:
            assert_never(condition)


def listed(rule: Rule, book: Book) -> Iterator[str]:
    """A rule's condition as a list that nests as it does, each fact linked."""

    def say(atom: Atom) -> str:
        of_try = " (of the try)" if atom.fact.startswith(TRIAL) else ""
        return f"{book.to(FACTS, atom.fact, book.facts[atom.fact].title, UP)}{of_try}: **{plain(asked(atom, rule, book))}**"

    if rule.when == ALWAYS:
        yield "- always: for everybody, whatever is known"
    else:
        yield from _listed(rule.when, say, "")


def _listed(condition: Condition, say: Say, indent: str) -> Iterator[str]:
    match condition:
        case OneOf() | Within():
            yield from filled(say(condition), f"{indent}- ")
        case Not(part):
            yield f"{indent}- this is not so:"
            yield from _listed(part, say, f"{indent}  ")
        case AllOf((part,)) | AnyOf((part,)):
            yield from _listed(part, say, indent)
        case AllOf(parts) | AnyOf(parts):
            yield f"{indent}- {'all' if isinstance(condition, AllOf) else 'at least one'} of these:"
            for part in parts:
                yield from _listed(part, say, f"{indent}  ")
        case _:
            assert_never(condition)


# --- scopes


def selected(selector: Selector, book: Book) -> str:
    """The stretches that a selector names, as plain text."""
    match selector:
        case Everything():
            return "every stretch"
        case Nothing():
            return "no stretch in particular"
        case AttributeSelector():
            return _having(selector, book)
        case _:
            assert_never(selector)


def _having(wanted: AttributeSelector, book: Book) -> str:
    regions, targets, stretches = (
        {thing.id: thing.name for thing in things}
        for things in (book.rulebook.regions, book.rulebook.targets, book.rulebook.stretches)
    )
    parts = []
    if wanted.targets is not None:
        parts.append(f"that act on {either(targets[name] for name in wanted.targets)}")
    if wanted.regions is not None:
        parts.append(f"of the {either(regions[name] for name in wanted.regions)}")
    if wanted.motions is not None:
        parts.append(f"with {either(_motion(motion.value) for motion in wanted.motions)} of the lower spine")
    if wanted.stretches is None:
        return f"stretches {' and '.join(parts)}"
    names = [stretches[name] for name in wanted.stretches]
    return f"those of {several(names)} {' and '.join(parts)}" if parts else several(names)


def _motion(word: str) -> str:
    return "no motion" if word == "none" else word.replace("_", " ")


def scope(rule: Rule, book: Book) -> str | None:
    """The stretches that a rule is about, as plain text; None where it is about none."""
    if rule.effect is Effect.STOP:
        return "every stretch"
    if rule.applies_to is None:
        return "the stretch that was tried" if rule.about_a_trial else None
    return None if isinstance(rule.applies_to, Nothing) else selected(rule.applies_to, book)


# --- the whole rule


def sentence(rule: Rule, book: Book) -> str:
    """The whole rule in one sentence."""
    if rule.when == ALWAYS:
        return f"For everybody → {_does(rule, book)}."
    tried = "a stretch" if rule.tried is None else plain(selected(rule.tried, book))
    after = f"After a try of {tried}, where" if rule.about_a_trial else "Where"
    return f"{after} {in_a_line(rule.when, rule, book)} → {_does(rule, book)}."


def _does(rule: Rule, book: Book) -> str:
    about = scope(rule, book)
    stretches = plain(about or "stretching")
    match rule.effect:
        case Effect.STOP:
            said = "**stop**: no stretch at all; seek medical care"
        case Effect.CONSULT:
            said = f"**ask first**, before {stretches}"
        case Effect.AVOID:
            said = f"**avoid** {stretches}"
        case Effect.CAUTION:
            said = f"**only with care**: {stretches}"
        case Effect.RECOMMEND:
            said = f"**may help**: {stretches}"
        case Effect.UNNEEDED:
            said = f"**not needed**: {stretches}"
        case Effect.ADVISE:
            said = "**advice** is given" if about is None else f"**advice** is given about {stretches}"
        case _:
            assert_never(rule.effect)
    return said


def either(words: Iterable[str]) -> str:
    """Words of which one holds."""
    return _series(list(words), "or")


def several(words: Iterable[str]) -> str:
    """Words of which all hold."""
    return _series(list(words), "and")


def _series(words: list[str], last: str) -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
