"""Reports on one person: what is said, in which order, and that nothing of it is lost in text or in Markdown."""

from __future__ import annotations

from itertools import pairwise

import pytest

from backscreen import Directive, Profile, Screener, Trial, Verdict
from backscreen.loading.rulebook_files import load_rulebooks, load_texts
from backscreen.model.effects import Effect
from backscreen.model.facts import Value
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.rendering import markdown
from backscreen.rendering.report import GROUPS, Report, Row, report
from backscreen.semantics.activations import EngineFault
from backscreen.wording.effect_words import EFFECTS
from backscreen.wording.headlines import HEADLINES
from backscreen.wording.notices import DISCLAIMER, WARNING_SIGNS, WARNING_SIGNS_LATER, WARNING_SIGNS_OPEN
from backscreen.wording.phrases import (
    answer,
    fact_at,
    question,
)
from tests.helpers.broken import changed
from tests.helpers.default_engine import DEFAULT_ENGINE
from tests.helpers.small import (
    BENEFIT,
    CAUTION,
    FACTS,
    HEAD,
    IN_PERSON,
    PAIN,
    SCENARIOS,
    STATEMENTS,
    STOP,
    STRETCHES,
    Folder,
    Run,
    Texts,
)

FORMS = pytest.mark.parametrize("form", ["text", "markdown"])


def told(texts: Texts, profile: Profile) -> Report:
    knowledge_base = KnowledgeBase([load_texts({file: text for file, text in texts.items() if file != SCENARIOS})])
    return report(Screener(knowledge_base, engine="compiled").screen(profile))


def rows(told: Report) -> dict[str, Row]:
    return {row.name: row for _, _, rows in told.groups for row in rows}


def flat(printed: str) -> str:
    """The text without its line breaks and indentation, in small letters."""
    return " ".join(printed.replace("\\", "").replace("*", "").lower().split())


def assert_in_order(printed: str, *parts: str) -> None:
    place = 0
    for part in parts:
        begins = flat(printed).find(flat(part), place)
        assert begins >= 0, part
        place = begins + len(flat(part))


# Order

OPEN = ("--has", "sciatica", "--has", "from_sitting", "--trial", "cat_cow:felt=nothing", "--fact", "build=heavy")


@FORMS
def test_a_report_begins_with_what_to_do_and_ends_with_what_is_open(
    run: Run, folder: Folder, small: Texts, form: str
) -> None:
    printed = run("screen", "--rules", folder(small), *OPEN, "--format", form).out
    assert_in_order(
        printed,
        "Not yet clear",
        "Answer this first",
        "Are you numb between the legs?",
        f"{GROUPS[Verdict.AVOID]} (2)",
        "Toe reach",
        f"{GROUPS[Verdict.UNDETERMINED]} (1)",
        "Cat-cow",
        "Why",
        "No hamstring stretching with sciatica",
        "It pulls on the nerve.",
        "“First document”: A1 (paragraph 1)",
        "Hamstrings may be stretched. (“Second document”: B2)",
        "May still change this (2)",
        "Numbness is an emergency (Numbness?)",
        "Still to be answered (2)",
        "numbness",
        "excess_lb",
        WARNING_SIGNS,
        DISCLAIMER,
    )


@FORMS
def test_what_is_settled_is_told_from_the_worst_to_the_best(run: Run, folder: Folder, small: Texts, form: str) -> None:
    small[STRETCHES] = small[STRETCHES].replace("targets: [spine]\n", "targets: [neck]\n")
    printed = run(
        "screen", "--rules", folder(small), "--trial", "toe_reach:felt=pain", "--otherwise", "no", "--format", form
    ).out
    assert_in_order(
        printed,
        HEADLINES[Directive.CARE][0],
        HEADLINES[Directive.CARE][1],
        f"{GROUPS[Verdict.AVOID]} (1)",
        f"{GROUPS[Verdict.CAUTION]} (1)",
        f"{GROUPS[Verdict.ALLOWED]} (1)",
        "Why",
        "Not answered, and assumed to be no (6)",
        DISCLAIMER,
    )
    assert "answer this first" not in flat(printed)
    assert "still to be answered" not in flat(printed)
    assert "may still change this" not in flat(printed)


@FORMS
@pytest.mark.parametrize("directive", list(HEADLINES))
def test_every_directive_has_its_headline(
    run: Run, folder: Folder, small: Texts, directive: Directive, form: str
) -> None:
    small = changed(small, CAUTION, ("effect: caution", "effect: consult"))
    person = {
        Directive.PROCEED: ["--has", "from_sitting"],
        Directive.CARE: ["--has", "sciatica"],
        Directive.CONSULT: ["--fact", "excess_lb=60"],
        Directive.STOP: ["--has", "numbness"],
    }[directive]
    printed = run("screen", "--rules", folder(small), *person, "--otherwise", "no", "--format", form).out
    assert_in_order(printed, *HEADLINES[directive], "Why" if directive is not Directive.PROCEED else DISCLAIMER)
    assert [other for other in HEADLINES if flat(HEADLINES[other][1]) in flat(printed)] == [directive]


def test_the_reasons_of_a_stop_and_of_asking_first_stand_at_the_top(small: Texts) -> None:
    assert told(small, Profile({"numbness": True})).first == (HEADLINES[Directive.STOP][1], "Seek help now.")
    asked = told(
        changed(small, CAUTION, ("effect: caution", "effect: consult")),
        Profile({"excess_lb": 60, "sciatica": True}, otherwise="no"),
    )
    assert asked.first[:2] == (HEADLINES[Directive.CONSULT][1], "Much weight is a strain.")


def test_an_open_directive_is_told_with_both_of_its_ends(small: Texts) -> None:
    summary, _ = told(small, Profile({"sciatica": True})).first
    assert_in_order(summary, HEADLINES[Directive.CARE][0], HEADLINES[Directive.STOP][0])


# What stands once, and what stands on top


@FORMS
@pytest.mark.parametrize(
    "person", [[], ["--has", "sciatica", "--otherwise", "no"], ["--has", "numbness"], ["--trial", ":felt=pain"]]
)
def test_the_line_on_warning_signs_and_the_disclaimer_stand_exactly_once(
    run: Run, folder: Folder, small: Texts, person: list[str], form: str
) -> None:
    for rules in (["--rules", "lower-back"], ["--rules", str(folder(small))]):
        if rules[1] != "lower-back" or person != ["--has", "numbness"]:
            printed = flat(run("screen", *rules, *person, "--format", form).out)
            assert (printed.count(flat(WARNING_SIGNS)), printed.count(flat(DISCLAIMER))) == (1, 1)


@pytest.mark.parametrize(
    ("person", "line"),
    [
        ([], WARNING_SIGNS_OPEN),
        (["--otherwise", "no"], WARNING_SIGNS_OPEN),
        (["--lacks", "numbness", "--otherwise", "no"], WARNING_SIGNS_OPEN),
        (
            [
                "--lacks",
                "numbness",
                "--lacks",
                "sciatica",
                "--lacks",
                "from_sitting",
                "--fact",
                "excess_lb=0",
                "--fact",
                "build=medium",
            ],
            WARNING_SIGNS_LATER,
        ),
        (["--has", "numbness"], ""),
    ],
)
def test_where_warning_signs_are_looked_for_the_line_says_how_far(
    run: Run, folder: Folder, small: Texts, person: list[str], line: str
) -> None:
    path = folder(changed(small, HEAD, ("looks_for_warning_signs: no", "looks_for_warning_signs: yes")))
    lines = (WARNING_SIGNS, WARNING_SIGNS_OPEN, WARNING_SIGNS_LATER)
    for form in ("text", "markdown"):
        printed = flat(run("screen", "--rules", path, *person, "--format", form).out)
        assert [printed.count(flat(one)) for one in lines] == [int(one == line) for one in lines]
        assert printed.count(flat(DISCLAIMER)) == 1


def test_a_stop_is_not_contradicted_by_the_reasons_of_a_lesser_one(small: Texts) -> None:
    small = changed(small, CAUTION, ("effect: caution", "effect: consult"))
    assert told(small, Profile({"excess_lb": 60, "numbness": True})).first == (
        HEADLINES[Directive.STOP][1],
        "Seek help now.",
    )


@FORMS
def test_emergency_signs_that_were_assumed_to_be_absent_stand_on_top(
    run: Run, folder: Folder, small: Texts, form: str
) -> None:
    path = folder(small)
    printed = run("screen", "--rules", path, "--otherwise", "no", "--format", form).out
    count, urgent = told(small, Profile(otherwise="no")).urgent
    assert count == "5 answers were assumed to be no, and 1 warning sign was among them."
    assert urgent.endswith(": Numbness.")
    assert_in_order(printed, count, urgent, HEADLINES[Directive.PROCEED][1], GROUPS[Verdict.ALLOWED])
    assert "see the list at the end" not in flat(printed)
    answered = run("screen", "--rules", path, "--lacks", "numbness", "--otherwise", "no", "--format", form).out
    assert flat(urgent) not in flat(answered)
    assert flat(count) not in flat(answered)


def test_nothing_is_urgent_where_no_emergency_sign_was_assumed(small: Texts) -> None:
    assert told(small, Profile()).urgent == ()
    assert told(small, Profile({"numbness": False}, otherwise="no")).urgent == ()
    assert told({file: text for file, text in small.items() if file != STOP}, Profile(otherwise="no")).urgent == ()


@FORMS
def test_a_fault_stands_above_everything_and_holds_no_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def fail(*_: object) -> None:
        raise EngineFault("exception", "MessageNotHandledException")

    monkeypatch.setattr(DEFAULT_ENGINE, "activations", fail)
    printed = run("screen", "--has", "sciatica", "--otherwise", "no", "--format", form).out
    assert_in_order(
        printed, "(exception: MessageNotHandledException)", HEADLINES[Directive.CARE][1], "Standing forward bend"
    )


# Rows


def test_the_notes_of_a_stretch_say_its_dose_and_what_may_help(small: Texts) -> None:
    settled = rows(told(small, Profile({"from_sitting": True}, otherwise="no")))
    assert settled["Cat-cow"].notes == "may help; 2–3 times, hold 5–10 s, 2 times a day"
    assert settled["Toe reach"].notes == "hold 30 s"
    assert settled["Far toe reach"].notes == "not proposed"
    careful = rows(told(small, Profile({"from_sitting": True, "excess_lb": 60}, otherwise="no")))
    assert careful["Cat-cow"].notes.startswith("may help, with care; ")


def test_what_is_not_needed_is_said(small: Texts) -> None:
    unneeded = rows(
        told(
            changed(small, BENEFIT, ("effect: recommend", "effect: unneeded")),
            Profile({"from_sitting": True}, otherwise="no"),
        )
    )
    assert unneeded["Cat-cow"].notes.startswith("not needed")


def test_an_open_stretch_says_its_bounds_and_how_many_answers_it_depends_on(small: Texts) -> None:
    both = rows(told(small, Profile()))
    assert both["Toe reach"].notes == "at best nothing against it, at worst avoid; depends on 3 answers"
    assert both["Far toe reach"].notes == "at best with care, at worst avoid; depends on 2 answers"
    del small[STOP]
    one = rows(told(small, Profile()))
    assert one["Cat-cow"].notes == "at best nothing against it, at worst with care; depends on 1 answer"


def test_at_most_three_others_are_proposed_by_name(small: Texts) -> None:
    more = "".join(
        f"  - id: more_{letter}\n    name: More {letter}\n    position: x\n"
        "    regions: [legs]\n    targets: [hamstrings]\n"
        "    motions: [none]\n    steps: [x]\n    dose: {hold_s: 1}\n    statements: [A2]\n"
        for letter in "abc"
    )
    small[PAIN] = small[PAIN].partition("cases:")[0]
    small[STRETCHES] += more
    assert (
        rows(told(small, Profile(trials=[Trial("toe_reach", felt="pain")], otherwise="no")))["Toe reach"].notes
        == "instead: Cat-cow, More a, More b and 1 more"
    )
    small[STRETCHES] = small[STRETCHES].replace(more[more.index("  - id: more_c") :], "")
    assert (
        rows(told(small, Profile(trials=[Trial("toe_reach", felt="pain")], otherwise="no")))["Toe reach"].notes
        == "instead: Cat-cow, More a, More b"
    )
    small[STRETCHES] = small[STRETCHES].replace(more[: more.index("  - id: more_c")], "")
    assert rows(told(small, Profile({"sciatica": True}, otherwise="no")))["Toe reach"].notes == "instead: Cat-cow"


@FORMS
def test_the_reasons_of_a_stretch_are_given_by_number(run: Run, folder: Folder, small: Texts, form: str) -> None:
    small[CAUTION] = small[CAUTION].replace("effect: caution", "effect: avoid").partition("cases:")[0]
    small["precautions/z-weight.yaml"] = (
        small[CAUTION].replace("id: weight", "id: z-weight").replace("effect: avoid", "effect: caution")
    )
    person = ("--has", "sciatica", "--fact", "excess_lb=60", "--trial", "toe_reach:felt=pain", "--otherwise", "no")
    printed = run("screen", "--rules", folder(small), *person, "--format", form).out
    line = next(line for line in printed.splitlines() if "Toe reach" in line)
    assert line.endswith("1–3, 5" if form == "text" else "| 1, 2, 3, 5 |")
    assert [printed.count(f"{number}  avoid ·") + printed.count(f"{number}. **avoid:") for number in (1, 2, 3)] == [
        1,
        1,
        1,
    ]


# Reasons


@FORMS
def test_where_nothing_fires_there_are_no_reasons(run: Run, folder: Folder, small: Texts, form: str) -> None:
    del small[IN_PERSON]
    printed = run("screen", "--rules", folder(small), "--otherwise", "no", "--format", form).out
    assert f"{GROUPS[Verdict.ALLOWED]} (3)" in printed
    assert [line for line in printed.splitlines() if line.endswith("Why")] == []


def reasons(told: Report) -> dict[str, tuple[str, str]]:
    return {reason.title: (reason.because, reason.depends_on) for reason in told.reasons}


def test_a_reason_names_the_answers_that_made_it_in_words(small: Texts) -> None:
    small[CAUTION] = small[CAUTION].replace(
        "{excess_lb: {at_least: 50}}", "{excess_lb: {at_least: 50}, build: heavy, numbness: no}"
    )
    profile = Profile(
        {"excess_lb": 60, "build": "heavy", "numbness": False}, [Trial("cat_cow", felt="pain"), Trial(felt="pain")]
    )
    assert reasons(told(small, profile)) == {
        "Care with much weight": ("Numbness: no; Excess weight: 60 lb; Build: heavily", ""),
        "Leave out what hurts": (
            "Felt while stretching, try 2 (which stretch is not known): pain",
            "try 2 (which stretch is not known): Which stretch it was",
        ),
        "Learn the far reach in person": ("so for everybody", ""),
    }


def test_a_rule_that_depends_on_the_stretch_alone_is_not_so_for_everybody(small: Texts) -> None:
    because = [
        reason.because
        for reason in told(small, Profile(trials=[Trial(felt="pain")], otherwise="no")).reasons
        if reason.effect is Effect.AVOID
    ]
    assert because == ["Felt while stretching, try 1 (which stretch is not known): pain"]


def test_reasons_are_numbered_from_the_strongest(small: Texts) -> None:
    found = told(small, Profile({"sciatica": True, "excess_lb": 60, "from_sitting": True}, otherwise="no"))
    effects = [Effect.AVOID, Effect.CAUTION, Effect.CAUTION, Effect.RECOMMEND]
    assert [(reason.number, reason.effect) for reason in found.reasons] == list(enumerate(effects, 1))


@pytest.mark.parametrize("against", [{"numbness": True}, {"numbness": None}])
def test_what_does_not_help_any_more_is_no_reason(small: Texts, against: dict[str, Value | None]) -> None:
    helps = [
        reason.title
        for reason in told(small, Profile({"from_sitting": True, "numbness": False})).reasons
        if reason.effect is Effect.RECOMMEND
    ]
    assert helps == []  # as long as `excess_lb` is open, the stretch is
    settled: dict[str, Value | None] = {"from_sitting": True, "numbness": False, "excess_lb": 0, "sciatica": False}
    assert [reason.effect for reason in told(small, Profile(settled)).reasons] == [Effect.CAUTION, Effect.RECOMMEND]
    assert Effect.RECOMMEND not in [reason.effect for reason in told(small, Profile(settled | against)).reasons]


def test_sources_of_one_document_stand_together(small: Texts) -> None:
    found = told(
        changed(small, CAUTION, ("statements: [B1]", "statements: [A1, B1, A2]")),
        Profile({"excess_lb": 60}, otherwise="no"),
    )
    assert found.reasons[1].sources == (
        "“First document”: A1 (paragraph 1); A2 (paragraph 2)",
        "“Second document”: B1 (page 1)",
    )


def test_what_may_still_fire_is_told_only_where_it_would_change_something(small: Texts) -> None:
    assert [perhaps.title for perhaps in told(small, Profile({"numbness": True})).perhaps] == []
    assert [perhaps.title for perhaps in told(small, Profile({"sciatica": True, "excess_lb": 0})).perhaps] == [
        "Numbness is an emergency"
    ]
    assert [
        (perhaps.effect, perhaps.title, perhaps.depends_on)
        for perhaps in told(small, Profile({"sciatica": True})).perhaps
    ] == [
        (Effect.STOP, "Numbness is an emergency", "Numbness"),
        (Effect.CAUTION, "Care with much weight", "Excess weight"),
    ]


@FORMS
def test_every_effect_is_told_in_words(run: Run, folder: Folder, small: Texts, form: str) -> None:
    small[PAIN] = small[PAIN].partition("cases:")[0]
    for effect in ("consult", "unneeded", "advise"):
        rule = small[CAUTION].replace("id: weight", f"id: {effect}").replace("effect: caution", f"effect: {effect}")
        small[f"more/{effect}.yaml"] = rule.partition("cases:")[0]
    person = ("--has", "sciatica", "--has", "numbness", "--has", "from_sitting", "--fact", "excess_lb=60")
    printed = run("screen", "--rules", folder(small), *person, "--format", form).out
    lead = "{} · " if form == "text" else "{}: "
    assert_in_order(
        printed.partition("Why")[2],
        *(lead.format(EFFECTS[effect].label) for effect in Effect if not effect.helps),
    )
    helped = run("screen", "--rules", folder(small), "--has", "from_sitting", "--otherwise", "no", "--format", form).out
    assert_in_order(
        helped.partition("Why")[2],
        lead.format(EFFECTS[Effect.CAUTION].label),
        lead.format(EFFECTS[Effect.RECOMMEND].label),
    )


# Questions


def test_the_question_that_matters_most_is_of_the_strongest_effect(small: Texts) -> None:
    first = told(small, Profile()).question
    assert first is not None
    assert first.name == "numbness"
    del small[STOP]
    first = told(small, Profile()).question
    assert first is not None
    assert first.name == "sciatica"


def test_where_everything_is_settled_there_is_no_question(small: Texts) -> None:
    settled = told(small, Profile(otherwise="no"))
    assert (settled.question, settled.questions, settled.perhaps) == (None, (), ())
    assert settled.directive is Directive.PROCEED


def test_a_question_of_a_group_is_asked_with_the_groups_question(small: Texts) -> None:
    small = changed(small, CAUTION, ("{excess_lb: {at_least: 50}}", "{from_sitting: yes}"))
    asked = {item.name: item.question for item in told(small, Profile()).questions}
    assert asked["from_sitting"] == "What brought the pain on? Long sitting (yes or no)"
    assert asked["sciatica"] == "Do you have sciatica? (yes or no)"


def test_questions_say_how_they_are_answered(small: Texts) -> None:
    small[CAUTION] = small[CAUTION].replace("{excess_lb: {at_least: 50}}", "{excess_lb: {at_least: 50}, build: heavy}")
    asked = {item.name: item.question for item in told(small, Profile(trials=[Trial(), Trial("cat_cow")])).questions}
    assert asked["excess_lb"].endswith("(0 to 1000 lb, or in kg)")
    assert asked["build"].endswith("(slight, medium, heavy)")
    assert asked["trials[0].stretch"].endswith("(`backscreen stretches` lists them)")
    assert asked["trials[1].felt"].endswith("What did you feel? (nothing, pain)")


def test_a_question_about_a_trial_says_which(small: Texts) -> None:
    knowledge_base = KnowledgeBase([load_texts(small)])
    profile = Profile(trials=[Trial(), Trial("cat_cow")])
    assert "2 (cat-cow)" in question(knowledge_base, profile, "trials[1].felt").lower()
    assert "not known" in question(knowledge_base, profile, "trials[0].stretch")


def test_answers_are_told_in_words(small: Texts) -> None:
    knowledge_base = KnowledgeBase([load_texts(small)])
    assert answer(fact_at(knowledge_base, "excess_lb"), knowledge_base, 60) == "60 lb"
    assert answer(fact_at(knowledge_base, "build"), knowledge_base, "heavy") == "heavily"
    assert answer(fact_at(knowledge_base, "sciatica"), knowledge_base, False) == "no"
    assert answer(fact_at(knowledge_base, "trials[0].felt"), knowledge_base, "pain") == "pain"
    assert answer(fact_at(knowledge_base, "trials[0].stretch"), knowledge_base, "cat_cow") == "Cat-cow"


def test_what_was_assumed_is_told_with_its_no(small: Texts) -> None:
    assumed = told(small, Profile(trials=[Trial("cat_cow", early=True), Trial()], otherwise="no")).assumed
    assert assumed == (
        "Sciatica",
        "Numbness",
        "Pain from sitting",
        "Excess weight (0 lb)",
        "Build (neither nor)",
        "Felt while stretching, try 2 (which stretch is not known) (nothing unpleasant)",
        "Felt too early, try 2 (which stretch is not known)",
    )


# Markdown and width


@pytest.mark.parametrize(
    "person",
    [
        Profile(),
        Profile({"sciatica": True, "from_sitting": True}, [Trial("cat_cow")], "no"),
        Profile({"excess_lb": 60}, [Trial()]),
    ],
)
def test_headings_tables_and_lists_are_set_apart_as_markdown_wants_them(small: Texts, person: Profile) -> None:
    lines = markdown.screening(told(small, person)).split("\n")
    assert [text for text, after in pairwise(lines) if text.startswith("#") and after] == []
    for number, line in enumerate(lines[1:], 1):
        above = lines[number - 1]
        if line == "| --- | --- | --- |":
            assert (lines[number - 2], above.count("|")) == ("", 4)
        elif line.startswith("| ") and "stretch" not in line:
            assert above.startswith("| ")
        elif line.startswith(("#", "---")) or above.startswith("| "):
            assert "" in {line, above}
    assert (
        lines.count("| --- | --- | --- |")
        == sum(line == "| stretch | notes | why |" for line in lines)
        == len(told(small, person).groups)
    )
    assert lines[-2:] == ["Rulebooks: small 1.0.0", ""]
    assert lines[-6:-4] == [WARNING_SIGNS, ""]
    assert lines[lines.index("---") - 1] == ""


@FORMS
def test_everything_that_was_assumed_is_printed(run: Run, form: str) -> None:
    printed = flat(run("screen", "--trial", "side_bend", "--otherwise", "no", "--format", form).out)
    knowledge_base = load_rulebooks()
    assert [
        fact.title
        for fact in knowledge_base.person_facts.values()
        if fact.no is not None and flat(fact.title) not in printed.partition("assumed to be no (")[2]
    ] == []


def test_markdown_leaves_signs_of_its_own_in_words_as_they_are(small: Texts) -> None:
    small = changed(
        small,
        IN_PERSON,
        ("reason: It is hard to do well.", "reason: 'a *b* _c_ [d](e) `f` <g> | h \\ i'"),
        ("title: Learn", "title: '*Learn*'\n#"),
    )
    small = changed(small, STRETCHES, ("name: Far toe reach", "name: Far | <toe> reach"))
    printed = markdown.screening(told(small, Profile(otherwise="no")))
    assert r"a \*b\* \_c\_ \[d\](e) \`f\` \<g\> \| h \\ i" in printed
    assert r"**with care: \*Learn\***" in printed
    assert r"| Far \| \<toe\> reach |" in printed


def test_text_is_never_wider_than_people_like_to_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    for command in (["screen", "--has", "sciatica"], ["stretches"], ["facts"], ["rules", "coverage"]):
        assert max(len(line) for line in run(*command).out.splitlines()) <= 100


def test_text_fits_a_narrow_window(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert max(len(line) for line in run("screen", "--has", "sciatica", "--trial", "side_bend").out.splitlines()) <= 60


def test_words_of_a_rulebook_are_never_markup(run: Run, folder: Folder, small: Texts) -> None:
    small = changed(small, STRETCHES, ("name: Cat-cow", "name: '[red]Cat[/red]'"))
    small = changed(small, FACTS, ("question: Do you have sciatica?", "question: 'Do you have [bold]it[/bold]?'"))
    path = folder(small)
    assert "[red]Cat[/red]" in run("screen", "--rules", path).out
    assert "[red]Cat[/red]" in run("stretches", "--rules", path).out
    assert "[bold]it[/bold]" in run("facts", "--rules", path).out


# General advice

STOPPED = [Profile({"numbness": True}, otherwise="no"), Profile({"numbness": None}, otherwise="no"), Profile()]


@FORMS
def test_general_advice_stands_once_near_the_end(run: Run, folder: Folder, small: Texts, form: str) -> None:
    """It is the sentence of the statement, and not what the document says."""
    printed = run("screen", "--rules", folder(small), "--has", "sciatica", "--otherwise", "no", "--format", form).out
    assert_in_order(printed, "Why", "General advice", "Breathe steadily.", DISCLAIMER)
    assert flat(printed).count("breathe steadily.") == 1


@pytest.mark.parametrize("profile", STOPPED)
def test_no_general_advice_under_what_may_be_a_stop(small: Texts, profile: Profile) -> None:
    """“Do not stretch” is not followed by how to do it best, nor is what may become it."""
    assert told(small, profile).advice == ()


@FORMS
def test_no_heading_without_general_advice(run: Run, folder: Folder, small: Texts, form: str) -> None:
    """Neither under a stop, nor where no statement gives any."""
    assert "General advice" not in run("screen", "--rules", folder(small), "--has", "numbness", "--format", form).out
    small[STATEMENTS] = small[STATEMENTS].replace(
        "becomes: [advice]\n  advice: Breathe steadily.", "becomes: [background]"
    )
    path = folder(small)
    assert "General advice" not in run("screen", "--rules", path, "--otherwise", "no", "--format", form).out
