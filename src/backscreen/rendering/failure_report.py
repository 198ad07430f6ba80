"""A case or a scenario that does not hold, as a person reads it: given, expected, got, and because of which rules."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from backscreen.authoring.cases.failures import Answer, Difference, Failure, Obstacle, Part
from backscreen.authoring.cases.runner import Said, What
from backscreen.model.catalogue import Nothing
from backscreen.model.effects import Certainty, Directive
from backscreen.model.facts import Value, written
from backscreen.model.profile import Profile
from backscreen.model.rules import Rule

WIDTH = 80
MOST_DIFFERENCES = 4
MOST_RULES = 3
MOST_NAMES = 6
_LEAD = 14
_FIRES = {Certainty.FIRES: "fires", Certainty.MAY_FIRE: "may fire", None: "does not fire"}
_WORDS = {"may_fire": "may fire"}


def text(failure: Failure) -> str:
    """The failure in lines of at most 80 columns, as far as names allow; it ends without a line break."""
    groups = _alike(failure.differences)
    lines = [
        failure.at,
        *_wrapped("  ", f"scenario: {failure.name}" if failure.rule is None else f"`{failure.rule}`: {failure.name}"),
        "",
        *_labelled("given", _given(failure.given)),
    ]
    above: list[str] = []
    for group in groups[:MOST_DIFFERENCES]:
        first = group[0]
        lines += ["", *_wrapped("  ", _heading(group), further="    "), *_sides(first)]
        because = list(_because(group, alone=failure.rule is not None))
        lines += _labelled("because", ["as above"] if because == above else because)
        above = because
    left = sum(len(group) for group in groups[MOST_DIFFERENCES:])
    if left:
        lines += [
            "",
            f"  and {left} more {'difference' if left == 1 else 'differences'} of this {'scenario' if failure.rule is None else 'case'}",
        ]
    return "\n".join(line.rstrip() for line in lines)


def _alike(differences: Iterable[Difference]) -> list[list[Difference]]:
    """Verdicts on several stretches that differ in the same way, for the same reasons, are told together, where the first of them stands."""
    groups: list[list[Difference]] = []
    for one in differences:
        for group in groups:
            if one.what is What.VERDICT and _kind(one) == _kind(group[0]):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _kind(one: Difference) -> tuple[object, ...]:
    """What makes differences alike: that a rule acts on one of two stretches, and not on the other, sets them apart."""
    return one.what, one.expected, one.got, one.because, [one.of in part.acts_on for part in one.because]


def _heading(group: Sequence[Difference]) -> str:
    first = group[0]
    names = _names([one.of for one in group if one.of is not None])
    match first.what:
        case What.FIRES:
            return "does the rule fire?" if first.of is None else f"does the rule `{first.of}` fire?"
        case What.VERDICT:
            return f"{'stretch' if len(group) == 1 else 'stretches'} {names}"
        case What.INSTEAD:
            return f"instead of {names}"
        case _:
            return "still unanswered" if first.what is What.UNANSWERED else str(first.what.value)


def _sides(one: Difference) -> Iterator[str]:
    yield from _labelled("expected", [_said(one.expected)])
    yield from _labelled("got", [_said(one.got)])
    if isinstance(one.expected, tuple) and isinstance(one.got, tuple):
        for label, some, others in (("missing", one.expected, one.got), ("too many", one.got, one.expected)):
            unlike = [name for name in some if name not in others]
            if unlike and others:
                yield from _labelled(label, [_names(unlike)])


def _said(said: Said) -> str:
    if isinstance(said, tuple):
        return _names(said) if said else "none"
    return _WORDS.get(said, said)


def _names(names: Sequence[str]) -> str:
    left = len(names) - MOST_NAMES
    return ", ".join(f"`{name}`" for name in names[:MOST_NAMES]) + (f" and {left} more" if left > 0 else "")


def _given(profile: Profile) -> list[str]:
    """The profile in the words of the format, one line for each thing."""
    lines = (
        [f"facts: {_mapping(profile.facts.items(), profile.left_open)}"] if profile.facts or profile.left_open else []
    )
    for trial in profile.trials:
        stretch = [] if trial.stretch is None else [("stretch", trial.stretch)]
        lines.append(f"trial: {_mapping([*stretch, *trial.facts.items()], trial.left_open)}")
    if not lines:
        lines = ["no facts and no trials"]
    return [*lines, *(["otherwise: no"] if profile.otherwise == "no" else [])]


def _mapping(answers: Iterable[tuple[str, Value]], left_open: Iterable[str]) -> str:
    return (
        "{"
        + ", ".join(
            [
                *(f"{name}: {written(value)}" for name, value in answers),
                *(f"{name}: (left empty)" for name in left_open),
            ]
        )
        + "}"
    )


def _because(group: Sequence[Difference], *, alone: bool) -> Iterator[str]:
    """One paragraph a rule."""
    one = group[0]
    if one.what is What.ENGINE:
        yield "the rules were evaluated twice, and not to the same end; this is a fault of ours, please report it"
        return
    if one.what is What.INSTEAD:
        yield "others stand in only for a stretch that is `avoid` or `undetermined`: those of the same targets with a better verdict, most shared targets first"
    elif not one.because:
        yield _nobody(one)
    for part in one.because[:MOST_RULES]:
        yield _part(part, group, alone=alone)
    left = len(one.because) - MOST_RULES
    if left > 0:
        yield f"and {left} more {'rule' if left == 1 else 'rules'}"


def _nobody(one: Difference) -> str:
    match one.what:
        case What.VERDICT:
            return "no rule speaks against it, and none asks for what was given and would"
        case What.DIRECTIVE:
            return "no rule changes the directive, and none asks for what was given and would"
        case What.UNANSWERED:
            return "no rule hangs on it"
        case _:
            return "no rule says so"


def _part(part: Part, group: Sequence[Difference], *, alone: bool) -> str:
    one = group[0]
    name = "the rule" if alone else f"`{part.rule.id}`"
    fires = f"{_FIRES[part.certainty]}{_on_trial(part)}"
    if one.what in (What.FIRES, What.UNANSWERED) or (alone and part.certainty is None):
        said = f"{name} {fires}"
    elif part.certainty is None:
        said = f"{name} would make it `{_makes(part.rule, one) or part.rule.effect.value}`, but {fires}"
    else:
        said = f"{name} {fires}, with the effect `{part.rule.effect.value}`{_consequence(part, group)}"
    return f"{said}: {'; '.join(_reasons(part))}"


def _on_trial(part: Part) -> str:
    if part.trial is None:
        return ""
    return f" on trial {part.trial + 1} ({f'`{part.tried}`' if part.tried else 'of a stretch that is not known'})"


def _makes(rule: Rule, one: Difference) -> str | None:
    """The verdict or the directive that the rule makes when it fires; None where it makes none, or where the difference is about neither."""
    if one.what is What.VERDICT:
        return rule.effect.verdict.value if rule.effect.restricts else None
    if one.what is What.DIRECTIVE:
        return None if rule.directive is Directive.PROCEED else rule.directive.value
    return None


def _consequence(part: Part, group: Sequence[Difference]) -> str:
    """What the effect of a rule that fires, or may fire, comes to."""
    one, rule = group[0], part.rule
    if one.what not in (What.VERDICT, What.DIRECTIVE):
        return ""
    if one.what is What.VERDICT and one.of not in part.acts_on:
        return f", but not on {'this stretch' if len(group) == 1 else 'these stretches'} ({_scope(rule, part.acts_on)})"
    made = _makes(rule, one)
    if made is None:
        why = " under `about: stretch`" if rule.effect.restricts else ""
        return f", which {'leaves the directive alone' if one.what is What.DIRECTIVE else 'restricts no stretch'}{why}"
    return (
        ""
        if made == rule.effect.value
        else f", which {'makes' if part.certainty is Certainty.FIRES else 'would make'} it `{made}`"
    )


def _scope(rule: Rule, stretches: Sequence[str]) -> str:
    if rule.applies_to is None:
        return "it is about the stretch that was tried" if rule.about_a_trial else "it is about no stretch"
    return (
        "it is about no stretch"
        if isinstance(rule.applies_to, Nothing)
        else f"it applies to {_names(stretches) or 'no stretch'}"
    )


def _reasons(part: Part) -> Iterator[str]:
    match part.obstacle:
        case Obstacle.RETIRED:
            yield "it is retired"
        case Obstacle.NOTHING_TRIED:
            yield "it is about a trial, and no trial is given"
        case Obstacle.OTHER_STRETCH_TRIED:
            yield "it is not about trials of this stretch (see its `tried`)"
        case None:
            # which stretch was tried stands before the colon already
            told = [one for one in part.answers if one.value is None or one.asked]
            yield from (_answer(one, speaks_for=part.certainty is not None) for one in told)
            if not told:
                yield (
                    "it is so for everybody (`when: {}`)"
                    if part.certainty is Certainty.FIRES
                    else "its condition does not hold"
                )


def _answer(answer: Answer, *, speaks_for: bool) -> str:
    name = f"`{answer.place.partition('].')[2] or answer.place}`"
    if answer.value is None:
        return f"{name} is not answered" + (f", and the rule asks for {answer.asked}" if answer.asked else "")
    value = f"{name} is `{written(answer.value)}`" + (" by `otherwise: no`" if answer.assumed else "")
    if answer.asked == f"`{written(answer.value)}`":
        return f"{value}, as the rule asks"
    return f"{value}, {'and' if speaks_for else 'but'} the rule asks for {answer.asked}"


def _labelled(label: str, paragraphs: Iterable[str]) -> Iterator[str]:
    """Paragraphs beside a label."""
    for number, paragraph in enumerate(paragraphs):
        yield from _wrapped(
            f"    {label}".ljust(_LEAD) if number == 0 else " " * _LEAD,
            paragraph,
            further=" " * (_LEAD + (2 if label == "because" else 0)),
        )


def _wrapped(lead: str, paragraph: str, further: str | None = None) -> list[str]:
    return textwrap.wrap(
        paragraph,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=lead if further is None else further,
        break_long_words=False,
        break_on_hyphens=False,
    )
