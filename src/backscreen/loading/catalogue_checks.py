"""Checks of rulebook.yaml, statements.yaml and stretches.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.diagnostics.suggestions import suggest
from backscreen.loading.declared_names import Names
from backscreen.loading.ids import HYPHENED, LETTERED, SEMVER, WORD, check_ids, check_retired, check_unique
from backscreen.model.catalogue import Dose, Motion, Stretch
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Becomes


def check_head(book: Rulebook) -> Iterator[Diagnostic]:
    """Yield what is wrong with rulebook.yaml."""
    if not HYPHENED.fullmatch(book.id):
        help_ = "use lower-case letters, digits and `-`"
        yield Diagnostic(f"invalid rulebook id `{book.id[:60]}`", path=("id",), help=help_, code="bad-id")
    if not SEMVER.fullmatch(book.version):
        message, help_ = f"`{book.version[:60]}` is not a semantic version", "write three numbers, such as 1.0.0"
        yield Diagnostic(message, path=("version",), help=help_, code="bad-version")
    yield from check_ids(book.documents, ("documents",), LETTERED, "document")
    yield from check_unique(book.retired_ids, ("retired_ids",))


def check_statements(book: Rulebook, names: Names) -> Iterator[Diagnostic]:
    """Yield what is wrong with statements.yaml."""
    documents = names.documents
    yield from check_ids(book.statements, (), LETTERED, "statement")
    for index, statement in enumerate(book.statements):
        if documents is not None and statement.document not in documents:
            help_ = suggest(statement.document, documents, "documents are declared in rulebook.yaml")
            message = f"unknown document `{statement.document}`"
            yield Diagnostic(message, path=(index, "document"), help=help_, code="unknown-document")
        yield from check_unique((kind.value for kind in statement.becomes), (index, "becomes"))
        if not statement.becomes:
            help_ = "write `[background]` if it decides nothing"
            yield Diagnostic("`becomes` is empty", path=(index, "becomes"), help=help_, code="empty-list")
        if (Becomes.ADVICE in statement.becomes) != (statement.advice is not None):
            yield Diagnostic(
                "`advice` and `becomes: [advice]` need each other",
                path=(index,),
                help="add the one that is missing, or remove the other",
                code="advice-text",
            )


def check_catalogue(book: Rulebook, names: Names) -> Iterator[Diagnostic]:
    """Yield what is wrong with stretches.yaml."""
    yield from check_ids(book.regions, ("regions",), WORD, "region")
    yield from check_ids(book.targets, ("targets",), WORD, "target")
    yield from check_ids(book.stretches, ("stretches",), WORD, "stretch")
    yield from check_retired(book.stretches, frozenset(book.retired_ids), ("stretches",), "stretch")
    for index, region in enumerate(book.regions):
        yield from names.check_statements(region.statements, ("regions", index, "statements"))
    bases = {stretch.id: stretch.variation_of for stretch in book.stretches}
    for index, stretch in enumerate(book.stretches):
        for diagnostic in _stretch(stretch, names, bases):
            yield diagnostic.under(("stretches", index))


def _stretch(stretch: Stretch, names: Names, bases: Mapping[str, str | None]) -> Iterator[Diagnostic]:
    yield from names.check_regions(stretch.regions)
    yield from names.check_targets(stretch.targets)
    yield from names.check_statements(stretch.statements, ("statements",))
    for name in ("regions", "targets", "motions", "steps", "statements"):
        if not getattr(stretch, name):
            yield Diagnostic(
                f"`{name}` is empty", path=(name,), help="every stretch has at least one", code="empty-list"
            )
    yield from check_unique(stretch.motions, ("motions",))
    if Motion.NONE in stretch.motions and len(stretch.motions) > 1:
        message, help_ = "`none` cannot be combined with a motion", "remove `none`, or the motions"
        yield Diagnostic(message, path=("motions",), help=help_, code="motion-none")
    if stretch.variation_of is not None:
        yield from _variation(stretch.id, bases)
    if stretch.dose is not None:
        yield from (diagnostic.under(("dose",)) for diagnostic in _dose(stretch.dose))


def _dose(dose: Dose) -> Iterator[Diagnostic]:
    for part in ("hold_s", "hold_s_up_to", "repetitions", "repetitions_up_to", "per_day"):
        given = getattr(dose, part)
        if given is not None and given < 1:
            yield Diagnostic(f"`{part}` must be at least 1", path=(part,), help="correct or remove it", code="bad-dose")
    for part in ("hold_s", "repetitions"):
        least, most = getattr(dose, part), getattr(dose, f"{part}_up_to")
        if most is not None and (least is None or most <= least):
            message, help_ = f"`{part}_up_to` must be more than `{part}`", "it is the upper end of a range"
            yield Diagnostic(message, path=(f"{part}_up_to",), help=help_, code="bad-dose")


def _variation(name: str, bases: Mapping[str, str | None]) -> Iterator[Diagnostic]:
    path = ("variation_of",)
    seen, base = {name}, bases[name]
    while base is not None:
        if base not in bases:
            help_ = suggest(base, list(bases), "name the stretch that this one is a variation of")
            yield Diagnostic(f"unknown stretch `{base[:60]}`", path=path, help=help_, code="unknown-stretch")
            return
        if base in seen:
            message, help_ = "circular variation", "a stretch cannot be a variation of itself"
            yield Diagnostic(message, path=path, help=help_, code="variation-circle")
            return
        seen.add(base)
        base = bases[base]
