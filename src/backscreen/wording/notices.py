"""Notices: sentences that a report must show, each with a code for programs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from attrs import frozen

DISCLAIMER = "backscreen is information, not medical advice and not a medical device."
_SIGNS = (
    "Numbness between the legs, bladder or bowel trouble, weakness of a leg, fever, a fall, or a history of cancer: "
    "seek medical help first."
)
WARNING_SIGNS = f"This rulebook does not look for warning signs of serious disease. {_SIGNS}"
WARNING_SIGNS_OPEN = f"Not every question about warning signs of serious disease has been answered. {_SIGNS}"
WARNING_SIGNS_LATER = (
    "Warning signs may come later: with numbness between the legs, bladder or bowel trouble, weakness of a leg, "
    "chest pain or fever, stop, and seek medical help."
)


class Place(StrEnum):
    """Where a report shows a notice."""

    TOP = "top"
    """Above everything else."""
    SUMMARY = "summary"
    """Below the headline."""
    END = "end"


class NoticeCode(StrEnum):
    """The code of a notice."""

    FAULT = "fault"
    ASSUMED_WARNING_SIGNS = "assumed-warning-signs"
    ASSUMED_EMERGENCY_SIGNS = "assumed-emergency-signs"
    ASSUMED_ANSWERS = "assumed-answers"
    OPEN_QUESTIONS = "open-questions"
    WARNING_SIGNS_NOT_ASKED = "warning-signs-not-asked"
    WARNING_SIGNS_OPEN = "warning-signs-open"
    WARNING_SIGNS_LATER = "warning-signs-later"
    NOT_MEDICAL_ADVICE = "not-medical-advice"


@frozen
class Notice:
    """A sentence that a report must show, and where. `facts` are the places of the answers that it is about."""

    code: NoticeCode
    place: Place
    text: str
    facts: tuple[str, ...] = ()


CLOSING = {
    code: Notice(code, Place.END, text)
    for code, text in (
        (NoticeCode.WARNING_SIGNS_NOT_ASKED, WARNING_SIGNS),
        (NoticeCode.WARNING_SIGNS_OPEN, WARNING_SIGNS_OPEN),
        (NoticeCode.WARNING_SIGNS_LATER, WARNING_SIGNS_LATER),
        (NoticeCode.NOT_MEDICAL_ADVICE, DISCLAIMER),
    )
}
"""The notices at the end, which are the same for everybody."""


def fault(kind: str, detail: str) -> Notice:
    """Return the notice of a fault."""
    what = (
        "The two evaluations of the rules did not agree"
        if kind == "disagreement"
        else "One of the two evaluations of the rules failed"
    )
    text = f"{what} ({kind}: {detail}). The stricter answer of both is shown; please report this."
    return Notice(NoticeCode.FAULT, Place.TOP, text)


def assumed_warning_signs(count: int, signs: tuple[str, ...]) -> Notice:
    """Return the notice of assumed answers with warning signs among them."""
    answers = "1 answer was" if count == 1 else f"{count} answers were"
    among = "1 warning sign was" if len(signs) == 1 else f"{len(signs)} warning signs were"
    text = f"{answers} assumed to be no, and {among} among them."
    return Notice(NoticeCode.ASSUMED_WARNING_SIGNS, Place.TOP, text, signs)


def assumed_emergency_signs(signs: tuple[str, ...], titles: Sequence[str]) -> Notice:
    """Return the notice of emergency signs that were assumed to be absent."""
    text = f"You have not been asked about these emergency signs; we assumed you have none: {'; '.join(titles)}."
    return Notice(NoticeCode.ASSUMED_EMERGENCY_SIGNS, Place.TOP, text, signs)


def assumed_answers(assumed: tuple[str, ...]) -> Notice:
    """Return the notice of assumed answers without a warning sign among them."""
    questions = "1 question was" if len(assumed) == 1 else f"{len(assumed)} questions were"
    text = f"{questions} not answered; we assumed the answer is no."
    return Notice(NoticeCode.ASSUMED_ANSWERS, Place.SUMMARY, text, assumed)


def open_questions(unanswered: tuple[str, ...]) -> Notice:
    """Return the notice of questions that are still open."""
    questions = "1 question is" if len(unanswered) == 1 else f"{len(unanswered)} questions are"
    text = f"{questions} still open; whatever depends on the answers may change."
    return Notice(NoticeCode.OPEN_QUESTIONS, Place.SUMMARY, text, unanswered)
