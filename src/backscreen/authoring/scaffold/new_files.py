"""New files of a rulebook. No existing file is overwritten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath

from attrs import evolve

from backscreen.authoring.scaffold.drafts import Ground
from backscreen.authoring.scaffold.rule_template import SCHEMAS, Draft, rule_text
from backscreen.authoring.schema.json_schema import KINDS, json_schema
from backscreen.authoring.schema.names import Names, Offered, offered_by
from backscreen.authoring.schema.schema_files import write
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError, UsageError
from backscreen.formats.output_files import output_files, write_errors
from backscreen.loading.rulebook_files import read_folder


def write_rule(draft: Draft, ground: Ground, folder: str | None = None) -> Path:
    """Write the rule into a folder of the rulebook, and the schemas anew; the path of its file.

    Raises `UsageError`, and then nothing has changed.
    """
    place = draft.folder if folder is None else folder.removesuffix("/")
    _admit(place, ground.folder)
    path = ground.folder / place / f"{draft.id}.yaml"
    rules = Names({**ground.offered.rules.meanings, draft.id: draft.title or ""}, ground.offered.rules.whole)
    before = _wrong(ground.folder)
    files = {path: rule_text(draft, place)}
    with write_errors(ground.folder), output_files(files, stage=ground.folder):
        _insist_on_no_more(before, ground.folder)
        write_schemas(ground.folder, evolve(ground.offered, rules=rules))
    return path


def write_rulebook(folder: Path, texts: Mapping[str, str]) -> None:
    """Write a rulebook's first files into a folder, which is made if it is not there, and the schemas; raises `UsageError`, and then nothing has changed."""
    admit_rulebook(folder)
    files = {folder / file: text for file, text in texts.items()}
    with write_errors(folder), output_files(files, stage=folder):
        _insist_on_no_more([], folder)
        write_schemas(folder, offered_by(folder))


def _wrong(folder: Path) -> list[Diagnostic]:
    """Return what keeps a rulebook from being loaded, aside from what is still to be filled in."""
    try:
        diagnostics: Iterable[Diagnostic] = read_folder(folder, scenarios=True).diagnostics
    except RulebookError as failure:
        diagnostics = failure.diagnostics
    return [diagnostic for diagnostic in diagnostics if diagnostic.code != "to-fill-in"]


def _insist_on_no_more(before: Collection[Diagnostic], folder: Path) -> None:
    """Raise `UsageError` where new files have made anything wrong: whatever is written here must load once it is filled in."""
    known = {(diagnostic.code, diagnostic.location, diagnostic.message) for diagnostic in before}
    more = [
        diagnostic
        for diagnostic in _wrong(folder)
        if (diagnostic.code, diagnostic.location, diagnostic.message) not in known
    ]
    if more:
        raise UsageError(
            [
                evolve(
                    diagnostic,
                    help=f"{diagnostic.help}; nothing has changed" if diagnostic.help else "nothing has changed",
                )
                for diagnostic in more
            ]
        )


def write_schemas(folder: Path, offered: Offered) -> None:
    """Write the schemas of all kinds of files into the rulebook."""
    write(folder / SCHEMAS, {kind: json_schema(kind, offered) for kind in KINDS})


def _admit(place: str, rulebook: Path) -> None:
    """Refuse a folder that is not one of the rulebook's own, or in which no rule is looked for."""
    parts = PurePosixPath(place).parts
    is_within = place == "/".join(parts) and all(
        part.isprintable() and not part.startswith(".") and "\\" not in part for part in parts
    )
    if not parts or not is_within or not (rulebook / place).resolve().is_relative_to(rulebook.resolve()):
        help_ = "name one that lies in the rulebook, such as `precautions`; hidden ones are passed over"
        raise UsageError([Diagnostic(f"`{place[:60]}` is no folder for rules", location="--folder", help=help_)])


def admit_rulebook(folder: Path) -> None:
    """Refuse a folder that holds anything but hidden files; raises `UsageError`."""
    if not (folder.is_symlink() or folder.exists()):
        return
    if not folder.is_dir():
        raise UsageError(
            [
                Diagnostic(
                    "this is a file, and a folder was expected",
                    location=str(folder),
                    help="name a folder; it is made if it is not there",
                )
            ]
        )
    with write_errors(folder):
        found = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    if "rulebook.yaml" in found:
        help_ = f"`backscreen rules new ID --rulebook {folder}` adds a rule to it; name another folder to start one"
        raise UsageError([Diagnostic("there is a rulebook in this folder already", location=str(folder), help=help_)])
    if found:
        raise UsageError(
            [
                Diagnostic(
                    f"there is something in this folder already: `{found[0][:60]}`",
                    location=str(folder),
                    help="name an empty one, or a new one",
                )
            ]
        )
