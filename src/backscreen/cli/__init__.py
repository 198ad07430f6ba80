"""The command line."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

DONE, DOES_NOT_HOLD, BAD_INPUT, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
LEAST_COLUMNS = 20


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `backscreen` and exit: 0 done, 1 what was asked about does not hold, 2 bad input, 3 a fault of ours, 130 interrupted."""
    gc.set_threshold(100_000)  # a command is soon over: looking for cycles among what it loads costs a tenth of its time
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # it was closed before we came
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - as long as the program runs
        elif hasattr(stream, "reconfigure"):  # pragma: no branch - a stream that was put in its place may lack it
            stream.reconfigure(encoding=stream.encoding if stream.isatty() else "utf-8", errors="backslashreplace")
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) < LEAST_COLUMNS:  # in less, tables vanish and help never ends
        os.environ["COLUMNS"] = str(LEAST_COLUMNS)
    code = _run(sys.argv[1:] if arguments is None else list(arguments))
    try:
        sys.stdout.flush()
    except OSError as failure:
        code = _unwritable(failure, code)
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    from backscreen.errors import BackscreenError

    try:
        from backscreen.cli.app import run

        return run(arguments)
    except BackscreenError as failure:
        _complain(str(failure))
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as failure:
        return _unwritable(failure, DONE)
    except SystemExit:  # rich's way to say that the reader has gone
        return DONE
    except Exception as failure:
        what = f"backscreen failed with {type(failure).__name__}"
        _complain(f"{what}\n  this is a fault of ours and not of your input; please report the command that shows it")
        return OUR_FAULT


def _complain(text: str) -> None:
    shown = "".join(character if character.isprintable() or character == "\n" else repr(character)[1:-1] for character in text)
    with suppress(OSError):  # where nobody can be told, the exit code still tells
        print(shown, file=sys.stderr)


def _unwritable(failure: OSError, code: int) -> int:
    """Send the rest of the output nowhere, so that nothing complains at exit; that a reader has gone is no mistake of anybody."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(failure, BrokenPipeError):
        return code
    _complain(f"the output cannot be written: {(failure.strerror or 'unknown reason').lower()}\n  nothing of it may be relied on; check where it goes")
    return BAD_INPUT
