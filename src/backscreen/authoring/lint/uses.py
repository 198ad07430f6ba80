"""Lints of uses: unused declarations, uncovered statements, and duplicate rules."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Protocol

from attrs import frozen

from backscreen.authoring.cases.coverage import statement_coverage
from backscreen.authoring.mutation.state_space import state_space, truth_table
from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.loading.directory import PARTS
from backscreen.model.catalogue import AttributeSelector
from backscreen.model.conditions import atoms
from backscreen.model.facts import TRIAL
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.profile import Profile
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Becomes, Rule, Status

HEAD, FACTS, STRETCHES, STATEMENTS = PARTS
Found = tuple[str, Diagnostic]
"""A file, and a problem in it."""


class _Declared(Protocol):
    @property
    def id(self) -> str: ...


@frozen(eq=False, repr=False)
class _Section:
    """One list of declarations, the ids that are used, and what to do about the rest."""

    code: Code
    file: str
    path: str
    declared: Sequence[_Declared]
    used: Container[str]
    help: str


def unused(book: Rulebook, also: Container[str]) -> Iterator[Found]:
    """Yield each declaration that nothing active uses; ids in `also` count as used."""
    for section in _sections(book):
        kind = section.code.removeprefix("unused-")
        for index, entry in enumerate(section.declared):
            if entry.id not in section.used and entry.id not in also:
                path, message = (section.path, index, "id"), f"nothing uses the {kind} `{entry.id}`"
                yield section.file, Diagnostic(message, path=path, help=section.help, code=section.code)


def _sections(book: Rulebook) -> Iterator[_Section]:
    rules = [rule for rule in book.rules if rule.status is not Status.RETIRED]
    yield from _fact_sections(book, rules)
    selected = _selected(rules)
    targets = selected.union(*(stretch.targets for stretch in book.stretches))
    help_ = "name it in the `targets` of a stretch, or remove it"
    yield _Section("unused-target", STRETCHES, "targets", book.targets, targets, help_)
    regions = selected.union(*(stretch.regions for stretch in book.stretches))
    help_ = "name it in the `regions` of a stretch, or remove it"
    yield _Section("unused-region", STRETCHES, "regions", book.regions, regions, help_)
    stretches = selected.union(_reached(book, rules), _named_in_tests(book))
    help_ = "select it in a rule by what it does, or expect something of it in a case or a scenario"
    yield _Section("unused-stretch", STRETCHES, "stretches", book.stretches, stretches, help_)
    cited = {statement.document for statement in book.statements}
    help_ = "add what it says to statements.yaml, or remove it"
    yield _Section("unused-document", HEAD, "documents", book.documents, cited, help_)


def _fact_sections(book: Rulebook, rules: Iterable[Rule]) -> Iterator[_Section]:
    read = {atom.fact for rule in rules for atom in atoms(rule.when)}
    of_trials = {name.removeprefix(TRIAL) for name in read if name.startswith(TRIAL)}
    help_ = "read it in a rule, or remove it: people would be asked for nothing"
    for path, facts, names in (("person", book.person_facts, read), ("trial", book.trial_facts, of_trials)):
        resting = {fact.id for fact in facts if names.intersection(fact.rests_on)}
        yield _Section("unused-fact", FACTS, path, facts, names | resting, help_)
    groups = {fact.group for fact in (*book.person_facts, *book.trial_facts) if fact.group is not None}
    help_ = "name it in the `group` of a fact, or remove it"
    yield _Section("unused-group", FACTS, "groups", book.groups, groups, help_)


def _selected(rules: Iterable[Rule]) -> set[str]:
    """Return every target, region and stretch that a selector names."""
    selectors = [
        selector
        for rule in rules
        for selector in (rule.applies_to, rule.tried)
        if isinstance(selector, AttributeSelector)
    ]
    return {name for one in selectors for names in (one.targets, one.regions, one.stretches) for name in names or ()}


def _reached(book: Rulebook, rules: Iterable[Rule]) -> Iterator[str]:
    """Yield every stretch that some rule selects by its attributes; `all` does not count."""
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
    """Yield every stretch that a case or a scenario mentions."""
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


def uncovered(book: Rulebook, also: Container[str]) -> Iterator[tuple[Found, str]]:
    """Yield the statements whose uses differ from what they say they become, each with its id."""
    for index, coverage in enumerate(statement_coverage(KnowledgeBase([book]))):
        name, path = coverage.statement.id, (index, "becomes")
        for kind in coverage.missing:
            if kind not in coverage.statement.becomes:
                message = f"a {kind.value} uses the statement `{name}`, which does not say so"
                help_ = f"add `{kind.value}` to its `becomes`, or change what uses it"
                yield (STATEMENTS, Diagnostic(message, path=path, help=help_, code="statement-misplaced")), name
            elif name not in also:
                message = f"no {kind.value} uses the statement `{name}`"
                help_ = f"add it to the `statements` of a {kind.value}, or write `[{Becomes.BACKGROUND.value}]` here"
                yield (STATEMENTS, Diagnostic(message, path=path, help=help_, code="unused-statement")), name


def disagreements(rule: Rule, uncovered_names: Container[str]) -> Iterator[Diagnostic]:
    """Yield each disagreement with a statement that no rule uses, so that there is no other side to show."""
    for index, name in enumerate(rule.disagree_with):
        if name in uncovered_names:
            message = f"the rule disagrees with `{name}`, which no rule uses"
            help_ = f"write the rule that `{name}` becomes, make it `background` in statements.yaml, or remove it here"
            yield Diagnostic(message, path=("disagree_with", index), help=help_, code="disagreement-unused")


def duplicates(knowledge_base: KnowledgeBase, files: dict[str, str]) -> Iterator[Found]:
    """Yield each rule with the condition and scope of another of its kind; `files` are by the ids of rules."""
    for group in _same_scope(knowledge_base):
        states = state_space([scoped.rule.when for scoped in group], knowledge_base.facts)
        first: dict[object, str] = {}
        for scoped in sorted(group, key=lambda scoped: files[scoped.rule.id]):
            when = scoped.rule.when
            other = first.setdefault(when if states is None else truth_table(when, states), scoped.rule.id)
            if other != scoped.rule.id:
                message = f"this rule has the same condition and scope as `{other}`"
                help_ = f"merge the two, or tell them apart; the other is in {files[other]}"
                yield (
                    files[scoped.rule.id],
                    Diagnostic(message, path=("when",), help=help_, code="same-condition", at_key=True),
                )


def _same_scope(knowledge_base: KnowledgeBase) -> Iterator[list[ScopedRule]]:
    """Yield the groups of rules that read the same facts for the same stretches; restrictions and notes are apart."""
    alike: dict[object, list[ScopedRule]] = {}
    for scoped in knowledge_base.rules:
        read = frozenset(atom.fact for atom in atoms(scoped.rule.when))
        key = scoped.rule.effect.restricts, scoped.scope, scoped.tried, scoped.about_a_trial, read
        alike.setdefault(key, []).append(scoped)
    return (group for group in alike.values() if len(group) > 1)
