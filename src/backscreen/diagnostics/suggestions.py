"""Suggestions for unknown names: "did you mean"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import define

_LONGEST = 100
"""Letters of a name that is compared with others."""
_SHORTEST = 4
"""Letters of the shortest word that is searched for; shorter ones are too common."""
_MOST_SUGGESTIONS = 3


def nearest(name: str, legal: Iterable[str], least: float = 0.6) -> str | None:
    """Return the legal name closest to `name`, or None where none is close.

    >>> nearest("siatica", ["sciatica", "scoliosis"])
    'sciatica'
    """
    from difflib import SequenceMatcher  # only ever needed when something is wrong

    budget = _BUDGET.get() or _Budget()
    name = name[:_LONGEST]
    matcher = SequenceMatcher(b=name)
    budget.steps -= 300
    best: tuple[float, str] | None = None
    for candidate in legal:
        if budget.steps <= 0:
            break
        if len(candidate) > _LONGEST:
            continue
        least = least if best is None else best[0]
        matcher.set_seq1(candidate)
        budget.steps -= 20
        if matcher.real_quick_ratio() < least:
            continue
        budget.steps -= 8 * len(candidate)
        if matcher.quick_ratio() < least:
            continue
        budget.steps -= 3 * len(candidate) * len(name)
        ratio = matcher.ratio()
        if ratio >= least:
            best = max(best or (ratio, candidate), (ratio, candidate))
    return None if best is None else best[1]


@define
class _Budget:
    """Steps left for finding close names: about half a second's, by measurement."""

    steps: int = 8_000_000


_BUDGET: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def shared_budget() -> Iterator[_Budget]:
    """Bound the time that `nearest` takes for all names together, instead of for each name.

    Without it, a hostile file with thousands of unknown names would cost minutes.
    """
    budget = _BUDGET.get()
    if budget is not None:
        yield budget
        return
    budget = _Budget()
    token = _BUDGET.set(budget)
    try:
        yield budget
    finally:
        _BUDGET.reset(token)


def similar(name: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return at most three names that are spelled almost like `name`, or whose text has its words.

    >>> texts = {"feels_hot": "feels_hot Are you feverish, or have you a fever?", "smoker": "smoker Do you smoke?"}
    >>> similar("fever", texts)
    ('feels_hot',)
    """
    with shared_budget() as budget:
        closest = nearest(name, texts)
        words: dict[str, set[str]] = {}
        for candidate, text in texts.items():
            budget.steps -= 5 * len(text)
            if budget.steps <= 0:
                break
            words[candidate] = _words(text)
        wanted = _words(name[:_LONGEST])
        names = [candidate for candidate, own in words.items() if wanted and wanted <= own]
        if not names and closest is None:
            known = sorted(set().union(*words.values()))
            wanted = {match for word in sorted(wanted) if (match := nearest(word, known, least=0.8)) is not None}
            names = [candidate for candidate, own in words.items() if wanted & own]
    # Names with a wanted word in the id itself come first.
    names.sort(key=lambda candidate: (-len(wanted & _words(candidate)), -len(wanted & words[candidate])))
    return tuple(dict.fromkeys([*([] if closest is None else [closest]), *names]))[:_MOST_SUGGESTIONS]


def _words(text: str) -> set[str]:
    """Return the words of a text that are long enough to search for."""
    return {word for word in re.findall(r"[^\W_]+", text.casefold()) if len(word) >= _SHORTEST}


def did_you_mean(names: Iterable[str], help_: str) -> str:
    """Return the help for an unknown name, led by the names that may be meant."""
    names = tuple(names)
    return f"did you mean {one_of(names)}? {help_}" if names else help_


def suggest(name: str, legal: Iterable[str], help_: str) -> str:
    """Return the help for an unknown name, led by the legal name closest to it.

    >>> suggest("knee_to_ches", ["knee_to_chest"], "`backscreen stretches` lists them")
    'did you mean `knee_to_chest`? `backscreen stretches` lists them'
    """
    closest = nearest(name, legal)
    return did_you_mean([] if closest is None else [closest], help_)


def one_of(words: Iterable[str]) -> str:
    """Return a list of alternatives for a sentence.

    >>> one_of(["allowed", "caution", "avoid"])
    '`allowed`, `caution` or `avoid`'
    """
    quoted = [f"`{word}`" for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
