"""Benchmarks of backscreen; run `python -m benchmarks` in the root of the repository."""
