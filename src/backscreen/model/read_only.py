"""A dictionary that cannot be changed, so that several owners may share it."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class ReadOnlyDict(dict[_Key, _Value]):
    """A read-only `dict`. Unlike `types.MappingProxyType` it can be pickled and written as JSON.

    >>> ReadOnlyDict({"side_bend": "avoid"})
    {'side_bend': 'avoid'}
    """

    __slots__ = ()

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this dictionary is read-only; make a copy with dict(…)")

    __setitem__ = _refuse
    __delitem__ = _refuse
    __ior__ = _refuse
    clear = _refuse
    pop = _refuse
    popitem = _refuse
    setdefault = _refuse
    update = _refuse

    def __reduce__(self) -> tuple[type[ReadOnlyDict[_Key, _Value]], tuple[dict[_Key, _Value]]]:
        """Pickle as a plain dictionary: items are otherwise put back one by one, which is refused."""
        return type(self), (dict(self),)
