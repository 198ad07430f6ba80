"""What is printed for programs."""

from __future__ import annotations

import json
import sys
from typing import Any


def print_json(data: Any) -> None:
    """Print JSON: in UTF-8 as it is, and with escapes where the terminal has other letters."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    encoder = json.JSONEncoder(indent=2, ensure_ascii=not unicode)
    sys.stdout.writelines(encoder.iterencode(data))  # piece by piece: the whole text may be far larger than the data
    sys.stdout.write("\n")
