"""A checked profile → what counts as known, and what of it was assumed."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from backscreen.engines.activations import Known
from backscreen.rulebook.facts import TRIAL, Fact, Value, trial_place
from backscreen.rulebook.profile import Profile, answers_of
from backscreen.rulebook.rulebook import Guidance


@frozen(eq=False, repr=False)
class Situation:
    """What rules are tried against: the person, and each trial with the person's answers in it; and the places that were assumed."""

    person: Known
    trials: tuple[Known, ...]
    assumed: tuple[str, ...]

    def subject(self, trial: int) -> Known:
        """The trial of this index, or the person for a negative one."""
        return self.person if trial < 0 else self.trials[trial]


def situation(guidance: Guidance, profile: Profile) -> Situation:
    """What is known about a person, with what `otherwise: no` adds."""
    supposes = profile.otherwise == "no"
    added = _supposed(guidance.person_facts, answers_of(profile)) if supposes else {}
    person = {**answers_of(profile), **added}
    assumed = [*added]
    trials = []
    for index, trial in enumerate(profile.trials):
        added = _supposed(guidance.trial_facts, answers_of(trial)) if supposes else {}
        assumed += [trial_place(index, name) for name in added]
        own = {TRIAL + name: value for name, value in (*answers_of(trial).items(), *added.items())}
        trials.append(Known(person | own, trial.stretch))
    return Situation(Known(person), tuple(trials), tuple(assumed))


def _supposed(specs: Mapping[str, Fact], answers: Mapping[str, Value]) -> dict[str, Value]:
    """The unanswered facts that count as answered with their "no": not those on which an answer, other than a "no", rests."""
    answered_otherwise = [specs[name] for name, value in answers.items() if value != specs[name].no]
    resting = {name for spec in answered_otherwise for name in spec.rests_on}
    return {name: spec.no for name, spec in specs.items() if name not in answers and name not in resting and spec.no is not None}
