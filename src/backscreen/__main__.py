"""`python -m backscreen`."""

from backscreen.cli import entry

if __name__ == "__main__":
    entry()
