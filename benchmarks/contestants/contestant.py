"""What a contestant is, and the answer that each of them must give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version

from attrs import frozen

from backscreen.engines.activations import Certainty
from backscreen.rulebook.facts import TRIAL, Value
from backscreen.rulebook.rulebook import Guidance
from benchmarks.people import Answers, Person, Tried

Answer = Mapping[tuple[int, int], Certainty]
"""What fires and what may fire: by the rule's number in `Guidance.rules`, and the trial's index or -1 for the person."""


@frozen(eq=False)
class Ready:
    """A contestant that has read the rules. `ask` is what is timed; `answer` is checked, and is mostly the same."""

    ask: Callable[[Person], object]
    answer: Callable[[Person], Answer]


@frozen(eq=False)
class Contestant:
    """Something that answers both questions; `package` is what has to be installed for it, None where nothing is."""

    name: str
    package: str | None
    given: str
    """What it was given and what is timed, as the page tells it."""
    prepare: Callable[[Guidance], Ready]

    @property
    def version(self) -> str | None:
        """The installed version of its package, None where it is not installed."""
        if self.package is None:
            return None
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None

    @property
    def is_installed(self) -> bool:
        """Whether it can take part here."""
        return self.package is None or self.version is not None


def answering(answer: Callable[[Person], Answer]) -> Ready:
    """A contestant whose timed work is the answer itself."""
    return Ready(answer, answer)


def with_trial(answers: Answers, tried: Tried) -> dict[str, Value]:
    """The person's answers together with a trial's, by the names that they have in conditions."""
    return {**answers, **{TRIAL + name: value for name, value in tried.answers.items()}}
