"""Checks of a rulebook that loads."""
