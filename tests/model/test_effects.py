"""The table of effects."""

from __future__ import annotations

import pytest

from backscreen.model.effects import ABOUT_A_STRETCH, ALWAYS_FIRING, AppliesTo, Directive, Effect, Note, Verdict


@pytest.mark.parametrize("kind", [Verdict, Directive])
def test_settled_members_run_from_weakest_to_strongest(kind: type[Verdict | Directive]) -> None:
    """The settled members are all but `undetermined`, in their order."""
    settled = kind.settled()
    assert [*settled, kind["UNDETERMINED"]] == [*kind]
    assert sorted(settled) == [*settled]


def test_effects_are_declared_from_strongest_to_weakest() -> None:
    """No effect is declared above one with a stricter directive, and the order is that of declaration."""
    directives = [effect.directive for effect in Effect]
    assert directives == sorted(directives, reverse=True)
    assert [*Effect] == sorted(Effect, reverse=True)
    assert [effect.rank for effect in Effect] == [*range(len(Effect))]


@pytest.mark.parametrize("effect", Effect)
def test_effect_restricts_or_notes(effect: Effect) -> None:
    """A verdict comes with a directive, and no effect both restricts a stretch and speaks for it."""
    assert effect.restricts is (effect.verdict is not Verdict.ALLOWED) is (effect.directive is not Directive.PROCEED)
    assert not (effect.restricts and effect.note)
    assert effect.helps is (effect.note is Note.RECOMMENDED)


@pytest.mark.parametrize("effect", Effect)
def test_effect_about_a_stretch_restricts_it(effect: Effect) -> None:
    """A caution can lie in a stretch only if there is one, and `about: stretch` takes away no graver directive."""
    assert not (effect in ABOUT_A_STRETCH and (not effect.restricts or effect.is_grave))


@pytest.mark.parametrize("effect", Effect)
def test_rule_that_always_fires_is_not_about_the_person(effect: Effect) -> None:
    """A rule that fires for everybody restricts nobody."""
    assert not (effect in ALWAYS_FIRING and effect.restricts)


@pytest.mark.parametrize("effect", Effect)
def test_note_on_a_stretch_needs_one(effect: Effect) -> None:
    """An effect with a note selects at least one stretch."""
    assert effect.note is None or effect.applies_to is AppliesTo.SOME
