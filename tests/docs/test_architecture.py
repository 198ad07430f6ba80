"""The recipes of the architecture page name every file that a new effect or a new fact type touches."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

import backscreen
from backscreen.model.effects import Effect
from backscreen.model.facts import FACT_TYPES, Fact
from backscreen.testing.random_rulebooks import DRAWN

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "backscreen"
FORMAT = (ROOT / "docs" / "rulebook-format.md").read_text("utf-8")
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
MOST_FILES = 6


def recipe(title: str) -> list[str]:
    """The files that the recipe names, without those below `rules/`."""
    found = re.search(rf"^- \*\*{title}\.\*\*(.*?)(?=^- \*\*|^#)", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return re.findall(r"`((?:\w+/)*[\w-]+\.(?:py|json|md|yaml))`", found[1])


def modules_with(is_named: Callable[[ast.AST], bool]) -> set[str]:
    """The modules of the source with such a node."""
    return {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if any(map(is_named, ast.walk(ast.parse(path.read_text("utf-8")))))
    }


def names_an_effect(node: ast.AST) -> bool:
    """Return whether the node is a particular effect, such as `Effect.STOP`."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Effect"
        and node.attr in Effect.__members__
    )


def imports_a_fact_type(node: ast.AST) -> bool:
    """Return whether the node imports a particular fact type, on which the module could match."""
    types = {fact_type.__name__ for fact_type in FACT_TYPES.values()}
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "backscreen.model.facts"
        and not types.isdisjoint(alias.name for alias in node.names)
    )


@pytest.mark.parametrize("words", [*(f"`{effect}`" for effect in Effect), *(f"type: {kind}" for kind in FACT_TYPES)])
def test_rulebook_format_explains_each_kind(words: str) -> None:
    """The page on the format explains each effect and shows each fact type."""
    assert words in FORMAT


@pytest.mark.parametrize("fact_type", FACT_TYPES.values(), ids=FACT_TYPES)
def test_fact_type_is_public_and_drawn_at_random(fact_type: type[Fact]) -> None:
    """Each fact type can be imported, and random rulebooks have facts of it."""
    assert fact_type.__name__ in backscreen.__all__
    assert isinstance(DRAWN[fact_type](Random(0)), fact_type)


@pytest.mark.parametrize("title", ["An effect", "A fact type"])
def test_recipe_names_few_files_that_exist(title: str) -> None:
    """Each file exists, and at most six of them are in the source."""
    named = recipe(title)
    assert 0 < sum((SOURCE / name).is_file() for name in named) <= MOST_FILES
    assert [name for name in named if not ((SOURCE / name).is_file() or (ROOT / name).is_file())] == []


def test_effects_are_named_by_the_files_of_the_recipe() -> None:
    """A module that asks which effect a rule has would be forgotten; it asks the table instead."""
    assert modules_with(names_an_effect) <= {*recipe("An effect")}


def test_fact_types_are_named_by_the_files_of_the_recipe() -> None:
    """A module that asks for a particular fact type would be forgotten; it asks for options or a range instead."""
    assert modules_with(imports_a_fact_type) <= {*recipe("A fact type")}
