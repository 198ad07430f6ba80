"""The documentation's commands, links and picture.

Commands follow `$ ` in fenced blocks marked `console`. The output below a command is compared line by line; a line with
only `…` matches any number of lines.
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
    """Command of the documentation, and the output shown below it."""

    text: str
    shown: tuple[str, ...]


@frozen
class Block:
    """Commands of one fenced block, which run one after the other in one folder."""

    at: str
    commands: tuple[Command, ...]


def blocks_of(page: str, name: str) -> list[Block]:
    """Return the `console` blocks of a page."""
    blocks = []
    for match in re.finditer(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        first, *parts = re.split(r"^\$ ", match[1], flags=re.MULTILINE)
        assert not first, f"{name}: a console block starts with a command"
        commands = []
        for part in parts:
            text, *shown = part.rstrip("\n").split("\n")
            commands.append(Command(text, tuple(shown)))
        blocks.append(Block(f"{name}:{page[: match.start()].count(chr(10)) + 1}", tuple(commands)))
    return blocks


def is_shown(output: str, shown: tuple[str, ...]) -> bool:
    """Return whether the output matches the page, ignoring trailing blanks."""
    lines = "".join(f"{line.rstrip()}\n" for line in output.splitlines())
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
"""A file that the reader fills in, after its name in bold; or commands."""
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
    """Run a command of a page in a folder, and compare its output with the page."""
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
        pytest.fail(f"{at}: $ {command.text}\nhas another output than the page:\n{done.stdout}", pytrace=False)


@pytest.mark.parametrize("block", OURS, ids=lambda block: block.at)
def test_commands_have_the_output_shown(block: Block, tmp_path: Path) -> None:
    """Every `backscreen` command in the documentation prints what the page shows."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for command in block.commands:
        run_as_shown(command, block.at, tmp_path)


def test_tutorial_leads_to_a_working_rulebook(tmp_path: Path) -> None:
    """The tutorial works from its first line to its last, in one folder."""
    written = 0
    for step in STEPS.finditer(FIRST_RULEBOOK.read_text("utf-8")):
        if step["file"]:
            path = tmp_path / step["file"]
            assert path.is_file(), f"no earlier command wrote {step['file']}"
            path.write_text(step["text"], encoding="utf-8")
            written += 1
        else:
            for command in (command for block in blocks_of(step[0], FIRST_RULEBOOK.name) for command in block.commands):
                run_as_shown(command, FIRST_RULEBOOK.name, tmp_path)
    assert written == FIRST_RULEBOOK.read_text("utf-8").count("```yaml")


def test_set_up_lines_run_in_ci() -> None:
    """CI runs both of the README's lines that set up a fresh clone."""
    picked = re.findall(r"readme_command '([^']+)'", CI)
    assert len(SET_UP) == len(picked) == 2
    assert [[line for line in SET_UP if ending in line] for ending in picked] == [[line] for line in SET_UP]


@pytest.mark.parametrize(("at", "command"), OTHERS, ids=[at for at, _ in OTHERS])
def test_other_commands_run_in_ci(at: str, command: str) -> None:
    """CI runs every other command in the documentation."""
    of_ci = [".ci/run", *(line.strip() for line in CI.splitlines())]
    assert command in (*SET_UP, *of_ci), f"{at}: CI does not run `{command}`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_existing_headings(page: Path) -> None:
    """Every link within the project leads to a file and, if it names one, to a heading."""
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
    """Every path on the architecture page exists in the package or in the project."""
    named = re.findall(r"`([\w./]*/[\w./]*)`", (ROOT / "docs/architecture.md").read_text("utf-8"))
    placeholders = re.compile(r"[A-Z]{4,}")
    missing = [
        path
        for path in named
        if not placeholders.search(path) and not any((top / path).exists() for top in (ROOT, ROOT / "src/backscreen"))
    ]
    assert named
    assert not missing


def test_picture_shows_current_output() -> None:
    """The README's picture shows what its command prints."""
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


def test_picture_loads_nothing() -> None:
    """The picture contains no address but that of the SVG namespace."""
    svg = (ROOT / "docs/screening.svg").read_text("utf-8")
    assert re.findall(r"https?://[^\"' ]*", svg) == ["http://www.w3.org/2000/svg"]


def test_dependencies_are_explained() -> None:
    """Every library in pyproject.toml has a row in docs/dependencies.md."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(requirement for extra in project["optional-dependencies"].values() for requirement in extra),
    ]
    listed = re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs/dependencies.md").read_text("utf-8"), re.MULTILINE)
    assert set(listed) >= {re.split(r"[ <>=!~;\[]", requirement)[0] for requirement in wanted}


def test_glossary_is_alphabetical() -> None:
    """The words of the glossary are in alphabetical order, each of them once."""
    words = re.findall(r"^\*\*(.+?)\*\*", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE)
    assert words == sorted(words, key=lambda word: re.sub(r"[^a-z]", "", word.lower()))
    assert len(words) == len(set(words)) > 40


@pytest.mark.parametrize(
    "shown", [("one", "two"), (ANY,), ("one", ANY), (ANY, "two"), ("one", ANY, "two"), (ANY, "one", ANY, "two", ANY)]
)
def test_matching_output_is_recognised(shown: tuple[str, ...]) -> None:
    """A line `…` matches any number of lines, and trailing blanks are ignored."""
    assert is_shown("one  \ntwo\n", shown)


@pytest.mark.parametrize(
    "shown", [(), ("one",), ("two",), ("two", ANY), (ANY, "one"), ("one", ANY, "one"), ("two", "one"), ("o.e", "two")]
)
def test_other_output_is_rejected(shown: tuple[str, ...]) -> None:
    """Missing, extra, reordered and different lines are noticed."""
    assert not is_shown("one\ntwo\n", shown)
