"""Where a rulebook of the campaign comes from, and the seeds of its people."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from attrs import frozen

from backscreen.cli.options import guidance_for
from backscreen.loading.rulebook_files import bundled, load_texts
from backscreen.model.rulebook import Guidance
from backscreen.testing import random_rulebooks as books

_LARGE = 10
"""Every tenth random rulebook is large enough to be spread over several of an engine's rulesets."""


@frozen(eq=False)
class Source:
    """A rulebook, or several read as one: those of `rules`, ids or folders, or else the files that were drawn. The name is part of its people's seeds."""

    name: str
    rules: tuple[str, ...] = ()
    files: books.Files | None = None

    def guidance(self) -> Guidance:
        """The rulebooks, loaded."""
        if self.files is not None:
            return Guidance([load_texts(books.texts(self.files))])
        return guidance_for(list(self.rules))


def named(rules: Sequence[str]) -> Source:
    """Rulebooks by their ids or folders, those that are bundled where none is given; raises `RulebookError`."""
    guidance = guidance_for(list(rules))
    return Source("+".join(book.id for book in guidance.books), tuple(rules) or bundled())


def drawn(seed: int, number: int) -> Source:
    """A random rulebook."""
    name = f"random-{number}"
    random = seeded(seed, name)
    is_large = number % _LARGE == _LARGE - 1
    return Source(name, files=books.rulebook(random, most_facts=9, rules=(30, 60)) if is_large else books.rulebook(random))


def seeded(seed: int, *names: object) -> Random:
    """What draws the thing of this name: the same from run to run, whatever else is drawn."""
    return Random("/".join(map(str, (seed, *names))))  # noqa: S311 - no secret, a sample
