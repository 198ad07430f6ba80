"""New files → a rulebook's folder: all of them or none, and never over one that is there."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from attrs import evolve

from backscreen.authoring.scaffold.drafts import Ground
from backscreen.authoring.scaffold.rule_template import SCHEMAS, Draft, rule_text
from backscreen.authoring.schema.json_schema import KINDS, json_schema
from backscreen.authoring.schema.names import Names, Offered, offered_by
from backscreen.authoring.schema.schema_files import write
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError, UsageError
from backscreen.loading.rulebook_files import read_folder

_STAGE = ".new-"


def write_rule(draft: Draft, ground: Ground, folder: str | None = None) -> Path:
    """Write the rule into a folder of the rulebook, and the schemas anew; the path of its file.

    Raises `UsageError`, and then nothing has changed.
    """
    place = draft.folder if folder is None else folder.removesuffix("/")
    _admit(place, ground.folder)
    path = ground.folder / place / f"{draft.id}.yaml"
    rules = Names({**ground.offered.rules.meanings, draft.id: draft.title or ""}, ground.offered.rules.whole)
    before = _wrong(ground.folder)
    with scoped({path: rule_text(draft, place)}, ground.folder / SCHEMAS, beside=ground.folder):
        _insist_on_no_more(before, ground.folder)
        write_schemas(ground.folder, evolve(ground.offered, rules=rules))
    return path


def write_rulebook(folder: Path, texts: Mapping[str, str]) -> None:
    """Write a rulebook's first files into a folder, which is made if it is not there, and the schemas; raises `UsageError`, and then nothing has changed."""
    admit_rulebook(folder)
    beside = next(above for above in (folder, *folder.absolute().parents) if above.is_dir())
    with scoped({folder / file: text for file, text in texts.items()}, folder / SCHEMAS, beside=beside):
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
    try:
        found = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as failure:
        raise UsageError([_failure(failure, folder)]) from None
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


@contextmanager
def scoped(texts: Mapping[Path, str], folder: Path, beside: Path) -> Iterator[None]:
    """Files, and a folder, that stay if the block ends well, and are taken away again if it does not.

    The files are written into a folder of their own in `beside`, which must be on the same disk, before the first of them is put in its place.
    """
    made: list[Path] = []
    try:
        with TemporaryDirectory(dir=beside, prefix=_STAGE) as stage:
            staged = {path: Path(stage) / str(number) for number, path in enumerate(texts)}
            for path, text in texts.items():
                staged[path].write_text(text, encoding="utf-8", newline="\n")
            for path, new in staged.items():
                _make(path.parent, made)
                _move(new, path)
                made.append(path)
        _make(folder, made)
        yield
    except BaseException as failure:
        for path in reversed(made):
            with suppress(OSError):  # a folder that something else has come into stays
                path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(failure, OSError):
            raise UsageError([_failure(failure, beside)]) from None
        raise


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it; what was not there is taken down."""
    for above in (*reversed(folder.parents), folder):
        if not above.is_dir():
            above.mkdir()
            made.append(above)


def _move(new: Path, path: Path) -> None:
    """Put a file in its place, where none may be."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        new.replace(path)


def _failure(failure: OSError, folder: Path) -> Diagnostic:
    said = (failure.strerror or "unknown reason").lower()
    named = str(failure.filename2 or failure.filename or folder)
    where = str(folder) if _STAGE in named else named
    return Diagnostic(
        f"nothing can be written here: {said}",
        location=where,
        help="check that there is room and that it may be written to; nothing has changed",
    )
