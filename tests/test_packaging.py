"""What is published: nothing that lies in the source is left out."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_published() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    there = {".".join(folder.parent.relative_to(ROOT / "src").parts) for folder in (ROOT / "src").rglob("__init__.py")}
    assert set(declared) == {*there, "backscreen.rules"}
    assert len(declared) == len(set(declared))


def test_every_module_lies_in_a_package() -> None:
    for module in (ROOT / "src" / "backscreen").rglob("*.py"):
        assert (module.parent / "__init__.py").exists(), module
