"""Runs the campaign: `python -m tests.campaign`."""

import sys


def _run() -> int:
    try:
        import signal

        from .command import main, terminated

        signal.signal(signal.SIGTERM, terminated)
        return main(sys.argv[1:])
    except KeyboardInterrupt:  # while all of this is read in
        return 130


if __name__ == "__main__":
    sys.exit(_run())
