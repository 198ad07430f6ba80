"""A writer for the schemas of a rulebook."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from backscreen.authoring.schema.building_blocks import Schema
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import UsageError
from backscreen.formats.output_files import write_errors, write_files


def write(folder: Path, schemas: Mapping[str, Schema]) -> None:
    """Write each schema to `KIND.schema.json`; raise `UsageError`, and then nothing has changed."""
    admit(folder)
    files = {
        folder / f"{kind}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for kind, schema in schemas.items()
    }
    with write_errors(folder):
        write_files(files, folder)


def admit(folder: Path) -> None:
    """Raise `UsageError` for a folder among rules, where the loader rejects every other file."""
    place = Path(os.path.normpath(Path.cwd() / folder))
    for above in place.parents:
        below = place.relative_to(above)
        if not any(part.startswith(".") for part in below.parts) and (above / "rulebook.yaml").is_file():
            help_ = "name a hidden folder, such as `.schemas`, or one outside the rulebook"
            raise UsageError([Diagnostic("this folder is among rules", location=str(folder), help=help_)])
