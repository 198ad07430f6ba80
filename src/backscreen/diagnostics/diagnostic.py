"""What can go wrong, in words for whoever caused it: each problem says where, what, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import define, field, frozen
from attrs.converters import optional

from backscreen.diagnostics.characters import one_line
from backscreen.diagnostics.codes import Code

_PLACED = re.compile(r"(.*):([0-9]+):([0-9]+)", re.DOTALL)


@frozen
class Diagnostic:
    """One thing that is wrong with a file, a profile or a call.

    INVARIANT: `message`, `location` and `help` are one line each: an escaped name in them cannot start a line of its own.

    `message` says what is wrong, and `help` what to do. `location` is a position (`file:line:column`) or a place in a
    profile (`trials[0].felt`). Where a name or an answer is at fault, `name` is the name, `given` the answer as it would
    be written, `legal` what would be accepted, and `nearest` the legal name closest to it. A diagnostic of a rulebook
    has a `code`, which `backscreen rules explain` explains.
    """

    message: str = field(converter=one_line)
    location: str | None = field(default=None, converter=optional(one_line))
    help: str | None = field(default=None, converter=optional(one_line))
    name: str | None = None
    given: str | None = None
    legal: tuple[str, ...] = ()
    nearest: str | None = None
    code: Code | None = None

    @property
    def place(self) -> tuple[str | None, int | None, int | None]:
        """The file that it is in, the line and the column, both from 1; what of these there is not is None.

        >>> Diagnostic("unknown fact `siatica`", location="rules/mine/x.yaml:4:8").place
        ('rules/mine/x.yaml', 4, 8)
        """
        scoped = _PLACED.fullmatch(self.location or "")
        return (scoped[1], int(scoped[2]), int(scoped[3])) if scoped else (self.location, None, None)

    def __str__(self) -> str:
        head = f"{self.location}: {self.message}" if self.location else self.message
        return f"{head}\n  {self.help}" if self.help else head


class BackscreenError(Exception):
    """Something that backscreen was given is wrong; `diagnostics` holds all of it.

    >>> print(BackscreenError([Diagnostic("unknown fact `siatica`", help="did you mean `sciatica`?")]))
    unknown fact `siatica`
      did you mean `sciatica`?
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))

    def __reduce__(self) -> tuple[type[BackscreenError], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)


class ProfileError(BackscreenError):
    """What is said of a person cannot be read, or does not fit the rulebook."""


class RulebookError(BackscreenError):
    """A rulebook cannot be read, or contradicts itself."""


class UsageError(BackscreenError):
    """A command or a function was called in a way that it does not know."""


def nearest(name: str, legal: Iterable[str], least: float = 0.6) -> str | None:
    """The legal name closest to `name`, or None where none is close.

    >>> nearest("siatica", ["sciatica", "scoliosis"])
    'sciatica'
    """
    from difflib import SequenceMatcher  # only ever needed when something is wrong

    patience = _PATIENCE.get() or _Patience()
    name = name[:_LONGEST]
    matcher = SequenceMatcher(b=name)
    patience.left -= 300
    best: tuple[float, str] | None = None
    for other in legal:
        if patience.left <= 0:
            break
        if len(other) > _LONGEST:
            continue
        least = least if best is None else best[0]
        matcher.set_seq1(other)
        patience.left -= 20
        if matcher.real_quick_ratio() < least:
            continue
        patience.left -= 8 * len(other)
        if matcher.quick_ratio() < least:
            continue
        patience.left -= 3 * len(other) * len(name)
        ratio = matcher.ratio()
        if ratio >= least:
            best = max(best or (ratio, other), (ratio, other))
    return None if best is None else best[1]


_LONGEST = 100
"""Letters of a name that is compared with others."""


@define
class _Patience:
    """How many more steps may be taken to find names that are near; half a second's, as they were measured to take."""

    left: int = 8_000_000


_PATIENCE: ContextVar[_Patience | None] = ContextVar("patience", default=None)


@contextmanager
def few_guesses() -> Iterator[_Patience]:
    """Bound the time that `nearest` takes for all names together, rather than for each: nobody reads the guess at the thousandth."""
    patience = _PATIENCE.get()
    if patience is not None:
        yield patience
        return
    patience = _Patience()
    token = _PATIENCE.set(patience)
    try:
        yield patience
    finally:
        _PATIENCE.reset(token)


def near(name: str, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names, at most three, that are spelled almost like `name` or whose text has its words.

    >>> near("fever", {"feels_hot": "feels_hot Are you feverish, or have you a fever?", "smoker": "smoker Do you smoke?"})
    ('feels_hot',)
    """
    with few_guesses() as patience:
        close = nearest(name, texts)
        words: dict[str, set[str]] = {}
        for other, text in texts.items():
            patience.left -= 5 * len(text)
            if patience.left <= 0:
                break
            words[other] = _words(text)
        wanted = _words(name[:_LONGEST])
        found = [other for other, own in words.items() if wanted and wanted <= own]
        if not found and close is None:
            known = set().union(*words.values())
            wanted = {
                spelled for word in sorted(wanted) if (spelled := nearest(word, sorted(known), least=0.8)) is not None
            }
            found = [other for other, own in words.items() if wanted & own]
    found.sort(
        key=lambda other: (-len(wanted & _words(other)), -len(wanted & words[other]))
    )  # those that have a word in the id come first
    return tuple(dict.fromkeys([*([] if close is None else [close]), *found]))[:_MOST_GUESSES]


def _words(text: str) -> set[str]:
    """Return the words of a text; very short ones tell nothing."""
    return {word for word in re.findall(r"[^\W_]+", text.casefold()) if len(word) >= _TELLING}


_TELLING = 4
"""Letters of the shortest word that tells something."""
_MOST_GUESSES = 3


def meant(close: Iterable[str], otherwise: str) -> str:
    """The help for an unknown name: the near ones, and where legal ones are found."""
    names = tuple(close)
    return f"did you mean {one_of(names)}? {otherwise}" if names else otherwise


def suggestion(name: str, legal: Iterable[str], otherwise: str) -> str:
    """The help for an unknown name: the nearest legal one, and where legal ones are found.

    >>> suggestion("knee_to_ches", ["knee_to_chest"], "`backscreen stretches` lists them")
    'did you mean `knee_to_chest`? `backscreen stretches` lists them'
    """
    close = nearest(name, legal)
    return f"did you mean `{close}`? {otherwise}" if close else otherwise


def one_of(words: Iterable[str]) -> str:
    """A list of words for a sentence.

    >>> one_of(["allowed", "caution", "avoid"])
    '`allowed`, `caution` or `avoid`'
    """
    quoted = [f"`{word}`" for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
