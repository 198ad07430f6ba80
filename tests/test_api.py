"""Public names, and the example application that uses all of them."""

from __future__ import annotations

import ast
import runpy
import sys
import zipfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import backscreen
from backscreen import Diagnostic, Profile, RulebookError, Screener, load_rulebooks
from backscreen.loading import resources
from tests.helpers.small import Folder, Texts

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "wellness.py"


def test_example_uses_every_public_name() -> None:
    """So CI checks the types of all public names."""
    tree = ast.parse(EXAMPLE.read_text("utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "backscreen"
        for alias in node.names
    }
    assert imported == {*backscreen.__all__, "__version__"}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert imported <= used


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 0), (["examples/everything.json"], 0), (["examples/nothing.yaml"], 2), (["examples/wellness.py"], 2)],
)
def test_example_runs(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The example runs with a made-up person and a profile file, and reports files that it cannot read."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", [str(EXAMPLE), *arguments])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(EXAMPLE), run_name="__main__")
    assert ended.value.code == code
    assert "side bend" in capsys.readouterr().out.lower() or code


def test_example_starts_no_undetermined_stretch() -> None:
    """The example offers only stretches that are allowed or cautioned at worst."""
    app = runpy.run_path(str(EXAMPLE))
    screener = app["screener"](engine="compiled")
    assert not any(card.may_start for card in app["cards"](screener.screen(Profile())))
    healthy = {
        name: False for name, fact in screener.knowledge_base.person_facts.items() if isinstance(fact, backscreen.Flag)
    }
    started = {
        card.title
        for card in app["cards"](screener.screen(Profile({**healthy, "sciatica": True}, otherwise="no")))
        if card.may_start
    }
    assert "Neck rotation" in started
    assert "Standing forward bend" not in started
    assert app["health"](screener) == {
        "backscreen": version("backscreen"),
        "engine": "compiled",
        "ok": True,
        "faults": [],
    }


def test_version_is_that_of_the_distribution() -> None:
    """`__version__` is looked up on first use, because that takes time."""
    assert backscreen.__version__ == version("backscreen")


def zipped(tmp_path: Path, folder: Path) -> zipfile.Path:
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"app/rules/{file.relative_to(folder).as_posix()}")
    return zipfile.Path(tmp_path / "app.zip") / "app" / "rules"


def test_archived_rulebook_equals_the_folder(tmp_path: Path, folder: Folder, small: Texts) -> None:
    """A rulebook in a zip archive gives the same screenings as the folder, alone and in a list."""
    on_disk = folder(small)
    archive: Any = zipped(tmp_path, on_disk)
    expected = Screener(on_disk).screen(Profile(otherwise="no"))
    assert Screener(archive).screen(Profile(otherwise="no")) == expected
    assert [book.id for book in load_rulebooks([archive]).books] == ["small"]


def test_packaged_rulebook_is_read(
    tmp_path: Path, folder: Folder, small: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rulebooks are found in regular packages and in namespace packages."""
    for name in ("regular_app", "spread_app"):
        target = tmp_path / name / "rules"
        target.parent.mkdir()
        folder(small).rename(target) if name == "regular_app" else _copy(tmp_path / "regular_app" / "rules", target)
    (tmp_path / "regular_app" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    for resource in (files("regular_app") / "rules", files("spread_app") / "rules", files("spread_app.rules")):
        assert [book.id for book in load_rulebooks(resource).books] == ["small"]


def _copy(source: Path, target: Path) -> None:
    for file in source.rglob("*"):
        if file.is_file():
            (target / file.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / file.relative_to(source)).write_bytes(file.read_bytes())


def diagnostic_of(resource: Any) -> Diagnostic:
    with pytest.raises(RulebookError) as caught:
        load_rulebooks(resource)
    return caught.value.diagnostics[0]


def test_archived_problem_names_the_folder(tmp_path: Path, folder: Folder, small: Texts) -> None:
    """Locations use the folder's name, not the path of the temporary copy."""
    small["facts.yaml"] = small["facts.yaml"].replace("type: flag", "type: flog", 1)
    assert (diagnostic_of(zipped(tmp_path, folder(small))).location or "").startswith("rules/facts.yaml:")
    assert diagnostic_of(zipfile.Path(tmp_path / "app.zip") / "nowhere").code == "not-a-rulebook"


def test_unsound_archive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Archives with names that lead outside, or with too many files, are refused."""
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("rules/../../out.yaml", "x")
        archive.writestr("rules/rulebook.yaml", "x")
    assert diagnostic_of(zipfile.Path(tmp_path / "evil.zip") / "rules").code == "link-outside"
    assert not (tmp_path / "out.yaml").exists()
    monkeypatch.setattr(resources, "MOST_ENTRIES", 5)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(10):
            archive.writestr(f"rules/{number}.yaml", "x")
    assert diagnostic_of(zipfile.Path(tmp_path / "many.zip") / "rules").code == "too-many-files"
