"""Output files that appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from backscreen import UsageError
from backscreen.formats.output_files import output_files, write_errors, write_files


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_new_files_stay_when_the_block_succeeds(tmp_path: Path) -> None:
    """Missing folders are made, and no staging folder is left."""
    with output_files({tmp_path / "a/b/one": "1", tmp_path / "two": "2"}, tmp_path / "a"):
        pass
    assert contents(tmp_path) == {"a/b/one": "1", "two": "2"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "two"]


def test_new_files_and_folders_go_when_the_block_fails(tmp_path: Path) -> None:
    """Every file and folder that was made is removed."""
    with pytest.raises(KeyboardInterrupt), output_files({tmp_path / "a/b/one": "1"}, tmp_path / "a"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    """Without `replace`, an existing file is an error and keeps its text."""
    (tmp_path / "two").write_text("old")
    files = {tmp_path / "one": "1", tmp_path / "two": "2"}
    with pytest.raises(UsageError) as caught, write_errors(tmp_path), output_files(files, tmp_path):
        pass
    assert [diagnostic.location for diagnostic in caught.value.diagnostics] == [str(tmp_path / "two")]
    assert contents(tmp_path) == {"two": "old"}


def test_replaced_and_removed_files_come_back_on_failure(tmp_path: Path) -> None:
    """A target that is a folder undoes what was already replaced and removed."""
    (tmp_path / "one").write_text("old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_files({tmp_path / "one": "new", tmp_path / "folder": "x"}, tmp_path)
    assert contents(tmp_path) == {"one": "old"}
    write_files({tmp_path / "two": "2"}, tmp_path, remove=[tmp_path / "one"])
    assert contents(tmp_path) == {"two": "2"}


def test_null_byte_in_a_path_is_a_usage_error(tmp_path: Path) -> None:
    """The path is shown escaped."""
    with pytest.raises(UsageError, match=r"a\\x00b"), write_errors(tmp_path / "a\0b"):
        write_files({tmp_path / "a\0b" / "one": "1"}, tmp_path / "a\0b")
