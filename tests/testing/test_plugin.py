"""The pytest plugin: the cases and scenarios of somebody's own rulebook as tests, in a project of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.broken import changed
from tests.helpers.small import AVOID, CAUTION, SCENARIOS, Texts

pytest_plugins = "pytester"

PAGE = (Path(__file__).parents[2] / "docs" / "testing-rules.md").read_text("utf-8")
CASE = f"rules/mine/{AVOID}::sciatica rules it out"
Project = Callable[..., None]


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    """Writes a project with a test of its own, the settings of the page, and a rulebook in `rules/mine`."""
    (settings,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

    def write(texts: Texts, settings: str = settings + 'testpaths = ["tests"]\n') -> None:
        files = {f"rules/mine/{file}": text for file, text in texts.items()}
        for file, text in {**files, "pyproject.toml": settings, "tests/test_own.py": "def test_own(): pass\n"}.items():
            path = pytester.path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    return write


@pytest.fixture
def wrong(small: Texts) -> Texts:
    """A rulebook one of whose cases does not hold."""
    return changed(small, AVOID, ("{fires: yes, directive: care, verdicts: {toe_reach: avoid}}", "{fires: no}"))


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable all other plugins, which could change results or cost time."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def ran(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess(*arguments)


def ids(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if "::" in line]


def test_every_case_and_scenario_is_a_test_beside_those_of_the_project(
    pytester: pytest.Pytester, project: Project, small: Texts
) -> None:
    project(small)
    assert ids(ran(pytester, "--collect-only", "-q")) == [
        "tests/test_own.py::test_own",
        CASE,
        f"rules/mine/{AVOID}::nobody has asked",
        "rules/mine/precautions/pain.yaml::it hurt",
        f"rules/mine/{CAUTION}::fifty pounds",
        f"rules/mine/{SCENARIOS}::a person with sciatica",
    ]
    ran(pytester).assert_outcomes(passed=6)


def test_a_case_that_does_not_hold_is_told_as_the_command_tells_it(
    pytester: pytest.Pytester, project: Project, wrong: Texts
) -> None:
    project(wrong)
    result = ran(pytester)
    result.assert_outcomes(passed=5, failed=1)
    command = [str(Path(sys.executable).with_name("backscreen")), "rules", "test", "rules/mine"]
    told = subprocess.run(
        command, cwd=pytester.path, stdout=subprocess.PIPE, encoding="utf-8", check=False
    ).stdout.split("\n\n4 cases")[0]
    assert told.startswith(f"rules/mine/{AVOID}:12:11\n")
    assert f"hamstrings::sciatica rules it out ___\n{told}\n===" in re.sub(r" _+\n", " ___\n", result.stdout.str())
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_a_scenario_that_does_not_hold_is_told_as_one(
    pytester: pytest.Pytester, project: Project, small: Texts
) -> None:
    project(changed(small, SCENARIOS, ("directive: care", "directive: stop")))
    result = ran(pytester)
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(
        ["*scenario::a person with sciatica*", f"rules/mine/{SCENARIOS}:1:9", "*expected  stop", "*got       care"]
    )


def test_a_test_is_where_its_case_stands(pytester: pytest.Pytester, project: Project, wrong: Texts) -> None:
    project(wrong)
    ran(pytester, "--junit-xml=report.xml", "-o", "junit_family=xunit1")
    report = (pytester.path / "report.xml").read_text("utf-8")
    assert re.search(rf'name="sciatica rules it out" file="rules/mine/{AVOID}" line="11"', report)


def test_a_rulebook_that_cannot_be_read_is_one_error_with_all_its_problems(
    pytester: pytest.Pytester, project: Project, small: Texts
) -> None:
    broken = changed(
        changed(small, AVOID, ("effect: avoid", "effect: avoidd")), CAUTION, ("excess_lb: {", "exces_lb: {")
    )
    project(broken)
    result = ran(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"rules/mine/{AVOID}:5:9: *", f"rules/mine/{CAUTION}:3:8: *"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*plugin.py*")


@pytest.mark.parametrize("arguments", [[CASE], ["rules/mine", "-k", "sciatica and out"], ["-k", "rules_it_out or out"]])
def test_one_case_can_be_asked_for(
    pytester: pytest.Pytester, project: Project, wrong: Texts, arguments: list[str]
) -> None:
    project(wrong)
    result = ran(pytester, *arguments)
    assert result.parseoutcomes()["failed"] == 1
    assert "passed" not in result.parseoutcomes()


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["tests"], 1),
        (["rules/mine"], 5),
        (["rules"], 5),
        ([f"rules/mine/{SCENARIOS}"], 1),
        (["rules/mine/precautions"], 2),
        (["."], 6),
    ],
)
def test_what_is_named_is_run_and_nothing_else(
    pytester: pytest.Pytester, project: Project, small: Texts, arguments: list[str], count: int
) -> None:
    project(small)
    ran(pytester, *arguments).assert_outcomes(passed=count)


def test_nothing_is_run_twice(pytester: pytest.Pytester, project: Project, small: Texts) -> None:
    project(
        small,
        '[tool.pytest.ini_options]\naddopts = ["-p", "backscreen.testing.plugin"]\n'
        'backscreen_rulebooks = ["rules/mine"]\n',
    )
    ran(pytester).assert_outcomes(passed=6)
    ran(pytester, "--backscreen-rulebook", "rules/mine").assert_outcomes(passed=6)


def test_what_failed_last_is_run_again_until_the_rule_is_mended(
    pytester: pytest.Pytester, project: Project, small: Texts, wrong: Texts
) -> None:
    project(wrong)
    ran(pytester).assert_outcomes(passed=5, failed=1)
    ran(pytester, "--lf").assert_outcomes(failed=1)
    project(small)
    ran(pytester, "--lf").assert_outcomes(passed=1)


def test_several_processes_share_the_cases(pytester: pytest.Pytester, project: Project, wrong: Texts) -> None:
    pytest.importorskip("xdist")
    project(wrong)
    ran(pytester, "-p", "xdist", "-n", "2").assert_outcomes(passed=5, failed=1)


def test_a_rulebook_can_be_named_for_one_run(pytester: pytest.Pytester, project: Project, small: Texts) -> None:
    project(small, "[tool.pytest.ini_options]\n")
    ran(pytester, "-p", "backscreen.testing.plugin", "--backscreen-rulebook", "rules/mine", "tests").assert_outcomes(
        passed=6
    )


def test_the_plugin_can_be_switched_on_in_a_conftest(pytester: pytest.Pytester, project: Project, small: Texts) -> None:
    project(small, '[tool.pytest.ini_options]\nbackscreen_rulebooks = ["rules/mine"]\n')
    pytester.makeconftest('pytest_plugins = ["backscreen.testing.plugin"]\n')
    ran(pytester).assert_outcomes(passed=6)


@pytest.mark.parametrize("arguments", [["--backscreen-rulebook", "nowhere"], ["-o", "backscreen_rulebooks=nowhere"]])
def test_a_folder_that_is_not_there_is_a_mistake(
    pytester: pytest.Pytester, project: Project, small: Texts, arguments: list[str]
) -> None:
    project(small)
    result = ran(pytester, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no folder*nowhere*"])


def test_cases_of_one_name_and_names_with_colons_can_be_told_apart(
    pytester: pytest.Pytester, project: Project, small: Texts
) -> None:
    project(
        changed(
            small,
            AVOID,
            ("name: sciatica rules it out", "name: 'a::b [c]'"),
            ("name: nobody has asked", "name: 'a:b [c]'"),
        )
    )
    assert ids(ran(pytester, "--collect-only", "-q", f"rules/mine/{AVOID}")) == [
        f"rules/mine/{AVOID}::a:b [c]",
        f"rules/mine/{AVOID}::a:b [c] (2)",
    ]
    ran(pytester, f"rules/mine/{AVOID}::a:b [c] (2)").assert_outcomes(passed=1)


def test_the_cases_of_a_retired_rule_still_judge_it(pytester: pytest.Pytester, project: Project, wrong: Texts) -> None:
    del wrong[SCENARIOS]
    project(changed(wrong, AVOID, ("status: reviewed\nreviewed_on: 2026-11-20", "status: retired")))
    ran(pytester, CASE).assert_outcomes(failed=1)


def test_a_rulebook_without_cases_or_scenarios_has_no_tests(
    pytester: pytest.Pytester, project: Project, small: Texts
) -> None:
    del small[SCENARIOS]
    project({file: text.partition("cases:")[0] for file, text in small.items()})
    ran(pytester).assert_outcomes(passed=1)


def test_a_mistake_of_ours_is_shown_with_its_traceback(
    pytester: pytest.Pytester, project: Project, small: Texts
) -> None:
    project(small)
    pytester.makeconftest("import backscreen.authoring.cases.runner\nbackscreen.authoring.cases.runner.decide = None\n")
    result = ran(pytester, CASE)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*TypeError*"])


def test_other_projects_do_not_even_import_it(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    pytester.makepyfile(
        "import sys\ndef test_absence():\n"
        "    assert not [name for name in sys.modules if name.startswith('backscreen')]\n"
    )
    ran(pytester).assert_outcomes(passed=1)


def test_it_works_without_hypothesis(pytester: pytest.Pytester, project: Project, small: Texts) -> None:
    project(small)
    code = "import sys; sys.modules['hypothesis'] = None; import pytest; sys.exit(pytest.main(['-q']))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=pytester.path, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout.splitlines()[-1].startswith("6 passed")) == (0, True)
