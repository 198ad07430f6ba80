"""Drafts of rules from what somebody typed, or every problem with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from attrs import evolve, field, frozen

from backscreen.authoring.scaffold.rule_template import Draft
from backscreen.authoring.scaffold.target_rulebook import TargetRulebook, check_id
from backscreen.authoring.schema.names import Names, Offered
from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError
from backscreen.diagnostics.suggestions import one_of, suggest
from backscreen.formats.yaml_reader import read_text
from backscreen.formats.yaml_text import Data, Text, Unreadable
from backscreen.formats.yaml_writer import can_be_read
from backscreen.loading.condition_parser import read_condition
from backscreen.loading.ids import LETTERED
from backscreen.loading.structure import converter, structured, to_fill_in
from backscreen.model.catalogue import AttributeSelector, Everything, Nothing, Selector, select
from backscreen.model.conditions import ALWAYS, Condition, atoms
from backscreen.model.effects import ABOUT_A_STRETCH, ALWAYS_FIRING, AppliesTo, Effect
from backscreen.model.rules import About

Kind = TypeVar("Kind")
_EFFECTS = {effect.value: effect for effect in Effect}
_ABOUT = {about.value: about for about in About}


@frozen(kw_only=True, eq=False, repr=False)
class Typed:
    """A new rule as somebody typed it; missing parts become placeholders."""

    id: str
    title: str | None = None
    when: str | None = None
    applies_to: str | None = None
    tried: str | None = None
    effect: str | None = None
    about: str | None = None
    reason: str | None = None
    statements: tuple[str, ...] = ()
    disagree_with: tuple[str, ...] = ()


@frozen(eq=False, repr=False)
class _Desk:
    """The target rulebook, and the problems so far."""

    target: TargetRulebook
    diagnostics: list[Diagnostic] = field(factory=list)

    def report(self, option: str, message: str, help_: str) -> None:
        self.diagnostics.append(Diagnostic(message, location=option, help=help_))


def draft_rule(typed: Typed, target: TargetRulebook) -> Draft:
    """Return the draft; raise `UsageError` with every problem."""
    desk = _Desk(target, list(check_id(typed.id, target)))
    for option, text in (("--title", typed.title), ("--reason", typed.reason)):
        desk.diagnostics.extend(_sentence(option, text) if text is not None else ())
    when, condition = _when(desk, typed.when)
    applies_to, scope = _selector(desk, "--applies-to", typed.applies_to)
    tried, narrowed = _selector(desk, "--tried", typed.tried)
    selected = select(Everything() if narrowed is None else narrowed, target.catalogue)
    draft = Draft(
        id=typed.id,
        title=typed.title,
        when=when,
        condition=condition,
        applies_to=applies_to,
        tried=tried,
        effect=_word(desk, "--effect", typed.effect, _EFFECTS),
        about=_word(desk, "--about", typed.about, _ABOUT),
        reason=typed.reason,
        statements=_named(desk, "--statement", typed.statements),
        disagree_with=_named(desk, "--disagree-with", typed.disagree_with),
        stretch=next((stretch.id for stretch in target.catalogue if stretch.id in selected), None),
        other_stretch=next((stretch.id for stretch in target.catalogue if stretch.id not in selected), None),
        facts=target.facts,
    )
    if not desk.diagnostics:
        _check_sources(desk, draft)
        _check_trial(desk, draft, narrowed)
        _check_effect(desk, draft, scope)
    if desk.diagnostics:
        raise UsageError(desk.diagnostics)
    return evolve(draft, about=None if draft.about is About.PERSON else draft.about)


def check_sentences(texts: Mapping[str, str | None]) -> None:
    """Check texts, by their options; raise `UsageError` with every problem."""
    diagnostics = [
        diagnostic for option, text in texts.items() if text is not None for diagnostic in _sentence(option, text)
    ]
    if diagnostics:
        raise UsageError(diagnostics)


def _sentence(option: str, text: str) -> Iterator[Diagnostic]:
    if not text.strip():
        yield Diagnostic("empty text", location=option, help="write a sentence, or omit the option to fill it in later")
    elif not can_be_read(text):
        yield Diagnostic(
            "the text contains control characters",
            location=option,
            help="remove them: they could change what readers see",
        )


def _word(desk: _Desk, option: str, word: str | None, legal: Mapping[str, Kind]) -> Kind | None:
    if word is not None and word not in legal:
        desk.report(option, f"unknown word `{word[:60]}`", suggest(word, list(legal), f"expected {one_of(legal)}"))
    return None if word is None else legal.get(word)


def _named(desk: _Desk, option: str, names: Iterable[str]) -> tuple[str, ...]:
    known = desk.target.offered.statements
    named = tuple(dict.fromkeys(names))
    for name in named:
        if known.whole and name not in known.meanings:
            desk.report(
                option,
                f"unknown statement `{name[:60]}`",
                suggest(name, list(known.meanings), "statements are declared in statements.yaml"),
            )
        elif not LETTERED.fullmatch(name):
            desk.report(
                option,
                f"`{name[:60]}` is not a valid id of a statement",
                "ids of statements have letters and digits only, such as A1",
            )
    return named


@frozen(eq=False, repr=False)
class _Value:
    """A value typed as YAML."""

    desk: _Desk
    text: Text

    def report(self, diagnostic: Diagnostic) -> None:
        self.desk.diagnostics.append(self.text.locate(diagnostic))


def _value(desk: _Desk, option: str, text: str | None) -> _Value | None:
    if text is None:
        return None
    try:
        read = read_text(text.encode(errors="replace"), option)
    except Unreadable as failure:
        desk.diagnostics.extend(failure.diagnostics)
        return None
    desk.diagnostics.extend(read.diagnostics)
    if read.data is None:
        desk.report(
            option,
            "empty value",
            "write a mapping such as `{sciatica: yes}`, or omit the option to fill it in later",
        )
        return None
    return _Value(desk, read)


def _when(desk: _Desk, text: str | None) -> tuple[Data, Condition | None]:
    """Return the condition as written, and what it means if that is known."""
    value = _value(desk, "--when", text)
    if value is None or any(to_fill_in(value.text.data)):
        return None if value is None else value.text.data, None
    facts = desk.target.facts
    condition, diagnostics = read_condition(value.text.data, facts, desk.target.misdeclared)
    for diagnostic in diagnostics:
        value.report(diagnostic)
    is_read = condition is not None and all(atom.fact in facts for atom in atoms(condition))
    return value.text.data, condition if is_read else None


def _selector(desk: _Desk, option: str, text: str | None) -> tuple[Data, Selector | None]:
    """Return the selector as written, and what it means if that is known."""
    value = _value(desk, option, text)
    if value is None or any(to_fill_in(value.text.data)):
        return None if value is None else value.text.data, None
    selector, diagnostics = structured(converter(), value.text.data, Selector)
    for diagnostic in diagnostics or _unknown(desk, selector):
        value.report(diagnostic)
    return value.text.data, selector


def _unknown(desk: _Desk, selector: Selector) -> Iterator[Diagnostic]:
    """Yield unknown names in a selector; if there are none, that it matches no stretch."""
    if not isinstance(selector, AttributeSelector):
        return
    offered = desk.target.offered
    found = [
        Diagnostic(
            f"unknown {kind} `{name[:60]}`",
            path=(attribute, index),
            help=suggest(name, list(names.meanings), f"{attribute} are declared in stretches.yaml"),
            code=code,
        )
        for code, attribute, kind, names in _attributes(offered)
        for index, name in enumerate(getattr(selector, attribute) or ())
        if names.whole and name not in names.meanings
    ]
    yield from found
    if (
        not found
        and offered.stretches.whole
        and len(desk.target.catalogue) == len(offered.stretches.meanings)
        and not select(selector, desk.target.catalogue)
    ):
        help_ = "a stretch must match every attribute; see stretches.yaml"
        yield Diagnostic("this selects no stretch", help=help_, code="selects-nothing")


def _attributes(offered: Offered) -> tuple[tuple[Code, str, str, Names], ...]:
    return (
        ("unknown-target", "targets", "target", offered.targets),
        ("unknown-region", "regions", "region", offered.regions),
        ("unknown-stretch", "stretches", "stretch", offered.stretches),
    )


def _check_sources(desk: _Desk, draft: Draft) -> None:
    both = sorted(set(draft.statements) & set(draft.disagree_with))
    if both:
        message = f"the rule is based on `{both[0]}` and disagrees with it"
        desk.report("--disagree-with", message, "keep one of the two")


def _check_trial(desk: _Desk, draft: Draft, narrowed: Selector | None) -> None:
    if isinstance(narrowed, Nothing):
        desk.report("--tried", "a trial is always of a stretch", "omit it, or select stretches")
    if draft.tried is not None and draft.condition is not None and not draft.is_about_a_trial:
        help_ = "`tried` narrows rules that read a fact of a trial (`trial.…`)"
        desk.report("--tried", "this rule is not about a trial", help_)


def _check_effect(desk: _Desk, draft: Draft, scope: Selector | None) -> None:
    effect = draft.effect
    may_fire_always = draft.about is About.STRETCH or effect is None or effect.may_fire_always
    if draft.condition == ALWAYS and not may_fire_always:
        help_ = f"only {one_of(['--about stretch', *ALWAYS_FIRING])} may; say whom it is about"
        desk.report("--when", "this rule would always fire", help_)
    if effect is not None and effect.applies_to is AppliesTo.ALL and not isinstance(scope, Everything | None):
        desk.report("--applies-to", f"`{effect.value}` is about every stretch", "omit it")
    if effect is not None and effect.applies_to is AppliesTo.SOME and isinstance(scope, Nothing):
        desk.report("--applies-to", f"`{effect.value}` needs stretches, and none is selected", "select some")
    is_possible = effect is None or effect.may_be_about_a_stretch
    if draft.about is About.STRETCH and (not is_possible or isinstance(scope, Nothing)):
        help_ = "omit it, or change the effect and what it applies to"
        desk.report("--about", f"only {one_of(ABOUT_A_STRETCH)} on stretches may be about the stretch", help_)
