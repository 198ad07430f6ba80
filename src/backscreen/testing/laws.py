"""Laws of the meaning, each an assertion about any rulebook and any person."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from itertools import product

from attrs import evolve

from backscreen.engines.durable.adapter import DurableEngine
from backscreen.engines.python.compiled_engine import CompiledEngine
from backscreen.loading.profile_validation import check
from backscreen.model.knowledge_base import KnowledgeBase
from backscreen.model.profile import Profile
from backscreen.model.rules import Rule
from backscreen.screening.screener import Screener
from backscreen.screening.situation import situation
from backscreen.semantics.activations import Engine
from backscreen.semantics.reference import Decision, decide
from backscreen.testing import comparison


def engines(knowledge_base: KnowledgeBase) -> list[Engine]:
    """Return every engine that is available, except the reference."""
    found: list[Engine] = [CompiledEngine(knowledge_base)]
    if find_spec("durable") is not None:
        found.append(DurableEngine(knowledge_base))
    return found


def assert_engines_agree(knowledge_base: KnowledgeBase, profile: Profile) -> None:
    """Assert that every engine agrees with the reference on activations and verdicts."""
    checked, diagnostics = check(knowledge_base, profile)
    assert not diagnostics
    decision = decide(knowledge_base, checked)
    known = situation(knowledge_base, checked)
    for engine in engines(knowledge_base):
        differing = comparison.of_activations(
            knowledge_base, decision.activations, engine.activations(known.person, known.trials)
        )
        assert not differing, (engine.name, *map(str, differing))
    for screener in (Screener(knowledge_base), Screener(knowledge_base, engine="compiled")):
        differing = comparison.of_screening(knowledge_base, decision, screener.screen(profile))
        assert not differing, (screener.engine, *map(str, differing))


def assert_order_changes_nothing(knowledge_base: KnowledgeBase, profile: Profile) -> None:
    """Assert that neither order nor repetition of rules, facts, stretches, books or trials changes a verdict."""
    expected = decide(knowledge_base, profile)
    for other in (_backwards(knowledge_base), _twice(knowledge_base)):
        assert _verdicts(decide(other, profile)) == _verdicts(expected)
    for trials in (profile.trials[::-1], profile.trials * 2):
        assert _verdicts(decide(knowledge_base, evolve(profile, trials=trials))) == _verdicts(expected)


def _backwards(knowledge_base: KnowledgeBase) -> KnowledgeBase:
    turned = [
        evolve(
            book,
            rules=book.rules[::-1],
            person_facts=book.person_facts[::-1],
            trial_facts=book.trial_facts[::-1],
            stretches=book.stretches[::-1],
        )
        for book in knowledge_base.books
    ]
    return KnowledgeBase(turned[::-1])


def _twice(knowledge_base: KnowledgeBase) -> KnowledgeBase:
    def doubled(rules: Iterable[Rule]) -> tuple[Rule, ...]:
        return tuple(copy for rule in rules for copy in (rule, evolve(rule, id=f"{rule.id}-again")))

    return KnowledgeBase([evolve(book, rules=doubled(book.rules)) for book in knowledge_base.books])


def _verdicts(decision: Decision) -> tuple[dict[str, object], object]:
    return dict(decision.stretches), decision.directive


def assert_restrictions_never_loosen(knowledge_base: KnowledgeBase, profile: Profile) -> None:
    """Assert that no restricting rule loosens a verdict or the directive, at best or at worst."""
    with_all = decide(knowledge_base, profile)
    for book in knowledge_base.books:
        for rule in book.rules:
            if rule.effect.restricts:
                others = tuple(other for other in book.rules if other != rule)
                fewer = KnowledgeBase(
                    [evolve(one, rules=others) if one == book else one for one in knowledge_base.books]
                )
                without = decide(fewer, profile)
                for name, bounds in without.stretches.items():
                    assert all(now >= before for now, before in zip(with_all.stretches[name], bounds, strict=True)), (
                        rule.id,
                        name,
                    )
                assert all(now >= before for now, before in zip(with_all.directive, without.directive, strict=True)), (
                    rule.id
                )


def assert_answers_stay_within_bounds(knowledge_base: KnowledgeBase, profile: Profile, answered: Profile) -> None:
    """Assert that more answers never lead outside the earlier bounds."""
    before, after = decide(knowledge_base, profile), decide(knowledge_base, answered)
    for (best, worst), (now_best, now_worst) in (
        *((before.stretches[name], after.stretches[name]) for name in before.stretches),
        *product([before.directive], [after.directive]),
    ):
        assert best <= now_best <= now_worst <= worst
