"""What is written by hand, against the reference: for people of many shapes, and for answers that are none."""

from __future__ import annotations

from backscreen import Profile, ProfileError, Screener, Trial
from backscreen.engines import reference
from backscreen.rulebook.rulebook import Guidance
from benchmarks.checking import Unequal
from benchmarks.contestants.by_hand.screening import screen
from benchmarks.contestants.contestant import undetermined
from benchmarks.people import Answers, Tried, of_many_shapes

WRONG = True, 0, -1, 601, 100_001, "pain", "yes", ""
"""Answers of which each fact takes some and not others."""


def check_by_hand(guidance: Guidance, count: int, seed: int) -> int:
    """Compare so many answers with the reference's, and what is refused with what ours refuses; raises `Unequal` at the first that differs."""
    for profile in of_many_shapes(guidance, count, seed):
        trials = [Tried(trial.stretch, dict(trial.facts)) for trial in profile.trials]
        directive, verdicts = screen(profile.facts, trials, profile.otherwise)
        if (directive, dict(verdicts)) != undetermined(reference.decide(guidance, profile)):
            raise Unequal(f"by hand, otherwise {profile.otherwise}: the reference says otherwise of {profile.places()}")
    screener = Screener(guidance, engine="compiled")
    for answer in WRONG:
        for name in (*guidance.person_facts, "no_such_fact"):
            _check_refusal(screener, name, {name: answer}, None)
        for name in (*guidance.trial_facts, "no_such_fact"):
            _check_refusal(screener, name, {}, Tried(None, {name: answer}))
    for stretch in (*guidance.stretches, "no_such_stretch"):
        _check_refusal(screener, stretch, {}, Tried(stretch, {}))
    return count


def _check_refusal(screener: Screener, name: str, answers: Answers, tried: Tried | None) -> None:
    trials = [] if tried is None else [tried]
    try:
        screener.screen(Profile(answers, [Trial(one.stretch, **one.answers) for one in trials]))
    except ProfileError:
        ours = False
    else:
        ours = True
    try:
        screen(answers, trials)
    except ValueError as refusal:
        theirs, named = False, name in str(refusal)
    else:
        theirs, named = True, True
    if ours != theirs or not named:
        raise Unequal(f"by hand: {answers} {trials} is {'taken' if theirs else 'refused'}, but ours is {'taken' if ours else 'refused'}")
