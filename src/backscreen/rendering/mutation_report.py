"""Surviving mutants, each with a case or a scenario that would notice it.

Its expectations are left to the author: an expectation derived from the rule would confirm its mistakes.
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
from backscreen.model.facts import TRIAL, written
from backscreen.model.profile import Profile, Trial
from backscreen.model.rules import Case, Scenario
from backscreen.wording.profile_sentences import profile_sentence

_WIDTH = 120
_VERDICT = f"<{' / '.join(Verdict)}>"
_DIRECTIVE = f"<{' / '.join(Directive)}>"
_STRETCHES = "<a list of stretches>"


@frozen(eq=False, repr=False)
class _Proposal:
    """The changes that one case or scenario would notice; `yaml` is empty if none was found."""

    yaml: str
    changes: list[str] = field(factory=list)


def lines(scores: Sequence[Score]) -> Iterable[str]:
    """Yield the survivors rule by rule, then the score."""
    for score in scores:
        if score.survivors:
            location = score.rule.at or score.rule.id
            yield f"{location}: {score.rule.id}: no case notices {len(score.survivors)} of {score.mutants} changes"
            for proposal in _proposals(score):
                yield ""
                yield from _proposal_lines(score, proposal)
            yield ""
    total = summary(scores)
    if total["killed_by_scenarios"]:
        count = total["killed_by_scenarios"]
        yield f"scenarios kill {count} of them: they change only what is recommended or not needed"
    if total["unsayable"]:
        yield f"{total['unsayable']} more do not count: no case or scenario can notice them"
    yield (
        f"{total['mutants']} mutants of {total['rules']} rules: {total['killed']} killed, {total['survive']} survive "
        f"({total['percent']} %); {total['same']} mean the same as their rule"
    )


def summary(scores: Sequence[Score]) -> dict[str, int | float]:
    """Return the counts of all rules together; `percent` is rounded down, so 100 means no survivor."""
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
    """Return the scores for programs, each survivor with the YAML of a case that would kill it."""
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


def _proposal_lines(score: Score, proposal: _Proposal) -> Iterable[str]:
    indent = "" if proposal.yaml.startswith("-") else "  "
    for change in proposal.changes:
        yield f"{indent}# kills: {change}"
    if proposal.yaml:
        sources = ", ".join(score.rule.statements)
        yield f"{indent}# replace <…> with what {sources} says about this person, not with what the rule does today"
        yield proposal.yaml
    else:
        yield "  # the search for a person gave up: find one, or check whether the change means anything"


def _proposals(score: Score) -> list[_Proposal]:
    """Return the cases, one for each person, then the scenarios, then the survivors without either."""
    cases: dict[Profile, tuple[Case, list[str]]] = {}
    found: dict[str, _Proposal] = {}
    for survivor in score.survivors:
        if survivor.case is not None:
            case, changes = cases.get(survivor.case.given, (_short(survivor.case), []))
            cases[survivor.case.given] = _both(case, survivor.case), [*changes, survivor.mutant.words]
        else:
            yaml = "" if survivor.scenario is None else scenario_yaml(_named_scenario(survivor.scenario, score))
            words = (
                f"{survivor.mutant.words} (undecided: the rule has too many states)"
                if survivor.undecided
                else survivor.mutant.words
            )
            found.setdefault(yaml, _Proposal(yaml)).changes.append(words)
    return [
        *(_Proposal(case_yaml(_named(case, score)), changes) for case, changes in cases.values()),
        *sorted(found.values(), key=lambda one: not one.yaml),
    ]


def _both(one: Case, other: Case) -> Case:
    """Return one case that notices what two cases of the same person notice."""
    verdicts = one.expect.verdicts
    if verdicts.keys().isdisjoint(other.expect.verdicts):
        verdicts = {**verdicts, **_short(other).expect.verdicts}
    return evolve(
        one, expect=evolve(one.expect, verdicts=verdicts, directive=one.expect.directive or other.expect.directive)
    )


def _short(case: Case) -> Case:
    """Return the case with its first verdict, which is enough."""
    return evolve(case, expect=evolve(case.expect, verdicts=dict(list(case.expect.verdicts.items())[:1])))


def _named(case: Case, score: Score) -> Case:
    """Return the case with a name that describes the person and is unique in its rule."""
    return evolve(case, name=_unique(_person(case.given), {other.name for other in score.rule.cases}))


def _named_scenario(scenario: Scenario, score: Score) -> Scenario:
    return evolve(scenario, name=f"{score.rule.id} for {_person(scenario.given)}")


def _unique(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}, {number}", number + 1
    return free


def _person(given: Profile) -> str:
    return profile_sentence(given, lambda name, value: f"{name.removeprefix(TRIAL)} {written(value)}")


# --- YAML -------------------------------------------------------------------------------------------------------------


def case_yaml(case: Case) -> str:
    """Return the case as an entry of `cases:`, with placeholders for its expectations."""
    expect: dict[str, Data] = {"fires": FIRES}
    if case.expect.directive is not None:
        expect["directive"] = _DIRECTIVE
    if case.expect.verdicts:
        expect["verdicts"] = dict.fromkeys(case.expect.verdicts, _VERDICT)
    return "\n".join(block_item({"name": case.name, "given": _given(case.given), "expect": expect}, 2))


def scenario_yaml(scenario: Scenario) -> str:
    """Return the scenario as an entry of scenarios.yaml, with placeholders for its expectations."""
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
