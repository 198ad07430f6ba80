"""Published packages: complete, with a description that works outside the repository."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_every_module_is_in_a_package() -> None:
    """Only packages are found and published."""
    for module in (ROOT / "src" / "backscreen").rglob("*.py"):
        assert (module.parent / "__init__.py").exists(), module


def test_description_has_no_relative_links() -> None:
    """Package indexes show the description without the repository, so its links are absolute."""
    description = (ROOT / PROJECT["readme"]).read_text("utf-8")
    targets = re.findall(
        r"\]\(\s*<?([^)\s>]+)|^\[[^\]]+\]:\s*(\S+)|(?:src|href)=[\"']([^\"']+)", description, re.MULTILINE
    )
    assert [target for found in targets for target in found if target and not target.startswith("https://")] == []


def test_description_names_published_files() -> None:
    """Each file that the description names is in the source distribution."""
    named = re.findall(r"`([\w./-]+\.md)`", (ROOT / PROJECT["readme"]).read_text("utf-8"))
    included = (ROOT / "MANIFEST.in").read_text("utf-8")
    assert {"README.md", "SECURITY.md", "docs/index.md"} <= {*named}
    assert all((ROOT / name).is_file() and name.partition("/")[0] in included.split() for name in named)


def test_project_addresses_are_absolute() -> None:
    """Every address in `[project.urls]` is acceptable to a package index."""
    assert all(address.startswith("https://") for address in PROJECT.get("urls", {}).values())


def test_python_versions_have_classifiers() -> None:
    """Every supported Python has a classifier."""
    declared = [name.rpartition(" ")[2] for name in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", name)]
    assert declared[0] == PROJECT["requires-python"].removeprefix(">=")
    assert declared == [f"3.{minor}" for minor in range(11, 11 + len(declared))]
    assert f"3.{sys.version_info.minor}" in declared


def test_constraints_cover_every_dependency() -> None:
    """constraints.txt pins each library in pyproject.toml within its bounds."""
    pinned = {
        canonicalize_name(requirement.name): requirement.specifier
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if line[:1].isalnum() and (requirement := Requirement(line))
    }
    wanted = [
        Requirement(line)
        for line in (
            *PROJECT["dependencies"],
            *(line for extra in PROJECT["optional-dependencies"].values() for line in extra),
        )
    ]
    for requirement in wanted:
        (version,) = (specifier.version for specifier in pinned[canonicalize_name(requirement.name)])
        assert requirement.specifier.contains(version), requirement
