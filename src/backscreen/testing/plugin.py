"""A pytest plugin: every case and scenario of a rulebook is a test.

    [tool.pytest.ini_options]
    addopts = ["-p", "backscreen.testing.plugin"]
    backscreen_rulebooks = ["rules/mine"]

The folder of a rulebook is collected with its files, and each file with its cases or scenarios by name. So a test is
called `rules/mine/precautions/much-weight.yaml::fifty pounds`, and works with pytest's own options (`-k`, `--lf`, node
ids, `-n`).

The plugin is not registered as an entry point: pytest would import backscreen in every project of the environment.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from backscreen.authoring.cases.runner import Result
    from backscreen.model.knowledge_base import KnowledgeBase
    from backscreen.model.rules import Case, Rule, Scenario
    from backscreen.screening.screener import Screener

INI, OPTION = "backscreen_rulebooks", "--backscreen-rulebook"
_FOLDERS = pytest.StashKey[list[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting and the option that name rulebooks."""
    parser.addini(INI, type="paths", default=[], help="folders of rulebooks whose cases and scenarios are tests")
    help_ = "a folder of a rulebook whose cases and scenarios are tests; may be given several times"
    parser.getgroup("backscreen").addoption(OPTION, action="append", default=[], metavar="DIR", help=help_)


def pytest_configure(config: pytest.Config) -> None:
    """Collect rulebooks: those of the option always, those of the setting if no other path is given."""
    asked_for = [config.invocation_params.dir / folder for folder in config.getoption(OPTION)]
    settled: list[Path] = config.getini(INI)
    for folder in (*asked_for, *settled):
        if not folder.is_dir():
            raise pytest.UsageError(
                f"there is no folder `{folder}`; {INI} and {OPTION} name folders that hold a rulebook.yaml"
            )
    config.stash[_FOLDERS] = sorted({folder.resolve() for folder in (*asked_for, *settled)})
    everything = config.args_source is not pytest.Config.ArgsSource.ARGS
    for folder in (*asked_for, *(settled if everything else ())):
        if not any(
            _holds(config.invocation_params.dir / argument.partition("::")[0], folder) for argument in config.args
        ):
            config.args.append(str(folder))


def _holds(outer: Path, folder: Path) -> bool:
    """Return whether the folder is this one or below it."""
    return folder.resolve().is_relative_to(outer.resolve())


@pytest.hookimpl(tryfirst=True)
def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the folder of a rulebook; leave every other folder to pytest."""
    folders = parent.config.stash.get(_FOLDERS, [])
    return RulebookFolder.from_parent(parent, path=path) if folders and path.resolve() in folders else None


@pytest.hookimpl(trylast=True)
def pytest_report_header(config: pytest.Config) -> list[str]:
    """Name the rulebooks."""
    folders = config.stash[_FOLDERS]
    return (
        ["rulebooks: " + ", ".join(os.path.relpath(folder, config.rootpath) for folder in folders)] if folders else []
    )


class RulebookFolder(pytest.Directory):
    """The folder of a rulebook, read as a whole; all its problems are one error."""

    def collect(self) -> Iterable[pytest.Collector]:
        """Yield every file with cases or scenarios, in its folder."""
        from backscreen.diagnostics.exceptions import BackscreenError
        from backscreen.loading.rulebook_files import load_folder
        from backscreen.model.knowledge_base import KnowledgeBase

        called = _as_called_from(self.config.invocation_params.dir, self.path)
        try:
            book = load_folder(self.path, scenarios=True, shown=called)
            knowledge_base = KnowledgeBase([book])
        except BackscreenError as failure:
            raise self.CollectError(str(failure)) from None
        files: dict[Path, list[Rule | Scenario]] = {}
        entries: list[Rule | Scenario] = [*book.rules, *book.scenarios]
        for one in entries:
            file, _ = _place(one.at)
            files.setdefault(self.path / file.relative_to(called), []).append(one)
        return _below(self, knowledge_base, files)


def _as_called_from(start: Path, folder: Path) -> Path:
    """Return the folder relative to the start, so that messages are short and can be clicked."""
    return folder.relative_to(start) if folder != start and folder.is_relative_to(start) else folder


class FolderOfRules(pytest.Directory):
    """A folder within a rulebook."""

    knowledge_base: KnowledgeBase
    files: dict[Path, list[Rule | Scenario]]

    def collect(self) -> Iterable[pytest.Collector]:
        """Yield its files with cases."""
        return _below(self, self.knowledge_base, self.files)


def _below(
    parent: RulebookFolder | FolderOfRules, knowledge_base: KnowledgeBase, files: dict[Path, list[Rule | Scenario]]
) -> Iterator[pytest.Collector]:
    """Yield the collectors of a folder for these files."""
    here: dict[Path, dict[Path, list[Rule | Scenario]]] = {}
    for file, entries in sorted(files.items()):
        here.setdefault(parent.path / file.relative_to(parent.path).parts[0], {})[file] = entries
    for path, within in here.items():
        if path in within:
            file_of_rules: FileOfRules = FileOfRules.from_parent(parent, path=path)
            file_of_rules.knowledge_base, file_of_rules.entries = knowledge_base, within[path]
            yield file_of_rules
        else:
            folder: FolderOfRules = FolderOfRules.from_parent(parent, path=path)
            folder.knowledge_base, folder.files = knowledge_base, within
            yield folder


class FileOfRules(pytest.File):
    """A file with the cases of a rule, or with scenarios."""

    knowledge_base: KnowledgeBase
    entries: list[Rule | Scenario]

    @cached_property
    def screener(self) -> Screener:
        """What scenarios are screened with."""
        from backscreen.screening.screener import Screener

        return Screener(self.knowledge_base)

    def collect(self) -> Iterable[pytest.Item]:
        """Its cases or scenarios; of several with one name, all but the first are numbered."""
        from backscreen.model.rules import Rule

        seen: Counter[str] = Counter()
        for entry in self.entries:
            rule = entry if isinstance(entry, Rule) else None
            for one in (entry,) if not isinstance(entry, Rule) else entry.cases:
                name = " ".join(one.name.replace("::", ":").split())
                seen[name] += 1
                item: Expected = Expected.from_parent(self, name=name if seen[name] == 1 else f"{name} ({seen[name]})")
                item.rule, item.judged = rule, one
                yield item


class _Fails(Exception):
    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


class Expected(pytest.Item):
    """A case, or a scenario, which has no rule of its own."""

    parent: FileOfRules
    rule: Rule | None
    judged: Case | Scenario

    def runtest(self) -> None:
        """Run it; raise if it does not hold."""
        from backscreen.authoring.cases.runner import run_case, run_scenario
        from backscreen.model.rules import Scenario

        if isinstance(self.judged, Scenario):
            result = run_scenario(self.parent.screener, self.judged)
        else:
            assert self.rule is not None
            result = run_case(self.parent.knowledge_base.alone(self.rule), self.judged, self.rule.id)
        if result.mismatches:
            raise _Fails(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """Return what `backscreen rules test` prints, without a traceback."""
        from backscreen.authoring.cases.failures import failure
        from backscreen.diagnostics.exceptions import BackscreenError
        from backscreen.rendering.failure_report import text

        if isinstance(excinfo.value, _Fails):
            return text(failure(excinfo.value.result))
        if isinstance(excinfo.value, BackscreenError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **options)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the file, the line of its name, and its name in the list of failures."""
        return (
            self.path,
            _place(self.judged.at)[1] - 1,
            f"{'scenario' if self.rule is None else self.rule.id}::{self.name}",
        )


def _place(at: str) -> tuple[Path, int]:
    """Return the file and the line of `file:line:column`."""
    file, line, _ = at.rsplit(":", 2)
    return Path(file), int(line)
