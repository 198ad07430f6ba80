"""The command line."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

DONE, DOES_NOT_HOLD, BAD_INPUT, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `backscreen` and exit: 0 done, 1 what was asked about does not hold, 2 bad input, 3 a fault of ours, 130 interrupted."""
    gc.set_threshold(100_000)  # a command is soon over: looking for cycles among what it loads costs a tenth of its time
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # pragma: no branch - a stream that was put in its place may lack it
            stream.reconfigure(**({"errors": "replace"} if stream.isatty() else {"encoding": "utf-8"}))
    code = _run(sys.argv[1:] if arguments is None else list(arguments))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_on_output()
    sys.exit(code)


def entry() -> None:
    """Run `backscreen` as a program: exit at once when all is printed, for to take everything down takes longer than a screening."""
    try:
        main()
    except SystemExit as finished:
        os._exit(finished.code if isinstance(finished.code, int) else OUR_FAULT)


def _run(arguments: list[str]) -> int:
    from backscreen.errors import BackscreenError

    try:
        from backscreen.cli.app import run

        return run(arguments)
    except BackscreenError as failure:
        print(failure, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _give_up_on_output()
        return DONE
    except Exception as failure:
        print(
            f"backscreen failed with {type(failure).__name__}\n  this is a fault of ours and not of your input; please report the command that shows it",
            file=sys.stderr,
        )
        return OUR_FAULT


def _give_up_on_output() -> None:
    """Whoever read the output has gone; send the rest nowhere, so that nothing complains at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
