"""The rulebook that a new rule goes into: its names, as far as they can be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from attrs import frozen

from backscreen.authoring.schema.names import Offered, offered_by
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError
from backscreen.formats.yaml_reader import read_file
from backscreen.formats.yaml_text import Data, Unreadable
from backscreen.loading.directory import listing
from backscreen.loading.ids import HYPHENED
from backscreen.loading.structure import converter, salvaged, to_fill_in
from backscreen.model.catalogue import Stretch
from backscreen.model.facts import TRIAL, Fact

_ID_HELP = "an id has small letters, digits and single `-` between them, such as `hamstrings-with-sciatica`"


@frozen(kw_only=True, eq=False, repr=False)
class TargetRulebook:
    """A rulebook to add a rule to, with the names that it offers."""

    folder: Path
    offered: Offered
    catalogue: tuple[Stretch, ...]
    retired: tuple[str, ...]

    @property
    def facts(self) -> dict[str, Fact]:
        """The readable facts, by their names in conditions."""
        return {name: fact for name, fact in self._declared.items() if fact is not None}

    @property
    def misdeclared(self) -> Collection[str]:
        """The unreadable facts; any name, if some declarations have no readable name."""
        if not (self.offered.person.whole and self.offered.trial.whole):
            return _Anything()
        return [name for name, fact in self._declared.items() if fact is None]

    @property
    def _declared(self) -> dict[str, Fact | None]:
        of_trial = {TRIAL + name: fact for name, fact in self.offered.trial.facts.items()}
        return {**self.offered.person.facts, **of_trial}


class _Anything(tuple[str, ...]):
    """A collection that contains every name."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return True


def read_target(folder: Path) -> TargetRulebook:
    """Read the rulebook in a folder, even a broken one; raise `UsageError` if there is none."""
    if not (folder / "rulebook.yaml").is_file():
        message = "there is no rulebook in this folder" if folder.is_dir() else "there is no such folder"
        help_ = "name a folder that contains rulebook.yaml, or start a rulebook: `backscreen rules new --rulebook DIR`"
        raise UsageError([Diagnostic(message, location=str(folder), help=help_)])
    head = _data(folder / "rulebook.yaml")
    retired = head.get("retired_ids") if isinstance(head, dict) else None
    catalogue = _data(folder / "stretches.yaml")
    stretches = salvaged(converter(), catalogue.get("stretches") if isinstance(catalogue, dict) else None, Stretch)
    return TargetRulebook(
        folder=folder,
        offered=offered_by(folder),
        catalogue=tuple(stretch for stretch in stretches if not any(to_fill_in(stretch.id))),
        retired=tuple(str(name) for name in retired) if isinstance(retired, list) else (),
    )


def _data(path: Path) -> Data:
    try:
        return read_file(path).data
    except Unreadable:
        return None


def check_id(name: str, target: TargetRulebook) -> Iterator[Diagnostic]:
    """Yield why a new rule cannot have this id."""
    location = str(target.folder)
    if "/" in name or "\\" in name:
        help_ = f"{_ID_HELP}; name a folder of the rulebook with `--folder`"
        yield Diagnostic(f"`{name[:60]}` is a path, not the id of a rule", help=help_)
    elif not HYPHENED.fullmatch(name):
        yield Diagnostic(f"`{name[:60]}` is not a valid id of a rule", help=_ID_HELP)
    elif name in target.offered.rules.meanings or name in _file_names(target.folder):
        message = f"this rulebook already has a rule `{name}`"
        yield Diagnostic(message, location=location, help="choose another id, or change that rule")
    elif name in target.retired:
        help_ = "choose an id that was never used: old records would be misread"
        yield Diagnostic(f"`{name}` is among `retired_ids` in rulebook.yaml", location=location, help=help_)


def _file_names(folder: Path) -> set[str]:
    return {PurePosixPath(file).stem for file in listing(folder, folder).files if "/" in file}
