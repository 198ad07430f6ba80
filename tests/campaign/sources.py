"""Where a rulebook of the campaign comes from, and the seeds of its people."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from attrs import frozen

from backscreen.cli.rulebook_choice import knowledge_base_for
from backscreen.loading.rulebook_files import bundled_rulebooks, load_texts
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.testing import random_rulebooks

_LARGE = 10
"""Every tenth random rulebook is large enough to be spread over several of an engine's rulesets."""


@frozen(eq=False)
class Source:
    """A rulebook, or several read as one, by ids, folders or random files. The name is part of its people's seeds."""

    name: str
    rules: tuple[str, ...] = ()
    files: random_rulebooks.Files | None = None

    def knowledge_base(self) -> KnowledgeBase:
        """The rulebooks, loaded."""
        if self.files is not None:
            return KnowledgeBase([load_texts(random_rulebooks.texts(self.files))])
        return knowledge_base_for(list(self.rules))


def named(rules: Sequence[str]) -> Source:
    """Rulebooks by their ids or folders, those that are bundled where none is given; raises `RulebookError`."""
    knowledge_base = knowledge_base_for(list(rules))
    return Source("+".join(book.id for book in knowledge_base.books), tuple(rules) or bundled_rulebooks())


def drawn(seed: int, number: int) -> Source:
    """A random rulebook."""
    name = f"random-{number}"
    random = seeded(seed, name)
    is_large = number % _LARGE == _LARGE - 1
    return Source(
        name,
        files=random_rulebooks.rulebook(random, most_facts=9, rules=(30, 60))
        if is_large
        else random_rulebooks.rulebook(random),
    )


def seeded(seed: int, *names: object) -> Random:
    """What draws the thing of this name: the same from run to run, whatever else is drawn."""
    return Random("/".join(map(str, (seed, *names))))
