"""Facts that are left open or answered `unsure` stay unknown, under `otherwise: no` as well."""

from __future__ import annotations

import json
import pickle
import random
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscreen import Directive, Profile, ProfileError, Screener, Screening, Trial, Verdict, load_profile
from backscreen.cli import main
from backscreen.loading.rulebook_files import load_rulebooks, load_texts
from backscreen.model.facts import UNSURE
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.semantics import reference
from backscreen.testing import random_people
from backscreen.testing.laws import assert_engines_agree
from tests.helpers.small import CAUTION, SMALL

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
    """`--otherwise no` assumes nothing that the file leaves empty, and an option can answer it."""
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
    assert any(person.unsure and person.otherwise == "no" for person in drawn)
    assert any(trial.unsure and person.otherwise == "no" for person in drawn for trial in person.trials)


def test_unknown_left_open_fact_is_refused() -> None:
    """A left-open fact must exist."""
    with pytest.raises(ProfileError):
        Screener(KNOWLEDGE_BASE).screen(Profile({"siatica": None}, otherwise="no"))


# Answers `unsure`


def test_unsure_fact_is_not_assumed(screener: Screener) -> None:
    """An unsure fact stays unknown and unanswered under `otherwise: no`, and is listed as unsure."""
    screening = screened(screener, Profile({"sciatica": "unsure"}, otherwise="no"))
    assert screening["standing_forward_bend"].verdict is Verdict.UNDETERMINED
    assert screening.unsure == ("sciatica",)
    assert screening.to_dict()["unsure"] == ["sciatica"]
    assert "sciatica" in screening.unanswered
    assert "sciatica" not in screening.assumed


def test_unsure_fact_of_a_trial_is_not_assumed(screener: Screener) -> None:
    """An unsure fact of a trial stays unknown, and the trial's other facts are assumed."""
    screening = screened(screener, Profile(trials=[Trial("side_bend", felt="unsure")], otherwise="no"))
    assert screening["side_bend"].verdict is Verdict.UNDETERMINED
    assert screening.unsure == ("trials[0].felt",)
    assert "trials[0].after" in screening.assumed


def test_each_answer_has_its_origin(screener: Screener) -> None:
    """Answers are given, assumed or unsure; what is left open has no origin."""
    trials = [Trial("side_bend", felt="pain", full_range="unsure"), Trial(felt="nothing")]
    profile = Profile({"sciatica": True, "smoker": "unsure", "scoliosis": None}, trials, otherwise="no")
    origins = screened(screener, profile).origins
    assert origins["sciatica"] == origins["trials[0].stretch"] == origins["trials[0].felt"] == "given"
    assert origins["smoker"] == origins["trials[0].full_range"] == "unsure"
    assert origins["sedentary"] == origins["trials[1].full_range"] == "assumed"
    assert not {"scoliosis", "trials[1].stretch", "trials[0].after_lasted_min"} & set(origins)
    assert set(screened(screener, attrs.evolve(profile, otherwise="unknown")).origins.values()) == {"given", "unsure"}


def test_unsure_fact_survives_conversion(screener: Screener) -> None:
    """An answer in another unit, which makes validation copy the profile, loses no unsure fact."""
    facts = {"excess_weight_lb": "5 kg", "sciatica": "unsure"}
    screening = screened(screener, Profile(facts, [Trial(felt="unsure", after="same")], otherwise="no"))
    assert screening.unsure == ("sciatica", "trials[0].felt")


def test_next_question_is_not_one_answered_unsure(screener: Screener) -> None:
    """Nobody is asked again what they do not know."""
    profile = Profile(otherwise="no", unsure=["sciatica"])
    assert screened(screener, profile).next_question is None
    question = screened(screener, attrs.evolve(profile, left_open=["scoliosis"])).next_question
    assert question is not None
    assert question.fact == "scoliosis"


def test_unsure_screening_survives_pickling(screener: Screener) -> None:
    """A pickled screening, and a pickled profile, keep what was unsure."""
    profile = Profile({"sciatica": "unsure"}, [Trial(felt="unsure")], "no")
    assert pickle.loads(pickle.dumps(profile)) == profile  # noqa: S301 - our own bytes
    screening = screened(screener, profile)
    assert pickle.loads(pickle.dumps(screening)).unsure == screening.unsure  # noqa: S301 - our own bytes


def test_unsure_facts_count_in_equality() -> None:
    """An unsure fact is an answer: profiles and trials that lack it are others."""
    assert Profile({"sciatica": "unsure"}) == Profile(unsure=["sciatica"])
    assert hash(Profile({"sciatica": "unsure"})) == hash(Profile(unsure=["sciatica"]))
    assert Profile({"sciatica": "unsure"}) != Profile()
    assert Profile({"sciatica": "unsure"}) != Profile({"sciatica": None})
    assert Trial(felt="unsure") != Trial()
    assert not Profile({"sciatica": "unsure"}).facts


def test_evolve_keeps_unsure_facts() -> None:
    """What is not named stays unsure; an answer, and None, take its place."""
    profile = Profile({"sciatica": "unsure", "smoker": True}, otherwise="no")
    assert attrs.evolve(profile) == profile
    assert attrs.evolve(profile, facts={}).unsure == ("sciatica",)
    assert attrs.evolve(profile, facts={"sciatica": None}).left_open == ("sciatica",)
    assert attrs.evolve(profile, unsure=()) == Profile({"smoker": True}, otherwise="no")
    trial: Any = Trial("side_bend", felt="unsure", after="same")
    assert attrs.evolve(trial) == trial
    assert attrs.evolve(trial, after="better").unsure == ("felt",)
    assert attrs.evolve(trial, felt="pain") == Trial("side_bend", felt="pain", after="same")


@pytest.mark.parametrize("names", ["smoker", [3], {"smoker"}])
def test_unsure_must_be_a_list_of_names(names: Any) -> None:
    """Anything else is refused at the parameter."""
    with pytest.raises(ProfileError) as caught:
        Profile(unsure=names)
    assert [diagnostic.location for diagnostic in caught.value.diagnostics] == ["unsure"]


def test_unknown_unsure_fact_is_refused(screener: Screener) -> None:
    """An unsure fact must exist, of a trial too."""
    for profile in (Profile(unsure=["siatica"]), Profile(trials=[Trial(flet="unsure")])):
        with pytest.raises(ProfileError) as caught:
            screener.screen(profile)
        assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["unknown-fact"]


@pytest.mark.parametrize("text", ["sciatica: unsure", '{"sciatica": "unsure"}'])
def test_unsure_answer_is_read_from_a_file(tmp_path: Path, text: str) -> None:
    """The word `unsure` is an answer in a file, to a fact of a trial too."""
    path = tmp_path / "p.yaml"
    path.write_text(f"facts:\n  {text}\ntrials:\n  - felt: unsure\n", encoding="utf-8")
    assert load_profile(path) == Profile(unsure=["sciatica"], trials=[Trial(felt="unsure")])


@given(st.randoms(use_true_random=False))
def test_engines_agree_on_unsure_people(chance: random.Random) -> None:
    """Every engine agrees with the reference on people who are unsure of much under `otherwise: no`."""
    asked = random_people.questionnaire(KNOWLEDGE_BASE)
    person = random_people.person(chance, asked)
    facts = dict.fromkeys((name for name in asked.person if chance.randrange(3) == 0), UNSURE) | dict(person.facts)
    trials = [
        Trial(
            one.stretch,
            **(dict.fromkeys((name for name in asked.trial if chance.randrange(2)), UNSURE) | dict(one.facts)),
        )
        for one in person.trials
    ]
    assert_engines_agree(KNOWLEDGE_BASE, Profile(facts, trials, "no"))


def test_command_line_takes_unsure_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--fact NAME=unsure` and a trial's are listed as unsure, like those of a file, and contradict other answers."""
    path = tmp_path / "p.yaml"
    path.write_text("facts: {smoker: unsure}\ntrials: [{stretch: side_bend, felt: unsure}]\n", encoding="utf-8")
    command = ["screen", "--profile", str(path), "--otherwise", "no", "--format", "json"]
    with pytest.raises(SystemExit):
        main([*command, "--fact", "smoker=unsure", "--fact", "sciatica=unsure", "--trial", ":after=unsure"])
    unsure = ["sciatica", "smoker", "trials[0].felt", "trials[1].after"]
    assert sorted(json.loads(capsys.readouterr().out)["unsure"]) == unsure
    with pytest.raises(SystemExit):
        main([*command, "--lacks", "smoker"])
    assert "answered in two ways" in capsys.readouterr().err


# A choice with an option `unsure`


def with_unsure_options() -> KnowledgeBase:
    """The small rulebook where `unsure` is an option of `build` and of `trial.felt`, and two rules ask for it."""
    texts = {name: text.replace("felt: pain", "felt: unsure") for name, text in SMALL.items()}
    texts["facts.yaml"] = texts["facts.yaml"].replace("id: pain", "id: unsure").replace("id: heavy", "id: unsure")
    texts[CAUTION] = (
        texts[CAUTION].replace("excess_lb: {at_least: 50}", "build: unsure").replace("excess_lb: 50", "build: unsure")
    )
    return KnowledgeBase([load_texts(texts)])


@pytest.mark.parametrize("engine", ["durable", "compiled"])
@pytest.mark.parametrize("otherwise", ["no", "unknown"])
def test_option_named_unsure_is_an_answer(engine: Any, otherwise: Any) -> None:
    """Where a choice has an option `unsure`, that option is meant, on every engine."""
    if engine == "durable":
        pytest.importorskip("durable")
    knowledge_base = with_unsure_options()
    for profile in (
        Profile({"build": "unsure", "numbness": "unsure"}, [Trial("cat_cow", felt="unsure")], otherwise),
        Profile({}, [Trial("cat_cow", felt="unsure")], otherwise, unsure=["build", "numbness"]),
    ):
        screening = screened(Screener(knowledge_base, engine=engine), profile)
        assert screening["cat_cow"].verdict is Verdict.AVOID
        assert {"small/weight", "small/pain"} <= {finding.name for finding in screening.warnings}
        assert (screening.origins["build"], screening.origins["trials[0].felt"]) == ("given", "given")
        assert screening.unsure == ("numbness",)
        assert_engines_agree(knowledge_base, profile)


def test_trial_alone_may_take_an_option_named_unsure() -> None:
    """The fast path leaves it to validation, although the person is unsure of nothing."""
    screening = Screener(with_unsure_options(), engine="compiled").screen(Profile(trials=[Trial(felt="unsure")]))
    assert "small/pain" in {finding.name for finding in screening.warnings}
    plain = Screener(with_unsure_options(), engine="compiled").screen(Profile(trials=[Trial(felt="nothing")]))
    assert "small/pain" not in {finding.name for finding in plain.findings}
