"""Structuring of plain values into the classes of a rulebook, by cattrs, without coercion."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum, StrEnum
from typing import Any, get_args, get_origin

import attrs
from attrs import evolve
from cattrs import Converter
from cattrs.errors import AttributeValidationNote, ClassValidationError
from cattrs.gen import make_dict_structure_fn, override

from backscreen.diagnostics.codes import Code
from backscreen.diagnostics.diagnostic import Diagnostic, DocumentPath
from backscreen.diagnostics.suggestions import nearest, one_of
from backscreen.loading.condition_parser import Effort, read_condition
from backscreen.loading.scalars import InvalidValue, day, fires, flag, option, whole_number, word, wrong_type
from backscreen.loading.text_lengths import longest
from backscreen.model.catalogue import AttributeSelector, Everything, Nothing, Selector, Stretch
from backscreen.model.conditions import Condition
from backscreen.model.facts import FACT_TYPES, Fact
from backscreen.model.profile import Profile, profile_of
from backscreen.model.profile_shape import read_shape
from backscreen.model.rules import Case, Fires, Rule, Scenario

PLACED_BY_THE_LOADER: tuple[type, ...] = (Rule, Case, Scenario, Stretch, *FACT_TYPES.values())


_TO_FILL_IN = re.compile(r"<[^<>]*>", re.DOTALL)
MOST_DIAGNOSTICS = 200
"""Diagnostics that are collected for one list or mapping."""
_OF_ANOTHER_TYPE = frozenset[Code](
    {
        "not-a-condition",
        "not-a-date",
        "not-a-flag",
        "not-a-list",
        "not-a-mapping",
        "not-a-number",
        "not-a-selector",
        "not-a-word",
    },
)
_FAILURES = (InvalidValue, ClassValidationError)


def structured(converter: Converter, data: object, kind: Any) -> tuple[Any, list[Diagnostic]]:
    """Return the value as an instance of `kind`, or None, and what is wrong with it."""
    try:
        return converter.structure(data, kind), []
    except _FAILURES as failure:
        return None, list(_diagnostics_of(failure, ()))


def salvaged(converter: Converter, entries: object, kind: Any) -> tuple[Any, ...]:
    """Return the valid entries of a list, each id once, to check the other parts of a rulebook against."""
    found: dict[str, Any] = {}
    for entry in entries if isinstance(entries, list) else []:
        value, diagnostics = structured(converter, entry, kind)
        if not diagnostics:
            found.setdefault(value.id, value)
    return tuple(found.values())


def to_fill_in(data: object, path: DocumentPath = ()) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each placeholder: a value or a key in angle brackets, as `rules new` writes them."""
    if isinstance(data, str) and data.startswith("<") and _TO_FILL_IN.fullmatch(data):
        yield _unfilled(data, path)
    elif isinstance(data, dict):
        for key, entry in data.items():
            if key.startswith("<") and _TO_FILL_IN.fullmatch(key):
                yield evolve(_unfilled(key, (*path, key)), at_key=True)
            if isinstance(entry, dict | list) or (
                entry.__class__ is str and entry[:1] == "<"
            ):  # the inline test saves a tenth of the loading time
                yield from to_fill_in(entry, (*path, key))
    elif isinstance(data, list):
        for index, entry in enumerate(data):
            yield from to_fill_in(entry, (*path, index))


def _unfilled(word: str, path: DocumentPath) -> Diagnostic:
    return Diagnostic(
        f"this is still to be filled in: {word[1:-1].strip()[:200]}",
        path=path,
        help="write it in place of what is in angle brackets",
        code="to-fill-in",
    )


def _diagnostics_of(failure: BaseException, path: DocumentPath) -> Iterator[Diagnostic]:
    match failure:
        case InvalidValue():
            yield from (diagnostic.under(path) for diagnostic in failure.diagnostics)
        case ClassValidationError():  # lists and mappings are structured by hooks of our own
            for inner in failure.exceptions:
                yield from _diagnostics_of(inner, path + _noted(inner))
        case KeyError():
            # cattrs' way to say that a key is missing; the note names it, and the place is the mapping's
            yield Diagnostic(
                f"`{path[-1]}` is missing",
                path=path[:-1],
                help="write it; every key but the optional ones is needed",
                code="missing-key",
            )
        case _:
            raise failure


def _noted(failure: BaseException) -> DocumentPath:
    for note in getattr(failure, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
    return ()


def converter(
    facts: dict[str, Fact] | None = None, misdeclared: Container[str] = (), *, cases: bool = True
) -> Converter:
    """Return a strict converter; with facts, it reads conditions; without `cases`, it skips those of rules."""
    effort = Effort()
    strict = Converter(detailed_validation=True)
    strict.register_structure_hook(str, lambda value, _: word(value))
    strict.register_structure_hook(int, lambda value, _: whole_number(value))
    strict.register_structure_hook(bool, lambda value, _: flag(value))
    strict.register_structure_hook(date, lambda value, _: day(value))
    strict.register_structure_hook(Fires, lambda value, _: fires(value))
    strict.register_structure_hook(Profile, lambda value, _: profile(value))
    strict.register_structure_hook_func(lambda kind: kind == Fact, lambda value, _: _fact(strict, value))
    strict.register_structure_hook_func(lambda kind: kind == Selector, lambda value, _: _selector(strict, value))
    strict.register_structure_hook_func(
        lambda kind: kind == Condition, lambda value, _: _condition(value, facts or {}, misdeclared, effort)
    )
    strict.register_structure_hook(Enum, option)
    strict.register_structure_hook(
        StrEnum, option
    )  # by itself: a StrEnum would be dispatched as the str that it is too
    strict.register_structure_hook_factory(_is_optional, lambda kind: _optional_hook(strict, kind))
    strict.register_structure_hook_factory(lambda kind: _origin(kind) is tuple, lambda kind: _list_hook(strict, kind))
    strict.register_structure_hook_factory(
        lambda kind: _origin(kind) is Mapping,
        lambda kind: _mapping_hook(strict, kind),
    )
    strict.register_structure_hook_factory(_is_class, lambda kind: _class_hook(strict, kind))
    if not cases:
        strict.register_structure_hook_func(lambda kind: kind == tuple[Case, ...], lambda *_: ())
    return strict


def _origin(kind: Any) -> Any:
    return get_origin(kind)


def _is_optional(kind: Any) -> bool:
    return type(None) in get_args(kind) and len(get_args(kind)) >= 2  # noqa: PLR2004


def _optional_hook(strict: Converter, kind: Any) -> Callable[[object, Any], Any]:
    others = [arg for arg in get_args(kind) if arg is not type(None)]
    inner: Any = Selector if set(others) == set(get_args(Selector)) else others[0]

    def hook(value: object, _: Any) -> Any:
        return strict.structure(value, inner)

    return hook


def _list_hook(strict: Converter, kind: Any) -> Callable[[object, Any], Any]:
    inner = get_args(kind)[0]

    structure = strict.get_structure_hook(inner)

    def hook(value: object, _: Any) -> Any:
        if not isinstance(value, list):
            raise wrong_type("not-a-list", "a list", value)
        return tuple(_each(enumerate(value), structure, inner))

    return hook


def _mapping_hook(strict: Converter, kind: Any) -> Callable[[object, Any], Any]:
    inner = get_args(kind)[1]

    structure = strict.get_structure_hook(inner)

    def hook(value: object, _: Any) -> Any:
        if not isinstance(value, dict):
            raise wrong_type("not-a-mapping", "a mapping (`name: value`)", value)
        return dict(zip(value, _each(value.items(), structure, inner), strict=True))

    return hook


def _each(items: Iterable[tuple[str | int, object]], structure: Callable[[Any, Any], Any], inner: Any) -> list[Any]:
    found: list[Any] = []
    diagnostics: list[Diagnostic] = []
    for place, item in items:
        try:
            found.append(structure(item, inner))
        except _FAILURES as failure:
            diagnostics += _diagnostics_of(failure, (place,))
            if len(diagnostics) >= MOST_DIAGNOSTICS:
                break
    if diagnostics:
        raise InvalidValue(*diagnostics)
    return found


def _is_class(kind: Any) -> bool:
    return isinstance(kind, type) and attrs.has(kind)


def _class_hook(strict: Converter, kind: Any) -> Callable[[object, Any], Any]:
    omitted: dict[str, Any] = {"at": override(omit=True)} if kind in PLACED_BY_THE_LOADER else {}
    inner = make_dict_structure_fn(
        kind,
        strict,
        _cattrs_detailed_validation=True,
        **omitted,
    )
    attrs.resolve_types(kind)
    legal = {field.name: field.type for field in attrs.fields(kind) if field.name != "at"}
    limits = {field.name: longest(kind, field.name) for field in attrs.fields(kind) if _holds_text(field.type)}

    def hook(value: object, _: Any) -> Any:
        if not isinstance(value, dict):
            raise wrong_type("not-a-mapping", "a mapping (`name: value`)", value)
        found = [*_unknown_keys(strict, value, legal)] if value.keys() - legal.keys() else []
        found += [
            diagnostic
            for key, most in limits.items()
            if key in value
            for diagnostic in _too_long(value[key], most, (key,))
        ]
        if not found:
            return inner(value, kind)
        others: Iterable[Diagnostic] = ()
        try:
            inner(value, kind)
        except _FAILURES as failure:
            others = _diagnostics_of(failure, ())
        raise InvalidValue(*found, *others)

    return hook


def _unknown_keys(strict: Converter, value: dict[str, object], legal: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Yield unknown keys, each with the closest key that takes a value of this type."""
    for key in sorted(value.keys() - legal.keys())[:MOST_DIAGNOSTICS]:
        close = (
            nearest(key, [name for name, kind in legal.items() if _takes(strict, kind, value[key])])
            if nearest(key, legal)
            else None
        )
        help_ = f"did you mean `{close}`?" if close else f"expected {one_of(legal)}"
        yield Diagnostic(f"unknown key `{key[:60]}`", path=(key,), help=help_, code="unknown-key", at_key=True)


def _takes(strict: Converter, kind: Any, value: object) -> bool:
    """Return whether a value has the type of `kind`, even if something inside it is wrong."""
    return value is None or not any(
        diagnostic.path == () and diagnostic.code in _OF_ANOTHER_TYPE
        for diagnostic in structured(strict, value, kind)[1]
    )


def _holds_text(kind: Any) -> bool:
    return kind is str or any(map(_holds_text, get_args(kind)))


def _too_long(value: object, most: int, path: DocumentPath) -> Iterator[Diagnostic]:
    """Yield texts of more than `most` characters, single ones or those in a list."""
    if isinstance(value, str) and len(value) > most:
        yield Diagnostic(
            f"this text is {len(value)} characters long",
            path=path,
            help=f"shorten it to at most {most}",
            code="too-long",
        )
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            if isinstance(entry, str) and len(entry) > most:
                yield from _too_long(entry, most, (*path, index))


def _fact(strict: Converter, value: object) -> Any:
    if not isinstance(value, dict):
        raise wrong_type("not-a-mapping", "a mapping (`name: value`)", value)
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in FACT_TYPES:
        known = f"expected {one_of(FACT_TYPES)}"
        if "type" not in value:
            raise InvalidValue(Diagnostic("`type` is missing", help=known, code="missing-key"))
        raise InvalidValue(Diagnostic("unknown type of fact", path=("type",), help=known, code="unknown-word"))
    return strict.structure({key: entry for key, entry in value.items() if key != "type"}, FACT_TYPES[kind])


def _selector(strict: Converter, value: object) -> Any:
    if value == "all":
        return Everything()
    if value == "none":
        return Nothing()
    if not isinstance(value, dict):
        expected = "`all`, `none`, or a mapping such as `{targets: [hamstrings]}`"
        raise wrong_type("not-a-selector", expected, value)
    if not value:
        raise InvalidValue(
            Diagnostic(
                "this selects by nothing",
                help="write `all` if every stretch is meant, `none` if no stretch is",
                code="empty-selector",
            )
        )
    having: AttributeSelector = strict.structure(value, AttributeSelector)
    return having


def _condition(value: object, facts: dict[str, Fact], misdeclared: Container[str], effort: Effort) -> Condition:
    condition, diagnostics = read_condition(value, facts, misdeclared, effort)
    if diagnostics or condition is None:
        raise InvalidValue(*diagnostics)
    return condition


def profile(value: object) -> Profile:
    """Return a profile, not yet checked against any rulebook; raise `InvalidValue`."""
    read, diagnostics = sound_part(value)
    if diagnostics:
        raise InvalidValue(*diagnostics)
    return read


def sound_part(value: object) -> tuple[Profile, list[Diagnostic]]:
    """Return the profile without what does not fit, and what does not fit; raise `InvalidValue` for no mapping."""
    if not isinstance(value, dict):
        raise wrong_type("not-a-mapping", "a mapping with `facts`, `trials` and `otherwise`", value)
    shape = read_shape(value)
    return profile_of(shape), [*shape.diagnostics]
