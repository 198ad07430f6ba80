"""Disagreements kept as files that a person can read, and that can be run again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from attrs import evolve, frozen

from backscreen import Profile, RulebookError
from backscreen.formats.yaml_reader import read_file
from backscreen.formats.yaml_text import Unreadable
from backscreen.loading.profile_validation import check
from backscreen.loading.structure import converter, structured
from backscreen.semantics.reference import decide
from backscreen.testing import comparison
from backscreen.testing.comparison import DOES_NOT_FIRE, Difference

from .bench import SCREENERS
from .cases import ANSWER, Case, case_of, kind, made_smaller, narrowed
from .chunks import Found
from .sources import Source

MOST_KEPT = 50
"""Most files kept of one run: with so many different disagreements, some are fixed before the others count."""
_MOST_OTHERS = 1_000


@frozen(kw_only=True)
class _Difference:
    what: str
    reference: str
    came: str


@frozen(kw_only=True)
class _Rulebook:
    digest: str
    rules: tuple[str, ...] | None = None
    folder: str | None = None


@frozen(kw_only=True)
class _People:
    seed: int
    rulebook: str
    first: int
    last: int
    also: tuple[int, ...] = ()


@frozen(kw_only=True)
class _File:
    """A case as it stands in a file."""

    engines: tuple[str, ...]
    differences: tuple[_Difference, ...]
    rulebook: _Rulebook
    people: _People
    given: Profile | None = None
    reference: Mapping[str, tuple[str, ...]] | None = None
    came: Mapping[str, tuple[str, ...]] | None = None


class _Dumper(yaml.SafeDumper):
    """YAML as rulebooks are written: `yes` and `no`, and nothing by reference."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class wants it
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - lists are indented
        super().increase_indent(flow, False)


def _list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.Node:
    """A list of single words in one line, any other with a line for each."""
    return dumper.represent_sequence(
        "tag:yaml.org,2002:seq", values, flow_style=all(" " not in str(value) for value in values)
    )


_Dumper.add_representer(list, _list)
_Dumper.add_representer(
    bool, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:bool", "yes" if value else "no")
)


def grouped(found: Iterable[Found]) -> list[tuple[Found, list[int]]]:
    """The first of those of whom the same is said by the same checker, and who the others are."""
    groups: dict[tuple[str, ...], list[Found]] = {}
    for one in found:
        first = one.differences[0]
        groups.setdefault(
            (one.source.name, one.by, first.what.partition(" on ")[0], first.expected, first.came), []
        ).append(one)
    return [(group[0], [other.index for other in group[1:]]) for group in groups.values()]


def cases(
    found: Iterable[Found], checkers: Sequence[str], *, patience: float, say: Callable[[str], None]
) -> list[Case]:
    """A case for each kind of disagreement, with as little in it as shows it; those that come out alike once."""
    groups = grouped(found)
    kept: dict[tuple[object, ...], Case] = {}
    for number, (one, others) in enumerate(groups[:MOST_KEPT], start=1):
        say(
            f"making disagreement {number} of {len(groups)} smaller: "
            f"{one.source.name}, person {one.index}, {one.by or 'some engine'}"
        )
        case = made_smaller(narrowed(case_of(one, checkers), patience=patience), patience=patience)
        same = kept.setdefault((case.source.name, case.checkers, case.given or case.last, case.differences), case)
        also = others if same is case else [*same.also, one.index, *others]
        kept[same.source.name, same.checkers, same.given or same.last, same.differences] = evolve(
            same, also=tuple(sorted(also)[:_MOST_OTHERS])
        )
    return list(kept.values())


def write(case: Case, folder: Path) -> Path:
    """Write the case into the folder, and a random rulebook into one of its own beside it."""
    stem = re.sub(
        r"[^A-Za-z0-9]+",
        "-",
        f"{case.seed}-{case.source.name}-{'-'.join(case.checkers[:2]) or 'reference'}-{case.last}",
    ).strip("-")
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / stem).exists():
        shutil.rmtree(folder / stem)  # of an earlier run: a rule that is left there would be read with the others
    for name, data in (case.source.files or {}).items():
        path = folder / stem / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_yaml(data), encoding="utf-8")
    path = folder / f"{stem}.yaml"
    again = f"python -m tests.campaign --replay {path}"
    head = f"# {case.differences[0]}\n# Random, nobody's health data. Run it again: {again}\n"
    path.write_text(head + _yaml(_plain(case, stem)), encoding="utf-8")
    return path


def _yaml(data: object) -> str:
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _plain(case: Case, stem: str) -> dict[str, Any]:
    people: dict[str, Any] = {"seed": case.seed, "rulebook": case.source.name, "first": case.first, "last": case.last}
    knowledge_base = case.source.knowledge_base()
    rulebook: dict[str, Any] = {"folder": stem} if case.source.files is not None else {"rules": list(case.source.rules)}
    plain: dict[str, Any] = {
        "engines": list(case.checkers),
        "differences": [{"what": one.what, "reference": one.expected, "came": one.came} for one in case.differences],
        "rulebook": rulebook | {"digest": knowledge_base.digest},
        "people": people | ({"also": list(case.also)} if case.also else {}),
    }
    return plain if case.given is None else plain | {"given": case.given.to_dict()} | _said(case, case.given)


def _said(case: Case, given: Profile) -> dict[str, Any]:
    """What the reference says of the person and what the checker does, as far as either says anything."""
    knowledge_base = case.source.knowledge_base()
    checked, diagnostics = check(knowledge_base, given)
    try:
        decision = decide(knowledge_base, checked) if not diagnostics else None
    except Exception:  # the case is that it raises
        decision = None
    if decision is None:
        return {}
    reference = comparison.activations_told(knowledge_base, decision.activations)
    if set(case.checkers) <= set(SCREENERS):  # an engine says which rules fire, and no more
        reference |= comparison.bounds_told(decision)
    came = reference | {one.what: one.came for one in case.differences}
    return {"reference": _by_word(reference)} | ({"came": _by_word(came)} if kind(case.differences) == ANSWER else {})


def _by_word(told: dict[str, str]) -> dict[str, list[str]]:
    """What is said of each thing, the other way round: of which things a word is said."""
    words: dict[str, list[str]] = {}
    for name, word in told.items():
        if word != DOES_NOT_FIRE:
            words.setdefault(word, []).append(name)
    return words


def read(path: Path) -> tuple[Case, str]:
    """Return the case in a file and the digest of its rulebook; raise `RulebookError` where it is none."""
    try:
        text = read_file(path)
    except Unreadable as failure:
        raise RulebookError(failure.diagnostics) from None
    file, diagnostics = structured(converter(), text.data, _File)
    if text.diagnostics or diagnostics:
        raise RulebookError([*text.diagnostics, *map(text.locate, diagnostics)])
    written: _File = file
    rules = written.rulebook.rules or ()
    if written.rulebook.folder is not None:
        rules = (str((path.parent / written.rulebook.folder).resolve()),)
    people = written.people
    case = Case(
        Source(people.rulebook, rules),
        people.seed,
        people.first,
        people.last,
        written.engines,
        tuple(Difference(one.what, one.reference, one.came) for one in written.differences),
        written.given,
        people.also,
    )
    return case, written.rulebook.digest
