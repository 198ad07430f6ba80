"""Draw docs/screening.svg, the README's picture: run `python docs/make_picture.py` when the report has changed."""  # noqa: INP001

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.segment import Segment, SegmentLines

from backscreen import Profile, Screener
from backscreen.rendering import terminal
from backscreen.rendering.report import report

COMMAND = "backscreen screen --has facet_syndrome --otherwise no"
WIDTH, MOST_LINES = 80, 46

# rich's own template without its web fonts: the reader's monospaced font is used.
TEMPLATE = """\
<svg role="img" aria-label="The first lines of a screening" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-family: monospace; font-size: 16px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def drawn() -> str:
    """Return the picture: the first lines of the report, up to the end of a paragraph."""
    screener = Screener()
    profile = Profile(facts={"facet_syndrome": True}, otherwise="no")
    told = report(screener.screen(profile))
    console = Console(
        record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    lines = console.render_lines(terminal.screening(told, console), pad=False)
    console.print(SegmentLines([*_first_paragraphs(lines), [Segment("…")], []], new_lines=True))
    return console.export_svg(title=COMMAND, code_format=TEMPLATE, unique_id="screening")


def _first_paragraphs(lines: list[list[Segment]]) -> list[list[Segment]]:
    ends = [number for number, line in enumerate(lines) if not any(segment.text.strip() for segment in line)]
    return lines[: max(end for end in ends if end < MOST_LINES) + 1]


if __name__ == "__main__":
    Path(__file__).with_name("screening.svg").write_text(drawn(), encoding="utf-8")
