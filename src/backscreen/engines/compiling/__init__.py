"""From rulebooks to the source of one straight-line Python function."""
