"""What a test may ask of a machine that is slow or busy: no test fails because something took longer than usual."""

PATIENCE = 600
"""Seconds after which a process is taken to hang. Nothing that works takes a tenth of it."""
