"""YAML and JSON text → plain values with positions: what is taken, and where what is not taken stands."""

from __future__ import annotations

import io
import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backscreen.diagnostics.characters import unwanted
from backscreen.diagnostics.diagnostic import Diagnostic
from backscreen.formats.yaml_builder import MOST_DEPTH, _PythonLoader
from backscreen.formats.yaml_reader import read_file, read_stream, read_text
from backscreen.formats.yaml_text import MOST_BYTES, MOST_NODES, Allowance, Data, Exhausted, Text, Unreadable, plain


def read(text: str | bytes) -> Text:
    return read_text(text if isinstance(text, bytes) else text.encode(), "f.yaml")


def diagnostics_of(text: str | bytes) -> tuple[Diagnostic, ...]:
    """What keeps a text from being read, or is wrong with it though it can be read."""
    try:
        diagnostics = read(text).diagnostics
    except Unreadable as unreadable:
        diagnostics = unreadable.diagnostics
    assert diagnostics
    return diagnostics


def diagnostic_of(text: str | bytes) -> Diagnostic:
    (diagnostic,) = diagnostics_of(text)
    return diagnostic


# Values


@pytest.mark.parametrize(
    "word",
    [
        "on",
        "off",
        "Yes",
        "YES",
        "No",
        "True",
        "FALSE",
        "y",
        "n",
        "Null",
        "012",
        "0x1F",
        "0o17",
        "0b1",
        "1_000",
        "1:30",
        "2026-11-20",
        "2026-11-20T10:00:00Z",
        "2.5",
        ".5",
        "1e5",
        "+5",
        "-012",
        "--5",
        "inf",
        "nan",
        "NaNs",
        "infinity",
        "1e999",
        "=",
        "<<",
        "25 kg",
        "٣",
        "1" * 19,
        "1" * 5000,
    ],
)
def test_what_other_readers_would_turn_into_something_else_stays_a_word(word: str) -> None:
    assert read(f"a: {word}").data == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("yes", True),
        ("true", True),
        ("no", False),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-0", 0),
        ("30", 30),
        ("-7", -7),
        ("1" * 18, int("1" * 18)),
    ],
)
def test_flags_whole_numbers_and_nothing_are_what_they_look_like(word: str, value: Data) -> None:
    (found,) = read(f"a: {word}").data.values()  # type: ignore[union-attr]
    assert (type(found), found) == (type(value), value)
    assert plain(word) == value


@pytest.mark.parametrize("word", ["yes", "no", "null", "~", "", "30", "012"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_what_stands_in_quotes_is_a_word(word: str, quote: str) -> None:
    assert read(f"a: {quote}{word}{quote}").data == {"a": word}


@pytest.mark.parametrize("style", ["|", ">"])
def test_a_block_of_text_is_a_word(style: str) -> None:
    assert read(f"a: {style}-\n  yes\n").data == {"a": "yes"}


@pytest.mark.parametrize("key", ["yes", "on", "3", "null", "012", '"yes"', '"<<"', ".nan"])
def test_a_key_is_always_a_word(key: str) -> None:
    assert read(f"{key}: x").data == {key.strip('"'): "x"}


def test_lists_and_mappings_nest_in_either_style() -> None:
    assert read("a:\n  - {b: [1, two]}\n  - []\n  - {}\n").data == {"a": [{"b": [1, "two"]}, [], {}]}


@pytest.mark.parametrize("text", ["", "   \n\n", "# only a comment\n", "---\n", "---\n...\n", "\ufeff"])
def test_an_empty_text_is_nothing(text: str) -> None:
    assert read(text).data is None


def test_what_is_said_of_an_empty_text_is_said_of_its_first_line() -> None:
    assert read("").at(()) == read("").at(("facts", "sciatica"), key=True) == "f.yaml:1:1"


@pytest.mark.parametrize(
    "text", ["a: b\n", "---\na: b\n", "a: b\n...\n", "%YAML 1.1\n---\na: b\n", "\ufeffa: b\n", "a: b\r\n"]
)
def test_one_document_may_be_framed(text: str) -> None:
    assert read(text).data == {"a": "b"}


def test_a_byte_order_mark_does_not_shift_columns() -> None:
    assert read("\ufeffab: c").at(("ab",)) == "f.yaml:1:5"


def test_json_may_be_indented_with_tabs() -> None:
    text = '{\n\t"facts": {\n\t\t"sciatica": true\n\t},\n\t"trials": [\t]\n}\n'
    assert read(text).data == {"facts": {"sciatica": True}, "trials": []}
    assert read(" \n[\t1]").data == [1]


def test_json_may_be_indented_with_tabs_where_pyyaml_has_no_c_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backscreen.formats.yaml_builder._LOADER", _PythonLoader)
    assert read('{\n\t"a": [\t1]}\n').data == {"a": [1]}
    assert read("[\t1]").data == [1]
    assert diagnostic_of("a: !b c").location == "f.yaml:1:4"


def test_yaml_may_not_be_indented_with_tabs() -> None:
    assert diagnostic_of("facts:\n\tsciatica: yes\n").location == "f.yaml:2:1"


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=10).filter(
        lambda text: unwanted(text) is None
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc é", max_size=4), inner, max_size=3),
    max_leaves=12,
)


@settings(deadline=None)
@given(value=_json, indent=st.sampled_from([None, 1, 4, "\t"]), ascii_only=st.booleans())
def test_json_text_is_read_as_json_means_it(value: Data, indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only and max(str(value), default="") < "\U00010000")
    found = read(text).data
    assert found == value
    assert json.dumps(found) == json.dumps(value)  # which sets True and 1 apart


@settings(deadline=None)
@given(
    st.binary(max_size=40) | st.text("ab:-{}[],'\"#|>!&*%@`? \n\t\r0\\\x00\ufeff\u2028😀", max_size=40).map(str.encode)
)
def test_whatever_the_bytes_are_they_are_read_or_refused_with_a_place(content: bytes) -> None:
    try:
        where = [read(content).at(())]
    except Unreadable as failure:
        where = [diagnostic.location or "" for diagnostic in failure.diagnostics]
    assert where
    assert all(place.startswith("f.yaml") for place in where)


# Positions

POSITIONS = """\
# a comment
facts:
  sciatica: yes
  build:
    - slight
trials:
  - {felt: pain,
     after: same}
"""


@pytest.mark.parametrize(
    ("path", "of_the_value", "of_the_key"),
    [
        ((), "2:1", "2:1"),
        (("facts",), "3:3", "2:1"),
        (("facts", "sciatica"), "3:13", "3:3"),
        (("facts", "build"), "5:5", "4:3"),
        (("facts", "build", 0), "5:7", "5:7"),
        (("trials",), "7:3", "6:1"),
        (("trials", 0), "7:5", "7:5"),
        (("trials", 0, "felt"), "7:12", "7:6"),
        (("trials", 0, "after"), "8:13", "8:6"),
    ],
)
def test_a_value_and_its_key_are_known_by_line_and_column(
    path: tuple[str | int, ...], of_the_value: str, of_the_key: str
) -> None:
    text = read(POSITIONS)
    assert text.at(path) == f"f.yaml:{of_the_value}"
    assert text.at(path, key=True) == f"f.yaml:{of_the_key}"


@pytest.mark.parametrize("key", [False, True])
def test_what_is_not_there_stands_where_it_would_be(key: bool) -> None:
    text = read(POSITIONS)
    assert text.at(("facts", "smoker"), key=key) == "f.yaml:3:3"
    assert text.at(("trials", 3, "felt"), key=key) == "f.yaml:7:3"


# What is not taken


def test_a_repeated_key_is_an_error_with_both_lines() -> None:
    diagnostic = diagnostic_of("a:\n  felt: pain\n  early: no\n  felt: nothing\n")
    assert diagnostic.location == "f.yaml:4:3"
    assert diagnostic.name == "felt"
    assert "line 2" in (diagnostic.help or "")


def test_all_repeated_keys_are_said_at_once() -> None:
    diagnostics = diagnostics_of("a: 1\na: {b: 1, b: 2}\nc: {d: 1, d: [3]}\na: 4\n")
    assert [(diagnostic.location, diagnostic.name) for diagnostic in diagnostics] == [
        ("f.yaml:2:1", "a"),
        ("f.yaml:2:11", "b"),
        ("f.yaml:3:11", "d"),
        ("f.yaml:4:1", "a"),
    ]


def test_a_key_that_is_written_in_two_ways_is_repeated_all_the_same() -> None:
    assert diagnostic_of("yes: 1\n'yes': 2\n").location == "f.yaml:2:1"


def test_the_same_key_in_two_mappings_is_not_repeated() -> None:
    assert read("- {a: 1}\n- {a: 2}\n").data == [{"a": 1}, {"a": 2}]


def test_repeated_keys_are_said_along_with_what_ends_the_reading() -> None:
    assert [diagnostic.location for diagnostic in diagnostics_of("a: 1\na: 2\nb: !c 3\n")] == [
        "f.yaml:2:1",
        "f.yaml:3:4",
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("{a, b}", ["1:2", "1:5"]),
        ("x: {a: 1, b}", ["1:11"]),
        ("{a # b: 1\n}", ["1:2"]),
        ("? a\n? b\n", ["1:3", "2:3"]),
        ("? a\n? b\n: 1\n", ["1:3"]),
        ("[? a]", ["1:4"]),
        ('{"a"}', ["1:2"]),
        ("{yes}", ["1:2"]),
    ],
)
def test_key_without_colon_is_an_error(text: str, places: list[str]) -> None:
    """A key of a YAML set is refused at its place."""
    assert [(diagnostic.location, diagnostic.code) for diagnostic in diagnostics_of(text)] == [
        (f"f.yaml:{place}", "key-without-value") for place in places
    ]


@pytest.mark.parametrize(
    "text",
    ["a:", "{a: }", "{a: , b: 1}", "? a\n:\n", "a: # b\n", '{"a":}', "{a: null}", "{a : }", "a:\r\n", "{? a : }"],
)
def test_key_with_empty_value_is_read(text: str) -> None:
    """A colon with nothing behind it is an empty value, and no set."""
    read_back = read(text)
    assert read_back.diagnostics == ()
    assert isinstance(read_back.data, dict)
    assert read_back.data["a"] is None


@pytest.mark.parametrize(
    "text",
    [
        "reason: up to #2 on\n  the wall\nname: x\n",
        "steps:\n  - up to #2 on\n    the wall\n",
        "- {reason: up to #2 on\n  the wall}\n",
    ],
)
def test_text_that_goes_on_after_a_comment_is_told_so(text: str) -> None:
    """Where the next line makes it an error of syntax, the comment is named, and not what follows it."""
    diagnostic = diagnostic_of(text)
    assert (diagnostic.code, diagnostic.position[1]) == ("comment-after-text", text[: text.index("#")].count("\n") + 1)


CUT = frozenset({"reason", "steps", "name"})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("reason: up to mark #2 on the wall\n", "1:20"),
        ("reason: up to\n  mark #2 on the wall\n", "2:8"),
        ("reason: up to\n  mark\n  #2 on the wall\n", "3:3"),
        ("reason: up to\n\n\n   #2 on the wall\n", "4:4"),
        ("reason: stop # 2\n", "1:14"),
        ("reason: süß und # 2\n", "1:17"),
        *([("reason: up to\t#2\n", "1:15")] if yaml.__with_libyaml__ else []),  # the parser in Python refuses the tab
        ("reason: up to #2\r\n", "1:15"),
        ("steps:\n  - lie down\n  - lift #2\n", "3:10"),
        ("steps: [lie down, lift #2\n  ]\n", "1:24"),
        ("{reason: up to\n#2 on the wall\n}", "2:1"),
        ("x: [{name: a, reason: up to #2\n}]\n", "1:29"),
    ],
)
def test_comment_after_a_text_is_an_error(text: str, place: str) -> None:
    """A comment that may have been meant as part of an unquoted text is found at its `#`."""
    assert [(diagnostic.location, diagnostic.code) for diagnostic in read(text).cut_texts(CUT, ())] == [
        (f"f.yaml:{place}", "comment-after-text")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "reason: 'up to'  # a comment\n",
        'reason: "mark #2"  # a comment\n',
        "reason: >-  # a comment\n  up to mark #2\n",
        "reason: |-\n  up to\n  #2\n",
        "reason: mark#2, C#\n",
        "reason: up to\n# a comment\nname: x\n",
        "# a comment\nreason: up to\n",
        "steps:\n  - lie down\n  # a comment\n  - lift\n",
        "steps:  # a comment\n- lie down\n",
        "steps: [lie down, # a comment\n  lift]\n",
        "status: draft  # draft | reviewed\ncount: 3 # a comment\nids: [A1] # a comment\n",
        "given: {reason: two words # a comment\n}\n",
        "x: {name: a, reason: up to} # a comment\n",
        "x:\n  - name: a b\n    # a comment\n    reason: up to\n",
    ],
)
def test_comment_elsewhere_is_legal(text: str) -> None:
    """Comments behind quotes, ids, numbers and lists, and those on a line of their own, are left alone."""
    assert list(read(text).cut_texts(CUT, {"given"})) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("reason: Stop: it hurts\n", "1:13"),
        ("steps:\n- a\n- b: c: d\n", "3:7"),
        ("reason: stop\n  here: it hurts\n", "2:7"),
    ],
)
def test_colon_in_a_text_is_told_to_be_quoted(text: str, place: str) -> None:
    """A colon in an unquoted text gets the help that a comment gets."""
    diagnostic = diagnostic_of(text)
    assert (diagnostic.location, diagnostic.code) == (f"f.yaml:{place}", "yaml-syntax")
    assert "put the text in quotes" in (diagnostic.help or "")


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("a: &base {b: 1}\nc: *base\n", "1:4", "`&base`"),
        ("a: 1\nc: *base\n", "2:4", "`*base`"),
        ("a: *base\n", "1:4", "`*base`"),
        ("*base : 1\n", "1:1", "`*base`"),
        ("- 1\n- &x\n", "2:3", "`&x`"),
        ("&k a: 1\n", "1:1", "`&k`"),
        ("<<: *base\n", "1:1", "`<<`"),
        ("a: !mine b\n", "1:4", "`!mine`"),
        ("a: !!str 3\n", "1:4", "`tag:yaml.org,2002:str`"),
        ("a: !!python/object/apply:os.system [id]\n", "1:4", "tag:yaml.org,2002:python"),
        ("!a b: 1\n", "1:1", "`!a`"),
        ("- !!set {a}\n", "1:3", "`tag:yaml.org,2002:set`"),
        ("- !<x> [a]\n", "1:3", "`x`"),
    ],
)
def test_anchors_aliases_and_tags_are_errors_where_they_stand(text: str, place: str, word: str) -> None:
    diagnostic = diagnostic_of(text)
    assert diagnostic.location == f"f.yaml:{place}"
    assert word in diagnostic.message


def test_a_second_document_is_an_error_where_it_starts() -> None:
    assert diagnostic_of("a: b\n---\nc: d\n").location == "f.yaml:2:1"
    assert diagnostic_of("---\na: b\n...\n---\nc: d\n").location == "f.yaml:4:1"


@pytest.mark.parametrize(
    ("text", "place"),
    [("? [a]\n: 1\n", "1:3"), ("{[a]: 1}", "1:2"), ("b: {{a: 1}: 2}", "1:5"), ("? {a: 1}\n: 2\n", "1:3")],
)
def test_a_key_that_is_no_word_is_an_error_where_it_stands(text: str, place: str) -> None:
    assert diagnostic_of(text).location == f"f.yaml:{place}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [1, 2\nb: 3\n", "2:2"),
        ("a: 'x\n", "1:4"),
        ("a: b: c\n", "1:5"),
        ("a: 1\n b: 2\n", "2:3"),
        ("{a: 1}}\n", "1:7"),
        ("a: @x\n", "1:4"),
        ("%YAML 9.9\n---\na: b\n", "1:1"),
        (",", "1:1"),
    ],
)
def test_what_is_no_yaml_is_an_error_by_line_and_column(text: str, place: str) -> None:
    assert diagnostic_of(text).location == f"f.yaml:{place}"


@pytest.mark.parametrize(
    ("text", "place", "character"),
    [
        ("a: \x00b", "1:4", "U+0000"),
        ("\x00\x00\x00", "1:1", "U+0000"),
        ("a: b\nc: \x07", "2:4", "U+0007"),
        ("\x7fELF\x02\x01\x01", "1:1", "U+007F"),
        ("a: b\r\nc: d\re: f", "2:5", "U+000D"),
        ("# hidden\rstop: yes", "1:9", "U+000D"),
        ("a: b\x85c: d", "1:5", "U+0085"),
        ("a: b\u2028c: d", "1:5", "U+2028"),
        ("a: b\u2029c: d", "1:5", "U+2029"),
        ("a: ä\ufeffb", "1:5", "U+FEFF"),
        ("a: x\u202ey", "1:5", "U+202E"),
        ("# x\u2066y", "1:4", "U+2066"),
        ("a: x\u200by", "1:5", "U+200B"),
        ("a: x\U000e0041y", "1:5", "U+E0041"),
        ("a: \uffff", "1:4", "U+FFFF"),
        ("a: 'x\x1by'", "1:6", "U+001B"),
    ],
)
def test_a_character_of_no_text_is_an_error_where_it_stands(text: str, place: str, character: str) -> None:
    diagnostic = diagnostic_of(text)
    assert (diagnostic.location, diagnostic.code) == (f"f.yaml:{place}", "control-characters")
    assert character in diagnostic.message


@pytest.mark.parametrize(
    "escape", [r"\0", r"\e", r"\x7f", r"\r", r"\N", r"\L", r"\P", r"\u202e", r"\ufeff", r"\U000e0041"]
)
def test_an_escape_hides_no_character_of_no_text(escape: str) -> None:
    assert diagnostic_of(f'a: b\nc: "x{escape}"').location == "f.yaml:2:4"
    assert diagnostic_of(f'{{"x{escape}": 1}}').location == "f.yaml:1:2"


@pytest.mark.parametrize("word", ["ä", "日本", "שלום", "👩\u200d⚕️", "a\u00a0b", "a\u200cb", r'"\n\t\u00e4"'])
def test_letters_of_every_writing_are_read(word: str) -> None:
    assert read(f"a: {word}").data == {"a": json.loads(word) if word.startswith('"') else word}


@pytest.mark.parametrize(
    "number",
    [
        ".inf",
        ".Inf",
        ".INF",
        "+.inf",
        "-.inf",
        "-.INF",
        ".nan",
        ".NaN",
        ".NAN",
        "NaN",
        "Infinity",
        "-Infinity",
        "+Infinity",
    ],
)
def test_what_readers_take_for_a_number_that_is_none_is_an_error_where_it_stands(number: str) -> None:
    diagnostic = diagnostic_of(f"a: b\nc: [1, {number}]\n")
    assert (diagnostic.location, diagnostic.code) == ("f.yaml:2:8", "not-finite")
    assert read(f"c: '{number}'").data == {"c": number}


@pytest.mark.parametrize(
    "content",
    [b"a: \xff", b"\x89PNG\r\n", "a: ä".encode("latin-1"), "a: b".encode("utf-16"), b"\xc0\x80", b"\xed\xa0\x80"],
)
def test_what_is_not_utf_8_is_an_error(content: bytes) -> None:
    diagnostic = diagnostic_of(content)
    assert diagnostic.location == "f.yaml"
    assert "UTF-8" in diagnostic.message


# Bounds


def test_a_text_of_1_mib_is_read_and_a_byte_more_is_an_error() -> None:
    assert MOST_BYTES == 1024 * 1024
    assert read(b"a: " + b"b" * (MOST_BYTES - 3)).data == {"a": "b" * (MOST_BYTES - 3)}
    diagnostic = diagnostic_of(b"a: " + b"b" * (MOST_BYTES - 2))
    assert diagnostic.location == "f.yaml"
    assert "1 MiB" in diagnostic.message


def test_32_levels_are_read_and_one_more_is_an_error_where_it_opens() -> None:
    assert MOST_DEPTH == 32
    assert isinstance(read("[" * 32 + "]" * 32).data, list)
    assert diagnostic_of("[" * 33 + "]" * 33).location == "f.yaml:1:33"
    assert diagnostic_of("- " * 33 + "x").location == "f.yaml:1:65"
    assert diagnostic_of("".join(" " * level + "a:\n" for level in range(40))).location == "f.yaml:33:33"


def test_depth_is_counted_down_again() -> None:
    assert read("[" + ",".join(["[[]]"] * 40) + "]").data == [[[]]] * 40


def test_50_000_values_are_read_and_one_more_is_an_error_where_it_stands() -> None:
    assert MOST_NODES == 50_000
    assert read("- 1\n" * 49_999).data == [1] * 49_999  # the list is a value, too
    assert diagnostic_of("- 1\n" * 50_000).location == "f.yaml:50000:3"


@pytest.mark.parametrize(
    "text",
    [
        "[" * MOST_BYTES,
        "- " * (MOST_BYTES // 2),
        "{" * MOST_BYTES,
        "? " * (MOST_BYTES // 2),
        '"' * MOST_BYTES,
        "!" * MOST_BYTES,
    ],
)
def test_a_text_made_to_exhaust_the_reader_is_refused(text: str) -> None:
    assert len(diagnostics_of(text)) == 1


# Files and streams


def test_a_file_is_read_under_its_own_name_or_another(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("a: b\n")
    assert read_file(path).at(("a",)) == f"{path}:1:4"
    assert read_file(path, "rules/p.yaml").at(("a",)) == "rules/p.yaml:1:4"


def refused(path: Path) -> Diagnostic:
    with pytest.raises(Unreadable) as caught:
        read_file(path)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def test_a_missing_file_is_an_error_with_its_path(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.yaml").location == str(tmp_path / "none.yaml")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    diagnostic = refused(tmp_path)
    assert diagnostic.location == str(tmp_path)
    assert "directory" in diagnostic.message


def test_a_file_that_cannot_be_read_is_an_error_with_the_systems_reason(tmp_path: Path) -> None:
    path = tmp_path / "loop.yaml"
    path.symlink_to(path)
    assert refused(path).location == str(path)
    assert refused(tmp_path / ("x" * 5000)).message.endswith("file name too long")


def test_what_cannot_be_a_path_is_an_error_that_can_be_printed() -> None:
    assert refused(Path("a\0b.yaml")).location == r"a\x00b.yaml"


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024 * 1024)
    assert "1 MiB" in refused(path).message


def test_a_stream_is_read_under_the_name_it_is_given() -> None:
    assert read_stream(io.BytesIO(b"a: b"), "standard input").at(("a",)) == "standard input:1:4"
    with pytest.raises(Unreadable) as caught:
        read_stream(io.BytesIO(b"a: !b c"), "standard input")
    assert [diagnostic.location for diagnostic in caught.value.diagnostics] == ["standard input:1:4"]


class Failing(io.BytesIO):
    def read(self, _size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_stream_that_cannot_be_read_is_an_error_with_the_systems_reason() -> None:
    with pytest.raises(Unreadable) as caught:
        read_stream(Failing(), "standard input")
    assert [(diagnostic.location, diagnostic.code) for diagnostic in caught.value.diagnostics] == [
        ("standard input", "unreadable-file")
    ]


def test_a_file_that_grows_is_read_to_its_end_and_no_further_than_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.yaml"
    read_some = os.read

    def growing(handle: int, size: int) -> bytes:  # the first part, and then as much as is asked for
        return read_some(handle, size) or b"#" * size

    path.write_text("a: b\n")
    monkeypatch.setattr(os, "read", growing)
    assert refused(path).code == "too-large"


def test_what_becomes_a_pipe_before_it_is_opened_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.yaml"
    os.mkfifo(path)
    before = Path(__file__).stat()
    monkeypatch.setattr(Path, "stat", lambda _path: before)
    assert refused(path).code == "not-a-file"


def test_files_that_share_an_allowance_are_counted_together() -> None:
    allowance = Allowance(values=5, bytes=30)
    read_text(b"[a, b]", "f.yaml", allowance)
    assert (allowance.values, allowance.bytes) == (2, 24)
    with pytest.raises(Exhausted) as caught:
        read_text(b"[a, b]", "f.yaml", allowance)
    assert [(diagnostic.location, diagnostic.code) for diagnostic in caught.value.diagnostics] == [
        ("f.yaml:1:5", "too-many-values")
    ]
    with pytest.raises(Exhausted) as caught:
        read_text(b"#" * 19, "f.yaml", allowance)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["too-large"]


def test_what_cannot_be_read_counts_all_the_same() -> None:
    allowance = Allowance(values=5)
    with pytest.raises(Unreadable):
        read_text(b"[a, b, !c d]", "f.yaml", allowance)
    assert allowance.values == 2


def test_of_many_repeated_keys_a_hundred_are_said() -> None:
    diagnostics = diagnostics_of("a: 1\n" * 500)
    assert [diagnostic.location for diagnostic in diagnostics] == [f"f.yaml:{line}:1" for line in range(2, 102)]


def test_a_texts_representation_leaves_positions_out() -> None:
    assert "Mark" not in repr(read("a: b"))
    assert repr(read("a: b")) == "Text(name='f.yaml', data={'a': 'b'})"


# Every parser that an installation may bring


class _Shallow(yaml.SafeLoader):
    """A parser with a limit of its own, a little above ours."""

    def fetch_flow_collection_start(self, token: type[yaml.Token]) -> None:
        if self.flow_level == MOST_DEPTH + 8:
            raise yaml.scanner.ScannerError("while increasing flow level", None, "too deep for me", self.get_mark())
        super().fetch_flow_collection_start(token)


PARSERS = [getattr(yaml, "CSafeLoader", _PythonLoader), _PythonLoader, _Shallow]


@pytest.mark.parametrize("parser", PARSERS, ids=["installed", "python", "shallow"])
@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("[" * 5000, "too-deep", ":1:33"),
        ("a:\n  " + "[" * 5000, "too-deep", ":2:34"),
        ("{a: " * 5000, "too-deep", ":1:129"),
        ("[{a: " * 5000, "too-deep", ":1:81"),
        ("{" * 5000, "key-not-a-word", ":1:2"),
        ("- " * 5000, "too-deep", ":1:65"),
        ("? " * 5000, "key-not-a-word", ":1:3"),
    ],
)
def test_depth_is_limited_by_us_before_any_parser(
    parser: type[yaml.SafeLoader], text: str, code: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text that is nested too deep is refused with our code at our place, whatever limit the parser has."""
    monkeypatch.setattr("backscreen.formats.yaml_builder._LOADER", parser)
    diagnostic = diagnostic_of(text)
    assert (diagnostic.code, diagnostic.location) == (code, f"f.yaml{where}")


def test_depth_below_the_limit_leaves_syntax_errors() -> None:
    """A syntax error at a bracket is still reported as one."""
    assert [(diagnostic.code, diagnostic.location) for diagnostic in diagnostics_of("a: [b] [c]\n")] == [
        ("yaml-syntax", "f.yaml:1:8")
    ]


_FRAGMENTS = [
    "a",
    "b?",
    "?",
    "? ",
    ":",
    ": ",
    ",",
    ", ",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "\n  ",
    "- ",
    " #",
    "'",
    '"',
    "|\n",
    "x: ",
    ">\n  ",
    "-",
    "é",
    "---",
]


@settings(deadline=None, max_examples=500)
@given(
    st.lists(st.sampled_from(_FRAGMENTS), max_size=8).map("".join),
    st.sampled_from(["{}", "{{k: {}}}", "[{}]", "k: [{}]"]),
)
@example("Is it so?", "{{k: {}}}")
def test_python_parser_reads_as_libyaml_does(text: str, frame: str) -> None:
    """A text that both parsers read has the same values with either."""
    read_by = []
    for parser in PARSERS[:2]:
        with pytest.MonkeyPatch.context() as patch, suppress(Unreadable):
            patch.setattr("backscreen.formats.yaml_builder._LOADER", parser)
            read_by.append(read(frame.format(text)).data)
    if len(read_by) == len(PARSERS[:2]):
        assert json.dumps(read_by[0]) == json.dumps(read_by[1])


@pytest.mark.parametrize("parser", PARSERS[:2], ids=["installed", "python"])
def test_question_mark_in_brackets_is_text(parser: type[yaml.SafeLoader], monkeypatch: pytest.MonkeyPatch) -> None:
    """A question needs no quotes in a flow mapping, with either parser."""
    monkeypatch.setattr("backscreen.formats.yaml_builder._LOADER", parser)
    assert read("{question: Is it so?, other: [a?, b? c]}").data == {"question": "Is it so?", "other": ["a?", "b? c"]}
