"""The campaign finds what it is there to find, and its people and rulebooks reach what matters."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from backscreen import Certainty, Directive, Effect, Profile, Screener, Screening, Trial, Verdict
from backscreen.loading.rulebook_files import load_rulebooks
from backscreen.model.catalogue import Nothing
from backscreen.model.conditions import ALWAYS, AllOf, AnyOf, Condition, Not, OneOf, Within, alternatives, can_hold
from backscreen.model.facts import TRIAL, Number
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import About, Status
from backscreen.screening.parts import Fault
from backscreen.semantics.reference import decide
from backscreen.testing import comparison, random_people, thresholds
from tests.campaign import cases, keeping, processes, sabotage, selfcheck, sources
from tests.campaign.chunks import Chunk, Found, Part, screen
from tests.campaign.command import AGREED, BAD_INPUT, DISAGREED, INTERRUPTED, TERMINATED, main
from tests.campaign.running import Outcome, chunks, run
from tests.campaign.smaller import fewest
from tests.helpers.machine import PATIENCE

ROOT = Path(__file__).parents[2]
SHIPPED = sources.named(["lower-back"])
COMPILED = "backscreen.engines.python.compiled_engine:CompiledEngine"


@pytest.fixture(autouse=True)
def _logging_goes_on() -> Iterator[None]:
    """Turn logging on again, which a campaign's process turns off."""
    yield
    logging.disable(logging.NOTSET)


def broken(engine: object) -> str:
    """Return the name by which a campaign finds a broken engine."""
    return f"{sabotage.__name__}:{getattr(engine, '__name__', '')}"


class Anywhere:
    """A stand-in for the shared progress of a process."""

    value = -1


def people_of_random_rulebooks(rulebooks: int, each: int) -> Iterator[tuple[KnowledgeBase, Profile]]:
    """Yield random people, each with the random rulebook for which they were drawn."""
    for number in range(rulebooks):
        source = sources.drawn(0, number)
        knowledge_base = source.knowledge_base()
        asked = random_people.questionnaire(knowledge_base)
        for index in range(each):
            yield knowledge_base, random_people.person(sources.seeded(0, source.name, index), asked)


def test_random_people_reach_what_matters() -> None:
    """Every effect, verdict, threshold and kind of unknown is reached, and `otherwise` makes a difference."""
    seen: set[str] = set()
    for knowledge_base, person in people_of_random_rulebooks(20, 30):
        screening = Screener(knowledge_base, engine="compiled").screen(person)
        seen |= _of_screening(screening) | _of_person(knowledge_base, person) | _of_narrowing(knowledge_base, person)
        assuming, asking = (
            decide(knowledge_base, Profile(person.facts, person.trials, otherwise)) for otherwise in ("no", "unknown")
        )
        seen.update("otherwise matters" for _ in [0] if assuming.stretches != asking.stretches)
    wanted = {f"{certainty} {effect.value}" for certainty in Certainty for effect in Effect}
    wanted |= {f"verdict {verdict}" for verdict in Verdict} | {f"directive {directive}" for directive in Directive}
    wanted |= {f"{count} trials" for count in range(random_people.MOST_TRIALS + 1)}
    wanted |= {
        "nobody was asked",
        "everything is answered",
        "named and open",
        "unsure",
        "stretch unknown",
        "assumed",
        "not assumed",
        "settled",
        "otherwise matters",
    }
    wanted |= {
        "at a threshold",
        "narrowed: is about",
        "narrowed: is not about",
        "narrowed: unknown",
        "instead",
        "recommended",
        "unneeded",
    }
    assert wanted <= seen


def _of_screening(screening: Screening) -> set[str]:
    """Return which findings, verdicts and lists a screening has."""
    seen = {f"{finding.certainty} {finding.effect.value}" for finding in screening.findings}
    seen |= {f"verdict {outcome.verdict}" for outcome in screening} | {f"directive {screening.directive}"}
    for word in ("instead", "recommended", "unneeded"):
        seen.update(word for outcome in screening if getattr(outcome, word))
    seen.update("assumed" for _ in screening.assumed)
    seen.update("settled" for _ in [0] if not screening.unanswered)
    return seen


def _of_person(knowledge_base: KnowledgeBase, person: Profile) -> set[str]:
    """Return which kinds of answers and blanks a person has."""
    seen = {f"{len(person.trials)} trials"}
    seen.update("nobody was asked" for _ in [0] if not person.facts)
    seen.update("everything is answered" for _ in [0] if len(person.facts) == len(knowledge_base.person_facts))
    seen.update("named and open" for _ in person.left_open)
    seen.update("unsure" for _ in person.unsure)
    seen.update("stretch unknown" for trial in person.trials if trial.stretch is None)
    seen.update("at a threshold" for name, value in person.facts.items() if value in thresholds(knowledge_base, name))
    if person.otherwise == "no":
        rested_on = {other for name in person.facts for other in knowledge_base.person_facts[name].rests_on}
        seen.update(
            "not assumed"
            for name in rested_on
            if name not in person.facts and knowledge_base.person_facts[name].no is not None
        )
    return seen


def _of_narrowing(knowledge_base: KnowledgeBase, person: Profile) -> set[str]:
    """Return how the person's trials relate to narrowed rules."""
    stretches = [trial.stretch for trial in person.trials]
    narrowed = [scoped.tried for scoped in knowledge_base.rules if scoped.tried is not None]
    about = {
        "narrowed: unknown" if one is None else "narrowed: is about" if one in tried else "narrowed: is not about"
        for tried in narrowed
        for one in stretches
    }
    return set(about)


def test_random_rulebooks_reach_what_matters() -> None:
    """Every fact type with and without a "no", every form of condition, and contradictions that load."""
    seen: set[str] = set()
    for number in range(30):
        (book,) = sources.drawn(0, number).knowledge_base().books
        knowledge_base = KnowledgeBase([book])
        for fact in knowledge_base.facts.values():
            seen.add(f"{type(fact).__name__} with {'no `no`' if fact.no is None else 'a `no`'}")
            seen.update("rests on" for _ in fact.rests_on)
        for rule in book.rules:
            seen |= _forms(rule.when) | {f"effect {rule.effect.value}", f"status {rule.status.value}"}
            seen.update("always" for _ in [0] if rule.when == ALWAYS)
            seen.update("about a stretch" for _ in [0] if rule.about is About.STRETCH)
            seen.update("no stretch" for _ in [0] if isinstance(rule.applies_to, Nothing))
            seen.update("whichever was tried" for _ in [0] if rule.applies_to is None and rule.about_a_trial)
            seen.update("narrowed" for _ in [0] if rule.tried is not None)
            ways = alternatives(rule.when, knowledge_base.facts)
            seen.update("several alternatives" for _ in ways[1:])
            seen.update("contradiction" for way in ways if not can_hold(AllOf(way), knowledge_base.facts))
        seen.update("many rules" for _ in [0] if len(knowledge_base.rules) > 20)
    wanted = {f"{kind} with {no}" for kind in ("Number", "Choice") for no in ("no `no`", "a `no`")} | {
        "Flag with a `no`",
        "rests on",
        "many rules",
    }
    wanted |= {f"effect {effect.value}" for effect in Effect} | {
        f"status {status.value}" for status in (Status.DRAFT, Status.RETIRED)
    }
    wanted |= {
        "both ends",
        "lower end",
        "upper end",
        "some options",
        "one option",
        "nested in not",
        "nested in any",
        "nested in all",
    }
    wanted |= {
        "always",
        "about a stretch",
        "no stretch",
        "whichever was tried",
        "narrowed",
        "several alternatives",
        "contradiction",
    }
    assert wanted <= seen


def _forms(condition: Condition) -> set[str]:
    """Return the forms of a condition and of its parts."""
    match condition:
        case OneOf(_, values):
            return {"some options" if len(values) > 1 else "one option"}
        case Within(_, low, high):
            return {"both ends" if low is not None is not high else "upper end" if low is None else "lower end"}
        case Not(part):
            parts, name = (part,), "not"
        case AllOf(parts):
            name = "all"
        case AnyOf(parts):
            name = "any"
    nested = {f"nested in {name}" for part in parts if isinstance(part, AllOf | AnyOf | Not)}
    return nested.union(*map(_forms, parts))


def test_random_people_reach_every_outcome_of_each_rule() -> None:
    """Each shipped rule fires, may fire and stays silent, and both sides of each limit occur."""
    knowledge_base = SHIPPED.knowledge_base()
    asked = random_people.questionnaire(knowledge_base)
    seen: set[tuple[int, str]] = set()
    ends = {
        name: thresholds(knowledge_base, name)
        for name, fact in knowledge_base.facts.items()
        if isinstance(fact, Number)
    }
    for index in range(1_000):
        person = random_people.person(sources.seeded(0, SHIPPED.name, index), asked)
        found = decide(knowledge_base, person).activations
        seen |= {(key.rule, one.value) for key, one in found.items()}
        seen |= {
            (number, "silent")
            for number in range(len(knowledge_base.rules))
            if all(key.rule != number for key in found)
        }
        for name, value in (
            *person.facts.items(),
            *((TRIAL + name, value) for trial in person.trials for name, value in trial.facts.items()),
        ):
            ends.get(name, set()).discard(value)
    wanted = {
        (number, word)
        for number, scoped in enumerate(knowledge_base.rules)
        for word in ("fires", "may_fire", "silent")
        if scoped.rule.when != ALWAYS
    }
    assert wanted <= seen
    assert not any(ends.values()), "both sides of every threshold"


def test_person_can_be_drawn_again_alone() -> None:
    """A seed and an index are enough to draw the same person."""
    source = sources.drawn(7, 3)
    assert source.files == sources.drawn(7, 3).files
    assert source.files != sources.drawn(8, 3).files
    asked = random_people.questionnaire(source.knowledge_base())
    everybody = [random_people.person(sources.seeded(7, source.name, index), asked) for index in range(50)]
    assert random_people.person(sources.seeded(7, source.name, 31), asked) == everybody[31]
    assert random_people.person(sources.seeded(8, source.name, 31), asked) != everybody[31]


def test_chunks_cover_everybody_once() -> None:
    """No person is in two chunks or in none."""
    small, large = sources.drawn(0, 0), sources.drawn(0, 1)
    parts = list(chunks([(small, 25), (large, 12), (small, 0)], 0, (), 0, 10))
    assert [chunk.size for chunk in parts] == [10, 10, 10, 7]
    everybody = [(part.source.name, index) for chunk in parts for part, index in map(chunk.person, range(chunk.size))]
    assert everybody == [("random-0", index) for index in range(25)] + [("random-1", index) for index in range(12)]
    assert parts[2].person(5) == (parts[2].parts[1], 0)
    around = [chunk for chunk in (parts[2].between(0, 5), parts[2].between(6, 10)) if chunk.size]
    assert [[(part.source.name, part.first, part.end) for part in chunk.parts] for chunk in around] == [
        [("random-0", 20, 25)],
        [("random-1", 1, 5)],
    ]


def test_short_run_agrees(tmp_path: Path) -> None:
    """A short campaign in a process of its own finds no disagreement on any engine."""
    command = [
        sys.executable,
        "-m",
        "tests.campaign",
        "--people",
        "400",
        "--rulebooks",
        "4",
        "--people-each",
        "50",
        "--workers",
        "2",
        "--no-self-check",
    ]
    done = subprocess.run(
        [*command, "--seed", "5", "--keep", str(tmp_path / "kept")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (AGREED, "0 of 600 people\n")
    assert (
        "400 people on red-flags+lower-back and 4 random rulebooks with 50 people each, seed 5: no disagreement"
        in done.stdout
    )
    engines = ["durable", "compiled"] if find_spec("durable") else ["compiled"]
    assert all(f"{engine} 600 of 600" in done.stdout for engine in engines)
    assert "compiled-screener 120 of 120" in done.stdout
    assert not (tmp_path / "kept").exists()


def test_self_check_notices_every_broken_engine() -> None:
    """Every broken engine is noticed."""
    assert selfcheck.unnoticed(SHIPPED, workers=2) == []


def test_self_check_names_engines_that_are_sound() -> None:
    """An engine that is sound or missing counts as unnoticed."""
    sound = {
        COMPILED: cases.ANSWER,
        broken(sabotage.drops_a_rule): "RuntimeError",
        "backscreen.engines.python.compiled_engine:Missing": cases.ANSWER,
    }
    assert selfcheck.unnoticed(SHIPPED, workers=1, broken=sound) == [*sound]


def test_disagreement_is_shrunk_kept_and_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A kept case has one person and one rule, and can be run again."""
    engine = broken(sabotage.ignores_what_was_tried)
    sizes = ["--people", "40", "--rulebooks", "1", "--people-each", "40", "--workers", "2", "--whole-every", "0"]
    assert main([*sizes, "--engine", engine, "--no-self-check", "--keep", str(tmp_path)]) == DISAGREED
    files = sorted(tmp_path.glob("*.yaml"))
    told = capsys.readouterr().out
    assert all(f"--replay {file}" in told for file in files)
    random, shipped = (
        keeping.read(next(file for file in files if name in file.name))[0] for name in ("random", "lower-back")
    )
    for case in (random, shipped):
        assert case.given is not None
        assert len(case.given.trials) == 1
        assert case.first == case.last
        assert "came" not in case.differences[0].expected
    assert len(random.source.knowledge_base().rules) == 1
    assert len(random.source.knowledge_base().facts) < len(sources.drawn(0, 0).knowledge_base().facts)
    names = [str(file) for file in files]
    assert main(["--replay", *names]) == DISAGREED
    assert main(["--engine", "compiled", "--replay", *names]) == AGREED
    assert capsys.readouterr().out.count("agrees now") == len(files)


def test_crash_is_narrowed_to_one_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A process that dies leaves a case with the person on whom it died."""
    crashing = ["--engine", broken(sabotage.crashes), "--engine", "compiled", "--whole-every", "0"]
    assert (
        main(
            [
                "--people",
                "40",
                "--rulebooks",
                "0",
                "--workers",
                "1",
                "--no-self-check",
                "--keep",
                str(tmp_path),
                *crashing,
            ]
        )
        == DISAGREED
    )
    out = capsys.readouterr().out
    assert "left out" not in out
    (file,) = tmp_path.glob("*.yaml")
    case, _ = keeping.read(file)
    assert case.checkers == (broken(sabotage.crashes),)
    assert case.given == Profile(trials=[Trial(), Trial(), Trial()], otherwise="no")
    assert case.differences == (comparison.Difference(processes.DIED, cases.ANSWER, "an end by SIGABRT"),)


def test_case_of_several_people_keeps_only_those(tmp_path: Path) -> None:
    """A failure that needs two people is narrowed down to the two."""
    engine = broken(sabotage.remembers_the_last_person)
    tally = screen(Chunk(0, (Part(SHIPPED, 0, 40),), (engine,), 0), Anywhere())
    found = tally.found[-1]
    assert found.first < found.index - 1
    case = cases.made_smaller(cases.narrowed(cases.case_of(found, ()), patience=PATIENCE), patience=PATIENCE)
    assert (case.first, case.last, case.given) == (found.index - 1, found.index, None)
    again, digest = keeping.read(keeping.write(case, tmp_path))
    assert digest == SHIPPED.knowledge_base().digest
    assert cases.shown(again, patience=PATIENCE) == found.differences


def test_unrepeatable_case_is_kept_as_found(tmp_path: Path) -> None:
    """A disagreement that does not occur again is kept unshrunk."""
    found = Found(0, SHIPPED, 0, 3, "compiled", (comparison.Difference("a rule", "fires", "may_fire"),))
    (case,) = keeping.cases([found, evolve(found, index=5)], (), patience=PATIENCE, say=lambda _: None)
    assert (case.first, case.last, case.given, case.also) == (0, 3, None, (5,))
    assert keeping.read(keeping.write(case, tmp_path))[0].differences == found.differences


def test_many_disagreements_are_bounded() -> None:
    """A chunk ends early after enough disagreements, and everybody is counted."""
    engine = broken(sabotage.invents_a_rule)
    tally = screen(Chunk(0, (Part(SHIPPED, 0, 200),), (engine,), 0, enough=10), Anywhere())
    assert len(tally.found) == 10
    assert tally.people < 200
    outcome = Outcome()
    run(chunks([(SHIPPED, 90)], 0, (broken(sabotage.crashes),), 0, 90), outcome, workers=2, patience=PATIENCE)
    assert outcome.people == 90
    assert outcome.agreed.total() + len(outcome.found) == 90


class Altered:
    """A screening with some attributes replaced."""

    def __init__(self, screening: Screening, **otherwise: object) -> None:
        self._screening = screening
        self._otherwise = otherwise

    def __getattr__(self, name: str) -> object:
        return self._otherwise[name] if name in self._otherwise else getattr(self._screening, name)

    def __iter__(self) -> Iterator[object]:
        return iter(self.stretches)  # type: ignore[call-overload,no-any-return]


def test_inconsistent_screening_is_found() -> None:
    """Each contradiction within a screening is reported by name."""
    knowledge_base = load_rulebooks("lower-back")
    hurt, sciatica = Profile(trials=[Trial(felt="pain")]), Profile(facts={"sciatica": True}, otherwise="no")
    screening = Screener(knowledge_base).screen(hurt)
    first: Any
    first, *others = screening.stretches
    assert comparison.of_screening(knowledge_base, decide(knowledge_base, hurt), screening) == []
    differing = {
        one.what for one in comparison.of_screening(knowledge_base, decide(knowledge_base, sciatica), screening)
    }
    assert {"directive", "side_bend", "lower-back/pain-on-a-stretch on trials[0]"} <= differing
    for otherwise, what in (
        ({"unanswered": ()}, ["unanswered"]),
        ({"directive": Directive.PROCEED}, ["the directive within its bounds"]),
        ({"fault": Fault("exception", "none")}, ["fault"]),
        ({"stretches": (Altered(first, unanswered=()), *others)}, [f"unanswered of {first.id}"]),
        (
            {"stretches": (Altered(first, verdict=Verdict.ALLOWED, unanswered=()), *others)},
            [f"the verdict of {first.id} within its bounds", f"the verdict of {first.id}, said at once"],
        ),
        ({"verdicts": {**screening.verdicts, first.id: Verdict.ALLOWED}}, [f"the verdict of {first.id}, said at once"]),
    ):
        altered: Any = Altered(screening, **otherwise)
        differences = comparison.of_screening(knowledge_base, decide(knowledge_base, hurt), altered)
        assert [one.what for one in differences] == what


def test_shrinking_keeps_only_what_is_needed() -> None:
    """Few trials find the items without which the failure disappears."""
    asked: list[list[int]] = []

    def shows(items: list[int]) -> bool:
        asked.append(items)
        return {3, 17} <= set(items)

    assert fewest(list(range(40)), shows) == [3, 17]
    assert len(asked) < 40
    assert fewest([1, 2], lambda _: True) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--people", "few"],
        ["--people", "-1"],
        ["--workers", "0"],
        ["--people", "0", "--rulebooks", "0"],
        ["--quick", "--full"],
        ["--engine", "guessing"],
        ["--engine", "backscreen.engines.python.compiled_engine:Missing"],
        ["--rules", "no-such-rulebook"],
        ["--keep", str(Path(__file__))],
        ["--replay", "no-such-file.yaml"],
        ["--replay", str(ROOT / "rules" / "lower-back" / "rulebook.yaml")],
    ],
)
def test_wrong_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong arguments end with 2 and an error, before anything runs."""
    try:
        code: object = main([*arguments, "--no-self-check"])
    except SystemExit as refused:  # as argparse refuses
        code = refused.code
    said = capsys.readouterr()
    assert code == BAD_INPUT
    assert said.err
    assert not said.out


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="there are no process groups here")
@pytest.mark.parametrize(("how", "code"), [("SIGINT", INTERRUPTED), ("SIGTERM", TERMINATED), ("SIGKILL", -9)])
def test_interrupt_leaves_no_process(how: str, code: int) -> None:
    """However the campaign ends, all its processes end."""
    command = [
        sys.executable,
        "-m",
        "tests.campaign",
        "--people",
        "100000",
        "--rulebooks",
        "0",
        "--no-self-check",
        "--workers",
        "2",
    ]
    running = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stderr is not None
    assert running.stderr.readline() == "0 of 100,000 people\n"
    time.sleep(0.5)
    if how == "SIGINT":
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to everybody
    else:
        running.send_signal(signal.Signals[how])
    _, said = running.communicate(
        timeout=PATIENCE
    )  # every process has these pipes open: they come to their end when the last one does
    assert running.returncode == code
    assert "Traceback" not in said


def test_many_screenings_do_not_leak_memory() -> None:
    """Thirty thousand screenings do not make a process grow."""
    command = [sys.executable, "-m", "tests.campaign.endurance", "--screenings", "30000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == AGREED, done.stdout + done.stderr
    assert "grown by" in done.stdout
