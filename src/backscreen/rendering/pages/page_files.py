"""Pages → files in a folder, all of them or none; nothing is overwritten or taken away that is not a page of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from backscreen.authoring.schema.schema_files import admit
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError
from backscreen.rendering.pages.markup import MARK

Books = Mapping[str, Mapping[str, str]]
"""The pages of each rulebook, by its id and by their paths below its folder."""


def write(out: Path, books: Books) -> None:
    """Write each rulebook's pages below `out / id`, and take away those of rules that are gone.

    Raises `UsageError`, and then every file is there as it was.
    """
    try:
        _write(out, books)
    except OSError as failure:
        what = f"the pages cannot be written: {(failure.strerror or 'unknown reason').lower()}"
        where = str(failure.filename or out).partition(f"{os.sep}.pages-")[0]
        raise UsageError(
            [
                Diagnostic(
                    what, location=where, help="name a folder that may be written to; it is made if it is not there"
                )
            ]
        ) from None
    except ValueError:
        shown = str(out)[:200].encode("unicode_escape").decode()
        raise UsageError(
            [Diagnostic("this is not the name of a folder", location=shown, help="check the path")]
        ) from None


def _write(out: Path, books: Books) -> None:
    for name in books:
        admit(out / name / "rules")
    targets = {out / name / path: text for name, pages in books.items() for path, text in pages.items()}
    folders = [folder for name in books for folder in (out / name, out / name / "rules")]
    strange = [
        *(folder for folder in folders if folder.is_symlink()),
        *(target for target in targets if os.path.lexists(target) and not _is_ours(target)),
    ]
    if strange:
        help_ = (
            "move it away, or name another folder; only pages that `backscreen rules docs` has written are written anew"
        )
        raise UsageError(
            [
                Diagnostic("this was not written by `backscreen rules docs`", location=str(path), help=help_)
                for path in strange
            ]
        )
    for folder in (out, *folders):
        folder.mkdir(parents=True, exist_ok=True)
    gone = [
        page for folder in folders for page in sorted(folder.glob("*.md")) if page not in targets and _is_ours(page)
    ]
    with TemporaryDirectory(dir=out, prefix=".pages-") as beside:
        for number, text in enumerate(targets.values()):
            Path(beside, f"new-{number}").write_bytes(text.encode())
        _exchange(Path(beside), [*targets], gone)


def _is_ours(page: Path) -> bool:
    if page.is_symlink() or not page.is_file():
        return False
    with page.open("rb") as file:
        return file.readline(len(MARK) + 2).rstrip(b"\r\n") == MARK.encode()


def _exchange(beside: Path, targets: list[Path], gone: list[Path]) -> None:
    """Put the new pages in their places; what stood there goes back if not all of it can be done."""
    moved: list[tuple[Path, Path]] = []
    try:
        for source, target in _moves(beside, targets, gone):
            os.replace(source, target)  # noqa: PTH105 - at once, on every system
            moved.append((source, target))
    except BaseException:
        for source, target in reversed(moved):
            with suppress(OSError):
                os.replace(target, source)  # noqa: PTH105 - likewise
        raise


def _moves(beside: Path, targets: list[Path], gone: list[Path]) -> Iterator[tuple[Path, Path]]:
    for number, page in enumerate((*targets, *gone)):
        if page.exists():
            yield page, beside / f"old-{number}"
        if number < len(targets):
            yield beside / f"new-{number}", page
