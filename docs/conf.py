"""How Sphinx makes a site of these pages, which GitHub shows as well: `sphinx-build -W -b html docs OUT`."""  # noqa: INP001

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "backscreen"
html_title = "backscreen"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "package.md"]  # package indexes show the latter
html_theme = "furo"
html_theme_options = {"announcement": "Information, not medical advice."}
html_show_sphinx = html_show_copyright = html_copy_source = False
myst_heading_anchors = 6  # as GitHub makes them
default_role = "code"  # docstrings are written with single backticks
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
add_module_names = False
nitpicky = True
nitpick_ignore_regex = [
    ("py:class", r"(collections|hypothesis|importlib|pathlib)\..*|(.*\.)?Engine")
]  # others', and ours that are not public

DOCS = Path(__file__).parent
ROOT = DOCS.parent
IN_PLACE = {
    "site/readme": ROOT / "README.md",
    "site/contributing": ROOT / "CONTRIBUTING.md",
    "site/changelog": ROOT / "CHANGELOG.md",
    "site/security": ROOT / "SECURITY.md",
}
"""Pages of the site that show a file from further up."""
STANDS_FOR = {shown: f"{page}.md" for page, shown in IN_PLACE.items()} | {
    ROOT / "examples": "site/examples.md",
    ROOT / "rules" / "lower-back": "rulebooks/lower-back/index.md",
}
"""What pages link to outside of this folder, and the page of the site that has it. Any other file is offered as a download."""
OF_A_RULEBOOK = {"": ["stretches", "facts", "statements", "disagreements", "rules/*"]}
CONTENTS = {
    "index": {
        "A sore back": ["What backscreen is <site/readme>", "using", "site/examples", "glossary"],
        "Developers": [
            "site/reference",
            "architecture",
            "verification",
            "performance",
            "mutation-testing",
            "dependencies",
            "site/contributing",
            "site/changelog",
            "site/security",
        ],
        "Rules: a tutorial": ["first-rulebook"],
        "Rules: how to": ["checking", "testing-rules", "rule-mutation", "editors"],
        "Rules: what stands where": ["rulebook-format", "codes"],
        "The rulebooks": ["rulebooks/lower-back/index", "rulebooks/red-flags/index", "red-flags"],
        "Decisions": ["decisions/*"],
    },
    "rulebooks/lower-back/index": OF_A_RULEBOOK,
    "rulebooks/red-flags/index": OF_A_RULEBOOK,
}
"""What the navigation holds. It is kept out of the pages, where GitHub would show it."""

LINK = re.compile(r"\]\((?!https?:|#)(?P<path>[^)#\s]+)(?P<heading>#[^)\s]*)?\)")
MERMAID = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def for_the_site(app: Sphinx, page: str, source: list[str]) -> None:
    """Make of a page as GitHub shows it what the site shows: its links lead to pages of the site, its diagrams are folded away, its place is known."""
    origin = IN_PLACE.get(page, DOCS / f"{page}.md")
    app.env.note_dependency(origin)
    text = origin.read_text("utf-8")

    def link(match: re.Match[str]) -> str:
        there = Path(os.path.normpath(origin.parent / match["path"]))
        return f"]({os.path.relpath(DOCS / STANDS_FOR.get(there, there), DOCS.joinpath(page).parent)}{match['heading'] or ''})"

    # Mermaid's script would come from somebody else's server, or weigh megabytes; the table above a diagram says the same
    text = MERMAID.sub(
        r"<details><summary>The same as the source of a Mermaid diagram</summary>\n\n```text\n\1```\n\n</details>", text
    )
    text = LINK.sub(link, text)
    for caption, pages in CONTENTS.get(page, {}).items():
        text += (
            "\n\n```{toctree}\n:hidden:\n:glob:\n"
            + (f":caption: {caption}\n" if caption else "")
            + "\n"
            + "\n".join(pages)
            + "\n```\n"
        )
    source[0] = text


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", for_the_site)
