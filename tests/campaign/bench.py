"""One person, screened by everything that is to be checked, against the reference.

A checker is an engine or a screener of a rulebook. Its name is a short one, or `module:attribute` of a function that
makes one from a rulebook.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, runtime_checkable

from attrs import frozen

from backscreen import Profile, Screener, Screening, UsageError
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.suggestions import suggest
from backscreen.loading.profile_validation import check
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.screening.situation import situation
from backscreen.semantics.activations import Activations, Engine
from backscreen.semantics.reference import Decision, decide
from backscreen.testing import comparison, random_people
from backscreen.testing.comparison import Difference

from .processes import RAISED

REFERENCE = "reference"
UNFIT = "whether the person fits the rulebook"
ENGINES = {
    "durable": "backscreen.engines.durable.adapter:DurableEngine",
    "compiled": "backscreen.engines.python.compiled_engine:CompiledEngine",
}
SCREENERS = {"screener": f"{__name__}:by_default", "compiled-screener": f"{__name__}:by_compiled"}


@runtime_checkable
class Screens(Protocol):
    """Whatever makes whole screenings."""

    def screen(self, profile: Profile) -> Screening:
        """What is said of a person."""
        ...


Checker = Engine | Screens


def by_default(knowledge_base: KnowledgeBase) -> Screens:
    return Screener(knowledge_base)


def by_compiled(knowledge_base: KnowledgeBase) -> Screens:
    return Screener(knowledge_base, engine="compiled")


def installed() -> tuple[str, ...]:
    """The engines that can be used here, by their short names."""
    return tuple(name for name in ENGINES if name != "durable" or find_spec("durable") is not None)


def maker(name: str) -> Callable[[KnowledgeBase], Checker]:
    """What makes the checker of this name; raises `UsageError`."""
    module, _, attribute = (ENGINES | SCREENERS).get(name, name).partition(":")
    try:
        found: Any = None if name in ENGINES and name not in installed() else getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError):
        found = None
    if not callable(found):
        help_ = suggest(
            name,
            installed(),
            "there are " + ", ".join(installed()) + ", or `module:attribute` of what makes one from a rulebook",
        )
        raise UsageError([Diagnostic(f"there is no engine `{name[:100]}` here", help=help_)]) from None
    make: Callable[[KnowledgeBase], Checker] = found
    return make


class _Unmade:
    """Placeholder for an engine that could not be made; it raises the reason."""

    name = "unmade"

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    def activations(self, *_: object) -> Activations:
        raise self._failure

    def give_up(self) -> None:
        pass


def made(name: str, knowledge_base: KnowledgeBase) -> Checker:
    """The checker of this name for a rulebook."""
    try:
        return maker(name)(knowledge_base)
    except Exception as failure:  # whatever an engine raises is a finding
        return _Unmade(failure)


@frozen(eq=False)
class Bench:
    """What is made once for a rulebook, to screen many people; a checker that raised is made anew."""

    knowledge_base: KnowledgeBase
    asked: random_people.Questionnaire
    engines: dict[str, Engine]
    screeners: dict[str, Screens]


def bench(knowledge_base: KnowledgeBase, checkers: Sequence[str]) -> Bench:
    """A bench with these checkers."""
    on = Bench(knowledge_base, random_people.questionnaire(knowledge_base), {}, {})
    for name in checkers:
        _place(on, name)
    return on


def _place(on: Bench, name: str) -> None:
    """Make the checker of this name, anew if it is there already."""
    on.engines.pop(name, None)
    on.screeners.pop(name, None)
    checker = made(name, on.knowledge_base)
    if isinstance(checker, Screens):
        on.screeners[name] = checker
    else:
        on.engines[name] = checker


def screened(on: Bench, profile: Profile, *, whole: bool) -> dict[str, list[Difference]]:
    """Yield each checker's differences from the reference; whole screenings are compared only where asked for."""
    try:
        checked, diagnostics = check(on.knowledge_base, profile)
        if diagnostics:
            return {REFERENCE: [Difference(UNFIT, "yes", str(diagnostics[0]))]}
        decision, known = decide(on.knowledge_base, checked), situation(on.knowledge_base, checked)
    except Exception as failure:
        return {REFERENCE: [_raised(failure)]}
    found = {}
    for name, engine in on.engines.items():
        try:
            found[name] = comparison.of_activations(
                on.knowledge_base, decision.activations, engine.activations(known.person, known.trials)
            )
        except Exception as failure:
            found[name] = [_raised(failure)]
    if whole:
        found |= _wholly(on, profile, decision)
    for name, differences in found.items():
        if differences:
            _place(on, name)
    return found


def _wholly(on: Bench, profile: Profile, decision: Decision) -> dict[str, list[Difference]]:
    """The same for screeners, which must say the same in every other respect too, but for the engine's name."""
    found = {}
    first: dict[str, Any] | None = None
    for name, screener in on.screeners.items():
        try:
            screening = screener.screen(profile)
            found[name] = comparison.of_screening(on.knowledge_base, decision, screening)
            if not found[name]:
                plain = screening.to_dict() | {"engine": "any"}
                first = plain if first is None else first
                found[name] = _unlike(first, plain)
        except Exception as failure:
            found[name] = [_raised(failure)]
    return found


def _unlike(first: dict[str, Any], other: dict[str, Any]) -> list[Difference]:
    if first == other:
        return []
    return [
        Difference(f"`{key}` of two screeners", str(first[key])[:200], str(other[key])[:200])
        for key in first
        if first[key] != other[key]
    ]


def _raised(failure: Exception) -> Difference:
    return Difference(RAISED, "none", f"{type(failure).__name__}: {' '.join(str(failure).split())}"[:500])
