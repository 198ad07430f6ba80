"""Files and words of the command line → profiles."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from backscreen.errors import Problem, ProfileError
from backscreen.loading.structuring import Misfits, profile
from backscreen.loading.yaml import Text, Unreadable, read_file, read_stream
from backscreen.rulebook.answering import check
from backscreen.rulebook.profile import Profile
from backscreen.rulebook.rulebook import Guidance


def load_profile(path: Path | str) -> Profile:
    """The profile in a YAML or JSON file.

    Raises `ProfileError` for what is no profile; its names, types and bounds are checked when it is screened.
    """
    return _profile(_text(Path(path)))


def read_checked(source: Path | BinaryIO, guidance: Guidance) -> Profile:
    """The profile in a file or a stream, checked against the rulebook; raises `ProfileError` with `file:line:column` of all that is wrong."""
    text = _text(source)
    read = _profile(text)
    checked, problems = check(guidance, read)
    if problems:
        raise ProfileError(_placed(text, place, problem) for place, problem in problems)
    return checked


def _text(source: Path | BinaryIO) -> Text:
    try:
        text = read_file(source) if isinstance(source, Path) else read_stream(source, "standard input")
    except Unreadable as unreadable:
        raise ProfileError(unreadable.problems) from None
    if text.problems:
        raise ProfileError(text.problems)
    return text


def _placed(text: Text, place: tuple[str | int, ...], problem: Problem) -> Problem:
    from attrs import evolve

    return evolve(problem, where=text.at(place, key=problem.given is None and place[-1] != "stretch"))


def _profile(text: Text) -> Profile:
    if text.data is None:
        help_ = "write `facts:` with answers below it, or `facts: {}` if nothing is known; `backscreen facts --template` writes one to fill in"
        raise ProfileError([Problem("this profile is empty", where=text.name, help=help_)])
    try:
        return profile(text.data)
    except Misfits as failure:
        raise ProfileError(Problem(misfit.what, where=text.at(misfit.path, key=misfit.key), help=misfit.help) for misfit in failure.misfits) from None
