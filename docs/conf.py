"""Configuration of Sphinx, which builds a site from these pages: `sphinx-build -W -b html docs OUT`."""  # noqa: INP001

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
exclude_patterns = ["_build", "package.md"]  # package.md is for package indexes
html_theme = "furo"
html_theme_options = {"announcement": "Information, not medical advice."}
html_show_sphinx = html_show_copyright = html_copy_source = False
myst_heading_anchors = 6  # the same as on GitHub
default_role = "code"  # docstrings use single backticks
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
add_module_names = False
nitpicky = True
nitpick_ignore_regex = [
    ("py:class", r"(collections|hypothesis|importlib|pathlib)\..*|(.*\.)?(AppliesTo|Engine|Note|Place|Status)")
]  # other libraries, and names that are not public

DOCS = Path(__file__).parent
ROOT = DOCS.parent
IN_PLACE = {
    "site/readme": ROOT / "README.md",
    "site/contributing": ROOT / "CONTRIBUTING.md",
    "site/changelog": ROOT / "CHANGELOG.md",
    "site/security": ROOT / "SECURITY.md",
}
"""Pages of the site that show a file from the top-level folder."""
SITE_PAGES = {shown: f"{page}.md" for page, shown in IN_PLACE.items()} | {
    ROOT / "examples": "site/examples.md",
    ROOT / "rules" / "lower-back": "rulebooks/lower-back/index.md",
}
"""Link targets outside this folder, and the site's page for each. Any other file becomes a download."""
RULEBOOK_PAGES = {"": ["stretches", "facts", "statements", "disagreements", "rules/*"]}
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
        "Rules: reference": ["rulebook-format", "codes"],
        "The rulebooks": ["rulebooks/lower-back/index", "rulebooks/red-flags/index", "red-flags"],
        "Decisions": ["decisions/*"],
    },
    "rulebooks/lower-back/index": RULEBOOK_PAGES,
    "rulebooks/red-flags/index": RULEBOOK_PAGES,
}
"""The navigation. It is not in the pages, because GitHub would show it there."""

LINK = re.compile(r"\]\((?!https?:|#)(?P<path>[^)#\s]+)(?P<heading>#[^)\s]*)?\)")
MERMAID = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def for_the_site(app: Sphinx, page: str, source: list[str]) -> None:
    """Convert a page from GitHub to the site: adjust its links, fold its diagrams, add its navigation."""
    origin = IN_PLACE.get(page, DOCS / f"{page}.md")
    app.env.note_dependency(origin)
    text = origin.read_text("utf-8")

    def link(match: re.Match[str]) -> str:
        there = Path(os.path.normpath(origin.parent / match["path"]))
        target = os.path.relpath(DOCS / SITE_PAGES.get(there, there), DOCS.joinpath(page).parent)
        return f"]({target}{match['heading'] or ''})"

    # Mermaid's script would come from another server, or weigh megabytes. The table above a diagram says the same.
    text = MERMAID.sub(r"<details><summary>The same as Mermaid source</summary>\n\n```text\n\1```\n\n</details>", text)
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
    """Register the conversion of pages with Sphinx."""
    app.connect("source-read", for_the_site)
