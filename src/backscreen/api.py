"""Public names of backscreen, loaded when the first of them is used; import them from `backscreen` itself."""

from backscreen.engines.activations import Certainty
from backscreen.errors import BackscreenError, Problem, ProfileError, RulebookError, UsageError
from backscreen.loading.profiles import load_profile
from backscreen.rulebook.profile import Profile, Trial
from backscreen.rulebook.stretches import Dose
from backscreen.rulebook.verdicts import Directive, Effect, Verdict
from backscreen.screening.outcome import Fault, Finding, RulebookUsed, Screening, Source, StretchOutcome, screening_schema
from backscreen.screening.screener import Screener

__all__ = [
    "BackscreenError",
    "Certainty",
    "Directive",
    "Dose",
    "Effect",
    "Fault",
    "Finding",
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
    "UsageError",
    "Verdict",
    "load_profile",
    "screening_schema",
]
