"""What a rulebook declares and nothing uses, what is said twice, and what a statement says that it becomes and does not."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Protocol

from attrs import frozen

from backscreen.authoring.cases.coverage import statement_coverage
from backscreen.authoring.mutation.state_space import state_space, truth_table
from backscreen.diagnostics.codes import Code
from backscreen.loading.condition_parser import Misfit
from backscreen.loading.directory import PARTS
from backscreen.model.catalogue import AttributeSelector
from backscreen.model.conditions import atoms
from backscreen.model.facts import TRIAL
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.profile import Profile
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Becomes, Rule, Status

HEAD, FACTS, STRETCHES, STATEMENTS = PARTS
Found = tuple[str, Misfit]
"""The file in which something is wrong, and what."""


class _Declared(Protocol):
    @property
    def id(self) -> str: ...


@frozen(eq=False, repr=False)
class _Section:
    """One list of a rulebook: what it declares, which of that is used, and what to do about the rest."""

    code: Code
    file: str
    path: str
    things: Sequence[_Declared]
    used: Container[str]
    help: str


def unused(book: Rulebook, also: Container[str]) -> Iterator[Found]:
    """What is declared and used by nothing that acts; ids that are in `also` count as used."""
    for section in _sections(book):
        kind = section.code.removeprefix("unused-")
        for index, thing in enumerate(section.things):
            if thing.id not in section.used and thing.id not in also:
                yield (
                    section.file,
                    Misfit(
                        section.code, (section.path, index, "id"), f"nothing uses the {kind} `{thing.id}`", section.help
                    ),
                )


def _sections(book: Rulebook) -> Iterator[_Section]:
    acting = [rule for rule in book.rules if rule.status is not Status.RETIRED]
    selected = _selected(acting)
    read = {atom.fact for rule in acting for atom in atoms(rule.when)}
    of_trials = {name.removeprefix(TRIAL) for name in read if name.startswith(TRIAL)}
    for path, facts, known in (("person", book.person_facts, read), ("trial", book.trial_facts, of_trials)):
        resting = {fact.id for fact in facts if known.intersection(fact.rests_on)}
        yield _Section(
            "unused-fact",
            FACTS,
            path,
            facts,
            known | resting,
            "read it in a rule, or take it away: people would be asked for nothing",
        )
    groups = {fact.group for fact in (*book.person_facts, *book.trial_facts) if fact.group is not None}
    yield _Section(
        "unused-group", FACTS, "groups", book.groups, groups, "name it in the `group` of a fact, or take it away"
    )
    targets = selected.union(*(stretch.targets for stretch in book.stretches))
    yield _Section(
        "unused-target",
        STRETCHES,
        "targets",
        book.targets,
        targets,
        "name it in the `targets` of a stretch, or take it away",
    )
    regions = selected.union(*(stretch.regions for stretch in book.stretches))
    yield _Section(
        "unused-region",
        STRETCHES,
        "regions",
        book.regions,
        regions,
        "name it in the `regions` of a stretch, or take it away",
    )
    meant = selected.union(_reached(book, acting), _named_in_tests(book))
    help_ = "select it in a rule by what it does, or say in a case or a scenario what is expected of it"
    yield _Section("unused-stretch", STRETCHES, "stretches", book.stretches, meant, help_)
    cited = {statement.document for statement in book.statements}
    help_ = "write down what it says in statements.yaml, or take it away"
    yield _Section("unused-document", HEAD, "documents", book.documents, cited, help_)


def _selected(rules: Iterable[Rule]) -> set[str]:
    """Every target, region and stretch that a selector names."""
    selectors = [
        selector
        for rule in rules
        for selector in (rule.applies_to, rule.tried)
        if isinstance(selector, AttributeSelector)
    ]
    return {name for one in selectors for names in (one.targets, one.regions, one.stretches) for name in names or ()}


def _reached(book: Rulebook, rules: Iterable[Rule]) -> Iterator[str]:
    """Every stretch that some rule selects by what it does; `all` says nothing of any one of them."""
    by_what_they_do = {
        selector
        for rule in rules
        for selector in (rule.applies_to, rule.tried)
        if isinstance(selector, AttributeSelector)
    }
    for scoped in KnowledgeBase([book]).rules:
        if scoped.rule.applies_to in by_what_they_do:
            yield from scoped.scope or ()
        if scoped.rule.tried in by_what_they_do:
            yield from scoped.tried or ()


def _named_in_tests(book: Rulebook) -> Iterator[str]:
    """Every stretch that a case or a scenario says something of."""
    for case in (case for rule in book.rules for case in rule.cases):
        yield from case.expect.verdicts
        yield from _tried(case.given)
    for scenario in book.scenarios:
        yield from scenario.expect.verdicts
        yield from scenario.expect.instead
        yield from (*(scenario.expect.recommended or ()), *(scenario.expect.unneeded or ()))
        yield from _tried(scenario.given)


def _tried(given: Profile) -> Iterator[str]:
    return (trial.stretch for trial in given.trials if trial.stretch is not None)


def unscoped(book: Rulebook, also: Container[str]) -> Iterator[tuple[Found, str]]:
    """Statements that are not used as they say, each with its id."""
    for index, one in enumerate(statement_coverage(KnowledgeBase([book]))):
        for kind in one.missing:
            name = one.statement.id
            if kind not in one.statement.becomes:
                what = f"the statement `{name}` is used by a {kind.value}, and does not say so"
                help_ = f"add `{kind.value}` to what it becomes, or mend what uses it"
                yield (STATEMENTS, Misfit("statement-misplaced", (index, "becomes"), what, help_)), name
            elif name not in also:
                what = f"the statement `{name}` becomes a {kind.value}, and no {kind.value} uses it"
                help_ = f"name it in the `statements` of a {kind.value}, or write `[{Becomes.BACKGROUND.value}]` if it decides nothing"
                yield (STATEMENTS, Misfit("unused-statement", (index, "becomes"), what, help_)), name


def disagreements(rule: Rule, nowhere: Container[str]) -> Iterator[Misfit]:
    """Disagreements with statements that are in force nowhere: there is no other side to show."""
    for index, name in enumerate(rule.disagree_with):
        if name in nowhere:
            help_ = f"write the rule that `{name}` becomes, or say in statements.yaml that it is background, or leave it away here"
            yield Misfit(
                "disagreement-unused",
                ("disagree_with", index),
                f"the rule disagrees with `{name}`, which no rule uses",
                help_,
            )


def said_twice(knowledge_base: KnowledgeBase, files: dict[str, str]) -> Iterator[Found]:
    """Rules of the same kind with the same condition and the same scope as another; `files` are those of the rules by their ids."""
    alike: dict[object, list[ScopedRule]] = {}
    for scoped in knowledge_base.rules:
        asked = frozenset(atom.fact for atom in atoms(scoped.rule.when))
        restricts = scoped.rule.effect.restricts  # a restriction and a note cannot be made one rule
        alike.setdefault((restricts, scoped.scope, scoped.tried, scoped.about_a_trial, asked), []).append(scoped)
    for group in alike.values():
        if len(group) == 1:
            continue
        states = state_space([scoped.rule.when for scoped in group], knowledge_base.facts)
        first: dict[object, str] = {}
        for scoped in sorted(group, key=lambda one: files[one.rule.id]):
            when = scoped.rule.when
            meaning = when if states is None else truth_table(when, states)
            other = first.setdefault(meaning, scoped.rule.id)
            if other != scoped.rule.id:
                help_ = f"make one rule of the two, or say what sets them apart; the other is in {files[other]}"
                what = f"this rule has the same condition and the same scope as `{other}`"
                yield files[scoped.rule.id], Misfit("same-condition", ("when",), what, help_, key=True)
