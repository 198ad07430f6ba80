"""Time to load and check a rulebook of about 2,000 rules, beside its parsing; run `python -m benchmarks.rulebooks`.

It is `lower-back` repeated, each copy with facts and statements of its own, so that nothing is wrong with any rule.
At most 2 seconds is the goal; nothing asserts it, since machines are noisy.
"""

import gc
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from backscreen.authoring.lint.linter import diagnostics_of
from backscreen.formats.yaml_reader import read_file
from backscreen.loading.directory import SCENARIOS, listing
from backscreen.loading.rulebook_files import read_folder

SHIPPED = Path(__file__).parents[1] / "rules" / "lower-back"
RULES = 2000
TODAY = date(2026, 11, 21)


def files(rules: int) -> Iterator[tuple[str, Any]]:
    """Yield the files of a rulebook with so many rules, or a few fewer."""
    names = [file for file in listing(SHIPPED, SHIPPED).files if file != SCENARIOS]
    shipped: dict[str, Any] = {name: read_file(SHIPPED / name).data for name in names}
    every_rule = {name: data for name, data in shipped.items() if "/" in name}
    conditional = sum(bool(rule["when"]) for rule in every_rule.values())
    copies = range((rules - len(every_rule) + conditional) // conditional)  # the other rules stand once
    facts, statements = shipped["facts.yaml"], shipped["statements.yaml"]
    fact_names = "|".join(fact["id"] for section in ("person", "trial") for fact in facts[section])
    fact_key = re.compile(rf'"((?:trial\.)?(?:{fact_names}))":')
    used = set()
    for name, rule in every_rule.items():
        for number in copies if rule["when"] else copies[:1]:
            copy = json.loads(fact_key.sub(rf'"\1_{number}":', json.dumps(rule)))
            copy |= {"id": f"{rule['id']}-{number}", "statements": [f"{one}x{number}" for one in rule["statements"]]}
            copy.pop("disagree_with", None)
            used.update(copy["statements"])
            yield f"{name.rpartition('/')[0]}/{copy['id']}.yaml", copy
    yield from ((name, shipped[name]) for name in ("rulebook.yaml", "stretches.yaml"))
    sections = {section: [_fact(fact, n) for n in copies for fact in facts[section]] for section in ("person", "trial")}
    yield "facts.yaml", facts | sections
    copied = [_statement(statement, number) for number in copies for statement in statements]
    kinds = [[kind for kind in statement["becomes"] if kind != "rule"] or ["background"] for statement in statements]
    others = [statement | {"becomes": becomes} for statement, becomes in zip(statements, kinds, strict=True)]
    yield "statements.yaml", [*others, *(statement for statement in copied if statement["id"] in used)]


def _fact(fact: dict[str, Any], number: int) -> dict[str, Any]:
    rests_on = {"rests_on": [f"{name}_{number}" for name in fact["rests_on"]]} if "rests_on" in fact else {}
    return fact | {"id": f"{fact['id']}_{number}", **rests_on}


def _statement(statement: dict[str, Any], number: int) -> dict[str, Any]:
    kept = {key: statement[key] for key in ("document", "where", "says")}
    return kept | {"id": f"{statement['id']}x{number}", "becomes": ["rule"]}


def write(folder: Path, rules: int = RULES) -> None:
    """Write the rulebook."""
    for file, data in files(rules):
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(data, indent=1, ensure_ascii=False)
        path.write_text(text.replace(": true", ": yes").replace(": false", ": no"), "utf-8")


def main() -> None:
    """Print the times for parsing, loading and checking."""
    gc.set_threshold(100_000)  # as the command line does
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        start = process_time()
        for file in listing(folder, folder).files:
            read_file(folder / file)
        parsed = process_time()
        reading = read_folder(folder, scenarios=True)
        loaded = process_time()
        diagnostics = diagnostics_of(reading, TODAY)
        checked = process_time()
    parsing, checking = parsed - start, checked - loaded
    loading = loaded - parsed - parsing
    print(f"{len(reading.rules)} rules: parsing {parsing:.2f} s, loading {loading:.2f} s, checking {checking:.2f} s;")
    print(f"{loading + checking:.2f} s beside the parsing; {len(diagnostics)} problems")


if __name__ == "__main__":
    main()
