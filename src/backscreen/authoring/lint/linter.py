"""Everything that can be wrong with a rulebook, at once: what keeps it from being read, and what a careful reviewer would send back."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import evolve, frozen

from backscreen.authoring.lint import directions, evidence, review_dates, texts, uses
from backscreen.authoring.lint.uses import Found
from backscreen.diagnostics.codes import WARNINGS
from backscreen.diagnostics.diagnostic import Diagnostic, RulebookError
from backscreen.loading.condition_parser import Misfit
from backscreen.loading.directory import PARTS, SCENARIOS
from backscreen.loading.references import ANY_NAME, alone
from backscreen.loading.rulebook_files import Reading, Wanted, readings
from backscreen.loading.rulebook_texts import in_order
from backscreen.loading.structure import to_fill_in
from backscreen.model.conditions import atoms
from backscreen.model.effects import Effect
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Rule, Status


@frozen(eq=False, repr=False)
class Checked:
    """What was looked through, and what is wrong with it: rulebook by rulebook, in the order of files and lines."""

    rulebooks: tuple[str, ...]
    rules: int
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> int:
        """How many of the problems are errors, and not only worth knowing."""
        return sum(diagnostic.code not in WARNINGS for diagnostic in self.diagnostics)


def check_rulebooks(wanted: Wanted = None, *, today: date) -> Checked:
    """Check rulebooks, found as `load` finds them; raises `RulebookError` only where there is none of this name.

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
            raise  # nothing is there that could be checked
        diagnostics += failure.diagnostics
    return Checked(
        tuple(reading.folder for reading in read) or _named(wanted),
        sum(len(reading.rules) for reading in read),
        tuple(diagnostics),
    )


def _named(wanted: Wanted) -> tuple[str, ...]:
    """What rulebooks were called that are too much to be read."""
    return tuple(map(str, [wanted] if isinstance(wanted, str | Path | Traversable) else wanted or ()))


def diagnostics_of(reading: Reading, today: date) -> list[Diagnostic]:
    """All that is wrong with one rulebook, by file and line."""
    found = (
        reading.sources.scoped(file, misfit)
        for file, misfit in _found(reading, today)
        if reading.sources.is_sound(file)
    )
    return in_order([*reading.diagnostics, *found])


def _found(reading: Reading, today: date) -> Iterator[Found]:
    """What is to be said though it can be read; nothing in a file that is wrong in itself counts."""
    declared = alone(reading.book).facts
    rules = {
        file: read.rule
        for file, read in reading.rules.items()
        if read.rule is not None
        and reading.sources.is_sound(file)
        and all(atom.fact in declared for atom in atoms(read.rule.when))
    }
    knowledge_base = alone(evolve(reading.book, rules=tuple(rules.values())))
    book = knowledge_base.books[0]
    reader = texts.reader_of(book)
    for file, rule in rules.items():
        yield from ((file, misfit) for misfit in texts.of_rule(rule, reader))
        yield from ((file, misfit) for misfit in review_dates.review(rule, today))
        if rule.status is not Status.RETIRED:
            yield from ((file, misfit) for misfit in evidence.evidence(rule, knowledge_base))
    yield from (("facts.yaml", misfit) for misfit in texts.of_facts(book, reader))
    yield from (("stretches.yaml", misfit) for misfit in texts.of_stretches(book, reader))
    yield from (("statements.yaml", misfit) for misfit in texts.of_statements(book, reader))
    retired = {rule.id for rule in book.rules if rule.status is Status.RETIRED}
    for index, scenario in enumerate(book.scenarios):
        yield from ((SCENARIOS, misfit) for misfit in review_dates.expectations(scenario, index, retired))
    unknown = {(diagnostic.code or "").removeprefix("unknown-") for diagnostic in reading.diagnostics}
    for file, misfit in _together(knowledge_base, rules, _doubtful(reading, rules)):
        if misfit.code.removeprefix("unused-") not in unknown:  # that name may be meant where an unknown one stands
            yield file, misfit


def _together(knowledge_base: KnowledgeBase, rules: dict[str, Rule], doubtful: Container[str]) -> Iterator[Found]:
    """What the parts of a rulebook come to together; what is `doubtful` counts as used."""
    book = knowledge_base.books[0]
    yield from uses.unused(book, doubtful)
    unscoped = []
    for found, name in uses.unscoped(book, doubtful):
        unscoped.append(name)
        yield found
    for file, rule in rules.items():
        if rule.status is not Status.RETIRED:
            yield from ((file, misfit) for misfit in uses.disagreements(rule, unscoped))
    yield from uses.said_twice(knowledge_base, {rule.id: file for file, rule in rules.items()})
    yield from (("facts.yaml", misfit) for misfit in _directions(knowledge_base, book, is_whole=not doubtful))
    if not doubtful and not knowledge_base.rules:
        help_ = "write a rule, or take one out of retirement; `backscreen rules new` writes one to fill in"
        yield "rulebook.yaml", Misfit("no-acting-rule", (), "no rule of this rulebook acts", help_)
    grave = (
        scoped
        for scoped in knowledge_base.rules
        if scoped.rule.effect in (Effect.STOP, Effect.CONSULT) and not scoped.about_a_trial
    )
    if not doubtful and book.looks_for_warning_signs and not any(grave):
        help_ = "write `no`, so that people are told that nobody looks for them; or write the rules that do, with `stop` or `consult`"
        what = "no rule about the person says `stop` or `consult`, so this rulebook does not look for warning signs"
        yield "rulebook.yaml", Misfit("no-warning-sign", ("looks_for_warning_signs",), what, help_)


def _directions(knowledge_base: KnowledgeBase, book: Rulebook, *, is_whole: bool) -> Iterator[Misfit]:
    torn = {
        one.fact: one
        for one in directions.two_ways((scoped.rule for scoped in knowledge_base.rules), knowledge_base.facts)
    }
    for section, prefix, facts in directions.sections(book):
        for index, fact in enumerate(facts):
            name = prefix + fact.id
            if name in torn and not fact.two_ways:
                ways = ", ".join(f"{said} in `{rule}`" for said, rule in torn[name].readings[:4])
                help_ = "while it is not answered, bounds may be wider than they need be; write `two_ways: yes` here if it is meant to be read so"
                yield Misfit(
                    "fact-two-ways", (section, index, "id"), f"rules read `{name}` in two directions: {ways}", help_
                )
            elif fact.two_ways and name not in torn and is_whole:
                help_ = "take `two_ways` away"
                yield Misfit(
                    "fact-two-ways-needless",
                    (section, index, "two_ways"),
                    f"no rules that restrict read `{name}` in two directions",
                    help_,
                    key=True,
                )


def _doubtful(reading: Reading, rules: dict[str, Rule]) -> Container[str]:
    """The names that a file which is wrong may use, for all that can be said; none where every file is sound."""
    if reading.sources.unread or not set(PARTS) <= reading.sources.texts.keys():
        return ANY_NAME
    sources = reading.sources
    wrong = [file for file in sources.texts if file not in rules and ("/" in file or not sources.is_sound(file))]
    if any(True for file in wrong for _ in to_fill_in(sources.texts[file].data)):
        return ANY_NAME  # what is still to be written may name anything
    if any("/" in file and not _says_what_it_uses(sources.texts[file].data) for file in wrong):
        return ANY_NAME
    return {word for file in wrong for word in _words(sources.texts[file].data)}


def _says_what_it_uses(data: object) -> bool:
    """Whether a rule that is wrong has a condition and statements, right or wrong."""
    return isinstance(data, dict) and all(data.get(key) for key in ("when", "statements"))


def _words(data: object) -> Iterator[str]:
    match data:
        case str():
            yield data
            yield from (word for word in data.split(".") if word != data)  # `trial.felt` means `felt`
        case dict():
            for key, entry in data.items():
                yield from _words(key)
                yield from _words(entry)
        case list():
            for entry in data:
                yield from _words(entry)
