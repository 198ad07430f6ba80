"""The labelled corpus: rulebooks broken as people break them, each with the expected codes and their places.

Every entry of `labelled_rulebooks/*.yaml` is one change of the rulebook in `rulebooks/sound` and one label. The
label is thought out, never copied from the output.

- `file`, `was`, `now`: replace a piece that occurs once in a file; without `was`, `now` is added at the end. `edits`
  lists several. With `times`, `now` is repeated; with `encoding`, the file is written in it.
- `remove`: files; `rename`, `copy` and `link`: from old names to new ones, or to where a link leads; `add`: new files.
- `codes`: the expected codes, in the order of their places. `§` marks a place, in the order of files and of their
  lines; adjacent marks mark one place several times. `at` lists the places instead: `.` is the folder, `§` the next
  mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from attrs import frozen

from backscreen.diagnostics.codes import Code

HERE = Path(__file__).parent
SOUND = HERE / "rulebooks" / "sound"
MARK = "§"

LINTS: frozenset[Code] = frozenset(
    {
        *("boundary-untested", "no-firing-case", "no-near-miss", "no-unknown-case", "retired-rule-expected"),
        *(
            "fact-two-ways",
            "fact-two-ways-needless",
            "no-acting-rule",
            "no-warning-sign",
            "same-condition",
            "statement-misplaced",
            "disagreement-unused",
        ),
        *(
            "unused-document",
            "unused-fact",
            "unused-group",
            "unused-region",
            "unused-statement",
            "unused-stretch",
            "unused-target",
        ),
        *("hard-to-read", "jargon", "no-reason", "not-a-question", "review-overdue", "reviewed-in-future"),
    }
)
"""What a reviewer would send back, and what keeps no rulebook from being loaded."""


@frozen
class Entry:
    """One broken rulebook: its files as bytes, its links, and the expected codes with their places."""

    name: str
    theme: str
    files: dict[str, bytes]
    links: dict[str, str]
    said: tuple[tuple[str, str], ...]

    @property
    def codes(self) -> list[str]:
        """The codes alone."""
        return [code for _, code in self.said]

    def write(self, folder: Path) -> None:
        """Write the rulebook into a folder that is not there yet."""
        folder.mkdir()
        for file, content in self.files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
        for link, target in self.links.items():
            (folder / link).parent.mkdir(parents=True, exist_ok=True)
            (folder / link).symlink_to(target)


def sound() -> dict[str, str]:
    """The texts of the rulebook with which nothing is wrong."""
    return {
        path.relative_to(SOUND).as_posix(): path.read_text(encoding="utf-8") for path in sorted(SOUND.rglob("*.yaml"))
    }


def entries() -> list[Entry]:
    """Every entry of the corpus."""
    texts = sound()
    found = []
    for path in sorted((HERE / "labelled_rulebooks").glob("*.yaml")):
        found += [_entry(texts, raw, path.stem) for raw in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return found


_KEYS = {
    "name",
    "file",
    "was",
    "now",
    "times",
    "encoding",
    "edits",
    "remove",
    "rename",
    "copy",
    "link",
    "add",
    "codes",
    "at",
}


def _entry(texts: dict[str, str], raw: dict[str, Any], theme: str) -> Entry:
    name = raw["name"]
    assert set(raw) <= _KEYS, f"{name}: {set(raw) - _KEYS}"
    changed = dict(texts)
    for file in raw.get("remove", ()):
        del changed[file]
    for old, new in raw.get("copy", {}).items():
        changed[new] = changed[old]
    for old, new in raw.get("rename", {}).items():
        changed[new] = changed.pop(old)
    changed |= raw.get("add", {})
    encodings = {}
    for edit in [raw] if "now" in raw else raw.get("edits", ()):
        changed[edit["file"]] = _edited(changed[edit["file"]], edit, name)
        encodings[edit["file"]] = edit.get("encoding", "utf-8")
    marks = _marks(changed)
    places = [next(marks) if place == MARK else place for place in raw.get("at", ())] or list(marks)
    left = list(marks)
    assert not left, f"{name}: {left} are marked and not listed"
    assert len(places) == len(raw["codes"]), f"{name}: {len(places)} places and {len(raw['codes'])} codes"
    files = {file: text.replace(MARK, "").encode(encodings.get(file, "utf-8")) for file, text in changed.items()}
    return Entry(name, theme, files, raw.get("link", {}), tuple(zip(places, raw["codes"], strict=True)))


def _edited(text: str, edit: dict[str, Any], name: str) -> str:
    now = str(edit["now"]) * int(edit.get("times", 1))
    if "was" not in edit:
        return text + now
    assert text.count(edit["was"]) == 1, (
        f"{name}: {edit['was']!r} stands {text.count(edit['was'])} times in {edit['file']}"
    )
    return text.replace(edit["was"], now)


def _marks(texts: dict[str, str]) -> Iterator[str]:
    """Where the marks stand, as `file:line:column`."""
    for file in sorted(texts, key=lambda name: PurePosixPath(name).as_posix()):
        clean = ""
        for part in texts[file].split(MARK)[:-1]:
            clean += part
            yield f"{file}:{clean.count(chr(10)) + 1}:{len(clean) - clean.rfind(chr(10))}"
