"""Profiles: what is known about one person, and what came of the stretches that were tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Literal

from attrs import evolve, field, frozen

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import ProfileError
from backscreen.model.answers import Answers, Names, in_order, read_answers, typed
from backscreen.model.facts import UNSURE, Value, trial_place
from backscreen.model.profile_shape import MOST_TRIALS, ProfileShape, place_of, read_shape
from backscreen.model.read_only import ReadOnlyDict


class Origin(StrEnum):
    """Where an answer comes from: the person, `otherwise: no`, or the person's "I don't know"."""

    GIVEN = "given"
    ASSUMED = "assumed"
    UNSURE = "unsure"


@frozen(init=False, repr=False)
class Trial:
    """What happened when a person tried one stretch.

    `stretch` is its id, or None where the person cannot say which it was; the rest are facts of the trial by name. None
    means that it is not known, and `"unsure"` that the person was asked and does not know. `Screener.screen` checks
    names, types and bounds against the rulebook.

    Raises `ProfileError` for what no rulebook could take.

    >>> Trial("side_bend", felt="pain").facts["felt"]
    'pain'
    """

    stretch: str | None
    _answers: Answers = field(eq=typed, alias="_answers")
    left_open: Names = field(eq=False, alias="_left_open")
    """Facts that were named and not answered: unknown, under `otherwise="no"` as well."""
    unsure: Names = field(alias="_unsure")
    """Facts that were answered `unsure`: unknown, under `otherwise="no"` as well."""

    def __init__(self, /, stretch: str | None = None, **facts: Value | None) -> None:
        if stretch is not None and type(stretch) is not str:
            if not isinstance(stretch, str):
                raise ProfileError(
                    [Diagnostic("a trial's stretch must be the id of a stretch, or left out", location="trial")]
                )
            stretch = str.__str__(stretch)
        if "_answers" in facts:  # from `attrs.evolve`; no fact has such a name
            facts = _changed(facts)
        self.__attrs_init__(stretch, *read_answers(facts, "trial"))

    @property
    def facts(self) -> Mapping[str, Value]:
        """What is known about the trial, but for its stretch, by name."""
        return ReadOnlyDict(in_order(self._answers))

    def __repr__(self) -> str:  # answers stay out of logs and tracebacks
        return f"<Trial with {len(self._answers)} answers>"


def _changed(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the answers that a trial had, with those that `attrs.evolve` was given in their place."""
    answers, left_open, unsure = facts.pop("_answers"), facts.pop("_left_open"), facts.pop("_unsure")
    return {**dict.fromkeys(left_open), **dict.fromkeys(unsure, UNSURE), **answers, **facts}


def _named(names: object, parameter: str) -> Sequence[str]:
    if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
        return names
    what, help_ = f"{parameter} must be a list of names of facts", "such as ['sciatica']"
    raise ProfileError([Diagnostic(what, location=parameter, help=help_)])


def _trials(trials: object) -> tuple[Trial, ...]:
    if isinstance(trials, list | tuple):
        if len(trials) > MOST_TRIALS:
            what, help_ = (
                f"{len(trials)} trials are more than the {MOST_TRIALS} that a profile may have",
                "leave out those that were longest ago",
            )
            raise ProfileError([Diagnostic(what, location="trials", help=help_, code="too-many-values")])
        tried = tuple(trials)
        if not tried or all(isinstance(trial, Trial) for trial in tried):
            return tried
    raise ProfileError(
        [
            Diagnostic(
                "trials must be a list of Trial objects",
                location="trials",
                help='such as [Trial("side_bend", felt="pain")]',
            )
        ]
    )


def _otherwise(otherwise: object) -> Literal["no", "unknown"]:
    word = str.__str__(otherwise) if isinstance(otherwise, str) else None
    if word == "no":
        return "no"
    if word == "unknown":
        return "unknown"
    shown = "this" if word is None else f"`{word:.60}`"
    what = f'{shown} is neither "no" nor "unknown"'
    raise ProfileError([Diagnostic(what, location="otherwise", name="otherwise", legal=("no", "unknown"))])


@frozen(init=False, repr=False, eq=False)
class Profile:
    """What is known about one person.

    `facts` maps names to answers: True or False, a whole number, or a word. None means that it is not known, and
    `"unsure"` that the person was asked and does not know. `trials` is the complete list of what was tried.
    With `otherwise="no"` each fact that is left out and has a "no" counts as answered so. A fact that is None or
    `"unsure"` stays unknown. `left_open` and `unsure` name such facts as well; `facts` takes precedence over both.

    Raises `ProfileError` for what no rulebook could take; `Screener.screen` checks the rest against the rulebook.

    >>> profile = Profile(facts={"sciatica": True, "warm_up_min": 5}, otherwise="no")
    >>> profile.facts["warm_up_min"]
    5
    """

    _answers: Answers = field(alias="facts")
    trials: tuple[Trial, ...] = field(converter=_trials)
    otherwise: Literal["no", "unknown"] = field(converter=_otherwise)
    left_open: Names
    """Facts that were named and not answered: unknown, under `otherwise="no"` as well."""
    unsure: Names
    """Facts that were answered `unsure`: unknown, under `otherwise="no"` as well."""

    def __init__(
        self,
        facts: Mapping[str, Value | None] | None = None,
        trials: Sequence[Trial] = (),
        otherwise: Literal["no", "unknown"] = "unknown",
        *,
        left_open: Sequence[str] = (),
        unsure: Sequence[str] = (),
    ) -> None:
        given: object = {} if facts is None else facts
        if (left_open or unsure) and isinstance(given, dict | Mapping):
            named = dict.fromkeys(_named(left_open, "left_open"))
            given = named | dict.fromkeys(_named(unsure, "unsure"), UNSURE) | dict(given)
        answers, open_, unsure_ = read_answers(given, "facts")
        self.__attrs_init__(answers, trials, otherwise, open_, unsure_)

    def _key(self) -> tuple[object, ...]:
        """What two equal profiles share; what was left open counts only where `otherwise` would assume an answer."""
        kept_open = (self.left_open, *(trial.left_open for trial in self.trials)) if self.otherwise == "no" else ()
        return typed(self._answers), self.unsure, self.trials, self.otherwise, kept_open

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    @property
    def facts(self) -> Mapping[str, Value]:
        """What is known about the person, by name."""
        return ReadOnlyDict(in_order(self._answers))

    def places(self) -> dict[str, Value]:
        """Every answer by its place: `sciatica`, `trials[0].felt`, `trials[0].stretch`."""
        found: dict[str, Value] = dict(self.facts)
        for index, trial in enumerate(self.trials):
            if trial.stretch is not None:
                found[trial_place(index, "stretch")] = trial.stretch
            found.update((trial_place(index, name), value) for name, value in trial.facts.items())
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as plain values, in the shape of a profile file, which `profile_schema` describes.

        >>> Profile({"smoker": False, "sciatica": "unsure"}).to_dict()
        {'facts': {'sciatica': 'unsure', 'smoker': False}, 'trials': [], 'otherwise': 'unknown'}
        """
        trials = [{"stretch": trial.stretch, **_as_given(trial)} for trial in self.trials]
        return {"facts": _as_given(self), "trials": trials, "otherwise": self.otherwise}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Profile:
        """Return the profile that `to_dict`, or a profile file in JSON, holds.

        Raises `ProfileError` with every mistake in its shape; `Screener.screen` checks the rest against the rulebook.

        >>> Profile.from_dict({"facts": {"sciatica": True}, "otherwise": "no"}).facts
        {'sciatica': True}
        """
        shape = read_shape(data)
        if shape.diagnostics:
            raise ProfileError(evolve(one, location=place_of(one.path)) for one in shape.diagnostics)
        return profile_of(shape)

    def __repr__(self) -> str:  # answers stay out of logs and tracebacks
        return f"<Profile with {len(self._answers)} answers and {len(self.trials)} trials>"


def answers_of(given: Profile | Trial) -> Mapping[str, Value]:
    """Return the answers as they were given, without a copy and in no order: for callers that read very many."""
    return given._answers  # noqa: SLF001 - of this module


def blanks(given: Profile | Trial) -> dict[str, None]:
    """Return None for each fact that stays unknown although it is named: left open, or answered `unsure`."""
    return dict.fromkeys(given.left_open + given.unsure)


def validated_profile(profile: Profile, answers: Answers, trials: Sequence[Trial], unsure: Names) -> Profile:
    """Return the profile with answers that a knowledge base has read; the word `unsure` may be an option among them."""
    validated = object.__new__(Profile)
    validated.__attrs_init__(answers, trials, profile.otherwise, profile.left_open, unsure)
    return validated


def validated_trial(trial: Trial, stretch: str | None, answers: Answers, unsure: Names) -> Trial:
    """Return the trial with answers that a knowledge base has read; the word `unsure` may be an option among them."""
    validated = object.__new__(Trial)
    validated.__attrs_init__(stretch, answers, trial.left_open, unsure)
    return validated


def profile_of(shape: ProfileShape) -> Profile:
    """Return the profile with the answers of a shape."""
    return Profile(shape.facts, [_trial_of(trial) for trial in shape.trials], shape.otherwise)


def _trial_of(answers: Mapping[str, Any]) -> Trial:
    """Return the trial with these answers, its stretch among them, whatever the facts are called."""
    facts = {name: answer for name, answer in answers.items() if name != "stretch"}
    known, left_open, unsure = read_answers(facts, "trial")
    blank = Trial(answers.get("stretch"))
    trial = object.__new__(Trial)
    trial.__attrs_init__(blank.stretch, known, left_open, unsure)
    return trial


def _as_given(given: Profile | Trial) -> dict[str, Value | None]:
    return dict(sorted({**blanks(given), **dict.fromkeys(given.unsure, UNSURE), **answers_of(given)}.items()))
