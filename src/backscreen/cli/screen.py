"""`backscreen screen`: one person."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

from attrs import evolve, field, frozen
from cyclopts import Parameter

from backscreen.cli.options import Rules, guidance_for
from backscreen.errors import Problem, ProfileError
from backscreen.loading.profiles import read_checked
from backscreen.loading.yaml import plain
from backscreen.rulebook.answering import Place, check
from backscreen.rulebook.facts import Value, written
from backscreen.rulebook.profile import Profile, Trial
from backscreen.rulebook.rulebook import Guidance
from backscreen.rulebook.verdicts import Directive
from backscreen.screening.outcome import Screening
from backscreen.screening.screener import Screener

_Several = Parameter(negative="")


def screen(
    *,
    profile: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    has: Annotated[list[str] | None, _Several] = None,
    lacks: Annotated[list[str] | None, _Several] = None,
    fact: Annotated[list[str] | None, _Several] = None,
    trial: Annotated[list[str] | None, _Several] = None,
    otherwise: Literal["no", "unknown"] | None = None,
    rules: Rules = None,
    format: Literal["text", "json", "markdown"] = "text",  # noqa: A002 - what people type
    exit_code: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Screen one person: what to do first, then every stretch, the reasons, and what is still to be answered.

    Parameters
    ----------
    profile
        A profile in YAML or JSON; `-` reads standard input.
    has
        A fact that is so, such as `sciatica`; may be given several times.
    lacks
        A fact that is not so.
    fact
        A fact and its answer, such as `warm_up_min=5`.
    trial
        A stretch that was tried and what came of it, such as `side_bend:felt=pain,after=same`; `:felt=pain` where it is not known which stretch it was.
    otherwise
        `no` counts whatever is not answered as no.
    rules
        A rulebook of your own (a folder), or the id of one that comes with backscreen.
    format
        How the screening is printed.
    exit_code
        Exit with 1 where the screening says stop.
    """
    guidance = guidance_for(rules)
    given = _given(profile, guidance, _Words(has or [], lacks or [], fact or [], trial or []), otherwise)
    screening = Screener(guidance).screen(given)
    _print(screening, given, guidance, format)
    return 1 if exit_code and screening.directive is Directive.STOP else 0


@frozen(eq=False, repr=False)
class _Words:
    """What the command line says of a person, as it was typed."""

    has: list[str]
    lacks: list[str]
    facts: list[str]
    trials: list[str]


@frozen(eq=False, repr=False)
class _Typed:
    """Answers from the command line, the option that each came from, and what is wrong with them."""

    facts: dict[str, Value] = field(factory=dict)
    options: dict[Place, str] = field(factory=dict)
    problems: list[Problem] = field(factory=list)

    def note(self, facts: dict[str, Value], place: Place, value: Value | None, option: str) -> None:
        """Take down an answer; said twice it is said once, said in two ways it is a mistake."""
        name = str(place[-1])
        if value is None:
            self.problems.append(Problem(f"`{name}` has no answer", where=option, help=f"write `{name}=` and its answer, or leave it out"))
        elif name in facts and facts[name] is not value and facts[name] != value:
            what = f"`{name}` is answered in two ways, `{written(facts[name])}` and `{written(value)}`"
            self.problems.append(Problem(what, where=option, help="keep one of the two", name=name))
        else:
            facts[name] = value
            self.options.setdefault(place, option)


def _given(path: Path | None, guidance: Guidance, words: _Words, otherwise: Literal["no", "unknown"] | None) -> Profile:
    """The profile of the file with what the command line adds; raises `ProfileError` with all that is wrong."""
    source = sys.stdin.buffer if path == Path("-") else path
    read = Profile() if source is None else read_checked(source, guidance)
    typed = _Typed(dict(read.facts))
    for option, names, answer in (("--has", words.has, True), ("--lacks", words.lacks, False)):
        for name in names:
            typed.note(typed.facts, ("facts", name), answer, f"{option} {name[:60]}")
    for text in words.facts:
        _note_pair(typed, typed.facts, ("facts",), text, f"--fact {text[:60]}")
    trials = [*read.trials]
    for text in words.trials:
        trials.append(_trial(typed, len(trials), text))
    checked, problems = check(guidance, Profile(typed.facts, trials, otherwise or read.otherwise))
    typed.problems.extend(evolve(problem, where=typed.options.get(place, problem.where)) for place, problem in problems)
    if typed.problems:
        raise ProfileError(typed.problems)
    return checked


def _note_pair(typed: _Typed, facts: dict[str, Value], path: Place, text: str, option: str) -> None:
    name, equals, answer = text.partition("=")
    if not (name and equals):
        typed.problems.append(Problem("this is not a fact and its answer", where=option, help="write `NAME=ANSWER`, such as `warm_up_min=5`"))
        return
    value = plain(answer)
    typed.note(facts, (*path, name), value if isinstance(value, bool | int | str) else None, option)


def _trial(typed: _Typed, index: int, text: str) -> Trial:
    stretch, _, answers = text.partition(":")
    option = f"--trial {text[:60]}"
    facts: dict[str, Value] = {}
    typed.options["trials", index, "stretch"] = option
    for pair in answers.split(",") if answers else []:
        if pair.partition("=")[0] == "stretch":
            help_ = "write `side_bend:felt=pain`"
            typed.problems.append(Problem("the stretch stands before the colon", where=option, help=help_))
        else:
            _note_pair(typed, facts, ("trials", index), pair, option)
    return Trial(stretch or None, **facts)


def _print(screening: Screening, profile: Profile, guidance: Guidance, form: Literal["text", "json", "markdown"]) -> None:
    if form == "json":
        print(json.dumps(screening.to_dict(), indent=2, ensure_ascii=False))
        return
    from backscreen.rendering.report import report

    told = report(screening, profile, guidance)
    if form == "markdown":
        from backscreen.rendering import markdown

        print(markdown.screening(told), end="")
    else:
        from rich.console import Console

        from backscreen.rendering import text

        console = Console()
        text.show(console, text.screening(told, console))
