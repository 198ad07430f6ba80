"""The changes of rules that no case notices, each under the case that would notice it.

What the case expects is left to the author: an expectation that comes from the rule itself would pin its mistakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import evolve, field, frozen

from backscreen.authoring.mutation.score import Score, Survivor
from backscreen.authoring.scaffold.case_sketches import FIRES
from backscreen.formats.yaml_text import Data
from backscreen.formats.yaml_writer import block_item
from backscreen.model.effects import Directive, Verdict
from backscreen.model.facts import written
from backscreen.model.profile import Profile, Trial
from backscreen.model.rules import Case, Scenario

_WIDTH = 120
_VERDICT = f"<{' / '.join(Verdict)}>"
_DIRECTIVE = f"<{' / '.join(Directive)}>"
_STRETCHES = "<a list of stretches>"


@frozen(eq=False, repr=False)
class _Proposal:
    """One case or scenario, or neither where none was found, and the changes that it would notice."""

    yaml: str
    changes: list[str] = field(factory=list)


def lines(scores: Sequence[Score]) -> Iterable[str]:
    """What survives, rule by rule, and the score in the last line."""
    for score in scores:
        if score.survivors:
            yield f"{score.rule.at or score.rule.id}: {score.rule.id}: {len(score.survivors)} of {score.mutants} changes are noticed by nothing"
            for proposal in _proposals(score):
                yield ""
                yield from _told(score, proposal)
            yield ""
    total = summary(scores)
    if total["killed_by_scenarios"]:
        yield f"{total['killed_by_scenarios']} of those killed change only what is recommended or not needed, and are killed by scenarios"
    if total["unsayable"]:
        yield f"{total['unsayable']} more change only where a note is shown, in a way that neither a case nor a scenario can say"
    yield (
        f"{total['mutants']} mutants of {total['rules']} rules: {total['killed']} killed, {total['survive']} survive ({total['percent']} %); "
        f"{total['same']} mean the same for everybody"
    )


def summary(scores: Sequence[Score]) -> dict[str, int | float]:
    """The counts of all rules together. `percent` is rounded down: 100 means that nothing survives."""
    count = sum(score.mutants for score in scores)
    killed = sum(score.killed for score in scores)
    return {
        "rules": len(scores),
        "mutants": count,
        "killed": killed,
        "killed_by_scenarios": sum(score.by_scenarios for score in scores),
        "survive": count - killed,
        "percent": 100 if killed == count else killed * 1000 // count / 10,
        "same": sum(score.same for score in scores),
        "unsayable": sum(score.unsayable for score in scores),
    }


def as_data(scores: Sequence[Score]) -> dict[str, Any]:
    """The same for programs: every rule with what survives, each with the YAML that would kill it."""
    return {
        "rules": [
            {
                "rulebook": score.book,
                "rule": score.rule.id,
                "at": score.rule.at,
                "mutants": score.mutants,
                "killed": score.killed,
                "killed_by_scenarios": score.by_scenarios,
                "same": score.same,
                "unsayable": score.unsayable,
                "survivors": [_as_data(score, survivor) for survivor in score.survivors],
            }
            for score in scores
        ],
        "summary": summary(scores),
    }


def _as_data(score: Score, survivor: Survivor) -> dict[str, Any]:
    return {
        "change": survivor.mutant.words,
        "undecided": survivor.undecided,
        "gave_up": survivor.case is None and survivor.scenario is None,
        "case": None if survivor.case is None else case_yaml(_named(_short(survivor.case), score)),
        "scenario": None if survivor.scenario is None else scenario_yaml(_named_scenario(survivor.scenario, score)),
    }


def _told(score: Score, proposal: _Proposal) -> Iterable[str]:
    indent = "" if proposal.yaml.startswith("-") else "  "
    for change in proposal.changes:
        yield f"{indent}# kills: {change}"
    if proposal.yaml:
        yield f"{indent}# in place of <…>, write what {', '.join(score.rule.statements)} says of this person, whatever the rule does today"
        yield proposal.yaml
    else:
        yield "  # the search for somebody whom this changes gave up: look for one, or whether the change means anything"


def _proposals(score: Score) -> list[_Proposal]:
    """The cases, those of one person together, then the scenarios, then what has neither."""
    cases: dict[Profile, tuple[Case, list[str]]] = {}
    found: dict[str, _Proposal] = {}
    for survivor in score.survivors:
        if survivor.case is not None:
            case, changes = cases.get(survivor.case.given, (_short(survivor.case), []))
            cases[survivor.case.given] = _both(case, survivor.case), [*changes, survivor.mutant.words]
        else:
            yaml = "" if survivor.scenario is None else scenario_yaml(_named_scenario(survivor.scenario, score))
            words = (
                f"{survivor.mutant.words} (not decided: the rule has too many states)"
                if survivor.undecided
                else survivor.mutant.words
            )
            found.setdefault(yaml, _Proposal(yaml)).changes.append(words)
    return [
        *(_Proposal(case_yaml(_named(case, score)), changes) for case, changes in cases.values()),
        *sorted(found.values(), key=lambda one: not one.yaml),
    ]


def _both(one: Case, other: Case) -> Case:
    """Two cases of one person in one, which notices what each of them does."""
    verdicts = one.expect.verdicts
    if verdicts.keys().isdisjoint(other.expect.verdicts):
        verdicts = {**verdicts, **_short(other).expect.verdicts}
    return evolve(
        one, expect=evolve(one.expect, verdicts=verdicts, directive=one.expect.directive or other.expect.directive)
    )


def _short(case: Case) -> Case:
    """The case with one of its verdicts: any of them is enough."""
    return evolve(case, expect=evolve(case.expect, verdicts=dict(list(case.expect.verdicts.items())[:1])))


def _named(case: Case, score: Score) -> Case:
    """The case under a name that says whom it is about, and that no other case of the rule has."""
    return evolve(case, name=_free(_with(case.given), {other.name for other in score.rule.cases}))


def _named_scenario(scenario: Scenario, score: Score) -> Scenario:
    return evolve(scenario, name=f"what {score.rule.id} says {_with(scenario.given)}")


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}, {number}", number + 1
    return free


def _with(given: Profile) -> str:
    parts = [f"{name} {written(value)}" for name, value in given.facts.items()]
    for trial in given.trials:
        felt = "".join(f", {name} {written(value)}" for name, value in trial.facts.items())
        parts.append(f"a try of {trial.stretch or 'an unknown stretch'}{felt}")
    return f"with {' and '.join(parts)}" if parts else "while nothing is known"


# --- YAML -------------------------------------------------------------------------------------------------------------


def case_yaml(case: Case) -> str:
    """The case as an entry of `cases:`, indented as it stands there, with its expectations left to fill in."""
    expect: dict[str, Data] = {"fires": FIRES}
    if case.expect.directive is not None:
        expect["directive"] = _DIRECTIVE
    if case.expect.verdicts:
        expect["verdicts"] = dict.fromkeys(case.expect.verdicts, _VERDICT)
    return "\n".join(block_item({"name": case.name, "given": _given(case.given), "expect": expect}, 2))


def scenario_yaml(scenario: Scenario) -> str:
    """The scenario as an entry of scenarios.yaml, with its expectations left to fill in."""
    expect: dict[str, Data] = {"directive": _DIRECTIVE, "verdicts": dict.fromkeys(scenario.expect.verdicts, _VERDICT)}
    for part, names in (("recommended", scenario.expect.recommended), ("unneeded", scenario.expect.unneeded)):
        if names is not None:
            expect[part] = _STRETCHES
    return "\n".join(block_item({"name": scenario.name, "given": _given(scenario.given), "expect": expect}, 0))


def _given(profile: Profile) -> dict[str, Data]:
    given: dict[str, Data] = {}
    if profile.facts:
        given["facts"] = dict(profile.facts)
    if profile.trials:
        given["trials"] = [_trial(trial) for trial in profile.trials]
    if profile.otherwise == "no":
        given["otherwise"] = False
    return given


def _trial(trial: Trial) -> dict[str, Data]:
    stretch: dict[str, Data] = {} if trial.stretch is None else {"stretch": trial.stretch}
    return {**stretch, **trial.facts}
