"""Profiles: their shape, their values, and their validation against a rulebook."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from itertools import cycle
from numbers import Integral
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from backscreen import Diagnostic, Profile, ProfileError, Screener, Trial, Verdict, load_profile
from backscreen.diagnostics.exceptions import BackscreenError, RulebookError, UsageError
from backscreen.diagnostics.suggestions import nearest, one_of, suggest
from backscreen.loading.profile_files import read_checked
from backscreen.loading.profile_validation import MOST_PROBLEMS, check
from backscreen.loading.rulebook_files import load_rulebooks, load_texts
from backscreen.model.facts import Number, Unit, Value
from backscreen.model.knowledge_base import KnowledgeBase
from tests.helpers.small import PAIN, Texts


def diagnostics_of(made: Callable[[], object]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of the `ProfileError` that a call raises."""
    with pytest.raises(ProfileError) as caught:
        made()
    return caught.value.diagnostics


# Shape


@pytest.mark.parametrize("facts", [[], ["sciatica"], "sciatica", 3, {"sciatica"}, [("sciatica", True)]])
def test_facts_must_be_a_mapping(facts: Any) -> None:
    """Facts that are no mapping are refused."""
    (diagnostic,) = diagnostics_of(lambda: Profile(facts))
    assert "facts" in diagnostic.message


@pytest.mark.parametrize("answer", [2.5, [True], {}, object(), b"yes", (True,), 1j])
def test_answer_of_another_type_is_refused(answer: Any) -> None:
    """An answer must be a flag, a whole number or a word."""
    (diagnostic,) = diagnostics_of(lambda: Profile({"smoker": answer}))
    assert (diagnostic.location, diagnostic.name) == ("facts.smoker", "smoker")
    (diagnostic,) = diagnostics_of(lambda: Trial("side_bend", felt=answer))
    assert (diagnostic.location, diagnostic.name) == ("trial.felt", "felt")


@pytest.mark.parametrize("name", [3, None, True, ("a",), b"smoker"])
def test_fact_name_must_be_a_word(name: Any) -> None:
    """A name of another type is refused."""
    assert [diagnostic.location for diagnostic in diagnostics_of(lambda: Profile({name: True}))] == ["facts"]


def test_all_malformed_facts_are_reported() -> None:
    """Every wrong name and answer of a profile is reported at once."""
    facts: Any = {"a": 1.5, "b": True, "c": [], 4: True}
    assert [diagnostic.name for diagnostic in diagnostics_of(lambda: Profile(facts))] == ["a", "c", None]


@pytest.mark.parametrize(
    "trials",
    ["side_bend", 3, None, [{"stretch": "side_bend"}], ["side_bend"], Trial("side_bend"), [Trial("side_bend"), None]],
)
def test_trials_must_be_a_list_of_trials(trials: Any) -> None:
    """Anything but a list or tuple of `Trial` objects is refused."""
    assert [diagnostic.location for diagnostic in diagnostics_of(lambda: Profile(trials=trials))] == ["trials"]


@pytest.mark.parametrize("otherwise", ["yes", "No", "", None, False, 0])
def test_otherwise_must_be_no_or_unknown(otherwise: Any) -> None:
    """Any other word or value is refused."""
    (diagnostic,) = diagnostics_of(lambda: Profile(otherwise=otherwise))
    assert (diagnostic.name, diagnostic.legal) == ("otherwise", ("no", "unknown"))


@pytest.mark.parametrize("stretch", [3, True, ["side_bend"], b"side_bend"])
def test_trial_stretch_must_be_a_word_or_none(stretch: Any) -> None:
    """A stretch of another type is refused."""
    assert [diagnostic.location for diagnostic in diagnostics_of(lambda: Trial(stretch))] == ["trial"]


def test_none_means_unanswered() -> None:
    """A fact that is None equals one that is left out, unless `otherwise` is "no"."""
    assert Profile({"smoker": None, "sciatica": True}) == Profile({"sciatica": True})
    assert Trial("side_bend", felt=None) == Trial("side_bend")
    assert Trial() == Trial(None)


def test_trials_keep_their_order() -> None:
    """Trials from a list or a tuple stay in order, repeated ones too."""
    trials = Trial("side_bend"), Trial("cat_cow"), Trial("side_bend")
    assert Profile(trials=list(trials)).trials == trials
    assert Profile(trials=[*trials]) != Profile(trials=trials[:2])


def test_answers_are_named_by_place() -> None:
    """`places` names each answer, those of trials by their index."""
    profile = Profile({"sciatica": True}, [Trial("side_bend", felt="pain"), Trial(after="same")])
    assert profile.places() == {
        "sciatica": True,
        "trials[0].stretch": "side_bend",
        "trials[0].felt": "pain",
        "trials[1].after": "same",
    }


def test_trial_fact_may_have_any_name(screener: Screener) -> None:
    """Names of parameters are facts, too, and are checked against the rulebook."""
    trial = Trial("side_bend", self=True, facts="x")
    assert trial.facts == {"self": True, "facts": "x"}
    assert [diagnostic.name for diagnostic in diagnostics_of(lambda: screener.screen(Profile(trials=[trial])))] == [
        "facts",
        "self",
    ]


# Values


def people() -> list[Profile]:
    """Return profiles that differ in every part."""
    return [
        Profile(),
        Profile({"sciatica": True, "warm_up_min": 5}),
        Profile({"sciatica": False}, otherwise="no"),
        Profile(trials=[Trial("side_bend", felt="pain"), Trial(felt="discomfort", after="same", after_lasted_min=3)]),
    ]


def test_equality_ignores_the_order_of_answers() -> None:
    """Equal answers make equal profiles with equal hashes."""
    one, other = (
        Profile({"a": 1, "b": "x"}, [Trial("c", d=1, e=2)]),
        Profile({"b": "x", "a": 1}, (Trial("c", e=2, d=1),)),
    )
    assert one == other
    assert hash(one) == hash(other)
    assert len(set(people() + people())) == len(people())


def test_profiles_and_trials_are_frozen() -> None:
    """Neither they nor their facts can be changed."""
    answers: dict[str, Value | None] = {"sciatica": True}
    profile = Profile(answers)
    answers["sciatica"] = False
    assert profile.facts == {"sciatica": True}
    facts: Any = profile.facts
    with pytest.raises(TypeError):
        facts["sciatica"] = False
    anything: Any = profile
    with pytest.raises(AttributeError):
        anything.trials = ()
    anything = Trial("side_bend")
    with pytest.raises(AttributeError):
        anything.stretch = "cat_cow"


@pytest.mark.parametrize("profile", people())
def test_profiles_survive_pickling_and_copying(profile: Profile) -> None:
    """A pickled or copied profile equals the original."""
    assert pickle.loads(pickle.dumps(profile)) == profile  # noqa: S301 - our own bytes
    assert copy.deepcopy(profile) == copy.copy(profile) == profile


def test_printed_profile_shows_no_answer() -> None:
    """No text form of a profile or a trial contains an answer."""
    profile = Profile(
        {"secret_fact": "secret answer", "number": 424242},
        [Trial("secret_stretch", felt="secret feeling")],
        otherwise="no",
    )
    for shown in (
        repr(profile),
        str(profile),
        f"{profile}",
        repr(profile.trials[0]),
        repr([profile]),
        repr({"profile": profile.trials}),
    ):
        assert "secret" not in shown
        assert "424242" not in shown


# Against the rulebook


def diagnostic_with(screener: Screener, profile: Profile) -> Diagnostic:
    """Return the only diagnostic with which a screening is refused."""
    (diagnostic,) = diagnostics_of(lambda: screener.screen(profile))
    return diagnostic


def answered(screener: Screener, **facts: Value) -> dict[str, Value]:
    """Return the facts as validation reads them."""
    checked, diagnostics = check(screener.knowledge_base, Profile(facts))
    assert diagnostics == []
    return dict(checked.facts)


def test_unknown_fact_suggests_the_nearest(screener: Screener) -> None:
    """The diagnostic has the name, the legal names and the nearest of them."""
    diagnostic = diagnostic_with(screener, Profile({"siatica": True}))
    assert (diagnostic.location, diagnostic.name, diagnostic.given, diagnostic.nearest) == (
        "facts",
        "siatica",
        None,
        "sciatica",
    )
    assert diagnostic.legal == tuple(screener.knowledge_base.person_facts)


@pytest.mark.parametrize("name", ["felt", "trial.felt", "zebra", "", "x" * 10_000])
def test_unknown_fact_may_have_no_suggestion(screener: Screener, name: str) -> None:
    """A name that is close to no fact is refused with a short text."""
    diagnostic = diagnostic_with(screener, Profile({name: True}))
    assert (diagnostic.name, diagnostic.nearest) == (name, None)
    assert len(str(diagnostic)) < 200


def test_left_open_fact_must_exist(screener: Screener, tmp_path: Path) -> None:
    """An unknown name is refused without an answer, too, and located in a file."""
    assert diagnostic_with(screener, Profile({"siatica": None})).nearest == "sciatica"
    assert diagnostic_with(screener, Profile(trials=[Trial(feld=None)])).nearest == "felt"
    path = tmp_path / "p.yaml"
    path.write_text("facts: {siatica: , sciatica: }\ntrials: [{felt: , feld: }]\n")
    diagnostics = diagnostics_of(lambda: read_checked(path, screener.knowledge_base))
    assert [diagnostic.location for diagnostic in diagnostics] == [f"{path}:1:9", f"{path}:2:19"]


def test_unknown_fact_of_a_trial_suggests_the_nearest(screener: Screener) -> None:
    """The diagnostic names the trial, the legal names and the nearest of them."""
    diagnostic = diagnostic_with(screener, Profile(trials=[Trial("side_bend"), Trial("side_bend", feld="pain")]))
    assert (diagnostic.location, diagnostic.name, diagnostic.nearest) == ("trials[1]", "feld", "felt")
    assert "of a trial" in diagnostic.message
    assert diagnostic.legal == tuple(screener.knowledge_base.trial_facts)


def test_unknown_stretch_suggests_the_nearest(screener: Screener) -> None:
    """The diagnostic has the legal ids and the nearest of them."""
    diagnostic = diagnostic_with(screener, Profile(trials=[Trial("side_bends")]))
    assert (diagnostic.location, diagnostic.name, diagnostic.nearest) == (
        "trials[0].stretch",
        "side_bends",
        "side_bend",
    )
    assert diagnostic.legal == tuple(screener.knowledge_base.stretches)


@pytest.mark.parametrize("answer", [1, 0, "yes", "no", "Yes", "on", "true", "maybe", "", 3])
def test_flag_takes_only_true_and_false(screener: Screener, answer: Value) -> None:
    """Words and numbers are no answers to a flag."""
    diagnostic = diagnostic_with(screener, Profile({"sciatica": answer}))
    assert (diagnostic.location, diagnostic.name, diagnostic.given, diagnostic.legal) == (
        "facts.sciatica",
        "sciatica",
        str(answer),
        ("yes", "no"),
    )


@pytest.mark.parametrize(
    ("answer", "hinted"),
    [*((word, True) for word in ("yes", "No", "TRUE", "false", "y", "N", "on", "off")), ("maybe", False), (1, False)],
)
def test_quoted_flag_gets_a_hint_about_quotes(screener: Screener, answer: Value, hinted: bool) -> None:
    """A word that looks like yes or no gets the hint, and no other answer does."""
    assert ("quotes" in (diagnostic_with(screener, Profile({"sciatica": answer})).help or "")) is hinted


@pytest.mark.parametrize(
    "answer",
    [
        -1,
        601,
        10**30,
        pytest.param(10**5000, id="huge"),
        True,
        False,
        "5",
        "five",
        "2.5 min",
        "5 hours",
        "-5 min",
        "5 MIN",
        " 5 min",
        "5  min",
        "٥ min",
        "min",
        "",
    ],
)
def test_number_out_of_bounds_or_malformed_is_refused(screener: Screener, answer: Value) -> None:
    """The help names the bounds."""
    diagnostic = diagnostic_with(screener, Profile({"warm_up_min": answer}))
    assert (diagnostic.location, diagnostic.name) == ("facts.warm_up_min", "warm_up_min")
    assert "from 0 to 600" in (diagnostic.help or "")


@pytest.mark.parametrize(
    ("answer", "minutes"), [(0, 0), (1, 1), (600, 600), ("0 min", 0), ("5 min", 5), ("5min", 5), ("600 min", 600)]
)
def test_number_may_have_its_unit(screener: Screener, answer: Value, minutes: int) -> None:
    """The amount counts, with or without the unit and a space."""
    assert answered(screener, warm_up_min=answer) == {"warm_up_min": minutes}


@pytest.mark.parametrize(
    ("answer", "pounds"),
    [
        ("25 kg", 55),
        ("25kg", 55),
        ("0 kg", 0),
        ("0.2 kg", 0),
        ("0.25 kg", 1),
        ("9.5 kg", 21),
        ("10 kg", 22),
        ("453.59237 kg", 1000),
        ("453.8 kg", 1000),
        (55, 55),
    ],
)
def test_kilograms_become_the_nearest_pounds(screener: Screener, answer: Value, pounds: int) -> None:
    """Away from limits of rules, an amount is rounded to the nearest whole number."""
    assert answered(screener, excess_weight_lb=answer) == {"excess_weight_lb": pounds}


def test_unit_may_have_capitals() -> None:
    """Units are read in the case in which they are declared."""
    heat = Number(
        id="heat",
        title="Heat",
        question="How warm?",
        unit="K",
        at_least=0,
        at_most=1000,
        also_in=(Unit(unit="mK", times=1, over=1000),),
    )
    assert [heat.read(answer) for answer in ("300 K", "300K", "2500 mK", "2499 mK")] == [300, 300, 3, 2]


def test_trial_answers_are_converted(screener: Screener) -> None:
    """An amount in a trial is converted to the fact's own unit."""
    trials = [Trial("side_bend", felt="pain", after_lasted_min="25 min"), Trial(after="same")]
    checked, diagnostics = check(screener.knowledge_base, Profile({"smoker": True}, trials, "no"))
    assert diagnostics == []
    assert checked == Profile(
        {"smoker": True}, [Trial("side_bend", felt="pain", after_lasted_min=25), Trial(after="same")], "no"
    )


def test_profile_in_own_units_is_not_copied(screener: Screener) -> None:
    """Only a trial with an answer in another unit is replaced."""
    profile = Profile(
        {"excess_weight_lb": 55, "sciatica": True},
        [Trial("side_bend", felt="pain", after_lasted_min=25), Trial()],
        "no",
    )
    assert check(screener.knowledge_base, profile)[0] is profile
    checked = check(screener.knowledge_base, Profile(trials=[profile.trials[0], Trial(after_lasted_min="25 min")]))[0]
    assert checked.trials[0] is profile.trials[0]
    assert checked.trials[1].facts == {"after_lasted_min": 25}


def test_equal_amounts_give_equal_screenings(screener: Screener) -> None:
    """25 kg and 55 lb are one answer."""
    assert screener.screen(Profile({"excess_weight_lb": "25 kg"})) == screener.screen(Profile({"excess_weight_lb": 55}))


@pytest.mark.parametrize(
    "answer", ["454 kg", "25.5 lb", "25 st", "1e2 kg", "25. kg", ".5 kg", "1,5 kg", "kg", "9999999999 kg"]
)
def test_malformed_amount_is_refused(screener: Screener, answer: str) -> None:
    """An amount that is malformed or out of bounds is refused with an example."""
    diagnostic = diagnostic_with(screener, Profile({"excess_weight_lb": answer}))
    assert diagnostic.given == answer
    assert "`25 kg`" in (diagnostic.help or "")


def test_unknown_option_suggests_the_nearest(screener: Screener) -> None:
    """The diagnostic has the options and the nearest of them."""
    diagnostic = diagnostic_with(screener, Profile(trials=[Trial("side_bend", felt="pian")]))
    assert (diagnostic.location, diagnostic.name, diagnostic.given) == ("trials[0].felt", "felt", "pian")
    assert (diagnostic.legal, diagnostic.nearest) == (("nothing", "discomfort", "pain"), "pain")


@pytest.mark.parametrize("answer", [True, False, 3, "Pain", "", "nothing pain"])
def test_choice_takes_only_its_options(screener: Screener, answer: Value) -> None:
    """Flags, numbers and other words are refused."""
    assert diagnostic_with(screener, Profile(trials=[Trial("side_bend", felt=answer)])).name == "felt"


def test_all_wrong_answers_are_reported(screener: Screener) -> None:
    """Every unknown name and wrong answer is reported at once."""
    profile = Profile(
        {"siatica": True, "warm_up_min": 601}, [Trial("side_bends", felt="pian"), Trial(after_lasted_min=-1)]
    )
    assert [diagnostic.location for diagnostic in diagnostics_of(lambda: screener.screen(profile))] == [
        "facts",
        "facts.warm_up_min",
        "trials[0].stretch",
        "trials[0].felt",
        "trials[1].after_lasted_min",
    ]


def test_engines_validate_alike() -> None:
    """Every engine reports the same diagnostics."""
    profile = Profile({"siatica": True}, [Trial("side_bend", after=3)])
    said = {
        diagnostics_of(lambda screener=screener: screener.screen(profile))  # type: ignore[misc]
        for screener in (Screener(), Screener(engine="compiled"))
    }
    assert len(said) == 1


@pytest.mark.parametrize("profile", [None, {}, {"facts": {}}, "sciatica", Trial("side_bend")])
def test_screen_refuses_other_types(screener: Screener, profile: Any) -> None:
    """Anything but a `Profile` is refused."""
    assert len(diagnostics_of(lambda: screener.screen(profile))) == 1


# Files


def written(tmp_path: Path, text: str) -> Path:
    """Write a profile file and return its path."""
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_yaml_profile_is_read(tmp_path: Path) -> None:
    """Flags, numbers, empty answers, trials and `otherwise` are read."""
    text = (
        "facts: {sciatica: yes, warm_up_min: 5, smoker: }\n"
        "trials:\n  - {stretch: side_bend, felt: pain}\n  - felt: discomfort\n  - {}\notherwise: no\n"
    )
    expected = Profile(
        {"sciatica": True, "warm_up_min": 5, "smoker": None},
        [Trial("side_bend", felt="pain"), Trial(felt="discomfort"), Trial()],
        "no",
    )
    assert load_profile(written(tmp_path, text)) == load_profile(str(tmp_path / "p.yaml")) == expected


def test_json_profile_is_read(tmp_path: Path) -> None:
    """JSON with tabs is read like YAML."""
    text = (
        '{\n\t"facts": {"sciatica": true, "warm_up_min": 5, "smoker": null},\n'
        '\t"trials": [{"stretch": "side_bend"}],\n\t"otherwise": "unknown"\n}\n'
    )
    assert load_profile(written(tmp_path, text)) == Profile({"sciatica": True, "warm_up_min": 5}, [Trial("side_bend")])


@pytest.mark.parametrize(
    "text", ["{}", "facts:", "facts: {}\n", "trials:\n", "otherwise:", "otherwise: unknown", "facts: {smoker: null}"]
)
def test_profile_without_answers_is_empty(tmp_path: Path, text: str) -> None:
    """Empty and missing parts make an empty profile."""
    assert load_profile(written(tmp_path, text)) == Profile()


@pytest.mark.parametrize("otherwise", ["no", "'no'", "false"])
def test_otherwise_no_may_be_quoted(tmp_path: Path, otherwise: str) -> None:
    """`no` is read with quotes, without them, and as `false`."""
    assert load_profile(written(tmp_path, f"otherwise: {otherwise}")).otherwise == "no"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", [""]),
        ("# nothing\n", [""]),
        ("- sciatica\n", [":1:1"]),
        ("sciatica\n", [":1:1"]),
        ("3\n", [":1:1"]),
        ("sciatica: yes\n", [":1:1"]),
        ("facts: {sciatica: yes}\nfact: {smoker: yes}\n", [":2:1"]),
        ("facts: [sciatica]\n", [":1:8"]),
        ("facts: {sciatica: [yes]}\n", [":1:19"]),
        ("trials: {stretch: side_bend}\n", [":1:9"]),
        ("trials: [side_bend]\n", [":1:10"]),
        ("trials:\n  -\n", [":2:4"]),
        ("trials: [{stretch: 3}]\n", [":1:20"]),
        ("otherwise: yes\n", [":1:12"]),
        ("facts: {a: {}, b: []}\ntrials: x\notherwise: 0\nmore: 1\n", [":1:12", ":1:19", ":2:9", ":3:12", ":4:1"]),
    ],
)
def test_malformed_file_is_refused_by_position(tmp_path: Path, text: str, places: list[str]) -> None:
    """Each mistake in the shape is located in the file."""
    path = written(tmp_path, text)
    assert [diagnostic.location for diagnostic in diagnostics_of(lambda: load_profile(path))] == [
        f"{path}{place}" for place in places
    ]


def test_misspelt_key_suggests_the_nearest(tmp_path: Path) -> None:
    """The help names the key that was probably meant."""
    path = written(tmp_path, "otherwhise: no\n")
    (diagnostic,) = diagnostics_of(lambda: load_profile(path))
    assert "`otherwise`" in (diagnostic.help or "").partition("?")[0]


def test_load_profile_checks_only_the_shape(tmp_path: Path, screener: Screener) -> None:
    """Names and bounds are checked when the profile is screened."""
    profile = load_profile(written(tmp_path, "facts: {siatica: yes}\n"))
    assert diagnostic_with(screener, profile).nearest == "sciatica"


def test_wrong_answers_are_located_in_the_file(tmp_path: Path, screener: Screener) -> None:
    """Names and answers that do not fit the rulebook have positions."""
    text = (
        "facts:\n  siatica: yes\n  warm_up_min: 601\ntrials:\n  - stretch: side_bends\n    felt: pian\n    feld: pain\n"
    )
    path = written(tmp_path, text)
    diagnostics = diagnostics_of(lambda: read_checked(path, screener.knowledge_base))
    assert sorted(diagnostic.location or "" for diagnostic in diagnostics) == [
        f"{path}:{place}" for place in ("2:3", "3:16", "5:14", "6:11", "7:5")
    ]


def test_read_checked_converts_units(tmp_path: Path, screener: Screener) -> None:
    """The profile of a checked file is in the facts' own units."""
    assert read_checked(written(tmp_path, "facts: {excess_weight_lb: 25 kg}"), screener.knowledge_base) == Profile(
        {"excess_weight_lb": 55}
    )


# Errors


def test_diagnostic_has_location_message_and_help() -> None:
    """Each part is left out of the text if it is missing."""
    assert str(Diagnostic("what", location="f:1:1", help="help")) == "f:1:1: what\n  help"
    assert str(Diagnostic("what", help="help")) == "what\n  help"
    assert str(Diagnostic("what")) == "what"


@pytest.mark.parametrize("kind", [BackscreenError, ProfileError, RulebookError, UsageError])
def test_errors_keep_diagnostics_when_pickled(kind: type[BackscreenError]) -> None:
    """A pickled error has the same type, diagnostics and text."""
    error = kind(iter([Diagnostic("one", location="f:1:1"), Diagnostic("two", legal=("a", "b"))]))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is kind
    assert again.diagnostics == error.diagnostics
    assert str(again) == str(error) == "f:1:1: one\ntwo"
    assert isinstance(error, BackscreenError)


def test_nearest_name_must_be_close() -> None:
    """A name that is close to no other has no suggestion."""
    assert nearest("siatica", ["scoliosis", "sciatica"]) == "sciatica"
    assert nearest("smoker", ["scoliosis", "sciatica"]) is None
    assert nearest("x" * 10**6, ["x" * 100]) == "x" * 100
    assert suggest("smoker", ["sciatica"], "look there") == "look there"


def test_words_are_listed_as_in_a_sentence() -> None:
    """Commas and a final “or” join quoted words."""
    assert [one_of(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "`a`",
        "`a` or `b`",
        "`a`, `b` or `c`",
    ]


def test_enum_members_become_plain_answers() -> None:
    """A member of an enum is its number or its word; engines see nothing else."""

    class Minutes(IntEnum):
        FIVE = 5

    class Felt(StrEnum):
        PAIN = "pain"

    knowledge_base = load_rulebooks("lower-back")
    given = Profile({"warm_up_min": Minutes.FIVE, "sciatica": True}, [Trial("side_bend", felt=Felt.PAIN)], "no")
    plain = Profile({"warm_up_min": 5, "sciatica": True}, [Trial("side_bend", felt="pain")], "no")
    checked, diagnostics = check(knowledge_base, given)
    assert not diagnostics
    assert type(checked.facts["warm_up_min"]) is int
    assert type(checked.trials[0].facts["felt"]) is str
    assert Screener(knowledge_base).screen(given) == Screener(knowledge_base).screen(plain)
    assert check(knowledge_base, plain)[0] is plain


def test_subclass_is_read_once() -> None:
    """A profile whose facts change between two reads is screened consistently."""

    class Fickle(Profile):
        @property
        def facts(self) -> Mapping[str, Value]:
            return {"sciatica": next(turns)}

    turns = cycle([True, False])
    knowledge_base = load_rulebooks("lower-back")
    screening = Screener(knowledge_base).screen(Fickle(otherwise="no"))
    assert screening.fault is None
    assert screening["standing_forward_bend"].verdict is Verdict.AVOID


# Values of unusual types


class Anything:
    """Equals everything, and has the hash of a given word."""

    def __init__(self, word: str = "no") -> None:
        self._word = word

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(self._word)

    def __str__(self) -> str:
        raise AssertionError("nobody asks it for its text")


class Odd(str):
    """Equals nothing, and has a constant hash."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0


def test_otherwise_ignores_a_custom_equality() -> None:
    """An object that equals everything must not make every fact assumed."""
    otherwise: Any = Anything()
    (diagnostic,) = diagnostics_of(lambda: Profile(otherwise=otherwise))
    assert diagnostic.legal == ("no", "unknown")
    otherwise = Odd("no")
    word: object = Profile(otherwise=otherwise).otherwise
    assert (type(word), word) == (str, "no")


@pytest.mark.parametrize("engine", ["durable", "compiled"])
def test_words_with_a_custom_equality_become_plain(engine: Any) -> None:
    """Names, answers and stretches have plain types on every engine."""
    if engine == "durable":
        pytest.importorskip("durable")
    odd = Profile({Odd("sciatica"): True}, [Trial(Odd("side_bend"), felt=Odd("pain"))], "no")
    plain = Profile({"sciatica": True}, [Trial("side_bend", felt="pain")], "no")
    assert odd == plain
    assert {type(word) for word in (*odd.facts, *odd.trials[0].facts.values(), odd.trials[0].stretch)} == {str}
    assert Screener(engine=engine).screen(odd) == Screener(engine=engine).screen(plain)


def test_fact_under_names_of_two_types_is_refused() -> None:
    """Neither of two answers may win silently."""
    (diagnostic,) = diagnostics_of(lambda: Profile({Odd("sciatica"): True, "sciatica": False}))
    assert diagnostic.name == "sciatica"


def test_equality_tells_types_apart() -> None:
    """`True` equals `1` in Python, but is another answer."""
    for one, other in ((True, 1), (False, 0)):
        assert Profile({"sciatica": one}) != Profile({"sciatica": other})
        assert Trial(felt=one) != Trial(felt=other)
        assert len({Profile({"sciatica": one}), Profile({"sciatica": other})}) == 2
        assert Profile({"sciatica": one}) == Profile({"sciatica": one})
        assert hash(Profile({"sciatica": one})) == hash(Profile({"sciatica": one}))


def test_trials_are_read_once() -> None:
    """A list that changes between two reads cannot smuggle in another type."""

    class Fickle(list[Any]):
        def __iter__(self) -> Iterator[Any]:
            return iter([next(turns)])

    turns = cycle([Trial("side_bend"), "no trial"])
    assert Profile(trials=Fickle([1])).trials == (Trial("side_bend"),)


def test_evolve_changes_a_profile() -> None:
    """Everything that is not named stays, facts that were left open too."""
    profile = Profile({"sciatica": True, "smoker": None}, [Trial("side_bend", felt="pain")], "no")
    assert evolve(profile) == profile
    assert evolve(profile).left_open == ("smoker",)
    assert evolve(profile, otherwise="unknown") == Profile(profile.facts, profile.trials)
    assert evolve(profile, trials=[]) == Profile({"sciatica": True, "smoker": None}, [], "no")
    changed = evolve(profile, facts={"scoliosis": True, "smoker": False})
    assert (changed.facts, changed.left_open) == ({"scoliosis": True, "smoker": False}, ())
    wrong: Any = {"smoker": 2.5}
    assert diagnostics_of(lambda: evolve(profile, facts=wrong))


def test_evolve_changes_a_trial() -> None:
    """Facts are changed by name, and None leaves one open."""
    trial: Any = Trial("side_bend", felt="pain", after="same", full_range=None)  # mypy knows no facts of a trial
    assert evolve(trial) == trial
    assert evolve(trial).left_open == ("full_range",)
    assert evolve(trial, stretch="cat_cow") == Trial("cat_cow", felt="pain", after="same")
    assert evolve(trial, felt="nothing") == Trial("side_bend", felt="nothing", after="same")
    assert evolve(trial, felt=None).left_open == ("felt", "full_range")
    assert evolve(trial, full_range=True).left_open == ()
    assert diagnostics_of(lambda: evolve(trial, felt=2.5))


def test_left_open_names_give_way_to_answers() -> None:
    """A name in `left_open` counts unless `facts` has an answer."""
    assert Profile(otherwise="no", left_open=["smoker"]) == Profile({"smoker": None}, otherwise="no")
    assert Profile({"smoker": True}, left_open=["smoker"]).left_open == ()
    for names in ("smoker", [3], {"smoker"}):
        wrong: Any = names
        (diagnostic,) = diagnostics_of(lambda wrong=wrong: Profile(left_open=wrong))  # type: ignore[misc]
        assert diagnostic.location == "left_open"


class Missing:
    """A stand-in for `pandas.NA`, whose every comparison is missing, too."""

    def __eq__(self, other: object) -> Any:
        return self

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


@pytest.mark.parametrize(
    "answer", [float("nan"), Missing(), 5.0, Decimal(5), Fraction(5), 1j, b"yes", [True], Anything("sciatica")]
)
def test_missing_values_of_tables_are_refused(answer: Any) -> None:
    """NaN and its like are refused, and the help names None."""
    for made in (lambda: Profile({"sciatica": answer}), lambda: Trial(felt=answer)):
        (diagnostic,) = diagnostics_of(made)
        assert diagnostic.code == "wrong-answer"
        assert "None" in (diagnostic.help or "")


class DType:
    """The type of a NumPy truth value."""

    kind = "b"


class TruthValue:
    """A stand-in for `numpy.bool_`, which is neither a bool nor a number."""

    dtype = DType()
    ndim = 0

    def __init__(self, *, is_true: bool) -> None:
        self._is_true = is_true

    def __bool__(self) -> bool:
        return self._is_true


class Whole:
    """A stand-in for `numpy.int64`, which is no int but a registered integer."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __index__(self) -> int:
        return self._number


Integral.register(Whole)


def test_foreign_scalars_become_plain() -> None:
    """Truth values and integers like NumPy's are read without NumPy."""
    facts: Any = {"sciatica": TruthValue(is_true=True), "smoker": TruthValue(is_true=False), "warm_up_min": Whole(5)}
    profile = Profile(facts)
    assert profile == Profile({"sciatica": True, "smoker": False, "warm_up_min": 5})
    assert {name: type(value) for name, value in profile.facts.items()} == {
        "sciatica": bool,
        "smoker": bool,
        "warm_up_min": int,
    }


def test_numpy_scalars_keep_their_meaning(screener: Screener) -> None:
    """A truth value never becomes a number, nor the other way round; floats stay refused."""
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    profile = Profile(
        {
            "sciatica": numpy.bool_(True),
            "smoker": numpy.bool_(False),
            "warm_up_min": numpy.int64(5),
            "excess_weight_lb": numpy.uint8(50),
        },
        [Trial(numpy.str_("side_bend"), felt=numpy.str_("pain"), after_lasted_min=numpy.int32(3))],
    )
    plain = Profile(
        {"sciatica": True, "smoker": False, "warm_up_min": 5, "excess_weight_lb": 50},
        [Trial("side_bend", felt="pain", after_lasted_min=3)],
    )
    assert profile == plain
    assert screener.screen(profile) == screener.screen(plain)
    assert diagnostic_with(screener, Profile({"sciatica": numpy.int64(1)})).code == "wrong-answer"
    assert diagnostic_with(screener, Profile({"warm_up_min": numpy.bool_(True)})).code == "wrong-answer"
    for answer in (numpy.float64(5), numpy.nan, numpy.array([True]), numpy.datetime64("NaT", "D"), numpy.array([])):
        (diagnostic,) = diagnostics_of(lambda answer=answer: Profile({"sciatica": answer}))  # type: ignore[misc]
        assert diagnostic.code == "wrong-answer"


def test_pandas_missing_values_are_refused() -> None:
    """`pandas.NA` and `NaT`, which cannot be compared, are refused."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    for answer in (pandas.NA, pandas.NaT):
        (diagnostic,) = diagnostics_of(lambda answer=answer: Profile({"sciatica": answer}))  # type: ignore[misc]
        assert "None" in (diagnostic.help or "")


def test_answers_are_json() -> None:
    """Facts can be written as JSON."""
    profile = Profile({"sciatica": True, "warm_up_min": 5}, [Trial("side_bend", felt="pain")])
    assert json.loads(json.dumps(profile.facts)) == {"sciatica": True, "warm_up_min": 5}
    assert json.loads(json.dumps(profile.trials[0].facts)) == {"felt": "pain"}


# Far too much that is wrong


@pytest.mark.parametrize(
    "profile",
    [
        Profile({f"nothing_{number}": True for number in range(300)}),
        Profile(dict.fromkeys(f"nothing_{number}" for number in range(300))),
        Profile(trials=[Trial("nowhere")] * 100),
        Profile({f"nothing_{number}": True for number in range(300)}, [Trial("nowhere")]),
    ],
)
def test_reported_problems_are_bounded(screener: Screener, profile: Profile) -> None:
    """A profile with hundreds of mistakes is refused with about a hundred of them."""
    with pytest.raises(ProfileError) as caught:
        screener.screen(profile)
    assert 100 <= len(caught.value.diagnostics) <= 101


def test_problems_are_sorted_by_name_and_bounded() -> None:
    """Validation reports problems in alphabetical order, up to its bound."""
    knowledge_base = load_rulebooks("lower-back")
    _, diagnostics = check(knowledge_base, Profile({"zzz": True, "sciatica": 5, "aaa": True}))
    assert [diagnostic.path for diagnostic in diagnostics] == [
        ("facts", "aaa"),
        ("facts", "sciatica"),
        ("facts", "zzz"),
    ]
    names = [f"nothing_{number:03}" for number in range(150)]
    for given in (
        dict.fromkeys(names),
        dict.fromkeys(names, True),
        dict.fromkeys(names, True) | dict.fromkeys(f"{name}_open" for name in names),
    ):
        _, diagnostics = check(knowledge_base, Profile(given, [Trial("handstand")]))
        assert [diagnostic.path for diagnostic in diagnostics] == [
            ("facts", name) for name in names[: MOST_PROBLEMS + 1]
        ]


def test_problems_of_a_file_are_reported_together(tmp_path: Path, screener: Screener) -> None:
    """Mistakes in shape, names and answers are reported together, in the order of the file."""
    text = (
        "facts:\n  siatica: yes\n  warm_up_min: [5]\n  scoliosis: maybe\n  smoker: yes\n  smoker: no\n"
        "trials:\n  - {stretch: side_bent, felt: pain}\n"
        "  - just a word\n  - {stretch: 3, felt: pian}\nfact: {}\notherwise: perhaps\n"
    )
    with pytest.raises(ProfileError) as caught:
        read_checked(written(tmp_path, text), screener.knowledge_base)
    assert [(diagnostic.position[1:], diagnostic.code) for diagnostic in caught.value.diagnostics] == [
        ((2, 3), "unknown-fact"),
        ((3, 16), "wrong-answer"),
        ((4, 14), "wrong-answer"),
        ((6, 3), "repeated-key"),
        ((8, 15), "unknown-stretch"),
        ((9, 5), "not-a-mapping"),
        ((10, 15), "not-a-word"),
        ((10, 24), "wrong-answer"),
        ((11, 1), "unknown-key"),
        ((12, 12), "unknown-word"),
    ]


def test_problems_of_a_file_are_bounded(tmp_path: Path, screener: Screener) -> None:
    """The first hundred are reported in the order of the file, and that there are more."""
    text = "facts:\n" + "".join(f"  x{number}: {'[]' if number % 2 else 'yes'}\n" for number in range(500))
    with pytest.raises(ProfileError) as caught:
        read_checked(written(tmp_path, text), screener.knowledge_base)
    codes = [diagnostic.code for diagnostic in caught.value.diagnostics]
    assert (len(codes), codes[-1]) == (101, "too-many-problems")
    lines = [diagnostic.position[1] or 0 for diagnostic in caught.value.diagnostics[:-1]]
    assert lines == sorted(set(lines))


def test_trials_are_bounded(screener: Screener) -> None:
    """A profile of 100 trials is screened; one of 101 is refused wherever it comes from."""
    assert len(screener.screen(Profile(trials=[Trial()] * 100))) == len(screener.knowledge_base.stretches)
    with pytest.raises(ProfileError) as caught:
        Profile(trials=[Trial()] * 101)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["too-many-values"]


def test_many_rules_about_trials_allow_fewer_trials(small: Texts) -> None:
    """The product of trials and rules about trials is bounded."""
    about = {
        f"many/r{number}.yaml": small[PAIN].partition("cases:")[0].replace("id: pain", f"id: r{number}")
        for number in range(100)
    }
    knowledge_base = KnowledgeBase([load_texts(small | about)])
    assert knowledge_base.most_trials < 100
    screener = Screener(knowledge_base)
    assert screener.screen(Profile(trials=[Trial()] * knowledge_base.most_trials)).verdicts
    with pytest.raises(ProfileError) as caught:
        screener.screen(Profile(trials=[Trial()] * (knowledge_base.most_trials + 1)))
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["too-many-values"]
