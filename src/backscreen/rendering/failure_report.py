"""Failures of cases and scenarios as text: given, expected, got, and because of which rules."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from backscreen.authoring.cases.failures import Difference, Failure
from backscreen.authoring.cases.involvement import Answer, Involvement, Obstacle
from backscreen.authoring.cases.runner import Aspect, Expected
from backscreen.model.catalogue import Nothing
from backscreen.model.effects import Certainty, Directive
from backscreen.model.facts import UNSURE, Value, written
from backscreen.model.profile import Profile, Trial
from backscreen.model.rules import Rule

WIDTH = 80
MOST_DIFFERENCES = 4
MOST_RULES = 3
MOST_NAMES = 6
_LEAD = 14
_FIRES = {Certainty.FIRES: "fires", Certainty.MAY_FIRE: "may fire", None: "does not fire"}
_WORDS = {"may_fire": "may fire"}


def text(failure: Failure) -> str:
    """Return a failure in lines of at most 80 columns (longer names aside), without a line break at the end."""
    groups = _alike(failure.differences)
    kind = "scenario" if failure.rule is None else "case"
    title = f"scenario: {failure.name}" if failure.rule is None else f"`{failure.rule}`: {failure.name}"
    lines = [failure.at, *_wrapped("  ", title), "", *_labelled("given", _given(failure.given))]
    above: list[str] = []
    for group in groups[:MOST_DIFFERENCES]:
        lines += ["", *_wrapped("  ", _heading(group), further="    "), *_sides(group[0])]
        because = list(_because(group, alone=failure.rule is not None))
        lines += _labelled("because", ["as above"] if because == above else because)
        above = because
    left = sum(len(group) for group in groups[MOST_DIFFERENCES:])
    if left:
        lines += ["", f"  and {left} more {'difference' if left == 1 else 'differences'} in this {kind}"]
    return "\n".join(line.rstrip() for line in lines)


def _alike(differences: Iterable[Difference]) -> list[list[Difference]]:
    """Group the stretches whose verdicts differ in the same way, for the same reasons."""
    groups: list[list[Difference]] = []
    for difference in differences:
        for group in groups:
            if difference.aspect is Aspect.VERDICT and _key(difference) == _key(group[0]):
                group.append(difference)
                break
        else:
            groups.append([difference])
    return groups


def _key(difference: Difference) -> tuple[object, ...]:
    acts_on_it = [difference.subject in involvement.acts_on for involvement in difference.because]
    return difference.aspect, difference.expected, difference.got, difference.because, acts_on_it


def _heading(group: Sequence[Difference]) -> str:
    first = group[0]
    names = _names([difference.subject for difference in group if difference.subject is not None])
    match first.aspect:
        case Aspect.FIRES:
            return "does the rule fire?" if first.subject is None else f"does the rule `{first.subject}` fire?"
        case Aspect.VERDICT:
            return f"{'stretch' if len(group) == 1 else 'stretches'} {names}"
        case Aspect.INSTEAD:
            return f"instead of {names}"
        case Aspect.UNANSWERED:
            return "still unanswered"
        case _:
            return str(first.aspect.value)


def _sides(difference: Difference) -> Iterator[str]:
    expected, got = difference.expected, difference.got
    yield from _labelled("expected", [_words(expected)])
    yield from _labelled("got", [_words(got)])
    if isinstance(expected, tuple) and isinstance(got, tuple):
        for label, some, others in (("missing", expected, got), ("too many", got, expected)):
            unlike = [name for name in some if name not in others]
            if unlike and others:
                yield from _labelled(label, [_names(unlike)])


def _words(expected: Expected) -> str:
    if isinstance(expected, tuple):
        return _names(expected) if expected else "none"
    return _WORDS.get(expected, expected)


def _names(names: Sequence[str]) -> str:
    left = len(names) - MOST_NAMES
    return ", ".join(f"`{name}`" for name in names[:MOST_NAMES]) + (f" and {left} more" if left > 0 else "")


def _given(profile: Profile) -> list[str]:
    """Return a profile as a case would write it, a line for the facts and one for each trial."""
    lines = []
    if profile.facts or profile.left_open or profile.unsure:
        lines.append(f"facts: {_mapping(profile.facts, profile)}")
    for trial in profile.trials:
        stretch = {} if trial.stretch is None else {"stretch": trial.stretch}
        lines.append(f"trial: {_mapping({**stretch, **trial.facts}, trial)}")
    if not lines:
        lines = ["no facts and no trials"]
    return [*lines, *(["otherwise: no"] if profile.otherwise == "no" else [])]


def _mapping(answers: Mapping[str, Value], given: Profile | Trial) -> str:
    entries = [f"{name}: {written(value)}" for name, value in answers.items()]
    entries += [f"{name}: {UNSURE}" for name in given.unsure]
    entries += [f"{name}: (left empty)" for name in given.left_open]
    return "{" + ", ".join(entries) + "}"


# --- why --------------------------------------------------------------------------------------------------------------


def _because(group: Sequence[Difference], *, alone: bool) -> Iterator[str]:
    """Yield a paragraph for each rule."""
    first = group[0]
    if first.aspect is Aspect.ENGINE:
        yield "the two evaluations of the rules disagree; this is a bug in backscreen, please report it"
        return
    if first.aspect is Aspect.INSTEAD:
        yield (
            "alternatives are listed for a stretch that is `avoid` or `undetermined`: stretches of the same targets "
            "with a better verdict, those that share most targets first"
        )
    elif not first.because:
        yield _no_rule(first)
    for involvement in first.because[:MOST_RULES]:
        yield _involvement(involvement, group, alone=alone)
    left = len(first.because) - MOST_RULES
    if left > 0:
        yield f"and {left} more {'rule' if left == 1 else 'rules'}"


def _no_rule(difference: Difference) -> str:
    match difference.aspect:
        case Aspect.VERDICT:
            return "no rule restricts it, and no rule that would reads any of the given answers"
        case Aspect.DIRECTIVE:
            return "no rule changes the directive, and no rule that would reads any of the given answers"
        case Aspect.UNANSWERED:
            return "no rule depends on it"
        case _:
            return "no rule says so"


def _involvement(involvement: Involvement, group: Sequence[Difference], *, alone: bool) -> str:
    first, rule = group[0], involvement.rule
    name = "the rule" if alone else f"`{rule.id}`"
    fires = f"{_FIRES[involvement.certainty]}{_on_trial(involvement)}"
    if first.aspect in (Aspect.FIRES, Aspect.UNANSWERED) or (alone and involvement.certainty is None):
        words = f"{name} {fires}"
    elif involvement.certainty is None:
        words = f"{name} would make it `{_made(rule, first) or rule.effect.value}`, but {fires}"
    else:
        words = f"{name} {fires}, with the effect `{rule.effect.value}`{_consequence(involvement, group)}"
    return f"{words}: {'; '.join(_reasons(involvement))}"


def _on_trial(involvement: Involvement) -> str:
    if involvement.trial is None:
        return ""
    stretch = f"`{involvement.tried}`" if involvement.tried else "of an unknown stretch"
    return f" on trial {involvement.trial + 1} ({stretch})"


def _made(rule: Rule, difference: Difference) -> str | None:
    """Return the verdict or the directive that a rule leads to; None if it changes neither, or none is at issue."""
    if difference.aspect is Aspect.VERDICT:
        return rule.effect.verdict.value if rule.effect.restricts else None
    if difference.aspect is Aspect.DIRECTIVE:
        return None if rule.directive is Directive.PROCEED else rule.directive.value
    return None


def _consequence(involvement: Involvement, group: Sequence[Difference]) -> str:
    """Return what follows from the effect of a rule that fires or may fire."""
    first, rule = group[0], involvement.rule
    if first.aspect not in (Aspect.VERDICT, Aspect.DIRECTIVE):
        return ""
    if first.aspect is Aspect.VERDICT and first.subject not in involvement.acts_on:
        these = "this stretch" if len(group) == 1 else "these stretches"
        return f", but not on {these} ({_scope(rule, involvement.acts_on)})"
    made = _made(rule, first)
    if made is None:
        why = " under `about: stretch`" if rule.effect.restricts else ""
        is_directive = first.aspect is Aspect.DIRECTIVE
        return f", which {'does not change the directive' if is_directive else 'restricts no stretch'}{why}"
    if made == rule.effect.value:
        return ""
    return f", which {'makes' if involvement.certainty is Certainty.FIRES else 'would make'} it `{made}`"


def _scope(rule: Rule, stretches: Sequence[str]) -> str:
    if rule.applies_to is None and rule.about_a_trial:
        return "it is about the stretch that was tried"
    if rule.applies_to is None or isinstance(rule.applies_to, Nothing):
        return "it is about no stretch"
    return f"it applies to {_names(stretches) or 'no stretch'}"


def _reasons(involvement: Involvement) -> Iterator[str]:
    match involvement.obstacle:
        case Obstacle.RETIRED:
            yield "it is retired"
        case Obstacle.NOTHING_TRIED:
            yield "it is about a trial, and no trial is given"
        case Obstacle.OTHER_STRETCH_TRIED:
            yield "it is not about trials of this stretch (see its `tried`)"
        case None:
            fires = involvement.certainty is Certainty.FIRES
            # a trial's stretch, which no condition asks for, is named before the colon
            answers = [answer for answer in involvement.answers if answer.value is None or answer.wanted]
            yield from (_answer(answer, supports=involvement.certainty is not None) for answer in answers)
            if not answers:
                yield "it holds for everybody (`when: {}`)" if fires else "its condition does not hold"


def _answer(answer: Answer, *, supports: bool) -> str:
    name = f"`{answer.place.partition('].')[2] or answer.place}`"
    if answer.value is None:
        return f"{name} is not answered" + (f", and the rule asks for {answer.wanted}" if answer.wanted else "")
    value = f"{name} is `{written(answer.value)}`" + (" by `otherwise: no`" if answer.assumed else "")
    if answer.wanted == f"`{written(answer.value)}`":
        return f"{value}, as the rule asks"
    return f"{value}, {'and' if supports else 'but'} the rule asks for {answer.wanted}"


# --- lines ------------------------------------------------------------------------------------------------------------


def _labelled(label: str, paragraphs: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs beside a label."""
    further = " " * (_LEAD + (2 if label == "because" else 0))
    for number, paragraph in enumerate(paragraphs):
        yield from _wrapped(f"    {label}".ljust(_LEAD) if number == 0 else " " * _LEAD, paragraph, further=further)


def _wrapped(lead: str, paragraph: str, further: str | None = None) -> list[str]:
    return textwrap.wrap(
        paragraph,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead if further is None else further,
        break_long_words=False,
        break_on_hyphens=False,
    )
