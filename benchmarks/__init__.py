"""How fast backscreen is, and where it stands: run `python -m benchmarks` from the top of the repository."""
