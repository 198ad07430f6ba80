"""The shape of a profile as plain values, as in a profile file, read with every mistake and its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from attrs import field, frozen

from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.suggestions import nearest, one_of
from backscreen.model.answers import plain_value

KEYS = ("facts", "trials", "otherwise")
MOST_TRIALS = 100


@frozen(eq=False, repr=False)
class ProfileShape:
    """The parts of a profile that have the right shape, every trial in its place, and the diagnostics of the others."""

    facts: Mapping[str, Any] = field(factory=dict)
    trials: Sequence[Mapping[str, Any]] = ()
    otherwise: Literal["no", "unknown"] = "unknown"
    diagnostics: Sequence[Diagnostic] = ()


def read_shape(value: object) -> ProfileShape:
    """Return the sound parts of a profile, and every mistake in its shape."""
    diagnostics: list[Diagnostic] = []
    if not isinstance(value, Mapping):
        _report(diagnostics, (), "this is not a profile", "expected a mapping with `facts`, `trials` and `otherwise`")
        return ProfileShape(diagnostics=diagnostics)
    for key in value:
        if key not in KEYS:
            _report(diagnostics, (key,), f"unknown key `{str(key)[:60]}`", _help_for_key(key), code="unknown-key")
    facts = _answers(value.get("facts"), ("facts",), diagnostics, needed=False)
    trials = _trials(value.get("trials"), diagnostics)
    otherwise = value.get("otherwise")
    if not (otherwise is None or otherwise is False or (isinstance(otherwise, str) and otherwise in ("no", "unknown"))):
        help_ = "`no` counts whatever is left out as no"
        _report(diagnostics, ("otherwise",), "this is neither `no` nor `unknown`", help_, code="unknown-word")
    is_no = otherwise is False or (isinstance(otherwise, str) and otherwise == "no")
    return ProfileShape(facts, trials, "no" if is_no else "unknown", diagnostics)


def _report(
    diagnostics: list[Diagnostic], path: DocumentPath, message: str, help_: str, code: Code = "not-a-mapping"
) -> None:
    name = str(path[-1])[:60] if path and isinstance(path[-1], str) else None
    is_key = code == "unknown-key"
    diagnostics.append(Diagnostic(message, help=help_, name=name, code=code, path=path, at_key=is_key))


def place_of(path: DocumentPath) -> str:
    """Return a place in a profile in words: `facts.sciatica`, `trials[0].felt`, or `profile` for the whole.

    >>> place_of(("trials", 0, "felt"))
    'trials[0].felt'
    """
    parts = (f"[{part}]" if isinstance(part, int) else f".{str(part)[:60]}" for part in path)
    return "".join(parts).removeprefix(".") or "profile"


def _help_for_key(key: object) -> str:
    close = nearest(key, KEYS) if isinstance(key, str) else None
    help_ = f"did you mean `{close}`? " if close else "are these facts? write them under `facts:`; "
    return f"{help_}a profile has {one_of(KEYS)}"


def _trials(value: object, diagnostics: list[Diagnostic]) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        help_ = "write each trial as `- {stretch: side_bend, felt: pain}`"
        _report(diagnostics, ("trials",), "this is not a list", help_, code="not-a-list")
        return []
    if len(value) > MOST_TRIALS:
        what, help_ = f"a profile has at most {MOST_TRIALS} trials", "leave out those that were longest ago"
        _report(diagnostics, ("trials", MOST_TRIALS), what, help_, code="too-many-values")
    trials = [_answers(trial, ("trials", index), diagnostics) for index, trial in enumerate(value[:MOST_TRIALS])]
    for index, trial in enumerate(trials):
        if not isinstance(trial.get("stretch"), str | None):
            del trial["stretch"]
            help_ = "`backscreen stretches` lists them all"
            _report(
                diagnostics, ("trials", index, "stretch"), "this is not the id of a stretch", help_, code="not-a-word"
            )
    return [*trials]


def _answers(
    value: object, path: DocumentPath, diagnostics: list[Diagnostic], *, needed: bool = True
) -> dict[str, Any]:
    if value is None and not needed:
        return {}
    if not isinstance(value, Mapping):
        help_ = "write `name: answer`, such as `sciatica: yes`"
        _report(diagnostics, path, "this is not a mapping from facts to answers", help_)
        return {}
    answers = {}
    for name, answer in value.items():
        if not isinstance(name, str):
            _report(diagnostics, path, "the name of a fact must be a word", "such as `sciatica`", code="not-a-word")
        elif answer is None or plain_value(answer) is not None:
            answers[name] = answer
        else:
            what = f"the answer to `{name[:60]}` is {_kind(answer)}"
            help_ = "an answer is `yes` or `no`, a whole number or a word"
            _report(diagnostics, (*path, name), what, help_, code="wrong-answer")
    return answers


def _kind(answer: object) -> str:
    if isinstance(answer, Mapping | list | tuple):
        return "a list or a mapping"
    return "no whole number" if isinstance(answer, float) else "none that a profile can have"
