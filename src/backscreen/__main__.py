"""The program: `backscreen`, or `python -m backscreen`."""

import _signal  # type: ignore[import-not-found]  # `signal` imports much more, and until it had, Ctrl-C would print a traceback
import os

INTERRUPTED = 130

# This comes before every other import: Ctrl-C ends the program at once and without a word, wherever it strikes.
# SIGINT that whoever started the program wants ignored stays ignored.
if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def entry() -> None:
    """Run `backscreen`, and end the process at once: taking everything down takes longer than a screening."""
    from backscreen.cli import OUR_FAULT, main

    try:
        main()
    except SystemExit as finished:
        os._exit(finished.code if isinstance(finished.code, int) else OUR_FAULT)


if __name__ == "__main__":
    entry()
