"""Profiles against a rulebook: are these its facts, its stretches, and answers within their bounds?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.suggestions import did_you_mean, nearest, similar
from backscreen.model.facts import TRIAL, UNSURE, Fact, Flag, Value, WrongAnswer, has_unsure_option, written
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile, Trial, answers_of, blanks, validated_profile, validated_trial
from backscreen.model.units import read_answer

MOST_PROBLEMS = 100
"""Problems of one profile that are looked for; nobody reads on."""


def check(knowledge_base: KnowledgeBase, profile: Profile) -> tuple[Profile, list[tuple[DocumentPath, Diagnostic]]]:
    """The profile with every answer in the fact's own unit, and all that is wrong with it.

    INVARIANT: where the list is empty, every fact and stretch of the profile is declared, and every answer is of its type and within its bounds.
    Engines and readings rely on it and do not check again.
    """
    if type(profile) is Profile:
        found = _checked(knowledge_base, profile, answers_of(profile))
        if not found[1]:
            return found
    return _checked(knowledge_base, profile, profile.facts)  # in the order of the alphabet, in which problems are told


def _checked(
    knowledge_base: KnowledgeBase, profile: Profile, given_facts: Mapping[str, Value]
) -> tuple[Profile, list[tuple[DocumentPath, Diagnostic]]]:
    diagnostics: list[tuple[DocumentPath, Diagnostic]] = []
    facts = dict(_read(knowledge_base, given_facts.items(), ("facts",), "facts", diagnostics))
    diagnostics += islice(
        _unknown_names(knowledge_base.person_facts, blanks(profile), ("facts",), "facts"), MOST_PROBLEMS + 1
    )
    unsure = _resolved(knowledge_base.person_facts, profile, facts)
    trials: list[Trial] = []
    if profile.trials and len(profile.trials) > knowledge_base.most_trials:
        diagnostics.append((("trials", knowledge_base.most_trials), _too_many_trials(knowledge_base, profile)))
    for index, trial in enumerate(profile.trials):
        if len(diagnostics) > MOST_PROBLEMS:
            break
        place = f"trials[{index}]"
        stretch = (
            None if trial.stretch is None else str.__str__(trial.stretch)
        )  # a member of an enumeration, say, is its plain id
        if stretch is not None and stretch not in knowledge_base.stretches:
            diagnostics.append(
                (
                    ("trials", index, "stretch"),
                    _unknown("stretch", stretch, f"{place}.stretch", stretch_texts(knowledge_base)),
                )
            )
        given = trial.facts
        answers = dict(_read(knowledge_base, given.items(), ("trials", index), place, diagnostics))
        diagnostics += _unknown_names(knowledge_base.trial_facts, blanks(trial), ("trials", index), place)
        still_unsure = _resolved(knowledge_base.trial_facts, trial, answers)
        as_given = type(trial) is Trial and type(trial.stretch) is type(stretch) and _are(answers, given)
        trials.append(trial if as_given else validated_trial(trial, stretch, answers, still_unsure))
    if len(diagnostics) > MOST_PROBLEMS:
        return profile, diagnostics[: MOST_PROBLEMS + 1]
    as_given = (
        type(profile) is Profile
        and _are(facts, given_facts)
        and all(one is other for one, other in zip(trials, profile.trials, strict=True))
    )
    return profile if as_given else validated_profile(profile, facts, trials, unsure), diagnostics


def _resolved(specs: Mapping[str, Fact], given: Profile | Trial, answers: dict[str, Value]) -> tuple[str, ...]:
    """Add the answer `unsure` to each choice that has such an option, and return the names of the other unsure facts."""
    for name in given.unsure:
        if name in specs and has_unsure_option(specs[name]):
            answers[name] = UNSURE
    return tuple(name for name in given.unsure if name not in answers)


def _too_many_trials(knowledge_base: KnowledgeBase, profile: Profile) -> Diagnostic:
    what = f"{len(profile.trials)} trials are more than the {knowledge_base.most_trials} that these rules can be tried against"
    return Diagnostic(what, location="trials", help="leave out those that were longest ago", code="too-many-values")


def _are(answers: Mapping[str, Value], given: Mapping[str, Value]) -> bool:
    """Whether the answers are those that were given, in value and type."""
    return answers == given and all(type(answers[name]) is type(value) for name, value in given.items())


def fact_texts(specs: Mapping[str, Fact]) -> dict[str, str]:
    """Return what is said of each fact, in which a name that nobody knows may be found again."""
    return {name: f"{name} {spec.title} {spec.question}" for name, spec in specs.items()}


def stretch_texts(knowledge_base: KnowledgeBase) -> dict[str, str]:
    """Return what each stretch is called."""
    return {name: f"{name} {stretch.name}" for name, stretch in knowledge_base.stretches.items()}


def _unknown(kind: str, name: str, where: str, texts: Mapping[str, str]) -> Diagnostic:
    close = similar(name, texts)
    command = {"stretch": "backscreen stretches", "fact": "backscreen facts", "fact of a trial": "backscreen facts"}[
        kind
    ]
    return Diagnostic(
        f"unknown {kind} `{name[:60]}`",
        code="unknown-stretch" if kind == "stretch" else "unknown-fact",
        location=where,
        help=did_you_mean(close, f"`{command}` lists them all"),
        name=name,
        legal=tuple(texts),
        nearest=next(iter(close), None),
    )


def _unknown_names(
    specs: dict[str, Fact], names: Iterable[str], path: DocumentPath, where: str
) -> Iterator[tuple[DocumentPath, Diagnostic]]:
    kind = "fact" if path == ("facts",) else "fact of a trial"
    for name in names:
        if name not in specs:
            yield (*path, name), _unknown(kind, name, where, fact_texts(specs))


def _read(
    knowledge_base: KnowledgeBase,
    answers: Iterable[tuple[str, Value]],
    path: DocumentPath,
    where: str,
    diagnostics: list[tuple[DocumentPath, Diagnostic]],
) -> Iterator[tuple[str, Value]]:
    of_person = path == ("facts",)
    kind, specs = (
        ("fact", knowledge_base.person_facts) if of_person else ("fact of a trial", knowledge_base.trial_facts)
    )
    for name, value in answers:
        if len(diagnostics) > MOST_PROBLEMS:
            return
        spec = specs.get(name)
        if type(spec) is Flag and (value is True or value is False):  # most answers are of this kind
            yield name, value
            continue
        if spec is None:
            diagnostics.append(((*path, name), _unknown(kind, name, where, fact_texts(specs))))
            continue
        try:
            yield name, read_answer(knowledge_base, name if of_person else TRIAL + name, value)
        except WrongAnswer as wrong:
            given = written(value)[:60]
            close = None if given in wrong.legal else nearest(given, wrong.legal)
            expected = f"expected {wrong.expected}"
            diagnostics.append(
                (
                    (*path, name),
                    Diagnostic(
                        f"`{given}` is not an answer to `{name}`",
                        code="wrong-answer",
                        location=f"{where}.{name}",
                        help=f"did you mean `{close}`? {expected}"
                        if close
                        else f"{expected}; leave it empty if it is not known",
                        name=name,
                        given=given,
                        legal=wrong.legal,
                        nearest=close,
                    ),
                ),
            )
