"""The command line."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from backscreen.cli.streams import replaced

DONE, DOES_NOT_HOLD, BAD_INPUT, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
LEAST_COLUMNS, DEFAULT_COLUMNS, MOST_COLUMNS = 20, 80, 1_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `backscreen` and exit: 0 done, 1 a check failed, 2 bad input, 3 a bug in backscreen, 130 interrupted."""
    gc.set_threshold(100_000)  # Short-lived process: cyclic garbage collection would cost 10 % of the run time.
    _bound_terminal()
    with replaced("stderr"):
        with replaced("stdout") as output:
            code = _run(sys.argv[1:] if arguments is None else list(arguments))
        # A reader that has gone, as `head` does, is nobody's mistake.
        if output.failure is not None and not isinstance(output.failure, ConnectionError):
            _complain(
                f"the output cannot be written: {_reason(output.failure)}\n  do not rely on it; check where it goes"
            )
            code = code or BAD_INPUT
    sys.exit(code)


def _bound_terminal() -> None:
    """Bound the width of the output: help never ends on one or two columns, and very wide lines are padded."""
    for name, least in (("COLUMNS", LEAST_COLUMNS), ("LINES", 1)):
        size = os.environ.get(name, "")
        if not size.isdigit():
            continue  # which rich leaves aside
        if size.isascii():
            number = int(size[-5:]) if len(size.lstrip("0")) <= 5 else MOST_COLUMNS  # noqa: PLR2004 - `int` refuses thousands of digits
            os.environ[name] = str(min(max(number, least), MOST_COLUMNS))
        else:
            del os.environ[name]  # such as `²`, a digit that is no number
    width = _terminal_width()
    if not os.environ.get("COLUMNS", "").isdigit() and not LEAST_COLUMNS <= width <= MOST_COLUMNS:
        os.environ["COLUMNS"] = str(min(max(width, LEAST_COLUMNS), MOST_COLUMNS))


def _terminal_width() -> int:
    """Return the width that rich prints for if the environment names none."""
    for stream in (0, 1, 2):
        with suppress(OSError):  # not a terminal
            return os.get_terminal_size(stream).columns or DEFAULT_COLUMNS
    return DEFAULT_COLUMNS


def _run(arguments: list[str]) -> int:
    from backscreen.diagnostics.characters import one_line
    from backscreen.diagnostics.exceptions import BackscreenError

    try:
        from backscreen.cli.app import run

        return run(arguments)
    except BackscreenError as failure:
        _complain(str(failure))
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as failure:
        gone = (
            "the current directory: " if isinstance(failure, FileNotFoundError) else ""
        )  # asking where it is tells no path
        where = f"{one_line(failure.filename)}: " if isinstance(failure.filename, str) else gone
        _complain(f"{where}{_reason(failure)}\n  check that it is there, and that it may be read or written")
        return BAD_INPUT
    except Exception as failure:
        what = f"backscreen failed with {type(failure).__name__}"
        _complain(f"{what}\n  this is a fault of ours and not of your input; please report the command that shows it")
        return OUR_FAULT


def _reason(failure: OSError) -> str:
    return (failure.strerror or "unknown reason").lower()


def _complain(text: str) -> None:
    print(
        "".join(
            character if character.isprintable() or character == "\n" else repr(character)[1:-1] for character in text
        ),
        file=sys.stderr,
    )
