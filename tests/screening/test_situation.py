"""Facts that a profile names and leaves empty stay unknown, under `otherwise: no` as well."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscreen import Directive, Profile, ProfileError, Screener, Screening, Trial, Verdict, load_profile
from backscreen.cli import main
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.semantics import reference
from backscreen.testing import random_people
from backscreen.testing.laws import assert_engines_agree

KNOWLEDGE_BASE = load_rulebooks("lower-back")


@pytest.fixture(scope="module", params=["durable", "compiled"])
def screener(request: pytest.FixtureRequest) -> Screener:
    """A screener with each engine."""
    if request.param == "durable":
        pytest.importorskip("durable")
    return Screener(KNOWLEDGE_BASE, engine=request.param)


def screened(screener: Screener, profile: Profile) -> Screening:
    """The screening, which must be without fault."""
    screening = screener.screen(profile)
    assert screening.fault is None
    return screening


def test_left_open_fact_is_not_assumed(screener: Screener) -> None:
    """A flag that is None stays unknown where a flag that is left out counts as no."""
    assert screened(screener, Profile(otherwise="no"))["standing_forward_bend"].verdict is Verdict.ALLOWED
    screening = screened(screener, Profile({"sciatica": None}, otherwise="no"))
    assert screening["standing_forward_bend"].verdict is Verdict.UNDETERMINED
    assert "sciatica" in screening.unanswered
    assert "sciatica" not in screening.assumed
    assert "scoliosis" in screening.assumed


def test_left_open_fact_of_a_trial_is_not_assumed(screener: Screener) -> None:
    """A trial's fact that is None stays unknown, and the trial's other facts are assumed."""
    screening = screened(screener, Profile(trials=[Trial("side_bend", felt=None)], otherwise="no"))
    assert screening["side_bend"].verdict is Verdict.UNDETERMINED
    assert "trials[0].felt" in screening.unanswered
    assert "trials[0].felt" not in screening.assumed
    assert "trials[0].after" in screening.assumed


def test_left_open_fact_survives_conversion(screener: Screener) -> None:
    """An answer in another unit, which makes the check copy the profile, loses nothing that was left open."""
    screening = screened(
        screener,
        Profile({"excess_weight_lb": "5 kg", "sciatica": None}, [Trial(felt=None, after="same")], otherwise="no"),
    )
    assert {"sciatica", "trials[0].felt"} <= set(screening.unanswered)


def test_reference_leaves_left_open_facts_unknown() -> None:
    """The meaning itself: between `allowed` and `avoid` while sciatica is left open."""
    decision = reference.decide(KNOWLEDGE_BASE, Profile({"sciatica": None}, otherwise="no"))
    assert decision.stretches["standing_forward_bend"] == (Verdict.ALLOWED, Verdict.AVOID)


def test_profiles_tell_left_open_facts_apart() -> None:
    """Profiles differ by what was left open where `otherwise` would assume an answer, and only there."""
    assert Profile({"sciatica": None}, otherwise="no") != Profile(otherwise="no")
    assert Profile(trials=[Trial(felt=None)], otherwise="no") != Profile(trials=[Trial()], otherwise="no")
    assert Profile({"sciatica": None}) == Profile()
    assert hash(Profile({"sciatica": None})) == hash(Profile())
    assert Profile({"sciatica": None}, otherwise="no") == Profile({"sciatica": None}, otherwise="no")


@pytest.mark.parametrize("empty", ["sciatica:", "sciatica: null", "sciatica: ~", '{"sciatica": null}'])
def test_empty_answer_in_a_file_is_left_open(tmp_path: Path, empty: str) -> None:
    """An empty answer and null in a file both leave the fact open."""
    path = tmp_path / "p.yaml"
    path.write_text(f"facts:\n  {empty}\notherwise: no\n", encoding="utf-8")
    assert load_profile(path) == Profile({"sciatica": None}, otherwise="no")


@pytest.mark.parametrize(
    "answers", ["{sciatica, herniated_disc}", "{sciatica: yes, herniated_disc}", "\n  ? sciatica\n  ? herniated_disc"]
)
def test_set_of_facts_is_refused(tmp_path: Path, answers: str) -> None:
    """Facts that are listed as a YAML set could mean yes, and never count as no."""
    path = tmp_path / "p.yaml"
    path.write_text(f"facts: {answers}\notherwise: no\n", encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    assert {diagnostic.code for diagnostic in caught.value.diagnostics} == {"key-without-value"}


@pytest.mark.parametrize("options", [[], ["--has", "smoker"]])
def test_command_line_keeps_what_a_file_leaves_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    """Answers and `--otherwise no` on the command line assume nothing that the file leaves empty; an answer there fills it in."""
    path = tmp_path / "p.yaml"
    path.write_text("facts: {sciatica: null}\n", encoding="utf-8")
    command = [
        "screen",
        "--rules",
        "lower-back",
        "--profile",
        str(path),
        "--otherwise",
        "no",
        "--format",
        "json",
        *options,
    ]
    with pytest.raises(SystemExit):
        main(command)
    assert '"sciatica"' in capsys.readouterr().out.split('"unanswered"', 1)[1].split("]", 1)[0]
    with pytest.raises(SystemExit):
        main([*command, "--lacks", "sciatica"])
    assert '"unanswered": []' in capsys.readouterr().out


def test_template_assumes_nothing_that_is_left_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The printed template, not filled in, never says to go ahead, whatever `otherwise` says."""
    with pytest.raises(SystemExit):
        main(["facts", "--template"])
    path = tmp_path / "p.yaml"
    path.write_text(capsys.readouterr().out.replace("otherwise: unknown", "otherwise: no"), encoding="utf-8")
    profile = load_profile(path)
    assert profile.otherwise == "no"
    screening = Screener().screen(profile)
    assert screening.directive is Directive.UNDETERMINED
    assert not screening.assumed


@given(st.randoms(use_true_random=False))
def test_engines_agree_on_left_open_people(chance: random.Random) -> None:
    """Every engine agrees with the reference on people who leave much open under `otherwise: no`."""
    asked = random_people.questionnaire(KNOWLEDGE_BASE)
    person = random_people.person(chance, asked)
    facts = dict.fromkeys(name for name in asked.person if chance.randrange(3) == 0) | dict(person.facts)
    trials = [
        Trial(one.stretch, **(dict.fromkeys(name for name in asked.trial if chance.randrange(2)) | dict(one.facts)))
        for one in person.trials
    ]
    assert_engines_agree(KNOWLEDGE_BASE, Profile(facts, trials, "no"))


def test_random_people_leave_facts_open_under_no() -> None:
    """The random people of the laws include those whose left-open facts would have been assumed."""
    asked = random_people.questionnaire(KNOWLEDGE_BASE)
    drawn = [random_people.person(random.Random(seed), asked) for seed in range(200)]
    assert any(person.left_open and person.otherwise == "no" for person in drawn)
    assert any(trial.left_open and person.otherwise == "no" for person in drawn for trial in person.trials)


def test_unknown_left_open_fact_is_refused() -> None:
    """A left-open fact must exist."""
    with pytest.raises(ProfileError):
        Screener(KNOWLEDGE_BASE).screen(Profile({"siatica": None}, otherwise="no"))
