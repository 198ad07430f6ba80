"""The file of a drafted rule, with placeholders in angle brackets for what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from attrs import field, frozen

from backscreen.authoring.scaffold.case_sketches import FIRES, Sketch, given, sketches
from backscreen.formats.yaml_text import Data
from backscreen.formats.yaml_writer import comment, entry, joined
from backscreen.model.conditions import Condition, reads_a_trial
from backscreen.model.effects import Effect
from backscreen.model.facts import Fact
from backscreen.model.rules import About
from backscreen.wording.effect_words import EFFECTS

SCHEMAS = ".schemas"
"""The folder in a rulebook that holds the schemas for editors."""
RESPONSE = "response"
"""The folder for rules about a trial; that for rules about the person depends on their effect."""
UNDECIDED = "drafts"


@frozen(kw_only=True, eq=False, repr=False)
class Draft:
    """The known parts of a rule before it is written; missing parts become placeholders.

    `when`, `applies_to` and `tried` are values as written. `condition` is the meaning of `when`, None if unknown.
    `stretch` is one that a trial of the rule may be of, and `other_stretch` one that it may not.
    """

    id: str
    title: str | None = None
    when: Data = None
    condition: Condition | None = None
    applies_to: Data = None
    tried: Data = None
    effect: Effect | None = None
    about: About | None = None
    reason: str | None = None
    statements: tuple[str, ...] = ()
    disagree_with: tuple[str, ...] = ()
    stretch: str | None = None
    other_stretch: str | None = None
    facts: Mapping[str, Fact] = field(factory=dict)

    @property
    def is_about_a_trial(self) -> bool:
        """Whether the condition, if known, reads a fact of a trial."""
        return self.condition is not None and reads_a_trial(self.condition)

    @property
    def folder(self) -> str:
        """The default folder of the rule in its rulebook."""
        if self.is_about_a_trial:
            return RESPONSE
        return UNDECIDED if self.effect is None else self.effect.folder


def editor_line(kind: str, folder: str = "") -> str:
    """Return the line that tells editors the schema of a file in this folder of the rulebook.

    >>> editor_line("rule", "precautions")
    '# yaml-language-server: $schema=../.schemas/rule.schema.json'
    """
    up = "../" * len(PurePosixPath(folder).parts)
    return f"# yaml-language-server: $schema={up}{SCHEMAS}/{kind}.schema.json"


def rule_text(draft: Draft, folder: str) -> str:
    """Return the text of the rule's file in this folder of the rulebook."""
    return joined(
        [editor_line("rule", folder)],
        entry("id", draft.id),
        entry("title", draft.title or "<what the rule says, in one line>"),
        _when(draft),
        _scope(draft),
        _effect(draft),
        entry("about", draft.about.value) if draft.about is not None else [],
        _reason(draft),
        _sources(draft),
        ["status: draft"],
        _cases(draft),
    )


def _when(draft: Draft) -> list[str]:
    if draft.when is not None:
        return entry("when", draft.when)
    example = "Facts with the answers that it wants, such as {sciatica: yes, warm_up_min: {less_than: 5}}."
    return [*comment(example), *entry("when", "<whom it is about>")]


def _scope(draft: Draft) -> list[str]:
    tried = entry("tried", draft.tried) if draft.tried is not None else []
    if draft.applies_to is not None:
        return [*entry("applies_to", draft.applies_to), *tried]
    if draft.is_about_a_trial or (draft.effect is not None and draft.effect.applies_to.may_be_omitted):
        return tried
    note = "all, none, or attributes of stretches, such as {targets: [hamstrings]}."
    if draft.condition is None:
        note += " Omit it in a rule about a trial to mean the stretch that was tried."
    return [*comment(note), *entry("applies_to", "<which stretches it is about>"), *tried]


def _effect(draft: Draft) -> list[str]:
    if draft.effect is not None:
        return entry("effect", draft.effect.value)
    listed = [f"# {effect.value:<11}{EFFECTS[effect].meaning}" for effect in Effect]
    return [*listed, *entry("effect", "<one of these words>")]


def _reason(draft: Draft) -> list[str]:
    note = [] if draft.reason else comment("What happens in the body, and what to do. No threats, no promises.")
    reading = comment("reading: how vague wording was read as a number or a set of stretches, if it was")
    return [*note, *entry("reason", draft.reason or "<why, in a sentence for the person>"), *reading]


def _sources(draft: Draft) -> list[str]:
    statements = entry("statements", [*draft.statements] or ["<id of a statement that says so>"])
    if draft.disagree_with:
        return [*statements, *entry("disagree_with", [*draft.disagree_with])]
    return [*statements, *comment("disagree_with: [ids of statements that say the opposite, if any]")]


def _cases(draft: Draft) -> list[str]:
    example = draft.stretch or "side_bend"
    lines = [
        *comment("Name each person by what they show. Expect what the documents say, not what `when` says."),
        *comment(f"You may add verdicts: {{fires: yes, verdicts: {{{example}: avoid}}}}."),
        "cases:",
    ]
    if draft.condition is None:
        return [*lines, *_case("<who this is, in a few words>", {"facts": {"<fact>": "<answer>"}})]
    return lines + [
        line
        for sketch in _sketches(draft, draft.condition)
        for line in _case(f"<{sketch.shows}>", given(sketch, trial=draft.is_about_a_trial))
    ]


def _sketches(draft: Draft, condition: Condition) -> list[Sketch]:
    return sketches(condition, draft.facts, draft.stretch, draft.other_stretch if draft.tried is not None else None)


def _case(name: str, profile: dict[str, Data]) -> list[str]:
    first, *others = entry("name", name, indent=4)
    return [
        f"  - {first.lstrip()}",
        *others,
        *entry("given", profile, indent=4),
        *entry("expect", {"fires": FIRES}, indent=4),
    ]
