"""Ctrl-C: the program ends with 130 and without a word wherever it strikes, and leaves no file half written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.machine import PATIENCE

posix = pytest.mark.skipif(os.name != "posix", reason="another system interrupts differently")
STRIKES = 12
"""Interrupts of one command."""

# Runs the program and interrupts it at one of its audit events, such as an import or a file that is opened.
STRUCK = """
import os, sys
sys.argv = ["backscreen", *sys.argv[2:]]
strike, count = int(os.environ["STRIKE"]), 0
from backscreen.__main__ import entry
def count_down(*_):
    global count
    count += 1
    if count == strike:
        os.kill(os.getpid(), 2)
sys.addaudithook(count_down)
if not strike:
    leave = os._exit
    os._exit = lambda code: (os.write(2, str(count).encode()), leave(code))
entry()
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for compiled modules that no other program writes to: it would change how many moments a command has."""
    return tmp_path_factory.mktemp("compiled")


def struck(compiled: Path, strike: int, *command: str) -> tuple[int, str]:
    """Return exit code and errors of the command, interrupted at this event; with 0 not interrupted, but counted."""
    program = [sys.executable, "-c", STRUCK, "-", *command]
    environment = {
        **os.environ,
        "STRIKE": str(strike),
        "PYTHONPYCACHEPREFIX": str(compiled),
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONHASHSEED": "0",
    }
    ran = subprocess.run(
        program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, timeout=PATIENCE
    )
    return ran.returncode, ran.stderr.decode()


@posix
@pytest.mark.parametrize("command", [["screen", "--has", "sciatica"], ["--version"]])
def test_ctrl_c_ends_quietly_at_any_moment(command: list[str], compiled: Path) -> None:
    """Ctrl-C ends with 130 and prints nothing, from the first import to the last line."""
    struck(compiled, 0, *command)  # compiles whatever is imported
    code, moments = struck(compiled, 0, *command)
    assert (code, int(moments) > STRIKES) == (0, True)
    at = {1, *range(2, int(moments) - 5, int(moments) // STRIKES)}
    assert {strike: ended for strike in sorted(at) if (ended := struck(compiled, strike, *command)) != (130, "")} == {}


@posix
def test_ctrl_c_is_handled_before_anything_is_imported() -> None:
    """Only the package itself, which is empty, is imported before Ctrl-C is handled."""
    program = """
import _signal, sys
before = {*sys.modules}
def imported(event, arguments):
    unhandled = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
    if event == "import" and arguments[0] not in before and unhandled:
        print(arguments[0])
sys.addaudithook(imported)
import backscreen.__main__
assert _signal.getsignal(_signal.SIGINT) is not _signal.default_int_handler
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True, text=True)
    assert {*done.stdout.split()} == {"backscreen", "backscreen.__main__"}


@posix
def test_ctrl_c_that_is_ignored_stays_ignored() -> None:
    """A program started with SIGINT ignored, as `nohup` and scripts do, runs to its end."""
    command = 'trap "" INT; "$0" -c "$1" - --version'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, STRUCK],
        env={**os.environ, "STRIKE": "100"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"backscreen ")


@posix
def test_ctrl_c_while_files_are_written_leaves_none(compiled: Path, tmp_path: Path) -> None:
    """What was being written is removed: no temporary folder and no half of the pages stay behind."""
    out = tmp_path / "pages"
    struck(compiled, 0, "rules", "docs", str(tmp_path / "before"))  # compiles whatever is imported
    code, moments = struck(compiled, 0, "rules", "docs", str(out))
    assert code == 0
    written = sorted(path.relative_to(out) for path in out.rglob("*"))
    for strike in range(int(moments) - 400, int(moments) - 5, 40):
        place = tmp_path / str(strike)
        assert struck(compiled, strike, "rules", "docs", str(place)) == (130, "")
        left = sorted(path.relative_to(place) for path in place.rglob("*") if path.is_file())
        assert left in ([], [path for path in written if (out / path).is_file()])
