"""Names that one part of a rulebook declares and the others may use."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence

from attrs import frozen

from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.suggestions import suggest
from backscreen.loading.ids import duplicate_name
from backscreen.model.facts import TRIAL


class _AnyName:
    """Stand-in for a list that cannot be read: any name may be on it."""

    def __contains__(self, name: object) -> bool:
        return True


ANY_NAME: Container[str] = _AnyName()
_UNKNOWN: dict[str, Code] = {
    "region": "unknown-region",
    "rule": "unknown-rule",
    "statement": "unknown-statement",
    "stretch": "unknown-stretch",
    "target": "unknown-target",
}


@frozen(kw_only=True, eq=False, repr=False)
class Names:
    """The ids that each part declares, invalid entries included; None where a file cannot be read."""

    documents: Collection[str] | None
    person: Collection[str] | None
    trial: Collection[str] | None
    regions: Collection[str] | None
    targets: Collection[str] | None
    stretches: Collection[str] | None
    statements: Collection[str] | None
    rules: Collection[str]
    """Names of rule files, whether or not a file can be read."""
    catalogue_is_whole: bool

    def misdeclared(self, facts: Container[str]) -> Container[str]:
        """Return the facts that are declared and not among `facts`; any name where facts.yaml cannot be read."""
        if self.person is None or self.trial is None:
            return ANY_NAME
        return {name for name in (*self.person, *(TRIAL + name for name in self.trial)) if name not in facts}

    def is_misdeclared(self, name: str, facts: Container[str]) -> bool:
        """Return whether a fact is, or may be, declared and not among `facts`."""
        if self.person is None or self.trial is None:
            return True
        return name not in facts and (
            name in self.person or (name.startswith(TRIAL) and name.removeprefix(TRIAL) in self.trial)
        )

    def check_regions(self, regions: Iterable[str]) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each unknown or duplicate region of the list `regions`."""
        help_ = "regions are declared in stretches.yaml"
        return _check(regions, self.regions, ("regions",), "region", help_)

    def check_targets(self, targets: Iterable[str]) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each unknown or duplicate target of the list `targets`."""
        help_ = "targets are declared in stretches.yaml"
        return _check(targets, self.targets, ("targets",), "target", help_)

    def check_statements(self, statements: Sequence[str], path: DocumentPath) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each unknown or duplicate statement."""
        help_ = "statements are declared in statements.yaml"
        return _check(statements, self.statements, path, "statement", help_)

    def check_stretches(self, stretches: Iterable[str], path: DocumentPath) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each unknown or duplicate stretch."""
        help_ = "stretches are declared in stretches.yaml"
        return _check(stretches, self.stretches, path, "stretch", help_)

    def check_stretch_keys(self, stretches: Iterable[str], path: DocumentPath) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each key of a mapping that is an unknown stretch."""
        for name in stretches:
            if self.stretches is not None and name not in self.stretches:
                help_ = suggest(name, self.stretches, "stretches are declared in stretches.yaml")
                message = f"unknown stretch `{name[:60]}`"
                yield Diagnostic(message, path=(*path, name), help=help_, code="unknown-stretch", at_key=True)


def check_rules(rules: Iterable[str], legal: Collection[str], path: DocumentPath) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each unknown or duplicate rule."""
    return _check(rules, legal, path, "rule", "rules are named after their files")


def _check(
    names: Iterable[str], legal: Collection[str] | None, path: DocumentPath, kind: str, help_: str
) -> Iterator[Diagnostic]:
    seen = set()
    for index, name in enumerate(names):
        place = (*path, index)
        if legal is not None and name not in legal:
            yield Diagnostic(
                f"unknown {kind} `{name[:60]}`", path=place, help=suggest(name, legal, help_), code=_UNKNOWN[kind]
            )
        elif name in seen:
            yield duplicate_name(name, place)
        seen.add(name)
