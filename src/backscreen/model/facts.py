"""Facts: what can be known about a person or a trial, and which answers each takes."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, get_args

from attrs import field, frozen

Value = bool | int | str
_LONGEST = 10**30
TRIAL = "trial."
"""What a trial's facts are prefixed with in a condition: `trial.felt`."""
UNSURE = "unsure"
"""The answer "I don't know". A choice may have an option of this name, which then is meant."""


@frozen(kw_only=True)
class Code:
    """A code of a standard terminology for a fact, and the release it was looked up in."""

    system: str
    year: int
    code: str


@frozen(kw_only=True)
class Group:
    """Facts that one question asks for together."""

    id: str
    question: str


@frozen(kw_only=True)
class Unit:
    """Another unit that a number may be answered in: one of it is `times / over` of the number's own."""

    unit: str
    times: int
    over: int


@frozen(kw_only=True)
class Option:
    """One of the answers that a choice takes, and what it means in plain words."""

    id: str
    means: str


class WrongAnswer(Exception):
    """A value that is no answer to a fact; `expected` describes the answers, and `legal` lists them if they are few."""

    def __init__(self, expected: str, legal: tuple[str, ...] = ()) -> None:
        super().__init__(expected)
        self.expected = expected
        self.legal = legal


@frozen(kw_only=True)
class _Fact:
    id: str
    title: str
    question: str
    group: str | None = None
    rests_on: tuple[str, ...] = ()
    two_ways: bool = False
    codes: tuple[Code, ...] = ()
    at: str = field(default="", eq=False)
    """Where it is declared."""
    is_flag: ClassVar[bool] = False
    """Whether the answers are True and False."""


@frozen(kw_only=True)
class OptionFact(_Fact, ABC):
    """A fact with a few possible answers: words, or those of a flag. Conditions ask for some of them (`OneOf`)."""

    @property
    @abstractmethod
    def meanings(self) -> Mapping[Value, str]:
        """Every possible answer, and what it means in plain words."""

    @property
    def values(self) -> tuple[Value, ...]:
        """Every possible answer."""
        return tuple(self.meanings)


@frozen(kw_only=True)
class RangeFact(_Fact):
    """A fact answered by a whole number within bounds. Conditions ask for a span of it (`Within`)."""

    unit: str
    at_least: int
    at_most: int
    no: int | None = None
    also_in: tuple[Unit, ...] = ()

    def read(self, value: object) -> Value:
        """The answer that `value` is, `"25 kg"` turned into the number's own unit; raises `WrongAnswer`."""
        if isinstance(value, str):
            value = self._with_unit(value)
        if isinstance(value, int) and not isinstance(value, bool):
            number = int.__index__(value)  # a member of an enumeration, say, is its plain number
            if self.at_least <= number <= self.at_most:
                return number
        others = "".join(f", or an amount in {unit.unit} written like `25 {unit.unit}`" for unit in self.also_in)
        raise WrongAnswer(f"a whole number of {self.unit} from {self.at_least} to {self.at_most}{others}")

    def _with_unit(self, text: str) -> int | None:
        amount = self.amount(text)
        if amount is None:
            return None
        numerator, denominator = amount
        return (2 * numerator + denominator) // (2 * denominator)

    def amount(self, text: str) -> tuple[int, int] | None:
        """Return the amount of a text such as `25 kg` in the number's own unit, as a fraction; None for other texts."""
        written = re.fullmatch(r"([0-9]{1,9})(?:\.([0-9]{1,9}))? ?([A-Za-z]+)", text)
        if written is None:
            return None
        whole, decimals, name = written[1], written[2] or "", written[3]
        if name == self.unit:
            return None if decimals else (int(whole), 1)
        unit = next((unit for unit in self.also_in if unit.unit == name), None)
        return None if unit is None else (int(whole + decimals) * unit.times, 10 ** len(decimals) * unit.over)


@frozen(kw_only=True)
class Flag(OptionFact):
    """A fact that is so or is not so. Its "no" is no."""

    kind: ClassVar = "flag"
    is_flag: ClassVar[bool] = True

    @property
    def no(self) -> Value | None:
        """The answer that means "nothing of the kind"."""
        return False

    @property
    def meanings(self) -> Mapping[Value, str]:
        """Yes and no."""
        return {True: "yes", False: "no"}

    def read(self, value: object) -> Value:
        """The answer that `value` is; raises `WrongAnswer`."""
        if isinstance(value, bool):
            return value
        quoted = isinstance(value, str) and value.lower() in {"yes", "no", "true", "false", "y", "n", "on", "off"}
        raise WrongAnswer(
            "`yes` or `no`, in small letters and without quotes (in Python True or False)"
            if quoted
            else "`yes` or `no`",
            ("yes", "no"),
        )


@frozen(kw_only=True)
class Number(RangeFact):
    """A fact that is a whole number of a unit."""

    kind: ClassVar = "number"


@frozen(kw_only=True)
class Choice(OptionFact):
    """A fact that is one of a list of options."""

    kind: ClassVar = "choice"
    options: tuple[Option, ...]
    no: str | None = None

    @property
    def meanings(self) -> Mapping[Value, str]:
        """The options by id."""
        return {option.id: option.means for option in self.options}

    def read(self, value: object) -> Value:
        """The answer that `value` is; raises `WrongAnswer`."""
        if isinstance(value, str):
            for option in self.options:
                if option.id == value:
                    return str(option.id)
        legal = tuple(option.id for option in self.options)
        raise WrongAnswer("one of " + ", ".join(f"`{option}`" for option in legal), legal)


Fact = Flag | Number | Choice
FACT_TYPES: Mapping[str, type[Fact]] = {fact_type.kind: fact_type for fact_type in get_args(Fact)}
"""The types of facts, by the word for them in facts.yaml."""


def has_unsure_option(fact: Fact) -> bool:
    """Return whether `unsure` is one of the fact's own options, and so an answer like any other."""
    return isinstance(fact, OptionFact) and UNSURE in fact.values


def written(value: object) -> str:
    """A value as people write it: `yes`, `no`, `30`, `pain`.

    >>> written(True), written(30), written("pain")
    ('yes', '30', 'pain')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and abs(value) > _LONGEST:
        return "a number too long to write down"
    return str(value)


def trial_place(index: int, fact: str) -> str:
    """How a trial's fact is named in a screening.

    >>> trial_place(0, "felt")
    'trials[0].felt'
    """
    return f"trials[{index}].{fact}"
