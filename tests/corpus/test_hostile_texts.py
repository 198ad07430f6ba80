"""Texts that try to write a heading, a verdict or an open fence of their own into an output. None can."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from backscreen import Profile, ProfileError, RulebookError, Screener, Trial
from backscreen.loading.rulebook_files import load_texts
from backscreen.loading.text_lengths import TEXTS
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.rendering import markdown
from backscreen.rendering.report import report
from tests.helpers.small import SMALL, Folder, Run, Texts

BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
ON_ONE_LINE = [
    "# Go ahead",
    "## Nothing found against (99)",
    "~~~",
    "```",
    "---",
    "===",
    "- Go ahead",
    "+ Go ahead",
    "* Go ahead",
    "1. Go ahead",
    "1) Go ahead",
    "> Go ahead",
    "| Go ahead | 99 |",
    "a&#10;&#10;# Go ahead",
    "a&NewLine;&NewLine;# Go ahead",
    "<h1>Go ahead</h1><!--",
    "[Go ahead](javascript:alert(1))",
    "![Go](https://example.org/a.png)",
    "[a]: https://example.org",
    "**Go ahead** _now_ `x` \\",
    "[bold]Go ahead[/bold] [/x] :warning:",
    "::error file=x::Go ahead",
]
PLAIN = "Mmm"


def quoted(text: str) -> str:
    """The text as a YAML scalar in double quotes, with everything unusual escaped."""
    return json.dumps(text)


def with_texts(text: str) -> Texts:
    """The small rulebook with one text wherever people write sentences, so that any two differ in nothing else."""
    texts = dict(SMALL)
    keys = "|".join(sorted(TEXTS - {"steps"}))
    for file, content in SMALL.items():
        for pattern in (
            rf"^( *(?:- )?(?:{keys}): )[^{{\n]+$",
            rf"((?<=[{{ ])(?:{keys}): )[^,{{}}\n\"]+(?=[}},])",
            r"^( +- )(?=[A-Z][^:]*$).*$",
        ):
            content = re.sub(pattern, lambda found: found[1] + quoted(text), content, flags=re.MULTILINE)  # noqa: PLW2901 - one after the other
        texts[file] = content
    return {
        file: content.partition("\ncases:")[0] + "\n" for file, content in texts.items() if file != "scenarios.yaml"
    }  # whose names would be the same


def knowledge_base(text: str) -> KnowledgeBase:
    return KnowledgeBase([load_texts(with_texts(text))])


PERSON = Profile({"sciatica": True, "excess_lb": 60}, [Trial("toe_reach", felt="pain")])


def blocks(text: str) -> list[tuple[str, str]]:
    """Return the blocks of a Markdown text with their tags and headings, in the words of the benign rulebook."""
    return [(token.type, token.tag) for token in MarkdownIt().enable("table").enable("strikethrough").parse(text)]


@pytest.mark.parametrize("text", ON_ONE_LINE)
def test_markdown_report_keeps_its_blocks(text: str) -> None:
    """The structure is that of a rulebook with harmless texts, without any HTML or link."""
    made = {}
    for written in (PLAIN, text):
        rules = knowledge_base(written)
        made[written] = markdown.screening(report(Screener(rules).screen(PERSON)))
    assert blocks(made[text]) == blocks(made[PLAIN])
    inner = [child.type for token in MarkdownIt().parse(made[text]) for child in token.children or ()]
    assert not {"html_inline", "link_open", "image"} & set(inner)
    assert "medical advice" in made[text]


@pytest.mark.parametrize("text", ON_ONE_LINE)
@pytest.mark.parametrize(
    "command", ["screen --has sciatica --trial toe_reach:felt=pain", "stretches", "stretches cat_cow", "facts"]
)
def test_terminal_shows_texts_as_they_are(run: Run, folder: Folder, text: str, command: str) -> None:
    """No terminal markup takes effect, and no line begins with a foreign text unless a paragraph is wrapped."""
    name, *options = command.split()
    ran = run(name, *options, "--rules", folder(with_texts(text)))
    assert (ran.code, ran.err) == (0, "")
    assert "⚠" not in ran.out
    if command != "stretches":  # whose columns are too narrow for it
        assert "".join(text.split()) in "".join(ran.out.split())


@pytest.mark.parametrize("text", ON_ONE_LINE)
def test_template_reads_back_whatever_the_questions_say(run: Run, folder: Folder, text: str) -> None:
    """A question stays in its comment."""
    ran = run("facts", "--template", "--rules", folder(with_texts(text)))
    assert set(yaml.safe_load(ran.out)["facts"].values()) == {None}


@pytest.mark.parametrize("key", sorted(TEXTS))
@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_line_breaks_are_refused_in_every_text(key: str, line_break: str) -> None:
    """A text under any key, or an entry of a list of texts, that is broken into lines is refused when loaded."""
    broken = json.dumps(f"a{line_break}# Go ahead")
    pattern = r"^( +steps:\n +- ).*$" if key == "steps" else rf"((?:^|[{{ ]){key}: )(?:[^,{{}}\n]+(?=[}},])|[^{{\n]+$)"
    for file, content in SMALL.items():
        changed, count = re.subn(pattern, lambda found: found[1] + broken, content, count=1, flags=re.MULTILINE)
        if count:
            with pytest.raises(RulebookError) as caught:
                load_texts({**SMALL, file: changed})
            assert {diagnostic.code for diagnostic in caught.value.diagnostics} <= {"line-break", "control-characters"}
            break
    else:
        assert key in {"advice", "reading"}


@pytest.mark.parametrize("ending", [">-", ">", "|", "|+"])
def test_block_of_one_paragraph_is_one_line(ending: str) -> None:
    """The line break with which a block ends is not part of the text."""
    texts = {
        **SMALL,
        "rulebook.yaml": re.sub(
            r"^summary: .*$", f"summary: {ending}\n  For tests.", SMALL["rulebook.yaml"], flags=re.MULTILINE
        ),
    }
    assert load_texts(texts).summary == "For tests."


@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_messages_keep_names_on_their_line(run: Run, tmp_path: Path, line_break: str) -> None:
    """Keys, answers and options with line breaks are reported on one line, by the library and the command."""
    name = f"x{line_break} GO AHEAD{line_break}"
    with pytest.raises(ProfileError) as caught:
        Screener("lower-back").screen(Profile({name: True, "sciatica": name}, [Trial(name, **{name: 1})]))
    for line in str(caught.value).splitlines():
        assert not line.lstrip().startswith("GO AHEAD")
    path = tmp_path / "p.yaml"
    path.write_text(f"facts: {{{json.dumps(name)}: yes}}\n", encoding="utf-8")
    for arguments in (
        ["--profile", str(path)],
        ["--fact", f"{name}=yes"],
        ["--has", name],
        ["--trial", f"{name}:felt=pain"],
        ["--rules", name],
        [name],
    ):
        ran = run("screen", *arguments)
        assert ran.code == 2
        assert not [line for line in ran.err.splitlines() if line.startswith(" GO AHEAD")]


@pytest.mark.parametrize("format", ["text", "json", "github"])
def test_check_keeps_names_on_their_line(run: Run, folder: Folder, format: str) -> None:  # noqa: A002 - as the option
    """What `rules check` says of a key that is broken into lines is one message in each of its formats."""
    texts = {**SMALL, "facts.yaml": SMALL["facts.yaml"] + '"x\\n::error file=a::GO AHEAD": 1\n'}
    ran = run("rules", "check", folder(texts), "--format", format)
    assert ran.code == 1
    assert not [line for line in ran.out.splitlines() if line.startswith("::error file=a")]
    assert "GO AHEAD" in ran.out
