"""Pages that list stretches, facts, statements and disagreements, each entry with its rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

from backscreen.authoring.cases.coverage import Coverage
from backscreen.model.catalogue import AttributeSelector, Everything, Region, Stretch
from backscreen.model.effects import AppliesTo
from backscreen.model.facts import Fact, OptionFact, written
from backscreen.model.rules import Document, Rule, Status
from backscreen.rendering.pages.markup import filled, items, page, paragraphs, plain, table, web
from backscreen.rendering.pages.page_links import DISAGREEMENTS, FACTS, REGION, STATEMENTS, STRETCHES, Book, Heading
from backscreen.wording.condition_sentences import several
from backscreen.wording.effect_words import EFFECTS
from backscreen.wording.phrases import answer, how_to_answer, in_full


def _headed(
    book: Book,
    name: str,
    intro: Iterable[str],
    entries: Iterable[Iterable[str]],
    of_groups: Iterable[Iterable[str]] = (),
) -> str:
    """Return a page with an entry below each heading of a subject, and a line or two below those of a group."""
    title, *headings = book.headings[name]
    about, begun = iter(entries), iter(of_groups)

    def lines() -> Iterator[str]:
        yield from intro
        yield from paragraphs(
            " · ".join(
                book.to_within(name, one.of, one.text.partition(" (")[0]) for one in headings if one.of is not None
            )
        )
        for heading in headings:
            yield f"{'#' * heading.level} {plain(heading.text)}"
            yield ""
            yield from _below(heading, about, begun)

    return page(title.text, lines())


def _below(heading: Heading, about: Iterator[Iterable[str]], begun: Iterator[Iterable[str]]) -> Iterable[str]:
    return next(begun, ()) if heading.of is None else next(about)


def _rules(rules: Iterable[Rule], book: Book) -> list[str]:
    """Return links to rules, each after its effect."""
    return [
        f"{EFFECTS[rule.effect].label}: {book.to_rule(rule.id)}{' (retired)' if rule.status is Status.RETIRED else ''}"
        for rule in rules
    ]


def _labelled(label: str, links: Iterable[str]) -> Iterator[str]:
    """Yield a label with a list below it; nothing for an empty list."""
    found = list(links)
    if found:
        yield from paragraphs(f"{label}:")
        yield from items(found)


# --- stretches


def stretches_page(book: Book) -> str:
    """Return the page of stretches: steps, targets, and the rules that restrict or recommend them."""
    of_all = [rule for rule in book.in_order if _is_of_all(rule)]
    of_tries = [rule for rule in book.in_order if book.scoped[rule.id].scope is None]
    chosen: dict[str, list[Rule]] = {stretch.id: [] for stretch in book.rulebook.stretches}
    for rule in book.in_order:
        if not _is_of_all(rule):
            for name in book.scoped[rule.id].scope or ():
                chosen[name].append(rule)
    varied: dict[str, list[str]] = {}
    for stretch in book.rulebook.stretches:
        if stretch.variation_of is not None:
            varied.setdefault(stretch.variation_of, []).append(stretch.id)
    own = (
        "Being listed says nothing for or against a stretch."
        if chosen
        else "This rulebook has none of its own; its rules are about those of the rulebooks that it is used with."
    )
    intro = [
        *paragraphs(f"The stretches of [{plain(book.rulebook.title)}](index.md): {len(chosen)}. {own}"),
        *_labelled("Rules about every stretch", _rules(of_all, book)),
        *_labelled("Rules about the stretch that was tried", _rules(of_tries, book)),
    ]
    of_stretches = (
        _stretch(stretch, varied.get(stretch.id, ()), chosen[stretch.id], book) for stretch in book.rulebook.stretches
    )
    return _headed(
        book, STRETCHES, intro, chain(of_stretches, (_region(region, book) for region in book.rulebook.regions))
    )


def _is_of_all(rule: Rule) -> bool:
    return rule.effect.applies_to is AppliesTo.ALL or isinstance(rule.applies_to, Everything)


def _stretch(stretch: Stretch, variations: Iterable[str], rules: list[Rule], book: Book) -> Iterator[str]:
    regions = {region.id: region.name for region in book.rulebook.regions}
    targets = {target.id: target.name for target in book.rulebook.targets}
    how = f"{stretch.position}; {stretch.dose or 'no dose is given, so it is never offered as an alternative'}"
    yield from paragraphs(plain(how))
    for number, step in enumerate(stretch.steps, 1):
        yield from filled(plain(step), f"{number}. ")
    yield ""
    facts = [f"acts on {plain(several(targets[name] for name in stretch.targets))}"] if stretch.targets else []
    facts += [f"belongs to the {book.to_within(STRETCHES, REGION + name, regions[name])}" for name in stretch.regions]
    motions = [motion.value.replace("_", " ") for motion in stretch.motions]
    facts.append(f"motions of the lower spine: {several(motions)}")
    if stretch.variation_of is not None:
        facts += [f"a variation of {link}" for link in book.to_stretches([stretch.variation_of])]
    facts += [f"varied by {link}" for link in book.to_stretches(variations)]
    facts.append(f"described in {several(book.to(STATEMENTS, one, one) for one in stretch.statements)}")
    yield from items(facts)
    yield from _labelled("Restricted by", _rules((rule for rule in rules if rule.effect.restricts), book))
    yield from _labelled("Recommended or noted by", _rules((rule for rule in rules if not rule.effect.restricts), book))


def _region(region: Region, book: Book) -> Iterator[str]:
    yield from items(f"what belongs to it: {book.to(STATEMENTS, one, one)}" for one in region.statements)
    yield from _labelled(
        "Stretches", book.to_stretches(one.id for one in book.rulebook.stretches if region.id in one.regions)
    )
    selectors = ((rule, (rule.applies_to, rule.tried)) for rule in book.in_order)
    choosing = [
        rule
        for rule, both in selectors
        if any(isinstance(one, AttributeSelector) and region.id in (one.regions or ()) for one in both)
    ]
    yield from _labelled("Rules about it", _rules(choosing, book))


# --- facts


def facts_page(book: Book) -> str:
    """Return the page of facts: questions, answers, and the rules that read them."""
    book_facts = [(heading.of, book.facts[heading.of]) for heading in book.headings[FACTS] if heading.of is not None]
    intro = f"The facts that the rules of [{plain(book.rulebook.title)}](index.md) read, of a person and of each try."
    return _headed(book, FACTS, paragraphs(intro), (_fact(name, fact, book) for name, fact in book_facts))


def _fact(name: str, fact: Fact, book: Book) -> Iterator[str]:
    yield from paragraphs(f"*{plain(in_full(fact, book.knowledge_base.groups))}*")
    answers = f"answers: {plain(how_to_answer(fact))}"
    if isinstance(fact, OptionFact) and not fact.is_flag:
        answers = "answers: " + "; ".join(
            plain(f"{written(value)} (“{means}”)") for value, means in fact.meanings.items()
        )
    no = "none: unanswered, it stays unknown" if fact.no is None else plain(answer(fact, book.knowledge_base, fact.no))
    said = [answers, f"the answer that means “no”: {no}"]
    prefix = name.removesuffix(fact.id)
    said += [f"rests on {book.to(FACTS, prefix + other, book.facts[prefix + other].title)}" for other in fact.rests_on]
    if fact.two_ways:
        said.append("read in two directions on purpose")
    said += [f"code: {plain(f'{code.system} {code.year}, {code.code}')}" for code in fact.codes]
    yield from items(said)
    readers = [book.rules[rule] for rule in book.readers.get(name, ())]
    yield from _labelled("Read by", _rules(readers, book)) if readers else paragraphs("No rule reads it.")


# --- statements


def statements_page(book: Book) -> str:
    """Return the page of statements: what each says, what it becomes, and what uses it."""
    covered = {one.statement.id: one for one in book.uses}
    entries = (_statement(covered[heading.of], book) for heading in book.headings[STATEMENTS] if heading.of is not None)
    intro = (
        f"What the documents behind [{plain(book.rulebook.title)}](index.md) say, in our own words, and what uses it."
    )
    return _headed(
        book, STATEMENTS, paragraphs(intro), entries, (_document(document) for document in book.rulebook.documents)
    )


def _document(document: Document) -> Iterable[str]:
    said = [] if document.year is None else [str(document.year)]
    if document.url is not None:
        said.append(web(document.url))
    return paragraphs(", ".join(said)) if said else ()


def _statement(used: Coverage, book: Book) -> Iterator[str]:
    statement = used.statement
    yield from paragraphs(plain(statement.says), f"*{plain(statement.where)}*")
    said = [f"becomes: {several(kind.value for kind in statement.becomes)}"]
    if statement.advice is not None:
        said.append(f"the advice that people read: {plain(statement.advice)}")
    regions = {region.id: region.name for region in book.rulebook.regions}
    said += [f"rule: {link}" for link in _rules((book.rules[name] for name in used.rules), book)]
    said += [f"stretch: {link}" for link in book.to_stretches(used.stretches)]
    said += [f"region: {book.to(STRETCHES, REGION + name, regions[name])}" for name in used.regions]
    said += [
        f"a rule disagrees with it: {link}" for link in _rules((book.rules[name] for name in used.disagreeing), book)
    ]
    yield from items(said)


# --- disagreements


def disagreements_page(book: Book) -> str:
    """Return the page of disagreements: rules that contradict a statement, with both sides."""
    rules = [rule for rule in book.in_order if rule.disagree_with]
    title = f"[{plain(book.rulebook.title)}](index.md)"
    count = f"{len(rules)} of the {len(book.rules)} rules of {title} contradict a statement of a document."
    intro = paragraphs(f"{count} People whom a rule concerns see both sides.")
    return _headed(book, DISAGREEMENTS, intro, (_both_sides(rule, book) for rule in rules))


def _both_sides(rule: Rule, book: Book) -> Iterator[str]:
    yield from items(_rules([rule], book))
    rows = zip_longest(
        (_side(one, book) for one in rule.statements), (_side(one, book) for one in rule.disagree_with), fillvalue=""
    )
    yield from table(("what the rule is based on", "what it disagrees with"), rows)
    if rule.reading is not None:
        yield from paragraphs(f"How it was read: {plain(rule.reading)}")


def _side(name: str, book: Book) -> str:
    _, statement = book.statements[name]
    return f"{book.to(STATEMENTS, name, name)}: {plain(statement.says)}"
