"""Pages of a rulebook: texts never become markup, every link has a target, and the project's pages are current.

`python -m tests.rendering.test_pages` writes the project's own anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from backscreen.diagnostics.exceptions import UsageError
from backscreen.loading.rulebook_files import bundled_rulebooks, read_texts, readings
from backscreen.model.catalogue import Nothing
from backscreen.rendering.pages.diagrams import MOST_RULES, label
from backscreen.rendering.pages.markup import MARK, filled, plain, slugs, web
from backscreen.rendering.pages.page_files import write
from backscreen.rendering.pages.page_links import book_of
from backscreen.rendering.pages.pages import pages
from backscreen.rendering.pages.rule_markup import condition_list, sentence
from backscreen.wording.rule_sentences import selected_stretches
from tests.helpers.small import (
    AVOID,
    CAUTION,
    FACTS,
    HEAD,
    IN_PERSON,
    PAIN,
    SMALL,
    STATEMENTS,
    STOP,
    STRETCHES,
    Folder,
    Run,
    Texts,
)

DOCS = Path(__file__).parents[2] / "docs" / "rulebooks"
Pages = dict[str, str]

HOSTILE = [
    "<script>alert(1)</script> <b onload=x>",
    "[here](javascript:alert(1)) and ![it](https://evil.example/x.png) and <https://evil.example>",
    "see https://evil.example/a?b=c, www.evil.example or me@evil.example",
    "[ref]: https://evil.example",
    "# Heading ##",
    "- item",
    "1. item",
    "> quoted",
    "+ item",
    "* item _and_ **bold** ~~gone~~ `code` ``",
    "a | b | --- | c",
    "---",
    "===",
    "&lt;b&gt; &amp; &#60;",
    "```mermaid",
    "~~~ x",
    "::: {note}",
    "{raw}`html`, {{ x }} and {% x %}",
    "% comment",
    "(target)=",
    "+++",
    "$x$ and $$y$$",
    "back\\slash \\",
    'end"]; click r1 "javascript:alert(1)"; x-->|y| z:::c %% comment',
    "style x fill:#f00; #quot; #35; fa:fa-car",
    "a very long text: " + "word " * 50,
]


def pages_of(texts: Texts) -> Pages:
    """The pages of the rulebook in these texts."""
    return pages(read_texts(texts))


@pytest.fixture(scope="module", params=["lower-back", "small", "hostile"])
def some(request: pytest.FixtureRequest) -> Pages:
    """The pages of one rulebook or another."""
    if request.param == "lower-back":
        return pages(next(iter(readings("lower-back", tests=True))))
    return pages_of(dict(SMALL) if request.param == "small" else hostile())


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def hostile() -> Texts:
    """Return the small rulebook with hostile texts everywhere, and each of them in a reason and a reading."""
    texts = dict(SMALL)
    spare = iter(HOSTILE * 20)
    keys = "title|summary|question|means|name|position|where|says|advice|reason"
    for file, text in SMALL.items():
        for pattern in (rf"^( *(?:- )?(?:{keys}): )[^{{\n]+$", rf"((?<=[{{ ])(?:{keys}): )[^,{{}}\n\"]+(?=[}},])"):
            text = re.sub(pattern, lambda found: found[1] + quoted(next(spare)), text, flags=re.MULTILINE)  # noqa: PLW2901 - one after the other
        texts[file] = text
    texts[STRETCHES] = re.sub(
        r"^( +- )(?=\w+ [^:]*$)(.*)$",
        lambda found: found[1] + quoted(next(spare)),
        texts[STRETCHES],
        flags=re.MULTILINE,
    )
    for number, text in enumerate(HOSTILE):
        texts[f"`<b>[x](y) | {{z}}/h{number}.yaml"] = (
            f"id: h{number}\ntitle: {quoted(text)}\nwhen: {{sciatica: yes}}\napplies_to: all\n"
            f"effect: avoid\nreason: {quoted(text)}\n"
            f"reading: {quoted(f'{text} {text}')}\nstatements: [A1]\ndisagree_with: [B2]\n"
        )
    return texts


# Markdown


def tokens_of(text: str) -> list[Token]:
    """What a page is made of, inline tokens among the others."""
    found = MarkdownIt().enable("table").enable("strikethrough").parse(text)
    return [inner for token in found for inner in ([token, *token.children] if token.children else [token])]


def shown(token: Token) -> str:
    """The text of an inline token as readers see it."""
    return "".join({"softbreak": " "}.get(child.type, child.content) for child in token.children or ())


def links_of(text: str) -> list[str]:
    return [str(token.attrs["href"]) for token in tokens_of(text) if token.type == "link_open"]


def headings_of(text: str) -> list[str]:
    found = MarkdownIt().enable("table").parse(text)
    return [shown(inline) for opening, inline in pairwise(found) if opening.type == "heading_open"]


def test_every_link_of_every_page_leads_somewhere(some: Pages) -> None:
    anchors = {path: set(slugs(headings_of(text))) for path, text in some.items()}
    count = 0
    for path, text in some.items():
        for href in links_of(text):
            if href != "https://example.org/b":
                there, _, anchor = href.partition("#")
                page = normpath(join(dirname(path), there)) if there else path
                assert page in some, f"{path}: {href}"
                assert not anchor or anchor in anchors[page], f"{path}: {href}"
                count += 1
    assert count > 100


def test_every_rule_and_what_it_rests_on_lead_to_each_other(some: Pages) -> None:
    there = {page: set(links_of(some[page])) for page in ("index.md", "statements.md")}
    rules = [path for path in some if path.startswith("rules/")]
    assert rules
    for path in rules:
        assert {"../index.md", "../statements.md"} <= {href.partition("#")[0] for href in links_of(some[path])}
        assert all(path in links for links in there.values())


def test_no_page_holds_html_but_for_its_first_line_or_an_image(some: Pages) -> None:
    for text in some.values():
        html = [token.content.strip() for token in tokens_of(text) if token.type.startswith("html_")]
        assert html == [MARK]
        assert text.startswith(f"{MARK}\n")
        assert not [token for token in tokens_of(text) if token.type in ("image", "code_block", "s_open")]


def test_texts_begin_no_block_of_their_own() -> None:
    """The rules of the hostile folder differ in their texts only, and so their pages have the same blocks."""
    made = pages_of(hostile())
    blocks = [
        [token.type for token in MarkdownIt().enable("table").parse(made[f"rules/h{number}.md"])]
        for number in range(len(HOSTILE))
    ]
    assert all(one == blocks[0] for one in blocks)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_text_is_shown_as_it_was_written(number: int) -> None:
    wanted = " ".join(HOSTILE[number].split())
    page = pages_of(hostile())[f"rules/h{number}.md"]
    paragraphs = [shown(token) for token in MarkdownIt().enable("table").parse(page) if token.type == "inline"]
    assert headings_of(page)[0] == wanted
    assert wanted in paragraphs
    assert f"{wanted} {wanted}" in paragraphs


def test_addresses_that_github_would_make_links_of_stand_as_code(some: Pages) -> None:
    for text in some.values():
        for token in tokens_of(text):
            if token.type == "text" and token.content != "https://example.org/b":
                assert not re.search(r"://|www\.|@", token.content)


def test_nothing_of_sphinx_or_jekyll_is_obeyed(some: Pages) -> None:
    for text in some.values():
        outside = re.sub(r"^```mermaid\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        assert not re.search(r"^\s*(?:%|:::|\+\+\+|\(.*\)=$)|(?<!\\)[{$]", outside, re.MULTILINE)


def test_a_documents_address_is_a_link_only_where_it_leads_to_the_web() -> None:
    assert web("http://example.org:80/a/b?c=d&e=f") == "<http://example.org:80/a/b?c=d&e=f>"
    for other in (
        "javascript:alert(1)",
        "https://a b",
        "https://a/<b>",
        "https://user:x@y.example",
        "file:///etc/passwd",
        "https://a)b",
        "//a.example",
    ):
        assert links_of(web(other)) == []


def test_prose_is_wrapped() -> None:
    assert max(map(len, filled(plain("word " * 100), "- "))) <= 120


def test_a_line_that_is_wrapped_begins_no_block() -> None:
    lines = filled(plain("word " * 23 + "word - 1. + 2) = : %"))
    assert len(lines) == 2
    assert all(line.startswith("\\") for line in filled(plain("- one"), "") + filled(plain("(a)="), ""))
    assert filled(plain("12) x"), "") == ["12\\) x"]


# Mermaid

LABEL = r'"(?:[\w ,()?.\'“”→-]|#\d+;)+"'
LINE = re.compile(
    rf"  (?P<node>[frs]\d+)(?:\(\[{LABEL}\]\)|\[{LABEL}\]|\[\[{LABEL}\]\])"
    rf"|  (?P<start>[fr]\d+) -->(?:\|{LABEL}\|)? (?P<end>[rs]\d+)"
    r"|  classDef [a-z]+ stroke:#[0-9a-f]{6},stroke-width:3px"
    r"|  class r\d+(?:,r\d+)* [a-z]+"
)


def pictures_of(text: str) -> list[list[str]]:
    return [found.splitlines() for found in re.findall(r"^```mermaid\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]


def test_every_line_of_a_picture_is_one_of_a_few_forms(some: Pages) -> None:
    pictures = pictures_of(some["index.md"])
    assert len(pictures) >= 5
    for first, *lines in pictures:
        assert first == "flowchart LR"
        matches = [LINE.fullmatch(line) for line in lines]
        assert all(matches), lines[matches.index(None)] if None in matches else ""
        nodes = [found["node"] for found in matches if found and found["node"]]
        assert len(nodes) == len(set(nodes))
        ends = {end for found in matches if found and found["start"] for end in (found["start"], found["end"])}
        assert ends == set(nodes)
        assert sum(node.startswith("r") for node in nodes) <= MOST_RULES


@pytest.mark.parametrize("text", [text for text in HOSTILE if len(text) < 120])
def test_a_label_shows_the_text_and_holds_nothing_that_mermaid_obeys(text: str) -> None:
    made = label(text)
    assert re.fullmatch(LABEL, f'"{made}"')
    assert unescape(re.sub(r"#(\d+);", r"&#\1;", made)) == " ".join(text.split())


def test_a_label_that_mermaid_would_read_as_markdown_is_none() -> None:
    assert label("1. one") == "1#46; one"
    assert label("- one") == "#45; one"
    assert label("_one_") == "#95;one#95;"
    assert label("Cat-cow, e.g.") == "Cat-cow, e.g."
    assert label("x" * 500) == "x" * 119 + "#8230;"


def test_a_picture_says_what_must_not_be(small: Texts) -> None:
    small[CAUTION] = (
        small[CAUTION]
        .replace("{excess_lb: {at_least: 50}}", "{not: {any: [{excess_lb: {at_least: 50}}, {build: heavy}]}}")
        .partition("cases:")[0]
    )
    lines = [line for picture in pictures_of(pages_of(small)["index.md"]) for line in picture if "not " in line]
    assert [re.sub(r"  f\d+ -->\|\"(.*)\"\| r\d+", r"\1", line) for line in lines] == [
        "not at least 50 lb",
        "not “heavily”",
    ]


def test_more_rules_than_a_picture_holds_are_drawn_in_several(small: Texts) -> None:
    for number in range(2 * MOST_RULES):
        small[f"contraindications/r{number}.yaml"] = (
            f"id: r{number}\ntitle: R\nwhen: {{sciatica: yes}}\napplies_to: all\n"
            "effect: avoid\nreason: R.\nstatements: [A1]\n"
        )
    counts = [
        sum("[" in line and line.startswith("  r") for line in lines)
        for lines in pictures_of(pages_of(small)["index.md"])
    ]
    assert counts.count(MOST_RULES) == 2


# What is said


def told(small: Texts, when: str, **more: str) -> tuple[str, list[str]]:
    """The sentence on a rule of the small rulebook with another condition, and its condition as a list."""
    text = SMALL[CAUTION].partition("cases:")[0].replace("{excess_lb: {at_least: 50}}", when)
    for key, value in more.items():
        text = re.sub(rf"^{key}: .*$", "", text, flags=re.MULTILINE) + (f"{key}: {value}\n" if value else "")
    book = book_of(read_texts({**small, CAUTION: text}))
    return sentence(book.rules["weight"], book), list(condition_list(book.rules["weight"], book))


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{sciatica: yes}", "*Sciatica: yes*"),
        ("{build: slight}", "*Build: “slightly”*"),
        ("{build: [slight, heavy]}", "*Build: “slightly” or “heavily”*"),
        ("{excess_lb: {at_least: 50}}", "*Excess weight: at least 50 lb*"),
        ("{excess_lb: {more_than: 50}}", "*Excess weight: more than 50 lb*"),
        ("{excess_lb: {less_than: 5}}", "*Excess weight: less than 5 lb*"),
        ("{excess_lb: {at_most: 5}}", "*Excess weight: at most 5 lb*"),
        ("{excess_lb: {more_than: 5, at_most: 9}}", "*Excess weight: more than 5 and at most 9 lb*"),
        ("{excess_lb: {at_least: 7, less_than: 8}}", "*Excess weight: exactly 7 lb*"),
        ("{sciatica: yes, numbness: no}", "*Sciatica: yes* and *Numbness: no*"),
        (
            "{any: [{sciatica: yes}, {numbness: no, build: heavy}]}",
            "*Sciatica: yes* or (*Numbness: no* and *Build: “heavily”*)",
        ),
        (
            "{sciatica: yes, any: [{numbness: yes}, {build: heavy}]}",
            "*Sciatica: yes* and (*Numbness: yes* or *Build: “heavily”*)",
        ),
        ("{not: {sciatica: yes, build: heavy}}", "not (*Sciatica: yes* and *Build: “heavily”*)"),
        ("{not: {build: heavy}}", "not *Build: “heavily”*"),
    ],
)
def test_a_condition_is_said_in_one_sentence(small: Texts, when: str, said: str) -> None:
    assert told(small, when)[0] == f"Where {said} → **only with care**: stretches of the lower back."


def test_a_condition_is_listed_as_it_nests(small: Texts) -> None:
    _, lines = told(small, "{sciatica: yes, any: [{numbness: yes}, {not: {all: [{excess_lb: {less_than: 9}}]}}]}")
    assert [re.sub(r"\]\([^)]*\)", "]", line) for line in lines] == [
        "- all of these:",
        "  - [Sciatica]: **yes**",
        "  - at least one of these:",
        "    - [Numbness]: **yes**",
        "    - this is not so:",
        "      - [Excess weight]: **less than 9 lb**",
    ]


@pytest.mark.parametrize(
    ("applies_to", "said"),
    [
        ("all", "every stretch"),
        ("{targets: [hamstrings, neck]}", "stretches that act on the backs of the thighs or the neck"),
        ("{motions: [flexion, none]}", "stretches with flexion or no motion of the lower spine"),
        (
            "{regions: [legs], targets: [spine]}",
            "stretches that act on the long muscles beside the spine and of the legs",
        ),
        ("{stretches: [cat_cow, toe_reach]}", "Cat-cow and Toe reach"),
        ("{stretches: [cat_cow, toe_reach], regions: [legs]}", "those of Cat-cow and Toe reach of the legs"),
    ],
)
def test_a_scope_is_said_in_words(small: Texts, applies_to: str, said: str) -> None:
    assert (
        told(small, "{sciatica: yes}", applies_to=applies_to)[0]
        == f"Where *Sciatica: yes* → **only with care**: {said}."
    )


def test_a_scope_of_no_stretch_is_one_too(small: Texts) -> None:
    assert selected_stretches(Nothing(), read_texts(small).book) == "no stretch in particular"


@pytest.mark.parametrize(
    ("effect", "applies_to", "said"),
    [
        ("stop", "", "**stop**: no stretch at all; seek medical care"),
        ("consult", "none", "**ask first**, before stretching"),
        ("consult", "all", "**ask first**, before every stretch"),
        ("avoid", "all", "**avoid** every stretch"),
        ("recommend", "all", "**may help**: every stretch"),
        ("unneeded", "all", "**not needed**: every stretch"),
        ("advise", "", "**advice**"),
        ("advise", "all", "**advice** about every stretch"),
    ],
)
def test_an_effect_is_said_in_words(small: Texts, effect: str, applies_to: str, said: str) -> None:
    assert told(small, "{sciatica: yes}", effect=effect, applies_to=applies_to)[0] == f"Where *Sciatica: yes* → {said}."


def test_a_rule_about_a_try_says_of_which_stretch(small: Texts) -> None:
    when = "{trial.felt: pain}"
    assert (
        told(small, when, applies_to="")[0] == "After a try of a stretch, where *Felt while stretching: “pain”* → "
        "**only with care**: the stretch that was tried."
    )
    tried = told(small, when, applies_to="", tried="{stretches: [cat_cow]}")[0]
    assert (
        tried == "After a try of Cat-cow, where *Felt while stretching: “pain”* → "
        "**only with care**: the stretch that was tried."
    )


def test_a_rule_for_everybody_says_so(small: Texts) -> None:
    said, lines = told(small, "{}", about="stretch")
    assert said == "For everybody → **only with care**: stretches of the lower back."
    assert lines == ["- always: for everybody, whatever is known"]


def section(page: str, heading: str) -> str:
    """What stands below a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}.*?\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_a_rules_page_names_its_stretches_sources_and_file() -> None:
    page = pages_of(dict(SMALL))["rules/hamstrings.md"]
    assert links_of(section(page, "Which stretches")) == [
        "../stretches.md#toe-reach-toe_reach",
        "../stretches.md#far-toe-reach-far_toe_reach",
    ]
    assert links_of(section(page, "Sources")) == ["../statements.md#a1"]
    assert links_of(section(page, "The other side")) == [
        "../statements.md#b2",
        "../disagreements.md#no-hamstring-stretching-with-sciatica",
    ]
    assert AVOID in page


def test_a_rules_page_says_what_it_makes_of_stretches_and_screening(small: Texts) -> None:
    made = pages_of(small)
    does = {
        name: re.findall(r"\*\*(\w+)\*\*", section(made[f"rules/{name}.md"], "What it does"))
        for name in ("hamstrings", "numbness", "in-person", "sitting")
    }
    assert does == {
        "hamstrings": ["avoid", "care", "undetermined"],
        "numbness": ["avoid", "stop", "undetermined"],
        "in-person": ["caution"],
        "sitting": [],
    }


def test_each_case_is_told_with_what_is_given_and_expected(small: Texts) -> None:
    small[PAIN] += """\
  - name: much is known
    given:
      facts: {excess_lb: 7, sciatica: no, build: }
      trials: [{felt: pain, early: yes, lasted_min: }, {stretch: toe_reach}]
      otherwise: no
    expect: {fires: yes, directive: care, verdicts: {cat_cow: undetermined, toe_reach: undetermined}}
  - name: nothing is known but no
    given: {otherwise: no}
    expect: {fires: no}
"""
    rows = [
        [cell.strip() for cell in row.split("|")[1:-1]]
        for row in section(pages_of(small)["rules/pain.md"], "Cases").splitlines()
        if row.startswith("| ")
    ]
    much = (
        "Sciatica: no; Excess weight: 7 lb; Build: not answered; "
        "tried an unknown stretch (Felt while stretching: pain; "
        "Felt too early: yes; Length: not answered); tried “Toe reach”; everything else counts as no"
    )
    assert rows[2:] == [
        [
            "it hurt",
            "tried “Cat-cow” (Felt while stretching: pain)",
            "yes",
            "**avoid**: Cat-cow; **allowed**: Toe reach",
            "",
        ],
        [
            "much is known",
            much,
            "yes",
            "**undetermined**: Cat-cow, Toe reach",
            "care",
        ],
        ["nothing is known but no", "everything counts as no", "no", "", ""],
    ]


def test_a_rule_that_nobody_has_reviewed_says_so_and_so_does_the_index(small: Texts) -> None:
    made = pages_of(small)
    assert "**Draft: nobody has reviewed this rule.**" in made["rules/pain.md"]
    assert "**Reviewed on 2026-11-20.**" in made["rules/hamstrings.md"]
    assert "**Reviewed: 1 of 6 rules. Drafts, active but not reviewed: 5.**" in made["index.md"]
    small[AVOID] = small[AVOID].replace("status: reviewed\nreviewed_on: 2026-11-20\n", "")
    assert "**No rule has been reviewed." in pages_of(small)["index.md"]
    reviewed = {
        file: f"{text}status: reviewed\nreviewed_on: 2026-11-20\n" if "/" in file else text
        for file, text in small.items()
    }
    assert "**Reviewed: 6 of 6 rules.**" in pages_of(reviewed)["index.md"]


def test_a_rulebook_that_looks_for_warning_signs_has_no_line_that_says_otherwise(small: Texts) -> None:
    line = "This rulebook does not look for warning signs"
    assert line in pages_of(small)["index.md"]
    small[HEAD] = small[HEAD].replace("looks_for_warning_signs: no", "looks_for_warning_signs: yes")
    assert line not in pages_of(small)["index.md"]


def test_a_retired_rule_keeps_its_page_and_leaves_the_pictures(small: Texts) -> None:
    small[PAIN] += "status: retired\nreview_by: 2027-01-02\n"
    made = pages_of(small)
    assert "**Retired. To be reviewed again by 2027-01-02.**" in made["rules/pain.md"]
    assert "Retired: 1." in " ".join(made["index.md"].split())
    assert not any("Leave out what hurts" in line for lines in pictures_of(made["index.md"]) for line in lines)
    assert "(retired)" in section(
        made["stretches.md"].replace(
            "Rules about the stretch that was tried", "## tries\n## Rules about the stretch that was tried"
        ),
        "Rules about the stretch that was tried",
    )


def test_a_rulebook_without_stretches_of_its_own_has_pages(small: Texts) -> None:
    for file in (IN_PERSON, "benefits/sitting.yaml", AVOID, CAUTION, "scenarios.yaml"):
        del small[file]
    small[STRETCHES] = "stretches: []\n"
    small[STATEMENTS] = (
        small[STATEMENTS]
        .replace("becomes: [stretch]", "becomes: [background]")
        .replace("becomes: [region]", "becomes: [background]")
    )
    small[PAIN] = small[PAIN].partition("cases:")[0]
    small["precautions/all.yaml"] = (
        "id: all\ntitle: A\nwhen: {sciatica: yes}\napplies_to: all\neffect: consult\nreason: R.\nstatements: [A1]\n"
    )
    small["precautions/tried.yaml"] = (
        "id: tried\ntitle: A\nwhen: {trial.felt: pain}\ntried: all\neffect: avoid\nreason: R.\nstatements: [A1]\n"
    )
    small["precautions/none.yaml"] = (
        "id: none\ntitle: A\nwhen: {sciatica: yes}\napplies_to: none\neffect: consult\nreason: R.\nstatements: [A1]\n"
    )
    made = pages_of(small)
    assert "none of its own" in " ".join(made["stretches.md"].split())
    for name in ("numbness", "all"):
        assert "Every stretch:\n\n- none of this rulebook" in made[f"rules/{name}.md"]
    assert "no stretch of this rulebook" in made["rules/tried.md"]
    assert "the whole screening" in section(made["rules/none.md"], "Which stretches")


def test_a_stretch_names_the_rules_that_restrict_it_and_those_that_speak_for_it() -> None:
    page = pages_of(dict(SMALL))["stretches.md"]
    cat, toe = section(page, "Cat-cow (cat"), section(page, "Toe reach (toe")
    assert "rules/sitting.md" in cat.partition("Recommended or noted by")[2]
    restricted = cat.partition("Restricted by")[2].partition("Recommended or noted by")[0]
    assert [href for href in links_of(restricted) if href.startswith("rules/")] == ["rules/weight.md"]
    assert [href for href in links_of(toe) if href.startswith("rules/")] == ["rules/hamstrings.md", "rules/weight.md"]
    assert [href for href in links_of(page.partition("## Cat-cow")[0]) if href.startswith("rules/")] == [
        "rules/numbness.md",
        "rules/pain.md",
    ]


def test_headings_of_one_name_have_anchors_of_their_own(small: Texts) -> None:
    assert slugs(["A", "a", "a-1", "A"]) == ["a", "a-1", "a-1-1", "a-2"]
    small[CAUTION] = (
        small[CAUTION].replace("Care with much weight", "No hamstring stretching with sciatica")
        + "disagree_with: [B2]\n"
    )
    found = links_of(section(pages_of(small)["rules/weight.md"], "The other side"))
    assert found == ["../statements.md#b2", "../disagreements.md#no-hamstring-stretching-with-sciatica-1"]


def test_a_fact_that_nothing_reads_and_one_that_is_read_in_two_directions_say_so(small: Texts) -> None:
    small[FACTS] = small[FACTS].replace("    title: Build\n", "    title: Build\n    two_ways: yes\n")
    page = pages_of(small)["facts.md"]
    build = page.partition("### Build")[2].partition("## ")[0]
    assert "No rule reads it." in build
    assert "two directions" in build


# Files


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_pages_are_written_below_a_folder_of_the_rulebooks_id(
    small: Texts, folder: Folder, run: Run, tmp_path: Path
) -> None:
    ran = run("rules", "docs", tmp_path / "out" / "deep", folder(small))
    assert (ran.code, ran.err) == (0, "")
    assert {path: text.decode() for path, text in files_in(tmp_path / "out/deep/small").items()} == pages_of(small)
    assert [path.name for path in (tmp_path / "out/deep").iterdir()] == ["small"]


def test_without_a_rulebook_all_that_are_bundled_are_meant(run: Run, tmp_path: Path) -> None:
    assert run("rules", "docs", tmp_path / "out").code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(bundled_rulebooks())


def test_the_page_of_a_rule_that_is_gone_goes_and_nothing_else_does(small: Texts, tmp_path: Path) -> None:
    write(tmp_path, {"small": pages_of(small)})
    others = {
        "small/notes.md": "mine",
        "small/rules/notes.md": "# mine",
        "small/rules/x.txt": MARK,
        "small/more/pain.md": MARK,
        "other/index.md": MARK,
    }
    for path, text in others.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    del small[PAIN]
    write(tmp_path, {"small": pages_of(small)})
    wanted = {f"small/{path}": text for path, text in pages_of(small).items()} | others
    assert {path: text.decode() for path, text in files_in(tmp_path).items()} == wanted


@pytest.mark.parametrize("path", ["index.md", "rules/pain.md", "facts.md"])
@pytest.mark.parametrize("content", ["# My notes\n", f" {MARK}\n", f"{MARK} or so\n", ""])
def test_a_file_of_somebody_else_is_neither_overwritten_nor_are_others_then(
    small: Texts, tmp_path: Path, path: str, content: str
) -> None:
    out = tmp_path / "out" / "small"
    (out / path).parent.mkdir(parents=True)
    (out / path).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as refusal:
        write(tmp_path / "out", {"small": pages_of(small)})
    assert [diagnostic.location for diagnostic in refusal.value.diagnostics] == [str(out / path)]
    assert files_in(tmp_path / "out") == {f"small/{path}": content.encode()}


@pytest.mark.parametrize("path", ["small", "small/rules", "small/index.md"])
def test_no_link_is_followed_or_replaced(small: Texts, tmp_path: Path, path: str) -> None:
    write(tmp_path / "elsewhere", {"small": pages_of(small)})
    before = files_in(tmp_path / "elsewhere")
    del small[PAIN]
    (tmp_path / "out" / path).parent.mkdir(parents=True)
    (tmp_path / "out" / path).symlink_to(tmp_path / "elsewhere" / path)
    with pytest.raises(UsageError):
        write(tmp_path / "out", {"small": pages_of(small)})
    assert (tmp_path / "out" / path).is_symlink()
    assert files_in(tmp_path / "elsewhere") == before


@pytest.mark.parametrize("out", ["mine", "mine/precautions", "."])
def test_no_page_is_written_among_rules(small: Texts, folder: Folder, tmp_path: Path, out: str) -> None:
    book = folder(small)
    before = files_in(book)
    where = tmp_path / out
    with pytest.raises(UsageError, match="among rules"):
        write(where, {"mine" if out == "." else "small": pages_of(small)})
    assert files_in(book) == before


@pytest.mark.parametrize("strike", range(0, 30, 3))
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_cannot_all_be_written_leaves_everything_as_it_was(
    small: Texts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strike: int, failure: BaseException
) -> None:
    write(tmp_path, {"small": pages_of(small)})
    (tmp_path / "small/stretches.md").unlink()
    before = files_in(tmp_path)
    del small[PAIN]
    small[HEAD] = small[HEAD].replace("A small rulebook", "Another title")
    replace, calls = os.replace, iter(range(1000))

    def failing(source: Any, target: Any) -> None:
        if next(calls) == strike:
            raise failure
        replace(source, target)

    changed = pages_of(small)
    monkeypatch.setattr("os.replace", failing)
    if strike < 2 * len(changed):  # each page that is there is moved away, and each is put in its place
        with pytest.raises(UsageError if isinstance(failure, OSError) else KeyboardInterrupt):
            write(tmp_path, {"small": changed})
        assert files_in(tmp_path) == before
        assert not list(tmp_path.glob(".backscreen-*"))
    else:
        write(tmp_path, {"small": changed})
        assert files_in(tmp_path) != before


def test_a_place_that_cannot_be_written_to_is_a_mistake_of_the_call(
    small: Texts, folder: Folder, run: Run, tmp_path: Path
) -> None:
    book = folder(small)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for out in (tmp_path / "file", "a\0b", tmp_path / ("x" * 300)):
        ran = run("rules", "docs", out, book)
        assert ran.code == 2
        assert "fault of ours" not in ran.err


def test_a_rulebook_with_something_wrong_gets_no_pages(small: Texts, folder: Folder, run: Run, tmp_path: Path) -> None:
    small[STOP] = small[STOP].replace("numbness: yes", "numb: yes")
    assert run("rules", "docs", tmp_path / "out", folder(small)).code == 2
    assert not (tmp_path / "out").exists()


# The project's own


def own() -> Iterator[tuple[str, Pages]]:
    for reading in readings(tests=True):
        yield reading.book.id, pages(reading)


def test_the_projects_own_pages_are_current() -> None:
    wanted = {f"{name}/{path}": text.encode() for name, made in own() for path, text in made.items()}
    there = files_in(DOCS)
    stale = [path for path in {**wanted, **there} if wanted.get(path) != there.get(path)]
    if stale:
        pytest.fail(
            f"run `python -m tests.rendering.test_pages`, which writes anew {', '.join(sorted(stale)[:5])}",
            pytrace=False,
        )


if __name__ == "__main__":
    write(DOCS, dict(own()))
