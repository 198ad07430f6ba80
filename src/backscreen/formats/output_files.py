"""Output files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError

_STAGE = ".backscreen-"


@contextmanager
def write_errors(folder: Path) -> Iterator[None]:
    """Raise `UsageError` for every file or folder that the block cannot write."""
    try:
        yield
    except OSError as failure:
        reason = (failure.strerror or "unknown reason").lower()
        named = str(failure.filename2 or failure.filename or folder)
        location = str(folder) if _STAGE in named else named
        help_ = "check that the folder is writable and the disk has room; nothing has changed"
        raise UsageError([Diagnostic(f"cannot write here: {reason}", location=location, help=help_)]) from None
    except ValueError:  # a null byte in a path, say
        shown = str(folder)[:200].encode("unicode_escape").decode()
        raise UsageError([Diagnostic("this is not a folder name", location=shown, help="check the path")]) from None


def write_files(files: Mapping[Path, str], stage: Path, remove: Iterable[Path] = ()) -> None:
    """Write files over those that exist, and remove others; on failure, put everything back."""
    with output_files(files, stage, replace=True, remove=remove):
        pass


@contextmanager
def output_files(
    files: Mapping[Path, str], stage: Path, *, replace: bool = False, remove: Iterable[Path] = ()
) -> Iterator[None]:
    """Write files that stay if the block succeeds; if it fails, put everything back as it was.

    Each file is first written into a hidden folder in `stage`, which must be on the same disk. Without `replace`, a
    file that exists raises `FileExistsError`. Missing folders are made.
    """
    made: list[Path] = []
    try:
        for folder in dict.fromkeys((stage, *(path.parent for path in files))):
            _make_folder(folder, made)
        with TemporaryDirectory(dir=stage, prefix=_STAGE) as staged, _undone_on_failure() as moves:
            for number, text in enumerate(files.values()):
                Path(staged, f"new-{number}").write_text(text, encoding="utf-8", newline="\n")
            for number, path in enumerate((*files, *remove)):
                if number >= len(files) or (replace and path.exists()):
                    moves.move(path, Path(staged, f"old-{number}"))
                if number < len(files):
                    place = moves.move if replace else moves.add
                    place(Path(staged, f"new-{number}"), path)
            yield
    except BaseException:
        for folder in reversed(made):
            with suppress(OSError):  # not empty: another process has written into it
                folder.rmdir()
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and its parents, and record those that did not exist."""
    for parent in (*reversed(folder.parents), folder):
        if not parent.is_dir():
            parent.mkdir()
            made.append(parent)


class _Moves:
    """Moves of files that can be undone."""

    def __init__(self) -> None:
        self._done: list[tuple[Path, Path]] = []

    def move(self, source: Path, target: Path) -> None:
        """Move a file."""
        if source.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(source))
        os.replace(source, target)  # noqa: PTH105 - atomic on every system
        self._done.append((source, target))

    def add(self, source: Path, target: Path) -> None:
        """Move a file to a path where none may exist."""
        try:
            os.link(source, target)
            source.unlink()
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if target.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
            os.replace(source, target)  # noqa: PTH105 - atomic on every system
        self._done.append((source, target))

    def undo(self) -> None:
        """Move every file back, the last one first."""
        for source, target in reversed(self._done):
            with suppress(OSError):
                os.replace(target, source)  # noqa: PTH105 - atomic on every system


@contextmanager
def _undone_on_failure() -> Iterator[_Moves]:
    """Give a record of moves, which are undone if the block fails."""
    moves = _Moves()
    try:
        yield moves
    except BaseException:
        moves.undo()
        raise
