"""The catalogue as bits, and the sets of stretches that rules are about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

CATALOGUE = (
    "cat_cow",
    "knee_to_chest",
    "knee_across_body",
    "pelvic_tilt",
    "seated_rotation",
    "seated_forward_bend",
    "standing_forward_bend",
    "hip_lift",
    "seated_backward_lean",
    "back_extension",
    "shoulder_rolls",
    "neck_rotation",
    "spinal_twist",
    "pigeon_pose",
    "side_bend",
    "weighted_side_bend",
    "seated_toe_reach",
    "kneeling_lunge",
    "kneeling_lunge_foot_hold",
    "foam_rolling",
)
BIT = {name: 1 << place for place, name in enumerate(CATALOGUE)}


def _of(*names: str) -> int:
    """The set of these stretches."""
    return sum(BIT[name] for name in names)


EVERY = _of(*CATALOGUE)
LOWER_BACK = _of(
    "cat_cow",
    "knee_to_chest",
    "knee_across_body",
    "pelvic_tilt",
    "seated_rotation",
    "seated_forward_bend",
    "standing_forward_bend",
    "hip_lift",
    "seated_backward_lean",
    "back_extension",
    "spinal_twist",
    "pigeon_pose",
    "side_bend",
    "weighted_side_bend",
    "seated_toe_reach",
    "foam_rolling",
)
HIPS_AND_LEGS = _of("standing_forward_bend", "pigeon_pose", "seated_toe_reach", "kneeling_lunge", "kneeling_lunge_foot_hold")
HAMSTRINGS = _of("standing_forward_bend", "seated_toe_reach")
PIRIFORMIS = _of("knee_across_body", "pigeon_pose")
HYPEREXTENSION = _of("seated_backward_lean", "back_extension")
EXTENSION = _of("cat_cow", "pelvic_tilt", "hip_lift", "pigeon_pose", "kneeling_lunge_foot_hold", "foam_rolling")
FOOT_HOLD = _of("kneeling_lunge_foot_hold")
WEIGHTS = _of("weighted_side_bend")


@lru_cache(maxsize=4096)
def verdicts(avoid: int, caution: int, perhaps_avoid: int, perhaps_caution: int) -> Mapping[str, str]:
    """The verdict of each stretch; of many people it is the same, so it is remembered."""
    found = {}
    for name, bit in BIT.items():
        if avoid & bit:
            found[name] = "avoid"
        elif perhaps_avoid & bit:
            found[name] = "undetermined"
        elif caution & bit:
            found[name] = "caution"
        else:
            found[name] = "undetermined" if perhaps_caution & bit else "allowed"
    return MappingProxyType(found)
