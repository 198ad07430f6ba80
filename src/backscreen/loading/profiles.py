"""Files and words of the command line → profiles."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from backscreen.errors import Problem, ProfileError, few_guesses
from backscreen.loading.structuring import Misfits, profile
from backscreen.loading.yaml import Text, Unreadable, read_file, read_stream
from backscreen.rulebook.answering import MOST_PROBLEMS, check
from backscreen.rulebook.profile import Profile
from backscreen.rulebook.rulebook import Guidance

MOST_TRIED = 20_000
"""Trials times rules about a trial: of each of the one, each of the other is told."""


def load_profile(path: Path | str) -> Profile:
    """The profile in a YAML or JSON file.

    Raises `ProfileError` for what is no profile; its names, types and bounds are checked when it is screened.
    """
    return _profile(_text(Path(path)))


def read_checked(source: Path | BinaryIO, guidance: Guidance) -> Profile:
    """The profile in a file or a stream, checked against the rulebook; raises `ProfileError` with `file:line:column` of all that is wrong."""
    text = _text(source)
    read = _profile(text)
    with few_guesses():
        checked, problems = check(guidance, read)
    if problems:
        raise ProfileError(_few([_placed(text, place, problem) for place, problem in problems], text))
    rules = sum(placed.about_a_trial for placed in guidance.rules)
    if len(read.trials) * rules > MOST_TRIED:
        what, where = f"{len(read.trials)} trials are more than {rules} rules can be tried against", text.at(("trials", MOST_TRIED // rules))
        raise ProfileError([Problem(what, where=where, help="leave out those that were longest ago", code="too-many-values")])
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
        raise ProfileError([Problem("this profile is empty", where=text.name, help=help_, code="empty-value")])
    try:
        with few_guesses():
            return profile(text.data)
    except Misfits as failure:
        told = failure.misfits[: MOST_PROBLEMS + 1]
    raise ProfileError(_few([Problem(misfit.what, where=text.at(misfit.path, key=misfit.key), help=misfit.help, code=misfit.code) for misfit in told], text))


def _few(problems: list[Problem], text: Text) -> list[Problem]:
    """As many as anybody reads, and that there are more."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    more = Problem("more is wrong than anybody reads", where=text.name, help="mend what is told first; the rest is told then", code="too-many-problems")
    return [*problems[:MOST_PROBLEMS], more]
