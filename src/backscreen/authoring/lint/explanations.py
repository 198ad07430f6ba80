"""Explanations of the codes of problems, with a wrong and a right example; read from codes.yaml when first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from attrs import frozen

from backscreen.diagnostics.codes import Code
from backscreen.formats.yaml_reader import read_text

Place = Literal[
    "rule",
    "rulebook.yaml",
    "facts.yaml",
    "stretches.yaml",
    "statements.yaml",
    "scenarios.yaml",
    "folder",
    "several rulebooks",
]
PLACES: tuple[Place, ...] = get_args(Place)


@frozen(kw_only=True)
class Explanation:
    """The explanation of a code.

    `wrong` and `right` show part of a file of the kind `place`, or of a folder; `# …` marks omissions. Both are None if
    no rulebook can cause the problem.
    """

    code: Code
    title: str
    why: str
    what_to_do: str | None
    place: Place
    wrong: str | None
    right: str | None


@frozen(kw_only=True)
class Group:
    """The codes below one heading."""

    heading: str
    codes: tuple[Explanation, ...]


@cache
def groups() -> tuple[Group, ...]:
    """Return the explanation of every code, in the order of `codes.CODES`.

    >>> groups()[0].codes[0].code
    'file-missing'
    """
    content = files("backscreen.authoring.lint").joinpath("codes.yaml").read_bytes()
    read = cast("Sequence[Mapping[str, object]]", read_text(content, "codes.yaml").data)
    return tuple(
        Group(
            heading=str(group["heading"]),
            codes=tuple(_explanation(entry) for entry in cast("Sequence[Mapping[str, str]]", group["codes"])),
        )
        for group in read
    )


def _explanation(entry: Mapping[str, str]) -> Explanation:
    return Explanation(
        code=cast("Code", entry["code"]),
        title=entry["title"],
        why=entry["why"],
        what_to_do=entry.get("what_to_do"),
        place=cast("Place", entry["in"]),
        wrong=entry["wrong"].rstrip("\n") if "wrong" in entry else None,
        right=entry["right"].rstrip("\n") if "right" in entry else None,
    )


def by_code() -> dict[str, Explanation]:
    """Return the explanations by code.

    >>> by_code()["never-holds"].place
    'rule'
    """
    return {explanation.code: explanation for group in groups() for explanation in group.codes}
