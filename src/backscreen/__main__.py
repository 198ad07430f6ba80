"""The program: `backscreen`, or `python -m backscreen`."""

import os
import signal

INTERRUPTED = 130

# This comes before every other import: Ctrl-C ends the program at once and without a word, wherever it strikes.
# SIGINT that whoever started the program wants ignored stays ignored.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def entry() -> None:
    """Run `backscreen`, and end the process at once: taking everything down takes longer than a screening."""
    from backscreen.cli import OUR_FAULT, main

    try:
        main()
    except SystemExit as finished:
        os._exit(finished.code if isinstance(finished.code, int) else OUR_FAULT)


if __name__ == "__main__":
    entry()
