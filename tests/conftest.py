"""Shared fixtures: a screener with the bundled rulebooks, the small rulebook, and commands run in this process."""

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

# A background process ignores Ctrl-C, and so would the programs that tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The time of an example depends on the load of the machine.
settings.register_profile("any machine", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
# `--hypothesis-profile=quick`: always the same few examples without shrinking, for mutation testing
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
    """Return the texts of the small rulebook, to change as needed."""
    return dict(SMALL)


@pytest.fixture(scope="session")
def screener() -> Screener:
    """Return a screener with the bundled rulebooks and the default engine."""
    return Screener()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a function that writes the texts of a rulebook into a folder."""

    def write(texts: Texts) -> Path:
        for file, text in texts.items():
            path = tmp_path / "mine" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "mine"

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in this process."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: Any) -> Ran:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(stop.value.code, said.out, said.err)

    return call
