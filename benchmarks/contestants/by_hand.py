"""The bundled rulebooks in plain Python, by hand: no rulebook, reasons, sources or open questions.

A case is assessed at best, with what is certain, and at worst, with everything that the answers leave possible.
Rules that cannot change the directive or a verdict are left out; comments name the others.
"""

# ruff: noqa: PLR2004, SIM905 - thresholds and names stand where they are used

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from backscreen.model.facts import Value
from backscreen.model.knowledge_base import KnowledgeBase
from benchmarks.contestants.contestant import Adapter, Outcome
from benchmarks.workload import PlainTrial

EMERGENCIES = (  # each a rule
    "weakness_getting_worse bladder_or_bowel_change chest_pain faint_or_confused both_legs_symptoms saddle_numbness"
    " major_trauma pregnancy_warning_sign"
).split()
CONSULTS = (  # each a rule
    "tummy_or_side_pain fever_or_chills sexual_function_change weak_or_unsteady_legs pee_pain_or_blood"
    " unexplained_weight_loss pain_cause_unclear pain_from_illness unsure_what_to_do"
).split()
OTHER_FLAGS = (
    "sciatica sudden_severe_pain minor_trauma constant_night_pain getting_worse cancer_history osteoporosis"
    " long_term_steroids immunosuppressed recent_infection iv_drug_use known_aneurysm pregnant cleared_for_this_pain"
    " piriformis_syndrome facet_syndrome spinal_stenosis herniated_disc degenerative_disc_disease scoliosis"
    " sacroiliac_joint_disorder uncorrected_short_leg uncorrected_pronation uncorrected_flat_feet sedentary"
    " weak_muscles smoker pain_from_sitting pain_from_bending pain_from_posture pain_from_injury problem_assessed"
    " new_to_stretching very_flexible"
).split()
FLAGS = frozenset(EMERGENCIES + CONSULTS + OTHER_FLAGS)
NUMBERS: dict[str, Any] = {
    "pain_weeks": range(5201),
    "age_years": range(131),
    "excess_weight_lb": range(1001),
    "warm_up_min": range(601),
}
TRIAL_FLAGS = frozenset(("felt_before_stretch", "full_range"))
TRIAL_ANSWERS: dict[str, Any] = {
    "felt": ("nothing", "discomfort", "pain"),
    "after": ("better", "same", "mild_increase", "intense_increase"),
    "after_lasted_min": range(100_001),
}
PERSON_FACTS, TRIAL_FACTS = len(FLAGS) + len(NUMBERS), len(TRIAL_FLAGS) + len(TRIAL_ANSWERS)
NO: dict[str, Value] = {**dict.fromkeys(FLAGS, False), "excess_weight_lb": 0, "warm_up_min": 0}

CATALOGUE = (
    "cat_cow knee_to_chest knee_across_body pelvic_tilt seated_rotation seated_forward_bend standing_forward_bend"
    " hip_lift seated_backward_lean back_extension shoulder_rolls neck_rotation spinal_twist pigeon_pose side_bend"
    " weighted_side_bend seated_toe_reach kneeling_lunge kneeling_lunge_foot_hold foam_rolling"
).split()
BITS = {name: 1 << place for place, name in enumerate(CATALOGUE)}


def _stretches(names: str) -> int:
    return sum(BITS[name] for name in names.split())


EVERY = (1 << len(CATALOGUE)) - 1
HAMSTRINGS = _stretches("standing_forward_bend seated_toe_reach")
LOWER_BACK = EVERY ^ _stretches("shoulder_rolls neck_rotation kneeling_lunge kneeling_lunge_foot_hold")
HIPS_AND_LEGS = HAMSTRINGS | _stretches("pigeon_pose kneeling_lunge kneeling_lunge_foot_hold")
PIRIFORMIS = _stretches("knee_across_body pigeon_pose")
HYPEREXTENSION = _stretches("seated_backward_lean back_extension")
EXTENSION = _stretches("cat_cow pelvic_tilt hip_lift pigeon_pose kneeling_lunge_foot_hold foam_rolling")
FOOT_HOLD, WEIGHTS = BITS["kneeling_lunge_foot_hold"], BITS["weighted_side_bend"]
BACK = {  # flag: stretches to avoid, and stretches that need care
    "sciatica": (HAMSTRINGS, LOWER_BACK),  # hamstrings-with-sciatica, lower-back-with-sciatica
    "facet_syndrome": (HYPEREXTENSION, EXTENSION),  # hyperextension- and extension-with-facet-syndrome
    "piriformis_syndrome": (LOWER_BACK, 0),  # lower-back-with-piriformis-syndrome
    "scoliosis": (LOWER_BACK, 0),  # lower-back-with-scoliosis
    "sacroiliac_joint_disorder": (LOWER_BACK, HIPS_AND_LEGS),  # lower-back- and hips-and-legs-with-…
    "pain_from_injury": (WEIGHTS, EVERY),  # weights-with-an-injury, pain-from-an-injury
    "new_to_stretching": (0, EVERY),  # new-to-stretching
    "degenerative_disc_disease": (0, LOWER_BACK),  # lower-back-with-degenerative-discs
    "uncorrected_flat_feet": (0, LOWER_BACK | HIPS_AND_LEGS),  # uncorrected-flat-feet
    "uncorrected_pronation": (0, LOWER_BACK | HIPS_AND_LEGS),  # uncorrected-pronation
    "uncorrected_short_leg": (0, LOWER_BACK | HIPS_AND_LEGS),  # uncorrected-short-leg
}
BACK_FLAGS = frozenset(BACK)

PROCEED, CARE, CONSULT, STOP = range(4)
DIRECTIVES = "proceed", "care", "consult", "stop"
ALLOWED, CAUTION, AVOID, EMERGENCY = range(4)
NOT_CLEARED, NOT_FLEXIBLE = "not cleared", "not flexible"
"""Flags that stand for the answer no."""


def emergency(yes: AbstractSet[str], age: int) -> bool:
    """Return whether a rule about the person says stop."""
    none_of, fever, sudden = yes.isdisjoint, "fever_or_chills" in yes, "sudden_severe_pain" in yes
    if not none_of(EMERGENCIES):
        return True
    nerves = not none_of(("sciatica", "weak_or_unsteady_legs"))
    if nerves and (fever or not none_of(("cancer_history", "sexual_function_change"))):
        return True  # fever- and cancer-with-signs-from-the-nerves, sexual-change-with-leg-symptoms
    if fever and not none_of(("immunosuppressed", "recent_infection", "iv_drug_use", "long_term_steroids")):
        return True  # fever-with-a-raised-risk-of-infection
    tummy = "tummy_or_side_pain" in yes
    if "known_aneurysm" in yes and (sudden or tummy):  # known-aneurysm-with-bad-pain
        return True
    weak_bones = not none_of(("osteoporosis", "long_term_steroids"))
    # sudden-back-and-tummy-pain-past-sixty, sudden-pain-after-a-small-fall-with-weak-bones
    return sudden and ((tummy and age > 60) or (weak_bones and "minor_trauma" in yes))


def consult(yes: AbstractSet[str], age: int, weeks: int) -> bool:
    """Return whether a rule says of every stretch to ask somebody first."""
    none_of, worse, night = yes.isdisjoint, "getting_worse" in yes, "constant_night_pain" in yes
    if not none_of(CONSULTS):
        return True
    if (worse or night) and not none_of(("cancer_history", "immunosuppressed", "recent_infection")):
        return True  # cancer-with-a-worrying-pattern, weak-defences-with-worsening-pain
    return NOT_CLEARED in yes and (
        # cancer-now-or-in-the-past, injected-drugs, known-aneurysm, long-term-steroids, pregnancy
        not none_of(("cancer_history", "iv_drug_use", "known_aneurysm", "long_term_steroids", "pregnant"))
        or (night and (age > 50 or weeks >= 4))  # pain-day-and-night; lasting-pain-past-sixty at night
        or (worse and weeks >= 6)  # six-weeks-of-worsening-pain; lasting-pain-past-sixty that gets worse
        # small-fall- and sudden-severe-pain-with-weak-bones-or-past-seventy
        or (not none_of(("minor_trauma", "sudden_severe_pain")) and ("osteoporosis" in yes or age > 70))
    )


def response(answers: Mapping[str, Any], *, possible: bool) -> int:
    """Return `ALLOWED`, `CAUTION` or `AVOID` for the tried stretch, or `EMERGENCY`."""
    felt, after, lasted = answers.get("felt"), answers.get("after"), answers.get("after_lasted_min")
    mild = possible if after is None else after == "mild_increase"
    intense = possible if after is None else after == "intense_increase"
    if (mild or intense) and (possible if lasted is None else lasted >= 60):
        return EMERGENCY  # increase-for-an-hour-or-more
    # intense-increase; pain-on-a-stretch, and with it pain-before-the-stretch-begins and pain-on-the-piriformis
    if intense or (possible if felt is None else felt == "pain"):
        return AVOID
    if mild and (possible if lasted is None else lasted > 20):
        return CAUTION if lasted is not None and lasted <= 30 else AVOID  # mild-increase-over-…, increase-over-half-…
    return CAUTION if (possible if felt is None else felt == "discomfort") else ALLOWED  # discomfort-on-a-stretch


def assess(
    yes: AbstractSet[str], age: int, weeks: int, trials: Sequence[PlainTrial], *, possible: bool
) -> tuple[int, int, int]:
    """Return the directive, the stretches to avoid and those that need care; unknowns of trials are as `possible`."""
    if emergency(yes, age):
        return STOP, EVERY, EVERY
    avoid = caution = 0
    for flag in BACK_FLAGS & yes:
        avoids, cautions = BACK[flag]
        avoid, caution = avoid | avoids, caution | cautions
    if "sciatica" in yes and "piriformis_syndrome" in yes:  # piriformis-muscle-with-sciatica
        avoid |= PIRIFORMIS
    directive = CARE if avoid | caution else PROCEED
    for trial in trials:
        level = response(trial.answers, possible=possible)
        if level == EMERGENCY:
            return STOP, EVERY, EVERY
        if level != ALLOWED:
            directive = CARE
            tried = BITS[trial.stretch] if trial.stretch is not None else EVERY if possible else 0
            avoid, caution = (avoid | tried, caution) if level == AVOID else (avoid, caution | tried)
    if consult(yes, age, weeks):
        return CONSULT, avoid, EVERY
    caution |= WEIGHTS  # weights-are-learnt-in-person
    if NOT_FLEXIBLE in yes:  # foot-hold-for-the-flexible
        caution |= FOOT_HOLD
    if "herniated_disc" in yes or "spinal_stenosis" in yes:  # technique-for-…
        return CONSULT, avoid, caution | LOWER_BACK
    return directive, avoid, caution


def screen(answers: Mapping[str, Any], trials: Sequence[PlainTrial] = (), otherwise: str = "unknown") -> Outcome:
    """Return the directive and all verdicts; raise `ValueError`, which names the fact, for a wrong answer."""
    yes = check(answers, FLAGS, NUMBERS)
    for trial in trials:
        check(trial.answers, TRIAL_FLAGS, TRIAL_ANSWERS)
        if trial.stretch is not None and trial.stretch not in BITS:
            raise ValueError(f"unknown stretch {trial.stretch}")
    if otherwise == "no":
        answers = {**NO, **answers}
        trials = [PlainTrial(trial.stretch, trial_with_no(trial.answers)) for trial in trials]
    age, weeks = answers.get("age_years"), answers.get("pain_weeks")
    cleared, flexible = answers.get("cleared_for_this_pain"), answers.get("very_flexible")
    if cleared is False:
        yes.add(NOT_CLEARED)
    if flexible is False:
        yes.add(NOT_FLEXIBLE)
    directive, avoid, caution = assess(yes, age or 0, weeks or 0, trials, possible=False)
    complete = len(answers) == PERSON_FACTS
    for trial in trials:
        complete = complete and trial.stretch is not None and len(trial.answers) == TRIAL_FACTS
    if complete or directive == STOP:
        return DIRECTIVES[directive], verdicts(avoid, caution, avoid, caution)
    yes |= FLAGS.difference(answers)
    yes.update((NOT_CLEARED,) * (cleared is None) + (NOT_FLEXIBLE,) * (flexible is None))
    most = NUMBERS["age_years"][-1] if age is None else age, NUMBERS["pain_weeks"][-1] if weeks is None else weeks
    strictest, perhaps_avoid, perhaps_caution = assess(yes, *most, trials, possible=True)
    stretches = verdicts(avoid, caution, perhaps_avoid, perhaps_caution)
    return DIRECTIVES[directive] if directive == strictest else "undetermined", stretches


@lru_cache(maxsize=4096)
def verdicts(avoid: int, caution: int, perhaps_avoid: int, perhaps_caution: int) -> Mapping[str, str]:
    """Return the verdict of each stretch; cached, since many people share it."""
    words = {}
    for name, bit in BITS.items():
        if avoid & bit:
            words[name] = "avoid"
        elif perhaps_avoid & bit:
            words[name] = "undetermined"
        elif caution & bit:
            words[name] = "caution"
        else:
            words[name] = "undetermined" if perhaps_caution & bit else "allowed"
    return MappingProxyType(words)


def check(answers: Mapping[str, Value], flags: AbstractSet[str], legal: Mapping[str, Any]) -> set[str]:
    """Return the flags that are yes; raise `ValueError` for a wrong answer."""
    yes = set()
    for name, value in answers.items():
        if value is False and name in flags:
            continue
        if value is True and name in flags:
            yes.add(name)
        elif name not in legal or type(value) is not type(legal[name][0]) or value not in legal[name]:
            raise ValueError(f"wrong answer to {name}")
    return yes


def trial_with_no(answers: Mapping[str, Value]) -> dict[str, Value]:
    """Return the answers with "no" for what is unanswered, unless another answer rests on it."""
    known = {"felt_before_stretch": False, "full_range": False, **answers}
    if not answers.get("felt_before_stretch"):
        known.setdefault("felt", "nothing")
    if "after_lasted_min" not in answers:
        known.setdefault("after", "same")
    return known


def load(_knowledge_base: KnowledgeBase) -> Adapter:
    """Return the adapter, without the verdicts cached by the checks."""
    verdicts.cache_clear()
    return Adapter(lambda person: screen(person.answers, person.trials))
