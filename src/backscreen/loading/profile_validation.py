"""Profiles against a rulebook: are these its facts, its stretches, and answers within their bounds?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.suggestions import did_you_mean, nearest, similar
from backscreen.model.facts import TRIAL, UNSURE, Fact, Value, WrongAnswer, has_unsure_option, written
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile, Trial, answers_of, blanks, validated_profile, validated_trial
from backscreen.model.profile_shape import place_of
from backscreen.model.units import read_answer

MOST_PROBLEMS = 100
"""Problems of one profile that are looked for; nobody reads on."""


def check(knowledge_base: KnowledgeBase, profile: Profile) -> tuple[Profile, list[Diagnostic]]:
    """Return the profile with every answer in the fact's own unit, and everything that is wrong with it.

    INVARIANT: where the list is empty, every fact and stretch of the profile is declared, and every answer is of its
    type and within its bounds. Engines and readings rely on it and do not check again. No fact is `unsure` that has an
    option of this name: the option is its answer.
    """
    if type(profile) is Profile:
        checked, diagnostics = _checked(knowledge_base, profile, answers_of(profile))
        if not diagnostics:
            return checked, []
    return _checked(knowledge_base, profile, profile.facts)  # sorted by name, the order in which problems are reported


def _checked(
    knowledge_base: KnowledgeBase, profile: Profile, given: Mapping[str, Value]
) -> tuple[Profile, list[Diagnostic]]:
    diagnostics: list[Diagnostic] = []
    facts = dict(_read(knowledge_base, given.items(), ("facts",), diagnostics))
    diagnostics += islice(_unknown_names(knowledge_base.person_facts, blanks(profile), ("facts",)), MOST_PROBLEMS + 1)
    unsure = _resolved(knowledge_base.person_facts, profile, facts)
    trials: list[Trial] = []
    if profile.trials and len(profile.trials) > knowledge_base.most_trials:
        diagnostics.append(_too_many_trials(knowledge_base, profile))
    for index, trial in enumerate(profile.trials):
        if len(diagnostics) > MOST_PROBLEMS:
            break
        trials.append(_checked_trial(knowledge_base, trial, ("trials", index), diagnostics))
    if len(diagnostics) > MOST_PROBLEMS:
        return profile, diagnostics[: MOST_PROBLEMS + 1]
    is_unchanged = (
        type(profile) is Profile
        and _are_same(facts, given)
        and all(one is other for one, other in zip(trials, profile.trials, strict=True))
    )
    return profile if is_unchanged else validated_profile(profile, facts, trials, unsure), diagnostics


def _checked_trial(
    knowledge_base: KnowledgeBase, trial: Trial, path: DocumentPath, diagnostics: list[Diagnostic]
) -> Trial:
    stretch = None if trial.stretch is None else str.__str__(trial.stretch)  # the plain id of an enumeration's member
    if stretch is not None and stretch not in knowledge_base.stretches:
        diagnostics.append(_unknown("stretch", stretch, (*path, "stretch"), stretch_texts(knowledge_base)))
    given = trial.facts
    answers = dict(_read(knowledge_base, given.items(), path, diagnostics))
    diagnostics += _unknown_names(knowledge_base.trial_facts, blanks(trial), path)
    unsure = _resolved(knowledge_base.trial_facts, trial, answers)
    is_unchanged = type(trial) is Trial and type(trial.stretch) is type(stretch) and _are_same(answers, given)
    return trial if is_unchanged else validated_trial(trial, stretch, answers, unsure)


def _resolved(specs: Mapping[str, Fact], given: Profile | Trial, answers: dict[str, Value]) -> tuple[str, ...]:
    """Add the answer `unsure` to each choice with such an option, and return the names of the other unsure facts."""
    for name in given.unsure:
        if name in specs and has_unsure_option(specs[name]):
            answers[name] = UNSURE
    return tuple(name for name in given.unsure if name not in answers)


def _too_many_trials(knowledge_base: KnowledgeBase, profile: Profile) -> Diagnostic:
    most = knowledge_base.most_trials
    message = f"{len(profile.trials)} trials are more than the {most} that these rules can be tried against"
    help_ = "leave out those that were longest ago"
    return Diagnostic(message, location="trials", help=help_, code="too-many-values", path=("trials", most))


def _are_same(answers: Mapping[str, Value], given: Mapping[str, Value]) -> bool:
    """Return whether the answers are those that were given, in value and type."""
    return answers == given and all(type(answers[name]) is type(value) for name, value in given.items())


def fact_texts(specs: Mapping[str, Fact]) -> dict[str, str]:
    """Return what is said of each fact, in which a name that nobody knows may be found again."""
    return {name: f"{name} {spec.title} {spec.question}" for name, spec in specs.items()}


def stretch_texts(knowledge_base: KnowledgeBase) -> dict[str, str]:
    """Return what each stretch is called."""
    return {name: f"{name} {stretch.name}" for name, stretch in knowledge_base.stretches.items()}


def _unknown(kind: str, name: str, path: DocumentPath, texts: Mapping[str, str]) -> Diagnostic:
    close, is_stretch = similar(name, texts), kind == "stretch"
    command = "backscreen stretches" if is_stretch else "backscreen facts"
    return Diagnostic(
        f"unknown {kind} `{name[:60]}`",
        code="unknown-stretch" if is_stretch else "unknown-fact",
        location=place_of(path if is_stretch else path[:-1]),
        help=did_you_mean(close, f"`{command}` lists them all"),
        name=name,
        legal=tuple(texts),
        nearest=next(iter(close), None),
        path=path,
        at_key=not is_stretch,
    )


def _kind(path: DocumentPath) -> str:
    return "fact" if path == ("facts",) else "fact of a trial"


def _unknown_names(specs: dict[str, Fact], names: Iterable[str], path: DocumentPath) -> Iterator[Diagnostic]:
    for name in names:
        if name not in specs:
            yield _unknown(_kind(path), name, (*path, name), fact_texts(specs))


def _read(
    knowledge_base: KnowledgeBase,
    answers: Iterable[tuple[str, Value]],
    path: DocumentPath,
    diagnostics: list[Diagnostic],
) -> Iterator[tuple[str, Value]]:
    """Yield the answers that fit, each in the fact's own unit, and report the others."""
    of_person = path == ("facts",)
    specs = knowledge_base.person_facts if of_person else knowledge_base.trial_facts
    for name, value in answers:
        if len(diagnostics) > MOST_PROBLEMS:
            return
        spec = specs.get(name)
        if spec is not None and spec.is_flag and (value is True or value is False):  # most answers are of this kind
            yield name, value
            continue
        if spec is None:
            diagnostics.append(_unknown(_kind(path), name, (*path, name), fact_texts(specs)))
            continue
        try:
            yield name, read_answer(knowledge_base, name if of_person else TRIAL + name, value)
        except WrongAnswer as wrong:
            diagnostics.append(_wrong_answer(wrong, value, (*path, name), name))


def _wrong_answer(wrong: WrongAnswer, value: Value, path: DocumentPath, name: str) -> Diagnostic:
    given, expected = written(value)[:60], f"expected {wrong.expected}"
    close = None if given in wrong.legal else nearest(given, wrong.legal)
    return Diagnostic(
        f"`{given}` is not an answer to `{name}`",
        code="wrong-answer",
        location=place_of(path),
        help=f"did you mean `{close}`? {expected}" if close else f"{expected}; leave it empty if it is not known",
        name=name,
        given=given,
        legal=wrong.legal,
        nearest=close,
        path=path,
    )
