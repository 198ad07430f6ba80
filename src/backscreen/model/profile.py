"""Profiles: what is known about one person, and what came of the stretches that were tried."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from enum import StrEnum
from numbers import Integral
from typing import Any, Literal, cast

from attrs import field, frozen

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import ProfileError
from backscreen.model.facts import UNSURE, Value, trial_place
from backscreen.model.read_only import ReadOnlyDict

Answers = dict[str, Value]
Names = tuple[str, ...]

MOST_TRIALS = 100


class Origin(StrEnum):
    """Where an answer comes from: the person, `otherwise: no`, or the person's "I don't know"."""

    GIVEN = "given"
    ASSUMED = "assumed"
    UNSURE = "unsure"


_PLAIN = {bool, int, str}
_WORD = {str}


def _read(given: object, place: str) -> tuple[Answers, Names, Names]:
    """Return the answers as plain values under plain names, the names left open, and those answered `unsure`.

    INVARIANT: `type` of each name is `str`, and of each answer `bool`, `int` or `str`. No equality or hash of anybody's
    own decides on a screening. A loop over many people spends much of its time here, so plain answers take few steps.
    """
    if not isinstance(given, dict | Mapping):
        raise ProfileError(
            [Diagnostic(f"{place} must be a mapping from facts to answers", help="such as {'sciatica': True}")]
        )
    answers = dict(given)
    types = set(map(type, answers.values()))
    is_plain = types <= _PLAIN and _WORD.issuperset(map(type, answers))
    if is_plain and (str not in types or UNSURE not in answers.values()):
        return answers, (), ()
    diagnostics = []
    plain: dict[str, Value | None] = {}
    for word, value in answers.items():
        name = _plain(word)
        if not isinstance(name, str):
            diagnostics.append(
                Diagnostic("the name of a fact must be a word", location=place, help="such as `sciatica`")
            )
            continue
        answer = _plain(value)
        if answer is None and value is not None:
            shown = f"`{value}`" if isinstance(value, float) else "this"
            help_ = "expected True or False, a whole number or a word; write None if it is not known"
            what, where = f"{shown} is not an answer to `{name[:60]}`", f"{place}.{name}"
            diagnostics.append(Diagnostic(what, location=where, help=help_, name=name, code="wrong-answer"))
        elif name in plain:
            what = f"`{name[:60]}` is answered twice, under names of different types"
            diagnostics.append(Diagnostic(what, location=place, help="keep one of the two", name=name))
        plain[name] = answer
    if diagnostics:
        raise ProfileError(diagnostics)
    known = {name: value for name, value in plain.items() if value is not None and value != UNSURE}
    return known, _names(plain, None), _names(plain, UNSURE)


def _plain(value: object) -> Value | None:
    """Return the plain answer that a value stands for, or None.

    A subclass stands for its base, and an integer or a truth value of NumPy for Python's own.
    """
    if type(value) in _PLAIN:
        return cast("Value", value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Integral):
        return int(operator.index(value))
    dtype = getattr(value, "dtype", None)
    if getattr(dtype, "kind", None) == "b" and getattr(value, "ndim", None) == 0:  # numpy.bool_, which is no number
        return bool(value)
    return None


def _names(answers: Mapping[str, Value | None], answer: str | None) -> Names:
    return tuple(sorted(name for name, value in answers.items() if value == answer))


def _sorted(answers: Answers) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(answers.items()))


def _typed(answers: Answers) -> tuple[tuple[str, type, Value], ...]:
    """What equal answers share: `True` is another answer than `1`."""
    return tuple((name, type(answers[name]), answers[name]) for name in sorted(answers))


@frozen(init=False, repr=False)
class Trial:
    """What happened when a person tried one stretch.

    `stretch` is its id, or None where the person cannot say which it was; the rest are facts of the trial by name. None means
    that it is not known, and `"unsure"` that the person was asked and does not know. `Screener.screen` checks names, types
    and bounds against the rulebook.

    Raises `ProfileError` for what no rulebook could take.

    >>> Trial("side_bend", felt="pain").facts["felt"]
    'pain'
    """

    stretch: str | None
    _answers: Answers = field(eq=_typed, alias="_answers")
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
        self.__attrs_init__(stretch, *_read(facts, "trial"))

    @property
    def facts(self) -> Mapping[str, Value]:
        """What is known about the trial, but for its stretch, by name."""
        return ReadOnlyDict(_sorted(self._answers))

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
        answers, open_, unsure_ = _read(given, "facts")
        self.__attrs_init__(answers, trials, otherwise, open_, unsure_)

    def _key(self) -> tuple[object, ...]:
        """What two equal profiles share; what was left open counts only where `otherwise` would assume an answer."""
        kept_open = (self.left_open, *(trial.left_open for trial in self.trials)) if self.otherwise == "no" else ()
        return _typed(self._answers), self.unsure, self.trials, self.otherwise, kept_open

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    @property
    def facts(self) -> Mapping[str, Value]:
        """What is known about the person, by name."""
        return ReadOnlyDict(_sorted(self._answers))

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
