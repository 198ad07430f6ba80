"""The names that the files of a rulebook may use, as far as they can be read.

Somebody who is writing a rulebook always has some broken files, so unreadable parts only lead to notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import as_file, files
from pathlib import Path, PurePosixPath

from attrs import frozen

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError
from backscreen.loading.directory import PARTS, listing, read_all
from backscreen.loading.fact_checks import check_facts
from backscreen.loading.rulebook_files import bundled_rulebooks, load_folder, load_rulebooks
from backscreen.loading.rulebook_texts import Sources
from backscreen.loading.structure import converter, salvaged, to_fill_in
from backscreen.model.facts import Fact, Group

_NOT_WHOLE = "not all names in this file could be read; the others are not offered, and no name is marked as unknown"
_HELP = "`backscreen rules check` shows the problems of this rulebook"


@frozen(eq=False, repr=False)
class Names:
    """Names with their meanings; `whole` if these are all, so that any other name is unknown."""

    meanings: Mapping[str, str]
    whole: bool

    def merged(self, other: Names) -> Names:
        """Return the names of both."""
        return Names({**self.meanings, **other.meanings}, self.whole and other.whole)


@frozen(eq=False, repr=False)
class Asked:
    """Facts by id, None for unreadable ones; `whole` if these are all, so that any other fact is unknown."""

    facts: Mapping[str, Fact | None]
    whole: bool

    def merged(self, other: Asked) -> Asked:
        """Return the facts of both."""
        return Asked({**self.facts, **other.facts}, self.whole and other.whole)


@frozen(kw_only=True, eq=False, repr=False)
class Offered:
    """Everything that the files of a rulebook may name, with notes on what could not be read."""

    rulebooks: tuple[str, ...]
    documents: Names
    statements: Names
    groups: Names
    regions: Names
    targets: Names
    stretches: Names
    rules: Names
    person: Asked
    trial: Asked
    notes: tuple[Diagnostic, ...] = ()


def offered_by(wanted: str | Path | None) -> Offered:
    """Return the names of a bundled rulebook, of the one in a folder, or of all bundled ones.

    Raises `RulebookError` if there is no such rulebook; problems within one only become notes.
    """
    if isinstance(wanted, Path):
        return _of_folder(wanted, wanted)
    if wanted is not None and wanted not in bundled_rulebooks():
        load_rulebooks(wanted)  # raises, with the nearest name
    with as_file(files("backscreen.rules")) as folder:
        return _merged(
            [
                _of_folder(folder / name, Path("rules") / name, anywhere=True)
                for name in ([wanted] if wanted else bundled_rulebooks())
            ]
        )


def _merged(parts: list[Offered]) -> Offered:
    first, *others = parts
    for other in others:
        first = Offered(
            rulebooks=first.rulebooks + other.rulebooks,
            documents=first.documents.merged(other.documents),
            statements=first.statements.merged(other.statements),
            groups=first.groups.merged(other.groups),
            regions=first.regions.merged(other.regions),
            targets=first.targets.merged(other.targets),
            stretches=first.stretches.merged(other.stretches),
            rules=first.rules.merged(other.rules),
            person=first.person.merged(other.person),
            trial=first.trial.merged(other.trial),
            notes=first.notes + other.notes,
        )
    return first


def _of_folder(folder: Path, shown: Path, *, anywhere: bool = False) -> Offered:
    if not folder.is_dir():
        load_folder(folder, shown=shown)  # raises
    there = listing(folder, shown, anywhere=anywhere)
    rules = [file for file in there.files if "/" in file]
    if not rules and not set(PARTS) & set(there.files):
        raise RulebookError(
            [
                Diagnostic(
                    "there is no rulebook in this folder",
                    location=str(shown),
                    help="check the path; the folder of a rulebook contains rulebook.yaml",
                )
            ]
        )
    refused = [
        diagnostic for diagnostic in there.diagnostics if diagnostic.location in {str(shown / file) for file in PARTS}
    ]
    names = [
        file for file in (*PARTS, *rules) if str(shown / file) not in {diagnostic.location for diagnostic in refused}
    ]
    texts, unread = read_all(folder, {file: str(shown / file) for file in names})
    notes = [*refused, *unread]
    return _offered(Sources(texts), notes, rules, shown)


def _offered(sources: Sources, notes: list[Diagnostic], rules: list[str], shown: Path) -> Offered:
    head = sources.under("rulebook.yaml", "id")
    documents = _names(sources, "rulebook.yaml", "documents", "title")
    parts = {
        "rulebook.yaml": [Names(documents.meanings, documents.whole and bool(documents.meanings))],
        "statements.yaml": [_names(sources, "statements.yaml", None, "says")],
        "stretches.yaml": [
            _names(sources, "stretches.yaml", key, "name") for key in ("regions", "targets", "stretches")
        ],
    }
    groups = _names(sources, "facts.yaml", "groups", "question")
    person, trial = _asked(sources)
    broken = [file for file, found in parts.items() if not all(names.whole for names in found)]
    if not (groups.whole and person.whole and trial.whole) or None in (*person.facts.values(), *trial.facts.values()):
        broken.append("facts.yaml")
    regions, targets, stretches = parts["stretches.yaml"]
    return Offered(
        rulebooks=(head if isinstance(head, str) else shown.name,),
        documents=parts["rulebook.yaml"][0],
        statements=parts["statements.yaml"][0],
        groups=groups,
        regions=regions,
        targets=targets,
        stretches=stretches,
        rules=Names(dict(_rule(sources, file) for file in rules), whole=True),
        person=person,
        trial=trial,
        notes=(
            *notes,
            *(
                Diagnostic(_NOT_WHOLE, location=str(shown / file), help=_HELP)
                for file in sorted(broken)
                if file in sources.texts
            ),
        ),
    )


def _names(sources: Sources, file: str, key: str | None, meaning: str) -> Names:
    entries = sources.under(file, key)
    meanings = {
        entry["id"]: text if isinstance(text := entry.get(meaning), str) else ""
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("id"), str) and not any(to_fill_in(entry["id"]))
    }
    return Names(meanings, sources.ids(file, key) is not None)


def _rule(sources: Sources, file: str) -> tuple[str, str]:
    name, title = (sources.under(file, key) for key in ("id", "title"))
    return name if isinstance(name, str) else PurePosixPath(file).stem, title if isinstance(title, str) else ""


def _asked(sources: Sources) -> tuple[Asked, Asked]:
    """Return the facts of the person and of a trial, with None for those whose declaration is wrong."""
    plain = converter()
    person, trial = (salvaged(plain, sources.under("facts.yaml", section), Fact) for section in ("person", "trial"))
    groups = salvaged(plain, sources.under("facts.yaml", "groups"), Group)
    misdeclared = check_facts(Sources({}), groups, person, trial)
    return _facts(sources, "person", person, misdeclared), _facts(sources, "trial", trial, misdeclared)


def _facts(sources: Sources, section: str, facts: Iterable[Fact], misdeclared: set[str]) -> Asked:
    names = _names(sources, "facts.yaml", section, "title")
    sound = {fact.id: fact for fact in facts if fact.id not in misdeclared}
    return Asked({name: sound.get(name) for name in names.meanings}, names.whole)
