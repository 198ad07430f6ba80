"""Hypothesis strategies: random rulebooks and people, which Hypothesis can make smaller."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from backscreen.loading.rulebooks import load_texts
from backscreen.rulebook.facts import TRIAL, Value
from backscreen.rulebook.profile import Profile, Trial
from backscreen.rulebook.rulebook import Guidance
from backscreen.screening.answers import situation
from backscreen.testing import books, people


def _chance() -> st.SearchStrategy[Random]:
    """A `random.Random` that draws what Hypothesis wants it to."""
    return st.randoms(use_true_random=False)


@st.composite
def rulebooks(draw: st.DrawFn) -> Guidance:
    """A small random rulebook, valid throughout: all types of facts, nested conditions, every effect, scope and narrowing."""
    files = books.rulebook(draw(_chance()), always=False)
    return Guidance([load_texts(books.texts(files))])


@st.composite
def profiles(draw: st.DrawFn, guidance: Guidance) -> Profile:
    """A random profile for these rulebooks: many answers left unknown, numbers close to where rules change their mind."""
    return people.person(draw(_chance()), people.questionnaire(guidance))


@st.composite
def more_answered(draw: st.DrawFn, guidance: Guidance, profile: Profile) -> Profile:
    """The profile with some of its unknown facts answered, which stretch was tried among them; what it assumes is answered as assumed."""
    random, asked = draw(_chance()), people.questionnaire(guidance)
    known = situation(guidance, profile)
    facts = dict(known.person.answers)
    extra = people.answers(random, asked.person)
    trials = []
    for trial, subject in zip(profile.trials, known.trials, strict=True):
        own: dict[str, Value | None] = {name: subject.answers[TRIAL + name] for name in guidance.trial_facts if TRIAL + name in subject.answers}
        stretch = trial.stretch or people.stretch(random, asked)
        trials.append(Trial(stretch, **(people.answers(random, asked.trial) | own)))
    return Profile(extra | facts, trials)
