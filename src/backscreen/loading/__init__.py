"""Rulebooks and profiles, read from files and validated."""
