"""The first files of a new rulebook: one entry of each kind, and what only its author knows in angle brackets."""

from __future__ import annotations

from collections.abc import Mapping

from backscreen.authoring.scaffold.rule_template import editor_line
from backscreen.formats.yaml_writer import entry, joined
from backscreen.loading.declarations import HYPHENED
from backscreen.loading.text_lengths import ID

_FACTS = """\
# What can be known about a person, with the question that asks for it. A fact is one of
#   flag     yes or no
#   number   a whole number; it needs unit, at_least and at_most, and may have a no (the answer "none")
#   choice   one of several; it needs options, each {id: …, means: …}, and may have a no
# What can be known about one try of a stretch goes under trial, in the same form.
person:
  - id: <small letters, such as sciatica>
    type: flag
    title: <a short noun, as in a list>
    question: <what the person is asked, in plain words>
"""
_STRETCHES = """\
# The parts of the body, the muscles, and the stretches that act on them. Rules name stretches by these.
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
    # What the lower back does: flexion, extension, hyperextension, rotation, side_bending or none.
    motions: [<one or more of these words>]
    steps:
      - <how it is done, one step a line>
    # dose: {hold_s: 30, repetitions: 3, per_side: yes, per_day: 1}
    statements: [<id of the statement that describes it>]
"""
_STATEMENTS = """\
# What the documents say, one statement after the other; rules and stretches name them by their ids.
- id: A1
  document: A
  where: <where it stands, so that somebody else finds it>
  says: <what it says, in your own words>
  # rule, stretch or region if it becomes one; advice if people are shown it; else background.
  becomes: [<one or more of these words>]
  # advice: the sentence that people are shown, exactly where becomes holds advice
"""
_SCENARIOS = """\
# Whole people, and what the whole rulebook says of them. In place of [], write such as:
#   - name: an office worker with a stiff back
#     given: {facts: {…: yes}, otherwise: no}
#     expect: {directive: proceed, verdicts: {…: allowed}}
[]
"""
_README = """\
# Next steps

This folder is a rulebook: plain text files, which any text editor opens. What stands in angle
brackets, `<like this>`, is for you to write; take the brackets away with it. The commands below are
to be typed in a terminal that is open in this folder.

1. **rulebook.yaml**: say what the rulebook is about, and which documents it rests on.
2. **statements.yaml**: read a document, and write down what it says, one statement after the other,
   each with the place where it stands.
3. **stretches.yaml**: the stretches that the documents describe.
4. **facts.yaml**: what you have to know about a person, with the question that asks for it.
5. **The rules**, one file each. This asks you what the rule says and writes its file, with the
   people to try it on:

       backscreen rules new hamstrings-with-sciatica

6. **Check** what you have, as often as you like. Each complaint names the file and the line:

       backscreen rules check .

7. **Try** the rules on the people in them:

       backscreen rules test .

8. **scenarios.yaml**: whole people, and what all the rules together say of them.

An editor that understands YAML offers you the rulebook's names while you type, and says what they
mean. Writing a new rule tells it the names that you have added since; so does this:

       backscreen rules schema . --out .schemas

A rulebook is information, and no medical advice. Have every rule read by a second clinician before
anybody relies on it.
"""


def rulebook_texts(name: str, *, title: str | None = None, document: str | None = None) -> Mapping[str, str]:
    """The texts of a rulebook in a folder of this name, by file; `document` is the title of its source."""
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
        ["# yes only if its rules ask for the warning signs of serious disease.", "looks_for_warning_signs: no"],
        ["# The documents that it rests on. Statements name them by their ids; a url and a year may be added."],
        ["documents:", "  - id: A", *entry("title", document or "<title of the document>", indent=4)],
    )
