"""Checks of a rule: its id, its sources, its review, its condition and its scope."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import assert_never

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.suggestions import one_of
from backscreen.loading.declared_names import Names
from backscreen.loading.ids import HYPHENED, check_unique, retired_id
from backscreen.model.catalogue import AttributeSelector, Everything, Nothing, Selector, select
from backscreen.model.conditions import ALWAYS
from backscreen.model.effects import ABOUT_A_STRETCH, ALWAYS_FIRING, AppliesTo
from backscreen.model.facts import Fact, written
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import About, Rule, Status
from backscreen.semantics.causes import unguarded


def check_rule_id(
    rule: Rule, file: str, seen: dict[str, tuple[str, bool]], retired: Container[str]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the id of a rule; `seen` has the file and retirement of each rule before it."""
    path = ("id",)
    if not HYPHENED.fullmatch(rule.id):
        help_ = "use lower-case letters, digits and `-`"
        yield Diagnostic(f"invalid rule id `{rule.id[:60]}`", path=path, help=help_, code="bad-id")
    elif file.rsplit("/", 1)[-1] != f"{rule.id}.yaml":
        message = f"the file is not named after its rule `{rule.id}`"
        help_ = f"rename it to `{rule.id}.yaml`, or correct the id"
        yield Diagnostic(message, path=path, help=help_, code="file-name")
    if rule.id in seen:
        other, is_retired = seen[rule.id]
        if is_retired or rule.status is Status.RETIRED:
            message = f"the id of the retired rule `{rule.id}` is used again"
            yield Diagnostic(
                message, path=path, help=f"choose another id; the other rule is in {other}", code="retired-id"
            )
        else:
            yield Diagnostic(
                f"duplicate rule `{rule.id}`", path=path, help=f"the other is in {other}", code="repeated-id"
            )
    seen[rule.id] = file, rule.status is Status.RETIRED
    if rule.status is not Status.RETIRED and rule.id in retired:
        yield retired_id(path, "rule", rule.id)


def check_rule(rule: Rule, book: Rulebook, names: Names, facts: Mapping[str, Fact]) -> Iterator[Diagnostic]:
    """Yield what is wrong with a rule, aside from its id and its cases."""
    yield from _sources(rule, names)
    yield from _review(rule)
    if rule.when == ALWAYS and not (rule.about is About.STRETCH or rule.effect.may_fire_always):
        yield Diagnostic(
            "this rule is unconditional",
            path=("when",),
            help=f"write whom it is about; only {one_of(['about: stretch', *ALWAYS_FIRING])} may be unconditional",
            code="always-so",
        )
    if rule.about is About.STRETCH and (not rule.effect.may_be_about_a_stretch or isinstance(rule.applies_to, Nothing)):
        yield Diagnostic(
            f"only {one_of(ABOUT_A_STRETCH)} can be about a stretch",
            path=("about",),
            help=f"remove `about`, or use {one_of(ABOUT_A_STRETCH)} for some stretches",
            code="about-stretch",
        )
    yield from _scope(rule, book, names)
    yield from _assumptions(rule, facts)


def _sources(rule: Rule, names: Names) -> Iterator[Diagnostic]:
    yield from names.check_statements(rule.statements, ("statements",))
    yield from names.check_statements(rule.disagree_with, ("disagree_with",))
    for name in sorted(set(rule.statements) & set(rule.disagree_with)):
        message = f"`{name}` is both a source and disagreed with"
        yield Diagnostic(
            message, path=("disagree_with",), help="remove it from one of the two lists", code="agrees-and-disagrees"
        )
    if not rule.statements:
        message, help_ = "this rule has no source", "name at least one statement"
        yield Diagnostic(message, path=("statements",), help=help_, code="no-statement")


def _review(rule: Rule) -> Iterator[Diagnostic]:
    if (rule.status is Status.REVIEWED) != (rule.reviewed_on is not None):
        yield Diagnostic(
            "`reviewed_on` and `status: reviewed` need each other",
            path=("status",),
            help="add the one that is missing, or correct the other",
            code="review-dates",
        )
    if rule.review_by is not None and rule.reviewed_on is not None and rule.review_by <= rule.reviewed_on:
        message, help_ = "`review_by` is not after `reviewed_on`", "write the date of the next review"
        yield Diagnostic(message, path=("review_by",), help=help_, code="review-dates")


def _scope(rule: Rule, book: Rulebook, names: Names) -> Iterator[Diagnostic]:
    if rule.tried is not None and not rule.about_a_trial:
        message, help_ = "this rule reads no fact of a trial", "remove `tried`, or ask for a fact such as `trial.felt`"
        yield Diagnostic(message, path=("tried",), help=help_, code="not-about-a-trial", at_key=True)
    for name, selector in (("applies_to", rule.applies_to), ("tried", rule.tried)):
        if selector is not None:
            yield from (diagnostic.under((name,)) for diagnostic in _selector(selector, book, names))
    if isinstance(rule.tried, Nothing):
        message, help_ = "`tried: none` matches no trial", "remove it, or select the stretches that it is about"
        yield Diagnostic(message, path=("tried",), help=help_, code="selects-nothing")
    match rule.effect.applies_to:
        case AppliesTo.ALL:
            if not isinstance(rule.applies_to, Everything | None):
                message = f"`{rule.effect.value}` always applies to every stretch"
                yield Diagnostic(message, path=("applies_to",), help="remove `applies_to`", code="scope-of-stop")
        case AppliesTo.ANY | AppliesTo.OPTIONAL:
            pass
        case AppliesTo.SOME:
            if isinstance(rule.applies_to, Nothing):
                message = f"`{rule.effect.value}` needs stretches to apply to"
                yield Diagnostic(message, path=("applies_to",), help="select some", code="scope-of-effect")
        case _:
            assert_never(rule.effect.applies_to)
    if rule.applies_to is None and not rule.about_a_trial and not rule.effect.applies_to.may_be_omitted:
        help_ = "write `all`, `none`, or what the stretches have in common, such as `{targets: [hamstrings]}`"
        yield Diagnostic("`applies_to` is missing", help=help_, code="no-scope")


def _assumptions(rule: Rule, facts: Mapping[str, Fact]) -> Iterator[Diagnostic]:
    # INVARIANT: while a restricting rule asks for a fact, nothing that the fact depends on is assumed. So no answer
    # that is asked for takes back an assumption, and none leads outside the bounds.
    if not rule.effect.restricts:
        return
    for asked, assumed, no in unguarded(rule.when, facts):
        yield Diagnostic(
            f"`{asked}` is asked for even where `{assumed}` is assumed to be `{written(no)}`",
            path=("when",),
            help=f"require in the same condition that `{assumed}` is anything but `{written(no)}`,"
            f" because `{asked}` depends on it",
            code="unguarded-fact",
        )


def _selector(selector: Selector, book: Rulebook, names: Names) -> Iterator[Diagnostic]:
    if not isinstance(selector, AttributeSelector):
        return
    diagnostics = [
        *names.check_targets(selector.targets or ()),
        *names.check_regions(selector.regions or ()),
        *names.check_stretches(selector.stretches or (), ("stretches",)),
        *check_unique(selector.motions or (), ("motions",)),
    ]
    yield from diagnostics
    if names.catalogue_is_whole and not diagnostics and not select(selector, book.stretches):
        help_ = "no stretch has all of these; `backscreen stretches` lists what each has"
        yield Diagnostic("this selects no stretch", help=help_, code="selects-nothing")
