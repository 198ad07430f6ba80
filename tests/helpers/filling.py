"""Expectations in angle brackets, filled in with what the reference makes of each case and each scenario."""

from __future__ import annotations

import json
from typing import Any

from backscreen import Screener
from backscreen.formats.yaml_reader import read_text
from backscreen.loading.profile_validation import check
from backscreen.loading.rulebook_files import load_texts
from backscreen.loading.structure import profile
from backscreen.model.effects import Certainty, Directive, Verdict
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.semantics.reference import decide
from tests.helpers.small import SCENARIOS, Texts


def filled_in(texts: Texts) -> Texts:
    """The rulebook with every expectation that is left to its author filled in."""
    data: dict[str, Any] = {file: read_text(text.encode(), file).data for file, text in texts.items()}
    bare = {file: _without_cases(one) for file, one in data.items() if file != SCENARIOS}
    knowledge_base = KnowledgeBase([load_texts({file: json.dumps(one) for file, one in bare.items()})])
    for file, one in data.items():
        if "/" in file and isinstance(one, dict):
            rule = next(rule for rule in knowledge_base.books[0].rules if rule.id == one["id"])
            for number, case in enumerate(one.get("cases", [])):
                case["name"] = f"{case['name']}, {number}".replace("<", "").replace(">", "")
                _fill(case["expect"], _of_rule(knowledge_base.alone(rule), case["given"]))
    for scenario in data.get(SCENARIOS, []):
        _fill(scenario["expect"], _of_all(knowledge_base, scenario["given"]))
    return {file: json.dumps(one) for file, one in data.items()}


def _without_cases(data: Any) -> Any:
    return {key: value for key, value in data.items() if key != "cases"} if isinstance(data, dict) else data


def _fill(expect: dict[str, Any], said: dict[str, Any]) -> None:
    for key, value in expect.items():
        if isinstance(value, dict):
            _fill(value, said["verdicts"])
        elif isinstance(value, str) and value.startswith("<"):
            expect[key] = said[key]


def _of_rule(alone: KnowledgeBase, given: Any) -> dict[str, Any]:
    decision = decide(alone, check(alone, profile(given))[0])
    certainties = set(decision.activations.values())
    fires = True if Certainty.FIRES in certainties else "unknown" if certainties else False
    verdicts = {name: Verdict.between(*ends).value for name, ends in decision.stretches.items()}
    return {"fires": fires, "directive": Directive.between(*decision.directive).value, "verdicts": verdicts}


def _of_all(knowledge_base: KnowledgeBase, given: Any) -> dict[str, Any]:
    screening = Screener(knowledge_base).screen(profile(given))
    notes = {note: [one.id for one in screening if getattr(one, note)] for note in ("recommended", "unneeded")}
    return {"directive": screening.directive.value, "verdicts": dict(screening.verdicts), **notes}
