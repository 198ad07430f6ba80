"""The rules about the person, each with the name that it has in the rulebooks."""

from __future__ import annotations

from benchmarks.contestants.by_hand.logic import Get, Kleene, all_of, any_of, at_least
from benchmarks.contestants.by_hand.stretches import (
    EVERY,
    EXTENSION,
    FOOT_HOLD,
    HAMSTRINGS,
    HIPS_AND_LEGS,
    HYPEREXTENSION,
    LOWER_BACK,
    PIRIFORMIS,
    WEIGHTS,
)


def emergency(get: Get) -> Kleene:
    """Whether a rule says stop."""
    alone = (
        get("weakness_getting_worse"),  # a-leg-that-gets-weaker
        get("bladder_or_bowel_change"),  # bladder-or-bowel-change
        get("chest_pain"),  # chest-pain
        get("faint_or_confused"),  # fainting-or-confusion
        get("both_legs_symptoms"),  # new-symptoms-in-both-legs
        get("saddle_numbness"),  # numbness-between-the-legs
        get("major_trauma"),  # pain-after-a-serious-accident
        get("pregnancy_warning_sign"),  # warning-sign-in-pregnancy
    )
    if True in alone:
        return True
    found = None if None in alone else False

    signs_from_the_nerves = any_of(get("sciatica"), get("weak_or_unsteady_legs"))
    if signs_from_the_nerves is not False:
        # cancer-, fever-with-signs-from-the-nerves, sexual-change-with-leg-symptoms
        other = any_of(get("cancer_history"), get("fever_or_chills"), get("sexual_function_change"))
        found = any_of(found, all_of(signs_from_the_nerves, other))

    fever = get("fever_or_chills")
    if fever is not False:  # fever-with-a-raised-risk-of-infection
        risk = any_of(get("immunosuppressed"), get("recent_infection"), get("iv_drug_use"), get("long_term_steroids"))
        found = any_of(found, all_of(fever, risk))

    sudden, tummy = get("sudden_severe_pain"), get("tummy_or_side_pain")
    aneurysm = get("known_aneurysm")
    if aneurysm is not False:  # known-aneurysm-with-bad-pain
        found = any_of(found, all_of(aneurysm, any_of(sudden, tummy)))
    if sudden is not False:
        # sudden-back-and-tummy-pain-past-sixty
        found = any_of(found, all_of(sudden, tummy, at_least(get("age_years"), 61)))
        # sudden-pain-after-a-small-fall-with-weak-bones
        weak_bones = any_of(get("osteoporosis"), get("long_term_steroids"))
        found = any_of(found, all_of(sudden, get("minor_trauma"), weak_bones))
    return found


def consult(get: Get) -> Kleene:
    """Whether a rule says for every stretch that somebody should be asked first."""
    alone = (
        get("tummy_or_side_pain"),  # bad-pain-in-the-tummy-or-side
        get("fever_or_chills"),  # fever-with-back-pain
        get("sexual_function_change"),  # new-sexual-change
        get("weak_or_unsteady_legs"),  # new-weakness-or-unsteadiness
        get("pee_pain_or_blood"),  # pee-trouble-with-back-pain
        get("unexplained_weight_loss"),  # unexplained-weight-loss
        get("pain_cause_unclear"),  # cause-of-pain-unclear
        get("pain_from_illness"),  # pain-from-an-illness
        get("unsure_what_to_do"),  # unsure-what-to-do
    )
    if True in alone:
        return True
    found = None if None in alone else False

    worse, night = get("getting_worse"), get("constant_night_pain")
    cancer = get("cancer_history")
    if cancer is not False:  # cancer-with-a-worrying-pattern
        found = any_of(found, all_of(cancer, any_of(night, worse, get("unexplained_weight_loss"))))
    weak_defences = any_of(get("immunosuppressed"), get("recent_infection"))
    if weak_defences is not False:  # weak-defences-with-worsening-pain
        found = any_of(found, all_of(weak_defences, any_of(worse, night)))

    cleared = get("cleared_for_this_pain")
    if cleared is True or found is True:
        return found
    unchecked = any_of(_unchecked_history(get), _unchecked_pain(get, worse, night))
    return any_of(found, unchecked if cleared is False else all_of(unchecked, None))


def _unchecked_history(get: Get) -> Kleene:
    """Whether there is something about the person that matters as long as nobody has looked at this pain."""
    return any_of(
        get("cancer_history"),  # cancer-now-or-in-the-past
        get("iv_drug_use"),  # injected-drugs
        get("known_aneurysm"),  # known-aneurysm
        get("long_term_steroids"),  # long-term-steroids
        get("pregnant"),  # pregnancy
    )


def _unchecked_pain(get: Get, worse: Kleene, night: Kleene) -> Kleene:
    """Whether there is something about the pain that matters as long as nobody has looked at it."""
    age, weeks = get("age_years"), get("pain_weeks")
    found: Kleene = False
    if worse is not False or night is not False:
        found = any_of(
            all_of(at_least(age, 60), at_least(weeks, 6), any_of(worse, night)),  # lasting-pain-past-sixty
            all_of(night, any_of(at_least(age, 51), at_least(weeks, 4))),  # pain-day-and-night
            all_of(at_least(weeks, 6), worse),  # six-weeks-of-worsening-pain
        )
    fall, sudden = get("minor_trauma"), get("sudden_severe_pain")
    if fall is not False or sudden is not False:
        weak_bones = any_of(get("osteoporosis"), at_least(age, 71))
        found = any_of(
            found,
            all_of(fall, any_of(weak_bones, get("long_term_steroids"))),  # small-fall-with-weak-bones-or-past-seventy
            all_of(sudden, weak_bones),  # sudden-severe-pain-with-weak-bones-or-past-seventy
        )
    return found


def conditions(get: Get) -> tuple[int, int, int, int]:  # noqa: C901, PLR0912, PLR0915 - one rule after the other, as a rulebook reads
    """Stretches to avoid and those that need care, first for certain and then perhaps, because of the person's back."""
    avoid = caution = perhaps_avoid = perhaps_caution = 0

    sciatica, piriformis = get("sciatica"), get("piriformis_syndrome")
    if sciatica:  # hamstrings-with-sciatica, lower-back-with-sciatica
        avoid |= HAMSTRINGS
        caution |= LOWER_BACK
    elif sciatica is None:
        perhaps_avoid |= HAMSTRINGS
        perhaps_caution |= LOWER_BACK
    if piriformis:  # lower-back-with-piriformis-syndrome
        avoid |= LOWER_BACK
    elif piriformis is None:
        perhaps_avoid |= LOWER_BACK
    both = all_of(piriformis, sciatica)
    if both:  # piriformis-muscle-with-sciatica
        avoid |= PIRIFORMIS
    elif both is None:
        perhaps_avoid |= PIRIFORMIS

    facet = get("facet_syndrome")
    if facet:  # hyperextension-with-facet-syndrome, extension-with-facet-syndrome
        avoid |= HYPEREXTENSION
        caution |= EXTENSION
    elif facet is None:
        perhaps_avoid |= HYPEREXTENSION
        perhaps_caution |= EXTENSION

    sacroiliac = get("sacroiliac_joint_disorder")
    if sacroiliac:  # lower-back-with-sacroiliac-disorder, hips-and-legs-with-sacroiliac-disorder
        avoid |= LOWER_BACK
        caution |= HIPS_AND_LEGS
    elif sacroiliac is None:
        perhaps_avoid |= LOWER_BACK
        perhaps_caution |= HIPS_AND_LEGS

    scoliosis = get("scoliosis")
    if scoliosis:  # lower-back-with-scoliosis
        avoid |= LOWER_BACK
    elif scoliosis is None:
        perhaps_avoid |= LOWER_BACK

    injury = get("pain_from_injury")
    if injury:  # weights-with-an-injury, pain-from-an-injury
        avoid |= WEIGHTS
        caution |= EVERY
    elif injury is None:
        perhaps_avoid |= WEIGHTS
        perhaps_caution |= EVERY

    discs = get("degenerative_disc_disease")
    if discs:  # lower-back-with-degenerative-discs
        caution |= LOWER_BACK
    elif discs is None:
        perhaps_caution |= LOWER_BACK

    new = get("new_to_stretching")
    if new:  # new-to-stretching
        caution |= EVERY
    elif new is None:
        perhaps_caution |= EVERY

    # uncorrected-flat-feet, -pronation, -short-leg
    legs = get("uncorrected_flat_feet"), get("uncorrected_pronation"), get("uncorrected_short_leg")
    if True in legs:
        caution |= LOWER_BACK | HIPS_AND_LEGS
    elif None in legs:
        perhaps_caution |= LOWER_BACK | HIPS_AND_LEGS
    return avoid, caution, perhaps_avoid, perhaps_caution


def technique(get: Get) -> Kleene:
    """Whether somebody should be asked about the lower back: technique-for-a-herniated-disc, technique-for-spinal-stenosis."""
    return any_of(get("herniated_disc"), get("spinal_stenosis"))


def difficult(get: Get) -> tuple[int, int]:
    """Stretches that need care whoever does them, for certain and perhaps: weights-are-learnt-in-person, foot-hold-for-the-flexible."""
    flexible = get("very_flexible")
    if flexible is None:
        return WEIGHTS, FOOT_HOLD
    return (WEIGHTS if flexible else WEIGHTS | FOOT_HOLD), 0
