"""Are the answers such as are asked for? And what `otherwise: no` adds to them."""

from __future__ import annotations

from collections.abc import Mapping

Value = bool | int | str

FLAGS = frozenset(
    {
        # red flags
        "saddle_numbness",
        "bladder_or_bowel_change",
        "both_legs_symptoms",
        "weakness_getting_worse",
        "major_trauma",
        "chest_pain",
        "faint_or_confused",
        "pregnancy_warning_sign",
        "weak_or_unsteady_legs",
        "sciatica",
        "sexual_function_change",
        "fever_or_chills",
        "sudden_severe_pain",
        "minor_trauma",
        "tummy_or_side_pain",
        "pee_pain_or_blood",
        "constant_night_pain",
        "getting_worse",
        "cancer_history",
        "unexplained_weight_loss",
        "osteoporosis",
        "long_term_steroids",
        "immunosuppressed",
        "recent_infection",
        "iv_drug_use",
        "known_aneurysm",
        "pregnant",
        "cleared_for_this_pain",
        # the lower back
        "piriformis_syndrome",
        "facet_syndrome",
        "spinal_stenosis",
        "herniated_disc",
        "degenerative_disc_disease",
        "scoliosis",
        "sacroiliac_joint_disorder",
        "uncorrected_short_leg",
        "uncorrected_pronation",
        "uncorrected_flat_feet",
        "sedentary",
        "weak_muscles",
        "smoker",
        "pain_from_sitting",
        "pain_from_bending",
        "pain_from_posture",
        "pain_from_injury",
        "pain_from_illness",
        "pain_cause_unclear",
        "problem_assessed",
        "unsure_what_to_do",
        "new_to_stretching",
        "very_flexible",
    },
)
MOST = {"pain_weeks": 5200, "age_years": 130, "excess_weight_lb": 1000, "warm_up_min": 600}
"""Numbers about the person, from 0 to these."""
FELT = frozenset({"nothing", "discomfort", "pain"})
AFTER = frozenset({"better", "same", "mild_increase", "intense_increase"})
LONGEST_MIN = 100_000

NO: dict[str, Value] = {**dict.fromkeys(FLAGS, False), "excess_weight_lb": 0, "warm_up_min": 0}


def check_person(answers: Mapping[str, Value]) -> None:
    """Raise `ValueError`, which names the fact, for an answer that is none."""
    for name, value in answers.items():
        if name in FLAGS:
            if value is not True and value is not False:
                raise ValueError(f"{name} must be True or False")
        elif name in MOST:
            if type(value) is not int or not 0 <= value <= MOST[name]:
                raise ValueError(f"{name} must be a whole number from 0 to {MOST[name]}")
        else:
            raise ValueError(f"there is no fact {name}")


def check_trial(answers: Mapping[str, Value]) -> None:
    """Raise `ValueError`, which names the fact, for an answer about a trial that is none."""
    for name, value in answers.items():
        if name in {"felt_before_stretch", "full_range"}:
            if value is not True and value is not False:
                raise ValueError(f"{name} must be True or False")
        elif name == "after_lasted_min":
            if type(value) is not int or not 0 <= value <= LONGEST_MIN:
                raise ValueError(f"{name} must be a whole number from 0 to {LONGEST_MIN}")
        elif name in {"felt", "after"}:
            options = FELT if name == "felt" else AFTER
            if type(value) is not str or value not in options:
                raise ValueError(f"{name} must be one of {', '.join(sorted(options))}")
        else:
            raise ValueError(f"there is no fact {name} of a trial")


def person_with_no(answers: Mapping[str, Value]) -> Mapping[str, Value]:
    """What is not answered is taken as "no", but for age and weeks, which have none."""
    return {**NO, **answers}


def trial_with_no(answers: Mapping[str, Value]) -> Mapping[str, Value]:
    """What is not answered of a trial is taken as "no", but for that on which another answer rests."""
    known = {"felt_before_stretch": False, "full_range": False, **answers}
    if not answers.get("felt_before_stretch"):
        known.setdefault("felt", "nothing")
    if "after_lasted_min" not in answers:
        known.setdefault("after", "same")
    return known
