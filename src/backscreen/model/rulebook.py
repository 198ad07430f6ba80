"""A rulebook: everything that one folder of rules declares."""

from __future__ import annotations

from attrs import field, frozen

from backscreen.model.catalogue import Region, Stretch, Target
from backscreen.model.facts import Fact, Group
from backscreen.model.rules import Document, Rule, Scenario, Statement


@frozen(kw_only=True)
class Rulebook:
    """What a folder of rules says. `digest` is the SHA-256 of what decides in it, whatever its layout and comments."""

    id: str
    title: str
    summary: str
    version: str
    language: str
    looks_for_warning_signs: bool
    documents: tuple[Document, ...]
    groups: tuple[Group, ...]
    person_facts: tuple[Fact, ...]
    trial_facts: tuple[Fact, ...]
    regions: tuple[Region, ...]
    targets: tuple[Target, ...]
    stretches: tuple[Stretch, ...]
    statements: tuple[Statement, ...]
    rules: tuple[Rule, ...]
    scenarios: tuple[Scenario, ...] = ()
    retired_ids: tuple[str, ...] = ()
    digest: str
    at: str = field(default="", eq=False)
    """Its folder, as messages call it."""
    bundled: bool = field(default=False, eq=False)
    """Whether it comes with backscreen: its wording is shown where another rulebook words the same thing otherwise."""
