"""Places where something could be left out, dropped or misread in silence, and so end as a wrong `allowed`."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from backscreen import Profile, ProfileError, RulebookError, Screener, Trial, load_profile
from backscreen.cli import main
from backscreen.diagnostics.characters import one_line
from backscreen.loading.rulebook_files import bundled_rulebooks, load_folder, load_rulebooks
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.rules import Status

RULES = Path(__file__).parents[2] / "rules" / "lower-back"
PROGRAM = str(Path(sysconfig.get_path("scripts")) / "backscreen")
KNOWLEDGE_BASE = load_rulebooks("lower-back")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped rulebook to damage."""
    return Path(shutil.copytree(RULES, tmp_path / "book"))


def test_linked_folder_of_rules_is_read(folder: Path) -> None:
    """A symbolic link to a folder of rules is followed."""
    (folder / ".kept").mkdir()
    (folder / "contraindications").rename(folder / ".kept" / "elsewhere")
    (folder / "contraindications").symlink_to(Path(".kept") / "elsewhere")
    assert load_folder(folder).digest == KNOWLEDGE_BASE.books[0].digest


def test_circular_links_are_read_once(folder: Path) -> None:
    """A link to a folder above changes nothing."""
    (folder / "precautions" / "again").symlink_to(folder)
    assert load_folder(folder).digest == KNOWLEDGE_BASE.books[0].digest


@pytest.mark.parametrize(
    "name", ["r.YAML", "r.Yaml", "r.yml", "r.YML", "r.json", "r", "r.yaml.bak", "r.yaml~", "r.yaml "]
)
def test_file_that_may_be_a_rule_is_refused(folder: Path, name: str) -> None:
    """A rule under an unusual name is an error, and never left out silently."""
    rule = folder / "contraindications" / "hamstrings-with-sciatica.yaml"
    rule.rename(rule.with_name(name))
    with pytest.raises(RulebookError) as caught:
        load_folder(folder)
    assert any(diagnostic.location == str(rule.with_name(name)) for diagnostic in caught.value.diagnostics)


def test_notes_and_hidden_files_are_skipped(folder: Path) -> None:
    """They change nothing in a rulebook."""
    (folder / "README.md").write_text("Notes.")
    (folder / "LICENSE").write_text("MIT")
    (folder / "advice" / "notes.md").write_text("Notes.")
    (folder / "advice" / ".smoking.yaml.swp").write_text("{")
    (folder / ".github").mkdir()
    (folder / ".github" / "ci.yml").write_text("{")
    assert load_folder(folder).digest == KNOWLEDGE_BASE.books[0].digest


def test_unreadable_folder_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules in a folder that cannot be listed must not be missing silently."""
    scan = os.scandir

    def failing(place: Path) -> object:  # as os.scandir; root may look into everything
        if place.name == "contraindications":
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr(os, "scandir", failing)
    with pytest.raises(RulebookError) as caught:
        load_folder(folder)
    assert caught.value.diagnostics[0].location == str(folder / "contraindications")
    assert caught.value.diagnostics[0].code == "unreadable-folder"


def test_rulebook_with_only_retired_rules_is_refused() -> None:
    """It would allow everything to everybody."""
    retired = tuple(evolve(rule, status=Status.RETIRED) for rule in KNOWLEDGE_BASE.books[0].rules)
    with pytest.raises(RulebookError):
        Screener(KnowledgeBase([evolve(KNOWLEDGE_BASE.books[0], rules=retired)]))


@pytest.mark.parametrize("wanted", [5, b"lower-back", [], [5], {"lower-back": 1}])
def test_wrong_type_for_a_rulebook_is_refused(wanted: object) -> None:
    """Anything but ids and paths is refused."""
    with pytest.raises(RulebookError):
        Screener(wanted)  # type: ignore[arg-type]
    assert bundled_rulebooks() == ("lower-back", "red-flags")


def test_left_open_name_must_exist() -> None:
    """A decimal comma in `{excess_weight_lb: 22,5 kg}` makes a fact `5 kg` without an answer."""
    screener = Screener(KNOWLEDGE_BASE)
    for profile in (Profile({"excess_weight_lb": 22, "5 kg": None}), Profile(trials=[Trial("side_bend", fellt=None)])):
        with pytest.raises(ProfileError) as caught:
            screener.screen(profile)
        assert caught.value.diagnostics[0].name in {"5 kg", "fellt"}
    assert Profile({"sciatica": None}) == Profile()


def test_huge_number_is_refused() -> None:
    """A number of 5000 digits is refused like any other out of bounds."""
    with pytest.raises(ProfileError):
        Screener(KNOWLEDGE_BASE).screen(Profile({"warm_up_min": 10**5000}))


@pytest.mark.parametrize("trials", [{}, b"", "", {Trial("side_bend")}, 5, [{"stretch": "side_bend"}]])
def test_empty_trials_of_another_type_are_refused(trials: object) -> None:
    """An empty mapping or word is no empty list of trials."""
    with pytest.raises(ProfileError):
        Profile(trials=trials)  # type: ignore[arg-type]


def test_unknown_trial_fact_named_self_is_refused() -> None:
    """The name of a parameter does not hide an unknown fact."""
    with pytest.raises(ProfileError):
        Screener(KNOWLEDGE_BASE).screen(Profile(trials=[Trial("side_bend", self=True)]))


def test_causes_are_read_only_and_pickle() -> None:
    """Causes cannot be changed, survive pickling, and are not in the `repr`."""
    screening = Screener(KNOWLEDGE_BASE).screen(Profile({"sciatica": True}, otherwise="no"))
    with pytest.raises(TypeError):
        screening.warnings[0].because["sciatica"] = False  # type: ignore[index]
    assert pickle.loads(pickle.dumps(screening)) == screening  # noqa: S301 - our own
    assert "True" not in repr(screening.findings[0])


def _program(*arguments: str | bytes, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run the installed program."""
    run: Any = subprocess.run  # no overload takes options by variable
    done: subprocess.CompletedProcess[bytes] = run([PROGRAM, *arguments], capture_output=True, check=False, **options)
    return done


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["--fact", "sciatica=0", "--fact", "sciatica=no"], ["--fact sciatica="]),
        (["--lacks", "warm_up_min", "--fact", "warm_up_min=0"], ["--fact warm_up_min=0", "--lacks warm_up_min"]),
        (["--fact", "sciatica=1", "--has", "sciatica"], ["sciatica"]),
    ],
)
def test_wrong_option_is_refused_beside_a_right_one(arguments: list[str], options: list[str]) -> None:
    """A correct option does not hide a wrong one."""
    done = _program("screen", *arguments)
    assert done.returncode == 2
    assert all(option in done.stderr.decode() for option in options)


def test_equal_amounts_do_not_contradict() -> None:
    """The same amount in two units is one answer."""
    amounts = ("--fact", "excess_weight_lb=25 kg", "--fact", "excess_weight_lb=55", "--fact", "excess_weight_lb=25 kg")
    assert _program("screen", *amounts).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["screen", "--has", b"\xff"],
        ["screen", "--profile", b"/\xff"],
        ["screen", "--rules", b"/\xff"],
        [b"\xff"],
        ["screen", "--fact", b"sciatica=\xff"],
    ],
)
def test_undecodable_arguments_are_refused(arguments: list[str | bytes]) -> None:
    """Bytes that are no text end with 2 and without a traceback."""
    done = _program(*arguments)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_unwritable_output_is_an_error(tmp_path: Path) -> None:
    """A full or closed output has the right exit code and no traceback."""
    for command, code, said in (
        ("stretches > /dev/full", 2, True),
        ("screen --has siatica 2> /dev/full", 2, False),
        ("screen --profile - <&-", 2, True),
        ("stretches >&-", 0, False),
        ("screen --has siatica 2>&-", 2, False),
    ):
        done = subprocess.run(
            ["/bin/sh", "-c", f'"$0" {command}', PROGRAM], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert done.returncode == code, command
        assert bool(done.stderr) is said, command
        assert "Traceback" not in done.stderr
        assert "fault of ours" not in done.stderr


@pytest.mark.parametrize("written", ["lower-back", "./lower-back", "lower-back/"])
def test_own_folder_wins_over_a_bundled_rulebook(folder: Path, written: str) -> None:
    """A folder with the name of a bundled rulebook is the one that is used."""
    own = folder.rename(folder.parent / "lower-back")
    rule = own / "contraindications" / "hamstrings-with-sciatica.yaml"
    rule.write_text(rule.read_text("utf-8").replace("effect: avoid", "effect: caution"), "utf-8")
    assert _program("rules", "test", written, cwd=own.parent).returncode == 1
    assert (
        _program("screen", "--rules", written, "--has", "sciatica", "--format", "json", cwd=own.parent).stdout
        != _program("screen").stdout
    )


def test_cases_of_a_retired_rule_still_pass(folder: Path) -> None:
    """A retired rule is tested as if it acted."""
    rule = folder / "contraindications" / "hamstrings-with-sciatica.yaml"
    rule.write_text(rule.read_text("utf-8").replace("status: draft", "status: retired"), "utf-8")
    (folder / "scenarios.yaml").unlink()
    assert _program("rules", "test", str(folder)).returncode == 0


def test_control_characters_do_not_reach_the_terminal() -> None:
    """An error quotes them escaped."""
    done = _program("screen", "--has", "a\x1b[31mb")
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr


def test_closed_pipe_is_no_error() -> None:
    """A reader that closes the pipe changes neither exit code nor error output."""
    for command in ("--version", "--help", "stretches", "screen"):
        shell = f'"$0" {command} | true; echo "${{PIPESTATUS[0]}}"'
        done = subprocess.run(["/bin/bash", "-c", shell, PROGRAM], capture_output=True, text=True, check=False)
        assert (done.stdout.strip(), done.stderr) == ("0", ""), command


LONG = "a" * 300


@pytest.mark.parametrize("path", [LONG, f"./{LONG}", "x/" * 3000, "a\nGO AHEAD" + LONG])
def test_impossible_path_is_named(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The library raises its own error for such a path, and the command names it and ends with 2."""
    with pytest.raises(RulebookError) as caught:
        Screener(Path(path))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location) == ("not-a-rulebook", one_line(str(Path(path))))
    with pytest.raises(ProfileError):
        load_profile(path)
    for command in (["screen", "--rules", path], ["rules", "check", path], ["screen", "--profile", path]):
        with pytest.raises(SystemExit) as ended:
            main(command)
        told = capsys.readouterr().err
        assert ended.value.code == 2
        assert one_line(str(Path(path)))[:60] in told
        assert "output" not in told
        assert not told.splitlines()[1].startswith("GO AHEAD")


def test_deleted_folder_is_no_rulebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A deleted current directory ends in an error of ours for every command."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for path in (Path(), Path("mine"), Path("../gone")):
        with pytest.raises(RulebookError):
            Screener(path)
    for command in (
        ["screen", "--rules", "."],
        ["rules", "check", "."],
        ["rules", "schema", "."],
        ["rules", "new", "--rulebook", "x"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(command)
        told = capsys.readouterr().err
        assert ended.value.code == 2
        assert told.startswith((".: ", "the current directory: "))
