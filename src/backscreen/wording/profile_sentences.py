"""Profiles in plain words; each output decides how answers and stretches look."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from backscreen.model.facts import TRIAL, UNSURE, Value
from backscreen.model.profile import Profile, Trial

AnswerWords = Callable[[str, Value | None], str]
"""The words for an answer, by the fact's name in conditions; the value is None if it was left open."""


def profile_sentence(
    profile: Profile, answer_words: AnswerWords, stretch_words: Callable[[str], str] = str, order: Iterable[str] = ()
) -> str:
    """Return what is known of a person; `order` lists the names of facts in conditions.

    >>> person = Profile(facts={"sciatica": True}, trials=[Trial("side_bend", felt="pain")], otherwise="no")
    >>> profile_sentence(person, lambda name, value: f"{name} {value}")
    'sciatica True; tried side_bend (trial.felt pain); everything else counts as no'
    """
    places = {name: place for place, name in enumerate(order)}

    def answers(given: Profile | Trial, prefix: str) -> str:
        known: dict[str, Value | None] = {prefix + name: value for name, value in given.facts.items()}
        known |= {prefix + name: UNSURE for name in given.unsure}
        known |= {prefix + name: None for name in given.left_open}
        return "; ".join(
            answer_words(name, known[name]) for name in sorted(known, key=lambda name: places.get(name, 0))
        )

    parts = [answers(profile, "")]
    for trial in profile.trials:
        stretch = "an unknown stretch" if trial.stretch is None else stretch_words(trial.stretch)
        felt = answers(trial, TRIAL)
        parts.append(f"tried {stretch} ({felt})" if felt else f"tried {stretch}")
    if profile.otherwise == "no":
        parts.append("everything else counts as no" if any(parts) else "everything counts as no")
    return "; ".join(part for part in parts if part) or "nothing is known"
