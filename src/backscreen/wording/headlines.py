"""The headline of a screening, and the sentence below it."""

from backscreen.model.effects import Directive

HEADLINES = {
    Directive.PROCEED: ("Go ahead", "Nothing was found against stretching as such."),
    Directive.CARE: ("Take care", "Some stretches are not for you, or only with care: see below which, and why."),
    Directive.CONSULT: ("Ask first", "Speak to a physiotherapist or a doctor before you stretch."),
    Directive.STOP: ("Stop", "Do not stretch. Seek medical care."),
}


def headline(at_best: Directive, at_worst: Directive) -> tuple[str, str]:
    """Return the headline and the sentence below it.

    >>> headline(Directive.PROCEED, Directive.STOP)[0]
    'Not yet clear'
    """
    if at_best is at_worst:
        return HEADLINES[at_best]
    best, worst = HEADLINES[at_best][0], HEADLINES[at_worst][0]
    return (
        "Not yet clear",
        f"We can't say yet. Depending on your answers it could be anything from “{best}” to “{worst}”.",
    )
