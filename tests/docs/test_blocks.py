"""Every block of code in the documentation is looked at by some test: those that no other test looks at, by this one."""

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
LOOKED_AT = {
    ("docs/codes.md", "yaml"): "authoring/test_explanations.py",
    ("docs/editors.md", "json"): "docs/test_blocks.py",
    ("docs/editors.md", "yaml"): "docs/test_blocks.py",
    ("docs/first-rulebook.md", "yaml"): "docs/test_commands.py",
    ("docs/mutation-testing.md", "sh"): "campaign/mutation.py",
    ("docs/rulebook-format.md", "yaml"): "docs/test_blocks.py",
    ("docs/testing-rules.md", "toml"): "testing/test_plugin.py",
    ("docs/using.md", "yaml"): "docs/test_blocks.py",
}
"""By page and language: what looks at such blocks. Commands (`console`) are run by test_docs.py, Python by pytest's doctest."""
NO_CODE = {"", "mermaid", "text", "{eval-rst}", "{literalinclude}"}
FORMAT = ("rulebook", "facts", "stretches", "statements", "rule", "scenarios")
"""What the blocks of the format's page are, in its order."""


def blocks(page: str, language: str) -> list[str]:
    return [
        match["text"] for match in BLOCK.finditer((ROOT / page).read_text("utf-8")) if match["language"] == language
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_block_of_code_goes_unlooked_at(page: Path) -> None:
    name = page.relative_to(ROOT).as_posix()
    for block in BLOCK.finditer(page.read_text("utf-8")):
        match block["language"]:
            case "console":
                assert block["text"].startswith("$ "), block[0]
            case "python":
                assert ">>> " in block["text"], block[0]
            case other:
                assert other in NO_CODE or (ROOT / "tests" / LOOKED_AT[name, other]).is_file(), block[0]


@pytest.mark.parametrize("kind", FORMAT)
def test_the_format_is_shown_as_it_is(kind: str) -> None:
    shown = blocks("docs/rulebook-format.md", "yaml")
    assert len(shown) == len(FORMAT)
    jsonschema.Draft7Validator(json_schema(kind, offered_by("lower-back"))).validate(
        as_editors_read(shown[FORMAT.index(kind)])
    )


def test_the_profile_that_is_shown_can_be_screened(tmp_path: Path) -> None:
    (shown,) = blocks("docs/using.md", "yaml")
    (tmp_path / "me.yaml").write_text(shown, encoding="utf-8")
    profile = load_profile(tmp_path / "me.yaml")
    assert profile.facts
    assert profile.trials
    assert Screener().screen(profile).assumed


def test_the_settings_for_editors_name_the_schemas_that_there_are() -> None:
    (line,) = blocks("docs/editors.md", "yaml")
    (settings,) = blocks("docs/editors.md", "json")
    named = [Path(name).name for name in json.loads(settings)["yaml.schemas"]]
    assert sorted(named) == sorted(f"{kind}.schema.json" for kind in KINDS if kind != "profile")
    assert line.strip().endswith("=../.schemas/rule.schema.json")
