"""A small rulebook as texts by file, and the kinds of things that fixtures give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import frozen

HEAD, FACTS, STRETCHES, STATEMENTS, SCENARIOS = (
    "rulebook.yaml",
    "facts.yaml",
    "stretches.yaml",
    "statements.yaml",
    "scenarios.yaml",
)
AVOID, CAUTION, PAIN, STOP = (
    "contraindications/hamstrings.yaml",
    "precautions/weight.yaml",
    "precautions/pain.yaml",
    "stops/numbness.yaml",
)
IN_PERSON, BENEFIT = "advice/in-person.yaml", "benefits/sitting.yaml"

Texts = dict[str, str]
Folder = Callable[[Texts], Path]


@frozen
class Ran:
    """How a command ended, and what it said."""

    code: object
    out: str
    err: str


Run = Callable[..., Ran]

SMALL: Texts = {
    "rulebook.yaml": """\
id: small
title: A small rulebook
summary: For tests.
version: 1.0.0
language: en
looks_for_warning_signs: no
documents:
  - {id: A, title: First document}
  - {id: B, title: Second document, url: "https://example.org/b", year: 2020}
""",
    "facts.yaml": """\
groups:
  - {id: cause, question: What brought the pain on?}
person:
  - id: sciatica
    type: flag
    title: Sciatica
    question: Do you have sciatica?
    codes:
      - {system: ICD-10-CM, year: 2026, code: M54.3}
  - id: numbness
    type: flag
    title: Numbness
    question: Are you numb between the legs?
  - id: from_sitting
    type: flag
    title: Pain from sitting
    question: Long sitting
    group: cause
  - id: excess_lb
    type: number
    title: Excess weight
    question: How many pounds are too many?
    unit: lb
    at_least: 0
    at_most: 1000
    no: 0
    also_in:
      - {unit: kg, times: 100000000, over: 45359237}
  - id: build
    type: choice
    title: Build
    question: How are you built?
    options:
      - {id: slight, means: slightly}
      - {id: medium, means: neither nor}
      - {id: heavy, means: heavily}
    no: medium
trial:
  - id: felt
    type: choice
    title: Felt while stretching
    question: What did you feel?
    options:
      - {id: nothing, means: nothing unpleasant}
      - {id: pain, means: pain}
    no: nothing
  - id: early
    type: flag
    title: Felt too early
    question: Did it come before the stretch began?
    rests_on: [felt]
  - id: lasted_min
    type: number
    title: Length
    question: For how many minutes did it last?
    unit: min
    at_least: 0
    at_most: 600
""",
    "stretches.yaml": """\
regions:
  - {id: lower_back, name: lower back, statements: [A4]}
  - {id: legs, name: legs}
targets:
  - {id: spine, name: the long muscles beside the spine}
  - {id: hamstrings, name: the backs of the thighs}
  - {id: neck, name: the neck}
stretches:
  - id: cat_cow
    name: Cat-cow
    position: hands and knees
    regions: [lower_back]
    targets: [spine]
    motions: [flexion, extension]
    steps:
      - Round your back.
    dose: {hold_s: 5, hold_s_up_to: 10, repetitions: 2, repetitions_up_to: 3, per_side: no, per_day: 2}
    statements: [A2]
  - id: toe_reach
    name: Toe reach
    position: sitting
    regions: [legs, lower_back]
    targets: [hamstrings, spine]
    motions: [flexion]
    steps:
      - Reach for your toes.
    dose: {hold_s: 30}
    statements: [A2]
  - id: far_toe_reach
    name: Far toe reach
    position: sitting
    regions: [legs]
    targets: [hamstrings]
    motions: [none]
    steps:
      - Reach past your toes.
    variation_of: toe_reach
    statements: [A2]
""",
    "statements.yaml": """\
- id: A1
  document: A
  where: paragraph 1
  says: Sciatica rules hamstring stretches out.
  becomes: [rule]
- id: A2
  document: A
  where: paragraph 2
  says: These are stretches.
  becomes: [stretch]
- id: A3
  document: A
  where: paragraph 3
  says: Breathe.
  becomes: [advice]
  advice: Breathe steadily.
- id: A4
  document: A
  where: paragraph 4
  says: The lower back is there.
  becomes: [region]
- id: B1
  document: B
  where: page 1
  says: Weight counts, and so do warning signs.
  becomes: [rule]
- id: B2
  document: B
  where: page 2
  says: Hamstrings may be stretched.
  becomes: [background]
""",
    "contraindications/hamstrings.yaml": """\
id: hamstrings
title: No hamstring stretching with sciatica
when: {sciatica: yes}
applies_to: {targets: [hamstrings]}
effect: avoid
reason: It pulls on the nerve.
statements: [A1]
disagree_with: [B2]
status: reviewed
reviewed_on: 2026-11-20
cases:
  - name: sciatica rules it out
    given: {facts: {sciatica: yes}}
    expect: {fires: yes, directive: care, verdicts: {toe_reach: avoid}}
  - name: nobody has asked
    given: {}
    expect: {fires: unknown}
""",
    "precautions/weight.yaml": """\
id: weight
title: Care with much weight
when: {excess_lb: {at_least: 50}}
applies_to: {regions: [lower_back]}
effect: caution
reason: Much weight is a strain.
statements: [B1]
cases:
  - name: fifty pounds
    given: {facts: {excess_lb: 50}}
    expect: {fires: yes}
""",
    "precautions/pain.yaml": """\
id: pain
title: Leave out what hurts
when: {trial.felt: pain}
effect: avoid
reason: Pain is a sign.
statements: [A1]
cases:
  - name: it hurt
    given: {trials: [{stretch: cat_cow, felt: pain}]}
    expect: {fires: yes, verdicts: {cat_cow: avoid, toe_reach: allowed}}
""",
    "stops/numbness.yaml": """\
id: numbness
title: Numbness is an emergency
when: {numbness: yes}
effect: stop
reason: Seek help now.
statements: [B1]
""",
    "advice/in-person.yaml": """\
id: in-person
title: Learn the far reach in person
when: {}
applies_to: {stretches: [far_toe_reach]}
about: stretch
effect: caution
reason: It is hard to do well.
statements: [B1]
""",
    "benefits/sitting.yaml": """\
id: sitting
title: The cat helps those who sit
when: {from_sitting: yes}
applies_to: {stretches: [cat_cow]}
effect: recommend
reason: It loosens what sitting stiffens.
statements: [A1]
""",
    "scenarios.yaml": """\
- name: a person with sciatica
  given: {facts: {sciatica: yes, from_sitting: yes}, trials: [{stretch: cat_cow, felt: nothing}], otherwise: no}
  expect:
    directive: care
    verdicts: {toe_reach: avoid, far_toe_reach: avoid}
    others: allowed
    recommended: [cat_cow]
    unneeded: []
    fires: [sitting]
    may_fire: []
    silent: [numbness]
    unanswered: []
    instead: {toe_reach: [cat_cow]}
""",
}
