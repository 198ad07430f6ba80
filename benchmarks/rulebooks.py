"""How long a rulebook of 2,000 rules takes to be loaded and checked, its parsing aside: run `python -m benchmarks.rulebooks`.

It is the shipped rulebook over and over, each time with facts and statements of its own, so that every rule is another and nothing is wrong with any.
At most 2 seconds beside the parsing is what we hold ourselves to; nothing asserts it, since machines are noisy.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from backscreen.authoring.checking import problems_of
from backscreen.loading.folders import SCENARIOS, listing
from backscreen.loading.rulebooks import read_folder
from backscreen.loading.yaml import read_file

SHIPPED = Path(__file__).parents[1] / "rules" / "lower-back"
RULES = 2000
TODAY = date(2026, 11, 21)

Data = Any


def written(data: Data) -> str:
    """The data as a file that we read."""
    return json.dumps(data, indent=1, ensure_ascii=False).replace(": true", ": yes").replace(": false", ": no")


class Copier:
    """Makes copies of the shipped rulebook's facts, statements and rules, in which every name of a fact and a statement has the copy's number."""

    def __init__(self) -> None:
        self._read = {file: read_file(SHIPPED / file).data for file in listing(SHIPPED, SHIPPED).files if file != SCENARIOS}
        self._rules: dict[str, Data] = {file: data for file, data in self._read.items() if "/" in file}
        facts = self._of("facts.yaml")
        self._groups = facts["groups"]
        self._facts: dict[str, Data] = {section: facts[section] for section in ("person", "trial")}
        self._names = {fact["id"] for section in self._facts.values() for fact in section}

    def _of(self, file: str) -> Data:
        return self._read[file]

    def files(self, rules: int) -> Iterator[tuple[str, str]]:
        """The files of a rulebook with so many rules, or a few more."""
        yield from ((file, written(self._of(file))) for file in ("rulebook.yaml", "stretches.yaml"))
        copies = range(-(-rules // sum(bool(rule["when"]) for rule in self._rules.values())))
        everything = [(file, number, rule) for number in copies for file, rule in self._rules.items() if rule["when"] or not number]
        used = {f"{name}x{number}" for _, number, rule in everything for name in rule["statements"]}
        facts = {section: [fact | self._renamed(fact, number) for number in copies for fact in self._facts[section]] for section in self._facts}
        yield "facts.yaml", written({"groups": self._groups, **facts})
        plain = self._of("statements.yaml")
        copied = [
            {key: statement[key] for key in ("document", "where", "says")} | {"id": f"{statement['id']}x{number}", "becomes": ["rule"]}
            for number in copies
            for statement in plain
        ]
        others = [statement | {"becomes": [kind for kind in statement["becomes"] if kind != "rule"] or ["background"]} for statement in plain]
        yield "statements.yaml", written([*others, *(statement for statement in copied if statement["id"] in used)])
        for file, number, rule in everything:
            name = f"{rule['id']}-{number}"
            yield f"{file.rpartition('/')[0]}/{name}.yaml", written(self._rule(rule, number) | {"id": name})

    def _renamed(self, fact: Data, number: int) -> dict[str, Data]:
        rests = {"rests_on": [f"{name}_{number}" for name in fact["rests_on"]]} if "rests_on" in fact else {}
        return {"id": f"{fact['id']}_{number}", **rests}

    def _rule(self, rule: Data, number: int) -> dict[str, Data]:
        copied = {key: value for key, value in rule.items() if key != "disagree_with"}
        statements = [f"{name}x{number}" for name in rule["statements"]]
        cases = [case | {"given": self._with_names(case["given"], number)} for case in rule["cases"]]
        return copied | {"when": self._with_names(rule["when"], number), "statements": statements, "cases": cases}

    def _with_names(self, value: Data, number: int) -> Data:
        if isinstance(value, dict):
            return {self._name(key, number): self._with_names(entry, number) for key, entry in value.items()}
        return [self._with_names(entry, number) for entry in value] if isinstance(value, list) else value

    def _name(self, key: str, number: int) -> str:
        return f"{key}_{number}" if key.removeprefix("trial.") in self._names else key


def write(folder: Path, rules: int = RULES) -> None:
    """Write a rulebook of so many rules."""
    for file, text in Copier().files(rules):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def measured(folder: Path) -> tuple[int, float, float, float, int]:
    """How many rules there are; seconds of processor time for the parsing alone, the loading beyond it and the check; how many problems there are."""
    gc.set_threshold(100_000)  # as the command line does
    start = process_time()
    for file in listing(folder, folder).files:
        read_file(folder / file)
    parsed = process_time()
    reading = read_folder(folder, scenarios=True)
    loaded = process_time()
    problems = problems_of(reading, TODAY)
    checked = process_time()
    parsing = parsed - start
    return len(reading.rules), parsing, loaded - parsed - parsing, checked - loaded, len(problems)


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        write(Path(name))
        rules, parsing, loading, checking, problems = measured(Path(name))
    said = f"{rules} rules: parsing {parsing:.2f} s, loading {loading:.2f} s, checking {checking:.2f} s; {problems} problems"
    sys.stdout.write(f"{said}; {loading + checking:.2f} s beside the parsing\n")
