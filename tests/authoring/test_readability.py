"""Which texts are hard to read, and which words people do not know.

`python -m tests.authoring.test_readability` writes the table of words in docs/glossary.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backscreen.authoring.lint.readability import hard, jargon, lix, names, terms
from backscreen.loading.rulebook_files import load_folder
from backscreen.model.facts import Choice

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/glossary.md"
BEGIN, END = "<!-- words: python -m tests.authoring.test_readability writes what follows -->\n", "<!-- words end -->\n"

BOOK = load_folder(ROOT / "rules/lower-back", cases=False)
FACTS = (*BOOK.person_facts, *BOOK.trial_facts)
QUESTIONS = [*(fact.question for fact in FACTS), *(group.question for group in BOOK.groups)]
REASONS = [rule.reason for rule in BOOK.rules]
OTHERS = [
    *(rule.title for rule in BOOK.rules),
    *(option.means for fact in FACTS if isinstance(fact, Choice) for option in fact.options),
    *(step for stretch in BOOK.stretches for step in stretch.steps),
    *(statement.advice for statement in BOOK.statements if statement.advice),
]
BUREAUCRATIC = (
    "In accordance with established multidisciplinary recommendations, individuals presenting with persistent "
    "musculoskeletal complaints should discontinue physically demanding activities immediately and subsequently "
    "arrange comprehensive professional assessment, notwithstanding apparent short-term improvement, because "
    "inappropriate continuation substantially increases the probability of prolonged functional impairment and of "
    "additional unnecessary treatment."
)
PLAIN = (
    "Has a doctor or therapist told you that you have degenerative spondylolisthesis (one of the bones of your spine "
    "has slipped forward over the next)?"
)
ORDINARY = [
    "You are prone to falling asleep later than you should.",
    "Sit by the fire, and use an extension lead if the lamp is far away.",
    "The trial of a new chair is free; return it in the evening if it does not suit you.",
    "Turn your head, rotate your shoulders, and lean to the side as far as is easy.",
    "Does it hurt when you do the shopping, or when you cough, sneeze or laugh?",
    "An acute angle at the knee is fine, and by extension so is a sharp bend of the hip.",
    "Ask your doctor, your nurse or a physiotherapist before you exercise, and describe your symptoms to them.",
    "Later, with the blanket folded under your knees, gaze at the ceiling and let the muscles rest.",
    "Keep your posture upright, tighten the belly, and stop at the first mild discomfort.",
]


def words(text: str, *known: str) -> list[str]:
    return [found.word for found in jargon(text, known)]


# --- hard to read


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("Turn to the left now.", 5),
        ("Turn to the left. Then stretch to the right.", 4.5 + 100 / 9),
        ("Hold it for 2.5 seconds. Let go.", 3.5 + 100 / 7),
        ("Do this: lie down. Rest.", 5 / 3),
        ("Try a sport, e.g. Yoga, with Dr. Who.", 8),
        ("Lie down (on a mat, etc.) and rest.", 8),
        ("Roll the lower-back to and fro.", 7),
        ("Don't go on.\n\nRest now", 2.5),
        ('He said "rest." Then he left!?', 3),
    ],
)
def test_lix_is_words_in_a_sentence_and_long_words_in_a_hundred(text: str, index: float) -> None:
    assert lix(text) == pytest.approx(index)


@pytest.mark.parametrize("text", ["", "  \n", "…?!", "()"])
def test_without_a_word_there_is_no_index(text: str) -> None:
    assert lix(text) is None
    assert hard(text) is None


def test_a_long_sentence_of_long_words_is_hard_and_both_are_told() -> None:
    found = hard(BUREAUCRATIC)
    assert found is not None
    assert found.lix > 80
    assert found.longest_sentence == 45
    assert found.long_words[0] == "multidisciplinary"
    assert len(found.long_words) == 5


def test_a_question_that_explains_one_clinical_word_is_not_hard() -> None:
    assert len(PLAIN.split()) == 25
    assert hard(PLAIN) is None


def test_a_few_words_are_not_hard_however_long() -> None:
    assert hard("Prolonged sitting") is None
    assert hard("Physiotherapeutic reconditioning exercises beforehand?") is None


def test_a_dozen_long_words_are_hard_in_a_short_text_too() -> None:
    assert hard(
        "Comprehensive multidisciplinary evaluation precedes physiotherapeutic interventions whenever neurological "
        "symptoms deteriorate further."
    )


@given(st.text())
def test_every_text_has_an_index_of_nought_or_more_or_none(text: str) -> None:
    index = lix(text)
    assert index is None or index >= 1
    found = hard(text)
    assert found is None or (found.lix > 50 and found.longest_sentence > 0 and index is not None)


@given(
    st.lists(
        st.sampled_from(["rest", "musculoskeletal", "(", ").", ".", ":", "\n", "e.g.", "3.5", '"']), max_size=60
    ).map(" ".join)
)
def test_a_text_said_twice_is_as_hard_as_said_once_or_less_damped(text: str) -> None:
    if (once := lix(text)) is not None:
        assert lix(f"{text}\n\n{text}") == pytest.approx(once)
        assert hard(text) is None or hard(f"{text}\n\n{text}") is not None


# --- jargon


def test_a_technical_word_is_found_with_its_place_and_what_to_say() -> None:
    (found,) = jargon("This is contraindicated for you.")
    assert (found.word, found.at, found.say) == ("contraindicated", 8, "not advised")


@pytest.mark.parametrize(
    "word",
    [
        "Aetiology",
        "ETIOLOGY",
        "paresthesias",
        "paraesthesia",
        "vertebrae",
        "mobilization",
        "comorbidities",
        "co-morbidity",
        "prognoses",
        "NSAIDs",
        "ROM",
    ],
)
def test_spellings_plurals_and_capitals_are_the_same_word(word: str) -> None:
    assert words(f"Ask about the {word} first.") == [word]


@pytest.mark.parametrize("text", ["weight-bearing", "weight bearing", "weight\n  bearing", "weight\u2010bearing"])
def test_a_phrase_is_found_across_blanks_and_hyphens(text: str) -> None:
    assert words(f"No {text} for now.") == [text]


def test_a_phrase_is_not_found_across_a_comma() -> None:
    assert words("Carry no weight, bearing that in mind.") == []


def test_the_longest_phrase_is_told_and_not_its_parts() -> None:
    assert words("Lateral flexion, then flexion.") == ["Lateral flexion", "flexion"]


def test_part_of_a_word_is_no_jargon() -> None:
    assert words("A bromance, an acuteness_of_pain and a flexion2.") == []


@pytest.mark.parametrize(
    "text",
    [
        "You have spinal stenosis (the channel has become narrow).",
        "You have lumbar spinal stenosis (the channel has become narrow).",
        "It hurts in the buttocks (glutes).",
        "Do your feet roll inwards when you walk (pronation)?",
        "No flexion (bending), and after flexion no twist.",
        "After trauma (weight) rest.",
        "This is contraindicated, that is, you should not do it.",
        "You have radiculopathy, which means that a nerve is pinched.",
    ],
)
def test_a_word_that_is_explained_is_no_jargon(text: str) -> None:
    assert words(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Flexion (ROM) is little.", ["Flexion", "ROM"]),
        ("Flexion (5 times a day) is enough.", ["Flexion"]),
        ("Flexion. (Bending is meant.)", ["Flexion"]),
        ("Flexion of the spine (the bones of the back) hurts.", ["Flexion"]),
        ("Flexion first, and flexion (bending) again.", ["Flexion"]),
        ("Bend (this is contraindicated in acute pain) a little.", ["contraindicated", "acute"]),
        ("(flexion)", ["flexion"]),
        ("(flexion) hurts.", ["flexion"]),
        ("Bend. (Flexion) Rest.", ["Flexion"]),
        ("Bend (keep chronic pain calm always) a little.", ["chronic"]),
        ("Bend (chronic or not) a little.", ["chronic"]),
        ("Bend (bring chronic pain to rest) a little.", ["chronic"]),
        ("Flexion (bending", ["Flexion"]),
        ("Go on (see above) with flexion.", ["flexion"]),
    ],
)
def test_a_word_that_is_not_explained_there_is_jargon(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_a_name_that_is_known_is_no_jargon_alone_or_in_its_phrase() -> None:
    text = "With facet syndrome, a facet joint hurts; so it does with Sciatica."
    assert words(text) == ["facet syndrome", "facet joint", "Sciatica"]
    assert words(text, "Facet syndrome", "sciatica") == ["facet joint"]
    assert words("Facet-syndromes", "facet syndrome") == []


def test_a_rulebook_makes_known_what_its_facts_are_called_and_what_its_questions_explain() -> None:
    assert {"Scoliosis", "piriformis syndrome", "sacroiliac joint", "pronation", "Back extension"} <= names(BOOK)
    assert "extension" not in names(BOOK)


TERMS_AS_WRITTEN = sorted(form for term in terms() for form in (*term.forms, *term.ordinary))


@given(
    st.lists(
        st.one_of(
            st.sampled_from(TERMS_AS_WRITTEN), st.text(max_size=8), st.sampled_from(["(", ")", ", that is", "-"])
        ),
        max_size=30,
    ).map(" ".join)
)
@example("İ flexion")
def test_every_find_points_at_its_word(text: str) -> None:
    found = jargon(text, ["spinal stenosis", ""])
    assert all(text[one.at : one.at + len(one.word)] == one.word for one in found)
    assert [one.at for one in found] == sorted({one.at for one in found})


@given(st.lists(st.sampled_from(TERMS_AS_WRITTEN), max_size=10))
def test_what_is_known_is_never_found(known: list[str]) -> None:
    assert all(words(name, *known) == [] for name in known)


@pytest.mark.parametrize(
    "part",
    [
        "lumbar ",
        "lumbar (",
        "(lumbar) ",
        ".",
        '."',
        "(",
        "a.",
        "e.g. ",
        "\n",
        " ",
        "in the event ",
        "1:",
        "musculoskeletal, ",
        "lumbar-",
        "('",
    ],
)
def test_a_text_of_100_kb_takes_no_time(part: str) -> None:
    text = part * (100_000 // len(part)) + "x"
    before = process_time()
    lix(text)
    hard(text)
    jargon(text, ["sciatica"])
    assert process_time() - before < 5  # a tenth of a second as a rule; what is quadratic takes minutes


# --- the list


def test_every_entry_is_found_and_says_something_else() -> None:
    for term in terms():
        (found,) = jargon(term.word)
        assert (found.word, found.say) == (term.word, term.say)


def test_no_form_stands_in_two_entries() -> None:
    forms = [form for term in terms() for form in term.forms]
    assert len(forms) == len(set(forms))


def test_what_is_said_instead_is_free_of_jargon_and_not_hard() -> None:
    told = [term.say for term in terms()]
    assert [(say, words(say)) for say in told if words(say)] == []
    assert not any(map(hard, told))


# --- the shipped texts


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_shipped_question_is_easy_and_explains_its_own_names(text: str) -> None:
    assert (hard(text), jargon(text)) == (None, [])


@pytest.mark.parametrize("text", [*REASONS, *OTHERS])
def test_every_other_shipped_text_is_easy_with_the_names_that_are_known(text: str) -> None:
    assert (hard(text), jargon(text, names(BOOK))) == (None, [])


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_hold_no_jargon(text: str) -> None:
    assert (hard(text), words(text)) == (None, [])


# --- the page


def table() -> Iterator[str]:
    """The glossary's table of words, line by line."""
    yield "| word | say instead |"
    yield "| --- | --- |"
    yield from (f"| {term.word} | {term.say} |" for term in sorted(terms(), key=lambda term: term.word.casefold()))


def current() -> str:
    """The glossary with the table as it should be."""
    page = PAGE.read_text("utf-8")
    return re.sub(
        rf"(?s)(?<={re.escape(BEGIN)}).*(?={re.escape(END)})", lambda _: "\n" + "\n".join(table()) + "\n\n", page
    )


def test_the_glossary_shows_every_word() -> None:
    assert BEGIN in PAGE.read_text("utf-8")
    assert PAGE.read_text("utf-8") == current(), "run `python -m tests.authoring.test_readability`"


if __name__ == "__main__":
    PAGE.write_text(current(), "utf-8")
