"""Finds the packages; everything else is in `pyproject.toml`, which cannot say that one more lies in the top-level `rules/`."""

from setuptools import find_packages, setup

setup(packages=[*find_packages("src"), "backscreen.rules"])
