"""What must hold between the parts of a rulebook: references lead somewhere, ids are given once, rules make sense."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from attrs import evolve, frozen

from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.suggestions import one_of, suggest
from backscreen.loading.declarations import (
    HYPHENED,
    LETTERED,
    SEMVER,
    WORD,
    Complaints,
    each_id,
    repeats,
    retired_id,
    used_again,
)
from backscreen.loading.profile_validation import check
from backscreen.model.catalogue import AttributeSelector, Dose, Everything, Motion, Nothing, Selector, Stretch, select
from backscreen.model.conditions import ALWAYS
from backscreen.model.effects import ABOUT_A_STRETCH, ALWAYS_FIRING, AppliesTo
from backscreen.model.facts import TRIAL, Fact, written
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import About, Becomes, Rule, Status
from backscreen.semantics.causes import unguarded


@frozen(kw_only=True, eq=False, repr=False)
class Names:
    """The ids that one part of a rulebook may name in another, of entries that are wrong in themselves too; None where a file cannot be read."""

    documents: Collection[str] | None
    person: Collection[str] | None
    trial: Collection[str] | None
    regions: Collection[str] | None
    targets: Collection[str] | None
    stretches: Collection[str] | None
    statements: Collection[str] | None
    rules: Collection[str]
    """After what files are called: of rules that cannot be read too, and of those whose ids are wrong."""
    catalogue_is_whole: bool

    def misdeclared(self, facts: Container[str]) -> Container[str]:
        """The facts, as conditions name them, that are declared and yet not among `facts`; every fact where facts.yaml cannot be read."""
        if self.person is None or self.trial is None:
            return ANY_NAME
        return {name for name in (*self.person, *(TRIAL + name for name in self.trial)) if name not in facts}

    def is_misdeclared(self, name: str, facts: Container[str]) -> bool:
        """Whether a fact, as conditions name it, is declared and yet not among `facts`, or may be since facts.yaml cannot be read."""
        if self.person is None or self.trial is None:
            return True
        return name not in facts and (
            name in self.person or (name.startswith(TRIAL) and name.removeprefix(TRIAL) in self.trial)
        )


@frozen(eq=False, repr=False)
class Read:
    """What could be read of a rule's file, and the keys in it that are wrong or missing, of which nothing more is said."""

    rule: Rule | None
    wrong: frozenset[str]

    def speaks_of(self, diagnostic: Diagnostic) -> bool:
        """Whether a diagnostic is not only what becomes of one that was told before."""
        if not self.wrong:
            return True
        place = diagnostic.path[:1]
        hangs_on_others = diagnostic.path in ((), ("applies_to",), ("tried",), ("about",), ("status",), ("when",))
        return not hangs_on_others and place[0] not in self.wrong


class _Everything:
    """Stands for a list of names that cannot be read: any name may be on it."""

    def __contains__(self, name: object) -> bool:
        return True


ANY_NAME: Container[str] = _Everything()


def check_rulebook(
    sources: Complaints,
    book: Rulebook,
    rules: Mapping[str, Read],
    names: Names,
    whole: Container[str],
) -> None:
    """Check everything that one part of a rulebook says of another.

    `rules` are its rules by file, as far as they can be read; `names` is all that may be named; only the files of `whole` are checked themselves.
    """
    for file, diagnostics in (
        ("rulebook.yaml", _head(book)),
        ("statements.yaml", _statements(book, names)),
        ("stretches.yaml", _catalogue(book, names)),
    ):
        for diagnostic in diagnostics if file in whole else ():
            sources.complain(file, diagnostic)
    knowledge_base = alone(book)
    seen: dict[str, tuple[str, bool]] = {}
    retired = set(book.retired_ids)
    for file, read in rules.items():
        rule = read.rule
        if rule is None:
            continue
        for diagnostic in [
            *_identity(rule, file, seen),
            *_again(rule, retired),
            *_rule(rule, book, names),
            *_assumptions(rule, knowledge_base.facts),
            *_cases(rule, knowledge_base, names),
        ]:
            if read.speaks_of(diagnostic):
                sources.complain(file, diagnostic)
    for diagnostic in _scenarios(
        book, knowledge_base, names, dict.fromkeys([*(rule.id for rule in book.rules), *names.rules])
    ):
        sources.complain("scenarios.yaml", diagnostic)


_UNKNOWN: dict[str, Code] = {
    "region": "unknown-region",
    "rule": "unknown-rule",
    "statement": "unknown-statement",
    "stretch": "unknown-stretch",
    "target": "unknown-target",
}


def alone(book: Rulebook) -> KnowledgeBase:
    """A rulebook by itself, in which every stretch is declared once, whatever is wrong with it."""
    first = {one.id: one for one in reversed(book.stretches)}
    return KnowledgeBase([evolve(book, stretches=tuple(one for one in book.stretches if first[one.id] is one))])


def _references(
    names: Iterable[str], legal: Collection[str] | None, path: DocumentPath, kind: str, declared: str
) -> Iterator[Diagnostic]:
    seen = set()
    for index, name in enumerate(names):
        if legal is not None and name not in legal:
            yield Diagnostic(
                f"unknown {kind} `{name[:60]}`",
                path=(*path, index),
                help=suggest(name, legal, declared),
                code=_UNKNOWN[kind],
            )
        elif name in seen:
            yield Diagnostic(
                f"the {kind} `{name}` stands in this list twice",
                path=(*path, index),
                help="keep one of the two",
                code="repeated-name",
            )
        seen.add(name)


def _named_statements(named: Sequence[str], names: Names, path: DocumentPath) -> Iterator[Diagnostic]:
    return _references(named, names.statements, path, "statement", "statements are declared in statements.yaml")


def _named_stretches(named: Iterable[str], names: Names, path: DocumentPath) -> Iterator[Diagnostic]:
    return _references(named, names.stretches, path, "stretch", "stretches are declared in stretches.yaml")


def _head(book: Rulebook) -> Iterator[Diagnostic]:
    if not HYPHENED.fullmatch(book.id):
        yield Diagnostic(
            f"`{book.id[:60]}` cannot be the id of a rulebook",
            path=("id",),
            help="ids are small letters, digits and `-`",
            code="bad-id",
        )
    if not SEMVER.fullmatch(book.version):
        yield Diagnostic(
            f"`{book.version[:60]}` is not a semantic version",
            path=("version",),
            help="write three numbers, such as 1.0.0",
            code="bad-version",
        )
    yield from each_id(book.documents, ("documents",), LETTERED, "document")
    yield from repeats(book.retired_ids, ("retired_ids",))


def _statements(book: Rulebook, names: Names) -> Iterator[Diagnostic]:
    documents = names.documents
    yield from each_id(book.statements, (), LETTERED, "statement")
    for index, statement in enumerate(book.statements):
        if documents is not None and statement.document not in documents:
            help_ = suggest(statement.document, documents, "documents are declared in rulebook.yaml")
            yield Diagnostic(
                f"unknown document `{statement.document}`",
                path=(index, "document"),
                help=help_,
                code="unknown-document",
            )
        yield from repeats((kind.value for kind in statement.becomes), (index, "becomes"))
        if not statement.becomes:
            yield Diagnostic(
                "a statement becomes something",
                path=(index, "becomes"),
                help="write `[background]` if it decides nothing",
                code="empty-list",
            )
        if (Becomes.ADVICE in statement.becomes) != (statement.advice is not None):
            yield Diagnostic(
                "`advice` is written exactly where `becomes` holds advice",
                path=(index,),
                help="add the one or take the other away",
                code="advice-text",
            )


def _catalogue(book: Rulebook, names: Names) -> Iterator[Diagnostic]:
    yield from each_id(book.regions, ("regions",), WORD, "region")
    yield from each_id(book.targets, ("targets",), WORD, "target")
    yield from each_id(book.stretches, ("stretches",), WORD, "stretch")
    yield from used_again(book.stretches, frozenset(book.retired_ids), ("stretches",), "stretch")
    for index, region in enumerate(book.regions):
        yield from _named_statements(region.statements, names, ("regions", index, "statements"))
    bases = {stretch.id: stretch.variation_of for stretch in book.stretches}
    for index, stretch in enumerate(book.stretches):
        for diagnostic in _stretch(stretch, names, bases):
            yield diagnostic.under(("stretches", index))


def _stretch(stretch: Stretch, names: Names, bases: dict[str, str | None]) -> Iterator[Diagnostic]:
    yield from _references(
        stretch.regions, names.regions, ("regions",), "region", "regions are declared above the stretches"
    )
    yield from _references(
        stretch.targets, names.targets, ("targets",), "target", "targets are declared above the stretches"
    )
    yield from _named_statements(stretch.statements, names, ("statements",))
    for name in ("regions", "targets", "motions", "steps", "statements"):
        if not getattr(stretch, name):
            yield Diagnostic(
                f"`{name}` is empty", path=(name,), help="every stretch has at least one", code="empty-list"
            )
    yield from repeats(stretch.motions, ("motions",))
    if Motion.NONE in stretch.motions and len(stretch.motions) > 1:
        yield Diagnostic(
            "`none` stands beside a motion", path=("motions",), help="keep the one or the other", code="motion-none"
        )
    if stretch.variation_of is not None:
        yield from (diagnostic.under(("variation_of",)) for diagnostic in _variation(stretch.id, bases))
    if stretch.dose is not None:
        yield from (diagnostic.under(("dose",)) for diagnostic in _dose(stretch.dose))


def _dose(dose: Dose) -> Iterator[Diagnostic]:
    for part in ("hold_s", "hold_s_up_to", "repetitions", "repetitions_up_to", "per_day"):
        given = getattr(dose, part)
        if given is not None and given < 1:
            yield Diagnostic("this must be at least 1", path=(part,), help="or leave it away", code="bad-dose")
    for part in ("hold_s", "repetitions"):
        least, most = getattr(dose, part), getattr(dose, f"{part}_up_to")
        if most is not None and (least is None or most <= least):
            yield Diagnostic(
                f"this must be more than `{part}`",
                path=(f"{part}_up_to",),
                help="it is the upper end of a span",
                code="bad-dose",
            )


def _variation(name: str, bases: dict[str, str | None]) -> Iterator[Diagnostic]:
    seen, base = {name}, bases[name]
    while base is not None:
        if base not in bases:
            yield Diagnostic(
                f"unknown stretch `{base[:60]}`",
                help=suggest(base, list(bases), "name the stretch that this one is a variation of"),
                code="unknown-stretch",
            )
            return
        if base in seen:
            yield Diagnostic(
                "this goes round in a circle", help="a stretch is no variation of itself", code="variation-circle"
            )
            return
        seen.add(base)
        base = bases[base]


def _identity(rule: Rule, file: str, seen: dict[str, tuple[str, bool]]) -> Iterator[Diagnostic]:
    if not HYPHENED.fullmatch(rule.id):
        yield Diagnostic(
            f"`{rule.id[:60]}` cannot be the id of a rule",
            path=("id",),
            help="ids are small letters, digits and `-`",
            code="bad-id",
        )
    elif file.rsplit("/", 1)[-1] != f"{rule.id}.yaml":
        yield Diagnostic(
            f"the file is not named after its rule `{rule.id}`",
            path=("id",),
            help=f"rename it to `{rule.id}.yaml`, or mend the id",
            code="file-name",
        )
    if rule.id in seen:
        other, is_retired = seen[rule.id]
        if is_retired or rule.status is Status.RETIRED:
            yield Diagnostic(
                f"the rule `{rule.id}` was retired, and its id is used again",
                path=("id",),
                help=f"choose another id; the other rule is in {other}",
                code="retired-id",
            )
        else:
            yield Diagnostic(
                f"the rule `{rule.id}` is declared twice",
                path=("id",),
                help=f"the other is in {other}",
                code="repeated-id",
            )
    seen[rule.id] = file, rule.status is Status.RETIRED


def _again(rule: Rule, retired: Container[str]) -> Iterator[Diagnostic]:
    if rule.status is not Status.RETIRED and rule.id in retired:
        yield retired_id(("id",), "rule", rule.id)


def _rule(rule: Rule, book: Rulebook, names: Names) -> Iterator[Diagnostic]:
    yield from _named_statements(rule.statements, names, ("statements",))
    yield from _named_statements(rule.disagree_with, names, ("disagree_with",))
    for name in sorted(set(rule.statements) & set(rule.disagree_with)):
        yield Diagnostic(
            f"the rule rests on `{name}` and disagrees with it",
            path=("disagree_with",),
            help="keep one of the two",
            code="agrees-and-disagrees",
        )
    if not rule.statements:
        yield Diagnostic(
            "a rule rests on at least one statement",
            path=("statements",),
            help="name it; without a source there is no rule",
            code="no-statement",
        )
    if (rule.status is Status.REVIEWED) != (rule.reviewed_on is not None):
        yield Diagnostic(
            "`reviewed_on` is written exactly where the status is `reviewed`",
            path=("status",),
            help="add the one or mend the other",
            code="review-dates",
        )
    if rule.review_by is not None and rule.reviewed_on is not None and rule.review_by <= rule.reviewed_on:
        yield Diagnostic(
            "`review_by` is no later than `reviewed_on`",
            path=("review_by",),
            help="write the day of the next review",
            code="review-dates",
        )
    if rule.when == ALWAYS and not (rule.about is About.STRETCH or rule.effect.may_fire_always):
        yield Diagnostic(
            "this rule is always so",
            path=("when",),
            help=f"only {one_of(['about: stretch', *ALWAYS_FIRING])} may be; write whom it is about",
            code="always-so",
        )
    if rule.about is About.STRETCH and (not rule.effect.may_be_about_a_stretch or isinstance(rule.applies_to, Nothing)):
        yield Diagnostic(
            f"only {one_of(ABOUT_A_STRETCH)} may lie in the stretch",
            path=("about",),
            help="leave `about` away, or mend the effect and its scope",
            code="about-stretch",
        )
    yield from _scope(rule, book, names)


def _scope(rule: Rule, book: Rulebook, names: Names) -> Iterator[Diagnostic]:
    if rule.tried is not None and not rule.about_a_trial:
        yield Diagnostic(
            "this rule is not about a trial",
            path=("tried",),
            help="`tried` narrows rules that read a fact of a trial (`trial.…`)",
            code="not-about-a-trial",
            at_key=True,
        )
    for name, selector in (("applies_to", rule.applies_to), ("tried", rule.tried)):
        if selector is not None:
            yield from (diagnostic.under((name,)) for diagnostic in _selector(selector, book, names))
    if isinstance(rule.tried, Nothing):
        yield Diagnostic(
            "no trial is of no stretch",
            path=("tried",),
            help="leave it away, or select the stretches that it is about",
            code="selects-nothing",
        )
    match rule.effect.applies_to:
        case AppliesTo.ALL:
            if not isinstance(rule.applies_to, Everything | None):
                yield Diagnostic(
                    f"`{rule.effect.value}` is about every stretch",
                    path=("applies_to",),
                    help="leave `applies_to` away",
                    code="scope-of-stop",
                )
        case AppliesTo.ANY | AppliesTo.OPTIONAL:
            pass
        case AppliesTo.SOME:
            if isinstance(rule.applies_to, Nothing):
                yield Diagnostic(
                    f"`{rule.effect.value}` says something of stretches, and none is selected",
                    path=("applies_to",),
                    help="select some",
                    code="scope-of-effect",
                )
        case _:
            assert_never(rule.effect.applies_to)
    if rule.applies_to is None and not rule.about_a_trial and not rule.effect.applies_to.may_be_omitted:
        yield Diagnostic(
            "`applies_to` is missing",
            help="write `all`, `none`, or what the stretches have, such as `{targets: [hamstrings]}`",
            code="no-scope",
        )


def _assumptions(rule: Rule, facts: Mapping[str, Fact]) -> Iterator[Diagnostic]:
    # INVARIANT: while a restricting rule asks for a fact, nothing that the fact rests on is assumed. So no answer that is
    # asked for takes back an assumption, and none leads outside the bounds.
    if not rule.effect.restricts:
        return
    for asked, assumed, no in unguarded(rule.when, facts):
        yield Diagnostic(
            f"`{asked}` is asked for even where `{assumed}` is assumed to be `{written(no)}`",
            path=("when",),
            help=f"`{asked}` rests on `{assumed}`; ask in the same condition for `{assumed}` to be anything but `{written(no)}`",
            code="unguarded-fact",
        )


def _selector(selector: Selector, book: Rulebook, names: Names) -> Iterator[Diagnostic]:
    if not isinstance(selector, AttributeSelector):
        return
    named = False
    for diagnostic in [
        *_references(
            selector.targets or (), names.targets, ("targets",), "target", "targets are declared in stretches.yaml"
        ),
        *_references(
            selector.regions or (), names.regions, ("regions",), "region", "regions are declared in stretches.yaml"
        ),
        *_named_stretches(selector.stretches or (), names, ("stretches",)),
        *repeats(selector.motions or (), ("motions",)),
    ]:
        named = True
        yield diagnostic
    if names.catalogue_is_whole and not named and not select(selector, book.stretches):
        yield Diagnostic(
            "this selects no stretch",
            help="no stretch of the catalogue has all of these; `backscreen stretches` lists what they have",
            code="selects-nothing",
        )


def _given(given: Profile, knowledge_base: KnowledgeBase, names: Names, path: DocumentPath) -> Iterator[Diagnostic]:
    for diagnostic in check(knowledge_base, given)[1]:
        name = str(diagnostic.name)
        if diagnostic.code == "unknown-stretch":
            is_declared = names.stretches is None or name in names.stretches
        else:
            is_person = diagnostic.path[0] == "facts"
            is_declared = names.is_misdeclared(name if is_person else TRIAL + name, knowledge_base.facts)
        if diagnostic.given is None and is_declared:
            continue  # what is wrong with its declaration is said there
        yield Diagnostic(
            diagnostic.message,
            path=(*path, *diagnostic.path),
            help=diagnostic.help,
            code=diagnostic.code,
            at_key=diagnostic.at_key,
        )


def _cases(rule: Rule, knowledge_base: KnowledgeBase, names: Names) -> Iterator[Diagnostic]:
    said: set[str] = set()
    for index, case in enumerate(rule.cases):
        place = ("cases", index)
        if case.name in said:
            yield Diagnostic(
                "another case has this name",
                path=(*place, "name"),
                help="say what sets them apart",
                code="repeated-case",
            )
        said.add(case.name)
        yield from _given(case.given, knowledge_base, names, (*place, "given"))
        yield from _expected_verdicts(case.expect.verdicts, names, (*place, "expect", "verdicts"))


def _expected_verdicts(verdicts: Iterable[str], names: Names, path: DocumentPath) -> Iterator[Diagnostic]:
    for name in verdicts:
        if names.stretches is not None and name not in names.stretches:
            help_ = suggest(name, names.stretches, "stretches are declared in stretches.yaml")
            yield Diagnostic(
                f"unknown stretch `{name[:60]}`", path=(*path, name), help=help_, code="unknown-stretch", at_key=True
            )


def _scenarios(
    book: Rulebook, knowledge_base: KnowledgeBase, names: Names, rules: Collection[str]
) -> Iterator[Diagnostic]:
    places = names.person
    for index, scenario in enumerate(book.scenarios):
        place = (index, "expect")
        expect = scenario.expect
        yield from _given(scenario.given, knowledge_base, names, (index, "given"))
        yield from _expected_verdicts(expect.verdicts, names, (*place, "verdicts"))
        yield from _expected_verdicts(expect.instead, names, (*place, "instead"))
        for name, others in expect.instead.items():
            yield from _named_stretches(others, names, (*place, "instead", name))
        for part in ("recommended", "unneeded"):
            yield from _named_stretches(getattr(expect, part) or (), names, (*place, part))
        for part in ("fires", "may_fire", "silent"):
            yield from _references(
                getattr(expect, part), rules, (*place, part), "rule", "rules are named after their files"
            )
        yield from repeats(expect.unanswered or (), (*place, "unanswered"))
        for number, name in enumerate(expect.unanswered or ()):
            if places is not None and not name.startswith("trials[") and name not in places:
                help_ = suggest(name, places, "facts are declared in facts.yaml")
                yield Diagnostic(
                    f"unknown fact `{name[:60]}`", path=(*place, "unanswered", number), help=help_, code="unknown-fact"
                )
