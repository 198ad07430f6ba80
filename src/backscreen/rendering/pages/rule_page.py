"""The page of one rule: condition, effect, reason, sources and cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from backscreen.model.catalogue import Nothing
from backscreen.model.conditions import ALWAYS
from backscreen.model.effects import Directive, Verdict
from backscreen.model.facts import UNSURE, Value
from backscreen.model.profile import Profile
from backscreen.model.rules import About, Case, Fires, Rule, Status
from backscreen.rendering.pages.markup import items, page, paragraphs, plain, table
from backscreen.rendering.pages.page_links import DISAGREEMENTS, STATEMENTS, UP, Book
from backscreen.rendering.pages.rule_markup import condition_list, sentence
from backscreen.wording.effect_words import NOTES
from backscreen.wording.headlines import HEADLINES
from backscreen.wording.phrases import answer
from backscreen.wording.profile_sentences import profile_sentence
from backscreen.wording.rule_sentences import scope_words, selected_stretches

_FIRES = {Fires.YES: "yes", Fires.NO: "no", Fires.UNKNOWN: "not known"}


def rule_page(rule: Rule, book: Book) -> str:
    """Return the page of a rule."""
    return page(rule.title, _lines(rule, book))


def _lines(rule: Rule, book: Book) -> Iterator[str]:
    yield from paragraphs(sentence(rule, book), f"**{_review_state(rule)}** {_acts(rule)}")
    yield from paragraphs(f"`{rule.id}` · {plain(book.files[rule.id])} · [{plain(book.rulebook.title)}]({UP}index.md)")
    yield from _section("When", _when(rule, book))
    yield from _section("Which stretches", _which(rule, book))
    yield from _section("What it does", items(_effects(rule, book)))
    yield from _section("Why", paragraphs(plain(rule.reason)))
    if rule.reading is not None:
        yield from _section("How the sources were read", paragraphs(plain(rule.reading)))
    yield from _section("Sources", _sources(rule.statements, book))
    if rule.disagree_with:
        beside = book.to(DISAGREEMENTS, rule.id, "both sides beside each other", UP)
        yield from _section("The other side", [*_sources(rule.disagree_with, book), *paragraphs(f"See {beside}.")])
    yield from _section(f"Cases ({len(rule.cases)})", _cases(rule, book))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield from lines


def _review_state(rule: Rule) -> str:
    """Return the review state of a rule."""
    match rule.status:
        case Status.DRAFT:
            words = "Draft: nobody has reviewed this rule."
        case Status.REVIEWED:
            words = f"Reviewed on {rule.reviewed_on}."
        case Status.RETIRED:
            words = "Retired."
        case _:
            assert_never(rule.status)
    return words if rule.review_by is None else f"{words} To be reviewed again by {rule.review_by}."


def _acts(rule: Rule) -> str:
    match rule.status:
        case Status.DRAFT:
            return "It acts like a reviewed one."
        case Status.REVIEWED:
            return ""
        case Status.RETIRED:
            return "It no longer acts."
        case _:
            assert_never(rule.status)


def _when(rule: Rule, book: Book) -> Iterator[str]:
    if rule.about_a_trial:
        yield from paragraphs("For each try of a stretch:")
    yield from condition_list(rule, book)
    yield ""
    if rule.tried is not None:
        yield from paragraphs(f"Only for a try of {plain(selected_stretches(rule.tried, book.rulebook))}:")
        yield from items(book.to_stretches(book.scoped[rule.id].tried or (), UP) or ["no stretch of this rulebook"])


def _which(rule: Rule, book: Book) -> Iterator[str]:
    about = scope_words(rule, book.rulebook)
    if about is None:
        what = "the whole screening" if isinstance(rule.applies_to, Nothing) else "the person"
        yield from paragraphs(f"None in particular: it is about {what}.")
        return
    scoped = book.scoped[rule.id]
    if scoped.scope is None:
        yield from paragraphs(f"{_capital(plain(about))}, whichever it was.")
        return
    links = book.to_stretches(scoped.scope, UP)
    if links and len(links) == len(book.rulebook.stretches):
        yield from paragraphs(f"{_capital(plain(about))}: all {len(links)} of the [catalogue]({UP}stretches.md).")
        return
    yield from paragraphs(f"{_capital(plain(about))}{f' ({len(links)})' if links else ''}:")
    yield from items(links or ["none of this rulebook; those of the rulebooks that it is used with"])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _effects(rule: Rule, book: Book) -> Iterator[str]:
    effect = rule.effect
    if effect.restricts:
        if scope_words(rule, book.rulebook) is not None:
            yield f"on each of these stretches: **{effect.verdict.value}**"
        headline, _ = HEADLINES[rule.directive]
        changes = rule.directive is not Directive.PROCEED
        yield (
            f"on the whole screening: **{rule.directive.value}** (“{headline}”)"
            if changes
            else "on the whole screening: nothing"
        )
        if rule.when != ALWAYS:
            yield "while this is unknown: **undetermined**, wherever it would make the result stricter"
    else:
        note = "its reason is shown as advice" if effect.note is None else f"a note says that it {NOTES[effect.note]}"
        yield f"no restriction; {note}"
    if rule.about is About.STRETCH:
        yield "the caution is about the stretch, whoever does it, not about the person"


def _sources(names: Iterable[str], book: Book) -> Iterator[str]:
    rows = []
    for name in names:
        document, statement = book.statements[name]
        rows.append(
            (
                book.to(STATEMENTS, name, name, UP),
                plain(statement.says),
                plain(f"{document.id}: {document.title}, {statement.where}"),
            )
        )
    return table(("statement", "what it says, in our words", "where"), rows)


# --- cases


def _cases(rule: Rule, book: Book) -> Iterator[str]:
    if not rule.cases:
        yield from paragraphs("None yet.")
        return
    yield from paragraphs("Each is a person, and the result of this rule alone.")
    rows = (_case(case, book) for case in rule.cases)
    yield from table(("case", "given", "does it fire?", "stretches", "the whole screening"), rows)


def _case(case: Case, book: Book) -> tuple[str, ...]:
    expect = case.expect
    return (
        plain(case.name),
        _given(case.given, book),
        _FIRES[expect.fires],
        _verdicts(expect.verdicts, book),
        expect.directive.value if expect.directive else "",
    )


def _given(given: Profile, book: Book) -> str:
    def answer_words(name: str, value: Value | None) -> str:
        fact = book.facts[name]
        if value is None:
            words = "not answered"
        else:
            words = "not sure" if value == UNSURE else answer(fact, book.knowledge_base, value)
        return plain(f"{fact.title}: {words}")

    def stretch_words(name: str) -> str:
        return f"“{plain(book.knowledge_base.stretches[name].name)}”"

    return profile_sentence(given, answer_words, stretch_words, book.facts)


def _verdicts(verdicts: Mapping[str, Verdict], book: Book) -> str:
    said = []
    for verdict in (Verdict.AVOID, Verdict.CAUTION, Verdict.UNDETERMINED, Verdict.ALLOWED):
        names = [one.name for one in book.rulebook.stretches if verdicts.get(one.id) is verdict]
        if names:
            said.append(f"**{verdict.value}**: {plain(', '.join(names))}")
    return "; ".join(said)
