"""Cases and scenarios that do not hold: what was given, expected and got, and because of which rules."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from backscreen.authoring.cases.failures import Failure, failure
from backscreen.authoring.cases.involvement import Answer, Involvement, Obstacle
from backscreen.authoring.cases.runner import Aspect, run
from backscreen.loading.rulebook_files import load_texts
from backscreen.model.effects import Certainty
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.rendering import failure_report
from tests.helpers.broken import changed
from tests.helpers.default_engine import DEFAULT_ENGINE
from tests.helpers.small import AVOID, BENEFIT, CAUTION, IN_PERSON, PAIN, SCENARIOS, Folder, Run, Texts

ROOT = Path(__file__).parents[2]


def failures(texts: Texts) -> list[Failure]:
    return [failure(result) for result in run(KnowledgeBase([load_texts(texts)])) if result.mismatches]


def only(texts: Texts) -> Failure:
    (found,) = failures(texts)
    return found


def judged_by(small: Texts, file: str, given: str, expect: str, *edits: tuple[str, str]) -> Failure:
    """The failure of a rule's only case, with no scenarios in the way."""
    small = changed(small, file, *edits)
    del small[SCENARIOS]
    small[file] = (
        small[file].partition("cases:")[0] + f"cases:\n  - name: a case\n    given: {given}\n    expect: {expect}\n"
    )
    return only(small)


def scenario(small: Texts, given: str, expect: str) -> Failure:
    small[SCENARIOS] = f"- name: somebody\n  given: {given}\n  expect: {expect}\n"
    return only(small)


def told(part: Involvement) -> dict[str, str | None]:
    return {answer.place: str(answer.value) for answer in part.answers}


def behind(found: Failure, place: int = 0) -> list[tuple[str, Certainty | None]]:
    return [(part.rule.id, part.certainty) for part in found.differences[place].because]


# What is wrong, and in which order


def test_nothing_is_said_of_what_holds(small: Texts) -> None:
    assert failures(small) == []


def test_a_failure_says_where_it_stands_and_what_was_given(small: Texts) -> None:
    found = judged_by(small, CAUTION, "{facts: {excess_lb: 49}}", "{fires: yes}")
    assert (found.rule, found.name, dict(found.given.facts)) == ("weight", "a case", {"excess_lb": 49})
    line = small[CAUTION].splitlines().index("cases:") + 2
    assert found.at == f"{CAUTION}:{line}:11"


def test_whether_the_rule_fires_comes_first_then_the_directive_then_the_catalogue(small: Texts) -> None:
    expect = "{verdicts: {far_toe_reach: avoid, toe_reach: avoid}, directive: care, fires: yes}"
    found = judged_by(small, AVOID, "{facts: {sciatica: no}}", expect)
    assert [(one.aspect, one.subject) for one in found.differences] == [
        (Aspect.FIRES, None),
        (Aspect.DIRECTIVE, None),
        (Aspect.VERDICT, "toe_reach"),
        (Aspect.VERDICT, "far_toe_reach"),
    ]


def test_of_a_scenario_the_directive_comes_before_the_stretches_and_lists_after_them(small: Texts) -> None:
    expect = (
        "{fires: [hamstrings], unanswered: [numbness], recommended: [cat_cow], others: avoid, "
        "verdicts: {toe_reach: avoid}, directive: stop}"
    )
    found = scenario(small, "{otherwise: no}", expect)
    assert [one.aspect for one in found.differences] == [
        Aspect.DIRECTIVE,
        *[Aspect.VERDICT] * 3,
        Aspect.RECOMMENDED,
        Aspect.UNANSWERED,
        Aspect.FIRES,
    ]


# Because of which rules: a case


def test_a_rule_that_does_not_fire_is_told_with_what_speaks_against_it_and_what_it_asks_for(small: Texts) -> None:
    found = judged_by(small, CAUTION, "{facts: {excess_lb: 49}}", "{fires: yes}")
    (part,) = found.differences[0].because
    assert (part.certainty, part.answers) == (None, (Answer("excess_lb", 49, False, "at least 50"),))


def test_a_rule_that_fires_is_told_with_what_speaks_for_it(small: Texts) -> None:
    found = judged_by(small, CAUTION, "{facts: {excess_lb: 50, sciatica: no}}", "{fires: no}")
    (part,) = found.differences[0].because
    assert (part.certainty, told(part)) == (Certainty.FIRES, {"excess_lb": "50"})


def test_a_rule_that_may_fire_is_told_with_what_is_known_and_what_is_not(small: Texts) -> None:
    edit = ("when: {sciatica: yes}", "when: {sciatica: yes, build: [heavy, slight]}")
    found = judged_by(small, AVOID, "{facts: {sciatica: yes}}", "{fires: yes}", edit)
    (part,) = found.differences[0].because
    assert part.certainty is Certainty.MAY_FIRE
    assert [(one.place, one.value, one.wanted) for one in part.answers] == [
        ("sciatica", True, "`yes`"),
        ("build", None, "`heavy` or `slight`"),
    ]


def test_what_a_rule_must_not_find_is_told_as_such(small: Texts) -> None:
    edit = ("when: {sciatica: yes}", "when: {not: {any: [{sciatica: yes}, {excess_lb: {more_than: 4, less_than: 8}}]}}")
    found = judged_by(small, AVOID, "{facts: {sciatica: yes, excess_lb: 5}}", "{fires: yes}", edit)
    (part,) = found.differences[0].because
    assert [(one.place, one.wanted) for one in part.answers] == [
        ("sciatica", "anything but `yes`"),
        ("excess_lb", "anything but 5 to 7"),
    ]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("{at_most: 4}", "at most 4"),
        ("{at_least: 9, at_most: 9}", "exactly 9"),
        ("{less_than: 8, more_than: 5}", "6 to 7"),
    ],
)
def test_what_a_rule_asks_of_a_number_is_told_in_words(small: Texts, written: str, asked: str) -> None:
    found = judged_by(small, CAUTION, "{facts: {excess_lb: 50}}", "{fires: yes}", ("{at_least: 50}", written))
    assert [one.wanted for one in found.differences[0].because[0].answers] == [asked]


def test_what_was_assumed_is_told_apart_from_what_was_given(small: Texts) -> None:
    found = judged_by(small, CAUTION, "{otherwise: no}", "{fires: yes}")
    assert found.differences[0].because[0].answers == (Answer("excess_lb", 0, True, "at least 50"),)


def test_an_answer_in_another_unit_is_told_in_the_facts_own(small: Texts) -> None:
    found = judged_by(small, CAUTION, "{facts: {excess_lb: 20 kg}}", "{fires: yes}")
    assert told(found.differences[0].because[0]) == {"excess_lb": "44"}
    assert found.given.facts["excess_lb"] == "20 kg"


def test_a_rule_about_trials_is_told_for_each_of_them(small: Texts) -> None:
    given = "{trials: [{stretch: cat_cow, felt: nothing}, {stretch: toe_reach}, {felt: pain}]}"
    found = judged_by(small, PAIN, given, "{fires: no}")
    assert [(part.trial, part.tried, part.certainty) for part in found.differences[0].because] == [
        (0, "cat_cow", None),
        (1, "toe_reach", Certainty.MAY_FIRE),
        (2, None, Certainty.FIRES),
    ]
    assert told(found.differences[0].because[0]) == {"trials[0].felt": "nothing"}


def test_a_rule_about_trials_does_not_fire_where_nothing_was_tried(small: Texts) -> None:
    found = judged_by(small, PAIN, "{}", "{fires: yes}")
    assert [part.obstacle for part in found.differences[0].because] == [Obstacle.NOTHING_TRIED]


def test_a_rule_about_other_trials_does_not_fire_on_this_one(small: Texts) -> None:
    edit = ("effect: avoid", "tried: {stretches: [toe_reach]}\neffect: avoid")
    found = judged_by(small, PAIN, "{trials: [{stretch: cat_cow, felt: pain}]}", "{fires: yes}", edit)
    assert [(part.obstacle, part.tried) for part in found.differences[0].because] == [
        (Obstacle.OTHER_STRETCH_TRIED, "cat_cow")
    ]


def test_a_rule_that_fires_elsewhere_is_told_with_where_it_acts(small: Texts) -> None:
    found = judged_by(small, AVOID, "{facts: {sciatica: yes}}", "{fires: yes, verdicts: {cat_cow: avoid}}")
    (one,) = found.differences
    assert (one.subject, one.expected, one.got) == ("cat_cow", "avoid", "allowed")
    assert [(part.certainty, part.acts_on) for part in one.because] == [
        (Certainty.FIRES, ("toe_reach", "far_toe_reach"))
    ]
    assert "but not on this stretch" in " ".join(failure_report.text(found).split())


# Because of which rules: a scenario


def test_of_a_verdict_the_rules_that_made_it_are_told_and_no_others(small: Texts) -> None:
    found = scenario(
        small,
        "{facts: {sciatica: yes, excess_lb: 50}, otherwise: no}",
        "{directive: care, verdicts: {toe_reach: caution}}",
    )
    assert behind(found) == [("hamstrings", Certainty.FIRES)]


def test_of_a_verdict_that_is_open_the_rules_that_keep_it_open_are_told(small: Texts) -> None:
    found = scenario(
        small, "{facts: {sciatica: no, numbness: no}}", "{directive: undetermined, verdicts: {toe_reach: allowed}}"
    )
    assert behind(found) == [("weight", Certainty.MAY_FIRE)]


def test_of_a_verdict_that_is_too_weak_the_rules_that_nearly_made_it_stricter_are_told(small: Texts) -> None:
    given = "{facts: {sciatica: no}, otherwise: no}"
    found = scenario(small, given, "{directive: proceed, verdicts: {toe_reach: avoid}}")
    assert behind(found) == [("hamstrings", None)]  # `numbness` would make it so as well, but nothing was said of it


def test_of_a_verdict_that_is_too_weak_rules_that_act_elsewhere_only_are_told(small: Texts) -> None:
    found = scenario(small, "{facts: {sciatica: yes}, otherwise: no}", "{directive: care, verdicts: {cat_cow: avoid}}")
    assert behind(found) == [("hamstrings", Certainty.FIRES)]


def test_of_a_verdict_that_is_not_open_the_rules_that_are_open_elsewhere_are_told(small: Texts) -> None:
    found = scenario(
        small, "{facts: {excess_lb: 0, numbness: no}}", "{directive: undetermined, verdicts: {cat_cow: undetermined}}"
    )
    assert behind(found) == [("hamstrings", Certainty.MAY_FIRE)]


def test_of_a_directive_the_rules_that_made_it_are_told(small: Texts) -> None:
    found = scenario(small, "{facts: {numbness: yes, sciatica: yes}, otherwise: no}", "{directive: care, verdicts: {}}")
    assert behind(found) == [("numbness", Certainty.FIRES)]


def test_of_a_directive_that_is_too_weak_the_rules_that_nearly_made_it_stricter_are_told(small: Texts) -> None:
    found = scenario(small, "{facts: {excess_lb: 49}, otherwise: no}", "{directive: care, verdicts: {}}")
    assert behind(found) == [("weight", None)]


def test_a_rule_that_was_expected_to_fire_is_told_with_why_it_does_not(small: Texts) -> None:
    found = scenario(
        small, "{facts: {sciatica: no}, otherwise: no}", "{directive: proceed, verdicts: {}, fires: [hamstrings]}"
    )
    assert behind(found) == [("hamstrings", None)]
    assert told(found.differences[0].because[0]) == {"sciatica": "False"}


def test_a_retired_rule_is_told_to_be_retired(small: Texts) -> None:
    small = changed(small, CAUTION, ("effect: caution", "effect: caution\nstatus: retired"))
    found = scenario(
        small, "{facts: {excess_lb: 50}, otherwise: no}", "{directive: proceed, verdicts: {}, fires: [weight]}"
    )
    assert [part.obstacle for part in found.differences[0].because] == [Obstacle.RETIRED]


def test_of_a_recommendation_that_is_missing_its_rules_and_what_speaks_against_it_are_told(small: Texts) -> None:
    given = "{facts: {from_sitting: yes, excess_lb: 50, numbness: yes}, otherwise: no}"
    found = scenario(small, given, "{directive: stop, verdicts: {}, recommended: [cat_cow]}")
    assert behind(found) == [("sitting", Certainty.FIRES), ("numbness", Certainty.FIRES)]


def test_of_an_open_question_the_rules_that_ask_it_are_told(small: Texts) -> None:
    given = "{facts: {sciatica: no, numbness: no}}"
    found = scenario(small, given, "{directive: undetermined, verdicts: {}, unanswered: []}")
    assert behind(found) == [("weight", Certainty.MAY_FIRE)]


def test_of_a_question_that_is_settled_the_rules_that_are_decided_all_the_same_are_told(small: Texts) -> None:
    found = scenario(small, "{otherwise: no}", "{directive: proceed, verdicts: {}, unanswered: [sciatica]}")
    assert behind(found) == [("hamstrings", None)]


def test_of_what_stands_in_for_a_stretch_the_rules_on_that_stretch_are_told(small: Texts) -> None:
    found = scenario(
        small, "{facts: {sciatica: yes}, otherwise: no}", "{directive: care, verdicts: {}, instead: {toe_reach: []}}"
    )
    assert [(one.aspect, one.subject, one.expected, one.got) for one in found.differences] == [
        (Aspect.INSTEAD, "toe_reach", (), ("cat_cow",))
    ]
    assert behind(found) == [("hamstrings", Certainty.FIRES)]


def test_two_evaluations_that_disagree_are_no_fault_of_the_rulebook(
    small: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DEFAULT_ENGINE, "activations", lambda *_: 1 / 0)
    found = only(small)
    assert [one.aspect for one in found.differences] == [Aspect.ENGINE]
    assert "a bug in backscreen" in " ".join(failure_report.text(found).split())


def test_what_could_not_make_a_directive_stricter_is_no_reason_for_it(small: Texts) -> None:
    found = scenario(small, "{facts: {sciatica: yes, numbness: no}}", "{directive: proceed, verdicts: {}}")
    assert behind(found) == [
        ("hamstrings", Certainty.FIRES)
    ]  # whether `weight` fires is open, but it asks for care as well


def test_what_is_so_for_everybody_explains_nothing_of_other_stretches(small: Texts) -> None:
    found = scenario(small, "{otherwise: no}", "{directive: proceed, verdicts: {cat_cow: caution}}")
    assert behind(found) == []


def test_a_rule_that_could_not_reach_a_stretch_is_no_reason_for_it(small: Texts) -> None:
    found = scenario(
        small, "{facts: {sciatica: no}, otherwise: no}", "{directive: proceed, verdicts: {cat_cow: avoid}}"
    )
    assert behind(found) == []


def test_a_rule_that_is_decided_does_not_keep_a_question_open(small: Texts) -> None:
    small = changed(small, AVOID, ("when: {sciatica: yes}", "when: {sciatica: yes, excess_lb: {at_least: 10}}"))
    small[AVOID] = small[AVOID].partition("cases:")[0]
    found = scenario(
        small, "{facts: {sciatica: no, numbness: no}}", "{directive: undetermined, verdicts: {}, unanswered: []}"
    )
    assert behind(found) == [("weight", Certainty.MAY_FIRE)]


def test_the_rule_that_was_nearest_to_firing_is_told_first(small: Texts) -> None:
    small = changed(
        small,
        CAUTION,
        ("when: {excess_lb: {at_least: 50}}", "when: {build: heavy, excess_lb: {at_least: 50}}"),
        ("effect: caution", "effect: avoid"),
    )
    small[CAUTION] = small[CAUTION].partition("cases:")[0]
    given = "{facts: {build: heavy, excess_lb: 49, sciatica: no}, otherwise: no}"
    found = scenario(small, given, "{directive: proceed, verdicts: {toe_reach: avoid}}")
    assert behind(found) == [("weight", None), ("hamstrings", None)]


# As text


def _broken(tmp_path: Path, edits: dict[str, tuple[str, str]]) -> Path:
    copied = shutil.copytree(ROOT / "rules" / "lower-back", tmp_path / "lower-back")
    for file, (old, new) in edits.items():
        text = (copied / file).read_text("utf-8")
        assert old in text
        (copied / file).write_text(text.replace(old, new), "utf-8")
    return copied


BROKEN = {
    "contraindications/hamstrings-with-sciatica.yaml": ("effect: avoid", "effect: caution"),
    "response/mild-increase-over-twenty-minutes.yaml": ("more_than: 20, at_most", "more_than: 21, at_most"),
    "precautions/extension-with-facet-syndrome.yaml": ("motions: [extension]", "motions: [rotation]"),
    "precautions/cause-of-pain-unclear.yaml": (
        "pain_cause_unclear: no}}\n    expect: {fires: no",
        "pain_cause_unclear: no}}\n    expect: {fires: yes",
    ),
    "advice/excess-weight.yaml": ("effect: advise", "effect: stop"),
}


def test_every_line_fits_a_terminal_and_no_name_of_python_is_in_it(run: Run, tmp_path: Path) -> None:
    ran = run("rules", "test", _broken(tmp_path, BROKEN))
    assert ran.code == 1
    lines = [line for line in ran.out.splitlines() if not line.startswith(str(tmp_path))]
    assert max(map(len, lines)) <= 80
    assert not re.search(r"\b(True|False|None|Verdict|Directive|Within|OneOf)\b", ran.out)
    assert not any(line != line.rstrip() for line in lines)


def test_stretches_that_differ_alike_are_told_together(small: Texts) -> None:
    found = judged_by(
        small, AVOID, "{facts: {sciatica: yes}}", "{fires: yes, verdicts: {far_toe_reach: caution, toe_reach: caution}}"
    )
    assert len(found.differences) == 2
    assert failure_report.text(found).count("expected") == 1
    assert "stretches `toe_reach`, `far_toe_reach`" in failure_report.text(found)


def test_reasons_that_are_the_same_are_told_once(small: Texts) -> None:
    found = judged_by(
        small, AVOID, "{facts: {sciatica: no}}", "{fires: yes, directive: care, verdicts: {toe_reach: avoid}}"
    )
    assert (failure_report.text(found).count("because"), failure_report.text(found).count("as above")) == (3, 2)


def test_what_is_left_out_is_counted(monkeypatch: pytest.MonkeyPatch, small: Texts) -> None:
    monkeypatch.setattr(failure_report, "MOST_DIFFERENCES", 1)
    monkeypatch.setattr(failure_report, "MOST_RULES", 1)
    monkeypatch.setattr(failure_report, "MOST_NAMES", 1)
    found = scenario(small, "{}", "{directive: proceed, others: allowed, verdicts: {}, recommended: [cat_cow]}")
    text = failure_report.text(found)
    told, left = re.findall(r"and (\d+) more (?:rules?|differences?)", text), len(found.differences) - 1
    assert told == [str(len(found.differences[0].because) - 1), str(left)]


def test_stretches_that_are_told_together_are_counted_each(monkeypatch: pytest.MonkeyPatch, small: Texts) -> None:
    expect = "{fires: yes, directive: proceed, verdicts: {far_toe_reach: caution, toe_reach: caution}}"
    found = judged_by(small, AVOID, "{facts: {sciatica: yes}}", expect)
    monkeypatch.setattr(failure_report, "MOST_NAMES", 1)
    assert "stretches `toe_reach` and 1 more\n" in failure_report.text(found)
    monkeypatch.setattr(failure_report, "MOST_DIFFERENCES", 1)
    assert failure_report.text(found).endswith("\n  and 2 more differences in this case")


def test_a_rule_that_is_so_for_everybody_says_so(small: Texts) -> None:
    assert "for everybody" in failure_report.text(judged_by(small, IN_PERSON, "{}", "{fires: no}"))


def test_an_effect_that_restricts_nothing_says_so(small: Texts) -> None:
    found = judged_by(
        small, BENEFIT, "{facts: {from_sitting: yes}}", "{fires: yes, directive: care, verdicts: {cat_cow: caution}}"
    )
    text = " ".join(failure_report.text(found).split())
    assert "does not change the directive" in text
    assert "restricts no stretch" in text


def test_programs_are_given_everything(run: Run, folder: Folder, small: Texts) -> None:
    path = folder(changed(small, AVOID, ("{fires: yes, directive: care, verdicts: {toe_reach: avoid}}", "{fires: no}")))
    ran = run("rules", "test", path, "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    assert json.loads(ran.out) == {
        "cases": 4,
        "scenarios": 1,
        "failures": [
            {
                "at": f"{path}/{AVOID}:12:11",
                "rule": "hamstrings",
                "name": "sciatica rules it out",
                "given": {"facts": {"sciatica": True}, "trials": [], "otherwise": "unknown"},
                "differences": [
                    {
                        "what": "fires",
                        "of": None,
                        "expected": "no",
                        "got": "yes",
                        "because": [
                            {
                                "rule": "hamstrings",
                                "effect": "avoid",
                                "fires": "yes",
                                "trial": None,
                                "answers": [{"place": "sciatica", "value": True, "assumed": False, "asked": "yes"}],
                                "obstacle": None,
                                "stretches": ["toe_reach", "far_toe_reach"],
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_programs_are_told_that_all_holds(run: Run, folder: Folder, small: Texts) -> None:
    ran = run("rules", "test", folder(small), "--format", "json")
    assert (ran.code, json.loads(ran.out)) == (0, {"cases": 4, "scenarios": 1, "failures": []})


def test_the_page_shows_what_the_program_says(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = "response/mild-increase-over-twenty-minutes.yaml"
    _broken(tmp_path, {file: BROKEN[file]})
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "testing-rules.md").read_text("utf-8")
    (shown,) = re.findall(r"^```text\n(.*?)\n```$", page, re.MULTILINE | re.DOTALL)
    assert run("rules", "test", "lower-back").out.startswith(shown + "\n\n")
