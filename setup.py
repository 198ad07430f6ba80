"""List of packages: `pyproject.toml` cannot both find packages in `src/` and add the top-level `rules/`."""

from setuptools import find_packages, setup

setup(packages=[*find_packages("src"), "backscreen.rules"])
