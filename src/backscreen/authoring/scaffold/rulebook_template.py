"""The first files of a new rulebook: one entry of each kind, with placeholders in angle brackets."""

from __future__ import annotations

from collections.abc import Mapping

from backscreen.authoring.scaffold.rule_template import editor_line
from backscreen.formats.yaml_writer import entry, joined
from backscreen.loading.ids import HYPHENED
from backscreen.loading.text_lengths import ID

_FACTS = """\
# Facts about a person, each with the question that asks for it. A fact is one of
#   flag     yes or no
#   number   a whole number; it needs unit, at_least and at_most, and may have a no (the answer "none")
#   choice   one of several; it needs options, each {id: …, means: …}, and may have a no
# Facts about one trial of a stretch go under `trial`, in the same form.
person:
  - id: <small letters, such as sciatica>
    type: flag
    title: <a short noun, as in a list>
    question: <what the person is asked, in plain words>
"""
_STRETCHES = """\
# Regions of the body, muscles (targets), and the stretches that act on them. Rules select stretches by these.
regions:
  - id: <small letters, such as lower_back>
    name: <what people call it>
targets:
  - id: <small letters, such as hamstrings>
    name: <what people call it>
stretches:
  - id: <small letters, such as knee_to_chest>
    name: <what people call it>
    position: <the position that it starts from>
    regions: [<id of a region above>]
    targets: [<id of a target above>]
    # Motions of the lower back: flexion, extension, hyperextension, rotation, side_bending or none.
    motions: [<one or more of these words>]
    steps:
      - <how it is done, one step a line>
    # dose: {hold_s: 30, repetitions: 3, per_side: yes, per_day: 1}
    statements: [<id of the statement that describes it>]
"""
_STATEMENTS = """\
# What the documents say, statement by statement; rules and stretches refer to their ids.
- id: A1
  document: A
  where: <the place, so that others find it>
  says: <what it says, in your own words>
  # rule, stretch or region if it becomes one; advice if people read it; else background.
  becomes: [<one or more of these words>]
  # advice: the sentence that people read; only and always if becomes contains advice
"""
_SCENARIOS = """\
# Whole people, and what the whole rulebook says about them. Replace [] with entries such as:
#   - name: an office worker with a stiff back
#     given: {facts: {…: yes}, otherwise: no}
#     expect: {directive: proceed, verdicts: {…: allowed}}
[]
"""
_README = """\
# Next steps

This folder is a rulebook: plain text files that you can open in any text editor. Replace each
placeholder, `<like this>`, brackets included. Run the commands below in a terminal in this folder.

1. **rulebook.yaml**: say what the rulebook is about, and which documents it is based on.
2. **statements.yaml**: read a document and write down what it says, statement by statement, each
   with its place in the document.
3. **stretches.yaml**: add the stretches that the documents describe.
4. **facts.yaml**: add what you need to know about a person, each fact with its question.
5. **The rules**, one file each. This command asks what the rule says, and writes its file with
   sketches of cases:

       backscreen rules new hamstrings-with-sciatica

6. **Check** the rulebook as often as you like. Every problem is reported with its file and line:

       backscreen rules check .

7. **Test** the rules on their cases:

       backscreen rules test .

8. **scenarios.yaml**: add whole people, and what all rules together say about them.

An editor with YAML support completes the rulebook's names while you type, and explains them.
`backscreen rules new` updates the names; so does this command:

       backscreen rules schema . --out .schemas

A rulebook is information, not medical advice. Have a second clinician read every rule before
anybody relies on it.
"""


def rulebook_texts(name: str, *, title: str | None = None, document: str | None = None) -> Mapping[str, str]:
    """Return the files of a rulebook in a folder of this name; `document` is the title of its source."""
    return {
        "rulebook.yaml": _head(name, title, document),
        "facts.yaml": f"{editor_line('facts')}\n{_FACTS}",
        "stretches.yaml": f"{editor_line('stretches')}\n{_STRETCHES}",
        "statements.yaml": f"{editor_line('statements')}\n{_STATEMENTS}",
        "scenarios.yaml": f"{editor_line('scenarios')}\n{_SCENARIOS}",
        "README.md": _README,
    }


def _head(name: str, title: str | None, document: str | None) -> str:
    return joined(
        [editor_line("rulebook")],
        entry(
            "id", name if HYPHENED.fullmatch(name) and len(name) <= ID else "<small letters, digits and single hyphens>"
        ),
        entry("title", title or "<the name of the rulebook, for people>"),
        entry("summary", "<what it is about, in one or two sentences>"),
        ["version: 0.1.0", "language: en"],
        ["# yes only if its rules look for warning signs of serious disease.", "looks_for_warning_signs: no"],
        ["# The documents that it is based on. Statements refer to their ids; a url and a year are optional."],
        ["documents:", "  - id: A", *entry("title", document or "<title of the document>", indent=4)],
    )
