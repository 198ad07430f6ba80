"""Several rulebooks read as one: what they share, in which order they are read, and what keeps them apart."""

from __future__ import annotations

import pytest
from attrs import evolve

from backscreen import RulebookError
from backscreen.loading.rulebook_files import load_texts
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rulebook import Rulebook
from backscreen.model.rules import Status
from tests.helpers.broken import changed
from tests.helpers.small import CAUTION, FACTS, SCENARIOS, STRETCHES, Texts


def other(book: Rulebook) -> Rulebook:
    return evolve(
        book, id="other", digest="sha256:other", rules=tuple(evolve(rule, id=f"other-{rule.id}") for rule in book.rules)
    )


def test_two_rulebooks_may_share_facts_and_stretches(small: Texts) -> None:
    book = load_texts(small)
    both = KnowledgeBase([book, other(book)])
    assert list(both.person_facts) == [fact.id for fact in book.person_facts]
    assert len(both.rules) == 2 * len(book.rules)
    assert both.digest == f"sha256:other+{book.digest}"
    assert not both.looks_for_warning_signs
    assert KnowledgeBase([book, evolve(other(book), looks_for_warning_signs=True)]).looks_for_warning_signs


@pytest.mark.parametrize(
    ("file", "old", "new", "name"),
    [
        (FACTS, "at_most: 1000", "at_most: 2000", "excess_lb"),
        (FACTS, "unit: lb", "unit: st", "excess_lb"),
        (FACTS, "no: 0", "no: 1", "excess_lb"),
        (FACTS, "{id: slight, means: slightly}", "{id: slender, means: slightly}", "build"),
        (FACTS, "rests_on: [felt]", "rests_on: [lasted_min]", "early"),
        (
            FACTS,
            "type: flag\n    title: Numbness",
            "type: number\n    unit: cm\n    at_least: 0\n    at_most: 9\n    title: Numbness",
            "numbness",
        ),
        (FACTS, "question: Do you have sciatica?", "question: Are you free of sciatica?", "sciatica"),
        (FACTS, "question: Do you have sciatica?", "question: Is it sciatica?", "sciatica"),
        (FACTS, "{id: slight, means: slightly}", "{id: slight, means: heavily}", "build"),
        (STRETCHES, "{hold_s: 30}", "{hold_s: 31}", "toe_reach"),
        (FACTS, "What brought the pain on?", "What was it?", "cause"),
    ],
)
def test_two_rulebooks_that_mean_different_things_by_one_name_are_an_error_with_both_places(
    small: Texts, file: str, old: str, new: str, name: str
) -> None:
    texts = {
        path: text for path, text in changed(small, file, (old, new)).items() if "/" not in path and path != SCENARIOS
    }
    with pytest.raises(RulebookError) as caught:
        KnowledgeBase([load_texts(small), other(load_texts(texts))])
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.name, diagnostic.code) == (name, "clash")
    assert diagnostic.location
    assert diagnostic.help
    assert "the other is" in diagnostic.help


def clashing(*books: Rulebook) -> list[tuple[str | None, str | None]]:
    """What is wrong with these rulebooks together: codes and names."""
    with pytest.raises(RulebookError) as caught:
        KnowledgeBase(books)
    return [(diagnostic.code, diagnostic.name) for diagnostic in caught.value.diagnostics]


def test_each_further_rulebook_is_held_against_the_first_that_declares_a_thing(small: Texts) -> None:
    book = load_texts(small)
    fact = evolve(book.person_facts[0], rests_on=("numbness",))
    second, third = (evolve(other(book), id=name, rules=(), groups=book.groups) for name in ("second", "third"))
    third = evolve(third, person_facts=(fact,), groups=(evolve(book.groups[0], question="Why?"),))
    assert clashing(book, second, third) == [("clash", fact.id), ("clash", book.groups[0].id)]
    rule = evolve(book, id="third", rules=book.rules[:1])
    assert clashing(book, second, rule) == [("clash", book.rules[0].id)]
    assert clashing(book, evolve(rule, id="second"), rule) == [("clash", book.rules[0].id)] * 2


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (FACTS, "title: Numbness", "title: A numb feeling"),
        (FACTS, "    group: cause\n", ""),
        (FACTS, "title: Numbness", "title: Numbness\n    two_ways: yes"),
        (FACTS, "    codes:\n      - {system: ICD-10-CM, year: 2026, code: M54.3}\n", ""),
        (STRETCHES, "name: Cat-cow", "name: The cat"),
        (STRETCHES, "position: hands and knees", "position: on all fours"),
        (STRETCHES, "- Round your back.", "- Make your back round."),
        (STRETCHES, "dose: {hold_s: 30}\n    statements: [A2]", "dose: {hold_s: 30}\n    statements: [A2, A3]"),
    ],
)
def test_rulebooks_may_word_the_same_thing_in_two_ways_and_the_first_is_shown(
    small: Texts, file: str, old: str, new: str
) -> None:
    book = load_texts(small)
    both = KnowledgeBase(
        [load_texts(changed(small, file, (old, new))), evolve(other(book), looks_for_warning_signs=True)]
    )
    assert [one.id for one in both.books] == ["other", "small"]
    assert list(both.person_facts.values()) == list(book.person_facts)
    assert list(both.stretches.values()) == list(book.stretches)


def test_what_comes_with_backscreen_is_worded_its_own_way(small: Texts) -> None:
    """Though another rulebook that looks for warning signs is read first, or comes first by its name."""
    own = load_texts(changed(small, FACTS, ("title: Numbness", "title: A numb feeling")))
    shipped = evolve(
        other(load_texts(changed(small, STRETCHES, ("name: Cat-cow", "name: The cat")))), id="zzz", bundled=True
    )
    for both in (KnowledgeBase([own, shipped]), KnowledgeBase([evolve(own, looks_for_warning_signs=True), shipped])):
        assert [one.id for one in both.books] == ["small", "zzz"]
        assert (both.person_facts["numbness"].title, both.stretches["cat_cow"].name) == ("Numbness", "The cat")
        assert [*both.stretches] == [stretch.id for stretch in own.stretches]


def test_two_rulebooks_have_no_rule_of_the_same_id(small: Texts) -> None:
    book = load_texts(small)
    with pytest.raises(RulebookError) as caught:
        KnowledgeBase([book, evolve(book, id="other")])
    assert [(diagnostic.name, diagnostic.location, diagnostic.code) for diagnostic in caught.value.diagnostics] == [
        (rule.id, rule.at, "clash") for rule in book.rules
    ]


def test_no_rulebook_uses_an_id_that_another_has_retired(small: Texts) -> None:
    book = load_texts(small)
    retiring = evolve(
        other(book),
        retired_ids=("hamstrings", "sciatica", "felt", "cat_cow", "nothing-else"),
        person_facts=(),
        trial_facts=(),
        stretches=(),
        rules=(),
    )
    with pytest.raises(RulebookError) as caught:
        KnowledgeBase([retiring, book])
    assert [(diagnostic.name, diagnostic.code) for diagnostic in caught.value.diagnostics] == [
        (name, "retired-id") for name in ("hamstrings", "sciatica", "felt", "cat_cow")
    ]
    assert all(
        diagnostic.location and "retired_ids" in (diagnostic.help or "") for diagnostic in caught.value.diagnostics
    )


def test_a_rulebook_may_use_what_another_has_not_retired_and_keep_its_own_retired_rule(small: Texts) -> None:
    book = load_texts(small)
    retired = evolve(
        book, rules=tuple(evolve(rule, status=Status.RETIRED) for rule in book.rules), retired_ids=("something-else",)
    )
    names = tuple(rule.id for rule in book.rules if rule.id not in {fact.id for fact in book.person_facts})
    assert KnowledgeBase(
        [retired, evolve(other(book), retired_ids=names, person_facts=(), trial_facts=(), stretches=(), rules=())]
    )


def test_rulebooks_are_read_in_one_order_whatever_order_they_are_given_in(small: Texts) -> None:
    book = load_texts(small)
    signs = evolve(book, id="zzz", looks_for_warning_signs=True, rules=(), digest="sha256:zzz")
    three = [other(book), book, signs]
    assert [one.id for one in KnowledgeBase(three).books] == ["zzz", "other", "small"]
    assert KnowledgeBase(three) == KnowledgeBase(reversed(three))


def test_a_rulebook_alone_with_a_rule_has_no_other_rule(small: Texts) -> None:
    knowledge_base = KnowledgeBase([load_texts(small)])
    rule = knowledge_base.rules[0].rule
    alone = knowledge_base.alone(rule)
    assert [scoped.rule for scoped in alone.rules] == [rule]
    assert alone.facts == knowledge_base.facts


def test_a_retired_rule_stays_in_the_book_and_does_not_act(small: Texts) -> None:
    book = load_texts(changed(small, CAUTION, ("effect: caution", "effect: caution\nstatus: retired")))
    assert "weight" in [rule.id for rule in book.rules]
    assert "weight" not in [scoped.rule.id for scoped in KnowledgeBase([book]).rules]
