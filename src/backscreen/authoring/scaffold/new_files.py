"""New files of a rulebook. No existing file is overwritten."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath

from attrs import evolve

from backscreen.authoring.scaffold.rule_template import SCHEMAS, Draft, rule_text
from backscreen.authoring.scaffold.target_rulebook import TargetRulebook
from backscreen.authoring.schema.json_schema import KINDS, json_schema
from backscreen.authoring.schema.names import Names, Offered, offered_by
from backscreen.authoring.schema.schema_files import write
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError, UsageError
from backscreen.formats.output_files import output_files, write_errors
from backscreen.loading.rulebook_files import read_folder


def write_rule(draft: Draft, target: TargetRulebook, folder: str | None = None) -> Path:
    """Write a rule into a folder of the rulebook, update the schemas, and return the path of the rule's file.

    Raises `UsageError`, and then nothing has changed.
    """
    place = draft.folder if folder is None else folder.removesuffix("/")
    _admit(place, target.folder)
    path = target.folder / place / f"{draft.id}.yaml"
    rules = Names({**target.offered.rules.meanings, draft.id: draft.title or ""}, target.offered.rules.whole)
    before = _errors(target.folder)
    files = {path: rule_text(draft, place)}
    with write_errors(target.folder), output_files(files, stage=target.folder):
        _check_no_new_errors(before, target.folder)
        write_schemas(target.folder, evolve(target.offered, rules=rules))
    return path


def write_rulebook(folder: Path, texts: Mapping[str, str]) -> None:
    """Write a rulebook's first files and the schemas into a folder, which is created if necessary.

    Raises `UsageError`, and then nothing has changed.
    """
    admit_rulebook(folder)
    files = {folder / file: text for file, text in texts.items()}
    with write_errors(folder), output_files(files, stage=folder):
        _check_no_new_errors([], folder)
        write_schemas(folder, offered_by(folder))


def _errors(folder: Path) -> list[Diagnostic]:
    """Return the errors of a rulebook, except placeholders."""
    try:
        diagnostics: Iterable[Diagnostic] = read_folder(folder, scenarios=True).diagnostics
    except RulebookError as failure:
        diagnostics = failure.diagnostics
    return [diagnostic for diagnostic in diagnostics if diagnostic.code != "to-fill-in"]


def _check_no_new_errors(before: Collection[Diagnostic], folder: Path) -> None:
    """Raise `UsageError` if new files caused errors: they must load once their placeholders are filled in."""
    known = {(diagnostic.code, diagnostic.location, diagnostic.message) for diagnostic in before}
    more = [
        diagnostic
        for diagnostic in _errors(folder)
        if (diagnostic.code, diagnostic.location, diagnostic.message) not in known
    ]
    if more:
        helps = [f"{diagnostic.help}; " if diagnostic.help else "" for diagnostic in more]
        raise UsageError(
            [
                evolve(diagnostic, help=f"{help_}nothing has changed")
                for diagnostic, help_ in zip(more, helps, strict=True)
            ]
        )


def write_schemas(folder: Path, offered: Offered) -> None:
    """Write the schemas of all kinds of files into the rulebook."""
    write(folder / SCHEMAS, {kind: json_schema(kind, offered) for kind in KINDS})


def _admit(place: str, rulebook: Path) -> None:
    """Raise `UsageError` for a folder outside the rulebook, or one where no rules are read."""
    parts = PurePosixPath(place).parts
    is_within = place == "/".join(parts) and all(
        part.isprintable() and not part.startswith(".") and "\\" not in part for part in parts
    )
    if not parts or not is_within or not (rulebook / place).resolve().is_relative_to(rulebook.resolve()):
        help_ = "name a folder of the rulebook, such as `precautions`; hidden ones are ignored"
        raise UsageError([Diagnostic(f"`{place[:60]}` is not a folder for rules", location="--folder", help=help_)])


def admit_rulebook(folder: Path) -> None:
    """Raise `UsageError` for a folder that contains anything but hidden files."""
    if not (folder.is_symlink() or folder.exists()):
        return
    location = str(folder)
    if not folder.is_dir():
        help_ = "name a folder; it is created if necessary"
        raise UsageError([Diagnostic("expected a folder, found a file", location=location, help=help_)])
    with write_errors(folder):
        found = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    if "rulebook.yaml" in found:
        help_ = f"`backscreen rules new ID --rulebook {folder}` adds a rule to it; name another folder to start one"
        raise UsageError([Diagnostic("this folder already contains a rulebook", location=location, help=help_)])
    if found:
        message = f"this folder is not empty: it contains `{found[0][:60]}`"
        raise UsageError([Diagnostic(message, location=location, help="name an empty folder, or a new one")])
