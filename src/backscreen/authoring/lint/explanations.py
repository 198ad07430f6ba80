"""What each code of a problem means: why it is told, and how it looks wrong and right. Read from codes.yaml when somebody asks."""

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
class Explained:
    """What a code means.

    `wrong` and `right` are what stands in a file of the kind `place`, or what lies in a folder; `# …` stands for what is left away. They are None where
    nothing that anybody could write is wrong.
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
    """Codes of one kind, below a heading."""

    heading: str
    codes: tuple[Explained, ...]


@cache
def groups() -> tuple[Group, ...]:
    """Every code, in the order of `codes.CODES`.

    >>> groups()[0].codes[0].code
    'file-missing'
    """
    content = files("backscreen.authoring.lint").joinpath("codes.yaml").read_bytes()
    read = cast("Sequence[Mapping[str, object]]", read_text(content, "codes.yaml").data)
    return tuple(
        Group(
            heading=str(group["heading"]),
            codes=tuple(_explained(entry) for entry in cast("Sequence[Mapping[str, str]]", group["codes"])),
        )
        for group in read
    )


def _explained(entry: Mapping[str, str]) -> Explained:
    return Explained(
        code=cast("Code", entry["code"]),
        title=entry["title"],
        why=entry["why"],
        what_to_do=entry.get("what_to_do"),
        place=cast("Place", entry["in"]),
        wrong=entry["wrong"].rstrip("\n") if "wrong" in entry else None,
        right=entry["right"].rstrip("\n") if "right" in entry else None,
    )


def explained() -> dict[str, Explained]:
    """What each code means, by the code.

    >>> explained()["never-holds"].place
    'rule'
    """
    return {one.code: one for group in groups() for one in group.codes}
