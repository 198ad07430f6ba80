"""The documentation's code blocks: each is checked by a test, here if by no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from backscreen import Screener, load_profile
from backscreen.authoring.schema.json_schema import KINDS, json_schema
from backscreen.authoring.schema.names import offered_by
from tests.helpers.editing import as_editors_read

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(?P<language>\S*)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
CHECKED_BY = {
    ("docs/codes.md", "yaml"): "authoring/test_explanations.py",
    ("docs/editors.md", "json"): "docs/test_blocks.py",
    ("docs/editors.md", "yaml"): "docs/test_blocks.py",
    ("docs/first-rulebook.md", "yaml"): "docs/test_commands.py",
    ("docs/mutation-testing.md", "sh"): "campaign/mutation.py",
    ("docs/rulebook-format.md", "yaml"): "docs/test_blocks.py",
    ("docs/testing-rules.md", "toml"): "testing/test_plugin.py",
    ("docs/using.md", "yaml"): "docs/test_blocks.py",
}
"""The test that checks the blocks of a page and language.

test_commands.py runs `console` blocks, and pytest's doctest runs Python.
"""
NO_CODE = {"", "mermaid", "text", "{eval-rst}", "{literalinclude}"}
FORMAT = ("rulebook", "facts", "stretches", "statements", "rule", "scenarios")
"""The kinds of the blocks in docs/rulebook-format.md, in their order."""


def blocks(page: str, language: str) -> list[str]:
    return [
        match["text"] for match in BLOCK.finditer((ROOT / page).read_text("utf-8")) if match["language"] == language
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_is_checked(page: Path) -> None:
    """Every block with a language is a command, a doctest or checked by a named test."""
    name = page.relative_to(ROOT).as_posix()
    for block in BLOCK.finditer(page.read_text("utf-8")):
        match block["language"]:
            case "console":
                assert block["text"].startswith("$ "), block[0]
            case "python":
                assert ">>> " in block["text"], block[0]
            case other:
                assert other in NO_CODE or (ROOT / "tests" / CHECKED_BY[name, other]).is_file(), block[0]


@pytest.mark.parametrize("kind", FORMAT)
def test_format_examples_match_the_schema(kind: str) -> None:
    """Each example in docs/rulebook-format.md is valid by the editor schema of its kind."""
    shown = blocks("docs/rulebook-format.md", "yaml")
    assert len(shown) == len(FORMAT)
    jsonschema.Draft7Validator(json_schema(kind, offered_by("lower-back"))).validate(
        as_editors_read(shown[FORMAT.index(kind)])
    )


def test_example_profile_can_be_screened(tmp_path: Path) -> None:
    """The profile in docs/using.md can be loaded and screened."""
    (shown,) = blocks("docs/using.md", "yaml")
    (tmp_path / "me.yaml").write_text(shown, encoding="utf-8")
    profile = load_profile(tmp_path / "me.yaml")
    assert profile.facts
    assert profile.trials
    assert Screener().screen(profile).assumed


def test_editor_settings_name_all_schemas() -> None:
    """The settings in docs/editors.md map every schema but that of a profile."""
    (line,) = blocks("docs/editors.md", "yaml")
    (settings,) = blocks("docs/editors.md", "json")
    named = [Path(name).name for name in json.loads(settings)["yaml.schemas"]]
    assert sorted(named) == sorted(f"{kind}.schema.json" for kind in KINDS if kind != "profile")
    assert line.strip().endswith("=../.schemas/rule.schema.json")
