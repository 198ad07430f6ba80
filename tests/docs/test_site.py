"""The documentation as a site: no warnings, no unreachable pages, nothing loaded from other hosts."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import pytest

import backscreen
import backscreen.testing

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MISSING = [name for name in ("sphinx", "furo", "myst_parser") if find_spec(name) is None]
LOADED = {"audio", "embed", "iframe", "img", "link", "object", "script", "source", "video"}
"""Elements whose target a browser loads by itself."""


class Page(HTMLParser):
    """Page of the site: what it loads, its links, its ids, and the links in each section."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.below: dict[str, list[str]] = {}
        self._section = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.add(given.get("id", ""))
        target = given.get("src") or given.get("href") or given.get("data")
        if tag == "section":
            self._section = given.get("id", "")
        elif tag in LOADED and target:
            self.loads.append(target)
        elif tag == "a" and target:
            self.links.append(target)
            self.below.setdefault(self._section, []).append(target)


def target_of(page: Path, target: str) -> tuple[Path, str]:
    """Return the file that a link leads to, and its anchor."""
    path, _, place = unquote(target).partition("#")
    return ((page.parent / path.partition("?")[0]).resolve() if path else page), place


def elsewhere(target: str) -> bool:
    return re.match(r"([a-z]+:)?//|[a-z]+:", target) is not None


@pytest.mark.skipif(bool(MISSING), reason=f"the extra `docs` is not installed: no {', '.join(MISSING)}")
def test_site_builds_and_is_complete(tmp_path: Path) -> None:
    """The site builds without a warning, and its first page leads to every page and anchor."""
    site = tmp_path.resolve() / "site"
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        "-d",
        str(tmp_path / "doctrees"),
        str(DOCS),
        str(site),
    ]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode or done.stdout:
        pytest.fail(f"sphinx-build ends with {done.returncode}:\n{done.stdout}", pytrace=False)

    pages = {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html")}
    reached, waiting = set(), [site / "index.html"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        for target in (target for target in pages[path].links if not elsewhere(target)):
            there, place = target_of(path, target)
            assert there.is_file(), (path, target)
            assert not place or there not in pages or place in pages[there].ids, (path, target)
            waiting += [there] if there in pages else []
    shown = {page for page in DOCS.rglob("*.md") if page != DOCS / "package.md"}  # shown by package indexes only
    assert reached >= {site / page.relative_to(DOCS).with_suffix(".html") for page in shown}

    for path, page in pages.items():
        for target in page.loads:
            assert not elsewhere(target), (path, target)
            assert target_of(path, target)[0].is_file(), (path, target)
    for style in site.rglob("*.css"):
        assert not re.search(r"@import|url\([\"']?(?!data:)([a-z]+:)?//", style.read_text("utf-8")), style

    first = pages[site / "index.html"].below
    assert "using.html#for-a-person-with-a-sore-back" in first["for-a-person-with-a-sore-back"]
    assert "using.html#for-developers" in first["for-a-developer"]
    assert "first-rulebook.html" in first["for-a-clinician-who-writes-or-reviews-rules"]

    described = pages[site / "site" / "reference.html"].ids
    assert described >= {
        f"{module.__name__}.{name}" for module in (backscreen, backscreen.testing) for name in module.__all__
    }


def test_reference_lists_the_public_names() -> None:
    """The reference documents exactly the public names, even if Sphinx is not installed."""
    named = re.findall(
        r"^\.\. (?:auto(?!module)\w+|py:type):: (?:[\w.]+\.)?(\w+)",
        (DOCS / "site/reference.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert sorted(named) == sorted([*backscreen.__all__, *backscreen.testing.__all__])


def test_every_example_is_shown() -> None:
    """The examples page shows every file in examples/."""
    shown = re.findall(
        r"^```\{literalinclude\} \.\./\.\./examples/(\S+)$",
        (DOCS / "site/examples.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert sorted(shown) == sorted(path.name for path in (ROOT / "examples").iterdir())
