"""Names and answers on the command line: any case and titles are accepted where clear, and never guessed."""

from __future__ import annotations

import json

import pytest

from backscreen import Profile, Screener
from backscreen.cli.name_lookup import Ambiguous, answer, fact_id
from backscreen.diagnostics.exceptions import ProfileError
from backscreen.diagnostics.suggestions import similar
from backscreen.model.facts import Choice, Fact, Flag, Number, Option, Unit
from tests.helpers.broken import changed
from tests.helpers.small import FACTS, SCENARIOS, STRETCHES, Folder, Run, Texts


def flag(name: str, title: str, question: str = "Is it so?") -> Flag:
    return Flag(id=name, title=title, question=question)


@pytest.mark.parametrize(
    ("typed", "plainly"),
    [
        (["--has", "SCIATICA"], ["--has", "sciatica"]),
        (["--has", "Weak bones"], ["--has", "osteoporosis"]),
        (["--lacks", "weak-bones"], ["--lacks", "osteoporosis"]),
        (["--fact", "sciatica=Yes"], ["--has", "sciatica"]),
        (["--fact", "Weak bones=FALSE"], ["--lacks", "osteoporosis"]),
        (["--fact", "Excess_Weight_LB=25 KG"], ["--fact", "excess_weight_lb=25 kg"]),
        (["--trial", "Side bend:felt=Pain"], ["--trial", "side_bend:felt=pain"]),
        (["--trial", "SIDE_BEND:FELT=pain"], ["--trial", "side_bend:felt=pain"]),
        (["--trial", ":felt=PAIN"], ["--trial", ":felt=pain"]),
        (
            ["--fact", "Sciatica=Unsure", "--trial", ":felt=UNSURE"],
            ["--fact", "sciatica=unsure", "--trial", ":felt=unsure"],
        ),
    ],
)
def test_a_title_and_any_case_are_understood(run: Run, typed: list[str], plainly: list[str]) -> None:
    """What is typed as a title or in another case is what its id means."""
    ran = run("screen", *typed, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert ran == run("screen", *plainly, "--format", "json")


def test_every_title_is_understood(run: Run) -> None:
    """Each title and question's option of the shipped rulebooks means its own fact, stretch or answer."""
    listed = json.loads(run("facts", "--format", "json").out)
    for fact in listed["person"]:
        if fact["type"] == "choice":
            for option in fact["options"]:
                assert run("screen", "--fact", f"{fact['title']}={option['means']}") == run(
                    "screen", "--fact", f"{fact['id']}={option['id']}"
                )
    flags = [fact for fact in listed["person"] if fact["type"] == "flag"]
    titles = [word for fact in flags for word in ("--has", fact["title"])]
    assert run("screen", *titles) == run("screen", *(word for fact in flags for word in ("--has", fact["id"])))
    stretches = json.loads(run("stretches", "--format", "json").out)
    assert run("stretches", *(one["name"].upper() for one in stretches)) == run(
        "stretches", *(one["id"] for one in stretches)
    )


def test_what_may_mean_two_things_is_refused(run: Run, folder: Folder, small: Texts) -> None:
    """A title that two facts, stretches or answers have is refused, with the ids to choose from."""
    del small[SCENARIOS]
    small = changed(small, FACTS, ("title: Numbness", "title: sciatica"), ("means: slightly", "means: HEAVILY"))
    small = changed(small, STRETCHES, ("name: Far toe reach", "name: toe-reach"))
    path = folder(small)
    for typed, candidates in (
        (["--has", "Sciatica"], ("`sciatica` or `numbness`",)),
        (["--fact", "SCIATICA=yes"], ("`sciatica` or `numbness`",)),
        (["--fact", "build=Heavily"], ("`slight` or `heavy`",)),
        (["--trial", "Toe Reach:felt=pain"], ("`toe_reach` or `far_toe_reach`",)),
        (
            ["--trial", "toe_reach:felt=pain", "--has", "Sciatica", "--has", "unheard_of"],
            ("`sciatica` or `numbness`", "`unheard_of`"),
        ),
    ):
        ran = run("screen", "--rules", path, *typed)
        assert (ran.code, ran.out) == (2, "")
        assert [words for words in candidates if words not in ran.err] == []
    ran = run("stretches", "Toe reach", "--rules", path)
    assert (ran.code, ran.out) == (2, "")
    assert "`toe_reach` or `far_toe_reach`" in ran.err
    assert run("screen", "--rules", path, "--has", "sciatica").code == 0  # an id as it is written is never ambiguous


def test_answers_are_read_as_the_fact_takes_them() -> None:
    """Flags accept yes and no in any case, choices their options and meanings, numbers their units."""
    choice = Choice(
        id="c",
        title="C",
        question="C?",
        options=(Option(id="no", means="not at all"), Option(id="a_lot", means="a lot, daily")),
    )
    number = Number(
        id="n", title="N", question="N?", unit="min", at_least=0, at_most=9, also_in=(Unit(unit="h", times=60, over=1),)
    )
    assert [answer(typed, flag("f", "F")) for typed in ("YES", "False", "y", "1", "")] == [True, False, "y", 1, None]
    assert [answer(typed, choice) for typed in ("No", "A-LOT", "A lot, daily", "often")] == [
        "no",
        "a_lot",
        "a_lot",
        "often",
    ]
    assert [answer(typed, number) for typed in ("5", "5 MIN", "1H", "5 days", "soon", "")] == [
        5,
        "5 min",
        "1h",
        "5 days",
        "soon",
        None,
    ]
    assert answer("Yes", None) == "Yes"


def test_unsure_is_an_answer_in_any_case() -> None:
    """`unsure` is an answer to every fact; a choice with such an option, or with one that means it, takes that."""
    number = Number(id="n", title="N", question="N?", unit="min", at_least=0, at_most=9)
    choices = [
        Choice(id="c", title="C", question="C?", options=(Option(id="no", means="no"), Option(id=name, means=means)))
        for name, means in (("a_lot", "a lot"), ("unsure", "cannot say"), ("torn", "Unsure"))
    ]
    facts: tuple[Fact, ...] = (flag("f", "F"), number, *choices)
    assert [answer("Unsure", fact) for fact in facts] == ["unsure", "unsure", "unsure", "unsure", "torn"]


def test_an_id_comes_before_any_title() -> None:
    """An id as it is written is that fact, though it is the title of another; in another case it may mean either."""
    specs = {"fever": flag("fever", "Shivers"), "hot": flag("hot", "fever")}
    assert fact_id("fever", specs) == "fever"
    assert fact_id("shivers", specs) == "fever"
    assert fact_id("--", specs) == "--"
    with pytest.raises(Ambiguous):
        fact_id("FEVER", specs)


def test_an_unknown_fact_is_looked_for_in_questions() -> None:
    """A word of a title or of a question, or one spelled almost like it, leads to the fact, whatever its id is."""
    texts = {
        "hot": "hot High temperature Do you have a fever?",
        "numb": "numb Saddle region Are you numb between the legs?",
        "cold": "cold Chills Do you shiver?",
    }
    assert similar("fever", texts) == ("hot",)
    assert similar("fevr", texts) == ("hot",)
    assert similar("Temperature", texts) == ("hot",)
    assert similar("legs or saddle", texts) == ("numb",)
    assert similar("zzz", texts) == ()
    assert similar("you", texts) == ()


def test_the_library_hints_at_facts_by_their_questions() -> None:
    """The library's error names the nearest fact as well."""
    with pytest.raises(ProfileError) as caught:
        Screener().screen(Profile({"shivers": True}))
    assert caught.value.diagnostics[0].nearest == "fever_or_chills"


def test_a_rulebook_without_stretches_says_so(run: Run) -> None:
    """No stretch is named where there is none."""
    ran = run("stretches", "--rules", "red-flags")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("There are no stretches")
    assert "NAME" not in ran.out
    assert json.loads(run("stretches", "--rules", "red-flags", "--format", "json").out) == []


def test_short_ways_to_help_and_version_work(run: Run) -> None:
    """`-V` is `--version`, and `help COMMAND` is `COMMAND --help`."""
    assert run("-V") == run("--version")
    assert run("help") == run("--help")
    for command in (["screen"], ["rules"], ["rules", "check"]):
        assert run("help", *command) == run(*command, "--help")
        assert run("help", *command).code == 0
    assert run("help", "scren").code == 2
