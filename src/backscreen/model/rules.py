"""Rules, the cases that judge them, and the statements that they rest on."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from attrs import field, frozen

from backscreen.model.catalogue import Selector
from backscreen.model.conditions import Condition, reads_a_trial
from backscreen.model.effects import Directive, Effect, Verdict
from backscreen.model.profile import Profile


@frozen(kw_only=True)
class Document:
    """A source document."""

    id: str
    title: str
    url: str | None = None
    year: int | None = None


class Becomes(StrEnum):
    """What a statement turns into: what decides (a rule, a stretch, a region), what is said to people, or neither."""

    RULE = "rule"
    STRETCH = "stretch"
    REGION = "region"
    ADVICE = "advice"
    BACKGROUND = "background"


@frozen(kw_only=True)
class Statement:
    """One thing that a document says, in our words, with where it says so."""

    id: str
    document: str
    where: str
    says: str
    becomes: tuple[Becomes, ...]
    advice: str | None = None


class Status(StrEnum):
    """How far a rule's review has come. A retired rule does not act."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    RETIRED = "retired"


class About(StrEnum):
    """Where a rule's caution lies: in the person, or in the stretch, whoever does it."""

    PERSON = "person"
    STRETCH = "stretch"


class Fires(StrEnum):
    """Whether a rule fires: strong Kleene logic's three values."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@frozen(kw_only=True)
class Expectation:
    """What a case expects of its rule alone."""

    fires: Fires
    verdicts: Mapping[str, Verdict] = field(factory=dict)
    directive: Directive | None = None


@frozen(kw_only=True)
class Case:
    """A person, and what one rule by itself makes of them. `at` is where the case is written."""

    name: str
    given: Profile
    expect: Expectation
    at: str = field(default="", eq=False)


@frozen(kw_only=True)
class Rule:
    """When this is so, this effect on these stretches, for this reason, according to these statements.

    `applies_to` is None for a rule about a trial that acts on the tried stretch. The next review is due on `review_by`.
    `at` is where the rule is written.
    """

    id: str
    title: str
    when: Condition
    applies_to: Selector | None = None
    tried: Selector | None = None
    effect: Effect
    about: About = About.PERSON
    reason: str
    reading: str | None = None
    statements: tuple[str, ...]
    disagree_with: tuple[str, ...] = ()
    status: Status = Status.DRAFT
    reviewed_on: date | None = None
    review_by: date | None = None
    cases: tuple[Case, ...] = ()
    at: str = field(default="", eq=False)

    @property
    def about_a_trial(self) -> bool:
        """Whether the rule is tried against each trial, and not once against the person."""
        return reads_a_trial(self.when)

    @property
    def directive(self) -> Directive:
        """What the rule makes of the whole screening when it fires."""
        return Directive.PROCEED if self.about is About.STRETCH else self.effect.directive


@frozen(kw_only=True)
class ScenarioExpectation:
    """What a scenario expects of the whole rulebook; None where it says nothing."""

    directive: Directive
    verdicts: Mapping[str, Verdict]
    others: Verdict | None = None
    recommended: tuple[str, ...] | None = None
    unneeded: tuple[str, ...] | None = None
    fires: tuple[str, ...] = ()
    may_fire: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    unanswered: tuple[str, ...] | None = None
    instead: Mapping[str, tuple[str, ...]] = field(factory=dict)


@frozen(kw_only=True)
class Scenario:
    """A whole person, and what the whole rulebook says of them. `at` is where it is written."""

    name: str
    given: Profile
    expect: ScenarioExpectation
    at: str = field(default="", eq=False)
