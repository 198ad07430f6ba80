"""The command line: the output of each command, its exit code, and never a traceback for a user's mistake."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from backscreen import Screener, screening_schema
from backscreen.semantics.activations import EngineFault
from tests.helpers.broken import changed
from tests.helpers.default_engine import DEFAULT_ENGINE
from tests.helpers.machine import PATIENCE
from tests.helpers.small import AVOID, BENEFIT, CAUTION, HEAD, SCENARIOS, STATEMENTS, STRETCHES, Folder, Ran, Run, Texts

PROGRAM = str(Path(sys.executable).with_name("backscreen"))
SHIPPED = Path(__file__).parents[2] / "rules" / "lower-back"


def program(*arguments: str, **options: Any) -> Ran:
    """Run the program in a process of its own, its output in pipes."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR", "COLUMNS")
    }
    environment |= options.pop("environment", {})
    done = subprocess.run(
        [PROGRAM, *arguments],
        capture_output=True,
        check=False,
        env=environment,
        timeout=PATIENCE,
        **{"stdin": subprocess.DEVNULL, **options},
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def screened(run: Run, *arguments: str) -> dict[str, Any]:
    """What `screen --format json` prints, which is always of the shape that is promised."""
    ran = run("screen", *arguments, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    screening: dict[str, Any] = json.loads(ran.out)
    jsonschema.validate(screening, screening_schema())
    assert screening["fault"] is None
    return screening


def verdicts(screening: dict[str, Any]) -> dict[str, str]:
    return {stretch["id"]: stretch["verdict"] for stretch in screening["stretches"]}


def refused(ran: Ran, *words: str) -> None:
    """Bad input: exit 2, nothing on standard output, no traceback, and these words on standard error."""
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert [word for word in words if word not in ran.err] == []


# What was seen to hold


def test_sciatica_rules_hamstring_stretches_out(run: Run) -> None:
    screening = screened(run, "--has", "sciatica", "--otherwise", "no")
    assert {name for name, verdict in verdicts(screening).items() if verdict == "avoid"} == {
        "standing_forward_bend",
        "seated_toe_reach",
    }
    assert [
        (stretch["verdict"], stretch["recommended"])
        for stretch in screening["stretches"]
        if stretch["id"] == "side_bend"
    ] == [("caution", True)]


def test_facet_syndrome_rules_hyperextension_out(run: Run) -> None:
    found = verdicts(screened(run, "--has", "facet_syndrome", "--otherwise", "no"))
    assert (found["seated_backward_lean"], found["back_extension"], found["cat_cow"], found["knee_to_chest"]) == (
        "avoid",
        "avoid",
        "caution",
        "allowed",
    )


def test_three_hours_of_much_pain_stop_everything(run: Run) -> None:
    screening = screened(
        run, "--otherwise", "no", "--trial", "knee_to_chest:after=intense_increase,after_lasted_min=180"
    )
    assert screening["directive"] == "stop"
    assert set(verdicts(screening).values()) == {"avoid"}


def test_scoliosis_alone_leaves_what_is_not_of_the_lower_back_open(run: Run) -> None:
    screening = screened(run, "--has", "scoliosis")
    lower_back = {
        stretch["id"]
        for stretch in json.loads(run("stretches", "--format", "json").out)
        if "lower_back" in stretch["regions"]
    }
    assert {name for name, verdict in verdicts(screening).items() if verdict == "avoid"} == lower_back
    assert {verdict for name, verdict in verdicts(screening).items() if name not in lower_back} == {"undetermined"}
    assert screening["unanswered"]


def test_pain_on_a_stretch_that_is_not_known_leaves_all_of_them_open(run: Run) -> None:
    screening = screened(run, "--trial", ":felt=pain", "--otherwise", "no")
    assert set(verdicts(screening).values()) == {"undetermined"}
    assert screening["unanswered"] == ["trials[0].stretch"]
    assert screening["directive"] == "care"


def test_the_program_itself_says_the_same() -> None:
    ran = program("screen", "--has", "sciatica", "--otherwise", "no", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert verdicts(json.loads(ran.out))["standing_forward_bend"] == "avoid"


# Profiles that cannot be used


def sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)


@pytest.mark.parametrize(
    ("content", "place", "word"),
    [
        ("facts: {siatica: yes}\n", ":1:9", "`sciatica`"),
        ("facts:\n  sciatica: maybe\n", ":2:13", "`maybe`"),
        ("facts: {sciatica: 1}\n", ":1:19", "`1`"),
        ("facts: {warm_up_min: 601}\n", ":1:22", "600"),
        ("facts: {warm_up_min: 'yes'}\n", ":1:22", "`yes`"),
        ("facts: {warm_up_min: yes}\n", ":1:22", "`yes`"),
        ("trials: [{stretch: side_bends}]\n", ":1:20", "`side_bend`"),
        ("trials: [{stretch: side_bend, felt: pian}]\n", ":1:37", "`pain`"),
        ("trials: [{feld: pain}]\n", ":1:11", "`felt`"),
        ("facts: [sciatica\n", ":1:8", "YAML"),
        ("facts: {a: 1, a: 2}\n", ":1:15", "`a`"),
        ("", ":", "empty"),
        ("- sciatica\n", ":1:1", "`facts`"),
        ("sciatica: yes\n", ":1:1", "`facts:`"),
        ("a: &a [x]\nb: [*a, *a]\n", ":1:4", "`&a`"),
        ("a: *b\n", ":1:4", "`*b`"),
        ("a: !!python/object/apply:os.system ['true']\n", ":1:4", "tags"),
        ("[" * 100_000, ":1:33", "32"),
        ("{" + '"a": {' * 1000 + "}" * 1001, ":1:", "32"),
        ("---\na: b\n---\nc: d\n", ":3:1", "document"),
        (b"\x7fELF\x02\x01\x01\x00\x00", ":", "text"),
        (b"\xff\xfe\x00", ":", "UTF-8"),
        (sparse, ":", "1 MiB"),
        (Path.mkdir, ":", "directory"),
        (lambda path: path.symlink_to(path), ":", "cannot be read"),
        (lambda _: None, ":", "no such file"),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused_in_one_clear_message(
    run: Run, tmp_path: Path, content: str | bytes | Callable[[Path], object], place: str, word: str
) -> None:
    path = tmp_path / "p.yaml"
    if isinstance(content, str):
        path.write_text(content)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)
    ran = run("screen", "--profile", path)
    refused(ran, word)
    assert ran.err.startswith(f"{path}{place}")
    assert len(ran.err.splitlines()) == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_profile_that_may_not_be_read_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.touch(mode=0)
    refused(run("screen", "--profile", path), f"{path}: cannot be read")


def test_all_that_is_wrong_in_a_profile_is_said_at_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("facts: {siatica: yes, warm_up_min: -1}\ntrials: [{stretch: side_bend, felt: pian}]\n")
    refused(run("screen", "--profile", path), f"{path}:1:9", f"{path}:1:36", f"{path}:2:37")


def test_the_program_refuses_a_profile_without_a_traceback(tmp_path: Path) -> None:
    refused(program("screen", "--profile", str(tmp_path / "none.yaml")), "none.yaml")
    refused(program("screen", "--profile", "-", input=b"\x00", stdin=None), "standard input")
    (tmp_path / "deep.yaml").write_text("- " * 100_000)
    refused(program("screen", "--profile", str(tmp_path / "deep.yaml")), "deep.yaml:1:65")


# Options


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--has", "siatica"], ["--has siatica: ", "did you mean `sciatica`?"]),
        (["--lacks", "siatica"], ["--lacks siatica: ", "`sciatica`"]),
        (["--has", "warm_up_min"], ["--has warm_up_min: ", "`yes`", "600"]),
        (["--has", "felt"], ["--has felt: "]),
        (["--fact", "warm_up_min=601"], ["--fact warm_up_min=601: ", "`601`"]),
        (["--fact", "warm_up_min=2.5 min"], ["--fact warm_up_min=2.5 min: ", "`2.5 min`"]),
        (["--fact", "sciatica=maybe"], ["--fact sciatica=maybe: ", "`maybe`"]),
        (["--fact", "sciatica=1"], ["--fact sciatica=1: ", "`1`"]),
        (["--fact", "sciatica"], ["--fact sciatica: ", "`NAME=ANSWER`"]),
        (["--fact", "=5"], ["--fact =5: ", "`NAME=ANSWER`"]),
        (["--fact", "warm_up_min="], ["--fact warm_up_min=: ", "`warm_up_min`"]),
        (["--fact", "warm_up_min=null"], ["--fact warm_up_min=null: "]),
        (["--trial", "side_bends:felt=pain"], ["--trial side_bends:felt=pain: ", "did you mean `side_bend`?"]),
        (["--trial", "side_bend:felt=pian"], ["--trial side_bend:felt=pian: ", "did you mean `pain`?"]),
        (["--trial", "side_bend:feld=pain"], ["--trial side_bend:feld=pain: ", "did you mean `felt`?"]),
        (["--trial", "side_bend:self=yes"], ["--trial side_bend:self=yes: ", "`self`"]),
        (["--trial", "side_bend:felt"], ["--trial side_bend:felt: ", "`NAME=ANSWER`"]),
        (["--trial", "side_bend:felt="], ["--trial side_bend:felt=: ", "`felt`"]),
        (["--trial", "side_bend:felt=pain,"], ["--trial side_bend:felt=pain,: "]),
        (["--trial", ":stretch=side_bend"], ["--trial :stretch=side_bend: ", "`side_bend:felt=pain`"]),
        (
            ["--trial", "side_bend:felt=pain,felt=nothing"],
            ["--trial side_bend:felt=pain,felt=nothing: ", "`pain`", "`nothing`"],
        ),
        (["--has", "sciatica", "--lacks", "sciatica"], ["--lacks sciatica: ", "`yes`", "`no`"]),
        (["--has", "sciatica", "--fact", "sciatica=no"], ["--fact sciatica=no: "]),
        (["--fact", "warm_up_min=5", "--fact", "warm_up_min=6"], ["--fact warm_up_min=6: ", "`5`", "`6`"]),
        (["--otherwise", "maybe"], ["--otherwise", "`maybe`"]),
        (["--otherwise", "yes"], ["--otherwise", "`yes`"]),
        (["--format", "xml"], ["--format", "`xml`"]),
        (["--rules", "lower-bak"], ["`lower-bak`", "`lower-back`"]),
        (["--rules", "no/such/folder"], ["no/such/folder: "]),
        (["--profile"], ["--profile"]),
        (["--has"], ["--has"]),
        (["--profile", "a", "--profile", "b"], ["--profile"]),
        (["--no-has", "sciatica"], ["--no-has"]),
        (["--no-exit-code"], ["--no-exit-code"]),
        (["sciatica"], ["sciatica"]),
        (["--sciatica"], ["--sciatica"]),
        (["--has", "sciatica", "scoliosis"], ["scoliosis"]),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_by_name(run: Run, arguments: list[str], words: list[str]) -> None:
    refused(run("screen", *arguments), *words)


def test_all_that_is_wrong_with_the_options_is_said_at_once(run: Run) -> None:
    refused(
        run(
            "screen",
            "--has",
            "siatica",
            "--fact",
            "warm_up_min=601",
            "--fact",
            "x",
            "--trial",
            "side_bends:felt=pian,feld=x",
            "--trial",
            ":after=worse",
        ),
        "--has siatica: ",
        "--fact warm_up_min=601: ",
        "--fact x: ",
        "did you mean `side_bend`?",
        "did you mean `pain`?",
        "did you mean `felt`?",
        "--trial :after=worse: ",
    )


def test_what_is_said_twice_is_said_once(run: Run) -> None:
    twice = screened(
        run,
        "--has",
        "sciatica",
        "--has",
        "sciatica",
        "--fact",
        "sciatica=yes",
        "--fact",
        "warm_up_min=5",
        "--fact",
        "warm_up_min=5",
    )
    assert twice == screened(run, "--has", "sciatica", "--fact", "warm_up_min=5")


def test_one_amount_in_two_units_is_said_once(run: Run) -> None:
    twice = screened(
        run,
        "--fact",
        "excess_weight_lb=25 kg",
        "--fact",
        "excess_weight_lb=55",
        "--trial",
        "side_bend:after_lasted_min=5,after_lasted_min=5 min",
    )
    assert twice == screened(run, "--fact", "excess_weight_lb=55", "--trial", "side_bend:after_lasted_min=5")
    refused(
        run("screen", "--fact", "excess_weight_lb=25 kg", "--fact", "excess_weight_lb=56"),
        "--fact excess_weight_lb=56: ",
        "`55`",
        "`56`",
    )


def test_options_say_what_a_profile_says(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(
        "facts: {sciatica: yes, smoker: no, warm_up_min: 5, excess_weight_lb: 25 kg}\n"
        "trials: [{stretch: side_bend, felt: pain, after: same}, {felt: discomfort}, {stretch: cat_cow}]\n"
        "otherwise: no\n",
    )
    options = [
        "--has",
        "sciatica",
        "--lacks",
        "smoker",
        "--fact",
        "warm_up_min=5",
        "--fact",
        "excess_weight_lb=25 kg",
        "--otherwise",
        "no",
    ]
    trials = ["--trial", "side_bend:felt=pain,after=same", "--trial", ":felt=discomfort", "--trial", "cat_cow"]
    assert screened(run, *options, *trials) == screened(run, "--profile", str(path))


def test_options_add_to_a_profile(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("facts: {sciatica: yes, excess_weight_lb: 25 kg}\ntrials: [{stretch: side_bend, felt: pain}]\n")
    both = screened(
        run,
        "--profile",
        str(path),
        "--has",
        "scoliosis",
        "--fact",
        "sciatica=yes",
        "--trial",
        "cat_cow:felt=pain",
        "--otherwise",
        "no",
    )
    whole = ["--has", "sciatica", "--has", "scoliosis", "--fact", "excess_weight_lb=55", "--otherwise", "no"]
    assert both == screened(run, *whole, "--trial", "side_bend:felt=pain", "--trial", "cat_cow:felt=pain")


@pytest.mark.parametrize("option", [["--lacks", "sciatica"], ["--fact", "sciatica=no"]])
def test_options_do_not_contradict_a_profile(run: Run, tmp_path: Path, option: list[str]) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("facts: {sciatica: yes}\n")
    refused(run("screen", "--profile", path, *option), " ".join(option), "`yes`", "`no`")


@pytest.mark.parametrize(
    ("said", "option", "expected"), [("no", "unknown", True), ("unknown", "no", False), ("no", None, False)]
)
def test_what_the_option_says_of_the_rest_goes_before_what_the_profile_says(
    run: Run, tmp_path: Path, said: str, option: str | None, expected: bool
) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(f"otherwise: {said}\n")
    screening = screened(run, "--profile", str(path), *(["--otherwise", option] if option else []))
    assert bool(screening["unanswered"]) is expected


def test_a_trial_of_which_nothing_is_said_is_a_trial(run: Run) -> None:
    assert screened(run, "--trial", "cat_cow:") == screened(run, "--trial", "cat_cow")
    assert "trials[0].felt" in screened(run, "--trial", "cat_cow")["unanswered"]


def test_a_profile_may_come_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"facts: {sciatica: yes}\notherwise: no\n")))
    assert screened(run, "--profile", "-") == screened(run, "--has", "sciatica", "--otherwise", "no")


def test_standard_input_is_named_where_it_is_at_fault() -> None:
    assert (
        program("screen", "--profile", "-", "--format", "json", input=b"facts: {sciatica: yes}\n", stdin=None).code == 0
    )
    refused(program("screen", "--profile", "-", input=b"facts: {siatica: yes}\n", stdin=None), "standard input:1:9")
    refused(program("screen", "--profile", "-"), "standard input")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--trial", "knee_to_chest:after=intense_increase,after_lasted_min=180"], 1),
        (["--has", "sciatica", "--otherwise", "no"], 0),
        ([], 0),
    ],
)
def test_exit_code_tells_a_stop_and_is_told_only_when_asked_for(run: Run, arguments: list[str], code: int) -> None:
    assert run("screen", *arguments).code == 0
    assert run("screen", *arguments, "--exit-code").code == code
    assert run("screen", *arguments, "--exit-code", "--format", "json").code == code


# Output

PEOPLE = [
    [],
    ["--has", "sciatica", "--otherwise", "no"],
    ["--has", "scoliosis", "--trial", ":felt=pain", "--trial", "side_bend:after=mild_increase,after_lasted_min=25"],
    ["--trial", "knee_to_chest:after=intense_increase,after_lasted_min=180", "--fact", "warm_up_min=3"],
]


@pytest.mark.parametrize("person", PEOPLE[2:])
def test_what_is_printed_is_the_same_from_run_to_run(person: list[str]) -> None:
    for form in ("json", "text"):
        printed = {
            program("screen", *person, "--format", form, environment={"PYTHONHASHSEED": seed}) for seed in ("1", "2")
        }
        assert [ran.code for ran in printed] == [0]


@pytest.mark.parametrize("person", PEOPLE)
def test_the_json_is_of_the_shape_that_is_promised(run: Run, person: list[str]) -> None:
    assert screened(run, *person)["schema"] == "backscreen/screening/2"


@pytest.mark.parametrize(
    "command",
    [
        *(["screen", *person] for person in PEOPLE),
        ["stretches"],
        ["facts"],
        ["rules", "coverage"],
        ["--help"],
        ["screen", "--help"],
    ],
)
def test_text_in_a_pipe_is_plain_and_at_most_80_columns_wide(command: list[str]) -> None:
    ran = program(*command)
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    assert [line for line in ran.out.splitlines() if line != line.rstrip() and command[-1] != "--help"] == []


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What the program prints where its output is a terminal."""
    master, slave = pty.openpty()
    options = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    with subprocess.Popen(
        [PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        env={**options, "TERM": "xterm-256color", "COLUMNS": "80", **environment},
    ):
        os.close(slave)
        printed = b""
        try:
            while part := os.read(master, 65536):
                printed += part
        except OSError:  # the other end has been closed
            pass
    os.close(master)
    return printed.decode()


COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7])(?:;\d+)*m")


def test_a_terminal_is_given_colours_unless_it_wants_none() -> None:
    assert COLOUR.search(on_a_terminal("screen", "--has", "sciatica"))
    without = on_a_terminal("screen", "--has", "sciatica", NO_COLOR="1")
    assert not COLOUR.search(without)
    assert "NOT YET CLEAR" in without


def test_markdown_is_printed_as_it_is(run: Run) -> None:
    ran = run("screen", "--has", "sciatica", "--otherwise", "no", "--format", "markdown")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("**")
    assert "\n# Take care\n" in ran.out
    assert ran.out.endswith("Rulebooks: red-flags 0.1.0, lower-back 1.0.0\n")
    assert "\x1b" not in ran.out


# The catalogue and the questions


def test_the_stretches_are_listed(run: Run) -> None:
    ran = run("stretches")
    assert (ran.code, ran.err) == (0, "")
    listed = json.loads(run("stretches", "--format", "json").out)
    assert len(listed) == 20
    assert [stretch["id"] for stretch in listed if stretch["id"] not in ran.out] == []
    (side_bend,) = [stretch for stretch in listed if stretch["id"] == "side_bend"]
    assert set(side_bend) == {
        "id",
        "name",
        "position",
        "regions",
        "targets",
        "motions",
        "steps",
        "dose",
        "variation_of",
        "statements",
    }
    assert side_bend["motions"] == ["side_bending"]


def test_stretches_that_are_named_are_told_step_by_step(run: Run, folder: Folder, small: Texts) -> None:
    path = folder(small)
    ran = run("stretches", "far_toe_reach", "cat_cow", "--rules", path)
    assert (ran.code, ran.err) == (0, "")
    said = " ".join(ran.out.split())
    parts = [
        "far_toe_reach",
        "not proposed",
        "1. Reach past your toes.",
        "cat_cow",
        "2–3 times, hold 5–10 s",
        "the long muscles beside the spine",
        "1. Round your back.",
    ]
    assert sorted(said.index(part) for part in parts) == [said.index(part) for part in parts]
    assert "toe_reach" not in said.replace("far_toe_reach", "")
    listed = json.loads(run("stretches", "far_toe_reach", "cat_cow", "--rules", path, "--format", "json").out)
    assert [stretch["id"] for stretch in listed] == ["far_toe_reach", "cat_cow"]


def test_a_stretch_that_is_not_there_is_not_told(run: Run) -> None:
    refused(
        run("stretches", "side_bend", "side_bends", "cat_caw"),
        "`side_bends`",
        "did you mean `side_bend`?",
        "did you mean `cat_cow`?",
    )


def test_the_facts_are_listed(run: Run) -> None:
    ran = run("facts")
    assert (ran.code, ran.err) == (0, "")
    listed = json.loads(run("facts", "--format", "json").out)
    assert [len(listed["person"]), len(listed["trial"])] == [55, 5]
    assert [fact["id"] for fact in (*listed["person"], *listed["trial"]) if fact["id"] not in ran.out] == []
    by_id = {fact["id"]: fact for fact in (*listed["person"], *listed["trial"])}
    assert by_id["excess_weight_lb"]["also_in"] == [{"unit": "kg", "times": 100000000, "over": 45359237}]
    assert (by_id["sciatica"]["type"], by_id["sciatica"]["no"], by_id["sciatica"]["codes"][0]["code"]) == (
        "flag",
        False,
        "M54.3",
    )
    assert [option["id"] for option in by_id["felt"]["options"]] == ["nothing", "discomfort", "pain"]
    assert by_id["pain_from_sitting"]["question"] == "What brought the pain on? Sitting for a long time"


def test_a_rulebook_of_ones_own_is_listed(run: Run, folder: Folder, small: Texts) -> None:
    path = folder(small)
    assert [stretch["id"] for stretch in json.loads(run("stretches", "--rules", path, "--format", "json").out)] == [
        "cat_cow",
        "toe_reach",
        "far_toe_reach",
    ]
    assert [stretch["dose"] for stretch in json.loads(run("stretches", "--rules", path, "--format", "json").out)][
        2
    ] is None
    assert "far_toe_reach" in run("stretches", "--rules", path).out
    assert "not proposed" in " ".join(run("stretches", "--rules", path).out.split())
    assert [fact["id"] for fact in json.loads(run("facts", "--rules", path, "--format", "json").out)["trial"]] == [
        "felt",
        "early",
        "lasted_min",
    ]
    assert screened(run, "--rules", str(path), "--has", "sciatica")["rulebooks"][0]["id"] == "small"


def test_several_rulebooks_are_read_as_one(run: Run, folder: Folder, small: Texts) -> None:
    path = folder({HEAD: small[HEAD], STATEMENTS: small[STATEMENTS], "facts.yaml": "{}\n", STRETCHES: "{}\n"})
    assert [book["id"] for book in screened(run, "--rules", "lower-back", "--rules", str(path))["rulebooks"]] == [
        "lower-back",
        "small",
    ]


def test_the_template_is_a_profile_in_which_nothing_is_answered(run: Run, tmp_path: Path) -> None:
    ran = run("facts", "--template")
    assert (ran.code, ran.err) == (0, "")
    path = tmp_path / "p.yaml"
    path.write_text(ran.out, encoding="utf-8")
    assert screened(run, "--profile", str(path)) == screened(run)
    assert yaml.safe_load(ran.out)["otherwise"] == "unknown"
    facts = yaml.safe_load(ran.out)["facts"]
    assert set(facts.values()) == {None}
    assert len(facts) == 55


def test_the_template_asks_for_every_fact_with_its_question(run: Run) -> None:
    asked = " ".join(line.strip(" #") for line in run("facts", "--template").out.splitlines())
    listed = json.loads(run("facts", "--format", "json").out)
    assert [fact["id"] for fact in (*listed["person"], *listed["trial"]) if fact["question"] not in asked] == []


def test_the_templates_trial_is_used_by_taking_the_comments_away(run: Run, tmp_path: Path) -> None:
    head, begins, rest = run("facts", "--template").out.partition("# trials:\n")
    trial, _, ending = rest.partition("\n\n")
    lines = [line.removeprefix("# ") for line in trial.splitlines()]
    filled = "\n".join(lines).replace("stretch:", "stretch: side_bend", 1).replace("felt:", "felt: pain", 1)
    path = tmp_path / "p.yaml"
    path.write_text(f"{head}trials:\n{filled}\n\n{ending}", encoding="utf-8")
    assert begins
    assert screened(run, "--profile", str(path)) == screened(run, "--trial", "side_bend:felt=pain")


def test_a_template_is_written_in_yaml_alone(run: Run) -> None:
    refused(run("facts", "--template", "--format", "json"), "`--format json`")


# Rules


def test_the_cases_and_scenarios_of_the_shipped_rulebook_hold(run: Run) -> None:
    ran = run("rules", "test")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"\d{3} cases and \d+ scenarios: all hold\n", ran.out)


def mismatches_of(run: Run, path: Path) -> list[str]:
    """Every difference of every case and scenario that does not hold: of what, what was expected and what came."""
    ran = run("rules", "test", path, "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    found = []
    for one in (one for failed in json.loads(ran.out)["failures"] for one in failed["differences"]):
        expected, got = (
            said if isinstance(said, str) else ", ".join(said) or "none" for said in (one["expected"], one["got"])
        )
        of = f"instead of {one['of']}" if one["what"] == "instead" else one["of"] or one["what"]
        found.append(f"{of}: expected {expected}, came {got}")
    return found


def test_a_case_that_does_not_hold_says_where_what_was_expected_and_what_came(run: Run, tmp_path: Path) -> None:
    copied = shutil.copytree(SHIPPED, tmp_path / "lower-back")
    rule = copied / "contraindications" / "hamstrings-with-sciatica.yaml"
    rule.write_text(rule.read_text().replace("effect: avoid", "effect: caution"))
    line = next(number for number, text in enumerate(rule.read_text().splitlines(), 1) if text.startswith("  - name: "))
    ran = run("rules", "test", copied)
    assert (ran.code, ran.err) == (1, "")
    assert f"{rule}:{line}:11\n  `hamstrings-with-sciatica`: " in ran.out
    assert "standing_forward_bend: expected avoid, came caution" in mismatches_of(run, copied)
    assert " failed\n" in ran.out


@pytest.mark.parametrize(
    ("expect", "mismatches"),
    [
        ("{fires: no}", ["fires: expected no, came yes"]),
        (
            "{fires: unknown, directive: proceed}",
            ["fires: expected unknown, came yes", "directive: expected proceed, came care"],
        ),
        (
            "{fires: yes, verdicts: {toe_reach: allowed, cat_cow: caution}}",
            ["cat_cow: expected caution, came allowed", "toe_reach: expected allowed, came avoid"],
        ),
    ],
)
def test_every_expectation_of_a_case_is_judged(
    run: Run, folder: Folder, small: Texts, expect: str, mismatches: list[str]
) -> None:
    path = folder(changed(small, AVOID, ("{fires: yes, directive: care, verdicts: {toe_reach: avoid}}", expect)))
    ran = run("rules", "test", path)
    assert ran.code == 1
    assert ran.out.startswith(f"{path}/{AVOID}:12:11\n  `hamstrings`: sciatica rules it out\n")
    assert ran.out.endswith("\n\n4 cases and 1 scenarios: 1 failed\n")
    assert mismatches_of(run, path) == mismatches


def test_a_case_that_is_open_is_judged_as_open(run: Run, folder: Folder, small: Texts) -> None:
    path = folder(
        changed(small, AVOID, ("{fires: unknown}", "{fires: no, directive: care, verdicts: {toe_reach: avoid}}"))
    )
    assert mismatches_of(run, path) == [
        "fires: expected no, came unknown",
        "directive: expected care, came undetermined",
        "toe_reach: expected avoid, came undetermined",
    ]


@pytest.mark.parametrize(
    ("edit", "mismatch"),
    [
        (("directive: care", "directive: consult"), "directive: expected consult, came care"),
        (("verdicts: {toe_reach: avoid,", "verdicts: {toe_reach: caution,"), "toe_reach: expected caution, came avoid"),
        (("others: allowed", "others: caution"), "cat_cow: expected caution, came allowed"),
        (("recommended: [cat_cow]", "recommended: []"), "recommended: expected none, came cat_cow"),
        (("unneeded: []", "unneeded: [toe_reach, cat_cow]"), "unneeded: expected cat_cow, toe_reach, came none"),
        (("fires: [sitting]", "fires: [sitting, weight]"), "weight: expected fires, came does not fire"),
        (("may_fire: []", "may_fire: [sitting]"), "sitting: expected may_fire, came fires"),
        (("silent: [numbness]", "silent: [hamstrings]"), "hamstrings: expected does not fire, came fires"),
        (("unanswered: []", "unanswered: [numbness]"), "unanswered: expected numbness, came none"),
        (
            ("{toe_reach: [cat_cow]}", "{toe_reach: [], far_toe_reach: [cat_cow]}"),
            "instead of toe_reach: expected none, came cat_cow",
        ),
        ((", otherwise: no}", "}"), "directive: expected care, came undetermined"),
        ((", otherwise: no}", "}"), "unanswered: expected none, came excess_lb, numbness"),
    ],
)
def test_every_expectation_of_a_scenario_is_judged(
    run: Run, folder: Folder, small: Texts, edit: tuple[str, str], mismatch: str
) -> None:
    small[CAUTION] = small[CAUTION].replace(
        "{excess_lb: {at_least: 50}}", "{any: [{excess_lb: {at_least: 50}}, {trial.felt: pain, trial.early: yes}]}"
    )
    small[CAUTION] = small[CAUTION].partition("cases:")[0]
    path = folder(changed(small, SCENARIOS, edit))
    ran = run("rules", "test", path)
    assert ran.code == 1
    assert ran.out.startswith(f"{path}/{SCENARIOS}:1:9\n  scenario: a person with sciatica\n")
    assert mismatch in mismatches_of(run, path)


def test_a_scenario_says_nothing_of_what_it_does_not_expect(run: Run, folder: Folder, small: Texts) -> None:
    small[SCENARIOS] = "- name: nobody\n  given: {}\n  expect: {directive: undetermined, verdicts: {}}\n"
    ran = run("rules", "test", folder(small))
    assert (ran.code, ran.out) == (0, "4 cases and 1 scenarios: all hold\n")


def test_a_rulebook_without_scenarios_is_tested_by_its_cases(run: Run, folder: Folder, small: Texts) -> None:
    del small[SCENARIOS]
    assert run("rules", "test", folder(small)).out == "4 cases and 0 scenarios: all hold\n"


def test_a_folder_that_is_named_like_a_bundled_rulebook_is_the_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lower-back").mkdir()
    monkeypatch.chdir(tmp_path)
    for path in ("lower-back", "./lower-back", "lower-back/", str(tmp_path / "lower-back")):
        refused(run("stretches", "--rules", path), "there is no rulebook in this folder")


def test_a_rulebook_that_cannot_be_read_is_refused(run: Run, folder: Folder, small: Texts) -> None:
    path = folder(changed(small, AVOID, ("effect: avoid", "effect: avoidd")))
    for command in (
        ["rules", "test", path],
        ["rules", "coverage", path],
        ["stretches", "--rules", path],
        ["facts", "--rules", path],
        ["screen", "--rules", path],
    ):
        refused(run(*command), f"{path}/{AVOID}:5:9: ", "`avoid`")


def test_every_statement_of_the_shipped_rulebooks_is_placed(run: Run) -> None:
    ran = run("rules", "coverage")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("\n146 of 146 statements covered\n")
    assert "not covered" not in ran.out


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        (("becomes: [background]", "becomes: [rule]"), "no rule uses it"),
        (("becomes: [background]", "becomes: [background, stretch]"), "no stretch uses it"),
        (("becomes: [region]", "becomes: [background]"), "used as a region"),
    ],
)
def test_a_statement_that_has_not_become_what_it_says_is_not_placed(
    run: Run, folder: Folder, small: Texts, edit: tuple[str, str], word: str
) -> None:
    assert run("rules", "coverage", folder(small)).out.endswith("\n6 of 6 statements covered\n")
    ran = run("rules", "coverage", folder(changed(small, STATEMENTS, edit)))
    assert ran.code == 1
    assert word in " ".join(ran.out.split())
    assert ran.out.endswith("\n5 of 6 statements covered\n")


def test_a_retired_rule_uses_no_statement(run: Run, folder: Folder, small: Texts) -> None:
    assert (
        run(
            "rules",
            "coverage",
            folder(changed(small, BENEFIT, ("effect: recommend", "effect: recommend\nstatus: retired"))),
        ).code
        == 0
    )
    for file in (AVOID, "precautions/pain.yaml"):
        small[file] = (
            small[file]
            .replace("status: reviewed\nreviewed_on: 2026-11-20\n", "")
            .replace("effect: avoid", "effect: avoid\nstatus: retired")
        )
    small[BENEFIT] = small[BENEFIT].replace("effect: recommend", "effect: recommend\nstatus: retired")
    ran = run("rules", "coverage", folder(small))
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "5 of 6 statements covered")


# Calls that are not known, help, version, completion


@pytest.mark.parametrize(
    "arguments",
    [
        ["scren"],
        ["--bogus"],
        ["rules", "tset"],
        ["stretches", "--bogus"],
        ["facts", "x"],
        ["completion", "tcsh"],
        ["completion"],
    ],
)
def test_an_unknown_command_or_option_is_refused(run: Run, arguments: list[str]) -> None:
    refused(run(*arguments), "`backscreen --help`")


def test_the_program_refuses_what_it_does_not_know() -> None:
    refused(program("scren"), "`scren`")
    refused(program("screen", "--bogus"), "--bogus")


@pytest.mark.parametrize(
    "arguments", [[], ["--help"], ["screen", "--help"], ["rules"], ["rules", "test", "--help"], ["-h"]]
)
def test_help_is_given_when_asked_for_and_when_nothing_is(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.err) == (0, "")
    assert "Usage: backscreen" in ran.out


def test_the_version_names_the_engine(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.err) == (0, "")
    engine = "durable_rules" if Screener().engine == "durable" else "compiled"
    first, *more = ran.out.splitlines()
    assert re.fullmatch(rf"backscreen \d+\.\d+\.\d+\S* \(engine: {engine}[^)]*\)", first)
    assert bool(more) == (engine == "compiled")


def test_version_says_how_to_get_durable_rules(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without durable_rules, `--version` names the compiled engine and the README's command that builds the engine."""
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    first, _, command = run("--version").out.splitlines()
    assert "engine: compiled" in first
    shown = f"$ {command.strip()}".replace("pip install", ".venv/bin/pip install")
    assert shown in (SHIPPED.parents[1] / "README.md").read_text("utf-8").splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_that_its_shell_can_read(run: Run, tmp_path: Path, shell: str) -> None:
    ran = run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert "backscreen" in ran.out
    script = tmp_path / "completion"
    script.write_text(ran.out)
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    assert subprocess.run([found, "-n", str(script)], check=False, capture_output=True).returncode == 0


def test_it_runs_as_a_module_too() -> None:
    done = subprocess.run([sys.executable, "-m", "backscreen", "--version"], capture_output=True, check=True)
    assert done.stdout.startswith(b"backscreen ")


# Faults and interruptions


def test_a_fault_of_ours_keeps_what_it_says_to_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("sciatica: yes")

    monkeypatch.setattr(Screener, "screen", fail)
    ran = run("screen", "--has", "sciatica")
    assert (ran.code, ran.out) == (3, "")
    assert "RuntimeError" in ran.err
    assert "sciatica" not in ran.err
    assert "Traceback" not in ran.err


def test_an_interruption_ends_with_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", TextIOWrapper(Interrupted()))
    assert run("screen", "--profile", "-") == Ran(130, "", "")


def test_the_program_is_interrupted_quietly() -> None:
    reader, writer = os.pipe()
    with subprocess.Popen(
        [PROGRAM, "screen", "--profile", "-"], stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.write(writer, b"facts:\n")
        while process.poll() is None and any(
            fcntl.ioctl(reader, termios.FIONREAD, bytes(4))
        ):  # it has not read this, and does not wait for more yet
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    os.close(reader)
    os.close(writer)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_a_disagreement_of_the_engines_is_a_failure_of_a_scenario(
    run: Run, folder: Folder, small: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise EngineFault("exception", "MessageNotHandledException")

    monkeypatch.setattr(DEFAULT_ENGINE, "activations", fail)
    assert "engine: expected no fault, came exception: MessageNotHandledException" in mismatches_of(run, folder(small))


@pytest.mark.parametrize("arguments", [["rules", "test"], ["stretches"], ["stretches", "--format", "json"], ["screen"]])
def test_output_that_nobody_reads_makes_no_noise(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("arguments", [["rules", "test"], ["stretches", "--format", "json"]])
def test_output_that_breaks_off_ends_the_command(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    from backscreen.cli import main

    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit) as stop:
            main(arguments)
    assert stop.value.code == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["rules", "test"], ["stretches", "--format", "json"]])
def test_output_that_cannot_be_written_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    from backscreen.cli import main

    with Path("/dev/full").open("w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit) as stop:
            main(arguments)
    said = capsys.readouterr().err
    assert stop.value.code == 2
    assert "no space left" in said
    assert "Traceback" not in said


def test_streams_that_are_closed_are_no_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from backscreen.cli import main

    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SystemExit) as stop:
        main(["screen", "--profile", "-"])
    refused(Ran(stop.value.code, "", capsys.readouterr().err), "--profile -: ")
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as stop:
        main(["stretches"])
    assert stop.value.code == 0


@pytest.mark.parametrize("size", ["100000000", "9" * 5000, "0" * 50 + "1000000", "²", "١٢٣٤٥٦"])
def test_terminal_size_is_bounded(run: Run, monkeypatch: pytest.MonkeyPatch, size: str) -> None:
    """Whatever size of the terminal the environment claims, lines stay short and no command fails."""
    for arguments in (["--help"], ["screen", "--has", "sciatica"], ["facts"], ["stretches"], ["rules", "coverage"]):
        monkeypatch.setenv("COLUMNS", size)
        monkeypatch.setenv("LINES", size)
        ran = run(*arguments)
        assert (ran.code, ran.err) == (0, "")
        assert max(map(len, ran.out.splitlines())) <= 1_000


@pytest.mark.parametrize("columns", [1, 2, 65_535])
def test_terminal_width_is_bounded(columns: int) -> None:
    """A terminal of any width gets lines of a bounded length where the environment names no width."""
    master, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"TERM": "xterm-256color"}
    for arguments in (
        ["--help"],
        ["screen", "--help"],
        ["screen", "--has", "sciatica"],
        ["facts"],
        ["rules", "coverage"],
    ):
        # rich asks standard input first
        ran = subprocess.run(
            [PROGRAM, *arguments],
            stdin=terminal,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert 15 < max(map(len, ran.stdout.splitlines())) <= 1_000
    os.close(terminal)
    os.close(master)
