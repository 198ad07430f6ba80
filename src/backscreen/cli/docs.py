"""`backscreen rules docs`: pages of Markdown for those who review rulebooks."""

from __future__ import annotations

from pathlib import Path

from backscreen.cli.interrupts import undone_when_interrupted
from backscreen.cli.options import Folder
from backscreen.cli.rulebook_choice import named


def docs(out: Path, folder: Folder = None) -> int:
    """Write Markdown pages for reviewers of a rulebook: rules, stretches, facts, statements and disagreements.

    Each rulebook's pages go into a folder that is named after its id. Older pages are overwritten, and pages of rules
    that no longer exist are removed; nothing else there is touched.

    Parameters
    ----------
    out
        A folder to write into; it is made if it is not there.
    folder
        A rulebook of your own; without it, the ones that come with backscreen.
    """
    from backscreen.loading.rulebook_files import readings
    from backscreen.rendering.pages.page_files import write
    from backscreen.rendering.pages.pages import pages

    books = {
        reading.book.id: pages(reading) for reading in readings(None if folder is None else named(folder), tests=True)
    }
    with undone_when_interrupted():
        write(out, books)
    for name, written in books.items():
        print(f"{len(written)} pages written to {out / name}")
    return 0
