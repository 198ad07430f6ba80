"""Profiles as plain values: `Profile.to_dict`, `Profile.from_dict`, and the schema of both."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from backscreen import Profile, ProfileError, Trial, load_profile, profile_schema
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.testing import random_people

SCHEMA = Draft202012Validator(profile_schema())
EXAMPLES = sorted(
    path for path in (Path(__file__).parents[2] / "examples").iterdir() if path.suffix in (".yaml", ".json")
)
KNOWLEDGE_BASE = load_rulebooks()


def places_of(data: Any) -> list[tuple[str | None, str | None]]:
    """The place and the code of each mistake that `from_dict` reports."""
    with pytest.raises(ProfileError) as caught:
        Profile.from_dict(data)
    return [(diagnostic.location, diagnostic.code) for diagnostic in caught.value.diagnostics]


def test_profile_becomes_a_dict_in_the_shape_of_a_file() -> None:
    """Every fact is there, sorted by name, with None where it is left open."""
    profile = Profile({"sciatica": True, "smoker": None, "scoliosis": "unsure"}, [Trial(felt="pain")], "no")
    assert profile.to_dict() == {
        "facts": {"sciatica": True, "scoliosis": "unsure", "smoker": None},
        "trials": [{"stretch": None, "felt": "pain"}],
        "otherwise": "no",
    }
    assert list(profile.to_dict()["facts"]) == ["sciatica", "scoliosis", "smoker"]


@given(st.randoms(use_true_random=False))
def test_profile_survives_the_round_trip(chance: Random) -> None:
    """Random people read back equal, from JSON too, with the same facts left open and unsure."""
    person = random_people.person(chance, random_people.questionnaire(KNOWLEDGE_BASE))
    read = Profile.from_dict(json.loads(json.dumps(person.to_dict())))
    assert read == person
    assert read.left_open == person.left_open
    assert [trial.left_open for trial in read.trials] == [trial.left_open for trial in person.trials]
    SCHEMA.validate(person.to_dict())


def test_missing_and_empty_parts_are_an_empty_profile() -> None:
    """Every part may be missing or None, and `no` may be the flag that YAML reads."""
    assert Profile.from_dict({}) == Profile()
    assert Profile.from_dict({"facts": None, "trials": None, "otherwise": None}) == Profile()
    assert Profile.from_dict({"otherwise": False}) == Profile(otherwise="no")


def test_from_dict_reports_all_mistakes_at_once() -> None:
    """Each mistake comes with its place and code."""
    data: dict[str, Any] = {
        "fatcs": {},
        "facts": {"sciatica": [True], "warm_up_min": 2.5, "smoker": b"yes", 3: True},
        "trials": ["side_bend", {"stretch": 3, "felt": {}}],
        "otherwise": "yes",
    }
    assert places_of(data) == [
        ("fatcs", "unknown-key"),
        ("facts.sciatica", "wrong-answer"),
        ("facts.warm_up_min", "wrong-answer"),
        ("facts.smoker", "wrong-answer"),
        ("facts", "not-a-word"),
        ("trials[0]", "not-a-mapping"),
        ("trials[1].felt", "wrong-answer"),
        ("trials[1].stretch", "not-a-word"),
        ("otherwise", "unknown-word"),
    ]
    wrong: Any = {"fatcs": {}, 7: {}}
    with pytest.raises(ProfileError) as caught:
        Profile.from_dict(wrong)
    assert "did you mean `facts`?" in (caught.value.diagnostics[0].help or "")


@pytest.mark.parametrize("data", [None, [], "facts", 3])
def test_from_dict_refuses_what_is_no_mapping(data: Any) -> None:
    """The whole profile must be a mapping."""
    assert places_of(data) == [("profile", "not-a-mapping")]


def test_from_dict_refuses_lists_that_are_none() -> None:
    """Facts must be a mapping, and trials a list of at most 100."""
    assert places_of({"facts": [], "trials": {}}) == [("facts", "not-a-mapping"), ("trials", "not-a-list")]
    assert places_of({"trials": [{}] * 101}) == [("trials[100]", "too-many-values")]


def test_trial_may_name_a_fact_like_a_field() -> None:
    """A fact called like a field of the class is a fact that no rulebook knows, and no fault of ours."""
    (trial,) = Profile.from_dict({"trials": [{"_answers": True, "self": 1, "left_open": "x"}]}).trials
    assert dict(trial.facts) == {"_answers": True, "left_open": "x", "self": 1}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_fit_the_schema(path: Path) -> None:
    """Every example profile, read by any YAML or JSON parser, fits the schema and reads as `load_profile` has it."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    SCHEMA.validate(data)
    SCHEMA.validate(load_profile(path).to_dict())
    assert Profile.from_dict(data) == load_profile(path)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["no", "unknown", "unsure", "side_bend"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["facts", "trials", "otherwise", "stretch", "sciatica"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional={"facts": ODD, "trials": ODD, "otherwise": ODD, "other": ODD}) | ODD)
def test_from_dict_refuses_what_the_schema_refuses(data: Any) -> None:
    """The schema and `from_dict` agree on values as JSON has them."""
    try:
        Profile.from_dict(data)
    except ProfileError:
        assert not SCHEMA.is_valid(data)
    else:
        assert SCHEMA.is_valid(data)


def test_schema_can_stand_inside_another_document() -> None:
    """It is valid, refers to nothing, and names its dialect, as OpenAPI 3.1 needs it."""
    schema = profile_schema()
    Draft202012Validator.check_schema(schema)
    assert "$ref" not in json.dumps(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    described = [schema, *schema["properties"].values()]
    assert all(part["description"] for part in described)
