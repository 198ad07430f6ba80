"""What several test modules share: a screener of the shipped rulebook, the small rulebook, and the command line run in this process."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from backscreen import Screener
from backscreen.cli import main
from tests.helpers.small import SMALL, Folder, Ran, Run, Texts

pytest.register_assert_rewrite("tests.helpers.broken")

# A run in the background inherits that Ctrl-C is ignored, and so would the programs that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes depends on what else the machine does.
settings.register_profile("any machine", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
# `--hypothesis-profile=quick`: the same few examples each time, none made smaller, for tests that are run thousands of times (docs/mutation-testing.md)
QUICK = (Phase.explicit, Phase.generate)
settings.register_profile(
    "quick",
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=QUICK,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture
def small() -> Texts:
    """The small rulebook, to be changed at will."""
    return dict(SMALL)


@pytest.fixture(scope="session")
def screener() -> Screener:
    """Screens with the shipped rulebook, by the default engine."""
    return Screener()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Writes a rulebook's texts into a folder of their own."""

    def write(texts: Texts) -> Path:
        for file, text in texts.items():
            path = tmp_path / "mine" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "mine"

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in this process."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: Any) -> Ran:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(stop.value.code, said.out, said.err)

    return call
