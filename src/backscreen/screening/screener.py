"""Screening one person, decided twice: by an engine and by the reference."""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, overload

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.exceptions import ProfileError, RulebookError, UsageError
from backscreen.loading.profile_validation import check
from backscreen.loading.rulebook_files import Wanted, load_rulebooks
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile
from backscreen.screening.bounds import bounds
from backscreen.screening.details import Details, Explainer
from backscreen.screening.parts import Fault, RulebookUsed
from backscreen.screening.result import Screening
from backscreen.screening.situation import Situation, situation
from backscreen.screening.verification import disagreement, union, validated, without_names
from backscreen.semantics import reference
from backscreen.semantics.activations import Activations, Engine, EngineFault

if TYPE_CHECKING:
    from backscreen.screening.fast_path import FastPath

_LOG = logging.getLogger("backscreen")

MOST_FAULTS = 100
"""Faults that a screener remembers."""

EngineName = Literal["durable", "compiled"]


class Screener:
    """Screens people against rulebooks. One may serve many threads, and processes that fork; it can be pickled.

    `rules` is the id of a bundled rulebook, the `Path` of one's own or its place in a package
    (`importlib.resources.files`), a list of these, what `load_rulebooks` returned, or None for all that are bundled.
    `engine` is `"durable"`, durable_rules verified by the reference, the default wherever it can be installed; or
    `"compiled"`, the rulebook as straight-line Python, for loops over many people. Where durable_rules is missing or
    cannot hold the rulebook, the default is the compiled engine, verified by the reference.

    Raises `RulebookError` where a rulebook cannot be read, `UsageError` for an engine that is not known or not
    installed.

    >>> from backscreen import Profile, Trial
    >>> screening = Screener().screen(Profile(trials=[Trial("side_bend", felt="pain")], otherwise="no"))
    >>> screening["side_bend"].verdict, screening["knee_to_chest"].verdict
    (<Verdict.AVOID: 'avoid'>, <Verdict.ALLOWED: 'allowed'>)
    """

    def __init__(self, rules: Wanted | KnowledgeBase = None, *, engine: EngineName | None = None) -> None:
        self._knowledge_base = rules if isinstance(rules, KnowledgeBase) else load_rulebooks(rules)
        if self._knowledge_base.stretches and not self._knowledge_base.rules:
            raise RulebookError(
                [
                    Diagnostic(
                        "no rule of these rulebooks acts",
                        help="every stretch would be allowed to everybody; are all of them retired?",
                    )
                ]
            )
        self._engine: Engine = _engine(self._knowledge_base, engine)
        self._wanted = engine
        self._failed: set[str] = set()
        self._faults: tuple[Fault, ...] = ()
        self._used = tuple(RulebookUsed(book.id, book.version, book.digest) for book in self._knowledge_base.books)
        self._explainer = Explainer(self._knowledge_base)
        self._fast_path = _fast_path(self._engine, self._explainer, self._used) if engine == "compiled" else None

    def __reduce__(
        self,
    ) -> tuple[Callable[[KnowledgeBase, EngineName | None], Screener], tuple[KnowledgeBase, EngineName | None]]:
        """Build a copy from the same rulebooks: engines cannot be pickled."""
        return _rebuilt, (self._knowledge_base, self._wanted)

    @property
    def knowledge_base(self) -> KnowledgeBase:
        """The rulebooks, read as one."""
        return self._knowledge_base

    @property
    def engine(self) -> str:
        """The name of the engine in use, or after a fault of the one that the next screening turns to.

        Reading it builds nothing.
        """
        name = self._engine.name
        return _name_of_another(self._failed) or name if name in self._failed else name

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults since this screener was built, oldest first and at most the last 100: empty while all is well.

        They say as little as the log: how many rules engines disagreed about, not which, since that would tell of
        somebody's health. The names are only in the `fault` of that screening. A pickled copy starts without faults.
        """
        return self._faults

    def screen(self, profile: Profile) -> Screening:
        """What the rulebooks say of this person.

        Raises `ProfileError` with everything in the profile that does not fit the rulebooks: names, types and bounds.
        """
        if self._fast_path is not None and not self._failed:
            screening = self._fast_path.screen(profile)
            if screening is not None:
                return screening
        if not isinstance(profile, Profile):
            raise ProfileError(
                [
                    Diagnostic(
                        "this is not a Profile", help="write Profile(facts={...}), or read a file with load_profile"
                    )
                ]
            )
        checked, diagnostics = check(self._knowledge_base, profile)
        if diagnostics:
            raise ProfileError(diagnostics)
        known = situation(self._knowledge_base, checked)
        engine = self._in_use()
        activations, fault = self._asked(engine, known)
        limits = bounds(self._knowledge_base, known, activations)
        if fault is not None or self._wanted != "compiled" or self._failed:
            decision = reference.decide(self._knowledge_base, checked)
            if fault is None:
                fault = disagreement(self._knowledge_base, activations, limits, decision)
                if fault is not None:
                    self._set_aside(engine, without_names(fault, activations, decision))
            if fault is not None:
                activations = union(self._knowledge_base, activations, decision.activations)
                limits = bounds(self._knowledge_base, known, activations).stricter_of(
                    decision.stretches, decision.directive
                )
        details = Details(self._explainer, checked, limits, activations)
        return Screening(rulebooks=self._used, engine=engine.name, fault=fault, details=details)

    @overload
    def screen_many(self, profiles: Iterable[Profile], errors: Literal["raise"] = "raise") -> Iterator[Screening]: ...

    @overload
    def screen_many(
        self, profiles: Iterable[Profile], errors: Literal["collect"]
    ) -> Iterator[Screening | ProfileError]: ...

    def screen_many(
        self, profiles: Iterable[Profile], errors: Literal["raise", "collect"] = "raise"
    ) -> Iterator[Screening | ProfileError]:
        """Return an iterator over the screenings, in the order of the profiles; one profile is read at a time.

        A profile that does not fit the rulebooks raises `ProfileError`, which ends the iteration. With
        `errors="collect"`, the error is yielded in the place of the screening, and the iteration goes on.

        Raises `UsageError` for another value of `errors`.
        """
        if errors not in ("raise", "collect"):
            raise UsageError([Diagnostic("`errors` must be `raise` or `collect`")])
        return self._screenings(profiles, collect=errors == "collect")

    def _screenings(self, profiles: Iterable[Profile], *, collect: bool) -> Iterator[Screening | ProfileError]:
        for profile in profiles:
            try:
                screening = self.screen(profile)
            except ProfileError as error:
                if not collect:
                    raise
                yield error
            else:
                yield screening

    def _asked(self, engine: Engine, known: Situation) -> tuple[Activations, Fault | None]:
        """Return the engine's answer; if it fails, set it aside, and return no answer and the fault."""
        try:
            try:
                return validated(self._knowledge_base, known, engine.activations(known.person, known.trials)), None
            except EngineFault as failure:
                fault = Fault(failure.kind, failure.detail)
            except Exception as failure:  # its text may hold answers, so only its type is kept
                fault = Fault("exception", type(failure).__name__)
        except BaseException as interrupt:  # the engine was left in the middle of an answer
            interrupt.__context__ = None
            self._set_aside(engine, Fault("interrupted", "the engine was interrupted"))
            raise
        self._set_aside(engine, fault)
        return {}, fault

    def _set_aside(self, engine: Engine, fault: Fault) -> None:
        """Remember that the engine has failed, even if giving it up or logging it fails too."""
        self._failed.add(engine.name)
        self._faults = (*self._faults, fault)[-MOST_FAULTS:]
        with suppress(Exception):
            engine.give_up()
        with suppress(Exception):
            _LOG.error("engine %s set aside: %s: %s", engine.name, fault.kind, fault.detail)

    def _in_use(self) -> Engine:
        """Return the engine, or the next one if it has failed; if all have, the reference keeps verifying the last."""
        if self._engine.name in self._failed:
            self._engine = _another(self._knowledge_base, self._failed) or self._engine
        return self._engine


def _rebuilt(knowledge_base: KnowledgeBase, engine: EngineName | None) -> Screener:
    return Screener(knowledge_base, engine=engine)


def _engine(knowledge_base: KnowledgeBase, wanted: EngineName | None) -> Engine:
    match wanted:
        case "compiled":
            return _compiled(knowledge_base)
        case "durable":
            try:
                return _durable(knowledge_base)
            except EngineFault as failure:
                diagnostic = Diagnostic(
                    f"durable_rules cannot be used: {failure.detail}", help="omit `engine` to use one that can"
                )
                raise UsageError([diagnostic]) from None
        case None:
            try:
                return _durable(knowledge_base)
            except EngineFault as failure:
                if failure.kind != "missing":
                    _LOG.warning("durable_rules is not used: %s: %s", failure.kind, failure.detail)
                return _compiled(knowledge_base)
        case _:
            raise UsageError(
                [Diagnostic("unknown engine", help="expected `durable` or `compiled`, or nothing for the default")]
            )


def _another(knowledge_base: KnowledgeBase, failed: Container[str]) -> Engine | None:
    """An engine that has not failed yet, if one can be had."""
    for name, made in (("compiled", _compiled), ("durable", _durable)):
        if name not in failed:
            with suppress(
                EngineFault, ImportError
            ):  # durable_rules cannot be had everywhere, and nothing any more when Python is about to end
                return made(knowledge_base)
    return None


def _name_of_another(failed: Container[str]) -> str | None:
    """The name of the engine that `_another` would build, unless durable_rules is installed and cannot be used."""
    if "compiled" not in failed:
        return "compiled"
    return None if "durable" in failed or find_spec("durable") is None else "durable"


def _compiled(knowledge_base: KnowledgeBase) -> Engine:
    from backscreen.engines.python.compiled_engine import CompiledEngine

    return CompiledEngine(knowledge_base)


def _fast_path(engine: Engine, explainer: Explainer, used: tuple[RulebookUsed, ...]) -> FastPath | None:
    """Return the fast path of the compiled engine, or None for another engine."""
    from backscreen.engines.python.compiled_engine import CompiledEngine
    from backscreen.screening.fast_path import FastPath

    return FastPath(explainer, engine, used) if isinstance(engine, CompiledEngine) else None


def _durable(knowledge_base: KnowledgeBase) -> Engine:
    from backscreen.engines.durable.adapter import DurableEngine

    return DurableEngine(knowledge_base)
