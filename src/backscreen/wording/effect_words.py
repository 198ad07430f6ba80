"""The words for effects and their notes: for people, and for those who write rules."""

from collections.abc import Mapping

from attrs import frozen

from backscreen.model.effects import Effect, Note


@frozen(kw_only=True)
class EffectWords:
    """The words for one effect."""

    label: str
    """What a report calls it."""
    meaning: str
    """What it does, for those who write rules."""
    strong: str
    """How the consequence of a rule begins, in words that stand out."""
    rest: str
    """How the consequence goes on; `{stretches}` stands for the stretches in the rule's scope."""
    rest_without_scope: str | None = None
    """How it goes on for a rule about no stretch, if the effect has other words for that."""


EFFECTS: Mapping[Effect, EffectWords] = {
    Effect.STOP: EffectWords(
        label="stop",
        meaning="Stop and seek care: every stretch is to be avoided.",
        strong="stop",
        rest=": no stretch at all; seek medical care",
    ),
    Effect.CONSULT: EffectWords(
        label="ask first",
        meaning="Ask a professional first: caution for stretches in scope.",
        strong="ask first",
        rest=", before {stretches}",
    ),
    Effect.AVOID: EffectWords(
        label="avoid",
        meaning="Stretches in scope are to be avoided.",
        strong="avoid",
        rest=" {stretches}",
    ),
    Effect.CAUTION: EffectWords(
        label="with care",
        meaning="Stretches in scope only with care.",
        strong="only with care",
        rest=": {stretches}",
    ),
    Effect.RECOMMEND: EffectWords(
        label="may help",
        meaning="A note: stretches in scope may help.",
        strong="may help",
        rest=": {stretches}",
    ),
    Effect.UNNEEDED: EffectWords(
        label="not needed",
        meaning="A note: stretches in scope are not needed.",
        strong="not needed",
        rest=": {stretches}",
    ),
    Effect.ADVISE: EffectWords(
        label="advice",
        meaning="A note, on stretches in scope or on the whole screening.",
        strong="advice",
        rest=" about {stretches}",
        rest_without_scope="",
    ),
}
NOTES: Mapping[Note, str] = {Note.RECOMMENDED: "may help", Note.UNNEEDED: "is not needed"}
"""What a note says of a stretch."""
