"""The part of the program that takes answers apart into variables."""

from __future__ import annotations

from contextlib import nullcontext
from operator import itemgetter
from typing import Any, assert_never

from backscreen.engines.lowering.terms import UNKNOWN
from backscreen.engines.python.source_lines import Lines, bits, whole
from backscreen.model.facts import TRIAL, Fact, OptionFact, RangeFact

Variables = dict[str, tuple[str, Fact]]
"""For each fact, by the name that it has in conditions, the variable that holds its answer."""


def take_apart(lines: Lines, values: dict[str, Any], variables: Variables, *, of: str, name: str) -> None:
    """Write the code that assigns the answers in `of` to variables; unanswered is None or, if `o`, the fact's "no".

    Unknown names are found by their number, and unknown options raise `KeyError`. The variable of a choice holds a bit:
    `UNKNOWN`, or that of its option. Flags and numbers are checked later, by the rules that read them.
    """
    specs = {fact.removeprefix(TRIAL): spec for fact, (_, spec) in variables.items()}
    targets = "".join(f"{variable}, " for variable, _ in variables.values())
    values[name] = dict.fromkeys(specs)
    values[f"{name}_NO"] = {fact: spec.no for fact, spec in specs.items()}
    if len(specs) > 1:
        values[f"{name}_EACH"] = itemgetter(*specs)
        with lines.block(f"if len({of}) == {len(specs)}:"):
            lines.line(f"{targets}= {name}_EACH({of})")
    with lines.block("else:") if len(specs) > 1 else nullcontext():
        lines.line(f"m = ({name}_NO if o else {name}) | {of}")
        with lines.block(f"if len(m) != {len(specs)}:"):
            lines.line("return None")
        if specs:
            lines.line(f"{targets}= m.values()")
    for variable, spec in variables.values():
        if isinstance(spec, OptionFact) and not spec.is_flag:
            values[f"OPTIONS_{variable}"] = {
                None: UNKNOWN,
                **{option: 2 << place for place, option in enumerate(spec.values)},
            }
            lines.line(f"k = OPTIONS_{variable}[{variable}]")
            with lines.block(f"if k != {UNKNOWN} and type({variable}) is not str:"):
                lines.line("return None")
            lines.line(f"{variable} = k")
    _leave_open(lines, values, variables, of)


def _leave_open(lines: Lines, values: dict[str, Any], variables: Variables, of: str) -> None:
    """Take back what `o` has made a "no" though another answer rests on it."""
    resting: dict[str, list[str]] = {}
    for fact, (variable, spec) in variables.items():
        prefix = TRIAL if fact.startswith(TRIAL) else ""
        for name in spec.rests_on:
            resting.setdefault(prefix + name, []).append(_is_other_than_no(variable, spec))
    for fact, tests in resting.items():
        variable, spec = variables[fact]
        values[f"NAME_{variable}"] = fact.removeprefix(TRIAL)
        with lines.block(f"if o and ({' or '.join(tests)}) and NAME_{variable} not in {of}:"):
            lines.line(f"{variable} = {UNKNOWN if isinstance(spec, OptionFact) and not spec.is_flag else None}")


def _is_other_than_no(variable: str, spec: Fact) -> str:
    match spec:
        case OptionFact(is_flag=True):
            return f"{variable} is True"
        case OptionFact():
            return (
                f"{variable} & {bits(sum(2 << place for place, option in enumerate(spec.values) if option != spec.no))}"
            )
        case RangeFact(no=None):
            return f"{variable} is not None"
        case RangeFact(no=no):
            assert no is not None
            return f"{variable} is not None and {variable} != {whole(no)}"
        case _:
            assert_never(spec)
