"""Completion in bash, zsh and fish themselves: facts, answers, stretches, rulebooks, codes, files and folders."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.small import Folder, Texts

PROGRAMS = str(Path(sys.executable).parent)

# What is typed, and what its last word may become.
COMPLETED = [
    ("backscreen screen --has scolio", "scoliosis"),
    ("backscreen screen --has sciatica --lacks osteop", "osteoporosis"),
    ("backscreen screen --otherwise no --trial side_be", "side_bend"),
    ("backscreen screen --fact smok", "smoker=yes"),
    ("backscreen screen --fact smoker=u", "smoker=unsure"),
    ("backscreen screen --profile per", "person.yaml"),
    ("backscreen screen --rules red", "red-flags"),
    ("backscreen facts --rules mi", "mine/"),
    ("backscreen screen --rules mine/ --has from", "from_sitting"),
    ("backscreen stretches --rules mine/ far", "far_toe_reach"),
    ("backscreen stretches side_b", "side_bend"),
    ("backscreen rules check lower", "lower-back"),
    ("backscreen rules explain never-h", "never-holds"),
    ("backscreen screen --otherwise unk", "unknown"),
]


def shell(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture
def place(tmp_path: Path, folder: Folder, small: Texts, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a profile, a rulebook and nothing else, and the program on the path."""
    rulebook = folder(small)
    for path in rulebook.iterdir():
        if path.is_dir():  # only rules, which completion does not need
            shutil.rmtree(path)
    (tmp_path / "person.yaml").write_text("facts: {}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TERM", "dumb")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / ".home"))
    return tmp_path


def script_of(name: str, place: Path) -> Path:
    script = place / ".home" / f"completion.{name}"
    script.parent.mkdir(exist_ok=True)
    script.write_bytes(
        subprocess.run([f"{PROGRAMS}/backscreen", "completion", name], check=True, capture_output=True).stdout
    )
    return script


@pytest.mark.parametrize(("typed", "word"), COMPLETED)
def test_bash_completes(place: Path, typed: str, word: str) -> None:
    """Bash, asked through the function that the script registers."""
    call = """
source "$1"
read -ra COMP_WORDS <<< "$2"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
[[ "$(complete -p backscreen)" =~ "-F "([^ ]+) ]]
"${BASH_REMATCH[1]}"
printf "%s\\n" "${COMPREPLY[@]}"
"""
    done = subprocess.run(
        [shell("bash"), "-c", call, "-", str(script_of("bash", place)), typed],
        check=True,
        capture_output=True,
        text=True,
    )
    assert word.removesuffix("/") in {line.removesuffix("/") for line in done.stdout.splitlines()}, done.stderr


@pytest.mark.parametrize(("typed", "word"), COMPLETED)
def test_fish_completes(place: Path, typed: str, word: str) -> None:
    """Fish, asked for everything that it would offer."""
    command = [
        shell("fish"),
        "--no-config",
        "-c",
        'source $argv[1]; complete -C "$argv[2]"',
        str(script_of("fish", place)),
        typed,
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert word in {line.partition("\t")[0] for line in done.stdout.splitlines()}, done.stderr


def test_zsh_completes(place: Path) -> None:
    """Zsh at a terminal: each line is typed, completed by the tab key, and then shown by a key of our own."""
    script = script_of("zsh", place)
    start = f"""
PS1= PS2= RPS1=; unsetopt zle_bracketed_paste 2>/dev/null
autoload -Uz compinit; compinit -u -D; source {script}
show() {{ print -r -- "<<$BUFFER>>"; BUFFER= }}
zle -N show; bindkey '^I' complete-word; bindkey '^X' show; print ready''now
"""
    zsh, done = shell("zsh"), {}
    process, terminal = pty.fork()
    if process == 0:
        os.execv(zsh, ["zsh", "-f", "-i"])  # noqa: S606 - the shell itself
    with os.fdopen(terminal, "r+b", buffering=0) as stream:
        stream.write(start.encode())
        _until(stream.fileno(), b"readynow")
        for typed, _ in COMPLETED:
            stream.write(typed.encode() + b"\t\x18")
            done[typed] = _until(stream.fileno(), b">>").rpartition(b"<<")[2].partition(b">>")[0].decode().split()[-1]
        stream.write(b"exit\n")
    os.waitpid(process, 0)
    assert {typed: word for typed, word in done.items() if not _fits(typed, word)} == {}


def _fits(typed: str, word: str) -> bool:
    """Whether the line was completed as far as can be: to the word, or to what all answers to a fact have in common."""
    expected = dict(COMPLETED)[typed]
    return word in (expected, expected.removesuffix("yes"))


def _until(terminal: int, end: bytes) -> bytes:
    printed = b""
    while end not in printed:
        assert select.select([terminal], [], [], 60)[0], printed
        printed += os.read(terminal, 4096)
    return printed
