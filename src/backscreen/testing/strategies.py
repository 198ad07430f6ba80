"""Hypothesis strategies for random rulebooks and people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from random import Random

from hypothesis import strategies as st

from backscreen.loading.rulebook_files import load_texts
from backscreen.model.facts import UNSURE, Value, trial_place
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile, Trial
from backscreen.screening.screener import Screener
from backscreen.testing import random_people, random_rulebooks

Answers = dict[str, Value | None]


def _chance() -> st.SearchStrategy[Random]:
    """Return a `random.Random` whose draws Hypothesis controls."""
    return st.randoms(use_true_random=False)


@st.composite
def rulebooks(draw: st.DrawFn) -> KnowledgeBase:
    """Draw a small valid rulebook with every type of fact, effect and scope, and nested conditions."""
    files = random_rulebooks.rulebook(draw(_chance()), always=False)
    return KnowledgeBase([load_texts(random_rulebooks.texts(files))])


@st.composite
def profiles(draw: st.DrawFn, knowledge_base: KnowledgeBase) -> Profile:
    """Draw a profile for these rulebooks, with many unknown answers and with numbers close to thresholds."""
    return random_people.person(draw(_chance()), random_people.questionnaire(knowledge_base))


@st.composite
def more_answered(draw: st.DrawFn, knowledge_base: KnowledgeBase, profile: Profile) -> Profile:
    """Draw the profile with more answers; under `otherwise: no`, only to questions that are still open."""
    random, asked = draw(_chance()), random_people.questionnaire(knowledge_base)
    open_places = set(Screener(knowledge_base, engine="compiled").screen(profile).unanswered)

    def more(
        possible: Mapping[str, random_people.Possible], given: Profile | Trial, place: Callable[[str], str]
    ) -> Answers:
        drawn = random_people.answers(random, possible)
        if profile.otherwise == "no":
            drawn = {name: answer for name, answer in drawn.items() if place(name) in open_places}
        return {**dict.fromkeys(given.left_open), **dict.fromkeys(given.unsure, UNSURE), **drawn, **given.facts}

    facts = more(asked.person, profile, str)
    trials = []
    for index, trial in enumerate(profile.trials):
        stretch = trial.stretch or random_people.stretch(random, asked)
        trials.append(Trial(stretch, **more(asked.trial, trial, partial(trial_place, index))))
    return Profile(facts, trials, profile.otherwise)
