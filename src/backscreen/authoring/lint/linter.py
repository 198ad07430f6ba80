"""Every problem of a rulebook at once: errors of loading, and what a careful reviewer would object to."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import evolve, frozen

from backscreen.authoring.lint import directions, evidence, review_dates, texts, uses
from backscreen.authoring.lint.uses import Found
from backscreen.diagnostics.codes import WARNINGS
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError
from backscreen.loading.declared_names import ANY_NAME
from backscreen.loading.directory import PARTS, SCENARIOS
from backscreen.loading.references import single_knowledge_base
from backscreen.loading.rulebook_assembly import Reading
from backscreen.loading.rulebook_files import Wanted, readings
from backscreen.loading.rulebook_texts import in_order
from backscreen.loading.structure import to_fill_in
from backscreen.model.conditions import atoms
from backscreen.model.knowledge_base import KnowledgeBase, ScopedRule
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule, Status


@frozen(eq=False, repr=False)
class Checked:
    """The rulebooks that were checked, and their problems in the order of files and lines."""

    rulebooks: tuple[str, ...]
    rules: int
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> int:
        """How many of the problems are errors rather than warnings."""
        return sum(diagnostic.code not in WARNINGS for diagnostic in self.diagnostics)


def check_rulebooks(wanted: Wanted = None, *, today: date) -> Checked:
    """Check rulebooks; raise `RulebookError` only if there is none of this name.

    >>> checked = check_rulebooks("lower-back", today=date(2026, 11, 21))
    >>> checked.rules, checked.diagnostics
    (43, ())
    """
    read: list[Reading] = []
    diagnostics: list[Diagnostic] = []
    try:
        for reading in readings(wanted, tests=True):
            read.append(reading)
            diagnostics += diagnostics_of(reading, today)
        KnowledgeBase([reading.book for reading in read if not reading.diagnostics])
    except RulebookError as failure:
        if any(diagnostic.code in (None, "not-a-rulebook") for diagnostic in failure.diagnostics):
            raise  # there is nothing to check
        diagnostics += failure.diagnostics
    return Checked(
        tuple(reading.folder for reading in read) or _named(wanted),
        sum(len(reading.rules) for reading in read),
        tuple(diagnostics),
    )


def _named(wanted: Wanted) -> tuple[str, ...]:
    """Return the names of rulebooks that are too large to be read."""
    return tuple(map(str, [wanted] if isinstance(wanted, str | Path | Traversable) else wanted or ()))


def diagnostics_of(reading: Reading, today: date) -> list[Diagnostic]:
    """Return every problem of one rulebook, by file and line."""
    found = (
        reading.sources.located(file, diagnostic)
        for file, diagnostic in _found(reading, today)
        if reading.sources.is_sound(file)
    )
    return in_order([*reading.diagnostics, *found])


def _found(reading: Reading, today: date) -> Iterator[Found]:
    """Yield the problems of what could be read; files with errors of their own are skipped."""
    declared = single_knowledge_base(reading.book).facts
    rules = {
        file: read.rule
        for file, read in reading.rules.items()
        if read.rule is not None
        and reading.sources.is_sound(file)
        and all(atom.fact in declared for atom in atoms(read.rule.when))
    }
    knowledge_base = single_knowledge_base(evolve(reading.book, rules=tuple(rules.values())))
    book = knowledge_base.books[0]
    reader = texts.reader_of(book)
    for file, rule in rules.items():
        yield from ((file, diagnostic) for diagnostic in texts.of_rule(rule, reader))
        yield from ((file, diagnostic) for diagnostic in review_dates.review(rule, today))
        if rule.status is not Status.RETIRED:
            yield from ((file, diagnostic) for diagnostic in evidence.evidence(rule, knowledge_base))
    yield from (("facts.yaml", diagnostic) for diagnostic in texts.of_facts(book, reader))
    yield from (("stretches.yaml", diagnostic) for diagnostic in texts.of_stretches(book, reader))
    yield from (("statements.yaml", diagnostic) for diagnostic in texts.of_statements(book, reader))
    retired = {rule.id for rule in book.rules if rule.status is Status.RETIRED}
    for index, scenario in enumerate(book.scenarios):
        yield from ((SCENARIOS, diagnostic) for diagnostic in review_dates.expectations(scenario, index, retired))
    unknown = {(diagnostic.code or "").removeprefix("unknown-") for diagnostic in reading.diagnostics}
    for file, diagnostic in _together(knowledge_base, rules, _doubtful(reading, rules)):
        if (diagnostic.code or "").removeprefix("unused-") not in unknown:  # an unknown name may be a typo of this one
            yield file, diagnostic


def _together(knowledge_base: KnowledgeBase, rules: dict[str, Rule], doubtful: Container[str]) -> Iterator[Found]:
    """Yield the problems of a rulebook as a whole; `doubtful` names count as used."""
    book = knowledge_base.books[0]
    yield from uses.unused(book, doubtful)
    uncovered = []
    for found, name in uses.uncovered(book, doubtful):
        uncovered.append(name)
        yield found
    for file, rule in rules.items():
        if rule.status is not Status.RETIRED:
            yield from ((file, diagnostic) for diagnostic in uses.disagreements(rule, uncovered))
    yield from uses.duplicates(knowledge_base, {rule.id: file for file, rule in rules.items()})
    yield from (("facts.yaml", diagnostic) for diagnostic in _directions(knowledge_base, book, is_whole=not doubtful))
    if not doubtful and not knowledge_base.rules:
        help_ = "write a rule (`backscreen rules new` drafts one), or give a retired one another status"
        yield "rulebook.yaml", Diagnostic("this rulebook has no active rule", help=help_, code="no-acting-rule")
    if not doubtful and book.looks_for_warning_signs and not any(map(_looks_for_warning_signs, knowledge_base.rules)):
        message = "no rule about the person has the effect `stop` or `consult`"
        help_ = "add the rules that look for warning signs; or write `no`, and every report says that nobody looked"
        yield (
            "rulebook.yaml",
            Diagnostic(message, path=("looks_for_warning_signs",), help=help_, code="no-warning-sign"),
        )


def _looks_for_warning_signs(scoped: ScopedRule) -> bool:
    return scoped.rule.effect.is_grave and not scoped.about_a_trial


def _directions(knowledge_base: KnowledgeBase, book: Rulebook, *, is_whole: bool) -> Iterator[Diagnostic]:
    rules = (scoped.rule for scoped in knowledge_base.rules)
    found = {entry.fact: entry for entry in directions.two_ways(rules, knowledge_base.facts)}
    for section, prefix, facts in directions.sections(book):
        for index, fact in enumerate(facts):
            name = prefix + fact.id
            if name in found and not fact.two_ways:
                ways = ", ".join(f"{answer} in `{rule}`" for answer, rule in found[name].readings[:4])
                message = f"rules read `{name}` in two directions: {ways}"
                help_ = (
                    "bounds may be wider than necessary while it is unknown; add `two_ways: yes` if this is intended"
                )
                yield Diagnostic(message, path=(section, index, "id"), help=help_, code="fact-two-ways")
            elif fact.two_ways and name not in found and is_whole:
                message = f"no restricting rules read `{name}` in two directions"
                path = (section, index, "two_ways")
                yield Diagnostic(
                    message, path=path, help="remove `two_ways`", code="fact-two-ways-needless", at_key=True
                )


def _doubtful(reading: Reading, rules: dict[str, Rule]) -> Container[str]:
    """Return the names that files with errors may use; none if every file is sound."""
    if reading.sources.unread or not set(PARTS) <= reading.sources.texts.keys():
        return ANY_NAME
    sources = reading.sources
    wrong = [file for file in sources.texts if file not in rules and ("/" in file or not sources.is_sound(file))]
    if any(True for file in wrong for _ in to_fill_in(sources.texts[file].data)):
        return ANY_NAME  # a placeholder may become any name
    if any("/" in file and not _has_its_names(sources.texts[file].data) for file in wrong):
        return ANY_NAME
    return {word for file in wrong for word in _words(sources.texts[file].data)}


def _has_its_names(data: object) -> bool:
    """Return whether a rule with errors has a condition and statements at all."""
    return isinstance(data, dict) and all(data.get(key) for key in ("when", "statements"))


def _words(data: object) -> Iterator[str]:
    match data:
        case str():
            yield data
            yield from (word for word in data.split(".") if word != data)  # `trial.felt` uses `felt`
        case dict():
            for key, entry in data.items():
                yield from _words(key)
                yield from _words(entry)
        case list():
            for entry in data:
                yield from _words(entry)
