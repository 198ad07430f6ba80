"""Schemas → files in a folder, all of them or none."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from backscreen.authoring.schema.building_blocks import Schema
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError


def write(folder: Path, schemas: Mapping[str, Schema]) -> None:
    """Write each schema into `KIND.schema.json`; raises `UsageError`, and then nothing there has changed."""
    admit(folder)
    targets = {kind: folder / f"{kind}.schema.json" for kind in schemas}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for target in targets.values():
            if target.is_dir():
                raise IsADirectoryError(None, "a folder has the name of a file that is to be written", str(target))
        with TemporaryDirectory(dir=folder, prefix=".schemas-") as beside:
            for kind, made in schemas.items():
                (Path(beside) / kind).write_text(
                    json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
                )
            for kind, target in targets.items():
                os.replace(Path(beside) / kind, target)  # noqa: PTH105 - a file that is there is replaced at once, on every system
    except OSError as failure:
        what = f"the schemas cannot be written: {(failure.strerror or 'unknown reason').lower()}"
        where = str(failure.filename or folder).partition("/.schemas-")[0]
        raise UsageError(
            [
                Diagnostic(
                    what,
                    location=where,
                    help="name a folder that may be written to with `--out`; it is made if it is not there",
                )
            ]
        ) from None
    except ValueError:
        shown = str(folder)[:200].encode("unicode_escape").decode()
        raise UsageError(
            [Diagnostic("this is not the name of a folder", location=shown, help="check the path")]
        ) from None


def admit(folder: Path) -> None:
    """Refuse a place among rules: the loader takes no file there that could be a rule left out."""
    place = Path(os.path.normpath(Path.cwd() / folder))
    for above in place.parents:
        below = place.relative_to(above)
        if not any(part.startswith(".") for part in below.parts) and (above / "rulebook.yaml").is_file():
            help_ = "nothing but rules may stand there; write into a hidden folder, such as `.schemas`, or outside of the rulebook"
            raise UsageError([Diagnostic("this folder lies among rules", location=str(folder), help=help_)])
