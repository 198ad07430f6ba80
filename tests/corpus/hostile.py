"""Files that try to make the program hang, use up memory, crash or read other files, with the expected errors."""

from __future__ import annotations

import os
import random
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import yaml
from attrs import frozen

from tests.helpers.small import AVOID, FACTS, HEAD, SCENARIOS, SMALL, STATEMENTS, STRETCHES, Texts

MIB = 1024 * 1024
Make = Callable[[Path], object]


@frozen
class Hostile:
    """A profile (`p.yaml`) or a rulebook (`book`) that `make` writes into a folder.

    `code` is said of it, at `where` below that folder; with none it is legal, if only just, and costs what it costs.
    """

    name: str
    make: Make
    code: str | None
    where: str
    on: str
    takes_trying: bool = False
    """Whether it has so many people to try that `rules test` takes longer, and so many pages that `rules docs` does."""
    answers: str | None = None
    """The profile of somebody to be screened with it, in YAML."""

    def __str__(self) -> str:
        return self.name


PROFILES: list[Hostile] = []
RULEBOOKS: list[Hostile] = []


def _profile(name: str, content: str | bytes | Make, code: str | None, place: str = "") -> None:
    def write(folder: Path) -> None:
        if callable(content):
            content(folder / "p.yaml")
        else:
            (folder / "p.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())

    PROFILES.append(Hostile(name, write, code, "p.yaml" + place, "profile"))


def _written(folder: Path, texts: Texts) -> None:
    for file, text in texts.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _rulebook(  # noqa: PLR0913 - one for each thing that is said of it
    name: str,
    change: Texts | Make,
    code: str | None,
    place: str = "",
    *,
    takes_trying: bool = False,
    answers: str | None = None,
) -> None:
    """The small rulebook, with some files written anew or with something done to its folder."""

    def write(folder: Path) -> None:
        _written(folder / "book", SMALL if callable(change) else SMALL | change)
        if callable(change):
            change(folder / "book")

    RULEBOOKS.append(
        Hostile(name, write, code, f"book/{place}" if place else "book", "rulebook", takes_trying, answers)
    )


def _full(unit: str, size: int = MIB) -> str:
    """As much of it as a file may hold."""
    return unit * (size // len(unit.encode()))


def _lines(line: str, count: int) -> str:
    return "".join(line.replace("§", str(number)) for number in range(count))


def _shuffled(count: int) -> list[str]:
    """Names of 50 letters, the same in other orders: nothing but a close look tells them apart."""
    dice = random.Random(1)
    return ["x" + "".join(dice.sample("abcdefghij" * 5, 49)) for _ in range(count)]


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(before)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * MIB)


# Depth, size and number

LAUGHS = "a: &a [x]\n" + "".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
_profile("billion laughs", LAUGHS, "yaml-anchor", ":1:4")
_profile("an alias to nothing", "facts: *all\n", "yaml-alias", ":1:8")
_profile("1 MiB of aliases", "[" + _full("*a,"[:3], MIB - 1), "yaml-alias", ":1:2")
_profile("1 MiB of [", _full("["), "too-deep", ":1:33")
_profile("1 MiB of {a:", _full("{a: "), "too-deep", ":1:129")
_profile("1 MiB of {", _full("{"), "key-not-a-word", ":1:2")
_profile("1 MiB of - in one line", _full("- "), "too-deep", ":1:65")
_profile("1 MiB of ?", _full("? "), "key-not-a-word", ":1:3")
_profile("mappings within mappings", "".join(" " * level + "a:\n" for level in range(1400)), "too-deep", ":33:33")
_profile("1 MiB of a: in one line", _full("a: "), "yaml-syntax", ":1:5")
_profile("1 MiB of a: line by line", _full("a:\n"), "repeated-key", ":2:1")
_profile("1 MiB of - line by line", _full("-\n"), "too-many-values", ":50000:2")
_profile("1 MiB of commas", "[" + _full("a,", MIB - 1), "too-many-values", ":1:100000")
_profile("1 MiB of keys without values", "{" + _full("a,", MIB - 1), "repeated-key", ":1:4")
_profile("1 MiB of other keys", _lines("k§:\n", 110_000), "too-many-values", "")
_profile("1 MiB of one word", _full("a"), "not-a-mapping", ":1:1")
_profile("1 MiB of one key", _full("a", MIB - 2) + ":", "yaml-syntax", "")
_profile("1 MiB of one explicit key", "? " + _full("a", MIB - 6) + "\n: b", "unknown-key", ":1:3")
_profile("a byte more than 1 MiB", _full("#") + "#", "too-large")
_profile("100 GiB of nothing", _sparse, "too-large")
_profile("1 MiB of comments", _full("#\n"), "empty-value")
_profile("1 MiB of empty lines", _full("\n"), "empty-value")
_profile("1 MiB of spaces", _full(" "), "empty-value")
_profile("a block of 1 MiB of empty lines", "a: |\n" + _full("\n", MIB - 6) + "b", "yaml-syntax", "")
_profile(
    "a folded block of stairs",
    "facts: >\n" + "".join(" " * (1 + level % 700) + "a\n" for level in range(2900)),
    "not-a-mapping",
    ":1:8",
)
_profile("1 MiB of quotes", _full('"'), "yaml-syntax", ":1:3")
_profile("1 MiB of escapes", 'facts: "' + _full(r"\x41", MIB - 12) + '"', "not-a-mapping", ":1:8")
_profile("1 MiB of %YAML", _full("%YAML 1.1\n"), "yaml-syntax", ":2:1")
_profile("1 MiB of %TAG", _lines("%TAG !§! tag:x\n", 50_000) + "---\na: b\n", "yaml-tag", ":1:1")
_profile("1 MiB of ---", _full("---\n"), "several-documents", ":2:1")
_profile("a second document", "facts: {}\n...\n---\nfacts: {sciatica: yes}\n", "several-documents", ":3:1")

# What YAML can do

_profile("a Python object", "facts: !!python/object/apply:os.system [id]\n", "yaml-tag", ":1:8")
_profile("a tag of its own", "facts: !mine {}\n", "yaml-tag", ":1:8")
_profile("1 MiB of one tag", "a: !" + _full("b", MIB - 6), "yaml-tag", ":1:4")
_profile("1 MiB of one anchor", "a: &" + _full("b", MIB - 6) + " c", "yaml-anchor", ":1:4")
_profile("a merge key", "facts:\n  <<: {sciatica: yes}\n", "yaml-merge-key", ":2:3")
_profile("a list as a key", "? [a, b]\n: c\n", "key-not-a-word", ":1:3")
_profile("no number", "facts: {excess_weight_lb: .nan}\n", "not-finite", ":1:27")
_profile("an endless number", "facts:\n  excess_weight_lb: -.inf\n", "not-finite", ":2:21")
_profile("JSON's endless number", '{"facts": {"excess_weight_lb": Infinity}}', "not-finite", ":1:32")
_profile("a number of 100,000 digits", "facts: {excess_weight_lb: " + "9" * 100_000 + "}\n", "wrong-answer", ":1:27")
_profile("a thousand-millionth power", "facts: {excess_weight_lb: 1e999999999}\n", "wrong-answer", ":1:27")
_profile(
    "an amount of 100,000 digits", "facts: {excess_weight_lb: " + "9" * 100_000 + " kg}\n", "wrong-answer", ":1:27"
)
_profile("tabs", "facts:\n\tsciatica: yes\n", "yaml-syntax", ":2:1")

# Bytes and characters

_profile("a NUL byte", b"facts: {}\n#\x00\n", "control-characters", ":2:2")
_profile("1 MiB of NUL bytes", b"\0" * MIB, "control-characters", ":1:1")
_profile("UTF-16", "facts: {}\n".encode("utf-16"), "not-utf8")
_profile("UTF-16 without its mark", "facts: {}\n".encode("utf-16-le"), "control-characters", ":1:2")
_profile("half a pair", b"facts: \xed\xa0\x80\n", "not-utf8")
_profile(
    "half a pair, escaped",
    'facts: "\\ud800"\n',
    "yaml-syntax" if yaml.__with_libyaml__ else "control-characters",
    ":1:",
)
_profile("NUL in two bytes", b"facts: \xc0\x80\n", "not-utf8")
_profile("another end of a line", "# nothing\x85facts: {sciatica: yes}\n", "control-characters", ":1:10")
_profile("a separator of lines", "# nothing\u2028facts: {sciatica: yes}\n", "control-characters", ":1:10")
_profile("a separator of paragraphs", "# nothing\u2029facts: {sciatica: yes}\n", "control-characters", ":1:10")
_profile("lines that end in CR alone", "# nothing\rfacts: {sciatica: yes}\r", "control-characters", ":1:10")
_profile("a mark of byte order in the middle", "facts: {}\n\ufeff\n", "control-characters", ":2:1")
_profile("writing turned round", "facts: {}  # \u202eon :aciatics\u2069\n", "control-characters", ":1:14")
_profile("writing turned round, escaped", 'facts: {"\\u202eno": yes}\n', "control-characters", ":1:9")
_profile("a terminal's commands", 'facts: {"\\e]0;x\\a": yes}\n', "control-characters", ":1:9")

# What is no file

_profile("a pipe that nobody writes into", _fifo, "not-a-file")
_profile("a socket", _socket, "not-a-file")
_profile("a device", lambda path: path.symlink_to("/dev/zero"), "not-a-file")
_profile("a terminal", lambda path: path.symlink_to("/dev/tty"), "not-a-file")
_profile("a directory", Path.mkdir, "not-a-file")
_profile("a link to itself", lambda path: path.symlink_to(path), "unreadable-file")
_profile("a link to nothing", lambda path: path.symlink_to("nothing"), "file-missing")

# What a profile says

_profile("20,000 facts that there are not", "facts:\n" + _lines("  k§: yes\n", 20_000), "unknown-fact", ":2:3")
_profile(
    "facts with names alike", "facts:\n" + "".join(f"  {name}: yes\n" for name in _shuffled(15_000)), "unknown-fact"
)
_profile(
    "a fact and 20,000 that are nearly the same",
    "facts:\n" + _lines("  excess_weight_l§: 1\n", 20_000),
    "unknown-fact",
    ":2:3",
)
_profile("20,000 answers that are lists", "facts:\n" + _lines("  k§: []\n", 20_000), "wrong-answer", ":2:7")
_profile("40,000 keys that there are not", _lines("fact§:\n", 40_000), "unknown-key", ":1:1")
_profile("16,000 trials", "trials:\n" + _lines("  - {felt: pain}\n", 16_000), "too-many-values", ":102:5")
_profile("101 empty trials", "trials:\n" + "  - {}\n" * 101, "too-many-values", ":102:5")
_profile("100 empty trials", "trials:\n" + "  - {}\n" * 100, None)
_profile(
    "10,000 trials of nothing",
    "trials:\n" + _lines("  - {stretch: hamstring_§, felt: pian}\n", 10_000),
    "unknown-stretch",
    ":2:15",
)
_profile("40,000 trials that are words", "trials:\n" + _lines("  - x\n", 40_000), "not-a-mapping", ":2:5")
_profile("an answer of 1 MiB", "trials: [{felt: " + _full("a", MIB - 20) + "}]", "wrong-answer", ":1:17")

# Rules

RULE = SMALL[AVOID]


def _rule(*edits: tuple[str, str]) -> Texts:
    text = RULE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return {AVOID: text}


def _when(text: str) -> Texts:
    return _rule(("when: {sciatica: yes}", "when:\n" + text))


_INTRICATE = "  all:\n" + "    - any: [{sciatica: yes}, {numbness: yes}, {from_sitting: yes}]\n" * 3000
_EITHER = "{any: [{sciatica: yes}, {numbness: yes}]}"
_rulebook("40,000 facts that there are not", _when(_lines("  k§: yes\n", 40_000)), "unknown-fact", f"{AVOID}:4:3")
_rulebook(
    "names alike in a condition",
    _when("".join(f"  {name}: yes\n" for name in _shuffled(15_000))),
    "unknown-fact",
    f"{AVOID}:4:3",
)
_rulebook("a condition with 3 to the 3,000th alternatives", _when(_INTRICATE), "too-intricate", AVOID)
_rulebook(
    "alternatives within alternatives",
    _when("  all:\n" + f"    - all: [{', '.join([_EITHER] * 9)}]\n" * 500),
    "too-intricate",
    AVOID,
)
_rulebook(
    "20,000 spans",
    _when("  any:\n" + _lines("    - excess_lb: {at_least: §}\n", 12_000)),
    "always-holds",
    f"{AVOID}:5:18",
)
_rulebook("20,000 numbers", _when("  excess_lb: [" + _lines("§, ", 20_000) + "]\n"), "wrong-answer", "")
_rulebook(
    "1,000 numbers in 40 lists",
    _when("  any:\n" + f"    - excess_lb: [{_lines('§, ', 1001)}]\n" * 40),
    "too-intricate",
    "",
)
_rulebook(
    "the same alternative 16,000 times", _when("  any:\n" + "    - sciatica: yes\n" * 16_000), "too-intricate", AVOID
)
_rulebook("not not not", _when("  " + "not: {" * 30 + "sciatica: yes" + "}" * 30 + "\n"), None)
_rulebook(
    "40,000 statements that there are not", _rule(("[A1]", "[" + _lines("S§, ", 40_000) + "]")), "unknown-statement", ""
)
_rulebook("one statement 40,000 times", _rule(("[A1]", "[" + "A1, " * 40_000 + "]")), "repeated-name", "")
_rulebook("40,000 keys that a rule has not", {AVOID: RULE + _lines("reasn§: x\n", 40_000)}, "unknown-key", "")
_rulebook("40,000 gaps to fill in", {AVOID: RULE + _lines("gap§: <write>\n", 24_000)}, "to-fill-in", "")
_rulebook("a rule of NULs", {AVOID: "\0" * MIB}, "control-characters", f"{AVOID}:1:1")
_rulebook("an id of 1 MiB", _rule(("id: hamstrings", "id: " + "a-" * 400_000)), "too-long", f"{AVOID}:1:5")
_rulebook(
    "8,000 cases",
    {
        AVOID: RULE.split("cases:")[0]
        + "cases:\n"
        + _lines("  - {name: c§, given: {}, expect: {fires: unknown}}\n", 8_000)
    },
    None,
)

# The other files


def _facts(person: str, more: str = "") -> Texts:
    return {FACTS: SMALL[FACTS].replace("trial:\n", person + "trial:\n") + more}


def _stretches(more: str) -> Texts:
    return {STRETCHES: SMALL[STRETCHES] + more}


FLAG = "  - {id: f§, type: flag, title: t, question: q}\n"
STRETCH = (
    "  - {id: s§, name: n, position: p, regions: [legs], targets: [neck], motions: [none],"
    " steps: [x], statements: [A2]§}\n"
)
_STATEMENT = "- {id: S§, document: A, where: w, says: s, becomes: [background]}\n"
_MANY_WORDS = {
    STATEMENTS: SMALL[STATEMENTS] + _lines(_STATEMENT.replace("says: s", 'says: "' + "@_" * 1999 + '"'), 250)
}
_MANY = {
    f"many/r{number}.yaml": RULE.split("cases:")[0].replace("id: hamstrings", f"id: r{number}")
    for number in range(1500)
}


def _chain(count: int) -> str:
    links = (f", variation_of: s{number - 1}" if number else "" for number in range(count))
    return "".join(STRETCH.replace("s§", f"s{number}", 1).replace("§", link) for number, link in enumerate(links))


def _plain_stretches(count: int) -> str:
    return "".join(STRETCH.replace("s§", f"s{number}", 1).replace("§", "") for number in range(count))


_rulebook("5,000 facts", _facts(_lines(FLAG, 4_990)), None)
_rulebook("10,000 facts", _facts(_lines(FLAG, 9_000)), "too-many-values", FACTS)
_rulebook(
    "1,000 facts that rest on one another",
    _facts(_lines("  - {id: f§, type: flag, title: t, question: q, rests_on: [" + _lines("f§, ", 40) + "]}\n", 900)),
    "unknown-fact",
)
_rulebook(
    "facts that rest on what there is not",
    _facts("  - {id: f, type: flag, title: t, question: q, rests_on: [" + _lines("g§, ", 40_000) + "]}\n"),
    "unknown-fact",
)
_rulebook(
    "facts in groups that there are not",
    _facts(_lines("  - {id: f§, type: flag, title: t, question: q, group: g§}\n", 8_000)),
    "unknown-group",
)
_rulebook(
    "10,000 groups",
    {FACTS: SMALL[FACTS].replace("person:", _lines("  - {id: g§, question: q}\n", 10_000) + "person:")},
    None,
)
_rulebook(
    "15,000 options",
    _facts(
        "  - {id: c, type: choice, title: t, question: q, options: [" + _lines("{id: o§, means: m}, ", 12_000) + "]}\n"
    ),
    "too-many-values",
    FACTS,
)
_rulebook(
    "10,000 units",
    _facts(
        "  - {id: n, type: number, title: t, question: q, unit: u, at_least: 0, at_most: 9, also_in: ["
        + _lines("{unit: u, times: 1, over: 1}, ", 10_000)
        + "]}\n"
    ),
    "bad-unit",
)
_rulebook("a fact 7,000 times", _facts("  - {id: f, type: flag, title: t, question: q}\n" * 7_000), "repeated-id")
_rulebook(
    "10,000 codes of a fact",
    _facts(
        "  - {id: f, type: flag, title: t, question: q, codes: [" + "{system: s, year: 1, code: c}, " * 12_000 + "]}\n"
    ),
    None,
)
_rulebook("4,000 stretches in a chain", _stretches(_chain(3_500)), "too-many-values")
_rulebook(
    "490 stretches in a chain, each with a dose", _stretches(_chain(490).replace("[x]", "[x], dose: {hold_s: 5}")), None
)
_rulebook("3,000 stretches", _stretches(_plain_stretches(3_500)), "too-many-values")
_rulebook(
    "stretches in a circle",
    _stretches(_chain(200).replace("statements: [A2]}", "statements: [A2], variation_of: s199}", 1)),
    "variation-circle",
    "",
)
_rulebook(
    "a stretch of 40,000 targets",
    _stretches(STRETCH.replace("§", "1", 1).replace("§", "").replace("[neck]", "[" + _lines("t§, ", 40_000) + "]")),
    "unknown-target",
    "",
)
_rulebook(
    "15,000 regions",
    {STRETCHES: SMALL[STRETCHES].replace("targets:\n", _lines("  - {id: r§, name: n}\n", 12_000) + "targets:\n", 1)},
    None,
)
_rulebook(
    "7,000 statements",
    {
        STATEMENTS: SMALL[STATEMENTS]
        + _lines("- {id: S§, document: A, where: w, says: s, becomes: [background]}\n", 6_800)
    },
    None,
)
_rulebook(
    "statements of documents that there are not",
    {
        STATEMENTS: SMALL[STATEMENTS]
        + _lines("- {id: S§, document: D§, where: w, says: s, becomes: [background]}\n", 6_800)
    },
    "unknown-document",
)
_rulebook("40,000 retired ids", {HEAD: SMALL[HEAD] + "retired_ids: [" + _lines("r§, ", 40_000) + "]\n"}, None)
_rulebook(
    "a name of 25 kB",
    {STRETCHES: SMALL[STRETCHES].replace("name: Cat-cow", "name: " + "a_" * 12_500)},
    "too-long",
    f"{STRETCHES}:10:11",
)
_rulebook(
    "a place of 900 kB in a document",
    {STATEMENTS: SMALL[STATEMENTS] + _lines(_STATEMENT.replace("where: w", "where: " + "w" * 900_000), 1)},
    "too-long",
)
_rulebook(
    "900 steps of 1,001 letters",
    _stretches(STRETCH.replace("§", "1", 1).replace("§", "").replace("[x]", f"[{_lines('x' * 1001 + ', ', 900)}]")),
    "too-long",
)
_rulebook("250 texts as long as may be", _MANY_WORDS, None)
_rulebook(
    "one retired id 40,000 times", {HEAD: SMALL[HEAD] + "retired_ids: [" + "r, " * 40_000 + "]\n"}, "repeated-name"
)
_rulebook(
    "3,000 scenarios of 2 trials",
    {
        SCENARIOS: _lines(
            "- {name: s§, given: {trials: [{felt: pain}, {felt: pain}]}, expect: {directive: care, verdicts: {}}}\n",
            3_000,
        )
    },
    None,
    takes_trying=True,
)
_rulebook(
    "a scenario of 10,000 trials",
    {
        SCENARIOS: "- {name: s, given: {trials: ["
        + "{felt: pain}, " * 10_000
        + "]}, expect: {directive: care, verdicts: {}}}\n"
    },
    "too-many-values",
    f"{SCENARIOS}:1:",
)
_rulebook(
    "a scenario of 40,000 rules",
    {
        SCENARIOS: "- {name: s, given: {}, expect: {directive: care, verdicts: {}, fires: ["
        + _lines("r§, ", 40_000)
        + "]}}\n"
    },
    "unknown-rule",
)
_rulebook("1,500 rules and 700 stretches", _MANY | _stretches(_plain_stretches(700)), "too-many-values")
_rulebook(
    "1,500 rules and a scenario of 100 trials",
    _MANY
    | {
        SCENARIOS: "- {name: s, given: {trials: ["
        + "{felt: pain}, " * 100
        + "]}, expect: {directive: care, verdicts: {}}}\n"
    },
    None,
    takes_trying=True,
)
_rulebook(
    "1,500 rules with one id",
    {file: text.replace(f"id: r{file[6:-5]}", "id: r1") for file, text in _MANY.items()},
    "file-name",
)
_rulebook(
    "1,500 rules with names alike",
    {
        file: text.replace("[A1]", f"[{name}]")
        for (file, text), name in zip(_MANY.items(), _shuffled(1500), strict=True)
    },
    "unknown-statement",
)
_rulebook(
    "7 files of 40,000 values",
    {f"many/r{number}.yaml": "[" + "a, " * 40_000 + "]" for number in range(7)},
    "too-many-values",
    "many/r4.yaml",
)
_rulebook(
    "12 files of 1 MiB", {f"many/r{number:02}.yaml": _full("#") for number in range(12)}, "too-large", "many/r07.yaml"
)

# The folder


def _link(name: str, target: str) -> Make:
    def link(book: Path) -> None:
        path = book / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return link


def _files(count: int, name: str, text: str = "") -> Make:
    def fill(book: Path) -> None:
        for number in range(count):
            path = book / name.replace("§", str(number))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return fill


def _deep(book: Path) -> None:
    before = Path.cwd()
    os.chdir(book)
    for _ in range(500):
        Path("deeper").mkdir()
        os.chdir("deeper")
    Path("r.yaml").write_text(RULE)
    os.chdir(before)


def _links(book: Path) -> None:
    for number in range(1000):
        (book / "advice" / f"l{number}").symlink_to(
            "../" * (number % 2) + ("stops/../" * 300)[: 9 * (number % 300)] + "."
        )


def _beside(book: Path) -> None:
    _written(book.parent / "sibling", {"r.yaml": RULE})
    (book / "precautions" / "sibling").symlink_to("../../sibling")


def _named(name: bytes) -> Make:
    def write(book: Path) -> None:
        Path(os.fsdecode(os.fsencode(book / "advice") + b"/" + name)).write_text(RULE)

    return write


def _instead(make: Make) -> Make:
    def put(book: Path) -> None:
        (book / FACTS).unlink()
        make(book / FACTS)

    return put


def _huge(book: Path) -> None:
    for number in range(50):
        _sparse(book / "advice" / f"r{number}.yaml")


def _relinked(book: Path) -> None:
    book.rename(book.parent / "real")
    book.symlink_to("real")
    (book / "advice" / "out").symlink_to("../../book")


_rulebook("20,000 files", _files(20_000, "many/r§.yaml"), "too-many-files")
_rulebook("4,000 files without a rule", _files(4_000, "many/r§.yaml"), "empty-value", "many/r0.yaml:1:1")
_rulebook("4,000 strays", _files(4_000, "statement§.yaml"), "stray-file", "statement0.yaml")
_rulebook("2,400 folders", _files(2_400, "f§/r.yaml"), "empty-value", "f0/r.yaml:1:1")
_rulebook("500 folders within one another", _deep, "too-deep", "deeper/" * 16 + "deeper")
_rulebook("1,000 links", _links, "too-many-files")
_rulebook(
    "a file linked to another outside",
    _link("precautions/passwd.yaml", "/etc/passwd"),
    "link-outside",
    "precautions/passwd.yaml",
)
_rulebook("facts that are a link outside", _link(FACTS, "/etc/passwd"), "link-outside", FACTS)
_rulebook("a folder linked to one beside it", _beside, "link-outside", "precautions/sibling")
_rulebook("a folder linked to the whole disk", _link("everything", "/"), "link-outside", "everything")
_rulebook("a folder linked to where the rulebook is", _link("up", ".."), "link-outside", "up")
_rulebook("a link out and back in", _link("advice/back", "../../book/stops"), "link-outside", "advice/back")
_rulebook("a link out of a rulebook that is a link", _relinked, "link-outside", "advice/out")
_rulebook("a link to nothing outside", _link("advice/none.yaml", "../../none.yaml"), "link-outside", "advice/none.yaml")
_rulebook("a link to itself", _link("advice/loop.yaml", "loop.yaml"), "unreadable-file", "advice/loop.yaml")
_rulebook("a link to a device", _link("advice/zero.yaml", "/dev/zero"), "link-outside", "advice/zero.yaml")
_rulebook("a pipe among rules", lambda book: _fifo(book / "advice" / "pipe.yaml"), "not-a-file", "advice/pipe.yaml")
_rulebook("a pipe in place of the facts", _instead(_fifo), "not-a-file", FACTS)
_rulebook(
    "a socket among rules", lambda book: _socket(book / "advice" / "socket.yaml"), "not-a-file", "advice/socket.yaml"
)
_rulebook(
    "a folder that is named like a file",
    lambda book: (book / "advice" / "folder.yaml").mkdir(),
    "not-a-file",
    "advice/folder.yaml",
)
_rulebook("a folder in place of the facts", _instead(Path.mkdir), "not-a-file", FACTS)
_rulebook(
    "a name that turns writing round",
    _named("r\u202elmay.yaml".encode()),
    "control-characters",
    r"advice/r\u202elmay.yaml",
)
if sys.platform == "linux":  # elsewhere there are no such names
    _rulebook("a name that is no text", _named(b"r\xff.yaml"), "control-characters", r"advice/r\udcff.yaml")
    _rulebook("a name of two lines", _named(b"r\n\x1b[31m.yaml"), "control-characters", r"advice/r\n\x1b[31m.yaml")
_rulebook("rules of 100 GiB", _huge, "too-large", "")


# As much as there may be


def _copies(book: Path) -> None:
    """The shipped rulebook with its rules over and over, 2,000 of them, and 5,000 more statements."""
    shutil.rmtree(book)
    shutil.copytree(Path(__file__).parents[2] / "rules" / "lower-back", book)
    (book / SCENARIOS).unlink()
    rules = [(path, path.read_text()) for path in sorted(book.glob("*/*.yaml"))]
    for number in range(len(rules), 2000):
        path, text = rules[number % len(rules)]
        name = f"{path.stem}-{number}"
        path.with_stem(name).write_text(text.replace(f"id: {path.stem}\n", f"id: {name}\n", 1))
    with (book / STATEMENTS).open("a") as stream:
        stream.write(
            _lines(
                "- {id: X§, document: A, where: w, says: Something or other is said., becomes: [background]}\n", 5000
            )
        )


def _apart(text: str, number: int) -> str:
    """A rule with a scope of its own."""
    return text.replace(
        "{targets: [hamstrings]}", f"{{targets: [hamstrings, spine, neck], stretches: [s{number % 270}, cat_cow]}}"
    )


def _wide(count: int) -> Texts:
    """Rules of 58 alternatives each."""
    options = _lines("{id: o§, means: m}, ", 60)
    when = "{c: [" + _lines("o§, ", 58) + "]}"
    rules = {file: text.replace("{sciatica: yes}", when) for file, text in list(_MANY.items())[:count]}
    return rules | _facts("  - {id: c, type: choice, title: t, question: q, options: [" + options + "]}\n")


_rulebook("2,000 rules and 5,000 statements", _copies, None, takes_trying=True)
_rulebook(
    "700 rules and 280 stretches",
    {file: _apart(text, number) for number, (file, text) in enumerate(_MANY.items()) if number < 690}
    | _stretches(_plain_stretches(277)),
    None,
)
_rulebook(
    "7,000 cases and 27 facts asked in each",
    {
        AVOID: RULE.split("cases:")[0]
        + "cases:\n"
        + _lines("  - {name: c§, given: {otherwise: no}, expect: {fires: no}}\n", 7_000)
    }
    | _facts(_lines(FLAG, 90)),
    None,
)
_rulebook(
    "7,000 cases and 4,500 facts",
    {
        AVOID: RULE.split("cases:")[0]
        + "cases:\n"
        + _lines("  - {name: c§, given: {otherwise: no}, expect: {fires: no}}\n", 7_000)
    }
    | _facts(_lines(FLAG, 4_500)),
    None,
    takes_trying=True,
)


def _own_facts(rules: int, each: int, stretches: int, effect: str = "avoid") -> Texts:
    """Rules of which each reads facts of its own and is about every stretch."""
    found = _facts(_lines(FLAG, rules * each)) | _stretches(_plain_stretches(stretches))
    for number, (file, text) in enumerate(list(_MANY.items())[:rules]):
        when = ", ".join(f"f{fact}: yes" for fact in range(number * each, number * each + each))
        found[file] = (
            text.replace("sciatica: yes", when)
            .replace("{targets: [hamstrings]}", "all")
            .replace("effect: avoid", f"effect: {effect}")
        )
    return found


_WARNS = {HEAD: SMALL[HEAD].replace("signs: no", "signs: yes")}
_LONG = {file: text.replace("It pulls on the nerve.", "word " * 799) for file, text in _MANY.items()}
_CITED = {STATEMENTS: SMALL[STATEMENTS] + _lines(_STATEMENT.replace("says: s", "says: " + "word " * 799), 200)}
_CITING = {
    file: text.replace("[A1]", f"[S{number % 200}]").replace("[B2]", "[A1]")
    for number, (file, text) in enumerate(_MANY.items())
}


def _some(texts: Texts, count: int) -> Texts:
    return dict(list(texts.items())[:count])


_rulebook("1,000 rules of 4 facts each and 200 stretches", _own_facts(1000, 4, 190), "too-many-values")
_rulebook("900 rules of 4 facts each and 50 stretches", _own_facts(900, 4, 50), None)
_rulebook("900 rules of one fact each and 200 stretches", _own_facts(900, 1, 190), None, answers="facts: {f1: yes}\n")
_rulebook("1,400 warning signs", _WARNS | _own_facts(1400, 1, 1, "stop"), None)
_rulebook("7 rules of 500 warning signs", _WARNS | _own_facts(7, 500, 1, "stop"), None)
_rulebook("350 long reasons", _some(_LONG, 350), None)
_rulebook(
    "350 long reasons to stop",
    {
        file: text.replace("effect: avoid", "effect: stop").replace("{targets: [hamstrings]}", "all")
        for file, text in _some(_LONG, 350).items()
    },
    None,
)
_rulebook("1,500 long reasons", _LONG, "too-many-values")
_rulebook("400 rules that cite long statements", _CITED | _some(_CITING, 400), None)
_rulebook("1,500 rules that cite long statements", _CITED | _CITING, "too-many-values")
_rulebook(
    "100 trials and 1,500 rules about trials",
    {file: text.replace("sciatica: yes", "trial.felt: pain") for file, text in _MANY.items()},
    None,
    answers="trials: [{felt: pain}, {felt: pain}]\n",
)
_rulebook(
    "4,900 questions of one group",
    {
        FACTS: SMALL[FACTS]
        .replace("on?}", "on? " + "word " * 50 + "}")
        .replace(
            "trial:\n", _lines("  - {id: f§, type: flag, title: t, question: q, group: cause}\n", 4_900) + "trial:\n"
        )
    },
    None,
)
_rulebook("150 rules of 58 alternatives", _wide(150), None)
_rulebook("1,500 rules of 58 alternatives", _wide(1500), "too-intricate", "many/")
_rulebook(
    "4 files of 49,000 values",
    {f"many/r{number}.yaml": "{" + _lines("a§: b, ", 49_000) + "}" for number in range(4)},
    "too-many-problems",
    "many/r0.yaml",
)
_rulebook(
    "3 files of 3,000 deep lists",
    {f"many/r{number}.yaml": ("- " * 30 + "x\n") * 1600 for number in range(4)},
    "not-a-mapping",
    "many/r0.yaml:1:1",
)
