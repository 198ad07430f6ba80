"""Profiles: what is known about one person, and what came of the stretches that were tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from attrs import field, frozen

from backscreen.errors import Problem, ProfileError
from backscreen.rulebook.facts import Value, trial_place

Answers = dict[str, Value]
Open = tuple[str, ...]

_PLAIN = {bool, int, str}


def _read(given: object, place: str) -> tuple[Answers, Open]:
    """A copy of the answers, and the names of those that were left open. A loop over many people spends much of its time here, so it is told with few steps."""
    if not isinstance(given, dict | Mapping):
        raise ProfileError([Problem(f"{place} must be a mapping from facts to answers", help="such as {'sciatica': True}")])
    answers = dict(given)
    try:
        "".join(answers)  # every name is a word, or this cannot be done
    except TypeError:
        pass
    else:
        if _PLAIN.issuperset(map(type, answers.values())):
            return answers, ()
    problems = []
    for name, value in answers.items():
        if not isinstance(name, str):
            problems.append(Problem("the name of a fact must be a word", where=place))
        elif not (value is None or isinstance(value, bool | int | str)):
            problems.append(Problem("an answer is yes or no, a whole number or a word", where=f"{place}.{name}", name=name))
    if problems:
        raise ProfileError(problems)
    left_open = tuple(sorted(name for name, value in answers.items() if value is None))
    for name in left_open:
        del answers[name]
    return answers, left_open


def _sorted(answers: Answers) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(answers.items()))


@frozen(init=False, repr=False)
class Trial:
    """What happened when a person tried one stretch.

    `stretch` is its id, or None where the person cannot say which it was; the rest are facts of the trial by name. None means
    that it is not known. `Screener.screen` checks names, types and bounds against the rulebook.

    Raises `ProfileError` for what no rulebook could take.

    >>> Trial("side_bend", felt="pain").facts["felt"]
    'pain'
    """

    stretch: str | None
    _answers: Answers = field(eq=_sorted)
    left_open: Open = field(eq=False)
    """Facts that were named and not answered: unknown, under `otherwise="no"` as well."""

    def __init__(self, /, stretch: str | None = None, **facts: Value | None) -> None:
        if not (stretch is None or isinstance(stretch, str)):
            raise ProfileError([Problem("a trial's stretch must be the id of a stretch, or left out", where="trial")])
        self.__attrs_init__(stretch, *_read(facts, "trial"))

    @property
    def facts(self) -> Mapping[str, Value]:
        """What is known about the trial, but for its stretch, by name."""
        return MappingProxyType(dict(_sorted(self._answers)))

    def __repr__(self) -> str:  # answers stay out of logs and tracebacks
        return f"<Trial with {len(self._answers)} answers>"


def _trials(trials: object) -> tuple[Trial, ...]:
    if isinstance(trials, list | tuple) and (not trials or all(isinstance(trial, Trial) for trial in trials)):
        return tuple(trials)
    raise ProfileError([Problem("trials must be a list of Trial objects", where="trials", help='such as [Trial("side_bend", felt="pain")]')])


def _otherwise(otherwise: object) -> Literal["no", "unknown"]:
    if otherwise == "no":
        return "no"
    if otherwise == "unknown":
        return "unknown"
    raise ProfileError(
        [Problem(f'`{otherwise!s:.60}` is neither "no" nor "unknown"', where="otherwise", name="otherwise", legal=("no", "unknown"))],
    )


@frozen(init=False, repr=False, eq=False)
class Profile:
    """What is known about one person.

    `facts` maps names to answers: True or False, a whole number, or a word; None means that it is not known.
    `trials` is the complete list of what was tried. With `otherwise="no"` each fact that is left out and has a "no" counts as answered so;
    a fact that is None stays unknown.

    Raises `ProfileError` for what no rulebook could take; `Screener.screen` checks the rest against the rulebook.

    >>> profile = Profile(facts={"sciatica": True, "warm_up_min": 5}, otherwise="no")
    >>> profile.facts["warm_up_min"]
    5
    """

    _answers: Answers
    trials: tuple[Trial, ...] = field(converter=_trials)
    otherwise: Literal["no", "unknown"] = field(converter=_otherwise)
    left_open: Open
    """Facts that were named and not answered: unknown, under `otherwise="no"` as well."""

    def __init__(
        self,
        facts: Mapping[str, Value | None] | None = None,
        trials: Sequence[Trial] = (),
        otherwise: Literal["no", "unknown"] = "unknown",
    ) -> None:
        answers, left_open = _read({} if facts is None else facts, "facts")
        self.__attrs_init__(answers, trials, otherwise, left_open)

    def _key(self) -> tuple[object, ...]:
        """What two equal profiles share; what was left open counts only where `otherwise` would assume an answer."""
        kept_open = (self.left_open, *(trial.left_open for trial in self.trials)) if self.otherwise == "no" else ()
        return _sorted(self._answers), self.trials, self.otherwise, kept_open

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    @property
    def facts(self) -> Mapping[str, Value]:
        """What is known about the person, by name."""
        return MappingProxyType(dict(_sorted(self._answers)))

    def places(self) -> dict[str, Value]:
        """Every answer by its place: `sciatica`, `trials[0].felt`, `trials[0].stretch`."""
        found: dict[str, Value] = dict(self.facts)
        for index, trial in enumerate(self.trials):
            if trial.stretch is not None:
                found[trial_place(index, "stretch")] = trial.stretch
            found.update((trial_place(index, name), value) for name, value in trial.facts.items())
        return found

    def __repr__(self) -> str:  # answers stay out of logs and tracebacks
        return f"<Profile with {len(self._answers)} answers and {len(self.trials)} trials>"


def answers_of(given: Profile | Trial) -> Mapping[str, Value]:
    """The answers as they were given, without a copy and in no order: for what reads very many."""
    return given._answers  # noqa: SLF001 - of this module
