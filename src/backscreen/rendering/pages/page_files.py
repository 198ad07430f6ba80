"""Files of pages. Nothing that is not such a page is overwritten or removed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from backscreen.authoring.schema.schema_files import admit
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError
from backscreen.formats.output_files import write_errors, write_files
from backscreen.rendering.pages.markup import MARK

Books = Mapping[str, Mapping[str, str]]
"""The pages of each rulebook, by its id and by their paths below its folder."""


def write(out: Path, books: Books) -> None:
    """Write each rulebook's pages below `out / id`, and remove the pages of rules that are gone.

    Raises `UsageError`, and then nothing has changed.
    """
    for name in books:
        admit(out / name / "rules")
    files = {out / name / path: text for name, pages in books.items() for path, text in pages.items()}
    folders = [folder for name in books for folder in (out / name, out / name / "rules")]
    with write_errors(out):
        foreign = [
            *(folder for folder in folders if folder.is_symlink()),
            *(path for path in files if os.path.lexists(path) and not _is_page(path)),
        ]
        if foreign:
            help_ = "move it away, or name another folder"
            raise UsageError(
                [
                    Diagnostic("this was not written by `backscreen rules docs`", location=str(path), help=help_)
                    for path in foreign
                ]
            )
        found = [page for folder in folders for page in sorted(folder.glob("*.md"))]
        write_files(files, out, remove=[page for page in found if page not in files and _is_page(page)])


def _is_page(page: Path) -> bool:
    """Return whether a file was written by `backscreen rules docs`."""
    if page.is_symlink() or not page.is_file():
        return False
    with page.open("rb") as file:
        return file.readline(len(MARK) + 2).rstrip(b"\r\n") == MARK.encode()
