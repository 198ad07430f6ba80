"""Public names of backscreen, loaded when the first of them is used; import them from `backscreen` itself."""

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import BackscreenError, ProfileError, RulebookError, UsageError
from backscreen.loading.profile_files import load_profile, profile_schema
from backscreen.loading.rulebook_files import bundled_rulebooks, load_rulebooks
from backscreen.model.catalogue import Dose
from backscreen.model.effects import Certainty, Directive, Effect, Verdict
from backscreen.model.facts import Choice, Fact, Flag, Group, Number, Option, Unit, Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Origin, Profile, Trial
from backscreen.screening.parts import Advice, FactText, Fault, Finding, NextQuestion, RulebookUsed, Source
from backscreen.screening.plain_values import screening_schema
from backscreen.screening.result import Screening, StretchOutcome
from backscreen.screening.screener import EngineName, Screener
from backscreen.wording.notices import Notice, NoticeCode

__all__ = [
    "Advice",
    "BackscreenError",
    "Certainty",
    "Choice",
    "Diagnostic",
    "Directive",
    "Dose",
    "Effect",
    "EngineName",
    "Fact",
    "FactText",
    "Fault",
    "Finding",
    "Flag",
    "Group",
    "KnowledgeBase",
    "NextQuestion",
    "Notice",
    "NoticeCode",
    "Number",
    "Option",
    "Origin",
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
    "profile_schema",
    "screening_schema",
]
