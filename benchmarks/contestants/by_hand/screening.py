"""The two rulebooks as a programmer would write them: plain Python, with the rules' conditions as they stand in it.

Rules that only advise, recommend or say that a stretch is not needed are left out, since they change neither the directive nor a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from benchmarks.contestants.by_hand import person, trial
from benchmarks.contestants.by_hand.answers import Value, check_person, check_trial, person_with_no, trial_with_no
from benchmarks.contestants.by_hand.logic import Get, Kleene, any_of
from benchmarks.contestants.by_hand.stretches import BIT, EVERY, LOWER_BACK, verdicts


class Tried(Protocol):
    """A trial: the stretch, None where it is not known, and the answers about it."""

    @property
    def stretch(self) -> str | None:
        """The stretch's id."""
        ...

    @property
    def answers(self) -> Mapping[str, Value]:
        """The answers by the facts' plain names."""
        ...


PROCEED, CARE, CONSULT, STOP = range(4)
DIRECTIVES = "proceed", "care", "consult", "stop"


def screen(answers: Mapping[str, Value], trials: Sequence[Tried] = (), otherwise: str = "unknown") -> tuple[str, Mapping[str, str]]:
    """The directive and the verdict of each stretch; raises `ValueError`, which names the fact, for a wrong answer."""
    check_person(answers)
    for tried in trials:
        if tried.stretch is not None and tried.stretch not in BIT:
            raise ValueError(f"there is no stretch {tried.stretch}")
        check_trial(tried.answers)
    get: Get
    of_trials: list[tuple[str | None, Get]]
    if otherwise == "no":
        get = person_with_no(answers).get
        of_trials = [(tried.stretch, trial_with_no(tried.answers).get) for tried in trials]
    elif otherwise == "unknown":
        get = answers.get
        of_trials = [(tried.stretch, tried.answers.get) for tried in trials]
    else:
        raise ValueError("otherwise must be no or unknown")

    stop = person.emergency(get)
    if of_trials and stop is not True:
        stop = any_of(stop, *(trial.emergency(get_trial) for _, get_trial in of_trials))
    if stop:  # nothing else can make it stricter
        return "stop", verdicts(EVERY, 0, 0, 0)
    return _without_emergency(get, of_trials, stop)


def _without_emergency(get: Get, of_trials: list[tuple[str | None, Get]], stop: Kleene) -> tuple[str, Mapping[str, str]]:
    """The answer where it is not certain that there is an emergency."""
    avoid, caution, perhaps_avoid, perhaps_caution = person.conditions(get)
    surely = CARE if avoid | caution else PROCEED
    at_most = CARE if perhaps_avoid | perhaps_caution else surely
    for stretch, get_trial in of_trials:
        of_trial = trial.response(get_trial, stretch, get("piriformis_syndrome"))
        avoid |= of_trial.avoid
        caution |= of_trial.caution
        perhaps_avoid |= of_trial.perhaps_avoid
        perhaps_caution |= of_trial.perhaps_caution
        if of_trial.care is not False:
            at_most = CARE
            surely = CARE if of_trial.care else surely

    for consult, scope in ((person.consult(get), EVERY), (person.technique(get), LOWER_BACK)):
        if consult:
            caution |= scope
            surely = at_most = CONSULT
        elif consult is None:
            perhaps_caution |= scope
            at_most = CONSULT
    if stop is None:
        perhaps_avoid = EVERY
        at_most = STOP
    always, perhaps = person.difficult(get)
    found = verdicts(avoid, caution | always, perhaps_avoid, perhaps_caution | perhaps)
    return DIRECTIVES[surely] if surely == at_most else "undetermined", found
