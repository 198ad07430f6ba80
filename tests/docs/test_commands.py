"""What the documentation shows is what happens: its commands are run, its set-up lines are those of CI, its links lead somewhere.

A command stands in a fenced block marked `console`, behind `$ `. What is shown below it is compared line by line; a line `…` stands for any lines.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
import tomllib
from html import unescape
from pathlib import Path

import pytest
from attrs import frozen

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
README, CI = ((ROOT / name).read_text("utf-8") for name in ("README.md", ".ci/run"))
ANY = "…"
BASH = shutil.which("bash") or "bash"


@frozen
class Command:
    """A command of the documentation, and what is shown below it."""

    text: str
    shown: tuple[str, ...]


@frozen
class Block:
    """The commands of one fenced block, which are run one after the other in one folder."""

    at: str
    commands: tuple[Command, ...]


def blocks_of(page: str, name: str) -> list[Block]:
    """The `console` blocks of a page."""
    found = []
    for match in re.finditer(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        first, *parts = re.split(r"^\$ ", match[1], flags=re.MULTILINE)
        assert not first, f"{name}: a console block starts with a command"
        commands = []
        for part in parts:
            text, *shown = part.rstrip("\n").split("\n")
            commands.append(Command(text, tuple(shown)))
        found.append(Block(f"{name}:{page[: match.start()].count(chr(10)) + 1}", tuple(commands)))
    return found


def is_shown(came: str, shown: tuple[str, ...]) -> bool:
    """Whether the output is what the page shows, blanks at the ends of lines aside."""
    lines = "".join(f"{line.rstrip()}\n" for line in came.splitlines())
    return (
        re.fullmatch(
            "".join(r"(?:.*\n)*?" if line == ANY else re.escape(f"{line.rstrip()}\n") for line in shown), lines
        )
        is not None
    )


FIRST_RULEBOOK = ROOT / "docs" / "first-rulebook.md"
STEPS = re.compile(
    r"\*\*(?P<file>my-back/\S+)\*\*(?:(?!```).)*?^```yaml\n(?P<text>.*?)^```$|^```console\n.*?^```$",
    re.MULTILINE | re.DOTALL,
)
"""A file that the reader fills in, its name in bold above it; or commands."""
BLOCKS = [
    block
    for page in PAGES
    if page != FIRST_RULEBOOK
    for block in blocks_of(page.read_text("utf-8"), page.relative_to(ROOT).as_posix())
]
OURS = [block for block in BLOCKS if any(command.text.startswith("backscreen ") for command in block.commands)]
OTHERS = [
    (block.at, command.text)
    for block in BLOCKS
    for command in block.commands
    if not command.text.startswith("backscreen ")
]
SET_UP = [
    command.text
    for block in blocks_of(README, "README.md")
    for command in block.commands
    if command.text.startswith("python3 -m venv ")
]


def run_as_shown(command: Command, at: str, folder: Path) -> None:
    """Run a command of a page in a folder, and see that it says what the page shows."""
    scripts = sysconfig.get_path("scripts")
    environment = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "TTY_COMPATIBLE")}
    environment |= {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "80", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [BASH, "-c", command.text],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in ((0, 1, 2) if command.shown else (0,)):
        pytest.fail(f"{at}: $ {command.text}\nends with {done.returncode}:\n{done.stdout}", pytrace=False)
    if not is_shown(done.stdout, command.shown):
        pytest.fail(f"{at}: $ {command.text}\nsays something else than the page:\n{done.stdout}", pytrace=False)


@pytest.mark.parametrize("block", OURS, ids=lambda block: block.at)
def test_commands_of_the_documentation_do_what_it_shows(block: Block, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for command in block.commands:
        run_as_shown(command, block.at, tmp_path)


def test_a_newcomer_gets_from_an_empty_folder_to_a_rulebook_that_is_checked_tested_and_used(tmp_path: Path) -> None:
    """The page is done from its first line to its last, in one folder, as its reader would."""
    written = 0
    for step in STEPS.finditer(FIRST_RULEBOOK.read_text("utf-8")):
        if step["file"]:
            path = tmp_path / step["file"]
            assert path.is_file(), f"{step['file']} was written by no command before"
            path.write_text(step["text"], encoding="utf-8")
            written += 1
        else:
            for command in (command for block in blocks_of(step[0], FIRST_RULEBOOK.name) for command in block.commands):
                run_as_shown(command, FIRST_RULEBOOK.name, tmp_path)
    assert written == FIRST_RULEBOOK.read_text("utf-8").count("```yaml")


def test_both_lines_that_set_up_a_fresh_clone_are_run_by_ci() -> None:
    picked = re.findall(r"readme_command '([^']+)'", CI)
    assert len(SET_UP) == len(picked) == 2
    assert [[line for line in SET_UP if ending in line] for ending in picked] == [[line] for line in SET_UP]


@pytest.mark.parametrize(("at", "command"), OTHERS, ids=[at for at, _ in OTHERS])
def test_every_other_command_is_one_that_ci_runs(at: str, command: str) -> None:
    of_ci = [".ci/run", *(line.strip() for line in CI.splitlines())]
    assert command in (*SET_UP, *of_ci), f"{at}: nobody runs `{command}`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        path, _, heading = target.partition("#")
        if path.startswith("https:"):
            continue
        there = page.parent / path if path else page
        assert there.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}, (
                target
            )


def test_architecture_names_existing_files() -> None:
    """Every path on the page exists, in the package or in the project."""
    named = re.findall(r"`([\w./]*/[\w./]*)`", (ROOT / "docs/architecture.md").read_text("utf-8"))
    placeholders = re.compile(r"[A-Z]{4,}")
    missing = [
        path
        for path in named
        if not placeholders.search(path) and not any((top / path).exists() for top in (ROOT, ROOT / "src/backscreen"))
    ]
    assert named
    assert not missing


def test_the_picture_shows_what_the_program_says() -> None:
    svg = (ROOT / "docs/screening.svg").read_text("utf-8")
    title, *texts = (unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    command = title.replace("\N{NO-BREAK SPACE}", " ").split()
    assert command[0] == "backscreen"
    done = subprocess.run(
        [str(Path(sysconfig.get_path("scripts")) / "backscreen"), *command[1:]],
        env={**os.environ, "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    pictured = "".join("".join(texts).split()).removesuffix(ANY)
    assert len(pictured) > 500
    if not "".join(done.stdout.split()).startswith(pictured):
        pytest.fail("the report has changed: run `python docs/make_picture.py`", pytrace=False)


def test_the_picture_asks_the_network_for_nothing() -> None:
    svg = (ROOT / "docs/screening.svg").read_text("utf-8")
    assert re.findall(r"https?://[^\"' ]*", svg) == ["http://www.w3.org/2000/svg"]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    listed = re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs/dependencies.md").read_text("utf-8"), re.MULTILINE)
    assert set(listed) >= {re.split(r"[ <>=!~;\[]", one)[0] for one in wanted}


def test_the_glossary_is_in_the_order_of_the_alphabet() -> None:
    words = re.findall(r"^\*\*(.+?)\*\*", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE)
    assert words == sorted(words, key=lambda word: re.sub(r"[^a-z]", "", word.lower()))
    assert len(words) == len(set(words)) > 40


@pytest.mark.parametrize(
    "shown", [("one", "two"), (ANY,), ("one", ANY), (ANY, "two"), ("one", ANY, "two"), (ANY, "one", ANY, "two", ANY)]
)
def test_output_that_is_shown_is_recognised(shown: tuple[str, ...]) -> None:
    assert is_shown("one  \ntwo\n", shown)


@pytest.mark.parametrize(
    "shown", [(), ("one",), ("two",), ("two", ANY), (ANY, "one"), ("one", ANY, "one"), ("two", "one"), ("o.e", "two")]
)
def test_output_that_is_not_shown_is_noticed(shown: tuple[str, ...]) -> None:
    assert not is_shown("one\ntwo\n", shown)
