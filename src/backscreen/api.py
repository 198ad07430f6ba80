"""Public names of backscreen, loaded when the first of them is used; import them from `backscreen` itself."""

from backscreen.engines.activations import Certainty
from backscreen.errors import BackscreenError, Problem, ProfileError, RulebookError, UsageError
from backscreen.loading.profiles import load_profile
from backscreen.loading.rulebooks import bundled as bundled_rulebooks
from backscreen.loading.rulebooks import load as load_rulebooks
from backscreen.rulebook.facts import Choice, Fact, Flag, Group, Number, Option, Unit, Value
from backscreen.rulebook.profile import Profile, Trial
from backscreen.rulebook.rulebook import Guidance
from backscreen.rulebook.stretches import Dose
from backscreen.rulebook.verdicts import Directive, Effect, Verdict
from backscreen.screening.outcome import Advice, Fault, Finding, RulebookUsed, Screening, Source, StretchOutcome, screening_schema
from backscreen.screening.screener import EngineName, Screener

__all__ = [
    "Advice",
    "BackscreenError",
    "Certainty",
    "Choice",
    "Directive",
    "Dose",
    "Effect",
    "EngineName",
    "Fact",
    "Fault",
    "Finding",
    "Flag",
    "Group",
    "Guidance",
    "Number",
    "Option",
    "Problem",
    "Profile",
    "ProfileError",
    "RulebookError",
    "RulebookUsed",
    "Screener",
    "Screening",
    "Source",
    "StretchOutcome",
    "Trial",
    "Unit",
    "UsageError",
    "Value",
    "Verdict",
    "bundled_rulebooks",
    "load_profile",
    "load_rulebooks",
    "screening_schema",
]
