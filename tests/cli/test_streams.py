"""Exit codes: a command ends with the code that it came to, whatever becomes of its output."""

from __future__ import annotations

import fcntl
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backscreen.cli import main
from backscreen.cli.app import app
from backscreen.cli.streams import Output
from tests.helpers.broken import changed
from tests.helpers.small import AVOID, STATEMENTS, Folder, Texts

PROGRAM = str(Path(sys.executable).with_name("backscreen"))
BASH = shutil.which("bash")
FULL = Path("/dev/full")

COMMANDS: list[tuple[str, int]] = [
    ("screen --exit-code --has chest_pain", 1),
    ("screen --exit-code --has chest_pain --format json", 1),
    ("screen --exit-code --has chest_pain --format markdown", 1),
    ("screen --exit-code --otherwise no", 0),
    ("stretches", 0),
    ("facts --template", 0),
    ("completion bash", 0),
    ("rules check BROKEN", 1),
    ("rules check BROKEN --format json", 1),
    ("rules test BROKEN", 1),
    ("rules test BROKEN --mutate", 1),
    ("rules coverage BROKEN", 1),
    ("rules explain never-holds", 0),
    ("rules schema BROKEN", 0),
    ("rules docs PAGES BROKEN", 0),
    ("rules new --rulebook NEW --title Mine", 0),
    ("--help", 0),
    ("help", 0),
    ("help screen", 0),
    ("--version", 0),
    ("screen --bogus", 2),
    ("rules test UNREADABLE", 2),
]


@pytest.fixture
def place(folder: Folder, small: Texts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with rulebooks that are broken and that cannot be read."""
    wrong = changed(small, AVOID, ("directive: care", "directive: stop"))
    folder(changed(wrong, STATEMENTS, ("becomes: [background]", "becomes: [rule]"))).rename(tmp_path / "BROKEN")
    folder(changed(small, AVOID, ("effect: avoid", "effect: avoidd"))).rename(tmp_path / "UNREADABLE")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Short(io.RawIOBase):
    """A pipe whose reader leaves after some bytes."""

    def __init__(self, left: int) -> None:
        self._left = left

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        size = memoryview(data).nbytes  # type: ignore[arg-type]
        if not self._left:
            raise BrokenPipeError(32, "Broken pipe")
        taken = min(size, self._left)
        self._left -= taken
        return taken


def test_every_command_is_tried() -> None:
    """The list above names every command that there is."""
    tried = {command.split()[0] for command, _ in COMMANDS} | {
        f"rules {command.split()[1]}" for command, _ in COMMANDS if command.startswith("rules ")
    }
    there = {*app, *(f"rules {name}" for name in app["rules"])}
    assert {name for name in there if not name.split()[-1].startswith("-")} <= tried


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("command", "code"), COMMANDS)
@pytest.mark.parametrize("after", [0, 1, 10, 5000])
def test_a_reader_that_leaves_changes_no_code(
    monkeypatch: pytest.MonkeyPatch, command: str, code: int, after: int
) -> None:
    """A reader that leaves after some bytes, of output or of errors, leaves the code as it is."""
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(io.BufferedWriter(Short(after))))
    with pytest.raises(SystemExit) as stop:
        main(command.split())
    assert stop.value.code == code


@pytest.mark.usefixtures("place")
@pytest.mark.skipif(BASH is None or not FULL.exists(), reason="bash or /dev/full is missing")
@pytest.mark.parametrize(("command", "code"), COMMANDS)
def test_the_program_ends_with_its_code(command: str, code: int) -> None:
    """In a real pipeline, with streams closed, and on a full disk, which turns success into an error."""
    calls = [
        '"$0" {} | true',
        '"$0" {} >&-',
        '"$0" {} >&- 2>&- <&-',
        '"$0" {} >/dev/full',
        '"$0" {} >/dev/full 2>/dev/full',
    ]
    script = "\n".join(f"rm -rf PAGES NEW; {call.format(command)}; echo ${{PIPESTATUS[0]}} >>codes" for call in calls)
    subprocess.run([str(BASH), "-c", script, PROGRAM], check=True, capture_output=True)
    assert Path("codes").read_text().split() == [str(code)] * 3 + [str(code or 2)] * 2


@pytest.mark.skipif(BASH is None, reason="bash is missing")
def test_pipefail_sees_a_stop_behind_head() -> None:
    """The pipeline of a script that guards itself with `pipefail` fails on a stop."""
    script = 'set -o pipefail; "$0" screen --exit-code --has chest_pain --format json | head -c 10'
    done = subprocess.run([str(BASH), "-c", script, PROGRAM], check=False, capture_output=True)
    assert (done.returncode, len(done.stdout), done.stderr) == (1, 10, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="sizes of pipes are Linux's")
def test_a_full_pipe_that_does_not_block_loses_nothing() -> None:
    """A pipe that takes no more for a while gets the whole output all the same."""
    whole = subprocess.run([PROGRAM, "stretches", "--format", "json"], check=True, capture_output=True).stdout
    reader, writer = os.pipe()
    size = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(writer, False)
    os.write(writer, b"x" * size)
    with subprocess.Popen([PROGRAM, "stretches", "--format", "json"], stdout=writer, stderr=subprocess.PIPE) as process:
        os.close(writer)
        with os.fdopen(reader, "rb") as stream:
            assert stream.read() == b"x" * size + whole
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait()) == (b"", 0)


def test_a_stream_is_given_up_after_its_first_failure() -> None:
    """The first failure is kept, and nothing is written after it."""
    output = Output(Short(3))
    assert [output.write(b"ab"), output.write(b"cd"), output.write(b"ef"), output.write(b"gh")] == [2, 1, 2, 2]
    assert isinstance(output.failure, BrokenPipeError)
