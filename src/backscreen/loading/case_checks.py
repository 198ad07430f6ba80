"""Checks of the cases of a rule, and of scenarios."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.suggestions import suggest
from backscreen.loading.declared_names import Names, check_rules
from backscreen.loading.ids import check_unique
from backscreen.loading.profile_validation import check
from backscreen.model.facts import TRIAL
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile
from backscreen.model.rules import Rule, Scenario


def check_cases(rule: Rule, knowledge_base: KnowledgeBase, names: Names) -> Iterator[Diagnostic]:
    """Yield what is wrong with the cases of a rule."""
    seen: set[str] = set()
    for index, case in enumerate(rule.cases):
        place = ("cases", index)
        if case.name in seen:
            message, help_ = "duplicate case name", "name what sets the two cases apart"
            yield Diagnostic(message, path=(*place, "name"), help=help_, code="repeated-case")
        seen.add(case.name)
        yield from _given(case.given, knowledge_base, names, (*place, "given"))
        yield from names.check_stretch_keys(case.expect.verdicts, (*place, "expect", "verdicts"))


def check_scenario(
    scenario: Scenario, knowledge_base: KnowledgeBase, names: Names, rules: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with a scenario; `rules` are the ids of all rules."""
    expect = scenario.expect
    yield from _given(scenario.given, knowledge_base, names, ("given",))
    yield from names.check_stretch_keys(expect.verdicts, ("expect", "verdicts"))
    yield from names.check_stretch_keys(expect.instead, ("expect", "instead"))
    for name, others in expect.instead.items():
        yield from names.check_stretches(others, ("expect", "instead", name))
    for part in ("recommended", "unneeded"):
        yield from names.check_stretches(getattr(expect, part) or (), ("expect", part))
    for part in ("fires", "may_fire", "silent"):
        yield from check_rules(getattr(expect, part), rules, ("expect", part))
    yield from check_unique(expect.unanswered or (), ("expect", "unanswered"))
    for index, name in enumerate(expect.unanswered or ()):
        if names.person is not None and not name.startswith("trials[") and name not in names.person:
            help_ = suggest(name, names.person, "facts are declared in facts.yaml")
            place = ("expect", "unanswered", index)
            yield Diagnostic(f"unknown fact `{name[:60]}`", path=place, help=help_, code="unknown-fact")


def _given(given: Profile, knowledge_base: KnowledgeBase, names: Names, path: DocumentPath) -> Iterator[Diagnostic]:
    for diagnostic in check(knowledge_base, given)[1]:
        name = str(diagnostic.name)
        if diagnostic.code == "unknown-stretch":
            is_declared = names.stretches is None or name in names.stretches
        else:
            is_person = diagnostic.path[0] == "facts"
            is_declared = names.is_misdeclared(name if is_person else TRIAL + name, knowledge_base.facts)
        if diagnostic.given is None and is_declared:
            continue  # the error in its declaration is reported there
        yield diagnostic.under(path)
