"""The rulebook compiled to straight-line Python."""
