"""What somebody says of a new rule, as it was typed → a draft that the rulebook takes; or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeVar

from attrs import evolve, field, frozen

from backscreen.authoring.scaffold.rule_template import Draft
from backscreen.authoring.schema.names import Names, Offered, offered_by
from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError
from backscreen.diagnostics.suggestions import one_of, suggest
from backscreen.formats.yaml_reader import read_file, read_text
from backscreen.formats.yaml_text import Data, Text, Unreadable
from backscreen.formats.yaml_writer import can_be_read
from backscreen.loading.condition_parser import read_condition
from backscreen.loading.declarations import HYPHENED, LETTERED
from backscreen.loading.directory import listing
from backscreen.loading.structure import converter, salvaged, structured, to_fill_in
from backscreen.model.catalogue import AttributeSelector, Everything, Nothing, Selector, Stretch, select
from backscreen.model.conditions import ALWAYS, Condition, atoms
from backscreen.model.effects import ABOUT_A_STRETCH, ALWAYS_FIRING, AppliesTo, Effect
from backscreen.model.facts import TRIAL, Fact
from backscreen.model.rules import About

Kind = TypeVar("Kind")
_EFFECTS = {effect.value: effect for effect in Effect}
_ABOUT = {about.value: about for about in About}
_ID_HELP = "an id has small letters, digits and single `-` between them, such as `hamstrings-with-sciatica`"


@frozen(kw_only=True, eq=False, repr=False)
class Typed:
    """What somebody said of a new rule, each as it was typed; None, or nothing, is left to be filled in."""

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


@frozen(kw_only=True, eq=False, repr=False)
class Ground:
    """A rulebook to write a rule into: what it offers, as far as it can be read."""

    folder: Path
    offered: Offered
    catalogue: tuple[Stretch, ...]
    retired: tuple[str, ...]

    @property
    def facts(self) -> dict[str, Fact]:
        """The facts that can be read, by their names in conditions."""
        asked = {**self.offered.person.facts, **{TRIAL + name: fact for name, fact in self.offered.trial.facts.items()}}
        return {name: fact for name, fact in asked.items() if fact is not None}

    @property
    def misdeclared(self) -> Collection[str]:
        """The facts that may be there and cannot be read."""
        if not (self.offered.person.whole and self.offered.trial.whole):
            return _Anything()
        asked = {**self.offered.person.facts, **{TRIAL + name: fact for name, fact in self.offered.trial.facts.items()}}
        return [name for name, fact in asked.items() if fact is None]


class _Anything(tuple[str, ...]):
    """Holds every name: where not all facts can be read, none can be called unknown."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return True


@frozen(eq=False, repr=False)
class _Desk:
    """The rulebook, and what was found wrong so far."""

    ground: Ground
    diagnostics: list[Diagnostic] = field(factory=list)

    def complain(self, option: str, what: str, help_: str) -> None:
        self.diagnostics.append(Diagnostic(what, location=option, help=help_))


def ground(folder: Path) -> Ground:
    """The rulebook in this folder, however much of it is broken; raises `UsageError` where there is none."""
    if not (folder / "rulebook.yaml").is_file():
        help_ = "name the folder that holds rulebook.yaml with `--rulebook DIR`; `backscreen rules new --rulebook DIR`, without an id, starts a rulebook there"
        raise UsageError(
            [
                Diagnostic(
                    "there is no rulebook in this folder" if folder.is_dir() else "there is no such folder",
                    location=str(folder),
                    help=help_,
                )
            ]
        )
    head = _data(folder / "rulebook.yaml")
    retired = head.get("retired_ids") if isinstance(head, dict) else None
    catalogue = _data(folder / "stretches.yaml")
    stretches = salvaged(converter(), catalogue.get("stretches") if isinstance(catalogue, dict) else None, Stretch)
    return Ground(
        folder=folder,
        offered=offered_by(folder),
        catalogue=tuple(stretch for stretch in stretches if not any(to_fill_in(stretch.id))),
        retired=tuple(str(name) for name in retired) if isinstance(retired, list) else (),
    )


def _data(path: Path) -> Data:
    try:
        return read_file(path).data
    except Unreadable:
        return None


def check_id(name: str, ground: Ground) -> Iterator[Diagnostic]:
    """What keeps a new rule from having this id."""
    if "/" in name or "\\" in name:
        yield Diagnostic(
            f"`{name[:60]}` is a path, and not the id of a rule",
            help=f"{_ID_HELP}; name a folder of the rulebook with `--folder`",
        )
    elif not HYPHENED.fullmatch(name):
        yield Diagnostic(f"`{name[:60]}` cannot be the id of a rule", help=_ID_HELP)
    elif name in ground.offered.rules.meanings or name in {
        PurePosixPath(file).stem for file in _rule_files(ground.folder)
    }:
        yield Diagnostic(
            f"there is a rule `{name}` in this rulebook already",
            location=str(ground.folder),
            help="choose another id, or change that rule",
        )
    elif name in ground.retired:
        help_ = "choose an id that was never used, so that nobody takes the one rule for the other"
        yield Diagnostic(f"`{name}` is among `retired_ids` in rulebook.yaml", location=str(ground.folder), help=help_)


def _rule_files(folder: Path) -> Iterable[str]:
    return (file for file in listing(folder, folder).files if "/" in file)


def drafted(typed: Typed, ground: Ground) -> Draft:
    """The draft; raises `UsageError` with all that is wrong."""
    desk = _Desk(ground, list(check_id(typed.id, ground)))
    for option, text in (("--title", typed.title), ("--reason", typed.reason)):
        desk.diagnostics.extend(_sentence(option, text) if text is not None else ())
    when, condition = _when(desk, typed.when)
    applies_to, scope = _selector(desk, "--applies-to", typed.applies_to)
    tried, narrowed = _selector(desk, "--tried", typed.tried)
    selected = (
        select(narrowed, ground.catalogue) if narrowed is not None else frozenset(one.id for one in ground.catalogue)
    )
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
        stretch=next((one.id for one in ground.catalogue if one.id in selected), None),
        other_stretch=next((one.id for one in ground.catalogue if one.id not in selected), None),
        facts=ground.facts,
    )
    if not desk.diagnostics:
        _together(desk, draft, scope, narrowed)
    if desk.diagnostics:
        raise UsageError(desk.diagnostics)
    return evolve(draft, about=None if draft.about is About.PERSON else draft.about)


def check_sentences(texts: Mapping[str, str | None]) -> None:
    """Check texts by the options that they came from; raises `UsageError` with all that is wrong."""
    diagnostics = [
        diagnostic for option, text in texts.items() if text is not None for diagnostic in _sentence(option, text)
    ]
    if diagnostics:
        raise UsageError(diagnostics)


def _sentence(option: str, text: str) -> Iterator[Diagnostic]:
    if not text.strip():
        yield Diagnostic(
            "this is empty", location=option, help="write a sentence, or leave the option out to fill it in later"
        )
    elif not can_be_read(text):
        yield Diagnostic(
            "this holds control characters",
            location=option,
            help="no text needs them, and they could change what is seen; take them away",
        )


def _word(desk: _Desk, option: str, word: str | None, legal: Mapping[str, Kind]) -> Kind | None:
    if word is not None and word not in legal:
        desk.complain(option, f"unknown word `{word[:60]}`", suggest(word, list(legal), f"expected {one_of(legal)}"))
    return None if word is None else legal.get(word)


def _named(desk: _Desk, option: str, names: Iterable[str]) -> tuple[str, ...]:
    known = desk.ground.offered.statements
    named = tuple(dict.fromkeys(names))
    for name in named:
        if known.whole and name not in known.meanings:
            desk.complain(
                option,
                f"unknown statement `{name[:60]}`",
                suggest(name, list(known.meanings), "statements are declared in statements.yaml"),
            )
        elif not LETTERED.fullmatch(name):
            desk.complain(
                option,
                f"`{name[:60]}` cannot be the id of a statement",
                "ids of statements are letters and digits, such as A1",
            )
    return named


@frozen(eq=False, repr=False)
class _Value:
    """A value that was typed as YAML."""

    desk: _Desk
    text: Text

    def complain(self, diagnostic: Diagnostic) -> None:
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
        desk.complain(
            option,
            "this is empty",
            "write a mapping such as `{sciatica: yes}`, or leave the option out to fill it in later",
        )
        return None
    return _Value(desk, read)


def _when(desk: _Desk, text: str | None) -> tuple[Data, Condition | None]:
    """The condition as it is written and, where that can be said, what it means."""
    value = _value(desk, "--when", text)
    if value is None or any(to_fill_in(value.text.data)):
        return None if value is None else value.text.data, None
    facts = desk.ground.facts
    condition, diagnostics = read_condition(value.text.data, facts, desk.ground.misdeclared)
    for diagnostic in diagnostics:
        value.complain(diagnostic)
    is_read = condition is not None and all(atom.fact in facts for atom in atoms(condition))
    return value.text.data, condition if is_read else None


def _selector(desk: _Desk, option: str, text: str | None) -> tuple[Data, Selector | None]:
    """The selector as it is written and, where that can be said, what it means."""
    value = _value(desk, option, text)
    if value is None or any(to_fill_in(value.text.data)):
        return None if value is None else value.text.data, None
    selector, diagnostics = structured(converter(), value.text.data, Selector)
    for diagnostic in diagnostics or _unknown(desk, selector):
        value.complain(diagnostic)
    return value.text.data, selector


def _unknown(desk: _Desk, selector: Selector) -> Iterator[Diagnostic]:
    """The names in a selector that the rulebook does not have; or that it selects nothing."""
    if not isinstance(selector, AttributeSelector):
        return
    offered = desk.ground.offered
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
        and len(desk.ground.catalogue) == len(offered.stretches.meanings)
        and not select(selector, desk.ground.catalogue)
    ):
        help_ = "no stretch of the catalogue has all of these; stretches.yaml says what each has"
        yield Diagnostic("this selects no stretch", help=help_, code="selects-nothing")


def _attributes(offered: Offered) -> tuple[tuple[Code, str, str, Names], ...]:
    return (
        ("unknown-target", "targets", "target", offered.targets),
        ("unknown-region", "regions", "region", offered.regions),
        ("unknown-stretch", "stretches", "stretch", offered.stretches),
    )


def _together(desk: _Desk, draft: Draft, scope: Selector | None, narrowed: Selector | None) -> None:
    """Take down what does not go together."""
    both = sorted(set(draft.statements) & set(draft.disagree_with))
    if both:
        desk.complain(
            "--disagree-with", f"the rule would rest on `{both[0]}` and disagree with it", "keep one of the two"
        )
    if draft.condition == ALWAYS and not (
        draft.about is About.STRETCH or draft.effect is None or draft.effect.may_fire_always
    ):
        desk.complain(
            "--when",
            "this rule would always fire",
            f"only {one_of(['--about stretch', *ALWAYS_FIRING])} may; say whom it is about",
        )
    if isinstance(narrowed, Nothing):
        desk.complain("--tried", "no trial is of no stretch", "leave it out, or select the stretches that it is about")
    if draft.tried is not None and draft.condition is not None and not draft.is_about_a_trial:
        desk.complain(
            "--tried", "this rule is not about a trial", "`tried` narrows rules that read a fact of a trial (`trial.…`)"
        )
    if (
        draft.effect is not None
        and draft.effect.applies_to is AppliesTo.ALL
        and not isinstance(scope, Everything | None)
    ):
        desk.complain("--applies-to", f"`{draft.effect.value}` is about every stretch", "leave it out")
    if draft.effect is not None and draft.effect.applies_to is AppliesTo.SOME and isinstance(scope, Nothing):
        desk.complain(
            "--applies-to", f"`{draft.effect.value}` says something of stretches, and none is selected", "select some"
        )
    if draft.about is About.STRETCH and (
        (draft.effect is not None and not draft.effect.may_be_about_a_stretch) or isinstance(scope, Nothing)
    ):
        desk.complain(
            "--about",
            f"only {one_of(ABOUT_A_STRETCH)} may lie in the stretch",
            "leave it out, or mend the effect and what it applies to",
        )
