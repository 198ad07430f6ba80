"""Evaluators of a rulebook. Each answers to the reference, which none of them imports."""
