"""The code of each thing that can be wrong with a rulebook: stable, so that it can be looked up, searched for and counted.

What each means, with a wrong and a right example, stands in `authoring/checks/codes.yaml`; `backscreen rules explain CODE` shows it.
"""

from typing import Literal, get_args

Code = Literal[
    # files and folders
    "file-missing",
    "link-outside",
    "not-a-file",
    "not-a-rulebook",
    "part-missing",
    "stray-file",
    "too-large",
    "too-many-files",
    "too-many-problems",
    "unreadable-file",
    "unreadable-folder",
    # YAML
    "control-characters",
    "key-not-a-word",
    "not-finite",
    "not-utf8",
    "repeated-key",
    "several-documents",
    "too-deep",
    "too-many-values",
    "yaml-alias",
    "yaml-anchor",
    "yaml-merge-key",
    "yaml-syntax",
    "yaml-tag",
    # what stands where
    "empty-list",
    "empty-value",
    "missing-key",
    "not-a-date",
    "not-a-flag",
    "not-a-list",
    "not-a-mapping",
    "not-a-word",
    "not-a-number",
    "to-fill-in",
    "unknown-key",
    "unknown-word",
    # ids and names
    "bad-id",
    "file-name",
    "repeated-id",
    "repeated-name",
    "reserved-id",
    "retired-id",
    "unknown-document",
    "unknown-fact",
    "unknown-group",
    "unknown-region",
    "unknown-rule",
    "unknown-statement",
    "unknown-stretch",
    "unknown-target",
    # facts
    "bad-bounds",
    "bad-no",
    "bad-unit",
    "option-is-a-value",
    "too-few-options",
    "wrong-answer",
    # stretches
    "bad-dose",
    "motion-none",
    "variation-circle",
    # statements and documents
    "advice-text",
    "bad-version",
    "no-statement",
    # conditions
    "always-holds",
    "always-so",
    "comparison-ends",
    "empty-condition",
    "never-holds",
    "not-a-condition",
    "not-comparable",
    "stretch-in-condition",
    "too-intricate",
    "unguarded-fact",
    "unknown-comparison",
    # scopes and effects
    "about-stretch",
    "empty-selector",
    "no-scope",
    "not-a-selector",
    "not-about-a-trial",
    "scope-of-effect",
    "scope-of-stop",
    "selects-nothing",
    # reviews and disagreements
    "agrees-and-disagrees",
    "disagreement-unused",
    "review-dates",
    "review-overdue",
    "reviewed-in-future",
    # cases
    "boundary-untested",
    "no-firing-case",
    "no-near-miss",
    "no-unknown-case",
    "repeated-case",
    "retired-rule-expected",
    # what nothing uses, and what is there twice
    "fact-two-ways",
    "fact-two-ways-needless",
    "no-acting-rule",
    "no-warning-sign",
    "same-condition",
    "statement-misplaced",
    "unused-document",
    "unused-fact",
    "unused-group",
    "unused-region",
    "unused-statement",
    "unused-stretch",
    "unused-target",
    # wording
    "hard-to-read",
    "jargon",
    "no-reason",
    "not-a-question",
    # several rulebooks together
    "clash",
    "repeated-rulebook",
    "unread-rule",
]

CODES: tuple[Code, ...] = get_args(Code)
WARNINGS: frozenset[Code] = frozenset({"review-overdue"})
"""What is worth knowing and is no error: `backscreen rules check` ends well all the same."""
