"""Mutants of a rule: one change of its condition, scope or effect, described for its author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from attrs import evolve, frozen

from backscreen.model.catalogue import AttributeSelector, Everything, Motion, Nothing, Selector, select
from backscreen.model.conditions import ALWAYS, AllOf, AnyOf, Condition, Not, OneOf, Within, atoms, reads_a_trial
from backscreen.model.effects import AppliesTo, Effect
from backscreen.model.facts import TRIAL, Fact, RangeFact, written
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import About, Rule
from backscreen.wording.condition_sentences import in_a_line, wanted_answer

_ATTRIBUTES = {"targets": "target", "motions": "motion", "regions": "region", "stretches": "stretch"}


@frozen(eq=False, repr=False)
class Mutant:
    """A rule with one change, and that change in words."""

    words: str
    rule: Rule


def mutants(rule: Rule, book: Rulebook) -> Iterator[Mutant]:
    """Yield every mutant of a rule; several may mean the same.

    A rule about a trial stays one, even if the change removes every fact of the trial.
    """
    facts: dict[str, Fact] = {fact.id: fact for fact in book.person_facts} | {
        TRIAL + fact.id: fact for fact in book.trial_facts
    }
    for words, when in _condition_changes(rule.when, facts):
        yield Mutant(words, evolve(rule, when=_still_about_a_trial(rule, when)))
    if rule.effect.applies_to is not AppliesTo.ALL:
        for words, scope in _scope_changes(rule, book):
            yield Mutant(words, evolve(rule, applies_to=scope))
    if rule.about_a_trial:
        for words, tried in _tried_changes(rule, book):
            yield Mutant(words, evolve(rule, tried=tried))
    yield from _effect_changes(rule)


def _still_about_a_trial(rule: Rule, when: Condition) -> Condition:
    """Return the condition; if it lost every fact of the trial, with a part that reads one and always holds."""
    if not rule.about_a_trial or reads_a_trial(when):
        return when
    of_trial = next(atom for atom in atoms(rule.when) if atom.fact.startswith(TRIAL))
    return AllOf((when, AnyOf((ALWAYS, of_trial))))


# --- the condition ----------------------------------------------------------------------------------------------------

_Change = tuple[str, Condition]


def _condition_changes(when: Condition, facts: Mapping[str, Fact]) -> Iterator[_Change]:
    if when != ALWAYS:
        yield f"without {_words(when)}", ALWAYS
    yield from _changes(when, facts)


def _changes(condition: Condition, facts: Mapping[str, Fact]) -> Iterator[_Change]:
    if not isinstance(condition, Not):
        yield f"not {_words(condition)}", Not(condition)
    match condition:
        case OneOf():
            yield from _value_changes(condition, facts[condition.fact])
        case Within():
            yield from _end_changes(condition, facts[condition.fact])
        case AllOf(parts):
            if len(parts) > 1:
                yield f"{_words(AnyOf(parts), inner=False)} instead of all of them", AnyOf(parts)
            yield from ((words, AllOf(others)) for words, others in _part_changes(parts, facts))
        case AnyOf(parts):
            if len(parts) > 1:
                yield f"{_words(AllOf(parts), inner=False)} instead of any of them", AllOf(parts)
            yield from ((words, AnyOf(others)) for words, others in _part_changes(parts, facts))
        case Not(part):
            yield f"{_words(part)} without its `not`", part
            yield from ((f"in `not`: {words}", Not(other)) for words, other in _changes(part, facts))
        case _:
            assert_never(condition)


def _part_changes(
    parts: tuple[Condition, ...], facts: Mapping[str, Fact]
) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    for index, part in enumerate(parts):
        before, after = parts[:index], parts[index + 1 :]
        if len(parts) > 1:
            yield f"without {_words(part)}", before + after
        yield from ((words, (*before, other, *after)) for words, other in _changes(part, facts))


def _value_changes(atom: OneOf, spec: Fact) -> Iterator[_Change]:
    assert not isinstance(spec, RangeFact)
    for value in atom.values if len(atom.values) > 1 else ():
        yield (
            f"`{atom.fact}` without `{written(value)}`",
            OneOf(atom.fact, tuple(other for other in atom.values if other != value)),
        )
    others = [value for value in spec.values if value not in atom.values]
    for value in others if len(others) > 1 else ():  # with every value it would always hold
        yield f"`{atom.fact}` with `{written(value)}` as well", OneOf(atom.fact, (*atom.values, value))


def _end_changes(span: Within, spec: Fact) -> Iterator[_Change]:
    assert isinstance(spec, RangeFact)
    fact, low, high = span.fact, span.low, span.high
    if low is not None and low == high:
        for moved in (low - 1, low + 1):
            yield f"`{fact}` {moved} instead of {low}", Within(fact, moved, moved)
        yield f"`{fact}` from {low - 1} to {low} instead of {low}", Within(fact, low - 1, low)
        yield f"`{fact}` from {low} to {low + 1} instead of {low}", Within(fact, low, low + 1)
        return
    if low is not None:
        for moved in (low - 1, low + 1):
            yield f"`{fact}` at least {moved} instead of {low}", Within(fact, moved, high)
    if high is not None:
        for moved in (high - 1, high + 1):
            yield f"`{fact}` at most {moved} instead of {high}", Within(fact, low, moved)
    if low is not None and high is not None:
        yield f"`{fact}` not limited to at least {low}", Within(fact, None, high)
        yield f"`{fact}` not limited to at most {high}", Within(fact, low, None)


def _words(condition: Condition, *, inner: bool = True) -> str:
    return in_a_line(condition, lambda atom: f"`{atom.fact}: {wanted_answer(atom)}`", inner=inner)


# --- which stretches --------------------------------------------------------------------------------------------------

_Scoped = tuple[str, Selector | None]


def _scope_changes(rule: Rule, book: Rulebook) -> Iterator[_Scoped]:
    may_be_none = rule.effect.applies_to is not AppliesTo.SOME and rule.about is About.PERSON
    if rule.applies_to is None:
        yield "applies to every stretch", Everything()
        if may_be_none and rule.about_a_trial:
            yield "applies to no stretch", Nothing()
        if rule.about_a_trial and rule.tried is not None:
            yield "applies to every stretch that the try may be of", rule.tried
        return
    for words, selector in _selectors(rule.applies_to, book):
        if may_be_none or not isinstance(selector, Nothing):
            yield f"applies {words}", selector
    if rule.about_a_trial:
        yield "applies to the stretch that was tried", None


def _tried_changes(rule: Rule, book: Rulebook) -> Iterator[_Scoped]:
    if rule.tried is None:
        yield "only of a try of a stretch that is known", Everything()
        yield from (
            (f"a try {words}", selector)
            for words, selector in _all_but_one_region(book)
            if isinstance(selector, AttributeSelector)
        )
        return
    yield "of a try of any stretch, known or not", None
    for words, selector in _selectors(rule.tried, book):
        if not isinstance(selector, Nothing):
            yield f"a try {words}", selector


def _selectors(selector: Selector, book: Rulebook) -> Iterator[tuple[str, Selector]]:
    """Yield changed selectors; one that selects nothing is left to `none`."""
    match selector:
        case Nothing():
            yield "to every stretch", Everything()
        case Everything():
            yield "to no stretch", Nothing()
            yield from _all_but_one_region(book)
        case AttributeSelector():
            yield "to every stretch", Everything()
            yield "to no stretch", Nothing()
            for words, other in _attribute_changes(selector, book):
                if select(other, book.stretches):
                    yield words, other
        case _:
            assert_never(selector)


def _all_but_one_region(book: Rulebook) -> Iterator[tuple[str, Selector]]:
    """Yield a selector of all stretches except those of a single region, for each region."""
    for region in book.regions:
        others = AttributeSelector(regions=tuple(other.id for other in book.regions if other != region))
        if others.regions and select(others, book.stretches):
            yield f"not to the region `{region.id}`", others


def _attribute_changes(selector: AttributeSelector, book: Rulebook) -> Iterator[tuple[str, AttributeSelector]]:
    legal: dict[str, Sequence[str]] = {
        "targets": [target.id for target in book.targets],
        "motions": list(Motion),
        "regions": [region.id for region in book.regions],
        "stretches": [stretch.id for stretch in book.stretches],
    }
    given = [name for name in _ATTRIBUTES if getattr(selector, name) is not None]
    for name in given:
        values: tuple[Any, ...] = getattr(selector, name)  # motions are a kind of their own
        if len(given) > 1:
            yield f"whatever the {_ATTRIBUTES[name]}", _with(selector, name, None)
        for value in values if len(values) > 1 else ():
            yield (
                f"not to the {_ATTRIBUTES[name]} `{value}`",
                _with(selector, name, tuple(other for other in values if other != value)),
            )
        for value in legal[name]:
            if value not in values:
                yield f"also to the {_ATTRIBUTES[name]} `{value}`", _with(selector, name, (*values, value))


def _with(selector: AttributeSelector, name: str, values: Any) -> AttributeSelector:
    return evolve(selector, **{name: values})


# --- the effect -------------------------------------------------------------------------------------------------------


def _effect_changes(rule: Rule) -> Iterator[Mutant]:
    effects = list(Effect)
    place = rule.effect.rank
    for others in (effects[place + 1 :], effects[:place][::-1]):
        changed = next((changed for effect in others if (changed := _with_effect(rule, effect)) is not None), None)
        if changed is not None:
            yield Mutant(f"{changed.effect.value} instead of {rule.effect.value}", changed)
    if rule.effect.may_be_about_a_stretch and not isinstance(rule.applies_to, Nothing):
        in_stretch = rule.about is About.STRETCH
        words = (
            "a caution that lies in the person (no `about: stretch`)"
            if in_stretch
            else "a caution that lies in the stretch (`about: stretch`)"
        )
        yield Mutant(words, evolve(rule, about=About.PERSON if in_stretch else About.STRETCH))


def _with_effect(rule: Rule, effect: Effect) -> Rule | None:
    """Return the rule with another effect and a scope that fits it; None if its scope rules that effect out."""
    about = rule.about if effect.may_be_about_a_stretch else About.PERSON
    scope = rule.applies_to
    if effect.applies_to is AppliesTo.ALL:
        scope = None
    elif rule.effect.applies_to is AppliesTo.ALL:
        scope = Everything()
    elif scope is None and not rule.about_a_trial and not effect.applies_to.may_be_omitted:
        scope = Nothing()
    if isinstance(scope, Nothing) and effect.applies_to is AppliesTo.SOME:
        return None
    return evolve(rule, effect=effect, about=about, applies_to=scope)
