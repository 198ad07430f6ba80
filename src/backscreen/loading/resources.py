"""Rulebooks inside packages, such as `importlib.resources.files("my_app") / "rules"`, in a zip archive too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import define

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import RulebookError
from backscreen.formats.yaml_text import MOST_BYTES
from backscreen.loading.directory import MOST_BYTES_IN_ALL, MOST_ENTRIES, MOST_LEVELS


@contextmanager
def as_folder(resource: Traversable) -> Iterator[Path]:
    """Yield a folder with a temporary copy of a resource's files.

    `importlib.resources.as_file` accepts folders only since Python 3.12, and copies everything. This copies no more
    than a rulebook may hold, and reading it reports what is too much. Raises `RulebookError` where it cannot be copied.
    """
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "rulebook"
        try:
            if resource.is_dir():
                _Copy(resource.name, MOST_ENTRIES, MOST_BYTES_IN_ALL).copy(resource, folder)
        except OSError as failure:
            raise RulebookError(
                [Diagnostic("this cannot be read", location=resource.name, help=str(failure.strerror or failure))]
            ) from None
        yield folder


@define
class _Copy:
    """What may still be copied of a resource."""

    shown: str
    entries: int
    bytes: int

    def copy(self, resource: Traversable, folder: Path, levels: int = MOST_LEVELS + 2) -> None:
        """Copy a folder and what is below it."""
        folder.mkdir()
        for entry in islice(resource.iterdir(), self.entries + 1):
            self.entries -= 1
            if self.entries < 0 or self.bytes < 0:
                help_ = "a rulebook has far less; is this the right folder?"
                raise RulebookError(
                    [Diagnostic("there is too much here", location=self.shown, help=help_, code="too-many-files")]
                )
            if (
                Path(entry.name).name != entry.name or entry.name == ".." or "\\" in entry.name
            ):  # an archive may hold `..`
                help_ = "names of files must not lead elsewhere"
                raise RulebookError(
                    [Diagnostic("this archive is not sound", location=self.shown, help=help_, code="link-outside")]
                )
            if entry.is_dir():
                if levels:
                    self.copy(entry, folder / entry.name, levels - 1)
            else:
                with entry.open("rb") as stream:
                    content = stream.read(MOST_BYTES + 1)
                self.bytes -= len(content)
                (folder / entry.name).write_bytes(content)
